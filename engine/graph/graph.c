/*
 * Makes edges of what records share. Every value shared by k records is a star around the smallest
 * reference, one for each stretch of time; a value shared by too many is a hub and makes none. What
 * is one case by its own number, and one human being, is never a hub: only values that many
 * strangers may carry are. Edges are written in a total order that depends on the records alone.
 */
#include <math.h>
#include <stdlib.h>

#include "engine/graph/edges.h"
#include "engine/store/changes.h"

typedef struct {
    gboolean limited;  /* may be a hub */
    gboolean anchored; /* joins only where one record has the value as its own */
    gboolean timed;    /* another story after a long time */
} KeyMeaning;

static const KeyMeaning meanings[KEY_TYPES] = {
    [KEY_SEIZURE] = {FALSE, FALSE, FALSE},    [KEY_CASE] = {FALSE, TRUE, FALSE},
    [KEY_AGENCY_CASE] = {TRUE, FALSE, FALSE}, [KEY_ADDRESS] = {TRUE, FALSE, TRUE},
    [KEY_VEHICLE] = {TRUE, FALSE, TRUE},      [KEY_TRACKING] = {TRUE, FALSE, FALSE},
    [KEY_CONSIGNEE] = {TRUE, FALSE, TRUE},    [KEY_PERSON] = {FALSE, FALSE, TRUE},
    [KEY_ORGANISATION] = {TRUE, FALSE, TRUE},
};

typedef struct {
    const Keys *keys;
    const GraphOptions *options;
    GArray *edges;   /* of Edge: what was made */
    GArray *scratch; /* of Holder */
} Build;

/* A record that has a value, from when until when. */
typedef struct {
    guint32 record;
    Day from, until;
    double weight;
} Holder;

/* Widens the time of a holder by that of an entry; DAY_NONE is the smallest of all. */
static void widen(Holder *holder, const KeyEntry *entry)
{
    if (holder->from == DAY_NONE || (entry->day != DAY_NONE && entry->day < holder->from))
        holder->from = entry->day;
    holder->until = MAX(holder->until, entry->day);
    holder->weight = MAX(holder->weight, entry->weight);
}

/* Entries of one record after another become one holder, with the larger weight. */
static GArray *holders_of(Build *build, const KeyEntry *entries, guint n, gboolean *anchored)
{
    GArray *holders = g_array_set_size(build->scratch, 0);
    for (guint i = 0; i < n; i++) {
        const KeyEntry *entry = &entries[i];
        *anchored |= entry->anchor;
        if (holders->len &&
            g_array_index(holders, Holder, holders->len - 1).record == entry->record) {
            widen(&g_array_index(holders, Holder, holders->len - 1), entry);
            continue;
        }
        Holder holder = {entry->record, entry->day, entry->day, entry->weight};
        g_array_append_val(holders, holder);
    }
    return holders;
}

static gint compare_times(gconstpointer a, gconstpointer b)
{
    const Holder *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

/* Whose weight an edge has: of a door the surer end's, else the less sure one's. */
static double pair_weight(guint8 type, const Holder *a, const Holder *b)
{
    return type == KEY_ADDRESS ? MAX(a->weight, b->weight) : MIN(a->weight, b->weight);
}

static guint8 type_of(const Build *build, guint32 value)
{
    return g_array_index(build->keys->types, guint8, value);
}

static void put_pair(Build *build, guint32 value, const Holder *a, const Holder *b, double share)
{
    guint8 type = type_of(build, value);
    Edge edge = {.left = a->record,
                 .right = b->record,
                 .value = value,
                 .kind = edge_kind(key_edge((KeyType)type)),
                 .weight = pair_weight(type, a, b) * share};
    edges_add(build->edges, build->keys, &edge);
}

/* Everything around its smallest record, of a door the smallest of the surest: returned. */
static const Holder *put_star(Build *build, guint32 value, const Holder *holders, guint n)
{
    gboolean door = type_of(build, value) == KEY_ADDRESS;
    const Holder *centre = &holders[0];
    for (guint i = 1; i < n; i++) {
        double more = door ? holders[i].weight - centre->weight : 0;
        if (more > 0 || (more == 0 && holders[i].record < centre->record))
            centre = &holders[i];
    }
    for (guint i = 0; i < n; i++)
        if (&holders[i] != centre)
            put_pair(build, value, centre, &holders[i], 1);
    return centre;
}

/* A star for every story, a weaker edge from one to the next. What has no date is of the first. */
static void put_stories(Build *build, guint32 value, Holder *holders, guint n)
{
    const int apart = (int)build->options->apart_days;
    const Holder *before = NULL;
    Day until = DAY_NONE;
    double share = 1;
    qsort(holders, n, sizeof *holders, compare_times);
    for (guint start = 0, end; start < n; start = end) {
        until = holders[start].until;
        for (end = start + 1; end < n && (until == DAY_NONE || holders[end].from - until <= apart);
             end++)
            until = MAX(until, holders[end].until);
        const Holder *centre = put_star(build, value, holders + start, end - start);
        if (before)
            put_pair(build, value, before, centre, share);
        before = centre;
        if (end < n)
            share = exp2(-(double)(holders[end].from - until) / apart);
    }
}

static void put_value(Build *build, guint32 value, const KeyEntry *entries, guint n)
{
    const KeyMeaning *meaning = &meanings[type_of(build, value)];
    gboolean anchored = FALSE;
    GArray *holders = holders_of(build, entries, n, &anchored);
    if (holders->len < 2 || (meaning->anchored && !anchored))
        return;
    if (meaning->limited && holders->len > build->options->hub_records)
        return;
    if (meaning->timed && build->options->apart_days)
        put_stories(build, value, (Holder *)(gpointer)holders->data, holders->len);
    else
        put_star(build, value, (const Holder *)(gpointer)holders->data, holders->len);
}

/* Entries of values that more than one has, by value, keeping their order within it (counting
 * sort); starts has values + 1. */
static KeyEntry *entries_by_value(const Keys *keys, guint32 *starts)
{
    guint n = keys->values->len, sum = 0;
    g_autofree guint32 *next = g_new(guint32, n + 1);
    for (guint i = 0; i < keys->entries->len; i++)
        starts[g_array_index(keys->entries, KeyEntry, i).value]++;
    for (guint i = 0; i <= n; i++) {
        guint32 here = starts[i] > 1 ? starts[i] : 0;
        starts[i] = next[i] = sum;
        sum += here;
    }
    KeyEntry *sorted = g_new0(KeyEntry, sum + 1);
    for (guint i = 0; i < keys->entries->len; i++) {
        const KeyEntry *entry = &g_array_index(keys->entries, KeyEntry, i);
        if (starts[entry->value] < starts[entry->value + 1])
            sorted[next[entry->value]++] = *entry;
    }
    return sorted;
}

static void put_stars(Build *build)
{
    const Keys *keys = build->keys;
    g_autofree guint32 *starts = g_new0(guint32, keys->values->len + 2);
    g_autofree KeyEntry *entries = entries_by_value(keys, starts);
    for (guint32 value = 0; value < keys->values->len; value++)
        if (starts[value] < starts[value + 1])
            put_value(build, value, entries + starts[value], starts[value + 1] - starts[value]);
}

gboolean key_is_limited(KeyType type)
{
    return meanings[type].limited;
}

GArray *edges_make(const Keys *keys, const GraphOptions *options)
{
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(Holder));
    Build build = {keys, options, edges, scratch};
    put_stars(&build);
    return edges;
}

