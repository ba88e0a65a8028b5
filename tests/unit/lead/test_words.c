/*
 * Tests of what a lead says: a firearm that was bought is never mixed up with one found beside it,
 * every buyer of two is named, numbers that differ are said to differ, ghost guns in words.
 */
#include "tests/unit/lead/evidence.h"
#include "tests/unit/suite.h"

static LeadRules *rules;
static CodeTables *codes;

static void setup(void)
{
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
}

static void teardown(void)
{
    g_clear_pointer(&rules, lead_rules_free);
    g_clear_pointer(&codes, code_tables_free);
}

static Lead *build(const LeadEvidence *evidence, Lang lang)
{
    Lead *lead = lead_build(evidence, rules, codes, "2021-12-01", lang);
    ck_assert_ptr_nonnull(lead);
    return lead;
}

static void says(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "'%s' does not say '%s'", text, part);
}

static void says_not(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) == NULL, "'%s' says '%s'", text, part);
}

/* Bought by one, found with another, who carries a second pistol over the border. */
static LeadEvidence *possessor_new(void)
{
    LeadEvidence *evidence = lead_evidence_new();
    add_record(evidence, "atf-trace:T1",
               PAIRS("trace_no=T1", "make=TAURUS", "model=G2C", "serial_number=ADG1",
                     "event_type=RECOVERED", "event_country=CAN", "event_city=HAMILTON",
                     "event_region=ON", "event_date=2021-04-01", "purchase_date=2021-02-03",
                     "rds_key=27112345", "ffl_name=EXAMPLE GUNS", "purchaser.last=DOE"));
    add_record(evidence, "cbsa-seizure:A/1",
               PAIRS("seizure_no=A-1111", "make=SIG SAUER", "model=P365", "serial_number=66B1",
                     "serial_kind=FULL", "event_date=2021-06-01", "office_code=0410",
                     "office_name=Peace Bridge", "traveller.last=ROE"));
    add_person(evidence, RING_BUYER, RING_BUYER, "purchaser", "DOE");
    add_person(evidence, "atf-trace:T1:possessor", "atf-trace:T1:possessor", "possessor", "ROE");
    add_person(evidence, "cbsa-seizure:A/1:traveller", "atf-trace:T1:possessor", "traveller",
               "ROE");
    add_edge(evidence, "atf-trace:T1", "cbsa-seizure:A/1", "same-person", 1);
    add_indicator(evidence, "I14", "atf-trace:T1:possessor", "atf-trace:T1", 4);
    add_indicator(evidence, "I14", "atf-trace:T1:possessor", "cbsa-seizure:A/1", 4);
    return evidence;
}

START_TEST(test_bought_is_not_carried)
{
    g_autoptr(LeadEvidence) evidence = possessor_new();
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    ck_assert_str_eq(lead->title, "DOE, JANE bought 1 firearm; 1 found in Canada (HAMILTON, ON); "
                                  "linked to Fort Erie (Peace Bridge)");
    says(lead->summary, "In Canada, TAURUS G2C, serial ADG1 was recovered at HAMILTON, ON on "
                        "2021-04-01 (trace T1), found with ROE, JANE (also named in "
                        "cbsa-seizure:A/1); also found, with no purchase on file: SIG SAUER P365, "
                        "serial 66B1, at Fort Erie (Peace Bridge) on 2021-06-01, carried by ROE, "
                        "JANE; shortest time from purchase to recovery 57 days (HAMILTON, ON).");
    g_autoptr(Lead) french = build(evidence, LANG_FR);
    ck_assert_str_eq(french->title, "DOE, JANE : achat d'une arme à feu; 1 trouvée au Canada "
                                    "(HAMILTON, ON); lien : pont Peace");
}
END_TEST

/* The shortest time ends where it ends, in Canada or not. */
START_TEST(test_time_has_its_place)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    Record *second = evidence->records->pdata[1];
    record_take(second, FIELD_EVENT_DATE, g_strdup("2021-02-09"));
    record_take(second, FIELD_EVENT_CITY, g_strdup("DETROIT"));
    record_take(second, FIELD_EVENT_REGION, g_strdup("MI"));
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    says(lead->summary, "recovery 4 days (DETROIT, MI).");
    says(lead->title, "bought 2 firearms; 1 found in Canada (EXAMPLE BRIDGE)");
}
END_TEST

START_TEST(test_buyers)
{
    static const char *const last[] = {"YARN", "ZOLA"};
    static const char *const expected[] = {"DOE, JANE and YARN, JANE bought 3 firearms",
                                           "DOE, JANE and 2 others bought 4 firearms"};
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    for (guint i = 0; i < G_N_ELEMENTS(last); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", 3 + i);
        g_autofree char *mention = g_strdup_printf("%s:purchaser", ref);
        Record *record = record_make(
            ref, PAIRS("purchase_date=2021-02-06", "rds_key=27112345", "purchaser.last=X"));
        g_ptr_array_insert(evidence->records, 2 + (gint)i, record);
        add_person(evidence, mention, mention, "purchaser", last[i]);
        g_autoptr(Lead) lead = build(evidence, LANG_EN);
        says(lead->title, expected[i]);
        says_not(lead->summary, "and other dealers");
    }
}
END_TEST

