/*
 * Two birth dates, of which not all need be known: how far they agree.
 */
#include "engine/person/birth.h"
#include "engine/person/model.h"

/* Is one digit another, or are two neighbours swapped? */
static gboolean digits_slip(guint32 a, guint32 b)
{
    guint32 apart = a ^ b;
    guint shift = apart ? (guint)__builtin_ctz(apart) / 4 * 4 : 0;
    guint32 low = apart >> shift;
    return low < 16 || (low < 256 && (a >> shift & 15) == (b >> (shift + 4) & 15) &&
                        (b >> shift & 15) == (a >> (shift + 4) & 15));
}

/* Bits of the digits of month and day that both dates know. */
static guint32 digits_known(guint32 a, guint32 b)
{
    return (a & 0xff00 && b & 0xff00 ? 0xff00 : 0) | (a & 0xff && b & 0xff ? 0xff : 0);
}

guint dates_level(const PersonModel *model, Day a, guint32 x, Day b, guint32 y)
{
    if (!x || !y)
        return LEVEL_MISSING;
    gboolean year = x >> 16 == y >> 16;
    guint32 known = digits_known(x, y);
    if (known == 0xffff) {
        if (x == y)
            return DOB_EXACT;
        if (digits_swapped(x, y))
            return DOB_SWAPPED;
        if (digits_slip(x, y))
            return DOB_DIGIT;
        if (digits_parts_equal(x, y) == 2)
            return DOB_PARTS;
    } else if (year && ((x ^ y) & known) == 0)
        return DOB_KNOWN;
    /* what is wrong anyway says nothing by being another */
    if (digits_impossible(x) || digits_impossible(y))
        return year ? DOB_KNOWN : LEVEL_MISSING;
    return year || ABS(a - b) <= YEAR_ABOUT        ? DOB_YEAR
           : ABS(a - b) < model->limits.generation ? DOB_DIFFERS
                                                   : DOB_GENERATION;
}

double person_dates_alike(const PersonModel *model, Day a, Day b)
{
    const float *bits = model->bits[FIELD_DOB];
    return CLAMP((double)bits[dates_level(model, a, birth_digits(a), b, birth_digits(b))] /
                     (double)bits[DOB_EXACT],
                 0, 1);
}
