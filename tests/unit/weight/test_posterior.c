/*
 * What competes, held against every way to pair seizures with firearms; and the rates that a
 * store's links tell of, held against what was put into them.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/weight/posterior.h"
#include "tests/unit/suite.h"

#define LEFT  4u
#define RIGHT 4u
#define PRIOR -3.0

static const Edge nothing_said = {.damage = DAMAGE_ANY,
                                  .level = {LEVEL_NONE, LEVEL_NONE, LEVEL_NONE},
                                  .said = {SAID_NONE, SAID_NONE, SAID_NONE, SAID_NONE, SAID_NONE},
                                  .decided = -1};

static Edge edge_of(guint left, guint right, double bits)
{
    Edge edge = nothing_said;
    edge.left = left;
    edge.right = right;
    edge.bits = bits;
    return edge;
}

static double weight_of(const Edge *edge, double prior)
{
    return edge->decided < 0 ? exp2(edge->bits + prior) : edge->decided ? exp2(80) : 0;
}

/* Sums over all ways to give each seizure from `left` on one free firearm or none; in `with` those
 * where an edge is taken. Returns the sum of all. */
static double all_ways(const Contest *contest, guint left, guint taken, double *with)
{
    guint n = contest->edge->len;
    if (left == contest->n_left)
        return 1;
    double none = 1 + exp2(contest->prior) * contest->rest[left];
    double *below = g_new0(double, n);
    double sum = none * all_ways(contest, left + 1, taken, below);
    for (guint i = 0; i < n; i++)
        with[i] += none * below[i];
    for (guint e = 0; e < n; e++) {
        const Edge *edge = &g_array_index(contest->edge, Edge, e);
        if (edge->left != left || taken & 1u << edge->right)
            continue;
        memset(below, 0, n * sizeof(*below));
        double weight = weight_of(edge, contest->prior);
        double ways = weight * all_ways(contest, left + 1, taken | 1u << edge->right, below);
        sum += ways;
        with[e] += ways;
        for (guint i = 0; i < n; i++)
            with[i] += weight * below[i];
    }
    g_free(below);
    return sum;
}

static guint root_of(const guint *parent, guint at)
{
    while (parent[at] != at)
        at = parent[at];
    return at;
}

/* Edges that make no ring, in the order of seizures. */
static void draw(GRand *rand, GArray *edges)
{
    guint parent[LEFT + RIGHT];
    for (guint i = 0; i < LEFT + RIGHT; i++)
        parent[i] = i;
    g_array_set_size(edges, 0);
    for (guint left = 0; left < LEFT; left++)
        for (guint right = 0; right < RIGHT; right++) {
            guint a = root_of(parent, left), b = root_of(parent, LEFT + right);
            if (a == b || g_rand_int_range(rand, 0, 2))
                continue;
            parent[a] = b;
            Edge edge = edge_of(left, right, g_rand_double_range(rand, -6, 12));
            if (g_rand_int_range(rand, 0, 12) == 0)
                edge.decided = 0;
            g_array_append_val(edges, edge);
        }
}

START_TEST(test_every_way)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autoptr(GArray) edges = g_array_new(FALSE, TRUE, sizeof(Edge));
    for (guint round = 0; round < 400; round++) {
        double rest[LEFT], with[LEFT * RIGHT] = {0};
        draw(rand, edges);
        for (guint i = 0; i < LEFT; i++)
            rest[i] = i % 2 ? 0 : exp2(g_rand_double_range(rand, -4, 10));
        Contest contest = {
            .edge = edges, .rest = rest, .n_left = LEFT, .n_right = RIGHT, .prior = PRIOR};
        double all = all_ways(&contest, 0, 0, with);
        posterior_solve(&contest);
        for (guint i = 0; i < edges->len; i++)
            ck_assert_double_eq_tol(g_array_index(edges, Edge, i).probability, with[i] / all, 1e-9);
    }
}
END_TEST

/* What people decided holds whatever it is worth, and against all that competes. */
START_TEST(test_decided)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, TRUE, sizeof(Edge));
    const double rest[2] = {0};
    Edge drawn[] = {edge_of(0, 0, 40), edge_of(0, 1, -40), edge_of(1, 1, 40)};
    drawn[0].decided = 0;
    drawn[1].decided = 1;
    g_array_append_vals(edges, drawn, G_N_ELEMENTS(drawn));
    Contest contest = {.edge = edges, .rest = rest, .n_left = 2, .n_right = 2, .prior = PRIOR};
    posterior_solve(&contest);
    ck_assert_double_eq(g_array_index(edges, Edge, 0).probability, 0);
    ck_assert_double_gt(g_array_index(edges, Edge, 1).probability, 0.999999);
    ck_assert_double_lt(g_array_index(edges, Edge, 2).probability, 1e-6);
}
END_TEST

