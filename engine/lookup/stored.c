/*
 * The index of lookup.h to a file and back, and asked, in memory or in the file: a head, then parts
 * one after the other, each at a multiple of eight bytes, as they lie in memory; and sums over
 * blocks of them. A file can be damaged, and summing all of it would cost more than the question:
 * what is small is summed when the file is opened, the rest when it is touched.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/lookup/stored.h"

#define MAGIC     "crosstrace serials 6"
#define STAMP_MAX 128

/* The parts in their order: serials (places of their codes, codes, buckets, entries, characters by
 * length and place), who bears them (places, numbers), patterns and parameters as text, counts, who
 * else is told of in vain, and the sums of the blocks of all of these. What stands beside another
 * index has no parameters. */
enum { AT, TEXT, BUCKET, ENTRY, FIRST, ID, SEEN, PATTERN, RATES, COUNT, END, GONE, SUMS, PARTS };
/* What is read when the file is opened; all else is summed when it is touched. */
static const guint at_once[] = {SEEN, RATES};

typedef struct {
    char magic[24], stamp[STAMP_MAX];
    guint32 n, bucket_bits, id_bits, unused;
    guint64 beside; /* the check of the index that it adds to; 0: it stands alone */
    gint64 last;
    guint64 size[PARTS]; /* bytes */
    guint64 sums_check;  /* of the part of sums */
    guint64 check;       /* of all that stands before */
} Head;

void firearm_index_free(FirearmIndex *index)
{
    if (index->serials != NULL) {
        index_free(index->serials);
    }
    if (index->own != NULL) {
        firearm_parameters_free(index->own);
    }
    g_clear_pointer(&index->added, firearm_index_free);
    sums_clear(&index->sums);
    for (guint i = 0; i < G_N_ELEMENTS(index->memory); i++) {
        g_free(index->memory[i]);
    }
    g_free(index);
}

void firearm_index_keep(FirearmIndex *index, FirearmParameters *parameters)
{
    index->used = index->own = parameters;
}

const FirearmParameters *firearm_index_parameters(const FirearmIndex *index)
{
    return index->used;
}

gboolean firearm_index_damaged(const FirearmIndex *index)
{
    return sums_broken(&index->sums) || (index->added != NULL && sums_broken(&index->added->sums));
}

/* ---- to a file and back ---- */

static guint64 check_of(const Head *head)
{
    guint64 h = 0;
    const guint8 *byte = (const guint8 *)head;
    for (gsize i = 0; i < G_STRUCT_OFFSET(Head, check); i++) {
        h = mix(h, byte[i] + 1u);
    }
    return h;
}

typedef struct {
    gconstpointer data;
    gsize size;
} Part;

static Part counter_part(const Counter *counter)
{
    return counter != NULL ? (Part){counter->slot, (gsize)(counter->mask + 1) * sizeof(Slot)}
                           : (Part){NULL, 0};
}

static gsize padded(gsize size)
{
    return (size + 7) / 8 * 8;
}

/* The sums of the blocks of these parts as they follow one another, padding included: of guint32.
 */
static GArray *sums_over(const Part *part, guint n)
{
    GArray *sums = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint8 block[SUMS_BLOCK];
    gsize filled = 0;
    for (guint p = 0; p < n; p++) {
        for (gsize at = 0; at < padded(part[p].size);) {
            gsize bytes = MIN(SUMS_BLOCK - filled, padded(part[p].size) - at);
            gsize real = at < part[p].size ? MIN(bytes, part[p].size - at) : 0;
            memset(block + filled, 0, bytes);
            if (real > 0) {
                memcpy(block + filled, (const guint8 *)part[p].data + at, real);
            }
            at += bytes;
            filled += bytes;
            if (filled == SUMS_BLOCK || (p + 1 == n && at == padded(part[p].size))) {
                guint32 sum = sums_of(block, filled);
                g_array_append_val(sums, sum);
                filled = 0;
            }
        }
    }
    if (filled > 0) { /* the last parts were empty */
        guint32 sum = sums_of(block, filled);
        g_array_append_val(sums, sum);
    }
    return sums;
}

