/*
 * Blocking: a union of keys that tolerate errors in different places. The pairs of each key's
 * blocks are looked at by all threads, a part of the blocks each; those of some keys are put in
 * order and freed of doubles before the next are worked off, one range of nodes after the other, so
 * that there is never a second copy of all of them.
 */
#include "engine/blocking/block.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/blocking/near.h"
#include "engine/blocking/sieve.h"
#include "engine/comparison/expect.h"

#define CROWDS_MAX 20 /* most crowds that are told of */
#define RANGES     32 /* of a pair's first node, put in order one by one */
#define AHEAD      8  /* nodes whose memory is asked for before they are looked at */
#define WINDOW     32 /* nodes of blocks that are read while those before are looked at */

typedef struct {
    Splitting splitting;
    const Bound *bound; /* NULL: without weights */
    Digest *digests;    /* of all nodes; NULL: outlines are made when they are asked for */
    Blocks *again;      /* those found before, or NULL */
    KeyBlocks blocks[BLOCK_KEYS];
    guint32 *hashes[BLOCK_KEYS];
    guint shift;                                     /* of a node's number, for its range */
    GArray *found[BLOCK_KEYS * BLOCK_PARTS][RANGES]; /* of guint64: pairs, by the first node */
    guint from, jobs;                                /* the first key now, and jobs of its blocks */
    GArray *united[RANGES];
} Blocking;

/* What one thread works with. */
typedef struct {
    const Blocking *blocking;
    const People *people;
    GArray **found;     /* of the job, by range */
    BlockNodes now, on; /* blocks that are looked at, and those that come next */
    GArray *digests;    /* of Digest: those of a block's nodes (or outlines), one after the other */
    Sieve *sieve;       /* NULL: without weights */
} Room;

/* Is the pair asked for, or does it only share a block with one that is? */
static gboolean is_wanted(const guint8 *state, guint a, guint b)
{
    return !state || ((state[a] == NODE_SEEK || state[b] == NODE_SEEK) && state[a] != NODE_DONE &&
                      state[b] != NODE_DONE);
}

/* Asks for the memory of the nodes that follow in a block. */
static void nodes_expect(const People *people, const guint32 *nodes, gsize at, gsize n)
{
    if (at + 2 * AHEAD < n)
        node_expect(people, nodes[at + 2 * AHEAD] & ~BLOCK_END);
    if (at + AHEAD < n)
        names_expect(people, nodes[at + AHEAD] & ~BLOCK_END);
}

/* The digests of a block's nodes, or their outlines, in their order. */
static const Digest *digests_take(Room *room, const guint32 *nodes, gsize n)
{
    const Blocking *b = room->blocking;
    g_array_set_size(room->digests, (guint)n);
    Digest *out = (Digest *)(gpointer)room->digests->data;
    for (gsize i = 0; i < n; i++) {
        guint node = nodes[i] & ~BLOCK_END;
        if (!b->digests) {
            nodes_expect(room->people, nodes, i, n);
            out[i] = digest_outline(b->bound, people_node(room->people, node));
            continue;
        }
        out[i] = b->digests[node];
    }
    return out;
}

/* Is a pair of these nodes wanted? */
static gboolean any_sought(const guint8 *state, const guint32 *nodes, gsize n)
{
    for (gsize i = 0; i < n && state; i++)
        if (state[nodes[i] & ~BLOCK_END] == NODE_SEEK)
            return TRUE;
    return !state;
}

/* May two nodes of these digests reach the odds, and are they near? */
static gboolean may_pair(const Room *room, const Digest *x, const Digest *y)
{
    return digests_reach(room->blocking->bound, x, y) && digests_near(room->people, x, y);
}

/* The same of outlines: what their numbers say is read of the few that it may decide of. */
static gboolean may_pair_outlined(const Room *room, const Digest *x, const Digest *y)
{
    if (!may_pair(room, x, y))
        return FALSE;
    Digest left = digest_filled(room->blocking->bound, x);
    Digest right = digest_filled(room->blocking->bound, y);
    return may_pair(room, &left, &right);
}

