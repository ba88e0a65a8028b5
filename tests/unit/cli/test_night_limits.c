/*
 * nightly where something is short or in the way: a full disk, a signal, a careless umask; and many
 * nights on end. CROSSTRACE_NIGHTS=30 CROSSTRACE_NIGHT_ROWS=10000 makes those a long test.
 */
#define _GNU_SOURCE
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/cli/nights.h"
#include "tests/unit/suite.h"

#define NOBODY 65534

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

/* A signal ends it within a second and by that signal's status; nothing half made is left, and the
 * next night comes to the same end. CROSSTRACE_SIGNALS=50 makes it a long test. */
START_TEST(signals_end_it_cleanly)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    put_samples();
    gint64 begun = g_get_monotonic_time(), longest = 0;
    expect(night, 0, "");
    gint64 whole = g_get_monotonic_time() - begun;
    g_autofree char *undisturbed = state();
    guint sent = from_environment("CROSSTRACE_SIGNALS", (guint)suite_rounds(9)), ended = 0;
    for (guint i = 0; i < sent; i++) {
        tear_down();
        set_up();
        put_samples();
        GPid pid = program_start(dir, night);
        int status = 0, number = signals[i % G_N_ELEMENTS(signals)];
        g_usleep((gulong)g_rand_double_range(random, 0, (double)whole));
        begun = g_get_monotonic_time();
        kill(pid, number);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        longest = MAX(longest, g_get_monotonic_time() - begun);
        ended += WIFSIGNALED(status);
        ck_assert_msg((WIFSIGNALED(status) && WTERMSIG(status) == number) ||
                          (WIFEXITED(status) && WEXITSTATUS(status) == 0),
                      "status %x", (guint)status);
        expect_no_remains();
        expect(night, 0, "");
        g_autofree char *after = state();
        ck_assert_msg(strcmp(undisturbed, after) == 0, "signal %d: %s\ninstead of\n%s", number,
                      after, undisturbed);
    }
    printf("counted: %u signals, %u ended by them, the longest in %d ms\n", sent, ended,
           (int)(longest / 1000));
}
END_TEST

/* The night in the background, what it says in the file `said`; the shell becomes the program. */
static GPid start_heard(void)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf("cd '%s' && exec '%s' %s 2>said", dir, built, night);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    GPid pid = 0;
    ck_assert(g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL));
    return pid;
}

/* USR1 asks for a line and a lost reader is none of its business: both let the night go on. */
START_TEST(signals_that_end_nothing)
{
    guint lines = 0;
    put_samples();
    GPid pid = start_heard();
    int status = 0;
    do {
        g_usleep(10000);
        g_autofree char *path = g_build_filename(dir, "s.db", NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) { /* the signals are taken over by then */
            kill(pid, SIGUSR1);
            kill(pid, SIGPIPE);
        }
    } while (waitpid(pid, &status, WNOHANG) == 0);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (guint)status);
    g_autofree char *said = contents("said");
    g_auto(GStrv) line = g_strsplit(said, "\n", -1);
    for (; line[lines] && *line[lines]; lines++)
        ck_assert_msg(g_str_has_prefix(line[lines], "crosstrace: ") &&
                          g_str_has_suffix(line[lines], " s since the start"),
                      "%s", line[lines]);
    ck_assert_uint_gt(lines, 0);
}
END_TEST

/* Stops a night while it holds the lock; FALSE: it had ended before. */
static gboolean stop_with_lock(GPid pid)
{
    g_autofree char *path = g_build_filename(dir, "s.db.lock", NULL), *holder = NULL;
    g_autofree char *own = g_strdup_printf("pid %d ", (int)pid);
    do {
        g_usleep(500);
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return FALSE;
        g_clear_pointer(&holder, g_free);
    } while (!g_file_get_contents(path, &holder, NULL, NULL) || !g_str_has_prefix(holder, own));
    int status = 0;
    kill(pid, SIGSTOP);
    if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status)) /* it ran on till then */
        return FALSE;
    g_clear_pointer(&holder, g_free); /* it is emptied at the end */
    return g_file_get_contents(path, &holder, NULL, NULL) && g_str_has_prefix(holder, own);
}

