/*
 * The model reads makes.csv as it grows: as many owned makes as there are, of any length; a table
 * without owners has none. Parameters go on knowing them when the model is gone.
 */
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "engine/firearm/model.h"
#include "engine/population/estimated.h"
#include "tests/unit/suite.h"

static char *rules;

static void copy_rule(const char *name)
{
    g_autofree char *from = g_build_filename("rules", name, NULL);
    g_autofree char *to = g_build_filename(rules, name, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;
    ck_assert(g_file_get_contents(from, &text, &length, NULL));
    ck_assert(g_file_set_contents(to, text, (gssize)length, NULL));
}

static void set_up(void)
{
    rules = g_dir_make_tmp("crosstrace-model-XXXXXX", NULL);
    g_autofree char *tables = g_build_filename(rules, "tables", NULL);
    g_mkdir(tables, 0700);
    copy_rule("firearm.ini");
    copy_rule("tables/lookalikes.csv");
}

static void tear_down(void)
{
    static const char *const FILES[] = {"firearm.ini", "tables/lookalikes.csv", "tables/makes.csv",
                                        "tables", ""};
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *path = g_build_filename(rules, FILES[i], NULL);
        g_remove(path);
    }
    g_free(rules);
}

static FirearmModel *model_of(const char *makes)
{
    g_autofree char *path = g_build_filename(rules, "tables", "makes.csv", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert(g_file_set_contents(path, makes, -1, NULL));
    FirearmModel *model = firearm_model_load(rules, &error);
    ck_assert_msg(model != NULL, "%s", error ? error->message : "");
    return model;
}

START_TEST(every_owner_is_known)
{
    g_autoptr(GString) makes = g_string_new("code,en,fr,aliases,owner\nALONE,ALONE,ALONE,,\n");
    for (guint i = 0; i < 500; i++)
        g_string_append_printf(makes, "\"WORKS, THE %u OF A VERY LONG NAME\",W,W,,OWNER %u\n", i,
                               i % 7);
    FirearmModel *model = model_of(makes->str);
    FirearmParameters *parameters = firearm_set_new(model);
    firearm_model_free(model);
    for (guint i = 0; i < 500; i++) {
        g_autofree char *make = g_strdup_printf("WORKS, THE %u OF A VERY LONG NAME", i);
        g_autofree char *owner = g_strdup_printf("OWNER %u", i % 7);
        ck_assert_pstr_eq(model_owner(&parameters->rates, make), owner);
    }
    ck_assert_ptr_null(model_owner(&parameters->rates, "ALONE"));
    ck_assert_ptr_null(model_owner(&parameters->rates, NULL));
    firearm_parameters_free(parameters);
}
END_TEST

START_TEST(a_table_without_owners_has_none)
{
    g_autoptr(FirearmModel) model = model_of("code,en,fr,aliases\nGLOCK,GLOCK,GLOCK,GLK\n");
    ck_assert_ptr_null(model_owner(model, "GLOCK"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("model");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_owner_is_known);
    tcase_add_test(tests, a_table_without_owners_has_none);
    suite_add_tcase(suite, tests);
    return suite_run_here(suite);
}
