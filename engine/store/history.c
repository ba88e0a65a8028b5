/*
 * History of a record: older revisions, which put.c keeps when a row comes again with other
 * content, and behind them the current one.
 */
#include "engine/store/history.h"

#include "engine/store/db.h"

void revision_free(Revision *revision)
{
    g_free(revision->file);
    g_free(revision->loaded_at);
    g_free(revision->canonical);
    g_free(revision->raw);
    g_free(revision);
}

static gboolean add_older(Store *store, const char *ref, GPtrArray *history, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_HISTORY, error);
    gboolean row = stmt != NULL;
    if (row)
        statement_bind(stmt, "t", ref);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        Revision *revision = g_new0(Revision, 1);
        revision->revision = sqlite3_column_int(stmt, 0);
        revision->file = column_text(stmt, 1);
        revision->loaded_at = column_text(stmt, 2);
        revision->line = (guint64)sqlite3_column_int64(stmt, 3);
        revision->canonical = column_text(stmt, 4);
        revision->raw = column_text(stmt, 5);
        g_ptr_array_add(history, revision);
    }
    return FALSE;
}

static gboolean add_current(Store *store, const Record *record, GPtrArray *history, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_GET, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", record->file_id);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    Revision *revision = g_new0(Revision, 1);
    revision->revision = record->revision;
    revision->file = row ? column_text(stmt, 0) : NULL;
    revision->loaded_at = row ? column_text(stmt, 1) : NULL;
    revision->line = record->line;
    revision->canonical = record_json(record);
    revision->raw = g_strdup(record->raw);
    g_ptr_array_add(history, revision);
    sqlite3_reset(stmt);
    return TRUE;
}

GPtrArray *store_history(Store *store, const char *ref, GError **error)
{
    g_autoptr(Record) record = store_get(store, ref, error);
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)revision_free);
    return record != NULL && add_older(store, ref, history, error) &&
                   add_current(store, record, history, error)
               ? g_steal_pointer(&history)
               : NULL;
}
