/*
 * Rows that are held back before SQLite sees them: a query says of a copy what it says of a table
 * of the same rows.
 */
#include "tests/unit/view/fixture.h"

/* Rows of all kinds of cells: texts that are looked for and others, numbers, nothing. */
static void put_sifted(void)
{
    static const char *const makes[] = {"GLOCK", "12", "", NULL};
    for (int i = 0; i < 240; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:Y%03d", i);
        g_autofree char *dealer = g_strdup_printf("2740000%d", i % 7);
        g_autofree char *bought = g_strdup_printf("20%02d-01-02", i % 20);
        put(ref, "atf-trace",
            (Set[]){{FIELD_TRACE_NO, ref},
                    {FIELD_PURCHASE_DATE, bought},
                    {FIELD_EVENT_TYPE, i % 3 ? "RECOVERED" : NULL},
                    {FIELD_EVENT_DATE, i % 3 ? "2019-05-01" : NULL},
                    {FIELD_FIREARM_TYPE, i % 2 ? "REVOLVER" : "RIFLE"},
                    {FIELD_SERIAL_CANONICAL, i % 5 ? ref + 11 : NULL},
                    {FIELD_MAKE, makes[i % 4]},
                    {FIELD_RDS_KEY, i % 11 ? dealer : NULL},
                    {0, NULL}},
            NULL);
    }
}

/* What a query wants, at random: of columns that hold texts, numbers, or nothing at times. */
static void draw_wanted(GString *sql, GRand *rand)
{
    static const char *const columns[] = {"make",   "ttc_days", "handgun", "rds_key",
                                          "record", "serial",   "type",    "recovered_date"};
    static const char *const values[] = {"'GLOCK'",
                                         "'12'",
                                         "12",
                                         "12.0",
                                         "''",
                                         "NULL",
                                         "1",
                                         "0",
                                         "0.5",
                                         "-400",
                                         "'RIFLE'",
                                         "'2019-05-01'",
                                         "7e18",
                                         "9007199254740993",
                                         "x'3132'",
                                         "'27400003'",
                                         "'atf-trace:Y007'"};
    static const char *const operators[] = {"=", "<", "<=", ">", ">=", "IS NOT", "<>", "IS"};
    const char *column = columns[g_rand_int_range(rand, 0, G_N_ELEMENTS(columns))];
    const char *value = values[g_rand_int_range(rand, 0, G_N_ELEMENTS(values))];
    switch (g_rand_int_range(rand, 0, 8)) {
    case 0:
        g_string_append_printf(sql, "%s IS NOT NULL", column);
        break;
    case 1:
        g_string_append_printf(sql, "%s BETWEEN -9000 AND %s", column, value);
        break;
    case 2:
        g_string_append_printf(sql, "%s IN (%s, '12', 1, 'REVOLVER')", column, value);
        break;
    case 3:
        g_string_append_printf(sql, "%s IN (SELECT make FROM temp.plain)", column);
        break;
    case 4:
        g_string_append_printf(sql, "%s = 'glock' COLLATE NOCASE", column);
        break;
    default:
        g_string_append_printf(sql, "%s %s %s", column,
                               operators[g_rand_int_range(rand, 0, G_N_ELEMENTS(operators))],
                               value);
    }
}

/* A query says of a copy what it says of a table of the same rows: whatever it wants of them,
 * alone, grouped, and beside rows of another table. */
