/*
 * What records said before: packed by the transaction, read back at once, and held by a check.
 */
#include "engine/store/blocks.h"
#include "engine/store/upkeep.h"
#include "tests/unit/store/filled.h"

/* However few revisions each batch has: those of one transaction lie together, and are there before
 * it ends. */
START_TEST(test_history_of_one_night)
{
    enum { RECORDS = 50 };
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < RECORDS; i++) {
            g_autofree char *key = g_strdup_printf("T%d", i);
            fixture_put(store, fixture_record(key, round ? "A2" : "A1", NULL));
        }
    sqlite3 *db = store_handle(store);
    static const char said[] =
        "SELECT count(*) FROM revision"
        " WHERE json_extract(former_text(former_at), '$.serial_number') = 'A1'";
    ck_answer(db, said, "50");
    commit();
    ck_answer(db, said, "50");
    ck_answer(db, "SELECT count(*) FROM former", "1");
    ck_assert(store_begin(store, NULL));
    fixture_put(store, fixture_record("T0", "A3", NULL));
    store_rollback(store);
    ck_answer(db, "SELECT count(*) FROM former", "1");
    ck_answer(db, said, "50");
}
END_TEST

/* What a full check sees of the history. */
static const char *const HISTORY_DAMAGE[] = {
    "UPDATE revision SET content_hash = zeroblob(16)",
    "UPDATE former SET texts = substr(texts, 1, 30)",
    "UPDATE former SET texts = (SELECT pack_texts(0, '{\"make\":\"COLT\",\"mentions\":{}}'))",
    "UPDATE former SET texts = (SELECT pack_texts(0, '{\"maker\":\"X\",\"mentions\":{}}'))",
    "UPDATE former SET texts = (SELECT pack_texts(0, 'no JSON'))",
    "DELETE FROM former",
    "UPDATE revision SET former_at = 1025",
    "UPDATE revision SET raw_at = 1048576",
};

START_TEST(test_full_check_sees_the_history)
{
    GError *error = NULL;
    gboolean sound = FALSE;
    fixture_put(store, fixture_record("T1", "A1", "SMITH"));
    fixture_put(store, fixture_record("T1", "A2", "ROY"));
    ck_assert_int_eq(sqlite3_exec(store_handle(store),
                                  "UPDATE file SET rows = 2, loaded = 1, revised = 1", NULL, NULL,
                                  NULL),
                     SQLITE_OK);
    commit();
    ck_done(store_check(store, TRUE, NULL, NULL, &sound, &error), error);
    ck_assert(sound);
    ck_done(history_add_function(store_handle(store), &error),
            error); /* a block packed otherwise */
    ck_assert_int_eq(sqlite3_exec(store_handle(store), HISTORY_DAMAGE[_i], NULL, NULL, NULL),
                     SQLITE_OK);
    ck_done(store_check(store, TRUE, NULL, NULL, &sound, &error), error);
    ck_assert_msg(!sound, "not seen: %s", HISTORY_DAMAGE[_i]);
    gboolean gone = strstr(HISTORY_DAMAGE[_i], "DELETE") != NULL;
    ck_assert_msg(!gone || !is_sound(store), "not seen at once: %s", HISTORY_DAMAGE[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/history");
    TCase *tests = tcase_create("history");
    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, test_history_of_one_night);
    tcase_add_loop_test(tests, test_full_check_sees_the_history, 0, G_N_ELEMENTS(HISTORY_DAMAGE));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
