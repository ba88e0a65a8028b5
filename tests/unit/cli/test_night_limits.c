/*
 * nightly where something is short or in the way: a full disk, a signal, a careless umask; and many
 * nights on end. CROSSTRACE_NIGHTS=30 CROSSTRACE_NIGHT_ROWS=10000 makes those a long test.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/cli/nights.h"

/* Modes as documented whatever the umask; what others may write to is refused. */
START_TEST(nobody_else_reads_or_writes)
{
    put_samples();
    mode_t mask = umask(0);
    expect(night, 0, "");
    umask(mask);
    static const char *const below[] = {"reports", "backups", "inbox/done"};
    for (guint i = 0; i < G_N_ELEMENTS(below); i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        list_into(names, below[i]);
        ck_assert_uint_gt(names->len, 0);
        for (guint n = 0; n < names->len && i < 2; n++) {
            struct stat info;
            g_autofree char *whole = g_build_filename(dir, names->pdata[n], NULL);
            ck_assert_int_eq(lstat(whole, &info), 0);
            ck_assert_msg(S_ISLNK(info.st_mode) || (info.st_mode & 0137) == 0, "%s: %o", whole,
                          info.st_mode & 0777);
        }
    }
    static const char *const files[] = {"s.db", "s.db.audit", "s.db.lock"};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        struct stat info;
        g_autofree char *whole = g_build_filename(dir, files[i], NULL);
        if (stat(whole, &info) == 0)
            ck_assert_msg((info.st_mode & 0137) == 0, "%s: %o", whole, info.st_mode & 0777);
    }
    g_autofree char *store = g_build_filename(dir, "s.db", NULL);
    g_autofree char *config = g_build_filename(dir, "c.ini", NULL);
    ck_assert_int_eq(chmod(store, 0666), 0);
    expect(night, 78, "others may write");
    ck_assert_int_eq(chmod(store, 0640), 0);
    ck_assert_int_eq(chmod(config, 0666), 0);
    expect(night, 78, "written by others");
    ck_assert_int_eq(chmod(config, 0640), 0);
    expect(night, 0, "");
}
END_TEST

/* A signal ends it at once, by that signal's status; nothing half made has a name, and the next
 * night comes to the same end. */
START_TEST(signals_end_it_cleanly)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    put_samples();
    gint64 begun = g_get_monotonic_time();
    expect(night, 0, "");
    gint64 whole = g_get_monotonic_time() - begun;
    g_autofree char *undisturbed = state();
    for (guint i = 0; i < 9; i++) {
        tear_down();
        set_up();
        put_samples();
        GPid pid = program_start(dir, night);
        int status = 0, sent = signals[i % G_N_ELEMENTS(signals)];
        g_usleep((gulong)g_rand_double_range(random, 0, (double)whole));
        kill(pid, sent);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_msg((WIFSIGNALED(status) && WTERMSIG(status) == sent) ||
                          (WIFEXITED(status) && WEXITSTATUS(status) == 0),
                      "status %x", (guint)status);
        expect(night, 0, "");
        g_autofree char *after = state(), *reports = listed("reports"), *copies = listed("backups");
        ck_assert_msg(strcmp(undisturbed, after) == 0, "signal %d: %s\ninstead of\n%s", sent, after,
                      undisturbed);
        ck_assert_ptr_null(strstr(reports, "/."));
        ck_assert_ptr_null(strstr(copies, "/."));
    }
}
END_TEST

/* Status of a night in which no file may be larger than so many blocks of 512 bytes. */
static int limited_night(guint blocks)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf(
        "cd '%s' && trap '' XFSZ && ulimit -f %u && exec '%s' %s", dir, blocks, built, night);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    g_autofree char *printed = NULL;
    int status = 0;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                           &printed, &status, NULL));
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* R4: no file may grow over a limit that rises from nothing to enough. Whole or not at all, and the
 * next night, with room, comes to the undisturbed end. */
START_TEST(a_full_disk_is_survived)
{
    put_samples();
    expect(night, 0, "");
    g_autofree char *undisturbed = state();
    guint failed = 0;
    for (guint blocks = 8; blocks <= 4096; blocks *= 2) {
        tear_down();
        set_up();
        put_samples();
        int status = limited_night(blocks);
        failed += status != 0;
        ck_assert_msg(status == 0 || status == 73 || status == 74, "%u blocks: %d", blocks, status);
        expect(night, 0, "");
        g_autofree char *after = state();
        ck_assert_msg(strcmp(undisturbed, after) == 0, "%u blocks: %s\ninstead of\n%s", blocks,
                      after, undisturbed);
    }
    ck_assert_uint_gt(failed, 0);
}
END_TEST

#define SEIZURES                                                                                   \
    "seizure_no,item_no,seizure_date,office_code,mode,commodity,firearm_type,make,"                \
    "model,calibre,serial_number,serial_condition,narrative\n"

/* Rows of one night, none like those of another; synthetic. */
static void put_night(guint number, guint rows)
{
    g_autoptr(GString) text = g_string_new(SEIZURES);
    g_autofree char *name = g_strdup_printf("night-%03u.csv", number);
    for (guint i = 0; i < rows; i++)
        g_string_append_printf(text,
                               "45%02u-24-%06u,1,2024-05-%02u,0453,HIGHWAY,FIREARM,PISTOL,GLOCK,19,"
                               "9 mm,ZX%03u%05u,INTACT,SYNTHETIC\n",
                               number % 90 + 10, i, i % 28 + 1, number, i);
    put(name, text->str);
}

/* R32: nights with new rows each. What a night needs is told; the log never stays large. */
START_TEST(nights_on_end)
{
    guint nights = from_environment("CROSSTRACE_NIGHTS", 6);
    guint rows = from_environment("CROSSTRACE_NIGHT_ROWS", 100);
    g_autofree char *log = g_build_filename(dir, "s.db-wal", NULL);
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < nights; i++) {
        struct rusage used;
        struct stat info;
        int status = 0;
        put_night(i, rows);
        GPid pid = program_start(dir, night);
        ck_assert_int_eq(wait4(pid, &status, 0, &used), pid);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "night %u: %x", i,
                      (guint)status);
        ck_assert_msg(stat(log, &info) != 0 || info.st_size <= 64 << 20, "log of night %u", i);
        if (i == 0 || i + 1 == nights)
            g_string_append_printf(told, "; night %u: %ld KB, %ld ms of CPU", i + 1, used.ru_maxrss,
                                   used.ru_utime.tv_sec * 1000 + used.ru_utime.tv_usec / 1000);
    }
    expect("--store s.db check --full", 0, "");
    Ran ran = program_run(dir, "--store s.db stats --format csv");
    ck_assert_int_eq(ran.status, 0);
    ran_clear(&ran);
    printf("counted: %u nights of %u rows%s\n", nights, rows, told->str);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("night limits");
    TCase *tests = tcase_create("night limits");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 3600);
    tcase_add_test(tests, nobody_else_reads_or_writes);
    tcase_add_test(tests, signals_end_it_cleanly);
    tcase_add_test(tests, a_full_disk_is_survived);
    tcase_add_test(tests, nights_on_end);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
