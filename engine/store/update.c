/*
 * Reading back and changing results of earlier runs, row by row over their indexes; what a full
 * run writes: result.c.
 */
#include <string.h>

#include "engine/store/changes.h"
#include "engine/store/db.h"

static const struct {
    guint what;
    const char *sql;
} CLEAR[] = {
    {DERIVED_EDGES,
     "DROP INDEX IF EXISTS edge_left; DROP INDEX IF EXISTS edge_right; DELETE FROM edge"},
    {DERIVED_INDICATORS,
     "DROP INDEX IF EXISTS indicator_record; DROP INDEX IF EXISTS indicator_rule;"
     "DELETE FROM indicator"},
    {DERIVED_LEADS,
     "DELETE FROM lead_record;"
     "DELETE FROM evidence WHERE evidence_id IN (SELECT evidence_id FROM lead WHERE live = 1);"
     "UPDATE lead SET live = 0, bits = 0, score = 0, evidence_id = 0 WHERE live = 1"},
};

gboolean store_clear_derived(Store *store, guint what, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(CLEAR); i++)
        if ((what & CLEAR[i].what) &&
            !sqlite_run(store->db, CLEAR[i].sql, "cannot clear the results", error))
            return FALSE;
    return TRUE;
}

static void stored_link_free(StoredLink *link)
{
    g_free(link->left);
    g_free(link->right);
    g_free(link->tier);
    g_free(link);
}

static StoredLink *link_from_row(sqlite3_stmt *stmt)
{
    StoredLink *link = g_new0(StoredLink, 1);
    link->link_id = sqlite3_column_int64(stmt, 0);
    link->left = column_text(stmt, 1);
    link->right = column_text(stmt, 2);
    link->tier = column_text(stmt, 3);
    link->bits = sqlite3_column_double(stmt, 4);
    link->probability = sqlite3_column_double(stmt, 5);
    link->chance_matches = sqlite3_column_double(stmt, 6);
    link->evidence_id = sqlite3_column_int64(stmt, 7);
    return link;
}

/* The links that a statement yields; with seen, each once. */
static gboolean take_links(Store *store, sqlite3_stmt *stmt, GHashTable *seen, GPtrArray *links,
                           GError **error)
{
    gboolean row = TRUE;
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        gint64 id = row ? sqlite3_column_int64(stmt, 0) : 0;
        if (row && (seen == NULL || g_hash_table_add(seen, g_memdup2(&id, sizeof id))))
            g_ptr_array_add(links, link_from_row(stmt));
    }
    return TRUE;
}

GPtrArray *store_links_of(Store *store, const char *kind, const GPtrArray *refs, GError **error)
{
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func((GDestroyNotify)stored_link_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < refs->len; i++) {
        sqlite3_stmt *stmt = store_statement(store, SQL_LINKS_OF, error);
        if (stmt == NULL)
            return NULL;
        statement_bind(stmt, "tt", kind, refs->pdata[i]);
        if (!take_links(store, stmt, seen, links, error))
            return NULL;
    }
    return g_steal_pointer(&links);
}

GPtrArray *store_serial_links(Store *store, GError **error)
{
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func((GDestroyNotify)stored_link_free);
    sqlite3_stmt *stmt = store_statement(store, SQL_LINKS_SERIAL, error);
    if (stmt == NULL)
        return NULL;
    return take_links(store, stmt, NULL, links, error) ? g_steal_pointer(&links) : NULL;
}

gboolean store_drop_link(Store *store, const StoredLink *link, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_EVIDENCE_DROP, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", link->evidence_id);
    if (!store_run(store, stmt, error) ||
        (stmt = store_statement(store, SQL_LINK_DROP, error)) == NULL)
        return FALSE;
    statement_bind(stmt, "i", link->link_id);
    return store_run(store, stmt, error);
}

