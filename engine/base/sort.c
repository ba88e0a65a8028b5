/*
 * Numbers by radix, eleven bits at a time: each pass keeps the order of the one before.
 */
#include "engine/base/sort.h"

#include <string.h>

void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to)
{
    guint64 *out = items;
    for (guint shift = from; shift < to; shift += 11) {
        gsize counts[2049] = {0};
        guint mask = (1u << MIN(11, to - shift)) - 1;
        for (gsize i = 0; i < n; i++)
            counts[(items[i] >> shift & mask) + 1]++;
        for (guint i = 1; i < 2048; i++)
            counts[i] += counts[i - 1];
        for (gsize i = 0; i < n; i++)
            spare[counts[items[i] >> shift & mask]++] = items[i];
        guint64 *swap = items;
        items = spare;
        spare = swap;
    }
    if (items != out)
        memcpy(out, items, n * sizeof *out);
}

int sort_order(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}
