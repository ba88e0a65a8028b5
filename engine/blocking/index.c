/*
 * The index of keys as it lies in memory or in what is kept: a bucket for the upper bits of a hash,
 * in it numbers of nodes beside some of the bits that follow. The whole hash is made anew from a
 * node's cells, so that four bytes are enough for a node and a key; one node speaks for all that
 * look alike, but where the index says that they are not.
 */
#include "engine/blocking/index.h"

#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/comparison/expect.h"

#define KEYED 8192u /* nodes keyed in one job */
#define AHEAD 8     /* nodes whose memory is asked for before they are keyed */

typedef struct {
    const People *people;
    guint from, n;
    guint32 **hashes;
    KeyTable *tables;
} Making;

static void key_work(Queue *queue, gpointer data)
{
    const Making *m = data;
    guint nodes = m->people->nodes->len;
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * KEYED; i < MIN((job + 1) * KEYED, nodes); i++) {
            guint32 hashes[BLOCK_KEYS];
            if (i + AHEAD < nodes)
                values_expect(m->people, i + AHEAD);
            key_hashes(m->people, people_node(m->people, i), m->from, m->n, hashes);
            for (guint k = 0; k < m->n; k++)
                m->hashes[k][i] = hashes[k];
        }
}

void keys_fill(const People *people, guint from, guint n, guint32 **hashes)
{
    Making making = {.people = people, .from = from, .n = n, .hashes = hashes};
    for (guint k = 0; k < n; k++)
        hashes[k] = g_new(guint32, people->nodes->len + 1);
    queue_run((people->nodes->len + KEYED - 1) / KEYED, key_work, &making);
}

/* ---- made ----------------------------------------------------------------------------------- */

#define PER_BUCKET 4 /* as a power of two: nodes in a bucket, about */
#define BITS_MOST  24

static guint bucket_bits(guint nodes)
{
    return CLAMP(g_bit_storage(nodes), PER_BUCKET + 1, PER_BUCKET + BITS_MOST) - PER_BUCKET;
}

/* Bits that the number of a node takes; 31 at most, so that shifting by them is defined. */
static guint number_bits(guint nodes)
{
    return CLAMP(g_bit_storage(nodes), 1, 31);
}

gsize index_buckets(guint nodes)
{
    return (gsize)1 << bucket_bits(nodes);
}

/* How an entry is made up: the number of a node, a bit that tells that another hash looks like its
 * own, and as many more bits of the hash as there is room for. */
typedef struct {
    guint bucket, number; /* bits */
    guint32 mixed;        /* that bit */
} Layout;

static Layout layout_of(guint nodes)
{
    guint number = number_bits(nodes);
    return (Layout){bucket_bits(nodes), number, (guint32)1 << number};
}

static guint32 mark_of(const Layout *layout, guint32 hash)
{
    guint low = layout->number + 1;
    return low < 32 ? hash << layout->bucket >> low << low : 0;
}

#define MARKS 4096u /* that are told apart in a bucket */

/* The hash that was seen first of those with a mark. */
typedef struct {
    guint32 bucket, hash;
    gboolean mixed;
} Marked;

static guint mark_place(const Layout *layout, guint32 hash)
{
    return (guint)(((guint64)mark_of(layout, hash) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) >> 52);
}

G_STATIC_ASSERT(MARKS == 1u << (64 - 52));

/* Which entries of a bucket may have another hash than some that look like them. */
static void mark_mixed(const Layout *layout, const guint32 *hashes, guint32 *entries, guint32 n,
                       Marked *marked, guint32 bucket)
{
    for (guint32 i = 0; i < n; i++) {
        guint32 hash = hashes[entries[i]];
        Marked *seen = &marked[mark_place(layout, hash)];
        if (seen->bucket != bucket)
            *seen = (Marked){bucket, hash, FALSE};
        seen->mixed = seen->mixed || seen->hash != hash;
    }
    for (guint32 i = 0; i < n; i++) {
        guint32 hash = hashes[entries[i]];
        gboolean mixed = marked[mark_place(layout, hash)].mixed;
        entries[i] |= mark_of(layout, hash) | (mixed ? layout->mixed : 0);
    }
}

