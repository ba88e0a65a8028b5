/*
 * Files that are read where they lie. What another process writes into such a file shows in what
 * was mapped of it, at any time and page by page: no sum that was held to it before tells of that,
 * but size and times of the open file do. A file that is made shorter takes the pages away: who
 * touches them then gets a signal (engine/cli/lost.c).
 */
#include "engine/base/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"

struct Mapped {
    char *path;
    int fd;
    struct stat seen;
    GMappedFile *map; /* NULL: let go */
};

void mapped_free(Mapped *mapped)
{
    if (!mapped)
        return;
    mapped_let_go(mapped);
    if (mapped->fd >= 0)
        close(mapped->fd);
    g_free(mapped->path);
    g_free(mapped);
}

/* Whoever may write in the folder could leave a pipe there, which would be waited for. */
Mapped *mapped_open(const char *path)
{
    g_autoptr(Mapped) mapped = g_new0(Mapped, 1);
    mapped->path = g_strdup(path);
    mapped->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (mapped->fd < 0 || fstat(mapped->fd, &mapped->seen) != 0 || !S_ISREG(mapped->seen.st_mode))
        return NULL;
    mapped->map = g_mapped_file_new_from_fd(mapped->fd, FALSE, NULL);
    return mapped->map ? g_steal_pointer(&mapped) : NULL;
}

gconstpointer mapped_bytes(const Mapped *mapped)
{
    return mapped && mapped->map ? g_mapped_file_get_contents(mapped->map) : NULL;
}

gsize mapped_size(const Mapped *mapped)
{
    return mapped && mapped->map ? g_mapped_file_get_length(mapped->map) : 0;
}

int mapped_descriptor(const Mapped *mapped)
{
    return mapped ? mapped->fd : -1;
}

void mapped_let_go(Mapped *mapped)
{
    g_clear_pointer(&mapped->map, g_mapped_file_unref);
}

void mapped_rest(const Mapped *mapped)
{
    if (mapped_size(mapped) > 0)
        madvise((gpointer)mapped_bytes(mapped), mapped_size(mapped), MADV_DONTNEED);
}

static gboolean is_same(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The time of writing can be set back, that of the last change can not; but a name that is gone
 * changes it too. */
gboolean mapped_holds(const Mapped *mapped, GError **error)
{
    struct stat now;
    if (!mapped)
        return TRUE;
    if (fstat(mapped->fd, &now) != 0)
        return error_set(error, STATUS_IO, "cannot look at '%s': %s", mapped->path,
                         g_strerror(errno));
    const struct stat *seen = &mapped->seen;
    return (now.st_size == seen->st_size && is_same(now.st_mtim, seen->st_mtim) &&
            (now.st_nlink != seen->st_nlink || is_same(now.st_ctim, seen->st_ctim))) ||
           error_set(error, STATUS_IO, "'%s' changed while it was read", mapped->path);
}
