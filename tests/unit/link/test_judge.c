/*
 * What the search leaves out rests on bounds: a description gives no more than the most it can
 * give, a serial no more than its cheaper estimate, a transcription costs no less than the least
 * for so many edits. Held here for every pair of a small synthetic population.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/firearm/tier.h"
#include "tests/unit/link/judged.h"
#include "tests/unit/suite.h"

/* Bits of the terms that a description is made of. */
static double described(guint a, guint b)
{
    static const char *const fields[] = {"make", "model", "calibre", "type", "origin", NULL};
    g_autoptr(Evidence) evidence = evidence_new();
    double bits = 0;
    judge_fields(&work.judge, a, b, evidence);
    for (guint i = 0; i < evidence_count(evidence); i++)
        if (g_strv_contains(fields, evidence_term(evidence, i)->field))
            bits += evidence_term(evidence, i)->bits;
    return bits;
}

START_TEST(a_description_gives_no_more_than_the_most)
{
    guint near = 0;
    for (guint i = 0; i < work.n_seizures; i++) {
        guint a = work.seizure[i];
        Described most = judge_most_described(&work.judge, a);
        double best = 0;
        for (guint t = 0; t < work.n_traces; t++) {
            guint b = work.trace[t];
            double bits = described(a, b), beside = judge_described(&work.judge, &most, a, b);
            ck_assert_msg(bits <= beside + 0.03, "%s ~ %s: %f, most %f", work.judge.firearms[a].ref,
                          work.judge.firearms[b].ref, bits, beside);
            ck_assert(beside <= most.all);
            best = MAX(best, bits);
        }
        near += best > 1 && best > 0.7 * most.all;
    }
    ck_assert_uint_gt(near, work.n_seizures / 20); /* else it would bound nothing */
}
END_TEST

START_TEST(a_serial_gives_no_more_than_its_estimate)
{
    guint tiers[TIER_S4 + 1] = {0};
    for (guint s = 0; s < work.n_seizures; s++)
        for (guint t = 0; t < work.n_traces; t++) {
            guint a = work.seizure[s], b = work.trace[t];
            const Firearm *f = &work.judge.firearms[a], *g = &work.judge.firearms[b];
            Tier tier = serial_tier(model, f->serial, f->serial_raw, g->serial, g->serial_raw);
            if (tier == TIER_NONE || tier == TIER_S3)
                continue;
            double bits = judge_serial(&work.judge, a, b, tier, 0);
            double most = judge_serial_most(&work.judge, a, b, tier, 0);
            ck_assert_msg(isfinite(bits) && bits <= most + 1e-6, "%s ~ %s: %f, most %f", f->ref,
                          g->ref, bits, most);
            tiers[tier]++;
        }
    ck_assert_uint_gt(tiers[TIER_S0] + tiers[TIER_S1], 10);
    ck_assert_uint_gt(tiers[TIER_S2], 0);
}
END_TEST

/* A change of a serial: another character, one left out, one more, two swapped, an end lost, the
 * letters of its middle left out (as NCIC keeps it). */
static void change(Codes *codes, GRand *random)
{
    static const guint8 likely[] = {0, 1, 2, 5, 6, 8, 10, 11, 13, 18, 24, 28, 34, 35};
    guint at = (guint)g_rand_int_range(random, 0, codes->n - 1);
    guint8 code = likely[g_rand_int_range(random, 0, G_N_ELEMENTS(likely))];
    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        memmove(codes->code + at, codes->code + at + 1, codes->n-- - at - 1u);
        break;
    case 1:
        memmove(codes->code + at + 1, codes->code + at, codes->n++ - at);
        codes->code[at] = code;
        break;
    case 2:
        code = codes->code[at];
        codes->code[at] = codes->code[at + 1];
        codes->code[at + 1] = code;
        break;
    case 3:
        codes->n = (guint8)(codes->n - g_rand_int_range(random, 1, 3));
        break;
    case 4:
        *codes = codes_ncic(codes);
        break;
    default:
        codes->code[at] = code;
    }
}

/* How many changes a tier of two serials tells of; 3: it is none that is searched by their number.
 */
