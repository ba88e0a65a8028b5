/*
 * Reports as a user makes them: in a folder, over a file that is there, on a full disk, since a
 * run; and what other programs make of them (a browser, readers of JSON and XML), where they are
 * there.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "engine/report/report.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

static char *dir;

static void run(const char *line, int status)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': status %d instead of %d: %s", line, ran.status,
                  status, ran.err);
    ran_clear(&ran);
}

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    run("load traces.csv seizures.csv", 0);
    run("correlate --as-of 2024-07-01", 0);
}

static void tear_down(void)
{
    folder_remove(dir);
}

static char *content(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    char *text = NULL;
    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    return text;
}

/* Runs a line of the shell in the folder; its status, and what it printed on both streams. */
static int by_shell(const char *line, char **printed)
{
    g_autofree char *whole = g_strdup_printf("cd '%s' && { %s\n} 2>&1", dir, line);
    const char *argv[] = {"sh", "-c", whole, NULL};
    int status = 0;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, printed,
                           NULL, &status, NULL));
    return status;
}

static gboolean is_there(const char *program)
{
    g_autofree char *path = g_find_program_in_path(program);
    if (!path)
        printf("test_report: %s is not installed, skipped\n", program);
    return path != NULL;
}

START_TEST(folder_holds_tables_that_describe_themselves)
{
    static const char *const names[] = {"out/leads.csv", "out/links.csv", "out/records.csv"};
    run("report -o out/", 0);
    g_autofree char *package = content("out/datapackage.json");
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = content(names[i]);
        g_auto(GStrv) columns = g_strsplit(strtok(text, "\n"), ",", -1);
        for (guint c = 0; columns[c]; c++) {
            g_autofree char *field = g_strdup_printf("{\"name\":\"%s\"", columns[c]);
            ck_assert_msg(strstr(package, field) != NULL, "%s: %s", names[i], columns[c]);
        }
    }
    run("report -o out", 73);
    run("report -o out --force", 0);
    run("report --format json -o out", 0);
    g_free(content("out/leads.json"));
}
END_TEST

/* A name without an extension is a folder, one with an extension a file. */
START_TEST(a_folder_by_its_name)
{
    run("report -o fresh", 0);
    g_free(content("fresh/leads.csv"));
    g_free(content("fresh/datapackage.json"));
    run("report --format html -o fresh.html", 0);
    g_free(content("fresh.html"));
}
END_TEST

static char *output_of(const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == 0, "'%s': %d: %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

/* One lead comes in the format that was asked for. */
START_TEST(one_lead_in_each_format)
{
    g_autofree char *list = output_of("leads list --format csv");
    g_auto(GStrv) lines = g_strsplit(list, "\n", 3);
    g_autofree char *id = g_strndup(lines[1], strcspn(lines[1], ","));
    static const struct {
        const char *format, *start;
    } formats[] = {{"json", "{\"v\":1,"},
                   {"ndjson", "{\"v\":1,\"lead_id\""},
                   {"csv", "lead_id,"},
                   {"table", "L"}};
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *line = g_strdup_printf("leads show %s --format %s", id, formats[i].format);
        g_autofree char *text = output_of(line);
        ck_assert_msg(g_str_has_prefix(text, formats[i].start), "%s: %s", line, text);
        ck_assert_ptr_nonnull(strstr(text, id));
    }
    run("leads show Labc --format json", 66);
    run("leads show Labc --format html", 2);
}
END_TEST

