/*
 * Tests of terminal.c and of what output.c does on a terminal: colour where it can be shown, a
 * pager for what is longer than the screen, neither where it is not wanted.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/render/render.h"
#include "engine/render/terminal.h"
#include "tests/unit/suite.h"

#define ROWS 10

static char *folder, *paged;
static int master, terminal; /* -1: there is none here */

/* Standard input and output are a terminal from here on; the test is a process of its own. */
static void setup(void)
{
    const struct winsize size = {.ws_row = ROWS, .ws_col = 80};
    folder = g_dir_make_tmp("crosstrace-terminal-XXXXXX", NULL);
    paged = g_build_filename(folder, "paged", NULL);
    master = posix_openpt(O_RDWR | O_NOCTTY);
    gboolean is = master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0;
    terminal = is ? open(ptsname(master), O_RDWR | O_NOCTTY) : -1;
    if (terminal >= 0)
        ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &size), 0);
    g_setenv("TERM", "xterm", TRUE);
    g_unsetenv("NO_COLOR");
    g_unsetenv("PAGER");
}

static void teardown(void)
{
    if (terminal >= 0)
        close(terminal);
    if (master >= 0)
        close(master);
    g_unlink(paged);
    g_rmdir(folder);
    g_free(paged);
    g_free(folder);
}

static gboolean is_skipped(void)
{
    if (terminal < 0)
        puts("skipped: no pseudo-terminal here");
    return terminal < 0;
}

START_TEST(test_colour)
{
    int ends[2];
    if (is_skipped())
        return;
    ck_assert(terminal_has_colour(terminal));
    g_setenv("NO_COLOR", "", TRUE);
    ck_assert(terminal_has_colour(terminal));
    g_setenv("NO_COLOR", "1", TRUE);
    ck_assert(!terminal_has_colour(terminal));
    g_unsetenv("NO_COLOR");
    g_setenv("TERM", "dumb", TRUE);
    ck_assert(!terminal_has_colour(terminal));
    g_setenv("TERM", "", TRUE);
    ck_assert(!terminal_has_colour(terminal));
    g_unsetenv("TERM");
    ck_assert(!terminal_has_colour(terminal));
    g_setenv("TERM", "xterm", TRUE);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert(!terminal_has_colour(ends[1]));
    close(ends[0]);
    close(ends[1]);
}
END_TEST

/* So many lines, in two pieces, to standard output that is a terminal; input says of what it is. */
static void put_lines(guint n, int input)
{
    GError *error = NULL;
    int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new("the end\n");
    for (guint i = 1; i < n; i++)
        g_string_append_printf(first, "line %u\n", i);
    fflush(stdout);
    dup2(input, STDIN_FILENO);
    dup2(terminal, STDOUT_FILENO);
    Output *output = output_open(NULL, FALSE, &error);
    gboolean done = output_write_safe(output, first, &error) &&
                    output_write_safe(output, second, &error) && output_close(output, &error);
    gboolean colour = output_colour(output);
    output_free(output);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    close(in);
    close(out);
    ck_assert_msg(done, "%s", error ? error->message : "");
    ck_assert(colour == terminal_has_colour(terminal));
}

/* What the pager got; NULL: there was none. */
static char *got(void)
{
    char *text = NULL;
    g_file_get_contents(paged, &text, NULL, NULL);
    g_unlink(paged);
    return text;
}

static void set_pager(void)
{
    g_autofree char *words = g_strdup_printf("sh -c 'cat >%s'", paged);
    g_setenv("PAGER", words, TRUE);
}

START_TEST(test_long)
{
    if (is_skipped())
        return;
    struct sigaction before, after;
    sigaction(SIGINT, NULL, &before);
    set_pager();
    put_lines(3 * ROWS, terminal);
    g_autofree char *text = got();
    ck_assert_ptr_nonnull(text);
    ck_assert(g_str_has_prefix(text, "line 1\n") && g_str_has_suffix(text, "the end\n"));
    sigaction(SIGINT, NULL, &after);
    ck_assert(after.sa_handler == before.sa_handler);
}
END_TEST

/* A reader who has seen enough is no failure; what is left open is ended. */
START_TEST(test_left)
{
    if (is_skipped())
        return;
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    signal(SIGPIPE, SIG_IGN);
    g_setenv("PAGER", "true", TRUE);
    put_lines(30000, terminal);
    set_pager();
    for (guint i = 0; i < 2 * ROWS; i++)
        g_string_append(text, "line\n");
    fflush(stdout);
    dup2(terminal, STDIN_FILENO);
    dup2(terminal, STDOUT_FILENO);
    Output *output = output_open(NULL, FALSE, &error);
    gboolean done = output_write(output, text, &error);
    output_free(output);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    close(in);
    close(out);
    ck_assert(done);
    g_autofree char *seen = got();
    ck_assert_ptr_nonnull(seen);
}
END_TEST

/* Short; nobody to press keys; a terminal that can do nothing, or of no size; not wanted; not
 * there.
 */
START_TEST(test_no_pager)
{
    static const char *const none[] = {"", "'", "/no/such/pager"};
    if (is_skipped())
        return;
    int input = open("/dev/null", O_RDONLY);
    set_pager();
    put_lines(ROWS / 2, terminal);
    ck_assert_ptr_null(got());
    put_lines(2 * ROWS, input);
    ck_assert_ptr_null(got());
    g_setenv("TERM", "dumb", TRUE);
    put_lines(2 * ROWS, terminal);
    ck_assert_ptr_null(got());
    g_setenv("TERM", "xterm", TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(none); i++) {
        g_setenv("PAGER", none[i], TRUE);
        put_lines(2 * ROWS, terminal);
        ck_assert_ptr_null(got());
    }
    set_pager();
    const struct winsize no_size = {0};
    ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &no_size), 0);
    put_lines(2 * ROWS, terminal);
    ck_assert_ptr_null(got());
    close(input);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render/terminal");
    TCase *tests = tcase_create("terminal");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_colour);
    tcase_add_test(tests, test_long);
    tcase_add_test(tests, test_left);
    tcase_add_test(tests, test_no_pager);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
