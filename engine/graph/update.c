/*
 * Edges after some records changed. What they carry now, carried before, and are joined by: all
 * records that carry the same are looked at, and the edges of just these values made again. A value
 * that others share is found in the store's table of shared values, an entity by its persons.
 */
#include <string.h>

#include "engine/graph/edges.h"
#include "engine/store/changes.h"

typedef struct {
    Store *store;
    const GraphOptions *options;
    const GraphChange *change;
    GArray *ids;          /* of gint64: the records that changed, in reference order */
    GHashTable *changed;  /* the same numbers */
    GHashTable *groups;   /* group -> whether it may be a hub */
    GHashTable *entities; /* references (own) */
    GHashTable *ends;     /* references (own): the other ends of their edges and links */
    GPtrArray *links;     /* of StoredLink: those of records that changed */
    GArray *holders;      /* of gint64: all that carry a value that one of them carries */
} Update;

static void update_clear(Update *update)
{
    g_clear_pointer(&update->ids, g_array_unref);
    g_clear_pointer(&update->changed, g_hash_table_unref);
    g_clear_pointer(&update->groups, g_hash_table_unref);
    g_clear_pointer(&update->entities, g_hash_table_unref);
    g_clear_pointer(&update->ends, g_hash_table_unref);
    g_clear_pointer(&update->links, g_ptr_array_unref);
    g_clear_pointer(&update->holders, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Update, update_clear)

static gboolean add_number(Update *update, const char *ref, GArray *ids, GError **error)
{
    gint64 id = 0;
    if (!store_find_ref(update->store, ref, &id, error))
        return FALSE;
    if (id)
        g_array_append_val(ids, id);
    return TRUE;
}

static gboolean add_numbers(Update *update, GHashTable *refs, GArray *ids, GError **error)
{
    GHashTableIter iter;
    gpointer ref;
    g_hash_table_iter_init(&iter, refs); /* they are put in order afterwards */
    while (g_hash_table_iter_next(&iter, &ref, NULL))
        if (!add_number(update, ref, ids, error))
            return FALSE;
    return TRUE;
}

static void add_ref(GHashTable *refs, const char *ref, gsize length)
{
    g_hash_table_add(refs, g_strndup(ref, length));
}

static gboolean begin(Update *update, GError **error)
{
    const GraphChange *change = update->change;
    update->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    update->changed = g_hash_table_new(NULL, NULL);
    update->groups = g_hash_table_new(NULL, NULL);
    update->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    update->ends = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    update->holders = g_array_new(FALSE, FALSE, sizeof(gint64));
    GHashTableIter iter;
    gpointer entity;
    g_hash_table_iter_init(&iter, change->entities); /* a set of them is made */
    while (g_hash_table_iter_next(&iter, &entity, NULL))
        add_ref(update->entities, entity, strlen(entity));
    if (!add_numbers(update, change->records, update->ids, error) ||
        !store_sort_by_ref(update->store, update->ids, error))
        return FALSE;
    for (guint i = 0; i < update->ids->len; i++)
        g_hash_table_add(update->changed, GSIZE_TO_POINTER(g_array_index(update->ids, gint64, i)));
    return TRUE;
}

/* The groups of what was collected. */
static void take_groups(Update *update, const Keys *keys)
{
    for (guint i = 0; i < keys->shared->len; i++)
        g_hash_table_add(update->groups,
                         GSIZE_TO_POINTER(g_array_index(keys->shared, SharedValue, i).value));
    for (guint i = 0; i < keys->values->len; i++) {
        KeyType type = (KeyType)g_array_index(keys->types, guint8, i);
        guint64 group = keys_group(key_edge(type), keys->values->pdata[i]);
        if (type != KEY_VEHICLE && key_is_limited(type))
            g_hash_table_insert(update->groups, GSIZE_TO_POINTER(group), GINT_TO_POINTER(TRUE));
    }
    for (guint i = 0; i < keys->entities->len; i++)
        add_ref(update->entities, keys->entities->pdata[i], strlen(keys->entities->pdata[i]));
}

/* What the records carry, and what revised ones carried; the table of shared values is put right.
 */
static gboolean take_records(Update *update, GError **error)
{
    const GraphChange *change = update->change;
    g_autoptr(Keys) now = keys_new(update->ids);
    g_autoptr(Keys) former = keys_new(change->revised);
    if (!keys_collect_some(now, update->store, NULL, error) ||
        !keys_collect_former(former, update->store, change->since, error))
        return FALSE;
    take_groups(update, now);
    take_groups(update, former);
    return store_change_shared(update->store, former->shared, now->shared, error);
}

/* The group of an edge that is there, and the entity that it is of; both its ends. */
static void take_edge(Update *update, const StoredEdge *edge)
{
    add_ref(update->ends, edge->left, strlen(edge->left));
    add_ref(update->ends, edge->right, strlen(edge->right));
    if (!edge->value)
        return;
    guint64 group = keys_group(edge->kind, edge->value);
    if (!g_hash_table_contains(update->groups, GSIZE_TO_POINTER(group)))
        g_hash_table_add(update->groups, GSIZE_TO_POINTER(group));
    if (strcmp(edge->kind, EDGE_PERSON) == 0 || strcmp(edge->kind, EDGE_CONSIGNEE) == 0)
        add_ref(update->entities, edge->value, strcspn(edge->value, " "));
}

static gboolean take_edges(Update *update, GError **error)
{
    g_autoptr(GPtrArray) edges = g_ptr_array_new_with_free_func((GDestroyNotify)stored_edge_free);
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    GHashTableIter iter;
    gpointer ref;
    g_hash_table_iter_init(&iter, update->change->records); /* sets are made of them */
    while (g_hash_table_iter_next(&iter, &ref, NULL)) {
        g_ptr_array_add(refs, ref);
        if (!store_edges_of(update->store, ref, TRUE, edges, error) ||
            !store_edges_of(update->store, ref, FALSE, edges, error))
            return FALSE;
    }
    for (guint i = 0; i < edges->len; i++)
        take_edge(update, edges->pdata[i]);
    update->links = store_links_of(update->store, "serial", refs, error);
    for (guint i = 0; update->links && i < update->links->len; i++) {
        const StoredLink *link = update->links->pdata[i];
        add_ref(update->ends, link->left, strlen(link->left));
        add_ref(update->ends, link->right, strlen(link->right));
    }
    return update->links != NULL;
}

static gboolean hold_entities(Update *update, GError **error)
{
    GHashTableIter iter;
    gpointer entity;
    g_hash_table_iter_init(&iter, update->entities); /* they are put in order afterwards */
    while (g_hash_table_iter_next(&iter, &entity, NULL)) {
        guint64 person = keys_group(EDGE_PERSON, entity);
        guint64 consignee = keys_group(EDGE_CONSIGNEE, entity);
        g_hash_table_add(update->groups, GSIZE_TO_POINTER(person));
        g_hash_table_add(update->groups, GSIZE_TO_POINTER(consignee));
        if (!store_records_of_person(update->store, entity, update->holders, error))
            return FALSE;
    }
    return TRUE;
}

/* A value that more records than make a hub carry, of which none changed, was one and is one. */
static gboolean stays_hub(const Update *update, guint from)
{
    guint others = 0;
    for (guint i = from; i < update->holders->len; i++) {
        gint64 id = g_array_index(update->holders, gint64, i);
        others += !g_hash_table_contains(update->changed, GSIZE_TO_POINTER(id));
    }
    return others > update->options->hub_records;
}

static gboolean hold_groups(Update *update, GError **error)
{
    GHashTableIter iter;
    gpointer group, limited;
    g_hash_table_iter_init(&iter, update->groups); /* they are put in order afterwards */
    while (g_hash_table_iter_next(&iter, &group, &limited)) {
        guint from = update->holders->len;
        if (!store_find_shared(update->store, GPOINTER_TO_SIZE(group), update->holders, error))
            return FALSE;
        if (limited == GINT_TO_POINTER(TRUE) && stays_hub(update, from)) {
            g_array_set_size(update->holders, from);
            g_hash_table_iter_remove(&iter);
        }
    }
    return TRUE;
}

/* All that carry what changed records carry, and what these are and were joined with. */
static gboolean find_holders(Update *update, GError **error)
{
    g_array_append_vals(update->holders, update->ids->data, update->ids->len);
    return hold_groups(update, error) && hold_entities(update, error) &&
           add_numbers(update, update->ends, update->holders, error) &&
           store_sort_by_ref(update->store, update->holders, error);
}

static gboolean remake(Update *update, GError **error)
{
    const GraphChange *change = update->change;
    const EdgeChange anew = {update->groups, change->records, change->touch, change->data};
    g_autoptr(Keys) keys = keys_new(update->holders);
    if (!keys_collect_some(keys, update->store, update->groups, error))
        return FALSE;
    g_autoptr(GArray) edges = edges_make(keys, update->options);
    edges_add_links(edges, keys, update->links);
    return edges_change(edges, keys, update->store, &anew, error);
}

gboolean graph_update(Store *store, const GraphOptions *options, const GraphChange *change,
                      GError **error)
{
    g_auto(Update) update = {.store = store, .options = options, .change = change};
    return begin(&update, error) && take_records(&update, error) && take_edges(&update, error) &&
           find_holders(&update, error) && remake(&update, error);
}
