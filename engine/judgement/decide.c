/*
 * Decisions as people take them, from whichever command: looked up, checked against those in
 * force, kept with what was seen and with what the run held of it, all in one transaction.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/error.h"
#include "engine/base/ini.h"
#include "engine/base/text.h"
#include "engine/judgement/seen.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

static const char *const STATUSES[] = {"new",       "open",      "assigned", "referred",
                                       "confirmed", "dismissed", "closed",   NULL};
static const char *const OUTCOMES[] = {"hit", "no-hit", NULL};

/* Tier and probability that the run gave to a pair, for the statistics of its rules. */
static char *held_of_pair(Store *store, const Judgement *judgement)
{
    static const char sql[] =
        "SELECT tier, probability FROM link WHERE kind = ?3 AND ((\"left\" = ?1 AND \"right\" = ?2)"
        " OR (\"left\" = ?2 AND \"right\" = ?1))";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *kind = judgement->type == JUDGE_LINK ? "serial" : "person";
    if (sqlite3_prepare_v2(store_handle(store), sql, -1, &stmt, NULL) != SQLITE_OK)
        return g_strdup("");
    sqlite3_bind_text(stmt, 1, judgement->left, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, judgement->right, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, kind, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return g_strdup("");
    g_autofree char *probability = text_number(sqlite3_column_double(stmt, 1), 6);
    return g_strdup_printf("tier=%s\nprobability=%s", (const char *)sqlite3_column_text(stmt, 0),
                           probability);
}

static gboolean keep(Store *store, const Judgement *judgement, gboolean lead, GError **error)
{
    if (!store_begin(store, error))
        return FALSE;
    if (judgement_add(store, judgement, error) &&
        (!lead || judgement_settle_leads(store, judgement->time, error)) &&
        store_commit(store, error))
        return TRUE;
    store_rollback(store);
    return FALSE;
}

/* Taking back needs something that was decided. */
static gboolean something_to_revoke(Store *store, const Judgement *judgement, GError **error)
{
    GError *problem = NULL;
    g_autoptr(Judgement) was = judgement_find(store, judgement->type, judgement->left,
                                              judgement->right, judgement->time, &problem);
    if (problem)
        g_propagate_error(error, problem);
    else if (!was && judgement->type == JUDGE_RULE) /* the value may be a name */
        error_set(error, STATUS_NO_INPUT, "nothing is suppressed for that value of rule '%s'",
                  judgement->left);
    else if (!was)
        error_set(error, STATUS_NO_INPUT, "nothing is decided about '%s%s%s'", judgement->left,
                  judgement->right ? "' and '" : "", judgement->right ? judgement->right : "");
    return was != NULL;
}

/* A rule may be silenced for any value, but a reference must be that of a record or mention; roles
 * that a record has are proposed. */
static gboolean value_exists(Store *store, const char *value, GError **error)
{
    static const char sql[] =
        "SELECT ref FROM record WHERE ref = ?1 UNION ALL SELECT r.ref || ':' || m.role"
        " FROM record r JOIN mention m USING(record_id) WHERE r.ref = ?2 ORDER BY 1";
    if (!record_is_reference(value))
        return TRUE;
    g_autofree char *record = mention_record(value);
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean found = FALSE;
    int rc = sqlite3_prepare_v2(store_handle(store), sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK)
        return sqlite_error(store_handle(store), "cannot look up the value", error);
    sqlite3_bind_text(stmt, 1, value, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, record, -1, SQLITE_STATIC);
    while (!found && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        char *ref = g_strdup((const char *)sqlite3_column_text(stmt, 0));
        found = strcmp(ref, value) == 0;
        g_ptr_array_add(refs, ref);
    }
    if (!found && rc != SQLITE_DONE)
        return sqlite_error(store_handle(store), "cannot look up the value", error);
    g_ptr_array_add(refs, NULL);
    g_autofree char *hint = nearest_hint(value, (const char *const *)refs->pdata);
    return found ||
           error_set(error, STATUS_NO_INPUT, "no record and no person '%s'%s", value, hint);
}

gboolean judgement_decide(Store *store, const Judgement *judgement, GError **error)
{
    if (judgement->type != JUDGE_LEAD && text_present(judgement->right) == NULL)
        return error_set(error, STATUS_USAGE, "a decision needs two sides, a left and a right");
    if (judgement->verdict == VERDICT_REVOKED)
        return something_to_revoke(store, judgement, error) && keep(store, judgement, FALSE, error);
    if (judgement->type == JUDGE_RULE)
        return value_exists(store, judgement->right, error) && keep(store, judgement, FALSE, error);
    GError *problem = NULL;
    g_autofree char *seen =
        seen_of_pair(store, judgement->type, judgement->left, judgement->right, &problem);
    if (!seen && !problem)
        return error_set(error, STATUS_NO_INPUT, "no such pair '%s' and '%s'", judgement->left,
                         judgement->right);
    g_autofree char *against =
        seen ? judgement_contradiction(store, judgement, judgement->time, &problem) : NULL;
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (against)
        return error_set(error, STATUS_USAGE, "cannot decide so: %s", against);
    g_autofree char *held = held_of_pair(store, judgement);
    Judgement whole = *judgement;
    whole.evidence = seen;
    whole.setting = held;
    return keep(store, &whole, FALSE, error);
}

/* ---- leads ------------------------------------------------------------------------------ */

enum { SET_STATUS, SET_OWNER, SET_DUE, SET_OUTCOME, SET_NOTE, SET_COUNT };

/* What a lead has now; FALSE with error set when there is no such lead. */
static gboolean read_lead(Store *store, const char *lead_id, char *now[SET_COUNT], GError **error)
{
    static const char sql[] = "SELECT status, ifnull(owner, ''), ifnull(due, ''),"
                              " ifnull(outcome, ''), ifnull(note, '') FROM lead"
                              " WHERE lead_id = ?1 AND live = 1";
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, lead_id, -1, SQLITE_STATIC);
        rc = sqlite3_step(stmt);
    }
    if (rc == SQLITE_DONE)
        return error_set(error, STATUS_NO_INPUT, "no such lead '%s'", lead_id);
    if (rc != SQLITE_ROW)
        return sqlite_error(db, "cannot read the leads", error);
    for (int i = 0; i < SET_COUNT; i++)
        now[i] = g_strdup((const char *)sqlite3_column_text(stmt, i));
    return TRUE;
}

