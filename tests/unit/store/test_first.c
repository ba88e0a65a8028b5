/*
 * A first load lays its pages itself (first.c; its trees: test_tree.c): whatever the rows are like,
 * the tables hold what statements put there, SQLite finds the file sound, and what is rolled back,
 * killed or waited for by a reader leaves the store as it was.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "engine/store/db.h"
#include "tests/unit/store/fixture.h"

#define MANY 50000 /* announced: enough for a large load */

#define ROWS 4000

#define DISK_LEAST 6 /* in 100 kB: what the rows do not fit on */
#define DISKS      34

/* Most are like others, some have what is rare: much text, no people, three, a date of seizure. */
static Record *drawn(guint i)
{
    g_autofree char *key = g_strdup_printf("T%u", i * 7919 % 1000003);
    Record *record = fixture_record(key, i % 5 == 0 ? NULL : key, i % 11 == 0 ? NULL : "ROY");
    record->line = i * (i % 97 == 0 ? 100000 : 1);
    if (i % 31 == 0) /* the ends of numbers of one byte more */
        record->line = (G_GUINT64_CONSTANT(1) << i / 31 % 63) - i % 2;
    if (i % 7 == 0)
        mention_take(record_mention(record, "possessor"), MENTION_STREET, g_strdup("1 RUE É"));
    if (i % 13 == 0)
        mention_take(record_mention(record, "associate"), MENTION_LAST, g_strdup(key));
    if (i % 17 == 0)
        record_take(record, FIELD_RDS_KEY, g_strdup_printf("%08u", i % 300));
    if (i % 401 == 0)
        record_take(record, FIELD_NARRATIVE, g_strnfill(i * 13 % 40000, 'n'));
    if (i % 203 == 0)
        record_take(record, FIELD_MODEL, g_strnfill(i * 5 % 9000, 'm'));
    if (i % 999 == 0) {
        record_take(record, FIELD_EVENT_TYPE, g_strdup("SEIZED"));
        record_take(record, FIELD_EVENT_DATE, g_strdup("2024-05-06"));
        record_take(record, FIELD_CONFIDENTIAL_SOURCE, g_strdup("Y"));
    }
    record_seal(record);
    return record;
}

static void put_all(Store *store, guint n, guint batch)
{
    GError *error = NULL;
    for (guint i = 0; i < n; i += batch) {
        Record *records[STORE_PACK_MAX];
        PutResult results[STORE_PACK_MAX];
        guint size = MIN(batch, n - i);
        for (guint k = 0; k < size; k++)
            records[k] = drawn(i + k);
        ck_done(store_put_all(store, records, size, NULL, results, &error), error);
        for (guint k = 0; k < size; k++) {
            ck_assert_int_eq(results[k], PUT_LOADED);
            record_free(records[k]);
        }
    }
}

static Store *begun(guint64 expected)
{
    GError *error = NULL;
    Store *store = fixture_store(STORE_CREATE);
    fixture_file(store, "a", 0);
    if (expected > 0)
        ck_done(store_expect(store, expected, &error), error);
    ck_done(store_begin(store, &error), error);
    return store;
}

static void commit_and_close(Store *store, guint rows)
{
    GError *error = NULL;
    g_autofree char *sql =
        g_strdup_printf("UPDATE file SET rows = %u, loaded = %u, lines = %u", rows, rows, rows);
    ck_done(store_commit(store, &error), error);
    tamper(sql);
    ck_assert(is_sound(store));
    store_close(store);
}

/* The index of few references is sorted in memory, that of millions by SQLite. */
START_TEST(test_same_as_statements)
{
    static const guint64 announced[] = {MANY, 5000000};
    static const char *const tables[] = {"record", "mention", "firearm", "raw"};
    static const char *const indexes[] = {
        "record INDEXED BY record_ref", "firearm INDEXED BY firearm_members",
        "record INDEXED BY record_dealer WHERE rds_key IS NOT NULL",
        "record INDEXED BY record_seized WHERE event_type = 'SEIZED'",
        "record INDEXED BY record_confidential WHERE confidential_source = 'Y'"};
    g_autofree char *other = g_strconcat(path, ".other", NULL);
    Store *store = begun(0);
    put_all(store, ROWS, 37);
    ck_assert_ptr_null(store->first);
    commit_and_close(store, ROWS);
    g_rename(path, other);
    store = begun(announced[_i]);
    put_all(store, ROWS, 37);
    ck_assert_ptr_nonnull(store->first);
    commit_and_close(store, ROWS);
    store = fixture_store(STORE_WRITE);
    sqlite3 *db = store_handle(store);
    g_autofree char *attach = g_strdup_printf("ATTACH '%s' AS other", other);
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT (SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM other.%s)) ||"
            " (SELECT count(*) FROM (SELECT * FROM other.%s EXCEPT SELECT * FROM main.%s))",
            tables[i], tables[i], tables[i], tables[i]);
        ck_answer(db, sql, "00");
    }
    for (guint i = 0; i < G_N_ELEMENTS(indexes); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT (SELECT count(*) FROM main.%s) ="
                                               " (SELECT count(*) FROM other.%s)",
                                               indexes[i], indexes[i]);
        ck_answer(db, sql, "1");
    }
    store_close(store);
}
END_TEST

