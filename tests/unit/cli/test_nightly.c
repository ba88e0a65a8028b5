/*
 * nightly: quiet when all is well, one block when not; each file in one place whatever happens;
 * killed at any moment it is continued to the same end; two at once are one; hostile names and
 * things in the inbox are refused by name. CROSSTRACE_KILLS=2000 makes the kills a long test.
 */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/cli/nights.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

/* ---- tests ------------------------------------------------------------------------------- */

START_TEST(a_quiet_night)
{
    put_samples();
    expect(night, 0, "");
    g_autofree char *inbox = listed("inbox");
    ck_assert_str_eq(inbox, "inbox/done/2024-06-30/saisies-fr.csv\n"
                            "inbox/done/2024-06-30/seizures-en.csv\n"
                            "inbox/done/2024-06-30/traces.csv\n");
    g_autofree char *leads = contents("reports/latest/owner/leads.csv");
    ck_assert_ptr_nonnull(strstr(leads, "\nL"));
    g_autofree char *before = state(), *copies = listed("backups");
    ck_assert_str_eq(copies, "backups/crosstrace-2024-06-30-000.db\n");
    expect(night, 0, ""); /* and again: nothing is new */
    expect(night, 0, "");
    g_autofree char *after = state(), *still = listed("backups");
    ck_assert_str_eq(before, after);
    ck_assert_str_eq(copies, still);
    expect("--store backups/crosstrace-2024-06-30-000.db check --full", 0, "");
}
END_TEST

static void expect_digest(const char *has)
{
    g_autofree char *text = contents("reports/latest/owner/digest.txt");
    ck_assert_msg(strstr(text, has) != NULL, "'%s' not in:\n%s", has, text);
}

START_TEST(each_night_tells_what_is_new)
{
    put_sample("traces.csv");
    expect(night, 0, "");
    expect_digest("2024-06-30: 4 leads; 4 new, 0 changed");
    g_autofree char *digest = contents("reports/latest/digest.txt");
    ck_assert_ptr_nonnull(strstr(digest, "owner: 2024-06-30: 4 leads; 4 new, 0 changed"));
    put_sample("seizures-en.csv");
    expect(night, 0, "");
    expect_digest("6 leads; 2 new, 3 changed, 0 come back, 0 merged, 0 gone");
    expect_digest("\nNew / Nouvelles\n  L");
    expect_digest("\nChanged / Modifiées\n  L");
    expect_digest(" pistes; ");
    put_sample("saisies-fr.csv");
    expect(night, 0, "");
    expect_digest("0 gone since the last report");
    g_autofree char *leads = contents("reports/latest/owner/told.tsv");
    ck_assert_ptr_nonnull(strstr(leads, "\there\n"));
}
END_TEST

START_TEST(nothing_to_do)
{
    expect(night, 0, "");
}
END_TEST

START_TEST(a_file_comes_twice)
{
    put_samples();
    expect(night, 0, "");
    g_autofree char *before = contents("reports/latest/SHA256SUMS");
    put_sample("traces.csv");
    expect(night, 0, "");
    g_autofree char *after = contents("reports/latest/SHA256SUMS");
    g_autofree char *inbox = listed("inbox");
    ck_assert_str_eq(before, after);
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/done/2024-06-30/traces.csv.1\n"));
}
END_TEST

START_TEST(bad_files_do_not_stop_good_ones)
{
    put_samples();
    put("broken.csv", "no header that anyone knows\n1\n");
    put("empty.csv", "");
    put("writing.csv.part", "half");
    put(".hidden", "half");
    expect(night, 65, "refused 'broken.csv'");
    g_autofree char *inbox = listed("inbox");
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/rejected/2024-06-30/broken.csv\n"));
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/rejected/2024-06-30/empty.csv.reason.txt\n"));
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/done/2024-06-30/traces.csv\n"));
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/writing.csv.part\n"));
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/.hidden\n"));
    g_autofree char *reason = contents("inbox/rejected/2024-06-30/broken.csv.reason.txt");
    ck_assert_ptr_nonnull(strstr(reason, "no header"));
    g_autofree char *leads = contents("reports/latest/owner/leads.csv");
    ck_assert_ptr_nonnull(strstr(leads, "\nL"));
    expect(night, 0, "");
}
END_TEST

