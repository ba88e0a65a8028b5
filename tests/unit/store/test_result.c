/*
 * Results of a run: what is put comes back, what is cleared is gone, what people decided of a
 * lead stays, and nothing impossible is taken.
 */
#include <math.h>
#include <string.h>

#include "engine/store/db.h"
#include "engine/store/runs.h"
#include "engine/store/shared.h"
#include "tests/unit/store/fixture.h"

static Store *store;
static sqlite3 *db;
static GError *error;

static void up(void)
{
    fixture_up();
    error = NULL;
    store = fixture_store(STORE_CREATE);
    db = store_handle(store);
    ck_assert(store_begin(store, NULL));
    fixture_file(store, "f1", 2);
    fixture_put(store, fixture_record("T1", "A1", "SMITH"));
    fixture_put(store, fixture_record("T2", "A2", "ROY"));
}

static void down(void)
{
    g_clear_error(&error);
    store_close(store);
    fixture_down();
}

static Evidence *some_evidence(void)
{
    Evidence *evidence = evidence_new();
    evidence_add(evidence, "serial", "serial", "S2", "HAA1234", "HAA1Z34", 14.25);
    Term *term = evidence_add(evidence, "make", "make", "equal", NULL, NULL, 2.5);
    term->counted = 1.5;
    return evidence;
}

START_TEST(test_evidence)
{
    g_autoptr(Evidence) evidence = some_evidence();
    gint64 first = store_put_evidence(store, evidence, &error);
    gint64 second = store_put_evidence(store, evidence, &error);
    ck_assert_int_ge(first, 1);
    ck_assert_int_eq(second, first + 1);
    g_autoptr(Evidence) back = store_get_evidence(store, second, &error);
    ck_done(back != NULL, error);
    ck_assert_uint_eq(evidence_count(back), 2);
    const Term *term = evidence_term(back, 0);
    ck_assert_str_eq(term->family, "serial");
    ck_assert_str_eq(term->field, "serial");
    ck_assert_str_eq(term->level, "S2");
    ck_assert_str_eq(term->left, "HAA1234");
    ck_assert_str_eq(term->right, "HAA1Z34");
    ck_assert(term->bits == 14.25 && term->counted == 14.25);
    term = evidence_term(back, 1);
    ck_assert_ptr_null(term->left);
    ck_assert(term->bits == 2.5 && term->counted == 1.5);
}
END_TEST

/* Texts and numbers of every shape come back as they are; what is cut short is damage, unless it
 * ends with a term. */
START_TEST(test_terms_come_back)
{
    static const char *const texts[] = {NULL, "", "A", "A B", "\xc3\xa9"};
    static const double numbers[] = {0, -0.0, 0.1, -1e300, 5e-324, INFINITY};
    g_autoptr(Evidence) evidence = evidence_new();
    g_autoptr(GString) packed = g_string_new(NULL);
    for (guint i = 0; i < 5 * 5 * 6 * 2; i++) {
        const char *left = texts[i % 5], *right = texts[i / 5 % 5];
        Term *term = evidence_add(evidence, "name", i % 2 ? "first" : "name", i % 3 ? "near" : "",
                                  left, right, numbers[i / 25 % 6]);
        term->counted = i / 150 ? numbers[i % 6] : term->bits;
    }
    terms_pack(evidence, packed);
    g_autoptr(Evidence) back = evidence_new();
    ck_assert(terms_unpack(packed->str, packed->len, back));
    ck_assert_uint_eq(evidence_count(back), evidence_count(evidence));
    for (guint i = 0; i < evidence_count(back); i++) {
        const Term *a = evidence_term(evidence, i), *b = evidence_term(back, i);
        ck_assert_str_eq(a->family, b->family);
        ck_assert_str_eq(a->field, b->field);
        ck_assert_str_eq(a->level, b->level);
        ck_assert(g_strcmp0(a->left, b->left) == 0 && g_strcmp0(a->right, b->right) == 0);
        ck_assert_mem_eq(&a->bits, &b->bits, sizeof a->bits);
        ck_assert_mem_eq(&a->counted, &b->counted, sizeof a->counted);
    }
    guint whole = 0;
    for (gsize length = 0; length < packed->len; length++) {
        g_autofree char *cut = g_memdup2(packed->str, length + 1); /* to be seen reading beyond */
        g_autoptr(Evidence) some = evidence_new();
        whole += terms_unpack(cut, length, some);
    }
    ck_assert_uint_eq(whole, evidence_count(evidence));
}
END_TEST