/* R8: who holds the lock is named; killed, it holds nothing: the next one starts at once. */
START_TEST(a_dead_holder_holds_nothing)
{
    gboolean stopped = FALSE;
    for (guint tries = 0; tries < 20 && !stopped; tries++) {
        tear_down();
        set_up();
        put_samples();
        GPid pid = program_start(dir, night);
        stopped = stop_with_lock(pid);
        g_autofree char *named = g_strdup_printf("pid %d", (int)pid);
        if (stopped)
            expect(night, 75, named);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    ck_assert(stopped);
    expect(night, 0, "");
}
END_TEST

/* R24: what stands in the way is named, what was there before is intact, the rest is done. */
START_TEST(things_in_the_way)
{
    put_sample("traces.csv");
    expect(night, 0, "");
    g_autofree char *before = contents("reports/latest/SHA256SUMS");
    g_autofree char *latest = g_build_filename(dir, "reports", "latest", NULL);
    g_autofree char *aside = g_build_filename(dir, "reports", "aside", NULL);
    g_autofree char *copies = g_build_filename(dir, "backups", NULL);
    ck_assert_int_eq(g_rename(latest, aside), 0);
    ck_assert_int_eq(g_mkdir(latest, 0750), 0); /* a folder where the link is to be */
    put_sample("seizures-en.csv");
    expect(night, 73, "reports: cannot link 'reports/latest'");
    g_autofree char *during = contents("reports/aside/SHA256SUMS");
    ck_assert_str_eq(before, during);
    ck_assert_int_eq(g_rmdir(latest), 0);
    folder_remove(g_steal_pointer(&copies));
    folder_write(dir, "backups", "a file where the folder was");
    expect(night, 73, "copy: no folder 'backups'");
    g_autofree char *leads = contents("reports/latest/owner/leads.csv");
    ck_assert_ptr_nonnull(strstr(leads, "\nL"));
    expect_no_remains();
}
END_TEST

static void give_to(const char *name, uid_t user)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert_int_eq(lchown(path, user, (gid_t)-1), 0);
}

static void become_nobody(gpointer data)
{
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
        _exit(126);
    (void)data;
}

/* A night of a user who is not root, whoever runs the tests: 126 when that cannot be had. */
static Ran night_of_nobody(void)
{
    Ran ran = {0};
    int status = 0;
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *line = g_strdup_printf("'%s' %s", built, night);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    ck_assert(g_spawn_sync(dir, (char **)argv, NULL, G_SPAWN_DEFAULT,
                           getuid() == 0 ? become_nobody : NULL, NULL, &ran.out, &ran.err, &status,
                           NULL));
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return ran;
}

/* Can another user come to the folder of this test at all? */
static gboolean nobody_comes(void)
{
    const char *argv[] = {"test", "-w", dir, NULL};
    int status = 1;
    return g_spawn_sync(dir, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                        getuid() == 0 ? become_nobody : NULL, NULL, NULL, NULL, &status, NULL) &&
           status == 0;
}

/* R25: a file that may not be read is left and named, the others load; an inbox that may not be
 * changed is named too, and what rests on earlier loads is done all the same. */
START_TEST(what_may_not_be_touched)
{
    static const char *const owned[] = {".", "c.ini", "inbox", "reports", "backups"};
    put_samples();
    g_autofree char *secret = g_build_filename(dir, "inbox", "seizures-en.csv", NULL);
    g_autofree char *inbox = g_build_filename(dir, "inbox", NULL);
    for (guint i = 0; getuid() == 0 && i < G_N_ELEMENTS(owned); i++)
        give_to(owned[i], NOBODY);
    ck_assert_int_eq(chmod(secret, 0), 0);
    if (!nobody_comes()) {
        printf("skipped: another user cannot come to '%s'\n", dir);
        return;
    }
    Ran ran = night_of_nobody();
    if (ran.status == 126 || ran.status == 127) {
        printf("skipped: the program cannot be run by another user\n");
    } else {
        g_autofree char *after = listed("inbox");
        ck_assert_msg(strstr(ran.err, "'seizures-en.csv'") != NULL, "%d %s", ran.status, ran.err);
        ck_assert_int_eq(ran.status, 65);
        ck_assert_ptr_nonnull(strstr(after, "inbox/done/2024-06-30/traces.csv\n"));
        ck_assert_ptr_nonnull(strstr(after, "inbox/rejected/2024-06-30/seizures-en.csv\n"));
        ran_clear(&ran);
        put("more.csv", "nothing\n");
        ck_assert_int_eq(chmod(inbox, 0550), 0);
        ran = night_of_nobody();
        ck_assert_msg(ran.status == 74 && strstr(ran.err, "cannot claim 'more.csv'"), "%d %s",
                      ran.status, ran.err);
        ck_assert_int_eq(chmod(inbox, 0750), 0);
    }
    ran_clear(&ran);
}
END_TEST