static guint changes_of(const Codes *a, const Codes *b, Tier tier)
{
    if (tier == TIER_NONE)
        return 3;
    return tier <= TIER_S1N ? 0 : codes_two_edits(a, b, tier) ? 2 : 1;
}

/* Random serials and what one and two changes make of them, and the least that any of them cost. */
START_TEST(edits_cost_no_less_than_the_least)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    double slack[3] = {60, 60, 60};
    guint seen[3] = {0};
    for (guint round = 0; round < 60000; round++) {
        Codes meant = {.n = (guint8)g_rand_int_range(random, 7, 13)}, written;
        for (guint i = 0; i < meant.n; i++)
            meant.code[i] = (guint8)g_rand_int_range(random, 0, i < 3 ? 36 : 10);
        written = meant;
        for (guint e = round % 3; e > 0; e--)
            change(&written, random);
        Tier tier = codes_tier(model, &written, &meant);
        guint changes = changes_of(&written, &meant, tier);
        if (changes > 2 || written.n < 5)
            continue;
        for (guint way = 0; way < 2; way++) {
            const Codes *from = way ? &meant : &written, *to = way ? &written : &meant;
            double cost = transcription_cost(model, from, to, tier, 0), least[3];
            edit_costs(model, to->n, least);
            ck_assert(least[0] <= least[1] && least[1] < least[2]);
            ck_assert_msg(cost >= least[changes] - 1e-6, "%u changes: %f, least %f", changes, cost,
                          least[changes]);
            slack[changes] = MIN(slack[changes], cost - least[changes]);
            seen[changes]++;
        }
    }
    ck_assert(seen[0] > 1000 && seen[1] > 1000 && seen[2] > 1000);
    /* and is as much as can be said: nothing is searched for that cannot be worth it */
    ck_assert(slack[0] < 3.5 && slack[1] < 0.5 && slack[2] < 3);
}
END_TEST

/* A lost end costs the same whatever is left of the number, from as little as is one at all. */
START_TEST(a_lost_end_costs_the_same)
{
    for (guint lost = 1; lost < 4; lost++)
        for (guint n = CONTAINED_MIN; n < 9; n++) {
            Codes meant = {.n = (guint8)(n + lost)}, first = {.n = (guint8)n}, last = first;
            for (guint i = 0; i < meant.n; i++)
                meant.code[i] = (guint8)((7 * i + 3) % 36);
            memcpy(first.code, meant.code, n);
            memcpy(last.code, meant.code + lost, n);
            double cost[2] = {transcription_cost(model, &first, &meant, TIER_S4, 0),
                              transcription_cost(model, &last, &meant, TIER_S4, 0)};
            Codes longer = {.n = 12}, left = {.n = (guint8)(12 - lost)};
            for (guint i = 0; i < longer.n; i++)
                left.code[i] = longer.code[i] = (guint8)((7 * i + 3) % 36);
            double want = transcription_cost(model, &left, &longer, TIER_S4, 0);
            ck_assert_double_eq_tol(cost[0], want, 1e-9);
            ck_assert_double_eq_tol(cost[1], want, 1e-9);
        }
}
END_TEST

/* What a field of two descriptions is worth; 0 where it is no term. */
static double worth(const Judge *judge, guint a, guint b, const char *field)
{
    g_autoptr(Evidence) evidence = evidence_new();
    judge_description(judge, a, b, evidence);
    for (guint i = 0; i < evidence_count(evidence); i++)
        if (strcmp(evidence_term(evidence, i)->field, field) == 0)
            return evidence_term(evidence, i)->bits;
    return 0;
}

/* Where no make is known, an equal calibre is worth how often firearms of one make agree in it,
 * over how common it is among all; where makes are known, among those of the make. */
