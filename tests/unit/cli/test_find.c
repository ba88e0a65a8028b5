/* `find` of people and values: who and what is found, in which order, what is refused. */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"

static char *dir;

static void set_up(void)
{
    dir = story_new("seizure_no,item_no,seizure_date,office_code,make,serial_number,narrative,"
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
    {"find serial XYZ999 --source nosuch", 2, "", "it has atf-trace, cbsa-seizure"},
    {"find text synthetic --source trace", 2, "", "no records of source 'trace'"},
    {"find serial XYZ999 --make GLOCX", 2, "", "unknown value 'GLOCX', the nearest is GLOCK"},
    {"find serial XYZ999 --calibre 9MMM", 2, "", "the nearest is 9MM"},
    {"find serial XYZ999 --model NOSUCH", 1, "handling\n", "no record has the model 'NOSUCH'"},
    {"find serial XYZ999 --make GLOCK", 0, "cbsa-seizure:4531-24-0009/1,", ""},
    {"find serial 19 --make GLOCK", 2, "", "no serial number in '19' (taken for a model)"},
    {"find colour red", 2, "", "one of serial, person, ffl, plate, address, text, path"},
};

START_TEST(find_answers)
{
    program_answers(dir, &cases[_i]);
    Ran ran = program_run(dir, cases[_i].line);
    ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
    ran_clear(&ran);
}
END_TEST

/* The seizure that a trace is of neither competes with it nor is a chance match of it: a trace
 * weighs the same whether the seizure is asked for with it or not. */
START_TEST(one_firearm_is_no_rival_of_itself)
{
    folder_write(dir, "one-trace.csv",
                 "trace_number,serial_number,manufacturer,model,purchase_date,remarks\n"
                 "T20249000001,RKW52345,TAURUS,G2C,03/04/2023,SYNTHETIC\n");
    folder_write(dir, "one-seizure.csv",
                 "seizure_no,item_no,seizure_date,office_code,make,model,serial_number,narrative\n"
                 "4531-24-9001,1,2024-06-20,0453,TAURUS,G2C,RKW52?45,SYNTHETIC\n");
    g_free(program_output(dir, "load -q one-trace.csv one-seizure.csv"));
    g_free(program_output(dir, "correlate -q"));
    g_autofree char *alone =
        program_output(dir, "find serial 'RKW52?45' --source atf-trace --format csv");
    g_autofree char *all = program_output(dir, "find serial 'RKW52?45' --format csv");
    const char *trace = strstr(alone, "RKW52?45,atf-trace:T20249000001");
    ck_assert_msg(trace && strstr(all, trace), "'%s' in '%s'", alone, all);
    ck_assert_ptr_nonnull(strstr(all, "RKW52?45,cbsa-seizure:4531-24-9001/1"));
}
END_TEST

#define BIG_ROWS 30000
#define ROUNDS   5

/* Traces of other firearms and of nobody, more than a store has that is read as a whole. */
static void write_big(guint from, guint n)
{
    g_autoptr(GString) big = g_string_new("trace_number,serial_number,manufacturer\n");
    for (guint i = from; i < from + n; i++)
        g_string_append_printf(big, "T2025%07u,ZZ%06u,GLOCK\n", i, i);
    folder_write(dir, "big.csv", big->str);
}

/* How often it was answered before the load was over, each time from the store as it was. */
static guint answers_during(GPid load)
{
    guint answered = 0;
    int status = 0;
    while (waitpid(load, &status, WNOHANG) == 0) {
        g_autofree char *out = program_output(dir, "find ffl 23104711");
        ck_assert_ptr_nonnull(strstr(out, T1));
        answered += waitpid(load, &status, WNOHANG) == 0;
    }
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return answered;
}

/* While a large file is loaded, what is asked is answered; who waited for the load would not be,
 * however large the file. */
static void ask_during_loads(void)
{
    guint answered = 0;
    for (guint round = 0, rows = BIG_ROWS; !answered && round < ROUNDS; round++, rows *= 2) {
        write_big(rows - BIG_ROWS, rows);
        answered = answers_during(program_start(dir, "load big.csv"));
    }
    ck_assert_uint_ge(answered, 1);
}

/* Cut, overwritten or emptied, STORE.words hides nothing. */
static void ask_damaged(const char *words)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    ck_assert(g_file_get_contents(words, &bytes, &length, NULL));
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (guint round = 0; round < 20; round++) {
        g_autofree char *copy = g_memdup2(bytes, length);
        gsize cut = round < 5 ? length / (round + 2) : length;
        for (guint i = 0; i < 40; i++)
            copy[g_rand_int_range(random, 0, (gint32)length)] = (char)g_rand_int(random);
        if (round >= 5 && round < 15) /* the head stays, and so do all sizes */
            memset(copy + 512, 0, length - 512);
        ck_assert(g_file_set_contents(words, copy, (gssize)cut, NULL));
        program_answers(dir, &cases[round % G_N_ELEMENTS(cases)]);
    }
    g_unlink(words);
    ck_assert_int_eq(mkfifo(words, 0600), 0);
    program_answers(dir, &cases[0]);
    ck_assert(g_file_set_contents(words, "no words", -1, NULL));
}

