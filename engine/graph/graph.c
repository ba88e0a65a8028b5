/*
 * Makes edges of what records share. Every value shared by k records is a star around the smallest
 * reference, one for each stretch of time; a value shared by too many is a hub and makes none. What
 * is one case by its own number, and one human being, is never a hub: only values that many
 * strangers may carry are. Edges are written in a total order that depends on the records alone.
 */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "engine/base/error.h"
#include "engine/graph/keys.h"

typedef struct {
    const char *edge;
    gboolean limited;  /* may be a hub */
    gboolean anchored; /* joins only where one record has the value as its own */
    gboolean timed;    /* another story after a long time */
} KeyMeaning;

static const KeyMeaning meanings[KEY_TYPES] = {
    [KEY_SEIZURE] = {EDGE_CASE, FALSE, FALSE, FALSE},
    [KEY_CASE] = {EDGE_CASE, FALSE, TRUE, FALSE},
    [KEY_AGENCY_CASE] = {EDGE_CASE, TRUE, FALSE, FALSE},
    [KEY_ADDRESS] = {EDGE_ADDRESS, TRUE, FALSE, TRUE},
    [KEY_VEHICLE] = {EDGE_VEHICLE, TRUE, FALSE, TRUE},
    [KEY_TRACKING] = {EDGE_CONSIGNEE, TRUE, FALSE, FALSE},
    [KEY_CONSIGNEE] = {EDGE_CONSIGNEE, TRUE, FALSE, TRUE},
    [KEY_PERSON] = {EDGE_PERSON, FALSE, FALSE, TRUE},
    [KEY_ORGANISATION] = {EDGE_PERSON, TRUE, FALSE, TRUE},
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

/* Widens the time of an entry by that of another; DAY_NONE is the smallest of all. */
static void widen(KeyEntry *entry, const KeyEntry *other)
{
    if (entry->from == DAY_NONE || (other->from != DAY_NONE && other->from < entry->from))
        entry->from = other->from;
    entry->until = MAX(entry->until, other->until);
    entry->weight = MAX(entry->weight, other->weight);
}

/* Entries of one record after another become one, with the larger weight; returns how many. */
static guint distinct_records(KeyEntry *entries, guint n, gboolean *anchored)
{
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        *anchored |= entries[i].anchor;
        if (kept && entries[kept - 1].record == entries[i].record)
            widen(&entries[kept - 1], &entries[i]);
        else
            entries[kept++] = entries[i];
    }
    return kept;
}

static gint compare_times(gconstpointer a, gconstpointer b)
{
    const KeyEntry *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

/* Whose weight an edge has: of a door the surer end's, else the less sure one's. */
static double pair_weight(guint8 type, const KeyEntry *a, const KeyEntry *b)
{
    return type == KEY_ADDRESS ? MAX(a->weight, b->weight) : MIN(a->weight, b->weight);
}

static gboolean put_pair(Build *build, const KeyEntry *a, const KeyEntry *b, double share,
                         GError **error)
{
    guint8 type = g_array_index(build->keys->types, guint8, a->value);
    return put_edge(build, a->record, b->record, meanings[type].edge,
                    pair_weight(type, a, b) * share, build->keys->values->pdata[a->value], error);
}

/* Everything around its smallest record, of a door the smallest of the surest. */
static gboolean put_star(Build *build, const KeyEntry *entries, guint n, const KeyEntry **centre,
                         GError **error)
{
    gboolean door = g_array_index(build->keys->types, guint8, entries[0].value) == KEY_ADDRESS;
    *centre = &entries[0];
    for (guint i = 1; i < n; i++) {
        double more = door ? entries[i].weight - (*centre)->weight : 0;
        if (more > 0 || (more == 0 && entries[i].record < (*centre)->record))
            *centre = &entries[i];
    }
    for (guint i = 0; i < n; i++)
        if (&entries[i] != *centre && !put_pair(build, *centre, &entries[i], 1, error))
            return FALSE;
    return TRUE;
}

/* A star for every story, a weaker edge from one to the next. What has no date is of the first. */
static gboolean put_stories(Build *build, KeyEntry *entries, guint n, GError **error)
{
    const int apart = (int)build->options->apart_days;
    const KeyEntry *before = NULL, *centre = NULL;
    Day until = DAY_NONE;
    double share = 1;
    qsort(entries, n, sizeof *entries, compare_times);
    for (guint start = 0, end; start < n; start = end) {
        until = entries[start].until;
        for (end = start + 1; end < n && (until == DAY_NONE || entries[end].from - until <= apart);
             end++)
            until = MAX(until, entries[end].until);
        if (!put_star(build, entries + start, end - start, &centre, error) ||
            (before && !put_pair(build, before, centre, share, error)))
            return FALSE;
        before = centre;
        if (end < n)
            share = exp2(-(double)(entries[end].from - until) / apart);
    }
    return TRUE;
}

static gboolean put_value(Build *build, guint32 value, KeyEntry *entries, guint n, GError **error)
{
    const KeyMeaning *meaning = &meanings[g_array_index(build->keys->types, guint8, value)];
    const KeyEntry *centre = NULL;
    gboolean anchored = FALSE;
    n = distinct_records(entries, n, &anchored);
    if (n < 2 || (meaning->anchored && !anchored))
        return TRUE;
    if (meaning->limited && n > build->options->hub_records) {
        build->hubs++;
        return TRUE;
    }
    return meaning->timed && build->options->apart_days
               ? put_stories(build, entries, n, error)
               : put_star(build, entries, n, &centre, error);
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
        if (!put_value(build, value, entries + starts[value], starts[value + 1] - starts[value],
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
