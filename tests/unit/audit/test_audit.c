/*
 * The two hash chains: append-only by trigger, and when someone goes behind the triggers, every
 * change, deletion, insertion and swap is found at its sequence number.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/store/runs.h"
#include "tests/unit/store/fixture.h"

#define ENTRIES 8

static char *reads;
static Store *store;
static GError *error;

static AuditEntry entry_of(const char *subject)
{
    return (AuditEntry){"2024-01-01T00:00:00Z", "load", subject, "rows=3 rejected=0", "done"};
}

static void append_changes(void)
{
    ck_assert(store_begin(store, &error));
    for (int i = 1; i <= ENTRIES; i++) {
        g_autofree char *subject = g_strdup_printf("file%d.csv", i);
        AuditEntry entry = entry_of(subject);
        ck_assert_msg(audit_change(store, &entry, &error), "%s", error ? error->message : "");
    }
    ck_assert(store_commit(store, &error));
}

static void append_reads(void)
{
    for (int i = 1; i <= ENTRIES; i++) {
        g_autofree char *subject = g_strdup_printf("file%d.csv", i);
        AuditEntry entry = entry_of(subject);
        ck_assert_msg(audit_read(path, &entry, &error), "%s", error ? error->message : "");
    }
}

static void up(void)
{
    error = NULL;
    fixture_up();
    reads = g_strconcat(path, ".audit", NULL);
    store = fixture_store(STORE_CREATE);
}

static void down(void)
{
    g_clear_error(&error);
    store_close(store);
    fixture_down();
    g_free(reads);
}

static void ck_state(AuditState state, guint64 entries, guint64 broken)
{
    ck_assert_msg(state.entries == entries && state.broken == broken,
                  "%" G_GUINT64_FORMAT " entries, broken %" G_GUINT64_FORMAT, state.entries,
                  state.broken);
}

/* Runs SQL without the triggers that would stop it, and without waiting for the disk. */
static void forge(sqlite3 *db, const char *sql)
{
    static const char OPEN[] = "DROP TRIGGER audit_append; DROP TRIGGER audit_update;"
                               "DROP TRIGGER audit_delete";
    char *message = NULL;
    ck_assert_int_eq(sqlite3_exec(db, OPEN, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
}

START_TEST(test_sound)
{
    AuditState changes, logged;
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, 0, 0);
    ck_state(logged, 0, 0);
    ck_assert_str_eq(changes.head, "");
    append_changes();
    append_reads();
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, ENTRIES, 0);
    ck_state(logged, ENTRIES, 0);
    ck_assert_uint_eq(strlen(changes.head), 64);
    struct stat info;
    ck_assert_int_eq(stat(reads, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0640);
}
END_TEST

START_TEST(test_actor)
{
    append_changes();
    sqlite3_stmt *stmt = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT user, uid, host FROM audit WHERE seq = 1", -1,
                       &stmt, NULL);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(stmt, 0), g_get_user_name());
    ck_assert_int_eq(sqlite3_column_int(stmt, 1), (int)getuid());
    ck_assert_str_eq((const char *)sqlite3_column_text(stmt, 2), g_get_host_name());
    sqlite3_finalize(stmt);
}
END_TEST

/* Through the front door nothing but appending is possible. */
static const char *const FORBIDDEN[] = {
    "UPDATE audit SET outcome = 'x' WHERE seq = 3",
    "DELETE FROM audit WHERE seq = 3",
    "DELETE FROM audit",
    "REPLACE INTO audit SELECT * FROM audit WHERE seq = 3",
    "INSERT INTO audit SELECT 20, time, user, uid, host, action, subject, detail, outcome, hash"
    " FROM audit WHERE seq = 3",
    "INSERT INTO audit SELECT -1, time, user, uid, host, action, subject, detail, outcome, hash"
    " FROM audit WHERE seq = 3",
};

