/*
 * What was decided of leads and rules, against a store of bare results: it follows the records,
 * comes back with new evidence alone, silences one rule for one value; and what contradicts.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "tests/unit/store/fixture.h"

#define DAY "2024-06-01"

static Store *store;
static GError *error;

#define MUST(expression) ck_assert_msg((expression), "%s", error ? error->message : "")

static void put_record(const char *ref, const char *serial, const char *event, const char *last)
{
    StoreFile file = {.sha256 = ref,
                      .name = "x.csv",
                      .kind = "k",
                      .profile = "p",
                      .encoding = "UTF-8",
                      .date_order = "YMD",
                      .header = "h",
                      .loaded_at = DAY,
                      .delimiter = ','};
    if ((file.file_id = store_find_file(store, ref, &error)) == 0)
        MUST(store_add_file(store, &file, &error));
    g_autoptr(Record) record = record_new("k");
    record->ref = g_strdup(ref);
    record->file_id = file.file_id;
    record->line = 1;
    record->raw = g_strdup(serial);
    record_set(record, FIELD_SERIAL_NUMBER, serial);
    record_set(record, FIELD_EVENT_TYPE, event);
    mention_set(record_mention(record, "purchaser"), MENTION_LAST, last);
    mention_set(record_mention(record, "purchaser"), MENTION_DOB, "1980-01-02");
    record_seal(record);
    PutResult result;
    MUST(store_put(store, record, &result, &error));
}

static void up(void)
{
    error = NULL;
    fixture_up();
    store = fixture_store(STORE_CREATE);
    MUST(store_begin(store, &error));
    for (guint i = 1; i <= 6; i++) {
        g_autofree char *ref = g_strdup_printf("k:%u", i);
        put_record(ref, "HAA1234", i > 4 ? "SEIZED" : "RECOVERED", "ROY");
    }
}

static void down(void)
{
    g_clear_error(&error);
    store_rollback(store);
    store_close(store);
    fixture_down();
}

/* A run: leads "A 1 2;B 3" (id, then keys of their records), then what people said of them. */
static void run(const char *leads)
{
    MUST(store_clear_results(store, &error));
    g_auto(GStrv) each = g_strsplit(leads, ";", -1);
    for (char **text = each; *text != NULL; text++) {
        g_auto(GStrv) words = g_strsplit(*text, " ", -1);
        g_autoptr(StoredLead) lead = stored_lead_new();
        g_autoptr(Evidence) evidence = evidence_new();
        lead->lead_id = g_strdup(words[0]);
        lead->kind = g_strdup("trafficking");
        lead->score = 0.5;
        lead->evidence_hash = g_strdup(*text);
        lead->status = g_strdup("new");
        for (char **key = words + 1; *key != NULL; key++)
            g_ptr_array_add(lead->records, g_strconcat("k:", *key, NULL));
        MUST(store_put_lead(store, lead, evidence, &error));
    }
    MUST(judgement_settle_leads(store, DAY, &error));
}

static void say(const char *lead_id, Verdict verdict, const char *setting)
{
    g_autofree char *seen = seen_of_lead(store, lead_id, &error);
    Judgement judgement = {.type = JUDGE_LEAD,
                           .verdict = verdict,
                           .left = (char *)lead_id,
                           .time = (char *)DAY,
                           .reason = (char *)"seen",
                           .evidence = seen,
                           .setting = (char *)setting};
    MUST(judgement_add(store, &judgement, &error));
    MUST(judgement_settle_leads(store, DAY, &error));
}

static void ck_status(const char *lead_id, const char *status)
{
    g_autoptr(StoredLead) lead = store_get_lead(store, lead_id, &error);
    ck_assert_str_eq(lead->status, status);
}

START_TEST(a_dismissed_lead_stays_away)
{
    run("A 1 2;B 3");
    say("A", VERDICT_NO, "status=dismissed");
    ck_status("A", "dismissed");
    ck_status("B", "new");
    run("A 1 2;B 3");
    ck_status("A", "dismissed");
    run("A 1;B 3"); /* less evidence is none */
    ck_status("A", "dismissed");
    run("A 1 2 4;B 3");
    ck_status("A", "open");
    run("A 1 2;B 3");
    ck_status("A", "dismissed");
}
END_TEST

