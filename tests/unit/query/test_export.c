/* Tests of the exports: columns as the manual has them, rows, order; rejects as input; counts. */
#include "engine/query/query.h"
#include "engine/report/report.h"
#include "tests/unit/lead/world.h"
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

typedef gboolean (*Question)(Store *store, RowSink *sink, GError **error);

static char *answer(Store *store, Question run, RowsFormat format)
{
    g_autofree char *path = NULL;
    g_close(g_file_open_tmp("crosstrace-export-XXXXXX", &path, NULL), NULL);
    g_autoptr(Output) output = NULL;
    MUST((output = output_open(path, TRUE, &problem)) != NULL);
    ReportOptions options = {.lang = LANG_EN, .raw = FALSE};
    guint64 count = 0;
    g_autoptr(RowSink) sink = row_sink_new(format, output, &options, &count);
    MUST(run(store, sink, &problem));
    MUST(output_close(output, &problem));
    char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
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

static void put_remarks(World *world)
{
    Remark reject = {REMARK_REJECT,  7,    NULL, "serial_number", "columns", "3 cells, 2 expected",
                     "T7,\"a,b\",c", FALSE};
    Remark early = {REMARK_REJECT, 3, NULL, NULL, "key", "no key | none", ",x", FALSE};
    Remark warning = {REMARK_WARNING, 4,         "atf-trace:T8", "purchase_date",
                      "bad-date",     "no date", NULL,           FALSE};
    MUST(store_put_remark(world->store, world->file_id, &reject, &problem));
    MUST(store_put_remark(world->store, world->file_id, &early, &problem));
    MUST(store_put_remark(world->store, world->file_id, &warning, &problem));
}

static const struct {
    const char *name, *rows;
} expected[] = {
    {"links", "serial,cbsa-seizure:A/1,atf-trace:T1,S1,17.000,0.900000,0.001,"
              "serial S1 'ABC123' +21.0; dates requested-before '2021-04-01' ~ '2021-03-01' "
              "-4.0,PROTECTED B\n"},
    {"persons", "atf-trace:T1:purchaser,atf-trace:T1:purchaser,0.970000,DOE,'=JANE,,\n"
                "atf-trace:T1:purchaser,atf-trace:T2:purchaser,0.970000,DOE,'=JANE,,\n"
                "atf-trace:T8:purchaser,atf-trace:T8:purchaser,1.000000,DOE,'=JANE,,\n"
                "atf-trace:T9:purchaser,atf-trace:T9:purchaser,1.000000,DOE,'=JANE,,\n"},
    {"markers",
     "cbsa-seizure:A/1,NARCOTICS,0.900000,narcotics@1/fentanyl,'=2 kg of fentanyl,PROTECTED B\n"},
    {"indicators", "I2,d1,atf-trace:T1; atf-trace:T2,3.500,two pistols,\n"
                   "I2,d9,atf-trace:T9,3.500,two pistols,\n"},
    {"rejects", "traces.csv,3,,key,no key | none,\",x\"\n"
                "traces.csv,7,serial_number,columns,\"3 cells, 2 expected\","
                "\"T7,\"\"a,b\"\",c\"\n"},
    {"warnings", "traces.csv,4,purchase_date,bad-date,no date,atf-trace:T8\n"},
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

START_TEST(test_stats)
{
    World world = ring_world(0);
    put_remarks(&world);
    g_autoptr(LeadRules) rules = NULL;
    guint count;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    const LeadInputs inputs = {.rules = rules};
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    g_autofree char *stats = answer(world.store, query_stats, ROWS_CSV);
    ck_assert_str_eq(stats, "name,value\nfiles,1\nrecords atf-trace,4\nrecords cbsa-seizure,1\n"
                            "rejects,2\nwarnings,1\nperson mentions,4\nentities,1\n"
                            "links serial S1,1\nmarkers NARCOTICS,1\nedges same-firearm,1\n"
                            "edges same-person,2\nindicators I2,2\nleads new,1\n");
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
    tcase_add_test(tests, test_stats);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
