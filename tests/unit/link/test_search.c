/*
 * The search leaves out what its bounds tell cannot matter. Here all pairs of a small synthetic
 * world are weighed: what is worth keeping is found, with the same bits, and nothing else; also
 * with a prior as it is among many millions of firearms, where the bounds leave out nearly all.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/link/search.h"
#include "tests/unit/link/world.h"
#include "tests/unit/suite.h"

#define TRACES   4000
#define SEIZURES 400

static const double FEWER[] = {0, 6, 14, 20}; /* bits by which the prior is lower */

static const Candidate *found_pair(const GArray *found, guint a, guint b)
{
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        if (c->a == a && c->b == b)
            return c;
    }
    return NULL;
}

/* Full serials of a seizure against all traces; how many are worth keeping by two edits. */
static guint check_seizure(const Work *work, guint a, const GArray *found, guint *kept)
{
    const Firearm *f = work->judge.firearms;
    guint two = 0;
    for (guint t = 0; t < work->n_traces; t++) {
        guint b = work->trace[t];
        Tier tier = serial_tier(work->judge.model, f[a].serial, f[a].serial_raw, f[b].serial,
                                f[b].serial_raw);
        if (tier == TIER_NONE || !serial_is_full(f[a].serial) || !serial_is_full(f[b].serial))
            continue;
        Candidate c = {.a = a, .b = b, .tier = tier};
        candidate_weigh(work, &c, FALSE);
        const Candidate *there = found_pair(found, a, b);
        gboolean keep = c.bits >= work->keep - work->prior;
        ck_assert_msg(keep == (there != NULL), "%s ~ %s: %s at %f bits", f[a].ref, f[b].ref,
                      keep ? "left out" : "found", c.bits);
        ck_assert(!keep || (there->bits == c.bits && there->tier == tier));
        two += keep && tier == TIER_S2B;
        *kept += keep;
    }
    return two;
}

START_TEST(what_is_worth_keeping_is_found)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    World world;
    Work work;
    guint two = 0, kept = 0;
    world_init(&world, TRACES, SEIZURES, 21);
    FirearmInput input = {.model = model,
                          .firearms = (const Firearm *)(gconstpointer)world.firearms->data,
                          .n = world.firearms->len};
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model, input.firearms, input.n);
    work_init(&work, &input, parameters, NULL);
    g_array_unref(link_traces(&work, &input));
    work.prior = prior_bits(parameters->rates.prior_has_trace, work.n_firearms) - FEWER[_i];
    g_autoptr(Search) search = search_new(&work);
    for (guint place = 0; place < work.n_seizures; place++) {
        g_autoptr(GArray) found = search_candidates(search, &place, 1, FALSE);
        two += check_seizure(&work, work.seizure[place], found, &kept);
    }
    ck_assert_uint_gt(kept, SEIZURES / 4);
    ck_assert(_i > 1 || two > 0);
    g_clear_pointer(&search, search_free);
    work_clear(&work);
    world_clear(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link/search");
    TCase *tests = tcase_create("search");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, what_is_worth_keeping_is_found, 0, G_N_ELEMENTS(FEWER));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
