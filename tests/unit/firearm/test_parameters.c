/*
 * Parameter sets: what is written reads back to the same links; a set does not depend on the order
 * of the input; what changed, linked by itself, is what a full run says of it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/firearm/parameters.h"
#include "tests/unit/firearm/world.h"

static FirearmModel *model;

static void setup(void)
{
    model = firearm_model_load("rules", NULL);
    ck_assert_ptr_nonnull(model);
}

static void teardown(void)
{
    firearm_model_free(model);
}

static const Firearm *all(const World *world)
{
    return (const Firearm *)(gconstpointer)world->firearms->data;
}

static char *link_text(const Firearm *firearms, const FirearmLink *link)
{
    g_autofree char *why = evidence_line(link->evidence, LANG_EN);
    return g_strdup_printf("%s %s %s %.17g %.17g %.17g %s", firearms[link->left].ref,
                           firearms[link->right].ref, tier_name(link->tier), link->bits,
                           link->probability, link->chance_matches, why);
}

static void assert_same_links(const Firearm *f, const GArray *a, const GArray *b)
{
    ck_assert_uint_eq(a->len, b->len);
    for (guint i = 0; i < a->len; i++) {
        g_autofree char *x = link_text(f, &g_array_index(a, FirearmLink, i));
        g_autofree char *y = link_text(f, &g_array_index(b, FirearmLink, i));
        ck_assert_str_eq(x, y);
    }
}

START_TEST(text_reads_back_to_the_same_links)
{
    World world;
    world_init(&world, 3000, 400, 7);
    FirearmInput input = {.model = model, .firearms = all(&world), .n = world.firearms->len};
    g_autoptr(FirearmParameters) own = firearm_parameters_estimate(model, input.firearms, input.n);
    g_autofree char *text = firearm_parameters_write(own);
    g_autoptr(GError) error = NULL;
    g_autoptr(FirearmParameters) read = firearm_parameters_read(model, text, &error);
    ck_assert_ptr_nonnull(read);
    g_autofree char *again = firearm_parameters_write(read);
    ck_assert_str_eq(text, again);
    GArray *estimated = firearm_link(&input);
    input.parameters = read;
    GArray *given = firearm_link(&input);
    ck_assert_uint_gt(given->len, 100);
    assert_same_links(input.firearms, estimated, given);
    firearm_links_free(estimated);
    firearm_links_free(given);
    world_clear(&world);
}
END_TEST

START_TEST(broken_text_is_an_error)
{
    g_autoptr(FirearmParameters) none = firearm_parameters_estimate(model, NULL, 0);
    g_autofree char *text = firearm_parameters_write(none);
    static const char *const broken[] = {"",
                                         "crosstrace firearm parameters 2\n",
                                         "crosstrace firearm parameters 1\nnothing\n",
                                         "crosstrace firearm parameters 1\nmake.equal 7\n",
                                         "crosstrace firearm parameters 1\ntraces -1\n",
                                         "crosstrace firearm parameters 1\ncount 0 1\n",
                                         "crosstrace firearm parameters 1\ntail 1 2\n"};
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(firearm_parameters_read(model, broken[i], &error));
        ck_assert_ptr_nonnull(error);
    }
    g_autoptr(FirearmParameters) read = firearm_parameters_read(model, text, NULL);
    ck_assert_ptr_nonnull(read);
}
END_TEST

START_TEST(order_of_the_input_does_not_matter)
{
    World world;
    world_init(&world, 800, 100, 3);
    guint n = world.firearms->len;
    g_autofree Firearm *turned = g_new(Firearm, n);
    for (guint i = 0; i < n; i++) {
        turned[i] = all(&world)[(i * 7 + 3) % n];
    }
    ck_assert_uint_ne(n % 7, 0);
    g_autoptr(FirearmParameters) a = firearm_parameters_estimate(model, all(&world), n);
    g_autoptr(FirearmParameters) b = firearm_parameters_estimate(model, turned, n);
    g_autofree char *x = firearm_parameters_write(a), *y = firearm_parameters_write(b);
    ck_assert_str_eq(x, y);
    world_clear(&world);
}
END_TEST

/* make, as written, key (NULL: none), generation */
static const char *const MODELS[][4] = {
    {"GLOCK", "19", "19", ""},
    {"GLOCK", "G19", "19", ""},
    {"GLOCK", "Glock 19", "19", ""},
    {"GLOCK", "19 Gen 5", "19", "5"},
    {"GLOCK", "G19-GEN4", "19", "4"},
    {"GLOCK", "GLOCK P80", "GLOCKP80", ""},
    {"GLOCK", "GEN5", "GEN5", ""},
    {"HECKLER & KOCH", "G36", "G36", ""}, /* a name of its own, no 36 */
    {NULL, "G19", "G19", ""},
    {"UNKNOWN", "U22", "U22", ""},
    {"GLOCK", "UNKNOWN", NULL, ""},
    {"GLOCK", " - ", NULL, ""},
    {"GLOCK", "", NULL, ""},
    {"GLOCK", NULL, NULL, ""},
};

START_TEST(spellings_of_a_model_share_a_key)
{
    for (guint i = 0; i < G_N_ELEMENTS(MODELS); i++) {
        const char *const *row = MODELS[i];
        char key[MODEL_KEY];
        gboolean recorded = model_key(row[0], row[1], key);
        char generation[2] = {model_generation(row[1])};
        ck_assert_msg(recorded == (row[2] != NULL), "'%s'", row[1]);
        ck_assert_msg(!recorded || strcmp(key, row[2]) == 0, "'%s': '%s'", row[1], key);
        ck_assert_str_eq(generation, row[3]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parameters");
    TCase *tests = tcase_create("parameters");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, text_reads_back_to_the_same_links);
    tcase_add_test(tests, broken_text_is_an_error);
    tcase_add_test(tests, order_of_the_input_does_not_matter);
    tcase_add_test(tests, spellings_of_a_model_share_a_key);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
