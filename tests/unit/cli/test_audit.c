/*
 * The audit trail as an auditor meets it: questions are entered under a hash of the store's own,
 * their texts are there until the clock takes them, and a tail that was cut shows against a head
 * that was printed before. Synthetic.
 */
#define _GNU_SOURCE
#include <check.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define ASKED "ZQXCANARYASKED"
#define QUERY "query \"SELECT '" ASKED "' AS a\""
#define FIND  "find person '" ASKED ", Dorian'"
#define PARAM "query 'SELECT :x AS a' --param x=" ASKED

static char *dir;

static char *run(const char *line, int status)
{
    g_autofree char *rules = g_canonicalize_filename("rules", NULL);
    g_autofree char *whole = g_strdup_printf("--rules %s %s", rules, line);
    Ran ran = program_run(dir, whole);
    ck_assert_msg(ran.status == status, "%s: %d %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

static void quiet(const char *line)
{
    g_free(run(line, 0));
}

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    quiet("load traces.csv seizures.csv --as-of 2024-07-01");
    quiet("correlate --as-of 2024-07-02");
}

static void tear_down(void)
{
    folder_remove(dir);
}

static gboolean trail_has(const char *bytes)
{
    g_autofree char *path = g_build_filename(dir, "crosstrace.db.audit", NULL);
    g_autofree char *text = NULL;
    gsize length = 0;
    ck_assert(g_file_get_contents(path, &text, &length, NULL));
    return memmem(text, length, bytes, strlen(bytes)) != NULL;
}

/* Subjects of the questions of a store, one a line. */
static char *subjects(void)
{
    g_autofree char *list = run("audit list --asked --format json", 0);
    GString *out = g_string_new(NULL);
    for (const char *p = list; (p = strstr(p, "\"subject\":\"")); p++)
        g_string_append_printf(out, "%.*s\n", (int)strcspn(p + 11, "\""), p + 11);
    return g_string_free(out, FALSE);
}

START_TEST(questions_are_entered_under_a_hash_of_the_store)
{
    quiet(QUERY " --as-of 2024-07-03");
    quiet(QUERY " --as-of 2024-07-04");
    g_autofree char *own = subjects();
    g_auto(GStrv) lines = g_strsplit(own, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines), 3);
    ck_assert(g_str_has_prefix(lines[0], "sql ") && strlen(lines[0]) == 4 + 64);
    ck_assert_str_eq(lines[0], lines[1]); /* whatever the day */
    tear_down();
    set_up();
    quiet(QUERY " --as-of 2024-07-03");
    g_autofree char *other = subjects();
    ck_assert(!g_str_has_prefix(other, lines[0])); /* but not in another store */
}
END_TEST

/* Today in so many years, or, less than none, the day before two years from now. */
static char *day_after(int years)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) then = g_date_time_add_years(now, years < 0 ? 2 : years);
    g_autoptr(GDateTime) day = g_date_time_add_days(then, MIN(years, 0));
    return g_date_time_format(day, "%F");
}

static char *retention(const char *how, const char *day)
{
    g_autofree char *line = g_strdup_printf("retention %s --as-of %s", how, day);
    return run(line, 0);
}

/* An entry is dated by the clock; the day that rules saw stands in it where it is another. */
START_TEST(entries_are_dated_by_the_clock)
{
    g_autofree char *today = day_after(0);
    g_autofree char *line = g_strdup_printf("export links --as-of %s", today);
    quiet("export links --as-of 2024-07-03");
    quiet(line);
    g_autofree char *list = run("audit list --format csv", 0);
    g_auto(GStrv) lines = g_strsplit(list, "\n", -1);
    guint exports = 0;
    for (char **entry = lines + 1; *entry && **entry; entry++) {
        g_auto(GStrv) cells = g_strsplit(*entry, ",", -1);
        ck_assert_msg(g_str_has_prefix(cells[2], today), "%s", *entry);
        if (!strstr(*entry, ",export,"))
            continue;
        ck_assert_int_eq(strstr(*entry, ",as_of=2024-07-03T00:00:00Z use=owner,") != NULL,
                         exports++ == 0);
    }
    ck_assert_uint_eq(exports, 2);
}
END_TEST

START_TEST(texts_go_and_entries_stay)
{
    static const char *const questions[] = {QUERY, FIND, PARAM};
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autofree char *line = g_strconcat(questions[i], " --as-of 2024-07-03", NULL);
        quiet(line); /* asked today, whatever the rules saw */
    }
    g_autofree char *entries = run("audit list", 0), *asked = run("audit list --asked", 0);
    ck_assert_ptr_null(strstr(entries, ASKED));
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        char *at = strstr(asked, ASKED);
        ck_assert_msg(at != NULL, "%s", asked);
        memset(at, '.', strlen(ASKED));
    }
    ck_assert(trail_has(ASKED));
    g_autofree char *today = day_after(0), *before = day_after(-1), *day = day_after(2);
    g_autofree char *early = retention("--dry-run", before), *due = retention("--dry-run", day);
    g_autofree char *found = g_strdup_printf("question-texts,question,text,3,%s,0", today);
    ck_assert_ptr_nonnull(strstr(early, "question-texts,question,text,0,,0"));
    ck_assert_msg(strstr(due, found) != NULL, "%s", due);
    ck_assert(trail_has(ASKED)); /* a dry run */
    g_free(retention("--force", day));
    ck_assert(!trail_has(ASKED));
    g_autofree char *left = run("audit list", 0), *verified = run("audit verify", 0);
    ck_assert_ptr_nonnull(strstr(left, ",find,person "));
    ck_assert_ptr_nonnull(strstr(left, "Z texts=3,done"));
    ck_assert_ptr_nonnull(strstr(verified, "reads,sound,"));
}
END_TEST

/* A chain's head as it is printed. */
static char *head_of(const char *chain)
{
    g_autofree char *printed = run("audit verify --format csv", 0);
    const char *line = strstr(printed, chain);
    ck_assert_ptr_nonnull(line);
    return g_strndup(line + strcspn(line, "\n") - 64, 64);
}

static void cut(const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "DROP TRIGGER audit_delete; DELETE FROM audit"
                                  " WHERE seq = (SELECT max(seq) FROM audit)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

START_TEST(a_cut_tail_shows_against_a_printed_head)
{
    static const char *const chains[][2] = {{"reads", "crosstrace.db.audit"},
                                            {"changes", "crosstrace.db"}};
    quiet("export links --as-of 2024-07-03");
    quiet("export markers --as-of 2024-07-03");
    quiet("retention hold add atf-trace:T20240000001 --reason SYNTHETIC --until 2030-01-01"
          " --as-of 2024-07-03");
    for (guint i = 0; i < G_N_ELEMENTS(chains); i++) {
        g_autofree char *head = head_of(chains[i][0]);
        g_autofree char *line = g_strdup_printf("audit verify --head %s", head);
        quiet(line);
        cut(chains[i][1]);
        g_autofree char *other = head_of(chains[i][0]); /* a sound chain, but a shorter one */
        ck_assert_str_ne(other, head);
        g_free(run(line, 69));
    }
    g_free(run("audit list --head 00", 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit");
    TCase *tests = tcase_create("audit");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, questions_are_entered_under_a_hash_of_the_store);
    tcase_add_test(tests, entries_are_dated_by_the_clock);
    tcase_add_test(tests, texts_go_and_entries_stay);
    tcase_add_test(tests, a_cut_tail_shows_against_a_printed_head);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
