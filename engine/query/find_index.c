/*
 * STORE.idx: the index of serials beside the store, for `find`. Derived from the store and stamped
 * with its state, so that it can be thrown away at any time; made whole under another name, then
 * put in the place of the old one.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/query/find.h"

#define INDEX_PERMISSIONS 0640

char *find_index_path(const Store *store)
{
    return g_strconcat(store_path(store), ".idx", NULL);
}

static gboolean failed(const char *path, GError **error)
{
    return error_set(error, STATUS_IO, "cannot write '%s': %s", path, g_strerror(errno));
}

gboolean find_file_piece(gconstpointer data, gsize size, gpointer to, GError **error)
{
    const char *at = data;
    int file = *(const int *)to;
    while (size > 0) {
        gssize n = write(file, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed("index of the store", error);
        at += n;
        size -= (gsize)n;
    }
    return TRUE;
}

gboolean find_file_write(const char *path,
                         gboolean (*fill)(gpointer data, gpointer file, GError **error),
                         gpointer data, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".XXXXXX", NULL);
    int file = g_mkstemp_full(fresh, O_WRONLY | O_CLOEXEC, INDEX_PERMISSIONS);
    if (file < 0)
        return failed(path, error);
    gboolean ok = fill(data, &file, error);
    if (ok && (fchmod(file, INDEX_PERMISSIONS) != 0 || fsync(file) != 0))
        ok = failed(path, error);
    if (close(file) != 0 && ok)
        ok = failed(path, error);
    if (ok && (g_rename(fresh, path) != 0 || !file_sync_folder(path)))
        ok = failed(path, error);
    if (!ok)
        g_unlink(fresh);
    return ok;
}

typedef struct {
    const FirearmIndex *index;
    const char *stamp;
} Serials;

static gboolean fill_serials(gpointer data, gpointer file, GError **error)
{
    const Serials *serials = data;
    return firearm_index_write(serials->index, serials->stamp, find_file_piece, file, error);
}

gboolean find_index_write(const Store *store, const FirearmIndex *index, const char *stamp,
                          GError **error)
{
    g_autofree char *path = find_index_path(store);
    Serials serials = {index, stamp};
    return find_file_write(path, fill_serials, &serials, error);
}
