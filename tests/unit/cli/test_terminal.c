/*
 * Manners on a terminal, here a pseudo-terminal: a table with a bold head unless NO_COLOR says
 * otherwise, a pager for what is longer than the screen, nothing shortened that must stay whole,
 * progress. Where output goes elsewhere there is none of it.
 */
#include <check.h>
#include <errno.h>
#include <pty.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/render/terminal.h"
#include "tests/unit/cli/program.h"

static char *dir;

static void set_up(void)
{
    dir = story_new(NULL);
}

static void tear_down(void)
{
    folder_remove(dir);
}

typedef struct {
    const char *line;
    guint rows, columns;        /* of the screen */
    const char *name, *value;   /* of the environment, above the usual; or NULL */
    const char *shown, *hidden; /* what must be and must not be on the screen; or NULL */
} Scene;

#define BOLD "\033[1m"

static const Scene scenes[] = {
    {"leads list", 50, 300, NULL, NULL, BOLD "lead_id", "PAGED"},
    {"leads list", 50, 300, "NO_COLOR", "1", "lead_id", "\033"},
    {"leads list", 50, 300, "TERM", "dumb", "lead_id", "\033"},
    {"leads list --format csv", 50, 300, NULL, NULL, "lead_id,status", "\033"},
    {"leads list --format json", 50, 300, NULL, NULL, "\"lead_id\":", "\033"},
    {"stats", 3, 300, NULL, NULL, "PAGED", NULL},
    {"stats", 3, 300, "PAGER", "", BOLD, "PAGED"},
    {"stats", 3, 300, "TERM", "dumb", "value", "PAGED"},
    {"stats", 3, 300, "PAGER", "/no/such/program", "value", NULL},
    {"export links --format csv", 1, 300, NULL, NULL, "PAGED", NULL},
    /* references, serials and numbers are whole on any screen, long text is not */
    {"export links", 50, 60, "NO_COLOR", "1", "cbsa-seizure:4531-24-0001/1", NULL},
    {"find serial HAA1234", 50, 40, "NO_COLOR", "1", "HAA1234", "\nnothing found"},
    {"find serial QQQ99999", 50, 40, NULL, NULL, "nothing found", NULL},
    {"find serial QQQ99999 -q", 50, 40, NULL, NULL, NULL, "nothing found"},
    {"correlate --full", 50, 100, NULL, NULL, "link", NULL},
    {"correlate --full -q", 50, 100, NULL, NULL, NULL, "link"},
    {"leads list --limt 3", 50, 100, NULL, NULL, "did you mean '--limit'", NULL},
    {"query \"SELECT CAST(x'1b5b324a' AS TEXT) AS x\"", 50, 100, "NO_COLOR", "1", "\\x1B[2J",
     "\033[2J"},
    {"query \"SELECT 1 AS '\033[2J'\"", 50, 100, "NO_COLOR", "1", "\\x1B[2J", "\033[2J"},
};

static G_GNUC_NORETURN void be_program(const Scene *scene)
{
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf("'%s' %s", program, scene->line);
    g_auto(GStrv) argv = NULL;
    if (chdir(dir) != 0 || !g_shell_parse_argv(line, NULL, &argv, NULL))
        _exit(99);
    g_unsetenv("NO_COLOR");
    g_unsetenv("CROSSTRACE_STORE");
    g_setenv("XDG_CONFIG_HOME", dir, TRUE);
    g_setenv("LC_ALL", "C", TRUE);
    g_setenv("TERM", "xterm", TRUE);
    g_setenv("PAGER", "sed 's/^/PAGED /'", TRUE);
    if (scene->name)
        g_setenv(scene->name, scene->value, TRUE);
    execv(argv[0], argv);
    _exit(99);
}

/* All that was on the screen; NULL where there are no pseudo-terminals. */
static char *screen_of(const Scene *scene)
{
    const struct winsize size = {(unsigned short)scene->rows, (unsigned short)scene->columns, 0, 0};
    GString *shown = g_string_new(NULL);
    char bytes[4096];
    int master, status = 0;
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0)
        return g_string_free(shown, TRUE), NULL;
    if (child == 0)
        be_program(scene);
    for (ssize_t n; (n = read(master, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR);)
        g_string_append_len(shown, bytes, MAX(n, 0));
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) <= 2, "%s: %s", scene->line, shown->str);
    close(master);
    return g_string_free(shown, FALSE);
}

START_TEST(terminal_manners)
{
    const Scene *scene = &scenes[_i];
    g_autofree char *screen = screen_of(scene);
    if (!screen) {
        puts("terminal_manners skipped: no pseudo-terminal here");
        return;
    }
    ck_assert_msg(!scene->shown || strstr(screen, scene->shown), "%s: no '%s' in %s", scene->line,
                  scene->shown, screen);
    ck_assert_msg(!scene->hidden || !strstr(screen, scene->hidden), "%s: '%s' in %s", scene->line,
                  scene->hidden, screen);
}
END_TEST

