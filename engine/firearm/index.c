/*
 * An index of full serials under hashed keys (keys.c): buckets of entries, each with more bits of
 * the hash, so that nearly all that is looked at is near. Built by two threads, each for half of
 * the buckets, in two passes over all keys and without any other memory; asked by any number.
 */
#include "engine/firearm/index.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/firearm/keys.h"

#define PER_BUCKET 6u /* keys, about */
#define HALVES     2u
#define AHEAD      16u /* keys whose buckets are fetched before they are looked at */
#define BATCH      1024u
#define KEPT_MAX   (4 * SERIAL_MAX) /* more keys than one serial is kept under */
#define SEEN_BITS  10u              /* of what one asking meets, to begin with */

typedef struct {
    SerialIndex *index;
    Bucket *bucket;
    guint32 *entry;
    guint64 keys[HALVES];
} Building;

static guint bits_for(guint64 n)
{
    guint bits = 1;
    while (bits < 31 && (guint64)1 << bits < n) {
        bits++;
    }
    return bits;
}

static guint32 bucket_of(const SerialIndex *index, guint64 key)
{
    return (guint32)(key >> (64 - index->bucket_bits));
}

/* The bits of a key that an entry holds: those behind the bucket's. */
static guint32 mark_of(const SerialIndex *index, guint64 key)
{
    return (guint32)(key << index->bucket_bits >> 32) >> index->id_bits << index->id_bits;
}

static guint32 filter_of(guint64 key)
{
    return 1u << (key & 31);
}

/* May these bytes be believed? In memory they may. */
static gboolean holds(const SerialIndex *index, gconstpointer at, gsize size)
{
    return index->sums == NULL || sums_hold(index->sums, at, size);
}

/* The serial of a number; without characters: there is none, or the file is damaged there. */
static void index_codes(const SerialIndex *index, guint number, Codes *codes)
{
    codes->n = 0;
    if (!holds(index, &index->at[number], 2 * sizeof(*index->at))) {
        return;
    }
    guint32 from = index->at[number], to = index->at[number + 1];
    if (from < to && to <= index->text_size && to - from <= SERIAL_MAX &&
        holds(index, index->text + from, to - from)) {
        codes->n = (guint8)(to - from);
        memcpy(codes->code, index->text + from, codes->n);
    }
}

/* Which characters stand where. */
static void see_codes(SerialIndex *index)
{
    Codes codes;
    for (guint i = 0; i < index->n; i++) {
        index_codes(index, i, &codes);
        for (guint k = 0; k < codes.n; k++) {
            index->seen[codes.n][k] |= (guint64)1 << codes.code[k];
        }
    }
}

/* Keys of some serials, worked off together, so that what they touch can be fetched in time. */
typedef struct {
    guint n;
    guint64 key[BATCH];
    guint32 number[BATCH];
} Batch;

static void work_off(Building *building, const Batch *batch, gboolean put)
{
    const SerialIndex *index = building->index;
    for (guint k = 0; k < batch->n; k++) {
        if (k + 2 * AHEAD < batch->n) {
            __builtin_prefetch(&building->bucket[bucket_of(index, batch->key[k + 2 * AHEAD])], 1);
        }
        Bucket *bucket = &building->bucket[bucket_of(index, batch->key[k])];
        if (!put) {
            bucket->start++;
            bucket->filter |= filter_of(batch->key[k]);
            continue;
        }
        if (k + AHEAD < batch->n) {
            guint32 soon = building->bucket[bucket_of(index, batch->key[k + AHEAD])].start;
            __builtin_prefetch(&building->entry[soon], 1);
        }
        building->entry[bucket->start++] = mark_of(index, batch->key[k]) | batch->number[k];
    }
}

/* One pass over all keys, for one half of the buckets: counts them, or puts them into place. */
static void pass(Building *building, guint half, gboolean put)
{
    SerialIndex *index = building->index;
    g_autofree Keys *keys = serial_keys_new();
    g_autofree Batch *batch = g_new(Batch, 1);
    batch->n = 0;
    Codes codes;
    for (guint i = 0; i < index->n; i++) {
        index_codes(index, i, &codes);
        keys_of(keys, &codes);
        for (guint k = 0; k < keys->n; k++) {
            batch->key[batch->n] = keys->key[k];
            batch->number[batch->n] = i;
            batch->n += keys->key[k] >> 63 == half;
        }
        if (batch->n + KEPT_MAX > BATCH || i + 1 == index->n) {
            work_off(building, batch, put);
            batch->n = 0;
        }
    }
}

