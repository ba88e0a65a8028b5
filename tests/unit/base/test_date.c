/*
 * Calendar, date orders and the US federal business days by which multiple sales are counted.
 * Holidays are held against published lists, ranges against counting day by day.
 */
#include "engine/base/date.h"

#include <string.h>

#include "tests/unit/base/suite.h"

static Day ymd(int year, int month, int day)
{
    Day result = date_from_ymd(year, month, day);

    ck_assert_int_ne(result, DAY_NONE);
    return result;
}

START_TEST(test_round_trip)
{
    Day last = ymd(2200, 12, 31), bad = DAY_NONE;
    g_autoptr(GDate) date = g_date_new_dmy(1, 1, 1800);

    ck_assert_int_eq(ymd(1970, 1, 1), 0);
    ck_assert_int_eq(ymd(2000, 3, 1), 11017);
    for (Day day = ymd(1800, 1, 1); day <= last && bad == DAY_NONE; day++) {
        int year, month, dom;

        date_to_ymd(day, &year, &month, &dom);
        if (year != g_date_get_year(date) || month != (int)g_date_get_month(date) ||
            dom != g_date_get_day(date) || date_from_ymd(year, month, dom) != day)
            bad = day;
        g_date_add_days(date, 1);
    }
    ck_assert_int_eq(bad, DAY_NONE);
}
END_TEST

START_TEST(test_no_such_day)
{
    ck_assert_int_eq(date_from_ymd(2023, 2, 29), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(1900, 2, 29), DAY_NONE);
    ck_assert_int_ne(date_from_ymd(2000, 2, 29), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(2023, 4, 31), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(2023, 13, 1), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(2023, 0, 1), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(1799, 12, 31), DAY_NONE);
    ck_assert_int_eq(date_from_ymd(2201, 1, 1), DAY_NONE);
}
END_TEST

static void check_parse(const char *text, guint orders, const char *iso)
{
    char buffer[DAY_TEXT];

    ck_assert_msg(strcmp(date_text(date_parse(text, orders), buffer), iso) == 0,
                  "'%s' is '%s', not '%s'", text, buffer, iso);
}

START_TEST(test_parse)
{
    guint dmy = DATE_ISO | DATE_DMY, mdy = DATE_ISO | DATE_MDY;

    check_parse("2023-04-05", dmy, "2023-04-05");
    check_parse("20230405", mdy, "2023-04-05");
    check_parse("2023/04/05", mdy, "2023-04-05");
    check_parse("05/04/2023", dmy, "2023-04-05");
    check_parse("04/05/2023", mdy, "2023-04-05");
    check_parse("5.4.2023", dmy, "2023-04-05");
    check_parse(" 4-5-2023 ", mdy, "2023-04-05");
    check_parse("31/12/2023", mdy, "");
    check_parse("31/12/2023", DATE_DMY | DATE_MDY, "2023-12-31");
    check_parse("12/31/2023", DATE_DMY | DATE_MDY, "2023-12-31");
    check_parse("2023-04-05T23:59:59Z", dmy, "2023-04-05");
    check_parse("04/05/2023 11:02 PM", mdy, "2023-04-05");
    check_parse("29/02/2024", dmy, "2024-02-29");
    check_parse("29/02/2023", dmy, "");
    check_parse("2023-04-05", DATE_DMY, "");
    check_parse("2023-4-5", DATE_ISO, "2023-04-05");
    check_parse("2023/4/15", DATE_ISO, "2023-04-15");
    check_parse("202345", DATE_ISO, "");
}
END_TEST

START_TEST(test_parse_refuses)
{
    static const char *const TEXTS[] = {
        "",           " ",           "UNKNOWN",          "04/05/23",    "04/05-2023", "2023-04/05",
        "2023--4-5",  "2023-04-05x", "2023-04-05 about", "05 04 2023",  "0/4/2023",   "04/05/20233",
        "2023-00-10", "44259",       "2023-04-05T",      "-04-05-2023",
    };

    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        check_parse(TEXTS[i], DATE_ISO | DATE_DMY | DATE_MDY, "");
    ck_assert_int_eq(date_parse(NULL, DATE_ISO), DAY_NONE);
}
END_TEST

START_TEST(test_orders)
{
    ck_assert_uint_eq(date_orders("ISO"), DATE_ISO);
    ck_assert_uint_eq(date_orders("mdy, ISO"), DATE_ISO | DATE_MDY);
    ck_assert_uint_eq(date_orders("DMY,YDM"), 0);
    ck_assert_uint_eq(date_orders(""), 0);
}
END_TEST

/* Weekdays of a year that are no business days, as MM-DD words. */
static void check_holidays(int year, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GDate) date = g_date_new_dmy(1, 1, (GDateYear)year);

    for (; g_date_get_year(date) == year; g_date_add_days(date, 1)) {
        int month = (int)g_date_get_month(date), dom = g_date_get_day(date);
        gboolean weekend = g_date_get_weekday(date) >= G_DATE_SATURDAY;
        Day day = ymd(year, month, dom);
        gboolean business = date_business_days(day - 1, day) == 1;

        ck_assert(!(weekend && business));
        if (!weekend && !business)
            g_string_append_printf(found, "%02d-%02d ", month, dom);
    }
    ck_assert_str_eq(found->str, expected);
}

/* OPM's lists of federal holidays, as observed. */
START_TEST(test_federal_holidays)
{
    check_holidays(2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25 ");
    check_holidays(2021,
                   "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31 ");
    check_holidays(2022, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26 ");
    check_holidays(2023, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25 ");
    check_holidays(2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25 ");
    check_holidays(1985, "01-01 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25 ");
    check_holidays(1975, "01-01 02-17 05-26 07-04 09-01 10-13 10-27 11-27 12-25 ");
}
END_TEST

START_TEST(test_five_consecutive_business_days)
{
    Day monday = ymd(2023, 5, 22);

    ck_assert_int_eq(date_business_days(monday, monday), 0);
    ck_assert_int_eq(date_business_days(monday, monday + 4), 4); /* Friday: inside the five */
    ck_assert_int_eq(date_business_days(monday, monday + 6), 4); /* Sunday adds nothing */
    ck_assert_int_eq(date_business_days(monday, monday + 7), 4); /* Memorial Day does not either */
    ck_assert_int_eq(date_business_days(monday, monday + 8), 5);
    ck_assert_int_eq(date_business_days(monday + 4, monday), 0);
    ck_assert_int_eq(date_business_days(DAY_NONE, monday), 0);
    ck_assert_int_eq(date_business_days(monday, DAY_NONE), 0);
}
END_TEST

START_TEST(test_count_equals_counting)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);

    for (guint round = 0; round < 200; round++) {
        Day from = g_rand_int_range(rand, ymd(1962, 1, 1), ymd(2030, 1, 1));
        Day to = from + g_rand_int_range(rand, 0, 900);
        int count = 0;

        for (Day day = from + 1; day <= to; day++)
            count += date_business_days(day - 1, day);
        ck_assert_int_eq(date_business_days(from, to), count);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_round_trip,
                                  test_no_such_day,
                                  test_parse,
                                  test_parse_refuses,
                                  test_orders,
                                  test_federal_holidays,
                                  test_five_consecutive_business_days,
                                  test_count_equals_counting,
                                  NULL};

    return suite_run_list("base/date", tests);
}
