/*
 * Leads made anew around what changed are those that would be made of everything: random worlds of
 * small groups, whose edges, indicators and records come and go.
 */
#include <sqlite3.h>

#include "engine/store/changes.h"
#include "tests/unit/lead/world.h"
#include "tests/unit/suite.h"

#define RECORDS 60
#define WORLDS  25
#define ROUNDS  5

typedef struct {
    World world;
    GRand *rand;
    GHashTable *changed, *reworded;
    GPtrArray *weighed; /* as in LeadChange */
    GHashTable *subjects;
    gboolean apart; /* most indicators join, and few groups are leads */
} Change;

static guint roll(Change *change, guint n)
{
    return (guint)g_rand_int_range(change->rand, 0, (gint32)n);
}

static char *ref_of(guint i)
{
    return g_strdup_printf("atf-trace:T%03u", i);
}

static void touch(Change *change, guint i)
{
    g_hash_table_add(change->changed, ref_of(i));
}

/* Bought in the US, and found in Canada or not. */
static void put_record(Change *change, guint i)
{
    g_autofree char *ref = ref_of(i);
    g_autofree char *found = g_strdup_printf("event_date=2021-0%u-11", 1 + roll(change, 9));
    world_put(&change->world, i, ref,
              PAIRS(roll(change, 3) ? "event_country=USA" : "event_country=CAN", found,
                    "purchase_date=2021-01-03", "rds_key=27112345", "make=GLOCK"));
    touch(change, i);
}

/* An edge between two that stand near each other, or, where there is one, none. */
static void change_edge(Change *change)
{
    static const char *const kinds[] = {"same-firearm", "same-person", "same-case", "same-address",
                                        "same-address"};
    guint a = roll(change, RECORDS - 1), b = MIN(RECORDS - 1, a + 1 + roll(change, 4));
    g_autofree char *left = ref_of(a), *right = ref_of(b);
    g_autoptr(GPtrArray) edges = g_ptr_array_new_with_free_func((GDestroyNotify)stored_edge_free);
    MUST(store_edges_of(change->world.store, left, TRUE, edges, &problem));
    touch(change, a);
    touch(change, b);
    for (guint i = 0; i < edges->len; i++) {
        const StoredEdge *edge = edges->pdata[i];
        if (strcmp(edge->right, right) == 0) {
            MUST(store_drop_edge(change->world.store, edge, &problem));
            return;
        }
    }
    const char *kind = kinds[1 + roll(change, G_N_ELEMENTS(kinds) - 1)];
    g_autofree char *value = g_strdup_printf("V%u", roll(change, 2));
    MUST(store_put_edge(change->world.store,
                        &(EdgeRow){left, right, kind, NULL, roll(change, 4) ? 0.9 : 0.4, value},
                        &problem));
}

/* A link too weak to join two records: of them, nothing else is told. */
static void change_weak_link(Change *change)
{
    guint a = roll(change, RECORDS - 1), b = MIN(RECORDS - 1, a + 1 + roll(change, 4));
    char *left = ref_of(a), *right = ref_of(b);
    g_autoptr(Evidence) none = evidence_new();
    g_ptr_array_add(change->weighed, left);
    g_ptr_array_add(change->weighed, right);
    MUST(store_put_link(change->world.store,
                        &(LinkRow){"serial", left, right, "S2", 3, 0.1 * (1 + roll(change, 4)), 1},
                        none, &problem));
}

static void change_indicator(Change *change)
{
    guint i = roll(change, RECORDS);
    gboolean joins = change->apart || roll(change, 8) == 0;
    double bits = change->apart ? (roll(change, 2) ? 3 : -9) : roll(change, 5) ? 3 : -1;
    g_autofree char *ref = ref_of(i);
    g_autofree char *subject = g_strdup_printf("dealer %u", change->apart ? i / 6 : i / 15);
    g_autofree char *drop = g_strdup_printf("DELETE FROM indicator WHERE record = '%s'", ref);
    touch(change, i);
    if (roll(change, 3) == 0) {
        g_hash_table_add(change->subjects, g_strdup_printf("I11\n%s", subject));
        sqlite3_exec(store_handle(change->world.store), drop, NULL, NULL, NULL);
    } else {
        MUST(store_put_indicator(
            change->world.store,
            &(IndicatorRow){joins ? "I11" : "I1", 1, subject, ref, bits, "soon"}, &problem));
    }
}

