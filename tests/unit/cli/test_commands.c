/*
 * Walks the tables: every command answers --help, every exit status that a user can bring about
 * comes out as documented with one clear line, every format prints, a second load changes nothing,
 * a broken row is kept, mended and loaded.
 */
#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/cli/cli.h"
#include "engine/query/query.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

static char *dir;

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
}

static void tear_down(void)
{
    folder_remove(dir);
}

/* Runs a line, checks its status and that standard error holds a text; returns standard output. */
static char *expect(const char *line, int status, const char *err)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': status %d instead of %d: %s%s", line, ran.status,
                  status, ran.err, ran.out);
    ck_assert_msg(strstr(ran.err, err) != NULL, "'%s': '%s' not in '%s'", line, err, ran.err);
    g_free(ran.err);
    return ran.out;
}

static void run(const char *line, int status, const char *err)
{
    g_free(expect(line, status, err));
}

START_TEST(every_command_has_help)
{
    for (const Command *const *c = commands(); *c; c++) {
        g_autofree char *line = g_strdup_printf("%s --help", (*c)->name);
        g_autofree char *text = expect(line, 0, "");
        ck_assert_ptr_nonnull(strstr(text, (*c)->summary));
        ck_assert_ptr_nonnull(strstr(text, (*c)->example));
        ck_assert_ptr_nonnull(strstr(text, "--store"));
        g_autofree char *wrong = g_strdup_printf("%s --no-such-option", (*c)->name);
        run(wrong, 2, "no-such-option");
    }
}
END_TEST

START_TEST(usage_lists_every_command)
{
    g_autofree char *text = expect("--help", 0, "");
    for (const Command *const *c = commands(); *c; c++)
        ck_assert_ptr_nonnull(strstr(text, (*c)->name));
}
END_TEST

static const struct {
    const char *line;
    int status;
    const char *err;
} failures[] = {
    {"", 2, "usage"},
    {"laod traces.csv", 2, "did you mean 'load'"},
    {"frobnicate", 2, "unknown command 'frobnicate'; see 'crosstrace --help'"},
    {"lead list", 2, "did you mean 'leads'"},
    {"load", 2, "no file"},
    {"load missing.csv", 66, "missing.csv"},
    {"load .", 66, "."},
    {"load --profile atf-trac traces.csv", 2, "atf-trace"},
    {"load --delimiter x traces.csv", 2, "delimiter"},
    {"load --dates XYZ traces.csv", 2, "XYZ"},
    {"load --list '' traces.csv", 2, "no name in --list"},
    {"load --list ' ' traces.csv", 2, "no name in --list"},
    {"stats --format-version 2", 2, "unknown format version '2'"},
    {"--format-version 1 stats", 69, "no store"},
    {"load --map nowhere.ini traces.csv", 66, "nowhere.ini"},
    {"load empty.csv", 65, "empty.csv"},
    {"load nofit.csv", 65, "nofit.csv"},
    {"load twice.csv", 65, "serial"},
    {"stats", 69, "crosstrace.db' yet; 'crosstrace load FILE' makes one"},
    {"leads", 69, "crosstrace.db"},
    {"stats --store seizures.csv", 69, "seizures.csv"},
    {"stats --format xml", 2, "xml"},
    {"stats --as-of yesterday", 2, "'yesterday' for --as-of; write 2025-06-30"},
    {"stats extra", 2, "extra"},
    {"export", 2, "export takes one of links, persons"},
    {"export nothing", 2, "nothing"},
    {"leads list L1", 2, "list"},
    {"leads all", 2, "list"},
    {"leads show", 2, "list"},
    {"leads --format text", 2, "unknown format 'text'"},
    {"find", 2, "find takes a kind and a pattern; one of serial"},
    {"find path", 2, "find path takes two records"},
    {"find path a:1", 2, "find path takes two records"},
    {"find path a:1 b:2 c:3", 2, "find path takes two records"},
    {"chain a:1 b:2 c:3", 2, "chain takes one record, or two"},
    {"find horse ABC", 2, "unknown kind 'horse'"},
    {"find serial", 2, "one pattern"},
    {"find serial HAA1234 --stdin", 2, "one pattern"},
    {"find serial HAA1234 --make NOBODY", 2, "NOBODY"},
    {"find serial HAA1234 --from June", 2, "June"},
    {"find serial HAA1234 --dob 1980-01-01", 2, "--dob"},
    {"rules", 2, "list"},
    {"audit", 2, "verify"},
    {"report --lang de", 2, "de"},
    {"report --min-score nan", 2, "--min-score"},
    {"leads list --min-score 1.5", 2, "--min-score"},
    {"report --format xml", 2, "unknown report format 'xml'; csv"},
    {"report --format table", 2, "unknown report format 'table'; csv"},
    {"stats --config broken.ini", 78, "broken.ini:2"},
    {"stats --config missing.ini", 66, "missing.ini"},
    {"correlate --rules nowhere", 78, "nowhere"},
};

