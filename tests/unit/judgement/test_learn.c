/*
 * What decisions teach the next estimate: the right way, little by few of them, what is true by
 * many, and never more than the limit.
 */
#include <check.h>
#include <stdlib.h>

#include "engine/base/evidence.h"
#include "engine/judgement/learn.h"
#include "tests/unit/suite.h"

static const Learning learning = {0.7, 3};

/* n pairs of the same odds, of which so many were one. */
static double shift_of(double bits, guint n, guint same)
{
    g_autofree LearningPair *pairs = g_new(LearningPair, n + 1);
    for (guint i = 0; i < n; i++)
        pairs[i] = (LearningPair){bits, i < same};
    return learning_shift(&learning, pairs, n);
}

START_TEST(the_right_way)
{
    ck_assert_double_eq(shift_of(0, 0, 0), 0);
    ck_assert_double_gt(shift_of(0, 4, 4), 0);
    ck_assert_double_lt(shift_of(0, 4, 0), 0);
    ck_assert_double_eq_tol(shift_of(0, 8, 4), 0, 1e-9);
    /* what everybody knew teaches nothing; what nobody expected teaches much */
    ck_assert_double_lt(shift_of(12, 50, 50), 0.02);
    ck_assert_double_lt(shift_of(12, 1, 0), shift_of(0, 1, 0));
}
END_TEST

START_TEST(few_move_little)
{
    ck_assert_double_lt(shift_of(0, 1, 1), 0.2);
    ck_assert_double_gt(shift_of(0, 1, 0), -0.2);
    ck_assert_double_gt(shift_of(20, 1, 0), -0.4); /* one mistake of somebody */
    ck_assert_double_lt(shift_of(0, 10, 10), 1.5);
    ck_assert_double_lt(shift_of(-40, 100000, 100000), learning.most + 1e-9);
    ck_assert_double_gt(shift_of(40, 100000, 0), -learning.most - 1e-9);
}
END_TEST

/* Odds that are wrong by so many bits are found out by many decisions. */
START_TEST(many_find_the_truth)
{
    static const double wrong[] = {-2, -1, 0, 1, 2};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(i + 1);
        g_autofree LearningPair *pairs = g_new(LearningPair, 4000);
        for (guint k = 0; k < 4000; k++) {
            double told = g_rand_double_range(random, -4, 4);
            gboolean same = g_rand_double(random) < bits_to_probability(told + wrong[i]);
            pairs[k] = (LearningPair){told, same};
        }
        ck_assert_double_eq_tol(learning_shift(&learning, pairs, 4000), wrong[i], 0.2);
    }
}
END_TEST

START_TEST(rules_are_read)
{
    GError *error = NULL;
    Learning read = {0, 0};
    ck_assert(learning_load("rules", &read, &error));
    ck_assert_double_gt(read.spread, 0);
    ck_assert_double_gt(read.most, read.spread);
    ck_assert(!learning_load("tests", &read, &error));
    g_clear_error(&error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judgement/learn");
    TCase *cases = tcase_create("learn");
    tcase_add_test(cases, the_right_way);
    tcase_add_test(cases, few_move_little);
    tcase_add_test(cases, many_find_the_truth);
    tcase_add_test(cases, rules_are_read);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
