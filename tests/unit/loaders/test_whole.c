/*
 * What a row shows only as a whole: names in the wrong cells, who is nobody, an office by its name,
 * the earlier trace that a duplicate names, a number that a spreadsheet has spoilt.
 */
#include "tests/unit/loaders/fixture.h"

/* The cells of a buyer and who comes of them; NULL: nothing is kept. */
static const struct {
    const char *last, *first, *middle, *street;
    const char *is[4]; /* last, first, middle, organisation */
} PEOPLE[] = {
    {"ROY", "JOHN", "PAUL", "", {"ROY", "JOHN", "PAUL", NULL}},
    {"\"Tremblay, Luc Andre\"", "", "", "", {"TREMBLAY", "LUC", "ANDRE", NULL}},
    {"Tremblay Luc", "", "", "", {"Tremblay Luc", NULL, NULL, NULL}},
    {"EXAMPLE IMPORTS LTD", "", "", "", {NULL, NULL, NULL, "EXAMPLE IMPORTS LTD"}},
    {"PROPERTY", "LOST", "", "", {NULL, NULL, NULL, NULL}},
    {"PROPERTY", "LOST", "", "1 MAIN ST", {NULL, NULL, NULL, NULL}},
    {"UNKNOWN", "UNKNOWN", "", "", {NULL, NULL, NULL, NULL}},
    {"UNKNOWN", "LUC", "", "", {NULL, "LUC", NULL, NULL}},
    {"ROY", "N/A", "", "", {"ROY", NULL, NULL, NULL}},
    {"ROY", "LUC", "UNKNOWN", "", {"ROY", "LUC", NULL, NULL}},
    {"PROPERTY", "LUC", "", "", {"PROPERTY", "LUC", NULL, NULL}},
    {"", "", "PAUL", "", {NULL, NULL, NULL, NULL}},
};

START_TEST(test_people)
{
    static const MentionField fields[] = {MENTION_LAST, MENTION_FIRST, MENTION_MIDDLE,
                                          MENTION_ORGANISATION};
    g_autoptr(GString) text = g_string_new("trace_number,serial_number,purchaser_last,"
                                           "purchaser_first,purchaser_middle,purchaser_address\n");
    for (guint i = 0; i < G_N_ELEMENTS(PEOPLE); i++)
        g_string_append_printf(text, "T202300000%02u,AB%u,%s,%s,%s,%s\n", i, i, PEOPLE[i].last,
                               PEOPLE[i].first, PEOPLE[i].middle, PEOPLE[i].street);
    LoadReport report = load_text(text->str);

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(PEOPLE));
    load_report_clear(&report);
    for (guint i = 0; i < G_N_ELEMENTS(PEOPLE); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T202300000%02u", i);
        g_autoptr(Record) record = store_get(store, ref, NULL);
        gboolean any = FALSE;
        for (guint k = 0; k < G_N_ELEMENTS(fields); k++) {
            assert_mention(ref, "purchaser", fields[k], PEOPLE[i].is[k]);
            any |= PEOPLE[i].is[k] != NULL;
        }
        ck_assert_msg(any == (record_find_mention(record, "purchaser") != NULL), "%s", ref);
    }
}
END_TEST

/* A column that is a document's tells its type; one that names none, with what the row says of it,
 * takes the place of the others and of their type. */
START_TEST(test_documents)
{
    static const struct {
        const char *ref, *number, *type;
    } is[] = {{"person:1", "123456782", "SOCIAL"},
              {"person:2", "GA302817", "PASSPORT"},
              {"person:3", "219045563;D5301234", "SOCIAL;DRIVER_LICENCE"},
              {"person:4", "219045563;D5301234", "SOCIAL;"},
              {"person:5", "219045563", "SOCIAL"},
              {"person:6", "D5301234", "DRIVER_LICENCE"}};
    LoadReport report =
        load_text("person_id,last,first,dob,ssn,passport number,document number,document type\n"
                  "1,Dichiera,Jacob,1961-08-31,123456782,,,\n"
                  "2,Wolkenstein,Anna,1972-05-18,,GA302817,,\n"
                  "3,Quarrell,Dorian,1991-05-17,219045563,,D5301234,DL\n"
                  "4,Quarrell,Doris,1991-05-17,219045563,,D5301234,\n"
                  "5,Quarrell,Dora,1991-05-17,219045563,,,\n"
                  "6,Quarrell,Dawn,1991-05-17,D5301234,,D5301234,DL\n");

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(is));
    load_report_clear(&report);
    for (guint i = 0; i < G_N_ELEMENTS(is); i++) {
        assert_mention(is[i].ref, "person", MENTION_DOC_NO, is[i].number);
        assert_mention(is[i].ref, "person", MENTION_DOC_TYPE, is[i].type);
    }
}
END_TEST

