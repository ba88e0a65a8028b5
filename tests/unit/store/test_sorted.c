/*
 * Keys of an index, sorted in memory: the order is that of their bytes, and those of one text come
 * as they were given, whatever the texts have in common.
 */
#include "engine/store/sorted.h"

#include <check.h>
#include <string.h>

#include "tests/unit/store/pairs.h"
#include "tests/unit/suite.h"

/* What comes next, and how many came. */
typedef struct {
    const Pair *next;
    guint n;
} Walk;

static gboolean check_next(const char *text, gint64 number, gpointer data, GError **error)
{
    Walk *walk = data;
    (void)error;
    ck_assert_str_eq(text, walk->next->text);
    ck_assert_int_eq(number, walk->next->number);
    walk->next++;
    walk->n++;
    return TRUE;
}

/* A text of up to `most` letters of an alphabet, behind what all have. */
static char *make_text(GRand *rand, const char *common, const char *letters, int most)
{
    GString *text = g_string_new(common);
    for (int n = g_rand_int_range(rand, 0, most + 1); n > 0; n--)
        g_string_append_c(text, letters[g_rand_int_range(rand, 0, (gint)strlen(letters))]);
    return g_string_free(text, FALSE);
}

static const struct {
    const char *common, *letters;
    int most;
    guint n;
} CASES[] = {{"", "AB", 3, 500},
             {"atf-trace:T20", "0123456789", 9, 3000},
             {"", "A\xC3\xA9\x01\xFF", 20, 2000},
             {"same", "A", 40, 2000},
             {"12345678", "1", 0, 300},
             {"", "0123456789", 8, 20},
             {"x", "ABC", 12, 1}};

START_TEST(test_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    Sorted *sorted = sorted_new(1u << 24);
    for (guint i = 0; i < CASES[_i].n; i++) {
        Pair pair = {make_text(rand, CASES[_i].common, CASES[_i].letters, CASES[_i].most), i + 1};
        g_ptr_array_add(texts, (gpointer)pair.text);
        g_array_append_val(pairs, pair);
        ck_assert(sorted_add(sorted, pair.text, pair.number));
    }
    qsort(pairs->data, pairs->len, sizeof(Pair), pair_compare);
    sorted_sort(sorted);
    Walk walk = {(const Pair *)(const void *)pairs->data, 0};
    ck_assert(sorted_each(sorted, check_next, &walk, NULL));
    ck_assert_uint_eq(walk.n, pairs->len);
    sorted_free(sorted);
}
END_TEST

/* Nothing, and too much. */
START_TEST(test_bounds)
{
    Sorted *sorted = sorted_new(200);
    sorted_sort(sorted);
    ck_assert(sorted_has_all(sorted));
    gboolean all = TRUE;
    for (gint64 i = 1; i <= 20; i++)
        all = sorted_add(sorted, "a text", i) && all;
    ck_assert(!all);
    ck_assert(!sorted_has_all(sorted));
    sorted_free(sorted);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/sorted");
    TCase *tests = tcase_create("sorted");
    tcase_add_loop_test(tests, test_order, 0, G_N_ELEMENTS(CASES));
    tcase_add_test(tests, test_bounds);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
