/*
 * The manual says what the program does: every command, option and exit status stands in it, and in
 * its pages on formats every key, setting, column, view and function; all are clean under groff.
 */
#include <check.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/sql/sql.h"
#include "loaders/normalise.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static char *manual;

static char *replace(const char *text, const char *old, const char *new)
{
    g_auto(GStrv) parts = g_strsplit(text, old, -1);
    return g_strjoinv(new, parts);
}

/* A page without roff's escapes. */
static char *page(const char *name)
{
    g_autofree char *path = g_build_filename("scripts/man", name, NULL), *text = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "no page '%s'", path);
    g_autofree char *plain = replace(text, "\\-", "-");
    return replace(plain, "\\(aq", "'");
}

static void set_up(void)
{
    manual = page("crosstrace.1");
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

/* What the help says of an option of the command's own, the manual says in the same words. */
static void expect_same_words(const char *command, const char *help)
{
    g_autofree char *section = section_of(command), *plain = replace(section, "\n", " ");
    const char *end = strstr(help, "\nOptions of every command");
    ck_assert_msg(end != NULL, "%s", command);
    g_autofree char *own = g_strndup(help, (gsize)(end - help));
    g_auto(GStrv) lines = g_strsplit(own, "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *option = strstr(*line, "--"), *words = option ? strstr(option, "  ") : NULL;
        if (g_str_has_prefix(*line, "  -") && words)
            ck_assert_msg(strstr(plain, words + strspn(words, " ")) != NULL, "%s: %s", command,
                          option);
    }
}

START_TEST(every_command_and_option_is_there)
{
    char *dir = folder_new();
    for (const Command *const *c = commands(); *c; c++) {
        g_autofree char *line = g_strdup_printf("%s --help", (*c)->name);
        Ran ran = program_run(dir, line);
        expect_options((*c)->name, ran.out);
        expect_same_words((*c)->name, ran.out);
        ran_clear(&ran);
    }
    folder_remove(dir);
}
END_TEST

/* Below a command's heading stands first what it takes, as its help has it. */
START_TEST(every_command_says_what_it_takes)
{
    for (const Command *const *c = commands(); *c; c++) {
        const char *takes = (*c)->synopsis;
        g_autofree char *line = g_strdup_printf(".B crosstrace %s\n[OPTION...]%s%s\n", (*c)->name,
                                                *takes ? " " : "", takes);
        g_autofree char *section = section_of((*c)->name);
        ck_assert_msg(g_str_has_prefix(section, line), "%s: not '%s'", (*c)->name, line);
    }
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

/* Does a page have an entry of that name? */
static void expect_entry(const char *text, const char *name)
{
    g_autofree char *alone = g_strdup_printf("\n.B %s\n", name);
    g_autofree char *first = g_strdup_printf("\n.B %s,", name);
    g_autofree char *last = g_strdup_printf(", %s\n", name);
    ck_assert_msg(strstr(text, alone) || strstr(text, first) || strstr(text, last), "no '%s'",
                  name);
}

static char *output_of(const char *line)
{
    char *dir = folder_new();
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "%s: %s", line, ran.err);
    folder_remove(dir);
    g_free(ran.err);
    return ran.out;
}

/* "export links: kind,left" is an entry with these words below it, views in the page on rules. */
START_TEST(every_column_is_there)
{
    g_autofree char *csv = page("crosstrace-csv.5"), *rules = page("crosstrace-rules.5");
    g_autofree char *columns = output_of("help columns");
    g_auto(GStrv) lines = g_strsplit(columns, "\n", -1);
    for (char **line = lines; **line; line++) {
        gboolean view = g_str_has_prefix(*line, "view ");
        g_auto(GStrv) sides = g_strsplit(*line, ": ", 2);
        const char *name = view ? sides[0] + strlen("view ") : sides[0];
        expect_entry(view ? rules : csv, name);
        g_autofree char *head = g_strdup_printf("\n.B %s\n", name);
        const char *entry = strstr(view ? rules : csv, head) + strlen(head);
        g_autofree char *body = g_strndup(entry, (gsize)(strstr(entry, "\n.") - entry));
        g_strdelimit(body, "\n", ' ');
        g_autofree char *list = replace(body, ", ", ",");
        ck_assert_msg(strcmp(list, sides[1]) == 0, "%s: '%s'", *line, list);
    }
}
END_TEST

START_TEST(every_key_and_function_is_there)
{
    g_autofree char *rules = page("crosstrace-rules.5"), *settings = page("crosstrace.ini.5");
    for (guint i = 0; indicator_key(i); i++)
        expect_entry(rules, indicator_key(i));
    for (const SqlFunctionRow *row = sql_functions(); row->name; row++) {
        g_autofree char *name = g_strndup(row->usage, strcspn(row->usage, ")") + 1);
        expect_entry(rules, name);
        ck_assert_msg(strstr(rules, strchr(row->usage, ')') + 3) != NULL, "%s", row->usage);
    }
    for (guint i = 0; i < SET_COUNT; i++)
        expect_entry(settings, setting_name(i));
}
END_TEST

/* Keys that the files of a folder have stand as entries in a page; a constant of a profile is any
 * field. */
static void expect_keys(const char *folder, const char *text, gboolean constants)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *content = NULL;
        if (!g_str_has_suffix(name, ".ini"))
            continue;
        ck_assert(g_file_get_contents(path, &content, NULL, NULL));
        g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
        for (char **line = lines; *line; line++) {
            gsize length = strcspn(*line, "=");
            Field field;
            g_autofree char *key = g_strndup(*line, length);
            if (!g_ascii_islower(**line) || (*line)[length] != '=' ||
                (constants && field_parse(key, &field)))
                continue;
            g_autofree char *word = g_strdup_printf("%s,", key);
            if (!strstr(text, word))
                expect_entry(text, key);
        }
    }
}

