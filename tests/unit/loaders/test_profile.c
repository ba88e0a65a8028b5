/*
 * Profiles: the built-in ones load a sample of their own headers and every alias, broken ones
 * are refused with file and line, ambiguity is named, one profile more is one file more.
 */
#include "loaders/normalise.h"
#include "loaders/profile.h"
#include "tests/unit/loaders/fixture.h"

static const char *sample_cell(const Profile *profile, guint index)
{
    const ProfileColumn *column = profile_column(profile, index);

    if (normaliser_is_date(column->normaliser))
        return profile->orders[0] == DATE_MDY ? "02/25/2020" : "2020-02-25";
    if (strcmp(column->name, "ffl_number") == 0)
        return "7-23-091-01-7F-14245";
    for (guint i = 0; i < profile->key->len; i++)
        if (g_array_index(profile->key, KeyPart, i).column == (int)index)
            return i == 0 ? "T20230001" : "1";
    return column->required ? "AB12345" : "";
}

/* One row under names of the profile: canonical ones, or each column's n-th alias. */
static char *sample(const Profile *profile, guint alias, char delimiter)
{
    GString *header = g_string_new(NULL), *row = g_string_new(NULL);

    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);
        guint n = column->aliases ? g_strv_length(column->aliases) : 0;

        g_string_append_printf(header, "%s\"%s\"", i ? (char[]){delimiter, '\0'} : "",
                               alias && n ? column->aliases[(alias - 1) % n] : column->name);
        g_string_append_printf(row, "%s%s", i ? (char[]){delimiter, '\0'} : "",
                               sample_cell(profile, i));
    }
    g_string_append_printf(header, "\n%s\n", row->str);
    g_string_free(row, TRUE);
    return g_string_free(header, FALSE);
}