struct GraphEdges {
    GArray *ids; /* of gint64: all records in the order of their references */
    Keys *keys;
    GArray *edges; /* of Edge, in their order */
};

void graph_edges_free(GraphEdges *made)
{
    if (!made)
        return;
    g_clear_pointer(&made->edges, g_array_unref);
    g_clear_pointer(&made->keys, keys_free);
    g_clear_pointer(&made->ids, g_array_unref);
    g_free(made);
}

static gboolean add_links(GraphEdges *made, Store *store, const Findings *found, GError **error)
{
    FoundLink link;
    if (!found) {
        g_autoptr(GPtrArray) links = store_serial_links(store, error);
        if (links)
            edges_add_links(made->edges, made->keys, links);
        return links != NULL;
    }
    for (guint i = 0; found->link(found->run, i, &link); i++)
        edges_add_link(made->edges, made->keys, &link);
    return TRUE;
}

GraphEdges *graph_make(Store *reader, const GraphOptions *options, const Findings *found,
                       GError **error)
{
    g_autoptr(GraphEdges) made = g_new0(GraphEdges, 1);
    if (!(made->ids = store_ref_order(reader, error)))
        return NULL;
    made->keys = keys_new(made->ids);
    if (!keys_collect(made->keys, reader, found, error))
        return NULL;
    made->edges = edges_make(made->keys, options);
    if (!add_links(made, reader, found, error))
        return NULL;
    edges_sort(made->edges, made->keys);
    store_sort_shared(made->keys->shared);
    keys_shed(made->keys);
    return g_steal_pointer(&made);
}

gboolean graph_write(GraphEdges *made, Store *store, GError **error)
{
    if (!store_put_shared(store, made->keys->shared, error))
        return FALSE;
    g_array_unref(made->keys->shared); /* large, and written; the edges stay */
    made->keys->shared = g_array_new(FALSE, FALSE, sizeof(SharedValue));
    return edges_write(made->edges, made->keys, store, error);
}

/* Tells of edges from a place on, as long as they begin at a record (NO_VALUE: at any). */
static void tell_edges(const GraphEdges *made, guint from, guint32 left, EdgeVisit visit,
                       gpointer data)
{
    char date[DAY_TEXT];
    for (guint i = from; i < made->edges->len; i++) {
        const Edge *edge = &g_array_index(made->edges, Edge, i);
        if (left != NO_VALUE && edge->left != left)
            return;
        const EdgeRow row = edges_row(made->keys, edge, date);
        visit(&row, data);
    }
}

void graph_edges_visit(const GraphEdges *made, EdgeVisit visit, gpointer data)
{
    tell_edges(made, 0, NO_VALUE, visit, data);
}

void graph_edges_visit_at(const GraphEdges *made, const char *left, EdgeVisit visit, gpointer data)
{
    gint64 place = keys_find_record(made->keys, left);
    guint low = 0, high = made->edges->len;
    if (place < 0)
        return;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(made->edges, Edge, middle).left < place)
            low = middle + 1;
        else
            high = middle;
    }
    tell_edges(made, low, (guint32)place, visit, data);
}

gboolean graph_build(Store *store, const GraphOptions *options, GError **error)
{
    g_autoptr(GraphEdges) made = graph_make(store, options, NULL, error);
    return made && graph_write(made, store, error);
}
