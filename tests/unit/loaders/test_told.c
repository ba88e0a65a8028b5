/*
 * What another cell tells where a cell of its own says nothing: a serial number among other
 * markings or in a narrative, a make in the model's cell; and what is no such thing.
 */
#include "tests/unit/loaders/fixture.h"

/* A number among the other markings stands in for a cell that has none; a slide's never does. */
START_TEST(test_other_field)
{
    LoadReport report =
        load_text("trace_number,serial_number,manufacturer,additional_markings\n"
                  "T20230000001,,GLOCK,SN ABC125\nT20230000002,UNKNOWN,GLOCK,S/N: ABC124\n"
                  "T20230000003,,GLOCK,SLIDE SN ABC125\nT20230000004,ABC126,GLOCK,SN ABC127\n"
                  "T20230000005,OBLITERATED,GLOCK,SN ABC128\nT20230000006,,GLOCK,SN UNREADABLE\n");

    ck_assert_uint_eq(report.loaded, 6);
    ck_assert_uint_eq(report.warnings, 2);
    assert_remark("2:serial_number:other-field");
    assert_remark("3:serial_number:other-field");
    assert_field("atf-trace:T20230000001", "serial_canonical", "ABC125");
    assert_field("atf-trace:T20230000002", "serial_canonical", "ABC124");
    assert_field("atf-trace:T20230000003", "serial_canonical", NULL);
    assert_field("atf-trace:T20230000004", "serial_canonical", "ABC126");
    assert_field("atf-trace:T20230000005", "serial_canonical", NULL);
    assert_field("atf-trace:T20230000006", "serial_canonical", NULL);
    load_report_clear(&report);
}
END_TEST

/* A record's own case, document or plate number is no serial number, however it is written; one
 * that is longer, shorter or of a few signs is. */
START_TEST(test_own_number)
{
    static const struct {
        const char *row, *canonical;
    } table[] = {{"24-118845,4531-24-0001,24-118845,,,", NULL},
                 {"24118845,4531-24-0001,24-118845,,,", NULL},
                 {"4531-24-0001,4531-24-0001,,,,", NULL},
                 {"ckrt442,4531-24-0001,,CKRT 442,,", NULL},
                 {"SY114477,4531-24-0001,,,SY-114477,", NULL},
                 {"142433,4531-24-0001,,,,142433", NULL},
                 {"Case 24-118845,4531-24-0001,Case 24-118845,,,", NULL},
                 {"24118846,4531-24-0001,24-118845,,,", "24118846"},
                 {"2411884,4531-24-0001,24-118845,,,", "2411884"},
                 {"241188455,4531-24-0001,24-118845,,,", "241188455"},
                 {"1234,4531-24-0001,1234,,,", "1234"},
                 {"118845,4531-24-0001,24-118845,CKRT442,,", "118845"}};

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text =
            g_strdup_printf("serial_number,seizure_no,occurrence_no,vehicle_plate,traveller_doc_no,"
                            "frt_no,item_no,seizure_date,make,traveller_surname\n"
                            "%s,%u,2024-06-01,GLOCK,ROE\n",
                            table[i].row, (guint)i + 1);
        LoadReport report = load_text(text);
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:4531-24-0001/%" G_GSIZE_FORMAT, i + 1);

        assert_field(ref, "serial_canonical", table[i].canonical);
        ck_assert_uint_eq(report.warnings, table[i].canonical ? 0 : 1);
        if (!table[i].canonical) {
            assert_remark("2:serial_number:own-number");
            assert_field(ref, "serial_kind", "NOT_A_SERIAL");
        }
        load_report_clear(&report);
    }
}
END_TEST

