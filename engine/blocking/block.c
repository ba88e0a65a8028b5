/*
 * Blocking: a union of keys that tolerate errors in different places. A missing part makes no
 * key. Each key is worked off by itself (threads share the keys): its blocks over the cap are
 * split by one more part after the other, and what is too large even then is skipped and counted.
 * The pairs of some keys are put in order and freed of doubles before the next are worked off, one
 * range of nodes after the other, so that there is never a second copy of all of them.
 */
#include "engine/blocking/block.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/comparison/expect.h"

#define CROWDS_MAX 20 /* most crowds that are told of */
#define RANGES     32 /* of a pair's first node, put in order one by one */
#define AHEAD      8  /* nodes whose memory is asked for before they are keyed */
#define MARK_BITS  12

/* Nodes of one block that were not compared with each other. */
typedef struct {
    guint key, node, n; /* node: the first of them */
} Crowd;

/* What one key proposed. */
typedef struct {
    GArray *pairs[RANGES]; /* of guint64, by the first node */
    GArray *crowds;        /* of Crowd */
} Found;

typedef struct {
    const People *people;
    const Bound *bound; /* NULL: without weights */
    LargeBlocks *large;
    gboolean given;              /* large blocks are given, not to be found */
    const guint8 *state;         /* of NodeState for each node; NULL: all pairs are wanted */
    const GArray *sought;        /* of guint: the nodes that are sought, where they are few, */
    const Seeker *seeker;        /* and who finds whom they share a key with; or NULL */
    guint32 *hashes[BLOCK_KEYS]; /* of all nodes' keys, where there is none */
    guint from, n;               /* keys that are worked off now */
    guint shift;                 /* of a node's number, for its range */
    Found found[BLOCK_KEYS];
    GArray *united[RANGES];
} Blocking;

/* What one thread works with: items are key << 32 | node. */
typedef struct {
    const Blocking *blocking;
    const People *people;
    guint64 *items, *spare;
    guint key;
    gsize cap;                    /* largest block that is not split */
    Found *found;                 /* of the key */
    GArray *looks;                /* of Look: at the nodes of a block */
    guint8 marks[1 << MARK_BITS]; /* by the first bits of a key: is it one of a sought node? */
} Room;

static gsize block_end(const guint64 *items, gsize from, gsize n)
{
    gsize to = from + 1;
    while (to < n && items[to] >> 32 == items[from] >> 32)
        to++;
    return to;
}

static double pairs_of(gsize n)
{
    return (double)n * (double)(n - 1) / 2;
}

/* The largest block size at which the pairs of all blocks stay within the budget, which is
 * lowered by them. */
static gsize fitting_cap(const Room *room, gsize n, double *budget)
{
    gsize cap = (gsize)room->people->model->limits.block_cap;
    g_autofree double *pairs = g_new0(double, cap + 1);
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(room->items, from, n);
        if (to - from <= cap)
            pairs[to - from] += pairs_of(to - from);
    }
    for (gsize size = 2; size <= cap; size++) {
        if (pairs[size] > *budget)
            return size - 1;
        *budget -= pairs[size];
    }
    return cap;
}

/* Is the pair asked for, or does it only share a block with one that is? */
static gboolean is_wanted(const guint8 *state, guint a, guint b)
{
    return !state || ((state[a] == NODE_SEEK || state[b] == NODE_SEEK) && state[a] != NODE_DONE &&
                      state[b] != NODE_DONE);
}

/* Is the pair worth comparing? */
static gboolean is_worth(const Room *room, const Look *a, const Look *b)
{
    const Bound *bound = room->blocking->bound;
    return (!bound || looks_reach(bound, a, b)) && looks_near(room->people, a, b);
}

/* Asks for the memory of the nodes that follow an item. */
static void items_expect(const Room *room, gsize i, gsize to)
{
    if (i + 2 * AHEAD < to)
        node_expect(room->people, (guint)room->items[i + 2 * AHEAD]);
    if (i + AHEAD < to)
        names_expect(room->people, (guint)room->items[i + AHEAD]);
}

