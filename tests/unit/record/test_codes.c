/*
 * The codes that the program acts on are codes of the tables, and mean what the tables say of them
 * (the views: tests/unit/store/test_views.c).
 */
#include <check.h>
#include <string.h>

#include "engine/base/code.h"
#include "engine/record/codes.h"
#include "tests/unit/suite.h"

static CodeTables *codes;

static void up(void)
{
    codes = code_tables_load("rules", NULL);
    ck_assert_ptr_nonnull(codes);
}

static void down(void)
{
    code_tables_free(codes);
}

static void ck_type(const char *code, gpointer handguns)
{
    const char *cell = code_cell(code_table(codes, "firearm_types"), code, "handgun");
    ck_assert_msg(type_is_handgun(code) == (g_strcmp0(cell, "1") == 0), "%s", code);
    *(guint *)handguns += type_is_handgun(code) ? 1 : 0;
}

START_TEST(test_types)
{
    guint handguns = 0;
    code_visit(code_table(codes, "firearm_types"), ck_type, &handguns);
    ck_assert_uint_eq(handguns, 3);
    ck_assert(!type_is_handgun(NULL));
}
END_TEST

static void add_theft(const char *code, gpointer text)
{
    if (disposition_is_theft(code))
        g_string_append(text, code);
}

static void add_whole(const char *code, gpointer text)
{
    if (!commodity_is_part(code))
        g_string_append_printf(text, "%s ", code);
}

static void add_report(const char *code, gpointer text)
{
    if (event_is_report(code))
        g_string_append_printf(text, "%s ", code);
}

static const struct {
    const char *table;
    void (*add)(const char *code, gpointer text);
    const char *told;
} TOLD[] = {
    {"dispositions", add_theft, "STL"},
    {"commodities", add_whole, "FIREARM FRAME_RECEIVER SILENCER "},
    {"events", add_report, "STOLEN LOST "},
};

START_TEST(test_told)
{
    GString *text = g_string_new(NULL);
    code_visit(code_table(codes, TOLD[_i].table), TOLD[_i].add, text);
    ck_assert_str_eq(text->str, TOLD[_i].told);
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(test_absent)
{
    ck_assert(!event_is_seizure(NULL) && !event_is_find(NULL) && !event_is_report(NULL));
    ck_assert(!disposition_is_theft(NULL) && !commodity_is_part(NULL));
    ck_assert(event_is_find("SEIZED") && event_is_find("RECOVERED") && !event_is_find("STOLEN"));
    ck_assert(event_is_seizure("SEIZED") && !event_is_seizure("RECOVERED"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record/codes");
    TCase *tests = tcase_create("codes");
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, test_types);
    tcase_add_loop_test(tests, test_told, 0, G_N_ELEMENTS(TOLD));
    tcase_add_test(tests, test_absent);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
