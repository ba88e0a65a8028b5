/*
 * Copies of views as bytes: what a run leaves beside the store, so that the next one brings up to
 * date what the last one knew. That the bytes are those that were written is the reader's business
 * (engine/run); here they are only held to fit in size, and to be of these views.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/view/parts.h"

#define MAGIC "crosstrace views 5"

typedef struct {
    guint64 heap_size;
    guint32 texts, mask, n_copies, numbers;
    char magic[24];
    guint8 views[MIX_BYTES]; /* of what is copied, and how */
} Head;

typedef struct {
    guint32 n_columns, n_rows, n_dead, n_indexes, shape, list;
    guint32 column[COPY_WAYS], mask[COPY_WAYS];
} CopyHead;

/* ---- written ---------------------------------------------------------------------------- */

static CopyHead head_of(const Copy *copy)
{
    CopyHead head = {.n_columns = copy->n_columns,
                     .n_rows = copy->n_rows,
                     .n_dead = copy->n_dead,
                     .n_indexes = copy->n_indexes,
                     .shape = (guint32)strlen(copy->shape) + 1,
                     .list = (guint32)strlen(copy->list) + 1};
    for (guint i = 0; i < copy->n_indexes; i++) {
        head.column[i] = copy->index[i].column;
        head.mask[i] = copy->index[i].mask;
    }
    return head;
}

static gboolean write_copy(const Copy *copy, SumsWriter *to, GError **error)
{
    CopyHead head = head_of(copy);
    gsize cells = (gsize)copy->n_rows * copy->n_columns * sizeof(Cell);
    gboolean ok =
        sums_put(to, &head, sizeof head, error) && sums_put(to, copy->shape, head.shape, error) &&
        sums_put(to, copy->list, head.list, error) && sums_put(to, copy->cells->data, cells, error);
    for (guint i = 0; ok && i < copy->n_indexes; i++) {
        const CopyIndex *index = &copy->index[i];
        ok = sums_put(to, index->first, ((gsize)index->mask + 1) * sizeof(guint32), error) &&
             sums_put(to, index->next->data, (gsize)copy->n_rows * sizeof(guint32), error);
    }
    return ok;
}

static void views_hash(guint8 bytes[MIX_BYTES])
{
    Mix mix = mix_new();
    views_describe(&mix);
    mix = mix_end(&mix);
    mix_bytes(&mix, bytes);
}

gboolean views_write(const Views *views, SumsWriter *to, GError **error)
{
    const Copies *copies = views->copies;
    const Heap *heap = copies->heap;
    Head head = {.heap_size = heap->size,
                 .texts = heap->texts,
                 .mask = heap->mask,
                 .n_copies = copies->copies->len,
                 .numbers = heap->numbers->len,
                 .magic = MAGIC};
    views_hash(head.views);
    gboolean ok = sums_put(to, &head, sizeof head, error) &&
                  sums_put(to, heap->bytes, heap->size, error) &&
                  sums_put(to, heap->slot, ((gsize)heap->mask + 1) * sizeof(guint32), error) &&
                  sums_put(to, heap->numbers->data, head.numbers * sizeof(gint64), error);
    for (guint i = 0; ok && i < copies->copies->len; i++)
        ok = write_copy(copies->copies->pdata[i], to, error);
    return ok;
}

/* ---- read ------------------------------------------------------------------------------- */

typedef struct {
    const guint8 *at;
    gsize left;
} Bytes;

/* The next part; NULL when there are not so many bytes. */
static gconstpointer take(Bytes *bytes, gsize size)
{
    gconstpointer part = bytes->at;
    gsize padded = sums_padded(size);
    if (size > bytes->left || padded > bytes->left)
        return NULL;
    bytes->at += padded;
    bytes->left -= padded;
    return part;
}

