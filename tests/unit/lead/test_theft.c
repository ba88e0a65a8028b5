/*
 * Leads of what was stolen from a dealer: a theft is how a firearm left the market in the US, dated
 * by the list of stolen ones; a report of a theft is never a find.
 */
#include "tests/unit/lead/evidence.h"
#include "tests/unit/suite.h"

static LeadRules *rules;

static void setup(void)
{
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
}

static void teardown(void)
{
    g_clear_pointer(&rules, lead_rules_free);
}

static const Term *term_of(const Lead *lead, const char *field)
{
    for (guint i = 0; i < evidence_count(lead->evidence); i++)
        if (strcmp(evidence_term(lead->evidence, i)->field, field) == 0)
            return evidence_term(lead->evidence, i);
    return NULL;
}

/* So many pistols of one dealer, found in Toronto, a month between one and the next; day: of the
 * reports, or NULL. */
static LeadEvidence *loot_new(guint n, const char *disposition, const char *day)
{
    LeadEvidence *evidence = lead_evidence_new();
    for (guint i = 0; i < n; i++) {
        g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
        g_autofree char *how = g_strdup_printf("disposition=%s", disposition);
        g_autofree char *found = g_strdup_printf("event_date=2021-%02u-01", i + 4);
        add_record(evidence, trace,
                   PAIRS("make=GLOCK", "model=19", how, found, "event_city=TORONTO",
                         "event_region=ON", "event_country=CAN", "rds_key=27112345",
                         "ffl_name=EXAMPLE GUNS", "ffl_state=OH"));
        add_indicator(evidence, "I5c", "27112345 2021-02-01", trace, 6);
        if (i > 0)
            add_edge(evidence, trace, "atf-trace:T0", "I5c", 1);
    }
    for (guint i = 0; day && i < n; i++) {
        g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
        g_autofree char *report = g_strdup_printf("stolen:S%u", i);
        g_autofree char *on = g_strdup_printf("event_date=%s", day);
        add_record(evidence, report, PAIRS("make=GLOCK", "model=19", on, "event_country=USA"));
        add_link(evidence, trace, report, 1);
    }
    return evidence;
}

/* A pistol that DOE bought, found in Canada; bits of I3. */
static void add_sale(LeadEvidence *evidence, const char *trace, const char *bought,
                     const char *found, double bits)
{
    add_record(evidence, trace,
               PAIRS("make=GLOCK", "model=19", "disposition=TP", bought, found, "event_country=CAN",
                     "rds_key=27112345", "purchaser.last=DOE"));
    add_indicator(evidence, "I3", "p", trace, bits);
}

static Lead *build(const LeadEvidence *evidence, Lang lang)
{
    return lead_build(evidence, rules, NULL, "2022-01-01", lang);
}

START_TEST(test_loot)
{
    g_autoptr(LeadEvidence) evidence = loot_new(5, "STL", "2021-02-01");
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    g_autoptr(Lead) french = build(evidence, LANG_FR);
    ck_assert_ptr_nonnull(lead);
    ck_assert_double_gt(lead->score, 0.5);
    ck_assert_double_eq_tol(term_of(lead, "CROSSING")->bits, 4 * 2.2, 1e-9);
    ck_assert_int_eq(lead->ttc_min_days, -1); /* of purchases: there was none */
    ck_assert_uint_eq(lead->firearms, 5);
    ck_assert_str_eq(
        lead->title,
        "5 firearms stolen or lost from EXAMPLE GUNS; 5 found in Canada (TORONTO, ON)");
    ck_assert_ptr_nonnull(strstr(lead->summary, "on 2021-02-01, no sale on record."));
    ck_assert_ptr_nonnull(strstr(lead->summary, "from theft to recovery 59 days (TORONTO, ON)"));
    ck_assert_ptr_nonnull(strstr(lead->next_step, "theft report"));
    ck_assert_ptr_null(strstr(lead->next_step, "4473"));
    ck_assert_ptr_nonnull(strstr(french->title, "Vol ou perte de 5 armes"));
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        ck_assert(path->theft);
        ck_assert_str_eq(path->stolen, "2021-02-01");
        ck_assert_ptr_null(path->bought);
        ck_assert_str_eq(path->place.label, "TORONTO, ON");
        ck_assert_int_ge(path->days, 59);
    }
}
END_TEST

