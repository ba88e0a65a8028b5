/*
 * Leads in the store: membership and numbers come and go with the runs; what people said of a
 * lead (status, owner, outcome) stays. A lead that the last run did not make is kept, not listed.
 */
#include "engine/store/db.h"
#include "engine/store/result.h"

StoredLead *stored_lead_new(void)
{
    StoredLead *lead = g_new0(StoredLead, 1);
    lead->records = g_ptr_array_new_with_free_func(g_free);
    return lead;
}

void stored_lead_free(StoredLead *lead)
{
    if (lead == NULL)
        return;
    g_free(lead->lead_id);
    g_free(lead->kind);
    g_free(lead->evidence_hash);
    g_free(lead->status);
    g_free(lead->supersedes);
    g_free(lead->owner);
    g_ptr_array_unref(lead->records);
    g_free(lead);
}

static gboolean put_members(Store *store, const StoredLead *lead, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_EMPTY, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", lead->lead_id);
    if (!store_run(store, stmt, error))
        return FALSE;
    for (guint i = 0; i < lead->records->len; i++) {
        if ((stmt = store_statement(store, SQL_LEAD_MEMBER, error)) == NULL)
            return FALSE;
        statement_bind(stmt, "tt", lead->lead_id, g_ptr_array_index(lead->records, i));
        if (!store_run(store, stmt, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_put_lead(Store *store, const StoredLead *lead, const Evidence *evidence,
                        GError **error)
{
    gint64 evidence_id = lead->evidence_id;
    if (evidence != NULL && (evidence_id = store_put_evidence(store, evidence, error)) == 0)
        return FALSE;
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttddttiit", lead->lead_id, lead->kind != NULL ? lead->kind : "",
                   lead->bits, lead->score, lead->evidence_hash != NULL ? lead->evidence_hash : "",
                   lead->status, evidence_id, store->run_id, lead->supersedes);
    return store_run(store, stmt, error) && put_members(store, lead, error);
}

gboolean store_retire_lead(Store *store, const char *lead_id, GError **error)
{
    static const SqlId steps[] = {SQL_LEAD_UNPROVE, SQL_LEAD_EMPTY, SQL_LEAD_RETIRE};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        sqlite3_stmt *stmt = store_statement(store, steps[i], error);
        if (stmt == NULL)
            return FALSE;
        statement_bind(stmt, "t", lead_id);
        if (!store_run(store, stmt, error))
            return FALSE;
    }
    return TRUE;
}

static StoredLead *lead_from_row(sqlite3_stmt *stmt)
{
    StoredLead *lead = stored_lead_new();
    lead->lead_id = column_text(stmt, 0);
    lead->kind = column_text(stmt, 1);
    lead->bits = sqlite3_column_double(stmt, 2);
    lead->score = sqlite3_column_double(stmt, 3);
    lead->evidence_hash = column_text(stmt, 4);
    lead->status = column_text(stmt, 5);
    lead->evidence_id = sqlite3_column_int64(stmt, 6);
    lead->first_run = sqlite3_column_int64(stmt, 7);
    lead->changed_run = sqlite3_column_int64(stmt, 8);
    lead->supersedes = column_text(stmt, 9);
    lead->owner = column_text(stmt, 10);
    return lead;
}

static gboolean read_members(Store *store, StoredLead *lead, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_MEMBERS, error);
    gboolean row;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", lead->lead_id);
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return TRUE;
        g_ptr_array_add(lead->records, column_text(stmt, 0));
    }
    return FALSE;
}

GHashTable *store_lead_hashes(Store *store, GError **error)
{
    g_autoptr(GHashTable) hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_LIST, error);
    gboolean row = TRUE;
    while (stmt != NULL && row) {
        if (!store_step(store, stmt, &row, error))
            return NULL;
        if (row)
            g_hash_table_insert(hashes, column_text(stmt, 0), column_text(stmt, 4));
    }
    return stmt != NULL ? g_steal_pointer(&hashes) : NULL;
}

GPtrArray *store_get_leads(Store *store, GError **error)
{
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func((GDestroyNotify)stored_lead_free);
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_LIST, error);
    gboolean row = TRUE;
    while (stmt != NULL && row) {
        if (!store_step(store, stmt, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(leads, lead_from_row(stmt));
    }
    if (stmt == NULL)
        return NULL;
    for (guint i = 0; i < leads->len; i++) {
        if (!read_members(store, g_ptr_array_index(leads, i), error))
            return NULL;
    }
    return g_steal_pointer(&leads);
}

StoredLead *store_get_lead(Store *store, const char *lead_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_GET, error);
    gboolean row;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "t", lead_id);
    if (!store_step(store, stmt, &row, error))
        return NULL;
    if (!row) {
        error_set(error, STATUS_NO_INPUT, "no lead '%s'; 'crosstrace leads list' names them all",
                  lead_id);
        return NULL;
    }
    g_autoptr(StoredLead) lead = lead_from_row(stmt);
    sqlite3_reset(stmt);
    return read_members(store, lead, error) ? g_steal_pointer(&lead) : NULL;
}

gboolean store_has_lead(Store *store, const char *lead_id, gboolean *has, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_LEAD_HAS, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", lead_id);
    if (!store_step(store, stmt, has, error))
        return FALSE;
    sqlite3_reset(stmt);
    return TRUE;
}
