/*
 * Calendar arithmetic on day numbers, and the US federal calendar that the multiple-sale report
 * counts by. Months of length, leap years and holidays are computed, never looked up by year;
 * nothing here knows what today is.
 */
#include "engine/base/date.h"

#include <string.h>

#define YEAR_MIN 1800
#define YEAR_MAX 2200

enum { MON = 0, TUE, WED, THU, FRI, SAT, SUN };

/* nth > 0: the nth such weekday of the month; -1: the last one; 0: the day of the month. */
typedef struct {
    int first_year, last_year;
    int month, nth, day;
} Holiday;

/* 5 U.S.C. 6103(a), with the years in which each was as it is written here. */
static const Holiday HOLIDAYS[] = {
    {YEAR_MIN, YEAR_MAX, 1, 0, 1},                                /* New Year's Day */
    {1986, YEAR_MAX, 1, 3, MON},                                  /* Martin Luther King, Jr. */
    {YEAR_MIN, 1970, 2, 0, 22},                                   /* Washington's Birthday */
    {1971, YEAR_MAX, 2, 3, MON},      {YEAR_MIN, 1970, 5, 0, 30}, /* Memorial Day */
    {1971, YEAR_MAX, 5, -1, MON},     {2021, YEAR_MAX, 6, 0, 19}, /* Juneteenth */
    {YEAR_MIN, YEAR_MAX, 7, 0, 4},                                /* Independence Day */
    {YEAR_MIN, YEAR_MAX, 9, 1, MON},                              /* Labor Day */
    {1971, YEAR_MAX, 10, 2, MON},                                 /* Columbus Day */
    {YEAR_MIN, 1970, 11, 0, 11},                                  /* Veterans Day */
    {1971, 1977, 10, 4, MON},         {1978, YEAR_MAX, 11, 0, 11},
    {YEAR_MIN, YEAR_MAX, 11, 4, THU}, /* Thanksgiving Day */
    {YEAR_MIN, YEAR_MAX, 12, 0, 25},  /* Christmas Day */
};

static gboolean is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int LENGTH[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : LENGTH[month - 1];
}

gboolean date_is_day(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           (day <= 28 || day <= month_length(year, month));
}

/* Years counted from March, so that the leap day is the last one (Hinnant, "chrono-compatible
 * low-level date algorithms"); all years here are positive. */
Day date_from_ymd(int year, int month, int day)
{
    int y, era_year, year_day;

    if (!date_is_day(year, month, day))
        return DAY_NONE;
    y = month <= 2 ? year - 1 : year;
    era_year = y % 400;
    year_day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return y / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + year_day - 719468;
}

void date_to_ymd(Day day, int *year, int *month, int *dom)
{
    int shifted = day + 719468;
    int era = shifted / 146097;
    int era_day = shifted - era * 146097;
    int era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    int year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    int from_march = (5 * year_day + 2) / 153;

    *dom = year_day - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = era_year + era * 400 + (*month <= 2);
}

/* Reads low to high digits; -1 when there are fewer. */
static int take_number(const char **p, int low, int high)
{
    int value = 0, n = 0;

    while (n < high && g_ascii_isdigit(**p)) {
        value = value * 10 + (*(*p)++ - '0');
        n++;
    }
    return n < low ? -1 : value;
}

/* A hyphen or slash, or another mark that is allowed too. */
static char take_separator(const char **p, char other)
{
    return **p && (**p == '-' || **p == '/' || **p == other) ? *(*p)++ : '\0';
}

/* What may follow a date: nothing, or a time of day. */
static gboolean at_end(const char *p)
{
    const char *time = p;

    if (!*p)
        return TRUE;
    if (*p == 'T' || *p == 't' || *p == ' ')
        time++;
    while (*time == ' ')
        time++;
    if (!*time)
        return *p != 'T' && *p != 't';
    return time > p && g_ascii_isdigit(*time) &&
           strspn(time, "0123456789:.,+-Zz AaPpMm") == strlen(time);
}

static Day parse_iso(const char *p)
{
    int year = take_number(&p, 4, 4);
    char separator = take_separator(&p, '-');
    int digits = separator ? 1 : 2;
    int month = year < 0 ? -1 : take_number(&p, digits, 2);
    int day;

    if (month < 0 || (separator && take_separator(&p, '-') != separator))
        return DAY_NONE;
    day = take_number(&p, digits, 2);
    return at_end(p) ? date_from_ymd(year, month, day) : DAY_NONE;
}

