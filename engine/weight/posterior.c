/*
 * Competition: a seized firearm is at most one firearm, and a firearm was seized at most once.
 * Sum-product over the bipartite graph of candidates (exact on trees, close on the rest) gives
 * each edge's posterior against all others and "none of these"; how many seized firearms have a
 * trace at all, and how often numbers are damaged, is estimated from the posteriors (EM).
 */
#include <math.h>
#include <string.h>

#include "engine/weight/posterior.h"

#define SWEEPS      25
#define UNEXPLAINED 0.02 /* share of the pairs of a level that are held to be chance at least */

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

static void graph_init(Graph *graph, const Contest *contest)
{
    guint n = contest->edge->len, n_right = contest->n_right;
    *graph =
        (Graph){.edge = (const Edge *)(gpointer)contest->edge->data, .n = n, .rest = contest->rest};
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

/* Bits that other rates add to an edge. */
typedef struct {
    double damage[DAMAGE_UNREAD + 1], level[LEVELS + 1], said[SAID_LEVELS + 1];
} Adjust;

static double edge_weight(const Edge *edge, double prior, const Adjust *adjust)
{
    if (edge->decided >= 0) {
        return edge->decided ? exp2(80) : 0;
    }
    double bits = edge->bits + prior;
    if (adjust != NULL) {
        bits += adjust->damage[edge->damage];
        for (guint q = 0; q < ASKED; q++) {
            bits += adjust->level[edge->level[q]];
        }
        for (guint q = 0; q < SAID_FIELDS; q++) {
            bits += adjust->said[edge->said[q]];
        }
    }
    return exp2(CLAMP(bits, -60, 60));
}

/* One solution; adjust may be NULL. */
static void solve_once(Graph *graph, Edge *edge, double prior, const Adjust *adjust)
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
    for (guint i = 0; i < graph->n; i++) {
        double w = graph->weight[i] * graph->message[0][i] * graph->message[1][i];
        edge[i].probability = w / (1 + w);
    }
}

void posterior_solve(const Contest *contest)
{
    Graph graph;
    graph_init(&graph, contest);
    solve_once(&graph, (Edge *)(gpointer)contest->edge->data, contest->prior, NULL);
    graph_clear(&graph);
}

double prior_bits(double share, guint n)
{
    return log2(share / (1 - share) / MAX(n, 1));
}

/* The rate of each damage; two of them need no parameter but how much oftener than by chance. */
static double *rate_of(FirearmModel *m, Damage damage)
{
    double *const by_damage[DAMAGE_TWO] = {
        &m->transcription_clean,        &m->transcription_look_alike,
        &m->transcription_substitution, &m->transcription_transposition,
        &m->transcription_dropped,      &m->transcription_added,
        &m->transcription_ncic,         &m->transcription_end_lost};
    return by_damage[damage];
}

/* Share of each damage among full serials of one firearm. */
static void damage_shares(FirearmModel *m, double share[DAMAGE_ANY])
{
    double one = 0, sum = 0;
    for (guint d = DAMAGE_NONE; d < DAMAGE_TWO; d++) {
        share[d] = *rate_of(m, (Damage)d);
        one += d > DAMAGE_NONE && d < DAMAGE_END ? share[d] : 0;
        sum += share[d];
    }
    share[DAMAGE_TWO] = one * one * m->transcription_twice;
    sum += share[DAMAGE_TWO];
    for (guint d = DAMAGE_NONE; d < DAMAGE_ANY; d++) {
        share[d] /= sum;
    }
}

/* Shares that fit the links better, with some belief in those before. */
static void fit_shares(const GArray *edges, double weight, const double *start, double *share)
{
    double mass[DAMAGE_UNREAD + 1] = {0}, sum = 0;
    for (guint i = 0; i < edges->len; i++) {
        const Edge *edge = &g_array_index(edges, Edge, i);
        mass[edge->damage] += edge->probability;
    }
    for (guint d = 0; d < DAMAGE_ANY; d++) {
        sum += mass[d];
    }
    for (guint d = 0; d < DAMAGE_ANY; d++) {
        share[d] = (mass[d] + weight * start[d]) / (sum + weight);
    }
}

/* Share of links whose seizure has no usable number. */
static double fit_unread(const GArray *edges, double weight, double start)
{
    double unread = 0, all = 0;
    for (guint i = 0; i < edges->len; i++) {
        const Edge *edge = &g_array_index(edges, Edge, i);
        unread += edge->damage == DAMAGE_UNREAD ? edge->probability : 0;
        all += edge->probability;
    }
    return (unread + weight * start) / (all + weight);
}

/* Bits that shares add to an edge. An undamaged serial is also worth more when damage, which alone
 * can make two firearms' numbers equal, is rarer. */
static void find_adjust(const double *start, const double *share, double *adjust)
{
    for (guint d = 0; d < DAMAGE_ANY; d++) {
        adjust[d] = start[d] > 0 ? log2(share[d] / start[d]) : 0;
    }
    adjust[DAMAGE_NONE] -= log2((1 - share[DAMAGE_NONE]) / (1 - start[DAMAGE_NONE]));
    adjust[DAMAGE_ANY] = 0;
}

