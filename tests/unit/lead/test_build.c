/* Tests of lead_build: what a lead says, in which words, whatever the order of its evidence. */
#include <math.h>

#include "tests/unit/lead/built.h"
#include "tests/unit/suite.h"

START_TEST(test_ring)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I1", "f1", "atf-trace:T1", 3);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    add_indicator(evidence, "I2", "d1", "atf-trace:T2", 3.5);
    add_indicator(evidence, "I3", RING_BUYER, "atf-trace:T1", 2);
    g_autoptr(Lead) lead = build(evidence);
    ck_assert_ptr_nonnull(lead);
    ck_assert_uint_eq(strlen(lead->lead_id), 13);
    ck_assert_int_eq(lead->lead_id[0], 'L');
    ck_assert_str_eq(lead->kinds, "trafficking");
    ck_assert_str_eq(lead->rules, "I1@1; I2@1; I3@1");
    ck_assert_str_eq(lead->records, "atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1");
    ck_assert_str_eq(lead->ports, "EXAMPLE BRIDGE");
    ck_assert_str_eq(lead->handling, "LES; PROTECTED B");
    ck_assert_str_eq(lead->first_date, "2021-02-03");
    ck_assert_str_eq(lead->last_date, "2021-06-01");
    ck_assert_uint_eq(lead->firearms, 2);
    ck_assert_uint_eq(lead->seizures, 1);
    ck_assert_uint_eq(lead->traces, 2);
    ck_assert_uint_eq(lead->purchasers, 1);
    ck_assert_uint_eq(lead->dealers, 1);
    ck_assert_int_eq(lead->ttc_min_days, 57);
    ck_assert_double_gt(lead->score, 0);
    ck_assert_double_eq_tol(lead->score, bits_to_probability(evidence_bits(lead->evidence)), 1e-12);
    ck_assert_str_eq(lead->title,
                     "DOE, JANE bought 2 firearms; 1 found in Canada (EXAMPLE BRIDGE)");
    ck_assert_str_eq(
        lead->summary,
        "DOE, JANE bought 2 firearms from EXAMPLE GUNS, DAYTON OH (RDS 27112345) between "
        "2021-02-03 and 2021-02-05. In Canada, GLOCK 19, serial ABC123 was seized at EXAMPLE "
        "BRIDGE on 2021-04-01 (seizure 4531-21-0001), carried by ROE, JANE; shortest time from "
        "purchase to recovery 57 days (EXAMPLE BRIDGE).");
    ck_assert_str_eq(lead->next_step, "ask FFL EXAMPLE GUNS, DAYTON OH (RDS 27112345) for form "
                                      "4473 of 2021-02-03 (atf-trace:T1)");
    ck_assert_str_eq(lead->counter, "");
    ck_assert_ptr_nonnull(strstr(lead->caveat, "first retail purchaser only"));
}
END_TEST

/* Who lives in the US bought there, whether or not a state or a dealer is written; who does not,
 * and bought of nobody known, did not. */
START_TEST(test_bought_in_the_us)
{
    static const struct {
        const char *region, *country;
        gboolean lead;
    } table[] = {{NULL, "USA", TRUE},
                 {NULL, "CAN", FALSE},
                 {NULL, NULL, FALSE},
                 {"OH", NULL, TRUE},
                 {"ON", "CAN", FALSE}};
    g_autoptr(CodeTables) codes = NULL;
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(LeadEvidence) evidence = lead_evidence_new();
        add_record(evidence, "atf-trace:T1",
                   PAIRS("make=GLOCK", "purchase_date=2021-02-03", "purchaser.last=DOE"));
        add_record(evidence, "cbsa-seizure:A/1", PAIRS("make=GLOCK", "event_date=2021-04-01"));
        Mention *buyer = record_mention(evidence->records->pdata[0], "purchaser");
        mention_take(buyer, MENTION_REGION, g_strdup(table[i].region));
        mention_take(buyer, MENTION_COUNTRY, g_strdup(table[i].country));
        add_person(evidence, RING_BUYER, RING_BUYER, "purchaser", "DOE");
        add_link(evidence, "cbsa-seizure:A/1", "atf-trace:T1", 1);
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        g_autoptr(Lead) lead = lead_build(evidence, rules, codes, NULL, LANG_EN);
        ck_assert_msg((lead != NULL) == table[i].lead, "%u", i);
    }
}
END_TEST

