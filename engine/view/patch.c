/*
 * Copies that change, and parts of copies: the rows of some records are put in the place of those
 * that were there, and what became another is told.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/copies.h"

/* Rows of one copy that are to be replaced, while the new ones come. */
typedef struct {
    Copies *copies;
    Copy *copy;
    GHashTable *pending; /* row + 1 of those that no new row was equal to */
    gboolean *found;     /* by column: its texts are looked for */
    Cell *row;           /* a new one, on its way */
    CopySee see;
    gpointer data;
} Patch;

static gboolean is_equal(const Patch *patch, guint at, sqlite3_stmt *stmt)
{
    const Cell *row = copy_row(patch->copy, at);
    for (guint i = 0; i < patch->copy->n_columns; i++) {
        Value value = value_at(stmt, (int)i);
        if (!heap_equal(patch->copies->heap, row[i], &value))
            return FALSE;
    }
    return TRUE;
}

/* Is the row there already? Then it stays. */
static gboolean keep(const Patch *patch, sqlite3_stmt *stmt)
{
    const CopyIndex *index = &patch->copy->index[0];
    int column = (int)index->column;
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    Cell value =
        text ? heap_find(patch->copies->heap, text, (gsize)sqlite3_column_bytes(stmt, column))
             : CELL_NULL;
    guint at = copy_begin(patch->copies, patch->copy, index, value);
    for (; at; at = copy_next(patch->copy, index, value, at))
        if (g_hash_table_contains(patch->pending, GUINT_TO_POINTER(at)) &&
            is_equal(patch, at, stmt))
            return g_hash_table_remove(patch->pending, GUINT_TO_POINTER(at));
    return FALSE;
}

void copy_append(const Copies *copies, Copy *copy, const Cell *row, CopySee see, gpointer data)
{
    guint at = ++copy->n_rows;
    block_append(copy->cells, row, copy->n_columns);
    for (guint i = 0; i < copy->n_indexes; i++) {
        block_resize(copy->index[i].next, at);
        copy_index_row(copies->heap, copy, &copy->index[i], at);
    }
    see(copy, row, data);
}

static void append(const Patch *patch, sqlite3_stmt *stmt)
{
    for (guint i = 0; i < patch->copy->n_columns; i++) {
        Value value = value_at(stmt, (int)i);
        patch->row[i] = heap_take(patch->copies->heap, &value, patch->found[i]);
    }
    copy_append(patch->copies, patch->copy, patch->row, patch->see, patch->data);
}

/* A row that is no more stands in its chains, where it is equal to nothing that is looked for. */
void copy_bury(Copy *copy, guint at, CopySee see, gpointer data)
{
    Cell *row = (Cell *)(gpointer)copy->cells->data + (gsize)(at - 1) * copy->n_columns;
    see(copy, row, data);
    memset(row, 0, copy->n_columns * sizeof *row);
    copy->n_dead++;
    if (at <= copy->n_kept)
        g_array_append_val(copy->buried, at);
}

static void note_pending(const Patch *patch, const GArray *values)
{
    const CopyIndex *index = &patch->copy->index[0];
    for (guint i = 0; i < values->len; i++) {
        Cell value = g_array_index(values, Cell, i);
        guint at = copy_begin(patch->copies, patch->copy, index, value);
        for (; at; at = copy_next(patch->copy, index, value, at))
            g_hash_table_add(patch->pending, GUINT_TO_POINTER(at));
    }
}

gboolean copies_patch(Copies *copies, Copy *copy, sqlite3_stmt *rows, const GArray *values,
                      CopySee see, gpointer data, GError **error)
{
    g_autoptr(GHashTable) pending = g_hash_table_new(NULL, NULL);
    g_autofree gboolean *found = copy_found(copy);
    g_autofree Cell *row = g_new(Cell, copy->n_columns);
    Patch patch = {copies, copy, pending, found, row, see, data};
    int rc;
    note_pending(&patch, values);
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW)
        if (!keep(&patch, rows))
            append(&patch, rows);
    if (rc != SQLITE_DONE)
        return sqlite_error(sqlite3_db_handle(rows), "cannot change a copy of a view", error);
    GHashTableIter iter;
    gpointer at;
    g_hash_table_iter_init(&iter, pending); /* each by itself: no order */
    while (g_hash_table_iter_next(&iter, &at, NULL))
        copy_bury(copy, GPOINTER_TO_UINT(at), see, data);
    return TRUE;
}

/* ---- parts ------------------------------------------------------------------------------ */

static void choose_rows(const Copies *all, const Copy *from, Cell value, Copy *part)
{
    const CopyIndex *index = &from->index[0];
    guint at = copy_begin(all, from, index, value);
    for (; at; at = copy_next(from, index, value, at)) {
        block_append(part->cells, copy_row(from, at), from->n_columns);
        part->n_rows++;
    }
}

/* The values that rows of a part have in a column, each once. */
static GArray *values_of(const Copy *part, guint column)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(Cell));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint at = 1; at <= part->n_rows; at++) {
        Cell value = copy_row(part, at)[column];
        if (cell_is_text(value) && g_hash_table_add(seen, GUINT_TO_POINTER(value)))
            g_array_append_val(values, value);
    }
    return values;
}

/* values: NULL: no row. */
static void choose(const Copies *all, const Copy *from, const GArray *values, Copies *parts)
{
    Copy *part = g_new0(Copy, 1);
    *part = (Copy){.plan = from->plan,
                   .shape = g_strdup(from->shape),
                   .list = g_strdup(from->list),
                   .n_columns = from->n_columns,
                   .n_indexes = from->n_indexes,
                   .cells = block_new(sizeof(Cell), 0)};
    g_ptr_array_add(parts->copies, part);
    for (guint i = 0; values && i < values->len; i++)
        choose_rows(all, from, g_array_index(values, Cell, i), part);
    for (guint i = 0; i < part->n_indexes; i++) {
        part->index[i] = (CopyIndex){.column = from->index[i].column,
                                     .rows = from->index[i].rows,
                                     .hash = from->index[i].hash};
        copy_fill_index(parts->heap, part, &part->index[i]);
    }
}

Copies *copies_choose(const Copies *all, const GArray *records, const gboolean *wanted)
{
    Copies *parts = copies_new();
    heap_clear(parts->heap);
    g_free(parts->heap);
    parts->heap = all->heap;
    parts->own = FALSE;
    for (guint i = 0; i < all->copies->len; i++) {
        const Copy *from = all->copies->pdata[i];
        const Copy *of = from->plan->of ? copies_find(parts, from->plan->of) : NULL;
        const char *column = from->plan->ways[0].column;
        g_autoptr(GArray) values = of ? values_of(of, copy_way(of, column)->column) : NULL;
        choose(all, from, wanted[i] ? (values ? values : records) : NULL, parts);
    }
    return parts;
}
