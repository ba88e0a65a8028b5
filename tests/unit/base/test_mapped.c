/* What is mapped is what lies there; what became of it since is told, as far as it matters. */
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/mapped.h"
#include "tests/unit/suite.h"

static char *folder, *path;

static void setup(void)
{
    folder = g_dir_make_tmp("crosstrace-mapped-XXXXXX", NULL);
    path = g_build_filename(folder, "some", NULL);
}

static void teardown(void)
{
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

static Mapped *opened(void)
{
    ck_assert(g_file_set_contents(path, "some", -1, NULL));
    Mapped *mapped = mapped_open(path);
    ck_assert_ptr_nonnull(mapped);
    return mapped;
}

/* A clock of the file system may take some milliseconds for its next time. */
static void wait_for_the_clock(void)
{
    g_usleep(20000);
}

static void write_in_place(const char *text, int flags)
{
    int fd = open(path, O_WRONLY | flags);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
}

static void expect_change(const Mapped *mapped)
{
    GError *error = NULL;
    ck_assert(!mapped_holds(mapped, &error));
    ck_assert_int_eq(error_status(error), STATUS_IO);
    ck_assert_msg(strstr(error->message, path) && strstr(error->message, "changed while"), "%s",
                  error->message);
    g_clear_error(&error);
}

START_TEST(test_bytes)
{
    ck_assert_ptr_null(mapped_open(path));
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_ptr_null(mapped_open(path));
    g_unlink(path);
    g_autoptr(Mapped) mapped = opened();
    ck_assert_uint_eq(mapped_size(mapped), 4);
    ck_assert_mem_eq(mapped_bytes(mapped), "some", 4);
    ck_assert(mapped_holds(mapped, NULL));
    mapped_let_go(mapped);
    ck_assert_ptr_null(mapped_bytes(mapped));
    ck_assert_uint_eq(mapped_size(mapped), 0);
    ck_assert(mapped_holds(mapped, NULL));
    ck_assert_int_ge(mapped_descriptor(mapped), 0);
}
END_TEST

START_TEST(test_none)
{
    ck_assert_ptr_null(mapped_bytes(NULL));
    ck_assert_uint_eq(mapped_size(NULL), 0);
    ck_assert_int_eq(mapped_descriptor(NULL), -1);
    ck_assert(mapped_holds(NULL, NULL));
    mapped_free(NULL);
}
END_TEST

/* By a process that hides when it did so, too. */
START_TEST(test_written)
{
    g_autoptr(Mapped) mapped = opened();
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    wait_for_the_clock();
    write_in_place("same", 0);
    const struct timespec before[2] = {st.st_atim, st.st_mtim};
    expect_change(mapped);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, before, 0), 0);
    expect_change(mapped);
    mapped_let_go(mapped);
    expect_change(mapped);
}
END_TEST

START_TEST(test_cut)
{
    g_autoptr(Mapped) mapped = opened();
    wait_for_the_clock();
    ck_assert_int_eq(truncate(path, 2), 0);
    expect_change(mapped);
    write_in_place("me", O_APPEND);
    expect_change(mapped);
}
END_TEST

/* Another file under its name is none of it. */
START_TEST(test_replaced)
{
    g_autoptr(Mapped) mapped = opened();
    wait_for_the_clock();
    ck_assert(g_file_set_contents(path, "other", -1, NULL));
    ck_assert(mapped_holds(mapped, NULL));
    ck_assert_mem_eq(mapped_bytes(mapped), "some", 4);
    g_unlink(path);
    ck_assert(mapped_holds(mapped, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/mapped");
    TCase *tests = tcase_create("mapped");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_bytes);
    tcase_add_test(tests, test_none);
    tcase_add_test(tests, test_written);
    tcase_add_test(tests, test_cut);
    tcase_add_test(tests, test_replaced);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
