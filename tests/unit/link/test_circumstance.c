/*
 * What the days and places of a record and the deals of two traces say, and the most that they can:
 * what the search leaves out rests on it.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/link/judged.h"
#include "tests/unit/suite.h"

/* First dealer and buyer of two traces, the days they were bought, and what each says. */
static const struct {
    struct {
        const char *dealer, *buyer;
        Day born, bought;
    } trace[2];
    const char *dealer, *buyer, *days; /* level of the term; NULL: none */
} deals[] = {
    {{{"2231", "DOE", 5000, 19000}, {"2231", "DOE", 5000, 19000}},
     "same-dealer",
     "same-buyer",
     "same-purchase"},
    {{{"2231", "DOE", 5000, 19000}, {"2230", "ROE", 5001, 19001}},
     "other-dealer",
     "other-buyer",
     "other-purchase"},
    {{{"2230", "ROE", 5001, 19001}, {"2231", "DOE", 5000, 19000}},
     "other-dealer",
     "other-buyer",
     "other-purchase"},
    {{{"2231", "DOE", 5000, DAY_NONE}, {"2231", "DOE", 5001, 19000}}, "same-dealer", NULL, NULL},
    {{{NULL, "DOE", 5000, 19000}, {"2231", "ROE", 5000, DAY_NONE}}, NULL, NULL, NULL},
    {{{"2231", NULL, 5000, DAY_NONE}, {NULL, "DOE", 5000, DAY_NONE}}, NULL, NULL, NULL},
    {{{"2231", "DOE", 5000, DAY_NONE}, {"2231", NULL, 5000, DAY_NONE}}, "same-dealer", NULL, NULL},
    {{{"2231", "DOE", DAY_NONE, DAY_NONE}, {"2231", "DOE", 5000, DAY_NONE}},
     "same-dealer",
     NULL,
     NULL},
    {{{"2231", "DOE", 5000, DAY_NONE}, {"2231", "DOE", DAY_NONE, DAY_NONE}},
     "same-dealer",
     NULL,
     NULL},
};

/* The level of a field that ends so, NULL when there is none; adds its bits. */
static const char *level_of(const Evidence *evidence, const char *field, const char *about,
                            double *bits)
{
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        if (strcmp(term->field, field) == 0 && g_str_has_suffix(term->level, about)) {
            *bits += term->bits;
            return term->level;
        }
    }
    return NULL;
}

/* Days from a purchase to a seizure (young_days=1095, old_days below), and what they say. */
static const struct {
    int days;
    Level level;
} ages[] = {{-1, LEVEL_BOUGHT_AFTER}, {0, LEVEL_YOUNG}, {1095, LEVEL_YOUNG}, {1096, LEVEL_BETWEEN}};

/* Whatever is recorded of the day and the place of a trace: no seizure gives more than the most. */
START_TEST(circumstances_give_no_more_than_the_most)
{
    static const char *const country[] = {NULL, "CAN", "USA", "USA"};
    static const char *const region[] = {"ON", "ON", "OH", "ON"}; /* the last by mistake */
    guint a = work.seizure[0], best = 0;
    for (guint i = 0; i < 32; i++) {
        Firearm f = g_array_index(world.firearms, Firearm, work.trace[0]);
        f.purchase_date = DAY_NONE;
        f.event_country = country[i % 4];
        f.event_region = i / 4 % 2 ? region[i % 4] : NULL;
        f.event_date = i / 8 % 2 ? 18600 : DAY_NONE;
        f.request_date = i / 16 ? 18700 : DAY_NONE;
        Firearm pair[] = {g_array_index(world.firearms, Firearm, a), f};
        for (guint k = 0; k < 4; k++) {
            pair[0].event_date = k % 2 ? 18600 : DAY_NONE;
            pair[0].event_region = k / 2 ? "ON" : NULL;
            FirearmInput input = {.model = model, .firearms = pair, .n = 2};
            Work two;
            work_init(&two, &input, parameters, NULL);
            double bits = judge_circumstances(&two.judge, 0, 1, NULL);
            double most = judge_most_dated(&two.judge, 1, FALSE);
            ck_assert_msg(bits <= most, "case %u, %u: %f, most %f", i, k, bits, most);
            if (k % 2 && f.event_date == DAY_NONE) { /* as a search takes who has no day */
                double away = judge_most_dated(&two.judge, 1, TRUE);
                ck_assert_msg(bits <= away, "case %u, %u: %f, away %f", i, k, bits, away);
            }
            best += bits > 0 && bits == most;
            work_clear(&two);
        }
    }
    ck_assert_uint_gt(best, 3); /* else it would bound nothing */
}
END_TEST

START_TEST(bought_before_it_was_seized)
{
    guint seizure = work.seizure[0], trace = work.trace[0];
    Level level[ASKED];
    g_array_index(world.firearms, Firearm, seizure).event_date = 20000;
    g_array_index(world.firearms, Firearm, trace).purchase_date = 20000 - ages[_i].days;
    circumstances_of(&work.judge, seizure, trace, level);
    ck_assert_int_eq(level[ASK_PURCHASE], ages[_i].level);
}
END_TEST

START_TEST(two_traces_of_one_deal)
{
    guint at[2] = {work.trace[0], work.trace[1]};
    g_autoptr(Evidence) evidence = evidence_new();
    double terms = 0, bits, without;
    for (guint i = 0; i < 2; i++) {
        Firearm *f = &g_array_index(world.firearms, Firearm, at[i]);
        f->dealer = deals[_i].trace[i].dealer;
        f->buyer_last = deals[_i].trace[i].buyer;
        f->buyer_dob = deals[_i].trace[i].born;
        f->purchase_date = deals[_i].trace[i].bought;
    }
    bits = judge_repeat(&work.judge, at[0], at[1], evidence);
    without = judge_description(&work.judge, at[0], at[1], NULL);
    ck_assert_pstr_eq(level_of(evidence, "acquisition", "-dealer", &terms), deals[_i].dealer);
    ck_assert_pstr_eq(level_of(evidence, "acquisition", "-buyer", &terms), deals[_i].buyer);
    ck_assert_pstr_eq(level_of(evidence, "dates", "-purchase", &terms), deals[_i].days);
    ck_assert_double_eq_tol(bits - without, terms, 1e-9);
    ck_assert(_i != 0 || bits > without);
    ck_assert(_i != 1 || bits < without);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("circumstance");
    TCase *tests = tcase_create("circumstance");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, circumstances_give_no_more_than_the_most);
    tcase_add_loop_test(tests, bought_before_it_was_seized, 0, G_N_ELEMENTS(ages));
    tcase_add_loop_test(tests, two_traces_of_one_deal, 0, G_N_ELEMENTS(deals));
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
