/*
 * Loads that are killed at any moment: the file is wholly in or wholly out, the store is sound and
 * its trail whole, and the next load needs no help. $KILL_POINTS says how many (20; the long run
 * of tests/torture takes 200).
 */
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/store/store.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define ROWS       4000
#define FIRST_ROWS 30000 /* with REMARK so large a file that its pages are laid (store/first.c) */
#define REMARK     230   /* bytes more a row */

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

static void write_traces(const char *name, char first, guint rows, guint remark)
{
    g_autofree char *more = g_strnfill(remark, 'x');
    g_autoptr(GString) text =
        g_string_new("trace_number,serial_number,manufacturer,model,caliber,"
                     "purchase_date,purchaser_last,purchaser_first,remarks\n");

    for (guint i = 0; i < rows; i++)
        g_string_append_printf(
            text, "%c%07u,%cB%05uX,GLOCK,19,%s,03/%02u/2023,DOE%u,%s,SYNTHETIC%s\n", first, i,
            first, i, i % 50 ? "9MM" : "9 Zorb", i % 31 + 1, i % 997, i % 3 ? "Ann" : "", more);
    folder_write(dir, name, text->str);
}

static pid_t start_load(const char *file)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    char *argv[] = {built, (char *)"--quiet", (char *)"load", (char *)file, NULL};
    GPid pid = 0;

    ck_assert(g_spawn_async(dir, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
    return pid;
}

static void run_well(const char *line)
{
    Ran ran = program_run(dir, line);

    ck_assert_msg(ran.status == 0, "%s: status %d: %s%s", line, ran.status, ran.out, ran.err);
    ran_clear(&ran);
}

static gboolean count_record(Record *record, gboolean *take, gpointer data)
{
    (void)record;
    (void)take;
    ++*(guint *)data;
    return TRUE;
}

/* Records in the store; *in: has it that file? */
static guint look(const char *file, gboolean *in)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    g_autofree char *loaded = g_build_filename(dir, file, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, &error);
    guint n = 0;

    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    ck_assert(g_file_get_contents(loaded, &bytes, &length, NULL));
    g_autofree char *sha = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, length);

    *in = store_find_file(store, sha, &error) > 0;
    ck_assert(store_visit(store, NULL, TRUE, count_record, &n, &error));
    return n;
}

static void remove_store(void)
{
    static const char *const FILES[] = {"",       "-journal",   "-wal", "-shm",
                                        ".audit", ".audit-wal", ".lock"};

    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *name = g_strconcat("crosstrace.db", FILES[i], NULL);
        g_autofree char *path = g_build_filename(dir, name, NULL);

        g_unlink(path);
    }
}

static void begin_store(void)
{
    remove_store();
    run_well("--quiet load a.csv");
}

/* How long a load takes when nobody kills it, in microseconds. */
static gint64 measure(const char *line)
{
    gint64 begun = g_get_monotonic_time();

    run_well(line);
    return g_get_monotonic_time() - begun;
}

START_TEST(killed_at_any_moment)
{
    const char *wanted = g_getenv("KILL_POINTS");
    guint points = wanted ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 20, ins = 0, outs = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    gint64 whole;
    gboolean in;

    write_traces("a.csv", '1', ROWS, 0);
    write_traces("b.csv", '2', ROWS, 0);
    begin_store();
    whole = measure("--quiet load b.csv");
    begin_store();
    for (guint i = 0; i < points; i++) {
        pid_t pid = start_load("b.csv");
        int status;

        if (i > 0) /* the first dies at once, so that one is out on any machine */
            g_usleep((gulong)g_rand_int_range(rand, 0, (gint32)(whole * 5 / 4)));
        kill(pid, SIGKILL);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        run_well("check");
        ck_assert_uint_eq(look("b.csv", &in), in ? 2 * ROWS : ROWS);
        ins += in;
        outs += !in;
        if (in)
            begin_store();
    }
    run_well("--quiet load b.csv");
    ck_assert_uint_eq(look("b.csv", &in), 2 * ROWS);
    run_well("audit verify");
    ck_assert(in);
    g_print("counted: %u loads killed, %u wholly in, %u wholly out\n", points, ins, outs);
    ck_assert_uint_gt(outs, 0);
}
END_TEST

/* A first load, whose pages are not all written by SQLite. */
START_TEST(killed_in_a_first_load)
{
    const char *wanted = g_getenv("KILL_POINTS");
    guint points = wanted ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 8, looked = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(10);
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    gboolean in;

    write_traces("a.csv", '1', FIRST_ROWS, REMARK);
    gint64 whole = measure("--quiet load a.csv");
    for (guint i = 0; i < points; i++) {
        int status;

        remove_store();
        pid_t pid = start_load("a.csv");
        g_usleep((gulong)g_rand_int_range(rand, 0, (gint32)(whole * 5 / 4)));
        kill(pid, SIGKILL);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        run_well("check --full");
        ck_assert_uint_eq(look("a.csv", &in), in ? FIRST_ROWS : 0);
        run_well("--quiet load a.csv");
        ck_assert_uint_eq(look("a.csv", &in), FIRST_ROWS);
        looked++;
    }
    run_well("--quiet load a.csv"); /* the last may have died before there was a store */
    run_well("check --full");
    g_print("counted: %u first loads killed, %u stores looked at\n", points, looked);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kill");
    TCase *tests = tcase_create("kill");

    tcase_set_timeout(tests, 3600);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, killed_at_any_moment);
    tcase_add_test(tests, killed_in_a_first_load);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