START_TEST(test_damaged_evidence)
{
    static const char *const damages[] = {"x''", "x'02'", "x'01ff'", "substr(terms, 1, 20)"};
    g_autoptr(Evidence) evidence = some_evidence();
    gint64 id = store_put_evidence(store, evidence, &error);
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *sql = g_strdup_printf("UPDATE evidence SET terms = %s", damages[i]);
        ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        ck_assert_ptr_null(store_get_evidence(store, id, &error));
        ck_assert_int_eq(error->code, STATUS_STORE);
        g_clear_error(&error);
    }
    Term *term = evidence->terms->pdata[0];
    term->bits = NAN;
    ck_assert_int_eq(store_put_evidence(store, evidence, NULL), 0);
}
END_TEST

START_TEST(test_links)
{
    g_autoptr(Evidence) evidence = some_evidence();
    ck_done(store_put_link(
                store,
                &(LinkRow){"serial", "atf-trace:T1", "atf-trace:T2", "S2", 14.25, 0.75, 0.01},
                evidence, &error),
            error);
    ck_done(store_put_link(store,
                           &(LinkRow){"person", "atf-trace:T1:purchaser", "atf-trace:T2:purchaser",
                                      "", 3, 0.95, 0},
                           NULL, &error),
            error);
    ck_answer(db,
              "SELECT \"left\" || \"right\" || tier || bits || probability || chance_matches"
              " FROM links",
              "atf-trace:T1atf-trace:T2S214.250.750.01");
    ck_answer(db, "SELECT count(*) FROM link WHERE kind = 'person' AND evidence_id IS NULL", "1");
    ck_answer(db, "SELECT count(*) FROM link l JOIN evidence USING(evidence_id)", "1");
    ck_assert(is_sound(store));
}
END_TEST