static void on_interrupt(int number)
{
    (void)number;
}

/* What a process did on an interrupt it does again when its pager has ended; 0, or what failed. */
static int keep_handlers(void)
{
    const struct sigaction own = {.sa_handler = on_interrupt}, ignored = {.sa_handler = SIG_IGN};
    g_autoptr(GString) text = g_string_new("1\n2\n3\n4\n5\n6\n");
    struct sigaction interrupt, quit;
    Pager pager;
    g_setenv("TERM", "xterm", TRUE);
    g_setenv("PAGER", "cat", TRUE);
    if (sigaction(SIGINT, &own, NULL) != 0 || sigaction(SIGQUIT, &ignored, NULL) != 0 ||
        !pager_start(&pager, STDOUT_FILENO, text))
        return 1;
    sigaction(SIGINT, NULL, &interrupt);
    if (interrupt.sa_handler != SIG_IGN)
        return 2;
    pager_end(&pager);
    sigaction(SIGINT, NULL, &interrupt);
    sigaction(SIGQUIT, NULL, &quit);
    return interrupt.sa_handler == on_interrupt && quit.sa_handler == SIG_IGN ? 0 : 3;
}

START_TEST(pager_gives_the_signals_back)
{
    const struct winsize size = {3, 80, 0, 0};
    int master, status = 0;
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0) {
        puts("pager_gives_the_signals_back skipped: no pseudo-terminal here");
        return;
    }
    if (child == 0)
        _exit(keep_handlers());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (guint)status);
    close(master);
}
END_TEST

/* ---- a pager that stays open ------------------------------------------------------------ */

#define WAIT_MS 60000

/* Commands whose answer is longer than the screen, which is as good as none here. */
static const Scene left_open[] = {
    {.line = "stats"},
    {.line = "leads list --format json"},
    {.line = "export links"},
    {.line = "show cbsa-seizure:4531-24-0001/1"},
    {.line = "chain cbsa-seizure:4531-24-0001/1"},
};

static void wait_for_file(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    for (guint waited = 0; !g_file_test(path, G_FILE_TEST_EXISTS); waited += 10) {
        ck_assert_uint_lt(waited, WAIT_MS);
        g_usleep(10000);
    }
    g_unlink(path);
}

/* Writes to the store and empties its log, as a purge does; whether somebody's reading let it. */
static gboolean can_empty_log(void)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    sqlite3 *db = NULL;
    int frames = 0, moved = 0;
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "REPLACE INTO meta(key, value) VALUES('tried', random())",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &moved);
    sqlite3_close(db);
    return rc == SQLITE_OK;
}

/* Whoever leaves a pager open has read the store: nobody waits for it. */
START_TEST(a_pager_holds_nobody_up)
{
    const struct winsize size = {1, 300, 0, 0};
    Scene scene = left_open[_i];
    scene.name = "PAGER";
    scene.value = "sh -c 'cat > /dev/null; touch paged; until [ -e over ]; do sleep 0.01; done'";
    int master, status = 0;
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0) {
        puts("a_pager_holds_nobody_up skipped: no pseudo-terminal here");
        return;
    }
    if (child == 0)
        be_program(&scene);
    wait_for_file("paged");
    gboolean can = can_empty_log();
    folder_write(dir, "over", "");
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    close(master);
    g_autofree char *over = g_build_filename(dir, "over", NULL);
    g_unlink(over);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %x", scene.line,
                  (guint)status);
    ck_assert_msg(can, "%s: a writer waits for its pager", scene.line);
}
END_TEST

START_TEST(none_of_it_elsewhere)
{
    g_setenv("TERM", "xterm", TRUE);
    g_setenv("PAGER", "sed 's/^/PAGED /'", TRUE);
    Ran ran = program_run(dir, "stats --format table");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_ptr_null(strstr(ran.out, "PAGED"));
    ck_assert_ptr_null(strchr(ran.out, '\033'));
    ck_assert_str_eq(ran.err, "");
    ran_clear(&ran);
    program_answers(dir, &(Answer){"find serial QQQ99999", 0, "query,record", ""});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, terminal_manners, 0, G_N_ELEMENTS(scenes));
    tcase_add_test(tests, pager_gives_the_signals_back);
    tcase_add_loop_test(tests, a_pager_holds_nobody_up, 0, G_N_ELEMENTS(left_open));
    tcase_add_test(tests, none_of_it_elsewhere);
    return program_main(suite, tests, set_up, tear_down);
}
