/*
 * Copies of the documented views: what they hold, what becomes of them when records change, and
 * what they show of a scope.
 */
#include <glib/gstdio.h>
#include <unistd.h>

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
    for (gsize i = 0; i < G_N_ELEMENTS(copied); i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT (SELECT count(*) FROM temp.%s) = (SELECT count(*) FROM main.%s) AND NOT EXISTS"
            " (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s)",
            copied[i], copied[i], copied[i], copied[i]);
        ck_answer(db, sql, "1");
    }
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

static gboolean keep_piece(gconstpointer piece, gsize size, gpointer to, GError **error)
{
    (void)error;
    g_byte_array_append(to, piece, (guint)size);
    return TRUE;
}

static GByteArray *written(gboolean (*write)(const Views *, SumsWriter *, GError **))
{
    GError *error = NULL;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    GByteArray *bytes = g_byte_array_new();
    SumsWriter to = {.write = keep_piece, .to = bytes, .sums = sums};
    ck_done(write(views, &to, &error), error);
    ck_done(sums_end(&to, &error), error);
    return bytes;
}

static GByteArray *copied(gboolean one_thread)
{
    GError *error = NULL;
    views_allow(views, 0, one_thread);
    ck_done(views_copy(views, NULL, NULL, &error), error);
    return written(views_write);
}

/* More rows than are handed over at one time: one thread and two make the same copies. */
START_TEST(test_threads)
{
    char ref[] = "atf-trace:X0000", name[] = "MAKE 0000";
    ck_assert(store_begin(store, NULL));
    for (int i = 0; i < 3000; i++) {
        g_snprintf(ref + 11, 5, "%d", i);
        g_snprintf(name + 5, 5, "%d", i % 700);
        put(ref, "atf-trace",
            (Set[]){
                {FIELD_MAKE, name}, {FIELD_RDS_KEY, ref + 13}, {FIELD_TRACE_NO, ref}, {0, NULL}},
            NULL);
        if (i % 3 == 0)
            ck_assert(store_put_firearm(store, ref, "atf-trace:T1", NULL));
    }
    ck_assert(store_commit(store, NULL));
    g_autoptr(GByteArray) one = copied(TRUE), two = copied(FALSE);
    ck_assert_uint_gt(one->len, 100000);
    ck_assert_uint_eq(one->len, two->len);
    ck_assert(memcmp(one->data, two->data, one->len) == 0);
    ck_answer(db,
              "SELECT count(*) > 900 AND NOT EXISTS (SELECT * FROM temp.firearms EXCEPT"
              " SELECT * FROM main.firearms) FROM temp.firearms",
              "1");
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

static void add_ref(const char *ref, gpointer refs)
{
    g_ptr_array_add(refs, g_strdup(ref));
}

static gint compare_refs(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

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
    g_ptr_array_sort(refs, compare_refs);
    g_ptr_array_add(refs, NULL);
    return g_strjoinv(" ", (char **)refs->pdata);
}

static void ck_widened(ScopeKind kind, guint64 gap, const char *rules, const char *expected)
{
    const ScopeAsk ask = {.kind = kind, .rules = rules, .hub = 10, .gap = gap};
    g_autofree char *refs = widened(&ask);
    ck_assert_str_eq(refs, expected);
}

static void sell(const char *ref, const char *serial, const char *dealer)
{
    put(ref, "atf-trace",
        (Set[]){{FIELD_SERIAL_CANONICAL, serial},
                {FIELD_MAKE, "GLOCK"},
                {FIELD_MODEL, "19"},
                {FIELD_PURCHASE_DATE, "2020-01-01"},
                {FIELD_TRACE_NO, ref},
                {FIELD_RDS_KEY, dealer}, /* the last: NULL ends the list */
                {0, NULL}},
        NULL);
}

/* Many records beside the few that a test is about, so that these are not as good as all. */
static void sell_many(void)
{
    for (int i = 0; i < 60; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:X%d", i);
        sell(ref, "Q", "10000000");
    }
}

static void change(const char *sql, const char *ref)
{
    GError *error = NULL;
    guint64 rows = 0;
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, (gpointer)ref);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    views_set_scope(views, refs);
    ck_done(views_renew(views, NULL, &rows, &error), error);
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

/* What is shown is what the views say, by every way in. */
static void ck_shown(void)
{
    static const char *const copied[] = {"firearms", "purchases", "buyers", "people"};
    GError *error = NULL;
    ck_done(views_show(views, &error), error);
    for (gsize i = 0; i < G_N_ELEMENTS(copied); i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT (SELECT count(*) FROM temp.%s) = (SELECT count(*) FROM main.%s) AND NOT EXISTS"
            " (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s)",
            copied[i], copied[i], copied[i], copied[i]);
        ck_answer(db, sql, "1");
    }
    ck_answer(
        db,
        "SELECT count(*) = 0 FROM main.purchases p WHERE NOT EXISTS (SELECT 1 FROM"
        " temp.purchases q WHERE q.record = p.record) OR (p.rds_key IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM temp.purchases q WHERE q.rds_key = p.rds_key))",
        "1");
}

