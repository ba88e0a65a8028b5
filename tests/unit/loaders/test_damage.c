/*
 * What spreadsheets do to a file: nothing is lost and nothing guessed in silence. Rounded numbers
 * stand for nothing, so that two documents never become one; a rounded key is no key; signs and
 * formulas around a number are told of; dates of another order than the profile's are too.
 */
#include "tests/unit/loaders/fixture.h"

#define HEAD                                                                                       \
    "trace_number,serial_number,agency_case_no,vehicle_plate,purchaser_last,purchaser_first,"      \
    "purchaser_id_no,purchaser_phone,recovery_date\n"

START_TEST(test_rounded)
{
    LoadReport report =
        load_text(HEAD "T1,A1,1.2E+11,1.23E+05,TREMBLAY,LUC,1.23457E+11,6.13555E+09,\n"
                       "T2,A2,1.2E+11,1.23E+05,ROY,ANNE,1.23457E+11,6.13555E+09,\n"
                       "T3,A3,2023-1,ABC 123,NGUYEN,KIM,1234567.0,6135550101.0,\n");

    assert_remark("2:agency_case_no:excel-sci");
    assert_remark("2:vehicle_plate:excel-sci");
    assert_remark("2:purchaser_id_no:excel-sci");
    assert_remark("2:purchaser_phone:excel-sci");
    assert_field("atf-trace:T1", "agency_case_no", NULL);
    assert_field("atf-trace:T1", "vehicle_plate", NULL);
    assert_mention("atf-trace:T1", "purchaser", MENTION_DOC_NO, NULL);
    assert_mention("atf-trace:T2", "purchaser", MENTION_PHONE, NULL);
    assert_remark("4:purchaser_id_no:excel-decimal");
    assert_remark("4:purchaser_phone:excel-decimal");
    assert_mention("atf-trace:T3", "purchaser", MENTION_DOC_NO, "1234567");
    assert_mention("atf-trace:T3", "purchaser", MENTION_PHONE, "6135550101");
    assert_field("atf-trace:T3", "agency_case_no", "2023-1");
    load_report_clear(&report);
}
END_TEST

/* Only a sign of ten to the power is one, in either case; letters of a plate are none. */
START_TEST(test_like_rounded)
{
    static const struct {
        const char *plate;
        gboolean rounded;
    } table[] = {{"1.23e+05", TRUE},  {"1.23E+05", TRUE}, {"1.23F+05", FALSE}, {"1.23E-05", FALSE},
                 {"1.23E+0A", FALSE}, {"E+05", FALSE},    {"12E05", FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = g_strdup_printf(HEAD "T9%u,A1,,%s,,,,,\n", i, table[i].plate);
        LoadReport report = load_text(text);
        gboolean told = FALSE;
        for (guint r = 0; r < remarks->len; r++)
            told |= strcmp(remarks->pdata[r], "2:vehicle_plate:excel-sci") == 0;
        ck_assert_msg(told == table[i].rounded, "%s", table[i].plate);
        load_report_clear(&report);
    }
}
END_TEST

/* Else the second would be a revision of the first, which is another trace. */
START_TEST(test_rounded_keys)
{
    LoadReport report = load_text(HEAD "2.02E+11,A1,,,,,,,\n"
                                       "2.02E+11,A2,,,,,,,\n"
                                       "202000000003,A3,,,,,,,\n");

    ck_assert_uint_eq(report.loaded, 1);
    ck_assert_uint_eq(report.rejected, 2);
    ck_assert_uint_eq(report.revised, 0);
    assert_remark("2:TRACE_NUMBER:EXCEL-SCI");
    load_report_clear(&report);
}
END_TEST

START_TEST(test_around_serials)
{
    LoadReport report = load_text(HEAD "T1,\"=\"\"0503E000\"\"\",,,,,,,\n"
                                       "T2,\"1,234,567\",,,,,,,\n");

    assert_remark("2:serial_number:excel-formula");
    assert_field("atf-trace:T1", "serial_canonical", "0503E000");
    assert_remark("3:serial_number:excel-thousands");
    assert_field("atf-trace:T2", "serial_number", "1,234,567");
    load_report_clear(&report);
}
END_TEST

/* Of days up to the twelfth nobody can tell; the others do. */
START_TEST(test_other_order)
{
    LoadReport report = load_text(HEAD "T1,A1,,,,,,,03/04/2023\n"
                                       "T2,A2,,,,,,,25/04/2023\n");

    ck_assert_str_eq(report.date_order, "MDY");
    assert_remark("1::date-order");
    assert_remark("3:recovery_date:bad-date");
    load_report_clear(&report);
    report = load_text(HEAD "T3,A3,,,,,,,03/04/2023\nT4,A4,,,,,,,04/25/2023\n");
    ck_assert_uint_eq(report.warnings, 0);
    load_report_clear(&report);
    options.dates = DATE_DMY;
    report = load_text(HEAD "T5,A5,,,,,,,03/04/2023\nT6,A6,,,,,,,25/04/2023\n");
    ck_assert_uint_eq(report.warnings, 0);
    assert_field("atf-trace:T5", "event_date", "2023-04-03");
    load_report_clear(&report);
}
END_TEST

/* A year that stands first is read whatever the order of the file, with a time behind it or not;
 * what another order reads otherwise is not. */
START_TEST(test_year_first)
{
    LoadReport report =
        load_text("seizure_no,item_no,seizure_date,traveller_surname,traveller_dob\n"
                  "1,1,25/04/2023,ROY,1990-06-07T00:00:00\n"
                  "2,1,26/04/2023,ROY,19900607\n"
                  "3,1,2023-04-27 00:00:00,ROY,1990/06/07\n"
                  "4,1,20230428,ROY,07/06/1990\n"
                  "5,1,04/29/2023,ROY,\n6,1,30/04/2023,ROY,\n");

    ck_assert_str_eq(report.date_order, "DMY");
    ck_assert_uint_eq(report.loaded, 5);
    ck_assert_uint_eq(report.warnings, 0);
    assert_remark("6:SEIZURE_DATE:BAD-DATE");
    assert_field("cbsa-seizure:3/1", "event_date", "2023-04-27");
    assert_field("cbsa-seizure:4/1", "event_date", "2023-04-28");
    load_report_clear(&report);
}
END_TEST

/* A region with its name, its country or both beside it; not two regions. */
START_TEST(test_regions)
{
    static const char *const told[][2] = {
        {"CA-ON", "ON"},    {"US-TX", "TX"},       {"ON - Ontario", "ON"},
        {"TX, USA", "TX"},  {"Québec (QC)", "QC"}, {"Ontario, Canada", "ON"},
        {"ON/QC", "ON/QC"}, {"TX-CAN", "TX-CAN"},  {"New-Brunswick", "NB"},
        {"CA", "CA"},       {"-", NULL},           {"USA", "USA"},
        {"N.-É.", "NS"},    {"NÉ", "NS"},          {"NE", "NE"},
        {"N.-B.", "NB"},    {"N.-E.", "NE"}};

    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autofree char *text = g_strdup_printf("trace_number,serial_number,manufacturer,"
                                                "recovery_state\nR%u,A1,GLOCK,\"%s\"\n",
                                                (guint)i, told[i][0]);
        g_autofree char *ref = g_strdup_printf("atf-trace:R%u", (guint)i);
        LoadReport report = load_text(text);

        assert_field(ref, "event_region", told[i][1]);
        load_report_clear(&report);
    }
    LoadReport report = load_text("trace_number,serial_number,recovery_state,recovery_country\n"
                                  "C1,A1,N.-E.,CANADA\nC2,A1,NE,USA\nC3,A1,BC,MEXICO\n");

    assert_field("atf-trace:C1", "event_region", "NS"); /* no Nebraska lies there */
    assert_field("atf-trace:C2", "event_region", "NE");
    assert_field("atf-trace:C3", "event_region", "BC");
    load_report_clear(&report);
}
END_TEST

