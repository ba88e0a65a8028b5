/* Tests of gathering: groups, order of edges, large groups, what a run keeps of a lead. */
#include <sqlite3.h>

#include "engine/judgement/seen.h"
#include "engine/store/changes.h"
#include "tests/unit/lead/built.h"
#include "tests/unit/lead/world.h"
#include "tests/unit/store/failing.h"
#include "tests/unit/suite.h"

static guint correlate(World *world)
{
    const LeadInputs inputs = {.rules = rules};
    guint count = 99;
    MUST(lead_correlate(world->store, &inputs, &count, &problem));
    return count;
}

static GPtrArray *leads_of(World *world)
{
    GPtrArray *leads = NULL;
    MUST((leads = store_get_leads(world->store, &problem)) != NULL);
    return leads;
}

static char *members(const StoredLead *lead)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lead->records->len; i++)
        g_string_append_printf(out, "%s%s", i ? "; " : "", (char *)lead->records->pdata[i]);
    return g_string_free(out, FALSE);
}

START_TEST(test_groups_in_any_order)
{
    g_autofree char *id = NULL;
    for (guint start = 0; start < G_N_ELEMENTS(ring_edges); start++) {
        World world = ring_world(start);
        ck_assert_uint_eq(correlate(&world), 1); /* the group without Canada is none */
        g_autoptr(GPtrArray) leads = leads_of(&world);
        const StoredLead *lead = leads->pdata[0];
        g_autofree char *refs = members(lead);
        ck_assert_str_eq(refs, RING_MEMBERS);
        ck_assert_str_eq(lead->status, "new");
        if (id)
            ck_assert_str_eq(lead->lead_id, id);
        g_free(id);
        id = g_strdup(lead->lead_id);
        world_free(&world);
    }
}
END_TEST

/* An address that grew over the limit joins nothing, a firearm and a person still do. */
START_TEST(test_large_group)
{
    const char *where = _i ? "event_country=CAN" : "event_country=USA";
    World world = ring_world(0);
    for (guint i = 0; i < 500; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:Z%03u", i);
        world_put(&world, 10 + i, ref, PAIRS(where));
        MUST(store_put_edge(
            world.store, &(EdgeRow){"atf-trace:T1", ref, "same-address", NULL, 1, "X"}, &problem));
    }
    ck_assert_uint_eq(correlate(&world), 1);
    g_autoptr(GPtrArray) leads = leads_of(&world);
    g_autofree char *refs = members(leads->pdata[0]);
    ck_assert_str_eq(refs, RING_MEMBERS);
    world_free(&world);
}
END_TEST

/* A group of hundreds is read in one pass: all its records, each once, in order of reference. */
START_TEST(test_many_records)
{
    World world = ring_world(0);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:Z%03u", i);
        world_put(&world, 10 + i, ref, PAIRS("event_country=CAN"));
        MUST(store_put_edge(world.store, &(EdgeRow){"atf-trace:T1", ref, "same-case", NULL, 1, "X"},
                            &problem));
    }
    ck_assert_uint_eq(correlate(&world), 1);
    g_autoptr(GPtrArray) leads = leads_of(&world);
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = lead_evidence_read_all(world.store, leads, &(LeadTelling){0}, &problem)) != NULL);
    const LeadEvidence *evidence = all->pdata[0];
    ck_assert_uint_eq(evidence->records->len, 303);
    ck_assert_uint_eq(evidence->sources->len, 303);
    for (guint i = 1; i < evidence->records->len; i++) {
        const Record *before = evidence->records->pdata[i - 1],
                     *record = evidence->records->pdata[i];
        ck_assert_int_lt(strcmp(before->ref, record->ref), 0);
    }
    world_free(&world);
}
END_TEST

static const Record *record_of(const LeadEvidence *evidence, const char *ref)
{
    for (guint i = 0; i < evidence->records->len; i++)
        if (strcmp(((const Record *)evidence->records->pdata[i])->ref, ref) == 0)
            return evidence->records->pdata[i];
    ck_abort_msg("no %s", ref);
    return NULL;
}

/* A dealer whom a trace knows by number alone has the name of the published list; one of a list
 * that is not, and one of whom the trace says the name itself, stay as they are. */
