/*
 * Of which records rules are asked after some changed, and what is shown of these.
 */
#include "engine/base/text.h"
#include "tests/unit/view/fixture.h"

/* Of which records rules of a kind are asked, by their names; "all"; shows it. */
static char *widened(const ScopeAsk *ask)
{
    GError *error = NULL;
    gboolean all = FALSE;
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    ck_done(views_widen(views, ask, &all, &error), error);
    ck_done(views_show_scope(views, ask, &error), error);
    if (all)
        return g_strdup("all");
    views_visit_wide(views, add_ref, refs);
    for (guint i = 0; i < refs->len; i++)
        ck_assert(views_is_wide(views, refs->pdata[i]));
    ck_assert(!views_is_wide(views, "atf-trace:NONE"));
    g_ptr_array_sort(refs, text_compare);
    g_ptr_array_add(refs, NULL);
    return g_strjoinv(" ", (char **)refs->pdata);
}

static void ck_widened(ScopeKind kind, guint64 gap, const char *rules, const char *expected)
{
    const ScopeAsk ask = {.kind = kind, .rules = rules, .hub = 10, .gap = gap};
    g_autofree char *refs = widened(&ask);
    ck_assert_str_eq(refs, expected);
}

/* What is related to a record that changed, as it is and as it was; where nothing that rules read
 * changed, they are asked of nothing; where there were no copies, of everything. */
START_TEST(test_related)
{
    static const char rules[] = "SELECT record FROM Purchases, Firearms";
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    sell_many();
    sell("atf-trace:A", "A1", NULL);
    sell("atf-trace:B", "B1", NULL);
    sell("atf-trace:C", "C1", NULL);
    ck_assert(store_put_firearm(store, "atf-trace:B", "atf-trace:A", NULL));
    change("SELECT 1", "atf-trace:A");
    ck_widened(SCOPE_RELATED, 0, rules, "all");
    change("UPDATE record SET model = model WHERE ref = 'atf-trace:A'", "atf-trace:A");
    ck_widened(SCOPE_RELATED, 0, rules, "");
    ck_answer(db, "SELECT count(*) FROM purchases", "0");
    change("UPDATE record SET model = '17' WHERE ref = 'atf-trace:A'", "atf-trace:A");
    ck_widened(SCOPE_RELATED, 0, rules, "atf-trace:A atf-trace:B");
    ck_answer(db, "SELECT count(*) FROM firearms", "2");
    ck_widened(SCOPE_RELATED, 0, "SELECT record FROM seizures", "");
    ck_assert(store_put_firearm(store, "atf-trace:B", "atf-trace:C", NULL));
    change("SELECT 1", "atf-trace:B");
    ck_widened(SCOPE_RELATED, 0, rules, "atf-trace:A atf-trace:B atf-trace:C");
    change("UPDATE record SET agency_case_no = 'K-1' WHERE ref IN ('atf-trace:C', 'atf-trace:X0')",
           "atf-trace:C");
    ck_widened(SCOPE_RELATED, 0, rules, "atf-trace:B atf-trace:C");
    change("SELECT 1", "atf-trace:X0");
    ck_widened(SCOPE_RELATED, 0, rules, "atf-trace:B atf-trace:C atf-trace:X0");
    ck_done(views_drop_scope(views, &error), error);
    ck_answer(db, "SELECT count(*) FROM temp.sqlite_schema WHERE name NOT LIKE 'sqlite%'", "0");
    store_rollback(store);
}
END_TEST

/* All that a dealer sold, who is another or was. */
START_TEST(test_dealers)
{
    static const char rules[] = "SELECT record FROM purchases";
    ck_assert(store_begin(store, NULL));
    sell_many();
    sell("atf-trace:A", "A1", "27488801");
    sell("atf-trace:B", "B1", "27488801");
    sell("atf-trace:C", "C1", "27488802");
    change("SELECT 1", "atf-trace:A");
    change("UPDATE record SET rds_key = '27488802' WHERE ref = 'atf-trace:A'", "atf-trace:A");
    ck_widened(SCOPE_DEALER, 0, rules, "atf-trace:A atf-trace:B atf-trace:C");
    ck_answer(db, "SELECT count(*) FROM purchases", "3");
    store_rollback(store);
}
END_TEST

/* By record, what a rule says of it that counts what a dealer sold by the year of recovery. */
static GHashTable *said_of_years(const char *view)
{
    g_autofree char *sql = g_strdup_printf(
        "WITH counted AS (SELECT rds_key AS d, substr(recovered_date, 1, 4) AS y, count(*) AS n,"
        " min(record) AS least FROM %s WHERE rds_key IS NOT NULL AND recovered_date IS NOT NULL"
        " GROUP BY 1, 2) SELECT record, d || ' ' || y || ' ' || n || ' ' || least"
        " FROM %s JOIN counted ON d = rds_key AND y = substr(recovered_date, 1, 4)",
        view, view);
    GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_stmt *row = NULL;
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK, "%s",
                  sqlite3_errmsg(db));
    while (sqlite3_step(row) == SQLITE_ROW)
        g_hash_table_insert(said, g_strdup((const char *)sqlite3_column_text(row, 0)),
                            g_strdup((const char *)sqlite3_column_text(row, 1)));
    sqlite3_finalize(row);
    return said;
}

