/*
 * Makes edges of what records share. Every value shared by k records is a star around the smallest
 * reference; a value shared by too many is a hub and makes none. What is one case by its own
 * number, and one human being, is never a hub: only values that many strangers may carry are.
 * Edges are written in a total order that depends on the records alone.
 */
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/graph/keys.h"

typedef struct {
    const char *edge;
    gboolean limited;  /* may be a hub */
    gboolean anchored; /* joins only where one record has the value as its own */
} KeyMeaning;

static const KeyMeaning meanings[KEY_TYPES] = {
    [KEY_SEIZURE] = {EDGE_CASE, FALSE, FALSE},       [KEY_CASE] = {EDGE_CASE, FALSE, TRUE},
    [KEY_AGENCY_CASE] = {EDGE_CASE, TRUE, FALSE},    [KEY_ADDRESS] = {EDGE_ADDRESS, TRUE, FALSE},
    [KEY_VEHICLE] = {EDGE_VEHICLE, TRUE, FALSE},     [KEY_TRACKING] = {EDGE_CONSIGNEE, TRUE, FALSE},
    [KEY_CONSIGNEE] = {EDGE_CONSIGNEE, TRUE, FALSE}, [KEY_PERSON] = {EDGE_PERSON, FALSE, FALSE},
    [KEY_ORGANISATION] = {EDGE_PERSON, TRUE, FALSE},
};

typedef struct {
    Store *store;
    const Keys *keys;
    const GraphOptions *options;
    guint hubs;
} Build;

static gboolean put_edge(Build *build, guint32 left, guint32 right, const char *kind, double weight,
                         const char *value, GError **error)
{
    char text[DAY_TEXT];
    Day a = g_array_index(build->keys->days, Day, left);
    Day b = g_array_index(build->keys->days, Day, right);
    date_text(MAX(a, b), text); /* DAY_NONE is the smallest of all */
    return store_put_edge(build->store, build->keys->refs->pdata[MIN(left, right)],
                          build->keys->refs->pdata[MAX(left, right)], kind, *text ? text : NULL,
                          weight, value, error);
}

/* Entries of one record after another become one, with the larger weight; returns how many. */
static guint distinct_records(KeyEntry *entries, guint n, gboolean *anchored)
{
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        *anchored |= entries[i].anchor;
        if (kept && entries[kept - 1].record == entries[i].record)
            entries[kept - 1].weight = MAX(entries[kept - 1].weight, entries[i].weight);
        else
            entries[kept++] = entries[i];
    }
    return kept;
}

static gboolean put_star(Build *build, guint32 value, KeyEntry *entries, guint n, GError **error)
{
    const KeyMeaning *meaning = &meanings[g_array_index(build->keys->types, guint8, value)];
    gboolean anchored = FALSE;
    n = distinct_records(entries, n, &anchored);
    if (n < 2 || (meaning->anchored && !anchored))
        return TRUE;
    if (meaning->limited && n > build->options->hub_records) {
        build->hubs++;
        return TRUE;
    }
    for (guint i = 1; i < n; i++)
        if (!put_edge(build, entries[0].record, entries[i].record, meaning->edge,
                      MIN(entries[0].weight, entries[i].weight), build->keys->values->pdata[value],
                      error))
            return FALSE;
    return TRUE;
}

/* Entries by value, keeping their order within a value (counting sort); starts has values+1. */
static KeyEntry *entries_by_value(const Keys *keys, guint32 *starts)
{
    guint n = keys->entries->len;
    KeyEntry *sorted = g_new(KeyEntry, n + 1);
    for (guint i = 0; i < n; i++)
        starts[g_array_index(keys->entries, KeyEntry, i).value + 1]++;
    for (guint i = 0; i < keys->values->len; i++)
        starts[i + 1] += starts[i];
    g_autofree guint32 *next = g_memdup2(starts, sizeof(guint32) * (keys->values->len + 1));
    for (guint i = 0; i < n; i++) {
        const KeyEntry *entry = &g_array_index(keys->entries, KeyEntry, i);
        sorted[next[entry->value]++] = *entry;
    }
    return sorted;
}

static gboolean put_stars(Build *build, GError **error)
{
    const Keys *keys = build->keys;
    g_autofree guint32 *starts = g_new0(guint32, keys->values->len + 1);
    g_autofree KeyEntry *entries = entries_by_value(keys, starts);
    for (guint32 value = 0; value < keys->values->len; value++)
        if (!put_star(build, value, entries + starts[value], starts[value + 1] - starts[value],
                      error))
            return FALSE;
    return TRUE;
}

/* Links are collected first: nothing is written while a statement still reads. */
typedef struct {
    guint32 left, right;
    double probability;
} FirearmEdge;

static gboolean read_links(const Keys *keys, Store *store, GArray *edges, GError **error)
{
    static const char sql[] = "SELECT left, right, probability FROM link "
                              "WHERE kind = 'serial' AND probability >= 0.5 ORDER BY left, right";
    sqlite3 *db = store_handle(store);
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (status == SQLITE_OK || status == SQLITE_ROW) {
        status = sqlite3_step(statement);
        if (status != SQLITE_ROW)
            break;
        gint64 a = keys_find_record(keys, (const char *)sqlite3_column_text(statement, 0));
        gint64 b = keys_find_record(keys, (const char *)sqlite3_column_text(statement, 1));
        FirearmEdge edge = {(guint32)a, (guint32)b, sqlite3_column_double(statement, 2)};
        if (a >= 0 && b >= 0)
            g_array_append_val(edges, edge);
    }
    sqlite3_finalize(statement);
    return status == SQLITE_DONE ||
           error_set(error, STATUS_STORE, "cannot read links: %s", sqlite3_errmsg(db));
}

static gboolean put_links(Build *build, GError **error)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(FirearmEdge));
    if (!read_links(build->keys, build->store, edges, error))
        return FALSE;
    for (guint i = 0; i < edges->len; i++) {
        const FirearmEdge *edge = &g_array_index(edges, FirearmEdge, i);
        if (!put_edge(build, edge->left, edge->right, EDGE_FIREARM, edge->probability, NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean graph_build(Store *store, const GraphOptions *options, guint *hubs, GError **error)
{
    g_autoptr(Keys) keys = keys_new();
    if (!keys_collect_records(keys, store, error) || !keys_collect_people(keys, store, error))
        return FALSE;
    Build build = {store, keys, options, 0};
    if (!put_links(&build, error) || !put_stars(&build, error))
        return FALSE;
    *hubs = build.hubs;
    return TRUE;
}
