/*
 * nightly before a careless or hostile inbox, configuration or disk: one thing that cannot be moved
 * does not keep the others out, what was received is never written over, who may not be told keeps
 * nothing from who may, a store that is gone is not replaced by an empty one, and a clock that
 * jumps is told of.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/cli/nights.h"
#include "tests/unit/suite.h"

#define REFERENCES                                                                                 \
    "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); originator=ATF-C/2026-11"
#define CITED "[audience RCMP_TRACING]\nauthority=" REFERENCES "\n"

static char *in_folder(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static void expect_there(const char *below, const char *line)
{
    g_autofree char *all = listed(below);
    ck_assert_msg(strstr(all, line) != NULL, "'%s' not in:\n%s", line, all);
}

/* ---- the inbox --------------------------------------------------------------------------- */

START_TEST(what_cannot_be_moved_stops_nothing)
{
    g_autofree char *folder = in_folder("inbox/aaa"), *day = in_folder("inbox/rejected/2024-06-30");
    make_folder("inbox/rejected");
    ck_assert_int_eq(g_mkdir(folder, 0750), 0);
    ck_assert(g_file_set_contents(day, "a file where a folder is to be", -1, NULL));
    put_sample("traces.csv");
    expect(night, 73, "refused 'aaa': it is a folder");
    expect_there("inbox", "inbox/done/2024-06-30/traces.csv\n");
    expect(night, 73,
           "inbox: 'inbox/rejected/2024-06-30' is no folder"); /* as long as it lies there */
    ck_assert_int_eq(g_unlink(day), 0);
    expect(night, 65, "refused 'aaa': it is a folder");
    expect(night, 0, "");
}
END_TEST

/* Between looking at a file and claiming it somebody may put something else in its place. */
START_TEST(what_was_exchanged_is_refused)
{
    g_autofree char *outside = in_folder("outside.csv"), *link = in_folder("inbox/work/link.csv");
    g_autofree char *pipe_path = in_folder("inbox/work/pipe.csv");
    put_sample("traces.csv");
    g_autofree char *traces = in_folder("inbox/traces.csv");
    ck_assert_int_eq(g_rename(traces, outside), 0);
    make_folder("inbox/work");
    ck_assert_int_eq(symlink(outside, link), 0);
    ck_assert_int_eq(mkfifo(pipe_path, 0640), 0);
    expect(night, 65,
           "refused 'link.csv': it is a symbolic link\n  refused 'pipe.csv': it is a pipe");
    expect_there("inbox", "inbox/rejected/2024-06-30/link.csv\n");
}
END_TEST

START_TEST(nothing_received_is_written_over)
{
    put("odd.csv.reason.txt", "what somebody sent\n");
    expect(night, 65, "refused 'odd.csv.reason.txt'");
    put("odd.csv", "what somebody else sent\n");
    expect(night, 65, "refused 'odd.csv'");
    g_autofree char *first = contents("inbox/rejected/2024-06-30/odd.csv.reason.txt");
    g_autofree char *second = contents("inbox/rejected/2024-06-30/odd.csv.1");
    g_autofree char *why = contents("inbox/rejected/2024-06-30/odd.csv.1.reason.txt");
    ck_assert_str_eq(first, "what somebody sent\n");
    ck_assert_str_eq(second, "what somebody else sent\n");
    ck_assert_ptr_nonnull(strstr(why, "no header"));
}
END_TEST

/* Names that are cut to make room for a suffix do not share a reason. */
START_TEST(long_names_have_their_own_reasons)
{
    g_autofree char *same = g_strnfill(240, 'x');
    g_autofree char *one = g_strconcat(same, "1", NULL), *two = g_strconcat(same, "2", NULL);
    put(one, "no header\n");
    put(two, "");
    expect(night, 65, "refused");
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    list_into(names, "inbox/rejected/2024-06-30");
    ck_assert_uint_eq(names->len, 4);
}
END_TEST

