/*
 * Results of a run: evidence, links, firearms, persons, markers, edges, indicators. One row in, one
 * row stored; readers use the documented views. Leads: lead.c.
 */
#include <math.h>
#include <string.h>

#include "engine/store/db.h"
#include "engine/store/result.h"

/* Built when all rows of a table are there: sorted, in one go. With what the planner believes of
 * them, as PLANNER_SQL does: a dropped index takes its line with it. */
#define INDEX(table, name, columns, rows)                                                          \
    {                                                                                              \
        table, "DROP INDEX IF EXISTS " name ";",                                                   \
            "CREATE INDEX " name " ON " table "(" columns ");"                                     \
            "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('" table "', '" name "', '" rows      \
            "');"                                                                                  \
    }
static const struct {
    const char *table, *drop, *build;
} INDEXES[] = {
    INDEX("person", "person_mentions", "entity", "2000000 3"),
    INDEX("link", "link_left", "\"left\"", "200000 3"),
    INDEX("link", "link_right", "\"right\"", "200000 3"),
    INDEX("edge", "edge_left", "\"left\"", "1000000 4"),
    INDEX("edge", "edge_right", "\"right\"", "1000000 4"),
    INDEX("indicator", "indicator_record", "record", "200000 2"),
    INDEX("indicator", "indicator_rule", "indicator", "200000 8000"),
};

static const char CLEAR_SQL[] =
    "DELETE FROM link; DELETE FROM person; DELETE FROM marker; DELETE FROM edge;"
    "DELETE FROM indicator; DELETE FROM lead_record; DELETE FROM evidence; DELETE FROM shared;"
    "UPDATE lead SET live = 0, bits = 0, score = 0, evidence_id = 0 WHERE live = 1;"
    /* back to "alone" */
    "UPDATE firearm SET group_id = record_id WHERE group_id <> record_id;";

gboolean store_clear_results(Store *store, GError **error)
{
    gboolean own;
    if (!store_ensure(store, &own, error))
        return FALSE;
    gboolean done = sqlite_run(store->db, CLEAR_SQL, "cannot clear the results", error);
    store->evidence_id = 0;
    return store_finish(store, own, done, error);
}

gboolean store_unindex_results(Store *store, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(INDEXES); i++)
        g_string_append(sql, INDEXES[i].drop);
    return sqlite_run(store->db, sql->str, "cannot drop indexes of results", error);
}

gboolean store_index_results(Store *store, const char *table, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(INDEXES); i++) {
        if (g_str_equal(INDEXES[i].table, table))
            g_string_append(sql, INDEXES[i].build);
    }
    g_string_append(sql, "ANALYZE sqlite_schema");
    sqlite3_exec(store->db, SORT_IN_FILES_SQL, NULL, NULL, NULL);
    gboolean done = sqlite_run(store->db, sql->str, "cannot index the results", error);
    sqlite3_exec(store->db, SORT_IN_MEMORY_SQL, NULL, NULL, NULL);
    return done;
}

static gboolean next_evidence(Store *store, GError **error)
{
    if (store->evidence_id == 0) {
        sqlite3_stmt *stmt = store_statement(store, SQL_EVIDENCE_LAST, error);
        gboolean row;
        if (stmt == NULL || !store_step(store, stmt, &row, error))
            return FALSE;
        store->evidence_id = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    store->evidence_id++;
    return TRUE;
}

/* Is there a number that is none? No column would take it. */
static gboolean has_nan(const Evidence *evidence)
{
    gboolean found = FALSE;
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        found |= isnan(term->bits) || isnan(term->counted);
    }
    return found;
}

static gboolean write_terms(Store *store, SqlId statement, gint64 evidence_id,
                            const Evidence *evidence, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, statement, error);
    g_autoptr(GString) terms = g_string_sized_new(512);
    if (has_nan(evidence))
        return error_set(error, STATUS_INTERNAL, "cannot keep evidence: its bits are no number");
    if (stmt == NULL)
        return FALSE;
    terms_pack(evidence, terms);
    statement_bind(stmt, "i", evidence_id);
    sqlite3_bind_blob64(stmt, 2, terms->str, terms->len, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

gint64 store_put_evidence(Store *store, const Evidence *evidence, GError **error)
{
    gboolean done = next_evidence(store, error) &&
                    write_terms(store, SQL_EVIDENCE_ADD, store->evidence_id, evidence, error);
    return done ? store->evidence_id : 0;
}

gboolean store_change_evidence(Store *store, gint64 evidence_id, const Evidence *evidence,
                               GError **error)
{
    return write_terms(store, SQL_EVIDENCE_SET, evidence_id, evidence, error);
}

Evidence *store_get_evidence(Store *store, gint64 evidence_id, GError **error)
{
    g_autoptr(Evidence) evidence = evidence_new();
    sqlite3_stmt *stmt = store_statement(store, SQL_EVIDENCE_GET, error);
    gboolean row, sound = TRUE;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "i", evidence_id);
    if (!store_step(store, stmt, &row, error))
        return NULL;
    if (row)
        sound = terms_unpack(sqlite3_column_blob(stmt, 0), (gsize)sqlite3_column_bytes(stmt, 0),
                             evidence);
    sqlite3_reset(stmt);
    if (sound)
        return g_steal_pointer(&evidence);
    error_set(error, STATUS_STORE, "store is damaged: terms of evidence are not readable");
    return NULL;
}

