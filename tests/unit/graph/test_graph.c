/* Tests of engine/graph: what becomes an edge, what is a hub, stars, order. */
#include <sqlite3.h>

#include "engine/graph/graph.h"
#include "tests/unit/graph/world.h"
#include "tests/unit/suite.h"

static void note_edge(const EdgeRow *edge, gpointer out)
{
    g_string_append_printf(out, "%s %s %s %s %s %.9g\n", edge->left, edge->right, edge->kind,
                           edge->date ? edge->date : "-", edge->value ? edge->value : "-",
                           edge->weight);
}

/* What is told of edges that were made is what is stored of them, row for row; of each record what
 * begins at it, and of none that there is not nothing. */
static void ck_told(World *world, const GraphEdges *made)
{
    g_autoptr(GString) stored = g_string_new(NULL), all = g_string_new(NULL);
    g_autoptr(GString) by_record = g_string_new(NULL);
    sqlite3_stmt *row = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(world->store),
                                        "SELECT \"left\", \"right\", kind, ifnull(date, '-'),"
                                        " ifnull(value, '-'), weight FROM edge ORDER BY edge_id",
                                        -1, &row, NULL),
                     SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_string_append_printf(stored, "%s %s %s %s %s %.9g\n", sqlite3_column_text(row, 0),
                               sqlite3_column_text(row, 1), sqlite3_column_text(row, 2),
                               sqlite3_column_text(row, 3), sqlite3_column_text(row, 4),
                               sqlite3_column_double(row, 5));
    sqlite3_finalize(row);
    graph_edges_visit(made, note_edge, all);
    ck_assert_str_eq(all->str, stored->str);
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(world->store),
                                        "SELECT ref FROM record ORDER BY ref", -1, &row, NULL),
                     SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        graph_edges_visit_at(made, (const char *)sqlite3_column_text(row, 0), note_edge, by_record);
    sqlite3_finalize(row);
    graph_edges_visit_at(made, "", note_edge, by_record);
    graph_edges_visit_at(made, "atf-trace:T1x", note_edge, by_record);
    graph_edges_visit_at(made, "zzz", note_edge, by_record);
    ck_assert_str_eq(by_record->str, stored->str);
}

/* Edges as text, one a line: "kind left right weight". */
static char *edges_of(World *world, guint hub_records)
{
    GraphOptions options = {hub_records, 500};
    g_autoptr(GraphEdges) made = NULL;
    MUST((made = graph_make(world->store, &options, NULL, &problem)) != NULL);
    MUST(graph_write(made, world->store, &problem));
    ck_told(world, made);
    GString *out = g_string_new(NULL);
    sqlite3_stmt *row = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(store_handle(world->store),
                                        "SELECT kind, \"left\", \"right\", weight, value "
                                        "FROM edges ORDER BY 1, 2, 3, 5",
                                        -1, &row, NULL),
                     SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        ck_assert_int_lt(strcmp((const char *)sqlite3_column_text(row, 1),
                                (const char *)sqlite3_column_text(row, 2)),
                         0);
        g_string_append_printf(out, "%s %s %s %.2f\n", sqlite3_column_text(row, 0),
                               sqlite3_column_text(row, 1), sqlite3_column_text(row, 2),
                               sqlite3_column_double(row, 3));
    }
    sqlite3_finalize(row);
    return g_string_free(out, FALSE);
}

static void put_person(World *world, const char *mention, const char *entity, double probability)
{
    MUST(store_put_person(world->store, mention, entity, probability, &problem));
}

