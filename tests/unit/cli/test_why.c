/*
 * `why`: the same numbers in every form and those that are stored; words that a court can read in
 * both languages, for every term that the samples give; what came nearest where nothing was
 * compared; and that what people decided moves the next estimate the right way.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"
#include "tests/unit/cli/program.h"
#include "tests/unit/suite.h"

static char *dir;

static char *output_of(const char *line)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status <= 1, "'%s': %d: %s", line, ran.status, ran.err);
    g_free(ran.err);
    return ran.out;
}

static void set_up(void)
{
    static const char *const names[] = {"traces.csv", "seizures-en.csv"};
    dir = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename("data-samples", names[i], NULL), *text = NULL;
        ck_assert(g_file_get_contents(path, &text, NULL, NULL));
        folder_write(dir, names[i], text);
    }
    g_free(output_of("load -q traces.csv seizures-en.csv"));
    g_free(output_of("correlate -q --as-of 2024-12-01"));
}

static void tear_down(void)
{
    folder_remove(dir);
}

static GPtrArray *table_of(const char *line)
{
    g_autofree char *text = output_of(line);
    GPtrArray *rows = csv_read_text(text, strlen(text), line, NULL);
    ck_assert_msg(rows && rows->len, "%s: %s", line, text);
    return rows;
}

/* part, name, value, left, right, bits, counted, sum, number */
static const char *number_of(const GPtrArray *why, const char *name)
{
    for (guint i = 1; i < why->len; i++) {
        char **cells = why->pdata[i];
        if (strcmp(cells[1], name) == 0)
            return cells[8];
    }
    return "";
}

/* kind, left, right, tier, bits, probability, chance_matches */
START_TEST(one_set_of_numbers)
{
    g_autoptr(GPtrArray) links = table_of("export links");
    ck_assert_uint_gt(links->len, 5);
    for (guint i = 1; i < links->len; i += 4) {
        char **link = links->pdata[i];
        g_autofree char *ask = g_strdup_printf("why %s %s --format ", link[1], link[2]);
        g_autofree char *csv = g_strconcat(ask, "csv", NULL);
        g_autoptr(GPtrArray) why = table_of(csv);
        ck_assert_str_eq(number_of(why, "bits"), link[4]);
        ck_assert_str_eq(number_of(why, "probability"), link[5]);
        ck_assert_str_eq(number_of(why, "chance_matches"), link[6]);
        static const char *const forms[] = {"table", "json", "html"};
        for (guint f = 0; f < G_N_ELEMENTS(forms); f++) {
            g_autofree char *line = g_strconcat(ask, forms[f], NULL), *text = output_of(line);
            for (guint r = 1; r < why->len; r++)
                for (guint c = 5; c < 9; c++) /* every number of every row */
                    ck_assert_msg(strstr(text, ((char **)why->pdata[r])[c]), "%s: %s", line,
                                  ((char **)why->pdata[r])[c]);
            ck_assert_ptr_null(strstr(text, "<script"));
        }
    }
}
END_TEST

/* Codes of terms are for programs; a sentence has the words of the table for each. */
START_TEST(plain_words)
{
    g_autoptr(GPtrArray) words = csv_read_all("rules/tables/terms.csv", NULL);
    g_autoptr(GPtrArray) links = table_of("export links");
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 1; i < words->len; i++) {
        char **cells = words->pdata[i];
        ck_assert_msg(*cells[1] && *cells[2], "%s", cells[0]);
        ck_assert_msg(g_hash_table_add(known, cells[0]), "%s", cells[0]);
    }
    for (guint i = 1; i < links->len; i += 3) {
        char **link = links->pdata[i];
        g_autofree char *line = g_strdup_printf("why %s %s --format csv", link[1], link[2]);
        g_autoptr(GPtrArray) why = table_of(line);
        for (guint r = 1; r < why->len; r++) {
            char **cells = why->pdata[r];
            g_autofree char *level = g_strdup_printf("%s:%s", cells[1], cells[2]);
            if (strcmp(cells[0], "evidence") != 0)
                continue;
            ck_assert_msg(g_hash_table_contains(known, cells[1]), "no words for '%s'", cells[1]);
            ck_assert_msg(g_hash_table_contains(known, level) ||
                              g_hash_table_contains(known, level + strlen(cells[1])),
                          "no words for '%s'", level);
        }
    }
    static const struct {
        const char *line, *says;
    } asked[] = {
        {"why cbsa-seizure:4561-22-0083/1 atf-trace:T20220064408 --sentence",
         "serial number: the characters that could be read fit ('JD?4?17' and 'JDK4217'), +"},
        {"why cbsa-seizure:4561-22-0083/1 atf-trace:T20220064408 --sentence --lang fr",
         "numéro de série : les caractères lisibles concordent ('JD?4?17' et 'JDK4217'), +"},
        {"why cbsa-seizure:4561-22-0083/1 atf-trace:T20220064408 --sentence",
         "Firearms on file whose number is expected to fit as well by chance: 0."},
        {"why cbsa-seizure:4561-22-0083/1 atf-trace:T20220064408 --sentence",
         "000 times as likely if it is one"},
        {"why cbsa-seizure:4531-23-0147/1 atf-trace:T20220064408 --sentence",
         "Nearest came: slips of the pen (tier S2b), but the numbers are 5 slips apart, and at "
         "most "
         "2 are allowed."},
    };
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *text = output_of(asked[i].line);
        ck_assert_msg(strstr(text, asked[i].says), "%s: %s", asked[i].line, text);
    }
}
END_TEST