/* What an indicator says of a record, or of all with its subject, in other words. */
static void change_words(Change *change)
{
    guint i = roll(change, RECORDS), first = i, last = i;
    g_autofree char *words = g_strdup_printf("soon, %u", roll(change, 3));
    if (roll(change, 2))
        first = i - i % 15, last = first + 14;
    for (i = first; i <= last; i++) {
        g_autofree char *ref = ref_of(i);
        g_autofree char *sql = g_strdup_printf(
            "UPDATE indicator SET explanation = '%s' WHERE record = '%s'", words, ref);
        ck_assert_int_eq(sqlite3_exec(store_handle(change->world.store), sql, NULL, NULL, NULL),
                         SQLITE_OK);
        g_hash_table_add(change->reworded, g_steal_pointer(&ref));
    }
}

static char *leads_of(Store *store)
{
    static const char sql[] =
        "SELECT lead_id || ' ' || kind || ' ' || format('%.17g %.17g', bits, score) || ' ' ||"
        " evidence_hash || ' ' || (SELECT hex(terms) FROM evidence e WHERE e.evidence_id ="
        " l.evidence_id) || ' ' || (SELECT group_concat(record) FROM (SELECT record FROM"
        " lead_record m WHERE m.lead_id = l.lead_id ORDER BY record)) FROM lead l WHERE live = 1"
        " UNION ALL SELECT 'all ' || (SELECT count(*) FROM evidence) || ' ' ||"
        " (SELECT count(*) FROM lead_record) ORDER BY 1";
    GString *out = g_string_new(NULL);
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), sql, -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_string_append_printf(out, "%s\n", sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return g_string_free(out, FALSE);
}

START_TEST(test_update_is_correlate)
{
    g_autoptr(LeadRules) rules = NULL;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    const LeadInputs inputs = {.rules = rules};
    Change change = {.world = world_new(),
                     .rand = g_rand_new_with_seed((guint32)_i),
                     .changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .reworded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .weighed = g_ptr_array_new_with_free_func(g_free),
                     .subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .apart = _i >= WORLDS};
    const LeadChange became = {change.changed, change.reworded, change.weighed, change.subjects};
    Store *store = change.world.store;
    guint count = 0, most = 0;
    for (guint i = 0; i < RECORDS; i++)
        put_record(&change, i);
    for (guint i = 0; i < RECORDS; i++)
        change_edge(&change), change_indicator(&change);
    MUST(lead_correlate(store, &inputs, &count, &problem));
    for (guint round = 0; round < ROUNDS; round++) {
        g_hash_table_remove_all(change.changed);
        g_hash_table_remove_all(change.reworded);
        g_hash_table_remove_all(change.subjects);
        g_ptr_array_set_size(change.weighed, 0);
        if (roll(&change, 4)) /* where nobody watched, what was told before is not known */
            MUST(store_watch_results(store, &problem));
        if (roll(&change, 3)) {
            change_edge(&change);
            change_indicator(&change);
        }
        change_words(&change);
        change_weak_link(&change);
        if (roll(&change, 2))
            put_record(&change, roll(&change, RECORDS));
        MUST(lead_update(store, &inputs, &became, &problem));
        g_autofree char *updated = leads_of(store);
        MUST(store_clear_derived(store, DERIVED_LEADS, &problem));
        MUST(lead_correlate(store, &inputs, &count, &problem));
        g_autofree char *made = leads_of(store);
        ck_assert_msg(strcmp(updated, made) == 0, "world %d, round %u", _i, round);
        most = MAX(most, count);
    }
    ck_assert(most > 1 || change.apart);
    g_hash_table_unref(change.changed);
    g_hash_table_unref(change.reworded);
    g_hash_table_unref(change.subjects);
    g_ptr_array_unref(change.weighed);
    g_rand_free(change.rand);
    world_free(&change.world);
}
END_TEST

static double bits_of(Store *store, const char *quoted)
{
    static const char sql[] = "SELECT bits FROM lead l JOIN evidence e ON e.evidence_id ="
                              " l.evidence_id WHERE live = 1 AND instr(terms, CAST(?1 AS BLOB))";
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store), sql, -1, &row, NULL);
    sqlite3_bind_text(row, 1, quoted, -1, SQLITE_STATIC);
    double bits = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_double(row, 0) : 0;
    sqlite3_finalize(row);
    return bits;
}

/* An indicator tells of two subjects: the lead quotes the one, in other words when these are
 * others, and is not weighed again for it (of a marker that nobody told of it knows nothing). */
