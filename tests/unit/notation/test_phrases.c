/*
 * The lists of phrases of engine/notation; what is read with them is tests/unit/serial's.
 */
#include <check.h>

#include "engine/notation/notation.h"
#include "tests/unit/suite.h"

/* A phrase means one thing: of two groups that have it the order of the lists would choose. */
START_TEST(test_phrases)
{
    static const Lexicon *const all[] = {&LEXICON_STATES, &LEXICON_LABELS, &LEXICON_RELATIONS};
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize l = 0; l < G_N_ELEMENTS(all); l++)
        for (guint g = 0; g < all[l]->n; g++)
            for (guint i = 0; i < all[l]->group[g].n; i++) {
                const char *words = all[l]->group[g].words[i];
                ck_assert_msg(g_hash_table_add(seen, (gpointer)words), "'%s' twice", words);
            }
    ck_assert_uint_gt(g_hash_table_size(seen), 500);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phrases");
    TCase *tests = tcase_create("phrases");
    tcase_add_test(tests, test_phrases);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
