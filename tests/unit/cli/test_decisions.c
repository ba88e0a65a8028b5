/*
 * why, persons, suppress, leads set, stats --rules as a user has them, and as a hostile one does:
 * references that are none, huge notes, control characters, dates, a busy and a read-only store.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/cli/program.h"
#include "tests/unit/cli/world.h"
#include "tests/unit/suite.h"

#define T1 "atf-trace:T20240000001"
#define T2 "atf-trace:T20240000002"
#define S1 "cbsa-seizure:4531-24-0001/1"
#define S2 "cbsa-seizure:4531-24-0001/2"

static char *dir, *lead;

static char *expect(const char *line, int status, const char *err)
{
    Ran ran = program_run(dir, line);
    ck_assert_msg(ran.status == status, "'%s': %d instead of %d: %s%s", line, ran.status, status,
                  ran.err, ran.out);
    ck_assert_msg(strstr(ran.err, err) != NULL, "'%s': '%s' not in '%s'", line, err, ran.err);
    g_free(ran.err);
    return ran.out;
}

static void run(const char *line, int status, const char *err)
{
    g_free(expect(line, status, err));
}

static void shows(const char *line, const char *text)
{
    g_autofree char *out = expect(line, 0, "");
    ck_assert_msg(strstr(out, text) != NULL, "'%s': '%s' not in '%s'", line, text, out);
}

static void set_up(void)
{
    dir = folder_new();
    folder_write(dir, "traces.csv", WORLD_TRACES);
    folder_write(dir, "seizures.csv", WORLD_SEIZURES);
    run("load -q traces.csv seizures.csv", 0, "");
    run("correlate -q", 0, "");
    g_autofree char *list = expect("leads list --format csv", 0, "");
    g_auto(GStrv) lines = g_strsplit(list, "\n", 3);
    lead = g_strndup(lines[1], strcspn(lines[1], ","));
    ck_assert(*lead == 'L');
}

static void tear_down(void)
{
    g_free(lead);
    folder_remove(dir);
}

START_TEST(why_tells_the_stored_numbers)
{
    shows("why " T1 " " S1 " --format csv", "result,tier,S0,");
    shows("why " T1 " " S1 " --format csv", "result,same,yes,");
    shows("why " T1 " " S2 " --format csv", "result,tier,S2,");
    shows("why " S1 " " S2 " --format csv", "never compared: two seizures");
    shows("why " T1 ":purchaser " T2 ":purchaser --format csv", "result,same,yes,");
    shows("why " S1 " " T1 " --sentence", "are held to be of one firearm.");
    shows("why " S1 " " T1 " --sentence --lang fr", "tenues pour celles d'une seule arme");
    g_autofree char *links = expect("export links", 0, "");
    g_autofree char *why = expect("why " S1 " " T1 " --format csv", 0, "");
    g_auto(GStrv) rows = g_strsplit(strstr(links, S1 "," T1), ",", 7);
    g_autofree char *bits = g_strdup_printf("result,bits,,,,,,,%s\n", rows[3]);
    g_autofree char *probability = g_strdup_printf("result,probability,,,,,,,%s\n", rows[4]);
    g_autofree char *chance = g_strdup_printf("result,chance_matches,,,,,,,%s\n", rows[5]);
    ck_assert_ptr_nonnull(strstr(why, bits));
    ck_assert_ptr_nonnull(strstr(why, probability));
    ck_assert_ptr_nonnull(strstr(why, chance));
}
END_TEST

START_TEST(persons_are_split_and_joined)
{
    run("persons split " T1 ":purchaser " T2 ":purchaser --reason 'two brothers'", 0, "");
    run("correlate -q", 0, "");
    shows("why " T1 ":purchaser " T2 ":purchaser --format csv", "result,reason,dismissed");
    shows("why " T1 ":purchaser " T2 ":purchaser --sentence", "two brothers");
    shows("persons list --format csv", "no," T1 ":purchaser," T2 ":purchaser,");
    run("persons undo " T2 ":purchaser " T1 ":purchaser", 0, "");
    run("persons undo " T2 ":purchaser " T1 ":purchaser", 66, "nothing is decided");
    run("correlate -q", 0, "");
    shows("why " T1 ":purchaser " T2 ":purchaser --format csv", "result,same,yes");
}
END_TEST

START_TEST(a_lead_is_worked_on)
{
    g_autofree char *set = g_strdup_printf("leads set %s", lead);
    g_autofree char *assign =
        g_strconcat(set, " --status assigned --owner roy --due 2025-01-31", NULL);
    g_autofree char *dismiss =
        g_strconcat(set, " --status dismissed --outcome no-hit --note 'lawful resale'", NULL);
    g_autofree char *withdraw = g_strconcat(set, " --withdraw", NULL);
    run(assign, 0, "");
    shows("leads list --format csv", ",assigned,");
    run(dismiss, 0, "");
    shows("leads list --format csv", ",dismissed,");
    shows("stats --rules --format csv", "indicator,I2,1,0,1,0.000,");
    run("correlate -q --full", 0, "");
    shows("leads list --format csv", ",dismissed,");
    folder_write(dir, "more.csv",
                 WORLD_SEIZURE_HEADER "4531-24-0009,1,2024-05-29,0453,Windsor - Ambassador Bridge,"
                                      "HIGHWAY,UNDECLARED,FIREARM,PISTOL,GLOCK,19,9 mm,BWKR900,"
                                      "INTACT,SYNTHETIC\n");
    run("load -q more.csv", 0, "");
    run("correlate -q", 0, "");
    shows("leads list --format csv", ",dismissed,"); /* nothing of it is new */
    g_autofree char *show = g_strdup_printf("leads show %s", lead);
    shows(show, "lawful resale");
    g_autofree char *before = expect(show, 0, "");
    ck_assert_ptr_null(strstr(before, "New since"));
    folder_write(dir, "fresh.csv",
                 WORLD_SEIZURE_HEADER "4531-24-0001,3,2024-05-20,0453,Windsor - Ambassador Bridge,"
                                      "HIGHWAY,UNDECLARED,FIREARM,PISTOL,GLOCK,19,9 mm,BWKR901,"
                                      "INTACT,SYNTHETIC\n");
    run("load -q fresh.csv", 0, "");
    run("correlate -q", 0, "");
    shows("leads list --format csv", ",open,"); /* the same seizure has one more item */
    shows(show, "New since then: record cbsa-seizure:4531-24-0001/3");
    run(withdraw, 0, "");
    shows("leads list --format csv", ",new,");
    run(withdraw, 66, "nothing is decided");
}
END_TEST

