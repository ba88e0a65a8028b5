/*
 * liblocks.so, put before the C library (LD_PRELOAD): tells where a process loses a lock unawares.
 * Locks by fcntl are the process's, not a descriptor's: with the first descriptor of a file that is
 * closed all of them are gone, and a child has none of its parent's. Who holds locks by one
 * descriptor (SQLite does) and closes another of the same file, or opens in a child what its parent
 * had locked, adds a line to the file $CROSSTRACE_LOCKS; without that nothing is looked at. Each
 * time that SQLite begins to read a database with a log adds a line to $CROSSTRACE_READS.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOCKS_MAX 256
#define TO_END    ((off_t)1 << 62)

/* A range of bytes that is locked. fd: by which. */
static struct Lock {
    dev_t dev;
    ino_t ino;
    off_t start, end;
    int fd;
} locks[LOCKS_MAX];
static int n_locks;
static pid_t holder; /* of the locks; of a child's parent, they are not the child's */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Where SQLite, in what is shared of a log, locks the mark up to which it reads. */
#define MARKS_FIRST 123
#define MARKS       5

static void tell(const char *where, const char *what, int fd, int held_by)
{
    char name[64], path[512] = "?", text[640];
    if (!getenv(where))
        return;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, path, sizeof path - 1);
    if (size >= 0)
        path[size] = '\0';
    int length = snprintf(text, sizeof text, "%s: descriptor %d, locked by %d: %s\n", what, fd,
                          held_by, path);
    long file = syscall(SYS_openat, AT_FDCWD, getenv(where), O_WRONLY | O_CREAT | O_APPEND, 0600);
    syscall(SYS_write, file, text, (size_t)length);
    syscall(SYS_close, file);
}

/* TRUE where there is something to look at; the mutex is held then. */
static int look(int fd, struct stat *info)
{
    if (!getenv("CROSSTRACE_LOCKS") || fstat(fd, info) != 0 || !S_ISREG(info->st_mode))
        return 0;
    pthread_mutex_lock(&mutex);
    return 1;
}

static int is_of(const struct Lock *lock, const struct stat *info)
{
    return lock->dev == info->st_dev && lock->ino == info->st_ino;
}

/* Ranges are unlocked as they were locked, or several at once. */
static void forget(const struct stat *info, off_t start, off_t end)
{
    int kept = 0;
    for (int i = 0; i < n_locks; i++)
        if (!is_of(&locks[i], info) || locks[i].start < start || locks[i].end > end)
            locks[kept++] = locks[i];
    n_locks = kept;
}

static void note_lock(int fd, const struct flock *lock)
{
    struct stat info;
    off_t end = lock->l_len ? lock->l_start + lock->l_len : TO_END;
    if (lock->l_whence != SEEK_SET || !look(fd, &info))
        return;
    if (holder != getpid())
        n_locks = 0;
    holder = getpid();
    forget(&info, lock->l_start, end);
    if (lock->l_type == F_RDLCK && lock->l_start >= MARKS_FIRST &&
        lock->l_start < MARKS_FIRST + MARKS)
        tell("CROSSTRACE_READS", "read", fd, fd);
    if (lock->l_type != F_UNLCK && n_locks < LOCKS_MAX)
        locks[n_locks++] = (struct Lock){info.st_dev, info.st_ino, lock->l_start, end, fd};
    pthread_mutex_unlock(&mutex);
}

static void note_open(int fd)
{
    struct stat info;
    if (!look(fd, &info))
        return;
    for (int i = 0; i < n_locks && holder != getpid(); i++)
        if (is_of(&locks[i], &info)) {
            tell("CROSSTRACE_LOCKS", "opened by a child", fd, locks[i].fd);
            break;
        }
    pthread_mutex_unlock(&mutex);
}

static void note_close(int fd)
{
    struct stat info;
    if (!look(fd, &info))
        return;
    if (holder == getpid()) {
        for (int i = 0; i < n_locks; i++)
            if (is_of(&locks[i], &info) && locks[i].fd != fd) {
                tell("CROSSTRACE_LOCKS", "closed", fd, locks[i].fd);
                break;
            }
        forget(&info, 0, TO_END);
    }
    pthread_mutex_unlock(&mutex);
}

#define FCNTL(name)                                                                                \
    int name(int fd, int command, ...)                                                             \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, command);                                                                   \
        void *argument = va_arg(more, void *);                                                     \
        va_end(more);                                                                              \
        int done = (int)syscall(SYS_fcntl, fd, command, argument);                                 \
        if (done == 0 && (command == F_SETLK || command == F_SETLKW))                              \
            note_lock(fd, argument);                                                               \
        return done;                                                                               \
    }
FCNTL(fcntl)
FCNTL(fcntl64)

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                    \
        va_end(more);                                                                              \
        int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);                            \
        if (fd >= 0)                                                                               \
            note_open(fd);                                                                         \
        return fd;                                                                                 \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    note_close(fd);
    return (int)syscall(SYS_close, fd);
}

int fclose(FILE *file)
{
    int (*next)(FILE *);
    *(void **)&next = dlsym(RTLD_NEXT, "fclose");
    note_close(fileno(file));
    return next(file);
}