/* So does one in the narrative: by its own word, the only one, of a firearm. */
START_TEST(test_told_serial)
{
    LoadReport report = load_text(
        "seizure_no,item_no,seizure_date,commodity,serial_number,make,narrative\n"
        "1,1,2023-01-01,FIREARM,,GLOCK,Found in the trunk. Serial number ABC125. Loaded.\n"
        "2,1,2023-01-01,ARME À FEU,INCONNU,GLOCK,\"Pistolet, N/S : ABC124, chargé\"\n"
        "3,1,2023-01-01,,,GLOCK,Numéro de série ABC125 sur la carcasse\n"
        "4,1,2023-01-01,FIREARM,,GLOCK,Polymer frame with Glock slide SN ABC126\n"
        "5,1,2023-01-01,FIREARM,,GLOCK,S/N ABC127 and S/N ABC128\n"
        "6,1,2023-01-01,FIREARM,,GLOCK,No serial number 12345 found in the file\n"
        "7,1,2023-01-01,SLIDE,,GLOCK,S/N ABC129\n"
        "8,1,2023-01-01,FIREARM,ABC130,GLOCK,Serial no. ABC131 in the first report\n"
        "9,1,2023-01-01,FIREARM,OBLITERATED,GLOCK,S/N ABC132\n"
        "10,1,2023-01-01,FIREARM,,GLOCK,Serial number was in the report\n");

    ck_assert_uint_eq(report.loaded, 10);
    ck_assert_uint_eq(report.warnings, 3);
    assert_remark("2:serial_number:other-field");
    assert_field("cbsa-seizure:1/1", "serial_canonical", "ABC125");
    assert_field("cbsa-seizure:2/1", "serial_canonical", "ABC124");
    assert_field("cbsa-seizure:3/1", "serial_canonical", "ABC125");
    for (int i = 4; i <= 10; i++) {
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:%d/1", i);
        assert_field(ref, "serial_canonical", i == 8 ? "ABC130" : NULL);
    }
    load_report_clear(&report);
}
END_TEST

/* A text tells the number where its cell holds what is none, and where it is gone from the metal if
 * it says that this one was restored; never a part's, another thing's or firearm's, a day or a
 * file. */
