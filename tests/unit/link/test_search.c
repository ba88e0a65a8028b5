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
    world_doubt(&world);
    FirearmInput input = world_input(&world, model);
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

/* The seizure that has its serial number in full; NULL: none. */
static const Firearm *same_serial(const FirearmModel *model, const World *world,
                                  const Firearm *trace)
{
    for (guint i = 0; i < world->firearms->len; i++) {
        const Firearm *f = &g_array_index(world->firearms, Firearm, i);
        if (f->side == SIDE_SEIZURE && serial_is_full(f->serial) && serial_is_full(trace->serial) &&
            serial_tier(model, f->serial, f->serial_raw, trace->serial, trace->serial_raw) <=
                TIER_S1)
            return f;
    }
    return NULL;
}

/* What a number and a reference both propose is found once. */
START_TEST(what_paper_names_too_is_found_once)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    World world;
    Work work;
    guint both = 0;
    world_init(&world, 1000, 100, 22);
    for (guint i = 0; i < world.firearms->len; i++) {
        Firearm *f = &g_array_index(world.firearms, Firearm, i);
        g_autofree char *number = g_strdup_printf("4531-23-%u", 1000 + i);
        if (f->side == SIDE_SEIZURE)
            f->seizure_no = g_string_chunk_insert_const(world.strings, number);
    }
    for (guint i = 0; i < world.firearms->len; i++) {
        Firearm *f = &g_array_index(world.firearms, Firearm, i);
        const Firearm *seizure = f->side == SIDE_TRACE ? same_serial(model, &world, f) : NULL;
        f->agency_case_no = seizure ? seizure->seizure_no : NULL;
        both += seizure != NULL;
    }
    ck_assert_uint_gt(both, 10);
    FirearmInput input = world_input(&world, model);
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model, input.firearms, input.n);
    work_init(&work, &input, parameters, NULL);
    g_array_unref(link_traces(&work, &input));
    work.prior = prior_bits(parameters->rates.prior_has_trace, work.n_firearms);
    g_autoptr(Search) search = search_new(&work);
    guint named = 0;
    for (guint place = 0; place < work.n_seizures; place++) {
        g_autoptr(GArray) found = search_candidates(search, &place, 1, FALSE);
        for (guint i = 0; i < found->len; i++) {
            const Candidate *c = &g_array_index(found, Candidate, i);
            const Firearm *trace = &input.firearms[c->b];
            ck_assert_ptr_eq(found_pair(found, c->a, c->b), c);
            named += g_strcmp0(trace->agency_case_no, input.firearms[c->a].seizure_no) == 0;
        }
    }
    ck_assert_uint_gt(named, 10);
    g_clear_pointer(&search, search_free);
    work_clear(&work);
    world_clear(&world);
}
END_TEST

/* Gives the last but so many of a side this number. */
static void give_number(World *world, FirearmSide side, guint last_but, const char *text,
                        Serial *serial)
{
    *serial = serial_parse(text, NULL);
    for (guint i = world->firearms->len; i-- > 0;) {
        Firearm *f = &g_array_index(world->firearms, Firearm, i);
        if (f->side == side && last_but-- == 0) {
            f->serial = serial;
            f->serial_raw = text;
            return;
        }
    }
}

/* A trace whose serial is a pattern is one pattern, however many seizures it fits, and all of these
 * are counted. */
START_TEST(a_pattern_stands_once)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    World world;
    Work work;
    Serial serials[3];
    world_init(&world, 200, 100, 23);
    give_number(&world, SIDE_TRACE, 0, "TES41?7", &serials[0]);
    give_number(&world, SIDE_SEIZURE, 0, "TES4127", &serials[1]);
    give_number(&world, SIDE_SEIZURE, 1, "TES4137", &serials[2]);
    FirearmInput input = world_input(&world, model);
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(model, input.firearms, input.n);
    work_init(&work, &input, parameters, NULL);
    g_array_unref(link_traces(&work, &input));
    g_autoptr(Search) search = search_new(&work);
    ck_assert_uint_eq(search->pattern->len, 1);
    ck_assert_uint_eq(g_array_index(search->pattern, Pattern, 0).fitted.all, 2);
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
    tcase_add_test(tests, what_paper_names_too_is_found_once);
    tcase_add_test(tests, a_pattern_stands_once);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
