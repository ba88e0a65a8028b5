/* `chain`: the tree of a firearm, and the way between two records; hidden stays hidden. */
#include <check.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"
#include "tests/unit/cli/world.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"
#define S1 "cbsa-seizure:4531-24-0001/1"
#define S2 "cbsa-seizure:4531-24-0001/2"

static char *dir;

static void run(const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "%s: %s", line, ran.err);
    ran_clear(&ran);
}

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    folder_write(dir, "secret.csv", SECRET_TRACES);
    run("load traces.csv seizures.csv --as-of 2024-07-01");
    run("load secret.csv --as-of 2024-07-02");
    run("correlate --as-of 2024-07-03");
}

static void tear_down(void)
{
    folder_remove(dir);
}

static const struct {
    const char *line;
    int status;
    const char *text;
} cases[] = {
    {"chain " S1, 0, "level,step,date,what,record,weight,handling\n"},
    {"chain " S1, 0,
     "0,firearm,,SMITH & WESSON M&P9 HAA1234," S1 ",,PROTECTED B\n1,dealer,2024-03-06,"
     "\"LAKE ARMS, TOLEDO OH (23104711)\"," T1 ",,LES\n1,purchaser,2024-03-06,"
     "\"QUARRELL, Dorian 1991-05-17\"," T1 ",,LES\n1,border,2024-05-20,"},
    {"chain " S1, 0, "1,same-case,"},
    {"chain " S1, 0, "2,dealer,2024-03-05,"},
    {"chain " S1, 0, "\n0,weakest link,,same-"},
    {"chain " S1 " --format text", 0, "\n|- dealer  2024-03-06  LAKE ARMS"},
    {"chain " S1 " --depth 0 --format text", 0, "\n`- border  2024-05-20"},
    {"chain " T1 " " S2, 0, "1,same-"},
    {"chain " T1 " " T1, 0, "0,firearm,,"},
    {"find path " T1 " " S2, 0, "1,same-"},
    {"--quiet find --format text path " T1 " " T1, 0, "firearm  SMITH & WESSON"},
    {"find path " T1 " " S2 " " S1, 2, "chain takes one record, or two"},
    {"chain atf-trace:T9", 66, "no record or mention"},
    {"chain atf-trace:" SECRET_KEY, 77, "confidential source"},
    {"chain " T1 " atf-trace:" SECRET_KEY, 77, "confidential source"},
    {"chain", 2, "chain takes one record, or two"},
    {"chain " T1 " --depth 9", 2, "--depth takes 0 to 5"},
    {"chain " T1 " --format xml", 2, "unknown format 'xml'"},
};

START_TEST(chain_is_drawn)
{
    Ran ran = program_run(dir, cases[_i].line);
    const char *where = cases[_i].status ? ran.err : ran.out;
    ck_assert_msg(ran.status == cases[_i].status, "%s: %d %s", cases[_i].line, ran.status, ran.err);
    ck_assert_msg(strstr(where, cases[_i].text) != NULL, "%s: '%s' not in %s", cases[_i].line,
                  cases[_i].text, where);
    ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
    ran_clear(&ran);
}
END_TEST

int main(void)
{
    g_setenv("LC_ALL", "C", TRUE); /* so that lines are drawn with plain characters */
    Suite *suite = suite_create("chain");
    TCase *tcase = tcase_create("chain");
    tcase_add_unchecked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, chain_is_drawn, 0, (int)G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
