/*
 * Nodes by one key: its blocks as they are, and those over the cap split by one more part after the
 * other; what is too large even then is left out and counted. A missing part makes no key.
 */
#include "engine/blocking/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/comparison/expect.h"

#define AHEAD     8 /* nodes whose memory is asked for before they are keyed */
#define MARK_BITS 12

/* What one thread works with: items are key << 32 | node. */
typedef struct {
    const Splitting *of;
    const People *people;
    guint64 *items, *spare;
    gsize spare_room; /* items that `spare` has room for */
    guint key;
    gsize cap;      /* largest block that is not split */
    KeyBlocks *out; /* of the key */
    GArray *listed; /* of guint32: nodes of its blocks, as they are found */
    GArray *hashes; /* of guint32: of the blocks in it, where large ones are to be found */
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

/* Asks for the memory of the nodes that follow an item. */
static void items_expect(const Room *room, gsize i, gsize to)
{
    if (i + 2 * AHEAD < to)
        node_expect(room->people, (guint)room->items[i + 2 * AHEAD]);
    if (i + AHEAD < to)
        names_expect(room->people, (guint)room->items[i + AHEAD]);
}

/* Is a pair of these nodes wanted? */
static gboolean any_wanted(const guint8 *state, const guint64 *items, gsize n)
{
    for (gsize i = 0; i < n && state; i++)
        if (state[(guint)items[i]] == NODE_SEEK)
            return n > 1;
    return n > 1 && !state;
}

/* Puts a block into the list; one of a single node is none. */
static void block_put(Room *room, gsize from, gsize to, guint32 hash)
{
    if (to - from < 2)
        return;
    for (gsize i = from; i < to; i++) {
        guint32 node = (guint32)room->items[i] | (i + 1 == to ? BLOCK_END : 0);
        g_array_append_val(room->listed, node);
    }
    if (!room->of->given)
        g_array_append_val(room->hashes, hash);
}

/* The place of the first large block, from one on, whose hash is no less. It is mostly not far:
 * steps double until one goes beyond it. */
static guint large_from(const GArray *large, guint at, guint32 hash)
{
    const guint32 *hashes = (const guint32 *)(gconstpointer)large->data;
    guint step = 1, to;
    for (; at + step <= large->len && hashes[at + step - 1] < hash; step *= 2)
        at += step;
    for (to = MIN(at + step - 1, large->len); at < to;) {
        guint middle = at + (to - at) / 2;
        if (hashes[middle] < hash)
            at = middle + 1;
        else
            to = middle;
    }
    return at;
}

/* Is a block of this hash and size to be split? `at`: how far the sorted list of those given was
 * read. A block that grew far beyond all bounds is split even so. */
static gboolean is_large(const Room *room, guint32 hash, gsize size, guint *at)
{
    const GArray *large = room->of->large->blocks[room->key];
    if (!room->of->given)
        return size > room->cap;
    *at = large_from(large, *at, hash);
    return (*at < large->len && g_array_index(large, guint32, *at) == hash) || size > room->cap;
}

/* Lists the blocks that are not large; the items of the others move to the front. Returns how many
 * those are. */
static gsize list_blocks(Room *room, gsize n)
{
    const Splitting *of = room->of;
    GArray *large = of->large->blocks[room->key];
    gsize rest = 0;
    guint at = 0;
    for (gsize from = 0, to; from < n; from = to) {
        guint32 hash = (guint32)(room->items[from] >> 32);
        to = block_end(room->items, from, n);
        /* not where large blocks are to be found: these are noted whoever is in them */
        if (of->given && !any_wanted(of->state, room->items + from, to - from))
            continue;
        if (!is_large(room, hash, to - from, &at)) {
            block_put(room, from, to, hash);
            continue;
        }
        if (!of->given)
            g_array_append_val(large, hash);
        memmove(room->items + rest, room->items + from, (to - from) * sizeof *room->items);
        rest += to - from;
    }
    return rest;
}

static void add_crowd(Room *room, guint node, gsize n)
{
    LeftOut crowd = {room->key, node, (guint)n};
    if ((double)n >= room->people->model->limits.crowd)
        g_array_append_val(room->out->crowds, crowd);
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
        if (room->of->state[(guint)item] != NODE_SEEK)
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
    gboolean marked = room->of->seeker != NULL;
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

/* Room for as many items beside the others: rarely for those of all nodes. */
static guint64 *spare_for(Room *room, gsize n)
{
    if (n > room->spare_room) {
        g_free(room->spare);
        room->spare = g_new(guint64, n);
        room->spare_room = n;
        if (!room->of->seeker)
            memory_large(room->spare, n * sizeof *room->spare);
    }
    return room->spare;
}

static void spare_drop(Room *room)
{
    g_clear_pointer(&room->spare, g_free);
    room->spare_room = 0;
}

/* Puts items in order of key and node, each once. */
static gsize items_once(Room *room, gsize n)
{
    gsize kept = 0;
    sort_radix(room->items, spare_for(room, n), n, 0, 64);
    for (gsize i = 0; i < n; i++)
        if (i == 0 || room->items[i] != room->items[i - 1])
            room->items[kept++] = room->items[i];
    return kept;
}

/* Items of the nodes that have the key, in order: of all, or of those that share it with a sought
 * one. */
static gsize first_items(Room *room)
{
    const Splitting *b = room->of;
    guint nodes = room->people->nodes->len;
    if (b->seeker)
        return seeker_items(b->seeker, room->key, b->sought, room->items, spare_for(room, nodes));
    gsize n = sort_numbered(b->hashes[room->key], nodes, room->items);
    gsize others = key_others_put(room->people, room->key, room->items + n);
    return others > 0 ? items_once(room, n + others) : n;
}

#define OVERGROWN 4 /* times block_cap: a block given as small that is split even so */

/* Has some listed block the hash of a large one? Where large blocks are given it would be split. */
static gboolean is_mistaken(const Room *room)
{
    const GArray *large = room->of->large->blocks[room->key];
    for (guint i = 0; large->len > 0 && i < room->hashes->len; i++)
        if (bsearch(&g_array_index(room->hashes, guint32, i), large->data, large->len,
                    sizeof(guint32), sort_order))
            return TRUE;
    return FALSE;
}

/* ---- packed ---------------------------------------------------------------------------------- */

#define SIZE_BITS  3 /* of how many bytes a number takes */
#define BYTES_MOST 5 /* of one: a node's number and BLOCK_END */

/* Writes a number in as few bytes as hold it. */
static guint8 *number_put(guint8 *at, guint64 number)
{
    guint bytes = 1;
    while (number >> (8 * bytes - SIZE_BITS))
        bytes++;
    number = GUINT64_TO_LE(number << SIZE_BITS | bytes);
    memcpy(at, &number, sizeof number);
    return at + bytes;
}

static guint64 number_take(const guint8 **at)
{
    guint64 number;
    memcpy(&number, *at, sizeof number);
    number = GUINT64_FROM_LE(number);
    guint bytes = number & ((1u << SIZE_BITS) - 1);
    *at += bytes;
    return (number & (((guint64)1 << 8 * bytes) - 1)) >> SIZE_BITS;
}

/* What it takes to go through a block of so many nodes, about: they are looked at, and their pairs.
 */
static double block_cost(guint n)
{
    return 4 * n + pairs_of(n);
}

/* The first node of each listed block << 32 | where it begins, in the room for items, of which
 * there are twice as many; sorted. Returns how many; *cost: of all. */
static gsize blocks_order(Room *room, double *cost)
{
    const GArray *listed = room->listed;
    guint64 *blocks = room->items;
    gsize n = 0;
    for (guint from = 0, to; from < listed->len; from = to) {
        for (to = from + 1; !(g_array_index(listed, guint32, to - 1) & BLOCK_END);)
            to++;
        blocks[n++] = (guint64)g_array_index(listed, guint32, from) << 32 | from;
        *cost += block_cost(to - from);
    }
    sort_radix(blocks, blocks + n, n, 32, 32 + g_bit_storage(room->people->nodes->len));
    return n;
}

/* *cost: is raised by that of the block. */
static guint8 *block_pack(guint8 *at, const guint32 *nodes, guint32 before, double *cost)
{
    at = number_put(at, nodes[0] - before);
    for (guint i = 1;; i++) {
        gboolean last = (nodes[i] & BLOCK_END) != 0;
        at = number_put(at, (guint64)((nodes[i] & ~BLOCK_END) - nodes[i - 1]) << 1 | last);
        if (last) {
            *cost += block_cost(i + 1);
            return at;
        }
    }
}

/* The listed blocks in as few bytes as may be. */
static void blocks_pack(Room *room)
{
    const guint32 *nodes = (const guint32 *)(gconstpointer)room->listed->data;
    double all = 0, done = 0;
    gsize n = blocks_order(room, &all);
    gsize most = (gsize)room->listed->len * BYTES_MOST + sizeof(guint64);
    guint8 *bytes = g_malloc(most), *at = bytes; /* of which as much is there as is written to */
    guint32 before = 0;
    guint part = 0;
    for (gsize i = 0; i < n; i++) {
        const guint32 *block = nodes + (guint32)room->items[i];
        if (i + 2 * AHEAD < n)
            __builtin_prefetch(nodes + (guint32)room->items[i + 2 * AHEAD]);
        for (; part < BLOCK_PARTS && done >= all * part / BLOCK_PARTS; before = 0)
            room->out->part[part++] = (gsize)(at - bytes);
        at = block_pack(at, block, before, &done);
        before = block[0];
    }
    while (part <= BLOCK_PARTS)
        room->out->part[part++] = (gsize)(at - bytes);
    gsize size = (gsize)(at - bytes) + sizeof(guint64); /* numbers are read by eight bytes */
    room->out->bytes = g_byte_array_new_take(g_realloc(bytes, size), size);
    g_array_set_size(room->listed, 0);
}

PartReader part_open(const KeyBlocks *blocks, guint part)
{
    const guint8 *bytes = blocks->bytes->data;
    return (PartReader){bytes + blocks->part[part], bytes + blocks->part[part + 1], 0};
}

gboolean part_next(PartReader *reader, BlockNodes *nodes)
{
    const guint8 *at = reader->at;
    if (at == reader->end)
        return FALSE;
    guint32 node = reader->first += (guint32)number_take(&at);
    for (gboolean last = FALSE;;) {
        if (nodes->n == nodes->room) {
            nodes->room = MAX(2 * nodes->room, 64);
            nodes->at = g_renew(guint32, nodes->at, nodes->room);
        }
        nodes->at[nodes->n++] = node | (last ? BLOCK_END : 0);
        if (last)
            break;
        guint64 number = number_take(&at);
        node += (guint32)(number >> 1);
        last = number & 1;
    }
    reader->at = at;
    return TRUE;
}

/* ---- one key --------------------------------------------------------------------------------- */

static void list_rounds(Room *room)
{
    const Limits *limits = &room->people->model->limits;
    double budget = MAX(limits->block_pairs * room->people->nodes->len, 1e5);
    gsize n = first_items(room);
    g_array_set_size(room->hashes, 0);
    for (guint round = 0; n > 0; round++) {
        Part part = key_split(room->key, round);
        if (round > 0)
            sort_radix(room->items, spare_for(room, n), n, 32, 64);
        room->cap =
            room->of->given ? (gsize)limits->block_cap * OVERGROWN : fitting_cap(room, n, &budget);
        n = refine_items(room, list_blocks(room, n), part);
    }
    if (!room->of->seeker)
        spare_drop(room);
    blocks_pack(room);
}

/* The blocks that the large ones found make: those just listed, but for a rare mistake. */
static void list_again(Room *room)
{
    const Splitting *found = room->of;
    KeyBlocks *keep = &found->keep[room->key];
    if (!is_mistaken(room)) {
        *keep = *room->out;
        g_byte_array_ref(keep->bytes);
        g_array_ref(keep->crowds);
        return;
    }
    Splitting given = *found;
    given.given = TRUE;
    given.state = NULL;
    keep->crowds = g_array_new(FALSE, FALSE, sizeof(LeftOut));
    room->of = &given;
    room->out = keep;
    list_rounds(room);
    room->of = found;
}

static void list_key(Room *room)
{
    const Splitting *of = room->of;
    list_rounds(room);
    if (!of->given)
        g_array_sort(of->large->blocks[room->key], sort_order);
    if (of->keep)
        list_again(room);
    if (of->hashes)
        g_clear_pointer(&of->hashes[room->key], g_free);
}

typedef struct {
    const Splitting *of;
    guint from; /* key */
} Listing;

static void list_work(Queue *queue, gpointer data)
{
    const Listing *listing = data;
    const Splitting *of = listing->of;
    gsize nodes = of->people->nodes->len + key_others_room(of->people);
    Room room = {.of = of,
                 .people = of->people,
                 .items = g_new(guint64, nodes + 1),
                 .listed = g_array_new(FALSE, FALSE, sizeof(guint32)),
                 .hashes = g_array_new(FALSE, FALSE, sizeof(guint32))};
    if (!of->seeker)
        memory_large(room.items, nodes * sizeof *room.items);
    for (guint job; queue_next(queue, &job);) {
        room.key = listing->from + job;
        room.out = &of->out[room.key];
        list_key(&room);
    }
    g_free(room.items);
    spare_drop(&room);
    g_array_unref(room.listed);
    g_array_unref(room.hashes);
}

void blocks_list(const Splitting *splitting, guint from, guint n)
{
    Listing listing = {splitting, from};
    for (guint k = from; k < from + n; k++)
        splitting->out[k].crowds = g_array_new(FALSE, FALSE, sizeof(LeftOut));
    queue_run(n, list_work, &listing);
}

void key_blocks_clear(KeyBlocks *blocks)
{
    g_clear_pointer(&blocks->bytes, g_byte_array_unref);
    g_clear_pointer(&blocks->crowds, g_array_unref);
}

void blocks_free(Blocks *blocks)
{
    for (guint k = 0; blocks && k < BLOCK_KEYS; k++)
        key_blocks_clear(&blocks->key[k]);
    g_free(blocks);
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
