/* How near two birth dates are, of which not all need be known. */
#include <check.h>
#include <stdlib.h>

#include "engine/person/birth.h"
#include "engine/person/model.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

START_TEST(held_against_each_other)
{
    static const struct {
        const char *a, *b;
        guint level;
    } is[] = {{"1980-02-31", "1980-02-31", DOB_EXACT}, {"1980-13-05", "1980-05-13", DOB_SWAPPED},
              {"1980-02-31", "1980-02-21", DOB_DIGIT}, {"1980-02-31", "1980-12-31", DOB_DIGIT},
              {"1980-02-31", "1980-07-19", DOB_KNOWN}, {"1980-02-31", "1951-07-19", LEVEL_MISSING},
              {"1980", "1980-07-19", DOB_KNOWN},       {"1980", "1980", DOB_KNOWN},
              {"1980-05", "1980-05-19", DOB_KNOWN},    {"1980-05", "1980-07-19", DOB_YEAR},
              {"1980", "1981-07-01", DOB_YEAR},        {"1980", "1986-07-19", DOB_DIFFERS},
              {"1980", "1951-07-19", DOB_GENERATION},  {"1980", NULL, LEVEL_MISSING}};
    g_autoptr(PersonModel) model = model_load();
    for (guint i = 0; i < G_N_ELEMENTS(is); i++) {
        Day a = birth_parse(is[i].a), b = birth_parse(is[i].b);
        guint32 x = birth_digits(a), y = birth_digits(b);
        a = birth_day(a);
        b = birth_day(b);
        ck_assert_msg(dates_level(model, a, x, b, y) == is[i].level, "%s %s: %u", is[i].a, is[i].b,
                      dates_level(model, a, x, b, y));
        ck_assert_uint_eq(dates_level(model, b, y, a, x), is[i].level);
    }
}
END_TEST

/* A day that no month has is an error of writing: that it is another one says nothing. */
START_TEST(days_that_no_month_has)
{
    static const guint last[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    g_autoptr(PersonModel) model = model_load();
    for (guint month = 1; month <= 13; month++)
        for (guint day = 28; day <= 32; day++) {
            guint32 written =
                0x19600000 | month / 10 << 12 | month % 10 << 8 | day / 10 << 4 | day % 10;
            guint32 other = 0x19910004 | (month == 5 ? 0x0800 : 0x0500);
            guint level = dates_level(model, 0, written, 10000, other);
            gboolean possible = month <= 12 && day <= last[month - 1];
            ck_assert_msg((level != LEVEL_MISSING) == possible, "%u-%u", month, day);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("person/dates");
    TCase *cases = tcase_create("dates");
    tcase_add_test(cases, days_that_no_month_has);
    tcase_add_test(cases, held_against_each_other);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
