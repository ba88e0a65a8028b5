/* The surest way: against brute force on random graphs; cycles, hubs, ties, no way. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "engine/graph/route.h"
#include "tests/unit/suite.h"

typedef struct {
    const char *left, *right, *kind;
    double weight;
} Edge;

typedef struct {
    const Edge *edges;
    guint n;
} Edges;

static RouteStep *step_new(const char *to, const Edge *edge)
{
    RouteStep *step = g_new0(RouteStep, 1);
    *step = (RouteStep){.to = g_strdup(to),
                        .kind = g_strdup(edge->kind),
                        .weight = edge->weight,
                        .rank = strcmp(edge->kind, "p") == 0};
    return step;
}

static GPtrArray *steps_of(const char *node, gpointer data, GError **error)
{
    const Edges *edges = data;
    GPtrArray *steps = g_ptr_array_new_with_free_func((GDestroyNotify)route_step_free);
    (void)error;
    for (guint i = 0; i < edges->n; i++) {
        const Edge *edge = &edges->edges[i];
        if (strcmp(edge->left, node) == 0)
            g_ptr_array_add(steps, step_new(edge->right, edge));
        if (strcmp(edge->right, node) == 0)
            g_ptr_array_add(steps, step_new(edge->left, edge));
    }
    return steps;
}

/* "a-b-c", or "" where no way leads. */
static char *way(const Edge *edges, guint n, guint hub, const char *from, const char *to)
{
    Edges all = {edges, n};
    const RouteGraph graph = {steps_of, &all, hub, 1000};
    g_autoptr(GPtrArray) route = graph_route(&graph, from, to, NULL);
    GString *text = g_string_new(route ? from : "");
    for (guint i = 0; route && i < route->len; i++)
        g_string_append_printf(text, "-%s", ((RouteStep *)route->pdata[i])->to);
    return g_string_free(text, FALSE);
}

static void expect(const Edge *edges, guint n, guint hub, const char *ends, const char *wanted)
{
    const char from[] = {ends[0], 0}, to[] = {ends[1], 0};
    g_autofree char *found = way(edges, n, hub, from, to);
    ck_assert_str_eq(found, wanted);
}

START_TEST(way_is_the_surest)
{
    static const Edge ring[] = {{"a", "b", "k", 1},   {"b", "c", "k", 0.1}, {"a", "d", "k", 0.9},
                                {"d", "e", "k", 0.9}, {"e", "c", "k", 0.9}, {"x", "y", "k", 1}};
    expect(ring, 6, 0, "ac", "a-d-e-c"); /* three sure steps before two with a weak one */
    expect(ring, 6, 0, "aa", "a");
    expect(ring, 6, 0, "ax", "");
    expect(ring, 6, 0, "az", "");
}
END_TEST

START_TEST(ties_go_by_name)
{
    static const Edge square[] = {
        {"a", "c", "k", 1}, {"c", "d", "k", 1}, {"b", "d", "k", 1}, {"a", "b", "k", 1}};
    expect(square, 4, 0, "ad", "a-b-d");
    expect(square, 4, 0, "da", "d-b-a");
}
END_TEST

/* Kind "p" has the larger rank: a way by it is not taken where another is as sure. */
START_TEST(ties_go_by_rank_first)
{
    static const Edge square[] = {
        {"a", "b", "p", 1}, {"b", "d", "k", 1}, {"a", "c", "k", 1}, {"c", "d", "k", 1}};
    static const Edge surer[] = {
        {"a", "b", "p", 1}, {"b", "d", "k", 1}, {"a", "c", "k", 0.9}, {"c", "d", "k", 1}};
    expect(square, 4, 0, "ad", "a-c-d");
    expect(square, 4, 0, "da", "d-c-a");
    expect(surer, 4, 0, "ad", "a-b-d");
}
END_TEST

START_TEST(no_way_leads_through_a_hub)
{
    static const Edge star[] = {{"h", "a", "k", 1}, {"h", "b", "k", 1}, {"h", "c", "k", 1},
                                {"a", "d", "k", 1}, {"d", "e", "k", 1}, {"e", "b", "k", 1}};
    expect(star, 6, 0, "ab", "a-h-b");
    expect(star, 6, 2, "ab", "a-d-e-b");
    expect(star, 6, 2, "ah", "a-h"); /* to it, and from it, there is one */
    expect(star, 6, 2, "hc", "h-c");
}
END_TEST

/* ---- brute force ------------------------------------------------------------------------ */

#define NODES 7
static const char *const names[NODES] = {"a", "b", "c", "d", "e", "f", "g"};

/* Cost of the cheapest way by trying all; HUGE_VAL: none. */
static double cheapest(double bits[NODES][NODES], guint at, guint to, guint seen)
{
    if (at == to)
        return 0;
    double best = HUGE_VAL;
    for (guint i = 0; i < NODES; i++)
        if (!(seen >> i & 1) && bits[at][i] < HUGE_VAL)
            best = MIN(best, bits[at][i] + cheapest(bits, i, to, seen | 1u << i));
    return best;
}

static double cost(const GPtrArray *route)
{
    double bits = 0;
    for (guint i = 0; i < route->len; i++)
        bits += 1 - log2(((const RouteStep *)route->pdata[i])->weight);
    return bits;
}

static void compare_with_brute_force(GRand *rand)
{
    Edge edges[12];
    double bits[NODES][NODES];
    for (guint i = 0; i < NODES * NODES; i++)
        bits[i / NODES][i % NODES] = HUGE_VAL;
    for (guint i = 0; i < G_N_ELEMENTS(edges); i++) {
        guint a = (guint)g_rand_int_range(rand, 0, NODES),
              b = (guint)g_rand_int_range(rand, 0, NODES);
        edges[i] = (Edge){names[a], names[b], "k", g_rand_int_range(rand, 1, 5) / 4.0};
        bits[a][b] = bits[b][a] = MIN(bits[a][b], 1 - log2(edges[i].weight));
    }
    Edges all = {edges, G_N_ELEMENTS(edges)};
    const RouteGraph graph = {steps_of, &all, 0, 1000};
    g_autoptr(GPtrArray) route = graph_route(&graph, "a", "g", NULL);
    double best = cheapest(bits, 0, NODES - 1, 1);
    ck_assert(route ? fabs(cost(route) - best) < 1e-9 : best == HUGE_VAL);
}

START_TEST(way_is_that_of_brute_force)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    for (guint i = 0; i < 2000; i++)
        compare_with_brute_force(rand);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("route");
    TCase *tcase = tcase_create("route");
    tcase_add_test(tcase, way_is_the_surest);
    tcase_add_test(tcase, ties_go_by_name);
    tcase_add_test(tcase, ties_go_by_rank_first);
    tcase_add_test(tcase, no_way_leads_through_a_hub);
    tcase_add_test(tcase, way_is_that_of_brute_force);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