/* Three records of one firearm are one, in whatever order its links come. */
START_TEST(test_links_in_any_order)
{
    static const char *const pairs[][2] = {{"cbsa-seizure:A/1", "atf-trace:T2"},
                                           {"atf-trace:T2", "atf-trace:T1"}};
    for (guint first = 0; first < 2; first++) {
        g_autoptr(LeadEvidence) evidence = ring_new(0.1);
        for (guint i = 0; i < 2; i++)
            add_link(evidence, pairs[(first + i) % 2][0], pairs[(first + i) % 2][1], 1);
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        g_autoptr(Lead) lead = build(evidence);
        ck_assert_uint_eq(lead->firearms, 1);
        ck_assert_uint_eq(lead->paths->len, 1);
        ck_assert_str_eq(((LeadPath *)lead->paths->pdata[0])->records,
                         "atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1");
    }
}
END_TEST

/* A severe marker or finding never makes a lead wait longer, and makes some come sooner. */
START_TEST(test_severity)
{
    guint sooner = 0;
    for (guint way = 0; way < 2; way++)
        for (double bits = 1; bits < 30; bits += 0.5) {
            g_autoptr(LeadEvidence) plain = ring_new(1), severe = ring_new(1);
            add_indicator(plain, "X1", "d1", "atf-trace:T1", bits);
            add_indicator(severe, "X1", "d1", "atf-trace:T1", bits);
            LeadIndicator *row = severe->indicators->pdata[0];
            g_free(row->severity);
            row->severity = g_strdup(way ? "medium" : "high");
            if (way)
                add_marker(severe, "atf-trace:T1", "CONVERSION", 0.9);
            g_autoptr(Lead) before = build(plain), after = build(severe);
            ck_assert_int_le(after->priority, before->priority);
            sooner += after->priority < before->priority;
        }
    ck_assert_uint_gt(sooner, 4);
}
END_TEST

/* Between licensees there is no form 4473: then the company's own book says who had it next. */
START_TEST(test_sold_to_a_company)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    for (guint i = 0; i < evidence->people->len; i++) {
        LeadPerson *person = evidence->people->pdata[i];
        if (strcmp(person->role, "purchaser") != 0)
            continue;
        g_clear_pointer(&person->first, g_free);
        g_free(person->last);
        person->last = g_strdup("EXAMPLE PAWN");
        person->organisation = TRUE;
    }
    g_autoptr(Lead) lead = build(evidence);
    ck_assert(g_str_has_prefix(lead->title, "EXAMPLE PAWN (organisation) bought"));
    ck_assert_ptr_nonnull(strstr(lead->next_step, "ask EXAMPLE PAWN (organisation), which had it "
                                                  "from FFL EXAMPLE GUNS, DAYTON OH (RDS "
                                                  "27112345) on 2021-02-03, to whom it went on: "
                                                  "its acquisition and disposition book if it "
                                                  "holds a licence"));
}
END_TEST

START_TEST(test_french)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) lead = lead_build(evidence, rules, NULL, "2021-07-01", LANG_FR);
    ck_assert_ptr_nonnull(
        strstr(lead->summary, "Au Canada : GLOCK 19, numéro ABC123, saisie (EXAMPLE BRIDGE)"));
    ck_assert_ptr_nonnull(strstr(lead->next_step, "formulaire 4473"));
}
END_TEST

