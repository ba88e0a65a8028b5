/*
 * correlate as a whole over small stores: nothing new is nothing to do, a dry run keeps nothing,
 * what people decided is obeyed and a revoked decision is forgotten, the same rows in another
 * order give the same links.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "engine/run/facts.h"
#include "engine/run/run.h"
#include "engine/store/runs.h"
#include "tests/unit/folder.h"
#include "tests/unit/run/put.h"
#include "tests/unit/suite.h"

#define AS_OF "2024-07-01T00:00:00Z"

static char *dir, *path;
static Store *store;
static Rules *rules;

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    dir = folder_new();
    path = g_build_filename(dir, "s.db", NULL);
    store = store_open(path, STORE_CREATE, 0, &error);
    ck_assert_msg(store != NULL, "%s", error ? error->message : "");
    rules = rules_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
}

static void tear_down(void)
{
    store_close(store);
    rules_free(rules);
    folder_remove(dir);
    g_free(path);
}

static Record *firearm(const char *kind, const char *key, const char *event, const char *serial)
{
    Record *record = record_new(kind);
    Serial read = serial_parse(serial, NULL);
    record->ref = g_strdup_printf("%s:%s", kind, key);
    record->raw = g_strdup("SYNTHETIC");
    record_take(record, FIELD_EVENT_TYPE, g_strdup(event));
    record_take(record, FIELD_SERIAL_NUMBER, g_strdup(serial));
    record_take(record, FIELD_SERIAL_KIND, g_strdup(serial_kind_name(read.kind)));
    record_take(record, FIELD_SERIAL_PATTERN, serial_pattern(&read));
    record_take(record, FIELD_SERIAL_CANONICAL, serial_canonical(&read));
    record_take(record, FIELD_MAKE, g_strdup("TAURUS"));
    record_take(record, FIELD_MODEL, g_strdup("G2C"));
    return record;
}

static void put_world(const char *seized_serial)
{
    gint64 file_id = begin_file(store, seized_serial, AS_OF);
    put_line(store, firearm("atf-trace", "T1", "RECOVERED", "TIU58213"), file_id, 2);
    put_line(store, firearm("atf-trace", "T2", "RECOVERED", "KWB10377"), file_id, 2);
    put_line(store, firearm("cbsa-seizure", "S-1/1", "SEIZED", seized_serial), file_id, 2);
    ck_assert(store_commit(store, NULL));
}

/* What was counted; nothing of it is to be freed. */
static CorrelateReport run(gboolean full, gboolean dry_run)
{
    g_autoptr(GError) error = NULL;
    CorrelateOptions options = {.full = full, .dry_run = dry_run, .as_of = AS_OF};
    CorrelateReport report;
    gboolean ok = correlate(store, rules, &options, &report, &error);
    ck_assert_msg(ok, "%s", error ? error->message : "");
    ck_assert_ptr_null(report.off);
    correlate_report_clear(&report);
    return report;
}

START_TEST(nothing_new_is_nothing_to_do)
{
    put_world("TIU58213");
    CorrelateReport first = run(FALSE, FALSE);
    ck_assert(!first.nothing_new);
    ck_assert_uint_eq(first.records, 3);
    ck_assert_uint_eq(first.links, 1);
    ck_assert(run(FALSE, FALSE).nothing_new);
    ck_assert(!run(TRUE, FALSE).nothing_new);
}
END_TEST

START_TEST(dry_run_keeps_nothing)
{
    put_world("TIU58213");
    ck_assert_uint_eq(run(FALSE, TRUE).links, 1);
    StoreRun last;
    g_autoptr(GError) error = NULL;
    ck_assert(!store_last_run(store, &last, &error));
    ck_assert_ptr_null(error);
}
END_TEST

/* A firearm that came up soon after its purchase, as a file of its own. */
static void put_found(const char *key, const char *serial, const char *country)
{
    static guint files;
    g_autofree char *sha256 = g_strdup_printf("found %u", ++files);
    gint64 file_id = begin_file(store, sha256, AS_OF);
    Record *record = firearm("atf-trace", key, "RECOVERED", serial);
    record_take(record, FIELD_PURCHASE_DATE, g_strdup("2023-01-10"));
    record_take(record, FIELD_EVENT_DATE, g_strdup("2023-03-01"));
    record_take(record, FIELD_EVENT_COUNTRY, g_strdup(country));
    record_take(record, FIELD_RDS_KEY, g_strdup("27112345"));
    put_line(store, record, file_id, 2);
    ck_assert(store_commit(store, NULL));
}

static void ck_leads(gboolean dry_run, guint fresh, guint changed, guint gone)
{
    CorrelateReport report = run(FALSE, dry_run);
    ck_assert_uint_eq(report.leads_new, fresh);
    ck_assert_uint_eq(report.leads_changed, changed);
    ck_assert_uint_eq(report.leads_gone, gone);
    correlate_report_clear(&report);
}

