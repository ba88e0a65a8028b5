/*
 * Runs one of the room's own statements and hands its rows on, cell by cell as text: numbers with
 * a fixed number of decimals, without regard to the locale. Nothing is kept in memory.
 */
#include <stdlib.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/query/select.h"
#include "engine/store/schema.h"

gboolean select_walk(Store *store, const char *sql, const char *parameter,
                     gboolean (*take)(sqlite3_stmt *row, gpointer data, GError **error),
                     gpointer data, GError **error)
{
    sqlite3 *db = store_handle(store);
    sqlite3_stmt *row = NULL;
    gboolean taken = TRUE;
    int status = sqlite3_prepare_v2(db, sql, -1, &row, NULL);
    if (status == SQLITE_OK && parameter)
        status = sqlite3_bind_text(row, 1, parameter, -1, SQLITE_STATIC);
    while (taken && status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
        status = SQLITE_OK;
        taken = take(row, data, error);
    }
    sqlite3_finalize(row);
    if (!taken)
        return FALSE;
    return status == SQLITE_DONE || sqlite_error(db, "cannot query the store", error);
}

gboolean select_hold(Store *store, gboolean *own, GError **error)
{
    sqlite3 *db = store_handle(store);
    *own = sqlite3_get_autocommit(db) != 0;
    return !*own || sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ||
           error_set(error, STATUS_STORE, "cannot query the store: %s", sqlite3_errmsg(db));
}

void select_leave(Store *store, gboolean own)
{
    if (own)
        sqlite3_exec(store_handle(store), "COMMIT", NULL, NULL, NULL);
}

gboolean select_record(Store *store, sqlite3_stmt **row, const char *sql, gint64 record,
                       gboolean (*take)(sqlite3_stmt *row, gpointer data, GError **error),
                       gpointer data, GError **error)
{
    sqlite3 *db = store_handle(store);
    gboolean taken = TRUE;
    int status = *row ? SQLITE_OK : sqlite3_prepare_v2(db, sql, -1, row, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_bind_int64(*row, 1, record);
    while (taken && status == SQLITE_OK && (status = sqlite3_step(*row)) == SQLITE_ROW) {
        status = SQLITE_OK;
        taken = take(*row, data, error);
    }
    sqlite3_reset(*row);
    if (!taken)
        return FALSE;
    return status == SQLITE_DONE ||
           error_set(error, STATUS_STORE, "cannot query the store: %s", sqlite3_errmsg(db));
}

char *select_cell(const Select *select, sqlite3_stmt *row, guint column)
{
    int decimals = select->columns[column].decimals;
    if (sqlite3_column_type(row, (int)column) == SQLITE_NULL)
        return NULL;
    if (decimals == SELECT_AS_IS)
        return g_strdup((const char *)sqlite3_column_text(row, (int)column));
    double value = sqlite3_column_double(row, (int)column);
    if (decimals >= 0)
        return text_number(value, decimals);
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(buffer, sizeof buffer, "%.6g", value));
}

gboolean select_begin(const Select *select, RowSink *sink, GError **error)
{
    g_autofree Column *columns = g_new(Column, select->n);
    for (guint i = 0; i < select->n; i++)
        columns[i] = select->columns[i].column;
    return sink->begin(sink, columns, select->n, error);
}

typedef struct {
    const Select *select;
    RowSink *sink;
    char **cells;
} Passing;

static gboolean pass_row(sqlite3_stmt *row, gpointer data, GError **error)
{
    Passing *passing = data;
    guint n = passing->select->n;
    for (guint i = 0; i < n; i++)
        passing->cells[i] = select_cell(passing->select, row, i);
    gboolean ok = passing->sink->row(passing->sink, (const char *const *)passing->cells, error);
    for (guint i = 0; i < n; i++)
        g_clear_pointer(&passing->cells[i], g_free);
    return ok;
}

gboolean select_rows(Store *store, const Select *select, RowSink *sink, GError **error)
{
    g_autofree char **cells = g_new0(char *, select->n + 1);
    Passing passing = {select, sink, cells};
    return select_begin(select, sink, error) &&
           select_walk(store, select->sql, NULL, pass_row, &passing, error) &&
           sink->end(sink, error);
}

void select_cells(sqlite3_stmt *row, char **cells, guint n)
{
    for (guint i = 0; i < n; i++)
        cells[i] = g_strdup((const char *)sqlite3_column_text(row, (int)i));
}

void select_cells_free(char **cells, guint n)
{
    for (guint i = 0; i < n; i++)
        g_free(cells[i]);
}
