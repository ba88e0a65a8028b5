/*
 * `review` as a person at a terminal has it (a pseudo-terminal here) and as another front end has
 * it (NDJSON): one key a decision, kept at once; the terminal is as it was on every way out.
 */
#include <check.h>
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define WAIT_MS 120000 /* only what hangs waits so long */

static char *dir;

/* A model that would clear a screen, were it printed as it came. */
#define HOSTILE                                                                                    \
    "4531-24-0002,1,2024-05-21,0453,Windsor - Ambassador Bridge,HIGHWAY,UNDECLARED,FIREARM,"       \
    "PISTOL,S&W,M&P9\033[2J,9 mm,ZZK9981,INTACT,SYNTHETIC\n"

#define HOSTILE_TRACE                                                                              \
    "T20240000003,06/03/2024,ZZK9981,SMITH & WESSON,M&P9\033[2J,9MM,PISTOL,03/05/2024,ABELARD,"    \
    "Simon,05/17/1961,9 Elm St,Toledo,OH,43604,2-31-095-01-5C-04711,LAKE ARMS,Toledo,OH,N,TP,"     \
    "SYNTHETIC\n"

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES HOSTILE_TRACE);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES HOSTILE);
    static const char *const lines[] = {"load -q traces.csv seizures.csv", "correlate -q"};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        Ran ran = program_run(dir, lines[i]);
        ck_assert_msg(ran.status <= 1, "%s", ran.err);
        ran_clear(&ran);
    }
}

static void tear_down(void)
{
    folder_remove(dir);
}

static char *output_of(const char *line, int status)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': %d: %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

typedef struct {
    int master, slave;
    pid_t child;
    GString *shown;
} Session;

static gboolean session_begin(Session *session, const char *const *arguments)
{
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    if (openpty(&session->master, &session->slave, NULL, NULL, NULL) != 0)
        return FALSE;
    session->shown = g_string_new(NULL);
    session->child = fork();
    if (session->child == 0) {
        const char *argv[12] = {program, "review", "--store", "crosstrace.db"};
        for (guint i = 0; arguments[i]; i++)
            argv[4 + i] = arguments[i];
        close(session->master);
        if (login_tty(session->slave) != 0 || chdir(dir) != 0)
            _exit(99);
        g_setenv("XDG_CONFIG_HOME", dir, TRUE);
        g_setenv("LC_ALL", "C", TRUE);
        execv(program, (char **)argv);
        _exit(99);
    }
    return TRUE;
}

/* Reads until the text was shown often enough. */
static void wait_for(Session *session, const char *text, guint times)
{
    for (guint waited = 0; waited < WAIT_MS; waited += 10) {
        guint found = 0;
        for (const char *at = session->shown->str; (at = strstr(at, text)); at++)
            found++;
        if (found >= times)
            return;
        fd_set ready;
        struct timeval time = {0, 10000};
        FD_ZERO(&ready);
        FD_SET(session->master, &ready);
        char bytes[4096];
        if (select(session->master + 1, &ready, NULL, NULL, &time) > 0) {
            ssize_t n = read(session->master, bytes, sizeof bytes);
            g_string_append_len(session->shown, bytes, MAX(n, 0));
        }
    }
    ck_abort_msg("'%s' was not shown: %s", text, session->shown->str);
}

