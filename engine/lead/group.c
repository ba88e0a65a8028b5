/*
 * Which records make one lead. First the firearms that came up in Canada: their records are joined
 * (union-find) by all that they share. Then what is known of firearms that did not: such a record
 * stands beside the group whose firearm, person or case it shares, when an indicator speaks of it,
 * and joins nothing further; a shared door alone is context. A group that grew beyond measure over
 * addresses and vehicles is gathered again by firearm, person and case alone.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/union.h"
#include "engine/lead/group.h"

#define NO_NODE G_MAXUINT32

/* All that share one value with a centre; of them, the smallest in Canada. */
typedef struct {
    guint32 left, value;
    guint8 share;
    guint32 canadian; /* NO_NODE: none */
} Star;

void gather_clear(Gather *gather)
{
    g_string_chunk_free(gather->text);
    dict_clear(&gather->number);
    dict_clear(&gather->value_number);
    dict_clear(&gather->star_number);
    g_ptr_array_unref(gather->refs);
    g_ptr_array_unref(gather->values);
    g_array_unref(gather->edges);
    g_array_unref(gather->flags);
    g_hash_table_unref(gather->centres);
    g_array_unref(gather->stars);
    g_free(gather->parent);
    g_free(gather->size);
}

void gather_init(Gather *gather, const LeadRules *rules)
{
    *gather = (Gather){.rules = rules};
    gather->text = g_string_chunk_new(1 << 16);
    dict_init(&gather->number);
    dict_init(&gather->value_number);
    dict_init(&gather->star_number);
    gather->refs = g_ptr_array_new();
    gather->values = g_ptr_array_new();
    gather->edges = g_array_new(FALSE, FALSE, sizeof(GatherEdge));
    gather->flags = g_array_new(FALSE, TRUE, sizeof(guint8));
    gather->centres = g_hash_table_new(NULL, NULL);
    gather->stars = g_array_new(FALSE, FALSE, sizeof(Star));
}

static gboolean is_text(gconstpointer key, guint number, gconstpointer data)
{
    const GPtrArray *texts = data;
    return strcmp(texts->pdata[number - 1], key) == 0;
}

/* The number of a text + 1; 0 where it is not known and not to be. */
static guint32 number_of(Gather *gather, Dict *dict, GPtrArray *texts, const char *text,
                         gboolean make)
{
    guint32 hash = text_hash(text, strlen(text));
    guint32 known = dict_find(dict, hash, is_text, text, texts);
    if (known || !make)
        return known;
    g_ptr_array_add(texts, g_string_chunk_insert(gather->text, text));
    dict_add(dict, hash, texts->len);
    return texts->len;
}

static guint32 node_of(Gather *gather, const char *ref)
{
    guint32 node = number_of(gather, &gather->number, gather->refs, ref, TRUE) - 1;
    if (node == gather->flags->len)
        g_array_set_size(gather->flags, node + 1);
    return node;
}

static guint32 value_of(Gather *gather, const char *value)
{
    return number_of(gather, &gather->value_number, gather->values, value, TRUE) - 1;
}

static guint8 *flags_of(const Gather *gather, guint32 node)
{
    return &g_array_index(gather->flags, guint8, node);
}

Share share_of(const char *kind)
{
    static const char *const kinds[] = {"same-firearm", "same-person", "same-case"};
    guint share = 0;
    while (share < G_N_ELEMENTS(kinds) && strcmp(kind, kinds[share]) != 0)
        share++;
    return (Share)share;
}

void gather_edge(Gather *gather, const char *left, const char *right, const char *kind,
                 const char *value, double weight)
{
    guint32 a = node_of(gather, left), b = node_of(gather, right);
    GatherEdge edge = {a, b, value_of(gather, value ? value : ""), (float)weight,
                       (guint8)share_of(kind)};
    g_array_append_val(gather->edges, edge);
}

void gather_indicated(Gather *gather, const char *ref)
{
    guint32 node = node_of(gather, ref);
    *flags_of(gather, node) |= NODE_INDICATED;
}

