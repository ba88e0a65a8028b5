/*
 * `show`: what is known of a record, its revisions, a person and a lead; what rests on a record of
 * a confidential source shows nowhere.
 */
#include <check.h>
#include <string.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/secret.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"
#define T3 "atf-trace:" SECRET_KEY
#define S1 "cbsa-seizure:4531-24-0001/1"

static char *dir;

static void set_up(void)
{
    dir = story_new(NULL);
    g_free(program_output(dir, "load traces.csv seizures.csv --as-of 2024-07-01 --store plain.db"));
    g_free(program_output(dir, "correlate --as-of 2024-07-03 --store plain.db"));
}

static void tear_down(void)
{
    folder_remove(dir);
}

static const Answer cases[] = {
    {"show " T1, 0, "part,name,value,received,probability,explanation,handling\n", NULL},
    {"show " T1, 0, "field,make,SMITH & WESSON,SMITH & WESSON,", NULL},
    {"show " S1, 0, "field,make,SMITH & WESSON,S&W,", NULL},
    {"show " T1, 0, "person,purchaser.last,QUARRELL,", NULL},
    {"show " T1, 0, "revision,1,traces.csv:2,", NULL},
    {"show " T1, 0, "revision,2,secret.csv:3,", NULL},
    {"show " T1, 0, "change,2 purchase_date,2024-03-06,,,was '2024-03-04'", NULL},
    {"show " T1, 0, "entity,purchaser," T1 ":purchaser,,", NULL},
    {"show " T1, 0, ",2 mentions,", NULL},
    {"show " T1, 0, "link,S0," S1 ",", NULL},
    {"show " T1, 0, "serial S0 'HAA1234'", NULL},
    {"show " T1 " --store plain.db", 0, "indicator,I", NULL},
    {"show " T1 " --store plain.db", 0, "lead,L", NULL},
    {"show " T1 ":purchaser", 0, "mention," T2 ":purchaser,\"QUARRELL, Dorian\",", NULL},
    {"show " T1 " --format text", 0, "\nlink\n  S0", NULL},
    {"show " T1 " --format table", 0, "explanation", NULL},
    {"show " T1 " --format ndjson", 0, "{\"part\":\"record\",\"name\":\"reference\"", NULL},
    {"show " T3, 77, NULL, "record of a confidential source '" T3 "'"},
    {"show " T3 ":purchaser", 77, NULL, "confidential source"},
    {"why " T3 " " T1, 77, NULL, "confidential source"},
    {"show cbsa-seizure:4531-24-0001", 66, NULL,
     "no record 'cbsa-seizure:4531-24-0001'; its items are '" S1
     "', 'cbsa-seizure:4531-24-0001/2'"},
    {"show cbsa-seizure:4531-24-000", 66, NULL,
     "no record or mention 'cbsa-seizure:4531-24-000'; write"},
    {"show atf-trace:T9", 66, NULL, "no record or mention 'atf-trace:T9'"},
    {"show " T1 ":nobody", 66, NULL, "no record or mention"},
    {"show Lffffffffffff", 66, NULL, "no lead 'Lffffffffffff'; 'crosstrace leads list'"},
    {"show", 2, NULL, "show takes one record"},
    {"show " T1 " --format xml", 2, NULL, "unknown format 'xml'"},
};

START_TEST(every_part_shows)
{
    program_answers(dir, &cases[_i]);
}
END_TEST

START_TEST(confidential_shows_nowhere)
{
    static const char *const lines[] = {"show " T1,
                                        "show " S1,
                                        "show " T1 ":purchaser",
                                        "show " T2 ":purchaser --format text",
                                        "export persons",
                                        "export links",
                                        "export indicators"};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        Ran ran = program_run(dir, lines[i]);
        ck_assert_int_eq(ran.status, 0);
        ck_assert_msg(!strstr(ran.out, SECRET_KEY), "%s: %s", lines[i], ran.out);
        ran_clear(&ran);
    }
}
END_TEST

START_TEST(lead_shows_as_in_leads)
{
    Ran leads = program_run(dir, "leads --store plain.db");
    g_auto(GStrv) rows = g_strsplit(leads.out, "\n", 3);
    g_autofree char *id = g_strndup(rows[1], strcspn(rows[1], ","));
    g_autofree char *a = g_strdup_printf("show %s --store plain.db", id),
                    *b = g_strdup_printf("leads show %s --store plain.db", id);
    Ran one = program_run(dir, a), other = program_run(dir, b);
    ck_assert_int_eq(one.status, 0);
    ck_assert_str_eq(one.out, other.out);
    ck_assert_ptr_nonnull(strstr(one.out, id));
    ran_clear(&leads);
    ran_clear(&one);
    ran_clear(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("show");
    TCase *tcase = tcase_create("show");
    tcase_add_loop_test(tcase, every_part_shows, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, confidential_shows_nowhere);
    tcase_add_test(tcase, lead_shows_as_in_leads);
    return program_main(suite, tcase, set_up, tear_down);
}
