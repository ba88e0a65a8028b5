/*
 * A store with two groups for tests: a ring that reaches Canada, and US traces that do not; edges
 * and indicators put in as graph and rules would have left them. Synthetic.
 */
#ifndef CROSSTRACE_TESTS_LEAD_WORLD_H
#define CROSSTRACE_TESTS_LEAD_WORLD_H

#include "engine/lead/lead.h"
#include "tests/unit/graph/world.h"

#define RING_MEMBERS "atf-trace:T1; atf-trace:T2; cbsa-seizure:A/1"

static const EdgeRow ring_edges[] = {
    {"atf-trace:T1", "atf-trace:T2", "same-person", NULL, 0.97, NULL},
    {"atf-trace:T1", "cbsa-seizure:A/1", "same-firearm", NULL, 0.9, NULL},
    {"atf-trace:T8", "atf-trace:T9", "same-person", NULL, 0.99, NULL},
};

/* Puts the edges in, from the given one on around: the order must not matter. */
G_GNUC_UNUSED static void put_edges(World *world, guint start)
{
    for (guint i = 0; i < G_N_ELEMENTS(ring_edges); i++) {
        const EdgeRow *edge = &ring_edges[(start + i) % G_N_ELEMENTS(ring_edges)];
        MUST(store_put_edge(world->store, edge, &problem));
    }
}

G_GNUC_UNUSED static void put_results(World *world)
{
    g_autoptr(Evidence) evidence = evidence_new();
    evidence_add(evidence, "serial", "serial", "S1", "ABC123", "ABC123", 21);
    evidence_add(evidence, "dates", "dates", "requested-before", "2021-04-01", "2021-03-01", -4);
    MUST(store_put_link(
        world->store,
        &(LinkRow){"serial", "cbsa-seizure:A/1", "atf-trace:T1", "S1", 17, 0.9, 0.001}, evidence,
        &problem));
    MUST(store_put_indicator(world->store,
                             &(IndicatorRow){"I2", 1, "d1", "atf-trace:T1", 3.5, "two pistols"},
                             &problem));
    MUST(store_put_indicator(world->store,
                             &(IndicatorRow){"I2", 1, "d1", "atf-trace:T2", 3.5, "two pistols"},
                             &problem));
    MUST(store_put_indicator(world->store,
                             &(IndicatorRow){"I2", 1, "d9", "atf-trace:T9", 3.5, "two pistols"},
                             &problem));
    MUST(store_put_person(world->store, "atf-trace:T1:purchaser", "atf-trace:T1:purchaser", 0.97,
                          &problem));
    MUST(store_put_person(world->store, "atf-trace:T2:purchaser", "atf-trace:T1:purchaser", 0.97,
                          &problem));
    MUST(store_put_marker(world->store,
                          &(MarkerRow){"cbsa-seizure:A/1", "NARCOTICS", 4, 0.9,
                                       "narcotics@1/fentanyl", "=2 kg of fentanyl"},
                          &problem));
}

G_GNUC_UNUSED static World ring_world(guint start)
{
    World world = world_new();
    const char *const bought[] = {"purchase_date=2021-02-03",
                                  "rds_key=27112345",
                                  "ffl_name=EXAMPLE GUNS",
                                  "ffl_state=OH",
                                  "purchaser.last=DOE",
                                  "purchaser.first==JANE",
                                  NULL};
    world_put(&world, 2, "atf-trace:T1", bought);
    world_put(&world, 3, "atf-trace:T2", bought);
    world_put(&world, 4, "atf-trace:T8", bought);
    world_put(&world, 5, "atf-trace:T9", bought);
    world_put(&world, 6, "cbsa-seizure:A/1",
              PAIRS("seizure_no=A-1111", "event_date=2021-04-01", "office_name=EXAMPLE BRIDGE",
                    "handling=PROTECTED B"));
    put_edges(&world, start);
    put_results(&world);
    return world;
}

#endif
