/*
 * Runs one sandboxed SELECT: gate (gate.c), then prepare, bind and step on the store under the
 * guard (guard.c), rows out through a RowSink. While the rows travel the guard is up, so a sink
 * that wants to write to the store keeps its rows and writes them when the query is over.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/sql/knowledge.h"
#include "engine/sql/sandbox.h"
#include "engine/store/schema.h"

static const SqlParameter *parameter_find(const SqlOptions *options, const char *name)
{
    for (guint i = 0; options && i < options->n_parameters; i++)
        if (strcmp(options->parameters[i].name, name) == 0)
            return &options->parameters[i];
    return NULL;
}

static int parameter_bind(sqlite3_stmt *statement, int index, const SqlParameter *parameter)
{
    if (!parameter->number)
        return sqlite3_bind_text(statement, index, parameter->text, -1, SQLITE_TRANSIENT);
    gint64 whole = ABS(parameter->value) < 1e15 ? (gint64)parameter->value : 0;
    if ((double)whole == parameter->value)
        return sqlite3_bind_int64(statement, index, whole);
    return sqlite3_bind_double(statement, index, parameter->value);
}

static gboolean parameters_bind(const Guard *guard, sqlite3_stmt *statement,
                                const SqlOptions *options, GError **error)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        const SqlParameter *parameter = parameter_find(options, name + 1);
        if (!parameter)
            return error_set(error, STATUS_USAGE, "parameter '%s' has no value", name);
        int rc = parameter_bind(statement, i, parameter);
        if (rc != SQLITE_OK)
            return sandbox_error(guard, rc, error);
    }
    return TRUE;
}

/* What the first row holds, if there is one, else what a column was declared as. A CASE may turn
 * into text in a later row: who prints it looks again. */
static ColumnType column_type(sqlite3_stmt *statement, int index)
{
    const char *type = sqlite3_column_decltype(statement, index);
    int held = sqlite3_data_count(statement) ? sqlite3_column_type(statement, index) : SQLITE_NULL;
    gboolean number = held != SQLITE_NULL ? held == SQLITE_INTEGER || held == SQLITE_FLOAT
                                          : type && (g_ascii_strcasecmp(type, "INTEGER") == 0 ||
                                                     g_ascii_strcasecmp(type, "REAL") == 0);
    return number ? COLUMN_NUMBER : COLUMN_DATA;
}

/* A text or name that there was no memory for looks like none. */
static gboolean is_whole(const Guard *guard, GError **error)
{
    return sqlite3_errcode(guard->db) != SQLITE_NOMEM || sandbox_error(guard, SQLITE_NOMEM, error);
}

/* The names of the columns, no two alike (a JSON object would lose one, and who reads it may not
 * tell capitals apart): the second `record` is `record_2`. They are kept in `names`, by their small
 * letters, as long as rows are sent. */
static const char *distinct_name(GHashTable *names, const char *name)
{
    char *distinct = g_strdup(name ? name : ""), *key = g_ascii_strdown(distinct, -1);
    for (guint i = 2; g_hash_table_contains(names, key); i++) {
        g_free(distinct);
        g_free(key);
        distinct = g_strdup_printf("%s_%u", name, i);
        key = g_ascii_strdown(distinct, -1);
    }
    g_hash_table_insert(names, key, distinct);
    return distinct;
}

static gboolean rows_begin(const Guard *guard, sqlite3_stmt *statement, GHashTable *names,
                           RowSink *sink, GError **error)
{
    guint n = (guint)sqlite3_column_count(statement);
    g_autofree Column *columns = g_new0(Column, n);
    for (guint i = 0; i < n; i++)
        columns[i] = (Column){distinct_name(names, sqlite3_column_name(statement, (int)i)),
                              column_type(statement, (int)i)};
    return is_whole(guard, error) && (!sink->begin || sink->begin(sink, columns, n, error));
}

static gboolean row_send(const Guard *guard, sqlite3_stmt *statement, RowSink *sink, GError **error)
{
    int n = sqlite3_column_count(statement);
    g_autofree const char **cells = g_new0(const char *, (gsize)n);
    for (int i = 0; i < n; i++)
        cells[i] = (const char *)sqlite3_column_text(statement, i);
    return is_whole(guard, error) && sink->row(sink, cells, error);
}

