/*
 * Which pairs of nodes are worth comparing. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_BLOCK_H
#define CROSSTRACE_PERSON_BLOCK_H

#include "engine/person/people.h"

typedef struct {
    guint64 pairs;   /* proposed */
    guint64 skipped; /* nodes of blocks too large even after the split */
    guint blocks_skipped;
} BlockCount;

typedef void (*BlockVisit)(guint a, guint b, gpointer data);

/* Calls visit once for every pair (a < b) that some key proposes, in a fixed order. */
BlockCount block_visit(const People *people, BlockVisit visit, gpointer data);

#endif