/* The same evidence gives the same bytes, whenever and however often it is asked. */
START_TEST(test_pure)
{
    char *first = NULL;
    for (int i = 0; i < 3; i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(0.9);
        add_indicator(evidence, "I1", "f1", "atf-trace:T1", 3);
        add_marker(evidence, "cbsa-seizure:A/1", "NARCOTICS", 0.9);
        g_autoptr(Lead) lead = build(evidence);
        g_autofree char *falls = evidence_waterfall(lead->evidence, LANG_EN);
        char *all = g_strjoin("|", lead->lead_id, lead->title, lead->summary, lead->next_step,
                              lead->counter, lead->kinds, lead->records, lead->rules, lead->ports,
                              lead->markers, lead->evidence_hash, falls, NULL);
        if (first)
            ck_assert_str_eq(all, first);
        g_free(first);
        first = all;
    }
    g_free(first);
}
END_TEST

/* The first n of these firearms, bought by one person in one spring, were found in Canada with
 * different people, or all with one holder; the rest were found in the US. */
static Lead *story(guint n, guint canadian, const char *seizure, const char *holder)
{
    g_autoptr(LeadEvidence) evidence = lead_evidence_new();
    for (guint i = 0; i < n; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", i);
        g_autofree char *case_no = g_strdup_printf("agency_case_no=%s", seizure);
        g_autofree char *other_case = g_strdup_printf("agency_case_no=C-%u", i);
        g_autofree char *purchaser = g_strconcat(ref, ":purchaser", NULL);
        g_autofree char *possessor = g_strconcat(ref, ":possessor", NULL);
        add_record(evidence, ref,
                   PAIRS("purchase_date=2021-03-03", "event_date=2021-06-01", "rds_key=27112345",
                         i < canadian ? "event_country=CAN" : "event_country=USA",
                         seizure ? case_no : other_case, "purchaser.last=DOE"));
        add_person(evidence, possessor, holder ? holder : possessor, "possessor", "ROE");
        add_person(evidence, purchaser, "atf-trace:T0:purchaser", "purchaser", "DOE");
        add_indicator(evidence, "I1", ref, ref, 1.8);
        if (i)
            add_edge(evidence, "atf-trace:T0", ref, "same-person", 1);
    }
    for (guint i = 0; i < n; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", i);
        add_indicator(evidence, "I3", "atf-trace:T0:purchaser", ref, 3.5);
    }
    return build(evidence);
}

/* One firearm is no pattern, three are; what was found in the US says less, and what was found in
 * one case, or with one person on one day, is one event. */
START_TEST(test_crossings)
{
    g_autoptr(Lead) one = story(1, 1, NULL, NULL);
    g_autoptr(Lead) two = story(2, 2, NULL, NULL);
    g_autoptr(Lead) four = story(4, 4, NULL, NULL);
    g_autoptr(Lead) home = story(4, 1, NULL, NULL);
    g_autoptr(Lead) together = story(4, 4, "ONE-CASE", NULL);
    ck_assert_double_lt(one->score, 0.02);
    ck_assert_ptr_null(term_of(one, "I3")); /* it speaks of several firearms */
    ck_assert_ptr_null(term_of(one, "CROSSING"));
    ck_assert_double_lt(two->score, 0.5);
    ck_assert_double_gt(four->score, 0.5);
    ck_assert_double_lt(home->score, two->score);
    ck_assert_double_lt(together->score, two->score);
    g_autoptr(Lead) holder = story(4, 4, NULL, "atf-trace:T0:possessor");
    ck_assert_double_eq_tol(holder->bits, together->bits, 1e-9);
    ck_assert_double_eq_tol(term_of(four, "CROSSING")->bits, 3 * 2.2, 1e-9);
}
END_TEST

/* Firearms of one buyer cross together; those of strangers, from other dealers and doors, are what
 * somebody has who buys on the street. */
