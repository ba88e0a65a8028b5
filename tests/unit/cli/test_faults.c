/*
 * A small run (load, correlate, report) in which one call fails: input/output errors, a full disk,
 * interrupted and short calls, an allocation; or in which the program dies in the middle of a call.
 * After each: the store is sound, nothing half written bears a name, status 0 means that all was
 * done, anything else was told; and the run, once more, gives what it gives undisturbed.
 * CROSSTRACE_FAULTS=0 strikes at every call, once and from there on, else at so many of each kind
 * and command, chosen by CROSSTRACE_SEED; CROSSTRACE_PARTS=N, CROSSTRACE_PART=I (from 0): at every
 * N-th. "step" is death in any system call at all, the others concern calls for files and memory.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/cli/nights.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define SAMPLED   1
#define CALLS_MAX 4000u
#define STEP      "step" /* killed in any system call, by crosstrace-step */
#define UNTRACED  125
#define OPTIONS   "--store s.db --as-of 2024-06-30 --rules "

static const char *const COMMANDS[] = {"load traces.csv seizures.csv", "correlate",
                                       "report --format csv --output r.csv --force"};

typedef struct {
    const char *name;
    gboolean harmless; /* nothing may come of it */
    gboolean may_die;  /* of a signal */
} Kind;

static const Kind KINDS[] = {
    {"eio", FALSE, FALSE}, {"enospc", FALSE, FALSE}, {"eintr", TRUE, FALSE}, {"short", TRUE, FALSE},
    {"kill", FALSE, TRUE}, {"oom", FALSE, TRUE},     {STEP, FALSE, TRUE}};

typedef struct {
    guint struck, silent, told, died;
} Tally;

static char *whole; /* what an undisturbed run leaves */
static char *ready; /* a folder: what the command that is struck finds */

static char *line_of(guint command)
{
    return g_strconcat(OPTIONS, rules, " ", COMMANDS[command], NULL);
}

static void make_folder_new(void)
{
    set_up();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
}

/* The shell's line that runs a command under a fault ("eio:3"). */
static char *struck_line(guint command, const char *fault)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *folder = g_path_get_dirname(built), *words = line_of(command);
    if (g_str_has_prefix(fault, STEP))
        return g_strdup_printf("CROSSTRACE_FAULT_COUNT=count exec '%s/crosstrace-step' %s '%s' %s",
                               folder, fault + strlen(STEP ":"), built, words);
    return g_strdup_printf("LD_PRELOAD='%s/libfault.so' CROSSTRACE_FAULT=%s "
                           "CROSSTRACE_FAULT_COUNT=count exec '%s' %s",
                           folder, fault, built, words);
}

/* ran.status is 128 + N for a signal. */
static Ran run_struck(guint command, const char *fault)
{
    Ran ran = {0};
    int status = 0;
    g_autofree char *line = struck_line(command, fault);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "XDG_CONFIG_HOME", dir, TRUE);
    ck_assert(g_spawn_sync(dir, (char **)argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &ran.out,
                           &ran.err, &status, NULL));
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

static char *results(void)
{
    g_autofree char *links_line = g_strconcat(OPTIONS, rules, " export links --format csv", NULL);
    g_autofree char *leads_line = g_strconcat(OPTIONS, rules, " leads list --format csv", NULL);
    Ran links = program_run(dir, links_line), leads = program_run(dir, leads_line);
    g_autofree char *report = contents("r.csv");
    ck_assert_msg(links.status == 0 && leads.status == 0, "%s%s", links.err, leads.err);
    char *all = g_strconcat(report, links.out, leads.out, NULL);
    ran_clear(&links);
    ran_clear(&leads);
    return all;
}

static void run_on(guint from, const char *after)
{
    for (guint c = from; c < G_N_ELEMENTS(COMMANDS); c++) {
        g_autofree char *line = line_of(c);
        Ran ran = program_run(dir, line);
        ck_assert_msg(ran.status == 0, "after %s: %s: %d %s", after, line, ran.status, ran.err);
        ran_clear(&ran);
    }
}

/* What undisturbed commands before this one leave. */
static void make_ready(guint command)
{
    make_folder_new();
    for (guint c = 0; c < command; c++) {
        g_autofree char *line = line_of(c);
        expect(line, 0, "");
    }
    ready = folder_new();
    folder_copy(dir, ready);
    tear_down();
}

/* Calls that a kind concerns in a command, from the same state as when it is struck. */
static guint count_calls(guint command, const Kind *kind)
{
    set_up();
    folder_copy(ready, dir);
    g_autofree char *none = g_strconcat(kind->name, ":0", NULL);
    Ran ran = run_struck(command, none);
    ck_assert_msg(ran.status == 0, "%d %s", ran.status, ran.err);
    ran_clear(&ran);
    g_autofree char *text = contents("count");
    tear_down();
    return (guint)g_ascii_strtoull(text, NULL, 10);
}

