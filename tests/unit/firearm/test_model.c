/*
 * What it costs that one character was written for another: nothing for itself alone, least where
 * the two look alike, and all that may be written for one, damaged or not, no more than certain.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/firearm/model.h"
#include "tests/unit/folder.h"
#include "tests/unit/suite.h"

START_TEST(another_character_costs)
{
    g_autoptr(FirearmModel) model = firearm_model_load("rules", NULL);
    ck_assert_ptr_nonnull(model);
    for (guint meant = 0; meant < 36; meant++) {
        double all = 0;
        for (guint written = 0; written < 36; written++) {
            double bits = model->confusion[meant][written], p = model->misread[meant][written];
            ck_assert_double_eq_tol(p, exp2(-bits), 1e-12);
            ck_assert_msg(meant == written ? bits == 0 : bits > 1, "%u for %u: %f bits", written,
                          meant, bits);
            all += meant == written ? 0 : p;
        }
        ck_assert_msg(all < 1, "%u: %f", meant, all);
    }
    ck_assert_double_lt(model->confusion['Z' - 'A' + 10][2], model->confusion['Z' - 'A' + 10][4]);
    ck_assert_double_lt(model->confusion[2]['Z' - 'A' + 10], model->confusion[2]['W' - 'A' + 10]);
}
END_TEST

#define CODE(c) (guint)(g_ascii_isdigit(c) ? (c) - '0' : (c) - 'A' + 10)

/* The rules of the tree, but for these lines of what looks alike. */
static FirearmModel *model_of(const char *lines, GError **error)
{
    char *folder = folder_new();
    g_autofree char *tables = g_build_filename(folder, "tables", NULL);
    static const char *const files[] = {"firearm.ini", "tables/makes.csv"};
    ck_assert_int_eq(g_mkdir(tables, 0700), 0);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *from = g_build_filename("rules", files[i], NULL);
        g_autofree char *to = g_build_filename(folder, files[i], NULL);
        g_autofree char *text = NULL;
        ck_assert(g_file_get_contents(from, &text, NULL, NULL));
        ck_assert(g_file_set_contents(to, text, -1, NULL));
    }
    g_autofree char *path = g_build_filename(tables, "lookalikes.csv", NULL);
    g_autofree char *text = g_strconcat("a,b,cost\n", lines, "\n", NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    FirearmModel *model = firearm_model_load(folder, error);
    folder_remove(folder);
    return model;
}

/* A line is two characters, in any case, and a cost; what is none is refused by its number. */
START_TEST(what_looks_alike_is_two_characters)
{
    static const char *const bad[] = {
        "A,B",     "A,B,2",    "A,B,-0.1",  "AB,C,0.5", "A,BC,0.5", ",B,0.5",
        "A,,0.5",  "A,B,x",    "A,B,0.5x",  "A,B,",     "A,B,nan",  "-,B,0.5",
        "A,+,0.5", "A,B,1.01", "A,B,0.5,1", "A,B,-nan", "A,B,inf",  "\xc3\x89,E,0.5"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *lines = g_strconcat("S,5,0.2\n", bad[i], NULL);
        FirearmModel *model = model_of(lines, &error);
        ck_assert_msg(model == NULL, "%s", bad[i]);
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, "lookalikes.csv:3: ") != NULL, "%s", error->message);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(FirearmModel) model =
        model_of("s,5,0.2\nO,Q,0.1\ni,L,1\nO,0,0\nB,8,0\nR,B,0.9", &error);
    ck_assert_msg(model != NULL, "%s", error ? error->message : "");
    static const char pairs[][2] = {{'S', '5'}, {'0', 'Q'}, {'1', 'L'}, {'B', '8'}, {'B', 'R'}};
    for (guint a = 0; a < 36; a++) {
        CharSet all = 0;
        for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
            guint x = CODE(pairs[i][0]), y = CODE(pairs[i][1]);
            all |= x == a ? (CharSet)1 << y : y == a ? (CharSet)1 << x : 0;
        }
        ck_assert_msg(model->look_alike[a] == all, "%u", a);
    }
    ck_assert_double_lt(model->confusion[CODE('B')][8], model->confusion[CODE('B')][CODE('R')]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("firearm/model");
    TCase *tests = tcase_create("model");
    tcase_add_test(tests, another_character_costs);
    tcase_add_test(tests, what_looks_alike_is_two_characters);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
