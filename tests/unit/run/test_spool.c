/*
 * The inbox looked at while others write to it: a file that is held open for writing waits, and
 * whoever opens one at that very moment does not end the program.
 */
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/run/spool.h"
#include "tests/unit/suite.h"

#define SCANS 30000

/* Opens the file for writing again and again, until it is ended. */
static pid_t start_writer(const char *path)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    for (;;) {
        int file = open(path, O_WRONLY | O_NONBLOCK);
        if (file >= 0)
            close(file);
    }
}

static guint waiting_in(const Spool *spool)
{
    g_autoptr(GPtrArray) entries = spool_scan(spool, NULL);
    ck_assert_ptr_nonnull(entries);
    ck_assert_uint_eq(entries->len, 1);
    return ((const SpoolEntry *)entries->pdata[0])->state == ENTRY_WAITING;
}

START_TEST(a_writer_who_comes_meanwhile)
{
    g_autofree char *inbox = g_dir_make_tmp("crosstrace-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(inbox, "a.csv", NULL);
    g_auto(Spool) spool = {0};
    ck_assert(g_file_set_contents(path, "a\n", -1, NULL));
    ck_assert(spool_open(&spool, inbox, "2024-06-30", 0, NULL));
    ck_assert_uint_eq(waiting_in(&spool), 0);
    int file = open(path, O_WRONLY);
    ck_assert_int_ge(file, 0);
    ck_assert_uint_eq(waiting_in(&spool), 1);
    close(file);
    pid_t writer = start_writer(path);
    guint waiting = 0;
    for (guint i = 0; i < SCANS; i++)
        waiting += waiting_in(&spool);
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    ck_assert_uint_gt(waiting, 0);
    g_autofree char *command = g_strdup_printf("rm -r '%s'", inbox);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *tests = tcase_create("spool");
    tcase_add_test(tests, a_writer_who_comes_meanwhile);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