START_TEST(failure_is_one_clear_line)
{
    folder_write(dir, "empty.csv", "");
    folder_write(dir, "nofit.csv", "apples,pears\n1,2\n");
    folder_write(dir, "twice.csv", "trace_number,serial_number,serial no\nT1,A,B\n");
    folder_write(dir, "broken.ini", "[crosstrace]\nstroe=x.db\n");
    run(failures[_i].line, failures[_i].status, failures[_i].err);
}
END_TEST

START_TEST(global_options_stand_anywhere)
{
    run("--store a.db load traces.csv", 0, "");
    run("--store=a.db stats", 0, "");
    run("stats --store a.db", 0, "");
    run("--format json -v stats --store a.db", 0, "");
    run("stats", 69, "crosstrace.db");
    run("load --store b.db -- traces.csv", 0, "");
}
END_TEST

START_TEST(second_load_changes_nothing)
{
    run("load traces.csv seizures.csv", 0, "");
    g_autofree char *before = expect("stats --format csv", 0, "");
    run("load traces.csv seizures.csv", 0, "loaded before");
    g_autofree char *after = expect("stats --format csv", 0, "");
    ck_assert_str_eq(before, after);
    run("correlate", 0, "");
    run("correlate", 0, "nothing new");
}
END_TEST

START_TEST(broken_row_is_kept_mended_and_loaded)
{
    g_autofree char *text = g_strconcat(WORLD_SEIZURES,
                                        "4531-24-0002,1,not a date,0453,x,HIGHWAY,"
                                        "UNDECLARED,FIREARM,PISTOL,S&W,M&P9,9 mm,"
                                        "HAA9999,INTACT,SYNTHETIC\n",
                                        NULL);
    folder_write(dir, "bad.csv", text);
    g_autofree char *would = expect("load --dry-run --max-rejects 50% bad.csv", 1, "1 rejected");
    ck_assert_ptr_nonnull(strstr(would, "bad.csv:4:seizure_date"));
    g_autofree char *loaded = expect("load --max-rejects 50% bad.csv", 1, "1 rejected");
    ck_assert_str_eq(loaded, "");
    g_autofree char *rejects = expect("export rejects --format csv", 0, "1 row");
    ck_assert_ptr_nonnull(strstr(rejects, "bad.csv,4,seizure_date"));
    g_autofree char *mend = expect("export rejects --as-input bad.csv", 0, "");
    ck_assert_ptr_nonnull(strstr(mend, "crosstrace_code"));
    char *date = strstr(mend, "not a date");
    ck_assert_ptr_nonnull(date);
    memcpy(date, "2024-05-21", strlen("not a date")); /* NOLINT: in the middle of a text */
    folder_write(dir, "mended.csv", mend);
    run("load mended.csv", 0, "");
    g_autofree char *stats = expect("stats --format csv", 0, "");
    ck_assert_msg(strstr(stats, "cbsa-seizure,3") != NULL, "%s", stats);
}
END_TEST