/* Whatever became of the pages, the store is as it was, and the next load goes well. */
static void ck_untouched(void)
{
    Store *store = fixture_store(STORE_WRITE);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "0");
    ck_answer(store_handle(store), "SELECT count(*) FROM former", "0");
    ck_assert(is_sound(store));
    ck_assert(store_expect(store, MANY, NULL) && store_begin(store, NULL));
    put_all(store, ROWS, 64);
    commit_and_close(store, ROWS);
}

/* A row again that says nothing of its source where the one before did: the tables are asked. */
static Record *silent(void)
{
    Record *record = drawn(999);
    record_take(record, FIELD_CONFIDENTIAL_SOURCE, NULL);
    record_seal(record);
    return record;
}

static gboolean put_silent(Store *store, GError **error)
{
    g_autoptr(Record) record = silent();
    PutResult result;
    return store_put(store, record, &result, error);
}

static gboolean put_more(Store *store, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; i < ROWS && done; i++) {
        g_autoptr(Record) record = drawn(ROWS + i);
        PutResult result;
        done = store_put(store, record, &result, error);
    }
    return done;
}

START_TEST(test_rolled_back)
{
    GError *error = NULL;
    Store *store = begun(MANY);
    put_all(store, ROWS, 50);
    ck_assert_ptr_nonnull(store->first);
    if (_i == 1)
        ck_done(put_silent(store, &error), error);
    store_rollback(store);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "0");
    ck_assert(is_sound(store));
    store_close(store);
    ck_untouched();
}
END_TEST

/* Ends a child whose files could not grow: 0 when that was told and no other commit goes through.
 */
static void end_refused(Store *store, gboolean done, const GError *error)
{
    const struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &most);
    if (!done && store_commit(store, NULL))
        _exit(3);
    _exit(done ? 1 : error->code == STATUS_IO ? 0 : 2);
}

static void ck_child_refused(pid_t child)
{
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    ck_untouched();
}

/* A full disk, for the pages that are laid or for SQLite's: told as such, and nothing is there. */
START_TEST(test_full)
{
    store_close(begun(0));
    pid_t child = fork();
    if (child == 0) {
        rlim_t disk = (rlim_t)(DISK_LEAST + _i * DISKS / suite_rounds(DISKS));
        struct rlimit most = {disk * 100000, RLIM_INFINITY};
        GError *error = NULL;
        PutResult result;
        gboolean done = TRUE;
        leave_check(-1);
        Store *store = fixture_store(STORE_WRITE);
        signal(SIGXFSZ, SIG_IGN);
        done = store_expect(store, MANY, &error) && store_begin(store, &error);
        setrlimit(RLIMIT_FSIZE, &most);
        for (guint i = 0; i < ROWS && done; i++) {
            g_autoptr(Record) record = drawn(i);
            done = store_put(store, record, &result, &error);
        }
        done = done && store_commit(store, &error);
        end_refused(store, done, error);
    }
    ck_child_refused(child);
}
END_TEST

/* When all rows have come, one is asked for, or more come, and pages cannot be written, which
 * SQLite itself does not hear of, nothing is committed, not even if it is tried when they could be.
 */
START_TEST(test_refused_at_end)
{
    static gboolean (*const ENDS[])(Store *, GError **) = {store_commit, put_silent, put_more};
    store_close(begun(0));
    pid_t child = fork();
    if (child == 0) {
        struct rlimit most = {(rlim_t)(1 + _i % 2) * 700000, RLIM_INFINITY};
        GError *error = NULL;
        leave_check(-1);
        Store *store = fixture_store(STORE_WRITE);
        signal(SIGXFSZ, SIG_IGN);
        store_expect(store, MANY, NULL);
        store_begin(store, NULL);
        put_all(store, ROWS, 50);
        setrlimit(RLIMIT_FSIZE, &most);
        gboolean done = ENDS[_i % 3](store, &error);
        end_refused(store, done, error);
    }
    ck_child_refused(child);
}
END_TEST

