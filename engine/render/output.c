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
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/held.h"
#include "engine/base/text.h"
#include "engine/render/render.h"
#include "engine/render/terminal.h"

#define OUTPUT_MODE 0640

struct Output {
    int fd;
    char *name;      /* for messages */
    FileDraft draft; /* no path when written to directly */
    gboolean force;
    gboolean own;    /* the descriptor is ours to close and no draft's */
    gboolean unread; /* nobody reads the pipe any more */
    gboolean terminal;
    gboolean written; /* something was */
    Pager pager;
    gboolean paged; /* fd is the pager's pipe */
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

static gboolean open_draft(Output *output, const char *path, GError **error)
{
    gboolean begun = file_draft(&output->draft, path, OUTPUT_MODE);
    output->fd = output->draft.fd;
    return begun || fail(output, STATUS_NO_CREATE, "create", error);
}

/* A store, its audit trail, a copy of either, or what SQLite keeps beside them: not even by force.
 */
static gboolean is_database(const char *path)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char head[16] = "";
    if (file_is_held(path))
        return TRUE;
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
    return open_draft(output, path, error);
}

Output *output_open(const char *path, gboolean force, GError **error)
{
    g_autoptr(Output) output = g_new0(Output, 1);
    output->fd = STDOUT_FILENO;
    output->draft.fd = -1;
    output->force = force;
    output->name = g_strdup(path ? path : "standard output");
    if (path && !open_path(output, path, error))
        return NULL;
    output->terminal = isatty(output->fd);
    return g_steal_pointer(&output);
}

gboolean output_write(Output *output, GString *bytes, GError **error)
{
    if (output->terminal) {
        g_autofree char *safe = text_for_terminal(bytes->str);
        g_string_assign(bytes, safe);
    }
    return output_write_safe(output, bytes, error);
}

gboolean output_colour(const Output *output)
{
    return terminal_has_colour(output->fd);
}

/* A text of several pieces is judged by its first. */
static void look_for_pager(Output *output, const GString *bytes)
{
    if (output->fd != STDOUT_FILENO || output->written)
        return;
    output->paged = pager_start(&output->pager, output->fd, bytes);
    if (output->paged)
        output->fd = output->pager.pipe;
}

gboolean output_write_safe(Output *output, GString *bytes, GError **error)
{
    gsize done = 0;
    look_for_pager(output, bytes);
    output->written |= bytes->len > 0;
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

/* Without force a file that came into being meanwhile is not written over either. */
static gboolean give_name(Output *output, GError **error)
{
    if (!file_draft_name(&output->draft, output->force))
        return fail(output, errno == EEXIST ? STATUS_NO_CREATE : STATUS_IO, "create", error);
    return file_sync_folder(output->draft.path) ||
           fail(output, STATUS_IO, "sync the folder of", error);
}

/* Closes a copy of standard output: some file systems tell of a full disk only then. */
static gboolean probe_stream(Output *output, GError **error)
{
    int copy = dup(output->fd);
    if (copy < 0 || close(copy) == 0 || errno == EINTR)
        return TRUE;
    return fail(output, STATUS_IO, "write", error);
}

static void leave_pager(Output *output)
{
    if (!output->paged)
        return;
    pager_end(&output->pager);
    output->paged = FALSE;
    output->fd = STDOUT_FILENO;
}

gboolean output_close(Output *output, GError **error)
{
    leave_pager(output);
    if (output->draft.path) {
        if (fsync(output->fd) != 0)
            return fail(output, STATUS_IO, "write", error);
        gboolean named = give_name(output, error);
        file_draft_clear(&output->draft);
        return named;
    }
    if (!output->own)
        return probe_stream(output, error);
    output->own = FALSE;
    if (close(output->fd) != 0 && errno != EINTR)
        return fail(output, STATUS_IO, "write", error);
    return TRUE;
}

void output_free(Output *output)
{
    if (!output)
        return;
    leave_pager(output);
    if (output->own && output->fd >= 0)
        close(output->fd);
    file_draft_clear(&output->draft);
    g_free(output->name);
    g_free(output);
}
