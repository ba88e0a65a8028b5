/*
 * Loads as a whole: two languages of one seizure, dates of a file, keys, duplicates, revisions,
 * known files, mended rejects, what is not a person, and what a trace says.
 */
#include "engine/store/history.h"
#include "tests/unit/loaders/fixture.h"

static const char ENGLISH[] =
    "seizure_no,item_no,seizure_date,office_code,office_name,mode,declared,commodity,firearm_type,"
    "make,model,calibre,serial_number,serial_condition,firearm_class,traveller_surname,"
    "traveller_given,traveller_dob,traveller_region,traveller_country,legal_authority,"
    "trace_requested,handling,releasable_to,narrative\n"
    "4531-23-0147,1,2023-02-25,0453,Windsor - Ambassador Bridge,HIGHWAY,UNDECLARED,FIREARM,"
    "REVOLVER,S&W,686,.357 MAG,OBLITERATED,OBLITERATED,RESTRICTED,CÔTÉ,Zoé,1990-12-31,Québec,"
    "Canada,CUSTOMS ACT S.110,Y,PROTECTED B,CAN;USA,coffre été\n"
    "4531-23-0148,1,2023-03-04,0453,Windsor - Ambassador Bridge,POSTAL,MISDECLARED,MAGAZINE,,"
    ",,,,NONE,,,,,,,,N,,,\n";

/* The same in Windows-1252: \xC9 is É, \xE9 é, \xC8 È, \xD4 Ô, \xC0 À. */
static const char FRENCH[] =
    "No saisie;No article;Date saisie;Code bureau;Bureau;Mode;D\xE9"
    "clar\xE9;Marchandise;"
    "Type arme;Marque;Mod\xE8le;Calibre;No s\xE9rie;\xC9tat no s\xE9rie;Cat\xE9gorie;"
    "Voyageur nom;Voyageur pr\xE9nom;Voyageur DDN;Voyageur province;Voyageur pays;"
    "Autorit\xE9 l\xE9gale;Retra\xE7"
    "age demand\xE9;Protection;Communicable \xE0;Description\r\n"
    "4531-23-0147;1;25/02/2023;453;pont Ambassador;ROUTIER;NON D\xC9"
    "CLAR\xC9;ARME \xC0 FEU;"
    "revolver;SMITH AND WESSON;686;357;OBLIT\xC9R\xC9;OBLIT\xC9R\xC9;"
    "\xC0 AUTORISATION RESTREINTE;C\xD4T\xC9;Zo\xE9;31/12/1990;QC;Canada;"
    "LOI SUR LES DOUANES ART. 110;Oui;PROT\xC9G\xC9 B;\"Canada;\xC9tats-Unis\";"
    "coffre \xE9t\xE9\r\n"
    "4531-23-0148;1;04/03/2023;453;pont Ambassador;POSTAL;FAUSSE D\xC9"
    "CLARATION;CHARGEUR;;;;;;"
    "AUCUN;;;;;;;;N;;;\r\n";

START_TEST(test_two_languages)
{
    LoadReport english = load_text(ENGLISH), french;

    ck_assert_uint_eq(english.loaded, 2);
    ck_assert_uint_eq(english.warnings, 0);
    ck_assert_str_eq(english.date_order, "ISO");
    ck_assert_str_eq(english.encoding, "UTF-8");
    assert_field("cbsa-seizure:4531-23-0147/1", "make", "SMITH & WESSON");
    assert_field("cbsa-seizure:4531-23-0147/1", "calibre", "357MAG");
    assert_field("cbsa-seizure:4531-23-0147/1", "event_type", "SEIZED");
    assert_field("cbsa-seizure:4531-23-0147/1", "event_country", "CAN");
    assert_field("cbsa-seizure:4531-23-0147/1", "event_region", "ON");
    assert_field("cbsa-seizure:4531-23-0147/1", "serial_kind", "OBLITERATED");
    assert_field("cbsa-seizure:4531-23-0148/1", "mode", "POSTAL");
    assert_mention("cbsa-seizure:4531-23-0147/1", "traveller", MENTION_REGION, "QC");
    french = load_text(FRENCH);
    ck_assert_str_eq(french.encoding, "windows-1252");
    ck_assert_str_eq(french.date_order, "DMY");
    ck_assert_int_eq(french.delimiter, ';');
    ck_assert_uint_eq(french.duplicates, 2);
    ck_assert_uint_eq(french.warnings, 2);
    assert_remark("2:office_code:excel-zero");
    load_report_clear(&english);
    load_report_clear(&french);
}
END_TEST

