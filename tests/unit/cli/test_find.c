/* `find` of people and values: who and what is found, in which order, what is refused. */
#include <check.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"
#include "tests/unit/cli/world.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"

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
    folder_write(dir, "car.csv",
                 "seizure_no,item_no,seizure_date,office_code,make,serial_number,narrative,"
                 "vehicle_plate,vehicle_region\n"
                 "4531-24-0009,1,2024-05-21,0453,GLOCK,XYZ999,Arme cach\xc3\xa9"
                 "e SYNTHETIC,ABC-1234,MI\n");
    run("load traces.csv seizures.csv car.csv --as-of 2024-07-01");
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
    const char *text, *err;
} cases[] = {
    {"find person 'QUARRELL, Dorian' --dob 1991-05-17", 0,
     "," T1 ":purchaser,\"QUARRELL, Dorian\",", ""},
    {"find person 'Dorian Quarrell'", 0, "," T2 ":purchaser,", ""},
    {"find person 'QUARREL, Dorian'", 0, "," T1 ":purchaser,", ""},
    {"find person 'QUARRELL, Dorian' --dob 1991-05-17", 0, "dob exact '1991-05-17'", ""},
    {"find person 'QUARRELL, Dorian' --limit 1", 0, "", "more; --limit 0 shows all"},
    {"find person 'NOBODY, Known'", 0, "handling\n", ""},
    {"find person ' '", 2, "", "no name in ' '"},
    {"find person 'QUARRELL, Dorian' --dob 17", 2, "", "no date '17'"},
    {"find ffl 2-31-095-01-5C-04711", 0, "," T1 ",23104711,\"LAKE ARMS, TOLEDO OH\",", ""},
    {"find ffl 23104711", 0, ",equal,", ""},
    {"find ffl 'lake arms'", 0, ",begins,", ""},
    {"find plate abc1234", 0, "cbsa-seizure:4531-24-0009/1,ABC1234 MI,", ""},
    {"find plate 'BC 12'", 0, ",holds,", ""},
    {"find address '18 Elm Street, Toledo, OH'", 0, "," T1 ":purchaser,18 ELM ST|TOLEDO|OH,", ""},
    {"find address '18 elm st'", 0, ",begins,", ""},
    {"find text CACHEE", 0, "cbsa-seizure:4531-24-0009/1,ARME CACHEE SYNTHETIC,", ""},
    {"find text synthetic --source atf-trace --limit 1", 0, "," T1 ",", "more"},
    {"find text ' '", 2, "", "nothing to look for"},
    {"find colour red", 2, "", "one of serial, person, ffl, plate, address, text"},
};

START_TEST(find_answers)
{
    Ran ran = program_run(dir, cases[_i].line);
    ck_assert_msg(ran.status == cases[_i].status, "%s: %d %s", cases[_i].line, ran.status, ran.err);
    ck_assert_msg(strstr(ran.out, cases[_i].text) != NULL, "%s: '%s' not in %s", cases[_i].line,
                  cases[_i].text, ran.out);
    ck_assert_msg(strstr(ran.err, cases[_i].err) != NULL, "%s: %s", cases[_i].line, ran.err);
    ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
    ck_assert_ptr_null(strstr(ran.err, "confidential")); /* nor that there is one */
    ran_clear(&ran);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find");
    TCase *tcase = tcase_create("find");
    tcase_add_unchecked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, find_answers, 0, (int)G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