static Day parse_numeric(const char *p, gboolean day_first)
{
    int first = take_number(&p, 1, 2);
    char separator = take_separator(&p, '.');
    int second = take_number(&p, 1, 2);
    int year;

    if (!separator || take_separator(&p, '.') != separator)
        return DAY_NONE;
    year = take_number(&p, 4, 4);
    if (year < 0 || !at_end(p))
        return DAY_NONE;
    return date_from_ymd(year, day_first ? second : first, day_first ? first : second);
}

Day date_parse(const char *text, guint orders)
{
    Day day = DAY_NONE;

    if (!text)
        return DAY_NONE;
    while (g_ascii_isspace(*text))
        text++;
    if (orders & DATE_ISO)
        day = parse_iso(text);
    if (day == DAY_NONE && (orders & DATE_DMY))
        day = parse_numeric(text, TRUE);
    if (day == DAY_NONE && (orders & DATE_MDY))
        day = parse_numeric(text, FALSE);
    return day;
}

guint date_orders(const char *words)
{
    static const struct {
        const char *word;
        DateOrder order;
    } ORDERS[] = {{"ISO", DATE_ISO}, {"DMY", DATE_DMY}, {"MDY", DATE_MDY}};
    g_auto(GStrv) parts = g_strsplit(words, ",", -1);
    guint set = 0;

    for (char **part = parts; *part; part++) {
        guint known = 0;

        for (guint i = 0; i < G_N_ELEMENTS(ORDERS); i++)
            if (g_ascii_strcasecmp(g_strstrip(*part), ORDERS[i].word) == 0)
                known = ORDERS[i].order;
        if (!known)
            return 0;
        set |= known;
    }
    return set;
}

const char *date_text(Day day, char buffer[DAY_TEXT])
{
    int year, month, dom;

    buffer[0] = '\0';
    if (day < date_from_ymd(YEAR_MIN, 1, 1) || day > date_from_ymd(YEAR_MAX, 12, 31))
        return buffer;
    date_to_ymd(day, &year, &month, &dom);
    for (int place = 3, rest = year; place >= 0; place--, rest /= 10)
        buffer[place] = (char)('0' + rest % 10);
    buffer[4] = buffer[7] = '-';
    buffer[5] = (char)('0' + month / 10);
    buffer[6] = (char)('0' + month % 10);
    buffer[8] = (char)('0' + dom / 10);
    buffer[9] = (char)('0' + dom % 10);
    buffer[10] = '\0';
    return buffer;
}

/* 1970-01-01 was a Thursday. */
static int weekday(Day day)
{
    return ((day + 3) % 7 + 7) % 7;
}

/* The weekday on which a holiday of one year is observed; DAY_NONE when there was none. */
static Day observed(const Holiday *holiday, int year)
{
    Day day;

    if (year < holiday->first_year || year > holiday->last_year)
        return DAY_NONE;
    if (holiday->nth > 0) {
        day = date_from_ymd(year, holiday->month, 1);
        return day + (holiday->day - weekday(day) + 7) % 7 + 7 * (holiday->nth - 1);
    }
    if (holiday->nth < 0) {
        day = date_from_ymd(year, holiday->month, month_length(year, holiday->month));
        return day - (weekday(day) - holiday->day + 7) % 7;
    }
    day = date_from_ymd(year, holiday->month, holiday->day);
    return weekday(day) == SAT ? day - 1 : weekday(day) == SUN ? day + 1 : day;
}

/* Holidays observed up to and with a day, since the table begins. Every one of an earlier year was
 * kept by the end of that year; a New Year on a Saturday is kept in December. */
static int holidays_until(Day until)
{
    int year, month, dom, count = 0;

    date_to_ymd(until, &year, &month, &dom);
    for (guint i = 0; i < G_N_ELEMENTS(HOLIDAYS); i++) {
        const Holiday *holiday = &HOLIDAYS[i];
        Day this = observed(holiday, year), next = observed(holiday, year + 1);

        count += MAX(MIN(holiday->last_year, year - 1) - holiday->first_year + 1, 0);
        count += this != DAY_NONE && this <= until;
        count += next != DAY_NONE && next <= until;
    }
    return count;
}

/* Observed holidays d with from < d <= to. */
static int count_holidays(Day from, Day to)
{
    return holidays_until(to) - holidays_until(from);
}

/* Mondays to Fridays from Monday 1969-12-29 up to and with a day. */
static int weekdays_until(Day day)
{
    int days = day + 3;
    int weeks = (days - weekday(day)) / 7;

    return weeks * 5 + MIN(weekday(day) + 1, 5);
}

int date_business_days(Day from, Day to)
{
    if (from == DAY_NONE || to == DAY_NONE || to <= from)
        return 0;
    return weekdays_until(to) - weekdays_until(from) - count_holidays(from, to);
}

char *time_now(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    return g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}
