/*
 * The disclosure log: an entry of STORE.audit that says to whom, under which references, by which
 * way, and beside it which leads went, under which id the recipient knows each. The entry holds
 * the hash of that list, so that the chain covers it. Written before the first byte goes out.
 */
#include <string.h>

#include "engine/audit/chain.h"
#include "engine/base/error.h"
#include "engine/base/text.h"

#define LIST_KEY "list="

#define DISCLOSED_SQL                                                                              \
    "CREATE TABLE IF NOT EXISTS disclosed(seq INTEGER NOT NULL REFERENCES audit,"                  \
    " shown TEXT NOT NULL, lead TEXT NOT NULL, PRIMARY KEY(seq, shown)) STRICT, WITHOUT ROWID;"    \
    "CREATE TRIGGER IF NOT EXISTS disclosed_update BEFORE UPDATE ON disclosed"                     \
    " BEGIN SELECT RAISE(ABORT, 'the disclosure log is append-only'); END;"                        \
    "CREATE TRIGGER IF NOT EXISTS disclosed_delete BEFORE DELETE ON disclosed"                     \
    " BEGIN SELECT RAISE(ABORT, 'the disclosure log is append-only'); END;"

static gint compare_shown(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const Disclosed *const *)a)->shown, (*(const Disclosed *const *)b)->shown);
}

static void list_add(GString *list, const char *shown, const char *lead)
{
    g_string_append_printf(list, "%s %s\n", shown ? shown : "", lead ? lead : "");
}

static gboolean write_list(sqlite3 *db, gint64 seq, gpointer data, GError **error)
{
    const GPtrArray *leads = data;
    if (!sqlite_run(db, DISCLOSED_SQL, "cannot write the disclosure log", error))
        return FALSE;
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, "INSERT INTO disclosed(seq, shown, lead) VALUES(?, ?, ?)", -1, &stmt,
                           NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot write the disclosure log", error);
    for (guint i = 0; i < leads->len; i++) {
        const Disclosed *lead = leads->pdata[i];
        sqlite3_bind_int64(stmt, 1, seq);
        sqlite3_bind_text(stmt, 2, lead->shown, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, lead->lead, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) != SQLITE_DONE)
            return sqlite_error(db, "cannot write the disclosure log", error);
        sqlite3_reset(stmt);
    }
    return TRUE;
}

gboolean audit_disclose(const char *store_path, const AuditEntry *entry, const GPtrArray *leads,
                        GError **error)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < leads->len; i++)
        g_ptr_array_add(sorted, leads->pdata[i]);
    g_ptr_array_sort(sorted, compare_shown);
    for (guint i = 0; i < sorted->len; i++) {
        const Disclosed *lead = sorted->pdata[i];
        list_add(list, lead->shown, lead->lead);
    }
    g_autofree char *hash = text_sha256(list->str, (gssize)list->len);
    g_autofree char *detail =
        g_strdup_printf("%s leads=%u " LIST_KEY "%s", entry->detail, sorted->len, hash);
    AuditEntry listed = *entry;
    listed.detail = detail;
    const Note note = {&listed, write_list, sorted};
    return reads_note(store_path, &note, error);
}

gboolean disclosed_holds(sqlite3 *db, gint64 seq, const char *action, const char *detail)
{
    const char *key =
        g_strcmp0(action, AUDIT_DISCLOSE) == 0 && detail ? strstr(detail, LIST_KEY) : NULL;
    g_autoptr(sqlite3_stmt) row = NULL;
    g_autoptr(GString) list = g_string_new(NULL);
    if (sqlite3_prepare_v2(db, "SELECT shown, lead FROM disclosed WHERE seq = ? ORDER BY shown", -1,
                           &row, NULL) != SQLITE_OK)
        return !key && !chain_has(db, "disclosed");
    sqlite3_bind_int64(row, 1, seq);
    int status;
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        list_add(list, chain_text(row, 0), chain_text(row, 1));
    if (status != SQLITE_DONE || !key)
        return status == SQLITE_DONE && !list->len;
    g_autofree char *hash = text_sha256(list->str, (gssize)list->len);
    return strcmp(hash, key + strlen(LIST_KEY)) == 0;
}
