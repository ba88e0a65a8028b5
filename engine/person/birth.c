/*
 * Birth dates that are no days: their digits as one number above all days.
 */
#include "engine/person/birth.h"

#include <string.h>

#define YEAR_FIRST 1850 /* nobody whom a record is about was born before */
#define YEAR_LAST  2099
#define UNKNOWN    99         /* month or day of many forms */
#define NO_DAY     0x10000000 /* above it: year * 10000 + month * 100 + day */

typedef struct {
    guint year, month, day;
} Parts;

static Parts parts_of(Day birth)
{
    int year, month, day;
    if (birth >= NO_DAY) {
        guint number = (guint)(birth - NO_DAY);
        return (Parts){number / 10000, number / 100 % 100, number % 100};
    }
    date_to_ymd(birth, &year, &month, &day);
    return (Parts){(guint)year, (guint)month, (guint)day};
}

Day birth_of_parts(guint year, guint month, guint day)
{
    month = month == UNKNOWN ? 0 : month;
    day = day == UNKNOWN ? 0 : day;
    if (year < YEAR_FIRST || year > YEAR_LAST || month > 99 || day > 99)
        return DAY_NONE;
    Day real = date_from_ymd((int)year, (int)month, (int)day);
    return real != DAY_NONE ? real : (Day)(NO_DAY + year * 10000 + month * 100 + day);
}

/* "-NN" at *text, which it moves on; 0 at its end, G_MAXUINT for anything else. */
static guint take_part(const char **text)
{
    const char *at = *text;
    if (!*at)
        return 0;
    if (at[0] != '-' || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]))
        return G_MAXUINT;
    *text = at + 3;
    return (guint)(g_ascii_digit_value(at[1]) * 10 + g_ascii_digit_value(at[2]));
}

Day birth_parse(const char *text)
{
    guint year = 0;
    Day day = date_parse(text, DATE_ISO);
    if (day != DAY_NONE || !text || strspn(text, "0123456789") != 4)
        return day;
    for (guint i = 0; i < 4; i++)
        year = year * 10 + (guint)g_ascii_digit_value(*text++);
    guint month = take_part(&text), of_month = take_part(&text);
    return *text ? DAY_NONE : birth_of_parts(year, month, of_month);
}

const char *birth_text(Day birth, char buffer[DAY_TEXT])
{
    if (birth == DAY_NONE || birth < NO_DAY)
        return birth == DAY_NONE ? memset(buffer, 0, 1) : date_text(birth, buffer);
    Parts parts = parts_of(birth);
    const guint numbers[] = {parts.year / 100, parts.year % 100, parts.month, parts.day};
    guint n = parts.day ? 4 : parts.month ? 3 : 2;
    char *out = buffer;
    for (guint i = 0; i < n; i++) {
        if (i >= 2)
            *out++ = '-';
        *out++ = (char)('0' + numbers[i] / 10);
        *out++ = (char)('0' + numbers[i] % 10);
    }
    *out = '\0';
    return buffer;
}

guint32 birth_digits(Day birth)
{
    if (birth == DAY_NONE)
        return 0;
    Parts p = parts_of(birth);
    guint year =
        p.year / 1000 % 10 << 12 | p.year / 100 % 10 << 8 | p.year / 10 % 10 << 4 | p.year % 10;
    return year << 16 | (p.month / 10 << 4 | p.month % 10) << 8 | (p.day / 10 << 4 | p.day % 10);
}

Day birth_day(Day birth)
{
    if (birth == DAY_NONE || birth < NO_DAY)
        return birth;
    Parts parts = parts_of(birth);
    /* in the middle of what is not known */
    int month = parts.month ? (int)MIN(parts.month, 12) : 7;
    int day = !parts.day ? (parts.month ? 15 : 1) : (int)MIN(parts.day, 31);
    Day nearest = DAY_NONE;
    while (nearest == DAY_NONE)
        nearest = date_from_ymd((int)parts.year, month, day--);
    return nearest;
}
