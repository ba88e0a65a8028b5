/* Tests of tree.c: rows by their levels become a tree, drawn with boxes or with plain characters.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/render/render.h"
#include "tests/unit/suite.h"

static char *folder, *path;

static void setup(void)
{
    folder = g_dir_make_tmp("crosstrace-tree-XXXXXX", NULL);
    path = g_build_filename(folder, "tree", NULL);
}

static void teardown(void)
{
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

typedef struct {
    const char *cells[3];
} Row;

static char *drawn(const Row *rows, guint n, gboolean boxes)
{
    static const Column columns[] = {{.name = "level"}, {.name = "what"}, {.name = "more"}};
    GError *error = NULL;
    char *text = NULL;
    Output *output = output_open(path, TRUE, &error);
    ck_assert_ptr_nonnull(output);
    TreeSink *tree = tree_sink_new(output, boxes);
    ck_assert(tree->begin(tree, columns, 3, &error));
    for (guint i = 0; i < n; i++)
        ck_assert(tree->row(tree, rows[i].cells, &error));
    ck_assert(tree->end(tree, &error) && output_close(output, &error));
    tree_sink_free(tree);
    output_free(output);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static const Row FAMILY[] = {{{"0", "firearm", "S1"}},  {{"1", "bought", NULL}},
                             {{"2", "dealer", ""}},     {{"2", NULL, "purchaser"}},
                             {{"1", "seized", "here"}}, {{"2", "\033[31mred", "x"}},
                             {{"0", "another", NULL}}};

START_TEST(test_boxes)
{
    g_autofree char *text = drawn(FAMILY, G_N_ELEMENTS(FAMILY), TRUE);
    ck_assert_str_eq(text, "firearm  S1\n"
                           "├─ bought\n"
                           "│  ├─ dealer\n"
                           "│  └─ purchaser\n"
                           "└─ seized  here\n"
                           "   └─ \\x1B[31mred  x\n"
                           "another\n");
}
END_TEST

START_TEST(test_plain)
{
    g_autofree char *text = drawn(FAMILY, G_N_ELEMENTS(FAMILY), FALSE);
    ck_assert_str_eq(text, "firearm  S1\n"
                           "|- bought\n"
                           "|  |- dealer\n"
                           "|  `- purchaser\n"
                           "`- seized  here\n"
                           "   `- \\x1B[31mred  x\n"
                           "another\n");
}
END_TEST

START_TEST(test_nothing)
{
    g_autofree char *text = drawn(FAMILY, 0, TRUE);
    ck_assert_str_eq(text, "");
    tree_sink_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render/tree");
    TCase *tests = tcase_create("tree");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_boxes);
    tcase_add_test(tests, test_plain);
    tcase_add_test(tests, test_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
