/*
 * Competition: a seized firearm is at most one firearm, and a firearm was seized at most once.
 * Sum-product over the bipartite graph of candidates (exact on trees, close on the rest) gives
 * each edge's posterior against all others and "none of these"; how many seized firearms have a
 * trace at all is estimated from the posteriors (EM).
 */
#include <math.h>
#include <string.h>

#include "engine/firearm/link.h"

#define SWEEPS 25

typedef struct {
    const Edge *edge;
    guint n;
    guint *order[2]; /* edges by left and by right */
    double *weight;
    const double *rest; /* by left, before the prior */
    double prior;
    double *message[2]; /* that its left (right) end is free but for this edge */
} Graph;

/* Messages from one side: for each node, everything but the edge itself. */
static void sweep_node(Graph *graph, guint side, guint from, guint to)
{
    const guint *order = graph->order[side];
    double before = 1;
    if (side == 0) {
        before += exp2(graph->prior) * graph->rest[graph->edge[order[from]].left];
    }
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

static double edge_weight(const Edge *edge, double prior, const double *adjust)
{
    if (edge->decided >= 0) {
        return edge->decided ? exp2(80) : 0;
    }
    return exp2(CLAMP(edge->bits + adjust[edge->damage] + prior, -60, 60));
}

/* One solution under given rates; mass: links by damage. */
static void solve_once(Graph *graph, Edge *edge, double prior, const double *adjust,
                       double mass[DAMAGE_ANY + 1])
{
    graph->prior = prior;
    for (guint i = 0; i < graph->n; i++) {
        graph->weight[i] = edge_weight(&edge[i], prior, adjust);
        graph->message[0][i] = graph->message[1][i] = 1;
    }
    for (guint round = 0; round < SWEEPS; round++) {
        sweep(graph, 0);
        sweep(graph, 1);
    }
    memset(mass, 0, (DAMAGE_ANY + 1) * sizeof(*mass));
    for (guint i = 0; i < graph->n; i++) {
        double w = graph->weight[i] * graph->message[0][i] * graph->message[1][i];
        edge[i].probability = w / (1 + w);
        mass[edge[i].damage] += edge[i].probability;
    }
}

/* The start rates of damage to full serials, as shares of 1. */
static void start_rates(const FirearmModel *m, double rate[DAMAGE_ANY])
{
    double one = m->transcription_look_alike + m->transcription_substitution +
                 m->transcription_transposition + m->transcription_dropped +
                 m->transcription_added + m->transcription_ncic;
    double two = one * one, sum = m->transcription_clean + one + two + m->transcription_end_lost;
    rate[DAMAGE_NONE] = m->transcription_clean / sum;
    rate[DAMAGE_ONE] = one / sum;
    rate[DAMAGE_TWO] = two / sum;
    rate[DAMAGE_END] = m->transcription_end_lost / sum;
}

/* Bits to add for rates of damage that fit the links better; an undamaged serial is also worth
 * more when damage, which alone can make two firearms' numbers equal, is rarer. */
static void estimate_rates(const FirearmModel *model, const double *mass, double *adjust)
{
    double start[DAMAGE_ANY], rate[DAMAGE_ANY], sum = 0;
    start_rates(model, start);
    for (guint d = 0; d < DAMAGE_ANY; d++) {
        sum += mass[d];
    }
    for (guint d = 0; d < DAMAGE_ANY; d++) {
        double weight = model->transcription_weight;
        rate[d] = (mass[d] + weight * start[d]) / (sum + weight);
        adjust[d] = log2(rate[d] / start[d]);
    }
    adjust[DAMAGE_NONE] -= log2((1 - rate[DAMAGE_NONE]) / (1 - start[DAMAGE_NONE]));
    adjust[DAMAGE_ANY] = 0;
}

void posterior_solve(const FirearmModel *model, GArray *edges, const double *rest, guint n_left,
                     guint n_right, double adjust[DAMAGE_ANY + 1])
{
    Graph graph;
    graph_init(&graph, edges, n_right);
    graph.rest = rest;
    double weight = model->prior_has_trace_weight, share = model->prior_has_trace;
    double mass[DAMAGE_ANY + 1];
    memset(adjust, 0, (DAMAGE_ANY + 1) * sizeof(*adjust));
    for (guint round = 0; round < (guint)model->prior_rounds; round++) {
        if (round > 0) {
            double sum = 0;
            for (guint d = 0; d <= DAMAGE_ANY; d++) {
                sum += mass[d];
            }
            share = (sum + weight * model->prior_has_trace) / (n_left + weight);
            share = CLAMP(share, 1e-6, 0.99);
            estimate_rates(model, mass, adjust);
        }
        double prior = log2(share / (1 - share) / MAX(n_right, 1));
        solve_once(&graph, (Edge *)(gpointer)edges->data, prior, adjust, mass);
    }
    graph_clear(&graph);
}