START_TEST(test_links_and_cases)
{
    World w = world_new();
    world_put(&w, 2, "atf-trace:T1", PAIRS("agency_case_no=4531 23 0147"));
    world_put(&w, 3, "atf-trace:T2", PAIRS("agency_case_no=9999-1"));
    world_put(&w, 4, "atf-trace:T3", PAIRS("agency_case_no=9999-1"));
    world_put(&w, 5, "atf-trace:T4", PAIRS("agency_case_no=X-7777", "requesting_ori=ON1"));
    world_put(&w, 6, "atf-trace:T5", PAIRS("agency_case_no=X7777", "requesting_ori=ON1"));
    world_put(&w, 7, "atf-trace:T6", PAIRS("agency_case_no=X7777", "requesting_ori=QC2"));
    world_put(&w, 8, "cbsa-seizure:A/1", PAIRS("seizure_no=4531-23-0147"));
    world_put(&w, 9, "cbsa-seizure:A/2", PAIRS("seizure_no=4531-23-0147"));
    world_put(&w, 9, "cbsa-seizure:B/1", PAIRS("seizure_no=B-1111"));
    MUST(store_put_link(
        w.store, &(LinkRow){"serial", "cbsa-seizure:A/1", "atf-trace:T2", "S1", 20, 0.75, 0.1},
        NULL, &problem));
    MUST(store_put_link(w.store,
                        &(LinkRow){"serial", "cbsa-seizure:A/1", "atf-trace:T3", "S2", 5, 0.4, 0.1},
                        NULL, &problem));
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-case atf-trace:T1 cbsa-seizure:A/1 1.00\n"
                            "same-case atf-trace:T1 cbsa-seizure:A/2 1.00\n"
                            "same-case atf-trace:T4 atf-trace:T5 1.00\n"
                            "same-firearm atf-trace:T2 cbsa-seizure:A/1 0.75\n");
    world_free(&w);
}
END_TEST

START_TEST(test_people)
{
    World w = world_new();
    world_put(&w, 2, "atf-trace:T1", PAIRS("purchaser.last=DOE"));
    world_put(&w, 3, "atf-trace:T2", PAIRS("purchaser.last=DOE"));
    world_put(&w, 4, "atf-trace:T3", PAIRS("purchaser.last=DOE"));
    world_put(&w, 5, "cbsa-seizure:A/1", PAIRS("seizure_no=A-1111", "shipper.organisation=CARRY"));
    world_put(&w, 6, "cbsa-seizure:B/1", PAIRS("seizure_no=B-1111", "shipper.organisation=CARRY"));
    put_person(&w, "atf-trace:T1:purchaser", "atf-trace:T1:purchaser", 0.95);
    put_person(&w, "atf-trace:T2:purchaser", "atf-trace:T1:purchaser", 0.92);
    put_person(&w, "atf-trace:T3:purchaser", "atf-trace:T1:purchaser", 0.85);
    put_person(&w, "cbsa-seizure:A/1:shipper", "cbsa-seizure:A/1:shipper", 1);
    put_person(&w, "cbsa-seizure:B/1:shipper", "cbsa-seizure:A/1:shipper", 1);
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-person atf-trace:T1 atf-trace:T2 0.92\n");
    world_free(&w);
}
END_TEST

/* A trace that ends with a theft from the dealer has nobody who bought it, whatever its cells say:
 * neither the name nor the door joins; who was found with it does. */
START_TEST(test_stolen_has_no_purchaser)
{
    World w = world_new();
    world_put(&w, 2, "atf-trace:T1",
              PAIRS("disposition=STL", "purchaser.last=DOE", "purchaser.address_key=1 A ST",
                    "possessor.last=ROE"));
    world_put(&w, 3, "atf-trace:T2",
              PAIRS("disposition=1ST", "purchaser.last=DOE", "purchaser.address_key=1 A ST",
                    "possessor.last=ROE"));
    put_person(&w, "atf-trace:T1:possessor", "atf-trace:T1:possessor", 1);
    put_person(&w, "atf-trace:T1:purchaser", "atf-trace:T1:purchaser", 1);
    put_person(&w, "atf-trace:T2:possessor", "atf-trace:T1:possessor", 0.95);
    put_person(&w, "atf-trace:T2:purchaser", "atf-trace:T1:purchaser", 1);
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-person atf-trace:T1 atf-trace:T2 0.95\n");
    world_free(&w);
}
END_TEST

/* A company that sends is a shop or a carrier: its door is told of and gathers nothing. */
START_TEST(test_shipper_at_one_door)
{
    World w = world_new();
    for (int i = 0; i < 3; i++) {
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:S%d/1", i);
        g_autofree char *no = g_strdup_printf("seizure_no=S-100%d", i);
        const char *door = i < 2 ? "shipper.address_key=1 A ST" : "shipper.address_key=2 B ST";
        world_put(&w, 2, ref, PAIRS(no, "shipper.organisation=CARRY", door));
        g_autofree char *mention = g_strconcat(ref, ":shipper", NULL);
        put_person(&w, mention, "cbsa-seizure:S0/1:shipper", 1);
    }
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-address cbsa-seizure:S0/1 cbsa-seizure:S1/1 0.40\n"
                            "same-person cbsa-seizure:S0/1 cbsa-seizure:S1/1 0.40\n");
    world_free(&w);
}
END_TEST

