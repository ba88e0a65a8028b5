/*
 * STORE.idx: the index of serials beside the store, for `find`; and STORE.added, what came since it
 * was made. Derived from the store and stamped with its state, so that they can be thrown away at
 * any time; each is made whole under another name, then put in the place of the old one.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/find/derived.h"
#include "engine/store/changes.h"

char *find_index_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_INDEX, NULL);
}

static char *added_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_ADDED, NULL);
}

typedef struct {
    const FirearmIndex *index;
    const char *stamp;
} Serials;

static gboolean fill_serials(gpointer data, gpointer file, GError **error)
{
    const Serials *serials = data;
    return firearm_index_write(serials->index, serials->stamp, file_piece, file, error);
}

gboolean find_index_write(const Store *store, const char *stamp, const FirearmIndex *index,
                          GError **error)
{
    g_autofree char *path = find_index_path(store), *added = added_path(store);
    Serials serials = {index, stamp};
    if (!file_write(path, FIND_MODE, fill_serials, &serials, error))
        return FALSE;
    g_unlink(added); /* it stood beside the one before, and is not believed any more */
    return TRUE;
}

gboolean find_added_write(const Store *store, const char *stamp, const FirearmIndex *index,
                          GError **error)
{
    g_autofree char *path = added_path(store);
    Serials serials = {index, stamp};
    return file_write(path, FIND_MODE, fill_serials, &serials, error);
}

static FirearmIndex *open_file(const Mapped *file, const FirearmModel *model, const char *stamp)
{
    return file ? firearm_index_open(model, mapped_bytes(file), mapped_size(file), stamp, NULL)
                : NULL;
}

/* With what came since, under this stamp. */
static gboolean open_added(FindIndex *opened, const Store *store, const char *stamp)
{
    g_autofree char *path = added_path(store);
    opened->file_added = mapped_open(path);
    return opened->file_added && firearm_index_add(opened->index, mapped_bytes(opened->file_added),
                                                   mapped_size(opened->file_added), stamp);
}

void find_index_open(const Store *store, const FirearmModel *model, const char *stamp,
                     FindIndex *opened)
{
    g_autofree char *path = find_index_path(store);
    *opened = (FindIndex){.file = mapped_open(path)};
    opened->index = stamp ? open_file(opened->file, model, stamp) : NULL;
    if (opened->index)
        return;
    opened->index = open_file(opened->file, model, NULL);
    if (opened->index && !open_added(opened, store, stamp) && stamp)
        g_clear_pointer(&opened->index, firearm_index_free);
}

void find_index_close(FindIndex *opened)
{
    g_clear_pointer(&opened->index, firearm_index_free);
    g_clear_pointer(&opened->file, mapped_free);
    g_clear_pointer(&opened->file_added, mapped_free);
}

gboolean find_index_holds(const FindIndex *opened, GError **error)
{
    return mapped_holds(opened->file, error) && mapped_holds(opened->file_added, error);
}

/* The same files loaded in another order are the same records under other numbers. */
char *find_stamp(Store *store, GError **error)
{
    g_autofree char *data = store_data_hash(store, error);
    g_autofree char *files = data ? store_files_hash(store, G_MAXINT64, error) : NULL;
    g_autofree char *both = files ? g_strjoin("\n", data, files, NULL) : NULL;
    return both ? text_sha256(both, -1) : NULL;
}

gboolean find_keep(Store *store, const char *path)
{
    g_autofree char *read = find_stamp(store, NULL);
    g_autoptr(Store) others = store_open_beside(store, NULL);
    g_autofree char *now = others ? find_stamp(others, NULL) : NULL;
    if (read && g_strcmp0(read, now) == 0)
        return TRUE;
    g_unlink(path);
    return FALSE;
}

/* Is it a file that goes, or what file_write makes one of: a dot and six characters more? */
static gboolean is_forgotten(const char *name, const char *base, gboolean index)
{
    static const char *const ends[] = {
        FIND_WORDS,     FIND_FACTS,     FIND_PEOPLE,     FIND_VIEWS,     FIND_LINKS,
        FIND_WORDS ".", FIND_FACTS ".", FIND_PEOPLE ".", FIND_VIEWS ".", FIND_LINKS ".",
        FIND_INDEX ".", FIND_ADDED ".", FIND_LATER,      FIND_LATER "."};
    gsize length = strlen(base);
    if (strncmp(name, base, length) != 0)
        return FALSE;
    if (index && (strcmp(name + length, FIND_INDEX) == 0 || strcmp(name + length, FIND_ADDED) == 0))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(ends[i], ".") ? g_str_has_prefix(name + length, ends[i])
                                           : strcmp(name + length, ends[i]) == 0)
            return TRUE;
    return FALSE;
}

gboolean find_forget(const Store *store, gboolean index, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(store_path(store));
    g_autofree char *base = g_path_get_basename(store_path(store));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (is_forgotten(name, base, index)) {
            g_autofree char *path = g_build_filename(folder, name, NULL);
            if (g_unlink(path) != 0 && errno != ENOENT)
                return error_set(error, STATUS_IO, "cannot remove '%s': %s", path,
                                 g_strerror(errno));
        }
    return TRUE;
}
