/*
 * A row of a confidential source stays in the store also when it is no record: what it says is in
 * no export of rejects, whatever was wrong with it, and in no message. And what its marking says
 * holds however it is written: a last day that cannot be read is over, a row without a key of its
 * own is one row with and without the flag. Synthetic.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "engine/store/store.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define CANARY "QZXCANARY"
#define HEADER "seizure_no,item_no,seizure_date,serial_number,narrative,confidential_source\n"

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

static char *run(const char *line, int status)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "%s: %d %s", line, ran.status, ran.err);
    ck_assert_msg(strstr(ran.err, CANARY) == NULL, "%s: %s", line, ran.err);
    g_free(ran.err);
    return ran.out;
}

static void quiet(const char *line, int status)
{
    g_free(run(line, status));
}

/* ---- rejects ------------------------------------------------------------------------------ */

/* A file with one good row and one that is no record; does the second leave? */
static const struct {
    const char *header, *row;
    gboolean leaves;
} rejects[] = {
    {HEADER, "4531-23-0002,1," CANARY "," CANARY "," CANARY ",Y", FALSE},
    {HEADER, "4531-23-0002,1," CANARY "," CANARY "," CANARY ",", TRUE},
    {HEADER, "4531-23-0002,1," CANARY "," CANARY "," CANARY ",N", TRUE},
    {HEADER, "4531-23-0002,1," CANARY "," CANARY "," CANARY ",oui", FALSE},
    {HEADER, "4531-23-0002,1," CANARY "," CANARY "," CANARY ",hm", FALSE}, /* no table knows it */
    {HEADER, CANARY ",1,2023-02-02," CANARY "," CANARY ",Y", FALSE},       /* a key without digit */
    {HEADER, CANARY ",1,2023-02-02," CANARY "," CANARY ",", TRUE},
    {HEADER, ",1,2023-02-02," CANARY "," CANARY ",Y", FALSE},
    {HEADER, "4531-23-0002,1,2023-02-02," CANARY, FALSE}, /* its flag cannot be read */
    {HEADER, "4531-23-0002,1,2023-02-02,\"" CANARY "\"x,,N", FALSE},
    /* where the file has no such column there is nothing to read */
    {"seizure_no,item_no,seizure_date,serial_number\n", "4531-23-0002,1,2023-02-02," CANARY ",a,b",
     TRUE},
    /* it says nothing of its source, but its record did before */
    {"seizure_no,item_no,seizure_date,serial_number\n", "4531-23-0001,1," CANARY "," CANARY, FALSE},
    {HEADER, "4531-23-0001,1," CANARY "," CANARY "," CANARY ",", FALSE},
};

START_TEST(a_reject_of_a_confidential_source_stays)
{
    g_autofree char *text = g_strconcat(rejects[_i].header, rejects[_i].row, "\n", NULL);
    folder_write(dir, "before.csv", HEADER "4531-23-0001,1,2023-02-02,KNOWN1,SYNTHETIC,Y\n");
    folder_write(dir, "bad.csv", text);
    quiet("load before.csv --as-of 2024-07-01", 0);
    quiet("load bad.csv --max-rejects 100% --as-of 2024-07-01", 1);
    static const char *const lines[] = {"export rejects", "export rejects --format json --raw",
                                        "export rejects --as-input bad.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *out = run(lines[i], 0);
        ck_assert_msg((strstr(out, CANARY) != NULL) == rejects[_i].leaves, "%d, %s: %s", _i,
                      lines[i], out);
        if (i == 0) /* that, where and why is told: a row is not lost */
            ck_assert_msg(strstr(out, "bad.csv,2,") != NULL, "%s", out);
    }
    static const char *const others[] = {"stats", "stats --unknown", "export warnings",
                                         "audit list"};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *out = run(others[i], 0);
        ck_assert_ptr_null(strstr(out, CANARY));
    }
}
END_TEST