static void press(Session *session, const char *keys)
{
    ck_assert_int_eq(write(session->master, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Until the terminal gives each key as it is pressed, as the program wants it. */
static void wait_for_keys(const Session *session)
{
    struct termios terminal = {.c_lflag = ICANON};
    for (guint waited = 0; terminal.c_lflag & ICANON; waited += 10) {
        ck_assert_uint_lt(waited, WAIT_MS);
        ck_assert_int_eq(tcgetattr(session->slave, &terminal), 0);
        g_usleep(10000);
    }
}

/* Status as a shell has it; the terminal must echo and wait for lines again. */
static int session_end(Session *session)
{
    int status = 0;
    struct termios terminal;
    for (guint waited = 0; waitpid(session->child, &status, WNOHANG) == 0; waited += 10) {
        ck_assert_uint_lt(waited, WAIT_MS);
        g_usleep(10000);
    }
    ck_assert_int_eq(tcgetattr(session->slave, &terminal), 0);
    ck_assert_uint_eq(terminal.c_lflag & (ICANON | ECHO), ICANON | ECHO);
    ck_assert_ptr_null(strstr(session->shown->str, "\033[2J"));
    close(session->master);
    close(session->slave);
    g_string_free(session->shown, TRUE);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define PROMPT "[q]uit > "

static const char *const links[] = {"--kind", "link", "--from=0", "--to=1", NULL};

START_TEST(one_key_a_decision)
{
    Session session;
    if (!session_begin(&session, links))
        return;
    wait_for(&session, PROMPT, 1);
    press(&session, "c");
    wait_for(&session, "confirmed\r\n", 1);
    wait_for(&session, PROMPT, 2);
    press(&session, "b"); /* back to it: it says what was decided */
    wait_for(&session, "decided before: confirmed, just now", 1);
    press(&session, "x\033[A\033[5~d"); /* no keys but the last */
    wait_for(&session, "dismissed\r\n", 1);
    press(&session, "su");
    wait_for(&session, "unsure\r\n", 1);
    wait_for(&session, "ZZK9981", 1); /* with a hostile model, escaped */
    press(&session, "q");
    ck_assert_int_eq(session_end(&session), 0);
    g_autofree char *changes = output_of("stats --rules --format csv", 0);
    ck_assert_ptr_nonnull(strstr(changes, ",1,0,1,0.000,")); /* one case, dismissed */
}
END_TEST

static const struct {
    int signal;
    const char *key; /* or typed */
} endings[] = {{SIGINT, NULL}, {SIGTERM, NULL}, {SIGHUP, NULL}, {SIGINT, "\003"}};

START_TEST(a_signal_leaves_the_terminal_as_it_was)
{
    Session session;
    if (!session_begin(&session, links))
        return;
    wait_for(&session, PROMPT, 1);
    press(&session, "c"); /* kept, whatever comes then */
    wait_for(&session, "confirmed\r\n", 1);
    wait_for(&session, PROMPT, 2);
    if (endings[_i].key)
        press(&session, endings[_i].key);
    else
        kill(session.child, endings[_i].signal);
    ck_assert_int_eq(session_end(&session), 128 + endings[_i].signal);
    g_autofree char *kept = output_of("stats --rules --format csv", 0);
    ck_assert_ptr_nonnull(strstr(kept, ",1,1,0,1.000,"));
    g_free(output_of("audit verify", 0));
}
END_TEST

/* The window changes its size, the review is stopped and goes on: the next key is what it was. */
START_TEST(resized_and_stopped_it_goes_on)
{
    Session session;
    int status = 0;
    if (!session_begin(&session, links))
        return;
    wait_for(&session, PROMPT, 1);
    const struct winsize size = {.ws_row = 5, .ws_col = 20};
    ck_assert_int_eq(ioctl(session.master, TIOCSWINSZ, &size), 0);
    g_usleep(100000);
    kill(session.child, SIGTSTP);
    ck_assert_int_eq(waitpid(session.child, &status, WUNTRACED), session.child);
    ck_assert(WIFSTOPPED(status));
    struct termios terminal;
    ck_assert_int_eq(tcgetattr(session.slave, &terminal), 0);
    ck_assert_uint_eq(terminal.c_lflag & (ICANON | ECHO), ICANON | ECHO);
    kill(session.child, SIGCONT);
    wait_for_keys(&session);
    press(&session, "\004c"); /* end of text is no key and no end here */
    wait_for(&session, "confirmed\r\n", 1);
    press(&session, "q");
    ck_assert_int_eq(session_end(&session), 0);
}
END_TEST

/* The terminal goes away: what was decided is kept. */
START_TEST(the_end_of_input_ends_it)
{
    Session session;
    int status = 0;
    if (!session_begin(&session, links))
        return;
    wait_for(&session, PROMPT, 1);
    press(&session, "c");
    wait_for(&session, "confirmed\r\n", 1);
    wait_for(&session, PROMPT, 2);
    close(session.slave);
    close(session.master);
    for (guint waited = 0; waitpid(session.child, &status, WNOHANG) == 0; waited += 10) {
        ck_assert_uint_lt(waited, WAIT_MS);
        g_usleep(10000);
    }
    g_string_free(session.shown, TRUE);
    g_autofree char *kept = output_of("stats --rules --format csv", 0);
    ck_assert_ptr_nonnull(strstr(kept, ",1,1,0,1.000,"));
}
END_TEST

/* Another run holds the lock: said, nothing is lost, and the key works when it is free. */
START_TEST(a_busy_store_is_said)
{
    Session session;
    if (!session_begin(&session, links))
        return;
    wait_for(&session, PROMPT, 1);
    int lock = lock_hold(dir);
    press(&session, "c");
    wait_for(&session, "not kept: ", 1);
    lock_let_go(lock);
    wait_for(&session, PROMPT, 2);
    press(&session, "c");
    wait_for(&session, "confirmed\r\n", 1);
    press(&session, "q");
    ck_assert_int_eq(session_end(&session), 0);
}
END_TEST

START_TEST(no_terminal_is_refused)
{
    g_autofree char *out = output_of("review", 2);
    ck_assert_str_eq(out, "");
    g_autofree char *list = output_of("review --format csv --from 0 --to 1", 0);
    ck_assert_ptr_nonnull(strstr(list, "link,cbsa-seizure:"));
    g_free(output_of("review --format csv --kind gun", 2));
    g_free(output_of("review --format csv --from 0.9 --to 0.1", 2));
}
END_TEST

/* Decisions of another front end: each is answered, the worst is the status. */
START_TEST(decisions_as_lines)
{
    folder_write(dir, "decisions",
                 "{\"type\":\"link\",\"left\":\"cbsa-seizure:4531-24-0001/1\",\"right\":"
                 "\"atf-trace:T20240000001\",\"decision\":\"dismiss\",\"reason\":\"seen\"}\n"
                 "\n"
                 "{\"type\":\"link\",\"left\":\"no:1\",\"right\":\"no:2\",\"decision\":"
                 "\"confirm\"}\n"
                 "{\"type\":\"link\",\"left\":\"no:1\",\"decision\":\"confirm\"}\n"
                 "nonsense\n");
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf(
        "cd '%s' && '%s' review --format ndjson < decisions > answers", dir, program);
    int status = system(line);
    ck_assert_int_eq(WEXITSTATUS(status), 66);
    g_autofree char *path = g_build_filename(dir, "answers", NULL), *answers = NULL;
    ck_assert(g_file_get_contents(path, &answers, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(answers, "\"line\":1,\"result\":\"kept\""));
    ck_assert_ptr_nonnull(strstr(answers, "\"line\":3,\"result\":\"refused\""));
    ck_assert_ptr_nonnull(strstr(answers, "\"line\":5,\"result\":\"refused\""));
    g_free(output_of("correlate -q", 0));
    g_autofree char *out =
        output_of("why atf-trace:T20240000001 cbsa-seizure:4531-24-0001/1 --format csv", 0);
    ck_assert_ptr_nonnull(strstr(out, "result,same,no"));
    ck_assert_ptr_nonnull(strstr(out, "result,reason,dismissed"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("review");
    TCase *cases = tcase_create("review");
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, one_key_a_decision);
    tcase_add_loop_test(cases, a_signal_leaves_the_terminal_as_it_was, 0, G_N_ELEMENTS(endings));
    tcase_add_test(cases, resized_and_stopped_it_goes_on);
    tcase_add_test(cases, the_end_of_input_ends_it);
    tcase_add_test(cases, a_busy_store_is_said);
    tcase_add_test(cases, no_terminal_is_refused);
    tcase_add_test(cases, decisions_as_lines);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
