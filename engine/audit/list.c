/*
 * Both chains as rows, oldest first, and who was told of which lead. Shows what is there; whether
 * it holds is asked of audit_verify.
 */
#include <string.h>

#include "engine/audit/chain.h"
#include "engine/base/error.h"

#define ENTRY_COLUMNS "seq, time, user, uid, host, action, subject, detail, outcome, hash"

typedef struct {
    const char *sql;
    const char *bound[2]; /* NULL: none more */
    const char *first;    /* a first cell of our own, or NULL */
} Listing;

static gboolean send_rows(sqlite3 *db, const Listing *listing, RowSink *sink, GError **error)
{
    g_autoptr(sqlite3_stmt) row = NULL;
    if (sqlite3_prepare_v2(db, listing->sql, -1, &row, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the audit trail", error);
    for (int i = 0; i < 2; i++)
        if (listing->bound[i])
            sqlite3_bind_text(row, i + 1, listing->bound[i], -1, SQLITE_STATIC);
    int shift = listing->first ? 1 : 0, status;
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        const char *cells[16] = {listing->first};
        for (int i = 0; i < sqlite3_column_count(row); i++)
            cells[i + shift] = (const char *)sqlite3_column_text(row, i);
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return status == SQLITE_DONE || sqlite_error(db, "cannot read the audit trail", error);
}

gboolean audit_list(Store *store, const char *action, const char *since, RowSink *sink,
                    GError **error)
{
    static const Column columns[] = {
        {"chain", COLUMN_OWN},   {"seq", COLUMN_NUMBER},   {"time", COLUMN_OWN},
        {"user", COLUMN_DATA},   {"uid", COLUMN_NUMBER},   {"host", COLUMN_DATA},
        {"action", COLUMN_OWN},  {"subject", COLUMN_DATA}, {"detail", COLUMN_DATA},
        {"outcome", COLUMN_OWN}, {"hash", COLUMN_OWN}};
    static const char sql[] =
        "SELECT " ENTRY_COLUMNS " FROM audit WHERE action = ifnull(?1, action)"
        " AND time >= ifnull(?2, '') ORDER BY seq";
    Listing listing = {sql, {action, since}, "changes"};
    g_autoptr(sqlite3) reads = NULL;
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error) ||
        !send_rows(store_handle(store), &listing, sink, error) ||
        !reads_open_sound(store_path(store), &reads, error))
        return FALSE;
    listing.first = "reads";
    return (!reads || send_rows(reads, &listing, sink, error)) && sink->end(sink, error);
}

static gboolean attach_reads(sqlite3 *db, const char *path, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, "ATTACH ?1 AS reads", -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the disclosure log", error);
    sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
    return sqlite3_step(stmt) == SQLITE_DONE ||
           sqlite_error(db, "cannot read the disclosure log", error);
}

gboolean audit_list_disclosed(Store *store, const char *lead, RowSink *sink, GError **error)
{
    static const Column columns[] = {{"seq", COLUMN_NUMBER},  {"time", COLUMN_OWN},
                                     {"user", COLUMN_DATA},   {"audience", COLUMN_OWN},
                                     {"detail", COLUMN_DATA}, {"shown_as", COLUMN_OWN},
                                     {"lead", COLUMN_OWN},    {"now", COLUMN_OWN}};
    static const char sql[] =
        "SELECT a.seq, a.time, a.user, a.subject, a.detail, d.shown, d.lead,"
        " CASE WHEN l.lead_id IS NULL OR NOT l.live THEN 'withdrawn' ELSE l.status END"
        " FROM reads.disclosed d JOIN reads.audit a ON a.seq = d.seq"
        " LEFT JOIN main.lead l ON l.lead_id = d.lead"
        " WHERE d.lead = ifnull(?1, d.lead) OR d.shown = ?1 ORDER BY a.seq, d.shown";
    g_autoptr(sqlite3) reads = NULL;
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error) ||
        !reads_open_sound(store_path(store), &reads, error))
        return FALSE;
    const Listing listing = {sql, {lead, NULL}, NULL};
    if (!reads || !chain_has(reads, "disclosed"))
        return sink->end(sink, error);
    sqlite3 *db = store_handle(store);
    gboolean done = attach_reads(db, sqlite3_db_filename(reads, NULL), error) &&
                    send_rows(db, &listing, sink, error);
    sqlite3_exec(db, "DETACH reads", NULL, NULL, NULL);
    return done && sink->end(sink, error);
}

gboolean audit_list_asked(Store *store, const char *since, RowSink *sink, GError **error)
{
    static const Column columns[] = {{"seq", COLUMN_NUMBER},  {"time", COLUMN_OWN},
                                     {"user", COLUMN_DATA},   {"action", COLUMN_OWN},
                                     {"subject", COLUMN_OWN}, {"text", COLUMN_DATA}};
    static const char sql[] = "SELECT seq, time, user, action, subject, text FROM audit"
                              " JOIN asked USING(seq) WHERE time >= ifnull(?1, '') ORDER BY seq";
    const Listing listing = {sql, {since, NULL}, NULL};
    g_autoptr(sqlite3) reads = NULL;
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error) ||
        !reads_open_sound(store_path(store), &reads, error))
        return FALSE;
    return (!reads || !chain_has(reads, "asked") || send_rows(reads, &listing, sink, error)) &&
           sink->end(sink, error);
}
