/*
 * Leads of which only words are others: an indicator says of their records what it said, at the
 * same worth, and tells it otherwise (a dealer has one trace more). They are what they were; the
 * terms that quote the indicator quote it anew: the same row, which the words that were quoted
 * tell. Where rows that were told alike are told apart now, which of them is quoted is for scoring
 * to say: such a lead is made anew.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/lead/group.h"
#include "engine/store/changes.h"
#include "engine/store/schema.h"

typedef struct {
    Store *store;
    GHashTable *seen; /* ids (own) of leads that were looked at */
    sqlite3_stmt *leads, *words;
} Retell;

static void retell_clear(Retell *retell)
{
    g_hash_table_unref(retell->seen);
    sqlite3_finalize(retell->leads);
    sqlite3_finalize(retell->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Retell, retell_clear)

static gboolean failed(Retell *retell, GError **error)
{
    return sqlite_error(store_handle(retell->store), "cannot tell leads anew", error);
}

static gboolean retell_init(Retell *retell, Store *store, GError **error)
{
    static const char leads[] = "SELECT lead_id FROM lead_record WHERE record = ?1";
    static const char words[] = "SELECT indicator, subject, explanation FROM indicator"
                                " WHERE record = ?1";
    sqlite3 *db = store_handle(store);
    *retell = (Retell){.store = store,
                       .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    return (sqlite3_prepare_v2(db, leads, -1, &retell->leads, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(db, words, -1, &retell->words, NULL) == SQLITE_OK) ||
           failed(retell, error);
}

/* What is told of the records of a lead. */
typedef struct {
    GHashTable *rules; /* set: indicators (own) */
    GHashTable *words; /* "indicator\nwhat it told" -> what it tells (both own); NULL: several */
} Told;

static void told_clear(Told *told)
{
    g_hash_table_unref(told->rules);
    g_hash_table_unref(told->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

static Told told_new(void)
{
    return (Told){g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                  g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
}

static void add_row(Told *told, const char *indicator, const char *before, const char *now)
{
    g_autofree char *key = g_strconcat(indicator, "\n", before, NULL);
    gpointer known;
    if (!g_hash_table_contains(told->rules, indicator))
        g_hash_table_add(told->rules, g_strdup(indicator));
    if (!g_hash_table_lookup_extended(told->words, key, NULL, &known))
        g_hash_table_insert(told->words, g_steal_pointer(&key), g_strdup(now));
    else if (known && strcmp(known, now) != 0)
        g_hash_table_insert(told->words, g_steal_pointer(&key), NULL);
}

static gboolean add_words(Retell *retell, const char *record, Told *told, GError **error)
{
    sqlite3_stmt *row = retell->words;
    int status;
    sqlite3_reset(row);
    sqlite3_bind_text(row, 1, record, -1, SQLITE_STATIC);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        const char *indicator = (const char *)sqlite3_column_text(row, 0);
        const char *subject = (const char *)sqlite3_column_text(row, 1);
        const char *now = (const char *)sqlite3_column_text(row, 2);
        const char *before = store_former_words(retell->store, indicator, subject, record);
        add_row(told, indicator, before ? before : now, now);
    }
    sqlite3_reset(row);
    return status == SQLITE_DONE || failed(retell, error);
}

/* Terms quote what is told now. *other: one quoted something else; *open: which it is to quote is
 * not known. */
static void quote(Evidence *evidence, const Told *told, gboolean *other, gboolean *open)
{
    for (guint i = 0; i < evidence_count(evidence); i++) {
        Term *term = evidence->terms->pdata[i];
        if (!lead_is_hit(term) || !g_hash_table_contains(told->rules, term->field))
            continue;
        g_autofree char *key = g_strconcat(term->field, "\n", term->left, NULL);
        const char *now = g_hash_table_lookup(told->words, key);
        *open |= now == NULL;
        if (!now || g_strcmp0(term->left, now) == 0)
            continue;
        g_free(term->left);
        term->left = g_strdup(now);
        *other = TRUE;
    }
}

/* May one of the terms quote what is told otherwise now? Where none does, the lead quotes what it
 * quoted. */
static gboolean may_quote(Store *store, const Evidence *evidence)
{
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        if (lead_is_hit(term) && store_words_went(store, term->field, term->left))
            return TRUE;
    }
    return FALSE;
}

static GPtrArray *group_of(const StoredLead *lead, GStringChunk *text)
{
    GPtrArray *group = g_ptr_array_new();
    for (guint i = 0; i < lead->records->len; i++)
        g_ptr_array_add(group, g_string_chunk_insert(text, lead->records->pdata[i]));
    return group;
}

static gboolean retell_lead(Retell *retell, const char *lead_id, LeadsAnew *anew, GError **error)
{
    g_auto(Told) told = told_new();
    g_autoptr(StoredLead) lead = store_get_lead(retell->store, lead_id, error);
    g_autoptr(Evidence) evidence =
        lead ? store_get_evidence(retell->store, lead->evidence_id, error) : NULL;
    gboolean other = FALSE, open = FALSE;
    if (evidence && !may_quote(retell->store, evidence))
        return TRUE;
    for (guint i = 0; evidence && i < lead->records->len; i++)
        if (!add_words(retell, lead->records->pdata[i], &told, error))
            return FALSE;
    if (!evidence)
        return FALSE;
    quote(evidence, &told, &other, &open);
    if (!open)
        return !other || store_change_evidence(retell->store, lead->evidence_id, evidence, error);
    g_ptr_array_add(anew->groups, group_of(lead, anew->text));
    g_hash_table_insert(anew->leads, g_strdup(lead_id), g_ptr_array_ref(lead->records));
    return TRUE;
}

/* Leads of a record, but for those that are made anew; each once. */
static GPtrArray *leads_of(Retell *retell, const char *record, const LeadsAnew *anew,
                           GError **error)
{
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *row = retell->leads;
    int status;
    sqlite3_reset(row);
    sqlite3_bind_text(row, 1, record, -1, SQLITE_STATIC);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(row, 0);
        if (!g_hash_table_contains(anew->leads, id) && g_hash_table_add(retell->seen, g_strdup(id)))
            g_ptr_array_add(leads, g_strdup(id));
    }
    sqlite3_reset(row);
    if (status == SQLITE_DONE)
        return g_steal_pointer(&leads);
    failed(retell, error);
    return NULL;
}

gboolean leads_retell(Store *store, GHashTable *reworded, LeadsAnew *anew, GError **error)
{
    g_auto(Retell) retell = {0};
    if (!retell_init(&retell, store, error))
        return FALSE;
    g_autoptr(GList) refs = g_list_sort(g_hash_table_get_keys(reworded), (GCompareFunc)strcmp);
    for (const GList *ref = refs; ref; ref = ref->next) {
        g_autoptr(GPtrArray) leads = leads_of(&retell, ref->data, anew, error);
        for (guint i = 0; leads && i < leads->len; i++)
            if (!retell_lead(&retell, leads->pdata[i], anew, error))
                return FALSE;
        if (!leads)
            return FALSE;
    }
    return TRUE;
}
