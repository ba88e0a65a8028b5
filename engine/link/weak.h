/*
 * New traces that come near seizures without being worth a link, and patterns of traces that fit
 * more seizures than before. Private to changed.c.
 */
#ifndef CROSSTRACE_LINK_WEAK_H
#define CROSSTRACE_LINK_WEAK_H

#include "engine/link/recall.h"
#include "engine/link/reverse.h"

typedef struct {
    GArray *near;        /* of ReverseNear: pairs with traces that were not there before */
    GArray *refitted;    /* of Refitted */
    Fragment *was;       /* by pattern: what it was worth before */
    double *more[LOOKS]; /* by seizure's place: weight that is left out with them */
} Weak;

/* A full serial of a seizure and a pattern that it fits and that others fit since. */
typedef struct {
    ReverseNear pair;
    guint pattern;
} Refitted;

void weak_init(Weak *weak, const Search *search);
void weak_clear(Weak *weak);
/* Finds patterns of traces that did not move and fit dirty seizures: what they were worth before,
 * and the others that they fit. Both by observation. */
void weak_refit(Weak *weak, const Search *search, const guint8 *dirty, const guint8 *moved);
/* What is to become of the pairs, where kept and then (by seizure's place: the one then, or
 * NO_PLACE) tell what an earlier run found: seizures that have to be searched after all go to
 * places (of guint, in any order, in which others stand already); of all others there is more. Then
 * places ascend, each once. */
void weak_settle(Weak *weak, Search *search, const FirearmKept *kept, const guint *then,
                 GArray *places);

#endif
