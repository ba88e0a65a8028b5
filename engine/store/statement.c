/*
 * Statements: every SQL text of the store is prepared once (statements.def, and the three wide
 * ones made from the field lists), then reset and used again; binding and reading in one place.
 */
#include <string.h>

#include "engine/store/feed.h"

static const char *const STATEMENTS[] = {
#define STATEMENT(id, sql) sql,
#include "engine/store/statements.def"
#undef STATEMENT
};

static char *record_update_sql(void)
{
    GString *sql = g_string_new("UPDATE record SET ref = ?, kind = ?, file_id = ?, line = ?,"
                                " revision = ?, content_hash = ?, raw_at = ?, packed = ?");
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i))
            g_string_append_printf(sql, ", %s = ?", field_name((Field)i));
    }
    g_string_append(sql, " WHERE record_id = ?");
    return g_string_free(sql, FALSE);
}

static char *statement_sql(const Store *store, SqlId id)
{
    switch (id) {
    case SQL_RECORD_INSERT:
        return feed_record_sql(store->feed);
    case SQL_RECORD_UPDATE:
        return record_update_sql();
    case SQL_MENTION_INSERT:
        return feed_mention_sql(store->feed);
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
    g_autofree char *sql = statement_sql(store, id);
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
    if (store_is_lost(store)) {
        sqlite3_reset(stmt);
        return store_lost(store, "cannot write to the store", error);
    }
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
    *row = FALSE;
    if (store_is_lost(store)) {
        sqlite3_reset(stmt);
        return store_lost(store, "cannot read the store", error);
    }
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

gboolean column_unpack(sqlite3_stmt *stmt, int column, const char **value, GError **error)
{
    const char *packed = sqlite3_column_blob(stmt, column);
    if (fields_unpack(packed, (gsize)sqlite3_column_bytes(stmt, column), value))
        return TRUE;
    return error_set(error, STATUS_STORE,
                     "store is damaged: packed fields of a record are not readable");
}

/* The packed field that an argument names: found once a statement where it is a constant. */
static gboolean named_field(sqlite3_context *context, int at, sqlite3_value *argument, Field *field)
{
    guint known = GPOINTER_TO_UINT(sqlite3_get_auxdata(context, at));
    const char *name = known ? NULL : (const char *)sqlite3_value_text(argument);
    *field = (Field)(known - 1);
    if (known)
        return TRUE;
    if (name == NULL || !field_parse(name, field) || !field_is_packed(*field))
        return FALSE;
    sqlite3_set_auxdata(context, at, GUINT_TO_POINTER((guint)*field + 1), NULL);
    return TRUE;
}

/* packed_field(packed, 'importer'): one of the packed fields in SQL, NULL where there is none (and
 * for a raw twin that is as the canonical value). */
static void packed_field(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    const char *value[FIELD_COUNT] = {NULL};
    const char *packed = sqlite3_value_blob(arguments[0]);
    gsize length = (gsize)sqlite3_value_bytes(arguments[0]);
    Field field;
    (void)n;
    if (!named_field(context, 1, arguments[1], &field))
        sqlite3_result_error(context, "no packed field of this name", -1);
    else if (fields_unpack(packed, length, value))
        sqlite3_result_text(context, value[field], -1, SQLITE_TRANSIENT);
}

gboolean store_add_functions(sqlite3 *db, GError **error)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    if (sqlite3_create_function_v2(db, "packed_field", 2, flags, NULL, packed_field, NULL, NULL,
                                   NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot set up the store's connection", error);
    return TRUE;
}