START_TEST(one_rule_is_silenced)
{
    shows("export indicators", "I2,");
    run("suppress add I2 " T1 " --reason 'known collector' --until 2099-12-31", 0, "");
    run("suppress add I2 " T2 " --reason 'known collector' --until 2099-12-31", 0, "");
    run("correlate -q", 0, "");
    g_autofree char *silent = expect("export indicators", 0, "");
    ck_assert_ptr_null(strstr(silent, "I2,"));
    ck_assert_ptr_nonnull(strstr(silent, "I1,")); /* one rule alone */
    shows("suppress list --format csv", "I2," T1 ",");
    run("suppress add I2 NOBODY --reason r --until 2099-12-31", 0,
        "it silences nothing that I2 said");
    run("suppress expire I2 NOBODY", 0, "");
    run("suppress expire I2 " T1, 0, "");
    run("suppress expire I2 " T2, 0, "");
    run("correlate -q", 0, "");
    shows("export indicators", "I2,");
}
END_TEST

static const struct {
    const char *line;
    int status;
    const char *err;
} refused[] = {
    {"why " T1, 2, "two records"},
    {"why " T1 " " T1, 2, "with itself"},
    {"why no:1 " T1, 66, "no record or mention 'no:1'"},
    {"why " T1 " " T1 ":nobody", 66, "no record or mention"},
    {"why " T1 " " T1 ":purchaser", 2, "cannot compare"},
    {"why " T1 " " T2 " --lang xx", 2, "unknown language"},
    {"why '' ''", 66, "no record"},
    {"persons", 2, "persons takes"},
    {"persons join " T1 " " T2, 2, "is a record"},
    {"persons join " T1 ":purchaser " T1 ":purchaser", 2, "two sides"},
    {"persons weld " T1 ":purchaser " T2 ":purchaser", 2, "persons takes"},
    {"suppress add I2 x", 2, "needs --reason and --until"},
    {"suppress add I2 x --reason r --until 2024-02-30", 2, "no such date"},
    {"suppress add I2 x --reason r --until 31/12/2030", 2, "no such date"},
    {"suppress add I2 x --reason r --until 1999-01-01", 2, "is over"},
    {"suppress add I999 x --reason r --until 2099-01-01", 2, "unknown rule"},
    {"suppress add I2 atf-trace:T99 --reason r --until 2099-01-01", 66,
     "no record and no person 'atf-trace:T99'"},
    {"suppress add I2 " T1 ":purchasr --reason r --until 2099-01-01", 66,
     "did you mean '" T1 ":purchaser'"},
    {"suppress expire I2 x", 66, "nothing is suppressed"},
    {"suppress purge", 2, "suppress takes"},
    {"suppress add I2 'a\nb' --reason r --until 2099-01-01", 2, "control character"},
    {"suppress add I2 '\xff' --reason r --until 2099-01-01", 2, "no UTF-8"},
    {"leads set", 2, "takes one lead"},
    {"leads set L000 --status open", 66, "no such lead"},
    {"--as-of 2024-07-04 leads set L000 --status open", 66, "no such lead"},
    {"--store crosstrace.db leads --lock-wait 9 set L000 --status open", 66, "no such lead"},
    {"leads set L000", 2, "leads set takes"},
    {"leads set L000 --withdraw --status open", 2, "leads set takes"},
};

