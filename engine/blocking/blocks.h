/*
 * Which nodes share a key, key by key. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_BLOCKS_H
#define CROSSTRACE_BLOCKING_BLOCKS_H

#include "engine/blocking/index.h"

/* For each key the hashes of its blocks that are too large and split, those of the split ones
 * that are still too large among them; sorted. */
typedef struct {
    GArray *blocks[BLOCK_KEYS]; /* of guint32 */
} LargeBlocks;

void large_init(LargeBlocks *large);
void large_clear(LargeBlocks *large);

/* Nodes of one block that were not compared with each other. */
typedef struct {
    guint key, node, n; /* node: the first of them */
} LeftOut;

#define BLOCK_END   0x80000000u /* beside the last node of a block */
#define BLOCK_PARTS 4           /* of one key's blocks, about equally much to do */

/* One key: its blocks of two nodes and more, split where they are large, in the order of their
 * first nodes: as differences, in bytes, part by part. */
typedef struct {
    GByteArray *bytes;
    gsize part[BLOCK_PARTS + 1]; /* where each begins, and the last one ends */
    GArray *crowds;              /* of LeftOut */
} KeyBlocks;

/* One part as it is read. */
typedef struct {
    const guint8 *at, *end;
    guint32 first; /* node of the block before */
} PartReader;

/* Nodes of some blocks; the last one of each with BLOCK_END. */
typedef struct {
    guint32 *at; /* g_free */
    guint n, room;
} BlockNodes;

PartReader part_open(const KeyBlocks *blocks, guint part);
/* Puts the nodes of the next block, rising, behind those that are there; FALSE: there is none. */
gboolean part_next(PartReader *reader, BlockNodes *nodes);

/* All keys, for whoever asks for their pairs again. */
typedef struct {
    KeyBlocks key[BLOCK_KEYS];
} Blocks;

void key_blocks_clear(KeyBlocks *blocks);
void blocks_free(Blocks *blocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Blocks, blocks_free)

/* What blocks are made of. */
typedef struct {
    const People *people;
    LargeBlocks *large;
    gboolean given;       /* large blocks are given, not to be found */
    const guint8 *state;  /* of NodeState for each node; NULL: all pairs are wanted */
    const GArray *sought; /* of guint: the nodes that are sought, where they are few, */
    const Seeker *seeker; /* and who finds whom they share a key with; or NULL */
    guint32 **hashes;     /* by key those of all nodes, where there is none; let go of */
    KeyBlocks *out;       /* by key */
    KeyBlocks *keep; /* not given: by key those that the large ones found make, of all; or NULL */
} Splitting;

/* Lists the blocks of the keys from..from+n. Where large blocks are given these are split, and
 * those listed of which a pair is wanted; else those that are large are noted and split, and all
 * listed. */
void blocks_list(const Splitting *splitting, guint from, guint n);

#endif
