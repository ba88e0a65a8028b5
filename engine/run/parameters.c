/*
 * Parameter sets: which one a run uses. The set of the last run, or, when there is none, when it
 * was asked for, when the rules that it began with are others, or when the store has grown by a
 * quarter since, one that is estimated anew; then everything is computed again.
 */
#include "engine/base/error.h"
#include "engine/run/stages.h"

#define GROWN 1.25

gboolean parameters_plan(Run *run, GError **error)
{
    guint64 records = run->now.records;
    if (run->last.run_id && !store_get_set(run->store, run->last.set_id, &run->set, error))
        return FALSE;
    run->estimate = run->options->estimate || !run->last.run_id ||
                    g_strcmp0(run->set.start_hash, run->rules->start_hash) != 0 ||
                    (double)records >= GROWN * (double)run->set.records;
    return TRUE;
}

gboolean parameters_load(Run *run, GError **error)
{
    if (run->estimate)
        return TRUE;
    FirearmIndex *index = run->index.index; /* has them as they lie in memory */
    run->firearm_parameters = index ? firearm_index_take_parameters(index) : NULL;
    return (run->firearm_parameters || store_get_set_firearm(run->store, &run->set, error)) &&
           store_get_set_person(run->store, &run->set, error);
}

gboolean parameters_firearm(Run *run, GError **error)
{
    if (!run->estimate) {
        if (!run->firearm_parameters)
            run->firearm_parameters =
                firearm_parameters_read(run->rules->firearms, run->set.firearm, error);
        return run->firearm_parameters != NULL;
    }
    const FirearmInput input = firearm_input(run);
    run->linker = firearm_linker_new(&input);
    run->firearm_parameters = firearm_linker_parameters(run->linker);
    learn_firearm(run);
    return TRUE;
}

gboolean stage_weights(Run *run, GError **error)
{
    if (!run->person_parameters)
        run->person_parameters = person_parameters_read(run->set.person, error);
    return run->person_parameters != NULL;
}

PersonRoll *parameters_person(Run *run, PersonInput *input, GError **error)
{
    if (!run->estimate && !stage_weights(run, error))
        return NULL;
    input->parameters = run->person_parameters;
    PersonRoll *roll = person_roll_new(run->rules->people, input);
    if (run->estimate) {
        run->person_parameters = person_roll_estimate(roll);
        learn_person(run);
    }
    return roll;
}

gboolean parameters_keep(Run *run, GError **error)
{
    if (run->estimate) {
        parameter_set_clear(&run->set);
        run->set = (ParameterSet){
            .records = run->now.records,
            .start_hash = g_strdup(run->rules->start_hash),
            .firearm = firearm_parameters_write(run->firearm_parameters),
            .person = person_parameters_write(run->person_parameters),
        };
        if (!store_add_parameters(run->store, &run->set, error))
            return FALSE;
    }
    run->now.set_id = run->set.set_id;
    g_clear_pointer(&run->set.firearm, g_free); /* as text it is large, and in the store now */
    g_clear_pointer(&run->set.person, g_free);
    return TRUE;
}
