/*
 * The inbox of nightly: what lies there, what may be taken, and where it goes. Nothing is followed
 * (no symbolic link), nothing but a regular file is opened, and nothing outside the inbox touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/held.h"
#include "engine/base/text.h"
#include "engine/run/spool.h"

#define WORK           "work"
#define DONE           "done"
#define REJECTED       "rejected"
#define REASON         ".reason.txt"
#define FOLDER_MODE    0750
#define FILE_MODE      0640
#define NAME_LIMIT     200              /* bytes of a name that get a suffix */
#define NUMBERED_LIMIT (NAME_LIMIT + 6) /* and those of such a name that get another */
#define TRIES          10000
#define REASON_LIMIT   (1 << 20)

static void entry_free(gpointer data)
{
    SpoolEntry *entry = data;
    g_free(entry->name);
    g_free(entry);
}

void spool_clear(Spool *spool)
{
    g_clear_pointer(&spool->inbox, g_free);
    g_clear_pointer(&spool->date, g_free);
}

static gboolean make_folder(const char *path, GError **error)
{
    struct stat info;
    if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST)
        return error_set(error, STATUS_NO_CREATE, "cannot create folder '%s': %s", path,
                         g_strerror(errno));
    if (lstat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return error_set(error, STATUS_NO_CREATE, "'%s' is no folder", path);
    return TRUE;
}

