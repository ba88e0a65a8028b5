/* Running rules: what is kept of their rows, budgets, revisions, what fails. */
#include "tests/unit/indicator/directory.h"
#include "tests/unit/store/failing.h"

START_TEST(sorts_caps_and_keeps_the_largest)
{
    put_rule("B", "-- param: x = 7", "3", ROW("CASE record WHEN 'atf-trace:1' THEN 1 ELSE :x END"));
    put_rule("N", "", "-2", ROW("CASE record WHEN 'atf-trace:1' THEN -1 ELSE -9 END"));
    put_rule("D", "", "2", ROW("0.5") " UNION ALL " ROW("1"));
    put_rule("X", "", "2", ROW("-1")); /* what speaks for a lead never speaks against it */
    put_rule("Y", "", "-2", ROW("1"));
    g_autoptr(Indicators) rules = load();
    ck_assert_uint_eq(indicators_count(rules), 5);
    ck_assert_str_eq(indicators_at(rules, 0)->id, "B");
    ck_assert_str_eq(indicators_at(rules, 2)->id, "N");
    ck_assert_ptr_eq(indicators_find(rules, "D"), indicators_at(rules, 1));
    ck_assert_ptr_null(indicators_find(rules, "E"));
    g_autofree char *b = world_hits(scratch.store, rules, "B");
    ck_assert_str_eq(b, "s atf-trace:1 3.0\ns atf-trace:2 3.0\n");
    ck_assert(store_clear_results(scratch.store, NULL));
    g_autofree char *n = world_hits(scratch.store, rules, "N");
    ck_assert_str_eq(n, "s atf-trace:1 -2.0\ns atf-trace:2 -2.0\n");
    ck_assert(store_clear_results(scratch.store, NULL));
    g_autofree char *d = world_hits(scratch.store, rules, "D");
    ck_assert_str_eq(d, "s atf-trace:1 1.0\ns atf-trace:2 1.0\n");
    for (guint i = 3; i < 5; i++) {
        ck_assert(store_clear_results(scratch.store, NULL));
        g_autofree char *none = world_hits(scratch.store, rules, indicators_at(rules, i)->id);
        ck_assert_msg(g_str_has_prefix(none, i == 3 ? "s atf-trace:1 0.0\n" : "s atf-trace:1 "),
                      "%s", none);
        ck_assert_double_eq(g_ascii_strtod(none + strlen("s atf-trace:1 "), NULL), 0);
    }
}
END_TEST

/* Of what a rule says twice of a subject and a record the most weighty stays, of those of one
 * weight the first by what it says, whatever order they come in. */
START_TEST(keeps_one_of_each)
{
    static const char *const rows[] = {"('s', 1, 'a')", "('s', 2, 'c')", "('s', 2, 'b')",
                                       "('t', 2, 'd')", "('s', 1, 'e')"};
    sqlite3_stmt *statement = NULL;
    for (guint first = 0; first < G_N_ELEMENTS(rows); first++) {
        g_autoptr(GString) select = g_string_new("WITH r(s, b, e) AS (VALUES ");
        for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
            g_string_append_printf(select, "%s%s", i ? ", " : "",
                                   rows[(first + i) % G_N_ELEMENTS(rows)]);
        g_string_append(select, ") SELECT s AS subject, record, b AS bits, e AS explanation"
                                " FROM r, firearms");
        put_rule("O", "", "3", select->str);
        g_autoptr(Indicators) rules = load();
        g_autofree char *hits = world_hits(scratch.store, rules, "O");
        ck_assert_str_eq(hits, "s atf-trace:1 2.0\ns atf-trace:2 2.0\n"
                               "t atf-trace:1 2.0\nt atf-trace:2 2.0\n");
        sqlite3_prepare_v2(store_handle(scratch.store),
                           "SELECT group_concat(explanation, '') FROM"
                           " (SELECT explanation FROM indicator ORDER BY indicator_id)",
                           -1, &statement, NULL);
        ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
        ck_assert_str_eq((const char *)sqlite3_column_text(statement, 0), "bbdd");
        sqlite3_finalize(statement);
        ck_assert(store_clear_results(scratch.store, NULL));
    }
}
END_TEST

