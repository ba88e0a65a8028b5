/* Birth dates that are no days: written and read back. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/person/birth.h"
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

int main(void)
{
    Suite *suite = suite_create("person/birth");
    TCase *cases = tcase_create("births");
    tcase_add_test(cases, read_and_written);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