START_TEST(hostile_lines)
{
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
        run(refused[i].line, refused[i].status, refused[i].err);
    shows("persons list --format csv", "verdict,");
}
END_TEST

START_TEST(hostile_settings)
{
    static const char *const settings[][2] = {
        {"--status merry", "unknown status"},   {"--status ''", "needs a status"},
        {"--outcome maybe", "unknown outcome"}, {"--due 2024-13-01", "no such date"},
        {"--owner 'a\nb'", "one line"},         {"--status dismissed --outcome hit", "was a hit"}};
    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *line = g_strdup_printf("leads set %s %s", lead, settings[i][0]);
        run(line, 2, settings[i][1]);
    }
    g_autofree char *huge = g_strnfill(5000, 'x');
    g_autofree char *note = g_strdup_printf("leads set %s --note %s", lead, huge);
    run(note, 2, "at most 4000 bytes");
    g_autofree char *escapes = g_strdup_printf("leads set %s --note '\033[2J=cmd()'", lead);
    run(escapes, 0, "");
    g_autofree char *shown = g_strdup_printf("leads show %s", lead);
    g_autofree char *text = expect(shown, 0, "");
    ck_assert_ptr_null(strchr(text, '\033'));
    run("audit verify", 0, "");
}
END_TEST

static gpointer let_go_later(gpointer lock)
{
    g_usleep(300000);
    lock_let_go(GPOINTER_TO_INT(lock));
    return NULL;
}

START_TEST(a_busy_store_is_for_later)
{
    int lock = lock_hold(dir);
    run("persons split " T1 ":purchaser " T2 ":purchaser", 75, "");
    run("why " T1 " " S1, 0, ""); /* readers never wait */
    GThread *later = g_thread_new("later", let_go_later, GINT_TO_POINTER(lock));
    run("persons split " T1 ":purchaser " T2 ":purchaser --lock-wait 60", 0, "");
    g_thread_join(later);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("decisions");
    TCase *cases = tcase_create("decisions");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, why_tells_the_stored_numbers);
    tcase_add_test(cases, persons_are_split_and_joined);
    tcase_add_test(cases, a_lead_is_worked_on);
    tcase_add_test(cases, one_rule_is_silenced);
    tcase_add_test(cases, hostile_lines);
    tcase_add_test(cases, hostile_settings);
    tcase_add_test(cases, a_busy_store_is_for_later);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
