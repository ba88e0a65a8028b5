/*
 * Shared values by buckets: the upper bits of a hash are the number of a row, which holds the rest
 * of it and the record, eight bytes for each. A row a bucket and not a row a value: a full run
 * writes them in a tenth of the time and of the room.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/store/db.h"
#include "engine/store/shared.h"

#define BUCKET_SHIFT 48 /* 65,536 buckets */
#define RECORD_BITS  36 /* leaves 28 of the hash */
#define RECORD_MASK  ((G_GUINT64_CONSTANT(1) << RECORD_BITS) - 1)

/* What a bucket keeps of a value and its record: what is left of the hash, then the record. */
static guint64 entry_of(const SharedValue *value)
{
    return value->value << (64 - BUCKET_SHIFT) >> RECORD_BITS << RECORD_BITS |
           ((guint64)value->record_id & RECORD_MASK);
}

static gint64 bucket_of(const SharedValue *value)
{
    return (gint64)(value->value >> BUCKET_SHIFT);
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

static int compare_values(gconstpointer a, gconstpointer b)
{
    const SharedValue *x = a, *y = b;
    if (bucket_of(x) != bucket_of(y))
        return bucket_of(x) < bucket_of(y) ? -1 : 1;
    guint64 left = entry_of(x), right = entry_of(y);
    return (left > right) - (left < right);
}

void store_sort_shared(GArray *values)
{
    if (values->len > 0)
        qsort(values->data, values->len, sizeof(SharedValue), compare_values);
}

/* Where the values of the next bucket begin. */
static guint next_bucket(const GArray *values, guint from)
{
    gint64 bucket = bucket_of(&g_array_index(values, SharedValue, from));
    while (from < values->len && bucket_of(&g_array_index(values, SharedValue, from)) == bucket)
        from++;
    return from;
}

/* An empty one is none, as a full run has it. */
static gboolean put_bucket(Store *store, gint64 bucket, const GArray *entries, GError **error)
{
    SqlId id = entries->len > 0 ? SQL_SHARED_SET : SQL_SHARED_DELETE;
    sqlite3_stmt *stmt = store_statement(store, id, error);
    if (stmt == NULL)
        return FALSE;
    g_autofree guint64 *bytes = g_new(guint64, entries->len + 1);
    guint n = 0;
    for (guint i = 0; i < entries->len; i++) {
        guint64 entry = g_array_index(entries, guint64, i);
        if (i == 0 || entry != g_array_index(entries, guint64, i - 1))
            bytes[n++] = GUINT64_TO_LE(entry);
    }
    statement_bind(stmt, "i", bucket);
    if (id == SQL_SHARED_SET)
        sqlite3_bind_blob(stmt, 2, bytes, (int)(n * sizeof *bytes), SQLITE_STATIC);
    return store_run(store, stmt, error);
}

/* Adds the entries of a bucket, in their order. */
static gboolean get_bucket(Store *store, gint64 bucket, GArray *entries, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_SHARED_GET, error);
    gboolean row;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", bucket);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    const guint8 *bytes = row ? sqlite3_column_blob(stmt, 0) : NULL;
    guint n = row ? (guint)sqlite3_column_bytes(stmt, 0) / (guint)sizeof(guint64) : 0;
    for (guint i = 0; i < n; i++) {
        guint64 entry;
        memcpy(&entry, bytes + i * sizeof entry, sizeof entry);
        entry = GUINT64_FROM_LE(entry);
        g_array_append_val(entries, entry);
    }
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_put_shared(Store *store, const GArray *values, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    if (!sqlite_run(store->db, "DELETE FROM shared", "cannot clear shared values", error))
        return FALSE;
    for (guint from = 0, to; from < values->len; from = to) {
        to = next_bucket(values, from);
        g_array_set_size(entries, 0);
        for (guint i = from; i < to; i++) {
            guint64 entry = entry_of(&g_array_index(values, SharedValue, i));
            g_array_append_val(entries, entry);
        }
        gint64 bucket = bucket_of(&g_array_index(values, SharedValue, from));
        if (!put_bucket(store, bucket, entries, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_has_shared(Store *store, gboolean *has, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_SHARED_ANY, error);
    if (stmt == NULL || !store_step(store, stmt, has, error))
        return FALSE;
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_find_shared(Store *store, guint64 value, GArray *ids, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    const SharedValue wanted = {value, 0};
    if (!get_bucket(store, bucket_of(&wanted), entries, error))
        return FALSE;
    for (guint i = 0; i < entries->len; i++) {
        guint64 entry = g_array_index(entries, guint64, i);
        gint64 id = (gint64)(entry & RECORD_MASK);
        if (entry >> RECORD_BITS == entry_of(&wanted) >> RECORD_BITS)
            g_array_append_val(ids, id);
    }
    return TRUE;
}

/* Entries without those of some values. */
static void take_out(GArray *entries, const GArray *values, guint from, guint to)
{
    guint n = 0;
    for (guint i = 0; i < entries->len; i++) {
        guint64 entry = g_array_index(entries, guint64, i);
        gboolean gone = FALSE;
        for (guint k = from; k < to && !gone; k++)
            gone = entry_of(&g_array_index(values, SharedValue, k)) == entry;
        if (!gone)
            g_array_index(entries, guint64, n++) = entry;
    }
    g_array_set_size(entries, n);
}

/* Entries with those of some values, in order. */
static void put_in(GArray *entries, const GArray *values, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        guint64 entry = entry_of(&g_array_index(values, SharedValue, i));
        g_array_append_val(entries, entry);
    }
    if (entries->len > 0)
        qsort(entries->data, entries->len, sizeof(guint64), compare_numbers);
}

static gboolean change_buckets(Store *store, GArray *values,
                               void (*change)(GArray *, const GArray *, guint, guint),
                               GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    store_sort_shared(values);
    for (guint from = 0, to; from < values->len; from = to) {
        gint64 bucket = bucket_of(&g_array_index(values, SharedValue, from));
        to = next_bucket(values, from);
        g_array_set_size(entries, 0);
        if (!get_bucket(store, bucket, entries, error))
            return FALSE;
        change(entries, values, from, to);
        if (!put_bucket(store, bucket, entries, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_change_shared(Store *store, GArray *gone, GArray *come, GError **error)
{
    return change_buckets(store, gone, take_out, error) &&
           change_buckets(store, come, put_in, error);
}
