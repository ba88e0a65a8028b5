/*
 * Nodes by the hashes of their blocking keys, so that whoever shares a key with a few nodes is
 * looked up and not looked for. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_BLOCKING_INDEX_H
#define CROSSTRACE_BLOCKING_INDEX_H

#include "engine/blocking/key.h"

/* One key: an entry has the number of a node in its lower bits and, above, what there is room for
 * of the hash behind the bits that tell the bucket. */
typedef struct {
    const guint32 *start; /* by bucket where its entries begin; the last one: where all end */
    const guint32 *entries;
} KeyTable;

struct KeyIndex {
    guint nodes; /* that it is of */
    KeyTable table[BLOCK_KEYS];
};

/* How many buckets each key has in an index of so many nodes. */
gsize index_buckets(guint nodes);

/* Hashes of the keys from..from+n of all nodes; g_free each. */
void keys_fill(const People *people, guint from, guint n, guint32 **hashes);
/* Tables of these keys of all nodes. */
void index_make(const People *people, guint from, guint n, KeyTable *tables);
void table_clear(KeyTable *table);

/* Items of the documents behind the first that nodes say (key_others()), hash << 32 | node in no
 * order; returns how many. Room for so many, of any key: */
gsize key_others_put(const People *people, guint key, guint64 *items);
gsize key_others_room(const People *people);

/* Who shares a key, by the index that was kept with the nodes (and the keys of those that are new),
 * or by one made now. */
typedef struct Seeker Seeker;

Seeker *seeker_new(const People *people);
void seeker_free(Seeker *seeker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seeker, seeker_free)

/* Writes hash << 32 | node for every node that has a key in common with one of `sought` (of guint),
 * itself included, each once, in order; returns how many. items, spare: room for all nodes. */
gsize seeker_items(const Seeker *seeker, guint key, const GArray *sought, guint64 *items,
                   guint64 *spare);

#endif
