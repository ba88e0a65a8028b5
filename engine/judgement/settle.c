/*
 * What people decided about leads, given to the leads of the last run: a function of judgements
 * and evidence alone, so that full, incremental and repeated runs leave the same. First what
 * follows its records to another lead, then, over it, what was said of the lead itself.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

static const char FORGET_SQL[] =
    "UPDATE lead SET status = 'new', owner = NULL, due = NULL, outcome = NULL, note = NULL,"
    " judgement_id = NULL WHERE live = 1 AND judgement_id IS NOT NULL";

static const char SET_SQL[] =
    "UPDATE lead SET status = ?2, owner = nullif(?3, ''), due = nullif(?4, ''),"
    " outcome = nullif(?5, ''), note = nullif(?6, ''), judgement_id = ?7 WHERE lead_id = ?1";

static gboolean is_aside(const char *status)
{
    return strcmp(status, "dismissed") == 0 || strcmp(status, "closed") == 0;
}

static gboolean give(Store *store, const char *lead_id, const Judgement *judgement,
                     const char *status, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autofree char *owner = judgement_setting(judgement, "owner");
    g_autofree char *due = judgement_setting(judgement, "due");
    g_autofree char *outcome = judgement_setting(judgement, "outcome");
    const char *text[] = {lead_id, status, owner, due, outcome, judgement->reason};
    if (sqlite3_prepare_v2(db, SET_SQL, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot keep a decision on a lead", error);
    for (gsize i = 0; i < G_N_ELEMENTS(text); i++)
        sqlite3_bind_text(stmt, (int)i + 1, text[i], -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, G_N_ELEMENTS(text) + 1, judgement->id);
    return sqlite3_step(stmt) == SQLITE_DONE ||
           sqlite_error(db, "cannot keep a decision on a lead", error);
}

/* Gives a judgement to a lead; covered_only: only where nothing is new since. */
static gboolean apply(Store *store, const char *lead_id, const Judgement *judgement,
                      gboolean covered_only, GError **error)
{
    g_autofree char *status = judgement_setting(judgement, "status");
    g_autofree char *now = seen_of_lead(store, lead_id, error);
    if (now == NULL)
        return FALSE;
    g_autofree char *news = seen_news(now, judgement->evidence);
    if (covered_only && *news != '\0')
        return TRUE;
    const char *word = status != NULL ? status : "open";
    return give(store, lead_id, judgement, is_aside(word) && *news != '\0' ? "open" : word, error);
}

/* A column of text for a parameter. */
static GPtrArray *texts(Store *store, const char *sql, const char *parameter, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        sqlite3_bind_text(stmt, 1, parameter, -1, SQLITE_STATIC);
    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
            g_ptr_array_add(found, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
    if (rc == SQLITE_DONE)
        return g_steal_pointer(&found);
    sqlite_error(db, "cannot read the leads", error);
    return NULL;
}

/* Live leads that hold a record which the judgement was taken on, in order; but for its own. */
static GPtrArray *heirs(Store *store, const Judgement *judgement, GError **error)
{
    g_auto(GStrv) items = g_strsplit(judgement->evidence, "\n", -1);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    for (char **item = items; *item != NULL; item++) {
        if (!g_str_has_prefix(*item, "record "))
            continue;
        g_autoptr(GPtrArray) found =
            texts(store,
                  "SELECT m.lead_id FROM lead_record m JOIN lead l ON l.lead_id = m.lead_id"
                  " WHERE m.record = ?1 AND l.live = 1 ORDER BY 1",
                  *item + strlen("record "), error);
        if (found == NULL)
            return NULL;
        for (guint i = 0; i < found->len; i++) {
            const char *id = g_ptr_array_index(found, i);
            if (strcmp(id, judgement->left) != 0 &&
                !g_ptr_array_find_with_equal_func(all, id, g_str_equal, NULL))
                g_ptr_array_add(all, g_strdup(id));
        }
    }
    return g_steal_pointer(&all);
}

static gboolean is_live(Store *store, const char *lead_id, gboolean *live, GError **error)
{
    g_autoptr(GPtrArray) found =
        texts(store, "SELECT lead_id FROM lead WHERE lead_id = ?1 AND live = 1", lead_id, error);
    *live = found != NULL && found->len > 0;
    return found != NULL;
}

/* A lead that is gone leaves what was said of it to those that hold its records; one that is put
 * aside takes with it whatever rests on nothing but what was seen. */
static gboolean follow(Store *store, const Judgement *judgement, GError **error)
{
    gboolean live;
    g_autofree char *status = judgement_setting(judgement, "status");
    if (!is_live(store, judgement->left, &live, error))
        return FALSE;
    if (live && (status == NULL || !is_aside(status)))
        return TRUE;
    g_autoptr(GPtrArray) leads = heirs(store, judgement, error);
    for (guint i = 0; leads != NULL && i < leads->len; i++)
        if (!apply(store, g_ptr_array_index(leads, i), judgement, live, error))
            return FALSE;
    return leads != NULL;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    const Judgement *x = *(const Judgement *const *)a, *y = *(const Judgement *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

gboolean judgement_settle_leads(Store *store, const char *as_of, GError **error)
{
    g_autoptr(GPtrArray) judgements = judgement_in_force(store, JUDGE_LEAD, as_of, error);
    if (judgements == NULL ||
        !sqlite_run(store_handle(store), FORGET_SQL, "cannot read the decisions on leads", error))
        return FALSE;
    g_ptr_array_sort(judgements, by_time);
    for (guint i = 0; i < judgements->len; i++)
        if (!follow(store, g_ptr_array_index(judgements, i), error))
            return FALSE;
    for (guint i = 0; i < judgements->len; i++) {
        const Judgement *judgement = g_ptr_array_index(judgements, i);
        gboolean live;
        if (!is_live(store, judgement->left, &live, error) ||
            (live && !apply(store, judgement->left, judgement, FALSE, error)))
            return FALSE;
    }
    return TRUE;
}