START_TEST(test_dealers_by_number)
{
    World world = ring_world(0);
    world_put(
        &world, 20, "ffl:20100539",
        PAIRS("ffl_name=SAMPLE ARMS", "ffl_city=AKRON", "ffl_state=OH", "handling=UNCLASSIFIED"));
    world_put(&world, 21, "ffl:20100540", PAIRS("ffl_name=HIDDEN ARMS", "handling=PROTECTED B"));
    world_put(&world, 22, "ffl:27112345",
              PAIRS("ffl_name=ANOTHER NAME", "ffl_city=KENT", "handling=UNCLASSIFIED"));
    world_put(&world, 23, "atf-trace:T3",
              PAIRS("rds_key=20100539", "ffl_city=CANTON", "event_country=CAN"));
    world_put(&world, 24, "atf-trace:T4", PAIRS("rds_key=20100540", "event_country=CAN"));
    MUST(store_put_edge(world.store,
                        &(EdgeRow){"atf-trace:T1", "atf-trace:T3", "same-case", NULL, 1, "X"},
                        &problem));
    MUST(store_put_edge(world.store,
                        &(EdgeRow){"atf-trace:T1", "atf-trace:T4", "same-case", NULL, 1, "X"},
                        &problem));
    ck_assert_uint_eq(correlate(&world), 1);
    g_autoptr(GPtrArray) leads = leads_of(&world);
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = lead_evidence_read_all(world.store, leads, &(LeadTelling){0}, &problem)) != NULL);
    const Record *listed = record_of(all->pdata[0], "atf-trace:T3"),
                 *hidden = record_of(all->pdata[0], "atf-trace:T4"),
                 *named = record_of(all->pdata[0], "atf-trace:T1");
    ck_assert_pstr_eq(record_get(listed, FIELD_FFL_NAME), "SAMPLE ARMS");
    ck_assert_pstr_eq(record_get(listed, FIELD_FFL_CITY), "CANTON"); /* what it says itself */
    ck_assert_pstr_eq(record_get(listed, FIELD_FFL_STATE), "OH");
    ck_assert_ptr_null(record_get(hidden, FIELD_FFL_NAME));
    ck_assert_pstr_eq(record_get(named, FIELD_FFL_NAME), "EXAMPLE GUNS");
    ck_assert_ptr_null(record_get(named, FIELD_FFL_CITY));
    world_free(&world);
}
END_TEST

/* More records around the ring: B is of another firearm in Canada, U of none. */
static void put_more(World *world)
{
    world_put(world, 7, "atf-trace:B",
              PAIRS("event_country=CAN", "purchase_date=2021-02-03", "rds_key=27112345"));
    world_put(world, 8, "atf-trace:U1", PAIRS("event_country=USA"));
    world_put(world, 9, "atf-trace:U2", PAIRS("event_country=USA"));
    MUST(store_put_indicator(world->store,
                             &(IndicatorRow){"I1", 1, "u1", "atf-trace:U1", 2, "soon"}, &problem));
    MUST(store_put_indicator(world->store, &(IndicatorRow){"I1", 1, "b", "atf-trace:B", 2, "soon"},
                             &problem));
}

static char *lead_members(World *world)
{
    GString *out = g_string_new(NULL);
    correlate(world);
    g_autoptr(GPtrArray) leads = leads_of(world);
    for (guint i = 0; i < leads->len; i++) {
        g_autofree char *refs = members(leads->pdata[i]);
        g_string_append_printf(out, "%s\n", refs);
    }
    return g_string_free(out, FALSE);
}

static void edge(World *world, const char *left, const char *right, const char *kind, double weight)
{
    MUST(store_put_edge(world->store, &(EdgeRow){left, right, kind, NULL, weight, "V"}, &problem));
}

/* What did not come up in Canada stands beside one group by person, when an indicator speaks of it,
 * and does not carry on: neither over its own case nor over a door. A weak edge joins nothing. */
START_TEST(test_beside)
{
    World world = ring_world(0);
    put_more(&world);
    edge(&world, "atf-trace:T1", "atf-trace:U1", "same-person", 0.95);
    edge(&world, "atf-trace:T1", "atf-trace:U2", "same-person", 0.95);
    edge(&world, "atf-trace:B", "atf-trace:U1", "same-case", 0.9);
    edge(&world, "atf-trace:B", "atf-trace:T1", "same-person", 0.45);
    g_autofree char *leads = lead_members(&world);
    ck_assert_ptr_nonnull(
        strstr(leads, "atf-trace:T1; atf-trace:T2; atf-trace:U1; cbsa-seizure:A/1\n"));
    ck_assert_ptr_nonnull(strstr(leads, "atf-trace:B\n"));
    world_free(&world);
}
END_TEST

