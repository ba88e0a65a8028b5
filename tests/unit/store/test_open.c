/*
 * Opening: what is refused and with which status, that a refusal changes no byte, the lock and
 * what it says, permissions, migrations all or nothing.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/store/db.h"
#include "tests/unit/store/fixture.h"

static void ck_refused(StoreMode mode, Status status, const char *word)
{
    GError *error = NULL;
    Store *store = store_open(path, mode, 0, &error);
    ck_assert_ptr_null(store);
    ck_assert_msg(error->code == (int)status, "status %d: %s", error->code, error->message);
    ck_assert_msg(strstr(error->message, word) != NULL, "%s", error->message);
    g_error_free(error);
}

static void ck_all_refused(Status status, const char *word)
{
    g_autofree char *before = NULL, *after = NULL;
    gsize length_before = 0, length_after = 0;
    g_file_get_contents(path, &before, &length_before, NULL);
    ck_refused(STORE_READ, status, word);
    ck_refused(STORE_WRITE, status, word);
    ck_refused(STORE_CREATE, status, word);
    g_file_get_contents(path, &after, &length_after, NULL);
    ck_assert_uint_eq(length_before, length_after);
    ck_assert_msg(length_after == 0 || memcmp(before, after, length_after) == 0, "bytes changed");
}

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

/* A migration is all or nothing, and leaves what was there alone. */
START_TEST(test_migrations)
{
    static const Migration good[] = {{1000, "ALTER TABLE meta ADD COLUMN extra TEXT"},
                                     {1001, "CREATE TABLE added(a TEXT) STRICT"},
                                     {0, NULL}};
    static const Migration bad[] = {{1002, "CREATE TABLE half(a TEXT) STRICT"},
                                    {1003, "INSERT INTO nowhere VALUES(1)"},
                                    {0, NULL}};
    Store *store = fixture_store(STORE_CREATE);
    sqlite3 *db = store_handle(store);
    GError *error = NULL;
    ck_assert(store_meta_set(store, "kept", "yes", NULL));
    ck_done(schema_migrate(db, good, &error), error);
    ck_answer(db, "PRAGMA user_version", "1001");
    ck_answer(db, "SELECT value FROM meta WHERE key = 'kept'", "yes");
    ck_assert(!schema_migrate(db, bad, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "version 1003"));
    ck_answer(db, "PRAGMA user_version", "1001");
    ck_answer(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'", "0");
    ck_assert_int_ne(sqlite3_get_autocommit(db), 0);
    g_error_free(error);
    store_close(store);
    ck_all_refused(STATUS_STORE, "newer");
}
END_TEST

/* A record that was revised twice, synthetic, in the columns of any version. */
#define REVISED_SQL                                                                                \
    "INSERT INTO file(file_id, sha256, name, kind, profile, encoding, date_order, delimiter,"      \
    " header, loaded_at) VALUES(1, 's', 'n', 'k', 'p', 'e', 'd', ',', 'h', 't');"                  \
    "INSERT INTO record(record_id, ref, kind, file_id, line, revision, content_hash, raw_at,"      \
    " packed) VALUES(1, 'k:1', 'k', 1, 9, 3, x'03', 1025, x'');"                                   \
    "INSERT INTO revision VALUES(1, 1, 1, 2, x'01', '{}', 'a'), (1, 2, 1, 5, x'02', '{}', 'b');"

/* Rows of evidence as they were until version 7. */
#define TERM_SQL                                                                                   \
    "INSERT INTO term VALUES(7, 1, 'make', 'make', 'equal', 'COLT', 'COLT', 2.5, 1.5),"            \
    " (7, 2, 'prior', 'prior', '', NULL, NULL, -1, -1),"                                           \
    " (9, 1, 'name', 'first', 'near', 'JO', NULL, 0.1, 0.1);"                                      \
    "INSERT INTO meta VALUES('result_sum', 'of the rows');"
#define PARAMETER_SQL "INSERT INTO parameter_set(hash, start_hash) VALUES('h', 'old');"

/* A store of an earlier version of the schema, as our own migrations cut short make it. */
static void make_older(int version, const char *rows)
{
    const Migration *all = schema_migrations();
    guint n = 0;
    g_autofree Migration *cut = g_new0(Migration, 100);
    for (; all->sql != NULL && all->version <= version; all++)
        cut[n++] = *all;
    sqlite3 *db = NULL;
    GError *error = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    g_autofree char *mark =
        g_strdup_printf("PRAGMA page_size=8192; PRAGMA application_id=%d", STORE_APPLICATION_ID);
    ck_assert_int_eq(sqlite3_exec(db, mark, NULL, NULL, NULL), SQLITE_OK);
    ck_done(store_add_functions(db, &error) && schema_migrate(db, cut, &error), error);
    g_autofree char *fill =
        g_strconcat("INSERT INTO meta VALUES('store_id', 'x'), ('kept', 'yes');", rows,
                    "PRAGMA journal_mode=WAL", NULL);
    ck_assert_int_eq(sqlite3_exec(db, fill, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    ck_assert_int_eq(chmod(path, 0640), 0);
}

static char *before_path(void)
{
    return g_strdup_printf("%s.before-v%d", path, schema_latest(schema_migrations()));
}

START_TEST(test_older_is_migrated_after_a_copy)
{
    make_older(6, PARAMETER_SQL REVISED_SQL);
    ck_refused(STORE_READ, STATUS_STORE, "older");
    Store *store = fixture_store(STORE_WRITE);
    g_autofree char *kept = store_meta_get(store, "kept", NULL);
    ck_assert_str_eq(kept, "yes");
    store_close(store);
    store_close(fixture_store(STORE_READ));
    g_autofree char *before = before_path();
    sqlite3 *db = NULL;
    struct stat info;
    ck_assert_int_eq(stat(before, &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0640);
    ck_assert_int_eq(sqlite3_open(before, &db), SQLITE_OK);
    ck_assert_int_lt(schema_version(db, NULL), schema_latest(schema_migrations()));
    ck_answer(db, "SELECT value FROM meta WHERE key = 'kept'", "yes");
    ck_answer(db, "SELECT start_hash FROM parameter_set", "old");
    sqlite3_close(db);
    store = fixture_store(STORE_READ);
    db = store_handle(store);
    ck_answer(db, "SELECT start_hash FROM parameter_set", "");
    ck_answer(db,
              "SELECT group_concat(revision || raw_text(raw_at) || former_text(former_at) ||"
              " hex(content_hash)) FROM revision",
              "1a{}01,2b{}02");
    store_close(store);
}
END_TEST

/* Revisions of 600 records, synthetic, some of which were purged, and a block of raw rows. */
#define MANY_SQL                                                                                   \
    "INSERT INTO file(file_id, sha256, name, kind, profile, encoding, date_order, delimiter,"      \
    " header, loaded_at) VALUES(1, 's', 'n', 'k', 'p', 'e', 'd', ',', 'h', 't');"                  \
    "INSERT INTO raw VALUES(7, x'00');"                                                            \
    "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n"       \
    " WHERE i < 600) SELECT i FROM n;"                                                             \
    "INSERT INTO record(record_id, ref, kind, file_id, line, revision, content_hash, raw_at,"      \
    " packed) SELECT i, 'k:' || i, 'k', 1, i, 2, x'03', 7168, x'' FROM n;"                         \
    "INSERT INTO revision SELECT i, 1, 1, i, x'01', '{\"n\":' || i || '}', 'é,' || i FROM n;"     \
    "DELETE FROM revision WHERE record_id BETWEEN 200 AND 550 AND record_id <> 300;"

/* Each revision says what it said, whatever lay before and behind it. */
START_TEST(test_history_is_migrated)
{
    make_older(10, MANY_SQL);
    Store *store = fixture_store(STORE_WRITE);
    sqlite3 *db = store_handle(store);
    ck_answer(db, "SELECT count(*) FROM revision", "250");
    ck_answer(db,
              "SELECT count(*) FROM revision WHERE former_text(former_at) IS NOT"
              " '{\"n\":' || record_id || '}' OR raw_text(raw_at) IS NOT 'é,' || record_id"
              " OR line <> record_id OR revision <> 1",
              "0");
    ck_answer(db, "SELECT hex(rows) FROM raw WHERE block = 7", "00");
    ck_answer(db, "SELECT min(block) || ' ' || max(block) FROM raw", "7 10");
    ck_answer(db, "PRAGMA foreign_key_check", "");
    store_close(store);
}
END_TEST

static void ck_term(Store *store, gint64 evidence_id, guint at, const char *said)
{
    GError *error = NULL;
    g_autoptr(Evidence) evidence = store_get_evidence(store, evidence_id, &error);
    ck_done(evidence != NULL, error);
    ck_assert_uint_lt(at, evidence_count(evidence));
    const Term *term = evidence_term(evidence, at);
    g_autofree char *text = g_strdup_printf(
        "%s %s %s %s %s %g %g", term->family, term->field, term->level,
        term->left ? term->left : "-", term->right ? term->right : "-", term->bits, term->counted);
    ck_assert_str_eq(text, said);
}

/* Evidence says what it said, down to the last bit, and its seal is to be made anew. */
START_TEST(test_terms_are_migrated)
{
    make_older(7, TERM_SQL);
    Store *store = fixture_store(STORE_WRITE);
    ck_term(store, 7, 0, "make make equal COLT COLT 2.5 1.5");
    ck_term(store, 7, 1, "prior prior  - - -1 -1");
    ck_term(store, 9, 0, "name first near JO - 0.1 0.1");
    ck_answer(store_handle(store), "SELECT count(*) FROM evidence", "2");
    ck_answer(store_handle(store), "SELECT count(*) FROM meta WHERE key = 'result_sum'", "0");
    ck_answer(store_handle(store), "SELECT count(*) FROM sqlite_schema WHERE name = 'term'", "0");
    store_close(store);
}
END_TEST

/* What migrations after this version make, and they alone. */
#define LAST_MADE        "SELECT count(*) FROM sqlite_schema WHERE name = 'former'"
#define LAST_MADE_BEFORE 10

/* R28, short: old or new, never between; new only with its copy. */
START_TEST(test_migration_killed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(28);
    int latest = schema_latest(schema_migrations()), seen[2] = {0, 0};
    make_older(LAST_MADE_BEFORE, PARAMETER_SQL);
    gint64 begun = g_get_monotonic_time();
    store_close(fixture_store(STORE_WRITE));
    gint64 whole = g_get_monotonic_time() - begun;
    const char *many = g_getenv("CROSSTRACE_KILLS");
    guint kills = many != NULL ? (guint)g_ascii_strtoull(many, NULL, 10) : 25;
    for (guint i = 0; i < kills; i++) {
        fixture_down();
        fixture_up();
        make_older(LAST_MADE_BEFORE, PARAMETER_SQL);
        pid_t child = fork();
        if (child == 0) {
            store_close(store_open(path, STORE_WRITE, 0, NULL));
            _exit(0);
        }
        /* the first dies at once, the second is let be: both ends are seen on any machine */
        if (i > 1)
            g_usleep((gulong)g_rand_double_range(random, 0, (double)whole * 1.5));
        if (i != 1)
            kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        sqlite3 *db = NULL;
        g_autofree char *before = before_path();
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        int version = schema_version(db, NULL);
        ck_answer(db, "SELECT value FROM meta WHERE key = 'kept'", "yes");
        ck_answer(db, LAST_MADE, version == latest ? "1" : "0");
        ck_answer(db, "PRAGMA integrity_check", "ok");
        sqlite3_close(db);
        ck_assert(version == latest || version == LAST_MADE_BEFORE);
        ck_assert(version < latest || g_file_test(before, G_FILE_TEST_EXISTS));
        seen[version == latest]++;
        store_close(fixture_store(STORE_WRITE));
    }
    ck_assert_int_gt(seen[0], 0);
    ck_assert_int_gt(seen[1], 0);
    printf("counted: %u kills of a migration, %d before it, %d after\n", kills, seen[0], seen[1]);
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
    tcase_add_test(tests, test_migrations);
    tcase_add_test(tests, test_written_early);
    tcase_add_test(tests, test_older);
    tcase_add_test(tests, test_older_is_migrated_after_a_copy);
    tcase_add_test(tests, test_terms_are_migrated);
    tcase_add_test(tests, test_history_is_migrated);
    tcase_add_test(tests, test_migration_killed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
