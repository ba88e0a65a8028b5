/*
 * Which pairs of nodes are worth comparing. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_BLOCK_H
#define CROSSTRACE_BLOCKING_BLOCK_H

#include "engine/blocking/blocks.h"
#include "engine/blocking/digest.h"

typedef struct {
    guint64 *pairs; /* a << 32 | b, a < b: sorted, each once */
    gsize n;
    GPtrArray *skipped; /* of char *: what blocks too large even after every split have alike */
} Proposed;

/* Every pair that some key proposes and whose odds by this scorer may be `least` or more. Blocks
 * are split as `large` says, so that whether a pair is proposed rests on its two nodes alone.
 * again: takes the blocks that block_propose_first() found of the same people, whose counts are as
 * they were, with the same `large`, one key after the other; or NULL. */
Proposed block_propose(const Scorer *scorer, double least, const LargeBlocks *large, Blocks *again);

/* Every pair that some key proposes, of those that `state` wants (for each node; NULL: of all).
 * Blocks are split as their sizes tell, and `large` (empty at first) says afterwards which were.
 * keep: takes all blocks (zeros at first), or NULL. */
Proposed block_propose_first(const People *people, LargeBlocks *large, const guint8 *state,
                             Blocks *keep);

/* As block_propose(), of the pairs that `state` wants, where few nodes are sought. */
Proposed block_propose_near(const Scorer *scorer, double least, const LargeBlocks *large,
                            const guint8 *state, const Seeker *seeker);
void block_clear(Proposed *proposed);

#endif
