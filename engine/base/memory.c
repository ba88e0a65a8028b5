/*
 * The C library raises the size from which a block is given back with every such block that is
 * freed, to 32 MB: the tables that one stage leaves would then be held, in pieces, beside those of
 * the next. Asked once, before there are threads.
 */
#include "engine/base/memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <time.h>

#define GIVEN_BACK (1 << 20) /* bytes */

void memory_give_back(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, GIVEN_BACK);
    mallopt(M_TRIM_THRESHOLD, GIVEN_BACK);
#endif
}

void memory_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#define LARGE_PAGE ((gsize)2 << 20) /* bytes, and where such a page begins */
#define SMALL_PAGE ((gsize)1 << 12) /* of most machines; elsewhere nothing is asked for */
#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE 14
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1: what has small pages already is put together */
#endif

/* Says something of the pages of a size that lie within; FALSE: there are none, or it is not heard.
 */
static gboolean advise(gpointer at, gsize size, gsize page, int advice)
{
    gsize from = (GPOINTER_TO_SIZE(at) + page - 1) & ~(page - 1);
    gsize to = (GPOINTER_TO_SIZE(at) + size) & ~(page - 1);
    return from < to && madvise(GSIZE_TO_POINTER(from), to - from, advice) == 0;
}

void memory_large(gpointer at, gsize size)
{
    if (advise(at, size, LARGE_PAGE, MADV_HUGEPAGE))
        advise(at, size, LARGE_PAGE, MADV_COLLAPSE);
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

#ifndef MADV_NOHUGEPAGE
#define MADV_NOHUGEPAGE 15
#endif
/* Nanoseconds of this thread that a large page may take on average, and a table beside: clearing
 * one takes a fifth of it, and a page saves a full run some 4 ms. */
#define A_PAGE  1000000
#define A_TABLE 8000000

static gint64 spent(void)
{
    struct timespec now;
    return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0
               ? (gint64)now.tv_sec * 1000000000 + now.tv_nsec
               : 0;
}

/* Page by page: where cached files fill the memory, the system moves what lies in the way of large
 * pages, which may take longer than they save; then the rest is left to small ones. */
static void populate_large(gpointer at, gsize size)
{
    gsize from = (GPOINTER_TO_SIZE(at) + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    gsize to = (GPOINTER_TO_SIZE(at) + size) & ~(LARGE_PAGE - 1);
    gboolean more = advise(at, size, LARGE_PAGE, MADV_HUGEPAGE);
    gint64 limit = spent() + A_TABLE;
    for (gsize page = from; more && page < to; page += LARGE_PAGE) {
        limit += A_PAGE;
        more = advise(GSIZE_TO_POINTER(page), LARGE_PAGE, LARGE_PAGE, MADV_POPULATE_WRITE) &&
               spent() < limit;
        if (!more)
            advise(GSIZE_TO_POINTER(page), to - page, LARGE_PAGE, MADV_NOHUGEPAGE);
    }
}

void memory_populate(gpointer at, gsize size)
{
    if (size < GIVEN_BACK)
        return;
    populate_large(at, size);
    advise(at, size, SMALL_PAGE, MADV_POPULATE_WRITE);
}

gpointer memory_table(gsize n, gsize row)
{
    gpointer table = g_malloc0_n(n, row);
    memory_populate(table, n * row);
    return table;
}