START_TEST(since_a_run_or_a_day)
{
    run("correlate --full --as-of 2024-07-02", 0);
    static const struct {
        const char *since;
        int status;
        gboolean any;
    } rows[] = {{"1", 0, FALSE},         {"2", 0, FALSE},
                {"2024-06-30", 0, TRUE}, {"2024-07-02", 0, FALSE},
                {"9", 66, FALSE},        {"yesterday", 2, FALSE},
                {"0", 2, FALSE},         {"1 --audience FATE", 2, FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *line = g_strdup_printf("report --since %s", rows[i].since);
        Ran ran = program_run(dir, line);
        ck_assert_msg(ran.status == rows[i].status, "%s: %d %s", line, ran.status, ran.err);
        ck_assert_msg((strstr(ran.out, "\nL") != NULL) == rows[i].any, "%s: %s", line, ran.out);
        ran_clear(&ran);
    }
}
END_TEST

/* No room for the new file: the old one stays, whole, and nothing half made is seen. */
START_TEST(full_disk_leaves_the_old_file)
{
    g_autofree char *printed = NULL;
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    run("report --format html -o leads.html", 0);
    g_autofree char *before = content("leads.html");
    g_autofree char *line = g_strdup_printf(
        "trap '' XFSZ; ulimit -f 8; '%s' report --format html --lang fr --force -o leads.html",
        program);
    ck_assert_int_ne(by_shell(line, &printed), 0);
    g_autofree char *after = content("leads.html");
    ck_assert_str_eq(before, after);
    g_autofree char *left = NULL;
    ck_assert_int_eq(by_shell("ls -A | grep '^[.]leads'; true", &left), 0);
    ck_assert_str_eq(left, "");
}
END_TEST

START_TEST(other_programs_read_it)
{
    static const struct {
        const char *program, *line;
    } readers[] = {
        {"python3", "python3 -c \"import json; [json.loads(l) for l in open('leads.ndjson')]\""},
        {"python3", "python3 -m json.tool leads.json"},
        {"python3", "python3 -m json.tool leads.geojson"},
        {"python3", "python3 -c \"import xml.dom.minidom as x; x.parse('leads.graphml')\""},
        {"xmllint", "xmllint --noout leads.graphml"},
    };
    for (const ReportFormat *const *format = report_formats(); *format; format++) {
        g_autofree char *line =
            g_strdup_printf("report --format %s -o %s", (*format)->name, (*format)->file);
        run(line, 0);
    }
    for (guint i = 0; i < G_N_ELEMENTS(readers); i++) {
        g_autofree char *printed = NULL;
        if (is_there(readers[i].program))
            ck_assert_msg(by_shell(readers[i].line, &printed) == 0, "%s: %s", readers[i].line,
                          printed);
    }
}
END_TEST

/* Members are those of the schema, one for one, and of the types that it says. */
static const char SCHEMA_CHECK[] =
    "import json, sys\n"
    "schema = json.load(open(sys.argv[1])); defs = schema['$defs']\n"
    "types = {'string': str, 'number': (int, float), 'integer': int, 'boolean': bool,\n"
    "         'array': list, 'object': dict, 'null': type(None)}\n"
    "def check(value, rule):\n"
    "    rule = defs[rule['$ref'].split('/')[-1]] if '$ref' in rule else rule\n"
    "    kinds = rule.get('type', [])\n"
    "    kinds = kinds if isinstance(kinds, list) else [kinds]\n"
    "    assert not kinds or isinstance(value, tuple(types[k] for k in kinds)), (value, rule)\n"
    "    assert value == rule.get('const', value) and value in rule.get('enum', [value])\n"
    "    if isinstance(value, list):\n"
    "        for one in value: check(one, rule['items'])\n"
    "    if isinstance(value, dict) and 'properties' in rule:\n"
    "        assert set(rule['required']) <= set(value) <= set(rule['properties']), value\n"
    "        for name in value: check(value[name], rule['properties'][name])\n"
    "document = json.load(open('leads.json'))\n"
    "assert document['leads']\n"
    "check(document, schema)\n"
    "lines = [json.loads(line) for line in open('leads.ndjson')]\n"
    "assert lines == document['leads']\n";

START_TEST(json_is_what_the_schema_says)
{
    g_autofree char *schema = g_canonicalize_filename("engine/report/leads.schema.json", NULL);
    g_autofree char *line = g_strdup_printf("python3 check.py '%s'", schema);
    g_autofree char *printed = NULL;
    if (!is_there("python3"))
        return;
    run("report --format json -o leads.json", 0);
    run("report --format ndjson -o leads.ndjson", 0);
    folder_write(dir, "check.py", SCHEMA_CHECK);
    ck_assert_msg(by_shell(line, &printed) == 0, "%s", printed);
}
END_TEST

/* What a browser makes of leads.html, and what it has to say about it. */
static void by_browser(char **printed)
{
    by_shell("timeout 60 chromium --headless --no-sandbox --disable-gpu --no-first-run "
             "--disable-background-networking --disable-component-update --disable-sync "
             "--user-data-dir=\"$PWD/profile\" --enable-logging=stderr --dump-dom "
             "\"file://$PWD/leads.html\"; rm -rf profile",
             printed);
}

/* The script runs, the policy lets it, and the browser has nothing to say about the page. */
START_TEST(browser_opens_it)
{
    g_autofree char *printed = NULL;
    run("report --format html -o leads.html", 0);
    g_autofree char *text = content("leads.html");
    ck_assert_ptr_null(strstr(text, "http:"));
    ck_assert_ptr_null(strstr(text, "https:"));
    ck_assert_ptr_null(strstr(text, " src="));
    if (!is_there("chromium"))
        return;
    by_browser(&printed);
    ck_assert_msg(strstr(printed, "of 1 leads shown") || strstr(printed, "of 2 leads shown"), "%s",
                  printed);
    ck_assert_msg(strstr(printed, "CONSOLE") == NULL, "%s", printed);
}
END_TEST

/* Names that would be run, computed or read backwards, by whoever opens the report. */
static void load_hostile(void)
{
    g_auto(GStrv) last = g_strsplit(WORLD_TRACES, "QUARRELL", -1);
    g_autofree char *named = g_strjoinv("<script>alert(7)</script>", last);
    g_auto(GStrv) first = g_strsplit(named, "Dorian", -1);
    g_autofree char *called = g_strjoinv("=cmd|'/c calc'!A1 \xe2\x80\xae", first);
    g_auto(GStrv) dealer = g_strsplit(called, "LAKE ARMS", -1);
    g_autofree char *text = g_strjoinv("=HYPERLINK(1)", dealer);
    folder_write(dir, "hostile.csv", text);
    Ran ran = program_run(dir, "load -q hostile.csv");
    ck_assert_msg(ran.status <= 1, "%s", ran.err);
    ran_clear(&ran);
    run("correlate -q --full --as-of 2024-07-01", 0);
}

START_TEST(browser_takes_names_for_text)
{
    g_autofree char *printed = NULL;
    load_hostile();
    run("report --format html -o leads.html", 0);
    g_autofree char *text = content("leads.html");
    ck_assert_ptr_null(strstr(text, "<script>alert"));
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(text, "alert(7)"));
    if (!is_there("chromium"))
        return;
    by_browser(&printed);
    ck_assert_msg(strstr(printed, "&lt;script&gt;alert(7)&lt;/script&gt;"), "%s", printed);
    ck_assert_ptr_null(strstr(printed, "<script>alert"));
    ck_assert_msg(strstr(printed, "CONSOLE") == NULL, "%s", printed);
}
END_TEST

