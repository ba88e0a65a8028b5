/*
 * Links of a synthetic population of 20,000 traces and 2,000 seizures: prints precision, recall
 * and calibration and holds them in sane bounds.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/link/work.h"
#include "tests/unit/link/world.h"
#include "tests/unit/suite.h"

typedef struct {
    guint n[10], right[10];
    double sum[10];
    guint given, good, strong, strong_good, possible;
} Score;

static void score_link(Score *score, double p, gboolean right)
{
    guint bin = MIN((guint)(p * 10), 9);
    score->n[bin]++;
    score->right[bin] += right;
    score->sum[bin] += p;
    score->given += p >= 0.5;
    score->good += p >= 0.5 && right;
    score->strong += p >= 0.9;
    score->strong_good += p >= 0.9 && right;
}

static void score_world(const World *world, const GArray *links, Score *score)
{
    const Firearm *f = (const Firearm *)(gconstpointer)world->firearms->data;
    const guint *identity = (const guint *)(gconstpointer)world->identity->data;
    g_autoptr(GHashTable) traced = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < world->firearms->len; i++) {
        if (f[i].side == SIDE_TRACE) {
            g_hash_table_add(traced, GUINT_TO_POINTER(identity[i] + 1));
        }
    }
    for (guint i = 0; i < world->firearms->len; i++) {
        score->possible += f[i].side == SIDE_SEIZURE &&
                           g_hash_table_contains(traced, GUINT_TO_POINTER(identity[i] + 1));
    }
    for (guint i = 0; i < links->len; i++) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);
        if (f[link->left].side == SIDE_SEIZURE) {
            score_link(score, link->probability, identity[link->left] == identity[link->right]);
        }
    }
}

static double error_of(const Score *score)
{
    double error = 0, all = 0;
    for (guint i = 0; i < 10; i++) {
        error += fabs(score->sum[i] - score->right[i]);
        all += score->n[i];
        if (score->n[i] > 0) {
            g_print("  given %.2f right %.2f of %u\n", score->sum[i] / score->n[i],
                    (double)score->right[i] / score->n[i], score->n[i]);
        }
    }
    return error / MAX(all, 1);
}

START_TEST(test_population)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    World world;
    Score score = {.given = 0};
    world_init(&world, 20000, 2000, 1);
    gint64 start = g_get_monotonic_time();
    FirearmInput input = world_input(&world, model);
    GArray *links = firearm_link(&input);
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    score_world(&world, links, &score);
    double precision = (double)score.good / MAX(score.given, 1);
    double recall = (double)score.good / MAX(score.possible, 1);
    double error = error_of(&score);
    g_print(
        "population: %.2f s; at 0.5 precision %.3f, recall %.3f of %u; at 0.9 precision %.3f of "
        "%u; calibration error %.3f\n",
        seconds, precision, recall, score.possible,
        (double)score.strong_good / MAX(score.strong, 1), score.strong, error);
    ck_assert_uint_gt(score.possible, 700);
    ck_assert_double_gt(precision, 0.95);
    ck_assert_double_gt(recall, 0.85);
    ck_assert_double_lt(error, 0.04);
    firearm_links_free(links);
    world_clear(&world);
}
END_TEST

static double probability_of(const GArray *links, guint left, guint right)
{
    for (guint i = 0; i < links->len; i++) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);
        if (link->left == left && link->right == right) {
            return link->probability;
        }
    }
    return 0;
}

/* How far a run is off one that leaves nothing out, over all links that either gives. */
static double worst_difference(const FirearmInput *input)
{
    GArray *runs[] = {firearm_link(input), link_keeping(input, KEEP_BITS)};
    double worst = 0;
    for (guint r = 0; r < 2; r++) {
        for (guint i = 0; i < runs[r]->len; i++) {
            const FirearmLink *link = &g_array_index(runs[r], FirearmLink, i);
            double other = probability_of(runs[1 - r], link->left, link->right);
            double off = fabs(link->probability - other);
            worst = MAX(worst, other > 0 ? off : off - 0.01); /* less is not given */
        }
    }
    firearm_links_free(runs[0]);
    firearm_links_free(runs[1]);
    return worst;
}

/* Seizures of a number that others bear too, and what people decided, need all candidates. */
START_TEST(test_narrow)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    World world;
    world_init(&world, 4000, 2000, 10 + (guint32)_i);
    Firearm *f = (Firearm *)(gpointer)world.firearms->data;
    guint n = world.firearms->len;
    for (guint i = 0; i < n; i++) {
        if (f[i].side == SIDE_SEIZURE && world_pick(&world, 10) == 0) {
            guint other = world_pick(&world, n);
            f[i].serial = f[other].serial;
            f[i].serial_raw = f[other].serial_raw;
            f[i].make = f[other].make;
        }
    }
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, f, n);
    FirearmInput input = {model, parameters, f, n, NULL, 0};
    ck_assert_double_lt(worst_difference(&input), 0.002);
    GArray *links = firearm_link(&input);
    g_autoptr(GArray) decisions = g_array_new(FALSE, FALSE, sizeof(FirearmDecision));
    for (guint i = 0; i < links->len; i += 3) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);
        FirearmDecision decision = {link->left, link->right, FALSE};
        g_array_append_val(decisions, decision);
    }
    firearm_links_free(links);
    input.decisions = (const FirearmDecision *)(gpointer)decisions->data;
    input.n_decisions = decisions->len;
    ck_assert_double_lt(worst_difference(&input), 0.002);
    world_clear(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("population");
    TCase *tests = tcase_create("population");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, test_population);
    tcase_add_loop_test(tests, test_narrow, 0, 3);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
