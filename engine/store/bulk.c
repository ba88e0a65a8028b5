/*
 * A load that brings more than there is: the indexes over records are dropped, references are
 * found in a table of hashes in memory, and the indexes are built again, sorted, before the
 * commit. Keys come in random order; kept up row by row their index costs more than everything
 * else once it is larger than the cache. All of it in the load's transaction, but for what SQLite
 * only changes outside of one: foreign keys (the ids are our own; store_check looks) and, for a
 * store without records, the rollback journal, which writes new pages once and not twice. A run's
 * results go with the log, though all are new at first: whoever reads shall not have to wait.
 */
#include <string.h>

#include "engine/base/memory.h"
#include "engine/store/first.h"

#define SLOTS_MIN 1024u
#define SLOTS_MAX (1u << 24) /* 128 MB */

/* A slot: upper half of a reference's hash, then the record's id; 0: empty. */
struct Keys {
    guint64 *slots;
    guint n, size; /* a power of two */
};

static guint64 key_hash(const char *ref)
{
    Mix mix = mix_new();
    mix_add(&mix, 0, ref, strlen(ref));
    return mix_end(&mix).lane[0];
}

static void keys_put(Keys *keys, guint64 hash, guint32 record_id)
{
    guint at = (guint)hash & (keys->size - 1);
    while (keys->slots[at] != 0)
        at = (at + 1) & (keys->size - 1);
    keys->slots[at] = (hash & ~(guint64)G_MAXUINT32) | record_id;
    keys->n++;
}

static Keys *keys_new(guint64 expected)
{
    Keys *keys = g_new0(Keys, 1);
    keys->size = SLOTS_MIN;
    while (keys->size < SLOTS_MAX && expected * 4 > (guint64)keys->size * 3)
        keys->size *= 2;
    keys->slots = g_new0(guint64, keys->size);
    memory_large(keys->slots, keys->size * sizeof *keys->slots);
    return keys;
}

static void keys_free(Keys *keys)
{
    if (keys == NULL)
        return;
    g_free(keys->slots);
    g_free(keys);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keys, keys_free)

static gboolean keys_full(const Keys *keys)
{
    return (guint64)keys->n * 4 >= (guint64)keys->size * 3;
}

/* All references again, into a table of twice the size. */
static gboolean keys_fill(Store *store, Keys *keys, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row;
    if (sqlite3_prepare_v2(store->db, "SELECT record_id, ref FROM record", -1, &stmt, NULL) !=
        SQLITE_OK)
        return sqlite_error(store->db, "cannot read the records", error);
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return TRUE;
        keys_put(keys, key_hash((const char *)sqlite3_column_text(stmt, 1)),
                 (guint32)sqlite3_column_int64(stmt, 0));
    }
    return FALSE;
}

static gboolean is_ref(Store *store, gint64 record_id, const char *ref, gboolean *is,
                       GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_REF, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", record_id);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    *is = row && strcmp((const char *)sqlite3_column_text(stmt, 0), ref) == 0;
    sqlite3_reset(stmt);
    return TRUE;
}

/* Is it the reference of a record that a first load has put? NULL: it does not know. */
static const char *laid_ref(const Store *store, gint64 record_id)
{
    return store->first != NULL ? first_ref(store->first, record_id) : NULL;
}

void bulk_prefetch(const Store *store, const char *ref)
{
    if (store->keys != NULL && ref != NULL)
        __builtin_prefetch(&store->keys->slots[key_hash(ref) & (store->keys->size - 1)]);
}

static gboolean keys_find(Store *store, const char *ref, gint64 *record_id, GError **error)
{
    const Keys *keys = store->keys;
    guint64 hash = key_hash(ref);
    for (guint at = (guint)hash & (keys->size - 1); keys->slots[at] != 0;
         at = (at + 1) & (keys->size - 1)) {
        gboolean is = FALSE;
        if ((keys->slots[at] ^ hash) >> 32 != 0)
            continue;
        *record_id = (gint64)(keys->slots[at] & G_MAXUINT32);
        if (feed_waits(store, *record_id) && !feed_flush(store, error))
            return FALSE;
        const char *laid = laid_ref(store, *record_id);
        if (laid != NULL && strcmp(laid, ref) == 0)
            return TRUE;
        if (laid != NULL)
            continue;
        if (!first_end(store, NULL, error) || !is_ref(store, *record_id, ref, &is, error) || is)
            return is;
    }
    *record_id = 0;
    return TRUE;
}

