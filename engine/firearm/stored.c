/*
 * The index of lookup.h, in memory or in a file: a head, then parts one after the other, each at a
 * multiple of eight bytes, as they lie in memory; and sums over blocks of them. A file can be
 * damaged, and summing all of it would cost more than the question: what is small is summed when
 * the file is opened, the rest when it is touched.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/firearm/index.h"
#include "engine/firearm/lookup.h"
#include "engine/firearm/parameters.h"

#define MAGIC     "crosstrace serials 3"
#define STAMP_MAX 128

/* The parts in their order: serials (places of their codes, codes, buckets, entries, characters by
 * length and place), who bears them (places, numbers), patterns and parameters as text, counts, and
 * the sums of the blocks of all of these. */
enum { AT, TEXT, BUCKET, ENTRY, FIRST, ID, SEEN, PATTERN, RATES, COUNT, END, SUMS, PARTS };
#define LAZY SEEN /* the parts before it are summed when they are touched */

typedef struct {
    char magic[24], stamp[STAMP_MAX];
    guint32 n, bucket_bits, id_bits, unused;
    guint64 size[PARTS]; /* bytes */
    guint64 sums_check;  /* of the part of sums */
    guint64 check;       /* of all that stands before */
} Head;

typedef struct {
    guint32 form;
    Serial serial;
} Pattern;

struct FirearmIndex {
    SerialIndex *serials;
    const guint32 *first; /* by serial: places in id */
    const gint64 *id;
    guint32 ids;
    GArray *patterns;              /* of Pattern */
    FirearmParameters *own;        /* of a file */
    const FirearmParameters *used; /* own, or those that it was built with */
    gpointer memory[2];            /* first and id, when they are not in a file */
    Sums sums;                     /* of a file */
};

static FirearmIndex *index_bare(void)
{
    FirearmIndex *index = g_new0(FirearmIndex, 1);
    index->patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    return index;
}

FirearmIndex *firearm_index_new(const FirearmInput *input, const gint64 *ids)
{
    FirearmIndex *index = index_bare();
    g_autofree guint *list = g_new(guint, input->n + 1);
    for (guint i = 0; i < input->n; i++) {
        list[i] = i;
    }
    Forms forms;
    forms_build(&forms, input->firearms, list, input->n);
    index->serials = index_of_forms(&forms);
    index->used = input->parameters;
    index->ids = forms.first[forms.n];
    gint64 *id = g_new(gint64, index->ids + 1);
    for (guint i = 0; i < index->ids; i++) {
        id[i] = ids[forms.member[i]];
    }
    for (guint f = 0; f < forms.n; f++) {
        if (!forms.form[f].full) {
            Pattern pattern = {f, serial_copy(forms.form[f].serial)};
            g_array_append_val(index->patterns, pattern);
        }
    }
    index->id = index->memory[0] = id;
    index->first = index->memory[1] = g_steal_pointer(&forms.first);
    forms_clear(&forms);
    return index;
}

void firearm_index_free(FirearmIndex *index)
{
    if (index->serials != NULL) {
        index_free(index->serials);
    }
    if (index->own != NULL) {
        firearm_parameters_free(index->own);
    }
    g_array_unref(index->patterns);
    sums_clear(&index->sums);
    g_free(index->memory[0]);
    g_free(index->memory[1]);
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

static GString *patterns_text(const FirearmIndex *index)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < index->patterns->len; i++) {
        const Pattern *pattern = &g_array_index(index->patterns, Pattern, i);
        g_autofree char *positions = serial_pattern(&pattern->serial);
        g_string_append_printf(text, "%u %s\n", pattern->form, positions);
    }
    return text;
}

static gsize counter_bytes(const Counter *counter)
{
    return (gsize)(counter->mask + 1) * sizeof(Slot);
}

typedef struct {
    gconstpointer data;
    gsize size;
} Part;

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
    const Counter *count = &index->used->counter, *end = fragments_counter(index->used->fragments);
    g_autoptr(GString) patterns = patterns_text(index);
    g_autofree char *rates = parameters_head(index->used);
    Part part[PARTS] = {[AT] = {s->at, ((gsize)s->n + 1) * sizeof(guint32)},
                        [TEXT] = {s->text, s->at[s->n]},
                        [BUCKET] = {s->bucket, (((gsize)1 << s->bucket_bits) + 1) * sizeof(Bucket)},
                        [ENTRY] = {s->entry, (gsize)s->entries * sizeof(guint32)},
                        [FIRST] = {index->first, ((gsize)s->n + 1) * sizeof(guint32)},
                        [ID] = {index->id, index->ids * sizeof(gint64)},
                        [SEEN] = {s->seen, sizeof(s->seen)},
                        [PATTERN] = {patterns->str, patterns->len},
                        [RATES] = {rates, strlen(rates)},
                        [COUNT] = {count->slot, counter_bytes(count)},
                        [END] = {end->slot, counter_bytes(end)}};
    g_autoptr(GArray) sums = sums_over(part, SUMS);
    part[SUMS] = (Part){sums->data, sums->len * sizeof(guint32)};
    Head head = {.n = s->n, .bucket_bits = s->bucket_bits, .id_bits = s->id_bits};
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

static gboolean is_power(guint64 n)
{
    return n > 0 && (n & (n - 1)) == 0;
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
           head->size[SEEN] == sizeof(((SerialIndex *)NULL)->seen) &&
           is_power(head->size[COUNT] / sizeof(Slot)) && is_power(head->size[END] / sizeof(Slot));
}

