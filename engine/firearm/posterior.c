/*
 * Competition: a seized firearm is at most one firearm, and a firearm was seized at most once.
 * Sum-product over the bipartite graph of candidates (exact on trees, close on the rest) gives
 * each edge's posterior against all others and "none of these"; how many seized firearms have a
 * trace at all is estimated from the posteriors (EM).
 */
#include <math.h>

#include "engine/firearm/link.h"

#define SWEEPS 25

typedef struct {
    const Edge *edge;
    guint n;
    guint *order[2]; /* edges by left and by right */
    double *weight;
    double *message[2]; /* that its left (right) end is free but for this edge */
} Graph;

/* Messages from one side: for each node, everything but the edge itself. */
static void sweep_node(Graph *graph, guint side, guint from, guint to)
{
    const guint *order = graph->order[side];
    double before = 1;
    for (guint i = from; i < to; i++) {
        guint e = order[i];
        graph->message[side][e] = before;
        before += graph->weight[e] * graph->message[1 - side][e];
    }
    double behind = 0;
    for (guint i = to; i-- > from;) {
        guint e = order[i];
        double others = graph->message[side][e] + behind;
        behind += graph->weight[e] * graph->message[1 - side][e];
        graph->message[side][e] = 1 / others;
    }
}

static guint end_of(const Graph *graph, guint side, guint edge)
{
    return side == 0 ? graph->edge[edge].left : graph->edge[edge].right;
}

static void sweep(Graph *graph, guint side)
{
    for (guint from = 0, to; from < graph->n; from = to) {
        guint node = end_of(graph, side, graph->order[side][from]);
        for (to = from; to < graph->n && end_of(graph, side, graph->order[side][to]) == node;) {
            to++;
        }
        sweep_node(graph, side, from, to);
    }
}

static void graph_init(Graph *graph, const GArray *edges, guint n_right)
{
    guint n = edges->len;
    *graph = (Graph){.edge = (const Edge *)(gpointer)edges->data, .n = n};
    graph->weight = g_new(double, n + 1);
    g_autofree guint *first = g_new0(guint, n_right + 2);
    for (guint s = 0; s < 2; s++) {
        graph->order[s] = g_new(guint, n + 1);
        graph->message[s] = g_new(double, n + 1);
    }
    for (guint i = 0; i < n; i++) {
        graph->order[0][i] = i;
        first[graph->edge[i].right + 1]++;
    }
    for (guint r = 0; r < n_right; r++) {
        first[r + 1] += first[r];
    }
    for (guint i = 0; i < n; i++) {
        graph->order[1][first[graph->edge[i].right]++] = i;
    }
}

static void graph_clear(Graph *graph)
{
    g_free(graph->weight);
    for (guint s = 0; s < 2; s++) {
        g_free(graph->order[s]);
        g_free(graph->message[s]);
    }
}

static double edge_weight(const Edge *edge, double prior)
{
    if (edge->decided >= 0) {
        return edge->decided ? exp2(80) : 0;
    }
    return exp2(CLAMP(edge->bits + prior, -60, 60));
}

static double solve_once(Graph *graph, Edge *edge, double prior)
{
    for (guint i = 0; i < graph->n; i++) {
        graph->weight[i] = edge_weight(&edge[i], prior);
        graph->message[0][i] = graph->message[1][i] = 1;
    }
    for (guint round = 0; round < SWEEPS; round++) {
        sweep(graph, 0);
        sweep(graph, 1);
    }
    double sum = 0;
    for (guint i = 0; i < graph->n; i++) {
        double w = graph->weight[i] * graph->message[0][i] * graph->message[1][i];
        edge[i].probability = w / (1 + w);
        sum += edge[i].probability;
    }
    return sum;
}

void posterior_solve(const FirearmModel *model, GArray *edges, guint n_left, guint n_right)
{
    Graph graph;
    graph_init(&graph, edges, n_right);
    double weight = model->prior_has_trace_weight, share = model->prior_has_trace;
    for (guint round = 0; round < (guint)model->prior_rounds; round++) {
        double prior = log2(share / (1 - share) / MAX(n_right, 1));
        double sum = solve_once(&graph, (Edge *)(gpointer)edges->data, prior);
        share = (sum + weight * model->prior_has_trace) / (n_left + weight);
        share = CLAMP(share, 1e-6, 0.99);
    }
    graph_clear(&graph);
}
