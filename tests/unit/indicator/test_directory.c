/* A directory of rules: what is prepared and checked of each, what is refused, their hash. */
#include "tests/unit/indicator/directory.h"

/* What is wrong with the SQL is found by preparing, with the line where SQLite sees it. */
static void expect_prepare(const char *more, const char *select, const char *what)
{
    put_rule("P", more, "1", select);
    g_autoptr(Indicators) rules = load();
    g_autoptr(GError) error = NULL;
    gboolean ok = indicators_prepare(rules, scratch.store, &error);
    ck_assert_msg(ok == (what == NULL), "%s: %s", select, error ? error->message : "passed");
    if (what) {
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, what) != NULL, "%s", error->message);
    }
}

START_TEST(prepares_before_anything_runs)
{
    expect_prepare("", ROW("1"), NULL);
    expect_prepare("",
                   "SELECT 's' AS subject, record,\n  1 AS bits,\n  nobody AS explanation"
                   " FROM firearms",
                   "P.sql:10: query refused: no such column: nobody");
    expect_prepare("", "-- why\n\nSELECT 's' AS subject, record,\n  1 AS bits,,", "P.sql:11: ");
    expect_prepare("", "-- why\n/* and\nwhy */\nSELECT * FROM record", "P.sql:11: ");
    expect_prepare("", "-- why\n\n" ROW("random()"), "P.sql:10: query refused: function 'random'");
    expect_prepare("", "SELECT record, 's' AS subject, 1 AS bits, 'e' AS explanation FROM firearms",
                   "P.sql:8: columns are 'record, subject, bits, explanation', not");
    expect_prepare("", "SELECT 's' AS subject, record, 1 AS bits FROM firearms",
                   "P.sql:8: columns are 'subject, record, bits', not");
    expect_prepare("",
                   "-- why\nSELECT 's' AS subject, record, 1 AS bits, 'e' AS explanation, 1 AS x"
                   " FROM firearms",
                   "P.sql:9: columns are");
    expect_prepare("-- param: day = 1", ROW("1") "\n WHERE :day > 0\n AND :days > 0",
                   "P.sql:11: parameter ':days' has no value");
    expect_prepare("-- param: day = 1", ROW("1") "\n WHERE :day > 0 AND :as_of > ''", NULL);
}
END_TEST

static void expect_check(const char *what)
{
    g_autoptr(Indicators) rules = load();
    g_autoptr(GError) error = NULL;
    gboolean ok = indicators_check(rules, scratch.store, &error);
    ck_assert_msg(ok == (what == NULL), "%s", error ? error->message : "passed");
    if (what) {
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, what) != NULL, "%s", error->message);
    }
}

START_TEST(checks_columns_examples_and_revisions)
{
    put_rule("A", "", "1", ROW("1"));
    expect_check(NULL);
    g_autofree char *path = in_rules("A.sql");
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_autofree char *hash = text_sha256(text, -1);
    g_autofree char *row = g_strdup_printf("id,rev,sha256\nA,2,%s\n", hash);
    put_file("revisions.csv", row);
    expect_check(NULL);
    put_file("revisions.csv", "id,rev,sha256\nA,2,0000\n");
    expect_check("the file has changed but rev is still 2");
    put_file("revisions.csv", "id,rev,sha256\nA,3,0000\n");
    expect_check("older than the recorded rev 3");
    put_file("revisions.csv", "id,rev,sha256\nA,1,0000\n"); /* a new revision, not recorded yet */
    expect_check(NULL);
    put_file("revisions.csv", "id,rev\nA,1\n");
    expect_check("revisions.csv:1");
    put_file("revisions.csv", "id,rev,sha256\n");
    put_rule("A", "", "1", "SELECT 1 AS subject, 2 AS record, 3 AS bits FROM firearms");
    expect_check("columns are");
    put_rule("A", "", "1", "SELECT nobody FROM firearms");
    expect_check("A.sql:8: ");
    put_rule("A", "-- example: hit none.case", "1", ROW("1"));
    expect_check("no example");
}
END_TEST

/* What a rule rests on is believed of the very SELECT that it was told of; of another one it is
 * not, and whoever checks is told so. */