START_TEST(runs_what_is_valid)
{
    put_rule("OLD", "-- valid: ..2023-12-31", "1", ROW("1"));
    put_rule("NOW", "-- valid: 2024-01-01..", "1", ROW("1"));
    put_rule("DAY", "", "1",
             "SELECT :as_of AS subject, record, 1 AS bits, '' AS explanation FROM firearms "
             "WHERE record = 'atf-trace:1'");
    g_autoptr(Indicators) rules = load();
    g_autofree char *old = world_hits(scratch.store, rules, "OLD");
    ck_assert_str_eq(old, "");
    ck_assert(store_clear_results(scratch.store, NULL));
    g_autofree char *now = world_hits(scratch.store, rules, "NOW");
    ck_assert_str_eq(now, "s atf-trace:1 1.0\ns atf-trace:2 1.0\n");
    ck_assert(store_clear_results(scratch.store, NULL));
    g_autofree char *day = world_hits(scratch.store, rules, "DAY");
    ck_assert_str_eq(day, "2024-01-01 atf-trace:1 1.0\n");
}
END_TEST

START_TEST(puts_a_rule_over_budget_off)
{
    put_rule("GOOD", "", "1", ROW("1"));
    put_rule("SLOW", "", "1",
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
             "SELECT 's' AS subject, f.record AS record, i AS bits, '' AS explanation "
             "FROM firearms f JOIN n ON i < 0 OR i = 1");
    g_autoptr(Indicators) rules = load();
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(IndicatorCost));
    IndicatorRun run = {.as_of = "2024-01-01", .steps = 100000, .costs = costs};
    ck_assert(store_begin(scratch.store, NULL));
    ck_assert_msg(indicators_run(rules, scratch.store, &run, &error), "%s",
                  error ? error->message : "");
    ck_assert(store_commit(scratch.store, NULL));
    g_autofree char *off = run.off;
    ck_assert_ptr_nonnull(off);
    ck_assert(strstr(off, "SLOW") && !strstr(off, "GOOD"));
    g_auto(GStrv) lines = g_strsplit(off, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines), 1 + (off[strlen(off) - 1] == '\n'));
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(store_handle(scratch.store),
                       "SELECT count(*), min(indicator) FROM indicator", -1, &statement, NULL);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    ck_assert_int_eq(sqlite3_column_int(statement, 0), 2);
    ck_assert_str_eq((const char *)sqlite3_column_text(statement, 1), "GOOD");
    sqlite3_finalize(statement);
    ck_assert_uint_eq(costs->len, 3); /* views, GOOD, SLOW */
    const IndicatorCost *good = &g_array_index(costs, IndicatorCost, 1);
    const IndicatorCost *slow = &g_array_index(costs, IndicatorCost, 2);
    ck_assert_str_eq(good->rule, "GOOD");
    ck_assert(!good->off && good->rows == 2);
    ck_assert(slow->off && slow->steps > 100000 && slow->steps <= 102000);
}
END_TEST

static char *all_rows(const Indicators *rules, gboolean one_thread, GError **error)
{
    IndicatorRun run = {.as_of = "2024-01-01", .one_thread = one_thread};
    GString *text = g_string_new(NULL);
    sqlite3_stmt *statement = NULL;
    ck_assert(store_begin(scratch.store, NULL));
    if (!indicators_run(rules, scratch.store, &run, error))
        g_string_append(text, "none");
    sqlite3_prepare_v2(store_handle(scratch.store),
                       "SELECT indicator || subject || record || bits || explanation"
                       " FROM indicator ORDER BY indicator_id",
                       -1, &statement, NULL);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(text, "%s\n", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    store_rollback(scratch.store);
    return g_string_free(text, FALSE);
}

/* Copies or not, functions that rest on rules or not: rows come in the order of the rules. */
START_TEST(says_the_same_on_two_threads)
{
    for (int id = 'A'; id <= 'Z'; id++) {
        char name[] = {(char)id, '\0'};
        put_rule(name, "", "3",
                 id % 3   ? ROW("1")
                 : id % 2 ? "SELECT DISTINCT f.record AS subject, f.record AS record, 2 AS bits,"
                            " 'x' AS explanation FROM firearms f LEFT JOIN dealers d ON 1"
                          : "SELECT f.record AS subject, f.record AS record, 2 AS bits, 'x' AS "
                            "explanation FROM firearms f JOIN people p ON p.record <> f.record");
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicators) rules = load();
    g_autofree char *one = all_rows(rules, TRUE, &error);
    g_autofree char *two = all_rows(rules, FALSE, &error);
    ck_assert_msg(error == NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(one, two);
    ck_assert(g_str_has_prefix(one, "As") && strstr(one, "Eatf-trace:1atf-trace:12.0x"));
}
END_TEST

/* Of two broken rules the first is told of, whoever found out first. */
START_TEST(tells_of_the_first_fault)
{
    static const char broken[] = "SELECT 's' AS subject, 'atf-trace:none' AS record, 1 AS bits,"
                                 " '' AS explanation";
    put_rule("A", "", "1", ROW("1"));
    put_rule("B", "", "1", broken);
    put_rule("C", "", "1", ROW("'much'"));
    g_autoptr(Indicators) rules = load();
    for (int one_thread = 0; one_thread < 2; one_thread++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *rows = all_rows(rules, (gboolean)one_thread, &error);
        ck_assert(g_str_has_prefix(rows, "none"));
        ck_assert_ptr_nonnull(error);
        ck_assert(strstr(error->message, "B.sql:") && strstr(error->message, "which is none"));
    }
}
END_TEST

static void run_since(const Indicators *rules, const char *since)
{
    g_autoptr(GError) error = NULL;
    IndicatorRun run = {.as_of = "2024-01-01", .since = since};
    ck_assert(store_begin(scratch.store, NULL));
    ck_assert_msg(indicators_run(rules, scratch.store, &run, &error), "%s",
                  error ? error->message : "");
    ck_assert(store_commit(scratch.store, NULL));
}

static void date_trace(const char *ref, const char *date)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE record SET event_date = '%s' WHERE ref = '%s'", date, ref);
    ck_assert_int_eq(sqlite3_exec(store_handle(scratch.store), sql, NULL, NULL, NULL), SQLITE_OK);
}

static void check_rows(const char *expected)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(store_handle(scratch.store),
                       "SELECT group_concat(indicator_id || ' ' || record || ' ' || explanation,"
                       " '; ') FROM (SELECT * FROM indicator ORDER BY indicator_id)",
                       -1, &statement, NULL);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(statement, 0), expected);
    sqlite3_finalize(statement);
}

