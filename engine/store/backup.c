/*
 * A verified copy of the store: SQLite's backup API page by page, so that a run may go on beside
 * it, then integrity and data sum of the copy, then its name. A copy that is not sound never gets
 * one, and no file that is there is written over.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/store/db.h"
#include "engine/store/upkeep.h"

#define COPY_PERMISSIONS 0640
#define COPY_PAGES       4096 /* at a time, with other connections let in between */

static gboolean copy_pages(sqlite3 *from, sqlite3 *to, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite_error(to, "cannot begin the copy", error);
    int rc;
    while ((rc = sqlite3_backup_step(backup, COPY_PAGES)) == SQLITE_OK || rc == SQLITE_BUSY)
        if (rc == SQLITE_BUSY)
            sqlite3_sleep(10);
    sqlite3_backup_finish(backup);
    return rc == SQLITE_DONE || sqlite_error(to, "cannot copy the store", error);
}

static gboolean yields(sqlite3 *db, const char *sql, const char *expected, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(db, "cannot verify the copy", error);
    const char *found = column_view(stmt, 0);
    return g_strcmp0(found, expected) == 0 ||
           error_set(error, STATUS_IO, "the copy is not sound: %s", found ? found : "?");
}

/* Made to stand alone: no log beside it. */
static gboolean make_copy(Store *store, const char *temporary, GError **error)
{
    sqlite3 *to = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    gboolean done = sqlite3_open_v2(temporary, &to, flags, NULL) == SQLITE_OK ||
                    sqlite_error(to, "cannot open the copy", error);
    done = done && copy_pages(store->db, to, error) &&
           sqlite_run(to, "PRAGMA journal_mode=DELETE", "cannot finish the copy", error) &&
           yields(to, "PRAGMA quick_check(1)", "ok", error);
    if (sqlite3_close(to) != SQLITE_OK && done)
        done = error_set(error, STATUS_IO, "cannot close the copy");
    return done;
}

static gboolean sync_file(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    gboolean done = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return done;
}

static gboolean publish(const char *temporary, const char *path, GError **error)
{
    if (sync_file(temporary) &&
        renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0 &&
        file_sync_folder(path))
        return TRUE;
    return error_set(error, errno == EEXIST ? STATUS_NO_CREATE : STATUS_IO,
                     "cannot create copy '%s': %s", path, g_strerror(errno));
}

gboolean store_backup(Store *store, const char *path, GError **error)
{
    if (*path == '\0')
        return error_set(error, STATUS_NO_CREATE, "cannot create copy '': it has no name");
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *hidden = g_strdup_printf(".%s.XXXXXX", base);
    g_autofree char *temporary = g_build_filename(folder, hidden, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return error_set(error, STATUS_NO_CREATE, "cannot create copy '%s': it exists", path);
    int file = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, COPY_PERMISSIONS);
    if (file < 0)
        return error_set(error, STATUS_NO_CREATE, "cannot create copy '%s': %s", path,
                         g_strerror(errno));
    fchmod(file, COPY_PERMISSIONS);
    close(file);
    gboolean done = sqlite_run(store->db, ONE_PASS_SQL, "cannot copy the store", error) &&
                    make_copy(store, temporary, error) && publish(temporary, path, error) &&
                    sqlite_run(store->db, CACHE_SQL, "cannot copy the store", error);
    if (!done)
        unlink(temporary);
    return done;
}
