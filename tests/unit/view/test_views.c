/*
 * Copies of the documented views: what they hold, and what becomes of them when records change.
 */
#include "tests/unit/view/fixture.h"

/* A copy serves every query under the view's name, holds what the view holds, and goes. */
START_TEST(test_copies)
{
    static const char *const copied[] = {"firearms", "purchases", "seizures",
                                         "buyers",   "people",    "markers"};
    GError *error = NULL;
    guint64 rows = 0;
    ck_assert(store_begin(store, NULL));
    ck_done(views_copy(views, NULL, &rows, &error), error);
    ck_done(views_copy(views, NULL, &rows, &error), error); /* anew */
    ck_assert_uint_eq(rows, 13); /* all four; T1, T3; S1; the buyer of T1; five people */
    ck_as_views(copied, G_N_ELEMENTS(copied));
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record = 'atf-trace:T1'", "1");
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record IN (NULL, 7, x'54', 'T')", "0");
    ck_answer(db,
              "SELECT count(*) FROM firearms f JOIN main.firearms g ON f.record = g.record"
              " AND f.firearm = g.firearm",
              "4");
    ck_assert(views_know(views, "atf-trace:T1"));
    ck_assert(!views_know(views, "2024-01-01") && !views_know(views, "T1"));
    Store *other = views_open(views, &error);
    ck_done(other != NULL, error);
    ck_answer(store_handle(other), "SELECT count(*) FROM purchases WHERE record = 'atf-trace:T3'",
              "1");
    ck_assert(view_is_copied("people") && !view_is_copied("dealers"));
    store_close(other);
    ck_done(views_drop(views, &error), error);
    ck_assert(!views_know(views, "atf-trace:T1"));
    ck_answer(db, "SELECT count(*) FROM temp.sqlite_schema WHERE name NOT LIKE 'sqlite%'", "0");
    ck_assert(store_commit(store, NULL));
}
END_TEST

/* A text that one copy hands out finds its rows in another: where it stands for itself, where it is
 * one of a column that nobody looks up, and where it was made of others. */
START_TEST(test_joins)
{
    static const struct {
        const char *sql, *answer;
    } joins[] = {
        {"SELECT count(*) FROM purchases p CROSS JOIN firearms f ON f.record = p.record", "2"},
        {"SELECT count(*) FROM seizures s CROSS JOIN people p ON p.person = s.traveller", "2"},
        {"SELECT count(*) FROM seizures s CROSS JOIN buyers b ON b.person = s.traveller", "1"},
        {"SELECT count(*) FROM people p CROSS JOIN firearms f"
         " ON f.record = substr(p.mention, 1, length(p.record))",
         "5"},
        {"SELECT count(*) FROM people p CROSS JOIN firearms f ON f.record = p.role", "0"},
        {"SELECT count(*) FROM people p CROSS JOIN firearms f ON f.record = ''", "0"},
        {"SELECT count(*) FROM firearms f CROSS JOIN purchases p ON p.rds_key = f.rds_key", "4"},
    };
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    ck_done(views_copy(views, NULL, NULL, &error), error);
    for (gsize i = 0; i < G_N_ELEMENTS(joins); i++)
        ck_answer(db, joins[i].sql, joins[i].answer);
    ck_assert(store_commit(store, NULL));
}
END_TEST

