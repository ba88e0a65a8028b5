/* Tests of block.c: items that grow, wherever they lie, and a file that stays what it is. */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/block.h"
#include "tests/unit/base/suite.h"

static guint32 at(const Block *block, gsize i)
{
    return g_array_index(block, guint32, i);
}

/* Items 0, 1, 2 ... are there, as many as are said, and grow far beyond their room. */
static void ck_grows(Block *block, guint32 n)
{
    ck_assert_uint_eq(block->len, n);
    for (guint32 i = n; i < n + 5000; i++) {
        block_append(block, &i, 1);
    }
    ck_assert_uint_eq(block->len, n + 5000);
    for (guint32 i = 0; i < n + 5000; i++)
        ck_assert_uint_eq(at(block, i), i);
    block_resize(block, n + 9000);
    for (guint32 i = n + 5000; i < n + 9000; i++)
        ck_assert_uint_eq(at(block, i), 0);
    block_extend(block, 1);
    ck_assert_uint_eq(block->len, 1);
    ck_assert_uint_eq(at(block, 0), 0);
}

START_TEST(test_grows)
{
    guint32 some[2000];
    for (guint32 i = 0; i < G_N_ELEMENTS(some); i++)
        some[i] = i;
    const BlockFile none = {.fd = -1};
    const gsize counts[] = {0, 1, 1024, 2000};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(Block) block = block_of(sizeof *some, some, counts[i], &none);
        ck_grows(block, (guint32)counts[i]);
    }
    g_autoptr(Block) empty = block_new(sizeof *some, 0);
    ck_grows(empty, 0);
}
END_TEST

/* From a page of a file on: what is written to the items is not in the file, and what grows behind
 * them is not what follows in it. Elsewhere they are copied. */
START_TEST(test_laid)
{
    enum { PLACES = 4 * BLOCK_PAGE / sizeof(guint32), FIRST = BLOCK_PAGE / sizeof(guint32) };
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("crosstrace-block-XXXXXX", &path, NULL);
    guint32 all[PLACES];
    const guint32 n[] = {1, FIRST, FIRST + 300, 2 * FIRST};
    for (guint32 i = 0; i < PLACES; i++)
        all[i] = i - FIRST;
    ck_assert_int_eq(write(fd, all, sizeof all), sizeof all);
    for (gsize i = 0; i < G_N_ELEMENTS(n); i++)
        for (guint laid = 0; laid < 2; laid++) {
            const BlockFile file = {fd, laid ? BLOCK_PAGE : BLOCK_PAGE / 2};
            g_autoptr(Block) block = block_of(sizeof *all, all + FIRST, n[i], &file);
            ck_assert_int_eq(block->held > 0, laid && sysconf(_SC_PAGESIZE) == BLOCK_PAGE);
            g_array_index(block, guint32, 0) = 7;
            g_array_index(block, guint32, 0) = 0;
            ck_grows(block, n[i]);
        }
    g_autofree char *left = NULL;
    gsize size = 0;
    ck_assert(g_file_get_contents(path, &left, &size, NULL));
    ck_assert_uint_eq(size, sizeof all);
    ck_assert_mem_eq(left, all, size);
    close(fd);
    g_unlink(path);
}
END_TEST

/* What cannot be laid is copied. */
START_TEST(test_not_laid)
{
    const guint32 one = 5;
    int fd[2];
    ck_assert_int_eq(pipe(fd), 0);
    const BlockFile file = {fd[0], 0};
    g_autoptr(Block) block = block_of(sizeof one, &one, 1, &file);
    ck_assert_uint_eq(block->held, 0);
    ck_assert_uint_eq(at(block, 0), 5);
    close(fd[0]);
    close(fd[1]);
}
END_TEST

int main(void)
{
    const TTest *const TESTS[] = {test_grows, test_laid, test_not_laid, NULL};
    return suite_run_list("block", TESTS);
}