/* Takes a look at the nodes of a block, in their order. */
static const Look *looks_take(Room *room, gsize from, gsize to)
{
    const People *people = room->people;
    g_array_set_size(room->looks, (guint)(to - from));
    Look *looks = (Look *)(gpointer)room->looks->data;
    for (gsize i = from; i < MIN(from + AHEAD, to); i++)
        node_expect(people, (guint)room->items[i]);
    for (gsize i = from; i < to; i++) {
        items_expect(room, i, to);
        look_init(&looks[i - from], people, people_node(people, (guint)room->items[i]));
        if (room->blocking->bound)
            look_weigh(&looks[i - from], room->blocking->bound);
    }
    return looks;
}

/* Is a pair of these nodes wanted? */
static gboolean any_wanted(const guint8 *state, const guint64 *items, gsize n)
{
    for (gsize i = 0; i < n && state; i++)
        if (state[(guint)items[i]] == NODE_SEEK)
            return n > 1;
    return n > 1 && !state;
}

/* The pair of two places of a block, if it is worth comparing. */
static void propose_pair(Room *room, const guint64 *items, const Look *looks, gsize i, gsize j)
{
    guint a = (guint)items[i], b = (guint)items[j];
    guint64 pair = (guint64)a << 32 | b;
    if (is_wanted(room->blocking->state, a, b) && is_worth(room, &looks[i], &looks[j]))
        g_array_append_val(room->found->pairs[a >> room->blocking->shift], pair);
}

static void propose(Room *room, gsize from, gsize to)
{
    const guint8 *state = room->blocking->state;
    const guint64 *items = room->items + from;
    gsize n = to - from;
    if (!any_wanted(state, items, n))
        return;
    const Look *looks = looks_take(room, from, to);
    for (gsize i = 0; i < n; i++) {
        gboolean sought = !state || state[(guint)items[i]] == NODE_SEEK;
        for (gsize j = i + 1; sought && j < n; j++)
            propose_pair(room, items, looks, i, j);
        for (gsize j = 0; state && sought && j < i; j++)
            if (state[(guint)items[j]] != NODE_SEEK)
                propose_pair(room, items, looks, j, i);
    }
}

/* Is a block of this hash and size to be split? `at`: how far the sorted list of those given was
 * read. A block that grew far beyond all bounds is split even so. */
static gboolean is_large(const Room *room, guint32 hash, gsize size, guint *at)
{
    const GArray *large = room->blocking->large->blocks[room->key];
    if (!room->blocking->given)
        return size > room->cap;
    while (*at < large->len && g_array_index(large, guint32, *at) < hash)
        (*at)++;
    return (*at < large->len && g_array_index(large, guint32, *at) == hash) || size > room->cap;
}

/* Proposes the pairs of the blocks that are not large; the items of the others move to the front.
 * Returns how many those are. */
static gsize propose_blocks(Room *room, gsize n)
{
    GArray *large = room->blocking->large->blocks[room->key];
    gsize rest = 0;
    guint at = 0;
    for (gsize from = 0, to; from < n; from = to) {
        guint32 hash = (guint32)(room->items[from] >> 32);
        to = block_end(room->items, from, n);
        /* not where large blocks are to be found: these are noted whoever is in them */
        if (room->blocking->given &&
            !any_wanted(room->blocking->state, room->items + from, to - from))
            continue;
        if (!is_large(room, hash, to - from, &at)) {
            propose(room, from, to);
            continue;
        }
        if (!room->blocking->given)
            g_array_append_val(large, hash);
        memmove(room->items + rest, room->items + from, (to - from) * sizeof *room->items);
        rest += to - from;
    }
    return rest;
}

static void add_crowd(Room *room, guint node, gsize n)
{
    Crowd crowd = {room->key, node, (guint)n};
    if ((double)n >= room->people->model->limits.crowd)
        g_array_append_val(room->found->crowds, crowd);
}

/* An item with a part added to its key; 0 when the node lacks it. */
static guint64 item_refined(const Room *room, guint64 item, Part part)
{
    guint node = (guint)item;
    guint64 value = part ? key_part(room->people, people_node(room->people, node), part) : 0;
    return value ? (mix64(item >> 32, value) & ~(guint64)G_MAXUINT32) | node : 0;
}