void stored_edge_free(StoredEdge *edge)
{
    g_free(edge->left);
    g_free(edge->right);
    g_free(edge->kind);
    g_free(edge->date);
    g_free(edge->value);
    g_free(edge);
}

gboolean store_edges_of(Store *store, const char *ref, gboolean left, GPtrArray *edges,
                        GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, left ? SQL_EDGES_FROM : SQL_EDGES_TO, error);
    gboolean row = stmt != NULL;
    if (stmt != NULL)
        statement_bind(stmt, "t", ref);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (!row)
            break;
        StoredEdge *edge = g_new0(StoredEdge, 1);
        g_ptr_array_add(edges, edge);
        edge->edge_id = sqlite3_column_int64(stmt, 0);
        edge->left = column_text(stmt, 1);
        edge->right = column_text(stmt, 2);
        edge->kind = column_text(stmt, 3);
        edge->date = column_text(stmt, 4);
        edge->weight = sqlite3_column_double(stmt, 5);
        edge->value = column_text(stmt, 6);
    }
    return stmt != NULL;
}

gboolean store_drop_edge(Store *store, const StoredEdge *edge, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_EDGE_DROP, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", edge->edge_id);
    return store_run(store, stmt, error);
}

gboolean store_get_firearm(Store *store, const char *ref, char **firearm, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FIREARM_GET, error);
    gboolean row = FALSE;
    *firearm = NULL;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", ref);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    if (row) {
        *firearm = column_text(stmt, 0);
        sqlite3_reset(stmt);
    }
    return TRUE;
}

gboolean store_get_person(Store *store, gint64 record_id, const char *role, char **entity,
                          double *probability, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_PERSON_GET, error);
    gboolean row;
    *entity = NULL;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "it", record_id, role);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    if (row) {
        *entity = column_text(stmt, 0);
        *probability = sqlite3_column_double(stmt, 1);
        sqlite3_reset(stmt);
    }
    return TRUE;
}

gboolean store_mentions_of(Store *store, const char *entity, GPtrArray *mentions, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_PERSON_MENTIONS, error);
    gboolean row = stmt != NULL;
    if (stmt != NULL)
        statement_bind(stmt, "t", entity);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (row)
            g_ptr_array_add(mentions, column_text(stmt, 0));
    }
    return stmt != NULL;
}

gboolean store_records_of_person(Store *store, const char *entity, GArray *ids, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_PERSON_RECORDS, error);
    gboolean row = stmt != NULL;
    if (stmt != NULL)
        statement_bind(stmt, "t", entity);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        gint64 id = row ? sqlite3_column_int64(stmt, 0) : 0;
        if (row)
            g_array_append_val(ids, id);
    }
    return stmt != NULL;
}

gboolean store_visit_firearm(Store *store, const char *ref, RefVisit visit, gpointer data,
                             GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_SAME_FIREARM, error);
    gboolean row = stmt != NULL;
    if (stmt != NULL)
        statement_bind(stmt, "t", ref);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (row)
            visit(column_view(stmt, 0), data);
    }
    return stmt != NULL;
}

gboolean store_drop_markers(Store *store, const char *record, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_MARKER_DROP, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", record);
    return store_run(store, stmt, error);
}

gboolean store_visit_decisions(Store *store, const char *type, DecisionVisit visit, gpointer data,
                               GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_DECISIONS, error);
    gboolean row = stmt != NULL;
    if (stmt != NULL)
        statement_bind(stmt, "t", type);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        if (row)
            visit(column_view(stmt, 0), column_view(stmt, 1), sqlite3_column_int(stmt, 2), data);
    }
    return stmt != NULL;
}

gboolean store_clear_decisions(Store *store, GError **error)
{
    return sqlite_run(store->db, "DELETE FROM decision", "cannot clear the decisions", error);
}

gboolean store_put_decision(Store *store, const char *type, const char *left, const char *right,
                            gboolean same, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_DECISION_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttti", type, left, right, (gint64)same);
    return store_run(store, stmt, error);
}