/* No list has them: from one find to the next they were out, and the day of the theft is nobody's
 * to tell. */
START_TEST(test_undated)
{
    g_autoptr(LeadEvidence) evidence = loot_new(6, "STL", NULL);
    add_record(evidence, "atf-trace:T8",
               PAIRS("make=GLOCK", "model=19", "disposition=STL", "event_date=2016-01-01",
                     "event_country=USA", "rds_key=27999999", "ffl_state=OH"));
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    ck_assert_ptr_nonnull(lead);
    ck_assert_double_gt(lead->score, 0.5);
    ck_assert_double_eq_tol(term_of(lead, "CROSSING")->bits, (6 * 0.7 - 1) * 2.2, 1e-9);
    ck_assert_ptr_null(strstr(lead->summary, "from theft to recovery"));
    for (guint i = 0; i < lead->paths->len; i++)
        ck_assert_ptr_null(((const LeadPath *)lead->paths->pdata[i])->stolen);

    g_autoptr(LeadEvidence) old = loot_new(3, "STL", NULL);
    add_record(old, "atf-trace:T7",
               PAIRS("make=GLOCK", "model=19", "disposition=STL", "event_date=2015-01-01",
                     "event_country=CAN", "rds_key=27112345", "ffl_state=OH"));
    add_edge(old, "atf-trace:T7", "atf-trace:T0", "I5c", 1);
    g_autoptr(Lead) years_apart = build(old, LANG_EN);
    ck_assert_ptr_null(term_of(years_apart, "CROSSING"));
}
END_TEST

/* One of the trunk was bought by somebody: the theft is still what the lead tells. */
START_TEST(test_one_was_sold)
{
    g_autoptr(LeadEvidence) evidence = loot_new(5, "STL", "2021-02-01");
    add_record(evidence, "atf-trace:T9",
               PAIRS("make=GLOCK", "model=43", "disposition=TP", "purchase_date=2021-03-01",
                     "event_date=2021-04-01", "event_country=CAN", "event_city=TORONTO",
                     "event_region=ON", "rds_key=27112345", "ffl_name=EXAMPLE GUNS", "ffl_state=OH",
                     "purchaser.last=DOE"));
    add_person(evidence, "atf-trace:T9:purchaser", "atf-trace:T9:purchaser", "purchaser", "DOE");
    add_edge(evidence, "atf-trace:T9", "atf-trace:T0", "same-case", 1);
    g_autoptr(Lead) lead = build(evidence, LANG_EN);
    ck_assert_ptr_nonnull(strstr(lead->title, "5 firearms stolen or lost from EXAMPLE GUNS"));
    ck_assert_ptr_null(strstr(lead->title, "DOE"));
    ck_assert_ptr_null(strstr(lead->summary, "no purchase on file"));
    ck_assert_ptr_null(strstr(lead->next_step, "4473"));
}
END_TEST

/* The day counts as far as the row of the list is of this firearm; a theft in Canada is no day on
 * which it left a dealer in the US. */
START_TEST(test_whose_day)
{
    g_autoptr(LeadEvidence) sure = loot_new(3, "STL", "2021-02-01");
    g_autoptr(LeadEvidence) doubtful = loot_new(3, "STL", NULL);
    g_autoptr(LeadEvidence) canadian = loot_new(3, "STL", NULL);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
        g_autofree char *report = g_strdup_printf("stolen:S%u", i);
        add_record(doubtful, report, PAIRS("event_date=2021-02-01", "event_country=USA"));
        add_link(doubtful, trace, report, 0.6);
        add_record(canadian, report, PAIRS("event_date=2021-02-01", "event_country=CAN"));
        add_link(canadian, trace, report, 1);
    }
    g_autoptr(Lead) a = build(sure, LANG_EN);
    g_autoptr(Lead) b = build(doubtful, LANG_EN);
    g_autoptr(Lead) c = build(canadian, LANG_EN);
    ck_assert_double_gt(term_of(a, "CROSSING")->bits, term_of(b, "CROSSING")->bits);
    ck_assert_ptr_null(term_of(c, "CROSSING"));
}
END_TEST

