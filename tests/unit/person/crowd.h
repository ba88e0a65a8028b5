/*
 * A made-up crowd for property tests: households, movers, slips of the pen, missing cells. It is
 * synthetic, and the same for the same seed. And the model that the tests judge it by.
 */
#ifndef CROSSTRACE_TESTS_PERSON_CROWD_H
#define CROSSTRACE_TESTS_PERSON_CROWD_H

#include "engine/person/person.h"

typedef struct {
    PersonMention *mentions;
    guint *truth; /* number of the person */
    guint n;
    GStringChunk *texts;
} Crowd;

/* n mentions, in no order of the references. */
Crowd *crowd_new(guint n, guint seed);
/* Every third mention says a passport beside what it said, or before it, and every fifth one it
 * alone. */
void crowd_bear(Crowd *crowd);
void crowd_free(Crowd *crowd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crowd, crowd_free)

/* The model of the rules in the tree; person_model_free. A test without it fails. */
PersonModel *model_load(void);

#endif