/* A counting sort by bucket; a node without the key (hash 0) has no entry. */
static void table_make(const guint32 *hashes, guint nodes, KeyTable *table)
{
    const Layout layout = layout_of(nodes);
    guint bits = layout.bucket;
    gsize buckets = index_buckets(nodes);
    guint32 *start = g_new0(guint32, buckets + 2);
    for (guint i = 0; i < nodes; i++)
        if (hashes[i])
            start[(hashes[i] >> (32 - bits)) + 2]++;
    for (gsize b = 2; b < buckets + 2; b++)
        start[b] += start[b - 1];
    guint32 *entries = g_new(guint32, (gsize)start[buckets + 1] + 1);
    for (guint i = 0; i < nodes; i++)
        if (hashes[i]) /* start[b + 1] runs from where bucket b begins to where it ends */
            entries[start[(hashes[i] >> (32 - bits)) + 1]++] = i;
    g_autofree Marked *marked = g_new0(Marked, MARKS);
    for (gsize b = 0; b < buckets; b++) /* 0 is no bucket that was seen */
        mark_mixed(&layout, hashes, entries + start[b], start[b + 1] - start[b], marked,
                   (guint32)b + 1);
    *table = (KeyTable){start, entries};
}

static void table_work(Queue *queue, gpointer data)
{
    const Making *m = data;
    for (guint job; queue_next(queue, &job);) {
        table_make(m->hashes[job], m->people->nodes->len, &m->tables[job]);
        g_free(m->hashes[job]);
    }
}

void table_clear(KeyTable *table)
{
    g_free((gpointer)table->start);
    g_free((gpointer)table->entries);
}

void index_make(const People *people, guint from, guint n, KeyTable *tables)
{
    guint32 *hashes[BLOCK_KEYS];
    Making making = {people, from, n, hashes, tables};
    keys_fill(people, from, n, hashes);
    queue_run(n, table_work, &making);
}

/* ---- of several documents ------------------------------------------------------------------- */

gsize key_others_room(const People *people)
{
    return (gsize)people->bearers->len * DOCUMENTS_MOST;
}

gsize key_others_put(const People *people, guint key, guint64 *items)
{
    gsize n = 0;
    for (guint i = 0; key_has_document(key) && i < people->bearers->len; i++) {
        guint32 hashes[DOCUMENTS_MOST];
        guint node = g_array_index(people->bearers, guint, i);
        guint found = key_others(people, people_node(people, node), key, hashes);
        for (guint k = 0; k < found; k++)
            items[n++] = (guint64)hashes[k] << 32 | node;
    }
    return n;
}

/* ---- asked ---------------------------------------------------------------------------------- */

struct Seeker {
    const People *people;
    const KeyIndex *index;
    KeyIndex made;              /* where none was kept */
    guint64 *fresh[BLOCK_KEYS]; /* hash << 32 | node of those not in it, and of the documents behind
                                   the first that a node says; sorted */
    gsize n_fresh[BLOCK_KEYS];  /* so many */
};

/* The keys of the nodes that the kept index does not know. */
static void fresh_read(Seeker *s)
{
    const GArray *fresh = s->people->fresh;
    gsize room = fresh->len + key_others_room(s->people);
    g_autofree guint64 *spare = g_new(guint64, room + 1);
    for (guint k = 0; k < BLOCK_KEYS; k++)
        s->fresh[k] = g_new(guint64, room + 1);
    for (guint i = 0; i < fresh->len; i++) {
        guint32 hashes[BLOCK_KEYS];
        guint node = g_array_index(fresh, guint, i);
        key_hashes(s->people, people_node(s->people, node), 0, BLOCK_KEYS, hashes);
        for (guint k = 0; k < BLOCK_KEYS; k++)
            if (hashes[k])
                s->fresh[k][s->n_fresh[k]++] = (guint64)hashes[k] << 32 | node;
    }
    for (guint k = 0; k < BLOCK_KEYS; k++) {
        s->n_fresh[k] += key_others_put(s->people, k, s->fresh[k] + s->n_fresh[k]);
        sort_radix(s->fresh[k], spare, s->n_fresh[k], 0, 64);
    }
}

Seeker *seeker_new(const People *people)
{
    Seeker *s = g_new0(Seeker, 1);
    s->people = people;
    s->index = people->index;
    if (!s->index) {
        s->made.nodes = people->nodes->len;
        index_make(people, 0, BLOCK_KEYS, s->made.table);
        s->index = &s->made;
    }
    fresh_read(s);
    return s;
}

void seeker_free(Seeker *s)
{
    if (!s)
        return;
    for (guint k = 0; k < BLOCK_KEYS; k++) {
        g_free(s->fresh[k]);
        table_clear(&s->made.table[k]);
    }
    g_free(s);
}

