/*
 * How memory is given back, which of it is held in large pages, and how few bytes of it are copied.
 */
#ifndef CROSSTRACE_BASE_MEMORY_H
#define CROSSTRACE_BASE_MEMORY_H

#include <glib.h>
#include <string.h>

/* Tables of a megabyte and more go back to the system when they are freed, in this process and from
 * now on. Where the C library knows no such thing, nothing happens. */
void memory_give_back(void);
/* So does what was freed in small pieces, as far as whole pages are free: after a stage that made
 * very many of them. */
void memory_trim(void);
/* What lies there is asked for in no order: it is to be held in large pages, which are found sooner
 * than small ones. Best asked before it is filled. Where the system has none, nothing happens. */
void memory_large(gpointer at, gsize size);
/* What lies there will be filled, and then asked for in no order: all of its pages are there at
 * once, large ones where they are quickly had. What it says stays. */
void memory_populate(gpointer at, gsize size);
/* A table of n zeroed rows that is met in no order, all of whose pages are there at once, large
 * ones where they can be: one that is looked at before it is written to is made twice otherwise,
 * and each time all processors are told. g_free. */
gpointer memory_table(gsize n, gsize row);

/* memcpy() of mostly few bytes, which takes no call: two halves that overlap. */
static inline void bytes_copy(void *to, const void *from, gsize size)
{
    const char *source = from;
    char *target = to;
    guint64 first, last;
    guint32 low, high;

    if (size > 2 * sizeof first) {
        memcpy(to, from, size);
    } else if (size >= sizeof first) {
        memcpy(&first, source, sizeof first);
        memcpy(&last, source + size - sizeof last, sizeof last);
        memcpy(target, &first, sizeof first);
        memcpy(target + size - sizeof last, &last, sizeof last);
    } else if (size >= sizeof low) {
        memcpy(&low, source, sizeof low);
        memcpy(&high, source + size - sizeof high, sizeof high);
        memcpy(target, &low, sizeof low);
        memcpy(target + size - sizeof high, &high, sizeof high);
    } else {
        while (size-- > 0)
            target[size] = source[size];
    }
}

#endif