START_TEST(test_told_instead)
{
    static const char *const rows[][4] = {
        {"US PAT 4539889", "S/N ABC1234.", "ABC1234", "FULL"},
        {"LOT NO. 40771", "Lot number on barrel; serial ABC1234 under grip", "ABC1234", "FULL"},
        {"92FS", "S/N ABC1234 noted on receiver", "ABC1234", "FULL"},
        {"92FS", "S/N ABC1234 on the slide", NULL, "NOT_A_SERIAL"},
        {"92FS", "N/S ABC1234 sur la glissière", NULL, "NOT_A_SERIAL"},
        {"92FS", "Slide S/N ABC1234", NULL, "NOT_A_SERIAL"},
        {"92FS", "Importer's serial ABC1234", NULL, "NOT_A_SERIAL"},
        {"92FS", "Original maker's number ABC1234", "ABC1234", "FULL"},
        {"GROUND OFF", "Lab restored serial number ABC1234", "ABC1234", "RESTORED"},
        {"GROUND OFF", "SN on frame restored by lab as ABC1234", "ABC1234", "RESTORED"},
        {"MEULÉ", "N/S révélé : ABC1234", "ABC1234", "RESTORED"},
        {"GROUND OFF", "Second pistol seized, serial number ABC1234", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial could not be restored. Also seized Glock 26 S/N ABC1234", NULL,
         "OBLITERATED"},
        {"GROUND OFF", "Sent to lab. Second pistol serial number ABC1234 seized", NULL,
         "OBLITERATED"},
        {"GROUND OFF", "Serial not restored by lab, S/N ABC1234 on the other pistol", NULL,
         "OBLITERATED"},
        {"GROUND OFF", "Lab report pending. Laptop serial number C02XK1234", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial restored on 20230512", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial restored 20230512", NULL, "OBLITERATED"},
        {"GROUND OFF", "N/S restauré par le labo le 20230512", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial number restored by lab 2023-04551", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial on frame. 2023-11873 refers; sent to lab", NULL, "OBLITERATED"},
        {"GROUND OFF", "Lab serial number 123456", NULL, "OBLITERATED"},
        {"GROUND OFF", "Serial number restored as ABC1234; lab file 23-4451", "ABC1234",
         "RESTORED"},
        {"GROUND OFF", "Serial ABC1234 restored by lab", "ABC1234", "RESTORED"},
        {"GROUND OFF", "S/N ABC1234 (restored)", "ABC1234", "RESTORED"},
        {"92FS", "iPhone serial number F2LXK1234 seized", NULL, "NOT_A_SERIAL"},
        {"92FS", "S/N ABC1234 (slide)", NULL, "NOT_A_SERIAL"},
        {"92FS", "S/N ABC1234 on the left slide", NULL, "NOT_A_SERIAL"},
        {"92FS", "N/S ABC1234 de la glissière", NULL, "NOT_A_SERIAL"},
        {"92FS", "Slide bears S/N ABC1234", NULL, "NOT_A_SERIAL"},
        {"92FS", "Also seized: Glock 26 S/N ABC1234", NULL, "NOT_A_SERIAL"},
        {"92FS", "Aucune autre marque, N/S ABC1234", "ABC1234", "FULL"},
        {"92FS", "Serial number is on the frame. 2023-1234 refers", NULL, "NOT_A_SERIAL"},
        {"92FS", "Serial read by 51234", NULL, "NOT_A_SERIAL"},
        {"92FS", "Serial number: on frame ABC1234", "ABC1234", "FULL"},
        {"UNKNOWN", "Pas de numéro de série ABC1234", NULL, "UNKNOWN"},
        {"NONE", "S/N ABC1234", NULL, "NONE"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf(
            "trace_number,serial_number,manufacturer,remarks\nT1%u,%s,BERETTA,\"%s\"\n", (guint)i,
            rows[i][0], rows[i][1]);
        g_autofree char *ref = g_strdup_printf("atf-trace:T1%u", (guint)i);
        LoadReport report = load_text(text);

        assert_field(ref, "serial_canonical", rows[i][2]);
        assert_field(ref, "serial_kind", rows[i][3]);
        ck_assert_uint_eq(report.warnings, rows[i][2] ? 1 : 0);
        load_report_clear(&report);
    }
}
END_TEST

/* A make that stands before its model, or is it, where the make has no cell; never of a copy. */
START_TEST(test_make_in_model)
{
    static const char *const makes[] = {
        "GLOCK", "SMITH & WESSON", "FN", "POLYMER80", NULL, NULL, NULL, NULL, "TAURUS"};
    LoadReport report =
        load_text("seizure_no,item_no,seizure_date,make,model\n1,1,2023-01-01,,GLOCK 19\n"
                  "1,2,2023-01-01,UNKNOWN,S&W 642\n1,3,2023-01-01,,FN 509\n"
                  "1,4,2023-01-01,,PF940C\n1,5,2023-01-01,,GLOCK CLONE 19\n"
                  "1,6,2023-01-01,,19\n1,7,2023-01-01,,AR-15\n1,8,2023-01-01,,CARCASSE GLOCK\n"
                  "1,9,2023-01-01,TAURUS,GLOCK 19\n");

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(makes));
    ck_assert_uint_eq(report.warnings, 4);
    assert_remark("2:make:other-field");
    for (gsize i = 0; i < G_N_ELEMENTS(makes); i++) {
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:1/%" G_GSIZE_FORMAT, i + 1);
        assert_field(ref, "make", makes[i]);
    }
    load_report_clear(&report);
}
END_TEST

/* Make and model in each other's column; not where either may be what it says it is. */
START_TEST(test_make_for_model)
{
    static const char *const told[][2] = {{"SIG SAUER", "P320"},       {"RAVEN", "MP-25"},
                                          {"ARSENAL", "SAIGA"},        {"POLYMER80", "GLOCK"},
                                          {"P320", "SIG SAUER CLONE"}, {"80% LOWER", "GLOCK"},
                                          {"3D-PRINT", "GLOCK"},       {"2A ARMAMENT", "RUGER"}};
    LoadReport report =
        load_text("seizure_no,item_no,seizure_date,make,model\n1,1,2023-01-01,P320,Sig Sauer\n"
                  "1,2,2023-01-01,MP-25,Raven Arms\n1,3,2023-01-01,Arsenal,SAIGA\n"
                  "1,4,2023-01-01,P80,GLOCK\n1,5,2023-01-01,P320,SIG SAUER CLONE\n"
                  "1,6,2023-01-01,80% LOWER,GLOCK\n1,7,2023-01-01,3D-PRINT,GLOCK\n"
                  "1,8,2023-01-01,2A ARMAMENT,Ruger\n");

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(told));
    ck_assert_uint_eq(report.warnings, 2);
    assert_remark("2:make:other-field");
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:1/%" G_GSIZE_FORMAT, i + 1);
        assert_field(ref, "make", told[i][0]);
        assert_field(ref, "model", told[i][1]);
    }
    load_report_clear(&report);
}
END_TEST

