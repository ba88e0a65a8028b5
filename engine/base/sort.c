/*
 * Numbers by radix, eleven bits at a time. Few: from the lowest bits up, each pass keeping the
 * order of the one before. Many: by the highest bits first, so that only that pass goes all over
 * memory, and then each of these parts by itself.
 */
#include "engine/base/sort.h"

#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     (1u << DIGIT_BITS)
#define MANY       (1u << 17) /* numbers, from which on they no longer stay in the cache */
#define FEW        48         /* numbers that are put in order one by one */

/* From the lowest bits up. */
static void sort_upwards(guint64 *items, guint64 *spare, gsize n, guint from, guint to)
{
    guint64 *out = items;
    for (guint shift = from; shift < to; shift += DIGIT_BITS) {
        gsize counts[DIGITS + 1] = {0};
        guint mask = (1u << MIN(DIGIT_BITS, to - shift)) - 1;
        for (gsize i = 0; i < n; i++)
            counts[(items[i] >> shift & mask) + 1]++;
        for (guint i = 1; i < DIGITS; i++)
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

static guint64 bits_mask(guint from, guint to)
{
    return (((guint64)1 << (to - from)) - 1) << from;
}

/* One by one, each to the place before those that are greater. */
static void sort_inserting(guint64 *items, gsize n, guint64 mask)
{
    for (gsize i = 1; i < n; i++) {
        guint64 item = items[i];
        gsize at = i;
        for (; at > 0 && (items[at - 1] & mask) > (item & mask); at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* A part of many, from `items` to `out`: by as many high bits as leave hardly two together. */
static void sort_part(guint64 *items, guint64 *out, gsize n, guint from, guint to)
{
    guint bits = MIN(MIN(DIGIT_BITS, g_bit_storage(n)), to - from), shift = to - bits;
    guint digits = (1u << bits) - 1;
    guint32 counts[DIGITS + 1] = {0}, most = 0;
    for (gsize i = 0; i < n; i++) {
        guint32 count = ++counts[(items[i] >> shift & digits) + 1];
        most = MAX(most, count);
    }
    if (most > FEW) {
        sort_upwards(items, out, n, from, to);
        memcpy(out, items, n * sizeof *out);
        return;
    }
    for (guint i = 1; i <= digits; i++)
        counts[i] += counts[i - 1];
    for (gsize i = 0; i < n; i++)
        out[counts[items[i] >> shift & digits]++] = items[i];
    sort_inserting(out, n, bits_mask(from, to));
}

void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to)
{
    gsize starts[DIGITS + 1] = {0}, at[DIGITS + 1];
    guint shift = to - DIGIT_BITS, mask = DIGITS - 1;
    if (n < MANY || to - from <= 2 * DIGIT_BITS) {
        sort_upwards(items, spare, n, from, to);
        return;
    }
    for (gsize i = 0; i < n; i++)
        starts[(items[i] >> shift & mask) + 1]++;
    for (guint i = 1; i <= DIGITS; i++)
        starts[i] += starts[i - 1];
    memcpy(at, starts, sizeof at);
    for (gsize i = 0; i < n; i++)
        spare[at[items[i] >> shift & mask]++] = items[i];
    for (guint i = 0; i < DIGITS; i++) {
        gsize start = starts[i], count = starts[i + 1] - start;
        if (count > FEW) {
            sort_part(spare + start, items + start, count, from, shift);
            continue;
        }
        memcpy(items + start, spare + start, count * sizeof *items);
        sort_inserting(items + start, count, bits_mask(from, shift));
    }
}

gsize sort_numbered(const guint32 *keys, guint n, guint64 *items)
{
    gsize starts[DIGITS + 1] = {0}, at[DIGITS + 1], most = 0;
    guint shift = 32 - DIGIT_BITS;
    for (guint i = 0; i < n; i++)
        if (keys[i])
            starts[(keys[i] >> shift) + 1]++;
    for (guint i = 1; i <= DIGITS; i++) {
        most = MAX(most, starts[i]);
        starts[i] += starts[i - 1];
    }
    memcpy(at, starts, sizeof at);
    for (guint i = 0; i < n; i++)
        if (keys[i])
            items[at[keys[i] >> shift]++] = (guint64)keys[i] << 32 | i;
    g_autofree guint64 *part = g_new(guint64, most + 1);
    for (guint i = 0; i < DIGITS; i++) {
        guint64 *from = items + starts[i];
        gsize count = starts[i + 1] - starts[i];
        if (count > FEW) {
            memcpy(part, from, count * sizeof *part);
            sort_part(part, from, count, 32, 32 + shift);
        } else
            sort_inserting(from, count, bits_mask(32, 32 + shift));
    }
    return starts[DIGITS];
}

int sort_order(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}
