/*
 * Files at the limits: what is refused whole, too long, too wide, without keys or without rows.
 */
#include "tests/unit/loaders/fixture.h"

START_TEST(test_limits)
{
    g_autoptr(GString) text = g_string_new("trace_number,serial_number\n");
    g_autofree char *message = NULL;
    LoadReport report;

    for (int i = 0; i < 100; i++)
        g_string_append_printf(text, i < 20 ? "T%d\n" : "T%d,A%d\n", i, i);
    ck_assert_int_eq(load_bytes(text->str, -1, &report, &message), STATUS_DATA);
    ck_assert_ptr_nonnull(strstr(message, "20 of 100"));
    load_report_clear(&report);
    ck_assert_ptr_null(store_get(store, "atf-trace:T50", NULL));
    options.max_rejects = "19";
    ck_assert_int_eq(load_bytes(text->str, -1, &report, NULL), STATUS_DATA);
    load_report_clear(&report);
    options.max_rejects = "many";
    ck_assert_int_eq(load_bytes(text->str, -1, &report, NULL), STATUS_USAGE);
    load_report_clear(&report);
    options.max_rejects = "20%";
    options.dry_run = TRUE;
    report = load_text(text->str);
    ck_assert_uint_eq(report.loaded, 80);
    load_report_clear(&report);
    ck_assert_ptr_null(store_get(store, "atf-trace:T50", NULL));
    options.dry_run = FALSE;
    report = load_text(text->str);
    ck_assert(!report.known);
    load_report_clear(&report);
    assert_field("atf-trace:T50", "serial_number", "A50");
}
END_TEST

START_TEST(test_refused)
{
    static const struct {
        const char *text, *word;
    } CASES[] = {
        {"a,b,c\n1,2,3\n", "no header"},
        {"trace_number,model\nT1,19\n", "'serial_number'"},
        {"trace_number,serial_number,caliber,cal\nT1,A,9,9\n", "'caliber' is there twice"},
        {"\n\n  \n", "nothing is in"},
    };
    LoadReport report;

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *message = NULL;

        ck_assert_int_eq(load_bytes(CASES[i].text, -1, &report, &message), STATUS_DATA);
        ck_assert_msg(strstr(message, CASES[i].word) != NULL, "%s", message);
        load_report_clear(&report);
    }
    options.profile = "atf-trce";
    ck_assert_int_eq(load_bytes("x\n", -1, &report, NULL), STATUS_USAGE);
    load_report_clear(&report);
}
END_TEST

/* A header alone loads, and someone is told. */
START_TEST(test_header_alone)
{
    LoadReport report = load_text("SYNTHETIC\ntrace_number,serial_number\n\n");

    ck_assert_uint_eq(report.rows, 0);
    ck_assert_uint_eq(report.warnings, 1);
    assert_remark("2::no-rows");
    load_report_clear(&report);
    report = load_text("trace_number,serial_number\nT1,A1\n");
    ck_assert_uint_eq(report.warnings, 0);
    load_report_clear(&report);
}
END_TEST

START_TEST(test_too_wide)
{
    static const guint COLUMNS[] = {513, 100000, 1000000};
    LoadReport report;

    for (gsize i = 0; i < G_N_ELEMENTS(COLUMNS); i++) {
        g_autoptr(GString) text = g_string_new("trace_number,serial_number");
        g_autofree char *message = NULL;

        for (guint c = 2; c < COLUMNS[i]; c++)
            g_string_append_printf(text, ",c%u", c);
        g_string_append(text, "\nT1,A1\n");
        ck_assert_int_eq(load_bytes(text->str, (gssize)text->len, &report, &message), STATUS_DATA);
        ck_assert_msg(strstr(message, "line 1 has more than 512 columns") != NULL, "%s", message);
        load_report_clear(&report);
    }
}
END_TEST

/* Keys that nobody can read, or that fill a page, are no keys; others are kept as they are. */
START_TEST(test_bad_keys)
{
    g_autofree char *longest = g_strnfill(256, '7'), *longer = g_strnfill(257, '7');
    const struct {
        const char *key, *field;
    } KEYS[] = {{"T\x01"
                 "1",
                 "trace_number"},
                {"T\x7F"
                 "1",
                 "trace_number"},
                {"T\xC2\x81"
                 "1",
                 "trace_number"},
                {"T1\xE2\x80\xAE", "trace_number"},
                {"\xE2\x81\xA6T1", "trace_number"},
                {"T1\xE2\x80\x8F", "trace_number"},
                {"T\x1B[31m1", "trace_number"},
                {longer, "trace_number"},
                {longest, NULL},
                {"T1\xC3\x89", NULL}};

    for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        g_autofree char *text = g_strdup_printf("trace_number,serial_number\n%s,A1\n", KEYS[i].key);
        LoadReport report = load_text(text);

        ck_assert_msg(report.rejected == (KEYS[i].field != NULL), "key %u", (guint)i);
        if (KEYS[i].field)
            assert_remark("2:TRACE_NUMBER:BAD-KEY");
        load_report_clear(&report);
    }
    options.max_rejects = "100%";
    LoadReport report = load_text("seizure_no,item_no,seizure_date,serial_number\n"
                                  "S1,1\xE2\x80\xAE,2023-06-20,A1\nS1,2,2023-06-20,A2\n");
    ck_assert_uint_eq(report.loaded, 1);
    assert_remark("2:ITEM_NO:BAD-KEY");
    load_report_clear(&report);
}
END_TEST

START_TEST(test_utf32)
{
    static const char TEXT[] = "trace_number,serial_number\nT1,A1\n";
    static const char *const NAMES[] = {"UTF-32", "UTF-32LE", "UTF-32BE"};
    LoadReport report;

    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *message = NULL;
        gsize length = 0;
        g_autofree char *bytes = g_convert(TEXT, -1, NAMES[i], "UTF-8", NULL, &length, NULL);

        ck_assert_int_eq(load_bytes(bytes, (gssize)length, &report, &message), STATUS_DATA);
        ck_assert_msg(strstr(message, "it is UTF-32") != NULL, "%s: %s", NAMES[i], message);
        load_report_clear(&report);
    }
}
END_TEST

START_TEST(test_many_one_byte_lines)
{
    g_autoptr(GString) text = g_string_new("trace_number,serial_number\n");
    LoadReport report;

    for (int i = 0; i < 1000000; i++)
        g_string_append(text, "x\n");
    ck_assert_int_eq(load_bytes(text->str, (gssize)text->len, &report, NULL), STATUS_DATA);
    ck_assert_uint_le(report.rejected, 10001);
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_limits);
    tcase_add_test(tcase, test_refused);
    tcase_add_test(tcase, test_header_alone);
    tcase_add_test(tcase, test_too_wide);
    tcase_add_test(tcase, test_bad_keys);
    tcase_add_test(tcase, test_utf32);
    tcase_add_test(tcase, test_many_one_byte_lines);
}

int main(void)
{
    return run_suite("loaders/limits", fill);
}
