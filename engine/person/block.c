/*
 * Blocking: a union of keys that tolerate errors in different places. A missing part makes no
 * key. Each key is worked off by itself (two threads share the keys): its blocks over the cap are
 * split by one more part after the other, and what is too large even then is skipped and counted.
 * The pairs of all keys are put in order and freed of doubles at the end.
 */
#include "engine/person/block.h"

#include "engine/person/order.h"
#include "engine/base/queue.h"

#include <string.h>

typedef enum {
    PART_NONE,
#define PART(id, ...) PART_##id,
#include "engine/person/parts.def"
#undef PART
} Part;

static const char *const part_names[][2] = {
    {"", ""},
#define PART(id, ...) {__VA_ARGS__},
#include "engine/person/parts.def"
#undef PART
};

typedef struct {
    Part parts[3];
    Part split; /* added where the block is too large */
} BlockKey;

static const BlockKey keys[] = {
    {{PART_DOCUMENT}, PART_LAST_SOUND},
    {{PART_PHONE}, PART_LAST_SOUND},
    {{PART_DOB, PART_LAST_SOUND}, PART_FIRST_SOUND},
    {{PART_DOB, PART_FIRST_SOUND}, PART_LAST_START},
    {{PART_NAMES, PART_DOB_SORTED}, PART_FIRST},
    {{PART_NAMES, PART_YEAR}, PART_MONTH_DAY},
    {{PART_NAMES, PART_MONTH_DAY}, PART_YEAR},
    {{PART_PLACE}, PART_FIRST_SOUND},
    {{PART_LAST_SOUND, PART_YEAR_MONTH}, PART_FIRST_START},
    {{PART_LAST_SOUND, PART_MONTH_DAY}, PART_FIRST_START},
    {{PART_LAST_SOUND, PART_YEAR_DAY}, PART_FIRST_START},
    {{PART_FIRST_SOUND, PART_YEAR_MONTH}, PART_LAST_START},
    {{PART_FIRST_SOUND, PART_MONTH_DAY}, PART_LAST_START},
    {{PART_FIRST_SOUND, PART_YEAR_DAY}, PART_LAST_START},
    {{PART_HOUSE, PART_STREET_SOUND}, PART_LAST_START},
    {{PART_HOUSE, PART_POSTAL}, PART_LAST_START},
    {{PART_HOUSE, PART_LAST_SOUND}, PART_FIRST_START},
    {{PART_LAST_SOUND, PART_STREET_SOUND}, PART_HOUSE},
    {{PART_FIRST_SOUND, PART_STREET_SOUND}, PART_HOUSE},
    {{PART_NAMES, PART_POSTAL}, PART_HOUSE},
    {{PART_LAST_SOUND, PART_POSTAL}, PART_FIRST_START},
    {{PART_FIRST_SOUND, PART_POSTAL}, PART_LAST_START},
    {{PART_DOCUMENT_HEAD}, PART_LAST_START},
    {{PART_DOCUMENT_TAIL}, PART_LAST_START},
    {{PART_PHONE_HEAD}, PART_LAST_START},
    {{PART_PHONE_TAIL}, PART_LAST_START},
    {{PART_NAMES, PART_CITY}, PART_FIRST},
    {{PART_LAST_START, PART_FIRST_START, PART_YEAR}, PART_MONTH_DAY},
    {{PART_NAMES}, PART_CITY},
    {{PART_DOB}, PART_CITY},
    {{PART_ORGANISATION}, PART_PLACE},
    {{PART_ORGANISATION_START, PART_CITY}, PART_PLACE},
};

#define KEYS G_N_ELEMENTS(keys)
G_STATIC_ASSERT(KEYS == BLOCK_KEYS);

/* Parts by which a block is split that is still too large after its own. */
static const Part splits[] = {PART_FIRST, PART_LAST, PART_MONTH_DAY, PART_CITY};

#define CROWDS_MAX 20 /* most crowds that are told of */

/* A part as a number made of what it says, so that it is the same in every run; 0 when the node
 * has none. */
