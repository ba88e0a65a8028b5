/*
 * Durable names: a file that was renamed into place is there after a power cut only when its
 * folder was synchronised too; whole files: one that is written has its name last. Knows paths,
 * not what is in them.
 */
#define _GNU_SOURCE
#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"

gboolean file_sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad, reason;

    if (fd < 0)
        return FALSE;
    bad = fsync(fd);
    reason = errno;
    close(fd);
    errno = reason;
    return bad == 0 || reason == EINVAL;
}

/* ---- a file in the making ------------------------------------------------------------------ */

/* Where the kernel shows an open file, by which one without a name gets one; g_free. */
static char *nameless_path(int fd)
{
    return g_strdup_printf("/proc/self/fd/%d", fd);
}

/* A file without a name, or -1 where the file system or a missing /proc does not allow it. */
static int open_nameless(const char *folder, int mode)
{
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    g_autofree char *shown = nameless_path(fd);
    if (fd < 0 || access(shown, F_OK) == 0)
        return fd;
    close(fd);
    return -1;
}

gboolean file_draft(FileDraft *draft, const char *path, int mode)
{
    g_autofree char *folder = g_path_get_dirname(path);
    *draft = (FileDraft){.path = g_strdup(path), .fd = open_nameless(folder, mode)};
    if (draft->fd < 0) {
        draft->temporary = g_strconcat(path, ".XXXXXX", NULL);
        draft->fd = g_mkstemp_full(draft->temporary, O_WRONLY | O_CLOEXEC, mode);
        if (draft->fd < 0)
            g_clear_pointer(&draft->temporary, g_free);
    }
    return draft->fd >= 0 && fchmod(draft->fd, (mode_t)mode) == 0;
}

/* The first name: its own, or, to be renamed over a file that is there, one beside it, as a
 * temporary file has. */
static gboolean link_nameless(const FileDraft *draft, gboolean replace)
{
    g_autofree char *shown = nameless_path(draft->fd);
    if (linkat(AT_FDCWD, shown, AT_FDCWD, draft->path, AT_SYMLINK_FOLLOW) == 0)
        return TRUE;
    if (errno != EEXIST || !replace)
        return FALSE;
    g_autofree char *beside = g_strdup_printf("%s.%ld", draft->path, (long)getpid());
    if (linkat(AT_FDCWD, shown, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) != 0)
        return FALSE;
    if (rename(beside, draft->path) == 0)
        return TRUE;
    int reason = errno;
    g_unlink(beside);
    errno = reason;
    return FALSE;
}

/* Without replace a file that came into being meanwhile is not written over either. */
static gboolean rename_temporary(FileDraft *draft, gboolean replace)
{
    unsigned flags = replace ? 0 : RENAME_NOREPLACE;
    int bad = renameat2(AT_FDCWD, draft->temporary, AT_FDCWD, draft->path, flags);
    if (bad && (errno == EINVAL || errno == ENOSYS))
        bad = rename(draft->temporary, draft->path);
    if (!bad)
        g_clear_pointer(&draft->temporary, g_free);
    return !bad;
}

gboolean file_draft_name(FileDraft *draft, gboolean replace)
{
    return draft->temporary ? rename_temporary(draft, replace) : link_nameless(draft, replace);
}

void file_draft_clear(FileDraft *draft)
{
    if (draft->fd >= 0)
        close(draft->fd);
    if (draft->temporary)
        g_unlink(draft->temporary);
    g_free(draft->path);
    g_free(draft->temporary);
    *draft = (FileDraft){.fd = -1};
}

/* ---- a whole file -------------------------------------------------------------------------- */

static gboolean write_failed(const char *path, GError **error)
{
    return error_set(error, STATUS_IO, "cannot write '%s': %s", path, g_strerror(errno));
}

gboolean file_piece(gconstpointer data, gsize size, gpointer file, GError **error)
{
    const char *at = data;
    const FileDraft *draft = file;
    while (size > 0) {
        gssize n = write(draft->fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return write_failed(draft->path, error);
        at += n;
        size -= (gsize)n;
    }
    return TRUE;
}

gboolean file_write(const char *path, int mode, FileFill fill, gpointer data, GError **error)
{
    g_auto(FileDraft) draft;
    if (!file_draft(&draft, path, mode))
        return write_failed(path, error);
    if (!fill(data, &draft, error))
        return FALSE;
    return (fsync(draft.fd) == 0 && file_draft_name(&draft, TRUE) && file_sync_folder(path)) ||
           write_failed(path, error);
}

gboolean file_append(const char *path, guint64 at, FileFill fill, gpointer data, GError **error)
{
    struct stat st;
    g_auto(FileDraft) file = {.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK),
                              .path = g_strdup(path)};
    if (file.fd < 0)
        return write_failed(path, error);
    if (fstat(file.fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1 ||
        (guint64)st.st_size < at)
        return error_set(error, STATUS_IO, "cannot append to '%s'", path);
    if (ftruncate(file.fd, (off_t)at) != 0 || lseek(file.fd, 0, SEEK_END) < 0)
        return write_failed(path, error);
    return fill(data, &file, error) && (fsync(file.fd) == 0 || write_failed(path, error));
}

const char *file_stdin_problem(int code)
{
    return code == EBADF ? "it is closed" : g_strerror(code);
}
