/*
 * Evidence: sums, caps that keep what a term says by itself, probabilities, and the renderer that
 * all outputs share.
 */
#include "engine/base/evidence.h"

#include <string.h>

#include "tests/unit/base/suite.h"

START_TEST(test_terms_are_copied)
{
    g_autoptr(Evidence) evidence = evidence_new();
    char value[] = "HAA1234";

    evidence_add(evidence, "serial", "serial", "S1", value, NULL, 14.25);
    value[0] = 'X';
    ck_assert_uint_eq(evidence_count(evidence), 1);
    ck_assert_str_eq(evidence_term(evidence, 0)->left, "HAA1234");
    ck_assert_ptr_null(evidence_term(evidence, 0)->right);
    ck_assert_double_eq_tol(evidence_bits(evidence), 14.25, 1e-12);
}
END_TEST

START_TEST(test_cap)
{
    g_autoptr(Evidence) evidence = evidence_new();

    evidence_add(evidence, "purchase", "I1", "hit", NULL, NULL, 3);
    evidence_add(evidence, "other", "x", "hit", NULL, NULL, 9);
    evidence_add(evidence, "purchase", "I2", "hit", NULL, NULL, 4);
    evidence_add(evidence, "purchase", "I3", "hit", NULL, NULL, 5);
    evidence_cap(evidence, "purchase", 20);
    ck_assert_double_eq_tol(evidence_bits(evidence), 21, 1e-12);
    evidence_cap(evidence, "purchase", 5);
    ck_assert_double_eq_tol(evidence_bits(evidence), 14, 1e-12);
    ck_assert_double_eq_tol(evidence_term(evidence, 0)->counted, 3, 1e-12);
    ck_assert_double_eq_tol(evidence_term(evidence, 2)->counted, 2, 1e-12);
    ck_assert_double_eq_tol(evidence_term(evidence, 3)->counted, 0, 1e-12);
    ck_assert_double_eq_tol(evidence_term(evidence, 3)->bits, 5, 1e-12);
}
END_TEST

START_TEST(test_cap_leaves_evidence_against)
{
    g_autoptr(Evidence) evidence = evidence_new();

    evidence_add(evidence, "place", "a", "near", NULL, NULL, 6);
    evidence_add(evidence, "place", "b", "far", NULL, NULL, -2);
    evidence_cap(evidence, "place", 3);
    ck_assert_double_eq_tol(evidence_bits(evidence), 3, 1e-12);
    ck_assert_double_eq_tol(evidence_term(evidence, 1)->counted, -2, 1e-12);
    evidence_cap(evidence, "absent", 0);
    ck_assert_double_eq_tol(evidence_bits(evidence), 3, 1e-12);
}
END_TEST

START_TEST(test_probability)
{
    ck_assert_double_eq_tol(bits_to_probability(0), 0.5, 1e-12);
    ck_assert_double_eq_tol(bits_to_probability(3), 8.0 / 9.0, 1e-12);
    ck_assert_double_eq_tol(bits_to_probability(-2000), 0, 1e-12);
    ck_assert_double_eq_tol(bits_to_probability(2000), 1, 1e-12);
    ck_assert_double_eq_tol(probability_to_bits(0.5), 0, 1e-12);
    ck_assert_double_eq_tol(probability_to_bits(0), -60, 1e-12);
    ck_assert_double_eq_tol(probability_to_bits(1), 60, 1e-12);
    for (double bits = -40; bits <= 40; bits += 2.5)
        ck_assert_double_eq_tol(probability_to_bits(bits_to_probability(bits)), bits, 0.01);
}
END_TEST

static Evidence *example(void)
{
    Evidence *evidence = evidence_new();

    evidence_add(evidence, "serial", "serial", "S2", "HAA1234", "HAA1Z34", 14.23);
    evidence_add(evidence, "make", "make", "equal", "SMITH & WESSON", "SMITH & WESSON", 2.1);
    evidence_add(evidence, "date", "order", "differs", NULL, NULL, -3);
    evidence_cap(evidence, "serial", 10);
    return evidence;
}

START_TEST(test_line)
{
    g_autoptr(Evidence) evidence = example();
    g_autoptr(Evidence) nothing = evidence_new();
    g_autofree char *en = evidence_line(evidence, LANG_EN);
    g_autofree char *fr = evidence_line(evidence, LANG_FR);
    g_autofree char *none = evidence_line(nothing, LANG_EN);

    ck_assert_str_eq(en, "serial S2 'HAA1234' ~ 'HAA1Z34' +10.0 (capped, alone 14.2); "
                         "make equal 'SMITH & WESSON' +2.1; order differs -3.0");
    ck_assert_ptr_nonnull(strstr(fr, "+10,0 (plafonné, seul 14,2)"));
    ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(test_brief)
{
    g_autoptr(Evidence) evidence = example();
    evidence_add(evidence, "x", "weak", "hit", NULL, NULL, 0.3);
    g_autofree char *all = evidence_line(evidence, LANG_EN);
    g_autofree char *most = evidence_brief(evidence, 3, LANG_EN);
    g_autofree char *two = evidence_brief(evidence, 2, LANG_FR);

    ck_assert_str_eq(most, all); /* one more says itself in as many words */
    ck_assert_ptr_nonnull(strstr(two, "order differs -3,0; 2 autres, ensemble +2,4"));
    ck_assert_ptr_null(strstr(two, "make"));
}
END_TEST

START_TEST(test_waterfall)
{
    g_autoptr(Evidence) evidence = example();
    g_autofree char *text = evidence_waterfall(evidence, LANG_EN);

    ck_assert_str_eq(text, "  +10.0    10.0  serial S2 'HAA1234' ~ 'HAA1Z34' (capped, alone 14.2)\n"
                           "   +2.1    12.1  make equal 'SMITH & WESSON'\n"
                           "   -3.0     9.1  order differs\n");
}
END_TEST

/* How many and how surely, too, are told in the reader's language. */
START_TEST(test_count_in_french)
{
    const Term term = {.family = (char *)"purchase",
                       .field = (char *)"C1",
                       .level = (char *)"hit x2 at 0.05",
                       .bits = 1,
                       .counted = 1};
    g_autofree char *english = evidence_term_text(&term, LANG_EN);
    g_autofree char *french = evidence_term_text(&term, LANG_FR);
    ck_assert_str_eq(english, "C1 hit x2 at 0.05");
    ck_assert_str_eq(french, "C1 constaté x2 à 0,05");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_terms_are_copied,
                                  test_cap,
                                  test_cap_leaves_evidence_against,
                                  test_probability,
                                  test_line,
                                  test_brief,
                                  test_waterfall,
                                  test_count_in_french,
                                  NULL};

    return suite_run_list("base/evidence", tests);
}