/* The number of an office among words, if it is one and the table knows it. */
START_TEST(test_offices)
{
    static const char *const told[][2] = {{"453", "0453"},
                                          {"0453 - Ambassador", "0453"},
                                          {"POE 453", "0453"},
                                          {"00453", "0453"},
                                          {"CBSA 0453", "0453"},
                                          {"0453/0454", "0453/0454"},
                                          {"Post 9999", "POST 9999"},
                                          {"Room 12", "ROOM 12"},
                                          {"1000453", "1000453"}};

    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autofree char *text = g_strdup_printf("seizure_no,item_no,seizure_date,office_code\n"
                                                "%u,1,2023-01-01,%s\n",
                                                (guint)i + 1, told[i][0]);
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:%u/1", (guint)i + 1);
        LoadReport report = load_text(text);

        assert_field(ref, "office_code", told[i][1]);
        load_report_clear(&report);
    }
}
END_TEST

/* A dry run tells of every reject, however many a load would bear. */
START_TEST(test_dry_run_tells_all)
{
    g_autoptr(GString) text = g_string_new("trace_number,serial_number\n");
    LoadReport report;

    for (int i = 0; i < 40; i++)
        g_string_append(text, "x\n");
    options.max_rejects = "5";
    options.dry_run = TRUE;
    ck_assert_int_eq(load_bytes(text->str, -1, &report, NULL), STATUS_DATA);
    ck_assert_uint_eq(remarks->len, 40);
    load_report_clear(&report);
    options.dry_run = FALSE;
    ck_assert_int_eq(load_bytes(text->str, -1, &report, NULL), STATUS_DATA);
    ck_assert_uint_eq(report.rejected, 6);
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_rounded);
    tcase_add_test(tcase, test_like_rounded);
    tcase_add_test(tcase, test_rounded_keys);
    tcase_add_test(tcase, test_around_serials);
    tcase_add_test(tcase, test_other_order);
    tcase_add_test(tcase, test_year_first);
    tcase_add_test(tcase, test_regions);
    tcase_add_test(tcase, test_offices);
    tcase_add_test(tcase, test_dry_run_tells_all);
}

int main(void)
{
    return run_suite("loaders/damage", fill);
}
