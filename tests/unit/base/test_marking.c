/* Markings joined: the most restrictive word of each family, and what is of no family. */
#include "engine/base/marking.h"

#include "tests/unit/base/suite.h"

static const struct {
    const char *words[6], *joined;
} cases[] = {
    {{NULL}, ""},
    {{"PROTECTED B", NULL}, "PROTECTED B"},
    {{"PROTECTED B", "LES", NULL}, "LES; PROTECTED B"},
    {{"PROTECTED A", "PROTECTED C", "PROTECTED B", NULL}, "PROTECTED C"},
    {{"prot a", "Protégé B", NULL}, "PROTECTED B"},
    {{"CUI", "FOUO", NULL}, "CUI"},
    {{"TLP:AMBER+STRICT", "TLP:RED", "TLP:AMBER", NULL}, "TLP:RED"},
    {{"UNCLASSIFIED", NULL}, "UNCLASSIFIED"},
    {{"UNCLASSIFIED", "LES", NULL}, "LES"},
    {{"UNCLASSIFIED", "TLP:CLEAR", NULL}, "TLP:CLEAR"},
    {{"LES; PROTECTED B", "PROTECTED C;TLP:GREEN", NULL}, "LES; PROTECTED C; TLP:GREEN"},
    {{"OUR OWN", "PROTECTED A", "OUR OWN", NULL}, "OUR OWN; PROTECTED A"},
    {{" ; ;", NULL}, ""},
};

START_TEST(test_joined)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) tables = code_tables_load("rules", &error);
    ck_assert_msg(tables != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) words = g_ptr_array_new();
        for (guint k = 0; cases[i].words[k]; k++)
            g_ptr_array_add(words, (gpointer)cases[i].words[k]);
        g_autofree char *joined = marking_join(tables, words);
        ck_assert_str_eq(joined, cases[i].joined);
        for (guint k = 0; k < words->len / 2; k++) { /* whatever their order */
            gpointer word = words->pdata[k];
            words->pdata[k] = words->pdata[words->len - 1 - k];
            words->pdata[words->len - 1 - k] = word;
        }
        g_autofree char *turned = marking_join(tables, words);
        ck_assert_str_eq(turned, cases[i].joined);
    }
}
END_TEST

START_TEST(test_without_tables)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, (gpointer) "PROTECTED B");
    g_ptr_array_add(words, (gpointer) "PROTECTED A");
    g_autofree char *joined = marking_join(NULL, words);
    ck_assert_str_eq(joined, "PROTECTED A; PROTECTED B");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_joined, test_without_tables, NULL};

    return suite_run_list("base/marking", tests);
}