/* Stands a word in the list behind a key's entry? */
static void expect_in_list(const char *text, const char *key, const char *word)
{
    g_autofree char *head = g_strdup_printf("\n.B %s\n", key);
    const char *start = strstr(text, head);
    ck_assert_ptr_nonnull(start);
    start += strlen(head);
    g_autofree char *list = g_strndup(start, (gsize)(strstr(start, "\n.") - start));
    g_auto(GStrv) words = g_strsplit_set(list, ",: \n", -1);
    ck_assert_msg(g_strv_contains((const char *const *)words, word), "%s: no '%s'", key, word);
}

START_TEST(every_key_of_a_file_is_there)
{
    g_autofree char *rules = page("crosstrace-rules.5"), *profiles = page("crosstrace-profile.5");
    expect_keys("rules/markers", rules, FALSE);
    expect_keys("loaders/profiles", profiles, TRUE);
    for (const char *const *name = normaliser_names(); *name; name++) {
        g_autofree char *word = g_strndup(*name, strcspn(*name, ":"));
        expect_in_list(profiles, "normaliser", word);
    }
}
END_TEST

START_TEST(pages_are_clean)
{
    static const char *const checkers[][4] = {{"groff", "-man", "-ww", "-Tutf8"},
                                              {"mandoc", "-Tlint", "-Wwarning", NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(checkers); i++) {
        g_autofree char *program = g_find_program_in_path(checkers[i][0]);
        g_autofree char *out = NULL, *err = NULL;
        const char *argv[] = {program,
                              checkers[i][1],
                              checkers[i][2],
                              "scripts/man/crosstrace.1",
                              "scripts/man/crosstrace-csv.5",
                              "scripts/man/crosstrace-rules.5",
                              "scripts/man/crosstrace-profile.5",
                              "scripts/man/crosstrace.ini.5",
                              checkers[i][3],
                              NULL};
        int status = 0;
        if (!program)
            continue;
        ck_assert(
            g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &out, &err, &status, NULL));
        ck_assert_msg(status == 0 && *err == '\0', "%s: %s%s", program, err, i ? out : "");
    }
}
END_TEST

START_TEST(help_prints_the_tables)
{
    static const char *const lines[][2] = {
        {"help exit-codes", " 77  "},     {"help functions", "serial_match(pattern, serial)"},
        {"help rules", "falsepositives"}, {"help columns", "export links: kind,left,right,"},
        {"--version -v", "\nSQLite 3."},  {"--version --verbose", "\nlibcsv 3."},
        {"help show", "crosstrace show"}};
    char *dir = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        Ran ran = program_run(dir, lines[i][0]);
        ck_assert_int_eq(ran.status, 0);
        ck_assert_msg(strstr(ran.out, lines[i][1]) != NULL, "%s", ran.out);
        ran_clear(&ran);
    }
    static const char *const wrong[][2] = {
        {"help nothing", "a command, exit-codes, functions, rules or columns"},
        {"help colums", "did you mean 'columns'"},
        {"find serial X --limt 3", "unknown option --limt, did you mean '--limit'"},
        {"stats --fromat=csv", "did you mean '--format'"}};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        Ran ran = program_run(dir, wrong[i][0]);
        ck_assert_int_eq(ran.status, 2);
        ck_assert_msg(strstr(ran.err, wrong[i][1]) != NULL, "%s", ran.err);
        ran_clear(&ran);
    }
    folder_remove(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manual");
    TCase *tcase = tcase_create("manual");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, every_command_and_option_is_there);
    tcase_add_test(tcase, every_command_says_what_it_takes);
    tcase_add_test(tcase, every_exit_status_is_there);
    tcase_add_test(tcase, every_column_is_there);
    tcase_add_test(tcase, every_key_and_function_is_there);
    tcase_add_test(tcase, every_key_of_a_file_is_there);
    tcase_add_test(tcase, pages_are_clean);
    tcase_add_test(tcase, help_prints_the_tables);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