/* Marks the keys, refined, of the nodes of a block that are sought. */
static void block_mark(Room *room, gsize from, gsize to, Part part)
{
    memset(room->marks, 0, sizeof room->marks);
    for (gsize i = from; i < to; i++) {
        guint64 item = room->items[i];
        if (room->blocking->state[(guint)item] != NODE_SEEK)
            continue;
        guint64 refined = item_refined(room, item, part);
        room->marks[refined >> (64 - MARK_BITS)] |= refined != 0;
    }
}

/* Adds a part to the keys of a block; who lacks it drops out, and where few are sought who surely
 * has no key of theirs. Returns how many are kept, from `kept` on. */
static gsize refine_block(Room *room, gsize from, gsize to, Part part, gsize kept)
{
    gsize start = kept, dropped = 0;
    gboolean marked = room->blocking->seeker != NULL;
    guint first = 0;
    if (marked)
        block_mark(room, from, to, part);
    for (gsize i = from; i < to; i++) {
        items_expect(room, i, to);
        guint64 refined = item_refined(room, room->items[i], part);
        if (refined && (!marked || room->marks[refined >> (64 - MARK_BITS)]))
            room->items[kept++] = refined;
        else if (!refined && dropped++ == 0)
            first = (guint)room->items[i];
    }
    add_crowd(room, first, dropped);
    return kept - start;
}

static gsize refine_items(Room *room, gsize n, Part part)
{
    gsize kept = 0;
    for (gsize from = 0, to; from < n; from = to) {
        to = block_end(room->items, from, n);
        kept += refine_block(room, from, to, part, kept);
    }
    return kept;
}

/* Items of the nodes that have the key, in order: of all, or of those that share it with a sought
 * one. */
static gsize first_items(Room *room)
{
    const Blocking *b = room->blocking;
    const guint32 *hashes = b->hashes[room->key];
    gsize n = 0;
    if (b->seeker)
        return seeker_items(b->seeker, room->key, b->sought, room->items, room->spare);
    for (guint i = 0; i < room->people->nodes->len; i++)
        if (hashes[i])
            room->items[n++] = (guint64)hashes[i] << 32 | i;
    sort_radix(room->items, room->spare, n, 32, 64);
    return n;
}

#define OVERGROWN 4 /* times block_cap: a block given as small that is split even so */

/* One key: blocks as they are, then those that are too large by finer and finer keys. */
static void block_key(Room *room)
{
    const Limits *limits = &room->people->model->limits;
    double budget = MAX(limits->block_pairs * room->people->nodes->len, 1e5);
    gsize n = first_items(room);
    for (guint round = 0; n > 0; round++) {
        Part part = key_split(room->key, round);
        if (round > 0)
            sort_radix(room->items, room->spare, n, 32, 64);
        room->cap = room->blocking->given ? (gsize)limits->block_cap * OVERGROWN
                                          : fitting_cap(room, n, &budget);
        n = refine_items(room, propose_blocks(room, n), part);
    }
}

static void block_work(Queue *queue, gpointer data)
{
    Blocking *b = data;
    gsize nodes = b->people->nodes->len;
    Room room = {.blocking = b,
                 .people = b->people,
                 .items = g_new(guint64, nodes + 1),
                 .spare = g_new(guint64, nodes + 1),
                 .looks = g_array_new(FALSE, FALSE, sizeof(Look))};
    if (!b->seeker) {
        memory_large(room.items, nodes * sizeof *room.items);
        memory_large(room.spare, nodes * sizeof *room.spare);
    }
    for (guint job; queue_next(queue, &job);) {
        room.key = b->from + job;
        room.found = &b->found[room.key];
        for (guint r = 0; r < RANGES; r++)
            room.found->pairs[r] = g_array_new(FALSE, FALSE, sizeof(guint64));
        room.found->crowds = g_array_new(FALSE, FALSE, sizeof(Crowd));
        block_key(&room);
    }
    g_free(room.items);
    g_free(room.spare);
    g_array_unref(room.looks);
}

