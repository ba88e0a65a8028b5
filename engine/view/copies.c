/*
 * Copies of views, filled from SELECTs: rows of cells, and for each way in the rows by the hash of
 * their text. How SQLite reads them: table.c; what changes in them: patch.c. Which views:
 * views.c.
 */
#include "engine/view/copies.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/store/schema.h"
#include "engine/view/fill.h"

static void copy_free(gpointer data)
{
    Copy *copy = data;
    for (guint i = 0; i < copy->n_indexes; i++) {
        block_free(copy->index[i].begins);
        block_free(copy->index[i].next);
    }
    block_free(copy->cells);
    g_free(copy->shape);
    g_free(copy->list);
    g_clear_pointer(&copy->buried, g_array_unref);
    g_free(copy);
}

Copies *copies_new(void)
{
    Copies *copies = g_new0(Copies, 1);
    copies->heap = g_new(Heap, 1);
    copies->own = TRUE;
    heap_init(copies->heap);
    copies->copies = g_ptr_array_new_with_free_func(copy_free);
    return copies;
}

void copies_free(Copies *copies)
{
    if (copies == NULL)
        return;
    if (copies->own) {
        heap_clear(copies->heap);
        g_free(copies->heap);
    }
    g_ptr_array_unref(copies->copies);
    g_free(copies);
}

Copy *copies_find(const Copies *copies, const char *view)
{
    for (guint i = 0; i < copies->copies->len; i++) {
        Copy *copy = copies->copies->pdata[i];
        if (strcmp(copy->plan->view, view) == 0)
            return copy;
    }
    return NULL;
}

/* ---- filled ----------------------------------------------------------------------------- */

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

void copy_index_row(const Heap *heap, const Copy *copy, CopyIndex *index, guint at)
{
    Cell cell = copy_row(copy, at)[index->column];
    guint32 hash;
    if (!cell_is_text(cell))
        return;
    if (index->hash == NULL)
        hash = heap_hash(heap, cell);
    else if (!index->hash(heap_text(heap, cell), &hash))
        return;
    guint32 *first = &index->first[hash & index->mask];
    g_array_index(index->next, guint32, at - 1) = *first;
    *first = at;
}

void copy_fill_index(const Heap *heap, const Copy *copy, CopyIndex *index)
{
    guint32 buckets = 1024;
    while (buckets < copy->n_rows)
        buckets *= 2;
    index->mask = buckets - 1;
    index->begins = block_table(sizeof(guint32), buckets);
    index->first = (guint32 *)(gpointer)index->begins->data;
    index->next = block_table(sizeof(guint32), copy->n_rows);
    for (guint at = copy->n_rows; at > 0; at--) /* so that chains rise */
        copy_index_row(heap, copy, index, at);
}

/* Which columns the ways in are; their rows are not there yet. */
static void note_ways(Copy *copy, sqlite3_stmt *stmt)
{
    const CopyWay *way = copy->plan->ways;
    for (guint w = 0; w < COPY_WAYS && way[w].column; w++)
        for (guint i = 0; i < copy->n_columns; i++)
            if (strcmp(sqlite3_column_name(stmt, (int)i), way[w].column) == 0)
                copy->index[copy->n_indexes++] =
                    (CopyIndex){.column = i, .rows = way[w].rows, .hash = way[w].hash};
}

gboolean copy_has(const Copy *copy, const char *column)
{
    g_autofree char *nothing = g_strconcat(COPY_NOTHING "\"", column, "\"", NULL);
    return strstr(copy->list, nothing) == NULL;
}

gboolean *copy_found(const Copy *copy)
{
    gboolean *found = g_new0(gboolean, copy->n_columns);
    for (guint i = 0; i < copy->n_indexes; i++)
        found[copy->index[i].column] |= copy->index[i].hash == NULL;
    return found;
}

static sqlite3_stmt *select_of(sqlite3 *db, const CopyOf *of, GError **error)
{
    g_autofree char *some = g_strdup_printf("SELECT %s FROM (%s)", of->list, of->select);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, some, -1, &stmt, NULL) != SQLITE_OK)
        sqlite_error(db, "cannot copy a view", error);
    return stmt;
}

