/*
 * Retention as an operator meets it: what is due is listed and then gone from every byte of the
 * store, what is held stays, what comes again is refused, copies from before are named and removed;
 * a purge that is killed is finished by the next one. Synthetic data.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define SEIZURE_ROW(number, date, serial, text)                                                    \
    "4531-" number ",1," date ",0453,Windsor - Ambassador Bridge,HIGHWAY,UNDECLARED,FIREARM,"      \
    "PISTOL,S&W,M&P9,9 mm," serial ",INTACT,SYNTHETIC " text "\n"
#define OLD     "16-0001"
#define HELD    "16-0002"
#define YOUNG   "25-0003"
#define CANARY  "ZQXCANARYOLDTEXT"
#define REVISED "ZQXCANARYFIRSTTEXT"
#define KEPT    "ZQXCANARYHELDTEXT"

static char *dir, *rules;

static char *path_of(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static Ran go(const char *line, int status)
{
    g_autofree char *whole = g_strdup_printf("--config c.ini --rules %s %s", rules, line);
    Ran ran = program_run(dir, whole);
    ck_assert_msg(ran.status == status, "'%s': status %d instead of %d: %s", line, ran.status,
                  status, ran.err);
    return ran;
}

static void run(const char *line, int status)
{
    Ran ran = go(line, status);
    ran_clear(&ran);
}

static void expect(const char *line, int status, const char *out)
{
    Ran ran = go(line, status);
    ck_assert_msg(strstr(ran.out, out) || strstr(ran.err, out), "'%s': not '%s' in: %s%s", line,
                  out, ran.out, ran.err);
    ran_clear(&ran);
}

/* Are these bytes anywhere in a file? FALSE for a file that is not there. */
static gboolean file_has(const char *name, const char *bytes)
{
    g_autofree char *path = path_of(name);
    g_autofree char *text = NULL;
    gsize length = 0;
    return g_file_get_contents(path, &text, &length, NULL) &&
           memmem(text, length, bytes, strlen(bytes)) != NULL;
}

/* In a packed text of the store, whether anything points to it or not? */
static gboolean texts_have(const char *bytes)
{
    g_autofree char *path = path_of("s.db"), *plain = g_malloc(1 << 20);
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    gboolean has = FALSE;
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db,
                                        "SELECT rows FROM raw UNION ALL SELECT texts FROM former",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        size_t length = ZSTD_decompress(plain, 1 << 20, sqlite3_column_blob(stmt, 0),
                                        (size_t)sqlite3_column_bytes(stmt, 0));
        ck_assert(!ZSTD_isError(length));
        has |= memmem(plain, length, bytes, strlen(bytes)) != NULL;
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return has;
}

/* In the store, or in what is derived from it and lies beside it? */
static gboolean store_has(const char *bytes)
{
    static const char *const files[] = {"s.db",       "s.db-wal",    "s.db-journal", "s.db.facts",
                                        "s.db.words", "s.db.people", "s.db.views",   "s.db.links",
                                        "s.db.idx",   "s.db.added",  "s.db.later"};
    gboolean has = texts_have(bytes);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        has |= file_has(files[i], bytes);
    return has;
}

