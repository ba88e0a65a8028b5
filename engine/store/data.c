/*
 * The data hash: a sum over all current records of a hash of (reference, content), so that it
 * costs one addition a record, does not depend on the order of loading, and follows every change.
 * It is kept with the records in meta; store_check counts it again. No defence against forgery:
 * that is the audit chain's business.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/store/db.h"

#define META_SUM "data_sum"

static Mix element(const char *ref, const char *content_hash)
{
    Mix mix = mix_new();
    mix_add(&mix, 1, ref, strlen(ref));
    mix_add(&mix, 2, content_hash, strlen(content_hash));
    return mix_end(&mix);
}

void data_sum_add(Mix *sum, const char *ref, const char *content_hash)
{
    Mix one = element(ref, content_hash);
    for (int i = 0; i < 2; i++)
        sum->lane[i] += one.lane[i];
}

void data_sum_remove(Mix *sum, const char *ref, const char *content_hash)
{
    Mix one = element(ref, content_hash);
    for (int i = 0; i < 2; i++)
        sum->lane[i] -= one.lane[i];
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
    if (text != NULL && !mix_parse(text, &store->sum))
        return error_set(error, STATUS_STORE, "store is damaged: its data sum is no sum");
    store->sum_known = TRUE;
    return TRUE;
}

gboolean data_sum_save(Store *store, GError **error)
{
    if (!store->sum_changed)
        return TRUE;
    char text[MIX_TEXT];
    if (!store_meta_set(store, META_SUM, mix_text(&store->sum, text), error))
        return FALSE;
    store->sum_changed = FALSE;
    return TRUE;
}

gboolean data_sum_count(Store *store, Mix *sum, GError **error)
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
    char text[MIX_TEXT];
    return text_sha256(mix_text(&store->sum, text), -1);
}
