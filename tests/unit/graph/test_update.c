/*
 * Edges made anew for what changed are those that would be made of everything: random worlds of few
 * doors, plates, cases and people, with values at the edge of being a hub, changed at random.
 */
#include <sqlite3.h>

#include "engine/graph/graph.h"
#include "engine/store/changes.h"
#include "tests/unit/graph/world.h"
#include "tests/unit/suite.h"

#define RECORDS 24
#define WORLDS  40
#define ROUNDS  4

static const GraphOptions options = {.hub_records = 5, .apart_days = 400};

typedef struct {
    World world;
    GRand *rand;
    StoreRun since;
    GHashTable *records, *entities, *touched;
    GArray *revised;
} Change;

static guint roll(Change *change, guint n)
{
    return (guint)g_rand_int_range(change->rand, 0, (gint32)n);
}

static char *one_of(Change *change, const char *name, guint n)
{
    guint which = roll(change, n * 2); /* often none */
    return which < n ? g_strdup_printf("%s=%s%u", name, "X-100", which) : g_strdup("handling=LES");
}

static char *date_of(Change *change, const char *name)
{
    return g_strdup_printf("%s=20%02u-0%u-11", name, 10 + roll(change, 10), 1 + roll(change, 9));
}

/* Puts a record, new or revised, with some people, and says that it changed. */
static void put_one(Change *change, guint number)
{
    static const char *const roles[] = {"purchaser", "consignee", "shipper", "possessor"};
    const char *role = roles[roll(change, G_N_ELEMENTS(roles))];
    g_autofree char *ref = g_strdup_printf("cbsa-seizure:S%02u/1", number);
    g_autofree char *door = g_strdup_printf("%s.address_key=%u MAIN ST", role, roll(change, 3));
    g_autofree char *name =
        g_strdup_printf("%s.%s=DOE", role, roll(change, 3) ? "last" : "organisation");
    g_autofree char *plate = one_of(change, "vehicle_plate", 2);
    g_autofree char *region =
        roll(change, 3) ? g_strdup("vehicle_region=ON") : g_strdup("handling=LES");
    g_autofree char *seizure = one_of(change, "seizure_no", 4);
    g_autofree char *quoted = one_of(change, "agency_case_no", 4);
    g_autofree char *parcel = one_of(change, "tracking_no", 2);
    g_autofree char *event = date_of(change, "event_date");
    g_autofree char *bought = date_of(change, "purchase_date");
    gint64 id = 0;
    MUST(store_find_ref(change->world.store, ref, &id, &problem));
    if (id)
        g_array_append_val(change->revised, id);
    world_put(&change->world, number, ref,
              PAIRS(door, name, plate, region, seizure, quoted, parcel, event, bought,
                    "requesting_ori=ON1", roll(change, 4) ? "disposition=1ST" : "disposition=STL"));
    MUST(store_find_ref(change->world.store, ref, &id, &problem));
    g_autofree char *entity = g_strdup_printf("cbsa-seizure:S0%u/1:possessor", roll(change, 3));
    MUST(store_set_person(change->world.store, id, role, entity, roll(change, 4) ? 1 : 0.8,
                          &problem));
    g_hash_table_add(change->entities, g_steal_pointer(&entity));
    g_hash_table_add(change->records, g_steal_pointer(&ref));
}

/* A link of two records, or, where there is one already, none. */
static void change_link(Change *change)
{
    guint a = roll(change, RECORDS - 1), b = a + 1 + roll(change, RECORDS - a - 1);
    char *left = g_strdup_printf("cbsa-seizure:S%02u/1", a);
    char *right = g_strdup_printf("cbsa-seizure:S%02u/1", b);
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_ptr_array_add(refs, left);
    g_autoptr(GPtrArray) links = store_links_of(change->world.store, "serial", refs, NULL);
    gboolean gone = FALSE;
    for (guint i = 0; i < links->len; i++) {
        const StoredLink *link = links->pdata[i];
        if (strcmp(link->left, left) != 0 || strcmp(link->right, right) != 0)
            continue;
        MUST(store_drop_link(change->world.store, link, &problem));
        gone = TRUE;
    }
    if (!gone)
        MUST(store_put_link(
            change->world.store,
            &(LinkRow){"serial", left, right, "S1", 9, roll(change, 2) ? 0.9 : 0.3, 0}, NULL,
            &problem));
    g_hash_table_add(change->records, left);
    g_hash_table_add(change->records, right);
}

