/*
 * Stages of person_resolve() that others use too. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_RESULT_H
#define CROSSTRACE_RESOLUTION_RESULT_H

#include "engine/blocking/block.h"
#include "engine/clustering/cluster.h"
#include "engine/resolution/resolution.h"

/* Pairs of `proposed` that are near and plausible, in order; their odds are not set. Lets go of the
 * proposed ones. */
GArray *pairs_gathered(const Scorer *scorer, Proposed *proposed);
/* Those of them whose odds are `least` or more, with their odds; adds the number of near ones to
 * *compared. */
GArray *pairs_likely(const Scorer *scorer, Proposed *proposed, double least, guint64 *compared);

/* A result without edges, whose mentions are not looked at yet. */
PersonResult *result_new(const PersonInput *input, const Scorer *scorer);
/* An edge between two places of the order, and what made it. */
typedef struct {
    guint x, y;
    Join join;
} Told;
/* The result's edges, each with its note, in the order of those told. */
void result_edges(PersonResult *result, const Scorer *scorer, const Told *told, guint n);

#endif