START_TEST(it_follows_its_records)
{
    run("B 2 3");
    say("B", VERDICT_NO, "status=dismissed");
    run("C 3"); /* the smallest record went elsewhere */
    ck_status("C", "dismissed");
    run("B 2;C 3"); /* it fell apart */
    ck_status("B", "dismissed");
    ck_status("C", "dismissed");
    run("A 1 2 3"); /* it was taken in, with something new */
    ck_status("A", "open");
    say("A", VERDICT_YES, "status=confirmed\nowner=roy");
    run("A 1 2 3;D 4");
    ck_status("A", "confirmed");
    ck_status("D", "new");
    run("B 2 3"); /* what was said of itself goes before what follows from another */
    ck_status("B", "dismissed");
}
END_TEST

START_TEST(it_can_be_taken_back)
{
    run("A 1 2");
    say("A", VERDICT_UNSURE, "status=assigned\nowner=roy");
    ck_status("A", "assigned");
    say("A", VERDICT_REVOKED, NULL);
    ck_status("A", "new");
    run("A 1 2");
    ck_status("A", "new");
}
END_TEST

START_TEST(news_are_named)
{
    run("A 1 2");
    g_autofree char *seen = seen_of_lead(store, "A", &error);
    MUST(store_put_indicator(store, &(IndicatorRow){"I3", 1, "p", "k:2", 3, "many"}, &error));
    MUST(store_put_indicator(store, &(IndicatorRow){"C1", 1, "p", "k:1", -3, "kept it"}, &error));
    g_autofree char *now = seen_of_lead(store, "A", &error);
    g_autofree char *news = seen_news(now, seen), *gone = seen_news(seen, now);
    ck_assert_str_eq(news, "indicator I3 k:2"); /* what speaks against it is no reason */
    ck_assert_str_eq(gone, "");
}
END_TEST

static void decide(JudgementType type, Verdict verdict, const char *left, const char *right)
{
    g_autofree char *seen = seen_of_pair(store, type, left, right, &error);
    Judgement judgement = {.type = type,
                           .verdict = verdict,
                           .left = (char *)left,
                           .right = (char *)right,
                           .time = (char *)DAY,
                           .evidence = seen};
    MUST(judgement_add(store, &judgement, &error));
}

static guint labels(JudgementType type)
{
    g_autoptr(GPtrArray) found = judgement_labels(store, type, DAY, &error);
    MUST(found != NULL);
    return found->len;
}

START_TEST(a_dismissed_link_comes_back)
{
    decide(JUDGE_LINK, VERDICT_NO, "k:1", "k:5");
    decide(JUDGE_LINK, VERDICT_YES, "k:2", "k:6");
    decide(JUDGE_LINK, VERDICT_UNSURE, "k:3", "k:6");
    ck_assert_uint_eq(labels(JUDGE_LINK), 2);
    put_record("k:5", "HAA1294", "SEIZED", "ROY"); /* read again: new evidence */
    put_record("k:6", "HAA1299", "SEIZED", "ROY"); /* a confirmed one stays */
    ck_assert_uint_eq(labels(JUDGE_LINK), 1);
    g_autofree char *now = seen_of_pair(store, JUDGE_LINK, "k:5", "k:1", &error);
    g_autoptr(Judgement) was = judgement_find(store, JUDGE_LINK, "k:5", "k:1", DAY, &error);
    g_autofree char *news = seen_news(now, was->evidence);
    ck_assert_str_eq(news, "right serial_number");
}
END_TEST

START_TEST(another_person_in_the_same_role)
{
    decide(JUDGE_PERSON, VERDICT_YES, "k:1:purchaser", "k:2:purchaser");
    put_record("k:1", "HAA1234", "RECOVERED", "ROYE"); /* spelt anew, same birth date */
    ck_assert_uint_eq(labels(JUDGE_PERSON), 1);
    decide(JUDGE_PERSON, VERDICT_YES, "k:3:purchaser", "k:9:purchaser");
    ck_assert_uint_eq(labels(JUDGE_PERSON), 1); /* no such record */
}
END_TEST

