/*
 * Killed between an action and its entry: every change that is there has its entry and every entry
 * its change, at any moment; nothing has gone out that was not entered before. How many kills fell
 * before and after is counted. $KILL_POINTS says how many there are (8 each). Synthetic.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define OPTIONS "--quiet --as-of 2024-07-04 --rules "
#define ENTRIES "SELECT count(*) FROM audit WHERE action = "

/* What the command changes, and how many entries there are of it. */
static const struct {
    const char *line, *changed, *entered;
} changes[] = {
    {"load %u.csv", "SELECT count(*) FROM file", ENTRIES "'load'"},
    {"correlate --full", "SELECT count(*) FROM run", ENTRIES "'correlate'"},
    {"suppress add I1 %u --owner me --reason SYNTHETIC --until 2030-01-01",
     "SELECT count(*) FROM judgement", ENTRIES "'judge'"},
    {"retention hold add atf-trace:T20240000001 --reason SYNTHETIC%u --until 2030-01-01",
     "SELECT count(*) FROM hold", ENTRIES "'hold'"},
};

static char *dir, *rules;
static guint kills;

static void run(const char *line)
{
    g_autofree char *whole = g_strdup_printf(OPTIONS "%s %s", rules, line);
    Ran ran = program_run(dir, whole);
    ck_assert_msg(ran.status <= 1, "%s: %d %s", line, ran.status, ran.err);
    ran_clear(&ran);
}

static void set_up(void)
{
    const char *wanted = g_getenv("KILL_POINTS");
    kills = wanted ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 8;
    rules = g_canonicalize_filename("rules", NULL);
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    run("load traces.csv seizures.csv");
    run("correlate");
}

static void tear_down(void)
{
    folder_remove(dir);
    g_free(rules);
}

static gint64 number(const char *file, const char *sql)
{
    g_autofree char *path = g_build_filename(dir, file, NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    gint64 value = 0;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
    return value;
}

/* Runs a command and kills it after a part of the time that it takes when it is let be. */
static void run_killed(const char *line, gint64 whole, double part)
{
    g_autofree char *all = g_strdup_printf(OPTIONS "%s %s", rules, line);
    GPid pid = program_start(dir, all);
    g_usleep((gulong)((double)whole * part));
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

static gint64 time_of(const char *line)
{
    gint64 begun = g_get_monotonic_time();
    run(line);
    return g_get_monotonic_time() - begun;
}

static char *line_of(const char *text, guint n)
{
    g_auto(GStrv) parts = g_strsplit(text, "%u", 2);
    g_autofree char *digits = g_strdup_printf("%u", n);
    if (!parts[1])
        return g_strdup(text);
    g_autofree char *name = g_strdup_printf("%u.csv", n);
    g_autofree char *row = g_strdup_printf(
        WORLD_SEIZURE_HEADER "4531-24-1%03u,1,2024-05-20,0453,,,,,,,,,,,SYNTHETIC\n", n);
    folder_write(dir, name, row);
    return g_strconcat(parts[0], digits, parts[1], NULL);
}

START_TEST(a_change_and_its_entry_are_one)
{
    g_autofree char *first = line_of(changes[_i].line, 0);
    gint64 whole = time_of(first), before = number("crosstrace.db", changes[_i].changed);
    guint after = 0;
    ck_assert_int_gt(before, 0);
    for (guint n = 1; n <= kills; n++) {
        g_autofree char *line = line_of(changes[_i].line, n);
        run_killed(line, whole, 1.5 * n / kills);
        gint64 changed = number("crosstrace.db", changes[_i].changed);
        ck_assert_int_eq(changed, number("crosstrace.db", changes[_i].entered));
        after += changed > before;
        before = changed;
    }
    run("audit verify");
    printf("counted: %u kills of '%s', %u after it was done\n", kills, changes[_i].line, after);
}
END_TEST

/* The entry first: a file that went out under its name has one, and one that says all went or that
 * was killed before it could. */
START_TEST(nothing_goes_out_without_an_entry)
{
    static const char begun[] = ENTRIES "'disclose' AND outcome = 'begun'";
    static const char report[] =
        "report --format csv --audience RCMP_TRACING --authority 'crim_inv=RCMP-2026-1234; "
        "ca_107=107(8); privacy=8(2)(f); originator=ATF-C/2026-11' -o %u.out";
    guint out = 0;
    g_autofree char *first = line_of(report, 0);
    gint64 whole = time_of(first), entries = number("crosstrace.db.audit", begun);
    for (guint n = 1; n <= kills; n++) {
        g_autofree char *line = line_of(report, n), *name = g_strdup_printf("%u.out", n);
        g_autofree char *path = g_build_filename(dir, name, NULL);
        run_killed(line, whole, 1.5 * n / kills);
        gint64 now = number("crosstrace.db.audit", begun);
        gboolean exists = g_file_test(path, G_FILE_TEST_EXISTS);
        ck_assert(!exists || now == entries + 1);
        ck_assert_int_le(now, entries + 1);
        out += exists;
        entries = now;
    }
    run("audit verify");
    printf("counted: %u kills of a disclosure, %u after it was out\n", kills, out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kill between");
    TCase *tests = tcase_create("kill between");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_change_and_its_entry_are_one, 0, G_N_ELEMENTS(changes));
    tcase_add_test(tests, nothing_goes_out_without_an_entry);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
