/* Birth dates that are no days: written and read back, and how near two of them are. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/person/birth.h"
#include "engine/person/compare.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

START_TEST(read_and_written)
{
    static const struct {
        const char *text, *back, *day;
        guint32 digits;
    } is[] = {{"1980-05-13", "1980-05-13", "1980-05-13", 0x19800513},
              {"1980-02-31", "1980-02-31", "1980-02-29", 0x19800231},
              {"1980-13-05", "1980-13-05", "1980-12-05", 0x19801305},
              {"1980-05", "1980-05", "1980-05-15", 0x19800500},
              {"1980", "1980", "1980-07-01", 0x19800000},
              {"1980-00-17", "1980-00-17", "1980-07-17", 0x19800017},
              {"1980-99-99", "1980", "1980-07-01", 0x19800000},
              {"1780", "", "", 0},
              {"1780-02-31", "", "", 0},
              {"19800", "", "", 0},
              {"1980-5", "", "", 0},
              {"198O", "", "", 0},
              {"", "", "", 0},
              {NULL, "", "", 0}};
    for (guint i = 0; i < G_N_ELEMENTS(is); i++) {
        char buffer[DAY_TEXT];
        Day birth = birth_parse(is[i].text);
        ck_assert_str_eq(birth_text(birth, buffer), is[i].back);
        ck_assert_str_eq(date_text(birth_day(birth), buffer), is[i].day);
        ck_assert_uint_eq(birth_digits(birth), is[i].digits);
    }
}
END_TEST

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

int main(void)
{
    Suite *suite = suite_create("person/birth");
    TCase *cases = tcase_create("births");
    tcase_add_test(cases, read_and_written);
    tcase_add_test(cases, held_against_each_other);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