/* The centre of a star may be a record of the US; those around it in Canada join all the same. */
START_TEST(test_centre_elsewhere)
{
    World world = ring_world(0);
    put_more(&world);
    world_put(&world, 10, "atf-trace:A0", PAIRS("event_country=USA"));
    edge(&world, "atf-trace:A0", "atf-trace:B", "same-person", 1);
    edge(&world, "atf-trace:A0", "atf-trace:T1", "same-person", 1);
    edge(&world, "atf-trace:A0", "atf-trace:U1", "same-person", 1);
    g_autofree char *leads = lead_members(&world);
    ck_assert_str_eq(leads,
                     "atf-trace:B; atf-trace:T1; atf-trace:T2; atf-trace:U1; cbsa-seizure:A/1\n");
    world_free(&world);
}
END_TEST

/* Neighbours of one delivery join what came up in Canada, and nothing else. */
START_TEST(test_indicator_joins)
{
    World world = ring_world(0);
    put_more(&world);
    static const char *const sold[] = {"atf-trace:B", "atf-trace:T1", "atf-trace:U2"};
    for (guint i = 0; i < G_N_ELEMENTS(sold); i++)
        MUST(store_put_indicator(
            world.store,
            &(IndicatorRow){"I11", 1, "dealer 27112345 GLOCK ABC", sold[i], 3, "beside"},
            &problem));
    g_autofree char *leads = lead_members(&world);
    ck_assert_str_eq(leads, "atf-trace:B; atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1\n");
    world_free(&world);
}
END_TEST

/* What an indicator that joins says for few bits, a house or a kit in fashion, joins nothing. */
START_TEST(test_indicator_of_few_bits)
{
    for (int strong = 0; strong < 2; strong++) {
        World world = ring_world(0);
        put_more(&world);
        static const char *const shared[] = {"atf-trace:B", "atf-trace:T1"};
        for (guint i = 0; i < G_N_ELEMENTS(shared); i++)
            MUST(store_put_indicator(world.store,
                                     &(IndicatorRow){"I13", 1, "phone 9375550142", shared[i],
                                                     strong ? 1.5 : 1, "shared"},
                                     &problem));
        g_autofree char *leads = lead_members(&world);
        ck_assert_int_eq(
            strstr(leads, "atf-trace:B; atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1\n") != NULL,
            strong);
        world_free(&world);
    }
}
END_TEST

/* One more run over the edges of the ring and, to make one lead of two, another. */
static char *supersedes_of(World *world, const char *smallest, gboolean together)
{
    MUST(store_clear_derived(world->store, DERIVED_EDGES | DERIVED_LEADS, &problem));
    put_edges(world, 0);
    if (together)
        edge(world, "atf-trace:B", "atf-trace:T1", "same-person", 0.95);
    correlate(world);
    g_autoptr(GPtrArray) leads = leads_of(world);
    ck_assert_uint_eq(leads->len, together ? 1 : 2);
    for (guint i = 0; i < leads->len; i++) {
        const StoredLead *lead = leads->pdata[i];
        if (strcmp(lead->records->pdata[0], smallest) == 0)
            return g_strdup(lead->supersedes);
    }
    ck_abort_msg("no lead of '%s'", smallest);
    return NULL;
}

/* A lead that takes another in names it; when they part again, both are there and neither does. */
START_TEST(test_supersedes)
{
    World world = ring_world(0);
    put_more(&world);
    g_autofree char *alone = supersedes_of(&world, "atf-trace:T1", FALSE);
    ck_assert_ptr_null(alone);
    g_autoptr(GPtrArray) leads = leads_of(&world);
    const char *id = NULL;
    for (guint i = 0; i < leads->len; i++) {
        const StoredLead *lead = leads->pdata[i];
        if (strcmp(lead->records->pdata[0], "atf-trace:T1") == 0)
            id = lead->lead_id;
    }
    g_autofree char *merged = supersedes_of(&world, "atf-trace:B", TRUE);
    ck_assert_str_eq(merged, id);
    g_autofree char *again = supersedes_of(&world, "atf-trace:B", TRUE);
    ck_assert_str_eq(again, id);
    g_autofree char *apart = supersedes_of(&world, "atf-trace:B", FALSE);
    ck_assert_ptr_null(apart);
    g_autofree char *back = supersedes_of(&world, "atf-trace:T1", FALSE);
    ck_assert_ptr_null(back);
    world_free(&world);
}
END_TEST