START_TEST(test_hubs)
{
    World w = world_new();
    for (int i = 0; i < 6; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%d", i);
        world_put(&w, 2, ref,
                  PAIRS("possessor.address_key=AIRPORT", "vehicle_plate=ABC 123",
                        i < 3 ? "rds_key=27112345" : "rds_key=27154321"));
    }
    g_autofree char *joined = edges_of(&w, 6);
    ck_assert_ptr_nonnull(strstr(joined, "same-address atf-trace:T0 atf-trace:T5"));
    ck_assert_ptr_null(strstr(joined, "atf-trace:T1 atf-trace:T2")); /* a star, not k*k/2 */
    MUST(store_clear_results(w.store, &problem));
    g_autofree char *apart = edges_of(&w, 5);
    ck_assert_str_eq(apart, "");
    world_free(&w);
}
END_TEST

START_TEST(test_people_and_cases_are_no_hubs)
{
    World w = world_new();
    for (int i = 0; i < 6; i++) {
        g_autofree char *ref = g_strdup_printf("cbsa-seizure:A/%d", i);
        g_autofree char *mention = g_strconcat(ref, ":traveller", NULL);
        world_put(&w, 2, ref, PAIRS("seizure_no=A-1111", "traveller.last=DOE"));
        put_person(&w, mention, "cbsa-seizure:A/0:traveller", 1);
    }
    g_autofree char *edges = edges_of(&w, 3);
    ck_assert_ptr_nonnull(strstr(edges, "same-case cbsa-seizure:A/0 cbsa-seizure:A/5"));
    ck_assert_ptr_nonnull(strstr(edges, "same-person cbsa-seizure:A/0 cbsa-seizure:A/5"));
    world_free(&w);
}
END_TEST

/* A trace knows no region of a plate: it joins where the plate is known in one region only. */
START_TEST(test_plates)
{
    World w = world_new();
    world_put(&w, 2, "atf-trace:T1", PAIRS("vehicle_plate=BCD-123"));
    world_put(&w, 3, "atf-trace:T2", PAIRS("vehicle_plate=XYZ 789"));
    world_put(&w, 4, "cbsa-seizure:A/1",
              PAIRS("seizure_no=A-1111", "vehicle_plate=BCD 123", "vehicle_region=ON"));
    world_put(&w, 5, "cbsa-seizure:B/1",
              PAIRS("seizure_no=B-1111", "vehicle_plate=XYZ789", "vehicle_region=ON"));
    world_put(&w, 6, "cbsa-seizure:C/1",
              PAIRS("seizure_no=C-1111", "vehicle_plate=XYZ789", "vehicle_region=QC"));
    world_put(&w, 7, "atf-trace:T3", PAIRS("vehicle_plate=UNKNOWN"));
    world_put(&w, 8, "atf-trace:T4", PAIRS("vehicle_plate=UNKNOWN"));
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-vehicle atf-trace:T1 cbsa-seizure:A/1 1.00\n");
    world_free(&w);
}
END_TEST

START_TEST(test_parcels)
{
    World w = world_new();
    world_put(&w, 2, "cbsa-seizure:A/1",
              PAIRS("seizure_no=A-1111", "consignee.organisation=ODD CO", "tracking_no=ZZ 123"));
    world_put(&w, 3, "cbsa-seizure:B/1",
              PAIRS("seizure_no=B-1111", "consignee.organisation=ODD CO", "tracking_no=YY1234"));
    world_put(&w, 4, "cbsa-seizure:C/1", PAIRS("seizure_no=C-1111", "tracking_no=ZZ123"));
    put_person(&w, "cbsa-seizure:A/1:consignee", "cbsa-seizure:A/1:consignee", 1);
    put_person(&w, "cbsa-seizure:B/1:consignee", "cbsa-seizure:A/1:consignee", 1);
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_ptr_nonnull(strstr(edges, "same-consignee cbsa-seizure:A/1 cbsa-seizure:B/1"));
    ck_assert_ptr_nonnull(strstr(edges, "same-consignee cbsa-seizure:A/1 cbsa-seizure:C/1"));
    ck_assert_ptr_null(strstr(edges, "cbsa-seizure:B/1 cbsa-seizure:C/1"));
    world_free(&w);
}
END_TEST