START_TEST(test_known_and_revised)
{
    const char head[] = "trace_number,serial_number,manufacturer\n";
    g_autofree char *first = g_strconcat(head, "T1,AB1,GLOCK\nT2,AB2,GLOCK\n", NULL);
    g_autofree char *second = g_strconcat(head, "T1,AB1,Glock GmbH\nT2,AB3,GLOCK\n", NULL);
    g_autofree char *before = NULL, *after = NULL;
    LoadReport report = load_text(first);

    ck_assert(!report.known);
    load_report_clear(&report);
    before = store_data_hash(store, NULL);
    report = load_text(first);
    ck_assert(report.known);
    ck_assert_uint_eq(report.rows, 0);
    load_report_clear(&report);
    after = store_data_hash(store, NULL);
    ck_assert_str_eq(before, after);
    report = load_text(second);
    ck_assert_uint_eq(report.duplicates, 1);
    ck_assert_uint_eq(report.revised, 1);
    assert_field("atf-trace:T2", "serial_canonical", "AB3");
    load_report_clear(&report);
}
END_TEST

/* Told to read its dates in another order, the same file is read again, once; without being told,
 * it was loaded before. */
START_TEST(test_known_with_other_dates)
{
    const char text[] = "trace_number,serial_number,manufacturer,recovery_date\n"
                        "T1,AB1,GLOCK,01/04/2024\nT2,AB2,GLOCK,05/05/2024\n";
    static const struct {
        guint dates;
        gboolean known;
        const char *day;
    } table[] = {{0, FALSE, "2024-01-04"},       {0, TRUE, "2024-01-04"},
                 {DATE_MDY, TRUE, "2024-01-04"}, {DATE_DMY, FALSE, "2024-04-01"},
                 {DATE_DMY, TRUE, "2024-04-01"}, {0, TRUE, "2024-04-01"}};

    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        options.dates = table[i].dates;
        LoadReport report = load_text(text);

        ck_assert_msg(report.known == table[i].known, "%u", i);
        ck_assert_uint_eq(report.revised, i == 3 ? 1 : 0);
        ck_assert_uint_eq(report.duplicates, i == 3 ? 1 : 0);
        assert_field("atf-trace:T1", "event_date", table[i].day);
        load_report_clear(&report);
    }
    options.dates = 0;
}
END_TEST

START_TEST(test_keys)
{
    LoadReport report = load_text("seizure_no,item_no,seizure_date,make\n"
                                  "45 31:1,2,2023-01-01,GLOCK\n"
                                  "4531,,2023-01-01,GLOCK\n"
                                  "4531,,2023-01-01,RUGER\n"
                                  "4531,,2023-01-01,GLOCK\n"
                                  "TOTAL,3,2023-01-01,\n"
                                  ",1,2023-01-01,GLOCK\n"
                                  "4532,1,soon,GLOCK\n"
                                  "4533,1,,GLOCK\n");

    ck_assert_uint_eq(report.loaded, 3);
    ck_assert_uint_eq(report.duplicates, 1);
    ck_assert_uint_eq(report.rejected, 4);
    assert_remark("6:SEIZURE_NO:BAD-KEY");
    assert_remark("7:SEIZURE_NO:MISSING-VALUE");
    assert_remark("8:SEIZURE_DATE:BAD-DATE");
    assert_remark("9:SEIZURE_DATE:MISSING-VALUE");
    assert_field("cbsa-seizure:45%2031%3A1/2", "make", "GLOCK");
    load_report_clear(&report);
}
END_TEST

