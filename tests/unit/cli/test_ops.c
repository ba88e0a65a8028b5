/*
 * What an operator is given fits the program: the runbook has a page for each exit status, the
 * example configuration every key, explained and read as it stands; the lines of cron and systemd
 * are commands that the program knows; the unit is confined.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/cli/settings.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define EXPOSURE "20" /* tenths; what systemd-analyze may find at most */

static char *ops(const char *name)
{
    g_autofree char *path = g_build_filename("scripts/ops", name, NULL);
    char *text = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    return text;
}

START_TEST(each_status_has_a_page)
{
    g_autofree char *runbook = ops("runbook.md");
    for (const StatusRow *row = exit_table(); row->name; row++) {
        g_autofree char *head = g_strdup_printf("\n## %d ", row->status);
        const char *page = strstr(runbook, head);
        ck_assert_msg(page != NULL, "no page on %d", row->status);
        const char *text = strchr(page + 1, '\n');
        ck_assert_msg(text && text[1] != '\n' && text[1] != '#', "an empty page on %d",
                      row->status);
    }
    ck_assert_ptr_nonnull(strstr(runbook, "\n## 129 and more"));
}
END_TEST

/* A key stands in a line of its own, set or as a comment, below a sentence. */
START_TEST(each_key_is_explained)
{
    g_autofree char *text = ops("crosstrace.ini");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (SettingId id = 0; id < SET_COUNT; id++) {
        g_autofree char *set = g_strconcat(setting_name(id), "=", NULL);
        guint found = 0;
        for (guint i = 1; lines[i]; i++)
            if (g_str_has_prefix(lines[i] + (*lines[i] == '#'), set)) {
                found++;
                ck_assert_msg(g_str_has_prefix(lines[i - 1], "# "), "'%s' is not explained", set);
            }
        ck_assert_msg(found == 1, "'%s' stands %u times", set, found);
    }
}
END_TEST

START_TEST(the_example_is_read_as_it_stands)
{
    char *dir = folder_new();
    g_autofree char *text = ops("crosstrace.ini");
    folder_write(dir, "example.ini", text);
    g_autofree char *shown = program_output(dir, "--config example.ini config show --format csv");
    ck_assert_ptr_nonnull(strstr(shown, "/var/lib/crosstrace/crosstrace.db"));
    ck_assert_ptr_nonnull(strstr(shown, "example.ini:"));
    folder_remove(dir);
}
END_TEST

/* The words of a line from the program's name on, with another configuration. */
static char *command_of(const char *text)
{
    const char *name = strstr(text, "/bin/crosstrace ");
    ck_assert_ptr_nonnull(name);
    name += strlen("/bin/crosstrace ");
    return g_strndup(name, strcspn(name, "\n"));
}

START_TEST(each_line_is_a_command)
{
    static const char *const names[] = {"crontab", "crosstrace-nightly.service"};
    char *dir = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = ops(names[i]), *command = command_of(text);
        g_autoptr(GString) line = g_string_new(command);
        ck_assert_uint_eq(g_string_replace(line, "/etc/crosstrace.ini", "c.ini", 0), 1);
        folder_write(dir, "c.ini", "[crosstrace]\nstore=s.db\n");
        const Answer answer = {line->str, 0, "", NULL};
        program_answers(dir, &answer);
    }
    folder_remove(dir);
}
END_TEST

START_TEST(the_unit_is_confined)
{
    g_autofree char *analyze = g_find_program_in_path("systemd-analyze"), *said = NULL;
    if (!analyze) {
        printf("skipped: no systemd-analyze\n");
        return;
    }
    const char *argv[] = {analyze,
                          "security",
                          "--offline=yes",
                          "--no-pager",
                          "--threshold=" EXPOSURE,
                          "scripts/ops/crosstrace-nightly.service",
                          NULL};
    int status = 1;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL,
                           &status, NULL));
    const char *level = strstr(said, "exposure level");
    ck_assert_msg(status == 0 && level != NULL, "%x: %s", (guint)status, said);
    printf("counted: %.60s\n", level);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ops");
    TCase *tests = tcase_create("ops");
    tcase_add_test(tests, each_status_has_a_page);
    tcase_add_test(tests, each_key_is_explained);
    tcase_add_test(tests, the_example_is_read_as_it_stands);
    tcase_add_test(tests, each_line_is_a_command);
    tcase_add_test(tests, the_unit_is_confined);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
