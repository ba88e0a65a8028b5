/*
 * Numbers by text, where many have one: the order is that of the texts' bytes, then of the numbers,
 * whatever is left out between them.
 */
#include "engine/store/grouped.h"

#include <check.h>
#include <string.h>

#include "tests/unit/store/pairs.h"
#include "tests/unit/suite.h"

static gboolean take(const char *text, gint64 number, gpointer pairs, GError **error)
{
    Pair pair = {text, number};
    (void)error;
    g_array_append_val((GArray *)pairs, pair);
    return TRUE;
}

static void ck_equal(const GArray *a, const GArray *b)
{
    ck_assert_uint_eq(a->len, b->len);
    for (guint i = 0; i < a->len; i++) {
        ck_assert_str_eq(g_array_index(a, Pair, i).text, g_array_index(b, Pair, i).text);
        ck_assert_int_eq(g_array_index(a, Pair, i).number, g_array_index(b, Pair, i).number);
    }
}

/* So many numbers, of so many texts; numbers begin anywhere and are left out at random. */
static const struct {
    guint numbers, texts;
    gint64 begin;
    double left_out;
} CASES[] = {{0, 1, 1, 0},       {1, 1, 1, 0},           {1000, 1, 7, 0},     {1000, 1000, 1, 0},
             {5000, 40, 1, 0.3}, {5000, 3, 1000000, .9}, {300, 100000, 2, .1}};

START_TEST(test_order)
{
    static const char *const ENDS[] = {"", "A", "\x01", "\xC3\xA9", "\xFF"};
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i + 1);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(Pair));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Pair));
    Grouped *grouped = grouped_new(1u << 24);
    for (guint i = 0; i < CASES[_i].numbers; i++) {
        if (g_rand_double(rand) < CASES[_i].left_out)
            continue;
        guint which = (guint)g_rand_int_range(rand, 0, (gint)CASES[_i].texts);
        char *text = g_strdup_printf("%u%s", which / 5, ENDS[which % 5]);
        g_ptr_array_add(texts, text);
        take(text, CASES[_i].begin + i, wanted, NULL);
        ck_assert(grouped_add(grouped, text, CASES[_i].begin + i));
    }
    g_array_sort(wanted, pair_compare);
    ck_assert(grouped_each(grouped, take, found, NULL));
    ck_equal(found, wanted);
    grouped_free(grouped);
}
END_TEST

static gboolean refuse(const char *text, gint64 number, gpointer n, GError **error)
{
    (void)text, (void)number, (void)error;
    return ++*(guint *)n < 3;
}

START_TEST(test_ends_when_told)
{
    Grouped *grouped = grouped_new(1u << 20);
    guint n = 0;
    for (gint64 i = 1; i <= 10; i++)
        ck_assert(grouped_add(grouped, i % 2 ? "a" : "b", i));
    ck_assert(!grouped_each(grouped, refuse, &n, NULL));
    ck_assert_uint_eq(n, 3);
    grouped_free(grouped);
}
END_TEST

/* Too many numbers, too far apart, or too many texts. */
START_TEST(test_bounds)
{
    static const struct {
        gint64 step;
        gboolean own;
    } WAYS[] = {{1, FALSE}, {1000000000000, FALSE}, {1, TRUE}};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Pair));
    Grouped *grouped = grouped_new(1000);
    gboolean all = TRUE;
    for (gint64 i = 0; i < (WAYS[_i].own ? 100 : 1000) && all; i++) {
        g_autofree char *text = g_strdup_printf("text %d", WAYS[_i].own ? (int)i : 0);
        all = grouped_add(grouped, text, 1 + i * WAYS[_i].step);
        ck_assert(grouped_has_all(grouped) == all);
    }
    ck_assert(!all);
    ck_assert(!grouped_add(grouped, "text", G_MAXINT64));
    ck_assert(grouped_each(grouped, take, found, NULL));
    ck_assert_uint_eq(found->len, 0);
    grouped_free(grouped);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/grouped");
    TCase *tests = tcase_create("grouped");
    tcase_add_loop_test(tests, test_order, 0, G_N_ELEMENTS(CASES));
    tcase_add_test(tests, test_ends_when_told);
    tcase_add_loop_test(tests, test_bounds, 0, 3);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
