/* Tests of lead_build: what is a lead, what counts for it and against it, caps, priority. */
#include <math.h>

#include "tests/unit/lead/built.h"
#include "tests/unit/suite.h"

START_TEST(test_needs)
{
    g_autoptr(LeadEvidence) bare = ring_new(1);
    ck_assert_ptr_null(build(bare)); /* no indicator */
    g_autoptr(LeadEvidence) outweighed = ring_new(1);
    add_indicator(outweighed, "C1", "p", "atf-trace:T1", -4);
    add_indicator(outweighed, "I1", "f1", "atf-trace:T1", 3);
    ck_assert_ptr_null(build(outweighed));
    g_autoptr(LeadEvidence) at_home = ring_new(1);
    add_indicator(at_home, "I2", "d1", "atf-trace:T1", 3.5);
    Record *seizure = at_home->records->pdata[2];
    record_take(seizure, FIELD_EVENT_COUNTRY, g_strdup("USA"));
    ck_assert_ptr_null(build(at_home)); /* nothing in Canada */
    g_autoptr(LeadEvidence) unbought = ring_new(1);
    add_indicator(unbought, "I9", "s", "cbsa-seizure:A/1", 1.5);
    g_ptr_array_remove_range(unbought->records, 0, 2);
    ck_assert_ptr_null(build(unbought)); /* no US purchase */
    add_marker(unbought, "cbsa-seizure:A/1", "PMF_KIT", 0.9);
    g_autoptr(Lead) ghost = build(unbought);
    ck_assert_ptr_nonnull(ghost);
    ck_assert_str_eq(ghost->kinds, "ghost-gun");
    ck_assert_ptr_nonnull(
        strstr(ghost->summary, "1 record tells of a ghost gun or its parts (PMF_KIT)"));
}
END_TEST

/* A traveller with his own old gun is no lead; the same gun bought last month may be one. */
START_TEST(test_ordinary_traveller)
{
    for (int old = 0; old < 2; old++) {
        g_autoptr(LeadEvidence) evidence = lead_evidence_new();
        add_record(evidence, "atf-trace:T1",
                   PAIRS(old ? "purchase_date=2001-02-03" : "purchase_date=2021-03-03",
                         "rds_key=27112345", "purchaser.last=DOE"));
        add_record(evidence, "cbsa-seizure:A/1",
                   PAIRS("seizure_no=A-1111", "event_date=2021-04-01", "traveller.last=DOE"));
        add_person(evidence, RING_BUYER, RING_BUYER, "purchaser", "DOE");
        add_person(evidence, "cbsa-seizure:A/1:traveller", RING_BUYER, "traveller", "DOE");
        add_link(evidence, "cbsa-seizure:A/1", "atf-trace:T1", 0.99);
        add_indicator(evidence, "I1", "f", "atf-trace:T1", 3);
        g_autoptr(Lead) lead = build(evidence);
        ck_assert_int_eq(lead == NULL, old);
    }
}
END_TEST

START_TEST(test_caps)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    for (int i = 0; i < 10; i++) { /* ten rows of one purchase, ten subjects of one rule */
        g_autofree char *subject = g_strdup_printf("s%d", i);
        add_indicator(evidence, "I2", subject, "atf-trace:T1", 3.5);
    }
    add_indicator(evidence, "I2b", RING_BUYER, "atf-trace:T1", 4);
    add_indicator(evidence, "X9", "new rule", "atf-trace:T1", 50);
    g_autoptr(Lead) lead = build(evidence);
    const Term *many = term_of(lead, "I2"), *spread = term_of(lead, "I2b");
    ck_assert_double_lt(many->bits, 7.01); /* halves: at most twice the first */
    ck_assert_double_eq_tol(many->counted + spread->counted, 6, 1e-9); /* family purchase */
    ck_assert_double_eq_tol(term_of(lead, "X9")->counted, 4, 1e-9);    /* other_cap */
}
END_TEST

START_TEST(test_uncertain_link_counts_less)
{
    double counted[2];
    for (int i = 0; i < 2; i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(i ? 0.6 : 1);
        add_indicator(evidence, "I2", "f1", "atf-trace:T1", 3);
        g_autoptr(Lead) lead = build(evidence);
        counted[i] = term_of(lead, "I2")->counted;
        ck_assert_int_eq(*lead->counter != '\0', i); /* a weak link speaks against it */
    }
    ck_assert_double_eq_tol(counted[0], 3, 1e-9);
    ck_assert_double_eq_tol(counted[1], 1.8, 1e-9);
}
END_TEST