/* Two who live at one door are neighbours; one of them who bought there makes it a trail. */
START_TEST(test_doors)
{
    World w = world_new();
    world_put(&w, 2, "atf-trace:T1", PAIRS("possessor.address_key=1 A ST"));
    world_put(&w, 3, "atf-trace:T2", PAIRS("possessor.address_key=1 A ST"));
    world_put(&w, 4, "atf-trace:T3", PAIRS("possessor.address_key=2 B ST"));
    world_put(&w, 5, "atf-trace:T4", PAIRS("possessor.address_key=2 B ST"));
    world_put(&w, 6, "cbsa-seizure:A/1",
              PAIRS("seizure_no=A-1111", "consignee.address_key=2 B ST"));
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-address atf-trace:T1 atf-trace:T2 0.40\n"
                            "same-address atf-trace:T3 cbsa-seizure:A/1 1.00\n"
                            "same-address atf-trace:T4 cbsa-seizure:A/1 1.00\n");
    world_free(&w);
}
END_TEST

/* A buyer's purchases of two times are two stories, joined by an edge too weak to gather over. His
 * purchase is dated as such, what he is found with by the event. */
START_TEST(test_stories)
{
    World w = world_new();
    static const char *const bought[] = {"purchase_date=2001-01-01", "purchase_date=2001-06-01",
                                         "purchase_date=2018-01-01", "purchase_date=2019-01-01"};
    for (int i = 0; i < 4; i++) {
        g_autofree char *ref = g_strdup_printf("atf-trace:T%d", 4 - i);
        g_autofree char *mention = g_strconcat(ref, ":purchaser", NULL);
        world_put(&w, 2, ref, PAIRS(bought[i], "event_date=2019-06-01", "purchaser.last=DOE"));
        put_person(&w, mention, "atf-trace:T1:purchaser", 1);
    }
    world_put(&w, 3, "cbsa-seizure:A/1",
              PAIRS("seizure_no=A-1111", "event_date=2020-01-01", "traveller.last=DOE"));
    put_person(&w, "cbsa-seizure:A/1:traveller", "atf-trace:T1:purchaser", 0.95);
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-person atf-trace:T1 atf-trace:T2 1.00\n"
                            "same-person atf-trace:T1 atf-trace:T3 0.00\n"
                            "same-person atf-trace:T1 cbsa-seizure:A/1 0.95\n"
                            "same-person atf-trace:T3 atf-trace:T4 1.00\n");
    world_free(&w);
}
END_TEST

/* Without a time there is no other story: undated records join the first. A case has no times. */
START_TEST(test_stories_without_dates)
{
    World w = world_new();
    world_put(&w, 2, "cbsa-seizure:A/1", PAIRS("seizure_no=A-1", "vehicle_plate=BCD 123"));
    world_put(&w, 3, "cbsa-seizure:B/1",
              PAIRS("seizure_no=B-1", "vehicle_plate=BCD 123", "event_date=2020-01-01",
                    "occurrence_no=GO-2020-77"));
    world_put(&w, 4, "cbsa-seizure:C/1",
              PAIRS("seizure_no=C-1", "vehicle_plate=BCD 123", "event_date=2024-01-01",
                    "occurrence_no=GO-2020-77"));
    g_autofree char *edges = edges_of(&w, 40);
    ck_assert_str_eq(edges, "same-case cbsa-seizure:B/1 cbsa-seizure:C/1 1.00\n"
                            "same-vehicle cbsa-seizure:A/1 cbsa-seizure:B/1 1.00\n"
                            "same-vehicle cbsa-seizure:A/1 cbsa-seizure:C/1 0.13\n");
    world_free(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph");
    TCase *tests = tcase_create("graph");
    tcase_add_test(tests, test_links_and_cases);
    tcase_add_test(tests, test_people);
    tcase_add_test(tests, test_shipper_at_one_door);
    tcase_add_test(tests, test_stolen_has_no_purchaser);
    tcase_add_test(tests, test_hubs);
    tcase_add_test(tests, test_people_and_cases_are_no_hubs);
    tcase_add_test(tests, test_plates);
    tcase_add_test(tests, test_parcels);
    tcase_add_test(tests, test_doors);
    tcase_add_test(tests, test_stories);
    tcase_add_test(tests, test_stories_without_dates);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
