/*
 * Licence numbers as people write them: whole or masked, with lost zeros, as a key alone; and what
 * is none. All numbers are made up (region digit 2).
 */
#include <check.h>
#include <string.h>

#include "loaders/ffl.h"
#include "tests/unit/suite.h"

static const struct {
    const char *text, *number, *key, *type;
    gboolean lost;
} NUMBERS[] = {
    {"2-23-091-01-7F-14245", "2-23-091-01-7F-14245", "22314245", "01", FALSE},
    {"223091017F14245", "2-23-091-01-7F-14245", "22314245", "01", FALSE},
    {"2 23 091 01 7f 14245", "2-23-091-01-7F-14245", "22314245", "01", FALSE},
    {"2-23-91-1-7F-14245", "2-23-091-01-7F-14245", "22314245", "01", TRUE},
    {"2-2.3-091-01-7F-142 45", "2-23-091-01-7F-14245", "22314245", "01", FALSE},
    {"2-23-XXX-XX-XX-14245", "2-23-XXX-XX-XX-14245", "22314245", "", FALSE},
    {"2-23----14245", "2-23-XXX-XX-XX-14245", "22314245", "", FALSE},
    {"2-23-091-0X-7F-14245", "2-23-091-0X-7F-14245", "22314245", "", FALSE},
    {"2-23-91-XX-7F-14245", "2-23-091-XX-7F-14245", "22314245", "", FALSE},
    {"2\u201123\u2011091\u201101\u20117F\u201114245", "2-23-091-01-7F-14245", "22314245", "01",
     FALSE},
    {"2-23-14245", NULL, "22314245", "", FALSE},
    {"22314245", NULL, "22314245", "", FALSE},
    {"2-3-245", NULL, "20300245", "", FALSE},
    {"2-23-0091-01-7F-14245", NULL, "", "", FALSE},
    {"2-23-091-01-7F-1424X", NULL, "", "", FALSE},
    {"X-23-091-01-7F-14245", NULL, "", "", FALSE},
    {"223-091-01-7F-14245", "2-23-091-01-7F-14245", "22314245", "01", FALSE},
    {"2-23-142456", NULL, "", "", FALSE},
    {"2-XX-14245", NULL, "", "", FALSE},
    {"2231424", NULL, "", "", FALSE},
    {"223091017F142456", NULL, "", "", FALSE},
    {"-----", NULL, "", "", FALSE},
    {"", NULL, "", "", FALSE},
};

START_TEST(numbers_are_read)
{
    for (gsize i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        const char *text = NUMBERS[i].text;
        g_autofree char *number = ffl_number(text);
        FflParts parts;
        ffl_parts(text, &parts);
        ck_assert_msg(g_strcmp0(number, NUMBERS[i].number) == 0, "'%s': %s", text, number);
        ck_assert_msg(strcmp(parts.rds_key, NUMBERS[i].key) == 0, "'%s': %s", text, parts.rds_key);
        ck_assert_msg(strcmp(parts.type, NUMBERS[i].type) == 0, "'%s': %s", text, parts.type);
        ck_assert_msg(ffl_is_key(text) == (*NUMBERS[i].key != '\0'), "'%s'", text);
        ck_assert_msg(ffl_lost_zeros(text) == NUMBERS[i].lost, "'%s'", text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loaders/ffl");
    TCase *tests = tcase_create("ffl");
    tcase_add_test(tests, numbers_are_read);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