/* The number that a node of the index has now; FALSE: it is not there any more. */
static gboolean node_now(const Seeker *s, guint kept, guint *node)
{
    *node = s->people->index ? s->people->present[kept] - 1 : kept;
    return *node != G_MAXUINT;
}

/* Is it the hash of a node? */
static gboolean node_has(const Seeker *s, guint key, guint node, guint32 hash)
{
    guint32 whole;
    key_hashes(s->people, people_node(s->people, node), key, 1, &whole);
    return whole == hash;
}

/* Items of the nodes in the index that have this hash. */
static gsize bucket_items(const Seeker *s, guint key, guint32 hash, guint64 *items)
{
    const KeyTable *table = &s->index->table[key];
    const Layout layout = layout_of(s->index->nodes);
    const guint32 *start = &table->start[hash >> (32 - layout.bucket)];
    guint32 mark = mark_of(&layout, hash);
    gboolean known = FALSE; /* that what is not mixed has the hash */
    gsize n = 0;
    for (guint32 at = start[0]; at < start[1]; at++) {
        guint32 entry = table->entries[at];
        gboolean mixed = (entry & layout.mixed) != 0;
        guint node;
        if ((entry ^ mark) & ~(layout.mixed | (layout.mixed - 1)) ||
            !node_now(s, entry & (layout.mixed - 1), &node))
            continue;
        if (mixed ? node_has(s, key, node, hash) : known || (known = node_has(s, key, node, hash)))
            items[n++] = (guint64)hash << 32 | node;
        else if (!mixed)
            break; /* nor have the others */
    }
    return n;
}

/* The hashes of the sought nodes, rising, each once. */
static GArray *hashes_sought(const Seeker *s, guint key, const GArray *sought)
{
    GArray *hashes = g_array_sized_new(FALSE, FALSE, sizeof(guint32), sought->len);
    guint n = 0;
    for (guint i = 0; i < sought->len; i++) {
        guint32 hash;
        key_hashes(s->people, people_node(s->people, g_array_index(sought, guint, i)), key, 1,
                   &hash);
        if (hash)
            g_array_append_val(hashes, hash);
        guint32 others[DOCUMENTS_MOST];
        guint found = key_others(s->people, people_node(s->people, g_array_index(sought, guint, i)),
                                 key, others);
        g_array_append_vals(hashes, others, found);
    }
    g_array_sort(hashes, sort_order);
    for (guint i = 0; i < hashes->len; i++)
        if (i == 0 || g_array_index(hashes, guint32, i) != g_array_index(hashes, guint32, n - 1))
            g_array_index(hashes, guint32, n++) = g_array_index(hashes, guint32, i);
    return g_array_set_size(hashes, n);
}

#define MOVED_MOST 16 /* items that are put in their places one by one */

/* Items of one hash in order; they mostly are but for the last few, which are fresh. */
static void items_order(guint64 *items, guint64 *spare, gsize n)
{
    gsize sorted = 1;
    while (sorted < n && items[sorted - 1] < items[sorted])
        sorted++;
    if (sorted + MOVED_MOST < n) {
        sort_radix(items, spare, n, 0, 32);
        return;
    }
    for (gsize i = sorted; i < n; i++) {
        guint64 item = items[i];
        gsize at = i;
        for (; at > 0 && items[at - 1] > item; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Of items in order each once: two documents of one node may have the same key. */
static gsize items_once(guint64 *items, gsize n)
{
    gsize kept = 0;
    for (gsize i = 0; i < n; i++)
        if (i == 0 || items[i] != items[i - 1])
            items[kept++] = items[i];
    return kept;
}

gsize seeker_items(const Seeker *s, guint key, const GArray *sought, guint64 *items, guint64 *spare)
{
    g_autoptr(GArray) hashes = hashes_sought(s, key, sought);
    const guint64 *fresh = s->fresh[key], *end = fresh + s->n_fresh[key];
    gsize n = 0;
    for (guint i = 0; i < hashes->len; i++) {
        guint32 hash = g_array_index(hashes, guint32, i);
        gsize from = n;
        n += bucket_items(s, key, hash, items + n);
        while (fresh < end && *fresh >> 32 < hash)
            fresh++;
        while (fresh < end && *fresh >> 32 == hash)
            items[n++] = *fresh++;
        items_order(items + from, spare, n - from);
        n = key_has_document(key) ? from + items_once(items + from, n - from) : n;
    }
    return n;
}
