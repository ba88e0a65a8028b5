/*
 * Pages that are gone while threads read them where they lie: however many meet one, the program
 * ends once, with the status of what can not be read and one line. What takes the line is full
 * here, so that the thread that tells is kept while the others touch the page.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/cli/lost.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

#define PAGE      4096
#define READERS   8
#define MEANWHILE 300000 /* microseconds: each thread has touched the page by then */

static char *folder, *path;
static char *page;
static pthread_barrier_t together;

static void set_up(void)
{
    folder = folder_new();
    path = g_build_filename(folder, "cut\033short", NULL);
}

static void tear_down(void)
{
    g_free(path);
    folder_remove(folder);
}

static void *touch(G_GNUC_UNUSED void *data)
{
    pthread_barrier_wait(&together);
    return GINT_TO_POINTER(*(volatile char *)page);
}

/* A page of a file that was cut short since. */
static void lose_page(void)
{
    g_autofree char *bytes = g_strnfill(PAGE, 'x');
    ck_assert(g_file_set_contents(path, bytes, PAGE, NULL));
    int fd = open(path, O_RDWR);
    page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    ck_assert_ptr_ne(page, MAP_FAILED);
    ck_assert_int_eq(ftruncate(fd, 0), 0);
    close(fd);
}

/* Standard error from here on; how many bytes it took until it was full. */
static gsize fill(int pipe_end)
{
    static const char bytes[PAGE] = "";
    gsize all = 0;
    dup2(pipe_end, STDERR_FILENO);
    fcntl(pipe_end, F_SETFL, O_NONBLOCK);
    for (gssize n; (n = write(pipe_end, bytes, sizeof bytes)) > 0;)
        all += (gsize)n;
    fcntl(pipe_end, F_SETFL, 0);
    return all;
}

/* The child: so many threads at one page. */
static void meet(guint readers)
{
    pthread_t threads[READERS];
    lost_pages_tell();
    pthread_barrier_init(&together, NULL, readers);
    for (guint i = 0; i < readers; i++)
        pthread_create(&threads[i], NULL, touch, NULL);
    for (guint i = 0; i < readers; i++)
        pthread_join(threads[i], NULL);
    _exit(0);
}

/* What comes after the filling. */
static char *rest_of(int fd, gsize filling)
{
    GString *all = g_string_new(NULL);
    char bytes[PAGE];
    for (gssize n; (n = read(fd, bytes, sizeof bytes)) > 0;)
        g_string_append_len(all, bytes, n);
    ck_assert_uint_ge(all->len, filling);
    g_string_erase(all, 0, (gssize)filling);
    return g_string_free(all, FALSE);
}

START_TEST(threads_meet_one_lost_page)
{
    static const guint readers[] = {1, 2, READERS};
    int ends[2], status = 0;
    lose_page();
    ck_assert_int_eq(pipe(ends), 0);
    gsize filling = fill(ends[1]);
    pid_t child = fork();
    if (child == 0)
        meet(readers[_i]);
    close(ends[1]);
    close(STDERR_FILENO);
    g_usleep(MEANWHILE);
    ck_assert_msg(waitpid(child, &status, WNOHANG) == 0, "ended (%d) while one still told", status);
    g_autofree char *said = rest_of(ends[0], filling);
    g_autofree char *expected =
        g_strdup_printf("crosstrace: '%s/cut?short' was cut short, or cannot be read any more, "
                        "while it was read\n",
                        folder);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == STATUS_IO, "%d", status);
    ck_assert_str_eq(said, expected);
}
END_TEST

/* No page was lost: it ends as a program does that knows nothing of the signal. */
START_TEST(signal_of_another)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        lost_pages_tell();
        kill(getpid(), SIGBUS);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS, "%d", status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lost");
    TCase *tests = tcase_create("lost");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, threads_meet_one_lost_page, 0, 3);
    tcase_add_test(tests, signal_of_another);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