static guint64 date_part(const Node *n, Part part)
{
    guint y = n->year, m = n->month, d = n->day;
    if (n->dob == DAY_NONE)
        return 0;
    switch (part) {
    case PART_DOB:
        return (y * 10000 + m * 100 + d);
    case PART_DOB_SORTED:
        return (y * 10000 + MIN(m, d) * 100 + MAX(m, d));
    case PART_YEAR:
        return y;
    case PART_MONTH_DAY:
        return (m * 100 + d);
    case PART_YEAR_MONTH:
        return (y * 100 + m);
    default:
        return (y * 100 + d);
    }
}

static guint64 name_part(const People *p, const Node *n, Part part)
{
    const Value *last = people_value(p, n->last), *first = people_value(p, n->first);
    switch (part) {
    case PART_LAST_SOUND:
        return last->sound;
    case PART_FIRST_SOUND:
        return first->sound;
    case PART_LAST_START:
        return last->prefix;
    case PART_FIRST_START:
        return first->prefix;
    default:
        if (!last->sound || !first->sound)
            return 0;
        return mix64(MIN(last->sound, first->sound), MAX(last->sound, first->sound));
    }
}

/* One half of a number, so that an error in the other half does no harm. */
static guint64 half_part(const People *p, Id id, gboolean tail)
{
    const Value *v = people_value(p, id);
    guint half = v->length / 2;
    guint64 h = 0;
    if (v->length < 6)
        return 0;
    for (guint i = tail ? half : 0; i < (tail ? v->length : half); i++)
        h = h * 131 + (guchar)v->text[i];
    return mix64(h, 1) | 1;
}

static guint32 id_hash(const People *p, Id id)
{
    return id ? people_value(p, id)->hash : 0;
}

static guint64 part_of(const People *p, const Node *n, Part part)
{
    switch (part) {
    case PART_DOCUMENT:
        return id_hash(p, n->document);
    case PART_PHONE:
        return id_hash(p, n->phone);
    case PART_DOCUMENT_HEAD:
    case PART_DOCUMENT_TAIL:
        return half_part(p, n->document, part == PART_DOCUMENT_TAIL);
    case PART_PHONE_HEAD:
    case PART_PHONE_TAIL:
        return half_part(p, n->phone, part == PART_PHONE_TAIL);
    case PART_LAST:
        return id_hash(p, n->last);
    case PART_FIRST:
        return id_hash(p, n->first);
    case PART_PLACE:
        return n->place ? g_array_index(p->places, Place, n->place).hash : 0;
    case PART_HOUSE:
        return id_hash(p, n->house);
    case PART_STREET_SOUND:
        return people_value(p, n->street)->sound;
    case PART_CITY:
        return id_hash(p, n->city);
    case PART_POSTAL:
        return id_hash(p, n->postal);
    case PART_ORGANISATION:
        return id_hash(p, n->organisation);
    case PART_ORGANISATION_START:
        return people_value(p, n->organisation)->prefix;
    case PART_NONE:
        return 0;
    case PART_LAST_SOUND:
    case PART_FIRST_SOUND:
    case PART_LAST_START:
    case PART_FIRST_START:
    case PART_NAMES:
        return name_part(p, n, part);
    default:
        return date_part(n, part);
    }
}

/* Key of a node, 0 when a part is missing. */
static guint32 key_of(const People *p, const Node *n, const BlockKey *key)
{
    guint64 h = 0;
    for (guint i = 0; i < G_N_ELEMENTS(key->parts) && key->parts[i]; i++) {
        guint64 part = part_of(p, n, key->parts[i]);
        if (!part)
            return 0;
        h = mix64(h + key->parts[i], part);
    }
    guint32 out = (guint32)(h >> 32);
    return out ? out : 1;
}

/* Nodes of one block that were not compared with each other. */
typedef struct {
    guint key, node, n; /* node: the first of them */
} Crowd;

/* What one key proposed. */
typedef struct {
    GArray *pairs;  /* of guint64 */
    GArray *crowds; /* of Crowd */
} Found;

typedef struct {
    const People *people;
    LargeBlocks *large;
    gboolean given;      /* large blocks are given, not to be found */
    const guint8 *state; /* of NodeState for each node; NULL: all pairs are wanted */
    Found found[KEYS];
} Blocking;