/* The entities of every record that may be revised: their clusters lose a mention. */
static void note_entities(Change *change)
{
    for (guint i = 0; i < 3; i++)
        g_hash_table_add(change->entities, g_strdup_printf("cbsa-seizure:S0%u/1:possessor", i));
}

static void next_file(Change *change)
{
    World *world = &change->world;
    g_autofree char *sha256 = g_strdup_printf("file %u", g_rand_int(change->rand));
    StoreFile file = {.sha256 = sha256,
                      .name = "s.csv",
                      .kind = "cbsa-seizure",
                      .profile = "cbsa-seizure-en",
                      .encoding = "UTF-8",
                      .date_order = "ISO",
                      .delimiter = ',',
                      .header = "seizure_no",
                      .loaded_at = "2024-01-01"};
    MUST(store_extent(world->store, &change->since, &problem));
    MUST(store_add_file(world->store, &file, &problem));
    world->file_id = file.file_id;
    g_hash_table_remove_all(change->records);
    g_hash_table_remove_all(change->entities);
    g_hash_table_remove_all(change->touched);
    g_array_set_size(change->revised, 0);
}

static GHashTable *edges_of(Store *store)
{
    GHashTable *lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(store_handle(store),
                       "SELECT format('%s %s %s %s %s %.17g %s', kind, \"left\", \"right\", date,"
                       " value, weight, row_number() OVER (PARTITION BY kind, \"left\", \"right\","
                       " date, value, weight)), \"left\" FROM edge",
                       -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_hash_table_insert(lines, g_strdup((const char *)sqlite3_column_text(row, 0)),
                            g_strdup((const char *)sqlite3_column_text(row, 1)));
    sqlite3_finalize(row);
    return lines;
}

/* Every line of one is in the other; where not told apart, its left end must have been touched. */
static void ck_lines(GHashTable *some, GHashTable *all, GHashTable *touched)
{
    GHashTableIter iter;
    gpointer line, left;
    g_hash_table_iter_init(&iter, some);
    while (g_hash_table_iter_next(&iter, &line, &left))
        ck_assert_msg(g_hash_table_contains(all, line) ||
                          (touched && g_hash_table_contains(touched, left)),
                      "%s", (char *)line);
}

static void touch(const char *ref, gpointer data)
{
    g_hash_table_add(data, g_strdup(ref));
}

static void ck_update(Change *change, GHashTable *before)
{
    Store *store = change->world.store;
    const GraphChange graph = {.since = &change->since,
                               .revised = change->revised,
                               .records = change->records,
                               .entities = change->entities,
                               .touch = touch,
                               .data = change->touched};
    MUST(graph_update(store, &options, &graph, &problem));
    g_autoptr(GHashTable) updated = edges_of(store);
    MUST(store_clear_derived(store, DERIVED_EDGES, &problem));
    MUST(graph_build(store, &options, &problem));
    MUST(store_index_results(store, "edge", &problem));
    g_autoptr(GHashTable) built = edges_of(store);
    ck_lines(updated, built, NULL);
    ck_lines(built, updated, NULL);
    ck_lines(before, built, change->touched);
    ck_lines(built, before, change->touched);
}

START_TEST(test_update_is_build)
{
    Change change = {.world = world_new(),
                     .rand = g_rand_new_with_seed((guint32)_i),
                     .records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .revised = g_array_new(FALSE, FALSE, sizeof(gint64))};
    for (guint i = 0; i < RECORDS; i++)
        put_one(&change, i);
    MUST(graph_build(change.world.store, &options, &problem));
    for (guint round = 0; round < ROUNDS; round++) {
        g_autoptr(GHashTable) before = edges_of(change.world.store);
        next_file(&change);
        note_entities(&change);
        for (guint i = roll(&change, 4); i > 0; i--)
            put_one(&change, roll(&change, RECORDS + 6));
        if (roll(&change, 2))
            change_link(&change);
        ck_update(&change, before);
    }
    g_hash_table_unref(change.records);
    g_hash_table_unref(change.entities);
    g_hash_table_unref(change.touched);
    g_array_unref(change.revised);
    g_rand_free(change.rand);
    world_free(&change.world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph update");
    TCase *tests = tcase_create("update");
    tcase_add_loop_test(tests, test_update_is_build, 0, suite_rounds(WORLDS));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