/* The rates of which these are the shares. */
static void set_rates(FirearmModel *rates, const double *start, const double *share)
{
    double one = 0, scale = *rate_of(rates, DAMAGE_NONE) / start[DAMAGE_NONE];
    for (guint d = DAMAGE_NONE; d < DAMAGE_TWO; d++) {
        double *rate = rate_of(rates, (Damage)d);
        *rate = MIN(share[d] * scale, 1);
        one += d > DAMAGE_NONE && d < DAMAGE_END ? *rate : 0;
    }
    rates->transcription_twice =
        one > 0 ? CLAMP(share[DAMAGE_TWO] * scale / (one * one), 0.01, 100) : 1;
}

/* How often the descriptions of one firearm agree, field by field: bits that it adds to an edge. */
static void fit_said(const GArray *edges, FirearmModel *rates, const double *start, double *adjust)
{
    double mass[SAID_LEVELS + 1] = {0}, weight = rates->transcription_weight;
    for (guint i = 0; i < edges->len; i++) {
        const Edge *edge = &g_array_index(edges, Edge, i);
        for (guint q = 0; q < SAID_FIELDS; q++) {
            mass[edge->said[q]] += edge->probability;
        }
    }
    for (Said said = 0; said < SAID_LEVELS; said++) {
        double all = 0;
        for (Said other = 0; other < SAID_LEVELS; other++) {
            all += said_same_field(said, other) ? mass[other] : 0;
        }
        double rate = (mass[said] + weight * start[said]) / (all + weight);
        *said_rate(rates, said) = CLAMP(rate, 1e-6, 1);
        adjust[said] = start[said] > 0 ? log2(*said_rate(rates, said) / start[said]) : 0;
    }
}

static double sum_of(const GArray *edges)
{
    double sum = 0;
    for (guint i = 0; i < edges->len; i++) {
        sum += g_array_index(edges, Edge, i).probability;
    }
    return sum;
}

/* Pairs of the count that an edge explains: itself, and where firearms meet in Canada, all that its
 * firearm makes with other seizures. A traced firearm that was seized is no chance meeting of the
 * other items of that day: a seizure of twenty would make hundreds of them. */
static double explained_by(const Edge *edge, Level level, const LevelCount *count)
{
    gboolean met = level >= LEVEL_MET_FIRST && level <= LEVEL_MET_LAST;
    double pairs = met ? (double)count->met[edge->right][level - LEVEL_MET_FIRST]
                       : edge->level[ASK_PURCHASE] == level || edge->level[ASK_EVENT] == level ||
                             edge->level[ASK_PLACE] == level;
    return edge->probability * pairs;
}

/* Bits of the levels that fit the links better, and what that adds to an edge. What a level is held
 * against are the pairs that nothing explains. */
static void fit_levels(const Contest *contest, const FirearmModel *rates, const double *start,
                       const LevelCount *count, Adjust *adjust)
{
    double mass[LEVELS + 1] = {0}, explained[LEVELS] = {0}, others[LEVELS], bits[LEVELS];
    for (guint i = 0; i < contest->edge->len; i++) {
        const Edge *edge = &g_array_index(contest->edge, Edge, i);
        for (guint q = 0; q < ASKED; q++) {
            mass[edge->level[q]] += edge->probability;
        }
        for (Level level = 0; level < LEVELS; level++) {
            explained[level] += explained_by(edge, level, count);
        }
    }
    double observed = MIN(contest->n_left, contest->n_right);
    for (Level level = 0; level < LEVELS; level++) {
        double left = count->level[level] - count->share * explained[level];
        others[level] = MAX(left, UNEXPLAINED * count->level[level]);
    }
    circumstances_fit(start, others, mass, rates->circumstances_weight, observed, bits);
    for (Level level = 0; level < LEVELS; level++) {
        adjust->level[level] = bits[level] - start[level];
    }
}

void posterior_estimate(Contest *contest, FirearmModel *rates, guint firearms,
                        const LevelCount *count)
{
    Graph graph;
    graph_init(&graph, contest);
    double weight = rates->prior_has_trace_weight, believed = rates->prior_has_trace;
    double start[DAMAGE_ANY], share[DAMAGE_ANY], bits[LEVELS], said[SAID_LEVELS];
    double start_unread = MAX(rates->transcription_unread, 1e-6);
    Adjust adjust = {0};
    damage_shares(rates, start);
    memcpy(share, start, sizeof(share));
    for (Level level = 0; level < LEVELS; level++) {
        bits[level] = *level_bits(rates, level);
    }
    for (Said level = 0; level < SAID_LEVELS; level++) {
        said[level] = *said_rate(rates, level);
    }
    for (guint round = 0; round < (guint)rates->prior_rounds; round++) {
        contest->prior = prior_bits(rates->prior_has_trace, firearms);
        solve_once(&graph, (Edge *)(gpointer)contest->edge->data, contest->prior, &adjust);
        double sum = sum_of(contest->edge) + weight * believed;
        rates->prior_has_trace = CLAMP(sum / (contest->n_left + weight), 1e-6, 0.99);
        fit_shares(contest->edge, rates->transcription_weight, start, share);
        find_adjust(start, share, adjust.damage);
        double unread = fit_unread(contest->edge, rates->transcription_weight, start_unread);
        adjust.damage[DAMAGE_UNREAD] = log2(unread / start_unread);
        fit_levels(contest, rates, bits, count, &adjust);
        fit_said(contest->edge, rates, said, adjust.said);
    }
    set_rates(rates, start, share);
    rates->transcription_unread = start_unread * exp2(adjust.damage[DAMAGE_UNREAD]);
    for (Level level = 0; level < LEVELS; level++) {
        *level_bits(rates, level) += adjust.level[level];
    }
    graph_clear(&graph);
}
