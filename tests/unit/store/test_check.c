/*
 * What a check sees of a damaged store, and what it lets be.
 */
#include "engine/store/schema.h"
#include "tests/unit/store/filled.h"

/* Every kind of damage that store_check promises to see. */
static const char *const DAMAGE[] = {
    "UPDATE file SET rows = 7",
    "UPDATE file SET rows = 2, rejected = 1, loaded = 1",
    "DELETE FROM raw",
    "DELETE FROM firearm",
    "INSERT INTO mention(record_id, role) VALUES(99, 'purchaser')",
    "INSERT INTO person VALUES(1, 'shipper', 'atf-trace:T1:shipper', 1)",
    "UPDATE record SET revision = 2",
    "UPDATE record SET file_id = 99",
    "UPDATE record SET content_hash = zeroblob(16)",
    "DELETE FROM record",
    "INSERT INTO link VALUES(9, 'serial', 'atf-trace:T1', 'atf-trace:T9', 'S1', 1, 1, 0, NULL)",
    "INSERT INTO link VALUES(9, 'person', 'atf-trace:T1:purchaser', 'atf-trace:T9:purchaser', 'S1',"
    " 1, 1, 0, NULL)",
    "INSERT INTO link VALUES(9, 'person', 'atf-trace:T1', 'atf-trace:T1:purchaser', 'S1', 1, 1, 0,"
    " NULL)",
    "INSERT INTO link VALUES(9, 'person', 'atf-trace:T1:purchaser', 'atf-trace:T1:Buyer', 'S1', 1, "
    "1,"
    " 0, NULL)",
    "PRAGMA ignore_check_constraints=ON;"
    "INSERT INTO link VALUES(9, 'serial', 'atf-trace:T1', 'atf-trace:T1', 'S1', 1, 1.5, 0, NULL)",
    "INSERT INTO link VALUES(9, 'serial', 'atf-trace:T1', 'atf-trace:T1', 'S1', 1, 1, 0, 44)",
    "INSERT INTO marker VALUES('atf-trace:T9', 'PMF', 1, 1, '', '')",
    "INSERT INTO indicator VALUES(1, 'I1', 1, 'x', 'atf-trace:T9', 1, '')",
    "INSERT INTO lead_record VALUES('x', 'atf-trace:T1')",
};

START_TEST(test_check_sees)
{
    fixture_put(store, fixture_record("T1", "A1", "SMITH"));
    ck_assert_int_eq(
        sqlite3_exec(store_handle(store), "UPDATE file SET rows = 1, loaded = 1", NULL, NULL, NULL),
        SQLITE_OK);
    commit();
    ck_assert(is_sound(store));
    tamper(DAMAGE[_i]);
    ck_assert_msg(!is_sound(store), "not seen: %s", DAMAGE[_i]);
}
END_TEST

/* A night refuses a damaged store: links between any roles of any records are none. */
START_TEST(test_check_lets)
{
    static const char *const keys[] = {"T1", "t1a", "T-1_x9"};
    static const char *const roles[] = {"purchaser", "associate", "associate2", "possessor"};
    sqlite3 *db = store_handle(store);
    GError *error = NULL;
    gboolean sound = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS(keys); k++)
        fixture_put(store, fixture_record(keys[k], "A1", "SMITH"));
    ck_assert_int_eq(sqlite3_exec(db, "UPDATE file SET rows = 3, loaded = 3", NULL, NULL, NULL),
                     SQLITE_OK);
    for (guint i = 0; i < G_N_ELEMENTS(keys) * G_N_ELEMENTS(roles); i++) {
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO link(kind, \"left\", \"right\", tier, bits, probability, chance_matches)"
            " VALUES('person', 'atf-trace:%s:%s', 'atf-trace:T1:purchaser', 'S1', 1, 1, 0)",
            keys[i / G_N_ELEMENTS(roles)], roles[i % G_N_ELEMENTS(roles)]);
        ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    commit();
    guint faults = 0;
    ck_done(store_check(store, FALSE, count_fault, &faults, &sound, &error), error);
    ck_assert(sound);
}
END_TEST

static int stop_once(void *data)
{
    gboolean *stopped = data, now = !*stopped;
    *stopped = TRUE;
    return now;
}

/* Like a command whose output fails: it sets the error itself. */
static void fail_to_tell(const char *fault, gpointer data)
{
    GError **error = data;
    (void)fault;
    ck_assert_ptr_null(*error);
    error_set(error, STATUS_IO, "no room");
}

/* Where SQLite's own checks fail, what the others found is told before, to whom may fail, too. */
START_TEST(test_check_fails)
{
    g_autoptr(GError) error = NULL;
    gboolean sound = TRUE, stopped = FALSE;
    sqlite3 *db = store_handle(store);
    fixture_put(store, fixture_record("T1", "A1", NULL));
    ck_assert_int_eq(sqlite3_exec(db, "UPDATE file SET rows = 9", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_progress_handler(db, 1, stop_once, &stopped);
    ck_assert(!store_check(store, FALSE, fail_to_tell, &error, &sound, &error));
    sqlite3_progress_handler(db, 0, NULL, NULL);
    ck_assert(!sound);
    ck_assert_int_eq(error_status(error), STATUS_IO);
    ck_assert_str_eq(error->message, "no room");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/check");
    TCase *tests = tcase_create("check");
    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, test_check_sees, 0, G_N_ELEMENTS(DAMAGE));
    tcase_add_test(tests, test_check_lets);
    tcase_add_test(tests, test_check_fails);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
