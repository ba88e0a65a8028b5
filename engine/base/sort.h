/*
 * Sorting many numbers by some of their bits.
 */
#ifndef CROSSTRACE_BASE_SORT_H
#define CROSSTRACE_BASE_SORT_H

#include <glib.h>

/* Sorts numbers by the bits [from, to), stably; `spare` has the same room. */
void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to);

#endif