static void run_sql(World *world, const char *sql)
{
    ck_assert_int_eq(sqlite3_exec(store_handle(world->store), sql, NULL, NULL, NULL), SQLITE_OK);
}

static void judge(World *world, const char *setting)
{
    g_autoptr(GPtrArray) leads = leads_of(world);
    const char *lead_id = ((StoredLead *)leads->pdata[0])->lead_id;
    g_autofree char *seen = seen_of_lead(world->store, lead_id, NULL);
    Judgement judgement = {.type = JUDGE_LEAD,
                           .verdict = VERDICT_NO,
                           .left = (char *)lead_id,
                           .time = (char *)"2024-06-01",
                           .evidence = seen,
                           .setting = (char *)setting};
    MUST(judgement_add(world->store, &judgement, &problem));
}

static void ck_status(World *world, const char *status)
{
    MUST(judgement_settle_leads(world->store, "2024-06-01", &problem));
    g_autoptr(GPtrArray) leads = leads_of(world);
    ck_assert_str_eq(((StoredLead *)leads->pdata[0])->status, status);
}

/* People's status stays; what they dismissed comes back when there is new evidence, and not when
 * there is less. */
START_TEST(test_status)
{
    World world = ring_world(0);
    correlate(&world);
    ck_status(&world, "new");
    judge(&world, "status=dismissed");
    ck_status(&world, "dismissed");
    MUST(store_clear_results(world.store, &problem));
    put_edges(&world, 1);
    put_results(&world);
    correlate(&world);
    ck_status(&world, "dismissed");
    MUST(store_put_indicator(world.store, &(IndicatorRow){"I3", 1, "p", "atf-trace:T1", 3, "again"},
                             &problem));
    correlate(&world);
    ck_status(&world, "open");
    run_sql(&world, "DELETE FROM indicator WHERE indicator = 'I3'");
    correlate(&world);
    ck_status(&world, "dismissed");
    world_free(&world);
}
END_TEST

START_TEST(test_read_back)
{
    World world = ring_world(0);
    correlate(&world);
    g_autoptr(GPtrArray) leads = leads_of(&world);
    const StoredLead *stored = leads->pdata[0];
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = lead_evidence_read_all(world.store, leads, &(LeadTelling){0}, &problem)) != NULL);
    const LeadEvidence *evidence = all->pdata[0];
    ck_assert_uint_eq(evidence->records->len, 3);
    ck_assert_str_eq(evidence->sources->pdata[2], "traces.csv:6");
    ck_assert_uint_eq(evidence->links->len, 1);
    const LeadLink *link = evidence->links->pdata[0];
    ck_assert_ptr_nonnull(strstr(link->explanation, "S1"));
    ck_assert_str_eq(link->against, "dates requested-before '2021-04-01' ~ '2021-03-01' -4.0");
    ck_assert_uint_eq(evidence->people->len, 2);
    ck_assert_uint_eq(evidence->indicators->len, 2);
    const LeadIndicator *told = evidence->indicators->pdata[0]; /* of rules that are not at hand */
    ck_assert_pstr_eq(told->title, told->indicator);
    ck_assert_pstr_eq(told->severity, "");
    ck_assert_uint_eq(evidence->markers->len, 1);
    ck_assert_uint_eq(evidence->edges->len, 2);
    g_autoptr(Lead) lead = lead_build(evidence, rules, NULL, "2022-01-01", LANG_EN);
    ck_assert_str_eq(lead->lead_id, stored->lead_id);
    ck_assert_str_eq(lead->evidence_hash, stored->evidence_hash);
    ck_assert_double_eq_tol(lead->score, stored->score, 1e-12);
    world_free(&world);
}
END_TEST

static gboolean correlate_all(Store *store, gpointer data, GError **error)
{
    guint count = 99;
    return lead_correlate(store, data, &count, error);
}

static gboolean correlate_changed(Store *store, gpointer data, GError **error)
{
    g_autoptr(GHashTable) changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(changed, g_strdup("atf-trace:T1"));
    g_hash_table_add(changed, g_strdup("cbsa-seizure:A/1"));
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) weighed = g_ptr_array_new();
    g_ptr_array_add(weighed, (char *)"atf-trace:T2");
    g_ptr_array_add(weighed, (char *)"cbsa-seizure:A/1");
    const LeadChange change = {changed, none, weighed, none};
    return lead_update(store, data, &change, error);
}

