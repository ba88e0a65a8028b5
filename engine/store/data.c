/*
 * The data hash: a sum over all current records of SHA-256(reference, content), so that it costs
 * one addition a record, does not depend on the order of loading, and follows every change. It is
 * kept with the records in meta; store_check counts it again. No defence against forgery: that
 * is the audit chain's business.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/store/db.h"

#define META_SUM "data_sum"

static DataSum element(const char *ref, const char *content_hash)
{
    guint8 digest[32];
    gsize size = sizeof digest;
    g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sha, (const guchar *)ref, (gssize)strlen(ref) + 1);
    g_checksum_update(sha, (const guchar *)content_hash, -1);
    g_checksum_get_digest(sha, digest, &size);
    DataSum sum = {{0}};
    for (int lane = 0; lane < 4; lane++) {
        for (int i = 0; i < 8; i++)
            sum.lane[lane] = sum.lane[lane] << 8 | digest[lane * 8 + i];
    }
    return sum;
}

void data_sum_add(DataSum *sum, const char *ref, const char *content_hash)
{
    DataSum one = element(ref, content_hash);
    for (int i = 0; i < 4; i++)
        sum->lane[i] += one.lane[i];
}

void data_sum_remove(DataSum *sum, const char *ref, const char *content_hash)
{
    DataSum one = element(ref, content_hash);
    for (int i = 0; i < 4; i++)
        sum->lane[i] -= one.lane[i];
}

char *data_sum_text(const DataSum *sum)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 4; i++)
        g_string_append_printf(text, "%016" G_GINT64_MODIFIER "x", sum->lane[i]);
    return g_string_free(text, FALSE);
}

static gboolean sum_parse(const char *text, DataSum *sum)
{
    if (strlen(text) != 64)
        return FALSE;
    for (int i = 0; i < 4; i++) {
        g_autofree char *part = g_strndup(text + 16 * i, 16);
        if (!g_ascii_string_to_unsigned(part, 16, 0, G_MAXUINT64, &sum->lane[i], NULL))
            return FALSE;
    }
    return TRUE;
}

gboolean data_sum_load(Store *store, GError **error)
{
    if (store->sum_known)
        return TRUE;
    GError *failure = NULL;
    g_autofree char *text = store_meta_get(store, META_SUM, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    memset(&store->sum, 0, sizeof store->sum);
    if (text != NULL && !sum_parse(text, &store->sum))
        return error_set(error, STATUS_STORE, "store is damaged: its data sum is no sum");
    store->sum_known = TRUE;
    return TRUE;
}

gboolean data_sum_save(Store *store, GError **error)
{
    if (!store->sum_changed)
        return TRUE;
    g_autofree char *text = data_sum_text(&store->sum);
    if (!store_meta_set(store, META_SUM, text, error))
        return FALSE;
    store->sum_changed = FALSE;
    return TRUE;
}

gboolean data_sum_count(Store *store, DataSum *sum, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    memset(sum, 0, sizeof *sum);
    if (sqlite3_prepare_v2(store->db, "SELECT ref, content_hash FROM record", -1, &stmt, NULL) !=
        SQLITE_OK)
        return sqlite_error(store->db, "cannot read the records", error);
    gboolean row;
    while (store_step(store, stmt, &row, error)) {
        if (!row)
            return TRUE;
        g_autofree char *hash = column_hash(stmt, 1);
        data_sum_add(sum, (const char *)sqlite3_column_text(stmt, 0), hash);
    }
    return FALSE;
}

char *store_data_hash(Store *store, GError **error)
{
    /* Another connection may have loaded since: ask again unless this one is in the middle. */
    if (!store->sum_changed)
        store->sum_known = FALSE;
    if (!data_sum_load(store, error))
        return NULL;
    g_autofree char *text = data_sum_text(&store->sum);
    return text_sha256(text, -1);
}