static gboolean rows_run(const Guard *guard, sqlite3_stmt *statement, guint64 max_rows,
                         RowSink *sink, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    /* apart.c puts it behind these */
    g_hash_table_insert(names, g_strdup("handling"), g_strdup("handling"));
    int rc = sqlite3_step(statement);
    if (!rows_begin(guard, statement, names, sink, error))
        return FALSE;
    for (guint64 row = 1; rc == SQLITE_ROW; row++) {
        if (!row_send(guard, statement, sink, error))
            return FALSE;
        if (row == max_rows)
            break;
        rc = sqlite3_step(statement);
    }
    if (rc != SQLITE_DONE && rc != SQLITE_ROW)
        return sandbox_error(guard, rc, error);
    return !sink->end || sink->end(sink, error);
}

static sqlite3_stmt *query_prepare(const Guard *guard, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(guard->db, sql, -1, &statement, NULL);
    if (rc != SQLITE_OK)
        sandbox_error(guard, rc, error);
    return statement;
}

static gboolean query_run(const Guard *guard, const char *sql, const SqlOptions *options,
                          RowSink *sink, GError **error)
{
    g_autoptr(SandboxStatement) statement = query_prepare(guard, sql, error);
    return statement && parameters_bind(guard, statement, options, error) &&
           rows_run(guard, statement, options ? options->max_rows : 0, sink, error);
}

gboolean sql_query(Store *store, const char *sql, const SqlOptions *options, RowSink *sink,
                   GError **error)
{
    sqlite3 *db = store_handle(store);
    SqlKnowledge *knowledge = options ? options->knowledge : NULL;
    if (!functions_register(db, knowledge, error) || !gate_pass(store, sql, NULL, NULL, error) ||
        !knowledge_prepare(knowledge, sql, error))
        return FALSE;
    Guard guard;
    guard_up(&guard, db, FALSE, options);
    gboolean ok = query_run(&guard, sql, options, sink, error);
    if (options && options->steps_taken)
        *options->steps_taken = guard.steps;
    guard_down(&guard);
    return ok;
}

gboolean sql_in_memory(Store *store, GError **error)
{
    sqlite3 *db = store_handle(store);
    return sqlite3_exec(db, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_error(db, "cannot query the store", error);
}

static char **statement_columns(sqlite3_stmt *statement)
{
    int n = sqlite3_column_count(statement);
    char **names = g_new0(char *, (gsize)n + 1);
    for (int i = 0; i < n; i++)
        names[i] = g_strdup(sqlite3_column_name(statement, i));
    return names;
}

static char **statement_parameters(sqlite3_stmt *statement)
{
    int n = sqlite3_bind_parameter_count(statement);
    char **names = g_new0(char *, (gsize)n + 1);
    for (int i = 0; i < n; i++)
        names[i] = g_strdup(sqlite3_bind_parameter_name(statement, i + 1) + 1);
    return names;
}

gboolean sql_describe(Store *store, SqlKnowledge *knowledge, const char *sql, SqlShape *shape,
                      GError **error)
{
    sqlite3 *db = store_handle(store);
    *shape = (SqlShape){.offset = -1};
    if (!functions_register(db, knowledge, error) ||
        !gate_pass(store, sql, &shape->offset, NULL, error))
        return FALSE;
    Guard guard;
    guard_up(&guard, db, FALSE, NULL);
    sqlite3_stmt *statement = query_prepare(&guard, sql, error);
    if (statement) {
        shape->columns = statement_columns(statement);
        shape->parameters = statement_parameters(statement);
    } else {
        shape->offset = sqlite3_error_offset(db);
    }
    sqlite3_finalize(statement);
    guard_down(&guard);
    return shape->columns != NULL;
}

gboolean sql_reads(Store *store, SqlKnowledge *knowledge, const char *sql, GHashTable *columns,
                   GError **error)
{
    return functions_register(store_handle(store), knowledge, error) &&
           gate_pass(store, sql, NULL, columns, error);
}

void sql_shape_clear(SqlShape *shape)
{
    g_clear_pointer(&shape->columns, g_strfreev);
    g_clear_pointer(&shape->parameters, g_strfreev);
}
