/*
 * History of a record: older revisions, which put.c keeps when a row comes again with other
 * content, and behind them the current one. A revision is a row of numbers and a hash; what it said
 * lies with what others said that night in a block of texts, its raw row in the one it came in.
 */
#include "engine/store/history.h"

#include <string.h>

#include "engine/store/db.h"

#define FORMER_BYTES (128u << 10) /* of a block: it is unpacked for one record too */

static void revision_free(Revision *revision)
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

/* ---- what is said before, in blocks ------------------------------------------------------- */

gboolean former_add(Store *store, const char *text, gint64 *at, GError **error)
{
    if (store->former == NULL)
        store->former = g_byte_array_new();
    if (store->n_former == 0 && !block_reserve(store, BLOCKS_FORMER, error))
        return FALSE;
    *at = store->next_block[BLOCKS_FORMER] * BLOCK_PLACES + store->n_former++;
    texts_append(store->former, text, strlen(text));
    return (store->n_former < BLOCK_PLACES && store->former->len < FORMER_BYTES) ||
           former_flush(store, error);
}

gboolean former_flush(Store *store, GError **error)
{
    if (store->n_former == 0)
        return TRUE;
    g_autoptr(RawPacker) packer = raw_packer_new();
    g_autoptr(GBytes) packed = texts_pack(packer, store->former);
    gboolean done = block_write(store, BLOCKS_FORMER, packed, error);
    former_discard(store);
    return done;
}

void former_discard(Store *store)
{
    g_clear_pointer(&store->former, g_byte_array_unref);
    store->n_former = 0;
}

void blocks_forget(Store *store)
{
    for (guint i = 0; i < BLOCKS_COUNT; i++)
        block_cache_clear(&store->texts[i]);
}

/* former_text(former_at) and raw_text(raw_at) in SQL, for the rooms with a handle: a text out of
 * its block; neighbours are mostly asked for one after the other. */
static void sql_text(sqlite3_context *context, Blocks blocks, sqlite3_value *at)
{
    Store *store = sqlite3_user_data(context);
    g_autoptr(GError) problem = NULL;
    char *text =
        block_text(store, blocks, sqlite3_value_int64(at), &store->texts[blocks], &problem);
    if (text != NULL) {
        sqlite3_result_text(context, text, -1, g_free);
        return;
    }
    sqlite3_result_error(context, problem->message, -1);
    if (error_status(problem) == STATUS_STORE)
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
}

static void sql_former_text(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    sql_text(context, BLOCKS_FORMER, values[0]);
}

static void sql_raw_text(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    sql_text(context, BLOCKS_RAW, values[0]);
}

/* pack_texts(place, text): texts in the order of their places as one block; what a migration
 * packs. */
typedef struct {
    GByteArray *plain;
    gint64 n;
} Packing;

static void sql_pack(sqlite3_context *context, int n, sqlite3_value **values)
{
    Packing *packing = sqlite3_aggregate_context(context, sizeof *packing);
    gint64 place = sqlite3_value_int64(values[0]);
    const char *text = (const char *)sqlite3_value_text(values[1]);
    (void)n;
    if (packing == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (place < packing->n || place >= BLOCK_PLACES) {
        sqlite3_result_error(context, "texts are not in their order", -1);
        return;
    }
    if (packing->plain == NULL)
        packing->plain = g_byte_array_new();
    for (; packing->n < place; packing->n++)
        texts_append(packing->plain, "", 0);
    if (packing->plain->len + 4 + (gsize)sqlite3_value_bytes(values[1]) > BLOCK_MAX) {
        sqlite3_result_error(context, "texts are too large for a block", -1);
        return;
    }
    texts_append(packing->plain, text != NULL ? text : "", (gsize)sqlite3_value_bytes(values[1]));
    packing->n++;
}

static void sql_pack_end(sqlite3_context *context)
{
    Packing *packing = sqlite3_aggregate_context(context, 0);
    if (packing == NULL || packing->plain == NULL)
        return;
    g_autoptr(RawPacker) packer = raw_packer_new();
    g_autoptr(GBytes) packed = texts_pack(packer, packing->plain);
    g_byte_array_unref(packing->plain);
    sqlite3_result_blob64(context, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed),
                          SQLITE_TRANSIENT);
}

gboolean history_add_function(sqlite3 *db, GError **error)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    return sqlite3_create_function_v2(db, "pack_texts", 2, flags, NULL, NULL, sql_pack,
                                      sql_pack_end, NULL) == SQLITE_OK ||
           sqlite_error(db, "cannot set up the store's connection", error);
}

gboolean history_attach(Store *store, GError **error)
{
    static const struct {
        const char *name;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"former_text", sql_former_text}, {"raw_text", sql_raw_text}};
    int rc = SQLITE_OK;
    for (gsize i = 0; i < G_N_ELEMENTS(functions) && rc == SQLITE_OK; i++)
        rc = sqlite3_create_function_v2(store->db, functions[i].name, 1,
                                        SQLITE_UTF8 | SQLITE_DIRECTONLY, store, functions[i].run,
                                        NULL, NULL, NULL);
    return rc == SQLITE_OK ||
           sqlite_error(store->db, "cannot set up the store's connection", error);
}