/* Model and number in each other's column; a model beside another model, or the number of a
 * catalogue, is none. */
START_TEST(test_number_for_model)
{
    static const char *const told[][3] = {
        {"HAA1234", "642", "HAA1234"}, {"113656", "JA 22", "113656"},    {"P320", "P365", NULL},
        {"P320", "XCARRY", NULL},      {"HAA1234", "SHIELD", "HAA1234"}, {"LCP", "03701", NULL},
        {"P320", "320F-9-BSS", NULL},  {"SKS", "SKS-1956", NULL},        {"642", "220069", NULL}};
    LoadReport report = load_text("trace_number,serial_number,manufacturer,model\n"
                                  "T1,642,S&W,HAA1234\nT2,JA 22,JIMENEZ,113656\n"
                                  "T3,P320,SIG,P365\nT4,P320,SIG,XCARRY\n"
                                  "T5,HAA1234,S&W,SHIELD\nT6,LCP,RUGER,03701\n"
                                  "T7,P320,SIG,320F-9-BSS\nT8,SKS,NORINCO,SKS-1956\n"
                                  "T9,642,S&W,220069\n");

    ck_assert_uint_eq(report.warnings, 2);
    assert_remark("2:serial_number:other-field");
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", (guint)i + 1);
        assert_field(ref, "serial_number", told[i][0]);
        assert_field(ref, "model", told[i][1]);
        assert_field(ref, "serial_pattern", told[i][2]);
    }
    load_report_clear(&report);
}
END_TEST

/* The trace that a seizure or a later trace names, whatever stands beside its number. */
START_TEST(test_named_trace)
{
    static const char *const told[][2] = {
        {"T20230000007", "T20230000007"},
        {"Trace T20230000007", "T20230000007"},
        {"ATF trace # T2023-0000007 (CNFTC)", "T20230000007"},
        {"T20230000007.0", "T20230000007"},
        {"T20230000007; see T20230000007", "T20230000007"},
        {"T2023-0000007", "T2023-0000007"},
        {"T20230000007/T20230000008", "T20230000007/T20230000008"},
        {"XT20230000007", "XT20230000007"},
        {"T202300000071 X", "T202300000071 X"},
        {"20230000007", "T20230000007"},
        {"2023-0000007", "2023-0000007"},
        {"30230000007", "30230000007"},
        {"CNFTC-23-17", "CNFTC-23-17"},
        {"pending", NULL},
        {"T", NULL}};
    static const char *const named[] = {"See trace # T20230000007",
                                        "DUP OF TRACE NO. T20230000007",
                                        "dup T20230000007",
                                        "Duplicate - refer to T20230000007",
                                        "previously traced under T20230000007",
                                        "VOIR T20230000007",
                                        "same as T20230000007"};

    static const char *const denied[] = {"NOT DUPLICATE OF T20230000007",
                                         "Not a duplicate of T20230000007",
                                         "Pas un double de T20230000007"};

    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autofree char *text = g_strdup_printf("seizure_no,item_no,seizure_date,make,trace_ref\n"
                                                "%u,1,2023-01-01,GLOCK,%s\n",
                                                (guint)i + 1, told[i][0]);
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:%u/1", (guint)i + 1);
        LoadReport report = load_text(text);

        assert_field(ref, "trace_no", told[i][1]);
        load_report_clear(&report);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
        g_autofree char *text = g_strdup_printf(
            "trace_number,serial_number,disposition,remarks\nT9%u,A1,DUP,%s\n", (guint)i, named[i]);
        g_autofree char *ref = g_strdup_printf("atf-trace:T9%u", (guint)i);
        LoadReport report = load_text(text);

        assert_field(ref, "duplicate_of", "T20230000007");
        load_report_clear(&report);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(denied); i++) {
        g_autofree char *text =
            g_strdup_printf("trace_number,serial_number,disposition,remarks\nT8%u,A1,DUP,%s\n",
                            (guint)i, denied[i]);
        g_autofree char *ref = g_strdup_printf("atf-trace:T8%u", (guint)i);
        LoadReport report = load_text(text);

        assert_field(ref, "duplicate_of", NULL);
        load_report_clear(&report);
    }

    /* A trace without its letter is the one of its number: its own, and one that it names. */
    LoadReport report = load_text("trace_number,serial_number,disposition,remarks\n"
                                  "20230000017,A1,DUP,SEE TRACE 20230000007\n");
    assert_field("atf-trace:20230000017", "trace_no", "T20230000017");
    assert_field("atf-trace:20230000017", "duplicate_of", "T20230000007");
    load_report_clear(&report);
}
END_TEST