/* Status of a command under which no file may be larger than so many blocks of 512 bytes. */
static int limited(const char *line, guint blocks)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *shell =
        g_strdup_printf("cd '%s' && ulimit -f %u && exec '%s' %s", dir, blocks, built, line);
    const char *argv[] = {"/bin/sh", "-c", shell, NULL};
    g_autofree char *printed = NULL;
    int status = 0;
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                           &printed, &status, NULL));
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* R4: no file may grow over a limit that rises from nothing to enough. Whole or not at all, and the
 * next night, with room, comes to the undisturbed end. CROSSTRACE_DISKS=40 makes it a long test. */
START_TEST(a_full_disk_is_survived)
{
    put_samples();
    expect(night, 0, "");
    g_autofree char *undisturbed = state();
    guint disks = from_environment("CROSSTRACE_DISKS", 6), failed = 0;
    for (guint i = 0; i < disks; i++) {
        /* from 8 blocks, which hold nothing, to 2,048, which hold all, by equal factors */
        guint blocks = (guint)(8 * pow(256, (double)i / (disks - 1)));
        tear_down();
        set_up();
        put_samples();
        int status = limited(night, blocks);
        failed += status != 0;
        ck_assert_msg(status == 0 || status == 73 || status == 74, "%u blocks: %d", blocks, status);
        expect(night, 0, "");
        g_autofree char *after = state();
        ck_assert_msg(strcmp(undisturbed, after) == 0, "%u blocks: %s\ninstead of\n%s", blocks,
                      after, undisturbed);
    }
    ck_assert_uint_gt(failed, 0);
    ck_assert_uint_lt(failed, disks);
    ck_assert_int_eq(limited("--store t.db load inbox/done/2024-06-30/traces.csv", 16), 74);
    printf("counted: %u disks, %u too full\n", disks, failed);
}
END_TEST

#define SEIZURES                                                                                   \
    "seizure_no,item_no,seizure_date,office_code,mode,commodity,firearm_type,make,"                \
    "model,calibre,serial_number,serial_condition,narrative\n"

/* Rows of one night, synthetic: those of a number are always of the same items, and said anew with
 * another remark. */
static void put_night(guint number, guint rows, guint remark)
{
    g_autoptr(GString) text = g_string_new(SEIZURES);
    g_autofree char *name = g_strdup_printf("night-%03u-%03u.csv", number, remark);
    for (guint i = 0; i < rows; i++)
        g_string_append_printf(text,
                               "45%02u-24-%06u,1,2024-05-%02u,0453,HIGHWAY,FIREARM,PISTOL,GLOCK,19,"
                               "9 mm,ZX%03u%05u,INTACT,SYNTHETIC %03u\n",
                               number % 90 + 10, i, i % 28 + 1, number, i, remark);
    put(name, text->str);
}

/* What a night needed: memory in KB, CPU time in ms. Few files may be open, always as few. */
typedef struct {
    glong memory, time;
} Need;

