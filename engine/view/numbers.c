/*
 * Serials whose running numbers are near each other: an index of the purchases by series and blocks
 * of numbers, and what rules that look at neighbours are asked of. Two firearms more than max_gap
 * apart tell nothing of one another; so whatever such a rule says of a firearm follows from the
 * purchases within max_gap of it, and from the records of these firearms (their cases).
 */
#include <string.h>

#include "engine/serial/running.h"
#include "engine/view/parts.h"

#define BLOCK    16   /* numbers that lie in one place */
#define MOST_GAP 1000 /* who looks further is asked of everything */

static guint32 add_hash(guint32 hash, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guchar)text[i]) * 16777619u;
    return hash;
}

/* Of a series, and of a block of its numbers. */
static guint32 block_hash(const char *text, const SerialRunning *running, gint64 block)
{
    const char *rest = text + running->start + running->length;
    guint32 hash = add_hash(2166136261u, text, running->start);
    hash = add_hash(hash * 31 + 1, rest, strlen(rest));
    hash ^= (guint32)(((guint64)block * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) >> 32);
    return hash ^ hash >> 15;
}

gboolean number_hash(const char *text, guint32 *hash)
{
    SerialRunning running;
    if (!serial_running(text, &running) || running.number < 0)
        return FALSE;
    *hash = block_hash(text, &running, running.number / BLOCK);
    return TRUE;
}

static gboolean same_series(const char *a, const SerialRunning *x, const char *b,
                            const SerialRunning *y)
{
    return x->start == y->start && memcmp(a, b, x->start) == 0 &&
           strcmp(a + x->start + x->length, b + y->start + y->length) == 0;
}

/* What is looked for, and where. */
typedef struct {
    const Heap *heap;
    WayIn sold; /* purchases by their serial */
    gint64 gap;
    CellSet *firearms;      /* of records that changed, or of neighbours */
    CellSet *records;       /* what was found */
    gboolean with_firearms; /* neighbours' firearms are wanted too */
} Near;

static void add_row(Near *near, const Cell *row)
{
    cell_set_add(near->records, row[near->sold.copy->index[0].column]);
    if (near->with_firearms)
        cell_set_add(near->firearms, row[copy_way(near->sold.copy, "firearm")->column]);
}

/* The purchases whose serial is of the series and not further away than the gap. */
static void find_near(Near *near, const char *text)
{
    const Heap *heap = near->heap;
    const CopyIndex *index = near->sold.index;
    SerialRunning own, other;
    if (!serial_running(text, &own) || own.number < 0)
        return;
    for (gint64 block = MAX(own.number - near->gap, 0) / BLOCK;
         block <= (own.number + near->gap) / BLOCK; block++) {
        guint32 at = index->first[block_hash(text, &own, block) & index->mask];
        for (; at; at = g_array_index(index->next, guint32, at - 1)) {
            const Cell *row = copy_row(near->sold.copy, at);
            Cell cell = row[index->column];
            if (cell_is_text(cell) && serial_running(heap_text(heap, cell), &other) &&
                other.number >= 0 && ABS(other.number - own.number) <= near->gap &&
                same_series(text, &own, heap_text(heap, cell), &other))
                add_row(near, row);
        }
    }
}

static void near_sale(const Copy *copy, const Cell *row, gpointer data)
{
    Near *near = data;
    Cell serial = row[near->sold.index->column];
    (void)copy;
    if (cell_is_text(serial))
        find_near(near, heap_text(near->heap, serial));
}

static void note_firearm(const Copy *copy, const Cell *row, gpointer data)
{
    cell_set_add(((Near *)data)->firearms, row[copy_way(copy, "firearm")->column]);
}

static Near near_begin(const Views *views, const ScopeAsk *ask)
{
    return (Near){.heap = views->copies->heap,
                  .sold = way_in(views->copies, "purchases", "serial"),
                  .gap = (gint64)ask->gap,
                  .firearms = cell_set_new(),
                  .records = cell_set_new()};
}

/* What changed was, or is, near these. */
CellSet *reach_numbers(const Views *views, const ScopeAsk *ask, gsize most G_GNUC_UNUSED)
{
    if (ask->gap > MOST_GAP)
        return NULL;
    Near near = near_begin(views, ask);
    const WayIn sold = way_in(views->copies, "purchases", "firearm");
    g_autoptr(CellSet) changed = cell_set_new();
    reach_changed(views, ask, changed);
    cell_set_add_all(near.records, changed);
    rows_that_changed(views, ask, "purchases", near_sale, &near);
    for (guint v = 0; v < SALE_VIEWS; v++) {
        const WayIn way = way_in(views->copies, sale_views[v], NULL);
        rows_that_changed(views, ask, sale_views[v], note_firearm, &near);
        rows_of_all(&way, changed, note_firearm, &near);
    }
    rows_of_all(&sold, near.firearms, near_sale, &near);
    cell_set_free(near.firearms);
    return near.records;
}

/* And what is near those, with all records of these firearms. */
CellSet *rest_on_numbers(const Views *views, const ScopeAsk *ask, const CellSet *wide)
{
    Near near = near_begin(views, ask);
    near.with_firearms = TRUE;
    cell_set_add_all(near.records, wide);
    const WayIn sold = way_in(views->copies, "purchases", NULL);
    rows_of_all(&sold, wide, near_sale, &near);
    for (guint v = 0; v < SALE_VIEWS; v++) {
        const WayIn way = way_in(views->copies, sale_views[v], "firearm");
        rows_of_all(&way, near.firearms, row_add_record, near.records);
    }
    cell_set_free(near.firearms);
    return near.records;
}
