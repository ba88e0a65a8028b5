/* `chain`: the tree of a firearm, and the way between two records; hidden stays hidden. */
#include <check.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"
#define S1 "cbsa-seizure:4531-24-0001/1"
#define S2 "cbsa-seizure:4531-24-0001/2"

static char *dir;

static void set_up(void)
{
    dir = story_new(NULL);
}

static void tear_down(void)
{
    folder_remove(dir);
}

static const Answer cases[] = {
    {"chain " S1, 0, "level,step,date,what,record,weight,handling\n", NULL},
    {"chain " S1, 0,
     "0,firearm,,SMITH & WESSON M&P9 HAA1234," S1 ",,PROTECTED B\n1,dealer,2024-03-06,"
     "\"LAKE ARMS, TOLEDO OH (23104711)\"," T1 ",,LES\n1,purchaser,2024-03-06,"
     "\"QUARRELL, Dorian 1991-05-17\"," T1 ",,LES\n1,border,2024-05-20,",
     NULL},
    {"chain " S1, 0, "1,same-case,", NULL},
    {"chain " S1, 0, "2,dealer,2024-03-05,", NULL},
    {"chain " S1, 0, "\n0,weakest link,,same-", NULL},
    {"chain " S1 " --format text", 0, "\n|- dealer  2024-03-06  LAKE ARMS", NULL},
    {"chain " S1 " --depth 0 --format text", 0, "\n`- border  2024-05-20", NULL},
    {"chain " T1 " " S2, 0, "1,same-", NULL},
    {"chain " T1 " " T1, 0, "0,firearm,,", NULL},
    {"find path " T1 " " S2, 0, "1,same-", NULL},
    {"--quiet find --format text path " T1 " " T1, 0, "firearm  SMITH & WESSON", NULL},
    {"find path " T1 " " S2 " " S1, 2, NULL, "find path takes two records"},
    {"chain atf-trace:T9", 66, NULL, "no record or mention"},
    {"chain atf-trace:" SECRET_KEY, 77, NULL, "confidential source"},
    {"chain " T1 " atf-trace:" SECRET_KEY, 77, NULL, "confidential source"},
    {"chain", 2, NULL, "chain takes one record, or two"},
    {"chain " T1 " --depth 9", 2, NULL, "--depth takes 0 to 5"},
    {"chain " T1 " --format xml", 2, NULL, "unknown format 'xml'"},
};

START_TEST(chain_is_drawn)
{
    program_answers(dir, &cases[_i]);
    Ran ran = program_run(dir, cases[_i].line);
    ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
    ran_clear(&ran);
}
END_TEST

int main(void)
{
    g_setenv("LC_ALL", "C", TRUE); /* so that lines are drawn with plain characters */
    Suite *suite = suite_create("chain");
    TCase *tcase = tcase_create("chain");
    tcase_add_loop_test(tcase, chain_is_drawn, 0, (int)G_N_ELEMENTS(cases));
    return program_main(suite, tcase, set_up, tear_down);
}