START_TEST(every_export_and_format_prints)
{
    static const char *const formats[] = {"table", "csv", "json", "ndjson"};
    run("load traces.csv seizures.csv", 0, "");
    run("correlate", 0, "");
    for (const ExportRow *row = query_exports(); row->name; row++)
        for (guint f = 0; f < G_N_ELEMENTS(formats); f++) {
            g_autofree char *line = g_strdup_printf("export %s --format %s", row->name, formats[f]);
            run(line, 0, " row");
        }
    for (const ReportFormat *const *format = report_formats(); *format; format++) {
        g_autofree char *line = g_strdup_printf("report --format %s", (*format)->name);
        g_autofree char *text = expect(line, 0, "");
        ck_assert_msg(strstr(text, "cbsa-seizure:4531-24-0001/1") != NULL, "%s", text);
    }
    run("audit verify", 0, "");
    run("check --full", 0, "");
    run("rules list", 0, "");
    run("rules check", 0, "");
}
END_TEST

START_TEST(link_and_lead_are_found)
{
    run("load traces.csv seizures.csv", 0, "");
    run("correlate", 0, "");
    g_autofree char *links = expect("export links --format csv", 0, "");
    ck_assert_msg(strstr(links, "serial,cbsa-seizure:4531-24-0001/1,atf-trace:T20240000001,S0"),
                  "%s", links);
    g_autofree char *list = expect("leads list --format csv", 0, "");
    g_auto(GStrv) lines = g_strsplit(list, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines), 3);
    g_autofree char *id = g_strndup(lines[1], strcspn(lines[1], ","));
    g_autofree char *show = g_strdup_printf("leads show %s", id);
    g_autofree char *text = expect(show, 0, "");
    ck_assert_ptr_nonnull(strstr(text, "first retail purchaser"));
    ck_assert_ptr_nonnull(strstr(text, "traces.csv:2"));
    run("leads show L0", 66, "L0");
}
END_TEST

START_TEST(report_is_the_same_twice)
{
    run("load traces.csv seizures.csv", 0, "");
    run("correlate --as-of 2024-07-01", 0, "");
    g_autofree char *first = expect("report --format csv --as-of 2024-07-01", 0, "");
    run("correlate --full --as-of 2024-07-02", 0, "");
    g_autofree char *second = expect("report --format csv --as-of 2024-07-01", 0, "");
    ck_assert_str_eq(first, second);
    g_autofree char *later = expect("report --format csv --as-of 2024-07-01T17:45:00Z", 0, "");
    ck_assert_str_eq(first, later); /* the day counts, not the second */
    g_autofree char *bare = expect("leads --format csv --as-of 2024-07-01", 0, "");
    g_autofree char *list = expect("leads list --format csv --as-of 2024-07-01", 0, "");
    ck_assert_str_eq(bare, list);
}
END_TEST

/* Runs the program by the shell, so that its streams can be sent anywhere; returns its status. */
static int by_shell(const char *arguments)
{
    Ran ran = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf("cd '%s' && '%s' %s", dir, program, arguments);
    const char *argv[] = {"sh", "-c", line, NULL};
    int wait_status = 0;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &ran.out,
                           &ran.err, &wait_status, NULL));
    ran_clear(&ran);
    return g_spawn_check_wait_status(wait_status, &error) ? 0 : error->code;
}

/* A closed stream's number must not go to the store's lock, which then took the remarks. */
START_TEST(every_lost_byte_is_an_error)
{
    static const char *const lines[] = {"--version",
                                        "--help",
                                        "load --help",
                                        "rules list",
                                        "load --dry-run --max-rejects 9 bad.csv",
                                        "report"};
    folder_write(dir, "bad.csv", WORLD_SEIZURES "no number,1,2024-01-01\n");
    run("load traces.csv", 0, "");
    run("correlate", 0, "");
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *full = g_strconcat(lines[i], " >/dev/full", NULL);
        g_autofree char *closed = g_strconcat(lines[i], " >&-", NULL);
        ck_assert_msg(by_shell(full) == 74, "%s", full);
        ck_assert_msg(by_shell(closed) == 74, "%s", closed);
    }
}
END_TEST