Copy *copies_open(Copies *copies, sqlite3 *db, const CopyPlan *plan, const CopyOf *of,
                  GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = select_of(db, of, error);
    Copy *copy = g_new0(Copy, 1);
    copy->plan = plan;
    copy->list = g_strdup(of->list);
    copy->cells = block_new(sizeof(Cell), 0);
    g_ptr_array_add(copies->copies, copy);
    if (stmt == NULL || !read_shape(db, copy, of->select, error))
        return NULL;
    copy->n_columns = (guint)sqlite3_column_count(stmt);
    note_ways(copy, stmt);
    return copy;
}

/* The ways in of some copies, each filled by itself. */
typedef struct {
    const Heap *heap;
    GArray *ways; /* of Way */
} Indexing;

typedef struct {
    const Copy *copy;
    CopyIndex *index;
} Way;

static void index_work(Queue *queue, gpointer data)
{
    const Indexing *indexing = data;
    for (guint job; queue_next(queue, &job);) {
        const Way *way = &g_array_index(indexing->ways, Way, job);
        copy_fill_index(indexing->heap, way->copy, way->index);
    }
}

static void add_ways(GArray *ways, Copy *copy)
{
    memory_large(copy->cells->data, copy->cells->len * sizeof(Cell));
    for (guint i = 0; i < copy->n_indexes; i++) {
        const Way way = {copy, &copy->index[i]};
        g_array_append_val(ways, way);
    }
}

void copy_index(const Copies *copies, Copy *copy)
{
    g_autoptr(GArray) ways = g_array_new(FALSE, FALSE, sizeof(Way));
    add_ways(ways, copy);
    for (guint i = 0; i < ways->len; i++) {
        const Way *way = &g_array_index(ways, Way, i);
        copy_fill_index(copies->heap, way->copy, way->index);
    }
}

void copies_index(const Copies *copies)
{
    g_autoptr(GArray) ways = g_array_new(FALSE, FALSE, sizeof(Way));
    for (guint i = 0; i < copies->copies->len; i++)
        add_ways(ways, copies->copies->pdata[i]);
    Indexing indexing = {copies->heap, ways};
    queue_run(ways->len, index_work, &indexing);
}

gboolean copies_add(Copies *copies, sqlite3 *db, const CopyPlan *plan, const CopyOf *of,
                    GError **error)
{
    Copy *copy = copies_open(copies, db, plan, of, error);
    g_autoptr(sqlite3_stmt) rows = copy != NULL ? select_of(db, of, error) : NULL;
    if (rows == NULL || !copy_fill(copies, copy, rows, of->beside, error))
        return FALSE;
    copy_index(copies, copy);
    return TRUE;
}

/* ---- read ------------------------------------------------------------------------------- */

const Cell *copy_row(const Copy *copy, guint at)
{
    return (const Cell *)(gconstpointer)copy->cells->data + (gsize)(at - 1) * copy->n_columns;
}

gboolean copy_is_dead(const Copy *copy, guint row)
{
    return copy->n_dead > 0 && copy_row(copy, row + 1)[copy->index[0].column] == CELL_NULL;
}

guint copy_follow(const Copy *copy, const CopyIndex *index, Cell wanted, guint at)
{
    while (at && copy_row(copy, at)[index->column] != wanted)
        at = g_array_index(index->next, guint32, at - 1);
    return at;
}

guint copy_begin(const Copies *copies, const Copy *copy, const CopyIndex *index, Cell wanted)
{
    if (wanted == CELL_NULL)
        return 0;
    guint32 bucket = heap_hash(copies->heap, wanted) & index->mask;
    return copy_follow(copy, index, wanted, index->first[bucket]);
}

guint copy_next(const Copy *copy, const CopyIndex *index, Cell wanted, guint at)
{
    return copy_follow(copy, index, wanted, g_array_index(index->next, guint32, at - 1));
}

/* What is selected names every column, in quotes. */
guint copy_column(const Copy *copy, const char *column)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", column);
    const char *at = strstr(copy->list, quoted);
    guint quotes = 0;
    for (const char *p = copy->list; at && p < at; p++)
        quotes += *p == '"';
    return quotes / 2;
}

const CopyIndex *copy_way(const Copy *copy, const char *column)
{
    for (guint i = 0; i < copy->n_indexes; i++)
        if (strcmp(copy->plan->ways[i].column, column) == 0)
            return &copy->index[i];
    return NULL;
}