START_TEST(test_sifted)
{
    static const char *const shapes[] = {
        "SELECT count(*), sum(substr(record, -3) * substr(record, -3)) FROM %s WHERE %s",
        "SELECT count(*), sum(n * n * ifnull(rds_key, 3)) FROM (SELECT rds_key, count(*) AS n"
        " FROM %s WHERE %s GROUP BY rds_key)",
        "SELECT count(*), sum(b) FROM temp.plain a LEFT JOIN (SELECT record AS c, 1 AS b FROM %s"
        " WHERE %s) ON c = a.record",
        "SELECT count(*), 0 FROM (SELECT DISTINCT rds_key AS k FROM temp.plain) CROSS JOIN %s d"
        " WHERE d.rds_key = k AND (%s)",
    };
    GError *error = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    ck_assert(store_begin(store, NULL));
    put_sifted();
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_assert_int_eq(sqlite3_exec(db, "CREATE TEMP TABLE plain AS SELECT * FROM main.purchases",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < 1500; i++) {
        const char *shape = shapes[i % G_N_ELEMENTS(shapes)];
        g_autoptr(GString) wanted = g_string_new(NULL);
        for (int k = g_rand_int_range(rand, 1, 7); k > 0; k--) {
            draw_wanted(wanted, rand);
            g_string_append(wanted, k == 1 ? "" : g_rand_boolean(rand) ? " AND " : " AND NOT ");
        }
        g_auto(GStrv) parts = g_strsplit(shape, "%s", 3);
        g_autofree char *same = g_strdup_printf(
            "WITH x(a, b) AS (%spurchases%s%s%s), y(a, b) AS (%stemp.plain%s%s%s)"
            " SELECT (SELECT a || '/' || ifnull(b, '') FROM x) ="
            " (SELECT a || '/' || ifnull(b, '') FROM y)",
            parts[0], parts[1], wanted->str, parts[2], parts[0], parts[1], wanted->str, parts[2]);
        ck_answer(db, same, "1");
    }
    store_rollback(store);
}
END_TEST

/* Who lays groups again and again and takes the first of them alone is handed what one of them
 * says, the same as who takes all. */
START_TEST(test_groups_again)
{
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    put_sifted();
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "CREATE TEMP TABLE plain AS SELECT * FROM main.purchases;"
                                  "CREATE TEMP TABLE told AS SELECT rds_key AS k, make,"
                                  " count(*) AS n FROM temp.plain GROUP BY rds_key, make",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < 3; i++)
        ck_answer(db,
                  "SELECT count(*) = 240 AND min(ifnull(ok, 0)) = 1 FROM (SELECT (SELECT n FROM "
                  "temp.told t"
                  " WHERE t.k IS substr(said, instr(said, ' ') + 1) AND t.make = m) ="
                  " CAST(said AS INTEGER) AS ok FROM (SELECT a.make AS m,"
                  " (SELECT count(*) || ' ' || b.rds_key FROM purchases b WHERE b.make >= a.make"
                  " AND b.make <= a.make AND b.rds_key IS NOT NULL GROUP BY b.rds_key LIMIT 1)"
                  " AS said FROM temp.plain a WHERE a.record LIKE '%Y%' AND a.make IS NOT NULL)"
                  " UNION ALL SELECT 1 FROM temp.plain WHERE record LIKE '%Y%' AND make IS NULL)",
                  "1");
    ck_answer(db,
              "SELECT NOT EXISTS (SELECT rds_key, count(*) FROM purchases GROUP BY rds_key EXCEPT"
              " SELECT rds_key, count(*) FROM temp.plain GROUP BY rds_key)",
              "1");
    store_rollback(store);
}
END_TEST

/* The steps of SQLite's machine that a query takes. */
static int steps_of(const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    int steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(stmt);
    return steps;
}

/* Looking at rows costs steps, whether or not they are wanted; and they are looked at once, however
 * long the list of what is wanted is. */
START_TEST(test_sifting_costs)
{
    GError *error = NULL;
    ck_assert(store_begin(store, NULL));
    put_sifted();
    ck_done(views_copy(views, NULL, NULL, &error), error);
    ck_assert_int_gt(steps_of("SELECT count(*) FROM purchases a, purchases b"
                              " WHERE b.make = 'NOBODY' AND a.record <> b.record"),
                     240 * 240 / 32);
    ck_assert_int_lt(steps_of("SELECT count(*) FROM purchases WHERE make = 'NOBODY'"), 240);
    int listed = steps_of("SELECT count(*) FROM purchases WHERE (+make, +type) IN"
                          " (SELECT record, make FROM purchases)");
    ck_assert_int_le(steps_of("SELECT count(*) FROM purchases WHERE (make, type) IN"
                              " (SELECT record, make FROM purchases)"),
                     listed);
    store_rollback(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view/sieve");
    TCase *tests = tcase_create("sieve");
    tcase_add_checked_fixture(tests, up_views, down_views);
    tcase_add_test(tests, test_sifted);
    tcase_add_test(tests, test_groups_again);
    tcase_add_test(tests, test_sifting_costs);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