/* Each record of which something else is said than before is asked about, and of these the part
 * that is shown says what everything says. */
static void ck_years(GHashTable *before, GHashTable *after)
{
    static const ScopeAsk ask = {.kind = SCOPE_YEAR, .rules = "SELECT record FROM purchases"};
    GHashTable *sides[] = {before, after};
    g_autofree char *refs = widened(&ask);
    ck_assert_str_ne(refs, "all");
    g_autoptr(GHashTable) part = said_of_years("temp.purchases");
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        GHashTableIter iter;
        gpointer ref;
        g_hash_table_iter_init(&iter, sides[i]);
        while (g_hash_table_iter_next(&iter, &ref, NULL)) {
            const char *now = g_hash_table_lookup(after, ref);
            if (views_is_wide(views, ref))
                ck_assert_pstr_eq(g_hash_table_lookup(part, ref), now);
            else
                ck_assert_pstr_eq(g_hash_table_lookup(before, ref), now);
        }
    }
}

/* What a dealer sold that was recovered in one year, of random sales that change at random. */
START_TEST(test_years)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
    ck_assert(store_begin(store, NULL));
    for (int i = 0; i < 120; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:Y%d", i);
        g_autofree char *dealer = g_strdup_printf("1000000%d", g_rand_int_range(random, 0, 6));
        g_autofree char *day = g_strdup_printf("20%02d-02-03", g_rand_int_range(random, 11, 19));
        put(ref, "atf-trace",
            (Set[]){{FIELD_SERIAL_CANONICAL, ref},
                    {FIELD_MAKE, "GLOCK"},
                    {FIELD_TRACE_NO, ref},
                    {FIELD_PURCHASE_DATE, "2010-01-01"},
                    {FIELD_RDS_KEY, dealer},
                    {FIELD_EVENT_TYPE, "RECOVERED"},
                    {FIELD_EVENT_DATE, g_rand_int_range(random, 0, 9) ? day : NULL},
                    {0, NULL}},
            NULL);
    }
    change("SELECT 1", "atf-trace:Y0");
    for (int i = 0; i < 20; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:Y%d", g_rand_int_range(random, 0, 120));
        g_autofree char *sql =
            g_rand_boolean(random)
                ? g_strdup_printf("UPDATE record SET rds_key = '1000000%d' WHERE ref = '%s'",
                                  g_rand_int_range(random, 0, 7), ref)
                : g_strdup_printf("UPDATE record SET event_date = '20%02d-05-06' WHERE ref = '%s'",
                                  g_rand_int_range(random, 9, 19), ref);
        g_autoptr(GHashTable) before = said_of_years("main.purchases");
        change(sql, ref);
        g_autoptr(GHashTable) after = said_of_years("main.purchases");
        ck_years(before, after);
    }
    store_rollback(store);
}
END_TEST

/* What is as near as the gap to a number that changed, as it is and as it was; shown is what is as
 * near to those. */
START_TEST(test_numbers)
{
    static const char rules[] = "SELECT record FROM purchases, firearms";
    ck_assert(store_begin(store, NULL));
    sell_many();
    sell("atf-trace:A", "AB100", NULL);
    sell("atf-trace:B", "AB110", NULL);
    sell("atf-trace:C", "AB0120", NULL);
    sell("atf-trace:D", "AB111X", NULL);
    sell("atf-trace:E", "AB130", NULL);
    sell("atf-trace:F", "AB90", NULL);
    sell("atf-trace:G", "AB1000000000000000000", NULL);
    change("SELECT 1", "atf-trace:A");
    change("UPDATE record SET model = '17' WHERE ref = 'atf-trace:A'", "atf-trace:A");
    ck_widened(SCOPE_NUMBER, 10, rules, "atf-trace:A atf-trace:B atf-trace:F");
    ck_answer(db, "SELECT group_concat(record) FROM (SELECT record FROM purchases ORDER BY 1)",
              "atf-trace:A,atf-trace:B,atf-trace:C,atf-trace:F");
    ck_widened(SCOPE_NUMBER, 9, rules, "atf-trace:A");
    ck_widened(SCOPE_NUMBER, 5000, rules, "all");
    change("UPDATE record SET serial_canonical = 'AB999' WHERE ref = 'atf-trace:C'", "atf-trace:C");
    ck_widened(SCOPE_NUMBER, 10, rules, "atf-trace:B atf-trace:C atf-trace:E");
    /* a firearm that came up once more: its sales, and what is near them */
    ck_assert(store_put_firearm(store, "atf-trace:X1", "atf-trace:F", NULL));
    change("SELECT 1", "atf-trace:X1");
    ck_widened(SCOPE_NUMBER, 10, rules, "atf-trace:A atf-trace:F atf-trace:X1");
    store_rollback(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/scope");
    TCase *tests = tcase_create("scope");
    tcase_add_checked_fixture(tests, up_views, down_views);
    tcase_add_test(tests, test_related);
    tcase_add_test(tests, test_dealers);
    tcase_add_loop_test(tests, test_years, 0, 20);
    tcase_add_test(tests, test_numbers);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