/* What a disposition begins with is no theft where the rest denies it: new words stand alone. */
START_TEST(test_denied_disposition)
{
    LoadReport report = load_text("trace_number,serial_number,disposition\n"
                                  "T1,A1,Theft from FFL\nT2,A2,THEFT FROM FFL RULED OUT\n"
                                  "T3,A3,INTERSTATE THEFT NOT SUSPECTED\n");

    ck_assert_uint_eq(report.loaded, 3);
    assert_field("atf-trace:T1", "disposition", "STL");
    assert_field("atf-trace:T2", "disposition", NULL);
    assert_field("atf-trace:T3", "disposition", NULL);
    load_report_clear(&report);
}
END_TEST

/* The same words are read once a firearm; what stands beside them still counts. */
START_TEST(test_words_again)
{
    static const char *const kinds[] = {"UNKNOWN",     "OBLITERATED",  "UNKNOWN", "NONE",
                                        "OBLITERATED", "NOT_A_SERIAL", "UNKNOWN"};
    LoadReport report =
        load_text("trace_number,serial_number,serial_obliterated,manufacturer,model\n"
                  "T20230000001,UNKNOWN,N,GLOCK,19\nT20230000002,GROUND OFF,N,GLOCK,19\n"
                  "T20230000003,UNKNOWN,N,GLOCK,19\nT20230000004,NONE,N,GLOCK,19\n"
                  "T20230000005,UNKNOWN,Y,GLOCK,19\nT20230000006,KEL-TEC,N,KEL-TEC,P11\n"
                  "T20230000007,UNKNOWN,N,GLOCK,19\n");

    ck_assert_uint_eq(report.loaded, G_N_ELEMENTS(kinds));
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T202300000%02" G_GSIZE_FORMAT, i + 1);
        assert_field(ref, "serial_kind", kinds[i]);
    }
    load_report_clear(&report);
}
END_TEST

/* Columns that no row filled so far, filled by a later file on the same connection. */
START_TEST(test_columns_later)
{
    LoadReport first = load_text("trace_number,serial_number,manufacturer\n"
                                 "T20230000001,ABC123,GLOCK\n");
    LoadReport second =
        load_text("trace_number,serial_number,manufacturer,vehicle_plate,possessor_last,"
                  "possessor_first,possessor_phone\n"
                  "T20230000002,ABC124,GLOCK,ABCD123,ROY,JOHN,6135550101\n");

    ck_assert_uint_eq(first.loaded + second.loaded, 2);
    assert_field("atf-trace:T20230000001", "vehicle_plate", NULL);
    assert_field("atf-trace:T20230000002", "vehicle_plate", "ABCD123");
    assert_mention("atf-trace:T20230000002", "possessor", MENTION_PHONE, "6135550101");
    load_report_clear(&first);
    load_report_clear(&second);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_other_field);
    tcase_add_test(tcase, test_told_serial);
    tcase_add_test(tcase, test_told_instead);
    tcase_add_test(tcase, test_own_number);
    tcase_add_test(tcase, test_make_in_model);
    tcase_add_test(tcase, test_make_for_model);
    tcase_add_test(tcase, test_named_trace);
    tcase_add_test(tcase, test_denied_disposition);
    tcase_add_test(tcase, test_number_for_model);
    tcase_add_test(tcase, test_words_again);
    tcase_add_test(tcase, test_columns_later);
}

int main(void)
{
    return run_suite("loaders/told", fill);
}
