/* Tests of output.c: whole files or none, and what happens when it cannot be written. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/render/render.h"
#include "tests/unit/suite.h"

static char *folder;

static void setup(void)
{
    folder = g_dir_make_tmp("crosstrace-output-XXXXXX", NULL);
}

static void teardown(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    ck_assert_int_eq(g_rmdir(folder), 0);
    g_clear_pointer(&folder, g_free);
}

static guint files_in_folder(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir))
        n++;
    return n;
}

static Status write_file(const char *path, gboolean force, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Output) output = output_open(path, force, &error);
    g_autoptr(GString) bytes = g_string_new(text);
    if (output && output_write(output, bytes, &error)) {
        ck_assert_uint_eq(bytes->len, 0);
        output_close(output, &error);
    }
    return error ? error_status(error) : STATUS_DONE;
}

/* Force is for reports: a store, its trail and what SQLite keeps beside them stay. */
START_TEST(test_over_a_database)
{
    static const char *const names[] = {"store.db", "store.db.audit", "store.db-wal"};
    const char head[] = "SQLite format 3\0and more";
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL), *after = NULL;
        gsize length = 0;
        ck_assert(g_file_set_contents(path, head, sizeof head, NULL));
        ck_assert_int_eq(write_file(path, TRUE, "leads\n"), STATUS_NO_CREATE);
        ck_assert(g_file_get_contents(path, &after, &length, NULL));
        ck_assert_uint_eq(length, sizeof head);
        ck_assert_mem_eq(after, head, length);
    }
    ck_assert_int_eq(write_file("", FALSE, "leads\n"), STATUS_NO_CREATE);
}
END_TEST

START_TEST(test_file)
{
    g_autofree char *path = g_build_filename(folder, "leads.csv", NULL);
    g_autofree char *text = NULL;
    struct stat st;
    ck_assert_int_eq(write_file(path, FALSE, "one\n"), STATUS_DONE);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
    ck_assert_int_eq(write_file(path, FALSE, "two\n"), STATUS_NO_CREATE);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, "one\n");
    ck_assert_int_eq(write_file(path, TRUE, "three\n"), STATUS_DONE);
    g_clear_pointer(&text, g_free);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, "three\n");
    ck_assert_uint_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(test_left_open)
{
    g_autofree char *path = g_build_filename(folder, "leads.csv", NULL);
    g_autoptr(GError) error = NULL;
    Output *output = output_open(path, FALSE, &error);
    g_autoptr(GString) bytes = g_string_new("half");
    ck_assert(output_write(output, bytes, &error));
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    output_free(output);
    ck_assert_uint_eq(files_in_folder(), 0);
}
END_TEST

/* A file that came while we wrote is not written over without force. */
START_TEST(test_came_meanwhile)
{
    g_autofree char *path = g_build_filename(folder, "leads.csv", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Output) output = output_open(path, FALSE, &error);
    ck_assert(g_file_set_contents(path, "other", -1, NULL));
    ck_assert(!output_close(output, &error));
    ck_assert_int_eq(error_status(error), STATUS_NO_CREATE);
    g_autofree char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, "other");
}
END_TEST

/* The folder went away while we wrote: nothing is left, and it is told. */
START_TEST(test_folder_went)
{
    g_autofree char *below = g_build_filename(folder, "below", NULL);
    g_autofree char *path = g_build_filename(below, "leads.csv", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert_int_eq(g_mkdir(below, 0750), 0);
    g_autoptr(Output) output = output_open(path, FALSE, &error);
    ck_assert_ptr_nonnull(output);
    if (g_rmdir(below) != 0) /* where a file must have a name at once */
        return;
    ck_assert(!output_close(output, &error));
    ck_assert_int_eq(error_status(error), STATUS_IO);
    ck_assert(strstr(error->message, path));
}
END_TEST

/* What is neither file nor folder is opened as it is, or not at all. */
START_TEST(test_socket)
{
    g_autofree char *path = g_build_filename(folder, "socket", NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int end = socket(AF_UNIX, SOCK_STREAM, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    ck_assert_int_eq(bind(end, (const struct sockaddr *)(gconstpointer)&address, sizeof address),
                     0);
    ck_assert_int_eq(write_file(path, TRUE, "x"), STATUS_NO_CREATE);
    close(end);
}
END_TEST

START_TEST(test_cannot_create)
{
    g_autofree char *deep = g_build_filename(folder, "no", "such", "file", NULL);
    ck_assert_int_eq(write_file(folder, TRUE, "x"), STATUS_NO_CREATE);
    ck_assert_int_eq(write_file(deep, FALSE, "x"), STATUS_NO_CREATE);
}
END_TEST

START_TEST(test_full_device)
{
    ck_assert_int_eq(write_file("/dev/full", FALSE, "x"), STATUS_IO);
    ck_assert_int_eq(write_file("/dev/null", FALSE, "x"), STATUS_DONE);
}
END_TEST

/* Standard output replaced by a descriptor for the length of one write. */
static Status write_stream(int descriptor, const char *text)
{
    int saved = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(descriptor, STDOUT_FILENO);
    Status status = write_file(NULL, FALSE, text);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    return status;
}

START_TEST(test_stream)
{
    int full = open("/dev/full", O_WRONLY);
    ck_assert_int_eq(write_stream(full, "x"), STATUS_IO);
    close(full);
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write_stream(ends[1], "hello"), STATUS_DONE);
    char buffer[8] = "";
    ck_assert_int_eq(read(ends[0], buffer, sizeof buffer), 5);
    ck_assert_str_eq(buffer, "hello");
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(write_stream(ends[1], "nobody reads"), STATUS_DONE);
    close(ends[1]);
}
END_TEST

/* CSV, too, goes to a terminal without the control characters that a cell holds. */
START_TEST(test_terminal)
{
    char seen[128] = "";
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) bytes = g_string_new("a,\x1b[31mred,\xe2\x80\xaeleft\n");
    int pty = posix_openpt(O_RDWR | O_NOCTTY);
    if (pty < 0 || grantpt(pty) != 0 || unlockpt(pty) != 0) {
        puts("test_terminal skipped: no pseudo-terminal here");
        if (pty >= 0)
            close(pty);
        return;
    }
    g_autoptr(Output) output = output_open(ptsname(pty), FALSE, &error);
    ck_assert_ptr_nonnull(output);
    ck_assert(output_write(output, bytes, &error));
    for (gsize length = 0; !strchr(seen, '\n');) { /* it may come in pieces */
        gssize n = read(pty, seen + length, sizeof seen - 1 - length);
        ck_assert_int_gt(n, 0);
        length += (gsize)n;
    }
    ck_assert_str_eq(seen, "a,\\x1B[31mred,\\u{202E}left\r\n");
    ck_assert(output_close(output, &error));
    close(pty);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_over_a_database);
    tcase_add_test(tests, test_file);
    tcase_add_test(tests, test_left_open);
    tcase_add_test(tests, test_came_meanwhile);
    tcase_add_test(tests, test_folder_went);
    tcase_add_test(tests, test_socket);
    tcase_add_test(tests, test_cannot_create);
    tcase_add_test(tests, test_full_device);
    tcase_add_test(tests, test_stream);
    tcase_add_test(tests, test_terminal);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
