/*
 * The seal of the results: a hash of everything that a run wrote, kept in meta beside the data sum
 * that the run saw, so that a full check notices a bit of a result that fell over, which SQLite
 * does not. It holds until records change; results are due to be made again then anyway. What
 * people set on a lead is not in it: that is the audit chain's business. One pass over the results.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/store/db.h"
#include "engine/store/runs.h"
#include "engine/store/seal.h"

#define META_SEAL "result_seal"

/* In the order in which the rows lie. */
static const char *const SEALED[] = {
    "SELECT * FROM term ORDER BY evidence_id, seq",
    "SELECT * FROM link ORDER BY link_id",
    "SELECT * FROM firearm ORDER BY record_id",
    "SELECT * FROM person ORDER BY record_id, role",
    "SELECT * FROM marker ORDER BY record, category",
    "SELECT * FROM edge ORDER BY edge_id",
    "SELECT * FROM shared ORDER BY bucket",
    "SELECT * FROM indicator ORDER BY indicator_id",
    ("SELECT lead_id, kind, bits, score, evidence_hash, evidence_id, live, supersedes, first_run,"
     " changed_run FROM lead ORDER BY lead_id"),
    "SELECT * FROM lead_record ORDER BY lead_id, record",
    "SELECT * FROM parameter_set ORDER BY set_id",
    "SELECT * FROM decision ORDER BY type, \"left\", \"right\"",
};

/* A value as it lies in the row: a number is not made a text first. */
static void add_value(Mix *mix, sqlite3_stmt *stmt, int column)
{
    guint32 type = (guint32)sqlite3_column_type(stmt, column);
    if (type == SQLITE_INTEGER) {
        gint64 n = sqlite3_column_int64(stmt, column);
        mix_add(mix, type, (const char *)&n, sizeof n);
    } else if (type == SQLITE_FLOAT) {
        double x = sqlite3_column_double(stmt, column);
        mix_add(mix, type, (const char *)&x, sizeof x);
    } else {
        const char *text = (const char *)sqlite3_column_blob(stmt, column);
        mix_add(mix, type, text != NULL ? text : "", (gsize)sqlite3_column_bytes(stmt, column));
    }
}

static gboolean add_table(Store *store, const char *sql, Mix *mix, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the results", error);
    int columns = sqlite3_column_count(stmt);
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return TRUE;
        for (int i = 0; i < columns; i++)
            add_value(mix, stmt, i);
    }
    return FALSE;
}

/* "DATA_SUM SEAL"; NULL on error; g_free. */
static char *seal_text(Store *store, GError **error)
{
    g_autofree char *data = store_data_sum(store, error);
    Mix mix = mix_new();
    char text[MIX_TEXT];
    for (gsize i = 0; data != NULL && i < G_N_ELEMENTS(SEALED); i++) {
        if (!add_table(store, SEALED[i], &mix, error))
            return NULL;
    }
    mix = mix_end(&mix);
    return data != NULL ? g_strconcat(data, " ", mix_text(&mix, text), NULL) : NULL;
}

gboolean results_seal(Store *store, GError **error)
{
    g_autofree char *text = seal_text(store, error);
    return text != NULL && store_meta_set(store, META_SEAL, text, error);
}

gboolean results_sealed(Store *store, gboolean *sound, GError **error)
{
    GError *failure = NULL;
    g_autofree char *kept = store_meta_get(store, META_SEAL, &failure);
    *sound = TRUE;
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_autofree char *data = kept != NULL ? store_data_sum(store, error) : NULL;
    if (kept == NULL || data == NULL)
        return kept == NULL;
    gsize n = strlen(data);
    if (strncmp(kept, data, n) != 0 || kept[n] != ' ')
        return TRUE;
    g_autofree char *now = seal_text(store, error);
    *sound = now != NULL && strcmp(now, kept) == 0;
    return now != NULL;
}