gboolean bulk_find(Store *store, const char *ref, gint64 *record_id, GError **error)
{
    return store->keys != NULL ? keys_find(store, ref, record_id, error)
                               : store_find_ref(store, ref, record_id, error);
}

gboolean store_find_ref(Store *store, const char *ref, gint64 *record_id, GError **error)
{
    if (store->keys != NULL)
        return keys_find(store, ref, record_id, error) &&
               (*record_id == 0 || first_end(store, NULL, error));
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_ID, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", ref);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    *record_id = row ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_last_record(Store *store, gint64 *record_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_LAST, error);
    gboolean row = FALSE;
    if (stmt == NULL || !store_step(store, stmt, &row, error) || !row)
        return FALSE;
    *record_id = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return TRUE;
}

static gboolean run(Store *store, const char *sql, GError **error)
{
    return sqlite_run(store->db, sql, "cannot prepare the store for a load", error);
}

gboolean store_expect(Store *store, guint64 rows, GError **error)
{
    gint64 last;
    if (!store_last_record(store, &last, error))
        return FALSE;
    store->expected = 0;
    if (rows < BULK_ROWS || rows < (guint64)last)
        return TRUE;
    store->expected = rows;
    store->bulky = TRUE;
    /* A reader may keep the log in use; then it stays. */
    if (last == 0)
        sqlite3_exec(store->db, "PRAGMA journal_mode=TRUNCATE", NULL, NULL, NULL);
    return run(store, "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-32768", error);
}

gboolean bulk_begin(Store *store, GError **error)
{
    gint64 last;
    if (!store_last_record(store, &last, error) || (last == 0 && !first_begin(store, error)) ||
        (store->first == NULL && !run(store, RECORD_REF_DROP RECORD_DEALER_DROP, error)))
        return FALSE;
    g_autoptr(Keys) keys = keys_new(store->expected + (guint64)last);
    if (!keys_fill(store, keys, error))
        return FALSE;
    store->keys = g_steal_pointer(&keys);
    store->expected = 0;
    return TRUE;
}

gboolean bulk_add(Store *store, const char *ref, gint64 record_id, GError **error)
{
    if (record_id > G_MAXUINT32 || (keys_full(store->keys) && store->keys->size == SLOTS_MAX))
        return feed_flush(store, error) && bulk_end(store, error);
    if (keys_full(store->keys)) {
        g_autoptr(Keys) more = keys_new(store->keys->n * (guint64)2);
        g_clear_pointer(&store->keys, keys_free);
        if (!feed_flush(store, error) || !first_end(store, NULL, error) ||
            !keys_fill(store, more, error))
            return FALSE;
        store->keys = g_steal_pointer(&more);
        return TRUE;
    }
    keys_put(store->keys, key_hash(ref), (guint32)record_id);
    return TRUE;
}

static gboolean build_indexes(Store *store, const FirstIndexed *there, GError **error)
{
    sqlite3_exec(store->db, SORT_IN_FILES_SQL, NULL, NULL, NULL);
    gboolean done = (there->refs || run(store, RECORD_REF_SQL RECORD_REF_STAT, error)) &&
                    (there->dealers || run(store, RECORD_DEALER_SQL RECORD_DEALER_STAT, error)) &&
                    run(store, "ANALYZE sqlite_schema", error);
    sqlite3_exec(store->db, SORT_IN_MEMORY_SQL, NULL, NULL, NULL);
    return done;
}

gboolean bulk_end(Store *store, GError **error)
{
    if (store->keys == NULL)
        return TRUE;
    g_clear_pointer(&store->keys, keys_free);
    FirstIndexed there = {FALSE, FALSE};
    return first_end(store, &there, error) &&
           ((there.refs && there.dealers) || build_indexes(store, &there, error));
}

void bulk_over(Store *store)
{
    g_clear_pointer(&store->keys, keys_free);
    g_clear_pointer(&store->first, first_free);
    store->expected = 0;
    if (store->bulky)
        sqlite3_exec(store->db, BULK_OVER_SQL, NULL, NULL, NULL);
    store->bulky = FALSE;
}
