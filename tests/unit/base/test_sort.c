/*
 * Numbers by some of their bits, beside a sort that compares them one by one: few and many, spread
 * evenly and nearly all alike.
 */
#include "engine/base/sort.h"

#include "engine/base/dict.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <string.h>

typedef struct {
    guint from, to;
} Bits;

static gint by_bits(gconstpointer a, gconstpointer b, gpointer data)
{
    const Bits *bits = data;
    guint64 mask = bits->to - bits->from < 64 ? ((guint64)1 << (bits->to - bits->from)) - 1 : ~0ull;
    guint64 x = *(const guint64 *)a >> bits->from & mask;
    guint64 y = *(const guint64 *)b >> bits->from & mask;
    return (x > y) - (x < y);
}

/* The i-th number; kinds: spread, of few values, nearly all in one part of the highest bits,
 * rising. */
static guint64 number(guint kind, gsize i)
{
    guint64 mixed = mix64(i, kind);
    return kind == 0   ? mixed
           : kind == 1 ? (mixed % 7) << 40 | i
           : kind == 2 ? (i % 1000 ? mixed >> 30 : mixed)
                       : (guint64)i << 32 | (mixed & 0xffff);
}

START_TEST(sorts_stably)
{
    static const Bits ranges[] = {{0, 64}, {32, 64}, {0, 20}, {32, 57}, {5, 38}};
    static const gsize sizes[] = {0, 1, 2, 48, 49, 3000, 131071, 131072, 400000};
    guint kind = (guint)_i;
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (guint r = 0; r < G_N_ELEMENTS(ranges); r++) {
            gsize n = sizes[s];
            Bits bits = ranges[r];
            g_autofree guint64 *items = g_new(guint64, n + 1), *spare = g_new(guint64, n + 1);
            for (gsize i = 0; i < n; i++)
                items[i] = number(kind, i);
            g_autofree guint64 *wanted = g_memdup2(items, (n + 1) * sizeof *items);
            g_qsort_with_data(wanted, (gint)n, sizeof *wanted, by_bits, &bits);
            sort_radix(items, spare, n, bits.from, bits.to);
            ck_assert(memcmp(items, wanted, n * sizeof *items) == 0);
        }
}
END_TEST

/* Keys, some of which are 0 and have no number. */
START_TEST(sorts_numbered)
{
    static const guint sizes[] = {0, 1, 2, 48, 49, 3000, 131072, 400000};
    static const Bits bits = {32, 64};
    guint kind = (guint)_i;
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
        guint n = sizes[s], kept = 0;
        g_autofree guint32 *keys = g_new(guint32, n + 1);
        g_autofree guint64 *items = g_new(guint64, n + 1), *wanted = g_new(guint64, n + 1);
        for (guint i = 0; i < n; i++) {
            keys[i] = (guint32)(number(kind, i) >> (kind == 1 ? 12 : 32));
            if (keys[i])
                wanted[kept++] = (guint64)keys[i] << 32 | i;
        }
        g_qsort_with_data(wanted, (gint)kept, sizeof *wanted, by_bits, (gpointer)&bits);
        ck_assert_uint_eq(sort_numbered(keys, n, items), kept);
        ck_assert(memcmp(items, wanted, kept * sizeof *items) == 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/sort");
    TCase *tcase = tcase_create("radix");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, sorts_stably, 0, 4);
    tcase_add_loop_test(tcase, sorts_numbered, 0, 4);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
