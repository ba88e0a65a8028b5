/*
 * Copies of views as bytes: what a run leaves beside the store, so that the next one brings up to
 * date what the last one knew; all of them, or what became of those that were read. That the bytes
 * are those that were written is the reader's business (engine/run); here they are only held to fit
 * in size, and to be of these views.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/view/parts.h"

#define MAGIC        "crosstrace views 6"
#define MAGIC_CHANGE "crosstrace changes 1"

typedef struct {
    guint64 heap_size;
    guint32 texts, mask, n_copies, numbers;
    char magic[24];
    guint8 views[MIX_BYTES]; /* of what is copied, and how */
} Head;

/* Of what became of copies since they were read. */
typedef struct {
    guint64 heap_from, heap_more;
    guint32 numbers_from, numbers_more;
    char magic[24];
} ChangeHead;

typedef struct {
    guint32 rows_from, rows_more, n_dead, n_buried;
} CopyChange;

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

static gboolean write_copy_change(const Copy *copy, SumsWriter *to, GError **error)
{
    const CopyChange head = {.rows_from = copy->n_kept,
                             .rows_more = copy->n_rows - copy->n_kept,
                             .n_dead = copy->n_dead,
                             .n_buried = copy->buried->len};
    gsize row = copy->n_columns * sizeof(Cell);
    return sums_put(to, &head, sizeof head, error) &&
           sums_put(to, copy->buried->data, head.n_buried * sizeof(guint32), error) &&
           sums_put(to, copy->cells->data + head.rows_from * row, head.rows_more * row, error);
}

gboolean views_write_changes(const Views *views, SumsWriter *to, GError **error)
{
    const Heap *heap = views->copies->heap;
    const ChangeHead head = {.heap_from = views->kept_heap,
                             .heap_more = heap->size - views->kept_heap,
                             .numbers_from = views->kept_numbers,
                             .numbers_more = heap->numbers->len - views->kept_numbers,
                             .magic = MAGIC_CHANGE};
    gboolean ok = sums_put(to, &head, sizeof head, error) &&
                  sums_put(to, heap->bytes + head.heap_from, head.heap_more, error) &&
                  sums_put(to, &g_array_index(heap->numbers, gint64, head.numbers_from),
                           head.numbers_more * sizeof(gint64), error);
    for (guint i = 0; ok && i < views->copies->copies->len; i++)
        ok = write_copy_change(views->copies->copies->pdata[i], to, error);
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

/* From here on it is noted what becomes of the copies. */
static void note_kept(Views *views)
{
    views->kept = TRUE;
    views->kept_heap = views->copies->heap->size;
    views->kept_numbers = views->copies->heap->numbers->len;
    for (guint i = 0; i < views->copies->copies->len; i++) {
        Copy *copy = views->copies->copies->pdata[i];
        copy->n_kept = copy->n_rows;
        g_clear_pointer(&copy->buried, g_array_unref);
        copy->buried = g_array_new(FALSE, FALSE, sizeof(guint32));
    }
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
    if (fit) {
        views->copies = g_steal_pointer(&copies);
        note_kept(views);
    }
    return fit;
}

gboolean views_are_taken(const Views *views)
{
    return views->kept;
}

static gboolean take_copy_change(Bytes *bytes, const Heap *heap, Copy *copy)
{
    const CopyChange *head = take(bytes, sizeof *head);
    if (head == NULL || head->rows_from != copy->n_rows)
        return FALSE;
    gsize row = copy->n_columns * sizeof(Cell);
    const guint32 *buried = take(bytes, head->n_buried * sizeof(guint32));
    gconstpointer cells = buried ? take(bytes, head->rows_more * row) : NULL;
    if (cells == NULL)
        return FALSE;
    for (guint i = 0; i < head->n_buried; i++) {
        if (buried[i] == 0 || buried[i] > copy->n_rows)
            return FALSE;
        memset(copy->cells->data + (buried[i] - 1) * row, 0, row);
    }
    g_array_append_vals(copy->cells, cells, head->rows_more * copy->n_columns);
    copy->n_rows += head->rows_more;
    copy->n_dead = head->n_dead;
    for (guint i = 0; i < copy->n_indexes; i++) {
        g_array_set_size(copy->index[i].next, copy->n_rows);
        for (guint at = head->rows_from + 1; at <= copy->n_rows; at++)
            copy_index_row(heap, copy, &copy->index[i], at);
    }
    return TRUE;
}

gboolean views_take_changes(Views *views, gconstpointer data, gsize size)
{
    Bytes bytes = {data, size};
    Heap *heap = views->copies->heap;
    const ChangeHead *head = take(&bytes, sizeof *head);
    if (head == NULL || memcmp(head->magic, MAGIC_CHANGE, sizeof MAGIC_CHANGE) != 0 ||
        head->heap_from != heap->size || head->numbers_from != heap->numbers->len)
        return FALSE;
    gconstpointer texts = take(&bytes, head->heap_more);
    gconstpointer numbers = texts ? take(&bytes, head->numbers_more * sizeof(gint64)) : NULL;
    gboolean fit = numbers != NULL && heap_append(heap, texts, head->heap_more);
    if (fit)
        g_array_append_vals(heap->numbers, numbers, head->numbers_more);
    for (guint i = 0; fit && i < views->copies->copies->len; i++)
        fit = take_copy_change(&bytes, heap, views->copies->copies->pdata[i]);
    if (fit)
        note_kept(views);
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