START_TEST(test_append_only)
{
    AuditState changes, logged;
    append_changes();
    append_reads();
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(FORBIDDEN); i++) {
        ck_assert_int_ne(sqlite3_exec(store_handle(store), FORBIDDEN[i], NULL, NULL, NULL),
                         SQLITE_OK);
        ck_assert_int_ne(sqlite3_exec(db, FORBIDDEN[i], NULL, NULL, NULL), SQLITE_OK);
    }
    sqlite3_close(db);
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, ENTRIES, 0);
    ck_state(logged, ENTRIES, 0);
}
END_TEST

/* What a tamperer may do, and where the chain must break; the entries before it are good. */
static const struct {
    const char *sql;
    guint64 broken;
} TAMPERED[] = {
    {"UPDATE audit SET time = '2024-01-02T00:00:00Z' WHERE seq = 4", 4},
    {"UPDATE audit SET user = 'other' WHERE seq = 1", 1},
    {"UPDATE audit SET uid = uid + 1 WHERE seq = 2", 2},
    {"UPDATE audit SET host = host || 'x' WHERE seq = 3", 3},
    {"UPDATE audit SET action = 'report' WHERE seq = 5", 5},
    {"UPDATE audit SET subject = '' WHERE seq = 6", 6},
    {"UPDATE audit SET detail = 'rows=4 rejected=0' WHERE seq = 7", 7},
    {"UPDATE audit SET outcome = 'failed' WHERE seq = 8", 8},
    {"UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE seq = 4", 4},
    {"UPDATE audit SET detail = substr(detail, 2), subject = subject || 'r' WHERE seq = 4", 4},
    {"DELETE FROM audit WHERE seq = 1", 1},
    {"DELETE FROM audit WHERE seq = 5", 5},
    {"DELETE FROM audit WHERE seq BETWEEN 2 AND 4", 2},
    {"DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3", 3},
    {"UPDATE audit SET seq = 100 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 6;"
     "UPDATE audit SET seq = 6 WHERE seq = 100",
     3},
    {"INSERT INTO audit SELECT 9, time, user, uid, host, action, subject, detail, outcome, hash"
     " FROM audit WHERE seq = 8",
     9},
    {"INSERT INTO audit SELECT 0, time, user, uid, host, action, subject, detail, outcome, hash"
     " FROM audit WHERE seq = 1",
     1},
    {"UPDATE audit SET seq = -seq WHERE seq > 4; UPDATE audit SET seq = 1 - seq WHERE seq < 0;"
     "INSERT INTO audit SELECT 5, time, user, uid, host, action, subject, detail, outcome, hash"
     " FROM audit WHERE seq = 4",
     5},
};

START_TEST(test_tampered)
{
    AuditState changes, logged;
    append_changes();
    forge(store_handle(store), TAMPERED[_i].sql);
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, TAMPERED[_i].broken - 1, TAMPERED[_i].broken);
}
END_TEST

