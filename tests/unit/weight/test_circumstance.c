/*
 * What dates and places are worth: likelihood ratios that average to one over different firearms,
 * that follow the links of a store, and that stay as they were for a few records.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/weight/circumstance.h"
#include "tests/unit/suite.h"

/* Almost all traces were asked for before any seizure: alone that says nothing. */
static const double START[LEVELS] = {
    [LEVEL_BOUGHT_AFTER] = -7, [LEVEL_YOUNG] = 0.7,          [LEVEL_OLD] = -0.7,
    [LEVEL_SAME_EVENT] = 6,    [LEVEL_RECOVERED_AFTER] = -8, [LEVEL_REQUESTED_BEFORE_ABROAD] = -4,
    [LEVEL_SAME_REGION] = 1.5, [LEVEL_SAME_COUNTRY] = 0.5,   [LEVEL_OTHER_COUNTRY] = -1.5};
static const double COUNT[LEVELS] = {[LEVEL_BOUGHT_AFTER] = 1000,
                                     [LEVEL_YOUNG] = 20000,
                                     [LEVEL_BETWEEN] = 60000,
                                     [LEVEL_OLD] = 19000,
                                     [LEVEL_SAME_EVENT] = 20,
                                     [LEVEL_RECOVERED_AFTER] = 4980,
                                     [LEVEL_REQUESTED_BEFORE_ABROAD] = 95000,
                                     [LEVEL_SAME_REGION] = 500,
                                     [LEVEL_SAME_COUNTRY] = 4500,
                                     [LEVEL_OTHER_COUNTRY] = 95000};
#define MANY   1e9
#define BELIEF 60.0

/* The sum of share times likelihood ratio over the levels from the first to the last. */
static double average(const double *bits, Level first, Level last)
{
    double all = 0, sum = 0;
    for (Level level = first; level <= last; level++) {
        all += COUNT[level];
        sum += COUNT[level] * exp2(bits[level]);
    }
    return sum / all;
}

START_TEST(test_average_one)
{
    const double none[LEVELS] = {0};
    double bits[LEVELS];
    circumstances_fit(START, COUNT, none, BELIEF, MANY, bits);
    ck_assert_double_eq_tol(average(bits, LEVEL_BOUGHT_AFTER, LEVEL_OLD), 1, 0.01);
    ck_assert_double_eq_tol(average(bits, LEVEL_SAME_EVENT, LEVEL_CANADA), 1, 0.01);
    ck_assert_double_eq_tol(average(bits, LEVEL_SAME_REGION, LEVEL_OTHER_COUNTRY), 1, 0.01);
    ck_assert_double_lt(average(START, LEVEL_SAME_EVENT, LEVEL_CANADA), 0.1);
    /* What one level gains over another is left as the rule file has it. */
    ck_assert_double_eq_tol(bits[LEVEL_SAME_EVENT] - bits[LEVEL_REQUESTED_BEFORE_ABROAD], 10, 0.1);
}
END_TEST

START_TEST(test_follows_links)
{
    double mass[LEVELS] = {[LEVEL_SAME_EVENT] = 900, [LEVEL_REQUESTED_BEFORE_ABROAD] = 100},
           bits[LEVELS];
    circumstances_fit(START, COUNT, mass, BELIEF, MANY, bits);
    ck_assert_double_gt(bits[LEVEL_SAME_EVENT], 10);
    ck_assert_double_eq_tol(bits[LEVEL_REQUESTED_BEFORE_ABROAD], log2(0.1 / 0.95), 0.6);
    double other[LEVELS] = {[LEVEL_REQUESTED_BEFORE_ABROAD] = 950, [LEVEL_RECOVERED_AFTER] = 50};
    circumstances_fit(START, COUNT, other, BELIEF, MANY, bits);
    ck_assert_double_eq_tol(bits[LEVEL_REQUESTED_BEFORE_ABROAD], 0, 0.2);
    ck_assert_double_eq_tol(bits[LEVEL_RECOVERED_AFTER], 0, 0.2);
    /* No question touches another. */
    ck_assert_double_eq_tol(bits[LEVEL_OLD] - bits[LEVEL_YOUNG], -1.4, 0.01);
}
END_TEST

START_TEST(test_few_keep_start)
{
    double mass[LEVELS] = {[LEVEL_REQUESTED_BEFORE_ABROAD] = 1}, bits[LEVELS];
    circumstances_fit(START, COUNT, mass, BELIEF, 1, bits);
    for (Level level = 0; level < LEVELS; level++) {
        ck_assert_double_eq_tol(bits[level], START[level], 0.1);
    }
}
END_TEST

/* A level that no pair shows gets no infinite bits. */
START_TEST(test_never_infinite)
{
    const double none[LEVELS] = {0};
    double mass[LEVELS] = {[LEVEL_SAME_EVENT] = 1e6}, bits[LEVELS];
    circumstances_fit(START, none, mass, 0.001, MANY, bits);
    for (Level level = 0; level < LEVELS; level++) {
        ck_assert(fabs(bits[level]) <= (level == LEVEL_SAME_DAY ? 16 : 12));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("weight/circumstance");
    TCase *tests = tcase_create("circumstance");
    tcase_add_test(tests, test_average_one);
    tcase_add_test(tests, test_follows_links);
    tcase_add_test(tests, test_few_keep_start);
    tcase_add_test(tests, test_never_infinite);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