START_TEST(hostile_things_are_refused_by_name)
{
    static const char *const names[] = {"two\nlines.csv", "bell\a.csv",   "\xff\xfe.csv", "-rf",
                                        "%s%n.csv",       "quote'\".csv", "a b.csv"};
    g_autofree char *outside = g_build_filename(dir, "outside.txt", NULL);
    g_autofree char *link = g_build_filename(dir, "inbox", "link.csv", NULL);
    g_autofree char *pipe_path = g_build_filename(dir, "inbox", "pipe.csv", NULL);
    g_autofree char *folder = g_build_filename(dir, "inbox", "folder.csv", NULL);
    g_autofree char *loop = g_build_filename(dir, "inbox", "loop.csv", NULL);
    g_autofree char *device = g_build_filename(dir, "inbox", "device.csv", NULL);
    g_autofree char *longest = g_strnfill(255, 'x');
    ck_assert(g_file_set_contents(outside, "untouched", -1, NULL));
    ck_assert_int_eq(symlink(outside, link), 0);
    ck_assert_int_eq(mkfifo(pipe_path, 0640), 0);
    ck_assert_int_eq(symlink("loop.csv", loop), 0);
    gboolean made = mknod(device, S_IFCHR | 0640, makedev(1, 3)) == 0; /* root's to make */
    ck_assert_int_eq(g_mkdir(folder, 0750), 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        put(names[i], "nothing\n");
    put(longest, "nothing\n");
    Ran ran = program_run(dir, night);
    ck_assert_int_eq(ran.status, 65);
    static const char *const said[] = {"'link.csv': it is a symbolic link",
                                       "'loop.csv': it is a symbolic link",
                                       "'pipe.csv': it is a pipe",
                                       "'folder.csv': it is a folder",
                                       "two\\x0Alines.csv': control characters",
                                       "bell\\x07.csv': control characters",
                                       "its name is not valid UTF-8",
                                       "refused '-rf'",
                                       "refused '%s%n.csv'"};
    for (guint i = 0; i < G_N_ELEMENTS(said); i++)
        ck_assert_msg(strcasestr(ran.err, said[i]) != NULL, "'%s' not in '%s'", said[i], ran.err);
    ck_assert(!made || strstr(ran.err, "'device.csv': it is a device"));
    ck_assert_msg(!strpbrk(ran.err, "\a\x1b"), "%s", ran.err);
    ran_clear(&ran);
    g_autofree char *text = contents("outside.txt"), *work = listed("inbox/work");
    ck_assert_str_eq(text, "untouched");
    ck_assert_str_eq(work, "");
    expect(night, 0, "");
}
END_TEST

START_TEST(a_file_that_is_being_written_waits)
{
    put_samples();
    g_autofree char *path = g_build_filename(dir, "inbox", "traces.csv", NULL);
    int file = open(path, O_WRONLY | O_APPEND);
    ck_assert_int_ge(file, 0);
    expect(night, 0, "");
    g_autofree char *during = listed("inbox");
    close(file);
    expect(night, 0, "");
    g_autofree char *after = listed("inbox");
    ck_assert_ptr_nonnull(strstr(during, "inbox/traces.csv\n"));
    ck_assert_ptr_nonnull(strstr(after, "inbox/done/2024-06-30/traces.csv\n"));
}
END_TEST

START_TEST(old_copies_go)
{
    put_sample("traces.csv");
    expect(night, 0, "");
    put_sample("seizures-en.csv");
    expect(night, 0, "");
    put_sample("saisies-fr.csv");
    expect(night, 0, "");
    g_autofree char *copies = listed("backups");
    ck_assert_str_eq(copies, "backups/crosstrace-2024-06-30-001.db\n"
                             "backups/crosstrace-2024-06-30-002.db\n");
    put("more.csv", WORLD_SEIZURES); /* a number that is free again is not taken */
    expect(night, 0, "");
    g_autofree char *later = listed("backups");
    ck_assert_str_eq(later, "backups/crosstrace-2024-06-30-002.db\n"
                            "backups/crosstrace-2024-06-30-003.db\n");
}
END_TEST

/* Copies of a clock that was ahead go before any other, and never push out what is made now. */
START_TEST(copies_of_days_to_come_are_the_oldest)
{
    static const char *const wrong[] = {"crosstrace-2031-01-01-000.db",
                                        "crosstrace-2031-01-02-000.db"};
    expect(night, 0, "");
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *copy = g_build_filename(dir, "backups", wrong[i], NULL);
        ck_assert(g_file_set_contents(copy, "of another night", -1, NULL));
    }
    put_sample("traces.csv");
    expect(night, 0, "");
    g_autofree char *copies = listed("backups");
    ck_assert_str_eq(copies, "backups/crosstrace-2024-06-30-000.db\n"
                             "backups/crosstrace-2024-06-30-001.db\n");
}
END_TEST

START_TEST(broken_steps_do_not_stop_safe_ones)
{
    g_autofree char *reports = g_build_filename(dir, "reports", NULL);
    put_samples();
    g_rmdir(reports);
    expect(night, 73, "reports: no folder 'reports'");
    g_autofree char *copies = listed("backups"), *inbox = listed("inbox");
    ck_assert_str_eq(copies, "backups/crosstrace-2024-06-30-000.db\n");
    ck_assert_ptr_nonnull(strstr(inbox, "inbox/done/2024-06-30/traces.csv\n"));
    ck_assert_int_eq(g_mkdir(reports, 0750), 0);
    expect(night, 0, ""); /* what was left out is made up for */
    g_free(contents("reports/latest/owner/leads.csv"));
}
END_TEST