START_TEST(a_rare_calibre_tells_without_a_make)
{
    static const char *const calibres[] = {"9MM", "9MM", "9MM", "25ACP"};
    World own;
    Work weighed;
    world_init(&own, 400, 0, 16);
    guint n = own.firearms->len;
    for (guint i = 0; i < n; i++)
        g_array_index(own.firearms, Firearm, i).calibre = calibres[i % G_N_ELEMENTS(calibres)];
    Firearm two[4];
    for (guint i = 0; i < G_N_ELEMENTS(two); i++) {
        g_autofree char *ref = g_strdup_printf("%s:Y%u", i % 2 ? "atf-trace" : "cbsa-seizure", i);
        two[i] = g_array_index(own.firearms, Firearm, 0);
        two[i].ref = g_string_chunk_insert(own.strings, ref);
        two[i].side = i % 2 ? SIDE_TRACE : SIDE_SEIZURE;
        two[i].make = two[i].model = NULL;
        two[i].calibre = i < 2 ? "25ACP" : "9MM";
    }
    g_array_append_vals(own.firearms, two, G_N_ELEMENTS(two));
    FirearmInput input = world_input(&own, model);
    g_autoptr(FirearmParameters) of_own =
        firearm_parameters_estimate(model, input.firearms, input.n);
    work_init(&weighed, &input, of_own, NULL);
    double rate = *said_rate((FirearmModel *)weighed.judge.model, SAID_CALIBRE_EQUAL);
    double rare = worth(&weighed.judge, n, n + 1, "calibre");
    double common = worth(&weighed.judge, n + 2, n + 3, "calibre");
    ck_assert_double_eq_tol(rare, log2(rate / 0.25), 0.3);
    ck_assert_double_eq_tol(common, log2(rate / 0.75), 0.3);
    ck_assert_double_eq(worth(&weighed.judge, n, n + 1, "make"), 0);
    work_clear(&weighed);
    world_clear(&own);
}
END_TEST

/* A full serial of the world with some of its characters written otherwise, as a seizure of the
 * same make; NULL where its tier is another one. */
static const Firearm *miswritten(World *own, guint trace, guint at, guint edits, Tier tier)
{
    const Firearm *of = &g_array_index(own->firearms, Firearm, trace);
    g_autofree char *text = serial_pattern(of->serial);
    for (guint e = 0; e < edits; e++) {
        char *c = &text[(at + 3 * e) % strlen(text)];
        *c = *c == '7' ? '4' : g_ascii_isdigit(*c) ? '7' : *c == 'K' ? 'P' : 'K';
    }
    const char *raw = g_string_chunk_insert(own->strings, text);
    Serial *read = g_new(Serial, 1);
    *read = serial_parse(raw, NULL);
    g_ptr_array_add(own->serials, read);
    if (serial_tier(model, read, raw, of->serial, of->serial_raw) != tier)
        return NULL;
    Firearm seizure = *of;
    g_autofree char *ref = g_strdup_printf("cbsa-seizure:X%u/%u", own->firearms->len, edits);
    seizure.ref = g_string_chunk_insert(own->strings, ref);
    seizure.side = SIDE_SEIZURE;
    seizure.serial = read;
    seizure.serial_raw = raw;
    seizure.purchase_date = DAY_NONE;
    g_array_append_val(own->firearms, seizure);
    return &g_array_index(own->firearms, Firearm, own->firearms->len - 1);
}

/* Nothing is worth more for one edit more. */
START_TEST(two_edits_are_worth_no_more_than_one)
{
    World own;
    Work weighed;
    g_autoptr(GArray) threes = g_array_new(FALSE, FALSE, sizeof(guint)); /* trace, one, two */
    world_init(&own, 600, 0, 15);
    guint n = own.firearms->len;
    for (guint i = 0; i < n; i++) {
        const Firearm *of = &g_array_index(own.firearms, Firearm, i);
        if (of->side != SIDE_TRACE || !serial_is_full(of->serial) || of->serial->length < 7)
            continue;
        guint at = own.firearms->len, three[3] = {i, at, at + 1};
        if (miswritten(&own, i, i, 1, TIER_S2) && miswritten(&own, i, i, 2, TIER_S2B))
            g_array_append_vals(threes, three, 3);
        else
            g_array_set_size(own.firearms, at);
    }
    FirearmInput input = world_input(&own, model);
    g_autoptr(FirearmParameters) of_own = firearm_parameters_estimate(model, input.firearms, n);
    work_init(&weighed, &input, of_own, NULL);
    ck_assert_uint_gt(threes->len, 150);
    for (guint i = 0; i < threes->len; i += 3) {
        const guint *three = &g_array_index(threes, guint, i);
        double one = judge_serial(&weighed.judge, three[1], three[0], TIER_S2, 0);
        double two = judge_serial(&weighed.judge, three[2], three[0], TIER_S2B, 0);
        ck_assert_msg(two <= one + 0.05, "%s for %s: %f, %s: %f",
                      input.firearms[three[2]].serial_raw, input.firearms[three[0]].serial_raw, two,
                      input.firearms[three[1]].serial_raw, one);
    }
    work_clear(&weighed);
    world_clear(&own);
}
END_TEST

