/*
 * Mentions in the order of their references, whatever these have in common at the start and however
 * long they are, beside a plain sort.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/resolution/order.h"
#include "tests/unit/suite.h"

#define MENTIONS 300u

static int by_ref(gconstpointer a, gconstpointer b, gpointer data)
{
    const PersonMention *mentions = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    int order = strcmp(mentions[x].ref, mentions[y].ref);
    return order ? order : (x > y) - (x < y);
}

/* References of one beginning or of two, of few letters, so that some are equal, and some begin as
 * others end. */
static char *drawn_ref(GRand *random, int shape)
{
    static const char *const starts[] = {"atf-trace:T", "cbsa-seizure:", "atf-trace:", ""};
    GString *ref = g_string_new(starts[shape == 0 ? 0 : g_rand_int_range(random, 0, shape + 1)]);
    for (guint n = (guint)g_rand_int_range(random, shape == 3, 12); n; n--)
        g_string_append_c(ref, (char)('a' + g_rand_int_range(random, 0, 3)));
    return g_string_free(ref, FALSE);
}

START_TEST(as_a_plain_sort)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    PersonMention mentions[MENTIONS] = {{0}};
    guint expected[MENTIONS];
    guint n = _i < 8 ? MENTIONS : 2 + (guint)_i % 3;
    PersonInput input = {.mentions = mentions, .n = n};
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(refs, drawn_ref(random, _i % 4));
        mentions[i].ref = refs->pdata[i];
        expected[i] = i;
    }
    g_qsort_with_data(expected, (gint)n, sizeof *expected, by_ref, mentions);
    for (guint turn = 0; turn < 2; turn++) { /* then in order already */
        g_autofree guint *order = order_by_ref(&input);
        for (guint i = 0; i < n; i++)
            ck_assert_str_eq(mentions[order[i]].ref, mentions[turn ? i : expected[i]].ref);
        for (guint i = 0; !turn && i < n; i++)
            ck_assert_uint_eq(order[i], expected[i]);
        PersonMention sorted[MENTIONS];
        for (guint i = 0; i < n; i++)
            sorted[i] = mentions[order[i]];
        memcpy(mentions, sorted, sizeof mentions);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/order");
    TCase *tests = tcase_create("order");
    tcase_add_loop_test(tests, as_a_plain_sort, 0, 48);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
