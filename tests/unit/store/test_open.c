/*
 * Opening: what is refused and with which status, that a refusal changes no byte, the lock and
 * what it says, permissions.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/store/db.h"
#include "tests/unit/store/fixture.h"

START_TEST(test_missing)
{
    ck_refused(STORE_READ, STATUS_STORE, "there is none");
    ck_refused(STORE_WRITE, STATUS_STORE, "there is none");
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_created)
{
    Store *store = fixture_store(STORE_CREATE);
    sqlite3 *db = store_handle(store);
    ck_answer(db, "PRAGMA journal_mode", "wal");
    ck_answer(db, "PRAGMA synchronous", "2");
    ck_answer(db, "PRAGMA foreign_keys", "1");
    ck_answer(db, "PRAGMA trusted_schema", "0");
    ck_answer(db, "PRAGMA application_id", "1129469010");
    ck_answer(db,
              "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE"
              " '%STRICT%' AND name NOT LIKE 'sqlite_%'",
              "0");
    g_autofree char *id = store_meta_get(store, "store_id", NULL);
    ck_assert_uint_eq(strlen(id), 36);
    ck_assert(is_sound(store));
    store_close(store);
    store = fixture_store(STORE_CREATE);
    g_autofree char *again = store_meta_get(store, "store_id", NULL);
    ck_assert_str_eq(id, again);
    store_close(store);
    store_close(fixture_store(STORE_READ));
    g_autofree char *left_over = g_strconcat(path, ".new", NULL);
    ck_assert(!g_file_test(left_over, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_permissions)
{
    static const char *const suffixes[] = {"", ".lock", "-wal"};
    mode_t mask = umask(0);
    Store *store = fixture_store(STORE_CREATE);
    ck_assert_int_eq(umask(mask), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *file = g_strconcat(path, suffixes[i], NULL);
        struct stat info;
        ck_assert_msg(stat(file, &info) == 0, "no %s", file);
        ck_assert_msg((info.st_mode & 0777) == 0640, "%s: %o", file, info.st_mode);
    }
    store_close(store);
    ck_assert_int_eq(chmod(path, 0646), 0);
    ck_all_refused(STATUS_CONFIG, "others may write");
}
END_TEST

START_TEST(test_symlink)
{
    store_close(fixture_store(STORE_CREATE));
    g_autofree char *real = g_strconcat(path, ".real", NULL);
    ck_assert_int_eq(rename(path, real), 0);
    ck_assert_int_eq(symlink(real, path), 0);
    ck_all_refused(STATUS_CONFIG, "symbolic link");
}
END_TEST

START_TEST(test_not_a_store)
{
    static const char *const texts[] = {"", "trace_number,serial_number\nT1,AB123\n",
                                        "SQLite format 3"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        ck_assert(g_file_set_contents(path, texts[i], -1, NULL));
        ck_assert_int_eq(chmod(path, 0640), 0);
        ck_all_refused(STATUS_STORE, *texts[i] ? "not a crosstrace store" : "an empty file");
    }
    g_unlink(path);
    ck_assert_int_eq(g_mkdir(path, 0750), 0);
    ck_all_refused(STATUS_STORE, "not a regular file");
    g_rmdir(path);
}
END_TEST

START_TEST(test_foreign)
{
    tamper("CREATE TABLE mine(a); INSERT INTO mine VALUES(1)");
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_all_refused(STATUS_STORE, "another program");
}
END_TEST

START_TEST(test_newer)
{
    store_close(fixture_store(STORE_CREATE));
    tamper("PRAGMA user_version=99");
    ck_all_refused(STATUS_STORE, "newer");
}
END_TEST

START_TEST(test_damaged)
{
    store_close(fixture_store(STORE_CREATE));
    g_autofree char *bytes = NULL;
    gsize length;
    ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
    memset(bytes + 100, 0xa5, 400); /* the root page of the schema */
    ck_assert(g_file_set_contents(path, bytes, (gssize)length, NULL));
    ck_assert_int_eq(chmod(path, 0640), 0);
    GError *error = NULL;
    Store *store = store_open(path, STORE_READ, 0, &error);
    ck_assert_ptr_null(store);
    ck_assert_int_eq(error->code, STATUS_STORE);
    g_error_free(error);
}
END_TEST

/* A log without its database must not be replayed into a new one. */
START_TEST(test_stale_log)
{
    Store *store = fixture_store(STORE_CREATE);
    ck_assert(store_meta_set(store, "old", "yes", NULL));
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    ck_assert(g_file_get_contents(log, &bytes, &length, NULL));
    ck_assert_uint_gt(length, 0);
    store_close(store);
    g_unlink(path);
    ck_assert(g_file_set_contents(log, bytes, (gssize)length, NULL));
    store = fixture_store(STORE_CREATE);
    ck_assert_ptr_null(store_meta_get(store, "old", NULL));
    ck_assert(is_sound(store));
    store_close(store);
}
END_TEST

START_TEST(test_lock)
{
    Store *store = fixture_store(STORE_CREATE);
    g_autofree char *pid = g_strdup_printf("pid %ld on %s", (long)getpid(), g_get_host_name());
    ck_refused(STORE_WRITE, STATUS_TRY_AGAIN, pid);
    ck_refused(STORE_CREATE, STATUS_TRY_AGAIN, "test_open, by ");
    store_close(fixture_store(STORE_READ)); /* readers never wait */
    store_close(store);
    store_close(fixture_store(STORE_WRITE));
}
END_TEST

