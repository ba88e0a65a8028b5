/*
 * A birth date as it is written: a day, or what there is of one. A month without its day, a year
 * alone, a day that no calendar has ("1980-02-31", "1980-13-05", where one digit is wrong or day
 * and month have changed places) still tell a person from another. One number, which is the day's
 * where there is a day.
 */
#ifndef CROSSTRACE_PERSON_BIRTH_H
#define CROSSTRACE_PERSON_BIRTH_H

#include "engine/base/date.h"
#include "engine/person/person.h"

/* Of its parts, month and day from 0 (not known) to 99; DAY_NONE: the year is none of a birth that
 * a record is about. */
Day birth_of_parts(guint year, guint month, guint day);

/* Of a canonical text: "1980-05-13", "1980-02-31", "1980-05", "1980"; DAY_NONE: it is none. */
Day birth_parse(const char *text);
/* Into buffer, which is returned; "" for DAY_NONE. */
const char *birth_text(Day birth, char buffer[DAY_TEXT]);

/* Its digits, four bits each: year, month, day; 0 where not known, and of DAY_NONE. */
guint32 birth_digits(Day birth);
/* The day itself, or the one nearest to what is known of it; DAY_NONE of DAY_NONE. */
Day birth_day(Day birth);

/* Of two by their digits: have day and month changed places? */
static inline gboolean digits_swapped(guint32 a, guint32 b)
{
    return a >> 16 == b >> 16 && (a >> 8 & 255) == (b & 255) && (a & 255) == (b >> 8 & 255);
}

/* How many of year, month and day are equal. */
static inline guint digits_parts_equal(guint32 a, guint32 b)
{
    guint32 apart = a ^ b;
    return (apart >> 16 == 0) + ((apart >> 8 & 255) == 0) + ((apart & 255) == 0);
}

/* Is a whole date one that no calendar has? */
static inline gboolean digits_impossible(guint32 digits)
{
    static const guint8 lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    guint month = (digits >> 12 & 15) * 10 + (digits >> 8 & 15);
    guint day = (digits >> 4 & 15) * 10 + (digits & 15);
    return month > 12 || (month && day > lengths[month - 1]);
}

#define YEAR_ABOUT 400 /* days, within which two dates are of one year or nearly */

/* Level (of model.h) of two birth dates, each as a day and by its digits. */
guint dates_level(const PersonModel *model, Day a, guint32 x, Day b, guint32 y);

#endif
