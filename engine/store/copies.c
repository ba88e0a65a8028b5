/*
 * Copies of views, filled from SELECTs: rows of cells, and for each way in the rows by the hash of
 * their text. How SQLite reads them: copy_table.c. Which views: views.c.
 */
#include "engine/store/copies.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/store/schema.h"
#include "engine/store/statement.h"

static void copy_free(gpointer data)
{
    Copy *copy = data;
    for (guint i = 0; i < copy->n_indexes; i++) {
        g_free(copy->index[i].first);
        g_free(copy->index[i].next);
    }
    g_array_unref(copy->cells);
    g_free(copy->shape);
    g_free(copy);
}

Copies *copies_new(void)
{
    Copies *copies = g_new0(Copies, 1);
    heap_init(&copies->heap);
    copies->copies = g_ptr_array_new_with_free_func(copy_free);
    return copies;
}

void copies_free(Copies *copies)
{
    if (copies == NULL)
        return;
    heap_clear(&copies->heap);
    g_ptr_array_unref(copies->copies);
    g_free(copies);
}

const Copy *copies_find(const Copies *copies, const char *view)
{
    for (guint i = 0; i < copies->copies->len; i++) {
        const Copy *copy = copies->copies->pdata[i];
        if (strcmp(copy->plan->view, view) == 0)
            return copy;
    }
    return NULL;
}

/* What SQLite makes of the columns of a SELECT when it makes a table of it. */
static gboolean read_shape(sqlite3 *db, Copy *copy, const char *select, GError **error)
{
    g_autofree char *make =
        g_strdup_printf("CREATE TEMP TABLE shape AS SELECT * FROM (%s) LIMIT 0", select);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean done =
        sqlite_run(db, make, "cannot copy a view", error) &&
        ((sqlite3_prepare_v2(db, "SELECT sql FROM temp.sqlite_schema WHERE name = 'shape'", -1,
                             &stmt, NULL) == SQLITE_OK &&
          sqlite3_step(stmt) == SQLITE_ROW) ||
         sqlite_error(db, "cannot copy a view", error));
    if (done)
        copy->shape = g_strdup((const char *)sqlite3_column_text(stmt, 0));
    g_clear_pointer(&stmt, sqlite3_finalize);
    return done && sqlite_run(db, "DROP TABLE temp.shape", "cannot copy a view", error);
}

static gboolean read_rows(Copies *copies, Copy *copy, sqlite3_stmt *stmt, GError **error)
{
    guint n = copy->n_columns;
    g_autofree gboolean *found = g_new0(gboolean, n);
    int rc;
    for (guint i = 0; i < copy->n_indexes; i++)
        found[copy->index[i].column] = TRUE;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        guint at = copy->cells->len;
        g_array_set_size(copy->cells, at + n);
        Cell *cell = &g_array_index(copy->cells, Cell, at);
        for (guint i = 0; i < n; i++)
            cell[i] = heap_take(&copies->heap, stmt, (int)i, found[i]);
        copy->n_rows++;
    }
    if (rc != SQLITE_DONE)
        return sqlite_error(sqlite3_db_handle(stmt), "cannot copy a view", error);
    return !copies->heap.full ||
           error_set(error, STATUS_MEMORY, "cannot copy a view: too many different values");
}

static void fill_index(const Heap *heap, const Copy *copy, CopyIndex *index)
{
    guint32 buckets = 1024;
    while (buckets < copy->n_rows)
        buckets *= 2;
    index->mask = buckets - 1;
    index->first = g_new0(guint32, buckets);
    index->next = g_new0(guint32, (gsize)copy->n_rows + 1);
    const Cell *cells = (const Cell *)(gpointer)copy->cells->data;
    for (guint row = copy->n_rows; row-- > 0;) { /* so that chains rise */
        Cell cell = cells[(gsize)row * copy->n_columns + index->column];
        if (!cell_is_text(cell))
            continue;
        guint32 *first = &index->first[heap_hash(heap, cell) & index->mask];
        index->next[row] = *first;
        *first = row + 1;
    }
}

/* Which columns the ways in are; their rows are not there yet. */
static void note_ways(Copy *copy, sqlite3_stmt *stmt)
{
    const CopyWay *way = copy->plan->ways;
    for (guint w = 0; w < COPY_INDEXES && way[w].column; w++)
        for (guint i = 0; i < copy->n_columns; i++)
            if (strcmp(sqlite3_column_name(stmt, (int)i), way[w].column) == 0)
                copy->index[copy->n_indexes++] = (CopyIndex){.column = i, .rows = way[w].rows};
}

gboolean copies_add(Copies *copies, sqlite3 *db, const CopyPlan *plan, const char *select,
                    GError **error)
{
    Copy *copy = g_new0(Copy, 1);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    copy->plan = plan;
    copy->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    g_ptr_array_add(copies->copies, copy);
    if (!read_shape(db, copy, select, error))
        return FALSE;
    if (sqlite3_prepare_v2(db, select, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot copy a view", error);
    copy->n_columns = (guint)sqlite3_column_count(stmt);
    note_ways(copy, stmt);
    if (!read_rows(copies, copy, stmt, error))
        return FALSE;
    for (guint i = 0; i < copy->n_indexes; i++)
        fill_index(&copies->heap, copy, &copy->index[i]);
    return TRUE;
}

guint copy_follow(const Copy *copy, const CopyIndex *index, Cell wanted, guint at)
{
    const Cell *cells = (const Cell *)(gconstpointer)copy->cells->data;
    while (at && cells[(gsize)(at - 1) * copy->n_columns + index->column] != wanted)
        at = index->next[at - 1];
    return at;
}

guint copy_begin(const Copies *copies, const Copy *copy, const CopyIndex *index, Cell wanted)
{
    if (wanted == CELL_NULL)
        return 0;
    guint32 bucket = heap_hash(&copies->heap, wanted) & index->mask;
    return copy_follow(copy, index, wanted, index->first[bucket]);
}

gboolean copies_have(const Copies *copies, const char *view, const char *text)
{
    const Copy *copy = copies_find(copies, view);
    return copy->n_indexes > 0 && copy_begin(copies, copy, &copy->index[0],
                                             heap_find(&copies->heap, text, strlen(text))) != 0;
}