static void count_half(Queue *queue, gpointer data)
{
    for (guint half; queue_next(queue, &half);) {
        pass(data, half, FALSE);
    }
}

static void fill_half(Queue *queue, gpointer data)
{
    for (guint half; queue_next(queue, &half);) {
        pass(data, half, TRUE);
    }
}

SerialIndex *index_of_codes(guint n, guint32 *at, guint8 *text)
{
    SerialIndex *index = g_new(SerialIndex, 1);
    *index = (SerialIndex){.n = n, .at = at, .text = text, .text_size = at[n], .owned = TRUE};
    see_codes(index);
    index->id_bits = bits_for((guint64)n + 1);
    index->bucket_bits = bits_for((guint64)at[n] * 2 / PER_BUCKET);
    gsize buckets = (gsize)1 << index->bucket_bits;
    Building building = {index, memory_table(buckets + 1, sizeof(Bucket)), NULL, {0}};
    queue_run(HALVES, count_half, &building);
    guint32 sum = 0;
    for (gsize b = 0; b < buckets; b++) {
        guint32 keys = building.bucket[b].start;
        building.bucket[b].start = sum;
        sum += keys;
    }
    building.entry = memory_table((gsize)sum + 1, sizeof(guint32));
    queue_run(HALVES, fill_half, &building);
    for (gsize b = buckets; b > 0; b--) { /* each stands where the next one begins */
        building.bucket[b].start = building.bucket[b - 1].start;
    }
    building.bucket[0].start = 0;
    index->bucket = building.bucket;
    index->entry = building.entry;
    index->entries = sum;
    return index;
}

SerialIndex *index_new(guint n, CodesAt codes_at, gconstpointer data)
{
    guint32 *at = memory_table((gsize)n + 1, sizeof(guint32));
    GByteArray *text = g_byte_array_new();
    Codes codes;
    for (guint i = 0; i < n; i++) {
        at[i] = text->len;
        codes_at(i, &codes, data);
        g_byte_array_append(text, codes.code, codes.n);
    }
    at[n] = text->len;
    memory_large(text->data, text->len);
    return index_of_codes(n, at, g_byte_array_free(text, FALSE));
}

void index_free(SerialIndex *index)
{
    if (index->owned) {
        g_free((gpointer)index->at);
        g_free((gpointer)index->text);
        g_free((gpointer)index->bucket);
        g_free((gpointer)index->entry);
    }
    g_free(index);
}

static void form_codes(guint number, Codes *codes, gconstpointer data)
{
    const Forms *forms = data;
    if (!codes_of(forms->form[number].serial, codes)) {
        codes->n = 0;
    }
}

SerialIndex *index_of_forms(const Forms *forms)
{
    return index_new(forms->n, form_codes, forms);
}

/* ---- asking ---- */

struct Probe {
    const SerialIndex *index;
    const FirearmModel *model;
    Keys *keys;
    guint32 *seen;              /* numbers of this asking + 1, by hash; 0: none */
    guint seen_bits, room_bits; /* of a hash; that there is room for */
    GArray *met;                /* of guint32: numbers under the keys, some oftener than once */
    GArray *found;              /* of Near */
};

Probe *probe_new(const SerialIndex *index, const FirearmModel *model)
{
    Probe *probe = g_new(Probe, 1);
    *probe = (Probe){.index = index,
                     .model = model,
                     .keys = serial_keys_new(),
                     .seen = g_new(guint32, 1u << SEEN_BITS),
                     .room_bits = SEEN_BITS,
                     .met = g_array_new(FALSE, FALSE, sizeof(guint32)),
                     .found = g_array_new(FALSE, FALSE, sizeof(Near))};
    return probe;
}

void probe_free(Probe *probe)
{
    g_free(probe->keys);
    g_free(probe->seen);
    g_array_unref(probe->met);
    g_array_unref(probe->found);
    g_free(probe);
}

/* The tier of a pair, when it is one that is asked for. */
static Tier near_tier(const Probe *probe, const Codes *a, const Codes *b, guint what)
{
    Tier tier = codes_tier(probe->model, a, b);
    if (tier <= TIER_S1N) {
        return (what & FIND_EQUAL) != 0 ? tier : TIER_NONE;
    }
    gboolean two = tier != TIER_NONE && codes_two_edits(a, b, tier);
    return (what & (two ? FIND_TWO : FIND_ONE)) != 0 ? tier : TIER_NONE;
}