/* A dry run says what the next one then does. */
START_TEST(what_would_change_is_told)
{
    put_found("T1", "TIU58213", "CAN");
    ck_leads(TRUE, 1, 0, 0);
    ck_leads(FALSE, 1, 0, 0);
    put_found("T2", "KWB10377", "CAN");
    ck_leads(TRUE, 1, 0, 0);
    ck_leads(FALSE, 1, 0, 0);
    put_found("T2", "KWB10378", "CAN");
    ck_leads(TRUE, 0, 1, 0);
    ck_leads(FALSE, 0, 1, 0);
    put_found("T1", "TIU58213", "USA");
    ck_leads(TRUE, 0, 0, 1);
    ck_leads(FALSE, 0, 0, 1);
}
END_TEST

/* A copy of the project's rules with one file written anew; a folder below dir. */
static char *rules_with(const char *name, const char *text)
{
    g_autofree char *copy = g_build_filename(dir, "rules", NULL);
    g_autofree char *command = g_strdup_printf("rm -rf '%s' && cp -r rules '%s'", copy, copy);
    g_autofree char *file = g_build_filename(copy, name, NULL);
    ck_assert_int_eq(system(command), 0);
    ck_assert(g_file_set_contents(file, text, -1, NULL));
    return g_steal_pointer(&copy);
}

static guint64 results(void)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(store_handle(store),
                       "SELECT (SELECT count(*) FROM link) + (SELECT count(*) FROM indicator)", -1,
                       &statement, NULL);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    guint64 n = (guint64)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return n;
}

static void note_stage(const char *stage, gpointer data)
{
    g_string_append_printf(data, "%s ", stage);
}

#define RULE "-- id: ZZ\n-- rev: 1\n-- title: T\n-- bits: 1\n-- example: hit a.case\n\n"

/* A rule that is wrong stops the run before its first stage; one whose rows are wrong leaves
 * nothing of the run. */
START_TEST(a_broken_rule_leaves_the_store_alone)
{
    static const struct {
        const char *select, *stages, *what;
    } broken[] = {
        {"SELECT record FROM firearms\n", "", "ZZ.sql:7: columns are 'record', not"},
        {"SELECT record AS subject, record, 1 AS bits, 'e' AS explanation\nFROM nowhere\n", "",
         "ZZ.sql:7: query refused"},
        {"SELECT record AS subject, record,\n:x AS bits, 'e' AS explanation FROM firearms\n", "",
         "ZZ.sql:8: parameter ':x'"},
        {"SELECT record AS subject, 'x' AS record, 1 AS bits, 'e' AS explanation FROM firearms\n",
         "read link resolve join indicate ", "ZZ.sql:7: a row names record 'x'"},
    };
    put_world("TIU58213");
    run(FALSE, FALSE);
    guint64 before = results();
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) stages = g_string_new(NULL);
        g_autofree char *text = g_strconcat(RULE, broken[i].select, NULL);
        g_autofree char *copy = rules_with("indicators/ZZ.sql", text);
        CorrelateOptions options = {
            .full = TRUE, .as_of = AS_OF, .progress = note_stage, .progress_data = stages};
        CorrelateReport report;
        rules_free(rules);
        rules = rules_load(copy, &error);
        ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
        ck_assert(!correlate(store, rules, &options, &report, &error));
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, broken[i].what) != NULL, "%s", error->message);
        ck_assert_str_eq(stages->str, broken[i].stages);
        ck_assert_uint_eq(results(), before);
        correlate_report_clear(&report);
    }
}
END_TEST

START_TEST(hub_records_is_needed)
{
    static const char *const broken[] = {"", "[graph]\n", "# nothing\n[graph]\n"};
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *copy = rules_with("graph.ini", broken[i]);
        ck_assert_ptr_null(rules_load(copy, &error));
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        ck_assert_msg(strstr(error->message, "graph.ini:") && strstr(error->message, "hub_records"),
                      "%s", error->message);
    }
}
END_TEST

static void decide(Verdict verdict)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement = g_new0(Judgement, 1);
    *judgement = (Judgement){.type = JUDGE_LINK,
                             .verdict = verdict,
                             .left = g_strdup("cbsa-seizure:S-1/1"),
                             .right = g_strdup("atf-trace:T1"),
                             .evidence_hash = g_strdup(""),
                             .time = g_strdup(AS_OF),
                             .actor = g_strdup("tester"),
                             .reason = g_strdup("test"),
                             .expires = g_strdup("")};
    ck_assert(store_begin(store, &error));
    ck_assert_msg(judgement_add(store, judgement, &error), "%s", error ? error->message : "");
    ck_assert(store_commit(store, &error));
}

/* The probability that the last run gave to the seizure and a trace; -1 when there is no link. */
static double probability_of_link(void)
{
    double probability = -1;
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT probability FROM links", -1, &statement, NULL);
    if (sqlite3_step(statement) == SQLITE_ROW)
        probability = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return probability;
}

