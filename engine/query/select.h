/* SQL -> rows inside engine/query: one statement, its columns and how they are written. */
#ifndef CROSSTRACE_QUERY_SELECT_H
#define CROSSTRACE_QUERY_SELECT_H

#include <sqlite3.h>

#include "engine/query/query.h"

/* One column of a result. */
typedef struct {
    Column column;
    int decimals; /* of a number; SELECT_AS_IS: as SQLite has it; SELECT_SHORT: six digits */
} SelectColumn;

#define SELECT_AS_IS (-1)
#define SELECT_SHORT (-2)

typedef struct {
    const char *sql;
    const SelectColumn *columns;
    guint n;
} Select;

/* Rows of a result, one after another, into a sink: begin, every row, end. */
gboolean select_rows(Store *store, const Select *select, RowSink *sink, GError **error);

/* Tells the sink the columns. */
gboolean select_begin(const Select *select, RowSink *sink, GError **error);
/* Cell of a column as text, g_free; NULL for SQL NULL. */
char *select_cell(const Select *select, sqlite3_stmt *row, guint column);
/* The first n columns of a row as text, to be given back by the other; NULL for SQL NULL. */
void select_cells(sqlite3_stmt *row, char **cells, guint n);
void select_cells_free(char **cells, guint n);
/* Prepares and walks: take is called for every row; FALSE with error set stops. */
gboolean select_walk(Store *store, const char *sql, const char *parameter,
                     gboolean (*take)(sqlite3_stmt *row, gpointer data, GError **error),
                     gpointer data, GError **error);
/* Between the two all is read of one state of the store. *own: it was not so already. */
gboolean select_hold(Store *store, gboolean *own, GError **error);
void select_leave(Store *store, gboolean own);

/* The same of a statement whose ?1 is the number of a record; it is prepared once (*row is NULL at
 * first, and in the end for sqlite3_finalize). */
gboolean select_record(Store *store, sqlite3_stmt **row, const char *sql, gint64 record,
                       gboolean (*take)(sqlite3_stmt *row, gpointer data, GError **error),
                       gpointer data, GError **error);

#endif