/* The prior of seizures and traces, as an estimate with decisions on all links has it. */
static double prior_after(const char *decision)
{
    g_autoptr(GPtrArray) links = table_of("export links");
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = 1; i < links->len; i++) {
        char **link = links->pdata[i];
        if (strcmp(link[0], "serial") == 0 && g_str_has_prefix(link[1], "cbsa-seizure:"))
            g_string_append_printf(
                lines, "{\"type\":\"link\",\"left\":\"%s\",\"right\":\"%s\",\"decision\":\"%s\"}\n",
                link[1], link[2], decision);
    }
    folder_write(dir, "decisions", lines->str);
    g_autofree char *program = g_canonicalize_filename(
        g_getenv("CROSSTRACE_BIN") ? g_getenv("CROSSTRACE_BIN") : "build/crosstrace", NULL);
    g_autofree char *line =
        g_strdup_printf("cd '%s' && '%s' review --format ndjson <decisions >answers", dir, program);
    int status = system(line);
    ck_assert_msg(status == 0, "%s: %d", decision, status);
    g_free(output_of("correlate -q --estimate --as-of 2024-12-01"));
    g_autoptr(GPtrArray) why =
        table_of("why cbsa-seizure:4531-23-0147/1 atf-trace:T20220064408 --format csv");
    return g_ascii_strtod(number_of(why, "prior"), NULL);
}

START_TEST(decisions_move_the_estimate)
{
    g_free(output_of("correlate -q --estimate --as-of 2024-12-01"));
    g_autoptr(GPtrArray) why =
        table_of("why cbsa-seizure:4531-23-0147/1 atf-trace:T20220064408 --format csv");
    double alone = g_ascii_strtod(number_of(why, "prior"), NULL);
    double confirmed = prior_after("confirm"), dismissed = prior_after("dismiss");
    ck_assert_double_ge(confirmed, alone);     /* sure already: hardly anything to learn */
    ck_assert_double_lt(confirmed, alone + 1); /* not wrecked */
    ck_assert_double_lt(dismissed, alone);
    ck_assert_double_ge(dismissed, alone - 4);
}
END_TEST

/* The trace is claimed by item 1, which names it; item 2 would fit it as well. Of a confidential
 * source, item 1 is not named. */
START_TEST(two_items_are_two_firearms)
{
    static const char seizures[] =
        "seizure_no,item_no,seizure_date,office_code,mode,declared,commodity,firearm_type,make,"
        "model,calibre,serial_number,serial_condition,trace_ref,confidential_source,narrative\n"
        "4531-23-9001,1,2023-06-20,0453,HIGHWAY,UNDECLARED,FIREARM,PISTOL,TAURUS,G2C,9MM,TIU58213,"
        "INTACT,T20239000001,%s,SYNTHETIC\n"
        "4531-23-9001,2,2023-06-20,0453,HIGHWAY,UNDECLARED,FIREARM,PISTOL,TAURUS,G2C,9MM,TI?58?13,"
        "RESTORED,,,SYNTHETIC\n";
    static const char *const asked[] = {
        "why cbsa-seizure:4531-23-9001/2 atf-trace:T20239000001 --sentence",
        "why atf-trace:T20239000001 cbsa-seizure:4531-23-9001/2 --format csv",
    };
    static const char *const says[] = {
        "The traced firearm is more likely cbsa-seizure:4531-23-9001/1 (probability ",
        "another candidate is likelier",
    };
    folder_write(dir, "trace.csv",
                 "trace_number,serial_number,manufacturer,model,caliber,firearm_type,purchase_date,"
                 "purchaser_last,purchaser_first,purchaser_dob,remarks\n"
                 "T20239000001,TIU58213,TAURUS,G2C,9MM,PISTOL,03/04/2023,QUARRELL,Dorian,"
                 "05/17/1991,SYNTHETIC\n");
    for (guint secret = 0; secret < 2; secret++) {
        g_autofree char *text = g_strdup_printf(seizures, secret ? "Y" : "");
        folder_write(dir, "items.csv", text);
        g_free(output_of("load -q trace.csv items.csv"));
        g_free(output_of("correlate -q --as-of 2024-12-01"));
        for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
            g_autofree char *said = output_of(asked[i]);
            ck_assert_msg((strstr(said, says[i]) == NULL) == secret, "%s: %s", asked[i], said);
            ck_assert_msg(!secret || !strstr(said, "9001/1"), "%s: %s", asked[i], said);
            ck_assert_msg(!strstr(said, "below the threshold"), "%s: %s", asked[i], said);
        }
    }
}
END_TEST