START_TEST(test_mended)
{
    LoadReport report = load_text("crosstrace_code,crosstrace_message,trace_number,serial_number\n"
                                  "columns,\"two, not three\",T77,ZZ9\n");

    ck_assert_uint_eq(report.loaded, 1);
    load_report_clear(&report);
}
END_TEST

/* The order is the file's: what fits it is read, what does not is not read another way. */
START_TEST(test_dates)
{
    const char head[] = "trace_number,serial_number,purchase_date,recovery_date,possessor_last,"
                        "possessor_dob\n";
    g_autofree char *mdy = g_strconcat(head,
                                       "T1,A1,01/02/2020,12/31/2020,ROY,03/04/1990\n"
                                       "T2,A2,13/02/2020,12/30/2020,,\n",
                                       NULL);
    g_autofree char *forced = g_strconcat(head, "T3,A3,01/02/2020,31/12/2020,,\n", NULL);
    g_autofree char *suspicious = g_strconcat(head,
                                              "T4,A4,2020-05-01,2020-04-01,,\n"
                                              "T5,A5,2020-05-01,2024-07-01,,\n"
                                              "T6,A6,43952,N/A,,\n",
                                              NULL);
    LoadReport report = load_text(mdy);

    ck_assert_str_eq(report.date_order, "MDY");
    assert_field("atf-trace:T1", "purchase_date", "2020-01-02");
    assert_mention("atf-trace:T1", "possessor", MENTION_DOB, "1990-03-04");
    assert_field("atf-trace:T2", "purchase_date", NULL);
    assert_remark("3:purchase_date:bad-date");
    load_report_clear(&report);
    options.dates = DATE_DMY;
    report = load_text(forced);
    assert_field("atf-trace:T3", "purchase_date", "2020-02-01");
    load_report_clear(&report);
    options.dates = 0;
    report = load_text(suspicious);
    assert_remark("2:recovery_date:recovery-before-purchase");
    assert_remark("3:recovery_date:future-date");
    assert_remark("4:purchase_date:excel-day");
    assert_field("atf-trace:T4", "event_date", NULL);
    assert_field("atf-trace:T5", "event_date", NULL);
    assert_field("atf-trace:T6", "purchase_date", "2020-05-01");
    ck_assert_uint_eq(report.warnings, 3);
    load_report_clear(&report);
}
END_TEST