static void ck_plan(const char *sql, gboolean sorts)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *row = NULL;
    gboolean sorted = FALSE;
    ck_assert_int_eq(sqlite3_prepare_v2(db, explain, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        sorted |= strstr((const char *)sqlite3_column_text(row, 3), "TEMP B-TREE") != NULL;
    sqlite3_finalize(row);
    ck_assert_msg(sorted == sorts, "%s", sql);
}

/* Rows of one text come behind each other for who groups by it, those without one among them; who
 * wants an order gets it. */
START_TEST(test_groups)
{
    static const char grouped[] = "SELECT rds_key, count(*) AS n FROM firearms GROUP BY rds_key";
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    for (int i = 0; i < 2000; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:X%d", i);
        g_autofree char *dealer = g_strdup_printf("274%05d", i * 7919 % 600);
        put(ref, "atf-trace",
            (Set[]){{FIELD_MAKE, "GLOCK"},
                    {FIELD_TRACE_NO, ref},
                    {FIELD_RDS_KEY, i % 5 ? dealer : NULL},
                    {0, NULL}},
            NULL);
    }
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_plan(grouped, FALSE);
    ck_plan("SELECT rds_key, count(*) FROM firearms GROUP BY rds_key, make", TRUE);
    ck_plan("SELECT rds_key FROM firearms ORDER BY rds_key", TRUE);
    ck_plan("SELECT rds_key, count(*) FROM firearms WHERE rds_key IS NOT NULL GROUP BY rds_key",
            FALSE);
    g_autofree char *keep = g_strconcat("CREATE TEMP TABLE grouped AS ", grouped, NULL);
    ck_assert_int_eq(sqlite3_exec(db, keep, NULL, NULL, NULL), SQLITE_OK);
    ck_answer(db,
              "SELECT count(*) > 400 AND sum(n) = (SELECT count(*) FROM main.firearms)"
              " AND NOT EXISTS (SELECT rds_key, n FROM temp.grouped EXCEPT SELECT rds_key, count(*)"
              " FROM main.firearms GROUP BY rds_key) FROM temp.grouped",
              "1");
    ck_answer(
        db,
        "SELECT count(*) = (SELECT count(*) - 1 FROM temp.grouped) AND count(rds_key) = count(*)"
        " AND sum(n) = (SELECT count(*) FROM main.firearms WHERE rds_key IS NOT NULL)"
        " FROM (SELECT rds_key, count(*) AS n FROM firearms WHERE rds_key IS NOT NULL"
        " GROUP BY rds_key)",
        "1");
    store_rollback(store);
}
END_TEST

/* More values than there may be: the views themselves are shown, and nothing is left to write. */
START_TEST(test_too_many_values)
{
    GError *error = NULL;
    guint64 rows = 1;
    for (gsize most = 1; most < 400; most += 57) {
        views_allow(views, most, most % 2 == 0);
        ck_assert(store_begin(store, NULL));
        ck_done(views_copy(views, NULL, &rows, &error), error);
        ck_assert(!views_are_copied(views) && rows == 0);
        ck_assert(!views_know(views, "atf-trace:T1"));
        ck_answer(db, "SELECT count(*) FROM purchases", "2");
        ck_answer(db, "SELECT count(*) FROM temp.sqlite_schema WHERE name NOT LIKE 'sqlite%'", "0");
        ck_assert(store_commit(store, NULL));
    }
    views_allow(views, 1 << 20, FALSE);
    ck_done(views_copy(views, NULL, &rows, &error), error);
    ck_assert(views_are_copied(views) && rows == 13);
}
END_TEST

/* Columns that nobody asks for say nothing; who asks for others gets copies of those. */
START_TEST(test_columns_asked_for)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GHashTable) columns = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_hash_table_add(columns, (gpointer) "purchases.make");
    ck_assert(store_begin(store, NULL));
    ck_done(views_copy(views, columns, NULL, &error), error);
    ck_answer(db,
              "SELECT count(make) = (SELECT count(make) FROM main.purchases) AND count(make) > 0"
              " AND count(last) = 0 AND count(record) = count(*) FROM purchases",
              "1");
    ck_answer(db,
              "SELECT NOT EXISTS (SELECT * FROM buyers EXCEPT SELECT person, NULL, NULL, NULL,"
              " NULL, NULL, NULL, NULL FROM main.buyers)",
              "1");
    views_set_scope(views, none);
    ck_done(views_renew(views, columns, &rows, &error), error);
    ck_assert_uint_eq(rows, 0); /* they are kept */
    g_hash_table_add(columns, (gpointer) "purchases.last");
    ck_done(views_renew(views, columns, &rows, &error), error);
    ck_assert_uint_gt(rows, 0);
    ck_answer(db, "SELECT count(last) > 0 FROM purchases", "1");
    ck_done(views_drop_scope(views, &error), error);
    ck_done(views_drop(views, &error), error);
    ck_assert(store_commit(store, NULL));
}
END_TEST

/* A row that became another is in the place of what it was, on all ways in; the rest is as it was.
 */
START_TEST(test_changed_rows)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, (gpointer) "atf-trace:T1");
    ck_assert(store_begin(store, NULL));
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "UPDATE record SET make = 'OTHER', rds_key = '27499999'"
                                  " WHERE ref IN ('atf-trace:T1', 'atf-trace:T3')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    views_set_scope(views, refs);
    ck_done(views_renew(views, NULL, &rows, &error), error);
    ck_done(views_show(views, &error), error);
    ck_answer(db, "SELECT group_concat(record) FROM firearms WHERE rds_key = '27499999'",
              "atf-trace:T1");
    ck_answer(db, "SELECT group_concat(record) FROM firearms WHERE make = 'OTHER'", "atf-trace:T1");
    ck_answer(db, "SELECT count(*) FROM firearms WHERE record = 'atf-trace:T1'", "1");
    ck_answer(db, "SELECT count(*) = (SELECT count(*) FROM main.firearms) FROM firearms", "1");
    ck_answer(db,
              "SELECT sum(n) = (SELECT count(*) FROM main.firearms) AND sum(one) = 1 FROM"
              " (SELECT count(*) AS n, sum(rds_key = '27499999' AND make = 'OTHER') AS one"
              " FROM firearms GROUP BY rds_key)",
              "1");
    ck_answer(db, "SELECT NOT EXISTS (SELECT * FROM buyers EXCEPT SELECT * FROM main.buyers)", "1");
    ck_done(views_drop_scope(views, &error), error);
    ck_done(views_drop(views, &error), error);
    store_rollback(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/views");
    TCase *tests = tcase_create("views");
    tcase_add_checked_fixture(tests, up_views, down_views);
    tcase_add_test(tests, test_copies);
    tcase_add_test(tests, test_joins);
    tcase_add_test(tests, test_groups);
    tcase_add_test(tests, test_too_many_values);
    tcase_add_test(tests, test_columns_asked_for);
    tcase_add_test(tests, test_changed_rows);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
