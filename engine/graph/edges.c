/*
 * Edges into the store, in the order of their ends. After records changed, what is stored is
 * compared with what was made, record by record, and only the difference is written.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/graph/edges.h"
#include "engine/link/link.h"
#include "engine/store/changes.h"

static const char *const edge_kinds[] = {EDGE_ADDRESS, EDGE_CASE,   EDGE_CONSIGNEE,
                                         EDGE_FIREARM, EDGE_PERSON, EDGE_VEHICLE};

guint8 edge_kind(const char *name)
{
    guint8 kind = 0;
    while (kind + 1u < G_N_ELEMENTS(edge_kinds) && strcmp(edge_kinds[kind], name) != 0)
        kind++;
    return kind;
}

void edges_add(GArray *edges, const Keys *keys, const Edge *edge)
{
    Edge one = *edge;
    one.left = MIN(edge->left, edge->right);
    one.right = MAX(edge->left, edge->right);
    one.date = MAX(keys->event[one.left], keys->event[one.right]); /* DAY_NONE is the smallest */
    g_array_append_val(edges, one);
}

static const char *value_of(const Keys *keys, const Edge *edge)
{
    return edge->value == NO_VALUE ? NULL : keys->values->pdata[edge->value];
}

static int compare_edges(gconstpointer a, gconstpointer b, gpointer data)
{
    const Edge *x = a, *y = b;
    if (x->left != y->left)
        return x->left < y->left ? -1 : 1;
    if (x->right != y->right)
        return x->right < y->right ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = x->value == y->value ? 0 : g_strcmp0(value_of(data, x), value_of(data, y));
    if (order == 0)
        order = (x->date > y->date) - (x->date < y->date);
    return order ? order : (x->weight > y->weight) - (x->weight < y->weight);
}

EdgeRow edges_row(const Keys *keys, const Edge *edge, char date[DAY_TEXT])
{
    date_text(edge->date, date);
    return (EdgeRow){.left = keys->refs->pdata[edge->left],
                     .right = keys->refs->pdata[edge->right],
                     .kind = edge_kinds[edge->kind],
                     .date = *date ? date : NULL,
                     .weight = edge->weight,
                     .value = value_of(keys, edge)};
}

static gboolean put_edge(const Keys *keys, Store *store, const Edge *edge, GError **error)
{
    char date[DAY_TEXT];
    const EdgeRow row = edges_row(keys, edge, date);
    return store_put_edge(store, &row, error);
}

void edges_sort(GArray *edges, const Keys *keys)
{
    g_array_sort_with_data(edges, compare_edges, (gpointer)keys);
}

gboolean edges_write(const GArray *edges, const Keys *keys, Store *store, GError **error)
{
    for (guint i = 0; i < edges->len; i++)
        if (!put_edge(keys, store, &g_array_index(edges, Edge, i), error))
            return FALSE;
    return TRUE;
}

void edges_add_link(GArray *edges, const Keys *keys, const FoundLink *link)
{
    gint64 left = keys_find_record(keys, link->left);
    gint64 right = keys_find_record(keys, link->right);
    if (left < 0 || right < 0 || link->probability < SAME_FIREARM)
        return;
    Edge edge = {.left = (guint32)left,
                 .right = (guint32)right,
                 .value = NO_VALUE,
                 .kind = edge_kind(EDGE_FIREARM),
                 .weight = link->probability};
    edges_add(edges, keys, &edge);
}

void edges_add_links(GArray *edges, const Keys *keys, const GPtrArray *links)
{
    for (guint i = 0; i < links->len; i++) {
        const StoredLink *stored = links->pdata[i];
        const FoundLink link = {stored->left, stored->right, stored->probability};
        edges_add_link(edges, keys, &link);
    }
}