#define SURE     200u /* seizures with a firearm that nobody doubts */
#define FREE     100u /* with none */
#define DROPPED  40u
#define UNREAD   20u
#define FIREARMS 1000u

/* A rate that `hits` of `all` links tell of, with some belief in the one before. */
static double fitted(double hits, double all, double belief, double start)
{
    return (hits + belief * start) / (all + belief);
}

static GArray *sure_links(void)
{
    GArray *edges = g_array_new(FALSE, TRUE, sizeof(Edge));
    for (guint i = 0; i < SURE; i++) {
        Edge edge = edge_of(i, i, 0);
        edge.decided = 1;
        edge.damage = i < DROPPED            ? DAMAGE_DROPPED
                      : i < DROPPED + UNREAD ? DAMAGE_UNREAD
                                             : DAMAGE_NONE;
        edge.said[0] = i % 4 ? SAID_MAKE_EQUAL : SAID_MAKE_DIFFERS;
        edge.said[2] = i % 2 ? SAID_CALIBRE_EQUAL : SAID_NONE;
        edge.level[ASK_PURCHASE] = i % 5 ? LEVEL_YOUNG : LEVEL_BOUGHT_AFTER;
        edge.level[ASK_PLACE] = i % 3 ? LEVEL_SAME_REGION : LEVEL_NONE;
        g_array_append_val(edges, edge);
    }
    return edges;
}

static double share_of(FirearmModel *model, double rate)
{
    double one = model->transcription_look_alike + model->transcription_substitution +
                 model->transcription_transposition + model->transcription_dropped +
                 model->transcription_added + model->transcription_ncic;
    return rate / (model->transcription_clean + one + model->transcription_end_lost +
                   one * one * model->transcription_twice);
}

/* The rates that come of links are those that stand in them; and a pair that is in doubt is worth
 * more or less by as much as the rates moved. */
START_TEST(test_rates)
{
    g_autoptr(FirearmModel) before = firearm_model_load("rules", NULL);
    g_autoptr(FirearmModel) rates = firearm_model_load("rules", NULL);
    g_autoptr(GArray) edges = sure_links();
    g_autofree double *rest = g_new0(double, SURE + FREE);
    float(*met)[LEVELS_MET] = g_malloc0_n(SURE + FREE, sizeof(*met));
    LevelCount count = {.share = 0.01, .met = met};
    ck_assert(before && rates);
    rates->prior_rounds = 60;
    for (Level level = 0; level < LEVELS; level++)
        count.level[level] = 1000 + 700 * level;
    Edge doubt = edge_of(SURE, SURE, 4);
    doubt.damage = _i ? DAMAGE_UNREAD : DAMAGE_DROPPED;
    doubt.said[0] = SAID_MAKE_DIFFERS;
    doubt.said[2] = SAID_CALIBRE_EQUAL;
    doubt.level[ASK_PURCHASE] = LEVEL_BOUGHT_AFTER;
    doubt.level[ASK_PLACE] = LEVEL_SAME_REGION;
    g_array_append_val(edges, doubt);
    Contest contest = {
        .edge = edges, .rest = rest, .n_left = SURE + FREE, .n_right = SURE + FREE, .prior = 0};
    posterior_estimate(&contest, rates, FIREARMS, &count);
    double last = g_array_index(edges, Edge, SURE).probability, links = SURE + last;
    double belief = before->transcription_weight;
    ck_assert(last > 1e-4 && last < 0.999);
    ck_assert_double_eq_tol(
        rates->prior_has_trace,
        fitted(links, SURE + FREE, before->prior_has_trace_weight, before->prior_has_trace), 1e-4);
    ck_assert_double_eq_tol(contest.prior, prior_bits(rates->prior_has_trace, FIREARMS), 1e-3);
    ck_assert_double_eq_tol(rates->transcription_unread,
                            fitted(UNREAD + _i * last, links, belief, before->transcription_unread),
                            1e-4);
    double full = SURE - UNREAD + (1 - _i) * last;
    ck_assert_double_eq_tol(share_of(rates, rates->transcription_dropped),
                            fitted(DROPPED + (1 - _i) * last, full, belief,
                                   share_of(before, before->transcription_dropped)),
                            1e-4);
    ck_assert_double_eq_tol(share_of(rates, rates->transcription_added),
                            fitted(0, full, belief, share_of(before, before->transcription_added)),
                            1e-4);
    ck_assert_double_eq_tol(
        *said_rate(rates, SAID_MAKE_DIFFERS),
        fitted(SURE / 4.0 + last, links, belief, *said_rate(before, SAID_MAKE_DIFFERS)), 1e-4);
    ck_assert_double_eq_tol(*said_rate(rates, SAID_CALIBRE_EQUAL),
                            fitted(SURE / 2.0 + last, SURE / 2.0 + last, belief,
                                   *said_rate(before, SAID_CALIBRE_EQUAL)),
                            1e-4);
    ck_assert_double_eq_tol(*said_rate(rates, SAID_MODEL_EQUAL),
                            *said_rate(before, SAID_MODEL_EQUAL), 1e-9);
    double moved = *level_bits(rates, LEVEL_BOUGHT_AFTER) -
                   *level_bits(before, LEVEL_BOUGHT_AFTER) + *level_bits(rates, LEVEL_SAME_REGION) -
                   *level_bits(before, LEVEL_SAME_REGION);
    moved += log2(*said_rate(rates, SAID_MAKE_DIFFERS) / *said_rate(before, SAID_MAKE_DIFFERS));
    moved += log2(*said_rate(rates, SAID_CALIBRE_EQUAL) / *said_rate(before, SAID_CALIBRE_EQUAL));
    moved += _i ? log2(rates->transcription_unread / before->transcription_unread)
                : log2(share_of(rates, rates->transcription_dropped) /
                       share_of(before, before->transcription_dropped));
    ck_assert_double_eq_tol(log2(last / (1 - last)), doubt.bits + contest.prior + moved, 1e-2);
    g_free(met);
}
END_TEST