START_TEST(test_sources)
{
    double bits[2];
    for (int strangers = 0; strangers < 2; strangers++) {
        g_autoptr(LeadEvidence) evidence = lead_evidence_new();
        for (int i = 0; i < 4; i++) {
            g_autofree char *ref = g_strdup_printf("atf-trace:T%d", i);
            g_autofree char *dealer = g_strdup_printf("rds_key=2711234%d", i);
            g_autofree char *event = g_strdup_printf("event_date=2021-06-%02d", 1 + 7 * i);
            g_autofree char *mention = g_strconcat(ref, ":purchaser", NULL);
            add_record(evidence, ref,
                       PAIRS("purchase_date=2021-03-03", "event_country=CAN", event, dealer,
                             "purchaser.last=DOE"));
            add_person(evidence, mention, strangers ? mention : "atf-trace:T0:purchaser",
                       "purchaser", "DOE");
            if (i)
                add_edge(evidence, "atf-trace:T0", ref, "same-person", 1);
            add_indicator(evidence, "I1", ref, ref, 1.8);
        }
        g_autoptr(Lead) lead = build(evidence);
        bits[strangers] = term_of(lead, "CROSSING")->bits;
    }
    ck_assert_double_eq_tol(bits[0], 3 * 2.2, 1e-9);
    ck_assert_double_eq_tol(bits[1], 3 * 0.2 * 2.2, 1e-9);
}
END_TEST

/* Whatever a child did, its hash is another when the evidence is another. */
START_TEST(test_evidence_hash)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) before = build(evidence);
    add_marker(evidence, "cbsa-seizure:A/1", "NARCOTICS", 0.9);
    g_autoptr(Lead) after = build(evidence);
    ck_assert_str_eq(before->lead_id, after->lead_id);
    ck_assert_str_ne(before->evidence_hash, after->evidence_hash);
}
END_TEST

START_TEST(test_next_steps)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    add_record(evidence, "cbsa-seizure:B/1",
               PAIRS("seizure_no=B-1111", "make=TAURUS", "serial_kind=OBLITERATED"));
    add_record(evidence, "cbsa-seizure:C/1",
               PAIRS("seizure_no=C-1111", "make=COLT", "serial_kind=FULL", "serial_number=Q1"));
    g_autoptr(Lead) lead = build(evidence);
    ck_assert_ptr_nonnull(strstr(lead->next_step, "request restoration of the serial number: "
                                                  "TAURUS, OBLITERATED (cbsa-seizure:B/1)"));
    ck_assert_ptr_nonnull(strstr(lead->next_step, "request trace of COLT, serial Q1 "
                                                  "(cbsa-seizure:C/1)"));
}
END_TEST

/* A doubted number is asked for as it was read; one of which a part is gone is restored first. */
START_TEST(test_doubted_numbers)
{
    static const char *const patterns[] = {"HAA1234", "HAA12?4", "*A1234", "HAA12[38]4"};
    for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
        g_autoptr(LeadEvidence) evidence = ring_new(1);
        g_autofree char *pattern = g_strconcat("serial_pattern=", patterns[i], NULL);
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        add_record(evidence, "cbsa-seizure:C/1",
                   PAIRS("seizure_no=C-1111", "make=COLT", "serial_kind=PARTIAL", pattern));
        g_autoptr(Lead) lead = build(evidence);
        ck_assert_int_eq(strstr(lead->next_step, "request trace of COLT") != NULL, i == 0);
        ck_assert_int_eq(strstr(lead->next_step, "request restoration") != NULL, i > 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lead build");
    TCase *tests = tcase_create("build");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_ring);
    tcase_add_test(tests, test_bought_in_the_us);
    tcase_add_test(tests, test_links_in_any_order);
    tcase_add_test(tests, test_severity);
    tcase_add_test(tests, test_sold_to_a_company);
    tcase_add_test(tests, test_french);
    tcase_add_test(tests, test_pure);
    tcase_add_test(tests, test_crossings);
    tcase_add_test(tests, test_sources);
    tcase_add_test(tests, test_evidence_hash);
    tcase_add_test(tests, test_next_steps);
    tcase_add_test(tests, test_doubted_numbers);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