#define PEOPLE "person_id,last,first,dob,street,city,region,postal,phone,remarks\n"
#define TWIN   ",1985-02-03,5 Rue X,Barrie,ON,L4A 1A1,819-555-0112,SYNTHETIC\n"
#define HOUSE  ",11 Rue du Lac,Barrie,ON,L4A 1A1,819-555-0177,SYNTHETIC\n"

/* Two of one list are two people however alike they are, who would do alone is kept apart by
 * another mention of the same person, and nobody is chosen between father and son. A record of one
 * person alone is named without its role. */
START_TEST(people_are_told_as_the_run_has_them)
{
    static const struct {
        const char *pair, *says, *conceals;
    } asked[] = {
        {"person:M-1 person:M-2", "kept apart by a conflict,", "likely alone"},
        {"person:M-1:person person:M-2 --sentence", "both stand on a list without doubles.",
         "that it is one is"},
        {"person:V-1 person:M-1",
         "both stand on a list without doubles (person:M-1:person and person:M-2:person)",
         "likely alone"},
        {"person:V-1 person:M-1 --sentence --lang fr",
         "toutes deux figurent sur une liste sans doublons (person:M-1:person et "
         "person:M-2:person)",
         "ces deux"},
        {"person:V-1 person:M-2", "same,yes", "conflict"},
        {"person:K-1 person:K-2", "fits two people of one name", "below the threshold"},
        {"person:K-2 person:K-3 --sentence", "the other is person:K-1:person = person:K-2:person",
         "is not enough"},
        {"person:K-1 person:K-3", "two birth dates that no slip of the pen makes one", "likely"},
    };
    folder_write(dir, "members.csv", PEOPLE "M-1,TREMBLAY,Mark" TWIN "M-2,TREMBLAY,Marc" TWIN);
    folder_write(dir, "visitors.csv", PEOPLE "V-1,TREMBLAY,Marc" TWIN);
    folder_write(dir, "parents.csv",
                 PEOPLE "K-1,PARENT,Guy,1951-04-06" HOUSE "K-2,PARENT,Guy," HOUSE
                        "K-3,PARENT,Guy,1983-10-19" HOUSE);
    g_free(output_of("load -q --profile person --list members members.csv"));
    g_free(output_of("load -q --profile person --list visitors visitors.csv"));
    g_free(output_of("load -q --profile person parents.csv"));
    g_free(output_of("correlate -q --as-of 2024-12-01"));
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *line = g_strconcat("why ", asked[i].pair, NULL), *text = output_of(line);
        ck_assert_msg(strstr(text, asked[i].says), "%s: %s", line, text);
        ck_assert_msg(!strstr(text, asked[i].conceals), "%s: %s", line, text);
    }
    Ran ran = program_run(dir, "why person:M-1 atf-trace:T20220064408");
    ck_assert_int_eq(ran.status, 2);
    ck_assert_ptr_nonnull(strstr(ran.err, "cannot compare a record with a person"));
    g_free(ran.out);
    g_free(ran.err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("why");
    TCase *cases = tcase_create("why");
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, one_set_of_numbers);
    tcase_add_test(cases, plain_words);
    tcase_add_test(cases, two_items_are_two_firearms);
    tcase_add_test(cases, decisions_move_the_estimate);
    tcase_add_test(cases, people_are_told_as_the_run_has_them);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
