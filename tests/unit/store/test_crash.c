/*
 * A writer that is killed with SIGKILL: every file is wholly in or wholly out, what was
 * acknowledged stays, nothing is torn, and the next writer starts at once. Readers meanwhile see
 * one snapshot.
 */
#include <sys/wait.h>

#include "tests/unit/store/fixture.h"

#define ROWS 40

static void die(void)
{
    kill(getpid(), SIGKILL);
}

static void load_rows(Store *store, int file)
{
    g_autofree char *sha256 = g_strdup_printf("f%d", file);
    gint64 id = fixture_file(store, sha256, ROWS);
    for (int i = 0; i < ROWS; i++) {
        g_autofree char *key = g_strdup_printf("T%d-%d", file, i);
        Record *record = fixture_record(key, key, key);
        record->file_id = id;
        fixture_put(store, record);
    }
}

/* Where the child dies: after this many rows of file 1; then before, and after, the commit. */
static const int POINTS[] = {0, 1, ROWS / 2, ROWS, ROWS + 1, -1};

static void child_dies_at(int point)
{
    leave_check(-1);
    Store *store = store_open(path, STORE_WRITE, 0, NULL);
    store_begin(store, NULL);
    gint64 id = fixture_file(store, "f1", ROWS);
    sqlite3_exec(store_handle(store), "PRAGMA cache_size=4", NULL, NULL, NULL); /* spill early */
    for (int i = 0; i < ROWS; i++) {
        if (i == point)
            die();
        g_autofree char *key = g_strdup_printf("T1-%d", i);
        Record *record = fixture_record(key, key, key);
        record->file_id = id;
        fixture_put(store, record);
    }
    if (point >= ROWS)
        die();
    store_commit(store, NULL);
    die();
}

START_TEST(test_killed_at)
{
    Store *store = fixture_store(STORE_CREATE);
    load_rows(store, 0);
    g_autofree char *before = store_data_hash(store, NULL);
    store_close(store);
    pid_t child = fork();
    if (child == 0)
        child_dies_at(POINTS[_i]);
    int status;
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    store = fixture_store(STORE_WRITE); /* no wait: the lock went with its holder */
    ck_assert(is_sound(store));
    gboolean in = POINTS[_i] == -1;
    ck_answer(store_handle(store), "SELECT count(*) FROM record", in ? "80" : "40");
    g_autofree char *after = store_data_hash(store, NULL);
    ck_assert((strcmp(before, after) == 0) == !in);
    if (!in) {
        ck_assert(store_begin(store, NULL));
        load_rows(store, 1);
        ck_assert(store_commit(store, NULL));
    }
    ck_answer(store_handle(store), "SELECT count(*) FROM record", "80");
    store_close(store);
}
END_TEST

/* Loads file after file and says so on the pipe after each commit. */
static void child_loads(int from, int report)
{
    leave_check(report);
    Store *store = store_open(path, STORE_CREATE, 0, NULL);
    for (int file = from; file < from + 1000; file++) {
        store_begin(store, NULL);
        load_rows(store, file);
        if (!store_commit(store, NULL) || write(report, &file, sizeof file) != sizeof file)
            break;
    }
    _exit(1);
}

/* Killed at moments that nobody chose, from the making of the store on. */
START_TEST(test_killed_anywhere)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    int next = 0;
    for (int round = 0; round < 25; round++) {
        int report[2];
        ck_assert_int_eq(pipe(report), 0);
        pid_t child = fork();
        if (child == 0)
            child_loads(next, report[1]);
        close(report[1]);
        int file, acknowledged = next - 1;
        if (round == 0 && read(report[0], &file, sizeof file) == sizeof file)
            acknowledged = file; /* one is loaded, on however slow a machine */
        g_usleep((gulong)g_rand_int_range(rand, 100, 40000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(report[0], &file, sizeof file) == sizeof file)
            acknowledged = file;
        close(report[0]);
        Store *store = fixture_store(STORE_CREATE);
        ck_assert(is_sound(store));
        g_autofree char *files = ask(store_handle(store), "SELECT count(*) FROM file");
        g_autofree char *rows = ask(store_handle(store), "SELECT count(*) FROM record");
        next = (int)g_ascii_strtoll(files, NULL, 10);
        ck_assert_int_eq(g_ascii_strtoll(rows, NULL, 10), next * ROWS);
        ck_assert_msg(next == acknowledged + 1 || next == acknowledged + 2,
                      "%d files, %d acknowledged", next, acknowledged + 1);
        store_close(store);
    }
    ck_assert_int_gt(next, 0);
}
END_TEST

START_TEST(test_snapshot)
{
    Store *writer = fixture_store(STORE_CREATE);
    load_rows(writer, 0);
    Store *reader = fixture_store(STORE_READ);
    ck_assert(store_begin(reader, NULL));
    ck_assert(store_begin(writer, NULL));
    load_rows(writer, 1);
    ck_assert(store_commit(writer, NULL));
    ck_answer(store_handle(reader), "SELECT count(*) FROM record", "40");
    ck_assert(store_commit(reader, NULL));
    ck_answer(store_handle(reader), "SELECT count(*) FROM record", "80");
    g_autoptr(Record) record = fixture_record("X", "X", NULL);
    PutResult result;
    ck_assert(!store_put(reader, record, &result, NULL));
    store_close(reader);
    store_close(writer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/crash");
    TCase *tests = tcase_create("crash");
    tcase_add_checked_fixture(tests, fixture_up, fixture_down);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_killed_at, 0, G_N_ELEMENTS(POINTS));
    tcase_add_test(tests, test_killed_anywhere);
    tcase_add_test(tests, test_snapshot);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