gboolean store_put_link(Store *store, const LinkRow *link, const Evidence *evidence, GError **error)
{
    gint64 evidence_id = 0;
    if (evidence != NULL && (evidence_id = store_put_evidence(store, evidence, error)) == 0)
        return FALSE;
    sqlite3_stmt *stmt = store_statement(store, SQL_LINK_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttttdddi", link->kind, link->left, link->right, link->tier, link->bits,
                   link->probability, link->chance_matches, evidence_id);
    if (evidence_id == 0)
        sqlite3_bind_null(stmt, 8);
    return store_run(store, stmt, error);
}

/* Record id of the first length bytes of a reference, 0 with error set. */
static gint64 record_id(Store *store, const char *ref, gsize length, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_ID, error);
    gboolean row;
    if (stmt == NULL)
        return 0;
    sqlite3_bind_text(stmt, 1, ref, (int)length, SQLITE_STATIC);
    if (!store_step(store, stmt, &row, error))
        return 0;
    if (!row) {
        error_set(error, STATUS_NO_INPUT, "no record for '%s'", ref);
        return 0;
    }
    gint64 id = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return id;
}

gboolean store_put_firearm(Store *store, const char *ref, const char *firearm, GError **error)
{
    gint64 id = record_id(store, ref, strlen(ref), error);
    gint64 group = id;
    if (id != 0 && strcmp(ref, firearm) != 0)
        group = record_id(store, firearm, strlen(firearm), error);
    return id != 0 && group != 0 && store_set_firearm(store, id, group, error);
}

gboolean store_set_firearm(Store *store, gint64 record_id, gint64 first, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FIREARM_SET, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ii", first, record_id);
    return store_run(store, stmt, error);
}

gboolean store_put_person(Store *store, const char *mention, const char *entity, double probability,
                          GError **error)
{
    const char *role = mention_role(mention);
    if (*role == '\0')
        return error_set(error, STATUS_NO_INPUT, "no mention '%s'", mention);
    gint64 id = record_id(store, mention, (gsize)(role - mention) - 1, error);
    sqlite3_stmt *stmt = id != 0 ? store_statement(store, SQL_PERSON_ADD, error) : NULL;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ittd", id, role, entity, probability);
    if (!store_run(store, stmt, error))
        return FALSE;
    if (sqlite3_changes(store->db) == 0)
        return error_set(error, STATUS_NO_INPUT, "no mention '%s'", mention);
    return TRUE;
}

gboolean store_set_person(Store *store, gint64 record_id, const char *role, const char *entity,
                          double probability, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_PERSON_SET, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ittd", record_id, role, entity, probability);
    return store_run(store, stmt, error);
}

gboolean store_put_marker(Store *store, const MarkerRow *marker, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_MARKER_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttddtt", marker->record, marker->category, marker->bits,
                   marker->probability, marker->rules != NULL ? marker->rules : "",
                   marker->excerpt != NULL ? marker->excerpt : "");
    return store_run(store, stmt, error);
}

gboolean store_put_edge(Store *store, const EdgeRow *edge, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_EDGE_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttttdt", edge->left, edge->right, edge->kind, edge->date, edge->weight,
                   edge->value);
    return store_run(store, stmt, error);
}

gboolean store_put_indicator(Store *store, const IndicatorRow *row, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_INDICATOR_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tittdt", row->indicator, (gint64)row->rev, row->subject, row->record,
                   row->bits, row->explanation != NULL ? row->explanation : "");
    return store_run(store, stmt, error);
}

gboolean store_change_indicator(Store *store, gint64 indicator_id, const IndicatorRow *row,
                                GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_INDICATOR_SET, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "idti", (gint64)row->rev, row->bits,
                   row->explanation != NULL ? row->explanation : "", indicator_id);
    return store_run(store, stmt, error);
}