/* A night that died between the two leaves the reason, and the next one the file beside it. */
START_TEST(a_reason_that_was_left_is_taken)
{
    put("odd.csv", "no header that anyone knows\n1\n");
    expect(night, 65, "refused 'odd.csv'");
    g_autofree char *file = in_folder("inbox/rejected/2024-06-30/odd.csv");
    g_autofree char *back = in_folder("inbox/work/odd.csv");
    ck_assert_int_eq(g_rename(file, back), 0);
    expect(night, 65, "refused 'odd.csv'");
    g_autofree char *all = listed("inbox");
    ck_assert_str_eq(all, "inbox/rejected/2024-06-30/odd.csv\n"
                          "inbox/rejected/2024-06-30/odd.csv.reason.txt\n");
}
END_TEST

/* However much is wrong, what is mailed stays short; -v, into a log, tells all of it. */
START_TEST(much_that_is_wrong_is_told_in_few_lines)
{
    enum { FILES = 45 };
    g_autofree char *all = g_strconcat(night, " -v", NULL);
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < FILES; i++) {
            g_autofree char *name = g_strdup_printf("%02u.csv", i);
            put(name, "");
        }
        Ran ran = program_run(dir, round ? all : night);
        g_auto(GStrv) lines = g_strsplit(ran.err, "\n", -1);
        ck_assert_int_eq(ran.status, 65);
        if (round) {
            ck_assert_uint_gt(g_strv_length(lines), FILES);
        } else {
            ck_assert_uint_lt(g_strv_length(lines), 40);
            ck_assert_ptr_nonnull(strstr(ran.err, "(15 more before these"));
        }
        ck_assert_ptr_nonnull(strstr(ran.err, "refused '44.csv'"));
        ran_clear(&ran);
    }
    expect_there("inbox", "inbox/rejected/2024-06-30/00.csv.reason.txt\n");
}
END_TEST

/* A file for which the disk has no room waits by itself. */
START_TEST(a_file_too_large_keeps_nothing_out)
{
    g_autofree char *huge = in_folder("inbox/huge.csv");
    put_sample("traces.csv");
    put("huge.csv", "");
    if (truncate(huge, (off_t)8 << 40) != 0) {
        printf("skipped: this file system has no sparse files of 8 TB\n");
        return;
    }
    expect(night, 74, "left 'huge.csv': ");
    expect_there("inbox", "inbox/done/2024-06-30/traces.csv\n");
    expect_there("inbox", "inbox/huge.csv\n");
    expect_there("reports", "/owner/leads.csv\n");
}
END_TEST

/* ---- who is told ------------------------------------------------------------------------- */

static guint folders_of_reports(void)
{
    g_autofree char *path = in_folder("reports");
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    guint n = 0;
    for (const char *name; folder && (name = g_dir_read_name(folder));)
        n += strcmp(name, "latest") != 0;
    return n;
}

START_TEST(who_may_not_be_told_keeps_nothing_from_others)
{
    put_samples();
    folder_write(dir, "c.ini", CONFIG "audiences=RCMP_TRACING;FATE\n");
    expect(night, 77, "audience 'RCMP_TRACING' needs --authority");
    g_autofree char *leads = contents("reports/latest/owner/leads.csv");
    ck_assert_ptr_nonnull(strstr(leads, "\nL"));
    expect(night, 77,
           "audience 'RCMP_TRACING' needs --authority"); /* told, though nothing is new */
    ck_assert_uint_eq(folders_of_reports(), 1);
    folder_write(dir, "c.ini", CONFIG);
    expect(night, 0, "");
    ck_assert_uint_eq(folders_of_reports(), 1);
}
END_TEST

/* A night without references does not make it forget what it was told before. */
START_TEST(who_was_refused_is_told_what_is_new_since)
{
    put_sample("traces.csv");
    put_sample("seizures-en.csv");
    folder_write(dir, "c.ini", CONFIG "audiences=RCMP_TRACING\n" CITED);
    expect(night, 0, "");
    folder_write(dir, "c.ini", CONFIG "audiences=RCMP_TRACING\n");
    put_sample("saisies-fr.csv");
    expect(night, 77, "RCMP_TRACING");
    ck_assert_uint_eq(folders_of_reports(), 2);
    folder_write(dir, "c.ini", CONFIG "audiences=RCMP_TRACING\n" CITED);
    expect(night, 0, "");
    g_autofree char *told = contents("reports/latest/RCMP_TRACING/told.tsv");
    g_autofree char *digest = contents("reports/latest/RCMP_TRACING/digest.txt");
    ck_assert_ptr_nonnull(strstr(told, "\there\n"));
    ck_assert_msg(strstr(digest, " 0 new, ") != NULL, "%s", digest);
}
END_TEST

