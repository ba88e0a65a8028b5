/* Every crosstrace command line in the top README's ```sh blocks runs, in the order of the page. */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"

static char *read_readme(void)
{
    char *text = NULL;
    ck_assert(g_file_get_contents("README.md", &text, NULL, NULL));
    return text;
}

/* A folder with the samples in it and the program first in PATH. */
static char *tour_folder(char ***environment)
{
    char *dir = folder_new();
    g_autofree char *samples = g_canonicalize_filename("data-samples", NULL);
    g_autofree char *link = g_build_filename(dir, "data-samples", NULL);
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *bin = g_path_get_dirname(program);
    g_autofree char *path = g_strconcat(bin, ":", g_getenv("PATH"), NULL);
    ck_assert_int_eq(symlink(samples, link), 0);
    *environment = g_environ_unsetenv(g_get_environ(), "CROSSTRACE_STORE");
    *environment = g_environ_setenv(*environment, "PATH", path, TRUE);
    *environment = g_environ_setenv(*environment, "XDG_CONFIG_HOME", dir, TRUE);
    return dir;
}

START_TEST(readme_commands_run)
{
    g_autofree char *readme = read_readme();
    g_auto(GStrv) lines = g_strsplit(readme, "\n", -1);
    g_auto(GStrv) environment = NULL;
    char *dir = tour_folder(&environment);
    gboolean inside = FALSE;
    guint ran = 0;
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, "```"))
            inside = strcmp(*line, "```sh") == 0;
        if (!inside || !g_str_has_prefix(*line, "crosstrace "))
            continue;
        const char *argv[] = {"sh", "-c", *line, NULL};
        g_autofree char *out = NULL;
        g_autofree char *err = NULL;
        int status = 0;
        ck_assert(g_spawn_sync(dir, (char **)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &out, &err, &status, NULL));
        g_autoptr(GError) error = NULL;
        gboolean good = g_spawn_check_wait_status(status, &error) || error->code == 1;
        ck_assert_msg(good, "'%s': %s: %s", *line, error ? error->message : "", err);
        ran++;
    }
    folder_remove(dir);
    ck_assert_uint_ge(ran, 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readme");
    TCase *tests = tcase_create("readme");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, readme_commands_run);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