START_TEST(large_store_answers_the_same)
{
    g_autofree char *words = g_build_filename(dir, "crosstrace.db.words", NULL);
    ck_assert(!g_file_test(words, G_FILE_TEST_EXISTS));
    ask_during_loads();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        program_answers(dir, &cases[i]);
    ask_damaged(words);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        program_answers(dir, &cases[i]);
    /* what came in since is there */
    folder_write(dir, "later.csv",
                 "trace_number,serial_number,manufacturer,purchaser_last,purchaser_first\n"
                 "T2025900,QQ123456,GLOCK,LATECOMER,Nan\n");
    g_free(program_output(dir, "load later.csv"));
    const Answer later = {"find person 'LATECOMER, Nan'", 0, "T2025900:purchaser", NULL};
    program_answers(dir, &later);
    /* after a night no question has to make it */
    g_unlink(words);
    g_free(program_output(dir, "nightly"));
    ck_assert(g_file_test(words, G_FILE_TEST_EXISTS));
    /* nor does a purge leave what a killed question left */
    folder_write(dir, "crosstrace.db.words.Ab1Cd2", "LATECOMER, Nan");
    folder_write(dir, "crosstrace.db.later", "LATECOMER, Nan");
    folder_write(dir, "crosstrace.db.later.Ab1Cd2", "LATECOMER, Nan");
    folder_write(dir, "crosstrace.db.idx.Ab1Cd2", "QQ123456");
    folder_write(dir, "crosstrace.db.facts.Ab1Cd2", "QQ123456");
    folder_write(dir, "crosstrace.db.views.Ab1Cd2", "QQ123456");
    folder_write(dir, "crosstrace.db.people.Ab1Cd2", "LATECOMER");
    g_autofree char *facts = g_build_filename(dir, "crosstrace.db.facts", NULL);
    g_autofree char *people = g_build_filename(dir, "crosstrace.db.people", NULL);
    ck_assert(g_file_test(facts, G_FILE_TEST_EXISTS));
    ck_assert(g_file_test(people, G_FILE_TEST_EXISTS));
    g_free(program_output(dir, "retention"));
    ck_assert(!g_file_test(words, G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test(facts, G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test(people, G_FILE_TEST_EXISTS));
    g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(folder));)
        ck_assert_msg(!g_str_has_suffix(name, ".Ab1Cd2") && !g_str_has_suffix(name, ".later"), "%s",
                      name);
}
END_TEST

static void load_anew(const char *folder, const char *files)
{
    g_autofree char *load = g_strconcat("load ", files, NULL);
    g_autofree char *store = g_build_filename(folder, "crosstrace.db", NULL);
    g_unlink(store);
    g_free(program_output(folder, load));
}

/* A store that is loaded anew, in another order, gives its records other numbers: what lies beside
 * the old one is not believed. */
START_TEST(index_of_another_order_is_not_believed)
{
    char *folder = folder_new();
    g_autofree char *index = g_build_filename(folder, "crosstrace.db.idx", NULL), *kept = NULL;
    gsize length = 0;
    folder_write(folder, "a.csv",
                 "trace_number,serial_number,manufacturer\nT20240000001,QX71234,GLOCK\n"
                 "T20240000002,QX75678,GLOCK\nT20240000003,QX79999,GLOCK\n");
    folder_write(folder, "b.csv",
                 "trace_number,serial_number,manufacturer\nT20240000004,WW20001,GLOCK\n");
    load_anew(folder, "a.csv b.csv");
    g_free(program_output(folder, "correlate"));
    ck_assert(g_file_get_contents(index, &kept, &length, NULL));
    load_anew(folder, "b.csv a.csv");
    ck_assert(g_file_set_contents(index, kept, (gssize)length, NULL));
    const Answer answer = {"find serial WW20001", 0, "atf-trace:T20240000004", NULL};
    program_answers(folder, &answer);
    folder_remove(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find");
    TCase *tcase = tcase_create("find");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, find_answers, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, one_firearm_is_no_rival_of_itself);
    tcase_add_test(tcase, large_store_answers_the_same);
    tcase_add_test(tcase, index_of_another_order_is_not_believed);
    return program_main(suite, tcase, set_up, tear_down);
}
