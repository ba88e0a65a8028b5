/*
 * Which line is the header and what divides its cells: a spreadsheet's own line before it, rows
 * that look like it, and files where none is found.
 */
#include "engine/base/csv.h"
#include "tests/unit/loaders/fixture.h"

START_TEST(test_separator_line)
{
    static const char *const FILES[] = {
        "sep=;\r\ntrace_number;serial_number\r\nT20230000001;AB1\r\n",
        "\"sep=;\"\ntrace_number;serial_number\nT20230000001;AB1\n",
        "SEP=|\ntrace_number|serial_number\nT20230000001|AB1\n",
        /* these are no such line, and no header either */
        "sep=\ntrace_number,serial_number\nT20230000001,AB1\n",
        "sep=;;\ntrace_number,serial_number\nT20230000001,AB1\n",
        /* the line decides, whatever else is in the header */
        "sep=;\ntrace_number;serial_number;a,b,c,make,model,caliber\nT20230000001;AB1;\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
        LoadReport report = load_text(FILES[i]);

        ck_assert_msg(report.loaded + report.duplicates == 1, "%s", FILES[i]);
        ck_assert_uint_eq(report.rejected, 0);
        assert_field("atf-trace:T20230000001", "serial_number", "AB1");
        load_report_clear(&report);
    }
}
END_TEST

/* The header once more is passed over; a row that only looks like it is data. */
START_TEST(test_repeated)
{
    LoadReport report = load_text("trace_number,serial_number,remarks\nT20230000001,AB1,REMARKS\n"
                                  "Trace Number,SERIAL-NUMBER,Remarks\n"
                                  "trace_number,AB2,remarks\nT20230000003,serial number,remarks\n");

    ck_assert_uint_eq(report.loaded, 2);
    ck_assert_uint_eq(report.rejected, 1); /* a trace number without a digit */
    assert_remark("4:TRACE_NUMBER:BAD-KEY");
    assert_field("atf-trace:T20230000001", "remarks", "REMARKS");
    assert_field("atf-trace:T20230000003", "remarks", "remarks");
    load_report_clear(&report);
}
END_TEST

/* Where a file ends without a line end it may be cut, in its header or in the last value of its
 * last row: it cannot be known, and is said. Of a row with all of its columns, which RFC 4180 lets
 * end so, only as an aside. A quote or a delimiter at the end closes the value. */
START_TEST(test_may_be_cut)
{
#define HEAD "trace_number,serial_number,manufacturer"
    static const struct {
        const char *text, *remark, *notes;
    } FILES[] = {
        {HEAD, "1::cut-header", "the file ends in its header"},
        {HEAD "\n", "1::no-rows", "there is a header and no row"},
        {HEAD "\nT20230000001,AB1,GLO", "2::may-be-cut", NULL},
        {HEAD "\nT20230000002,AB1,GLOCK\n", NULL, NULL},
        {HEAD "\nT20230000003,AB1,\"GLOCK\"", NULL, NULL},
        {HEAD "\nT20230000004,AB1,", NULL, NULL},
        {HEAD "\nT20230000005,AB1,GLOCK\nT2023", "3::COLUMNS", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
        LoadReport report = load_text(FILES[i].text);

        ck_assert_uint_eq(report.warnings - report.asides, FILES[i].notes ? 1 : 0);
        ck_assert_uint_eq(report.asides,
                          FILES[i].remark && strstr(FILES[i].remark, "may-be-cut") ? 1 : 0);
        ck_assert_int_eq(report.notes != NULL, FILES[i].notes != NULL);
        if (FILES[i].remark)
            assert_remark(FILES[i].remark);
        if (FILES[i].notes)
            ck_assert_ptr_nonnull(strstr(report.notes, FILES[i].notes));
        load_report_clear(&report);
    }
}
END_TEST

START_TEST(test_none)
{
    g_autofree char *commas = g_strnfill(CSV_COLUMNS_MAX + 1, ',');
    g_autofree char *wide = g_strconcat(commas, "\n", NULL);
    const struct {
        const char *text, *words;
    } FILES[] = {
        {" \n\t\n  \n", "nothing is in its first lines"},
        {"\n\n12,34\n", "line 3 looks like data"},
        {wide, "line 1 has more than"},
        {"\"never closed\na,b\n", "no header with a known column name"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *message = NULL;
        LoadReport report;

        ck_assert_int_eq(load_bytes(FILES[i].text, -1, &report, &message), STATUS_DATA);
        ck_assert_msg(strstr(message, FILES[i].words) != NULL, "%s", message);
        load_report_clear(&report);
    }
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_separator_line);
    tcase_add_test(tcase, test_repeated);
    tcase_add_test(tcase, test_may_be_cut);
    tcase_add_test(tcase, test_none);
}

int main(void)
{
    return run_suite("loaders/header", fill);
}