/* What is not of a confidential source goes out, is mended and comes in again. */
START_TEST(the_others_are_mended)
{
    folder_write(dir, "bad.csv",
                 HEADER "4531-23-0002,1,soon,ABC1234,one,\n"
                        "4531-23-0003,1,soon," CANARY ",two,Y\n");
    quiet("load bad.csv --max-rejects 100% --as-of 2024-07-01", 1);
    g_autofree char *out = run("export rejects --as-input bad.csv", 0);
    ck_assert_ptr_nonnull(strstr(out, "4531-23-0002,1,soon,ABC1234,one,,bad-date,"));
    ck_assert_ptr_null(strstr(out, "4531-23-0003"));
    char *soon = strstr(out, "soon,ABC");
    g_autofree char *mended = g_strdup_printf("%.*s2023-02-02%s", (int)(soon - out), out, soon + 4);
    folder_write(dir, "mended.csv", mended);
    quiet("load mended.csv --as-of 2024-07-01", 0);
    g_free(run("show cbsa-seizure:4531-23-0002/1", 0));
}
END_TEST

/* A code that nobody knows is counted by its text, but not when it is of a confidential source. */
START_TEST(unknown_codes_of_it_are_not_counted)
{
    folder_write(dir, "codes.csv",
                 "seizure_no,item_no,seizure_date,commodity,mode,confidential_source\n"
                 "4531-23-0002,1,2023-02-02," CANARY "," CANARY ",Y\n"
                 "4531-23-0003,1,2023-02-02,PLAINWORD,,\n");
    quiet("load codes.csv --as-of 2024-07-01", 1);
    g_autofree char *out = run("stats --unknown", 0);
    ck_assert_ptr_null(strstr(out, CANARY));
    ck_assert_msg(strstr(out, "PLAINWORD") != NULL, "%s", out);
}
END_TEST

/* ---- markings ------------------------------------------------------------------------------ */

/* What a cell handling_expires says on 2024-07-01 -> the last day that is kept; "": without end. */
static const struct {
    const char *cell, *day;
} expiries[] = {
    {"2024-06-30", "2024-06-30"}, {"2024-12-31", "2024-12-31"},
    {"2051-01-01", "2051-01-01"}, {"", ""},
    {"31/31/2024", "0001-01-01"}, {"soon", "0001-01-01"},
    {"2024-13-01", "0001-01-01"}, {"99999", "0001-01-01"},
};

START_TEST(a_last_day_that_cannot_be_read_is_over)
{
    g_autofree char *text = g_strdup_printf("seizure_no,item_no,seizure_date,handling_expires\n"
                                            "4531-23-0002,1,2023-02-02,%s\n",
                                            expiries[_i].cell);
    folder_write(dir, "one.csv", text);
    gboolean bad = strcmp(expiries[_i].day, "0001-01-01") == 0;
    quiet("load one.csv --as-of 2024-07-01", bad ? 1 : 0);
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, &error);
    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    g_autoptr(Record) record = store_get(store, "cbsa-seizure:4531-23-0002/1", &error);
    ck_assert_ptr_nonnull(record);
    const char *day = record_get(record, FIELD_HANDLING_EXPIRES);
    ck_assert_str_eq(day ? day : "", expiries[_i].day);
    ck_assert_str_eq(record_get(record, FIELD_HANDLING), "PROTECTED B"); /* the profile's */
}
END_TEST

/* Confidential ones too. */
static int records_there(void)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    g_autoptr(Store) store = store_open(path, STORE_READ, 0, NULL);
    sqlite3_stmt *row = NULL;
    ck_assert_int_eq(
        sqlite3_prepare_v2(store_handle(store), "SELECT count(*) FROM record", -1, &row, NULL),
        SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
    int n = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return n;
}

/* Without item number the contents are the key; the flag is none of them, whichever comes first. */
START_TEST(the_flag_opens_no_second_record)
{
    static const char *const flags[][2] = {{"", "Y"}, {"Y", ""}, {"Y", "Y"}, {"Y", "N"}};
    for (guint i = 0; i < 2; i++) {
        g_autofree char *text =
            g_strdup_printf("seizure_no,seizure_date,serial_number,remark,confidential_source\n"
                            "4531-23-0002,2023-02-02,ABC1234," CANARY ",%s\n"
                            "4531-23-0009,2023-02-02,ABC%u,,\n",
                            flags[_i][i], i);
        folder_write(dir, i ? "two.csv" : "one.csv", text);
        quiet(i ? "load two.csv --as-of 2024-07-01" : "load one.csv --as-of 2024-07-01", 0);
    }
    g_autofree char *counts = run("stats", 0); /* what it says knows nothing of it either */
    ck_assert_msg(strstr(counts, "records cbsa-seizure,2\n") != NULL, "%s", counts);
    ck_assert_int_eq(records_there(), 3);
    g_autofree char *seen = run("query \"SELECT record FROM seizures\"", 0);
    ck_assert_ptr_nonnull(strstr(seen, "4531-23-0009"));
    ck_assert_msg(strstr(seen, "4531-23-0002") == NULL, "%s", seen);
}
END_TEST