/* The child holds the lock and dies of SIGKILL; the parent waits, and gets it. */
START_TEST(test_lock_wait)
{
    store_close(fixture_store(STORE_CREATE));
    int ready[2], refused[2];
    char answer = 0;
    ck_assert(pipe(ready) == 0 && pipe(refused) == 0);
    pid_t child = fork();
    if (child == 0) {
        Store *held = store_open(path, STORE_WRITE, 0, NULL);
        ck_assert_int_eq(write(ready[1], held != NULL ? "y" : "n", 1), 1);
        ck_assert_int_eq(read(refused[0], &answer, 1), 1);
        g_usleep(300000);
        kill(getpid(), SIGKILL);
    }
    ck_assert_int_eq(read(ready[0], &answer, 1), 1);
    ck_assert_int_eq(answer, 'y');
    g_autofree char *pid = g_strdup_printf("pid %ld", (long)child);
    ck_refused(STORE_WRITE, STATUS_TRY_AGAIN, pid);
    ck_assert_int_eq(write(refused[1], "y", 1), 1);
    GError *error = NULL;
    Store *store = store_open(path, STORE_WRITE, 60, &error);
    ck_done(store != NULL, error);
    store_close(store);
    waitpid(child, NULL, 0);
}
END_TEST

/* Has this process a reader's lock on the store? Its own are no hindrance to it: a child asks. */
static gboolean is_locked(void)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        int file = open(path, O_RDWR);
        _exit(file < 0 || fcntl(file, F_GETLK, &lock) != 0 ? 2 : lock.l_type == F_RDLCK);
    }
    waitpid(child, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 1;
}

START_TEST(test_opened_twice)
{
    store_close(fixture_store(STORE_CREATE));
    ck_assert(!is_locked());
    Store *one = fixture_store(STORE_READ), *two = fixture_store(STORE_WRITE);
    ck_assert(is_locked());
    Store *beside = store_open_beside(one, NULL);
    store_close(two);
    ck_assert(is_locked());
    store_close(beside);
    ck_assert(is_locked());
    store_close(one);
    ck_assert(!is_locked());
}
END_TEST

/* Of this process. */
static guint threads(void)
{
    GDir *tasks = g_dir_open("/proc/self/task", 0, NULL);
    guint n = 0;
    ck_assert_ptr_nonnull(tasks);
    while (g_dir_read_name(tasks) != NULL)
        n++;
    g_dir_close(tasks);
    return n;
}

/* A thread that was joined may be listed a moment longer. */
static gboolean threads_become(guint n)
{
    for (guint i = 0; i < 10000 && threads() != n; i++)
        g_usleep(1000);
    return threads() == n;
}

#define EARLY_ROWS 64

static void write_early(Store *store, guint before)
{
    GError *error = NULL;
    g_autofree char *large = g_strnfill(65536, 'x');
    ck_done(store_begin(store, &error), error);
    store_write_early(store, 1);
    store_write_early(store, 1); /* is one all the same */
    ck_assert_uint_eq(threads(), before + 1);
    for (guint i = 0; i < EARLY_ROWS; i++) {
        g_autofree char *key = g_strdup_printf("early %u", i);
        ck_done(store_meta_set(store, key, large, &error), error);
    }
    ck_assert_int_eq(sqlite3_db_cacheflush(store_handle(store)), SQLITE_OK);
}

/* A thread has files written to disk until the transaction ends, however it does. */
START_TEST(test_written_early)
{
    static const char count[] = "SELECT count(*) FROM meta WHERE key GLOB 'early *'";
    GError *error = NULL;
    Store *store = fixture_store(STORE_CREATE);
    guint before = threads();
    write_early(store, before);
    store_rollback(store);
    ck_assert(threads_become(before));
    ck_answer(store_handle(store), count, "0");
    write_early(store, before);
    ck_done(store_commit(store, &error), error);
    ck_assert(threads_become(before));
    store_close(store);
    store = fixture_store(STORE_WRITE);
    ck_answer(store_handle(store), count, G_STRINGIFY(EARLY_ROWS));
    ck_assert(is_sound(store));
    write_early(store, before);
    store_close(store);
    ck_assert(threads_become(before));
}
END_TEST

START_TEST(test_older)
{
    store_close(fixture_store(STORE_CREATE));
    tamper("PRAGMA user_version=0");
    ck_refused(STORE_READ, STATUS_STORE, "older");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/open");
    TCase *tests = tcase_create("open");
    tcase_add_checked_fixture(tests, fixture_up, fixture_down);
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, test_missing);
    tcase_add_test(tests, test_created);
    tcase_add_test(tests, test_permissions);
    tcase_add_test(tests, test_symlink);
    tcase_add_test(tests, test_not_a_store);
    tcase_add_test(tests, test_foreign);
    tcase_add_test(tests, test_newer);
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_stale_log);
    tcase_add_test(tests, test_lock);
    tcase_add_test(tests, test_lock_wait);
    tcase_add_test(tests, test_opened_twice);
    tcase_add_test(tests, test_written_early);
    tcase_add_test(tests, test_older);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
