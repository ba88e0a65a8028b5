/* Runs every scenario under tests/cases with the built program, one check each. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/case.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static GPtrArray *paths;

static void collect(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        if (g_file_test(child, G_FILE_TEST_IS_DIR))
            collect(child);
        else if (g_str_has_suffix(name, ".case"))
            g_ptr_array_add(paths, g_steal_pointer(&child));
    }
}

START_TEST(scenario_comes_out)
{
    const char *path = g_ptr_array_index(paths, _i);
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) scenario = case_load(path, &error);
    ck_assert_msg(scenario != NULL, "%s", error ? error->message : "");
    g_autofree char *problem = case_run(scenario, built, rules);
    ck_assert_msg(!problem, "%s", problem);
}
END_TEST

int main(void)
{
    paths = g_ptr_array_new_with_free_func(g_free);
    collect("tests/cases");
    g_ptr_array_sort(paths, text_compare);
    Suite *suite = suite_create("cases");
    TCase *tests = tcase_create("cases");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, scenario_comes_out, 0, (int)paths->len);
    suite_add_tcase(suite, tests);
    int failed = suite_run(suite);
    g_ptr_array_unref(paths);
    return failed;
}