START_TEST(test_impossible)
{
    static const double impossible[] = {-0.01, 1.01, NAN, INFINITY};
    for (gsize i = 0; i < G_N_ELEMENTS(impossible); i++) {
        ck_assert(!store_put_link(
            store, &(LinkRow){"serial", "atf-trace:T1", "atf-trace:T2", "S2", 1, impossible[i], 0},
            NULL, NULL));
        ck_assert(!store_put_person(store, "atf-trace:T1:purchaser", "atf-trace:T1:purchaser",
                                    impossible[i], NULL));
        ck_assert(!store_put_marker(
            store, &(MarkerRow){"atf-trace:T1", "PMF", 1, impossible[i], "", ""}, NULL));
    }
    ck_assert(!store_put_person(store, "atf-trace:T9:purchaser", "x", 1, &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
    g_clear_error(&error);
    ck_assert(!store_put_person(store, "atf-trace:T1:shipper", "x", 1, NULL));
    ck_assert(!store_put_person(store, "nonsense", "x", 1, NULL));
    ck_assert(!store_put_firearm(store, "atf-trace:T9", "atf-trace:T1", NULL));
    ck_assert(!store_put_firearm(store, "atf-trace:T1", "atf-trace:T9", &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
}
END_TEST

static gint64 add_set(const char *firearm)
{
    g_auto(ParameterSet) set = {.start_hash = g_strdup("h"),
                                .records = 7,
                                .firearm = g_strdup(firearm),
                                .person = g_strdup("p")};
    ck_done(store_add_parameters(store, &set, &error), error);
    return set.set_id;
}

START_TEST(test_parameters)
{
    gint64 set = add_set("abc");
    ck_assert_int_ge(set, 1);
    ck_assert_int_eq(add_set("abc"), set);
    ck_assert_int_ne(add_set("abd"), set);
    g_auto(ParameterSet) kept = {0};
    ck_done(store_get_parameters(store, set, &kept, &error), error);
    ck_assert_str_eq(kept.start_hash, "h");
    ck_assert_str_eq(kept.firearm, "abc");
    ck_assert_str_eq(kept.person, "p");
    ck_assert_uint_eq(kept.records, 7);
    g_auto(ParameterSet) parts = {0};
    ck_done(store_get_set(store, set, &parts, &error), error);
    ck_assert_uint_eq(parts.records, 7);
    ck_assert(!parts.firearm && !parts.person);
    ck_done(store_get_set_person(store, &parts, &error), error);
    ck_assert(!parts.firearm);
    ck_assert_str_eq(parts.person, "p");
    ck_done(store_get_set_firearm(store, &parts, &error), error);
    ck_assert_str_eq(parts.firearm, "abc");
    ParameterSet gone = {.set_id = 99};
    ck_assert(!store_get_set_person(store, &gone, &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
    g_clear_error(&error);
    ParameterSet none;
    ck_assert(!store_get_parameters(store, 99, &none, &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
}
END_TEST

static gint64 add_run(gint64 set_id, const char *data)
{
    g_auto(StoreRun) run = {.set_id = set_id,
                            .as_of = g_strdup("2024-01-01T00:00:00Z"),
                            .kind = g_strdup("full"),
                            .data_hash = g_strdup(data),
                            .rules_hash = g_strdup("r1"),
                            .data_sum = g_strdup("s"),
                            .last_record = 5,
                            .last_file = 6};
    ck_done(store_start_run(store, &run, &error), error);
    run.records = 11;
    ck_done(store_finish_run(store, &run, &error), error);
    return run.run_id;
}

START_TEST(test_runs)
{
    StoreRun none;
    ck_assert(!store_last_run(store, &none, &error));
    ck_assert_ptr_null(error);
    ck_assert_int_eq(none.run_id, 0);
    gint64 set = add_set("abc"), first = add_run(set, "d1"), second = add_run(set, "d2");
    g_auto(StoreRun) last = {0};
    ck_done(store_last_run(store, &last, &error), error);
    ck_assert_int_eq(last.run_id, second);
    ck_assert_int_eq(last.set_id, set);
    ck_assert_str_eq(last.data_hash, "d2");
    ck_assert_str_eq(last.as_of, "2024-01-01T00:00:00Z");
    ck_assert_int_eq(last.last_record, 5);
    ck_assert_int_eq(last.last_file, 6);
    ck_assert_uint_eq(last.records, 11);
    ck_assert_uint_eq(last.leads, 0);
    g_autoptr(GPtrArray) runs = store_runs(store, &error);
    ck_assert_uint_eq(runs->len, 2);
    ck_assert_int_eq(((StoreRun *)runs->pdata[1])->run_id, first);
}
END_TEST

static void put_lead(const char *id, double score, const char *status)
{
    g_autoptr(StoredLead) lead = stored_lead_new();
    g_autoptr(Evidence) evidence = some_evidence();
    lead->lead_id = g_strdup(id);
    lead->kind = g_strdup("trafficking; ghost-gun");
    lead->bits = 3;
    lead->score = score;
    lead->evidence_hash = g_strdup("e1");
    lead->status = g_strdup(status);
    g_ptr_array_add(lead->records, g_strdup("atf-trace:T1"));
    g_ptr_array_add(lead->records, g_strdup("atf-trace:T2"));
    ck_done(store_put_lead(store, lead, evidence, &error), error);
}

START_TEST(test_leads)
{
    put_lead("b", 0.5, "new");
    put_lead("c", 0.75, "new");
    put_lead("a", 0.5, NULL);
    g_autoptr(GPtrArray) leads = store_get_leads(store, &error);
    ck_done(leads != NULL, error);
    ck_assert_uint_eq(leads->len, 3);
    static const char *const order[] = {"c", "a", "b"};
    for (guint i = 0; i < 3; i++) {
        const StoredLead *lead = g_ptr_array_index(leads, i);
        ck_assert_str_eq(lead->lead_id, order[i]);
        ck_assert_str_eq(lead->status, "new");
        ck_assert_str_eq(lead->kind, "trafficking; ghost-gun");
        ck_assert_uint_eq(lead->records->len, 2);
        ck_assert_str_eq(g_ptr_array_index(lead->records, 1), "atf-trace:T2");
        g_autoptr(Evidence) evidence = store_get_evidence(store, lead->evidence_id, &error);
        ck_assert_uint_eq(evidence_count(evidence), 2);
    }
    ck_assert_ptr_null(store_get_lead(store, "z", &error));
    ck_assert_int_eq(error->code, STATUS_NO_INPUT);
    ck_assert(is_sound(store));
}
END_TEST

/* A run clears what it makes anew; people's status survives it, and the next put as well. */
START_TEST(test_clear)
{
    g_autoptr(Evidence) evidence = some_evidence();
    put_lead("a", 0.5, "dismissed");
    ck_done(store_put_link(store,
                           &(LinkRow){"serial", "atf-trace:T1", "atf-trace:T2", "S2", 1, 1, 0},
                           evidence, &error),
            error);
    ck_done(store_put_firearm(store, "atf-trace:T2", "atf-trace:T1", &error), error);
    ck_done(store_put_person(store, "atf-trace:T1:purchaser", "atf-trace:T1:purchaser", 1, &error),
            error);
    ck_done(store_put_marker(store, &(MarkerRow){"atf-trace:T1", "PMF", 6, 0.875, "pmf@1", "80%"},
                             &error),
            error);
    ck_done(store_put_edge(store,
                           &(EdgeRow){"atf-trace:T1", "atf-trace:T2", "same-case", NULL, 1, "C1"},
                           &error),
            error);
    ck_done(store_put_indicator(store,
                                &(IndicatorRow){"I2", 1, "atf-trace:T1:purchaser", "atf-trace:T1",
                                                3.5, "two handguns"},
                                &error),
            error);
    ck_answer(db, "SELECT firearm FROM firearms WHERE record = 'atf-trace:T2'", "atf-trace:T1");
    ck_answer(db, "SELECT category || probability || excerpt FROM markers", "PMF0.87580%");
    ck_answer(db, "SELECT kind || value || ifnull(date, '-') FROM edges", "same-caseC1-");
    ck_answer(db, "SELECT subject || rev || bits FROM indicator", "atf-trace:T1:purchaser13.5");
    ck_assert(is_sound(store));
    ck_done(store_clear_results(store, &error), error);
    static const char *const tables[] = {"link",      "person",   "marker",     "edge",
                                         "indicator", "evidence", "lead_record"};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", tables[i]);
        ck_answer(db, sql, "0");
    }
    ck_answer(db, "SELECT firearm FROM firearms WHERE record = 'atf-trace:T2'", "atf-trace:T2");
    g_autoptr(GPtrArray) none = store_get_leads(store, &error);
    ck_assert_uint_eq(none->len, 0);
    g_autoptr(StoredLead) kept = store_get_lead(store, "a", &error);
    ck_assert_str_eq(kept->status, "dismissed");
    ck_assert_str_eq(kept->evidence_hash, "e1");
    put_lead("a", 0.25, "new");
    g_autoptr(StoredLead) again = store_get_lead(store, "a", &error);
    ck_assert_str_eq(again->status, "dismissed");
    ck_assert(again->score == 0.25);
    put_lead("a", 0.25, "open");
    g_autoptr(StoredLead) changed = store_get_lead(store, "a", &error);
    ck_assert_str_eq(changed->status, "open");
    ck_assert(is_sound(store));
}
END_TEST

/* A revised record loses what was resolved of its old mentions, and nothing else. */
START_TEST(test_revision_drops_persons)
{
    static const char *const mentions[] = {"atf-trace:T1:purchaser", "atf-trace:T2:purchaser"};
    for (int i = 0; i < 2; i++)
        ck_done(store_put_person(store, mentions[i], mentions[i], 1, &error), error);
    ck_assert_int_eq(fixture_put(store, fixture_record("T1", "A1", "SMYTH")), PUT_REVISED);
    ck_answer(db, "SELECT group_concat(person) FROM people WHERE person IS NOT NULL", mentions[1]);
    ck_answer(db, "SELECT count(*) FROM firearms", "2");
    ck_assert(is_sound(store));
}
END_TEST

/* What nothing shares any more leaves no row behind, as after a full run. */
START_TEST(test_shared_bucket_goes_with_its_last_value)
{
    const guint64 bit = G_GUINT64_CONSTANT(1) << 40; /* one that is kept in the entry */
    const SharedValue values[] = {{bit, 1}, {2 * bit, 1}, {bit << 20, 2}};
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(SharedValue));
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(SharedValue));
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(SharedValue));
    g_array_append_vals(all, values, G_N_ELEMENTS(values));
    g_array_append_vals(gone, values, 1);
    store_sort_shared(all);
    ck_done(store_put_shared(store, all, &error), error);
    ck_done(store_change_shared(store, gone, none, &error), error);
    ck_answer(db, "SELECT count(*) FROM shared", "2");
    g_array_append_vals(gone, values + 1, 1);
    ck_done(store_change_shared(store, gone, none, &error), error);
    ck_answer(db, "SELECT count(*) || length(entries) FROM shared", "18");
    ck_done(store_change_shared(store, none, gone, &error), error);
    ck_answer(db, "SELECT group_concat(length(entries)) FROM shared", "16,8");
}
END_TEST

START_TEST(test_meta)
{
    ck_assert_ptr_null(store_meta_get(store, "salt", &error));
    ck_assert_ptr_null(error);
    ck_done(store_meta_set(store, "salt", "00123", &error), error);
    ck_done(store_meta_set(store, "salt", "12E45", &error), error);
    g_autofree char *value = store_meta_get(store, "salt", &error);
    ck_assert_str_eq(value, "12E45");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/result");
    TCase *tests = tcase_create("result");
    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, test_evidence);
    tcase_add_test(tests, test_terms_come_back);
    tcase_add_test(tests, test_damaged_evidence);
    tcase_add_test(tests, test_links);
    tcase_add_test(tests, test_impossible);
    tcase_add_test(tests, test_parameters);
    tcase_add_test(tests, test_runs);
    tcase_add_test(tests, test_parameters);
    tcase_add_test(tests, test_leads);
    tcase_add_test(tests, test_clear);
    tcase_add_test(tests, test_revision_drops_persons);
    tcase_add_test(tests, test_shared_bucket_goes_with_its_last_value);
    tcase_add_test(tests, test_meta);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