static void expect_sound(const char *fault)
{
    g_autofree char *store = g_build_filename(dir, "s.db", NULL);
    g_autofree char *report = g_build_filename(dir, "r.csv", NULL), *written = NULL;
    if (g_file_test(store, G_FILE_TEST_EXISTS)) {
        Ran ran = program_run(dir, "--store s.db check");
        /* a store that was never made whole is none */
        ck_assert_msg(ran.status == 0 || (ran.status == 69 && strstr(ran.err, "crosstrace: ")),
                      "after %s: check says %d %s%s", fault, ran.status, ran.out, ran.err);
        ck_assert_msg(!strstr(ran.err, "damaged"), "after %s: %s", fault, ran.err);
        ran_clear(&ran);
    }
    if (g_file_get_contents(report, &written, NULL, NULL))
        ck_assert_msg(g_str_has_prefix(whole, written), "after %s: half a report", fault);
}

static void strike(guint command, const Kind *kind, const char *fault, Tally *tally)
{
    set_up();
    folder_copy(ready, dir);
    Ran ran = run_struck(command, fault);
    const char *name = COMMANDS[command];
    tally->struck++;
    tally->silent += ran.status == 0;
    tally->told += ran.status > 0 && ran.status < 128;
    tally->died += ran.status >= 128;
    ck_assert_msg(!kind->harmless || ran.status == 0, "%s, %s: %d %s", name, fault, ran.status,
                  ran.err);
    ck_assert_msg(ran.status < 128 || kind->may_die, "%s, %s: died, %d %s", name, fault, ran.status,
                  ran.err);
    ck_assert_msg(ran.status == 0 || ran.status >= 128 || *ran.err, "%s, %s: %d, and not a word",
                  name, fault, ran.status);
    expect_sound(fault);
    run_on(ran.status == 0 ? command + 1 : command, fault);
    g_autofree char *after = results();
    ck_assert_msg(strcmp(after, whole) == 0, "%s, %s, status %d:\n%s\ninstead of\n%s", name, fault,
                  ran.status, after, whole);
    ran_clear(&ran);
    tear_down();
}

static void strike_command(guint command, const Kind *kind, GRand *random, Tally *tally)
{
    guint sampled = from_environment("CROSSTRACE_FAULTS", SAMPLED);
    make_ready(command);
    guint calls = count_calls(command, kind);
    ck_assert_uint_gt(calls, 0);
    if (!sampled && calls > CALLS_MAX && strcmp(kind->name, STEP) != 0)
        sampled = CALLS_MAX / 2;                     /* allocations: not each of a million */
    gboolean on = !kind->harmless && !kind->may_die; /* also with all calls after it */
    guint parts = sampled ? 1 : from_environment("CROSSTRACE_PARTS", 1);
    guint part = sampled ? 0 : from_environment("CROSSTRACE_PART", 0);
    for (guint i = part; i < (sampled ? sampled : calls); i += parts) {
        guint number = sampled ? (guint)g_rand_int_range(random, 1, (gint32)calls + 1) : i + 1;
        g_autofree char *once = g_strdup_printf("%s:%u", kind->name, number);
        g_autofree char *since = g_strconcat(once, "+", NULL);
        if (!sampled || !on || !(i & 1))
            strike(command, kind, once, tally);
        if (on && (!sampled || (i & 1)))
            strike(command, kind, since, tally);
    }
    folder_remove(ready);
}

static gboolean may_trace(void)
{
    Ran ran = run_struck(0, STEP ":0");
    gboolean may = ran.status != UNTRACED;
    if (!may)
        printf("skipped: no process may trace another here\n");
    ran_clear(&ran);
    return may;
}

START_TEST(one_call_fails)
{
    const Kind *kind = &KINDS[_i];
    const char *only = g_getenv("CROSSTRACE_FAULT_KIND");
    g_autoptr(GRand) random =
        g_rand_new_with_seed((guint32)_i + 7 + 100 * from_environment("CROSSTRACE_SEED", 0));
    Tally tally = {0};
#if defined(__SANITIZE_ADDRESS__)
    printf("skipped: %s: the library would stand before the sanitizer's own\n", kind->name);
    return;
#endif
    if (only && strcmp(only, kind->name) != 0)
        return;
    make_folder_new();
    run_on(0, "nothing");
    whole = results();
    gboolean skipped = strcmp(kind->name, STEP) == 0 && !may_trace();
    tear_down();
    for (guint c = skipped ? G_N_ELEMENTS(COMMANDS) : 0; c < G_N_ELEMENTS(COMMANDS); c++)
        strike_command(c, kind, random, &tally);
    printf("counted: %s at %u calls: %u done all the same, %u told, %u died\n", kind->name,
           tally.struck, tally.silent, tally.told, tally.died);
    g_free(whole);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("faults");
    TCase *tests = tcase_create("faults");
    tcase_set_timeout(tests, 14400);
    tcase_add_loop_test(tests, one_call_fails, 0, G_N_ELEMENTS(KINDS));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