static Need run_limited(guint night_no)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    g_autofree char *line =
        g_strdup_printf("cd '%s' && ulimit -n 24 && exec '%s' %s", dir, built, night);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    g_autofree char *log = g_build_filename(dir, "s.db-wal", NULL);
    struct rusage used;
    struct stat info;
    int status = 0;
    GPid pid = 0;
    ck_assert(g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL));
    ck_assert_int_eq(wait4(pid, &status, 0, &used), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "night %u: %x", night_no,
                  (guint)status);
    ck_assert_msg(stat(log, &info) != 0 || info.st_size == 0, "log of night %u", night_no);
    return (Need){used.ru_maxrss, (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                                      (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000};
}

/* The mean of a third of the nights: 0, 1 or 2. */
static Need mean_of(const GArray *needs, guint third)
{
    Need sum = {0, 0};
    guint n = MAX(needs->len / 3, 1), from = n * third;
    for (guint i = from; i < from + n; i++) {
        sum.memory += g_array_index(needs, Need, i).memory / (glong)n;
        sum.time += g_array_index(needs, Need, i).time / (glong)n;
    }
    return sum;
}

#if !defined(__SANITIZE_ADDRESS__) /* which keeps what was freed */
/* The least memory of the first or the last half of the nights: threads that meet in another way
 * may take some MB more in one night of ten, and what is kept from night to night is in each. */
static glong least_of(const GArray *needs, gboolean last)
{
    guint half = needs->len / 2, from = last ? needs->len - half : 0;
    glong least = G_MAXLONG;
    for (guint i = from; i < from + half; i++)
        least = MIN(least, g_array_index(needs, Need, i).memory);
    return least;
}
#endif

static void tell_needs(const char *what, const GArray *needs)
{
    Need first = g_array_index(needs, Need, 0), last = g_array_index(needs, Need, needs->len - 1);
    glong most = 0;
    for (guint i = 0; i < needs->len; i++)
        most = MAX(most, g_array_index(needs, Need, i).memory);
    printf("counted: %u nights %s: %ld to %ld KB, at most %ld, %ld to %ld ms of CPU\n", needs->len,
           what, first.memory, last.memory, most, first.time, last.time);
}

#define FLAT 1.2  /* the last third of the nights to the first */
#define BUSY 1000 /* ms of CPU from which on time can be measured on a busy machine */

/* R32: nights on end, all with as many rows. While the store keeps its size (items are said anew),
 * a night needs what the first one needed; where it grows, not more than so much for a record. */
START_TEST(nights_on_end)
{
    guint nights = from_environment("CROSSTRACE_NIGHTS", 8);
    guint rows = from_environment("CROSSTRACE_NIGHT_ROWS", 100);
    g_autoptr(GArray) steady = g_array_new(FALSE, FALSE, sizeof(Need));
    g_autoptr(GArray) growing = g_array_new(FALSE, FALSE, sizeof(Need));
    for (guint i = 0; i <= nights; i++) {
        put_night(0, rows, i);
        Need need = run_limited(i);
        if (i > 0)
            g_array_append_val(steady, need);
    }
    for (guint i = 1; i <= nights; i++) {
        put_night(i, rows, 0);
        Need need = run_limited(i);
        g_array_append_val(growing, need);
    }
    expect("--store s.db check --full", 0, "");
    tell_needs("with a store of one size", steady);
    tell_needs("with a growing store", growing);
    Need early = mean_of(steady, 0), late = mean_of(steady, 2);
    ck_assert_msg((double)late.memory <= FLAT * (double)early.memory, "%ld to %ld KB", early.memory,
                  late.memory);
    ck_assert_msg(early.time < BUSY || (double)late.time <= FLAT * (double)early.time,
                  "%ld to %ld ms", early.time, late.time);
#if !defined(__SANITIZE_ADDRESS__)
    glong more = least_of(growing, TRUE) - least_of(growing, FALSE);
    guint records = nights / 2 * rows; /* from half to half */
    ck_assert_msg(more <= 1024 + (glong)records * 2, "%ld KB for %u records", more, records);
#endif
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("night limits");
    TCase *tests = add_case(suite, "limits"), *signals = add_case(suite, "signals");
    tcase_add_test(tests, nobody_else_reads_or_writes);
    tcase_add_test(tests, a_dead_holder_holds_nothing);
    tcase_add_test(tests, things_in_the_way);
    tcase_add_test(tests, what_may_not_be_touched);
    tcase_add_test(tests, a_full_disk_is_survived);
    tcase_add_test(signals, signals_end_it_cleanly);
    tcase_add_test(signals, signals_that_end_nothing);
    tcase_add_test(add_case(suite, "soak"), nights_on_end);
    return suite_run(suite);
}
