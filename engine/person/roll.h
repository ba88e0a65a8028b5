/*
 * person_resolve() in its steps, for whoever has something to do between them: mentions made ready
 * once, what is estimated from them, what is found.
 */
#ifndef CROSSTRACE_PERSON_ROLL_H
#define CROSSTRACE_PERSON_ROLL_H

#include "engine/person/person.h"

typedef struct PersonRoll PersonRoll;

/* The input's mentions made ready; with its parameters, if it has any. Borrows all of it. */
PersonRoll *person_roll_new(const PersonModel *model, const PersonInput *input);
void person_roll_free(PersonRoll *roll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonRoll, person_roll_free)

/* Where the input had no parameters. */
PersonParameters *person_roll_estimate(PersonRoll *roll);
/* By the parameters of the input, or by those that were estimated from this roll. */
PersonResult *person_roll_resolve(const PersonRoll *roll, const PersonParameters *parameters);

#endif
