/*
 * A parameter set: what is estimated from a store once, kept with it, and used by every run until
 * there is another. Made by firearm_parameters_estimate() of engine/link.
 */
#ifndef CROSSTRACE_POPULATION_PARAMETERS_H
#define CROSSTRACE_POPULATION_PARAMETERS_H

#include "engine/firearm/firearm.h"

/* Everything that is estimated from a store, as one object: rates of damage and disagreement (EM,
 * from the start values of the model), the share of seizures with a trace, and what is common
 * among its makes, models, calibres and serials. Links computed with one set depend on nothing
 * else but the observations near them. */
typedef struct FirearmParameters FirearmParameters;
/* Shifts the log2 odds that a seizure has a trace by so many bits, within what the prior may be. */
void firearm_parameters_shift(FirearmParameters *parameters, double bits);
/* As lines of text, and back: nothing is lost, the links are the same to the last bit; g_free.
 * STATUS_DATA when it is no such text, or of another version. Look-alikes are the model's. */
char *firearm_parameters_write(const FirearmParameters *parameters);
FirearmParameters *firearm_parameters_read(const FirearmModel *model, const char *text,
                                           GError **error);
void firearm_parameters_free(FirearmParameters *parameters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirearmParameters, firearm_parameters_free)

#endif
