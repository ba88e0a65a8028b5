/*
 * The first look at a pair against the whole comparison: it leaves out nothing that reaches the
 * odds that are asked for, whatever these are; and the sieve of whole blocks nothing that the first
 * look lets pass. Birth dates are told apart as by their written digits.
 */
#include "engine/blocking/digest.h"
#include "engine/blocking/key.h"
#include "engine/blocking/near.h"
#include "engine/blocking/sieve.h"
#include "engine/person/birth.h"

#include "engine/person/distance.h"
#include "engine/resolution/estimate.h"
#include "engine/resolution/nodes.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every third of a name goes by another that shares hardly a letter with it. */
static void call_otherwise(Crowd *crowd)
{
    static const char *const called[][3] = {{"ROBERT", "MARGARET", "PEGGY"},
                                            {"JAMES", "CHARLES", "CHUCK"},
                                            {"PETER", "DOROTHY", "DOLLY"}};
    for (guint i = 0; i < crowd->n; i++)
        for (guint k = 0; k < G_N_ELEMENTS(called); k++)
            if (g_strcmp0(crowd->mentions[i].first, called[k][0]) == 0)
                crowd->mentions[i].first = called[k][i % 3 ? 1 : 2];
}

/* Of some the one name stands in the other column; some have e-mail addresses, some short numbers,
 * each with slips. */
static void write_otherwise(Crowd *crowd)
{
    static const char *const mails[] = {"ann.lee@example.org", "anne.lee@example.org",
                                        "ann.leigh@exmple.org", "bob@example.org"};
    static const char *const numbers[] = {"12345", "12845", "123456", "1234567", "1284567"};
    for (guint i = 0; i < crowd->n; i++) {
        PersonMention *m = &crowd->mentions[i];
        if (i % 11 == 0) {
            m->first = m->last;
            m->last = NULL;
        }
        if (i % 9 == 0)
            m->phone = mails[i / 9 % G_N_ELEMENTS(mails)];
        if (i % 7 == 0) {
            m->doc_no = numbers[i / 7 % G_N_ELEMENTS(numbers)];
            m->doc_type = m->doc_issuer = NULL;
        }
    }
}

/* One of eight crowds, of other habits each. */
static Crowd *crowd_of(guint which)
{
    Crowd *crowd = crowd_new(500, 300 + which);
    call_otherwise(crowd);
    if (which % 2)
        crowd_bear(crowd);
    if (which >= 4)
        write_otherwise(crowd);
    return crowd;
}

START_TEST(bound_holds)
{
    static const double least[] = {-25, -11, -2, 6, 15};
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_of((guint)_i);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n};
    g_autoptr(People) people = people_new(model, &input);
    Blocks *blocks;
    g_autoptr(PersonParameters) parameters = parameters_estimated(people, &input, &blocks);
    ck_assert_ptr_null(blocks); /* all of few mentions are drawn */
    g_autoptr(Scorer) scorer = scorer_new(people, &parameters->weights);
    guint wanted = 0, let = 0, near = 0, outlined = 0, all = 0;
    Bound bounds[G_N_ELEMENTS(least)];
    for (guint k = 0; k < G_N_ELEMENTS(least); k++)
        bound_init(&bounds[k], scorer, least[k]);
    for (guint a = 0; a < people->nodes->len; a++)
        for (guint b = a + 1; b < people->nodes->len; b++) {
            double odds = node_odds(scorer, pattern_of(scorer, a, b), a, b);
            for (guint k = 0; k < G_N_ELEMENTS(least); k++) {
                Digest x = digest_of(&bounds[k], people_node(people, a));
                Digest y = digest_of(&bounds[k], people_node(people, b));
                gboolean reach = digests_reach(&bounds[k], &x, &y);
                ck_assert_msg(reach || odds < least[k], "pair %u %u has %f", a, b, odds);
                wanted += odds >= least[k];
                let += reach && k > 0;
                all += k > 0;
                gboolean close = digests_near(people, &x, &y);
                ck_assert(close ||
                          !pair_near(people, people_node(people, a), people_node(people, b)));
                near += close && k > 0;
                Digest left = digest_outline(&bounds[k], people_node(people, a));
                Digest right = digest_outline(&bounds[k], people_node(people, b));
                gboolean may_reach = digests_reach(&bounds[k], &left, &right);
                ck_assert((may_reach || !reach) && (digests_near(people, &left, &right) || !close));
                outlined += may_reach && !reach;
            }
        }
    ck_assert_uint_gt(outlined, 0); /* their numbers tell some apart */
    ck_assert_uint_gt(wanted, 500);
    ck_assert_uint_lt(let, all / 5);      /* that they let all pass would hold as well */
    ck_assert(near < all / 5 || _i >= 4); /* without a name nearly all may be near */
}
END_TEST