START_TEST(closed_input_is_no_input)
{
    static const char *const lines[] = {"load - <&- 2>said", "find serial --stdin <&- 2>said"};
    run("load traces.csv", 0, "");
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *said = g_build_filename(dir, "said", NULL), *text = NULL;
        ck_assert_msg(by_shell(lines[i]) == 66, "%s", lines[i]);
        ck_assert(g_file_get_contents(said, &text, NULL, NULL));
        ck_assert_str_eq(text, "crosstrace: cannot read standard input: it is closed\n");
    }
}
END_TEST

/* What was typed and is no plain number is told as it was read; --quiet is. */
START_TEST(find_says_what_it_read)
{
    static const struct {
        const char *line, *said;
    } asked[] = {{"find serial 'last four 1234'", "'last four 1234' is read as *1234"},
                 {"find serial 'HAA1234, CD67890'", "another number in it is left out"},
                 {"find serial 'begins with HAA12, ends with 34'", "its other end is left out"},
                 {"find serial 'AB[1234'", "a bracket in it is not closed"}};
    run("load traces.csv", 0, "");
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *quiet = g_strconcat("-q ", asked[i].line, NULL);
        run(asked[i].line, 0, asked[i].said);
        Ran ran = program_run(dir, quiet);
        ck_assert_str_eq(ran.err, "");
        ran_clear(&ran);
    }
    Ran plain = program_run(dir, "find serial HAA-1234");
    ck_assert_str_eq(plain.err, "");
    ran_clear(&plain);
}
END_TEST

/* A line that says nothing is named, and the others are answered. */
START_TEST(a_bad_line_leaves_the_others)
{
    g_autofree char *text = NULL, *rows = NULL;
    g_autofree char *said = g_build_filename(dir, "said", NULL);
    g_autofree char *found = g_build_filename(dir, "found", NULL);
    folder_write(dir, "lines", "UNKNOWN\n\nlast four 1234\n\xFF\n1?2\n");
    run("load traces.csv", 0, "");
    ck_assert_int_eq(by_shell("find serial --stdin --limit 0 <lines >found 2>said"), 1);
    ck_assert(g_file_get_contents(said, &text, NULL, NULL));
    ck_assert(g_file_get_contents(found, &rows, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(text, "line 1: no serial number in 'UNKNOWN'"));
    ck_assert_ptr_nonnull(strstr(text, "line 4: invalid UTF-8"));
    ck_assert_ptr_nonnull(strstr(text, "line 5: too little is known of '1?2'"));
    ck_assert_ptr_nonnull(strstr(rows, "query,record"));
    folder_write(dir, "lines", "last four 1234\n");
    ck_assert_int_eq(by_shell("find serial --stdin <lines >found 2>said"), 0);
}
END_TEST

START_TEST(rules_of_others_are_refused)
{
    g_autofree char *rules = g_build_filename(dir, "rules", NULL);
    g_autofree char *from = g_canonicalize_filename("rules", NULL);
    g_autofree char *copy = g_strdup_printf("stats; cp -r '%s' '%s'", from, rules);
    static const struct {
        const char *change, *err;
    } changes[] = {{"chmod 666 rules/leads.ini", "leads.ini"},
                   {"chmod 644 rules/leads.ini; chmod 777 rules/tables", "tables"},
                   {"chmod 755 rules/tables; mkfifo rules/markers/x.ini", "x.ini"},
                   {"rm rules/markers/x.ini; mv rules/person.ini rules/x", "person.ini"},
                   {"mv rules/x rules/person.ini; echo maker,,X >>rules/tables/notation_lists.csv",
                    "notation_lists.csv' is not the table"}};
    by_shell(copy);
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *line = g_strconcat("stats; ", changes[i].change, NULL);
        by_shell(line);
        run("load --rules rules traces.csv", 78, changes[i].err);
        run("rules check --rules rules", 78, changes[i].err);
    }
}
END_TEST

