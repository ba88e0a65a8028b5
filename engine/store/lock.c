/*
 * STORE.lock: one writer at a time. The lock is the kernel's (flock), so that it ends with its
 * holder however that dies; the file's text only says who holds it. The file is never removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/store/db.h"

#define RETRY_USEC 50000

/* Program and subcommand of this process; no further arguments, they may hold names. */
static char *own_command(void)
{
    g_autofree char *line = NULL;
    gsize length = 0;
    if (!g_file_get_contents("/proc/self/cmdline", &line, &length, NULL) || length == 0)
        return g_strdup("crosstrace");
    g_autofree char *program = g_path_get_basename(line);
    const char *next = line + strlen(line) + 1;
    if (next >= line + length || !g_ascii_isalpha(*next))
        return g_steal_pointer(&program);
    return g_strconcat(program, " ", next, NULL);
}

static gboolean write_holder(int lock)
{
    g_autofree char *command = own_command();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *since = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *text = g_strdup_printf("pid %ld on %s: %s, by %s since %s\n", (long)getpid(),
                                            g_get_host_name(), command, g_get_user_name(), since);
    ssize_t written;
    do
        written = ftruncate(lock, 0) == 0 ? pwrite(lock, text, strlen(text), 0) : -1;
    while (written < 0 && errno == EINTR);
    return written >= 0;
}

static gboolean held_elsewhere(int lock, const char *store_path, GError **error)
{
    char text[512];
    ssize_t length = pread(lock, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    g_strchomp(text);
    return error_set(error, STATUS_TRY_AGAIN, "store '%s' is locked by another run (%s)",
                     store_path, *text != '\0' ? text : "holder unknown");
}

static gboolean wait_for(int lock, const char *store_path, int wait_seconds, GError **error)
{
    gint64 end = g_get_monotonic_time() + (gint64)wait_seconds * G_USEC_PER_SEC;
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_set(error, STATUS_IO, "cannot lock store '%s': %s", store_path,
                             g_strerror(errno));
        if (g_get_monotonic_time() >= end)
            return held_elsewhere(lock, store_path, error);
        g_usleep(RETRY_USEC);
    }
    return TRUE;
}

int lock_take(const char *store_path, int wait_seconds, GError **error)
{
    g_autofree char *path = g_strconcat(store_path, ".lock", NULL);
    int lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (lock < 0) {
        error_set(error, errno == ELOOP ? STATUS_CONFIG : STATUS_NO_CREATE,
                  "cannot open lock file '%s': %s", path, g_strerror(errno));
        return -1;
    }
    if (!wait_for(lock, store_path, wait_seconds, error)) {
        close(lock);
        return -1;
    }
    if (!write_holder(lock)) {
        error_set(error, STATUS_IO, "cannot write lock file '%s': %s", path, g_strerror(errno));
        close(lock);
        return -1;
    }
    return lock;
}

void lock_release(int lock)
{
    if (lock < 0)
        return;
    if (ftruncate(lock, 0) != 0)
        g_debug("lock file keeps the name of its last holder");
    close(lock);
}