static gboolean one_of(const char *word, const char *const *words, const char *what, GError **error)
{
    if (*word == '\0' || g_strv_contains(words, word))
        return TRUE;
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    return error_set(error, STATUS_USAGE, "unknown %s '%s'; %s", what, word, all);
}

static gboolean check_lead(char *const now[SET_COUNT], GError **error)
{
    if (*now[SET_STATUS] == '\0')
        return error_set(error, STATUS_USAGE, "a lead needs a status");
    if (!one_of(now[SET_STATUS], STATUSES, "status", error))
        return FALSE;
    if (!one_of(now[SET_OUTCOME], OUTCOMES, "outcome", error))
        return FALSE;
    if (*now[SET_DUE] != '\0' && date_parse(now[SET_DUE], DATE_ISO) == DAY_NONE)
        return error_set(error, STATUS_USAGE, "no such date '%s'; write 2025-06-30", now[SET_DUE]);
    if (strcmp(now[SET_STATUS], "dismissed") == 0 && strcmp(now[SET_OUTCOME], "hit") == 0)
        return error_set(error, STATUS_USAGE, "a lead that was a hit is not dismissed");
    if (strcmp(now[SET_STATUS], "confirmed") == 0 && strcmp(now[SET_OUTCOME], "no-hit") == 0)
        return error_set(error, STATUS_USAGE, "a lead that was no hit is not confirmed");
    return TRUE;
}

static Verdict verdict_of(char *const now[SET_COUNT])
{
    if (*now[SET_OUTCOME] != '\0')
        return strcmp(now[SET_OUTCOME], "hit") == 0 ? VERDICT_YES : VERDICT_NO;
    return strcmp(now[SET_STATUS], "confirmed") == 0   ? VERDICT_YES
           : strcmp(now[SET_STATUS], "dismissed") == 0 ? VERDICT_NO
                                                       : VERDICT_UNSURE;
}

static gboolean keep_lead(Store *store, const char *lead_id, char *const now[SET_COUNT],
                          const char *as_of, GError **error)
{
    g_autofree char *seen = seen_of_lead(store, lead_id, error);
    g_autofree char *setting =
        g_strdup_printf("status=%s\nowner=%s\ndue=%s\noutcome=%s", now[SET_STATUS], now[SET_OWNER],
                        now[SET_DUE], now[SET_OUTCOME]);
    const Judgement judgement = {.type = JUDGE_LEAD,
                                 .verdict = verdict_of(now),
                                 .left = (char *)lead_id,
                                 .time = (char *)as_of,
                                 .reason = now[SET_NOTE],
                                 .evidence = seen,
                                 .setting = setting};
    return seen && keep(store, &judgement, TRUE, error);
}

gboolean judgement_set_lead(Store *store, const char *lead_id, const LeadSetting *set,
                            const char *as_of, GError **error)
{
    const char *const asked[SET_COUNT] = {set->status, set->owner, set->due, set->outcome,
                                          set->note};
    char *now[SET_COUNT] = {NULL};
    gboolean ok = read_lead(store, lead_id, now, error);
    for (int i = 0; ok && i < SET_COUNT; i++)
        if (asked[i]) {
            g_free(now[i]);
            now[i] = g_strdup(asked[i]);
        }
    for (const char *c = ok ? now[SET_OWNER] : ""; ok && *c; c++)
        if (g_ascii_iscntrl(*c))
            ok = error_set(error, STATUS_USAGE, "an owner is one line of text");
    ok = ok && check_lead(now, error) && keep_lead(store, lead_id, now, as_of, error);
    for (int i = 0; i < SET_COUNT; i++)
        g_free(now[i]);
    return ok;
}

gboolean judgement_withdraw_lead(Store *store, const char *lead_id, const char *as_of,
                                 GError **error)
{
    const Judgement judgement = {.type = JUDGE_LEAD,
                                 .verdict = VERDICT_REVOKED,
                                 .left = (char *)lead_id,
                                 .time = (char *)as_of};
    return something_to_revoke(store, &judgement, error) && keep(store, &judgement, TRUE, error);
}