/* The same on the second chain: each time on a copy of the sound file. */
START_TEST(test_tampered_reads)
{
    g_autofree char *bytes = NULL;
    gsize length;
    append_reads();
    ck_assert(g_file_get_contents(reads, &bytes, &length, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(TAMPERED); i++) {
        AuditState changes, logged;
        sqlite3 *db = NULL;
        ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
        sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", NULL, NULL, NULL);
        forge(db, TAMPERED[i].sql);
        sqlite3_close(db);
        ck_assert(audit_verify(store, &changes, &logged, &error));
        ck_state(logged, TAMPERED[i].broken - 1, TAMPERED[i].broken);
        ck_assert(g_file_set_contents(reads, bytes, (gssize)length, NULL));
        ck_assert_int_eq(chmod(reads, 0640), 0);
    }
}
END_TEST

/* A cut tail leaves a sound chain with another head: the copy kept elsewhere shows it. */
START_TEST(test_cut_tail)
{
    AuditState before, after, logged;
    append_changes();
    ck_assert(audit_verify(store, &before, &logged, &error));
    forge(store_handle(store), "DELETE FROM audit WHERE seq > 6");
    ck_assert(audit_verify(store, &after, &logged, &error));
    ck_state(after, 6, 0);
    ck_assert_str_ne(before.head, after.head);
}
END_TEST

/* The store's own rows say what must have been entered. */
static const struct {
    const char *sql;
    guint64 entries, broken;
} EMPTIED[] = {
    {"DELETE FROM audit", 0, 1},
    {"DROP TABLE audit", 0, 1},
    {"DROP TABLE audit; CREATE TABLE audit(a)", 0, 1},
    {"DELETE FROM audit WHERE seq > 1", 1, 2},
    {"DELETE FROM audit WHERE seq = 3", 2, 3},
    {"DELETE FROM audit WHERE seq > 3", 3, 0}, /* nothing in the store tells of the fourth */
};

START_TEST(test_emptied)
{
    AuditState changes, logged;
    AuditEntry load = entry_of("f.csv"), run = load, other = load;
    run.action = "correlate";
    other.action = "other";
    StoreFile file = {.sha256 = "0",
                      .name = "f.csv",
                      .kind = "atf-trace",
                      .profile = "atf-trace",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "h",
                      .loaded_at = load.time};
    ck_assert(store_begin(store, &error) && store_add_file(store, &file, &error));
    file.sha256 = "1";
    ck_assert(store_add_file(store, &file, &error) && audit_change(store, &load, &error));
    ck_assert(audit_change(store, &load, &error));
    char text[] = "x";
    ParameterSet set = {.start_hash = text, .firearm = text, .person = text};
    ck_assert(store_add_parameters(store, &set, &error));
    StoreRun row = {.set_id = set.set_id,
                    .as_of = text,
                    .kind = text,
                    .data_hash = text,
                    .rules_hash = text,
                    .data_sum = text};
    ck_assert(store_start_run(store, &row, &error) && audit_change(store, &run, &error));
    ck_assert(audit_change(store, &other, &error) && store_commit(store, &error));
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, 4, 0);
    forge(store_handle(store), EMPTIED[_i].sql);
    ck_assert_msg(audit_verify(store, &changes, &logged, &error), "%s",
                  error ? error->message : "");
    ck_state(changes, EMPTIED[_i].entries, EMPTIED[_i].broken);
}
END_TEST

START_TEST(test_change_without_a_table)
{
    AuditEntry entry = entry_of("f.csv");
    forge(store_handle(store), "DROP TABLE audit");
    ck_assert(store_begin(store, &error));
    ck_assert(!audit_change(store, &entry, &error));
    ck_assert_msg(error->code == STATUS_STORE, "%d: %s", error->code, error->message);
}
END_TEST

START_TEST(test_rides_in_the_transaction)
{
    AuditState changes, logged;
    AuditEntry entry = entry_of("f.csv");
    ck_assert(store_begin(store, &error));
    ck_assert(audit_change(store, &entry, &error));
    store_rollback(store);
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, 0, 0);
    ck_assert(store_begin(store, &error));
    ck_assert(audit_change(store, &entry, &error));
    ck_assert(store_commit(store, &error));
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(changes, 1, 0);
}
END_TEST

/* Many at once: each entry is there, the chain holds. */
START_TEST(test_many_readers)
{
    AuditState changes, logged;
    AuditEntry entry = entry_of("who");
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            int failed = 0;
            for (int n = 0; n < 5; n++)
                failed |= !audit_read(path, &entry, NULL);
            _exit(failed);
        }
    }
    int status;
    while (wait(&status) > 0)
        ck_assert_int_eq(status, 0);
    ck_assert(audit_verify(store, &changes, &logged, &error));
    ck_state(logged, 20, 0);
}
END_TEST

static void ck_read_refused(Status status)
{
    AuditEntry entry = entry_of("f.csv");
    ck_assert(!audit_read(path, &entry, &error));
    ck_assert_msg(error->code == (int)status, "%d: %s", error->code, error->message);
    g_clear_error(&error);
}