START_TEST(test_trace)
{
    LoadReport report = load_text(
        "Trace Number;S/N;Obliterated;MFG;Importer;Gun Type;CAL;Rec Country;Rec State;FFL License;"
        "TTC;Purch Date;Rec Date;Disposition;Remarks;Multiple Sale\n"
        "T2023001;AB123;Y;GLOCK, INC.;GLOCK INC, SMYRNA GA;FUSIL;12 GA;;ON;2-23-091-01-7F-14245;"
        "9;01/01/2020;01/11/2020;SEE TRACE T2022009;\"SEE TRACE T2022009, SAME GUN\";yes\n"
        "T2023002;;Y;SMITH & WESON;;fusil;.223;MEXICO;BC;22312345;10;01/01/2020;01/11/2020;"
        "FFL OUT OF BUSINESS; RECORDS NOT AVAILABLE\n"
        "T2023003;;;;;fusil;;USA;OH;12;;;;TP;;maybe\n");

    ck_assert_uint_eq(report.loaded, 1);
    ck_assert_uint_eq(report.rejected, 2);
    assert_remark("3::COLUMNS");
    assert_remark("4:SERIAL_NUMBER:MISSING-VALUE");
    assert_field("atf-trace:T2023001", "make", "GLOCK");
    assert_field("atf-trace:T2023001", "importer", "GLOCK");
    assert_field("atf-trace:T2023001", "firearm_type", "SHOTGUN");
    assert_field("atf-trace:T2023001", "serial_kind", "RESTORED");
    assert_field("atf-trace:T2023001", "serial_canonical", "AB123");
    assert_field("atf-trace:T2023001", "event_country", "CAN");
    assert_field("atf-trace:T2023001", "ffl_number", "2-23-091-01-7F-14245");
    assert_field("atf-trace:T2023001", "rds_key", "22314245");
    assert_field("atf-trace:T2023001", "ffl_type", "01");
    assert_field("atf-trace:T2023001", "disposition", "DUP");
    assert_field("atf-trace:T2023001", "duplicate_of", "T2022009");
    assert_field("atf-trace:T2023001", "multiple_sale", "Y");
    assert_field("atf-trace:T2023001", "releasable_to", "USA;CAN");
    assert_remark("2:time_to_crime_days:ttc-differs");
    load_report_clear(&report);
    report = load_text("trace_number,serial_number,manufacturer,firearm_type,caliber,"
                       "recovery_country,recovery_state,ffl_number,disposition,narcotics,"
                       "confidential_source\n"
                       "T9,,SMITH & WESON,fusil,.223,MEXICO,BC,22312345,"
                       "FFL OUT OF BUSINESS; RECORDS NOT AVAILABLE,maybe,maybe\n");
    assert_field("atf-trace:T9", "make", "SMITH & WESSON");
    assert_field("atf-trace:T9", "make_raw", "SMITH & WESON");
    assert_field("atf-trace:T9", "firearm_type", "RIFLE");
    assert_field("atf-trace:T9", "event_region", "BC");
    assert_field("atf-trace:T9", "event_country", "MEX");
    assert_field("atf-trace:T9", "rds_key", "22312345");
    assert_field("atf-trace:T9", "disposition", "TDX");
    assert_field("atf-trace:T9", "narcotics", NULL);
    assert_remark("2:narcotics:unknown-code");
    assert_field("atf-trace:T9", "confidential_source", "Y"); /* rather than disclosed */
    assert_remark("2:confidential_source:unknown-code");
    load_report_clear(&report);
}
END_TEST

START_TEST(test_people)
{
    LoadReport report = load_text(
        "seizure_no,item_no,seizure_date,traveller_surname,traveller_given,shipper_name,"
        "shipper_address,consignee_name,consignee_address\n"
        "1,1,2023-01-01,UNKNOWN,,TREMBLAY, 12 Main St,Jean Roy,14 Elm St\n"
        "2,1,2023-01-01,ROY,INCONNU,\"TREMBLAY, Luc\",,ACME PARTS INC,\"12 Main St Apt 4, Laval\"\n"
        "3,1,2023-01-01,,,INCONNU,1 Rue X,,9 Oak Ave\n");

    ck_assert_uint_eq(report.rejected, 0);
    assert_mention("cbsa-seizure:1/1", "traveller", MENTION_LAST, NULL);
    assert_mention("cbsa-seizure:1/1", "consignee", MENTION_LAST, "ROY");
    assert_mention("cbsa-seizure:1/1", "consignee", MENTION_FIRST, "JEAN");
    assert_mention("cbsa-seizure:2/1", "traveller", MENTION_LAST, "ROY");
    assert_mention("cbsa-seizure:2/1", "traveller", MENTION_FIRST, NULL);
    assert_mention("cbsa-seizure:2/1", "shipper", MENTION_FIRST, "LUC");
    assert_mention("cbsa-seizure:2/1", "consignee", MENTION_ORGANISATION, "ACME PARTS INC");
    assert_mention("cbsa-seizure:2/1", "consignee", MENTION_LAST, NULL);
    assert_mention("cbsa-seizure:3/1", "shipper", MENTION_STREET, NULL);
    assert_mention("cbsa-seizure:3/1", "consignee", MENTION_STREET, "9 Oak Ave");
    load_report_clear(&report);
}
END_TEST