static void set_up(void)
{
    rules = g_canonicalize_filename("rules", NULL);
    dir = folder_new();
    folder_write(dir, "c.ini", "[crosstrace]\nstore=s.db\nbackups=backups\n");
    g_autofree char *backups = path_of("backups");
    ck_assert_int_eq(g_mkdir(backups, 0750), 0);
    folder_write(dir, "first.csv",
                 WORLD_SEIZURE_HEADER SEIZURE_ROW(OLD, "2016-05-20", "HAA1234", REVISED));
    folder_write(dir, "old.csv",
                 WORLD_SEIZURE_HEADER SEIZURE_ROW(OLD, "2016-05-20", "HAA1234", CANARY) SEIZURE_ROW(
                     HELD, "2016-05-21", "HAA1235",
                     KEPT) "4531-16-0009,1,2016-13-45,0453,W,HIGHWAY,UNDECLARED,FIREARM,PISTOL,S&W,"
                           "M&P9,9 mm,HAA1299,INTACT," CANARY ",too,many,cells\n");
    folder_write(dir, "young.csv",
                 WORLD_SEIZURE_HEADER SEIZURE_ROW(YOUNG, "2025-05-20", "HAA1236", "young"));
    folder_write(dir, "traces.csv", WORLD_TRACES);
    run("load --as-of 2016-06-01 first.csv", 0);
    run("load --as-of 2016-06-02 --max-rejects 99% old.csv", 1);
    run("load --as-of 2025-06-01 young.csv traces.csv", 0);
    run("correlate --as-of 2025-06-01", 0);
}

static void tear_down(void)
{
    folder_remove(dir);
    g_free(rules);
}

START_TEST(nothing_of_it_is_left)
{
    ck_assert(store_has(REVISED)); /* of the earlier revision */
    run("retention hold add cbsa-seizure:4531-" HELD "/1 --reason trial --until 2030-12-31 "
        "--as-of 2025-06-02",
        0);
    expect("retention --dry-run --as-of 2026-01-01", 0,
           "seizure,cbsa-seizure,record,1,2016-05-20,1");
    expect("export markers", 0, "record");
    expect("retention --force --as-of 2026-01-01", 0, "seizure,cbsa-seizure,record,1,2016-05-20,1");
    ck_assert(!store_has(CANARY));
    ck_assert(!store_has(REVISED));
    ck_assert(!store_has("HAA1299"));
    expect("export rejects", 0, ",purged,");
    expect("retention --dry-run --as-of 2026-01-01", 0, "seizure,cbsa-seizure,record,0,,1");
    run("check --full", 0);
    run("audit verify", 0);
    expect("audit list --action purge", 0, "seizure=1 records=1 people=0 revisions=1");
    expect("retention hold list", 0, "trial");
    run("retention hold lift cbsa-seizure:4531-" HELD "/1", 0);
    run("retention hold lift cbsa-seizure:4531-" HELD "/1", 66);
    run("retention --force --as-of 2026-01-01", 0);
    ck_assert(!store_has(KEPT));
    ck_assert(!store_has("4531-" HELD "/1") ||
              file_has("s.db", "hold")); /* the audit trail names it */
}
END_TEST

START_TEST(what_comes_again_is_refused)
{
    run("retention --force --as-of 2026-01-01", 0);
    run("load --as-of 2026-02-01 --max-rejects 99% old.csv", 0); /* the same bytes: known */
    folder_write(dir, "again.csv",
                 WORLD_SEIZURE_HEADER SEIZURE_ROW(OLD, "2016-05-20", "HAA1234", CANARY)
                     SEIZURE_ROW("26-0010", "2026-01-20", "HAA1277", "new"));
    expect("load --as-of 2026-02-01 --max-rejects 0 again.csv", 1, "1 rejected");
    ck_assert(!store_has(CANARY));
    expect("export rejects", 0, "purged,\"this record was purged");
    run("correlate --as-of 2026-02-01", 0);
    run("check --full", 0);
}
END_TEST

START_TEST(a_held_lead_keeps_its_records)
{
    Ran ran = go("leads list --format csv", 0);
    g_auto(GStrv) lines = g_strsplit(ran.out, "\n", -1);
    ran_clear(&ran);
    ck_assert_msg(lines[0] && lines[1] && *lines[1] == 'L', "no lead");
    g_auto(GStrv) cells = g_strsplit(lines[1], ",", 2);
    g_autofree char *add = g_strdup_printf(
        "retention hold add %s --reason R --until 2060-12-31 --as-of 2025-06-02", cells[0]);
    run(add, 0);
    Ran before = go("retention --dry-run --as-of 2051-01-01", 0);
    ck_assert_msg(strstr(before.out, "trace,atf-trace,record,0,,2"), "%s", before.out);
    ran_clear(&before);
    run("retention --force --as-of 2051-01-01", 0);
    ck_assert(store_has("HAA1234"));
    expect("retention hold add Lnothing --reason R --until 2060-12-31", 66,
           "no record and no lead");
    expect("retention hold add x --until 2060-12-31", 2, "--reason");
    expect("retention hold add x --reason R --until 2001-01-01", 2, "over");
}
END_TEST