/* A row names its office by number, by name, or says itself where that is. */
START_TEST(test_offices)
{
    LoadReport report =
        load_text("seizure_no,item_no,seizure_date,serial_number,office_code,office_name,region\n"
                  "1,1,2023-01-01,AB1,,Port de Halifax,\n"
                  "1,2,2023-01-01,AB2,0205,Halifax,\n"
                  "1,3,2023-01-01,AB3,,The Office on the Hill,\n"
                  "1,4,2023-01-01,AB4,,,\n");

    ck_assert_uint_eq(report.loaded, 4);
    load_report_clear(&report);
    assert_field("cbsa-seizure:1/1", "office_code", "0009");
    assert_field("cbsa-seizure:1/1", "event_region", "NS");
    assert_field("cbsa-seizure:1/2", "office_code", "0205");
    assert_field("cbsa-seizure:1/2", "event_region", "NB");
    assert_field("cbsa-seizure:1/3", "office_code", NULL);
    assert_field("cbsa-seizure:1/3", "event_region", NULL);
    assert_field("cbsa-seizure:1/4", "event_region", NULL);
}
END_TEST

/* The remarks of a duplicate and the trace that they name. */
static const struct {
    const char *remarks, *names;
} DUPLICATES[] = {
    {"DUPLICATE OF TRACE T20220009999.", "T20220009999"},
    {"DUPLICATE REQUEST: SEE TRACE #T20220009998", "T20220009998"},
    {"see trace T20220009997 of last year", "T20220009997"},
    {"see trace T-1", NULL},
    {"see trace UNKNOWN", NULL},
    {"the same firearm", NULL},
    {"", NULL},
};

START_TEST(test_duplicates)
{
    g_autoptr(GString) text = g_string_new("trace_number,serial_number,disposition,remarks\n");

    for (guint i = 0; i < G_N_ELEMENTS(DUPLICATES); i++)
        g_string_append_printf(text, "T2023000000%u,AB%u,DUP,%s\n", i, i, DUPLICATES[i].remarks);
    g_string_append(text, "T20230000100,AB9,TP,SEE TRACE T20220009996\n");
    LoadReport report = load_text(text->str);

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(DUPLICATES) + 1);
    load_report_clear(&report);
    for (guint i = 0; i < G_N_ELEMENTS(DUPLICATES); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T2023000000%u", i);
        assert_field(ref, "duplicate_of", DUPLICATES[i].names);
    }
    assert_field("atf-trace:T20230000100", "duplicate_of", NULL);
}
END_TEST

/* Cells with a number and what is warned of. */
static const struct {
    const char *cell, *code;
} SPOILT[] = {
    {"1.2E+05", "excel-sci"},
    {"\"1,25E+5\"", "excel-sci"},
    {"3-Mar", "excel-date"},
    {"mars-23", "excel-date"},
    {"123.0", "excel-decimal"},
    {"\"123,0\"", "excel-decimal"},
    {"\"=\"\"AB123\"\"\"", "excel-formula"},
};

static const char *const SOUND[] = {"MAR-12345", "12-MARCHE", "123-MAR", "MAR-A1", "1.2E5X",
                                    "E+05",      "A12E+05",   "123.01",  "=AB123"};

START_TEST(test_spoilt)
{
    g_autoptr(GString) text = g_string_new("trace_number,serial_number,manufacturer\n");

    for (guint i = 0; i < G_N_ELEMENTS(SPOILT); i++)
        g_string_append_printf(text, "T2023000000%u,%s,GLOCK\n", i, SPOILT[i].cell);
    LoadReport report = load_text(text->str);

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(SPOILT));
    for (guint i = 0; i < G_N_ELEMENTS(SPOILT); i++) {
        g_autofree char *remark = g_strdup_printf("%u:serial_number:%s", i + 2, SPOILT[i].code);
        assert_remark(remark);
    }
    load_report_clear(&report);
    g_string_assign(text, "trace_number,serial_number,manufacturer\n");
    for (guint i = 0; i < G_N_ELEMENTS(SOUND); i++)
        g_string_append_printf(text, "T2023000010%u,%s,GLOCK\n", i, SOUND[i]);
    report = load_text(text->str);
    for (guint i = 0; i < remarks->len; i++)
        ck_assert_msg(strstr(remarks->pdata[i], ":excel-") == NULL, "%s",
                      (char *)remarks->pdata[i]);
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_people);
    tcase_add_test(tcase, test_documents);
    tcase_add_test(tcase, test_offices);
    tcase_add_test(tcase, test_duplicates);
    tcase_add_test(tcase, test_spoilt);
}

int main(void)
{
    return run_suite("loaders/whole", fill);
}