static char *against(JudgementType type, Verdict verdict, const char *left, const char *right)
{
    Judgement judgement = {
        .type = type, .verdict = verdict, .left = (char *)left, .right = (char *)right};
    return judgement_contradiction(store, &judgement, DAY, &error);
}

START_TEST(contradictions_are_found)
{
    decide(JUDGE_PERSON, VERDICT_YES, "k:1:purchaser", "k:2:purchaser");
    decide(JUDGE_PERSON, VERDICT_YES, "k:2:purchaser", "k:3:purchaser");
    g_autofree char *split = against(JUDGE_PERSON, VERDICT_NO, "k:1:purchaser", "k:3:purchaser");
    ck_assert_ptr_nonnull(split);
    g_autofree char *own = against(JUDGE_PERSON, VERDICT_NO, "k:2:purchaser", "k:1:purchaser");
    ck_assert_ptr_null(own); /* its own earlier decision gives way */
    decide(JUDGE_PERSON, VERDICT_NO, "k:3:purchaser", "k:4:purchaser");
    g_autofree char *join = against(JUDGE_PERSON, VERDICT_YES, "k:4:purchaser", "k:1:purchaser");
    ck_assert_ptr_nonnull(join);
    decide(JUDGE_LINK, VERDICT_YES, "k:1", "k:5");
    g_autofree char *twice = against(JUDGE_LINK, VERDICT_YES, "k:1", "k:6");
    ck_assert_ptr_nonnull(twice);
    g_autofree char *fine = against(JUDGE_LINK, VERDICT_YES, "k:1", "k:2");
    ck_assert_ptr_null(fine);
}
END_TEST

START_TEST(one_rule_for_one_value)
{
    Judgement judgement = {.type = JUDGE_RULE,
                           .verdict = VERDICT_NO,
                           .left = (char *)"I3",
                           .right = (char *)"k:2:purchaser",
                           .time = (char *)DAY,
                           .expires = (char *)"2024-06-30"};
    MUST(judgement_add(store, &judgement, &error));
    MUST(store_put_person(store, "k:2:purchaser", "k:1:purchaser", 1, &error));
    g_autoptr(Suppressions) on = suppressions_read(store, "2024-06-30T12:00:00Z", &error);
    ck_assert(suppressions_hold(on, "I3", "k:2:purchaser", "k:9"));
    ck_assert(suppressions_hold(on, "I3", "k:1:purchaser", "k:9")); /* the same person */
    ck_assert(suppressions_hold(on, "I3", "case k:1:purchaser", "k:9"));
    ck_assert(!suppressions_hold(on, "I2", "k:2:purchaser", "k:9"));
    ck_assert(!suppressions_hold(on, "I3", "k:3:purchaser", "k:9"));
    g_autoptr(Suppressions) over = suppressions_read(store, "2024-07-01", &error);
    ck_assert(!suppressions_hold(over, "I3", "k:2:purchaser", "k:9"));
    g_autofree char *before = judgement_state(store, "2024-06-30", &error);
    g_autofree char *after = judgement_state(store, "2024-07-01", &error);
    ck_assert_str_ne(before, after); /* the end of a suppression is something new */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judgement/settle");
    TCase *cases = tcase_create("settle");
    tcase_add_checked_fixture(cases, up, down);
    tcase_add_test(cases, a_dismissed_lead_stays_away);
    tcase_add_test(cases, it_follows_its_records);
    tcase_add_test(cases, it_can_be_taken_back);
    tcase_add_test(cases, news_are_named);
    tcase_add_test(cases, a_dismissed_link_comes_back);
    tcase_add_test(cases, another_person_in_the_same_role);
    tcase_add_test(cases, contradictions_are_found);
    tcase_add_test(cases, one_rule_for_one_value);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