/* Every state of a record stays readable: what each file said, canonical and as received. */
START_TEST(test_history)
{
    LoadReport report;
    g_autoptr(GError) error = NULL;

    for (guint i = 1; i <= 3; i++) {
        g_autofree char *text = g_strdup_printf("trace_number,serial_number,make,purchaser_last\n\n"
                                                "T9,AB%u,S&W,O\"NEIL\n",
                                                i);

        g_strdelimit(text, "\"", '\'');
        report = load_text(text);
        load_report_clear(&report);
    }
    g_autoptr(GPtrArray) history = store_history(store, "atf-trace:T9", &error);

    ck_assert_msg(history != NULL, "%s", error ? error->message : "");
    ck_assert_uint_eq(history->len, 3);
    for (guint i = 0; i < 3; i++) {
        const Revision *revision = g_ptr_array_index(history, i);
        g_autofree char *raw = g_strdup_printf("T9,AB%u,S&W,O'NEIL", i + 1);
        g_autofree char *serial = g_strdup_printf("\"serial_number\":\"AB%u\"", i + 1);

        ck_assert_int_eq(revision->revision, (int)i + 1);
        ck_assert_uint_eq(revision->line, 3);
        ck_assert_str_eq(revision->raw, raw);
        ck_assert(g_str_has_suffix(revision->file, "input.csv"));
        ck_assert_str_eq(revision->loaded_at, "2024-06-30T00:00:00Z");
        ck_assert_ptr_nonnull(strstr(revision->canonical, serial));
        ck_assert_ptr_nonnull(
            strstr(revision->canonical, "\"mentions\":{\"purchaser\":{\"last\":\"O'NEIL\"}}"));
    }
    ck_assert_ptr_null(store_history(store, "atf-trace:T8", &error));
    ck_assert_int_eq(error_status(error), STATUS_NO_INPUT);
}
END_TEST

/* What was found out about a file, and by which rule; progress comes while rows are stored. */
static void count_progress(const LoadProgress *progress, gpointer data)
{
    ck_assert(progress->share > 0 && progress->share <= 1);
    ++*(guint *)data;
}

START_TEST(test_explained)
{
    guint calls = 0;
    LoadReport report;

    options.progress = count_progress;
    options.progress_data = &calls;
    report = load_text("A report\n\nno_saisie;date_saisie;marque;divers\n"
                       "4531-23-1;31/05/2023;Glock;d\xE9\n");
    ck_assert_uint_gt(calls, 0);
    ck_assert_ptr_nonnull(strstr(report.why, "encoding windows-1252: bytes beyond ASCII"));
    ck_assert_ptr_nonnull(
        strstr(report.why, "header on line 3, delimiter ';': 3 known column names, it gives"));
    ck_assert_ptr_nonnull(strstr(report.why, "profile cbsa-seizure: every required column"));
    ck_assert_ptr_nonnull(strstr(report.why, "dates DMY: it reads the most"));
    load_report_clear(&report);
    options.profile = "cbsa-seizure";
    report = load_text("seizure_no,seizure_date,make\n4531-23-2,2023-05-31,Glock\n");
    ck_assert_ptr_nonnull(strstr(report.why, "profile cbsa-seizure: as told\n"));
    load_report_clear(&report);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_explained);
    tcase_add_test(tcase, test_history);
    tcase_add_test(tcase, test_two_languages);
    tcase_add_test(tcase, test_known_and_revised);
    tcase_add_test(tcase, test_known_with_other_dates);
    tcase_add_test(tcase, test_keys);
    tcase_add_test(tcase, test_mended);
    tcase_add_test(tcase, test_dates);
    tcase_add_test(tcase, test_trace);
    tcase_add_test(tcase, test_people);
}

int main(void)
{
    return run_suite("loaders/load", fill);
}
