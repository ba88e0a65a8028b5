/* The reader and runner of scenario cases: strict, and able to fail. */
#include <check.h>
#include <string.h>

#include "engine/cli/case.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

static Case *read_case(const char *text, GError **error)
{
    folder_write(dir, "x.case", text);
    g_autofree char *path = g_build_filename(dir, "x.case", NULL);
    return case_load(path, error);
}

static const char *const broken[] = {
    "",
    "just words\n",
    "@run stats\n",                          /* nothing expected */
    "@expect-none\n",                        /* nothing run */
    "@expect\na\n1\n@run stats\n",           /* expected before anything ran */
    "@run\n@expect-none\n",                  /* no argument */
    "@file ../x\na\n@run x\n@expect-none\n", /* leaves the folder */
    "@file .x\na\n@run x\n@expect-none\n",
    "@expect-some\n",
    "@run x\ntext\n@expect-none\n",
    "@run x\n@expect-none 3\n",
};

START_TEST(broken_case_is_refused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) scenario = read_case(broken[_i], &error);
    ck_assert_ptr_null(scenario);
    ck_assert_int_eq(error->code, 78);
    ck_assert_ptr_nonnull(strstr(error->message, "x.case:"));
}
END_TEST

/* `echo` stands in for the program: it prints its arguments, so a header and no rows. */
static const struct {
    const char *text;
    gboolean passes;
} runs[] = {
    {"comment\n@run a,b\n@expect-none\n", TRUE},
    {"@run a,b\n@status 1\n@expect-none\n", FALSE},
    {"@run a,b\n@status x\n", FALSE},
    {"@run a,b\n@expect\nc\n", FALSE},
    {"@run \"a,b\n1,2\n3,4\" \n@expect\nb\n4\n2\n", FALSE}, /* shell words are one line each */
};

START_TEST(case_runs)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) scenario = read_case(runs[_i].text, &error);
    if (!scenario) {
        ck_assert(!runs[_i].passes);
        return;
    }
    g_autofree char *problem = case_run(scenario, "/bin/echo", "rules");
    ck_assert_msg(runs[_i].passes == !problem, "%d: %s", _i, problem ? problem : "passed");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("case");
    TCase *tests = tcase_create("case");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, broken_case_is_refused, 0, G_N_ELEMENTS(broken));
    tcase_add_loop_test(tests, case_runs, 0, G_N_ELEMENTS(runs));
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(suite());
}
