/*
 * What the store itself says about the weights. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_WEIGHTS_H
#define CROSSTRACE_PERSON_WEIGHTS_H

#include "engine/person/compare.h"

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

/* Sets every pair's odds to what `rate` says of it; by several threads. */
void pairs_rate(const Scorer *scorer, GArray *pairs, double (*rate)(const Scorer *, const Pair *));

/* m, the prior and how often relatives share a given name by expectation maximisation over the
 * pairs; sets the scorer and every pair's odds. Agreement that is better never weighs less. */
void weights_fit(Weights *weights, Scorer *scorer, GArray *pairs);

#endif
