/* Tests of file.c: a file is there whole or as it was, whoever dies while it is written. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/held.h"
#include "tests/unit/suite.h"

static char *folder, *path;

static void setup(void)
{
    folder = g_dir_make_tmp("crosstrace-file-XXXXXX", NULL);
    path = g_build_filename(folder, "a.idx", NULL);
}

static void teardown(void)
{
    g_unlink(path);
    ck_assert_int_eq(g_rmdir(folder), 0); /* nothing else is left */
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&path, g_free);
}

static void ck_says(const char *expected)
{
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, expected);
}

typedef enum { WHOLE, REFUSED, KILLED } End;

static gboolean fill(gpointer data, gpointer file, GError **error)
{
    End end = *(const End *)data;
    if (!file_piece("new ", 4, file, error))
        return FALSE;
    if (end == KILLED)
        raise(SIGKILL);
    if (end == REFUSED)
        return error_set(error, STATUS_IO, "no more");
    return file_piece("text", 4, file, error);
}

START_TEST(test_write)
{
    End end = WHOLE;
    struct stat info;
    GError *error = NULL;
    mode_t before = umask(0077);
    ck_assert(file_write(path, 0640, fill, &end, &error));
    umask(before);
    ck_says("new text");
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0640);
    ck_assert(g_file_set_contents(path, "old", -1, NULL));
    end = REFUSED;
    ck_assert(!file_write(path, 0640, fill, &end, &error));
    ck_assert_str_eq(error->message, "no more");
    g_clear_error(&error);
    ck_says("old");
    end = WHOLE;
    ck_assert(file_write(path, 0640, fill, &end, &error));
    ck_says("new text");
}
END_TEST

START_TEST(test_killed)
{
    End end = KILLED;
    int status;
    ck_assert(g_file_set_contents(path, "old", -1, NULL));
    pid_t child = fork();
    if (child == 0) {
        file_write(path, 0640, fill, &end, NULL);
        _exit(0);
    }
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status));
    ck_says("old");
}
END_TEST

START_TEST(test_draft)
{
    FileDraft draft;
    ck_assert(file_draft(&draft, path, 0600));
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(g_file_set_contents(path, "other", -1, NULL));
    ck_assert(!file_draft_name(&draft, FALSE));
    ck_assert_int_eq(errno, EEXIST);
    ck_says("other");
    ck_assert(file_draft_name(&draft, TRUE));
    ck_says("");
    file_draft_clear(&draft);
    file_draft_clear(&draft);
}
END_TEST

START_TEST(test_no_folder)
{
    End end = WHOLE;
    GError *error = NULL;
    g_autofree char *nowhere = g_build_filename(folder, "none", "a", NULL);
    ck_assert(!file_write(nowhere, 0640, fill, &end, &error));
    ck_assert_int_eq(error_status(error), STATUS_IO);
    g_clear_error(&error);
}
END_TEST

/* Whatever its name, and no other file's; one that is open and no database's is held by nobody. */
START_TEST(test_descriptor)
{
    g_autofree char *link = g_build_filename(folder, "link", NULL);
    ck_assert_int_eq(file_descriptor(path), -1);
    ck_assert(g_file_set_contents(path, "some", -1, NULL));
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(file_descriptor(path), -1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_descriptor(path), fd);
    ck_assert_int_eq(file_descriptor(link), fd);
    ck_assert_int_eq(file_descriptor(folder), -1);
    ck_assert(!file_is_held(path));
    close(fd);
    ck_assert_int_eq(file_descriptor(path), -1);
    g_unlink(link);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/file");
    TCase *tests = tcase_create("file");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_write);
    tcase_add_test(tests, test_killed);
    tcase_add_test(tests, test_draft);
    tcase_add_test(tests, test_no_folder);
    tcase_add_test(tests, test_descriptor);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
