/* Tests of the exports: columns as the manual has them, rows, order; rejects as input. */
#include "engine/query/query.h"
#include "tests/unit/query/answer.h"
#include "tests/unit/suite.h"

static const struct {
    const char *name, *header;
} manual[] = {
    {"links", "kind,left,right,tier,bits,probability,chance_matches,explanation,handling\n"},
    {"persons", "entity,mention,probability,last,first,dob,handling\n"},
    {"markers", "record,category,probability,rules,excerpt,handling\n"},
    {"indicators", "indicator,subject,records,bits,explanation,handling\n"},
    {"rejects", "file,line,field,code,message,raw\n"},
    {"warnings", "file,line,field,code,message,record\n"},
};

/* Quotes that a cell may have or not have are left out of the comparison. */
static char *unquoted(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++)
        if (*text != '"')
            g_string_append_c(out, *text);
    return g_string_free(out, FALSE);
}

static char *export_of(Store *store, const char *name)
{
    for (const ExportRow *row = query_exports(); row->name; row++)
        if (strcmp(row->name, name) == 0)
            return answer(store, row->run, ROWS_CSV);
    ck_abort_msg("no export %s", name);
}

START_TEST(test_headers)
{
    World world = world_new();
    guint n = 0;
    for (const ExportRow *row = query_exports(); row->name; row++, n++) {
        g_autofree char *text = answer(world.store, row->run, ROWS_CSV);
        ck_assert_str_eq(row->name, manual[n].name);
        ck_assert_str_eq(text, manual[n].header);
    }
    ck_assert_uint_eq(n, G_N_ELEMENTS(manual));
    world_free(&world);
}
END_TEST

START_TEST(test_rows)
{
    World world = ring_world(0);
    put_remarks(&world);
    g_autofree char *text = export_of(world.store, expected[_i].name);
    g_autofree char *got = unquoted(strchr(text, '\n') + 1);
    g_autofree char *want = unquoted(expected[_i].rows);
    ck_assert_str_eq(got, want);
    world_free(&world);
}
END_TEST

START_TEST(test_rejects_as_input)
{
    World world = ring_world(0);
    put_remarks(&world);
    g_autoptr(GString) out = g_string_new(NULL);
    MUST(query_rejects_as_input(world.store, "traces.csv", out, &problem));
    ck_assert_str_eq(out->str, "trace_number,serial_number,crosstrace_code,crosstrace_message\n"
                               ",x,key,no key / none\n"
                               "T7,\"a,b\",c,columns,\"3 cells, 2 expected\"\n");
    g_string_truncate(out, 0);
    MUST(query_rejects_as_input(world.store, "aa", out, &problem)); /* by SHA-256 */
    ck_assert_uint_gt(out->len, 0);
    g_autoptr(GError) error = NULL;
    ck_assert(!query_rejects_as_input(world.store, "other.csv", out, &error));
    ck_assert_int_eq(error_status(error), STATUS_NO_INPUT);
    world_free(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("export");
    TCase *tests = tcase_create("export");
    tcase_add_test(tests, test_headers);
    tcase_add_loop_test(tests, test_rows, 0, G_N_ELEMENTS(expected));
    tcase_add_test(tests, test_rejects_as_input);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