/* Three pistols that were stolen from their buyer's home came north without him. */
START_TEST(test_a_burgled_buyer)
{
    static const char *const REPORTED[] = {NULL, "event_date=2021-01-10", "event_date=2021-03-25"};
    double bits[3];
    for (guint story = 0; story < 3; story++) {
        g_autoptr(LeadEvidence) evidence = lead_evidence_new();
        for (guint i = 0; i < 3; i++) {
            g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
            g_autofree char *found = g_strdup_printf("event_date=2021-04-%02u", i + 1);
            add_sale(evidence, trace, "purchase_date=2020-12-01", found, 2);
        }
        for (guint i = 0; i < 3; i++) {
            g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
            g_autofree char *report = g_strdup_printf("stolen:S%u", i);
            if (i > 0)
                add_edge(evidence, trace, "atf-trace:T0", "same-person", 1);
            if (!REPORTED[story])
                continue;
            add_record(evidence, report, PAIRS(REPORTED[story], "event_country=USA"));
            add_link(evidence, trace, report, 1);
        }
        g_autoptr(Lead) lead = build(evidence, LANG_EN);
        bits[story] = lead ? lead->bits : 0;
        ck_assert_int_eq(term_of(lead, "CROSSING") != NULL, story != 1);
    }
    ck_assert_double_lt(bits[1], bits[0]);
    ck_assert_double_eq(bits[2], bits[0]); /* the report came when the guns were as good as found */
}
END_TEST

/* Without a day less says that they crossed soon; what traces do not call a theft is none. */
START_TEST(test_no_day_no_theft)
{
    g_autoptr(LeadEvidence) undated = loot_new(3, "STL", NULL);
    g_autoptr(LeadEvidence) dated = loot_new(3, "STL", "2021-02-01");
    g_autoptr(LeadEvidence) others = loot_new(5, "TD", "2021-02-01");
    g_autoptr(Lead) lead = build(undated, LANG_EN);
    g_autoptr(Lead) sure = build(dated, LANG_EN);
    ck_assert_ptr_nonnull(lead);
    ck_assert_double_lt(lead->score, 0.5);
    ck_assert_double_lt(term_of(lead, "CROSSING")->bits, term_of(sure, "CROSSING")->bits);
    ck_assert_ptr_null(build(others, LANG_EN));
}
END_TEST

/* Bought, reported stolen two months later, found eleven years later: it did not cross soon. */
START_TEST(test_a_report_is_no_find)
{
    g_autoptr(LeadEvidence) evidence = lead_evidence_new();
    for (guint i = 0; i < 2; i++) {
        g_autofree char *trace = g_strdup_printf("atf-trace:T%u", i);
        g_autofree char *found = g_strdup_printf("event_date=2021-%02u-01", i + 4);
        add_sale(evidence, trace, "purchase_date=2010-02-03", found, 12);
    }
    add_edge(evidence, "atf-trace:T1", "atf-trace:T0", "same-person", 1);
    g_autoptr(Lead) before = build(evidence, LANG_EN);
    add_record(evidence, "stolen:S0",
               PAIRS("make=GLOCK", "model=19", "event_date=2010-04-01", "event_country=USA"));
    add_link(evidence, "atf-trace:T0", "stolen:S0", 1);
    g_autoptr(Lead) after = build(evidence, LANG_EN);
    ck_assert_ptr_nonnull(before);
    ck_assert_int_eq(after->ttc_min_days, before->ttc_min_days);
    ck_assert_double_eq(after->bits, before->bits);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lead theft");
    TCase *tests = tcase_create("theft");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_loot);
    tcase_add_test(tests, test_undated);
    tcase_add_test(tests, test_one_was_sold);
    tcase_add_test(tests, test_a_burgled_buyer);
    tcase_add_test(tests, test_whose_day);
    tcase_add_test(tests, test_no_day_no_theft);
    tcase_add_test(tests, test_a_report_is_no_find);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