START_TEST(a_promise_is_of_one_select)
{
    put_rule("A", "", "1", ROW("1"));
    g_autofree char *sum = text_sha256(ROW("1") "\n", -1);
    g_autofree char *told = g_strdup_printf("id,by,select\nA,dealer,%.16s\n", sum);
    put_file("related.csv", told);
    expect_check(NULL);
    g_autoptr(Indicators) believed = load();
    ck_assert_int_eq(indicators_at(believed, 0)->scope, SCOPE_DEALER);
    put_rule("A", "-- severity: low", "2", ROW("1")); /* the header may be another */
    expect_check(NULL);
    put_rule("A", "", "1", ROW("1") " WHERE make IS NOT NULL");
    expect_check("A.sql:8: related.csv tells what another SELECT rests on");
    g_autoptr(Indicators) changed = load();
    ck_assert_int_eq(indicators_at(changed, 0)->scope, SCOPE_ALL);
    put_rule("A", "", "1", ROW("1"));
    put_file("related.csv", "id,by\nA,dealer\n");
    expect_check("A.sql:8: related.csv tells what another SELECT rests on");
}
END_TEST

START_TEST(refuses_a_broken_directory)
{
    g_autoptr(GError) error = NULL;
    put_rule("A", "", "1", ROW("1"));
    put_file("B.sql", "-- id: A\n-- rev: 1\n-- title: T\n-- bits: 1\n-- example: hit a.case\n\n"
                      "SELECT 1\n");
    ck_assert_ptr_null(indicators_load(rules_dir, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "id 'A' is also in"));
    g_clear_error(&error);
    put_file("B.sql", "-- id: \xff\n");
    ck_assert_ptr_null(indicators_load(rules_dir, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "UTF-8"));
    g_clear_error(&error);
    g_autofree char *path = in_rules("B.sql");
    ck_assert(g_file_set_contents(path, "-- id: B\n\0", 10, NULL));
    ck_assert_ptr_null(indicators_load(rules_dir, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "B.sql:1: not UTF-8 text"));
    g_clear_error(&error);
    ck_assert_int_eq(g_unlink(path), 0);
    ck_assert_int_eq(g_mkdir(path, 0700), 0); /* a folder is no rule, whatever its name */
    ck_assert_ptr_null(indicators_load(rules_dir, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "cannot read rules: "));
    g_clear_error(&error);
    ck_assert_int_eq(g_rmdir(path), 0);
    ck_assert_ptr_null(indicators_load("/nowhere", &error));
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
}
END_TEST

START_TEST(hashes_all_but_backups)
{
    put_rule("A", "", "1", ROW("1"));
    g_autofree char *first = rules_hash(rules_dir, NULL);
    g_autofree char *again = rules_hash(rules_dir, NULL);
    ck_assert_str_eq(first, again);
    put_file("A.sql~", "old");
    put_file(".#A.sql", "lock");
    put_file("#A.sql#", "unsaved");
    put_file(".A.sql.swp", "unsaved");
    g_autofree char *backup = rules_hash(rules_dir, NULL);
    ck_assert_str_eq(first, backup);
    put_file("cases/x.case", "1");
    g_autofree char *more = rules_hash(rules_dir, NULL);
    ck_assert_str_ne(first, more);
    put_file("cases/x.case", "2");
    g_autofree char *other = rules_hash(rules_dir, NULL);
    ck_assert_str_ne(more, other);
    ck_assert_ptr_null(rules_hash("/nowhere", NULL));
    g_autoptr(Indicators) rules = load();
    ck_assert_uint_eq(indicators_count(rules), 1);
}
END_TEST

/* The same files, whichever came first into the folder. */
START_TEST(hashes_in_order_of_names)
{
    char *hash[2];
    for (guint turn = 0; turn < 2; turn++) {
        for (guint i = 0; i < 20; i++) {
            g_autofree char *name = g_strdup_printf("%02u.case", turn ? 19 - i : i);
            put_file(name, name);
        }
        hash[turn] = rules_hash(rules_dir, NULL);
        for (guint i = 0; i < 20; i++) {
            g_autofree char *name = g_strdup_printf("%02u.case", i), *path = in_rules(name);
            ck_assert_int_eq(g_unlink(path), 0);
        }
    }
    ck_assert_str_eq(hash[0], hash[1]);
    g_free(hash[0]);
    g_free(hash[1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("directory");
    TCase *tcase = tcase_create("directory");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* a failing store fails at each of its calls */
    tcase_add_test(tcase, prepares_before_anything_runs);
    tcase_add_test(tcase, checks_columns_examples_and_revisions);
    tcase_add_test(tcase, a_promise_is_of_one_select);
    tcase_add_test(tcase, refuses_a_broken_directory);
    tcase_add_test(tcase, hashes_all_but_backups);
    tcase_add_test(tcase, hashes_in_order_of_names);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