START_TEST(output_is_safe)
{
    run("load traces.csv", 0, "");
    run("correlate", 0, "");
    run("report -o out.csv", 0, "");
    run("report -o out.csv", 73, "out.csv");
    run("report -o out.csv --force", 0, "");
    run("report -o no/such/folder.csv", 73, "folder.csv");
    ck_assert_int_eq(by_shell("report >/dev/full"), 74);
}
END_TEST

START_TEST(others_are_kept_out)
{
    run("load traces.csv", 0, "");
    g_autofree char *store = g_build_filename(dir, "crosstrace.db", NULL);
    g_autofree char *lock = g_build_filename(dir, "crosstrace.db.lock", NULL);
    int fd = open(lock, O_RDWR);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), 0);
    run("load seizures.csv", 75, "lock");
    run("stats", 0, "");
    close(fd);
    run("load seizures.csv", 0, "");
    ck_assert_int_eq(chmod(store, 0666), 0);
    run("stats", 78, "crosstrace.db");
    ck_assert_int_eq(chmod(store, 0640), 0);
    run("stats", 0, "");
    struct stat st;
    ck_assert_int_eq(stat(store, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0640);
}
END_TEST

START_TEST(load_of_nothing_leaves_no_store)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db", NULL);
    run("load missing.csv", 66, "missing.csv");
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    run("load --dry-run traces.csv", 0, "");
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    run("load traces.csv", 0, "");
    run("load missing.csv", 66, "missing.csv");
    run("stats", 0, "");
}
END_TEST

START_TEST(sound_store_is_quiet)
{
    run("load traces.csv", 0, "");
    g_autofree char *out = expect("check --full --format csv", 0, "");
    ck_assert_str_eq(out, "");
}
END_TEST

/* Results of other rules are no damage: told, with what to do, and status 1. */
START_TEST(other_rules_are_told)
{
    g_autofree char *copy = g_build_filename(dir, "rules2", NULL);
    g_autofree char *line = g_strdup_printf("cp -r rules '%s'", copy);
    g_autofree char *file = g_build_filename(copy, "graph.ini", NULL);
    g_autofree char *text = NULL;
    ck_assert(g_spawn_command_line_sync(line, NULL, NULL, NULL, NULL));
    ck_assert(g_file_get_contents(file, &text, NULL, NULL));
    g_autofree char *more = g_strconcat(text, "# another\n", NULL);
    ck_assert(g_file_set_contents(file, more, -1, NULL));
    run("load traces.csv seizures.csv", 0, "");
    run("correlate", 0, "");
    run("check", 0, "");
    g_autofree char *out = expect("check --rules rules2 --format csv", 1, "");
    ck_assert_str_eq(out, "fault,advice\nleads rest on other rules than those of now,"
                          "run 'crosstrace correlate'\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("commands");
    TCase *tests = tcase_create("commands");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_command_has_help);
    tcase_add_test(tests, usage_lists_every_command);
    tcase_add_loop_test(tests, failure_is_one_clear_line, 0, G_N_ELEMENTS(failures));
    tcase_add_test(tests, global_options_stand_anywhere);
    tcase_add_test(tests, second_load_changes_nothing);
    tcase_add_test(tests, broken_row_is_kept_mended_and_loaded);
    tcase_add_test(tests, every_export_and_format_prints);
    tcase_add_test(tests, link_and_lead_are_found);
    tcase_add_test(tests, report_is_the_same_twice);
    tcase_add_test(tests, output_is_safe);
    tcase_add_test(tests, every_lost_byte_is_an_error);
    tcase_add_test(tests, closed_input_is_no_input);
    tcase_add_test(tests, find_says_what_it_read);
    tcase_add_test(tests, a_bad_line_leaves_the_others);
    tcase_add_test(tests, rules_of_others_are_refused);
    tcase_add_test(tests, others_are_kept_out);
    tcase_add_test(tests, load_of_nothing_leaves_no_store);
    tcase_add_test(tests, sound_store_is_quiet);
    tcase_add_test(tests, other_rules_are_told);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(suite());
}