/* Largest first; then by key and node. */
static int crowd_compare(gconstpointer a, gconstpointer b)
{
    const Crowd *x = a, *y = b;
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
        const Crowd *crowd = &g_array_index(crowds, Crowd, i);
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

/* The pairs of one range, those of the keys just worked off among them, in order, each once. */
static GArray *range_unite(Blocking *b, guint range)
{
    guint nodes = b->people->nodes->len, bits = nodes > 1 ? g_bit_storage(nodes - 1) : 1;
    guint sum = b->united[range]->len, all = 0, n = 0;
    for (guint k = b->from; k < b->from + b->n; k++)
        sum += b->found[k].pairs[range]->len;
    g_autofree guint64 *pairs = g_new(guint64, sum + 1), *spare = g_new(guint64, sum + 1);
    all = pairs_move(pairs, all, b->united[range]);
    for (guint k = b->from; k < b->from + b->n; k++)
        all = pairs_move(pairs, all, b->found[k].pairs[range]);
    sort_radix(pairs, spare, all, 0, bits);
    sort_radix(pairs, spare, all, 32, 32 + b->shift);
    for (guint i = 0; i < all; i++)
        if (i == 0 || pairs[i] != pairs[i - 1])
            pairs[n++] = pairs[i];
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

#define KEYS_AT_ONCE 16 /* whose hashes are held, where all nodes are looked at */
G_STATIC_ASSERT(BLOCK_KEYS % KEYS_AT_ONCE == 0);

static Proposed propose_all(Blocking *b)
{
    Proposed out = {0};
    g_autoptr(GArray) crowds = g_array_new(FALSE, FALSE, sizeof(Crowd));
    while (b->people->nodes->len >> b->shift >= RANGES)
        b->shift++;
    for (guint r = 0; r < RANGES; r++)
        b->united[r] = g_array_new(FALSE, FALSE, sizeof(guint64));
    b->n = b->seeker ? BLOCK_KEYS : KEYS_AT_ONCE;
    for (; b->from < BLOCK_KEYS; b->from += b->n) {
        if (!b->seeker)
            keys_fill(b->people, b->from, b->n, &b->hashes[b->from]);
        queue_run(b->n, block_work, b);
        for (guint k = 0; k < b->n; k++)
            g_clear_pointer(&b->hashes[b->from + k], g_free);
        queue_run(RANGES, unite_work, b);
    }
    pairs_gather(b, &out);
    for (guint k = 0; k < BLOCK_KEYS; k++) {
        g_array_append_vals(crowds, b->found[k].crowds->data, b->found[k].crowds->len);
        g_array_unref(b->found[k].crowds);
    }
    out.skipped = crowds_told(b->people, crowds);
    return out;
}

Proposed block_propose(const Scorer *scorer, double least, const LargeBlocks *large)
{
    Bound bound;
    bound_init(&bound, scorer, least);
    Blocking b = {
        .people = scorer->people, .bound = &bound, .large = (LargeBlocks *)large, .given = TRUE};
    return propose_all(&b);
}

Proposed block_propose_first(const People *people, LargeBlocks *large, const guint8 *state)
{
    Blocking b = {.people = people, .large = large, .state = state};
    Proposed out = propose_all(&b);
    for (guint k = 0; k < BLOCK_KEYS; k++)
        g_array_sort(large->blocks[k], sort_order);
    return out;
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
    Blocking b = {.people = scorer->people,
                  .bound = &bound,
                  .large = (LargeBlocks *)large,
                  .given = TRUE,
                  .state = state,
                  .sought = sought,
                  .seeker = seeker};
    return propose_all(&b);
}

void block_clear(Proposed *proposed)
{
    g_free(proposed->pairs);
    g_clear_pointer(&proposed->skipped, g_ptr_array_unref);
    proposed->pairs = NULL;
}

void large_init(LargeBlocks *large)
{
    for (guint k = 0; k < BLOCK_KEYS; k++)
        large->blocks[k] = g_array_new(FALSE, FALSE, sizeof(guint32));
}

void large_clear(LargeBlocks *large)
{
    for (guint k = 0; k < BLOCK_KEYS; k++)
        g_array_unref(large->blocks[k]);
}
