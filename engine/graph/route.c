/* Dijkstra's way through the chain graph, with a total order on ways of equal cost. */
#include "engine/graph/route.h"

#include <math.h>
#include <string.h>

#define STEP_BITS 1.0

/* A node as it was reached best. */
typedef struct {
    char *name;
    double bits;
    guint hops, rank;
    gboolean settled;
    const char *before; /* name of the node that it was reached from; NULL: the start */
    RouteStep *step;    /* that led here */
} Reached;

static void reached_free(gpointer data)
{
    Reached *reached = data;
    g_free(reached->name);
    if (reached->step)
        route_step_free(reached->step);
    g_free(reached);
}

void route_step_free(RouteStep *step)
{
    g_free(step->to);
    g_free(step->kind);
    g_free(step->value);
    g_free(step);
}

static gint compare_reached(gconstpointer a, gconstpointer b, gpointer data)
{
    const Reached *left = a, *right = b;
    (void)data;
    if (left->bits != right->bits)
        return left->bits < right->bits ? -1 : 1;
    if (left->hops != right->hops)
        return left->hops < right->hops ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return strcmp(left->name, right->name);
}

typedef struct {
    const RouteGraph *graph;
    GHashTable *reached; /* name -> Reached */
    GSequence *open;     /* of Reached, the best first */
} Search;

/* Is a way better than the one that a node was reached by? */
static gboolean is_better(const Reached *way, const Reached *node)
{
    if (way->bits != node->bits)
        return way->bits < node->bits;
    if (way->hops != node->hops)
        return way->hops < node->hops;
    if (way->rank != node->rank)
        return way->rank < node->rank;
    return strcmp(way->before, node->before) < 0;
}

static GSequenceIter *place_of(const Search *search, Reached *node)
{
    return g_sequence_lookup(search->open, node, compare_reached, NULL);
}

/* Takes over the step. */
static void relax(Search *search, const Reached *from, RouteStep *step)
{
    Reached *node = g_hash_table_lookup(search->reached, step->to);
    const Reached way = {.bits = from->bits + STEP_BITS - log2(CLAMP(step->weight, 1e-9, 1)),
                         .hops = from->hops + 1,
                         .rank = from->rank + step->rank,
                         .before = from->name};
    if (node && (node->settled || !is_better(&way, node))) {
        route_step_free(step);
        return;
    }
    if (node) {
        g_sequence_remove(place_of(search, node));
        route_step_free(node->step);
    } else {
        node = g_new0(Reached, 1);
        node->name = g_strdup(step->to);
        g_hash_table_insert(search->reached, node->name, node);
    }
    node->bits = way.bits;
    node->hops = way.hops;
    node->rank = way.rank;
    node->before = way.before;
    node->step = step;
    g_sequence_insert_sorted(search->open, node, compare_reached, NULL);
}

static gint compare_steps(gconstpointer a, gconstpointer b)
{
    const RouteStep *left = *(RouteStep *const *)a, *right = *(RouteStep *const *)b;
    int order = strcmp(left->to, right->to);
    if (order)
        return order;
    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    order = strcmp(left->kind, right->kind);
    return order ? order : g_strcmp0(left->value, right->value);
}

static gboolean expand(Search *search, const Reached *node, GError **error)
{
    const RouteGraph *graph = search->graph;
    g_autoptr(GPtrArray) steps = graph->steps(node->name, graph->data, error);
    if (!steps)
        return FALSE;
    gboolean hub = graph->hub && steps->len > graph->hub && node->before;
    g_ptr_array_sort(steps, compare_steps);
    g_ptr_array_set_free_func(steps, NULL);
    for (guint i = 0; i < steps->len; i++)
        if (hub)
            route_step_free(steps->pdata[i]);
        else
            relax(search, node, steps->pdata[i]);
    return TRUE;
}

static GPtrArray *way_to(const Search *search, Reached *node)
{
    GPtrArray *route = g_ptr_array_new_with_free_func((GDestroyNotify)route_step_free);
    for (; node->before; node = g_hash_table_lookup(search->reached, node->before))
        g_ptr_array_insert(route, 0, g_steal_pointer(&node->step));
    return route;
}

/* Settles node after node until the goal is reached; *found stays NULL when it is not. */
static gboolean run(Search *search, const char *to, Reached **found, GError **error)
{
    for (guint n = 0; n < search->graph->nodes && g_sequence_get_length(search->open); n++) {
        GSequenceIter *first = g_sequence_get_begin_iter(search->open);
        Reached *node = g_sequence_get(first);
        g_sequence_remove(first);
        node->settled = TRUE;
        if (strcmp(node->name, to) == 0) {
            *found = node;
            return TRUE;
        }
        if (!expand(search, node, error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *graph_route(const RouteGraph *graph, const char *from, const char *to, GError **error)
{
    g_autoptr(GHashTable) reached =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, reached_free);
    g_autoptr(GSequence) open = g_sequence_new(NULL);
    Search search = {graph, reached, open};
    Reached *start = g_new0(Reached, 1), *found = NULL;
    start->name = g_strdup(from);
    g_hash_table_insert(reached, start->name, start);
    g_sequence_append(open, start);
    return run(&search, to, &found, error) && found ? way_to(&search, found) : NULL;
}