static void ck_came_up(const char *record, gboolean told, gboolean itself, gboolean firearm)
{
    gboolean one = FALSE, all = FALSE;
    ck_assert_int_eq(views_came_up(views, record, "CAN", &one, &all), told);
    ck_assert_int_eq(one, itself);
    ck_assert_int_eq(all, firearm);
}

/* All that the view says came up there; told: copies do tell of it. */
static void ck_all_came_up(gboolean told)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    ck_assert_int_eq(views_visit_came_up(views, "CAN", add_ref, all), told);
    g_ptr_array_sort(all, compare_refs);
    g_ptr_array_add(all, NULL);
    g_autofree char *list = g_strjoinv(" ", (char **)all->pdata);
    g_autofree char *same = g_strdup_printf(
        "SELECT group_concat(record, ' ') = '%s' FROM (SELECT record FROM main.firearms"
        " WHERE country = 'CAN' ORDER BY record)",
        list);
    if (told)
        ck_answer(store_handle(store), same, "1");
    else
        ck_assert_str_eq(list, "");
}

static void found(const char *ref, const char *country)
{
    put(ref, "atf-trace",
        (Set[]){{FIELD_SERIAL_CANONICAL, ref},
                {FIELD_MAKE, "GLOCK"},
                {FIELD_TRACE_NO, ref},
                {FIELD_EVENT_TYPE, "RECOVERED"},
                {FIELD_EVENT_COUNTRY, country}, /* the last: NULL ends the list */
                {0, NULL}},
        NULL);
}

/* A firearm came up where any record of it did; nothing is told of what is in no copy, or where the
 * copies have no countries. */
START_TEST(test_came_up)
{
    GError *error = NULL;
    GHashTable *some = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ck_assert(store_begin(store, NULL));
    found("atf-trace:A", "USA");
    found("atf-trace:B", "CAN");
    found("atf-trace:C", NULL);
    found("atf-trace:D", "USA");
    found("atf-trace:E", "CAN");
    ck_came_up("atf-trace:B", FALSE, FALSE, FALSE);
    ck_all_came_up(FALSE);
    ck_assert(store_put_firearm(store, "atf-trace:B", "atf-trace:A", NULL));
    ck_assert(store_put_firearm(store, "atf-trace:C", "atf-trace:A", NULL));
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_came_up("atf-trace:A", TRUE, FALSE, TRUE);
    ck_came_up("atf-trace:B", TRUE, TRUE, TRUE);
    ck_came_up("atf-trace:C", TRUE, FALSE, TRUE);
    ck_came_up("atf-trace:D", TRUE, FALSE, FALSE);
    ck_came_up("atf-trace:NONE", FALSE, FALSE, FALSE);
    ck_all_came_up(TRUE);
    g_hash_table_add(some, g_strdup("firearms.record"));
    ck_done(views_copy(views, some, NULL, &error), error);
    ck_came_up("atf-trace:B", FALSE, FALSE, FALSE);
    ck_all_came_up(FALSE);
    g_hash_table_unref(some);
    store_rollback(store);
}
END_TEST

static void note_marker(const char *category, double probability, const char *excerpt, gpointer out)
{
    g_autofree char *row = g_strdup_printf("%s %.9g '%s'", category, probability, excerpt);
    g_ptr_array_add(out, g_steal_pointer(&row));
}

/* What copies tell of the markers of a record, in the order of their categories. */
static void ck_marked(const char *record, const char *expected)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    ck_assert(views_know_markers(views));
    views_visit_markers(views, record, note_marker, rows);
    g_ptr_array_sort(rows, compare_refs);
    g_ptr_array_add(rows, NULL);
    g_autofree char *all = g_strjoinv("; ", (char **)rows->pdata);
    ck_assert_str_eq(all, expected);
}