/* A marker adds nothing where the indicator of its family has reached the cap. */
START_TEST(test_markers_do_not_count_twice)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I9", "f1", "cbsa-seizure:A/1", 9);
    add_marker(evidence, "cbsa-seizure:A/1", "OBLITERATED", 1);
    add_marker(evidence, "cbsa-seizure:A/1", "NARCOTICS", 1);
    g_autoptr(Lead) lead = build(evidence);
    ck_assert_double_eq_tol(term_of(lead, "I9")->counted, 2.5, 1e-9);
    ck_assert_double_eq_tol(term_of(lead, "OBLITERATED")->counted, 0, 1e-9);
    ck_assert_double_eq_tol(term_of(lead, "NARCOTICS")->counted, 1, 1e-9);
    ck_assert_str_eq(lead->markers, "NARCOTICS; OBLITERATED");
}
END_TEST

START_TEST(test_priority)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) recent = build(evidence);
    g_autoptr(Lead) later = lead_build(evidence, rules, NULL, "2030-01-01", LANG_EN);
    g_autoptr(Lead) timeless = lead_build(evidence, rules, NULL, NULL, LANG_EN);
    ck_assert_int_le(recent->priority, later->priority);
    ck_assert_int_eq(later->priority, timeless->priority);
    ck_assert_double_eq_tol(recent->score, later->score, 1e-12);
    add_indicator(evidence, "X6", "new rule", "atf-trace:T1", 4);
    add_indicator(evidence, "X7", "new rule", "atf-trace:T1", 4);
    add_indicator(evidence, "X8", "new rule", "atf-trace:T1", 4);
    add_indicator(evidence, "X9", "new rule", "atf-trace:T1", 4);
    add_marker(evidence, "cbsa-seizure:A/1", "CONVERSION", 1);
    g_autoptr(Lead) severe = build(evidence);
    ck_assert_int_eq(severe->priority, 1);
}
END_TEST

/* One join brings no more than one coincidence is worth, whatever many indicators see in it. */
START_TEST(test_one_join)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    static const char *const several[] = {"I3", "I14", "I17", "I20"};
    for (guint i = 0; i < G_N_ELEMENTS(several); i++) {
        add_indicator(evidence, several[i], "p", "atf-trace:T1", 4);
        add_indicator(evidence, several[i], "p", "atf-trace:T2", 4);
    }
    g_autoptr(Lead) lead = build(evidence);
    double counted = 0;
    for (guint i = 0; i < G_N_ELEMENTS(several); i++)
        counted += term_of(lead, several[i])->counted;
    ck_assert_double_eq_tol(counted, 4.5, 1e-9);
}
END_TEST

/* A ground-off number is much of two firearms, little of ten. */
START_TEST(test_share_of_firearms)
{
    double bits[2];
    for (int i = 0; i < 2; i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(1);
        add_indicator(evidence, "I9", "f1", "cbsa-seizure:A/1", 1.5);
        for (int k = 0; i && k < 8; k++) {
            g_autofree char *ref = g_strdup_printf("cbsa-seizure:B/%d", k);
            add_record(evidence, ref, PAIRS("seizure_no=B-1111", "event_date=2021-04-01"));
        }
        g_autoptr(Lead) lead = build(evidence);
        bits[i] = term_of(lead, "I9")->bits;
    }
    ck_assert_double_eq_tol(bits[0], 1.5, 1e-9);
    ck_assert_double_eq_tol(bits[1], 0.3, 1e-9);
}
END_TEST

/* An equal number that its own record puts in doubt speaks against the lead, once a record; one
 * that nobody doubts does not, nor one of a pair that is not held. */
