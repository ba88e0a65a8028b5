/*
 * Statements: every SQL text of the store is prepared once (statements.def, and the three wide
 * ones made from the field lists), then reset and used again; binding and reading in one place.
 */
#include "engine/store/db.h"

static const char *const STATEMENTS[] = {
#define STATEMENT(id, sql) sql,
#include "engine/store/statements.def"
#undef STATEMENT
};

static char *insert_sql(const char *head, const char *(*name)(int), int n, int n_head)
{
    GString *sql = g_string_new(head);
    for (int i = 0; i < n; i++)
        g_string_append_printf(sql, ", %s", name(i));
    g_string_append(sql, ") VALUES(");
    for (int i = 0; i < n + n_head; i++)
        g_string_append(sql, i == 0 ? "?" : ", ?");
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}

static const char *field_at(int index)
{
    return field_name((Field)index);
}

static const char *mention_field_at(int index)
{
    return mention_field_name((MentionField)index);
}

static char *update_sql(void)
{
    GString *sql = g_string_new("UPDATE record SET ref = ?, kind = ?, file_id = ?, line = ?,"
                                " revision = ?, content_hash = ?, raw_at = ?");
    for (int i = 0; i < FIELD_COUNT; i++)
        g_string_append_printf(sql, ", %s = ?", field_at(i));
    g_string_append(sql, " WHERE record_id = ?");
    return g_string_free(sql, FALSE);
}

static char *statement_sql(SqlId id)
{
    switch (id) {
    case SQL_RECORD_INSERT:
        return insert_sql(
            "INSERT INTO record(ref, kind, file_id, line, revision, content_hash, raw_at", field_at,
            FIELD_COUNT, 7);
    case SQL_RECORD_UPDATE:
        return update_sql();
    case SQL_MENTION_INSERT:
        return insert_sql("INSERT INTO mention(record_id, role", mention_field_at, MENTION_COUNT,
                          2);
    case SQL_RECORD_GET:
        return record_sql(" WHERE r.record_id = ?");
    case SQL_MENTION_GET:
        return mention_sql(" WHERE r.record_id = ? ORDER BY m.role");
    default:
        return g_strdup(STATEMENTS[id]);
    }
}

sqlite3_stmt *store_statement(Store *store, SqlId id, GError **error)
{
    sqlite3_stmt *stmt = store->cache[id];
    if (stmt != NULL) {
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
        return stmt;
    }
    g_autofree char *sql = statement_sql(id);
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
        SQLITE_OK) {
        sqlite_error(store->db, "cannot prepare a statement", error);
        return NULL;
    }
    return store->cache[id] = stmt;
}

void statement_bind(sqlite3_stmt *stmt, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    for (int i = 1; *types != '\0'; types++, i++) {
        if (*types == 't') {
            const char *text = va_arg(values, const char *);
            sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC);
        } else if (*types == 'i') {
            sqlite3_bind_int64(stmt, i, va_arg(values, gint64));
        } else {
            sqlite3_bind_double(stmt, i, va_arg(values, double));
        }
    }
    va_end(values);
}

gboolean store_run(Store *store, sqlite3_stmt *stmt, GError **error)
{
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE) {
        sqlite3_reset(stmt);
        return TRUE;
    }
    sqlite_error(store->db, "cannot write to the store", error);
    sqlite3_reset(stmt);
    return FALSE;
}

gboolean store_step(Store *store, sqlite3_stmt *stmt, gboolean *row, GError **error)
{
    int rc = sqlite3_step(stmt);
    *row = rc == SQLITE_ROW;
    if (*row)
        return TRUE;
    if (rc != SQLITE_DONE)
        sqlite_error(store->db, "cannot read the store", error);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE;
}

char *column_text(sqlite3_stmt *stmt, int column)
{
    return g_strdup((const char *)sqlite3_column_text(stmt, column));
}

const char *column_view(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

char *column_hash(sqlite3_stmt *stmt, int column)
{
    static const char DIGITS[] = "0123456789abcdef";
    const unsigned char *bytes = sqlite3_column_blob(stmt, column);
    int length = sqlite3_column_bytes(stmt, column);
    char *text = g_malloc((gsize)length * 2 + 1);
    for (int i = 0; i < length; i++) {
        text[2 * i] = DIGITS[bytes[i] >> 4];
        text[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    text[2 * length] = '\0';
    return text;
}