/* Markers are told as they are stored, before and after some changed; not where no copy has all. */
START_TEST(test_markers_told)
{
    GError *error = NULL;
    GHashTable *some = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const MarkerRow rows[] = {{"atf-trace:A", "PMF", 1, 0.75, NULL, NULL},
                              {"atf-trace:A", "PRINTED", 1, 1, NULL, "imprimée 3D, \"glock\""},
                              {"atf-trace:B", "PMF", 1, 0, NULL, "80 %"}};
    g_autoptr(GPtrArray) near = g_ptr_array_new();
    guint64 n = 0;
    ck_assert(store_begin(store, NULL));
    found("atf-trace:A", "CAN");
    found("atf-trace:B", "CAN");
    ck_assert(!views_know_markers(views));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_done(store_put_marker(store, &rows[i], &error), error);
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_marked("atf-trace:A", "PMF 0.75 ''; PRINTED 1 'imprimée 3D, \"glock\"'");
    ck_marked("atf-trace:B", "PMF 0 '80 %'");
    ck_marked("atf-trace:NONE", "");
    ck_done(store_drop_markers(store, "atf-trace:A", &error), error);
    ck_done(store_put_marker(store, &(MarkerRow){"atf-trace:A", "PMF_KIT", 1, 0.5, NULL, "kit"},
                             &error),
            error);
    g_ptr_array_add(near, (gpointer) "atf-trace:A");
    views_set_scope(views, near);
    ck_done(views_renew(views, NULL, &n, &error), error);
    ck_marked("atf-trace:A", "PMF_KIT 0.5 'kit'");
    ck_marked("atf-trace:B", "PMF 0 '80 %'");
    ck_done(views_drop_scope(views, &error), error);
    g_hash_table_add(some, g_strdup("markers.category"));
    ck_done(views_copy(views, some, NULL, &error), error);
    ck_assert(!views_know_markers(views));
    g_hash_table_unref(some);
    store_rollback(store);
}
END_TEST

/* What became of copies since they were taken, out of memory or where they lie in a file, is
 * written alone, and taken behind them, once more and once more; what does not follow on what is
 * there is refused. */
START_TEST(test_written_changes)
{
    static const char *const changes[] = {
        "UPDATE record SET rds_key = '27488801', make = 'NEW' WHERE ref = 'atf-trace:X7'",
        ("UPDATE record SET model = 'M' || ref, request_date = 12345678901 WHERE ref LIKE "
         "'atf-trace:X%'"),
        "UPDATE record SET rds_key = '27488802', make = 'NEW' WHERE ref = 'atf-trace:X7'"};
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    char name[] = "/tmp/crosstrace-views-XXXXXX";
    int file = g_mkstemp(name);
    ck_assert(store_begin(store, NULL));
    sell_many();
    g_ptr_array_add(parts, copied(TRUE));
    const GByteArray *first = parts->pdata[0];
    ck_assert_int_eq(write(file, first->data, first->len), (gssize)first->len);
    ck_assert(!views_are_taken(views));
    for (gsize i = 0; i <= G_N_ELEMENTS(changes); i++) {
        for (guint p = 0; p < parts->len; p++) {
            const GByteArray *part = parts->pdata[p];
            gsize size = part->len - part->len % 8; /* behind it are sums, which nobody reads */
            ck_assert(p == 0 ? views_take(views, part->data, size, i % 2 ? -1 : file)
                             : views_take_changes(views, part->data, size));
            ck_assert(views_are_taken(views));
            ck_assert(p == 0 || !views_take_changes(views, part->data, size));
        }
        ck_shown();
        if (i == G_N_ELEMENTS(changes))
            break;
        change(changes[i], "atf-trace:X7");
        for (int x = 0; i == 1 && x < 60; x++) { /* all of them, one by one */
            g_autofree char *ref = g_strdup_printf("atf-trace:X%d", x);
            change("SELECT 1", ref);
        }
        g_ptr_array_add(parts, written(views_write_changes));
        ck_assert_uint_lt(((GByteArray *)parts->pdata[i + 1])->len,
                          ((GByteArray *)parts->pdata[0])->len);
        ck_assert(views_drop(views, NULL));
        ck_assert(!views_are_taken(views));
    }
    g_autofree char *left = NULL; /* what lay there is what it was, whatever became of the copies */
    gsize size = 0;
    ck_assert(g_file_get_contents(name, &left, &size, NULL));
    ck_assert_mem_eq(left, first->data, size);
    close(file);
    g_unlink(name);
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
    tcase_add_test(tests, test_threads);
    tcase_add_test(tests, test_columns_asked_for);
    tcase_add_test(tests, test_changed_rows);
    tcase_add_test(tests, test_related);
    tcase_add_test(tests, test_dealers);
    tcase_add_loop_test(tests, test_years, 0, 20);
    tcase_add_test(tests, test_numbers);
    tcase_add_test(tests, test_came_up);
    tcase_add_test(tests, test_markers_told);
    tcase_add_test(tests, test_written_changes);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