START_TEST(decisions_are_obeyed_and_can_be_revoked)
{
    put_world("TIU58213");
    ck_assert_uint_eq(run(TRUE, FALSE).links, 1);
    double before = probability_of_link();
    decide(VERDICT_NO);
    ck_assert_uint_eq(run(FALSE, FALSE).links, 0); /* a decision is news */
    ck_assert(probability_of_link() <= 0);
    decide(VERDICT_YES);
    ck_assert_uint_eq(run(TRUE, FALSE).links, 1);
    ck_assert_double_eq(probability_of_link(), 1);
    decide(VERDICT_REVOKED);
    ck_assert_uint_eq(run(TRUE, FALSE).links, 1);
    ck_assert_double_eq(probability_of_link(), before);
}
END_TEST

START_TEST(a_flag_makes_facts_obliterated)
{
    g_autoptr(Record) record = firearm("atf-trace", "T9", "RECOVERED", "TI??8213");
    MarkText texts[FACTS_TEXTS];
    MarkFacts facts;
    facts_texts((const char *const *)record->value, texts, &facts);
    ck_assert(!facts.obliterated);
    record_take(record, FIELD_SERIAL_OBLITERATED, g_strdup("Y"));
    facts_texts((const char *const *)record->value, texts, &facts);
    ck_assert(facts.obliterated);
    record_take(record, FIELD_SERIAL_OBLITERATED, NULL);
    record_take(record, FIELD_SERIAL_CONDITION, g_strdup("RESTORED"));
    facts_texts((const char *const *)record->value, texts, &facts);
    ck_assert(facts.obliterated);
}
END_TEST

/* The number begins with a licensee's key: PMF when a dealer has it, nothing when a manufacturer
 * has it or nobody knows. */
static const struct {
    const char *serial, *own_key, *own_type, *listed, *type;
    gboolean pmf;
} licensees[] = {
    {"27104711-0007", "27104711", "01", NULL, NULL, TRUE},
    {"27104711-0007", "27104711", "07", NULL, NULL, FALSE},
    {"27104711-0007", NULL, NULL, "27104711", "02", TRUE},
    {"27104711-0007", NULL, NULL, "27104711", "10", FALSE},
    {"27104711-0007", "27199999", "07", "27104711", "01", TRUE},
    {"27104711-0007", "27199999", "01", NULL, NULL, FALSE},
    {"27104711-0007", NULL, NULL, "27104712", "01", FALSE},
    {"271047110007", "27104711", "01", NULL, NULL, FALSE},
    {"27104711-", "27104711", "01", NULL, NULL, FALSE},
    {"127104711-0007", "27104711", "01", NULL, NULL, FALSE},
};

static gboolean is_marked(const char *category)
{
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), "SELECT 1 FROM marker WHERE category = ?1", -1, &row,
                       NULL);
    sqlite3_bind_text(row, 1, category, -1, SQLITE_STATIC);
    gboolean found = sqlite3_step(row) == SQLITE_ROW;
    sqlite3_finalize(row);
    return found;
}

START_TEST(licensee_marking_needs_a_dealer_licence)
{
    gint64 file_id = begin_file(store, "licensees", AS_OF);
    Record *trace = firearm("atf-trace", "T9", "RECOVERED", licensees[_i].serial);
    record_take(trace, FIELD_RDS_KEY, g_strdup(licensees[_i].own_key));
    record_take(trace, FIELD_FFL_TYPE, g_strdup(licensees[_i].own_type));
    put_line(store, trace, file_id, 2);
    if (licensees[_i].listed) {
        Record *licence = record_new("ffl");
        licence->ref = g_strconcat("ffl:", licensees[_i].listed, NULL);
        licence->raw = g_strdup("SYNTHETIC");
        record_take(licence, FIELD_RDS_KEY, g_strdup(licensees[_i].listed));
        record_take(licence, FIELD_FFL_TYPE, g_strdup(licensees[_i].type));
        put_line(store, licence, file_id, 2);
    }
    ck_assert(store_commit(store, NULL));
    run(FALSE, FALSE);
    ck_assert_msg(is_marked("PMF") == licensees[_i].pmf, "row %d", _i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("correlate");
    TCase *tests = tcase_create("correlate");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nothing_new_is_nothing_to_do);
    tcase_add_test(tests, dry_run_keeps_nothing);
    tcase_add_test(tests, what_would_change_is_told);
    tcase_add_test(tests, a_broken_rule_leaves_the_store_alone);
    tcase_add_test(tests, hub_records_is_needed);
    tcase_add_test(tests, decisions_are_obeyed_and_can_be_revoked);
    tcase_add_test(tests, a_flag_makes_facts_obliterated);
    tcase_add_loop_test(tests, licensee_marking_needs_a_dealer_licence, 0, G_N_ELEMENTS(licensees));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
