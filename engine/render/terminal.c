/*
 * What a terminal gets beyond bytes. The pager reads from a pipe that output.c writes to; it is
 * started once there is more than a screen of text, so that a short answer stays where it was
 * asked for.
 */
#include "engine/render/terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGER         "less"
#define PAGER_OPTIONS "FRX" /* of less: ends by itself, shows colour, leaves the text behind */

static gboolean is_able(void)
{
    const char *term = g_getenv("TERM");
    return term && *term && strcmp(term, "dumb") != 0;
}

gboolean terminal_has_colour(int fd)
{
    const char *none = g_getenv("NO_COLOR");
    return isatty(fd) && is_able() && !(none && *none);
}

static guint lines_of(const GString *text)
{
    guint lines = 0;
    for (gsize i = 0; i < text->len; i++)
        lines += text->str[i] == '\n';
    return lines;
}

static gboolean is_long(int terminal, const GString *text)
{
    struct winsize size = {0};
    return ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
           lines_of(text) >= size.ws_row;
}

/* Its words; NULL: none. */
static char **pager_words(void)
{
    const char *wanted = g_getenv("PAGER");
    g_autofree char *found = wanted ? g_strdup(wanted) : g_find_program_in_path(PAGER);
    char **words = NULL;
    return found && g_shell_parse_argv(found, NULL, &words, NULL) ? words : NULL;
}

gboolean pager_start(Pager *pager, int terminal, const GString *text)
{
    g_auto(GStrv) words = NULL, environment = NULL;
    if (!isatty(terminal) || !isatty(STDIN_FILENO) || !is_able() || !is_long(terminal, text) ||
        !(words = pager_words()))
        return FALSE;
    environment = g_environ_setenv(g_get_environ(), "LESS", PAGER_OPTIONS, FALSE);
    if (!g_spawn_async_with_pipes(NULL, words, environment,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &pager->pid, &pager->pipe, NULL, NULL, NULL))
        return FALSE;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &ignore, &pager->interrupt);
    sigaction(SIGQUIT, &ignore, &pager->quit);
    return TRUE;
}

void pager_end(Pager *pager)
{
    close(pager->pipe);
    while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    sigaction(SIGINT, &pager->interrupt, NULL);
    sigaction(SIGQUIT, &pager->quit, NULL);
}