static char *evidence_of(World *world)
{
    g_autoptr(GPtrArray) leads = leads_of(world);
    ck_assert_uint_eq(leads->len, 1);
    return g_strdup(((const StoredLead *)leads->pdata[0])->evidence_hash);
}

/* After weak links between records came, the last of them between these two: what the lead rests on
 * now. */
static char *evidence_after(World *world, const char *left, const char *right)
{
    const LeadInputs inputs = {.rules = rules};
    g_autoptr(Evidence) evidence = evidence_new();
    g_autoptr(GHashTable) changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) weighed = g_ptr_array_new();
    g_ptr_array_add(weighed, (char *)"atf-trace:T9"); /* ends that no lead has together */
    g_ptr_array_add(weighed, (char *)"atf-trace:T1");
    g_ptr_array_add(weighed, (char *)left);
    g_ptr_array_add(weighed, (char *)right);
    MUST(store_put_link(world->store, &(LinkRow){"serial", left, right, "S2", 5, 0.2, 1}, evidence,
                        &problem));
    MUST(lead_update(world->store, &inputs, &(LeadChange){changed, none, weighed, none}, &problem));
    return evidence_of(world);
}

/* A weak link matters to a lead that has both its ends, as a full run would have it. */
START_TEST(test_weak_link)
{
    World world = ring_world(0);
    correlate(&world);
    g_autofree char *before = evidence_of(&world);
    g_autofree char *beside = evidence_after(&world, "cbsa-seizure:A/1", "atf-trace:T9");
    ck_assert_str_eq(beside, before);
    g_autofree char *inside = evidence_after(&world, "cbsa-seizure:A/1", "atf-trace:T2");
    ck_assert_str_ne(inside, before);
    correlate(&world);
    g_autofree char *full = evidence_of(&world);
    ck_assert_str_eq(inside, full);
    world_free(&world);
}
END_TEST

START_TEST(test_a_failing_store_is_told_of)
{
    World world = ring_world(0);
    LeadInputs inputs = {.rules = rules};
    failing_all(world.store, correlate_all, &inputs);
    correlate(&world);
    failing_all(world.store, correlate_changed, &inputs);
    world_free(&world);
}
END_TEST

/* Records are read over a connection of their own, at the same time as all else: each says it when
 * it fails, and what the other says of it then is heard once. */
START_TEST(test_a_failing_reader_is_told_of)
{
    World world = ring_world(0);
    MUST(store_commit(world.store, &problem));
    g_autoptr(Store) reader = store_open_beside(world.store, NULL);
    const LeadInputs inputs = {.rules = rules, .reader = reader};
    for (guint which = 0; which < 4; which++) {
        Failing now = {0, 0}, later = {1, 0};
        GError *error = NULL;
        guint count = 99;
        MUST(store_begin(world.store, &problem));
        failing_set(reader, FALSE, which & 1 ? &now : NULL);
        failing_set(world.store, FALSE, which & 2 ? &later : NULL);
        gboolean done = lead_correlate(world.store, &inputs, &count, &error);
        failing_set(reader, FALSE, NULL);
        failing_set(world.store, FALSE, NULL);
        store_rollback(world.store);
        ck_assert_msg(done == (which == 0), "%u: done %d", which, done);
        ck_assert_int_eq(error == NULL, which == 0);
        g_clear_error(&error);
    }
    world_free(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lead gather");
    TCase *tests = tcase_create("gather");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_groups_in_any_order);
    tcase_add_loop_test(tests, test_large_group, 0, 2);
    tcase_add_test(tests, test_many_records);
    tcase_add_test(tests, test_dealers_by_number);
    tcase_add_test(tests, test_beside);
    tcase_add_test(tests, test_centre_elsewhere);
    tcase_add_test(tests, test_indicator_joins);
    tcase_add_test(tests, test_indicator_of_few_bits);
    tcase_add_test(tests, test_supersedes);
    tcase_add_test(tests, test_status);
    tcase_add_test(tests, test_read_back);
    tcase_add_test(tests, test_weak_link);
    tcase_add_test(tests, test_a_failing_store_is_told_of);
    tcase_add_test(tests, test_a_failing_reader_is_told_of);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
