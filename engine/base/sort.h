/*
 * Sorting numbers: many by some of their bits, and the order of a few.
 */
#ifndef CROSSTRACE_BASE_SORT_H
#define CROSSTRACE_BASE_SORT_H

#include <glib.h>

/* Sorts numbers by the bits [from, to), stably; `spare` has the same room. */
void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to);

/* Of two guint, rising: for g_array_sort and qsort. */
int sort_order(gconstpointer a, gconstpointer b);

#endif
