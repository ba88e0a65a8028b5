/*
 * Large loads (bulk.c) and packed raw rows (raw.c): whatever way a record came in, the store says
 * the same; what is rolled back or killed leaves a whole store with its indexes and its log.
 */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/store/fixture.h"

#define MANY 50000 /* announced: enough for a large load */

/* Every seventh key again, sometimes with other content. */
static Record *record_at(guint i)
{
    g_autofree char *key = g_strdup_printf("T%u", i % 7 == 6 ? i / 2 : i);
    g_autofree char *serial = g_strdup_printf("S%u", i % 21 == 20 ? i : i % 7 == 6 ? i / 2 : i);
    return fixture_record(key, serial, "ROY");
}

typedef struct {
    guint loaded, duplicates, revised;
} Counts;

static void put_range(Store *store, guint from, guint to, Counts *counts)
{
    for (guint i = from; i < to; i++) {
        PutResult result = fixture_put(store, record_at(i));
        counts->loaded += result == PUT_LOADED;
        counts->duplicates += result == PUT_DUPLICATE;
        counts->revised += result == PUT_REVISED;
    }
}

static void begin(Store *store, guint64 expected)
{
    GError *error = NULL;
    if (expected > 0)
        ck_done(store_expect(store, expected, &error), error);
    ck_done(store_begin(store, &error), error);
}

static void commit(Store *store)
{
    GError *error = NULL;
    ck_done(store_commit(store, &error), error);
}

static void ck_whole(Store *store)
{
    sqlite3 *db = store_handle(store);
    ck_assert(is_sound(store));
    ck_answer(db,
              "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name IN"
              " ('record_ref', 'record_dealer', 'record_seized', 'firearm_members')",
              "4");
    ck_answer(db, "SELECT stat FROM sqlite_stat1 WHERE idx = 'record_ref'", "1000000 1");
    ck_answer(db, "PRAGMA journal_mode", "wal");
    ck_answer(db, "PRAGMA foreign_keys", "1");
}

/* The same records row by row, in one large load, and the second half in one. */
START_TEST(test_same_either_way)
{
    Counts counts[3] = {{0}};
    char *hashes[3];
    for (int way = 0; way < 3; way++) {
        Store *store = fixture_store(STORE_CREATE);
        fixture_file(store, "a", 0);
        begin(store, way == 1 ? MANY : 0);
        put_range(store, 0, 900, &counts[way]);
        if (way == 2) {
            commit(store);
            begin(store, MANY);
        }
        put_range(store, 900, 2000, &counts[way]);
        commit(store);
        tamper("UPDATE file SET rows = loaded + duplicates + revised + rejected");
        ck_whole(store);
        hashes[way] = store_data_hash(store, NULL);
        store_close(store);
        g_unlink(path);
    }
    ck_assert_uint_eq(counts[0].loaded + counts[0].duplicates + counts[0].revised, 2000);
    ck_assert_uint_gt(counts[0].duplicates, 0);
    ck_assert_uint_gt(counts[0].revised, 0);
    for (int way = 1; way < 3; way++) {
        ck_assert_int_eq(memcmp(&counts[way], &counts[0], sizeof counts[0]), 0);
        ck_assert_str_eq(hashes[way], hashes[0]);
    }
    for (int way = 0; way < 3; way++)
        g_free(hashes[way]);
}
END_TEST

/* More than was announced: the table of references grows. */
START_TEST(test_more_than_expected)
{
    Store *store = fixture_store(STORE_CREATE);
    Counts counts = {0};
    fixture_file(store, "a", 0);
    begin(store, 20000);
    put_range(store, 0, 40000, &counts);
    put_range(store, 0, 100, &counts);
    commit(store);
    ck_assert_uint_eq(counts.loaded + counts.duplicates + counts.revised, 40100);
    ck_whole(store);
    g_autofree char *rows = ask(store_handle(store), "SELECT count(*) FROM record");
    ck_assert_uint_eq((guint)g_ascii_strtoull(rows, NULL, 10), counts.loaded);
    store_close(store);
}
END_TEST

START_TEST(test_rolled_back)
{
    Store *store = fixture_store(STORE_CREATE);
    Counts counts = {0};
    fixture_file(store, "a", 0);
    begin(store, MANY);
    put_range(store, 0, 50, &counts);
    store_rollback(store);
    ck_whole(store);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "0");
    begin(store, MANY); /* announced, and nothing came */
    commit(store);
    ck_whole(store);
    put_range(store, 0, 5, &counts);
    ck_whole(store);
    store_close(store);
}
END_TEST

START_TEST(test_killed)
{
    Store *store = fixture_store(STORE_CREATE);
    fixture_file(store, "a", 0);
    store_close(store);
    pid_t child = fork();
    if (child == 0) {
        Counts counts = {0};
        leave_check(-1);
        store = fixture_store(STORE_WRITE);
        begin(store, MANY);
        sqlite3_exec(store_handle(store), "PRAGMA cache_size=4", NULL, NULL, NULL);
        put_range(store, 0, 3000, &counts);
        raise(SIGKILL);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    store = fixture_store(STORE_READ);
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "0");
    ck_answer(store_handle(store), "PRAGMA journal_mode", "wal");
    ck_assert(is_sound(store));
    store_close(store);
    store = fixture_store(STORE_WRITE);
    ck_whole(store);
    store_close(store);
}
END_TEST

static Record *raw_record(guint key, const char *serial, const char *raw)
{
    g_autofree char *name = g_strdup_printf("R%u", key);
    Record *record = fixture_record(name, serial, NULL);
    g_free(record->raw);
    record->raw = g_strdup(raw);
    return record;
}

