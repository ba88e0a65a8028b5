/*
 * Copies of the store that still hold what a purge took: those that know fewer purges than the
 * store. Looked for in the folder that nightly writes its copies to, and beside the store.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/held.h"
#include "engine/base/text.h"
#include "engine/retention/retention.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close)

#define LAST_PURGE "SELECT ifnull(max(purge_id), 0) FROM purge"

/* -1 when it cannot be asked: a copy of before there were purges. */
static gint64 last_purge(sqlite3 *db)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, LAST_PURGE, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return -1;
    return sqlite3_column_int64(stmt, 0);
}

/* Is the file a copy of this very store? *purge: the last one that it knows. */
static gboolean is_copy(const char *path, const char *store_id, gint64 *purge)
{
    g_autoptr(sqlite3) db = NULL;
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_autofree char *uri = g_filename_to_uri(whole, NULL, NULL);
    g_autofree char *alone = g_strconcat(uri ? uri : "file:", "?immutable=1", NULL);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_URI;
    if (sqlite3_open_v2(alone, &db, flags, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = 'store_id'", -1, &stmt, NULL) !=
            SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW ||
        g_strcmp0((const char *)sqlite3_column_text(stmt, 0), store_id) != 0)
        return FALSE;
    *purge = last_purge(db);
    return TRUE;
}

typedef struct {
    char *store_id;
    gint64 purge; /* the store's last one */
    GPtrArray *stale;
    guint fresh;
} Search;

static void search_folder(Search *search, const char *folder, const char *prefix)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        gint64 purge = 0;
        if (!g_str_has_prefix(name, prefix) || !g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
            file_is_held(path) || !is_copy(path, search->store_id, &purge))
            continue;
        if (purge < search->purge)
            g_ptr_array_add(search->stale, g_steal_pointer(&path));
        else
            search->fresh++;
    }
}

/* Beside the store: STORE.before-vN. */
static gboolean search_all(Search *search, Store *store, const char *folder, GError **error)
{
    g_autofree char *beside = g_path_get_dirname(store_path(store));
    g_autofree char *base = g_path_get_basename(store_path(store));
    g_autofree char *prefix = g_strconcat(base, ".before-", NULL);
    search->store_id = store_meta_get(store, "store_id", error);
    if (!search->store_id)
        return FALSE;
    search->purge = last_purge(store_handle(store));
    if (folder)
        search_folder(search, folder, "");
    guint fresh = search->fresh;
    search_folder(search, beside, prefix);
    search->fresh = fresh; /* what a migration left is no backup */
    g_ptr_array_sort(search->stale, text_compare);
    return TRUE;
}

GPtrArray *copies_stale(Store *store, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func(g_free);
    Search search = {.stale = stale};
    gboolean done = search_all(&search, store, folder, error);
    g_free(search.store_id);
    return done ? g_steal_pointer(&stale) : NULL;
}

static gboolean has_fresh(Store *store, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func(g_free);
    Search search = {.stale = stale};
    gboolean done = search_all(&search, store, folder, error);
    g_free(search.store_id);
    return done && (search.fresh > 0 ||
                    error_set(error, STATUS_NO_INPUT,
                              "no copy since the purge in '%s'; 'crosstrace backup' makes one",
                              folder ? folder : "backups"));
}

static gboolean remove_one(Store *store, const char *path, const char *time, GError **error)
{
    AuditEntry entry = {time, "copy-remove", path, "older than a purge", "done"};
    if (!store_begin(store, error))
        return FALSE;
    if (!audit_change(store, &entry, error) || !store_commit(store, error)) {
        store_rollback(store);
        return FALSE;
    }
    return (g_unlink(path) == 0 && file_sync_folder(path)) ||
           error_set(error, STATUS_IO, "cannot remove '%s': %s", path, g_strerror(errno));
}

gboolean copies_remove(Store *store, const char *folder, const GPtrArray *stale, const char *time,
                       GError **error)
{
    if (stale->len == 0)
        return TRUE;
    if (!has_fresh(store, folder, error))
        return FALSE;
    for (guint i = 0; i < stale->len; i++)
        if (!remove_one(store, stale->pdata[i], time, error))
            return FALSE;
    return TRUE;
}
