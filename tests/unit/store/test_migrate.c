/*
 * Older stores: migrations are all or nothing, and come after a copy.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/store/db.h"
#include "tests/unit/store/fixture.h"

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

int main(void)
{
    Suite *suite = suite_create("store/migrate");
    TCase *tests = tcase_create("migrate");
    tcase_add_checked_fixture(tests, fixture_up, fixture_down);
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, test_migrations);
    tcase_add_test(tests, test_older_is_migrated_after_a_copy);
    tcase_add_test(tests, test_terms_are_migrated);
    tcase_add_test(tests, test_history_is_migrated);
    tcase_add_test(tests, test_migration_killed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
