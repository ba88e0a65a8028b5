/*
 * Judgements: rows that are only ever added. The latest one on a pair is in force, unless it
 * revokes or has expired; matchers get them as input, in one order. Nothing is computed here.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/judgement/judgement.h"
#include "engine/store/schema.h"

static const char *const TYPES[] = {"link", "person", "lead", "rule"};
static const char *const VERDICTS[] = {"yes", "no", "unsure", "revoked"};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

void judgement_free(Judgement *judgement)
{
    if (judgement == NULL)
        return;
    g_free(judgement->left);
    g_free(judgement->right);
    g_free(judgement->evidence_hash);
    g_free(judgement->time);
    g_free(judgement->actor);
    g_free(judgement->reason);
    g_free(judgement->expires);
    g_free(judgement);
}

static gboolean is_pair(JudgementType type)
{
    return type == JUDGE_LINK || type == JUDGE_PERSON;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static gboolean check_judgement(const Judgement *judgement, GError **error)
{
    const char *left = text_present(judgement->left), *right = text_present(judgement->right);
    if (left == NULL)
        return error_set(error, STATUS_USAGE, "a judgement needs to be about something");
    if (judgement->type != JUDGE_LEAD && right == NULL)
        return error_set(error, STATUS_USAGE, "a judgement on '%s' needs a second side", left);
    if (is_pair(judgement->type) && strcmp(left, right) == 0)
        return error_set(error, STATUS_USAGE, "a judgement needs two sides, both are '%s'", left);
    return TRUE;
}

/* left and right as they are stored: a pair in order, so that (a, b) is (b, a). */
typedef struct {
    const char *left, *right;
} Sides;

static Sides sides_of(const Judgement *judgement)
{
    Sides sides = {judgement->left, or_empty(judgement->right)};
    if (is_pair(judgement->type) && strcmp(sides.left, sides.right) > 0)
        sides = (Sides){sides.right, sides.left};
    return sides;
}

static gboolean insert(sqlite3 *db, const Judgement *judgement, Sides sides, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *actor = text_present(judgement->actor);
    const char *value[] = {TYPES[judgement->type],
                           VERDICTS[judgement->verdict],
                           sides.left,
                           sides.right,
                           or_empty(judgement->evidence_hash),
                           or_empty(judgement->time),
                           actor != NULL ? actor : g_get_user_name(),
                           or_empty(judgement->reason),
                           or_empty(judgement->expires)};
    const char *sql = "INSERT INTO judgement(type, verdict, \"left\", \"right\", evidence_hash,"
                      " time, actor, reason, expires) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot keep a judgement", error);
    for (gsize i = 0; i < G_N_ELEMENTS(value); i++)
        sqlite3_bind_text(stmt, (int)i + 1, value[i], -1, SQLITE_STATIC);
    return sqlite3_step(stmt) == SQLITE_DONE || sqlite_error(db, "cannot keep a judgement", error);
}

static gboolean insert_audited(Store *store, const Judgement *judgement, GError **error)
{
    Sides sides = sides_of(judgement);
    if (!insert(store_handle(store), judgement, sides, error))
        return FALSE;
    /* A suppressed value is data (a name, an address) and stays out of the trail. */
    const char *right = judgement->type == JUDGE_RULE ? "(value)" : sides.right;
    g_autofree char *subject =
        g_strjoin(" ", TYPES[judgement->type], sides.left, *right != '\0' ? right : NULL, NULL);
    g_autofree char *detail =
        g_strdup_printf("verdict=%s evidence=%s expires=%s", VERDICTS[judgement->verdict],
                        or_empty(judgement->evidence_hash), or_empty(judgement->expires));
    AuditEntry entry = {or_empty(judgement->time), "judge", subject, detail, "done"};
    return audit_change(store, &entry, error);
}

gboolean judgement_add(Store *store, const Judgement *judgement, GError **error)
{
    sqlite3 *db = store_handle(store);
    const char *what = "cannot keep a judgement";
    /* Both or neither, in the caller's transaction or without one. */
    if (!check_judgement(judgement, error) || !sqlite_run(db, "SAVEPOINT judgement", what, error))
        return FALSE;
    if (insert_audited(store, judgement, error))
        return sqlite_run(db, "RELEASE judgement", what, error);
    sqlite3_exec(db, "ROLLBACK TO judgement; RELEASE judgement", NULL, NULL, NULL);
    return FALSE;
}

static Verdict verdict_parse(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(VERDICTS); i++) {
        if (g_strcmp0(VERDICTS[i], word) == 0)
            return (Verdict)i;
    }
    return VERDICT_UNSURE;
}

static char *column(sqlite3_stmt *stmt, int index)
{
    return g_strdup((const char *)sqlite3_column_text(stmt, index));
}

static Judgement *from_row(sqlite3_stmt *stmt, JudgementType type)
{
    Judgement *judgement = g_new0(Judgement, 1);
    judgement->type = type;
    judgement->verdict = verdict_parse((const char *)sqlite3_column_text(stmt, 0));
    judgement->left = column(stmt, 1);
    judgement->right = column(stmt, 2);
    judgement->evidence_hash = column(stmt, 3);
    judgement->time = column(stmt, 4);
    judgement->actor = column(stmt, 5);
    judgement->reason = column(stmt, 6);
    judgement->expires = column(stmt, 7);
    return judgement;
}

GPtrArray *judgement_in_force(Store *store, JudgementType type, const char *as_of, GError **error)
{
    /* An expiry date is the last day on which the judgement holds. */
    const char *sql =
        "SELECT verdict, \"left\", \"right\", evidence_hash, time, actor, reason, expires"
        " FROM judgement WHERE judgement_id IN (SELECT max(judgement_id) FROM judgement"
        " WHERE type = ?1 GROUP BY \"left\", \"right\") AND verdict <> 'revoked'"
        " AND (expires = '' OR expires >= substr(?2, 1, 10)) ORDER BY \"left\", \"right\"";
    sqlite3 *db = store_handle(store);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)judgement_free);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        sqlite_error(db, "cannot read the judgements", error);
        return NULL;
    }
    sqlite3_bind_text(stmt, 1, TYPES[type], -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, or_empty(as_of), -1, SQLITE_STATIC);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        g_ptr_array_add(found, from_row(stmt, type));
    if (rc == SQLITE_DONE)
        return g_steal_pointer(&found);
    sqlite_error(db, "cannot read the judgements", error);
    return NULL;
}

char *judgement_state(Store *store, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    sqlite3 *db = store_handle(store);
    const char *sql = "SELECT coalesce(max(judgement_id), 0) FROM judgement";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW) {
        sqlite_error(db, "cannot read the judgements", error);
        return NULL;
    }
    return column(stmt, 0);
}
