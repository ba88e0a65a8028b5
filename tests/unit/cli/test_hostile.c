/*
 * Files made to hurt, through the whole program: each is refused or its rows are quarantined, in
 * bounded memory and time. The bound is not looked at under a sanitizer, which needs its own.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

#define MEMORY_MAX_KB (300 * 1024)
#define HEADER        "trace_number,serial_number,manufacturer\n"

static char *dir;

static void set_up(void)
{
    dir = folder_new();
}

static void tear_down(void)
{
    folder_remove(dir);
}

/* A file of parts: a head, a piece so many times, a tail. */
static void write_file(const char *name, const char *head, const char *piece, guint times,
                       const char *tail)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(head, file);
    for (guint i = 0; i < times; i++)
        fputs(piece, file);
    fputs(tail, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* Status of a load of the file, and the most memory that it had, in kB. */
static int load(const char *file, long *memory)
{
    const char *program = g_getenv("CROSSTRACE_BIN");
    g_autofree char *built = g_canonicalize_filename(program ? program : "build/crosstrace", NULL);
    char *argv[] = {built, (char *)"--quiet", (char *)"load", (char *)file, NULL};
    struct rusage usage;
    GPid pid = 0;
    int status;

    ck_assert(g_spawn_async(dir, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                            NULL, NULL, &pid, NULL));
    ck_assert_int_eq(wait4(pid, &status, 0, &usage), pid);
    ck_assert_msg(WIFEXITED(status), "%s: ended by signal %d", file, WTERMSIG(status));
    *memory = usage.ru_maxrss;
    return WEXITSTATUS(status);
}

static void assert_load(const char *file, int expected)
{
    long memory = 0;
    int status = load(file, &memory);

    ck_assert_msg(status == expected, "%s: status %d, not %d", file, status, expected);
#ifndef __SANITIZE_ADDRESS__
    ck_assert_msg(memory <= MEMORY_MAX_KB, "%s: %ld kB", file, memory);
#endif
}

START_TEST(giant_field)
{
    g_autofree char *piece = g_strnfill(1 << 20, 'x');

    write_file("plain.csv", HEADER "T1,AB1,GLOCK\nT2,", piece, 100, ",GLOCK\nT3,AB3,GLOCK\n");
    assert_load("plain.csv", 1);
    write_file("quoted.csv", HEADER "T4,AB1,GLOCK\nT5,\"", piece, 100, "\",GLOCK\nT6,AB3,GLOCK\n");
    assert_load("quoted.csv", 1);
    write_file("open.csv", HEADER "T7,AB1,GLOCK\nT8,\"a\n", piece, 100, "\nT9,AB3,GLOCK\n");
    assert_load("open.csv", 1);
    write_file("header.csv", "", piece, 100, "\nT9,AB3,GLOCK\n");
    assert_load("header.csv", 65);
}
END_TEST

START_TEST(giant_width)
{
    write_file("row.csv", HEADER "T1,AB1,GLOCK\nT2", ",", 100000, "\nT3,AB3,GLOCK\n");
    assert_load("row.csv", 1); /* padding, but more of it than columns are read */
    write_file("cells.csv", HEADER "T1,AB1,GLOCK\nT2", ",x", 100000, "\nT3,AB3,GLOCK\n");
    assert_load("cells.csv", 1);
    write_file("names.csv", "trace_number,serial_number", ",x", 100000, "\nT3,AB3\n");
    assert_load("names.csv", 65);
}
END_TEST

START_TEST(many_small_lines)
{
    write_file("bytes.csv", HEADER, "a\n", 1000000, "");
    assert_load("bytes.csv", 65);
    write_file("quotes.csv", HEADER, "\"\n", 1000000, "");
    assert_load("quotes.csv", 65);
    write_file("blank.csv", HEADER "T1,AB1,GLOCK\n", "\n", 1000000, "");
    assert_load("blank.csv", 0);
}
END_TEST

START_TEST(no_file)
{
    g_autofree char *fifo = g_build_filename(dir, "pipe.csv", NULL);

    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    assert_load("pipe.csv", 66);
    assert_load(".", 66);
    assert_load("/dev/zero", 66);
    write_file("zeros.csv", "", "\t\t\t\t\t\t\t\t", 1 << 17, "");
    assert_load("zeros.csv", 65);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tests = tcase_create("hostile");

    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, giant_field);
    tcase_add_test(tests, giant_width);
    tcase_add_test(tests, many_small_lines);
    tcase_add_test(tests, no_file);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