static guint64 check_of_sums(const guint32 *sum, gsize n)
{
    guint64 h = n;
    for (gsize i = 0; i < n; i++) {
        h = mix(h, sum[i]);
    }
    return h;
}

gboolean firearm_index_write(const FirearmIndex *index, const char *stamp, FirearmWrite write,
                             gpointer to, GError **error)
{
    const SerialIndex *s = index->serials;
    const FirearmParameters *used = index->used;
    const Counter *count = used != NULL ? &used->counter : NULL;
    const Counter *end = used != NULL ? fragments_counter(used->fragments) : NULL;
    g_autofree char *rates = used != NULL ? parameters_head(used) : g_strdup("");
    Part part[PARTS] = {[AT] = {s->at, ((gsize)s->n + 1) * sizeof(guint32)},
                        [TEXT] = {s->text, s->at[s->n]},
                        [BUCKET] = {s->bucket, (((gsize)1 << s->bucket_bits) + 1) * sizeof(Bucket)},
                        [ENTRY] = {s->entry, (gsize)s->entries * sizeof(guint32)},
                        [FIRST] = {index->first, ((gsize)s->n + 1) * sizeof(guint32)},
                        [ID] = {index->id, index->ids * sizeof(gint64)},
                        [SEEN] = {s->seen, sizeof(s->seen)},
                        [PATTERN] = {index->patterns, index->patterns_size},
                        [RATES] = {rates, strlen(rates)},
                        [COUNT] = counter_part(count),
                        [END] = counter_part(end),
                        [GONE] = {index->gone, index->n_gone * sizeof(gint64)}};
    g_autoptr(GArray) sums = sums_over(part, SUMS);
    part[SUMS] = (Part){sums->data, sums->len * sizeof(guint32)};
    Head head = {.n = s->n,
                 .bucket_bits = s->bucket_bits,
                 .id_bits = s->id_bits,
                 .beside = index->beside,
                 .last = index->last};
    g_strlcpy(head.magic, MAGIC, sizeof(head.magic));
    g_strlcpy(head.stamp, stamp, sizeof(head.stamp));
    for (guint p = 0; p < PARTS; p++) {
        head.size[p] = part[p].size;
    }
    head.sums_check = check_of_sums((const guint32 *)(gpointer)sums->data, sums->len);
    head.check = check_of(&head);
    static const char padding[8] = {0};
    gboolean ok = write(&head, sizeof(head), to, error);
    for (guint p = 0; p < PARTS && ok; p++) {
        ok = (part[p].size == 0 || write(part[p].data, part[p].size, to, error)) &&
             write(padding, padded(part[p].size) - part[p].size, to, error);
    }
    return ok;
}

/* Are these slots of a counter? */
static gboolean are_slots(const Head *head, guint part)
{
    guint64 n = head->size[part] / sizeof(Slot);
    return head->beside != 0 ? head->size[part] == 0 : n > 0 && (n & (n - 1)) == 0;
}

/* Do the sizes of the parts follow from one another, and fill the file? */
static gboolean sizes_fit(const Head *head, gsize size)
{
    guint64 sum = sizeof(*head);
    for (guint p = 0; p < PARTS; p++) {
        if (head->size[p] > size) {
            return FALSE;
        }
        sum += padded(head->size[p]);
    }
    guint64 body = sum - sizeof(*head) - padded(head->size[SUMS]);
    guint64 places = ((guint64)head->n + 1) * sizeof(guint32);
    return sum == size && head->bucket_bits > 0 && head->bucket_bits < 32 && head->id_bits > 0 &&
           head->id_bits < 32 && head->size[AT] == places && head->size[FIRST] == places &&
           head->size[BUCKET] == (((guint64)1 << head->bucket_bits) + 1) * sizeof(Bucket) &&
           head->size[SUMS] == sums_blocks(body) * sizeof(guint32) &&
           head->size[SEEN] == sizeof(((SerialIndex *)NULL)->seen) && are_slots(head, COUNT) &&
           are_slots(head, END);
}

