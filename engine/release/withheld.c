/*
 * What a filter has to know of the whole store, beyond one lead: which records may not go to the
 * audience, which subjects of indicators rest on one of them, and which mentions were held to be
 * one person directly. The only file of this room that asks the store by SQL.
 */
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/release/parts.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

typedef void (*TakeRow)(Filter *filter, sqlite3_stmt *row);

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static void take_marking(Filter *filter, sqlite3_stmt *row)
{
    Marking marking = {text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4),
                       text_at(row, 5)};
    const Audience *audience = filter->audience ? filter->audience : filter->owner;
    if (!audience_takes(audience, filter->owner, &marking, filter->day))
        g_hash_table_add(filter->withheld, g_strdup(text_at(row, 0)));
}

static void take_subject(Filter *filter, sqlite3_stmt *row)
{
    if (g_hash_table_contains(filter->withheld, text_at(row, 2)))
        g_hash_table_add(filter->tainted, g_strjoin("\n", text_at(row, 0), text_at(row, 1), NULL));
}

static void add_alike(Filter *filter, const char *mention, const char *other)
{
    GPtrArray *alike = g_hash_table_lookup(filter->alike, mention);
    if (!alike) {
        alike = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(filter->alike, g_strdup(mention), alike);
    }
    g_ptr_array_add(alike, g_strdup(other));
}

static void take_alike(Filter *filter, sqlite3_stmt *row)
{
    add_alike(filter, text_at(row, 0), text_at(row, 1));
}

static gboolean walk(Filter *filter, Store *store, const char *sql, TakeRow take, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) row = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &row, NULL);
    while (status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
        take(filter, row);
        status = SQLITE_OK;
    }
    return status == SQLITE_DONE ||
           error_set(error, STATUS_STORE, "cannot read the markings: %s", sqlite3_errmsg(db));
}

gboolean filter_read(Filter *filter, Store *store, GError **error)
{
    filter->withheld = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filter->tainted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filter->alike =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    const char *mine = "SELECT record, origin, handling, releasable_to, confidential, expires"
                       " FROM markings WHERE confidential = 'Y'";
    const char *all = "SELECT record, origin, handling, releasable_to, confidential, expires"
                      " FROM markings";
    if (!walk(filter, store, filter->audience ? all : mine, take_marking, error))
        return FALSE;
    if (!g_hash_table_size(filter->withheld) && !filter->audience)
        return TRUE;
    return walk(filter, store, "SELECT indicator, subject, record FROM indicator", take_subject,
                error) &&
           walk(filter, store,
                "SELECT l.\"left\", l.\"right\" FROM link l WHERE l.kind = 'person' AND EXISTS"
                " (SELECT 1 FROM lead_record r WHERE r.record = rtrim(rtrim(l.\"left\","
                " 'abcdefghijklmnopqrstuvwxyz0123456789'), ':'))",
                take_alike, error);
}

void filter_clear(Filter *filter)
{
    g_clear_pointer(&filter->withheld, g_hash_table_unref);
    g_clear_pointer(&filter->tainted, g_hash_table_unref);
    g_clear_pointer(&filter->alike, g_hash_table_unref);
}