/* In the order of compare_edges, among those of one left end. */
static gint compare_stored(gconstpointer a, gconstpointer b)
{
    const StoredEdge *x = *(StoredEdge *const *)a, *y = *(StoredEdge *const *)b;
    int order = strcmp(x->right, y->right);
    if (order == 0)
        order = strcmp(x->kind, y->kind);
    if (order == 0)
        order = g_strcmp0(x->value, y->value);
    if (order == 0)
        order = g_strcmp0(x->date, y->date);
    return order ? order : (x->weight > y->weight) - (x->weight < y->weight);
}

static int compare_with_stored(const Keys *keys, const Edge *edge, const StoredEdge *stored)
{
    char date[DAY_TEXT];
    date_text(edge->date, date);
    const StoredEdge now = {.right = keys->refs->pdata[edge->right],
                            .kind = (char *)edge_kinds[edge->kind],
                            .date = *date ? date : NULL,
                            .value = (char *)value_of(keys, edge),
                            .weight = edge->weight};
    const StoredEdge *one = &now;
    return compare_stored(&one, &stored);
}

static gboolean is_made_anew(const EdgeChange *change, const StoredEdge *edge)
{
    if (strcmp(edge->kind, EDGE_FIREARM) == 0)
        return g_hash_table_contains(change->records, edge->left) ||
               g_hash_table_contains(change->records, edge->right);
    guint64 group = keys_group(edge->kind, edge->value);
    return g_hash_table_contains(change->groups, GSIZE_TO_POINTER(group));
}

static GPtrArray *stored_at(Store *store, const char *ref, const EdgeChange *change, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)stored_edge_free);
    if (!store_edges_of(store, ref, TRUE, all, error))
        return NULL;
    for (guint i = all->len; i > 0; i--)
        if (!is_made_anew(change, all->pdata[i - 1]))
            g_ptr_array_remove_index_fast(all, i - 1);
    g_ptr_array_sort(all, compare_stored);
    return g_steal_pointer(&all);
}

/* Edges at one left end, made and stored, side by side. */
typedef struct {
    const Keys *keys;
    Store *store;
    const EdgeChange *change;
} Changing;

static void touch(const EdgeChange *change, const char *left, const char *right)
{
    change->touch(left, change->data);
    change->touch(right, change->data);
}

static gboolean put_new(const Changing *changing, const Edge *edge, GError **error)
{
    const Keys *keys = changing->keys;
    touch(changing->change, keys->refs->pdata[edge->left], keys->refs->pdata[edge->right]);
    return put_edge(keys, changing->store, edge, error);
}

static gboolean drop_old(const Changing *changing, const StoredEdge *edge, GError **error)
{
    touch(changing->change, edge->left, edge->right);
    return store_drop_edge(changing->store, edge, error);
}

static gboolean change_at(const Changing *changing, const Edge *edges, guint n,
                          const GPtrArray *stored, GError **error)
{
    guint i = 0, s = 0;
    while (i < n || s < stored->len) {
        int order = s == stored->len ? -1
                    : i == n         ? 1
                             : compare_with_stored(changing->keys, edges + i, stored->pdata[s]);
        if ((order < 0 && !put_new(changing, edges + i, error)) ||
            (order > 0 && !drop_old(changing, stored->pdata[s], error)))
            return FALSE;
        i += order <= 0;
        s += order >= 0;
    }
    return TRUE;
}

gboolean edges_change(GArray *edges, const Keys *keys, Store *store, const EdgeChange *change,
                      GError **error)
{
    const Changing changing = {keys, store, change};
    const Edge *all = (const Edge *)(gpointer)edges->data;
    edges_sort(edges, keys);
    for (guint place = 0, from = 0, to = 0; place < keys->refs->len; place++, from = to) {
        while (to < edges->len && all[to].left == place)
            to++;
        g_autoptr(GPtrArray) stored = stored_at(store, keys->refs->pdata[place], change, error);
        if (!stored || !change_at(&changing, all + from, to - from, stored, error))
            return FALSE;
    }
    return TRUE;
}