/* A spreadsheet writes the cells back as they were: it has computed none of them. */
START_TEST(spreadsheet_takes_names_for_text)
{
    g_autofree char *printed = NULL;
    load_hostile();
    run("report -o leads.csv", 0);
    g_autofree char *text = content("leads.csv");
    ck_assert_ptr_null(strstr(text, ",=cmd"));
    ck_assert_ptr_null(strstr(text, ",=HYPERLINK"));
    if (!is_there("soffice"))
        return;
    ck_assert_int_eq(by_shell("timeout 60 soffice --headless --convert-to csv --outdir again "
                              "-env:UserInstallation=file://$PWD/office leads.csv; rm -rf office",
                              &printed),
                     0);
    g_autofree char *again = content("again/leads.csv");
    ck_assert_msg(strstr(again, "alert(7)") && !strstr(again, "Err:"), "%s", again);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, folder_holds_tables_that_describe_themselves);
    tcase_add_test(tests, a_folder_by_its_name);
    tcase_add_test(tests, one_lead_in_each_format);
    tcase_add_test(tests, since_a_run_or_a_day);
    tcase_add_test(tests, full_disk_leaves_the_old_file);
    tcase_add_test(tests, other_programs_read_it);
    tcase_add_test(tests, json_is_what_the_schema_says);
    tcase_add_test(tests, browser_opens_it);
    tcase_add_test(tests, browser_takes_names_for_text);
    tcase_add_test(tests, spreadsheet_takes_names_for_text);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