static void borrow_counter(Counter *counter, gconstpointer slots, gsize size, Sums *sums)
{
    counter_clear(counter);
    *counter = (Counter){.slot = (Slot *)slots, .mask = size / sizeof(Slot) - 1, .sums = sums};
}

/* From the file into memory. */
static gboolean own_counter(Counter *counter)
{
    gsize size = (gsize)(counter->mask + 1) * sizeof(Slot);
    if (counter->sums != NULL && !sums_hold(counter->sums, counter->slot, size)) {
        return FALSE;
    }
    counter->slot = counter->sums != NULL ? g_memdup2(counter->slot, size) : counter->slot;
    counter->sums = NULL;
    return TRUE;
}

FirearmParameters *firearm_index_take_parameters(FirearmIndex *index)
{
    if (index->own == NULL || !own_counter(&index->own->counter) ||
        !own_counter(fragments_counter(index->own->fragments))) {
        return NULL;
    }
    index->used = NULL;
    return g_steal_pointer(&index->own);
}

/* Takes the sums, and holds all that is read now against them. */
static gboolean sums_fit(FirearmIndex *index, const Head *head, const guint8 *const *part)
{
    const guint8 *body = (const guint8 *)(head + 1);
    const guint32 *sum = (const guint32 *)(gconstpointer)part[SUMS];
    gboolean hold = check_of_sums(sum, head->size[SUMS] / sizeof(guint32)) == head->sums_check;
    sums_init(&index->sums, body, (gsize)(part[SUMS] - body), sum);
    for (guint i = 0; i < G_N_ELEMENTS(at_once); i++) {
        hold = hold && sums_hold(&index->sums, part[at_once[i]], head->size[at_once[i]]);
    }
    return hold;
}

static gboolean read_parameters(FirearmIndex *index, const FirearmModel *model, const Head *head,
                                const guint8 *const *part, GError **error)
{
    g_autofree char *rates = g_strndup((const char *)part[RATES], head->size[RATES]);
    index->own = firearm_parameters_read(model, rates, error);
    if (index->own == NULL) {
        return FALSE;
    }
    index->used = index->own;
    borrow_counter(&index->own->counter, part[COUNT], head->size[COUNT], &index->sums);
    borrow_counter(fragments_counter(index->own->fragments), part[END], head->size[END],
                   &index->sums);
    return TRUE;
}

static gboolean read_parts(FirearmIndex *index, const FirearmModel *model, const Head *head,
                           GError **error)
{
    const guint8 *part[PARTS], *at = (const guint8 *)(head + 1);
    for (guint p = 0; p < PARTS; p++) {
        part[p] = at;
        at += padded(head->size[p]);
    }
    if (!sums_fit(index, head, part)) {
        return error_set(error, STATUS_DATA, "the index of serials is damaged");
    }
    SerialIndex *s = index->serials = g_new0(SerialIndex, 1);
    *s = (SerialIndex){.n = head->n,
                       .bucket_bits = head->bucket_bits,
                       .id_bits = head->id_bits,
                       .sums = &index->sums};
    s->at = (const guint32 *)(gconstpointer)part[AT];
    s->text = part[TEXT];
    s->text_size = (guint32)head->size[TEXT];
    s->bucket = (const Bucket *)(gconstpointer)part[BUCKET];
    s->entry = (const guint32 *)(gconstpointer)part[ENTRY];
    s->entries = (guint32)(head->size[ENTRY] / sizeof(guint32));
    memcpy(s->seen, part[SEEN], sizeof(s->seen));
    index->first = (const guint32 *)(gconstpointer)part[FIRST];
    index->id = (const gint64 *)(gconstpointer)part[ID];
    index->ids = (guint32)(head->size[ID] / sizeof(gint64));
    index->patterns = (const char *)part[PATTERN];
    index->patterns_size = head->size[PATTERN];
    index->gone = (const gint64 *)(gconstpointer)part[GONE];
    index->n_gone = (guint)(head->size[GONE] / sizeof(gint64));
    index->mark = head->check;
    index->beside = head->beside;
    index->last = head->last;
    return head->beside != 0 || read_parameters(index, model, head, part, error);
}

