/*
 * Code tables: every spelling finds its code in both languages, two codes cannot share one, and
 * the tables that the project ships are all clean.
 */
#include "engine/base/code.h"

#include <string.h>

#include <glib/gstdio.h>

#include "tests/unit/base/suite.h"

/* Tables of a made-up rules directory holding one file; NULL and an error when it is not clean. */
static CodeTables *load(const char *file, const char *text, GError **error)
{
    g_autofree char *dir = g_dir_make_tmp("crosstrace-code-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(dir, "tables", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    CodeTables *tables;

    ck_assert_int_eq(g_mkdir(folder, 0700), 0);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    tables = code_tables_load(dir, error);
    g_remove(path);
    g_rmdir(folder);
    g_rmdir(dir);
    return tables;
}

static void collect(const char *code, gpointer data)
{
    g_string_append_printf(data, "%s ", code);
}

START_TEST(test_find)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) tables = load("modes.csv",
                                        "code,en,fr,aliases,lat\n"
                                        "RAIL,Rail,Ferroviaire,train;chemin de fer,1.5\n"
                                        "AIR,Air,Aérien,airport; AÉROPORT,\n",
                                        &error);
    g_autoptr(GString) order = g_string_new(NULL);
    const CodeTable *modes;

    ck_assert_ptr_nonnull(tables);
    modes = code_table(tables, "modes");
    ck_assert_ptr_null(code_table(tables, "ports"));
    ck_assert_str_eq(code_find(modes, "rail"), "RAIL");
    ck_assert_str_eq(code_find(modes, "aerien"), "AIR");
    ck_assert_str_eq(code_find(modes, "Aéroport"), "AIR");
    ck_assert_str_eq(code_find(modes, "chemin-de-fer"), "RAIL");
    ck_assert_ptr_null(code_find(modes, "ROAD"));
    ck_assert_ptr_null(code_find(modes, "?"));
    ck_assert_ptr_null(code_find(modes, NULL));
    ck_assert_ptr_null(code_find(NULL, "RAIL"));
    ck_assert_str_eq(code_cell(modes, "RAIL", "lat"), "1.5");
    ck_assert_ptr_null(code_cell(modes, "RAIL", "lon"));
    ck_assert_ptr_null(code_cell(modes, "ROAD", "lat"));
    ck_assert_str_eq(code_label(modes, "AIR", LANG_FR), "Aérien");
    ck_assert_str_eq(code_label(modes, "AIR", LANG_EN), "Air");
    ck_assert_str_eq(code_label(modes, "ROAD", LANG_EN), "ROAD");
    code_visit(modes, collect, order);
    ck_assert_str_eq(order->str, "RAIL AIR ");
}
END_TEST

#define LONG_CODE "QQQQQQQQQQqqqqqqqqqqQQQQQQQQQQqqqqqqqqqq"

/* What is not there is mostly told without a lookup, by length and begin: what is there is found,
 * however long it is and whatever it begins with. */
START_TEST(test_every_length_and_begin)
{
    static const char BEGINS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    g_autoptr(GString) csv = g_string_new("code,en,fr,aliases\n");
    g_autoptr(GError) error = NULL;

    for (guint length = 1; length <= 40; length++)
        for (guint i = length % 2; i < sizeof BEGINS - 1; i += 2)
            g_string_append_printf(csv, "%c%.*s,,,\n", BEGINS[i], (int)length - 1, LONG_CODE);
    g_autoptr(CodeTables) tables = load("codes.csv", csv->str, &error);
    ck_assert_msg(tables != NULL, "%s", error ? error->message : "");
    const CodeTable *codes = code_table(tables, "codes");
    for (guint length = 1; length <= 40; length++)
        for (guint i = 0; BEGINS[i]; i++) {
            g_autofree char *text = g_strdup_printf(" -%c %.*s.", g_ascii_tolower(BEGINS[i]),
                                                    (int)length - 1, LONG_CODE);
            gboolean there = i % 2 == length % 2;

            ck_assert_msg((code_find(codes, text) != NULL) == there, "%s", text);
            ck_assert_msg(!there || code_may_find(codes, text), "%s", text);
        }
    ck_assert(!code_may_find(codes, "?"));
    ck_assert(code_may_find(codes, "É1"));
}
END_TEST

START_TEST(test_refused)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        {"code,en,fr,aliases\nA,x,,\nB,y,,X\n", "modes.csv:3: 'X' is already a name of 'A'"},
        {"code,en,fr,aliases\nA,\"x\ny\",,b\nB,,,\n", "modes.csv:4: 'B' is already a name of 'A'"},
        {"code,en,fr,aliases\nA,,,\nA,,,\n", "modes.csv:3: code 'A' is there twice"},
        {"code,en,fr,aliases\n,x,,\n", "modes.csv:2: code missing"},
        {"code,en,aliases\nA,x,\n", "modes.csv:1: columns code,en,fr,aliases needed"},
        {"code,en,fr,aliases\nA,x\n", "modes.csv:2: 2 cells"},
    };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        ck_assert_ptr_null(load("modes.csv", CASES[i].text, &error));
        error_is(&error, STATUS_CONFIG, CASES[i].words);
    }
    ck_assert_ptr_null(code_tables_load("no/such/rules", &error));
    error_is(&error, STATUS_CONFIG, "no/such/rules");
}
END_TEST

START_TEST(test_other_tables_are_passed_over)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) tables = load("lookalikes.csv", "left,right\n8,B\n", &error);

    ck_assert_ptr_nonnull(tables);
    ck_assert_ptr_null(code_table(tables, "lookalikes"));
}
END_TEST

/* Other rooms' tables: a line twice is refused where it stands, a line like another is not. */
START_TEST(test_lines_that_are_there_twice)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) tables =
        load("nicknames.csv", "name,group\nBOB,ROBERT\nBOB,ROBERTA\nROBERT,BOB\n", &error);

    ck_assert_ptr_nonnull(tables);
    ck_assert_ptr_null(load("lookalikes.csv", "a,b,cost\n8,B,0.2\n\n1,I,0.1\n8,B,0.2\n", &error));
    error_is(&error, STATUS_CONFIG, "lookalikes.csv:5: the same as line 2");
    ck_assert_ptr_null(load("placeholders.csv", "kind,text\nname,X\nname,\"X\"\n", &error));
    error_is(&error, STATUS_CONFIG, "placeholders.csv:3: the same as line 2");
}
END_TEST

START_TEST(test_shipped_tables)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CodeTables) tables = code_tables_load("rules", &error);

    ck_assert_msg(tables != NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(code_find(code_table(tables, "modes"), "aérien"), "AIR");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_find,
                                  test_every_length_and_begin,
                                  test_refused,
                                  test_other_tables_are_passed_over,
                                  test_lines_that_are_there_twice,
                                  test_shipped_tables,
                                  NULL};

    return suite_run_list("base/code", tests);
}
