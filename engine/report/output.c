/*
 * Where bytes go: to standard output as they are, or into a file that has its name only when all
 * of it is on the disk (fsync, name, fsync of the folder). Until then it has no name at all, so
 * that a run that is killed leaves nothing; a temporary one where the system cannot do that. A
 * device or pipe named as a file is written to directly. A reader that closed its pipe has seen
 * enough: what comes after is dropped and nothing is said. Whatever the format, control characters
 * of the data do not reach a terminal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/report/report.h"

#define OUTPUT_MODE 0640

struct Output {
    int fd;
    char *name;      /* for messages */
    char *path;      /* final name; NULL when written to directly */
    char *temporary; /* its name until then; NULL: none */
    gboolean force;
    gboolean own;    /* the descriptor is ours to close */
    gboolean unread; /* nobody reads the pipe any more */
    gboolean terminal;
};

static gboolean fail(Output *output, Status status, const char *what, GError **error)
{
    return error_set(error, status, "cannot %s '%s': %s", what, output->name, g_strerror(errno));
}

static gboolean open_device(Output *output, const char *path, GError **error)
{
    output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    output->own = TRUE;
    return output->fd >= 0 || fail(output, STATUS_NO_CREATE, "open", error);
}

/* Where the kernel shows an open file, by which one without a name gets one; g_free. */
static char *nameless_path(int fd)
{
    return g_strdup_printf("/proc/self/fd/%d", fd);
}

/* A file without a name; FALSE where the file system or a missing /proc does not allow it. */
static gboolean open_nameless(Output *output, const char *folder)
{
    output->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, OUTPUT_MODE);
    if (output->fd < 0)
        return FALSE;
    g_autofree char *shown = nameless_path(output->fd);
    if (access(shown, F_OK) == 0)
        return TRUE;
    close(output->fd);
    return FALSE;
}

/* A name beside the final one that nobody has yet; g_free. */
static char *name_beside(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *name = g_strdup_printf(".%s.XXXXXX", base);
    return g_build_filename(folder, name, NULL);
}

static gboolean open_temporary(Output *output, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    output->path = g_strdup(path);
    if (!open_nameless(output, folder)) {
        output->temporary = name_beside(path);
        output->fd = g_mkstemp_full(output->temporary, O_WRONLY | O_CLOEXEC, OUTPUT_MODE);
    }
    if (output->fd < 0) {
        g_clear_pointer(&output->temporary, g_free);
        return fail(output, STATUS_NO_CREATE, "create", error);
    }
    output->own = TRUE;
    return fchmod(output->fd, OUTPUT_MODE) == 0 ||
           fail(output, STATUS_NO_CREATE, "set mode of", error);
}

/* A store, its audit trail, a copy of either, or what SQLite keeps beside them: not even by force.
 */
static gboolean is_database(const char *path)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char head[16] = "";
    int file = open(path, O_RDONLY | O_CLOEXEC);
    gboolean is = file >= 0 && read(file, head, sizeof head) == (gssize)sizeof head &&
                  memcmp(head, "SQLite format 3", sizeof head) == 0;
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
        is = is || g_str_has_suffix(path, ends[i]);
    if (file >= 0)
        close(file);
    return is;
}

static gboolean open_path(Output *output, const char *path, GError **error)
{
    struct stat st;
    if (!*path)
        return error_set(error, STATUS_NO_CREATE, "cannot create '': it is no name");
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return error_set(error, STATUS_NO_CREATE, "cannot create '%s': is a directory", path);
        if (!S_ISREG(st.st_mode))
            return open_device(output, path, error);
        if (!output->force)
            return error_set(error, STATUS_NO_CREATE,
                             "cannot create '%s': it exists (--force writes over it)", path);
        if (is_database(path))
            return error_set(error, STATUS_NO_CREATE, "cannot write over '%s': it is a database",
                             path);
    }
    return open_temporary(output, path, error);
}

Output *output_open(const char *path, gboolean force, GError **error)
{
    g_autoptr(Output) output = g_new0(Output, 1);
    output->fd = STDOUT_FILENO;
    output->force = force;
    output->name = g_strdup(path ? path : "standard output");
    if (path && !open_path(output, path, error))
        return NULL;
    output->terminal = isatty(output->fd);
    return g_steal_pointer(&output);
}

gboolean output_write(Output *output, GString *bytes, GError **error)
{
    gsize done = 0;
    if (output->terminal) {
        g_autofree char *safe = text_for_terminal(bytes->str);
        g_string_assign(bytes, safe);
    }
    while (done < bytes->len && !output->unread) {
        gssize n = write(output->fd, bytes->str + done, bytes->len - done);
        if (n >= 0)
            done += (gsize)n;
        else if (errno == EPIPE)
            output->unread = TRUE;
        else if (errno != EINTR)
            return fail(output, STATUS_IO, "write", error);
    }
    g_string_truncate(bytes, 0);
    return TRUE;
}

/* A nameless file's first name: the final one, or, to be renamed over a file that is there, one
 * beside it, as a temporary file has. */
static gboolean link_nameless(Output *output, GError **error)
{
    g_autofree char *shown = nameless_path(output->fd);
    if (linkat(AT_FDCWD, shown, AT_FDCWD, output->path, AT_SYMLINK_FOLLOW) == 0)
        return TRUE;
    if (errno != EEXIST || !output->force)
        return fail(output, errno == EEXIST ? STATUS_NO_CREATE : STATUS_IO, "create", error);
    g_autofree char *beside = g_strdup_printf("%s.%ld", output->path, (long)getpid());
    if (linkat(AT_FDCWD, shown, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) != 0 ||
        rename(beside, output->path) != 0) {
        g_unlink(beside);
        return fail(output, STATUS_IO, "create", error);
    }
    return TRUE;
}

/* Without force a file that came into being meanwhile is not written over either. */
static gboolean rename_temporary(Output *output, GError **error)
{
    unsigned flags = output->force ? 0 : RENAME_NOREPLACE;
    int bad = renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path, flags);
    if (bad && (errno == EINVAL || errno == ENOSYS))
        bad = rename(output->temporary, output->path);
    if (bad)
        return fail(output, errno == EEXIST ? STATUS_NO_CREATE : STATUS_IO, "create", error);
    g_clear_pointer(&output->temporary, g_free);
    return TRUE;
}

static gboolean give_name(Output *output, GError **error)
{
    gboolean named =
        output->temporary ? rename_temporary(output, error) : link_nameless(output, error);
    return named &&
           (file_sync_folder(output->path) || fail(output, STATUS_IO, "sync the folder of", error));
}

/* Closes a copy of standard output: some file systems tell of a full disk only then. */
static gboolean probe_stream(Output *output, GError **error)
{
    int copy = dup(output->fd);
    if (copy < 0 || close(copy) == 0 || errno == EINTR)
        return TRUE;
    return fail(output, STATUS_IO, "write", error);
}

gboolean output_close(Output *output, GError **error)
{
    if (!output->own)
        return probe_stream(output, error);
    if (output->path && fsync(output->fd) != 0)
        return fail(output, STATUS_IO, "write", error);
    if (output->path && !give_name(output, error))
        return FALSE;
    output->own = FALSE;
    if (close(output->fd) != 0 && errno != EINTR)
        return fail(output, STATUS_IO, "write", error);
    return TRUE;
}

void output_free(Output *output)
{
    if (!output)
        return;
    if (output->own && output->fd >= 0)
        close(output->fd);
    if (output->temporary)
        g_unlink(output->temporary);
    g_free(output->name);
    g_free(output->path);
    g_free(output->temporary);
    g_free(output);
}