START_TEST(people_go_before_firearms)
{
    ck_assert(store_has("QUARRELL"));
    expect("retention --force --as-of 2036-01-01", 0,
           "trace-names,atf-trace,person,2,2025-06-01,0");
    ck_assert(!store_has("QUARRELL"));
    ck_assert(!store_has("Quarrell"));
    expect("retention --dry-run --as-of 2036-01-01", 0, "trace-names,atf-trace,person,0,,0");
    run("check --full", 0);
    expect("load --as-of 2036-01-02 traces.csv", 0, "");
    g_autofree char *later = g_strdup_printf("%s ", WORLD_TRACES);
    folder_write(dir, "later.csv", later);
    run("load --as-of 2036-01-02 --max-rejects 99% later.csv", 1);
    ck_assert(!store_has("QUARRELL"));
    run("retention --force --as-of 2061-01-01", 0);
    ck_assert(!store_has("HAA1235"));
    run("check --full", 0);
}
END_TEST

START_TEST(older_copies_are_named_and_removed)
{
    run("backup backups/crosstrace-2025-06-01-000.db", 0);
    expect("retention --force --as-of 2026-01-01", 1, "crosstrace-2025-06-01-000.db' still holds");
    expect("retention --backups", 66, "no copy since the purge");
    run("backup backups/crosstrace-2026-01-01-000.db", 0);
    expect("retention --backups", 0, "removed");
    g_autofree char *old = path_of("backups/crosstrace-2025-06-01-000.db");
    g_autofree char *fresh = path_of("backups/crosstrace-2026-01-01-000.db");
    ck_assert(!g_file_test(old, G_FILE_TEST_EXISTS));
    ck_assert(g_file_test(fresh, G_FILE_TEST_EXISTS));
    ck_assert(!file_has("backups/crosstrace-2026-01-01-000.db", REVISED));
    expect("audit list --action copy-remove", 0, "crosstrace-2025-06-01-000.db");
}
END_TEST

