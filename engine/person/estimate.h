/*
 * What the mentions say about the weights, as one object. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_ESTIMATE_H
#define CROSSTRACE_PERSON_ESTIMATE_H

#include "engine/person/parameters.h"

/* The people end with the counts that the parameters hold; input is what they were made of. */
PersonParameters *parameters_estimated(People *people, const PersonInput *input);

#endif
