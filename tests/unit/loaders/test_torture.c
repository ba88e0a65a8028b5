/*
 * The files of the public torture set that were written for this format, each with the outcome
 * that this loader gives it. Skipped, and said so, where the data sets are not there.
 */
#include "tests/unit/loaders/fixture.h"

typedef struct {
    const char *file;
    int status;
    guint loaded, duplicates, revised, rejected;
    const char *remark; /* one that must be there, or NULL */
} Outcome;

static const Outcome OUTCOMES[] = {
    {"01_clean.csv", 0, 3, 0, 0, 0, NULL},
    {"02_bom_quoted_header_crlf.csv", 0, 3, 0, 0, 0, NULL},
    {"03_cp1252.csv", 0, 2, 0, 0, 0, NULL},
    {"04_undefined_cp1252_byte.csv", 0, 1, 0, 0, 1, "3::ENCODING"},
    {"05_utf16le_bom.tsv", 0, 3, 0, 0, 0, NULL},
    {"06_sep_directive.csv", 0, 3, 0, 0, 0, NULL},
    {"07_french_semicolon.csv", 0, 2, 0, 0, 0, "2:office_code:excel-zero"},
    {"08_tab.tsv", 0, 3, 0, 0, 0, NULL},
    {"09_newline_in_remarks.csv", 0, 2, 0, 0, 0, NULL},
    {"10_nul_in_serial.csv", 0, 1, 0, 0, 1, "2::NUL"},
    {"11_ragged_short.csv", 0, 2, 0, 0, 1, "3::COLUMNS"},
    {"12_ragged_long.csv", 0, 2, 0, 0, 1, "3::COLUMNS"},
    {"13_trailing_commas.csv", 0, 3, 0, 0, 0, "2::padding"},
    {"14_duplicate_header.csv", STATUS_DATA, 0, 0, 0, 0, NULL},
    {"15_header_variants.csv", 0, 3, 0, 0, 0, NULL},
    {"16_missing_required.csv", STATUS_DATA, 0, 0, 0, 0, NULL},
    {"17_no_header.csv", STATUS_DATA, 0, 0, 0, 0, NULL},
    {"18_preamble.csv", 0, 3, 0, 0, 0, NULL},
    {"19_footer_total.csv", 0, 3, 0, 0, 1, "5:TRACE_NUMBER:BAD-KEY"},
    {"20_serial_scientific.csv", 0, 5, 0, 0, 0, "4:serial_number:excel-sci"},
    {"21_leading_zero_lost.csv", 0, 2, 0, 0, 0, NULL},
    {"22_excel_day_numbers.csv", 0, 3, 0, 0, 0, "3:recovery_date:bad-date"},
    {"23_serial_became_date.csv", 0, 4, 0, 0, 0, "2:serial_number:excel-date"},
    {"24_formula_injection.csv", 0, 8, 0, 0, 0, NULL},
    {"25_unterminated_quote.csv", 0, 3, 0, 0, 1, "3::UNCLOSED"},
    {"26_inch_mark.csv", 0, 1, 0, 0, 2, "2::QUOTE"},
    {"27_backslash_escape.csv", 0, 1, 0, 0, 1, "2::QUOTE"},
    {"28_dos_eof.csv", 0, 3, 0, 0, 0, NULL},
    {"29_mixed_eol.csv", 0, 3, 0, 0, 0, NULL},
    {"30_cr_only.csv", 0, 3, 0, 0, 0, NULL},
    {"31_blank_lines.csv", 0, 3, 0, 0, 0, NULL},
    {"32_invisible_characters.csv", 0, 4, 0, 0, 0, NULL},
    {"33_homoglyphs.csv", 0, 5, 0, 0, 0, NULL},
    {"34_placeholder_serials.csv", 0, 16, 0, 0, 0, NULL},
    {"35_repeated_header.csv", 0, 3, 0, 0, 0, "4::repeated-header"},
    {"36_space_before_quote.csv", 0, 1, 0, 0, 0, NULL},
    {"37_bidi_override.csv", 0, 1, 0, 0, 0, NULL},
    {"38_terminal_escapes.csv", 0, 3, 0, 0, 0, NULL},
    {"39_html_injection.csv", 0, 2, 0, 0, 0, NULL},
    {"40_impossible_dates.csv", 0, 6, 0, 0, 0, "4:recovery_date:recovery-before-purchase"},
    {"41_number_overflow.csv", 0, 9, 0, 0, 0, "4:time_to_crime_days:bad-number"},
    {"42_same_record_twice.csv", 0, 2, 1, 1, 0, NULL},
};