/* The other buyer is named wherever his purchase stands, also in front of all others. */
START_TEST(test_other_buyer_first)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_ptr_array_insert(
        evidence->records, 0,
        record_make("atf-trace:T0",
                    PAIRS("purchase_date=2021-02-01", "rds_key=27112345", "purchaser.last=YARN")));
    add_person(evidence, "atf-trace:T0:purchaser", "atf-trace:T0:purchaser", "purchaser", "YARN");
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    says(lead->title, "DOE, JANE and YARN, JANE bought 3 firearms");
}
END_TEST

/* Two dealers are named, of more the first, and how many others there are. */
START_TEST(test_dealers)
{
    static const char *const expected[] = {"and OTHER GUNS 0", "and 2 other dealers",
                                           "and 3 other dealers"};
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%u", 3 + i);
        g_autofree char *mention = g_strdup_printf("%s:purchaser", ref);
        g_autofree char *key = g_strdup_printf("rds_key=2711239%u", i);
        g_autofree char *name = g_strdup_printf("ffl_name=OTHER GUNS %u", i);
        Record *record =
            record_make(ref, PAIRS("purchase_date=2021-02-06", "purchaser.last=DOE", key, name));
        g_ptr_array_insert(evidence->records, 2 + (gint)i, record);
        add_person(evidence, mention, RING_BUYER, "purchaser", "DOE");
        g_autoptr(Lead) lead = build(evidence, LANG_EN);
        says(lead->summary, expected[i]);
    }
}
END_TEST

/* One mention with a slip, or with an initial, does not name a person whom the others spell alike.
 */
START_TEST(test_as_most_spell_it)
{
    static const char *const others[][2] = {
        {"DOES", "J"}, {"DO", "JANE"}, {"DO", "Jane"}, {"DO", "JANE"}};
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) alone = build(evidence, LANG_EN);
    says(alone->title, "DOE, JANE bought");
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *mention = g_strdup_printf("cbsa-seizure:Z/%u:traveller", i);
        add_person(evidence, mention, RING_BUYER, "traveller", others[i][0]);
        LeadPerson *person = evidence->people->pdata[evidence->people->len - 1];
        g_free(person->first);
        person->first = g_strdup(others[i][1]);
        g_autoptr(Lead) lead = build(evidence, LANG_EN);
        says(lead->title, i < 3 ? "DOE, JANE bought" : "DO, Jane bought");
    }
}
END_TEST

/* A number read otherwise than it was traced: told, doubted, and to be looked at again. */
START_TEST(test_unequal_numbers)
{
    for (int equal = 0; equal < 2; equal++) {
        g_autoptr(LeadEvidence) evidence = ring_new(1);
        Record *seizure = evidence->records->pdata[2];
        LeadLink *link = evidence->links->pdata[0];
        add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
        if (!equal) {
            record_take(seizure, FIELD_SERIAL_NUMBER, g_strdup("AB?123"));
            g_free(link->tier);
            link->tier = g_strdup("S3");
            link->chance_matches = 0.5;
            link->against = g_strdup("the date -4.0");
        }
        g_autoptr(Lead) lead = build(evidence, LANG_EN);
        if (equal) {
            ck_assert_str_eq(lead->counter, "");
            says_not(lead->summary, "traced as");
            says_not(lead->next_step, "looked at again");
            continue;
        }
        says(lead->summary, "serial AB?123 (traced as ABC123)");
        says(lead->counter, "cbsa-seizure:A/1 reads AB?123, atf-trace:T1 reads ABC123");
        says(lead->counter, "firearms on file whose number is expected to fit by chance: 0.50");
        link->chance_matches = 0.002; /* not none */
        g_autoptr(Lead) rare = build(evidence, LANG_EN);
        g_autoptr(Lead) french = build(evidence, LANG_FR);
        says(rare->counter, "by chance: < 0.01");
        g_free(link->tier);
        link->tier = g_strdup("REF"); /* chance is not of the number alone then */
        g_autoptr(Lead) paper = build(evidence, LANG_EN);
        says(paper->counter, "by other things than the number, firearms on file expected to fit");
        says(french->counter, "par hasard : < 0,01");
        says(lead->counter, "being one firearm: the date -4.0");
        says(lead->next_step,
             "have the number of cbsa-seizure:A/1 looked at again: read as AB?123");
    }
}
END_TEST