/* Some dates of which a part is missing, or that no calendar has; some companies. */
static void write_partly(Crowd *crowd)
{
    for (guint i = 0; i < crowd->n; i++) {
        PersonMention *m = &crowd->mentions[i];
        if (i % 13 == 0)
            m->dob = birth_of_parts(1980 + i % 3, i % 2 ? 2 : 0, i % 4 == 1 ? 31 : 0);
        if (i % 37 == 0) {
            m->organisation = TRUE;
            m->last = i % 2 ? "ACME TRADING LTD" : "ACME TRADNG LTD";
        }
    }
}

/* Of the nodes from..to those that the sieve lets pass with x: each that the bound does, rising.
 * Returns how many there are. */
static guint sieved(const Bound *bound, Sieve *sieve, const Digest *digests, guint x, guint n)
{
    guint found[SIEVE_LANES], from = x % 3 ? x % n : 0, at = 0;
    guint passed = sieve_pass(sieve, &digests[x], from, found);
    for (guint i = from; i < n; i++) {
        while (at < passed && found[at] < i)
            at++;
        gboolean passes = at < passed && found[at] == i;
        ck_assert_msg(passes || !digests_reach(bound, &digests[x], &digests[i]),
                      "pair %u %u does not pass for %f", x, i, bound->least);
    }
    for (guint i = 0; i < passed; i++)
        ck_assert(found[i] >= from && found[i] < n && (i == 0 || found[i] > found[i - 1]));
    return passed;
}

/* All pairs of nodes, up to a sieve full at a time, for some odds. Returns how many pass; all: how
 * many there are. */
static guint sieved_all(const Scorer *scorer, double least, guint *all)
{
    const People *people = scorer->people;
    guint nodes = people->nodes->len, passed = 0;
    g_autofree Digest *digests = g_new(Digest, nodes);
    Bound bound;
    bound_init(&bound, scorer, least);
    for (guint i = 0; i < nodes; i++)
        digests[i] = digest_of(&bound, people_node(people, i));
    Sieve *sieve = sieve_new(&bound);
    *all = 0;
    for (guint from = 0, n; from < nodes; from += n) {
        n = MIN(SIEVE_LANES - from % 5, nodes - from);
        sieve_take(sieve, digests + from, n);
        for (guint x = 0; x < n; x++) {
            passed += sieved(&bound, sieve, digests + from, x, n);
            *all += n - (x % 3 ? x : 0);
        }
    }
    sieve_free(sieve);
    return passed;
}

START_TEST(sieve_holds)
{
    static const double least[] = {-HUGE_VAL, -25, -11, -2, 6, 15};
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_of((guint)_i);
    if (_i % 4 >= 2)
        write_partly(crowd);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n};
    g_autoptr(People) people = people_new(model, &input);
    Blocks *blocks;
    g_autoptr(PersonParameters) parameters = parameters_estimated(people, &input, &blocks);
    g_autoptr(Scorer) scorer = scorer_new(people, &parameters->weights);
    guint passed = 0, all = 0;
    for (guint k = 0; k < G_N_ELEMENTS(least); k++) {
        guint pairs, pass = sieved_all(scorer, least[k], &pairs);
        passed += least[k] > -11 ? pass : 0;
        all += least[k] > -11 ? pairs : 0;
    }
    ck_assert_uint_lt(passed, all / 4); /* that it lets all pass would hold as well */
}
END_TEST

/* Weights need not be in order, nor be near those of the rules: a worse level may weigh more. */
START_TEST(sieve_holds_by_any_weights)
{
    static const double least[] = {-20, 0, 10, 20};
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_of((guint)_i);
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    write_partly(crowd);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n};
    g_autoptr(People) people = people_new(model, &input);
    people_count(people, NULL);
    guint passed = 0;
    for (guint k = 0; k < 2 * G_N_ELEMENTS(least); k++) {
        Weights weights = model->start;
        for (guint f = 0; f < FIELD_COUNT; f++)
            for (guint l = 0; l < field_levels(f); l++) {
                weights.odds[f][l].m = exp2(g_rand_double_range(rand, -10, 0));
                weights.odds[f][l].u = exp2(g_rand_double_range(rand, -10, 0));
            }
        g_autoptr(Scorer) scorer = scorer_new(people, &weights);
        guint pairs;
        passed += sieved_all(scorer, least[k % G_N_ELEMENTS(least)], &pairs);
    }
    ck_assert_uint_gt(passed, 1000);
}
END_TEST

