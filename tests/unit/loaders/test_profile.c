/*
 * Profiles: the built-in ones load a sample of their own headers and every alias, broken ones
 * are refused with file and line, ambiguity is named, one profile more is one file more.
 */
#include "loaders/profile.h"
#include "tests/unit/loaders/fixture.h"

static const char *const SAMPLES[][2] = {{"cbsa-seizure", "dates=ISO"}, {"atf-trace", "dates=MDY"}};

static const char *sample_cell(const ProfileColumn *column, const char *date)
{
    const char *name = column->name;

    if (g_str_has_suffix(name, "_date") || g_str_has_suffix(name, "_dob"))
        return date;
    if (strcmp(name, "trace_number") == 0 || strcmp(name, "seizure_no") == 0)
        return "T20230001";
    return strcmp(name, "item_no") == 0 ? "1" : "";
}

/* One row under names of the profile: canonical ones, or each column's n-th alias. */
static char *sample(const Profile *profile, const char *date, guint alias, char delimiter)
{
    GString *header = g_string_new(NULL), *row = g_string_new(NULL);

    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);
        guint n = column->aliases ? g_strv_length(column->aliases) : 0;

        g_string_append_printf(header, "%s\"%s\"", i ? (char[]){delimiter, '\0'} : "",
                               alias && n ? column->aliases[(alias - 1) % n] : column->name);
        g_string_append_printf(
            row, "%s%s", i ? (char[]){delimiter, '\0'} : "",
            strcmp(column->name, "serial_number") == 0 ? "AB12345" : sample_cell(column, date));
    }
    g_string_append_printf(header, "\n%s\n", row->str);
    g_string_free(row, TRUE);
    return g_string_free(header, FALSE);
}

START_TEST(test_samples)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        const Profile *profile = profiles_get(profiles, SAMPLES[i][0], NULL);
        const char *date = i ? "02/25/2020" : "2020-02-25";

        ck_assert_ptr_nonnull(profile);
        for (guint alias = 0; alias < 8; alias++) {
            g_autofree char *text = sample(profile, date, alias, ",;\t|"[alias % 4]);
            LoadReport report = load_text(text);

            ck_assert_str_eq(report.profile, SAMPLES[i][0]);
            ck_assert_uint_eq(report.rejected + report.warnings, 0);
            ck_assert_uint_eq(report.loaded + report.duplicates, 1);
            load_report_clear(&report);
        }
        ck_assert_uint_eq(g_hash_table_size(profile->doubles), 0);
    }
}
END_TEST

START_TEST(test_broken)
{
    static const struct {
        const char *text, *word;
    } CASES[] = {
        {"[profile]\nkind=atf-trace\nkey=a\n[column serial_number]\n", "'a'"},
        {"[profile]\nkind=guns\nkey=model\n[column model]\n", ":2: unknown kind 'guns'"},
        {"[profile]\nkind=stolen\nkey=model\nkolour=1\n[column model]\n",
         ":4: unknown key 'kolour'"},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nalias=x\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nnormaliser=modle\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nto=thief.last\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nto=possessor.hat\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\ndates=YMD\n[column model]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nrequired=perhaps\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column colour]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model\n[table x]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nblank=make\n", ":5: "},
    };
    g_autofree char *path = g_build_filename(directory, "broken.ini", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;

        ck_assert(g_file_set_contents(path, CASES[i].text, -1, NULL));
        ck_assert_ptr_null(profile_load(path, &error));
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, CASES[i].word) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST(test_own_layout)
{
    static const char PROFILE[] = "[profile]\nkind=stolen\nkey=case\ndates=DMY\n"
                                  "event_type=STOLEN\n"
                                  "[column case]\nto=agency_case_no\nnormaliser=number\n"
                                  "required=true\naliases=dossier\n"
                                  "[column stolen_on]\nto=event_date\nnormaliser=date\n"
                                  "[column serial_number]\nnormaliser=serial\naliases=dossier 2\n"
                                  "[column make]\nnormaliser=make\naliases=marke\n"
                                  "[column importer]\nnormaliser=importer\naliases=Marke\n";
    g_autofree char *path = g_build_filename(directory, "own.ini", NULL);
    g_autofree char *message = NULL;
    LoadReport report;

    ck_assert(g_file_set_contents(path, PROFILE, -1, NULL));
    options.map = path;
    report = load_text("Dossier;stolen on;Dossier-2\nK 9;1/2/2020;AB1\n");
    ck_assert_str_eq(report.profile, "own");
    load_report_clear(&report);
    assert_field("stolen:K%209", "event_date", "2020-02-01");
    assert_field("stolen:K%209", "event_type", "STOLEN");
    assert_field("stolen:K%209", "serial_canonical", "AB1");
    ck_assert_int_eq(load_bytes("dossier,MARKE\n1,GLOCK\n", -1, &report, &message), STATUS_DATA);
    ck_assert_msg(strstr(message, "'make' and 'importer'") != NULL, "%s", message);
    load_report_clear(&report);
}
END_TEST

START_TEST(test_data_samples)
{
    static const char *const FILES[] = {"seizures-en.csv", "saisies-fr.csv", "traces.csv"};

    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *path = g_build_filename("data-samples", FILES[i], NULL);
        g_autofree char *message = NULL;
        LoadReport report;

        options.as_of = date_parse("2030-01-01", DATE_ISO);
        ck_assert_msg(load_path(path, &report, &message) == STATUS_DONE, "%s", message);
        ck_assert_uint_gt(report.loaded, 5);
        load_report_clear(&report);
    }
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_samples);
    tcase_add_test(tcase, test_broken);
    tcase_add_test(tcase, test_own_layout);
    tcase_add_test(tcase, test_data_samples);
}

int main(void)
{
    return run_suite("loaders/profile", fill);
}