/* What dates and places are worth is what their links and counts come to. */
START_TEST(test_levels)
{
    g_autoptr(FirearmModel) before = firearm_model_load("rules", NULL);
    g_autoptr(FirearmModel) rates = firearm_model_load("rules", NULL);
    g_autoptr(GArray) edges = sure_links();
    g_autofree double *rest = g_new0(double, SURE + FREE);
    float(*met)[LEVELS_MET] = g_malloc0_n(SURE + FREE, sizeof(*met));
    LevelCount count = {.share = 0.5, .met = met};
    double start[LEVELS], mass[LEVELS] = {0}, others[LEVELS], bits[LEVELS];
    for (Level level = 0; level < LEVELS; level++) {
        count.level[level] = 1000 + 700 * level;
        others[level] = count.level[level];
        start[level] = *level_bits(before, level);
    }
    for (guint i = 0; i < SURE; i++) {
        Edge *edge = &g_array_index(edges, Edge, i);
        edge->level[ASK_EVENT] = i % 2 ? LEVEL_SAME_EVENT : LEVEL_ABROAD;
        met[i][LEVEL_SAME_EVENT - LEVEL_MET_FIRST] = 3;
        others[LEVEL_SAME_EVENT] -= 0.5 * 3; /* all that its firearm makes */
        for (guint q = 0; q < ASKED; q++) {
            Level level = edge->level[q];
            if (level != LEVEL_NONE)
                mass[level]++;
            if (level != LEVEL_NONE && level != LEVEL_SAME_EVENT)
                others[level] -= 0.5;
        }
    }
    Contest contest = {
        .edge = edges, .rest = rest, .n_left = SURE + FREE, .n_right = SURE, .prior = 0};
    posterior_estimate(&contest, rates, FIREARMS, &count);
    circumstances_fit(start, others, mass, before->circumstances_weight, SURE, bits);
    for (Level level = 0; level < LEVELS; level++)
        ck_assert_msg(fabs(*level_bits(rates, level) - bits[level]) < 1e-3, "level %u: %f, not %f",
                      level, *level_bits(rates, level), bits[level]);
    ck_assert_double_gt(fabs(bits[LEVEL_SAME_EVENT] - start[LEVEL_SAME_EVENT]), 0.1);
    g_free(met);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("weight/posterior");
    TCase *cases = tcase_create("competition");
    tcase_add_test(cases, test_every_way);
    tcase_add_test(cases, test_decided);
    tcase_add_loop_test(cases, test_rates, 0, 2);
    tcase_add_test(cases, test_levels);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