FirearmIndex *index_open(const FirearmModel *model, gconstpointer data, gsize size, guint64 beside,
                         const char *stamp, GError **error)
{
    const Head *head = data;
    if (size < sizeof(*head) || memcmp(head->magic, MAGIC, sizeof(MAGIC)) != 0 ||
        check_of(head) != head->check || head->beside != beside || !sizes_fit(head, size)) {
        error_set(error, STATUS_DATA, "no index of serials, or a broken one");
        return NULL;
    }
    if (stamp != NULL && strncmp(head->stamp, stamp, STAMP_MAX - 1) != 0) {
        error_set(error, STATUS_DATA, "index of serials of another state of the store");
        return NULL;
    }
    g_autoptr(FirearmIndex) index = g_new0(FirearmIndex, 1);
    return read_parts(index, model, head, error) ? g_steal_pointer(&index) : NULL;
}

FirearmIndex *firearm_index_open(const FirearmModel *model, gconstpointer data, gsize size,
                                 const char *stamp, GError **error)
{
    return index_open(model, data, size, 0, stamp, error);
}

/* ---- asking ---- */

static void take(const FirearmIndex *index, guint form, GArray *ids)
{
    if (!index_holds(index, &index->first[form], 2 * sizeof(*index->first))) {
        return;
    }
    guint32 to = MIN(index->first[form + 1], index->ids), from = MIN(index->first[form], to);
    if (!index_holds(index, &index->id[from], (to - from) * sizeof(*index->id))) {
        return;
    }
    for (guint32 i = from; i < to; i++) {
        if (!index_gone(index, index->id[i])) {
            g_array_append_val(ids, index->id[i]);
        }
    }
}

static void find_full(const FirearmIndex *index, const FirearmModel *model, const Codes *codes,
                      GArray *ids)
{
    guint n = 0;
    g_autoptr(Probe) probe = probe_new(index->serials, model);
    const Near *near = probe_find(probe, codes, FIND_EQUAL | FIND_ONE | FIND_TWO, &n);
    for (guint i = 0; i < n; i++) {
        take(index, near[i].form, ids);
    }
}

static void find_fitting(const FirearmIndex *index, const Serial *serial, GArray *ids)
{
    g_autoptr(GArray) fits = index_scan(index, serial);
    for (guint i = 0; i < fits->len; i++) {
        guint32 form = g_array_index(fits, guint32, i);
        if (form < index->serials->n) {
            take(index, form, ids);
        }
    }
}

static int id_order(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

/* In one file of the index; see firearm_index_find. */
static void find_in(const FirearmIndex *index, const FirearmModel *model, const Serial *serial,
                    GArray *ids)
{
    Codes codes;
    if (codes_of(serial, &codes)) {
        find_full(index, model, &codes, ids);
    }
    find_fitting(index, serial, ids);
}

GArray *firearm_index_find(const FirearmIndex *index, const FirearmModel *model,
                           const Serial *serial, guint most, guint64 *all)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (serial_informs(serial)) {
        find_in(index, model, serial, ids);
        if (index->added != NULL) {
            find_in(index->added, model, serial, ids);
        }
    }
    if (firearm_index_damaged(index)) {
        g_array_unref(ids);
        return NULL;
    }
    g_array_sort(ids, id_order);
    *all = ids->len;
    g_array_set_size(ids, MIN(ids->len, most));
    return ids;
}