/* The pair of two places of a block, if it may reach the odds; digests: NULL without weights. */
static void propose_pair(Room *room, const guint32 *nodes, const Digest *digests, gsize i, gsize j)
{
    const Blocking *blocking = room->blocking;
    guint a = nodes[i] & ~BLOCK_END, b = nodes[j] & ~BLOCK_END;
    guint64 pair = (guint64)a << 32 | b;
    if (!is_wanted(blocking->splitting.state, a, b))
        return;
    if (!digests || (blocking->digests ? may_pair(room, &digests[i], &digests[j])
                                       : may_pair_outlined(room, &digests[i], &digests[j])))
        g_array_append_val(room->found[a >> blocking->shift], pair);
}

/* All pairs of a block that pass the sieve. */
static void propose_sieved(Room *room, const guint32 *nodes, const Digest *digests, gsize n)
{
    guint found[SIEVE_LANES];
    for (gsize column = 0; column < n; column += SIEVE_LANES) {
        gsize to = MIN(column + SIEVE_LANES, n);
        sieve_take(room->sieve, digests + column, (guint)(to - column));
        for (gsize i = 0; i + 1 < to; i++) {
            guint from = i < column ? 0 : (guint)(i + 1 - column);
            guint passed = sieve_pass(room->sieve, &digests[i], from, found);
            for (guint k = 0; k < passed; k++)
                propose_pair(room, nodes, digests, i, column + found[k]);
        }
    }
}

static void propose(Room *room, const guint32 *nodes, gsize n)
{
    const guint8 *state = room->blocking->splitting.state;
    if (!any_sought(state, nodes, n))
        return;
    const Digest *digests = room->blocking->bound ? digests_take(room, nodes, n) : NULL;
    if (digests && !state && n >= SIEVE_LEAST) {
        propose_sieved(room, nodes, digests, n);
        return;
    }
    for (gsize i = 0; i < n; i++) {
        gboolean sought = !state || state[nodes[i] & ~BLOCK_END] == NODE_SEEK;
        for (gsize j = i + 1; sought && j < n; j++)
            propose_pair(room, nodes, digests, i, j);
        for (gsize j = 0; state && sought && j < i; j++)
            if (state[nodes[j] & ~BLOCK_END] != NODE_SEEK)
                propose_pair(room, nodes, digests, j, i);
    }
}

static KeyBlocks *blocks_of(Blocking *b, guint key)
{
    return b->again ? &b->again->key[key] : &b->blocks[key];
}

/* Reads the blocks that come next, and asks for the memory of their digests. */
static void window_read(Room *room, PartReader *reader)
{
    const Digest *digests = room->blocking->digests;
    room->on.n = 0;
    while (room->on.n < WINDOW && part_next(reader, &room->on))
        ;
    for (guint i = 0; digests && i < room->on.n; i++)
        __builtin_prefetch(&digests[room->on.at[i] & ~BLOCK_END]);
}

/* Goes through the blocks of a part. */
static void propose_part(Room *room, PartReader reader)
{
    window_read(room, &reader);
    while (room->on.n > 0) {
        BlockNodes swap = room->now;
        room->now = room->on;
        room->on = swap;
        window_read(room, &reader);
        for (guint from = 0, to; from < room->now.n; from = to) {
            for (to = from + 1; !(room->now.at[to - 1] & BLOCK_END);)
                to++;
            propose(room, room->now.at + from, to - from);
        }
    }
}

static void propose_work(Queue *queue, gpointer data)
{
    Blocking *b = data;
    Room room = {.blocking = b,
                 .people = b->splitting.people,
                 .digests = g_array_new(FALSE, FALSE, sizeof(Digest)),
                 .sieve = b->bound ? sieve_new(b->bound) : NULL};
    for (guint job; queue_next(queue, &job);) {
        room.found = b->found[job];
        for (guint r = 0; r < RANGES; r++)
            room.found[r] = g_array_new(FALSE, FALSE, sizeof(guint64));
        propose_part(&room,
                     part_open(blocks_of(b, b->from + job / BLOCK_PARTS), job % BLOCK_PARTS));
    }
    g_array_unref(room.digests);
    sieve_free(room.sieve);
    g_free(room.now.at);
    g_free(room.on.at);
}

