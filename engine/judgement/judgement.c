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
    g_free(judgement->evidence);
    g_free(judgement->setting);
    g_free(judgement);
}

const char *judgement_type_name(JudgementType type)
{
    return TYPES[type];
}

const char *verdict_name(Verdict verdict)
{
    return VERDICTS[verdict];
}

static gboolean is_pair(JudgementType type)
{
    return type == JUDGE_LINK || type == JUDGE_PERSON;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

#define REASON_MAX 4000 /* bytes */

static gboolean check_reason(const char *reason, GError **error)
{
    if (strlen(reason) > REASON_MAX)
        return error_set(error, STATUS_USAGE, "a reason has at most %d bytes, this one %zu",
                         REASON_MAX, strlen(reason));
    return g_utf8_validate(reason, -1, NULL) ||
           error_set(error, STATUS_USAGE, "a reason is text, this one is no UTF-8");
}

/* References, rules and values are one line of text. */
static gboolean check_side(const char *side, GError **error)
{
    for (const char *c = side; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            return error_set(error, STATUS_USAGE, "a control character is in '%s'", side);
    return g_utf8_validate(side, -1, NULL) ||
           error_set(error, STATUS_USAGE, "what is decided on is text, this is no UTF-8");
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
    return check_side(left, error) && check_side(or_empty(right), error) &&
           check_reason(or_empty(judgement->reason), error) &&
           check_reason(or_empty(judgement->actor), error);
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

/* The hash of what was seen, or the one that was given; g_free. */
static char *hash_of(const Judgement *judgement)
{
    if (text_present(judgement->evidence) == NULL)
        return g_strdup(or_empty(judgement->evidence_hash));
    return text_sha256(judgement->evidence, -1);
}

static gboolean insert(sqlite3 *db, const Judgement *judgement, Sides sides, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *actor = text_present(judgement->actor);
    g_autofree char *hash = hash_of(judgement);
    const char *value[] = {TYPES[judgement->type],
                           VERDICTS[judgement->verdict],
                           sides.left,
                           sides.right,
                           hash,
                           or_empty(judgement->time),
                           actor != NULL ? actor : g_get_user_name(),
                           or_empty(judgement->reason),
                           or_empty(judgement->expires),
                           or_empty(judgement->evidence),
                           or_empty(judgement->setting)};
    const char *sql = "INSERT INTO judgement(type, verdict, \"left\", \"right\", evidence_hash,"
                      " time, actor, reason, expires, evidence, setting)"
                      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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
    g_autofree char *hash = hash_of(judgement);
    g_autofree char *set = g_strdelimit(g_strdup(or_empty(judgement->setting)), "\n", ' ');
    g_autofree char *detail =
        g_strdup_printf("verdict=%s evidence=%s expires=%s%s%s", VERDICTS[judgement->verdict], hash,
                        or_empty(judgement->expires), *set ? " " : "", set);
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

#define JUDGEMENT_COLUMNS                                                                          \
    "verdict, \"left\", \"right\", evidence_hash, time, actor, reason, expires, evidence, "        \
    "setting,"                                                                                     \
    " judgement_id"

static Judgement *from_row(sqlite3_stmt *stmt, JudgementType type)
{
    Judgement *judgement = g_new0(Judgement, 1);
    char **text[] = {&judgement->left,    &judgement->right,    &judgement->evidence_hash,
                     &judgement->time,    &judgement->actor,    &judgement->reason,
                     &judgement->expires, &judgement->evidence, &judgement->setting};
    judgement->type = type;
    judgement->verdict = verdict_parse((const char *)sqlite3_column_text(stmt, 0));
    for (gsize i = 0; i < G_N_ELEMENTS(text); i++)
        *text[i] = column(stmt, (int)i + 1);
    judgement->id = sqlite3_column_int64(stmt, G_N_ELEMENTS(text) + 1);
    return judgement;
}

GPtrArray *judgement_in_force(Store *store, JudgementType type, const char *as_of, GError **error)
{
    /* An expiry date is the last day on which the judgement holds. */
    const char *sql = "SELECT " JUDGEMENT_COLUMNS
                      " FROM judgement WHERE judgement_id IN (SELECT max(judgement_id) FROM"
                      " judgement WHERE type = ?1 GROUP BY \"left\", \"right\")"
                      " AND verdict <> 'revoked'"
                      " AND (expires = '' OR expires >= substr(?2, 1, 10))"
                      " ORDER BY \"left\", \"right\"";
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

Judgement *judgement_find(Store *store, JudgementType type, const char *left, const char *right,
                          const char *as_of, GError **error)
{
    const Judgement asked = {.type = type, .left = (char *)left, .right = (char *)right};
    Sides sides = sides_of(&asked);
    const char *sql = "SELECT " JUDGEMENT_COLUMNS " FROM judgement WHERE type = ?1"
                      " AND \"left\" = ?2 AND \"right\" = ?3 ORDER BY judgement_id DESC LIMIT 1";
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, TYPES[type], -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, sides.left, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, sides.right, -1, SQLITE_STATIC);
        rc = sqlite3_step(stmt);
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        sqlite_error(db, "cannot read the judgements", error);
    if (rc != SQLITE_ROW)
        return NULL;
    g_autoptr(Judgement) found = from_row(stmt, type);
    g_autofree char *day = g_strndup(or_empty(as_of), 10);
    gboolean over = *found->expires != '\0' && strcmp(found->expires, day) < 0;
    return found->verdict == VERDICT_REVOKED || over ? NULL : g_steal_pointer(&found);
}

Judgement *judgement_of_lead(Store *store, const char *lead_id, GError **error)
{
    const char *sql = "SELECT " JUDGEMENT_COLUMNS " FROM judgement WHERE judgement_id ="
                      " (SELECT judgement_id FROM lead WHERE lead_id = ?1 AND live = 1)";
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, lead_id, -1, SQLITE_STATIC);
        rc = sqlite3_step(stmt);
    }
    if (rc == SQLITE_ROW)
        return from_row(stmt, JUDGE_LEAD);
    if (rc != SQLITE_DONE)
        sqlite_error(db, "cannot read the judgements", error);
    return NULL;
}

char *judgement_setting(const Judgement *judgement, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(or_empty(judgement->setting), "\n", -1);
    gsize length = strlen(name);
    for (char **line = lines; *line != NULL; line++)
        if (strncmp(*line, name, length) == 0 && (*line)[length] == '=')
            return g_strdup(*line + length + 1);
    return NULL;
}

char *judgement_state(Store *store, const char *as_of, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    sqlite3 *db = store_handle(store);
    const char *sql = "SELECT coalesce(max(judgement_id), 0) || CASE count(*) FILTER (WHERE"
                      " expires <> '' AND expires < substr(?1, 1, 10)) WHEN 0 THEN '' ELSE ':' ||"
                      " count(*) FILTER (WHERE expires <> '' AND expires < substr(?1, 1, 10)) END"
                      " FROM judgement";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_bind_text(stmt, 1, or_empty(as_of), -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW) {
        sqlite_error(db, "cannot read the judgements", error);
        return NULL;
    }
    return column(stmt, 0);
}