static LeadEvidence *parcels_new(void)
{
    LeadEvidence *evidence = lead_evidence_new();
    add_record(evidence, "cbsa-seizure:P/1",
               PAIRS("seizure_no=P-1111", "model=GLOCK TYPE", "commodity=SLIDE",
                     "event_date=2021-02-01", "office_code=0399", "tracking_no=SYN1"));
    add_record(evidence, "cbsa-seizure:Q/1",
               PAIRS("seizure_no=Q-1111", "make=POLYMER80", "event_date=2021-03-01",
                     "office_code=0399", "tracking_no=SYN2"));
    add_person(evidence, "cbsa-seizure:P/1:consignee", "cbsa-seizure:P/1:consignee", "consignee",
               "ROE");
    add_person(evidence, "cbsa-seizure:P/1:shipper", "cbsa-seizure:P/1:shipper", "shipper", "SHOP");
    add_person(evidence, "cbsa-seizure:Q/1:consignee", "cbsa-seizure:P/1:consignee", "consignee",
               "ROE");
    LeadPerson *well_written = evidence->people->pdata[2];
    g_free(well_written->first);
    well_written->first = g_strdup("Jane");
    add_indicator(evidence, "I18", "p", "cbsa-seizure:P/1", 4);
    add_indicator(evidence, "I18", "p", "cbsa-seizure:Q/1", 4);
    add_marker(evidence, "cbsa-seizure:P/1", "NO_SERIAL", 0.9);
    add_marker(evidence, "cbsa-seizure:Q/1", "PMF_KIT", 0.9);
    return evidence;
}

START_TEST(test_ghosts)
{
    g_autoptr(LeadEvidence) evidence = parcels_new();
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    ck_assert_str_eq(lead->title,
                     "Ghost guns or parts: 2 records (Mirabel), addressed to ROE, Jane");
    ck_assert_str_eq(lead->summary,
                     "2 records tell of ghost guns or their parts (no serial number, frame or "
                     "receiver kit) between 2021-02-01 and 2021-03-01, sent by SHOP, JANE, "
                     "addressed to ROE, Jane. In Canada, Slide (GLOCK TYPE) was seized at Mirabel "
                     "on 2021-02-01 (seizure P-1111); 1 more item was found on 2021-03-01 "
                     "(Mirabel).");
    says(lead->next_step, "parcel SYN1, SYN2");
    ck_assert_str_eq(lead->markers, "NO_SERIAL; PMF_KIT"); /* the column stays codes */
}
END_TEST

/* What a defence would say first: it is his own. */
START_TEST(test_own_firearm)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) others = build(evidence, LANG_EN);
    ck_assert_str_eq(others->counter, "");
    LeadPerson *traveller = evidence->people->pdata[2];
    g_free(traveller->entity);
    traveller->entity = g_strdup(RING_BUYER);
    g_free(traveller->last);
    traveller->last = g_strdup("DOE");
    g_autoptr(Lead) own = build(evidence, LANG_EN);
    ck_assert_str_eq(own->counter,
                     "GLOCK 19, serial ABC123 was found with its own buyer, DOE, JANE");
}
END_TEST

/* Father and son of one name are two buyers: told apart by their birth dates where both are known.
 */
static void two_of_one_name(const char *dob, const char *title)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    LeadPerson *father = evidence->people->pdata[0], *son = evidence->people->pdata[1];
    father->dob = g_strdup("1960-05-06");
    son->dob = g_strdup(dob);
    g_free(son->entity);
    son->entity = g_strdup(son->mention);
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    says(lead->title, title);
}

START_TEST(test_two_buyers_of_one_name)
{
    two_of_one_name("1985-03-08", "DOE, JANE 1960-05-06 and DOE, JANE 1985-03-08 bought 2");
    two_of_one_name(NULL, "DOE, JANE and DOE, JANE bought 2");
}
END_TEST

/* What is said in the same words of several is said once, with how often. */
START_TEST(test_same_words_once)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "C3", "f1", "atf-trace:T1", -0.5);
    add_indicator(evidence, "C3", "f2", "atf-trace:T2", -0.5);
    add_indicator(evidence, "C4", "f1", "atf-trace:T1", -0.5);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    ck_assert_str_eq(lead->counter, "Title of C3: C3 says so x2; Title of C4: C4 says so");
}
END_TEST

/* A second pistol of the same seizure whose number is gone: no place twice, no word as a number. */
START_TEST(test_obliterated_beside_it)
{
    g_autoptr(LeadEvidence) evidence = ring_new(1);
    add_indicator(evidence, "I2", "d1", "atf-trace:T1", 3.5);
    add_record(evidence, "cbsa-seizure:A/2",
               PAIRS("seizure_no=4531-21-0001", "make=COLT", "serial_number=EFFACÉ",
                     "serial_kind=OBLITERATED", "event_date=2021-04-01",
                     "office_name=EXAMPLE BRIDGE"));
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    says_not(lead->title, "linked to");
    says(lead->summary, "no purchase on file: COLT, serial number obliterated, at EXAMPLE BRIDGE");
    says_not(lead->next_step, "EFFACÉ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("words");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_bought_is_not_carried);
    tcase_add_test(tests, test_time_has_its_place);
    tcase_add_test(tests, test_buyers);
    tcase_add_test(tests, test_other_buyer_first);
    tcase_add_test(tests, test_dealers);
    tcase_add_test(tests, test_as_most_spell_it);
    tcase_add_test(tests, test_unequal_numbers);
    tcase_add_test(tests, test_ghosts);
    tcase_add_test(tests, test_own_firearm);
    tcase_add_test(tests, test_two_buyers_of_one_name);
    tcase_add_test(tests, test_same_words_once);
    tcase_add_test(tests, test_obliterated_beside_it);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
