/*
 * A small synthetic population with what it lets estimate, ready to be weighed.
 */
#ifndef CROSSTRACE_TESTS_LINK_JUDGED_H
#define CROSSTRACE_TESTS_LINK_JUDGED_H

#include "engine/link/work.h"
#include "tests/unit/link/world.h"

#define TRACES   400
#define SEIZURES 120

static FirearmModel *model;
static FirearmParameters *parameters;
static World world;
static Work work;

static inline void set_up(void)
{
    model = firearm_model_load("rules", NULL);
    world_init(&world, TRACES, SEIZURES, 5);
    world_doubt(&world);
    FirearmInput input = world_input(&world, model);
    parameters = firearm_parameters_estimate(model, input.firearms, input.n);
    work_init(&work, &input, parameters, NULL);
}

static inline void tear_down(void)
{
    work_clear(&work);
    firearm_parameters_free(parameters);
    world_clear(&world);
    firearm_model_free(model);
}

#endif