START_TEST(dates_by_digits)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    guint slips = 0;
    for (guint i = 0; i < 200000; i++) {
        int y[2], m[2], d[2];
        char text[2][16];
        for (guint k = 0; k < 2; k++) {
            y[k] = 1979 + g_rand_int_range(rand, 0, 14);
            m[k] = g_rand_int_range(rand, 1, 13);
            d[k] = g_rand_int_range(rand, 1, 29);
            g_snprintf(text[k], sizeof text[k], "%04d%02d%02d", y[k], m[k], d[k]);
        }
        gboolean swapped = y[0] == y[1] && m[0] == d[1] && d[0] == m[1];
        gboolean slip = !swapped && distance_edit(text[0], 8, text[1], 8) == 1;
        guint level =
            dates_level(model, date_from_ymd(y[0], m[0], d[0]),
                        birth_digits(birth_of_parts((guint)y[0], (guint)m[0], (guint)d[0])),
                        date_from_ymd(y[1], m[1], d[1]),
                        birth_digits(birth_of_parts((guint)y[1], (guint)m[1], (guint)d[1])));
        ck_assert_int_eq(level == DOB_EXACT, strcmp(text[0], text[1]) == 0);
        ck_assert_int_eq(level == DOB_DIGIT, slip);
        ck_assert(level == DOB_EXACT || (level == DOB_SWAPPED) == swapped);
        slips += slip;
    }
    ck_assert_uint_gt(slips, 1000);
}
END_TEST

/* Names that are listed as those of two are so even where hardly a letter is the same. */
START_TEST(listed_as_two)
{
    static const char *const names[][2] = {{"CHERYL", "DARYL"}, {"HENRY", "HENRIETTA"}};
    g_autoptr(PersonModel) model = model_load();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        PersonMention mentions[2];
        for (guint k = 0; k < 2; k++)
            mentions[k] = (PersonMention){
                .ref = k ? "b" : "a", .last = "SYNTHETIC", .first = names[i][k], .dob = DAY_NONE};
        PersonInput input = {.mentions = mentions, .n = 2};
        g_autoptr(People) people = people_new(model, &input);
        people_count(people, NULL);
        g_autoptr(Scorer) scorer = scorer_new(people, &model->start);
        ck_assert_uint_eq(pattern_level(pattern_of(scorer, 0, 1), FIELD_GIVEN), NAME_FAR);
    }
}
END_TEST

/* A surname that is only far alike is another's of birth where that is the middle name. */
START_TEST(named_as_born)
{
    static const char *const names[][2] = {{"MARTIN", "MARANTO"}, {"CAMERON", "CARMODY"}};
    g_autoptr(PersonModel) model = model_load();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        PersonMention mentions[2];
        for (guint k = 0; k < 2; k++)
            mentions[k] = (PersonMention){
                .ref = k ? "b" : "a", .last = names[i][k], .first = "ANNE", .dob = DAY_NONE};
        PersonInput input = {.mentions = mentions, .n = 2};
        for (guint born = 0; born < 2; born++) {
            mentions[0].middle = born ? names[i][1] : NULL;
            g_autoptr(People) people = people_new(model, &input);
            people_count(people, NULL);
            g_autoptr(Scorer) scorer = scorer_new(people, &model->start);
            ck_assert_uint_eq(pattern_level(pattern_of(scorer, 0, 1), FIELD_SURNAME),
                              born ? NAME_VARIANT : NAME_FAR);
        }
    }
}
END_TEST

/* A block that stays too large is split by one part after another, the same whatever its key, and
 * by no part twice. */
START_TEST(splits_follow_each_other)
{
    for (guint key = 0; key < BLOCK_KEYS; key++) {
        guint round = 1;
        for (Part part; (part = key_split(key, round)) != PART_NONE; round++)
            for (guint before = 1; before < round; before++)
                ck_assert(part != key_split(key, before) && part == key_split(0, round));
        ck_assert_uint_gt(round, 2);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/near");
    TCase *tcase = tcase_create("look");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, bound_holds, 0, suite_rounds(8));
    tcase_add_loop_test(tcase, sieve_holds, 0, suite_rounds(8));
    tcase_add_loop_test(tcase, sieve_holds_by_any_weights, 0, suite_rounds(8));
    tcase_add_test(tcase, listed_as_two);
    tcase_add_test(tcase, named_as_born);
    tcase_add_test(tcase, splits_follow_each_other);
    tcase_add_test(tcase, dates_by_digits);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
