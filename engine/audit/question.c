/*
 * The texts of questions. What was asked may hold names, so an entry of STORE.audit has its salted
 * hash alone, and the text stands beside it: whoever may read the trail reads what was asked, until
 * a retention clock takes the texts away and leaves the entries. A text that is there is held to
 * its hash by audit_verify.
 */
#include <string.h>

#include "engine/audit/chain.h"
#include "engine/base/error.h"
#include "engine/base/text.h"

#define ASKED_SQL                                                                                  \
    "CREATE TABLE IF NOT EXISTS asked(seq INTEGER PRIMARY KEY REFERENCES audit,"                   \
    " text TEXT NOT NULL) STRICT;"                                                                 \
    "CREATE TRIGGER IF NOT EXISTS asked_update BEFORE UPDATE ON asked"                             \
    " BEGIN SELECT RAISE(ABORT, 'what was asked is never changed'); END;"

/* Asked the period, or longer, before the day. */
#define DUE "FROM asked JOIN audit USING(seq) WHERE date(substr(time, 1, 10), ?1, ?2) <= ?3"

static char *hash_of(const char *salt, const char *text)
{
    g_autofree char *salted = g_strconcat(salt, "\n", text, NULL);
    return text_sha256(salted, -1);
}

static gboolean write_text(sqlite3 *db, gint64 seq, gpointer data, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (!sqlite_run(db, ASKED_SQL, "cannot write down the question", error))
        return FALSE;
    if (sqlite3_prepare_v2(db, "INSERT INTO asked(seq, text) VALUES(?, ?)", -1, &stmt, NULL) !=
        SQLITE_OK)
        return sqlite_error(db, "cannot write down the question", error);
    sqlite3_bind_int64(stmt, 1, seq);
    sqlite3_bind_text(stmt, 2, data, -1, SQLITE_STATIC);
    return sqlite3_step(stmt) == SQLITE_DONE ||
           sqlite_error(db, "cannot write down the question", error);
}

gboolean audit_ask(Store *store, const AuditEntry *entry, const char *text, GError **error)
{
    g_autofree char *salt = store_meta_get(store, "store_id", error);
    if (!salt)
        return FALSE;
    g_autofree char *hash = hash_of(salt, text);
    g_autofree char *subject = g_strdup_printf("%s %s", entry->subject, hash);
    AuditEntry hashed = *entry;
    hashed.subject = subject;
    const Note note = {&hashed, write_text, (gpointer)text};
    return reads_note(store_path(store), &note, error);
}

gboolean asked_holds(sqlite3 *db, gint64 seq, const char *salt, const char *subject)
{
    g_autoptr(sqlite3_stmt) row = NULL;
    if (sqlite3_prepare_v2(db, "SELECT text FROM asked WHERE seq = ?", -1, &row, NULL) != SQLITE_OK)
        return !chain_has(db, "asked");
    sqlite3_bind_int64(row, 1, seq);
    int status = sqlite3_step(row);
    if (status != SQLITE_ROW)
        return status == SQLITE_DONE;
    const char *text = chain_text(row, 0);
    g_autofree char *hash = text ? hash_of(salt, text) : NULL;
    return hash && g_str_has_suffix(subject, hash);
}

/* ---- taking the texts away ----------------------------------------------------------------- */

typedef struct {
    const PurgePeriod *period;
    const char *day;
} Texts;

static sqlite3_stmt *prepare_due(sqlite3 *db, const char *sql, const Texts *texts, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        sqlite_error(db, "cannot find old questions", error);
        return NULL;
    }
    g_autofree char *years = g_strdup_printf("+%d years", texts->period->years);
    g_autofree char *days = g_strdup_printf("+%d days", texts->period->days);
    sqlite3_bind_text(stmt, 1, years, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(stmt, 2, days, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(stmt, 3, texts->day, -1, SQLITE_STATIC);
    return stmt;
}

gboolean audit_texts_due(Store *store, const PurgePeriod *period, const char *day, guint64 *n,
                         char oldest[11], GError **error)
{
    g_autoptr(sqlite3) db = NULL;
    const Texts texts = {period, day};
    *n = 0;
    *oldest = '\0';
    if (!reads_open_sound(store_path(store), &db, error))
        return FALSE;
    if (!db || !chain_has(db, "asked"))
        return TRUE;
    g_autoptr(sqlite3_stmt) row = prepare_due(
        db, "SELECT count(*), ifnull(min(substr(time, 1, 10)), '') " DUE, &texts, error);
    if (!row)
        return FALSE;
    if (sqlite3_step(row) != SQLITE_ROW)
        return sqlite_error(db, "cannot find old questions", error);
    *n = (guint64)sqlite3_column_int64(row, 0);
    g_strlcpy(oldest, (const char *)sqlite3_column_text(row, 1), 11);
    return TRUE;
}

/* With the entry that says so, and so that no byte of them stays in the file. */
static gboolean remove_texts(sqlite3 *db, gint64 seq, gpointer data, GError **error)
{
    const Texts *texts = data;
    (void)seq;
    g_autoptr(sqlite3_stmt) stmt =
        prepare_due(db, "DELETE FROM asked WHERE seq IN (SELECT seq " DUE ")", texts, error);
    return stmt && (sqlite3_step(stmt) == SQLITE_DONE ||
                    sqlite_error(db, "cannot remove old questions", error));
}

gboolean audit_texts_purge(Store *store, const PurgePeriod *period, const char *time, guint64 *n,
                           GError **error)
{
    char oldest[11];
    g_autofree char *day = g_strndup(time, 10);
    if (!audit_texts_due(store, period, day, n, oldest, error))
        return FALSE;
    if (*n == 0)
        return TRUE;
    g_autofree char *detail = g_strdup_printf("texts=%" G_GUINT64_FORMAT, *n);
    const AuditEntry entry = {time, "purge", "texts of questions", detail, "done"};
    Texts texts = {period, day};
    const Note note = {&entry, remove_texts, &texts};
    return reads_note(store_path(store), &note, error);
}
