/*
 * What a change can touch. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_CHANGED_H
#define CROSSTRACE_RESOLUTION_CHANGED_H

#include "engine/clustering/cluster.h"
#include "engine/resolution/estimated.h"
#include "engine/resolution/resolution.h"

/* Pairs (of Pair, weighed) of all that the changed and former mentions of `input` can touch;
 * state[] (of NodeState, FAR at first, with room for the former ones) is DONE for its nodes. NULL
 * when everything is to be resolved. */
GArray *changed_pairs(Scorer *scorer, const PersonInput *input, const NodeDecision *decisions,
                      guint8 *state, guint64 *compared);

#endif
