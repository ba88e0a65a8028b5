/*
 * The C library raises the size from which a block is given back with every such block that is
 * freed, to 32 MB: the tables that one stage leaves would then be held, in pieces, beside those of
 * the next. Asked once, before there are threads.
 */
#include "engine/base/memory.h"

#include <malloc.h>

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