static gboolean take_index(Bytes *bytes, guint32 rows, CopyIndex *index)
{
    gsize size = ((gsize)index->mask + 1) * sizeof(guint32);
    gconstpointer first = take(bytes, size), next = take(bytes, (gsize)rows * sizeof(guint32));
    if (first == NULL || next == NULL)
        return FALSE;
    index->first = g_memdup2(first, size);
    index->next = g_array_sized_new(FALSE, TRUE, sizeof(guint32), rows + rows / 8);
    g_array_append_vals(index->next, next, rows);
    return TRUE;
}

static gboolean take_copy(Bytes *bytes, const CopyPlan *plan, Copies *copies)
{
    const CopyHead *head = take(bytes, sizeof *head);
    const char *shape = head ? take(bytes, head->shape) : NULL;
    const char *list = shape ? take(bytes, head->list) : NULL;
    gsize n = head ? (gsize)head->n_rows * head->n_columns : 0;
    gconstpointer cells = list ? take(bytes, n * sizeof(Cell)) : NULL;
    if (cells == NULL || head->n_indexes > COPY_WAYS || n > G_MAXUINT / 2)
        return FALSE;
    Copy *copy = g_new0(Copy, 1);
    *copy = (Copy){.plan = plan,
                   .shape = g_strndup(shape, head->shape),
                   .list = g_strndup(list, head->list),
                   .n_columns = head->n_columns,
                   .n_rows = head->n_rows,
                   .n_dead = head->n_dead};
    g_ptr_array_add(copies->copies, copy);
    copy->cells = g_array_sized_new(FALSE, FALSE, sizeof(Cell), (guint)(n + n / 8));
    g_array_append_vals(copy->cells, cells, (guint)n);
    for (; copy->n_indexes < head->n_indexes; copy->n_indexes++) {
        guint i = copy->n_indexes;
        copy->index[i] = (CopyIndex){.column = head->column[i],
                                     .rows = plan->ways[i].rows,
                                     .hash = plan->ways[i].hash,
                                     .mask = head->mask[i]};
        if (!take_index(bytes, head->n_rows, &copy->index[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean take_heap(Bytes *bytes, const Head *head, Heap *heap)
{
    gsize slots = ((gsize)head->mask + 1) * sizeof(guint32);
    gconstpointer values = take(bytes, head->heap_size), slot = take(bytes, slots);
    gconstpointer numbers = take(bytes, head->numbers * sizeof(gint64));
    if (values == NULL || slot == NULL || numbers == NULL)
        return FALSE;
    gsize most = heap->most;
    heap_clear(heap);
    *heap = (Heap){.size = head->heap_size,
                   .room = head->heap_size + head->heap_size / 8,
                   .texts = head->texts,
                   .mask = head->mask,
                   .most = most,
                   .numbers = g_array_new(FALSE, FALSE, sizeof(gint64))};
    g_array_append_vals(heap->numbers, numbers, head->numbers);
    heap->bytes = g_malloc(heap->room);
    memcpy(heap->bytes, values, heap->size);
    heap->slot = g_memdup2(slot, slots);
    return TRUE;
}

gboolean views_take(Views *views, gconstpointer data, gsize size)
{
    Bytes bytes = {data, size};
    const Head *head = take(&bytes, sizeof *head);
    guint8 hash[MIX_BYTES];
    guint n = 0;
    const CopyPlan *plans = views_copied(&n);
    views_hash(hash);
    if (head == NULL || memcmp(head->magic, MAGIC, sizeof MAGIC) != 0 ||
        memcmp(head->views, hash, sizeof hash) != 0 || head->n_copies != n)
        return FALSE;
    g_autoptr(Copies) copies = views_begin(views);
    gboolean fit = take_heap(&bytes, head, copies->heap);
    for (guint i = 0; fit && i < n; i++)
        fit = take_copy(&bytes, &plans[i], copies);
    if (fit)
        views->copies = g_steal_pointer(&copies);
    return fit;
}

gboolean views_are_stale(const Views *views)
{
    for (guint i = 0; i < views->copies->copies->len; i++) {
        const Copy *copy = views->copies->copies->pdata[i];
        if (copy->n_dead > copy->n_rows / 4)
            return TRUE;
    }
    return FALSE;
}
