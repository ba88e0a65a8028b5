/* The manual says what the program does: every command, option and exit status stands in it. */
#include <check.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "tests/unit/cli/program.h"

static char *manual;

/* The page without roff's escapes. */
static void set_up(void)
{
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents("scripts/man/crosstrace.1", &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "\\-", -1);
    manual = g_strjoinv("-", parts);
}

static void tear_down(void)
{
    g_free(manual);
}

/* What stands between a command's heading and the next one. */
static char *section_of(const char *name)
{
    g_autofree char *head = g_strdup_printf("\n.SS %s\n", name);
    const char *start = strstr(manual, head);
    ck_assert_msg(start != NULL, "no section on '%s'", name);
    start += strlen(head);
    const char *end = strstr(start, "\n.S");
    return g_strndup(start, (gsize)(end - start));
}

static void expect_options(const char *command, const char *help)
{
    g_autofree char *section = section_of(command);
    const char *common = strstr(manual, "\n.SH OPTIONS OF ALL COMMANDS");
    for (const char *at = strstr(help, "\n  "); at; at = strstr(at + 1, "\n  ")) {
        const char *option = at + 3 + strspn(at + 3, " ");
        if (g_ascii_isalpha(option[1]) && g_str_has_prefix(option + 2, ", "))
            option += 4;
        if (!g_str_has_prefix(option, "--"))
            continue;
        g_autofree char *name = g_strndup(option, strspn(option, "-abcdefghijklmnopqrstuvwxyz"));
        ck_assert_msg(strstr(section, name) || strstr(common, name), "%s: no %s", command, name);
    }
}

START_TEST(every_command_and_option_is_there)
{
    char *dir = folder_new();
    for (const Command *const *c = commands(); *c; c++) {
        g_autofree char *line = g_strdup_printf("%s --help", (*c)->name);
        Ran ran = program_run(dir, line);
        expect_options((*c)->name, ran.out);
        ran_clear(&ran);
    }
    folder_remove(dir);
}
END_TEST

START_TEST(every_exit_status_is_there)
{
    const char *statuses = strstr(manual, "\n.SH EXIT STATUS");
    ck_assert_ptr_nonnull(statuses);
    for (const StatusRow *row = exit_table(); row->name; row++) {
        g_autofree char *entry = g_strdup_printf("\n.B %d\n%s: ", row->status, row->name);
        ck_assert_msg(strstr(statuses, entry) != NULL, "no status %d %s", row->status, row->name);
    }
}
END_TEST

START_TEST(help_prints_the_tables)
{
    static const char *const lines[][2] = {{"help exit-codes", " 77  "},
                                           {"help functions", "serial_match(pattern, serial)"},
                                           {"help show", "crosstrace show"}};
    char *dir = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        Ran ran = program_run(dir, lines[i][0]);
        ck_assert_int_eq(ran.status, 0);
        ck_assert_msg(strstr(ran.out, lines[i][1]) != NULL, "%s", ran.out);
        ran_clear(&ran);
    }
    Ran ran = program_run(dir, "help nothing");
    ck_assert_int_eq(ran.status, 2);
    ran_clear(&ran);
    folder_remove(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manual");
    TCase *tcase = tcase_create("manual");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, every_command_and_option_is_there);
    tcase_add_test(tcase, every_exit_status_is_there);
    tcase_add_test(tcase, help_prints_the_tables);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