/* Largest first; then by key and node. */
static int crowd_compare(gconstpointer a, gconstpointer b)
{
    const LeftOut *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static GPtrArray *crowds_told(const People *people, GArray *crowds)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_array_sort(crowds, crowd_compare);
    for (guint i = 0; i < MIN(crowds->len, CROWDS_MAX); i++) {
        const LeftOut *crowd = &g_array_index(crowds, LeftOut, i);
        g_ptr_array_add(texts, key_crowd(people, crowd->key, crowd->node, crowd->n));
    }
    return texts;
}

/* Moves pairs behind those that are there; returns how many there are then. */
static guint pairs_move(guint64 *pairs, guint n, GArray *from)
{
    if (from->len > 0)
        memcpy(pairs + n, from->data, from->len * sizeof *pairs);
    n += from->len;
    g_array_unref(from);
    return n;
}

#define PASSED 0x80000000u /* beside the second node of a pair that was found near before */

/* Asks for the memory of the pairs that follow. */
static void pairs_expect(const People *people, const guint64 *pairs, guint at, guint n)
{
    if (at + 2 * AHEAD < n) {
        node_expect(people, (guint)(pairs[at + 2 * AHEAD] >> 32));
        node_expect(people, (guint)pairs[at + 2 * AHEAD] & ~PASSED);
    }
    if (at + AHEAD < n) {
        names_expect(people, (guint)(pairs[at + AHEAD] >> 32));
        names_expect(people, (guint)pairs[at + AHEAD] & ~PASSED);
    }
}

/* Of pairs in order those that are near, each once; `any`: all of them. Returns how many. */
static guint pairs_once(const People *people, guint64 *pairs, guint n, gboolean any)
{
    guint kept = 0;
    guint64 last = 0; /* none is 0: a pair has two nodes */
    for (guint i = 0; i < n; i++) {
        guint64 pair = pairs[i] & ~(guint64)PASSED;
        gboolean passed = any || (pairs[i] & PASSED);
        if (!any)
            pairs_expect(people, pairs, i, n);
        if (pair != last && (passed || pair_near(people, people_node(people, (guint)(pair >> 32)),
                                                 people_node(people, (guint)pair))))
            pairs[kept++] = pair;
        last = pair;
    }
    return kept;
}

/* The pairs of one range, those of the keys just worked off among them, in order, each once. */
static GArray *range_unite(Blocking *b, guint range)
{
    const People *people = b->splitting.people;
    guint nodes = people->nodes->len, bits = nodes > 1 ? g_bit_storage(nodes - 1) : 1;
    guint sum = b->united[range]->len, all = 0;
    for (guint job = 0; job < b->jobs; job++)
        sum += b->found[job][range]->len;
    g_autofree guint64 *pairs = g_new(guint64, sum + 1), *spare = g_new(guint64, sum + 1);
    all = pairs_move(pairs, all, b->united[range]);
    for (guint i = 0; i < all; i++)
        pairs[i] |= PASSED; /* before their doubles, the sort being stable */
    for (guint job = 0; job < b->jobs; job++)
        all = pairs_move(pairs, all, b->found[job][range]);
    sort_radix(pairs, spare, all, 0, bits);
    sort_radix(pairs, spare, all, 32, 32 + b->shift);
    guint n = pairs_once(people, pairs, all, b->bound != NULL);
    GArray *united = g_array_sized_new(FALSE, FALSE, sizeof *pairs, n + 1);
    return g_array_append_vals(united, pairs, n);
}

static void unite_work(Queue *queue, gpointer data)
{
    Blocking *b = data;
    guint range;
    while (queue_next(queue, &range))
        b->united[range] = range_unite(b, range);
}

/* All pairs in order. */
static void pairs_gather(Blocking *b, Proposed *out)
{
    gsize all = 0;
    for (guint r = 0; r < RANGES; r++)
        all += b->united[r]->len;
    out->pairs = g_new(guint64, all + 1);
    for (guint r = 0; r < RANGES; r++) {
        if (b->united[r]->len > 0)
            memcpy(out->pairs + out->n, b->united[r]->data, b->united[r]->len * sizeof *out->pairs);
        out->n += b->united[r]->len;
        g_array_unref(b->united[r]);
    }
}