static void ck_reads_lost(void)
{
    AuditState changes, logged;
    ck_read_refused(STATUS_STORE);
    ck_assert_msg(audit_verify(store, &changes, &logged, &error), "%s",
                  error ? error->message : "");
    ck_state(logged, 0, 1);
}

/* A trail that was there does not begin anew by itself. */
START_TEST(test_reads_lost)
{
    static const char *const gone[] = {"DELETE FROM audit", "DROP TABLE audit",
                                       "PRAGMA application_id=0"};
    append_reads();
    for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
        g_autofree char *bytes = NULL;
        gsize length;
        sqlite3 *db = NULL;
        ck_assert(g_file_get_contents(reads, &bytes, &length, NULL));
        ck_assert_int_eq(sqlite3_open(reads, &db), SQLITE_OK);
        forge(db, gone[i]);
        sqlite3_close(db);
        ck_reads_lost();
        ck_assert(g_file_set_contents(reads, bytes, (gssize)length, NULL));
        ck_assert_int_eq(chmod(reads, 0640), 0);
    }
    ck_assert_int_eq(truncate(reads, 100), 0);
    ck_reads_lost();
    ck_assert_int_eq(truncate(reads, 0), 0);
    ck_reads_lost();
    struct stat info;
    ck_assert_int_eq(stat(reads, &info), 0);
    ck_assert_int_eq(info.st_size, 0);
}
END_TEST

/* A disk that is full when the trail is made leaves none, and no other file either. */
START_TEST(test_full_disk)
{
    AuditEntry entry = entry_of("f.csv");
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {4096, 4096};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &none);
        _exit(audit_read(path, &entry, &error) ? 99 : error->code);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(WEXITSTATUS(status), STATUS_IO);
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        ck_assert_msg(strstr(name, ".audit") == NULL, "%s", name);
    g_dir_close(dir);
    ck_assert_msg(audit_read(path, &entry, &error), "%s", error ? error->message : "");
}
END_TEST

/* When it can not be logged, it must not go on: every refusal is an error. */
START_TEST(test_refused)
{
    g_autofree char *other = g_strconcat(path, ".other", NULL);
    ck_assert_int_eq(symlink(other, reads), 0);
    ck_read_refused(STATUS_CONFIG);
    g_unlink(reads);
    ck_assert_int_eq(g_mkdir(reads, 0750), 0);
    ck_read_refused(STATUS_CONFIG);
    g_rmdir(reads);
    ck_assert(
        g_file_set_contents(reads, "no database at all, but long enough to be read", -1, NULL));
    ck_assert_int_eq(chmod(reads, 0640), 0);
    ck_read_refused(STATUS_STORE);
    g_unlink(reads);
    sqlite3 *db = NULL;
    sqlite3_open(reads, &db);
    sqlite3_exec(db, "CREATE TABLE mine(a)", NULL, NULL, NULL);
    sqlite3_close(db);
    ck_assert_int_eq(chmod(reads, 0640), 0);
    ck_read_refused(STATUS_STORE);
    ck_assert_int_eq(chmod(reads, 0666), 0);
    ck_read_refused(STATUS_CONFIG);
    AuditState changes, logged;
    ck_assert(!audit_verify(store, &changes, &logged, &error));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit");
    TCase *tests = tcase_create("chains");
    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, test_sound);
    tcase_add_test(tests, test_actor);
    tcase_add_test(tests, test_append_only);
    tcase_add_loop_test(tests, test_tampered, 0, G_N_ELEMENTS(TAMPERED));
    tcase_add_test(tests, test_tampered_reads);
    tcase_add_test(tests, test_cut_tail);
    tcase_add_loop_test(tests, test_emptied, 0, G_N_ELEMENTS(EMPTIED));
    tcase_add_test(tests, test_change_without_a_table);
    tcase_add_test(tests, test_reads_lost);
    tcase_add_test(tests, test_full_disk);
    tcase_add_test(tests, test_rides_in_the_transaction);
    tcase_add_test(tests, test_many_readers);
    tcase_add_test(tests, test_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
