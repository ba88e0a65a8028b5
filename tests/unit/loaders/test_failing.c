/*
 * A load into a store that fails at any of its steps: it says so, and nothing of the file is there;
 * the same file loads when all is well again.
 */
#include "tests/unit/loaders/fixture.h"
#include "tests/unit/store/failing.h"

/* Rows that are kept, kept with a warning, refused, and said a second time. */
static const char ROWS[] = "trace_number,serial_number,manufacturer,recovery_date,remarks\n"
                           "T20230000001,AB1,GLOCK,2023-05-06,SYNTHETIC %u\n"
                           "T20230000002,AB2,GLOCK,2099-05-06,SYNTHETIC\n"
                           ",AB3,GLOCK,2023-05-06,no number\n"
                           "T20230000003,AB4,GLOCK,2023-05-06,too,many,cells\n"
                           "T20230000001,AB1,GLOCK,2023-05-06,SYNTHETIC %u\n";

static char *rows_count(void)
{
    sqlite3_stmt *count = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(store),
                                        "SELECT (SELECT count(*) FROM file) || ' '"
                                        " || (SELECT count(*) FROM record) || ' '"
                                        " || (SELECT count(*) FROM remark)",
                                        -1, &count, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(count), SQLITE_ROW);
    char *text = g_strdup((const char *)sqlite3_column_text(count, 0));
    sqlite3_finalize(count);
    return text;
}

/* A file that was never loaded: how many steps there were. */
static guint load_once(gboolean step, guint at, guint *failures)
{
    static guint number;
    g_autofree char *path = g_build_filename(directory, "input.csv", NULL);
    g_autofree char *text = g_strdup_printf(ROWS, number, number);
    g_autofree char *before = rows_count();
    LoadRules rules = {codes, people, profiles};
    g_autoptr(GError) error = NULL;
    Failing failing = {at, 0};
    LoadReport report;

    number++;
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    failing_set(store, step, &failing);
    gboolean done = load_file(store, &rules, &options, path, &report, &error);
    failing_set(store, step, NULL);
    load_report_clear(&report);
    ck_assert_msg(done == (error == NULL), "failed at %u without a word", at);
    ck_assert(sqlite3_get_autocommit(store_handle(store)));
    *failures += !done;
    if (!done) {
        g_autofree char *after = rows_count();
        ck_assert_str_eq(after, before);
    }
    return failing.calls;
}

static void check_failing(gboolean step)
{
    guint failures = 0, times = 0;
    load_once(step, G_MAXUINT, &failures);
    guint most = load_once(step, G_MAXUINT, &failures);
    ck_assert_uint_eq(failures, 0);
    for (; times < FAILING_TIMES && times < most; times++)
        load_once(step, times * MAX(most, FAILING_TIMES) / FAILING_TIMES, &failures);
    ck_assert_uint_gt(failures, times / 2);
    failures = 0;
    load_once(step, G_MAXUINT, &failures);
    ck_assert_uint_eq(failures, 0);
}

START_TEST(test_interrupted)
{
    check_failing(TRUE);
}
END_TEST

START_TEST(test_refused)
{
    check_failing(FALSE);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_interrupted);
    tcase_add_test(tcase, test_refused);
}

int main(void)
{
    return run_suite("loaders/failing", fill);
}