gboolean spool_open(Spool *spool, const char *inbox, const char *date, guint settle, GError **error)
{
    static const char *const folders[] = {WORK, DONE, REJECTED};
    *spool = (Spool){g_strdup(inbox), g_strdup(date), settle};
    struct stat info;
    if (stat(inbox, &info) != 0 || !S_ISDIR(info.st_mode))
        return error_set(error, STATUS_NO_INPUT, "no inbox '%s'", inbox);
    if (info.st_mode & S_IWOTH)
        return error_set(error, STATUS_CONFIG, "inbox '%s' can be written by others", inbox);
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(inbox, folders[i], NULL);
        if (!make_folder(path, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- what lies there -------------------------------------------------------------------- */

static gboolean is_ours(const char *name)
{
    return strcmp(name, WORK) == 0 || strcmp(name, DONE) == 0 || strcmp(name, REJECTED) == 0;
}

static gboolean is_unfinished(const char *name)
{
    return *name == '.' || g_str_has_suffix(name, ".tmp") || g_str_has_suffix(name, ".part");
}

/* A name that a log, a terminal or a list could be fooled with. */
static const char *bad_name(const char *name)
{
    g_autofree char *safe = g_utf8_validate(name, -1, NULL) ? text_for_terminal(name) : NULL;
    if (!safe)
        return "its name is not valid UTF-8";
    return strcmp(safe, name) != 0 || strpbrk(name, "\n\t") ? "control characters in its name"
                                                            : NULL;
}

static const char *bad_type(const struct stat *info)
{
    static const struct {
        mode_t type;
        const char *why;
    } types[] = {{S_IFLNK, "it is a symbolic link"}, {S_IFIFO, "it is a pipe"},
                 {S_IFSOCK, "it is a socket"},       {S_IFCHR, "it is a device"},
                 {S_IFBLK, "it is a device"},        {S_IFDIR, "it is a folder"}};
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        if ((info->st_mode & S_IFMT) == types[i].type)
            return types[i].why;
    return NULL;
}

/* Written to in the last seconds, or held open by a writer: a lease is refused then, or broken. The
 * kernel tells of a broken one by SIGIO, which would end the program; SIGURG ends nothing. Where
 * leases cannot be had (another's file), the seconds must do. */
static gboolean is_still(const char *path, const struct stat *info, guint settle)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    gint64 age = now - MAX(info->st_mtime, info->st_ctime);
    if (settle && age >= 0 && age < (gint64)settle)
        return FALSE;
    int file = file_is_held(path) ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return TRUE; /* loading will say why */
    gboolean written = fcntl(file, F_SETSIG, SIGURG) == 0 &&
                       (fcntl(file, F_SETLEASE, F_RDLCK) != 0 ? errno == EAGAIN
                                                              : fcntl(file, F_GETLEASE) != F_RDLCK);
    fcntl(file, F_SETLEASE, F_UNLCK);
    close(file);
    return !written;
}

/* What is claimed is looked at again when it is taken. */
static void look_at(const Spool *spool, GPtrArray *entries, const char *folder, const char *name)
{
    struct stat info;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    gboolean claimed = strcmp(folder, spool->inbox) != 0;
    if (lstat(path, &info) != 0)
        return; /* gone meanwhile */
    const char *why = claimed ? NULL : bad_type(&info);
    why = why || claimed ? why : bad_name(name);
    EntryState state = why                                               ? ENTRY_REFUSED
                       : claimed || is_still(path, &info, spool->settle) ? ENTRY_FILE
                                                                         : ENTRY_WAITING;
    SpoolEntry *entry = g_new0(SpoolEntry, 1);
    *entry = (SpoolEntry){g_strdup(name), state, why, (guint64)info.st_size};
    g_ptr_array_add(entries, entry);
}

static gint compare_entries(gconstpointer a, gconstpointer b)
{
    return strcmp((*(SpoolEntry *const *)a)->name, (*(SpoolEntry *const *)b)->name);
}

static gboolean scan_folder(const Spool *spool, const char *folder, GPtrArray *entries,
                            GError **error)
{
    g_autofree char *path =
        folder ? g_build_filename(spool->inbox, folder, NULL) : g_strdup(spool->inbox);
    g_autoptr(GError) problem = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &problem);
    if (!dir)
        return error_set(error, STATUS_NO_INPUT, "cannot read inbox: %s", problem->message);
    guint before = entries->len;
    for (const char *name; (name = g_dir_read_name(dir));)
        if (folder || (!is_unfinished(name) && !is_ours(name)))
            look_at(spool, entries, path, name);
    if (entries->len > before + 1)
        qsort(entries->pdata + before, entries->len - before, sizeof(gpointer), compare_entries);
    return TRUE;
}

GPtrArray *spool_scan(const Spool *spool, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
    if (!scan_folder(spool, WORK, entries, error) || !scan_folder(spool, NULL, entries, error))
        return NULL;
    return g_steal_pointer(&entries);
}

/* ---- where it goes ---------------------------------------------------------------------- */

static gboolean rename_new(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
}

char *spool_claim(const Spool *spool, const SpoolEntry *entry, const char **why, GError **error)
{
    g_autofree char *from = g_build_filename(spool->inbox, entry->name, NULL);
    g_autofree char *to = g_build_filename(spool->inbox, WORK, entry->name, NULL);
    struct stat info;
    /* What is there is of a run that died, or of the same name: that one first. */
    if ((lstat(to, &info) != 0 && !(rename_new(from, to) && file_sync_folder(to))) ||
        lstat(to, &info) != 0) {
        error_set(error, STATUS_IO, "cannot claim '%s': %s", entry->name, g_strerror(errno));
        return NULL;
    }
    *why = bad_type(&info);
    return g_steal_pointer(&to);
}

/* The name in its folder, or with a number. */
static char *place_of(const char *folder, const char *name, guint number)
{
    g_autofree char *numbered =
        number ? g_strdup_printf("%.*s.%u", NAME_LIMIT, name, number) : g_strdup(name);
    return g_build_filename(folder, numbered, NULL);
}

static char *reason_of(const char *place)
{
    g_autofree char *folder = g_path_get_dirname(place);
    g_autofree char *base = g_path_get_basename(place);
    g_autofree char *name = g_strdup_printf("%.*s" REASON, NUMBERED_LIMIT, base);
    return g_build_filename(folder, name, NULL);
}

/* Free, or left with this very text by a run that died before the file itself was moved? */
static gboolean takes_reason(const char *path, const char *reason)
{
    struct stat info;
    g_autofree char *text = NULL;
    return lstat(path, &info) != 0 ||
           (S_ISREG(info.st_mode) && info.st_size < REASON_LIMIT &&
            g_file_get_contents(path, &text, NULL, NULL) && strcmp(text, reason) == 0);
}

static gboolean fill_reason(gpointer reason, gpointer file, GError **error)
{
    return file_piece(reason, strlen(reason), file, error);
}

/* The reason first: a run that dies between the two does not leave a refused file without. */
static gboolean move_with_reason(const char *from, const char *to, const char *reason,
                                 GError **error)
{
    g_autofree char *told = reason ? reason_of(to) : NULL;
    if (told && !file_write(told, FILE_MODE, fill_reason, (gpointer)reason, error))
        return FALSE;
    if (rename_new(from, to) && file_sync_folder(to))
        return TRUE;
    error_set(error, STATUS_IO, "cannot move '%s' to '%s': %s", from, to, g_strerror(errno));
    if (told)
        g_unlink(told);
    return FALSE;
}

gboolean spool_finish(const Spool *spool, const char *name, const char *reason, GError **error)
{
    g_autofree char *folder =
        g_build_filename(spool->inbox, reason ? REJECTED : DONE, spool->date, NULL);
    g_autofree char *claimed = g_build_filename(spool->inbox, WORK, name, NULL);
    g_autofree char *waiting = g_build_filename(spool->inbox, name, NULL);
    struct stat info;
    const char *from = lstat(claimed, &info) == 0 ? claimed : waiting;
    if (!make_folder(folder, error))
        return FALSE;
    for (guint i = 0; i < TRIES; i++) {
        g_autofree char *to = place_of(folder, name, i), *told = reason_of(to);
        if (lstat(to, &info) != 0 && (!reason || takes_reason(told, reason)))
            return move_with_reason(from, to, reason, error);
    }
    return error_set(error, STATUS_IO, "cannot move '%s': %d files of its name in '%s'", from,
                     TRIES, folder);
}