/* A reader asks again and again as long as the others work: it is never told to wait, and the rows
 * of a file are all there or none. */
static void read_meanwhile(const GPid *pids, guint n)
{
    guint running = n;
    while (running) {
        Ran ran = program_run(dir, "--store s.db stats --format csv");
        ck_assert_msg(ran.status == 0 || (ran.status == 69 && strstr(ran.err, "no store")),
                      "%d: %s", ran.status, ran.err);
        ran_clear(&ran);
        running = 0;
        for (guint i = 0; i < n; i++) {
            siginfo_t info = {0};
            ck_assert_int_eq(waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOHANG | WNOWAIT), 0);
            running += info.si_pid == 0;
        }
    }
}

/* R7: eight at once: each either works or says who does, readers read; in the end all is as after
 * one. CROSSTRACE_ROUNDS=20 makes it a long test. */
START_TEST(many_at_once_are_one)
{
    GPid pids[8];
    guint rounds = from_environment("CROSSTRACE_ROUNDS", 1), worked = 0, busy = 0;
    for (guint round = 0; round < rounds; round++) {
        tear_down();
        set_up();
        put_samples();
        for (guint i = 0; i < G_N_ELEMENTS(pids); i++)
            pids[i] = program_start(dir, night);
        read_meanwhile(pids, G_N_ELEMENTS(pids));
        guint done = 0;
        for (guint i = 0; i < G_N_ELEMENTS(pids); i++) {
            int status = 0;
            ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
            ck_assert(WIFEXITED(status));
            ck_assert_msg(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 75, "status %d",
                          WEXITSTATUS(status));
            done += WEXITSTATUS(status) == 0;
            busy += WEXITSTATUS(status) == 75;
        }
        ck_assert_uint_ge(done, 1);
        worked += done;
        expect(night, 0, "");
        g_autofree char *inbox = listed("inbox");
        ck_assert_str_eq(inbox, "inbox/done/2024-06-30/saisies-fr.csv\n"
                                "inbox/done/2024-06-30/seizures-en.csv\n"
                                "inbox/done/2024-06-30/traces.csv\n");
    }
    printf("counted: %u rounds of 8: %u worked, %u were told to come back\n", rounds, worked, busy);
}
END_TEST

static guint kills(void)
{
    return from_environment("CROSSTRACE_KILLS", (guint)suite_rounds(15));
}

static void kill_after(gulong microseconds)
{
    GPid pid = program_start(dir, night);
    g_usleep(microseconds);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

START_TEST(killed_at_any_moment)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(from_environment("CROSSTRACE_SEED", 1));
    put_samples();
    gint64 begun = g_get_monotonic_time();
    expect(night, 0, "");
    gint64 whole = g_get_monotonic_time() - begun;
    g_autofree char *undisturbed = state();
    guint healed = 0;
    for (guint i = 0; i < kills(); i++) {
        tear_down();
        set_up();
        put_samples();
        kill_after((gulong)g_rand_double_range(random, 0, (double)whole));
        g_autofree char *store = g_build_filename(dir, "s.db", NULL);
        if (g_file_test(store, G_FILE_TEST_EXISTS))
            expect("--store s.db check", 0, "");
        expect(night, 0, "");
        g_autofree char *after = state();
        ck_assert_msg(strcmp(undisturbed, after) == 0, "kill %u: %s\ninstead of\n%s", i, after,
                      undisturbed);
        expect_no_remains();
        healed++;
    }
    printf("counted: %u kills, %u healed\n", kills(), healed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nightly");
    TCase *tests = add_case(suite, "nightly");
    tcase_add_test(tests, a_quiet_night);
    tcase_add_test(tests, each_night_tells_what_is_new);
    tcase_add_test(tests, nothing_to_do);
    tcase_add_test(tests, a_file_comes_twice);
    tcase_add_test(tests, bad_files_do_not_stop_good_ones);
    tcase_add_test(tests, hostile_things_are_refused_by_name);
    tcase_add_test(tests, a_file_that_is_being_written_waits);
    tcase_add_test(tests, old_copies_go);
    tcase_add_test(tests, copies_of_days_to_come_are_the_oldest);
    tcase_add_test(tests, broken_steps_do_not_stop_safe_ones);
    tcase_add_test(add_case(suite, "crowd"), many_at_once_are_one);
    tcase_add_test(add_case(suite, "kill"), killed_at_any_moment);
    return suite_run(suite);
}
