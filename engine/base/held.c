/*
 * Which files SQLite has open in this process: each descriptor is asked what it is of, and a
 * descriptor of the file what it begins with. Nothing is opened for it, and nothing closed.
 */
#include "engine/base/held.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024 /* the lowest ones: SQLite's are among the first that are opened */

/* A database, or the index of a log (its version, in the order of this machine's bytes). */
static gboolean is_of_sqlite(int fd)
{
    static const char magic[16] = "SQLite format 3";
    static const guint32 index_version = 3007000;
    char head[sizeof magic] = "";
    return pread(fd, head, sizeof head, 0) == (gssize)sizeof head &&
           (memcmp(head, magic, sizeof magic) == 0 ||
            memcmp(head, &index_version, sizeof index_version) == 0);
}

static int descriptors(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS_MAX
               ? (int)limit.rlim_cur
               : DESCRIPTORS_MAX;
}

/* The first descriptor of the file that is, when asked for, SQLite's; or -1. */
static int descriptor_of(const char *path, gboolean sqlite)
{
    struct stat file, other;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode))
        return -1;
    for (int fd = STDERR_FILENO + 1, end = descriptors(); fd < end; fd++)
        if (fstat(fd, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino &&
            (!sqlite || is_of_sqlite(fd)))
            return fd;
    return -1;
}

gboolean file_is_held(const char *path)
{
    return descriptor_of(path, TRUE) >= 0;
}

int file_descriptor(const char *path)
{
    return descriptor_of(path, FALSE);
}
