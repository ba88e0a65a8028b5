/*
 * Which pairs of nodes are worth comparing. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_BLOCK_H
#define CROSSTRACE_PERSON_BLOCK_H

#include "engine/person/people.h"

typedef struct {
    guint64 *pairs; /* a << 32 | b, a < b: sorted, each once */
    gsize n;
    guint64 skipped; /* nodes of blocks too large even after every split */
} Proposed;

/* Every pair that some key proposes and pair_near() lets pass. */
Proposed block_propose(const People *people);
void block_clear(Proposed *proposed);

/* The key that two nodes share (*shared), else the one of which they share most parts: its parts
 * as words, those that they do not share in brackets; g_free. NULL when they share none. */
char *block_nearest(const People *people, const Node *a, const Node *b, gboolean *shared);

/* May the two be one person at all? (near.c) */
gboolean pair_near(const People *people, const Node *a, const Node *b);

#endif