START_TEST(the_store_is_no_copy_of_itself)
{
    folder_write(dir, "c.ini", "[crosstrace]\nstore=s.db\nbackups=.\n");
    run("backup old.db", 0);
    expect("retention --force --as-of 2026-01-01", 1, "old.db' still holds");
    expect("retention --backups", 66, "no copy since the purge");
    g_autofree char *old = path_of("old.db");
    ck_assert(g_file_test(old, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(a_day_to_come_is_asked_about)
{
    expect("retention --as-of 2099-01-01", 2, "'2099-01-01' is still to come");
    ck_assert(store_has(CANARY) && store_has("HAA1236"));
    expect("retention --dry-run --as-of 2099-01-01", 0, "seizure,cbsa-seizure,record,");
    run("retention --dry-run --force --as-of 2099-01-01", 2);
    ck_assert(store_has(CANARY));
    run("retention --force --as-of 2099-01-01", 0);
    ck_assert(!store_has(CANARY) && !store_has("HAA1236"));
}
END_TEST

START_TEST(no_folder_of_copies_is_said)
{
    folder_write(dir, "c.ini", "[crosstrace]\nstore=s.db\n");
    expect("retention --backups", 1, "names no folder of copies");
    run("retention --as-of 2016-07-01", 0);
}
END_TEST

/* Killed at moments spread over the purge: wholly there or wholly gone, then finished. */
/* Names also stand beside the store: where that can not go, nothing goes. */
START_TEST(what_is_derived_goes_first)
{
    /* first those that tell of a record which no person is mentioned in */
    static const char *const derived[] = {"s.db.facts", "s.db.views", "s.db.people", "s.db.links",
                                          "s.db.idx"};
    run("retention --as-of 2016-07-01", 0);
    for (guint i = 0; i < G_N_ELEMENTS(derived); i++) {
        g_autofree char *file = path_of(derived[i]);
        g_unlink(file);
        ck_assert_int_eq(g_mkdir(file, 0750), 0);
        expect("retention --force --as-of 2026-01-01", 74, "cannot remove '");
        ck_assert(store_has(CANARY));
        ck_assert_int_eq(g_rmdir(file), 0);
    }
    run("correlate --full", 0);
    for (guint i = 0; i < 2; i++)
        ck_assert(file_has(derived[i], OLD));
    run("retention --force --as-of 2026-01-01", 0);
    ck_assert(!store_has(CANARY));
    for (guint i = 0; i < G_N_ELEMENTS(derived); i++)
        ck_assert(!file_has(derived[i], OLD));
}
END_TEST

START_TEST(killed_it_is_finished_by_the_next)
{
    run("retention --as-of 2016-07-01", 0); /* nothing due; the results are there */
    const char *many = g_getenv("CROSSTRACE_KILLS");
    guint kills = many ? (guint)g_ascii_strtoull(many, NULL, 10) : 10;
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (guint i = 0; i < kills; i++) {
        g_autofree char *line = g_strdup_printf(
            "--config c.ini --rules %s retention --force --as-of 2026-01-01", rules);
        GPid pid = program_start(dir, line);
        g_usleep((gulong)g_rand_int_range(random, 0, 60000));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        run("audit verify", 0);
        Ran ran = go("audit list --action purge", 0);
        gboolean entered = strstr(ran.out, "seizure=2") != NULL;
        ran_clear(&ran);
        Ran due = go("retention --dry-run --as-of 2026-01-01", 0);
        ck_assert_int_eq(entered, strstr(due.out, "seizure,cbsa-seizure,record,0") != NULL);
        ran_clear(&due);
    }
    run("retention --force --as-of 2026-01-01", 0);
    ck_assert(!store_has(CANARY));
    ck_assert(!store_has(REVISED));
    run("check --full", 0);
    printf("counted: %u kills of a purge\n", kills);
}
END_TEST

/* Somebody reads the store as it was before: the purge says so, and what it left is finished by the
 * next night. */
START_TEST(a_reader_holds_it_up)
{
    g_autofree char *path = path_of("s.db");
    sqlite3 *reader = NULL;
    run("retention --as-of 2016-07-01", 0);
    ck_assert_int_eq(sqlite3_open_v2(path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(reader, "BEGIN; SELECT * FROM meta", NULL, NULL, NULL),
                     SQLITE_OK);
    expect("retention --force --as-of 2026-01-01", 75, "another program still reads the store");
    expect("check", 69, "purge that is not finished");
    sqlite3_close(reader);
    run("nightly --as-of 2026-01-01", 0);
    ck_assert(!store_has(CANARY));
    ck_assert(!store_has(REVISED));
    run("check --full", 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("retention");
    TCase *tests = tcase_create("retention");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 3600);
    tcase_add_test(tests, nothing_of_it_is_left);
    tcase_add_test(tests, what_comes_again_is_refused);
    tcase_add_test(tests, a_held_lead_keeps_its_records);
    tcase_add_test(tests, people_go_before_firearms);
    tcase_add_test(tests, a_day_to_come_is_asked_about);
    tcase_add_test(tests, no_folder_of_copies_is_said);
    tcase_add_test(tests, older_copies_are_named_and_removed);
    tcase_add_test(tests, the_store_is_no_copy_of_itself);
    tcase_add_test(tests, what_is_derived_goes_first);
    tcase_add_test(tests, killed_it_is_finished_by_the_next);
    tcase_add_test(tests, a_reader_holds_it_up);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