START_TEST(what_is_configured_anew_is_written)
{
    put_sample("traces.csv");
    expect(night, 0, "");
    folder_write(dir, "c.ini", CONFIG CITED);
    expect(night, 0, "");
    ck_assert_uint_eq(folders_of_reports(), 1);
    folder_write(dir, "c.ini", CONFIG "audiences=RCMP_TRACING\n" CITED);
    expect(night, 0, "");
    ck_assert_uint_eq(folders_of_reports(), 2);
    expect_there("reports", "/RCMP_TRACING/leads.csv\n");
    g_autofree char *told = contents("reports/latest/RCMP_TRACING/digest.txt");
    ck_assert_ptr_nonnull(strstr(told, "leads"));
    expect(night, 0, "");
    ck_assert_uint_eq(folders_of_reports(), 2);
}
END_TEST

/* ---- the store --------------------------------------------------------------------------- */

START_TEST(a_store_that_is_gone_is_missed)
{
    put_samples();
    expect(night, 0, "");
    expect("--store s.db export links -o links.csv --quiet", 0, ""); /* somebody reads it */
    g_autofree char *store = in_folder("s.db"), *aside = in_folder("aside.db");
    g_autofree char *trail = in_folder("s.db.audit"), *reports = listed("reports");
    g_autofree char *copies = listed("backups");
    ck_assert_int_eq(g_rename(store, aside), 0);
    put("more.csv", "nothing\n");
    expect(night, 69, "the store 's.db' is gone, of which 's.db.audit' is left");
    ck_assert_int_eq(g_unlink(trail), 0);
    expect(night, 69, "of which 'backups/crosstrace-2024-06-30-000.db' is left");
    g_autofree char *reports_after = listed("reports"), *copies_after = listed("backups");
    ck_assert(!g_file_test(store, G_FILE_TEST_EXISTS));
    ck_assert_str_eq(reports, reports_after);
    ck_assert_str_eq(copies, copies_after);
    ck_assert(g_file_set_contents(store, "", 0, NULL)); /* of a file system that lost its end */
    expect(night, 69, "is gone");
    expect_there("inbox", "inbox/more.csv\n");
    ck_assert_int_eq(g_rename(aside, store), 0);
    expect(night, 65, "refused 'more.csv'");
}
END_TEST

/* A clock that stands long before the last run is told of; a day that was asked for is not. */
START_TEST(a_clock_that_is_wrong_is_told_of)
{
    g_autofree char *by_clock = g_strconcat("--config c.ini nightly --rules ", rules, NULL);
    put_sample("traces.csv");
    expect(by_clock, 0, "");
    expect(night, 0, "");
    g_autofree char *ahead = g_strconcat(by_clock, " --as-of 2090-01-01", NULL);
    put_sample("seizures-en.csv");
    expect(ahead, 0, "");
    expect(by_clock, 1, "but the last run was of 2090-01-01; is the clock right?");
    put_sample("saisies-fr.csv");
    expect(by_clock, 1, "is the clock right?");
    expect(by_clock, 0, ""); /* the last run is of today again */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("night inbox");
    TCase *tests = add_case(suite, "inbox");
    tcase_add_test(tests, what_cannot_be_moved_stops_nothing);
    tcase_add_test(tests, what_was_exchanged_is_refused);
    tcase_add_test(tests, nothing_received_is_written_over);
    tcase_add_test(tests, long_names_have_their_own_reasons);
    tcase_add_test(tests, a_reason_that_was_left_is_taken);
    tcase_add_test(tests, much_that_is_wrong_is_told_in_few_lines);
    tcase_add_test(tests, a_file_too_large_keeps_nothing_out);
    tcase_add_test(tests, who_may_not_be_told_keeps_nothing_from_others);
    tcase_add_test(tests, who_was_refused_is_told_what_is_new_since);
    tcase_add_test(tests, what_is_configured_anew_is_written);
    tcase_add_test(tests, a_store_that_is_gone_is_missed);
    tcase_add_test(tests, a_clock_that_is_wrong_is_told_of);
    return suite_run(suite);
}
