/* `find` of people and values: who and what is found, in which order, what is refused. */
#include <check.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"

static char *dir;

static void set_up(void)
{
    dir = world_new("seizure_no,item_no,seizure_date,office_code,make,serial_number,narrative,"
                    "vehicle_plate,vehicle_region\n"
                    "4531-24-0009,1,2024-05-21,0453,GLOCK,XYZ999,Arme cach\xc3\xa9"
                    "e SYNTHETIC,ABC-1234,MI\n");
}

static void tear_down(void)
{
    folder_remove(dir);
}

static const Answer cases[] = {
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
    program_answers(dir, &cases[_i]);
    Ran ran = program_run(dir, cases[_i].line);
    ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
    ran_clear(&ran);
}
END_TEST

#define BIG_ROWS 30000

/* While a large file is loaded, what is asked is answered before the load is over, and from the
 * store as it was. */
START_TEST(readers_do_not_wait_for_a_load)
{
    g_autoptr(GString) big = g_string_new("trace_number,serial_number,manufacturer\n");
    for (guint i = 0; i < BIG_ROWS; i++)
        g_string_append_printf(big, "T2025%07u,ZZ%06u,GLOCK\n", i, i);
    folder_write(dir, "big.csv", big->str);
    GPid load = program_start(dir, "load big.csv");
    guint answered = 0;
    int status = 0;
    while (waitpid(load, &status, WNOHANG) == 0) {
        g_autofree char *out = program_output(dir, "find ffl 23104711");
        ck_assert_ptr_nonnull(strstr(out, T1));
        answered += waitpid(load, &status, WNOHANG) == 0;
    }
    ck_assert_uint_ge(answered, 1);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find");
    TCase *tcase = tcase_create("find");
    tcase_add_loop_test(tcase, find_answers, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, readers_do_not_wait_for_a_load);
    return program_main(suite, tcase, set_up, tear_down);
}