/* Of rows of an earlier run one that says something else is changed where it stands, what is found
 * no more goes, what is new comes behind them. */
START_TEST(changes_a_row_where_it_stands)
{
    put_rule("LAST", "", "1",
             "WITH l AS (SELECT max(event_date) AS day FROM firearms) SELECT 's' AS subject,"
             " record, 1 AS bits, day AS explanation FROM firearms, l"
             " WHERE event_date > '2023-01-01'");
    g_autoptr(Indicators) rules = load();
    run_since(rules, NULL);
    check_rows("1 atf-trace:2 2023-01-02");
    date_trace("atf-trace:1", "2023-02-02");
    run_since(rules, "2024-01-01");
    check_rows("1 atf-trace:2 2023-02-02; 2 atf-trace:1 2023-02-02");
    date_trace("atf-trace:2", "2020-02-02");
    run_since(rules, "2024-01-01");
    check_rows("2 atf-trace:1 2023-02-02");
}
END_TEST

/* The budget is work, not time: the same rule over the same store costs the same. */
START_TEST(costs_the_same_again)
{
    put_rule("GOOD", "", "1", ROW("1"));
    put_rule(
        "MORE", "", "1",
        "SELECT 's' AS subject, a.record AS record, 1 AS bits, '' AS explanation "
        "FROM firearms a, firearms b, firearms c WHERE a.record = b.record AND c.record <> 'x'");
    g_autoptr(Indicators) rules = load();
    guint64 steps[2];
    for (int i = 0; i < 2; i++) {
        g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(IndicatorCost));
        IndicatorRun run = {.as_of = "2024-01-01", .costs = costs};
        ck_assert(store_begin(scratch.store, NULL));
        ck_assert(indicators_run(rules, scratch.store, &run, NULL));
        store_rollback(scratch.store);
        steps[i] = g_array_index(costs, IndicatorCost, 2).steps;
    }
    ck_assert_uint_eq(steps[0], steps[1]);
}
END_TEST

/* Rules see copies of the views; nobody sees them afterwards. */
START_TEST(leaves_no_copies)
{
    put_rule("GOOD", "", "1", ROW("1"));
    g_autoptr(Indicators) rules = load();
    g_autofree char *hits = world_hits(scratch.store, rules, "GOOD");
    ck_assert(*hits);
    sqlite3_stmt *statement = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(scratch.store),
                                        "SELECT count(*) FROM temp.sqlite_schema"
                                        " WHERE type IN ('table', 'view')"
                                        " AND name NOT LIKE 'sqlite%'",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    ck_assert_int_eq(sqlite3_column_int(statement, 0), 0);
    sqlite3_finalize(statement);
}
END_TEST