/* Bits of a seizure's serial beside a trace's, as it is when it was simply read and when it was
 * not. */
typedef struct {
    double full, restored, altered;
} ByKind;

static ByKind by_kind(const Judge *judge, guint of, guint a, guint b, Tier tier)
{
    double bits[3];
    SerialKind kinds[] = {SERIAL_FULL, SERIAL_RESTORED, SERIAL_ALTERED};
    Serial *serial = (Serial *)judge->firearms[of].serial;
    Facts *facts = (Facts *)population_facts(judge->population, of);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        serial->kind = kinds[i];
        facts->kind = (guint8)kinds[i];
        bits[i] = judge_serial(judge, a, b, tier, 0);
        ck_assert(bits[i] <= judge_serial_most(judge, a, b, tier, 0) + 1e-6);
    }
    serial->kind = SERIAL_FULL;
    facts->kind = SERIAL_FULL;
    return (ByKind){bits[0], bits[1], bits[2]};
}

/* Of a number that was restored, equality says a little less, and a slip of the pen is likelier, by
 * as much as rules/firearm.ini says at most; what is equal stays worth more. */
START_TEST(doubt_makes_a_slip_likelier)
{
    World own;
    Work weighed;
    g_autoptr(GArray) slips = g_array_new(FALSE, FALSE, sizeof(guint)); /* trace, equal, slip */
    world_init(&own, 600, 0, 15);
    guint n = own.firearms->len, likelier = 0;
    for (guint i = 0; i < n; i++) {
        guint at = own.firearms->len, slip[3] = {i, at, at + 1};
        if (miswritten(&own, i, i, 0, TIER_S0) && miswritten(&own, i, i, 1, TIER_S2))
            g_array_append_vals(slips, slip, 3);
        else
            g_array_set_size(own.firearms, at);
    }
    FirearmInput input = {.model = model,
                          .firearms = (const Firearm *)(gconstpointer)own.firearms->data,
                          .n = own.firearms->len};
    g_autoptr(FirearmParameters) of_own = firearm_parameters_estimate(model, input.firearms, n);
    work_init(&weighed, &input, of_own, NULL);
    ck_assert_uint_gt(slips->len, 600);
    double most = log2(model->transcription_restored);
    for (guint i = 0; i < slips->len; i += 3) {
        const guint *slip = &g_array_index(slips, guint, i);
        ByKind equal = by_kind(&weighed.judge, slip[1], slip[1], slip[0], TIER_S0);
        ck_assert(equal.full > equal.restored && equal.restored > equal.altered);
        ck_assert_double_gt(equal.altered, equal.full - 1);
        ByKind one = by_kind(&weighed.judge, slip[2], slip[2], slip[0], TIER_S2);
        ck_assert(one.restored <= one.full + most + 0.001 && one.restored < equal.restored);
        ck_assert(one.restored >= one.full - 0.3 && one.altered < equal.altered);
        likelier += one.restored > one.full + most / 2;
        ByKind traced = by_kind(&weighed.judge, slip[0], slip[2], slip[0], TIER_S2);
        ck_assert(traced.restored <= traced.full + most + 0.001);
    }
    ck_assert_uint_gt(likelier, slips->len / 6);
    work_clear(&weighed);
    world_clear(&own);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judge");
    TCase *tests = tcase_create("judge");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_description_gives_no_more_than_the_most);
    tcase_add_test(tests, a_serial_gives_no_more_than_its_estimate);
    tcase_add_test(tests, edits_cost_no_less_than_the_least);
    tcase_add_test(tests, two_edits_are_worth_no_more_than_one);
    tcase_add_test(tests, doubt_makes_a_slip_likelier);
    tcase_add_test(tests, a_rare_calibre_tells_without_a_make);
    tcase_add_test(tests, a_lost_end_costs_the_same);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
