/*
 * What the tests of the store share: a folder of their own, records with made-up content
 * (synthetic), and short ways to ask the database behind the store's back.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/store/put.h"
#include "engine/store/result.h"
#include "engine/store/upkeep.h"
#include "tests/unit/folder.h"
#include "tests/unit/record/fixture.h"
#include "tests/unit/suite.h"

#define ck_done(call, error)                                                                       \
    ck_assert_msg((call), "%s", (error) != NULL ? (error)->message : "no error was set")

static char *folder;
static char *path; /* of the store under test */

static inline void fixture_up(void)
{
    folder = folder_new();
    path = g_build_filename(folder, "s.db", NULL);
}

static inline void fixture_down(void)
{
    g_clear_pointer(&folder, folder_remove);
    g_clear_pointer(&path, g_free);
}

static inline Store *fixture_store(StoreMode mode)
{
    GError *error = NULL;
    Store *store = store_open(path, mode, 0, &error);
    ck_done(store != NULL, error);
    return store;
}

static inline gint64 fixture_file(Store *store, const char *sha256, guint64 rows)
{
    GError *error = NULL;
    StoreFile file = {.sha256 = sha256, .name = "synthetic.csv", .kind = "atf-trace"};
    ck_done(store_add_file(store, &file, &error), error);
    file.rows = file.loaded = rows;
    ck_done(store_finish_file(store, &file, &error), error);
    return file.file_id;
}

static inline PutResult fixture_put(Store *store, Record *record)
{
    GError *error = NULL;
    PutResult result;
    ck_done(store_put(store, record, &result, &error), error);
    record_free(record);
    return result;
}

/* What a child asserts is not told to Check: killed in the middle of a message it would leave a
 * half one in the file that its parent writes to as well. One descriptor is its own; -1: none. */
static inline void leave_check(int own)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
        if (fd != own && fd != null && fcntl(fd, F_GETFD) >= 0)
            dup2(null, fd);
}

/* First column of the first row, or "" when there is none; g_free. */
static inline char *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
                  sqlite3_errmsg(db));
    const char *text = NULL;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(stmt, 0);
    char *answer = g_strdup(text != NULL ? text : "");
    sqlite3_finalize(stmt);
    return answer;
}

static inline void ck_answer(sqlite3 *db, const char *sql, const char *expected)
{
    g_autofree char *answer = ask(db, sql);
    ck_assert_msg(strcmp(answer, expected) == 0, "%s: %s, not %s", sql, answer, expected);
}

/* Does SQL behind the store's back, on a connection of its own. */
static inline void tamper(const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
    sqlite3_close(db);
}

static inline void count_fault(const char *fault, gpointer data)
{
    (void)fault;
    (*(guint *)data)++;
}

static inline gboolean is_sound(Store *store)
{
    GError *error = NULL;
    gboolean sound = FALSE;
    guint faults = 0;
    ck_done(store_check(store, TRUE, count_fault, &faults, &sound, &error), error);
    ck_assert_int_eq(sound, faults == 0);
    return sound;
}

static inline void ck_refused(StoreMode mode, Status status, const char *word)
{
    GError *error = NULL;
    Store *store = store_open(path, mode, 0, &error);
    ck_assert_ptr_null(store);
    ck_assert_msg(error->code == (int)status, "status %d: %s", error->code, error->message);
    ck_assert_msg(strstr(error->message, word) != NULL, "%s", error->message);
    g_error_free(error);
}

static inline void ck_all_refused(Status status, const char *word)
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

#endif
