/*
 * A reader never waits for a writer: while a load and a correlate are under way questions are
 * answered, from the store as it was before or as it is after, and no other.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/cli/program.h"

#define ROWS   15000 /* enough for some questions while they are loaded, or twice as many, or ... */
#define ROUNDS 6

static char *dir;
static guint rows; /* in the files that were loaded */

/* So many that are not there yet. */
static void write_traces(const char *name, guint n)
{
    g_autoptr(GString) text = g_string_new("trace_number,request_date,serial_number,manufacturer,"
                                           "model,caliber,firearm_type,purchaser_last,"
                                           "purchaser_first,purchaser_dob,ffl_number,ffl_name\n");
    for (guint i = rows; i < rows + n; i++)
        g_string_append_printf(text,
                               "T2024%07u,06/03/2024,SYN%06u,GLOCK,19,9MM,PISTOL,NAME%u,GIVEN%u,"
                               "05/17/19%02u,2-31-095-01-5C-%05u,ARMS %u\n",
                               i, i * 7 % 999983, i % 4999, i % 331, 50 + i % 49, i % 997, i % 997);
    folder_write(dir, name, text->str);
    rows += n;
}

static void set_up(void)
{
    dir = folder_new();
    write_traces("first.csv", ROWS / 10);
    g_free(program_output(dir, "load -q first.csv"));
    g_free(program_output(dir, "correlate -q"));
}

static void tear_down(void)
{
    folder_remove(dir);
}

/* What a question answers: a row behind the header. */
static char *ask(const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "%s: %d %s", line, ran.status, ran.err);
    char *row = g_strdup(strchr(ran.out, '\n') ? strchr(ran.out, '\n') + 1 : "");
    ran_clear(&ran);
    return row;
}

static const struct {
    const char *line; /* of the writer */
    const char *question;
    gboolean loads; /* more.csv */
} scenes[] = {
    {"load -q more.csv", "query 'SELECT count(*) FROM firearms'", TRUE},
    {"correlate -q --full", "query 'SELECT count(*), max(person) FROM people'", FALSE},
    {"correlate -q --full", "find ffl 'ARMS 7' --limit 1 -q", FALSE},
};

/* How many answers came while the writer was under way, or just ended. */
static guint answers_during(guint scene)
{
    g_autofree char *before = ask(scenes[scene].question);
    g_autoptr(GPtrArray) answers = g_ptr_array_new_with_free_func(g_free);
    GPid writer = program_start(dir, scenes[scene].line);
    int status = 0;
    while (waitpid(writer, &status, WNOHANG) == 0)
        g_ptr_array_add(answers, ask(scenes[scene].question));
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    g_autofree char *after = ask(scenes[scene].question);
    for (guint i = 0; i < answers->len; i++) {
        const char *answer = answers->pdata[i];
        ck_assert_msg(strcmp(answer, before) == 0 || strcmp(answer, after) == 0,
                      "%s: neither before nor after: %s", scenes[scene].line, answer);
    }
    return answers->len;
}

/* Who waits for the writer has one answer, when it has ended, or two, however much it writes. */
static void ask_during(guint scene)
{
    guint answered = 0;
    for (guint round = 0; answered < 3 && round < ROUNDS; round++) {
        if (scenes[scene].loads || round > 0)
            write_traces("more.csv", ROWS << round);
        if (!scenes[scene].loads && round > 0)
            g_free(program_output(dir, "load -q more.csv"));
        answered = answers_during(scene);
    }
    ck_assert_msg(answered >= 3, "%s: %u answers", scenes[scene].line, answered);
}

START_TEST(readers_do_not_wait)
{
    for (guint i = 0; i < G_N_ELEMENTS(scenes); i++)
        ask_during(i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reading");
    TCase *tests = tcase_create("reading");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, readers_do_not_wait);
    return program_main(suite, tests, set_up, tear_down);
}
