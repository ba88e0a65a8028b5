/*
 * What a run finds after records were taken out, named others or were joined in a row: as much as a
 * full run does, whatever an earlier one left beside the store.
 */
#include "engine/store/purge.h"
#include "tests/unit/run/parts.h"

/* One of a row of traces, each of which names the next, or none. */
static void put_named(guint number, gboolean names)
{
    static guint files;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strdup_printf("%063ux", ++files);
    gint64 file_id = begin_file(store, file, AS_OF);
    Record *record = record_new("atf-trace");
    record->ref = g_strdup_printf("atf-trace:T%u", number);
    set(record, FIELD_TRACE_NO, "T%u", number);
    set(record, FIELD_SERIAL_NUMBER, "KWB%05u", 1111 * number);
    set(record, FIELD_SERIAL_KIND, "FULL");
    set(record, FIELD_SERIAL_PATTERN, "KWB%05u", 1111 * number);
    set(record, FIELD_SERIAL_CANONICAL, "KWB%05u", 1111 * number);
    set(record, FIELD_MAKE, "TAURUS");
    set(record, FIELD_EVENT_TYPE, "RECOVERED");
    set(record, FIELD_EVENT_DATE, "2023-01-11");
    set(record, FIELD_PURCHASE_DATE, "2022-01-11");
    if (names)
        set(record, FIELD_DUPLICATE_OF, "T%u", number + 1);
    put_line(store, record, file_id, number);
    ck_assert_msg(store_commit(store, &error), "%s", error ? error->message : "");
}

static void ck_firearm(const char *record, const char *wanted)
{
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT firearm FROM firearms WHERE record = ?", -1,
                       &row, NULL);
    sqlite3_bind_text(row, 1, record, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(row, 0), wanted);
    sqlite3_finalize(row);
}

/* A firearm is followed from link to link, and each of its records gets another name where it is
 * joined with one that stands before it, or falls apart. */
START_TEST(firearms_are_followed)
{
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint number = 2; number <= 7; number++)
        put_named(number, number < 7);
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T7", "atf-trace:T2");
    put_named(1, TRUE);
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T7", "atf-trace:T1");
    check_same("joined", 0);
    put_named(3, FALSE); /* a revision */
    run(FALSE, FALSE);
    ck_firearm("atf-trace:T3", "atf-trace:T1");
    ck_firearm("atf-trace:T7", "atf-trace:T4");
    check_same("apart", 0);
}
END_TEST

/* Takes some records out, whole or their people alone; what runs left beside the store stays, as if
 * it could not be removed. */
static void purge(void)
{
    static const int texts[] = {FIELD_NARRATIVE, -1};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)purge_item_free);
    PurgeCounts counts = {0};
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT record_id, ref, kind FROM record", -1, &row,
                       NULL);
    while (sqlite3_step(row) == SQLITE_ROW) {
        PurgeItem item = {.record_id = sqlite3_column_int64(row, 0),
                          .ref = g_strdup((const char *)sqlite3_column_text(row, 1)),
                          .kind = g_strdup((const char *)sqlite3_column_text(row, 2)),
                          .clock = "test",
                          .whole = chance(60)};
        if (chance(92))
            purge_item_free(g_memdup2(&item, sizeof item));
        else
            g_ptr_array_add(items, g_memdup2(&item, sizeof item));
    }
    sqlite3_finalize(row);
    ck_assert(store_begin(store, &error));
    ck_assert_msg(store_purge(store, items, texts, AS_OF, &counts, &error), "%s",
                  error ? error->message : "");
    ck_assert(store_commit(store, &error));
    ck_assert_msg(store_scrub(store, &error), "%s", error ? error->message : "");
}

/* Parts, revisions, decisions and purges in any order. */
START_TEST(purged_records_leave_nothing)
{
    guint places[TRACES + SEIZURES], done = 80;
    dice = g_rand_new_with_seed(40 + (guint32)_i);
    store = store_open(path, STORE_CREATE, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        places[i] = i;
    shuffle(places, G_N_ELEMENTS(places));
    load(places, done);
    run(FALSE, FALSE);
    for (guint step = 0; step < 9; step++) {
        g_autofree char *what = g_strdup_printf("step %u", step);
        guint kind = roll(3);
        if (kind == 0)
            purge();
        else if (kind == 1)
            decide();
        else
            load_part(places, &done, G_N_ELEMENTS(places));
        run(FALSE, chance(50));
        if (chance(50))
            check_same(what, (guint)_i);
    }
    check_same("end", (guint)_i);
    g_rand_free(dice);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("purged");
    TCase *tests = tcase_create("purged");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, firearms_are_followed);
    tcase_add_loop_test(tests, purged_records_leave_nothing, 0, (int)suite_rounds(3));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