/* Every profile of the folder, under its own names and under each alias. */
START_TEST(test_samples)
{
    ck_assert_uint_ge(profiles->all->len, 6);
    for (guint i = 0; i < profiles->all->len; i++) {
        const Profile *profile = g_ptr_array_index(profiles->all, i);

        for (guint alias = 0; alias < 12; alias++) {
            g_autofree char *text = sample(profile, alias, ",;\t|"[alias % 4]);
            LoadReport report = load_text(text);

            ck_assert_str_eq(report.profile, profile->name);
            ck_assert_msg(report.rejected + report.warnings == 0, "%s: %s", profile->name,
                          (char *)g_ptr_array_index(remarks, 0));
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
        {"[profile]\nkind=Guns;\nkey=model\n[column model]\n", ":2: 'Guns;' is no kind"},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nparts=make\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nglue=-\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nparts=model\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nor=make\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\ndetect=make\n[column model]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model/model/model/model/model\n[column model]\n", ":3: "},
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
        {"[profile]\nkind=stolen\nkey=model\n[column model]\naliases=--\n", "'--' is no column"},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nweak=--\n", "'--' is no column"},
        {"[profile]\nkind=stolen\nkey=--\n[column --]\nto=model\n", "'--' is no column"},
        {"[profile]\nkind=stolen\n[column model]\n", "key"},
        {"[profile]\nkind=stolen\nkey=\n[column model]\n", "key"},
        {"[profile]\nkey=model\n[column model]\n", "kind"},
        {"[profile]\nkind=stolen\nkey=model\ndates=DMY;MDY;ISO;DMY\n[column model]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model\ndates=DMY;DMY\n[column model]\n", ":4: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nnormaliser=code\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nnormaliser=code:\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nnormaliser=make:makes\n", ":5: "},
        {"[profile]\nkind=stolen\nkey=model\n[column model]\nparts=model;make\nglue=-\n", ":5: "},
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

/* A weak name is a column's where nothing else is, and no second cell would be so too. */
START_TEST(test_weak_names)
{
    LoadReport report = load_text("N\u00B0 de saisie;N\u00B0 article;Date de la saisie;Type;"
                                  "N\u00B0 de s\u00E9rie;Nom;Date de naissance\n"
                                  "4531-23-0001;1;2023-01-02;revolver;AB1234;ROY;1990-03-04\n");

    ck_assert_str_eq(report.profile, "cbsa-seizure");
    assert_field("cbsa-seizure:4531-23-0001/1", "serial_number", "AB1234");
    assert_field("cbsa-seizure:4531-23-0001/1", "firearm_type", "REVOLVER");
    assert_mention("cbsa-seizure:4531-23-0001/1", "traveller", MENTION_LAST, "ROY");
    assert_mention("cbsa-seizure:4531-23-0001/1", "traveller", MENTION_DOB, "1990-03-04");
    load_report_clear(&report);
    report = load_text("seizure_no,item_no,seizure_date,serial_number,dob,traveller_dob,"
                       "traveller_given,surname,last name\n"
                       "4531-23-0002,1,2023-01-02,AB1235,1980-01-01,1990-03-04,ANN,ROY,CARON\n");
    ck_assert_uint_eq(report.loaded, 1);
    assert_mention("cbsa-seizure:4531-23-0002/1", "traveller", MENTION_LAST, NULL);
    assert_mention("cbsa-seizure:4531-23-0002/1", "traveller", MENTION_DOB, "1990-03-04");
    load_report_clear(&report);
}
END_TEST

/* Reports without numbers of their own: what they are about stands in. */
START_TEST(test_unnumbered)
{
    LoadReport report =
        load_text("report_date,ffl_number,serial_number,manufacturer,transfer_date\n"
                  "01/03/2023,2-23-091-01-7F-14245,AB1,GLOCK,01/02/2023\n"
                  "01/03/2023,2-23-091-01-7F-14245,AB2,GLOCK,01/02/2023\n"
                  "01/03/2023,2-23-091-01-7F-14245,AB2,GLOCK,01/02/2023\n");

    ck_assert_str_eq(report.profile, "multiple-sale");
    ck_assert_uint_eq(report.loaded, 2);
    ck_assert_uint_eq(report.duplicates, 1);
    load_report_clear(&report);
    report = load_text("theft_date,serial_number,make\n2023-01-02,AB1,GLOCK\n"
                       "2023-01-02,AB2,GLOCK\n");
    ck_assert_str_eq(report.profile, "stolen");
    ck_assert_uint_eq(report.loaded, 2);
    load_report_clear(&report);
}
END_TEST

/* Every sample loads without a reject, and every profile has one that is found to be its own. */
START_TEST(test_data_samples)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GDir) dir = g_dir_open("data-samples", 0, NULL);
    const char *name;

    options.as_of = date_parse("2030-01-01", DATE_ISO);
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename("data-samples", name, NULL);
        g_autofree char *message = NULL;
        LoadReport report;

        if (g_str_has_suffix(name, ".md"))
            continue;
        ck_assert_msg(load_path(path, &report, &message) == STATUS_DONE, "%s", message);
        ck_assert_uint_ge(report.loaded, 5);
        ck_assert_uint_eq(report.rejected, 0);
        g_hash_table_add(seen, g_strdup(report.profile));
        load_report_clear(&report);
    }
    for (guint i = 0; i < profiles->all->len; i++) {
        const Profile *profile = g_ptr_array_index(profiles->all, i);

        ck_assert_msg(g_hash_table_contains(seen, profile->name), "no sample of '%s'",
                      profile->name);
    }
}
END_TEST

/* Cells in parts: what the header has not is left out, what is blank stays a gap; a header may
 * have the whole instead; a list that could be of anything is not taken for people. */
START_TEST(test_parts_and_lists)
{
    LoadReport report = load_text("lic_regn,lic_dist,lic_seqn,license_name\n2,1,539,A\n"
                                  "2,,539,B\n");

    assert_field("ffl:20100539", "ffl_name", "A");
    assert_field("ffl:20100539", "rds_key", "20100539");
    ck_assert_uint_eq(report.rejected, 1);
    load_report_clear(&report);
    report = load_text("license number,license name,trade name\n2-01-019-07-3B-00540,A,NULL\n"
                       "2-01-019-07-3B-00541,A,THE SHOP\n");
    assert_field("ffl:20100540", "ffl_name", "A");
    assert_field("ffl:20100540", "ffl_type", "07");
    assert_field("ffl:20100541", "ffl_name", "THE SHOP");
    load_report_clear(&report);

    g_autofree char *message = NULL;

    ck_assert_int_eq(load_bytes("id,name,city\n1,bolts,Ajax\n", -1, &report, &message),
                     STATUS_DATA);
    ck_assert_msg(strstr(message, "'person' is meant; name it") != NULL, "%s", message);
    load_report_clear(&report);
    options.profile = "person";
    report = load_text("id,name,city\n1,Ann Bell,Ajax\n");
    ck_assert_uint_eq(report.loaded, 1);
    load_report_clear(&report);
}
END_TEST