/* Keeps the keys whose buckets may hold them, and has their entries fetched: of what is far apart
 * nothing is waited for. One in six may be held, in no order: no branch hangs on it. */
static void sift_keys(Probe *probe)
{
    const SerialIndex *index = probe->index;
    Keys *keys = probe->keys;
    guint n = 0;
    for (guint k = 0; k < keys->n; k++) {
        guint64 key = keys->key[k], soon = keys->key[MIN(k + 2 * AHEAD, keys->n - 1)];
        __builtin_prefetch(&index->bucket[bucket_of(index, soon)]);
        const Bucket *bucket = &index->bucket[bucket_of(index, key)];
        if (!holds(index, bucket, 2 * sizeof(*bucket))) {
            continue;
        }
        gboolean may = (bucket->filter & filter_of(key)) != 0;
        __builtin_prefetch(&index->entry[may ? bucket->start : 0]);
        keys->key[n] = key;
        n += may;
    }
    keys->n = n;
}

static void meet(Probe *probe, guint64 key)
{
    const SerialIndex *index = probe->index;
    const Bucket *bucket = &index->bucket[bucket_of(index, key)];
    guint32 mark = mark_of(index, key), ids = (1u << index->id_bits) - 1;
    guint32 end = MIN(bucket[1].start, index->entries);
    guint32 begin = MIN(bucket[0].start, end);
    if (!holds(index, &index->entry[begin], (end - begin) * sizeof(*index->entry))) {
        return;
    }
    for (guint32 e = begin; e < end; e++) {
        guint32 number = index->entry[e] & ids;
        if ((index->entry[e] & ~ids) == mark && number < index->n) {
            __builtin_prefetch(&index->at[number]);
            g_array_append_val(probe->met, number);
        }
    }
}

/* Forgets what was seen, with room for so many: a small table stays at hand, where a mark for each
 * serial of a large index lies anywhere. */
static void forget_seen(Probe *probe, guint n)
{
    probe->seen_bits = MAX(SEEN_BITS, bits_for(2 * (guint64)n));
    if (probe->seen_bits > probe->room_bits) {
        probe->room_bits = probe->seen_bits;
        probe->seen = g_renew(guint32, probe->seen, (gsize)1 << probe->room_bits);
    }
    memset(probe->seen, 0, sizeof(*probe->seen) << probe->seen_bits);
}

static gboolean seen_before(Probe *probe, guint32 number)
{
    guint32 mask = (1u << probe->seen_bits) - 1;
    guint32 at = number * 0x9E3779B9u >> (32 - probe->seen_bits);
    while (probe->seen[at] != 0 && probe->seen[at] != number + 1) {
        at = (at + 1) & mask;
    }
    gboolean before = probe->seen[at] != 0;
    probe->seen[at] = number + 1;
    return before;
}

/* Those of what was met that are near as is asked for. */
static void judge_met(Probe *probe, const Codes *codes, guint what)
{
    forget_seen(probe, probe->met->len);
    for (guint i = 0; i < probe->met->len; i++) {
        guint32 number = g_array_index(probe->met, guint32, i);
        if (i + AHEAD < probe->met->len) {
            guint32 soon = g_array_index(probe->met, guint32, i + AHEAD);
            __builtin_prefetch(probe->index->text + probe->index->at[soon]);
        }
        if (seen_before(probe, number)) {
            continue;
        }
        Codes other;
        index_codes(probe->index, number, &other);
        Near near = {number, near_tier(probe, codes, &other, what)};
        if (near.tier != TIER_NONE) {
            g_array_append_val(probe->found, near);
        }
    }
}

const Near *probe_find(Probe *probe, const Codes *codes, guint what, guint *n)
{
    Keys *keys = probe->keys;
    keys->n = 0;
    if ((what & FIND_EQUAL) != 0) {
        keys_equal(keys, codes);
    }
    if ((what & FIND_ONE) != 0) {
        keys_one(keys, probe->model, codes);
    }
    if ((what & FIND_TWO) != 0) {
        keys_two(keys, codes, probe->index->seen);
    }
    g_array_set_size(probe->met, 0);
    g_array_set_size(probe->found, 0);
    sift_keys(probe);
    for (guint k = 0; k < keys->n; k++) {
        meet(probe, keys->key[k]);
    }
    judge_met(probe, codes, what);
    *n = probe->found->len;
    return (const Near *)(gpointer)probe->found->data;
}
