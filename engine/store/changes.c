/*
 * What changed since a run. New records have larger numbers than any that it saw, revised ones
 * come from files that it did not see; that this is all is proved by the data sum, which must be
 * the old one with the new records added and the old contents of revised ones taken out.
 */
#include <string.h>

#include "engine/store/changes.h"
#include "engine/store/db.h"

#define ADDED_SQL "SELECT record_id, ref, kind, content_hash FROM record WHERE record_id > ?1"

/* What a revised record said when the run saw it: its last revision from a file that it knew. Only
 * records that have a history are looked at, by leaps from one to the next, and each from its
 * newest revision on, so that neither a large store nor a long history costs anything. */
#define FORMER_SQL                                                                                 \
    "WITH RECURSIVE d(record_id) AS (SELECT min(record_id) FROM revision UNION ALL"                \
    " SELECT (SELECT min(v.record_id) FROM revision v WHERE v.record_id > d.record_id) FROM d"     \
    " WHERE d.record_id < ?1)"                                                                     \
    " SELECT r.record_id, r.ref, r.kind, r.content_hash, v.content_hash"                           \
    " FROM d CROSS JOIN record r ON r.record_id = d.record_id"                                     \
    " CROSS JOIN revision v ON v.record_id = r.record_id AND v.revision ="                         \
    " (SELECT w.revision FROM revision w WHERE w.record_id = r.record_id AND w.file_id <= ?2"      \
    " ORDER BY w.revision DESC LIMIT 1)"                                                           \
    " WHERE r.file_id > ?2 AND r.record_id <= ?1 ORDER BY r.record_id"

void store_changes_clear(StoreChanges *changes)
{
    g_clear_pointer(&changes->added, g_array_unref);
    g_clear_pointer(&changes->revised, g_array_unref);
    g_clear_pointer(&changes->refs, g_ptr_array_unref);
}

typedef struct {
    StoreChanges *changes;
    Mix sum; /* what the data sum must be */
} Accounting;

static void account_added(Accounting *accounting, sqlite3_stmt *stmt)
{
    gint64 id = sqlite3_column_int64(stmt, 0);
    g_autofree char *hash = column_hash(stmt, 3);
    data_sum_add(&accounting->sum, column_view(stmt, 1), hash);
    g_array_append_val(accounting->changes->added, id);
    g_ptr_array_add(accounting->changes->refs, column_text(stmt, 1));
}

static void account_revised(Accounting *accounting, sqlite3_stmt *stmt)
{
    gint64 id = sqlite3_column_int64(stmt, 0);
    g_autofree char *now = column_hash(stmt, 3);
    g_autofree char *former = column_hash(stmt, 4);
    data_sum_remove(&accounting->sum, column_view(stmt, 1), former);
    data_sum_add(&accounting->sum, column_view(stmt, 1), now);
    g_array_append_val(accounting->changes->revised, id);
    g_ptr_array_add(accounting->changes->refs, column_text(stmt, 1));
}

static gboolean account(Store *store, const char *sql, const StoreRun *since,
                        void (*take)(Accounting *, sqlite3_stmt *), Accounting *accounting,
                        GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row = TRUE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read what changed", error);
    sqlite3_bind_int64(stmt, 1, since->last_record);
    if (sqlite3_bind_parameter_count(stmt) > 1)
        sqlite3_bind_int64(stmt, 2, since->last_file);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (!row)
            break;
        take(accounting, stmt);
        if (strcmp(column_view(stmt, 2), "ffl") == 0)
            accounting->changes->dealers = TRUE;
    }
    return TRUE;
}

gboolean store_changes(Store *store, const StoreRun *since, StoreChanges *changes, GError **error)
{
    Accounting accounting = {.changes = changes};
    *changes = (StoreChanges){g_array_new(FALSE, FALSE, sizeof(gint64)),
                              g_array_new(FALSE, FALSE, sizeof(gint64)),
                              g_ptr_array_new_with_free_func(g_free), TRUE, FALSE};
    if (!mix_parse(since->data_sum, &accounting.sum)) {
        changes->complete = FALSE;
        return TRUE;
    }
    if (!data_sum_load(store, error) ||
        !account(store, ADDED_SQL, since, account_added, &accounting, error) ||
        !account(store, FORMER_SQL, since, account_revised, &accounting, error))
        return FALSE;
    changes->complete &= memcmp(&accounting.sum, &store->sum, sizeof store->sum) == 0;
    return TRUE;
}

char *store_files_hash(Store *store, gint64 last_file, GError **error)
{
    g_autoptr(Sha256) sha = sha256_new();
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row = TRUE;
    if (sqlite3_prepare_v2(store->db,
                           "SELECT sha256 FROM file WHERE file_id <= ?1 ORDER BY file_id", -1,
                           &stmt, NULL) != SQLITE_OK) {
        sqlite_error(store->db, "cannot read the files", error);
        return NULL;
    }
    sqlite3_bind_int64(stmt, 1, last_file);
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return sha256_take(sha);
        const char *hash = column_view(stmt, 0);
        sha256_add(sha, hash, strlen(hash) + 1);
    }
    return NULL;
}

char *store_data_sum(Store *store, GError **error)
{
    char text[MIX_TEXT];
    return data_sum_load(store, error) ? g_strdup(mix_text(&store->sum, text)) : NULL;
}