/* What it says of several records makes a star of them. */
void gather_joining(Gather *gather, const char *ref, const char *indicator, const char *subject)
{
    g_autofree char *key = g_strdup_printf("%s %s", indicator, subject);
    guint32 node = node_of(gather, ref), value = value_of(gather, key);
    guint32 centre =
        GPOINTER_TO_UINT(g_hash_table_lookup(gather->centres, GUINT_TO_POINTER(value + 1)));
    GatherEdge edge = {centre - 1, node, value, GATHER_WEIGHT, SHARE_OTHER};
    if (!centre)
        g_hash_table_insert(gather->centres, GUINT_TO_POINTER(value + 1),
                            GUINT_TO_POINTER(node + 1));
    else if (edge.left != node)
        g_array_append_val(gather->edges, edge);
}

void gather_canadian(Gather *gather, const char *ref)
{
    guint32 known = number_of(gather, &gather->number, gather->refs, ref, FALSE);
    if (known)
        *flags_of(gather, known - 1) |= NODE_CANADIAN;
}

static guint32 root_of(Gather *gather, guint32 node)
{
    return union_root(gather->parent, node);
}

static void join(Gather *gather, guint32 a, guint32 b)
{
    a = root_of(gather, a);
    b = root_of(gather, b);
    if (a == b)
        return;
    if (gather->size[a] < gather->size[b]) {
        guint32 swap = a;
        a = b;
        b = swap;
    }
    gather->parent[b] = a;
    gather->size[a] += gather->size[b];
}

static void part(Gather *gather)
{
    for (guint32 i = 0; i < gather->refs->len; i++) {
        gather->parent[i] = i;
        gather->size[i] = 1;
    }
}

static gboolean is_canadian(const Gather *gather, guint32 node)
{
    return *flags_of(gather, node) & NODE_CANADIAN;
}

/* A record tells of a firearm in Canada when any record of the firearm does. */
static void spread_canadian(Gather *gather)
{
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        if (edge->share == SHARE_FIREARM)
            join(gather, edge->left, edge->right);
    }
    for (guint32 i = 0; i < gather->refs->len; i++)
        *flags_of(gather, root_of(gather, i)) |= *flags_of(gather, i) & NODE_CANADIAN;
    for (guint32 i = 0; i < gather->refs->len; i++)
        *flags_of(gather, i) |= *flags_of(gather, root_of(gather, i)) & NODE_CANADIAN;
    part(gather);
}

static gboolean is_star(gconstpointer key, guint number, gconstpointer data)
{
    const GatherEdge *edge = key;
    const Star *star = &g_array_index((const GArray *)data, Star, number - 1);
    return star->left == edge->left && star->value == edge->value && star->share == edge->share;
}

static guint32 star_hash(const GatherEdge *edge)
{
    guint32 hash = (guint32)(mix64(edge->left, (guint64)edge->value << 8 | edge->share) >> 32);
    return hash ? hash : 1;
}

static Star *star_of(const Gather *gather, const GatherEdge *edge)
{
    guint known = dict_find(&gather->star_number, star_hash(edge), is_star, edge, gather->stars);
    return known ? &g_array_index(gather->stars, Star, known - 1) : NULL;
}

/* Of each star its centre, where that is in Canada, else its smallest record there. */
static void find_stars(Gather *gather)
{
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        if (!is_canadian(gather, edge->right) && !is_canadian(gather, edge->left))
            continue;
        Star *star = star_of(gather, edge);
        if (!star) {
            Star one = {edge->left, edge->value, edge->share, NO_NODE};
            if (is_canadian(gather, edge->left))
                one.canadian = edge->left;
            g_array_append_val(gather->stars, one);
            dict_add(&gather->star_number, star_hash(edge), gather->stars->len);
            star = &g_array_index(gather->stars, Star, gather->stars->len - 1);
        }
        if (star->canadian != edge->left &&
            (star->canadian == NO_NODE ||
             strcmp(gather->refs->pdata[star->canadian], gather->refs->pdata[edge->right]) > 0))
            star->canadian = edge->right;
    }
}