START_TEST(test_doubt_speaks_against)
{
    static const struct {
        const char *kind, *tier;
        double probability;
        const char *said;
    } table[] = {{"serial_kind=FULL", "S1", 1, NULL},
                 {"serial_kind=PARTIAL", "S1", 1, "doubtful, damaged or restored"},
                 {"serial_kind=RESTORED", "S0", 1, "doubtful, damaged or restored"},
                 {"serial_kind=ALTERED", "S1n", 1, "may speak of another firearm"},
                 {"serial_kind=PARTIAL", "S1", 0.4, NULL},
                 {"serial_kind=PARTIAL", "S3", 1, NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(1);
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        add_record(evidence, "cbsa-seizure:C/1",
                   PAIRS("seizure_no=C-1111", table[i].kind, "serial_number=Q17 (?)"));
        for (guint k = 0; k < 2; k++) {
            add_link(evidence, "cbsa-seizure:C/1", k ? "atf-trace:T2" : "atf-trace:T1",
                     table[i].probability);
            LeadLink *link = evidence->links->pdata[evidence->links->len - 1];
            g_free(link->tier);
            link->tier = g_strdup(table[i].tier);
        }
        g_autoptr(Lead) lead = build(evidence);
        const char *said = strstr(lead->counter, "cbsa-seizure:C/1 reads Q17 (?): recorded as ");
        ck_assert_msg((said != NULL) == (table[i].said != NULL), "%u: %s", i, lead->counter);
        if (said) {
            ck_assert_ptr_nonnull(strstr(said, table[i].said));
            ck_assert_ptr_null(strstr(said + strlen("cbsa-seizure"), "cbsa-seizure:C/1 reads "));
        }
    }
}
END_TEST

/* Who is held to be one person though written otherwise is named, once for each way of writing;
 * what one says more than the other is no contradiction. */
START_TEST(test_unlike_people_speak_against)
{
    static const struct {
        const char *last, *first, *dob;
        const char *said;
    } table[] = {{"DOE", "JANE", "1990-05-06", NULL},
                 {"doe", "Jane Q", "1990", NULL},
                 {"DOE-SMITH", "J", NULL, NULL},
                 {"DOE", "JEAN", "1990-05-06", "DOE, JEAN 1990-05-06 (atf-trace:T2:purchaser)"},
                 {"ROE", "JANE", NULL, "ROE, JANE (atf-trace:T2:purchaser)"},
                 {"DOE", "JANE", "1990-06-05", "DOE, JANE 1990-06-05 (atf-trace:T2:purchaser)"}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(1);
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        g_ptr_array_set_size(evidence->people, 0);
        add_person(evidence, RING_BUYER, RING_BUYER, "purchaser", "DOE");
        for (guint k = 0; k < 2; k++)
            add_person(evidence, k ? "cbsa-seizure:A/1:traveller" : "atf-trace:T2:purchaser",
                       RING_BUYER, "purchaser", table[i].last);
        for (guint k = 0; k < 3; k++) {
            LeadPerson *person = evidence->people->pdata[k];
            g_free(person->first);
            person->first = g_strdup(k ? table[i].first : "JANE");
            person->dob = g_strdup(k ? table[i].dob : "1990-05-06");
        }
        g_autoptr(Lead) lead = build(evidence);
        if (!table[i].said) {
            ck_assert_msg(!strstr(lead->counter, "one person"), "%u: %s", i, lead->counter);
            continue;
        }
        const char *at = strstr(lead->counter, "DOE, JANE 1990-05-06 (" RING_BUYER ") and ");
        ck_assert_msg(at && strstr(at, table[i].said), "%u: %s", i, lead->counter);
        ck_assert_ptr_null(strstr(at, "cbsa-seizure:A/1:traveller"));
    }
}
END_TEST

START_TEST(test_broken_rules)
{
    static const char *const broken[] = {
        "[lead]\nprior=-6\n",
        "[lead]\nprior=x\nrepeat=0.5\nother_cap=4\nmax_records=10\n",
        "[nonsense]\na=b\n",
        "[family a]\nmembers=I1\ncap=1\n[family b]\nmembers=I1\ncap=1\n",
        "[family ]\nmembers=I1\ncap=1\n",
    };
    g_autofree char *folder = g_dir_make_tmp("crosstrace-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "leads.ini", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert(g_file_set_contents(path, broken[i], -1, NULL));
        ck_assert_ptr_null(lead_rules_load(folder, &error));
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_ptr_nonnull(strstr(error->message, "leads.ini"));
    }
    g_unlink(path);
    g_rmdir(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lead score");
    TCase *tests = tcase_create("score");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_needs);
    tcase_add_test(tests, test_ordinary_traveller);
    tcase_add_test(tests, test_caps);
    tcase_add_test(tests, test_uncertain_link_counts_less);
    tcase_add_test(tests, test_markers_do_not_count_twice);
    tcase_add_test(tests, test_priority);
    tcase_add_test(tests, test_one_join);
    tcase_add_test(tests, test_share_of_firearms);
    tcase_add_test(tests, test_doubt_speaks_against);
    tcase_add_test(tests, test_unlike_people_speak_against);
    tcase_add_test(tests, test_broken_rules);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
