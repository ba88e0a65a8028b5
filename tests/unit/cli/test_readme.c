/*
 * Every command of the top README's ```console blocks runs, in the order of the page on one store,
 * and prints what the page says, on both streams. A line `...` stands for any lines. Decimals
 * are not compared: weights move with the rules, and what they mean is other tests' business.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

/* A folder with the samples in it; the program is first in PATH, the terminal knows UTF-8. */
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
    *environment = g_environ_setenv(*environment, "LC_ALL", "C.UTF-8", TRUE);
    *environment = g_environ_setenv(*environment, "XDG_CONFIG_HOME", dir, TRUE);
    return dir;
}

/* Digits behind a point, and blanks that depend on them, made one. */
static char *masked(const char *line)
{
    GString *text = g_string_new(NULL);
    for (const char *p = line; *p; p++) {
        gboolean fraction = *p == '.' && g_ascii_isdigit(p[1]) && text->len &&
                            g_ascii_isdigit(text->str[text->len - 1]);
        if (fraction) {
            while (text->len && strchr("0123456789-+", text->str[text->len - 1]))
                g_string_truncate(text, text->len - 1);
            p += 1 + strspn(p + 1, "0123456789") - 1;
            g_string_append_c(text, '#');
        } else if (*p != ' ' || !text->len || text->str[text->len - 1] != ' ') {
            g_string_append_c(text, *p);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean same_line(const char *wanted, const char *got)
{
    g_autofree char *a = masked(wanted), *b = masked(got);
    g_strchomp(a);
    g_strchomp(b);
    return strcmp(a, b) == 0;
}

static gboolean same_text(const char *const *wanted, const char *const *got)
{
    if (!*wanted)
        return !*got;
    if (strcmp(*wanted, "...") == 0)
        return same_text(wanted + 1, got) || (*got && same_text(wanted, got + 1));
    return *got && same_line(*wanted, *got) && same_text(wanted + 1, got + 1);
}

static char *run(const char *dir, char **environment, const char *command)
{
    g_autofree char *line = g_strdup_printf("exec 2>&1; %s", command);
    const char *argv[] = {"sh", "-c", line, NULL};
    char *out = NULL;
    int status = 0;
    g_autoptr(GError) error = NULL;
    ck_assert(g_spawn_sync(dir, (char **)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                           NULL, &status, NULL));
    ck_assert_msg(g_spawn_check_wait_status(status, &error), "'%s': %s: %s", command,
                  error ? error->message : "", out);
    return out;
}

/* One command and the lines that the page has below it; returns the line behind them. */
static char **check_command(const char *dir, char **environment, char **line)
{
    const char *command = *line + 2;
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    for (line++; *line && !g_str_has_prefix(*line, "$ ") && !g_str_has_prefix(*line, "```"); line++)
        g_ptr_array_add(wanted, *line);
    g_ptr_array_add(wanted, NULL);
    g_autofree char *out = run(dir, environment, command);
    g_auto(GStrv) got = g_strsplit(*out ? g_strchomp(out) : "", "\n", -1);
    ck_assert_msg(same_text((const char *const *)wanted->pdata, (const char *const *)got),
                  "'%s' prints:\n%s", command, out);
    return line;
}

START_TEST(readme_commands_print_what_it_says)
{
    g_autofree char *readme = NULL;
    ck_assert(g_file_get_contents("README.md", &readme, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(readme, "\n", -1);
    g_auto(GStrv) environment = NULL;
    char *dir = tour_folder(&environment);
    gboolean inside = FALSE;
    guint ran = 0;
    for (char **line = lines; *line;) {
        if (inside && g_str_has_prefix(*line, "$ ")) {
            line = check_command(dir, environment, line);
            ran++;
            continue;
        }
        if (g_str_has_prefix(*line, "```"))
            inside = strcmp(*line, "```console") == 0;
        line++;
    }
    folder_remove(dir);
    ck_assert_uint_ge(ran, 12);
}
END_TEST

/* The comparison itself: only decimals and blanks may differ. */
START_TEST(comparison_tells_lines_apart)
{
    ck_assert(same_line("a  0.5 +14.9 x", "a 0.9953   -2.1 x"));
    ck_assert(!same_line("a 0.5", "b 0.5"));
    ck_assert(!same_line("5 rows", "6 rows"));
    static const char *const wanted[] = {"a", "...", "c", NULL};
    static const char *const more[] = {"a", "b", "b", "c", NULL}, *const less[] = {"a", "b", NULL};
    ck_assert(same_text(wanted, more));
    ck_assert(!same_text(wanted, less));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readme");
    TCase *tests = tcase_create("readme");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, readme_commands_print_what_it_says);
    tcase_add_test(tests, comparison_tells_lines_apart);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