/* Nor does it count among the answers, take a place of them, or make them less likely. */
START_TEST(questions_know_nothing_of_it)
{
    static const char *const asked[] = {"find person 'QUARRELL, Dorian' --limit 1",
                                        "find person 'QUARRELL, Dorian'",
                                        "find serial HAA1234",
                                        "find serial HAA1234 --limit 1",
                                        "find ffl 23104711 --limit 1",
                                        "find address '18 ELM ST' --limit 1",
                                        "find text synthetic --source atf-trace --limit 1",
                                        "find text synthetic",
                                        "review --format csv --from 0 --to 1",
                                        "review --format ndjson --kind link --from 0"};
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    folder_write(dir, "secret.csv", SECRET_TRACES);
    quiet("load traces.csv seizures.csv --as-of 2024-07-01", 0);
    quiet("load secret.csv --as-of 2024-07-02", 0);
    quiet("correlate --as-of 2024-07-03", 0);
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        Ran ran = program_run(dir, asked[i]);
        ck_assert_msg(ran.status == 0, "%s: %s", asked[i], ran.err);
        ck_assert_ptr_null(strstr(ran.out, SECRET_KEY));
        ck_assert_ptr_null(strstr(ran.err, "confidential"));
        if (strstr(asked[i], "--limit")) /* the place is an answer's that may be told of */
            ck_assert_msg(strchr(strchr(ran.out, '\n') + 1, '\n') != NULL, "%s", asked[i]);
        ran_clear(&ran);
    }
}
END_TEST

/* Nobody decides on it, by any front end; a court's order to keep it is kept, and how many more of
 * a lead are kept is not told. */
START_TEST(decisions_leave_it_alone)
{
    static const Answer answers[] = {
        {"persons join atf-trace:" SECRET_KEY ":purchaser atf-trace:T20240000001:purchaser", 77, "",
         "confidential source"},
        {"retention hold add atf-trace:" SECRET_KEY " --reason court --until 2090-01-01", 0, "",
         ""},
        {"retention hold list", 0, SECRET_KEY ",court,2090-01-01", ""},
        {"retention hold add atf-trace:T0 --reason court --until 2090-01-01", 66, "", "no record"},
        {"export links", 0, "kind,left", NULL}};
    g_autofree char *story = story_new(NULL);
    folder_write(story, "decisions",
                 "{\"type\":\"link\",\"left\":\"atf-trace:" SECRET_KEY "\",\"right\":"
                 "\"atf-trace:T20240000001\",\"decision\":\"dismiss\"}\n"
                 "{\"type\":\"person\",\"left\":\"atf-trace:T20240000001:purchaser\",\"right\":"
                 "\"atf-trace:" SECRET_KEY ":purchaser\",\"decision\":\"dismiss\"}\n");
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf(
        "cd '%s' && '%s' review --format ndjson < decisions > answers", story, program);
    ck_assert_int_eq(WEXITSTATUS(system(line)), 77);
    g_autofree char *path = g_build_filename(story, "answers", NULL), *told = NULL;
    ck_assert(g_file_get_contents(path, &told, NULL, NULL));
    ck_assert_ptr_null(strstr(told, "kept"));
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
        program_answers(story, &answers[i]);
    g_autofree char *changes = program_output(story, "audit list --action judge");
    ck_assert_ptr_null(strstr(changes, SECRET_KEY));
    folder_remove(g_steal_pointer(&story));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("confidential");
    TCase *tests = tcase_create("confidential");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_reject_of_a_confidential_source_stays, 0, G_N_ELEMENTS(rejects));
    tcase_add_test(tests, the_others_are_mended);
    tcase_add_test(tests, unknown_codes_of_it_are_not_counted);
    tcase_add_loop_test(tests, a_last_day_that_cannot_be_read_is_over, 0, G_N_ELEMENTS(expiries));
    tcase_add_loop_test(tests, the_flag_opens_no_second_record, 0, 4);
    tcase_add_test(tests, questions_know_nothing_of_it);
    tcase_add_test(tests, decisions_leave_it_alone);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
