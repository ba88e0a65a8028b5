/*
 * Legal holds: a record, or every record of a lead, that no clock may take. What a lead has when
 * the hold is set stays held even when a later run makes other leads of it.
 */
#include <sqlite3.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/retention/retention.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* Runs a statement with the texts of a hold: ?1 subject, ?2 reason, ?3 until, ?4 time. */
static gboolean run_with(Store *store, const char *sql, const Hold *hold, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    const char *values[] = {hold->subject, hold->reason, hold->until, hold->time};
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot write the hold", error);
    int n = MIN(sqlite3_bind_parameter_count(stmt), (int)G_N_ELEMENTS(values));
    for (int i = 0; i < n; i++)
        sqlite3_bind_text(stmt, i + 1, values[i], -1, SQLITE_STATIC);
    return sqlite3_step(stmt) == SQLITE_DONE || sqlite_error(db, "cannot write the hold", error);
}

/* Ends a transaction that changed something, with its audit entry; else nothing was changed. */
static gboolean finish(Store *store, const Hold *hold, const char *action, gboolean done,
                       GError **error)
{
    g_autofree char *detail = g_strdup_printf("until=%s", hold->until ? hold->until : "");
    AuditEntry entry = {hold->time, action, hold->subject, detail, "done"};
    if (done && audit_change(store, &entry, error) && store_commit(store, error))
        return TRUE;
    store_rollback(store);
    return FALSE;
}

gboolean hold_add(Store *store, const Hold *hold, GError **error)
{
    static const char add[] = "INSERT INTO hold(subject, reason, until, set_at)"
                              " VALUES(?1, ?2, ?3, ?4)";
    static const char records[] =
        "INSERT INTO hold_record(hold_id, ref) SELECT (SELECT max(hold_id) FROM hold), ref"
        " FROM (SELECT ref FROM record WHERE ref = ?1"
        " UNION SELECT record FROM lead_record WHERE lead_id = ?1)";
    if (!store_begin(store, error))
        return FALSE;
    gboolean done = run_with(store, add, hold, error) && run_with(store, records, hold, error);
    if (done && sqlite3_changes(store_handle(store)) == 0)
        done = error_set(error, STATUS_NO_INPUT, "no record and no lead '%s'", hold->subject);
    return finish(store, hold, "hold", done, error);
}

gboolean hold_lift(Store *store, const Hold *hold, GError **error)
{
    static const char sql[] = "UPDATE hold SET lifted_at = ?4 WHERE subject = ?1"
                              " AND lifted_at IS NULL";
    if (!store_begin(store, error))
        return FALSE;
    gboolean done = run_with(store, sql, hold, error);
    if (done && sqlite3_changes(store_handle(store)) == 0)
        done = error_set(error, STATUS_NO_INPUT, "no hold on '%s'", hold->subject);
    return finish(store, hold, "hold-lift", done, error);
}

gboolean hold_list(Store *store, const char *as_of, RowSink *sink, GError **error)
{
    static const Column columns[] = {{"subject", COLUMN_DATA},  {"reason", COLUMN_DATA},
                                     {"until", COLUMN_OWN},     {"set_at", COLUMN_OWN},
                                     {"lifted_at", COLUMN_OWN}, {"state", COLUMN_OWN},
                                     {"records", COLUMN_NUMBER}};
    static const char sql[] =
        "SELECT subject, reason, until, set_at, lifted_at, CASE WHEN lifted_at IS NOT NULL"
        " THEN 'lifted' WHEN until < substr(?1, 1, 10) THEN 'over' ELSE 'held' END,"
        " (SELECT count(*) FROM hold_record r WHERE r.hold_id = h.hold_id AND (r.ref = h.subject"
        " OR NOT EXISTS (SELECT 1 FROM record c WHERE c.ref = r.ref AND"
        " c.confidential_source = 'Y')))"
        " FROM hold h ORDER BY hold_id";
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the holds", error);
    sqlite3_bind_text(stmt, 1, as_of, -1, SQLITE_STATIC);
    gboolean ok = sink->begin(sink, columns, G_N_ELEMENTS(columns), error);
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *cells[G_N_ELEMENTS(columns)];
        for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
            cells[i] = (const char *)sqlite3_column_text(stmt, (int)i);
        ok = sink->row(sink, cells, error);
    }
    if (ok && rc != SQLITE_DONE)
        return sqlite_error(db, "cannot read the holds", error);
    return ok && sink->end(sink, error);
}
