/*
 * libfault.so, put before the C library (LD_PRELOAD): makes one call of a program fail, or kills
 * the program in it. $CROSSTRACE_FAULT is KIND:N: the N-th call that the kind concerns, counted
 * from 1; KIND:N+ is that and all after it. Kinds: eio, enospc, eintr, short (half of what was
 * asked), kill; oom (an allocation); or, of which the call itself is done as ever: alter, cut (the
 * file $CROSSTRACE_FAULT_FILE has other letters, or half its size, from then on; calls are counted
 * since it was opened). KIND:0 fails nothing. How many calls there were is written to
 * $CROSSTRACE_FAULT_COUNT when the program ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { NAME = 1, READ = 2, WRITE = 4, SYNC = 8, ALLOC = 16 };

static const struct Kind {
    const char *name;
    int concerns, error;
} KINDS[] = {{"eio", NAME | READ | WRITE | SYNC, EIO}, {"enospc", NAME | WRITE | SYNC, ENOSPC},
             {"eintr", READ | WRITE, EINTR},           {"short", READ | WRITE, 0},
             {"kill", NAME | READ | WRITE | SYNC, 0},  {"oom", ALLOC, ENOMEM},
             {"alter", NAME | READ | WRITE | SYNC, 0}, {"cut", NAME | READ | WRITE | SYNC, 0}};

static const struct Kind *kind;
static long wanted;
static int all_after;
static atomic_int waiting; /* for a file to be opened */
static atomic_long counted;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

/* Does it do something to a file, beside the call? */
static int is_of_file(void)
{
    return kind && (strcmp(kind->name, "alter") == 0 || strcmp(kind->name, "cut") == 0);
}

__attribute__((constructor)) static void read_order(void)
{
    const char *order = getenv("CROSSTRACE_FAULT");
    const char *colon = order ? strchr(order, ':') : NULL;
    char *end = NULL;
    if (!colon)
        return;
    wanted = strtol(colon + 1, &end, 10);
    all_after = *end == '+';
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strncmp(order, KINDS[i].name, (size_t)(colon - order)) == 0)
            kind = &KINDS[i];
    waiting = is_of_file();
}

__attribute__((destructor)) static void tell_count(void)
{
    const char *path = getenv("CROSSTRACE_FAULT_COUNT");
    char text[32];
    if (!path || !kind)
        return;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&counted));
    syscall(SYS_write, fd, text, (size_t)length);
    syscall(SYS_close, fd);
}

/* Words of four letters and more are others, in place: what stands around them stays whole. */
static void alter_letters(char *bytes, size_t size)
{
    for (size_t i = 0, word = 0; i < size; i++) {
        word = bytes[i] >= 'A' && bytes[i] < 'Z' ? word + 1 : 0;
        if (word >= 4)
            bytes[i]++;
    }
}

static void alter_file(void)
{
    static char bytes[1 << 16];
    long fd = syscall(SYS_openat, AT_FDCWD, getenv("CROSSTRACE_FAULT_FILE"), O_RDWR, 0);
    struct stat st;
    long n = 0;
    if (fd < 0 || fstat((int)fd, &st) != 0)
        return;
    if (strcmp(kind->name, "cut") == 0)
        syscall(SYS_ftruncate, fd, st.st_size / 2);
    for (off_t at = 0; strcmp(kind->name, "alter") == 0 && at < st.st_size; at += n) {
        n = syscall(SYS_pread64, fd, bytes, sizeof bytes, at);
        if (n <= 0)
            break;
        alter_letters(bytes, (size_t)n);
        syscall(SYS_pwrite64, fd, bytes, (size_t)n, at);
    }
    syscall(SYS_close, fd);
}

/* Is it this call's turn? */
static int strikes(int what)
{
    if (!kind || waiting || !(kind->concerns & what))
        return 0;
    long number = atomic_fetch_add(&counted, 1) + 1;
    if (!wanted || (all_after ? number < wanted : number != wanted))
        return 0;
    if (strcmp(kind->name, "kill") == 0)
        syscall(SYS_kill, getpid(), SIGKILL);
    if (is_of_file()) {
        alter_file();
        return 0;
    }
    errno = kind->error;
    return 1;
}

/* A call that moves bytes: failed, shortened or done. */
static ssize_t move(long call, int what, int fd, void *buffer, size_t size, off_t at)
{
    if (strikes(what)) {
        if (kind->error)
            return -1;
        size = (size + 1) / 2;
    }
    return syscall(call, fd, buffer, size, at);
}

ssize_t read(int fd, void *buffer, size_t size)
{
    return move(SYS_read, READ, fd, buffer, size, 0);
}

ssize_t pread(int fd, void *buffer, size_t size, off_t at)
{
    return move(SYS_pread64, READ, fd, buffer, size, at);
}

ssize_t pread64(int fd, void *buffer, size_t size, off_t at)
{
    return move(SYS_pread64, READ, fd, buffer, size, at);
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    return move(SYS_write, WRITE, fd, (void *)buffer, size, 0);
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t at)
{
    return move(SYS_pwrite64, WRITE, fd, (void *)buffer, size, at);
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off_t at)
{
    return move(SYS_pwrite64, WRITE, fd, (void *)buffer, size, at);
}

static int open_at(int folder, const char *path, int flags, va_list more)
{
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    const char *file = waiting ? getenv("CROSSTRACE_FAULT_FILE") : NULL;
    size_t length = strlen(path), end = file ? strlen(file) : 0;
    if (file && length >= end && strcmp(path + length - end, file) == 0)
        waiting = 0;
    return strikes(NAME) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        int fd = open_at(AT_FDCWD, path, flags, more);                                             \
        va_end(more);                                                                              \
        return fd;                                                                                 \
    }
OPEN(open)
OPEN(open64)

#define DONE_OR_NOT(what, ...) return strikes(what) ? -1 : (int)syscall(__VA_ARGS__)

int fsync(int fd)
{
    DONE_OR_NOT(SYNC, SYS_fsync, fd);
}

int fdatasync(int fd)
{
    DONE_OR_NOT(SYNC, SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t size)
{
    DONE_OR_NOT(SYNC, SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off_t size)
{
    DONE_OR_NOT(SYNC, SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
    DONE_OR_NOT(NAME, SYS_rename, from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    DONE_OR_NOT(NAME, SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to)
{
    DONE_OR_NOT(NAME, SYS_link, from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    DONE_OR_NOT(NAME, SYS_linkat, from_folder, from, to_folder, to, flags);
}

int symlink(const char *text, const char *path)
{
    DONE_OR_NOT(NAME, SYS_symlink, text, path);
}

int unlink(const char *path)
{
    DONE_OR_NOT(NAME, SYS_unlink, path);
}

int mkdir(const char *path, mode_t mode)
{
    DONE_OR_NOT(NAME, SYS_mkdir, path, mode);
}

void *malloc(size_t size)
{
    return strikes(ALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return strikes(ALLOC) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return strikes(ALLOC) ? NULL : __libc_realloc(old, size);
}
