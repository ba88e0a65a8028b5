/*
 * Copies of views as bytes: what a run leaves beside the store, so that the next one brings up to
 * date what the last one knew; all of them, or what became of those that were read. That the bytes
 * are those that were written is the reader's business (engine/run); here they are only held to fit
 * in size, and to be of these views.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/view/parts.h"

#define MAGIC        "crosstrace views 7"
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

/* Bytes from a place to the begin of the next page. */
static gsize page_rest(guint64 at)
{
    return (gsize)(-at % BLOCK_PAGE);
}

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

/* From the begin of a page on, so that who reads it may lay it on pages of its own; and up to the
 * end of its last one, which is then nobody else's. */
static gboolean put_block(SumsWriter *to, const Block *block, GError **error)
{
    static const guint8 none[BLOCK_PAGE];
    return sums_put(to, none, page_rest(to->at), error) &&
           sums_put(to, block->data, block->len * block->item, error) &&
           sums_put(to, none, page_rest(to->at), error);
}

static gboolean write_copy(const Copy *copy, SumsWriter *to, GError **error)
{
    CopyHead head = head_of(copy);
    gboolean ok = sums_put(to, &head, sizeof head, error) &&
                  sums_put(to, copy->shape, head.shape, error) &&
                  sums_put(to, copy->list, head.list, error) && put_block(to, copy->cells, error);
    for (guint i = 0; ok && i < copy->n_indexes; i++) {
        const CopyIndex *index = &copy->index[i];
        ok = put_block(to, index->begins, error) && put_block(to, index->next, error);
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
    gboolean ok = sums_put(to, &head, sizeof head, error) && put_block(to, heap->values, error) &&
                  put_block(to, heap->slots, error) &&
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
    const guint8 *begin, *at;
    gsize left;
    int file; /* in which they lie from its begin on; -1: in none */
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

/* As put_block wrote it; NULL when there is not so much. */
static Block *take_block(Bytes *bytes, gsize item, gsize n)
{
    if (!take(bytes, page_rest((guint64)(bytes->at - bytes->begin))))
        return NULL;
    const BlockFile file = {bytes->file, (guint64)(bytes->at - bytes->begin)};
    gconstpointer items = n <= bytes->left / item ? take(bytes, n * item) : NULL;
    if (!items || !take(bytes, page_rest((guint64)(bytes->at - bytes->begin))))
        return NULL;
    return block_of(item, items, n, &file);
}

static gboolean take_index(Bytes *bytes, guint32 rows, CopyIndex *index)
{
    index->begins = take_block(bytes, sizeof(guint32), (gsize)index->mask + 1);
    index->next = index->begins ? take_block(bytes, sizeof(guint32), rows) : NULL;
    if (!index->next)
        return FALSE;
    index->first = (guint32 *)(gpointer)index->begins->data;
    return TRUE;
}

static gboolean take_copy(Bytes *bytes, const CopyPlan *plan, Copies *copies)
{
    const CopyHead *head = take(bytes, sizeof *head);
    const char *shape = head ? take(bytes, head->shape) : NULL;
    const char *list = shape ? take(bytes, head->list) : NULL;
    gsize n = head ? (gsize)head->n_rows * head->n_columns : 0;
    if (list == NULL || head->n_indexes > COPY_WAYS || n > G_MAXUINT / 2)
        return FALSE;
    Block *cells = take_block(bytes, sizeof(Cell), n);
    if (cells == NULL)
        return FALSE;
    Copy *copy = g_new0(Copy, 1);
    *copy = (Copy){.plan = plan,
                   .shape = g_strndup(shape, head->shape),
                   .list = g_strndup(list, head->list),
                   .n_columns = head->n_columns,
                   .n_rows = head->n_rows,
                   .n_dead = head->n_dead,
                   .cells = cells};
    g_ptr_array_add(copies->copies, copy);
    while (copy->n_indexes < head->n_indexes) {
        guint i = copy->n_indexes++; /* what it has by then is freed with it */
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
    g_autoptr(Block) values = take_block(bytes, 1, head->heap_size);
    g_autoptr(Block) slots =
        values ? take_block(bytes, sizeof(guint32), (gsize)head->mask + 1) : NULL;
    gconstpointer numbers = slots ? take(bytes, head->numbers * sizeof(gint64)) : NULL;
    if (numbers == NULL)
        return FALSE;
    gsize most = heap->most;
    heap_clear(heap);
    *heap = (Heap){.size = head->heap_size,
                   .texts = head->texts,
                   .mask = head->mask,
                   .most = most,
                   .numbers = g_array_new(FALSE, FALSE, sizeof(gint64))};
    g_array_append_vals(heap->numbers, numbers, head->numbers);
    heap_lay(heap, g_steal_pointer(&values), g_steal_pointer(&slots));
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

gboolean views_take(Views *views, gconstpointer data, gsize size, int file)
{
    Bytes bytes = {data, data, size, file};
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
    block_append(copy->cells, cells, (gsize)head->rows_more * copy->n_columns);
    copy->n_rows += head->rows_more;
    copy->n_dead = head->n_dead;
    for (guint i = 0; i < copy->n_indexes; i++) {
        block_resize(copy->index[i].next, copy->n_rows);
        for (guint at = head->rows_from + 1; at <= copy->n_rows; at++)
            copy_index_row(heap, copy, &copy->index[i], at);
    }
    return TRUE;
}

gboolean views_take_changes(Views *views, gconstpointer data, gsize size)
{
    Bytes bytes = {data, data, size, -1};
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