/* Killed while pages are laid, and when the tables already stand on them. */
START_TEST(test_killed)
{
    store_close(begun(0));
    pid_t child = fork();
    if (child == 0) {
        leave_check(-1);
        Store *store = fixture_store(STORE_WRITE);
        store_expect(store, MANY, NULL);
        store_begin(store, NULL);
        put_all(store, ROWS, 50);
        if (_i == 1)
            fixture_put(store, silent());
        sqlite3_db_cacheflush(store_handle(store));
        raise(SIGKILL);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ck_untouched();
}
END_TEST

/* A row that comes again, in its own batch or long after, ends nothing; the store is what it is
 * without it. */
START_TEST(test_rows_again)
{
    static const guint again[] = {3, 3999, 1500, 1, 999}; /* the last: of a confidential source */
    Store *store = begun(MANY);
    GError *error = NULL;
    put_all(store, ROWS, 64);
    for (guint i = 0; i < G_N_ELEMENTS(again); i++)
        ck_assert_int_eq(fixture_put(store, drawn(again[i])), PUT_DUPLICATE);
    Record *both[] = {drawn(ROWS), drawn(ROWS), drawn(7)};
    PutResult results[G_N_ELEMENTS(both)];
    ck_done(store_put_all(store, both, G_N_ELEMENTS(both), NULL, results, &error), error);
    ck_assert_int_eq(results[0], PUT_LOADED);
    ck_assert_int_eq(results[1], PUT_DUPLICATE);
    ck_assert_int_eq(results[2], PUT_DUPLICATE);
    for (guint i = 0; i < G_N_ELEMENTS(both); i++)
        record_free(both[i]);
    ck_assert_ptr_nonnull(store->first);
    commit_and_close(store, ROWS + 1);
}
END_TEST

/* What is another row under a key that was there, and a row that says nothing of its source where
 * the one before did, is for the tables. */
START_TEST(test_not_the_same)
{
    Store *store = begun(MANY);
    put_all(store, ROWS, 64);
    Record *record = _i == 0 ? drawn(3) : silent();
    if (_i == 0)
        record_take(record, FIELD_MAKE, g_strdup("ANOTHER"));
    record_seal(record);
    ck_assert_int_eq(fixture_put(store, record), _i == 0 ? PUT_REVISED : PUT_DUPLICATE);
    ck_assert_ptr_null(store->first);
    commit_and_close(store, ROWS);
}
END_TEST

/* Rows that were there before are asked for in the midst of a load, and more come. */
START_TEST(test_goes_on)
{
    Store *store = begun(MANY);
    put_all(store, ROWS, 64);
    ck_assert_int_eq(fixture_put(store, silent()), PUT_DUPLICATE);
    ck_assert_ptr_null(store->first);
    ck_assert_int_eq(fixture_put(store, fixture_record("T0", "OTHER", "ROY")), PUT_REVISED);
    ck_assert_int_eq(fixture_put(store, drawn(ROWS)), PUT_LOADED);
    commit_and_close(store, ROWS + 1);
    store = fixture_store(STORE_READ);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "4001");
    ck_answer(store_handle(store), "SELECT count(*) FROM revision", "1");
    store_close(store);
}
END_TEST

/* Nobody is waited for in vain: while others read, rows come by statements. */
START_TEST(test_with_reader)
{
    GError *error = NULL;
    sqlite3 *reader = NULL;
    Store *store = fixture_store(STORE_CREATE);
    fixture_file(store, "a", 0);
    ck_done(store_expect(store, MANY, &error), error);
    ck_assert_int_eq(sqlite3_open(path, &reader), SQLITE_OK);
    sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM record", NULL, NULL, NULL);
    sqlite3_busy_timeout(store_handle(store), 10);
    ck_done(store_begin(store, &error), error);
    put_all(store, 100, 50);
    ck_assert_ptr_null(store->first);
    sqlite3_close(reader);
    commit_and_close(store, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/first");
    TCase *tcase = tcase_create("first");
    tcase_add_checked_fixture(tcase, fixture_up, fixture_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, test_same_as_statements, 0, 2);
    tcase_add_loop_test(tcase, test_rolled_back, 0, 2);
    tcase_add_loop_test(tcase, test_full, 0, suite_rounds(DISKS));
    tcase_add_loop_test(tcase, test_refused_at_end, 1, 7);
    tcase_add_loop_test(tcase, test_killed, 0, 2);
    tcase_add_test(tcase, test_rows_again);
    tcase_add_loop_test(tcase, test_not_the_same, 0, 2);
    tcase_add_test(tcase, test_goes_on);
    tcase_add_test(tcase, test_with_reader);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
