/*
 * Namesakes of one house counted, and what the counts say of those born on two days. A step of
 * estimating weights.
 */
#include "engine/comparison/namesakes.h"

#include <math.h>

void namesakes_add(Namesakes *namesakes, Pattern pattern, double pairs)
{
    guint dob = pattern_level(pattern, FIELD_DOB);
    guint document = pattern_level(pattern, FIELD_DOCUMENT);
    if (!pattern_namesakes(pattern) || dob == LEVEL_MISSING || dob == DOB_YEAR)
        return;
    if (document != LEVEL_MISSING)
        namesakes->pairs[document > DOCUMENT_CLOSE][dob > DOB_YEAR] += pairs;
    if (pattern_level(pattern, FIELD_SUFFIX) == SUFFIX_CONFLICT || pattern_half_suffix(pattern) ||
        pattern_level(pattern, FIELD_GIVEN) > NAME_CLOSE ||
        pattern_level(pattern, FIELD_ADDRESS) > ADDRESS_CLOSE)
        return;
    *(pattern_two_lives(pattern) ? &namesakes->two : &namesakes->one) += pairs;
}

#define COUNT_MOST 200 /* expected, above which chance no longer matters */

/* P(a Poisson variable <= n) by the terms' sum. */
static double poisson_to(double expected, guint n)
{
    double term = exp(-expected), sum = term;
    for (guint k = 1; k <= n; k++) {
        term *= expected / k;
        sum += term;
    }
    return sum;
}

double namesakes_one(const Namesakes *namesakes)
{
    double agree = namesakes->pairs[0][0], seen = namesakes->pairs[1][1];
    if (agree < 1)
        return 0;
    double expected = namesakes->pairs[0][1] * namesakes->pairs[1][0] / agree;
    double mean = MAX(seen, expected);
    if (mean <= COUNT_MOST) {
        /* mean of a Poisson rate that is `expected` at least, all above held equally likely */
        guint n = (guint)lrint(seen);
        mean = (n + 1) * poisson_to(expected, n + 1) / poisson_to(expected, n);
    }
    return expected / mean;
}

/* Of the namesakes: those who have no mention with a birth date here, by which they would compete
 * for the one without (clustering/rivals.c). */
#define UNSEEN 0.5

double namesakes_undated(const Namesakes *namesakes, double start, double worth)
{
    return (start * worth + namesakes->one) / (worth + namesakes->one + UNSEEN * namesakes->two);
}
