/* Who is compared with whom, against who is who. */
#ifndef TESTS_EVAL_COMPARED_H
#define TESTS_EVAL_COMPARED_H

#include "engine/resolution/resolution.h"

typedef struct {
    guint64 all;   /* pairs of mentions of one true person */
    guint64 met;   /* of those: compared, or with the very same cells */
    guint64 pairs; /* that are compared, right or not: of distinct cells */
} Compared;

/* person_of: for each mention a number of the true person, 0 where nobody knows. */
Compared compared_count(const PersonModel *model, const PersonInput *input, const guint *person_of);

#endif
