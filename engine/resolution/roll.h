/*
 * person_resolve() in its steps, for whoever has something to do between them: mentions made ready
 * once, what is estimated from them, what is found.
 */
#ifndef CROSSTRACE_RESOLUTION_ROLL_H
#define CROSSTRACE_RESOLUTION_ROLL_H

#include "engine/base/sums.h"
#include "engine/resolution/resolution.h"

typedef struct PersonRoll PersonRoll;

/* The input's mentions made ready; with its parameters, if it has any. Borrows all of it. */
PersonRoll *person_roll_new(const PersonModel *model, const PersonInput *input);
void person_roll_free(PersonRoll *roll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonRoll, person_roll_free)

/* What was made of mentions that were given in the order of their references, for PersonKept; with
 * the parameters of the input, or those that were estimated. */
gboolean person_roll_keep(const PersonRoll *roll, const PersonParameters *parameters,
                          SumsWriter *to, GError **error);
/* Where the input had no parameters. */
PersonParameters *person_roll_estimate(PersonRoll *roll);
/* By the parameters of the input, or by those that were estimated from this roll. */
PersonResult *person_roll_resolve(PersonRoll *roll, const PersonParameters *parameters);

#endif
