/*
 * Sorting numbers: many by some of their bits, and the order of a few.
 */
#ifndef CROSSTRACE_BASE_SORT_H
#define CROSSTRACE_BASE_SORT_H

#include <glib.h>

/* Sorts numbers by the bits [from, to), stably; `spare` has the same room. */
void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to);

/* Writes key << 32 | place for each key that is not 0, in the order of the keys, and of the
 * places under one key; there is room for n of them. Returns how many. */
gsize sort_numbered(const guint32 *keys, guint n, guint64 *items);

/* Of two guint, rising: for g_array_sort and qsort. */
int sort_order(gconstpointer a, gconstpointer b);

#endif