/* Joins what came up in Canada; with grown, only those, by firearm, person and case. */
static void join_canadian(Gather *gather, const guint8 *grown)
{
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        if (!is_canadian(gather, edge->right) ||
            (grown && (edge->share == SHARE_OTHER || !grown[edge->right])))
            continue;
        guint32 other = star_of(gather, edge)->canadian;
        if (!grown || grown[other])
            join(gather, other, edge->right);
    }
}

/* The group that a record of no firearm in Canada stands beside, as far as known. */
typedef struct {
    guint32 of;
    float weight;
} Beside;

static void propose(Gather *gather, Beside *beside, guint32 node, guint32 canadian, float weight)
{
    guint32 held = beside[node].of;
    int order = held == NO_NODE                ? 1
                : weight > beside[node].weight ? 1
                : weight < beside[node].weight ? -1
                                               : 0;
    if (order == 0)
        order = strcmp(gather->refs->pdata[held], gather->refs->pdata[canadian]);
    if (order > 0)
        beside[node] = (Beside){canadian, weight};
}

/* Everybody's person, case or firearm in Canada, over the centre of a star where it is not there
 * itself: from those in Canada to the centre, from the star's own to the others. */
static void stand_beside(Gather *gather)
{
    guint n = gather->refs->len;
    g_autofree Beside *beside = g_new0(Beside, n + 1);
    for (guint32 i = 0; i < n; i++)
        beside[i] = (Beside){NO_NODE, 0};
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        const Star *star = edge->share == SHARE_OTHER ? NULL : star_of(gather, edge);
        if (!star)
            continue;
        if (!is_canadian(gather, edge->right))
            propose(gather, beside, edge->right, star->canadian, edge->weight);
        else if (!is_canadian(gather, edge->left))
            propose(gather, beside, edge->left, star->canadian, edge->weight);
    }
    for (guint32 i = 0; i < n; i++)
        if (beside[i].of != NO_NODE && (*flags_of(gather, i) & NODE_INDICATED))
            join(gather, i, root_of(gather, beside[i].of));
}

static void make_groups(Gather *gather, guint max_records)
{
    guint n = gather->refs->len;
    gather->parent = g_new(guint32, n + 1);
    gather->size = g_new(guint32, n + 1);
    part(gather);
    spread_canadian(gather);
    find_stars(gather);
    join_canadian(gather, NULL);
    g_autofree guint8 *grown = g_new0(guint8, n + 1);
    gboolean any = FALSE;
    for (guint32 i = 0; i < n; i++)
        any |= grown[i] = gather->size[root_of(gather, i)] > max_records;
    for (guint32 i = 0; i < n; i++)
        if (grown[i]) {
            gather->parent[i] = i;
            gather->size[i] = 1;
        }
    if (any)
        join_canadian(gather, grown);
    stand_beside(gather);
}

static gint compare_groups(gconstpointer a, gconstpointer b)
{
    const GPtrArray *left = *(GPtrArray *const *)a, *right = *(GPtrArray *const *)b;
    return strcmp(left->pdata[0], right->pdata[0]);
}

GPtrArray *gather_groups(Gather *gather)
{
    make_groups(gather, gather->rules->max_records);
    guint n = gather->refs->len;
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autofree guint8 *seen = g_new0(guint8, n + 1);
    g_autofree GPtrArray **of_root = g_new0(GPtrArray *, n + 1);
    for (guint32 i = 0; i < n; i++)
        seen[root_of(gather, i)] |= *flags_of(gather, i);
    for (guint32 i = 0; i < n; i++) {
        guint32 root = root_of(gather, i);
        if (seen[root] != (NODE_CANADIAN | NODE_INDICATED))
            continue;
        if (!of_root[root]) {
            of_root[root] = g_ptr_array_new();
            g_ptr_array_add(groups, of_root[root]);
        }
        g_ptr_array_add(of_root[root], gather->refs->pdata[i]);
    }
    for (guint i = 0; i < groups->len; i++)
        g_ptr_array_sort(groups->pdata[i], text_compare);
    g_ptr_array_sort(groups, compare_groups);
    return groups;
}