static gboolean read_patterns(FirearmIndex *index, const char *text, gsize size)
{
    g_autofree char *copy = g_strndup(text, size);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        char *end;
        Pattern pattern = {.form = (guint32)g_ascii_strtoull(*line, &end, 10)};
        if (*end != ' ' || pattern.form >= index->serials->n ||
            !serial_from_pattern(end + 1, SERIAL_PARTIAL, &pattern.serial)) {
            return FALSE;
        }
        g_array_append_val(index->patterns, pattern);
    }
    return TRUE;
}

static void borrow_counter(Counter *counter, gconstpointer slots, gsize size)
{
    counter_clear(counter);
    *counter = (Counter){.slot = (Slot *)slots, .mask = size / sizeof(Slot) - 1, .borrowed = TRUE};
}

/* Takes the sums, and holds all that is read now against them. */
static gboolean sums_fit(FirearmIndex *index, const Head *head, const guint8 *const *part)
{
    const guint8 *body = (const guint8 *)(head + 1);
    const guint32 *sum = (const guint32 *)(gconstpointer)part[SUMS];
    sums_init(&index->sums, body, (gsize)(part[SUMS] - body), sum);
    return check_of_sums(sum, head->size[SUMS] / sizeof(guint32)) == head->sums_check &&
           sums_hold(&index->sums, part[LAZY], (gsize)(part[SUMS] - part[LAZY]));
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
    g_autofree char *rates = g_strndup((const char *)part[RATES], head->size[RATES]);
    index->own = firearm_parameters_read(model, rates, error);
    if (index->own == NULL) {
        return FALSE;
    }
    index->used = index->own;
    borrow_counter(&index->own->counter, part[COUNT], head->size[COUNT]);
    borrow_counter(fragments_counter(index->own->fragments), part[END], head->size[END]);
    return read_patterns(index, (const char *)part[PATTERN], head->size[PATTERN]) ||
           error_set(error, STATUS_DATA, "broken patterns in the index of serials");
}

FirearmIndex *firearm_index_open(const FirearmModel *model, gconstpointer data, gsize size,
                                 const char *stamp, GError **error)
{
    const Head *head = data;
    if (size < sizeof(*head) || memcmp(head->magic, MAGIC, sizeof(MAGIC)) != 0 ||
        check_of(head) != head->check || !sizes_fit(head, size)) {
        error_set(error, STATUS_DATA, "no index of serials, or a broken one");
        return NULL;
    }
    if (strncmp(head->stamp, stamp, STAMP_MAX - 1) != 0) {
        error_set(error, STATUS_DATA, "index of serials of another state of the store");
        return NULL;
    }
    g_autoptr(FirearmIndex) index = index_bare();
    return read_parts(index, model, head, error) ? g_steal_pointer(&index) : NULL;
}

/* ---- asking ---- */

/* Does a pattern fit a full serial of n codes? They may stand wherever an open end lets them. */
static gboolean codes_fit(const Serial *pattern, const guint8 *code, guint n)
{
    if (n < pattern->length ||
        (n > pattern->length && !pattern->open_left && !pattern->open_right)) {
        return FALSE;
    }
    guint last = pattern->open_left ? n - pattern->length : 0;
    for (guint at = pattern->open_right ? 0 : last; at <= last; at++) {
        guint i = 0;
        while (i < pattern->length && (pattern->set[i] >> code[at + i] & 1) != 0) {
            i++;
        }
        if (i == pattern->length) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean holds(const FirearmIndex *index, gconstpointer at, gsize size)
{
    return index->serials->sums == NULL || sums_hold(index->serials->sums, at, size);
}

static void take(const FirearmIndex *index, guint form, GArray *ids)
{
    if (!holds(index, &index->first[form], 2 * sizeof(*index->first))) {
        return;
    }
    guint32 to = MIN(index->first[form + 1], index->ids), from = MIN(index->first[form], to);
    if (!holds(index, &index->id[from], (to - from) * sizeof(*index->id))) {
        return;
    }
    for (guint32 i = from; i < to; i++) {
        g_array_append_val(ids, index->id[i]);
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

/* All serials are looked at where they lie; their bytes are believed once. */
static void find_fitting(const FirearmIndex *index, const Serial *pattern, GArray *ids)
{
    const SerialIndex *s = index->serials;
    if (pattern->known < FRAGMENT_KNOWN ||
        !holds(index, s->at, ((gsize)s->n + 1) * sizeof(*s->at)) ||
        !holds(index, s->text, s->text_size)) {
        return;
    }
    for (guint f = 0; f < s->n; f++) {
        guint32 from = s->at[f], to = s->at[f + 1];
        if (from < to && to <= s->text_size && codes_fit(pattern, s->text + from, to - from)) {
            take(index, f, ids);
        }
    }
}

static int id_order(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

GArray *firearm_index_find(const FirearmIndex *index, const FirearmModel *model,
                           const Serial *serial, guint most, guint64 *all)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    Codes codes;
    if (serial_informs(serial)) {
        if (codes_of(serial, &codes)) {
            find_full(index, model, &codes, ids);
        } else {
            find_fitting(index, serial, ids);
        }
        for (guint i = 0; i < index->patterns->len; i++) {
            const Pattern *pattern = &g_array_index(index->patterns, Pattern, i);
            if (serial_fits(serial, &pattern->serial)) {
                take(index, pattern->form, ids);
            }
        }
    }
    if (index->sums.broken) {
        g_array_unref(ids);
        return NULL;
    }
    g_array_sort(ids, id_order);
    *all = ids->len;
    g_array_set_size(ids, MIN(ids->len, most));
    return ids;
}
