/*
 * A page of a mapped file that is not there any more (the file was cut short, or its disk fails)
 * comes as SIGBUS, on whatever thread touched it. Which file it is says the system: the handler
 * looks the address up in the list of what is mapped, by calls alone that a handler may make.
 */
#include "engine/cli/lost.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"

#define LINE_MOST 8192 /* of the list: a path, and some numbers before it */

/* A number as it stands there; where the text goes on. */
static const char *take_hex(const char *text, guint64 *number)
{
    *number = 0;
    for (int digit; (digit = g_ascii_xdigit_value(*text)) >= 0; text++)
        *number = *number << 4 | (guint64)digit;
    return text;
}

/* The path in a line "FROM-TO MODE OFFSET DEVICE NUMBER PATH" under which an address lies; NULL:
 * it is not in this one. */
static const char *path_under(const char *line, guint64 address)
{
    guint64 from, to;
    const char *rest = take_hex(line, &from);
    if (*rest != '-')
        return NULL;
    take_hex(rest + 1, &to);
    return address >= from && address < to ? strchr(line, '/') : NULL;
}

/* One line, its end cut off; FALSE: there is none. */
static gboolean next_line(int list, char *line)
{
    gsize n = 0;
    char c;
    while (read(list, &c, 1) == 1 && c != '\n')
        if (n + 1 < LINE_MOST)
            line[n++] = c;
    line[n] = '\0';
    return n > 0;
}

static void put(const char *text)
{
    gsize size = strlen(text);
    while (size > 0) {
        ssize_t done = write(STDERR_FILENO, text, size);
        if (done <= 0)
            return;
        text += done;
        size -= (gsize)done;
    }
}

static void tell(const char *path, char *line)
{
    for (char *c = line; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = '?';
    put("crosstrace: '");
    put(path);
    put("' was cut short, or cannot be read any more, while it was read\n");
    _exit(STATUS_IO);
}

/* One thread tells; others that touch such a page meanwhile wait for the end. Where no file lies
 * there (another process sent the signal, say) the system's own action ends it on the way back. */
static void page_lost(int number, siginfo_t *info, G_GNUC_UNUSED void *context)
{
    static atomic_flag told = ATOMIC_FLAG_INIT;
    char line[LINE_MOST] = "";
    while (atomic_flag_test_and_set(&told))
        pause();
    int list = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (list >= 0 && next_line(list, line)) {
        const char *path = path_under(line, (guint64)(guintptr)info->si_addr);
        if (path)
            tell(path, line);
    }
    if (list >= 0)
        close(list);
    signal(number, SIG_DFL);
    raise(number);
}

void lost_pages_tell(void)
{
    struct sigaction action = {.sa_sigaction = page_lost, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}