/* Writes a profile into the test's folder. */
static void put_profile(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

/* A map may be called anything: it has its whole name, less .ini. */
START_TEST(test_name)
{
    static const char *const NAMES[][2] = {{"own.ini", "own"}, {"own.map", "own.map"}, {"x", "x"}};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(directory, NAMES[i][0], NULL);
        g_autoptr(GError) error = NULL;
        const char *text = "[profile]\nkind=stolen\nkey=model\n[column model]\n";
        ck_assert(g_file_set_contents(path, text, -1, NULL));
        g_autoptr(Profile) profile = profile_load(path, &error);
        ck_assert_msg(profile != NULL, "%s", error ? error->message : "");
        ck_assert_str_eq(profile->name, NAMES[i][1]);
        ck_assert_int_eq(g_remove(path), 0);
    }
}
END_TEST

/* What a header is taken for among the profiles of the folder, or why for none. */
static char *detected(const char *header)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Profiles) own = profiles_load(directory, &error);
    ck_assert_msg(own != NULL, "%s", error ? error->message : "");
    g_auto(GStrv) cells = g_strsplit(header, ",", -1);
    guint n = g_strv_length(cells);
    const Profile *profile = profiles_detect(own, cells, n, &error);
    g_autofree int *columns = profile ? profile_match(profile, cells, n, &error) : NULL;

    ck_assert((columns == NULL) == (error != NULL));
    return g_strdup(error ? error->message : profile->name);
}

/* A folder of one's own: what is no profile there is passed over, one without columns fits
 * nothing, two that fit equally well are both named, the one that knows more columns wins. */
START_TEST(test_own_folder)
{
    static const struct {
        const char *header, *answer;
    } CASES[] = {
        {"model,make", "a"},
        {"make,colour", "b"},
        {"model,make,colour", "two profiles fit the header equally well, 'a' and 'b'"},
        {"city", "no profile knows a column of the header"},
        {"city,city", "no profile knows a column of the header"},
        {"model,model", "profile 'a': column 'model' is there twice: 'model' (1) and 'model' (2)"},
        {"same,same,make,make",
         "profile 'b': header 'same' fits two columns, 'colour' and 'frt_no'"},
        {"same,same,make", "profile 'b': header 'same' fits two columns, 'colour' and 'frt_no'"},
    };

    put_profile("a.ini", "[profile]\nkind=stolen\nkey=make\n[column make]\nweak=city\n"
                         "[column model]\nweak=city\n");
    put_profile("b.ini", "[profile]\nkind=stolen\nkey=make\n[column make]\n"
                         "[column colour]\naliases=same\nto=remarks\n"
                         "[column frt_no]\naliases=same\n");
    put_profile("none.ini", "[profile]\nkind=stolen\nkey=model\n");
    put_profile(".c.ini", "no profile");
    put_profile("notes.txt", "no profile");
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *answer = detected(CASES[i].header);

        ck_assert_msg(strstr(answer, CASES[i].answer) != NULL, "%s: %s", CASES[i].header, answer);
    }
}
END_TEST

START_TEST(test_no_folder)
{
    g_autofree char *missing = g_build_filename(directory, "missing", NULL);
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(profiles_load(missing, &error));
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, missing) != NULL, "%s", error->message);
    g_clear_error(&error);
    put_profile("broken.ini", "[profile]\nkind=stolen\nkey=hat\n");
    ck_assert_ptr_null(profiles_load(directory, &error));
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, "broken.ini:3: ") != NULL, "%s", error->message);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, test_samples);
    tcase_add_test(tcase, test_broken);
    tcase_add_test(tcase, test_own_layout);
    tcase_add_test(tcase, test_weak_names);
    tcase_add_test(tcase, test_unnumbered);
    tcase_add_test(tcase, test_data_samples);
    tcase_add_test(tcase, test_parts_and_lists);
    tcase_add_test(tcase, test_own_folder);
    tcase_add_test(tcase, test_name);
    tcase_add_test(tcase, test_no_folder);
}

int main(void)
{
    return run_suite("loaders/profile", fill);
}