START_TEST(test_words_of_two_subjects)
{
    g_autoptr(LeadRules) rules = lead_rules_load("rules", NULL);
    const LeadInputs inputs = {.rules = rules};
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) reworded = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) weighed = g_ptr_array_new();
    const LeadChange became = {none, reworded, weighed, none};
    World world = ring_world(0);
    guint count = 0;
    MUST(store_put_indicator(
        world.store, &(IndicatorRow){"I2", 1, "d2", "atf-trace:T2", 1, "one rifle"}, &problem));
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    double bits = bits_of(world.store, "two pistols");
    ck_assert_double_gt(bits, -1e3);
    ck_assert_double_ne(bits, 0);
    MUST(store_watch_results(world.store, &problem));
    ck_assert_int_eq(sqlite3_exec(store_handle(world.store),
                                  "UPDATE indicator SET explanation = 'three pistols'"
                                  " WHERE subject = 'd1'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    MUST(store_put_marker(
        world.store,
        &(MarkerRow){"atf-trace:T1", "OBLITERATED", 4, 0.99, "serial@1/removed", "=removed"},
        &problem));
    g_hash_table_add(reworded, (gpointer) "atf-trace:T1");
    g_hash_table_add(reworded, (gpointer) "atf-trace:T2");
    MUST(lead_update(world.store, &inputs, &became, &problem));
    ck_assert_double_eq(bits_of(world.store, "two pistols"), 0);
    ck_assert_double_eq(bits_of(world.store, "three pistols"), bits);
    world_free(&world);
}
END_TEST

/* Found in Canada, or not, as a trace of the first firearm is revised. */
static void put_trace(World *world, guint place, const char *ref, const char *country)
{
    world_put(world, place, ref,
              PAIRS(country, "event_date=2021-04-11", "purchase_date=2021-01-03",
                    "rds_key=27112345", "make=GLOCK"));
}

/* A firearm of which two records tell came up in Canada by one of them, which speaks against all;
 * when that is revised, who was joined by the other stands alone, and is a lead. */
START_TEST(test_firearm_that_was_not_in_canada)
{
    g_autoptr(LeadRules) rules = NULL;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    const LeadInputs inputs = {.rules = rules};
    World world = world_new();
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) weighed = g_ptr_array_new();
    const LeadChange became = {changed, none, weighed, none};
    guint count = 9;
    put_trace(&world, 1, "atf-trace:T1", "event_country=CAN");
    put_trace(&world, 2, "atf-trace:T2", "event_country=USA");
    put_trace(&world, 3, "atf-trace:T3", "event_country=CAN");
    MUST(store_put_firearm(world.store, "atf-trace:T2", "atf-trace:T1", &problem));
    MUST(store_put_edge(world.store,
                        &(EdgeRow){"atf-trace:T1", "atf-trace:T2", "same-firearm", NULL, 0.9, NULL},
                        &problem));
    MUST(store_put_edge(world.store,
                        &(EdgeRow){"atf-trace:T2", "atf-trace:T3", "same-case", NULL, 1, "V"},
                        &problem));
    MUST(store_put_indicator(world.store, &(IndicatorRow){"I1", 1, "s", "atf-trace:T3", 3, "soon"},
                             &problem));
    MUST(store_put_indicator(world.store, &(IndicatorRow){"C1", 1, "s", "atf-trace:T1", -9, "not"},
                             &problem));
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    ck_assert_uint_eq(count, 0);
    put_trace(&world, 4, "atf-trace:T1", "event_country=USA");
    g_hash_table_add(changed, g_strdup("atf-trace:T1"));
    MUST(lead_update(world.store, &inputs, &became, &problem));
    g_autofree char *updated = leads_of(world.store);
    MUST(store_clear_derived(world.store, DERIVED_LEADS, &problem));
    MUST(lead_correlate(world.store, &inputs, &count, &problem));
    g_autofree char *made = leads_of(world.store);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(updated, made);
    world_free(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lead update");
    TCase *tests = tcase_create("update");
    tcase_add_loop_test(tests, test_update_is_correlate, 0, suite_rounds(WORLDS));
    /* One in hundreds has a group that becomes a lead as what joined it another goes. */
    tcase_add_loop_test(tests, test_update_is_correlate, 590, 600);
    tcase_add_test(tests, test_firearm_that_was_not_in_canada);
    tcase_add_test(tests, test_words_of_two_subjects);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
