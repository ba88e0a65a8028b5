/*
 * What the store itself says about the weights. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_COMPARISON_WEIGHTS_H
#define CROSSTRACE_COMPARISON_WEIGHTS_H

#include "engine/comparison/compare.h"

/* One compared pair that may be one person. */
typedef struct {
    guint32 a, b; /* nodes, a < b */
    Pattern pattern;
    float odds;         /* pair_odds() under the weights last set, rivals' share taken off */
    gboolean contested; /* rivals.c: an undated mention fits two people equally well */
} Pair;

/* u of every level: of exact agreement from the counts of values, of the others from pairs drawn
 * by a fixed rule; start weights stand in for what was not seen. */
void weights_unlike(Weights *weights, Scorer *scorer);

/* The exact levels alone, after people_count() counted anew. */
void weights_counted(Weights *weights, Scorer *scorer);

/* m, the prior and how often relatives share a given name by expectation maximisation over the
 * pairs, which are all of the nodes that are NODE_SEEK in `state` (NULL: of all); sets the scorer
 * and the pairs' odds. Agreement that is better never weighs less. */
void weights_fit(Weights *weights, Scorer *scorer, GArray *pairs, const guint8 *state);

#endif