static char *torture_path(const char *file)
{
    const char *datasets = g_getenv("CROSSTRACE_DATASETS");

    return g_build_filename(datasets ? datasets : "../shared/datasets", "csv-torture", "domain",
                            file, NULL);
}

START_TEST(test_outcomes)
{
    for (gsize i = 0; i < G_N_ELEMENTS(OUTCOMES); i++) {
        const Outcome *outcome = &OUTCOMES[i];
        g_autofree char *path = torture_path(outcome->file);
        g_autofree char *message = NULL;
        LoadReport report;
        int status;

        if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
            g_print("skipped: csv-torture/domain is not there\n");
            return;
        }
        if (i > 0) {
            down();
            up();
        }
        status = load_path(path, &report, &message);
        ck_assert_msg(status == outcome->status, "%s: %s", outcome->file, message);
        ck_assert_msg(status || (report.loaded == outcome->loaded &&
                                 report.duplicates == outcome->duplicates &&
                                 report.revised == outcome->revised &&
                                 report.rejected == outcome->rejected),
                      "%s: loaded %u, duplicates %u, revised %u, rejected %u", outcome->file,
                      (guint)report.loaded, (guint)report.duplicates, (guint)report.revised,
                      (guint)report.rejected);
        if (outcome->remark)
            assert_remark(outcome->remark);
        load_report_clear(&report);
        if (status == STATUS_DONE) {
            ck_assert_int_eq(load_path(path, &report, NULL), STATUS_DONE);
            ck_assert(report.known);
        }
        load_report_clear(&report);
    }
}
END_TEST

/* Every other file of the set: an answer within bounds, no crash, counts that agree. */
START_TEST(test_all_answered)
{
    static const char *const FOLDERS[] = {"csv-spectrum", "rvl-corpus",   "csvkit", "miller",
                                          "zsv",          "frictionless", "duckdb"};
    guint n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *domain = torture_path("");
        g_autofree char *path = g_build_filename(domain, "..", FOLDERS[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir && (name = g_dir_read_name(dir))) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            LoadReport report;

            load_path(file, &report, NULL);
            load_report_clear(&report);
            n++;
        }
    }
    if (n == 0)
        g_print("skipped: csv-torture is not there\n");
}
END_TEST

START_TEST(test_details)
{
    g_autofree char *french = torture_path("07_french_semicolon.csv");
    g_autofree char *newline = torture_path("09_newline_in_remarks.csv");
    LoadReport report;

    if (!g_file_test(french, G_FILE_TEST_EXISTS))
        return;
    ck_assert_int_eq(load_path(french, &report, NULL), STATUS_DONE);
    ck_assert_str_eq(report.profile, "cbsa-seizure");
    ck_assert_str_eq(report.encoding, "windows-1252");
    ck_assert_str_eq(report.date_order, "DMY");
    ck_assert_int_eq(report.delimiter, ';');
    load_report_clear(&report);
    ck_assert_int_eq(load_path(newline, &report, NULL), STATUS_DONE);
    g_autoptr(Record) record = store_get(store, "atf-trace:T0002", NULL);

    ck_assert_ptr_nonnull(record);
    ck_assert_uint_eq(record->line, 4);
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_outcomes);
    tcase_add_test(tcase, test_all_answered);
    tcase_add_test(tcase, test_details);
}

int main(void)
{
    return run_suite("loaders/torture", fill);
}