/* Whose hashes are held at a time where all nodes are looked at; and where blocks are known, whose
 * pairs are more and take all room. */
#define KEYS_AT_ONCE 8
#define KEYS_KNOWN   4
G_STATIC_ASSERT(BLOCK_KEYS % KEYS_AT_ONCE == 0 && BLOCK_KEYS % KEYS_KNOWN == 0);

/* Lists the blocks of so many keys, unless they are known. */
static void blocks_make(Blocking *b, guint from, guint n)
{
    if (b->again)
        return;
    if (!b->splitting.seeker)
        keys_fill(b->splitting.people, from, n, &b->hashes[from]);
    blocks_list(&b->splitting, from, n);
}

/* The pairs of all keys; `keep`: their blocks are left in it, or NULL. */
static Proposed propose_all(Blocking *b, Blocks *keep)
{
    Proposed out = {0};
    const People *people = b->splitting.people;
    g_autoptr(GArray) crowds = g_array_new(FALSE, FALSE, sizeof(LeftOut));
    guint n = b->splitting.seeker ? BLOCK_KEYS : b->again ? KEYS_KNOWN : KEYS_AT_ONCE;
    b->splitting.out = b->blocks;
    b->splitting.hashes = b->hashes;
    b->splitting.keep = keep ? keep->key : NULL;
    b->jobs = n * BLOCK_PARTS;
    while (people->nodes->len >> b->shift >= RANGES)
        b->shift++;
    for (guint r = 0; r < RANGES; r++)
        b->united[r] = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (; b->from < BLOCK_KEYS; b->from += n) {
        blocks_make(b, b->from, n);
        queue_run(b->jobs, propose_work, b);
        queue_run(RANGES, unite_work, b);
        for (guint k = b->from; k < b->from + n; k++) {
            KeyBlocks *blocks = blocks_of(b, k);
            g_array_append_vals(crowds, blocks->crowds->data, blocks->crowds->len);
            key_blocks_clear(blocks);
        }
        memory_trim();
    }
    pairs_gather(b, &out);
    out.skipped = crowds_told(people, crowds);
    return out;
}

Proposed block_propose(const Scorer *scorer, double least, const LargeBlocks *large, Blocks *again)
{
    Bound bound;
    bound_init(&bound, scorer, least);
    g_autofree Blocking *b = g_new0(Blocking, 1);
    b->bound = &bound;
    b->digests = digests_new(&bound);
    b->again = again;
    b->splitting =
        (Splitting){.people = scorer->people, .large = (LargeBlocks *)large, .given = TRUE};
    Proposed out = propose_all(b, NULL);
    free(b->digests);
    return out;
}

Proposed block_propose_first(const People *people, LargeBlocks *large, const guint8 *state,
                             Blocks *keep)
{
    g_autofree Blocking *b = g_new0(Blocking, 1);
    b->splitting = (Splitting){.people = people, .large = large, .state = state};
    return propose_all(b, keep);
}

Proposed block_propose_near(const Scorer *scorer, double least, const LargeBlocks *large,
                            const guint8 *state, const Seeker *seeker)
{
    Bound bound;
    g_autoptr(GArray) sought = g_array_new(FALSE, FALSE, sizeof(guint));
    bound_init(&bound, scorer, least);
    for (guint i = 0; i < scorer->people->nodes->len; i++)
        if (state[i] == NODE_SEEK)
            g_array_append_val(sought, i);
    g_autofree Blocking *b = g_new0(Blocking, 1);
    b->bound = &bound;
    b->splitting = (Splitting){.people = scorer->people,
                               .large = (LargeBlocks *)large,
                               .given = TRUE,
                               .state = state,
                               .sought = sought,
                               .seeker = seeker};
    return propose_all(b, NULL);
}

void block_clear(Proposed *proposed)
{
    g_free(proposed->pairs);
    g_clear_pointer(&proposed->skipped, g_ptr_array_unref);
    proposed->pairs = NULL;
}