/* A block with holes, duplicates, a revision of its own, empty and long rows with line ends. */
START_TEST(test_blocks)
{
    enum { N = 300 };
    Store *store = fixture_store(STORE_CREATE);
    g_autofree char *text = g_strnfill(200000, 'x');
    Record *records[N] = {NULL};
    PutResult results[N];
    GError *error = NULL;
    fixture_file(store, "a", 0);
    for (guint i = 0; i < N; i++) {
        g_autofree char *raw = g_strdup_printf("row %u,\"a\nb\" é", i);
        if (i % 10 != 9)
            records[i] = raw_record(i, "S1", i == 4 ? "" : i == 5 ? text : raw);
    }
    records[9] = raw_record(8, "S1", "row 8 again");
    records[19] = raw_record(18, "S2", "row 18 revised");
    g_autoptr(GBytes) packed = store_pack_raw(NULL, records, N);
    ck_assert_uint_lt(g_bytes_get_size(packed), 20000);
    ck_done(store_put_all(store, records, N, packed, results, &error), error);
    ck_assert_int_eq(results[9], PUT_DUPLICATE);
    ck_assert_int_eq(results[19], PUT_REVISED);
    for (guint i = 0; i < N; i++) {
        if (records[i] != NULL && i != 9 && i != 18) {
            g_autoptr(Record) back = store_get(store, records[i]->ref, &error);
            ck_done(back != NULL, error);
            ck_assert_str_eq(back->raw, records[i]->raw);
        }
        record_free(records[i]);
    }
    ck_answer(store_handle(store), "SELECT count(*) FROM raw", "1");
    ck_answer(store_handle(store), "SELECT raw_text(raw_at) LIKE 'row 18,%' FROM revision", "1");
    ck_assert(is_sound(store));
    tamper("UPDATE raw SET rows = substr(rows, 1, 40)");
    ck_assert_ptr_null(store_get(store, "atf-trace:R200", &error));
    ck_assert_int_eq(error->code, STATUS_STORE);
    g_error_free(error);
    store_close(store);
}
END_TEST

#define DRAWN 3000 /* records of a tenth as many keys */

/* A key that may be in the same batch already, with one of three contents. */
static Record *record_drawn(GRand *rand)
{
    g_autofree char *key = g_strdup_printf("T%d", g_rand_int_range(rand, 0, DRAWN / 10));
    g_autofree char *serial = g_strdup_printf("S%d", g_rand_int_range(rand, 0, 3));
    return fixture_record(key, serial, g_rand_boolean(rand) ? "ROY" : NULL);
}

/* The same records in batches of at most `most`; what became of each, and all that is kept of
 * them. */
static char *put_drawn(guint64 expected, guint most)
{
    static const char all[] =
        "SELECT group_concat(line, char(10)) FROM (SELECT record_id || ref || revision ||"
        " hex(content_hash) || serial_number AS line FROM record UNION ALL"
        " SELECT record_id || role || last FROM mention UNION ALL"
        " SELECT record_id || revision || hex(content_hash) || former_text(former_at) ||"
        " raw_text(raw_at) FROM revision"
        " UNION ALL SELECT 'group ' || record_id || group_id FROM firearm ORDER BY 1)";
    g_autoptr(GRand) rand = g_rand_new_with_seed(11), sizes = g_rand_new_with_seed(most);
    Store *store = fixture_store(STORE_CREATE);
    GString *came = g_string_new(NULL);
    GError *error = NULL;
    fixture_file(store, "a", 0);
    begin(store, expected);
    for (guint done = 0; done < DRAWN;) {
        Record *records[STORE_PACK_MAX];
        PutResult results[STORE_PACK_MAX];
        guint n = (guint)g_rand_int_range(sizes, 1, (gint)most + 1);
        n = MIN(n, DRAWN - done);
        for (guint i = 0; i < n; i++)
            records[i] = record_drawn(rand);
        ck_done(store_put_all(store, records, n, NULL, results, &error), error);
        for (guint i = 0; i < n; i++) {
            g_string_append_c(came, (char)('0' + results[i]));
            record_free(records[i]);
        }
        done += n;
    }
    commit(store);
    g_autofree char *kept = ask(store_handle(store), all);
    g_string_append(came, kept);
    store_close(store);
    g_unlink(path);
    return g_string_free(came, FALSE);
}

/* Where two long texts begin to differ. */
static void ck_same(const char *text, const char *other)
{
    gsize at = 0;
    while (text[at] != '\0' && text[at] == other[at])
        at++;
    ck_assert_msg(text[at] == other[at], "at %zu: '%.80s', not '%.80s'", at, text + at, other + at);
}

/* New records wait for each other within a batch, unless one of them comes again. */
START_TEST(test_batches)
{
    g_autofree char *alone = put_drawn(0, 1), *plain = put_drawn(0, STORE_PACK_MAX);
    g_autofree char *bulk = put_drawn(MANY, STORE_PACK_MAX), *small = put_drawn(MANY, 5);
    ck_same(plain, alone);
    ck_same(bulk, alone);
    ck_same(small, alone);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bulk");
    TCase *tcase = tcase_create("bulk");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, fixture_up, fixture_down);
    tcase_add_test(tcase, test_same_either_way);
    tcase_add_test(tcase, test_more_than_expected);
    tcase_add_test(tcase, test_rolled_back);
    tcase_add_test(tcase, test_killed);
    tcase_add_test(tcase, test_blocks);
    tcase_add_test(tcase, test_batches);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