/* What one thread works with: items are key << 32 | node. */
typedef struct {
    const Blocking *blocking;
    const People *people;
    guint64 *items, *spare;
    guint key;
    gsize cap;    /* largest block that is not split */
    Found *found; /* of the key */
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

static void propose(const Room *room, gsize from, gsize to, GArray *pairs)
{
    const guint8 *state = room->blocking->state;
    for (gsize i = from; i < to; i++) {
        const Node *a = people_node(room->people, (guint)room->items[i]);
        for (gsize j = i + 1; j < to; j++) {
            guint64 pair = room->items[i] << 32 | (guint32)room->items[j];
            if (is_wanted(state, (guint)room->items[i], (guint)room->items[j]) &&
                pair_near(room->people, a, people_node(room->people, (guint)room->items[j])))
                g_array_append_val(pairs, pair);
        }
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
        if (!is_large(room, hash, to - from, &at)) {
            propose(room, from, to, room->found->pairs);
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

/* Adds a part to the keys of a block; who lacks it drops out. Returns how many are kept, from
 * `kept` on. */
static gsize refine_block(Room *room, gsize from, gsize to, Part part, gsize kept)
{
    gsize start = kept, dropped = 0;
    guint first = 0;
    for (gsize i = from; i < to; i++) {
        guint64 item = room->items[i];
        guint node = (guint)item;
        guint64 value = part ? part_of(room->people, people_node(room->people, node), part) : 0;
        if (value)
            room->items[kept++] = (mix64(item >> 32, value) & ~(guint64)G_MAXUINT32) | node;
        else if (dropped++ == 0)
            first = node;
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

#define SIEVE_BITS 22

/* Marks the blocks in which a sought node is, by the upper bits of their hashes. */
static guint8 *sieve_new(const Room *room)
{
    const guint8 *state = room->blocking->state;
    guint8 *sieve = g_new0(guint8, (gsize)1 << (SIEVE_BITS - 3));
    for (guint i = 0; i < room->people->nodes->len; i++) {
        guint32 k = state[i] == NODE_SEEK
                        ? key_of(room->people, people_node(room->people, i), &keys[room->key])
                        : 0;
        if (k)
            sieve[k >> (32 - SIEVE_BITS + 3)] |= (guint8)(1u << (k >> (32 - SIEVE_BITS) & 7));
    }
    return sieve;
}

/* Items of all nodes that have the key; of those that may share it with a sought one, if any are.
 */
static gsize first_items(Room *room)
{
    gsize n = 0;
    g_autofree guint8 *sieve = room->blocking->state ? sieve_new(room) : NULL;
    for (guint i = 0; i < room->people->nodes->len; i++) {
        guint32 k = key_of(room->people, people_node(room->people, i), &keys[room->key]);
        if (k &&
            (!sieve || (sieve[k >> (32 - SIEVE_BITS + 3)] >> (k >> (32 - SIEVE_BITS) & 7) & 1)))
            room->items[n++] = (guint64)k << 32 | i;
    }
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
        Part part = round == 0                      ? keys[room->key].split
                    : round <= G_N_ELEMENTS(splits) ? splits[round - 1]
                                                    : PART_NONE;
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
                 .spare = g_new(guint64, nodes + 1)};
    while (queue_next(queue, &room.key)) {
        room.found = &b->found[room.key];
        room.found->pairs = g_array_new(FALSE, FALSE, sizeof(guint64));
        room.found->crowds = g_array_new(FALSE, FALSE, sizeof(Crowd));
        block_key(&room);
    }
    g_free(room.items);
    g_free(room.spare);
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

/* "surname sound, city: as 'SMITH' 'JOHN' 'TOLEDO', 12000 different mentions" */
static char *crowd_text(const People *p, const Crowd *crowd)
{
    const Node *n = people_node(p, crowd->node);
    const Id ids[] = {n->last, n->first, n->organisation, n->street, n->city, n->phone};
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(keys->parts) && keys[crowd->key].parts[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "",
                               part_names[keys[crowd->key].parts[i]][LANG_EN]);
    g_string_append(out, ": as");
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        if (ids[i])
            g_string_append_printf(out, " '%s'", people_value(p, ids[i])->text);
    g_string_append_printf(out, ", %u different mentions", crowd->n);
    return g_string_free(out, FALSE);
}

static GPtrArray *crowds_told(const People *people, GArray *crowds)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_array_sort(crowds, crowd_compare);
    for (guint i = 0; i < MIN(crowds->len, CROWDS_MAX); i++)
        g_ptr_array_add(texts, crowd_text(people, &g_array_index(crowds, Crowd, i)));
    return texts;
}

/* All pairs in order, each once. */
static void pairs_unite(Proposed *out, guint nodes)
{
    guint bits = nodes > 1 ? g_bit_storage(nodes - 1) : 1;
    gsize n = out->n;
    g_autofree guint64 *spare = g_new(guint64, n + 1);
    sort_radix(out->pairs, spare, n, 0, bits);
    sort_radix(out->pairs, spare, n, 32, 32 + bits);
    out->n = 0;
    for (gsize i = 0; i < n; i++)
        if (i == 0 || out->pairs[i] != out->pairs[i - 1])
            out->pairs[out->n++] = out->pairs[i];
}

static int hash_compare(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

static Proposed propose_all(Blocking *b)
{
    Proposed out = {0};
    g_autoptr(GArray) crowds = g_array_new(FALSE, FALSE, sizeof(Crowd));
    gsize all = 0;
    queue_run(KEYS, block_work, b);
    for (guint k = 0; k < KEYS; k++)
        all += b->found[k].pairs->len;
    out.pairs = g_new(guint64, all + 1);
    for (guint k = 0; k < KEYS; k++) {
        GArray *pairs = b->found[k].pairs;
        if (pairs->len > 0)
            memcpy(out.pairs + out.n, pairs->data, pairs->len * sizeof *out.pairs);
        out.n += pairs->len;
        g_array_append_vals(crowds, b->found[k].crowds->data, b->found[k].crowds->len);
        g_array_unref(pairs);
        g_array_unref(b->found[k].crowds);
    }
    pairs_unite(&out, b->people->nodes->len);
    out.pairs = g_renew(guint64, out.pairs, out.n + 1);
    out.skipped = crowds_told(b->people, crowds);
    return out;
}

Proposed block_propose(const People *people, LargeBlocks *large, gboolean given)
{
    Blocking b = {.people = people, .large = large, .given = given};
    Proposed out = propose_all(&b);
    for (guint k = 0; k < KEYS && !given; k++)
        g_array_sort(large->blocks[k], hash_compare);
    return out;
}

Proposed block_propose_near(const People *people, const LargeBlocks *large, const guint8 *state)
{
    Blocking b = {.people = people, .large = (LargeBlocks *)large, .given = TRUE, .state = state};
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
    for (guint k = 0; k < KEYS; k++)
        large->blocks[k] = g_array_new(FALSE, FALSE, sizeof(guint32));
}

void large_clear(LargeBlocks *large)
{
    for (guint k = 0; k < KEYS; k++)
        g_array_unref(large->blocks[k]);
}

/* Parts of a key that two nodes share and lack, as words. */
static char *key_words(const People *people, const Node *a, const Node *b, const BlockKey *key,
                       Lang lang, double *share)
{
    GString *out = g_string_new(NULL);
    guint same = 0, all = 0;
    for (; all < G_N_ELEMENTS(key->parts) && key->parts[all]; all++) {
        guint64 x = part_of(people, a, key->parts[all]), y = part_of(people, b, key->parts[all]);
        const char *name = part_names[key->parts[all]][lang], *gap = all > 0 ? " + " : "";
        same += x && x == y;
        g_string_append_printf(out, x && x == y ? "%s%s" : "%s[%s]", gap, name);
    }
    *share = same + (double)same / all;
    return g_string_free(out, FALSE);
}

char *block_nearest(const People *people, const Node *a, const Node *b, Lang lang, gboolean *shared)
{
    char *best = NULL;
    double most = 0;
    *shared = FALSE;
    for (guint k = 0; k < KEYS && !*shared; k++) {
        double share;
        g_autofree char *words = key_words(people, a, b, &keys[k], lang, &share);
        *shared = !strchr(words, '[');
        if (!*shared && share <= most)
            continue;
        most = share;
        g_free(best);
        best = g_steal_pointer(&words);
    }
    return best;
}