static void expect_run_error(const char *select, const char *what)
{
    put_rule("BAD", "", "1", select);
    g_autoptr(Indicators) rules = load();
    g_autoptr(GError) error = NULL;
    ck_assert(store_begin(scratch.store, NULL));
    IndicatorRun run = {.as_of = "2024-01-01"};
    ck_assert(!indicators_run(rules, scratch.store, &run, &error));
    store_rollback(scratch.store);
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, "BAD.sql") && strstr(error->message, what), "%s",
                  error->message);
}

START_TEST(names_the_rule_that_is_wrong)
{
    expect_run_error("SELECT * FROM record", "no such table");
    expect_run_error("DELETE FROM record", "");
    expect_run_error("SELECT NULL AS subject, record, 1 AS bits, '' AS explanation FROM firearms",
                     "subject");
    expect_run_error(
        "SELECT 's' AS subject, NULL AS record, 1 AS bits, '' AS explanation FROM firearms",
        "no record");
    expect_run_error("SELECT 's' AS subject, record, NULL AS bits, '' AS explanation FROM firearms",
                     "no bits");
    expect_run_error("SELECT 's' AS subject, record, 1 AS bits, NULL AS explanation FROM firearms",
                     "no explanation");
    expect_run_error(
        "SELECT 's' AS subject, record, 'much' AS bits, '' AS explanation FROM firearms", "bits");
    expect_run_error("SELECT 's' AS subject, record, '' AS bits, '' AS explanation FROM firearms",
                     "bits");
    expect_run_error("SELECT 's' AS subject, record, '3 bits' AS bits, '' AS explanation"
                     " FROM firearms",
                     "has no number of bits but '3 bits'");
    expect_run_error("SELECT 's' AS subject, record, 9e999 AS bits, '' AS explanation"
                     " FROM firearms",
                     "has no number of bits but 'Inf'");
    expect_run_error("SELECT 's' AS subject, record, 'nan' AS bits, '' AS explanation"
                     " FROM firearms",
                     "has no number of bits but 'nan'");
    expect_run_error(
        "SELECT 's' AS subject, record, :nobody AS bits, '' AS explanation FROM firearms",
        ":nobody");
    expect_run_error("SELECT record AS subject, record, 1 AS bits FROM firearms",
                     "BAD.sql:8: a row is not");
    expect_run_error("SELECT record, record AS subject, 1 AS bits, '' AS explanation FROM firearms",
                     "BAD.sql:8: a row is not");
}
END_TEST

START_TEST(refuses_rows_of_no_record)
{
    put_rule("OK", "", "1", ROW("1"));
    expect_run_error("SELECT 's' AS subject, record || ':purchaser' AS record, 1 AS bits,"
                     " '' AS explanation FROM firearms",
                     "names record 'atf-trace:1:purchaser', which is none");
    expect_run_error("SELECT 's' AS subject, 'atf-trace:9' AS record, 1 AS bits,"
                     " '' AS explanation FROM firearms",
                     "names record 'atf-trace:9', which is none");
}
END_TEST

static gboolean run_rules(Store *store, gpointer data, GError **error)
{
    IndicatorRun run = {.as_of = "2024-01-01", .one_thread = TRUE};
    gboolean done = indicators_run(data, store, &run, error);
    g_free(run.off);
    return done;
}

START_TEST(tells_of_a_failing_store)
{
    put_rule("A", "", "1", ROW("1"));
    put_rule("B", "", "3",
             "SELECT 'b' AS subject, record, 2 AS bits, '' AS explanation FROM firearms");
    g_autoptr(Indicators) rules = load();
    failing_all(scratch.store, run_rules, rules);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tcase = tcase_create("run");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* a failing store fails at each of its calls */
    tcase_add_test(tcase, sorts_caps_and_keeps_the_largest);
    tcase_add_test(tcase, keeps_one_of_each);
    tcase_add_test(tcase, runs_what_is_valid);
    tcase_add_test(tcase, puts_a_rule_over_budget_off);
    tcase_add_test(tcase, changes_a_row_where_it_stands);
    tcase_add_test(tcase, costs_the_same_again);
    tcase_add_test(tcase, says_the_same_on_two_threads);
    tcase_add_test(tcase, tells_of_the_first_fault);
    tcase_add_test(tcase, leaves_no_copies);
    tcase_add_test(tcase, names_the_rule_that_is_wrong);
    tcase_add_test(tcase, refuses_rows_of_no_record);
    tcase_add_test(tcase, tells_of_a_failing_store);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
