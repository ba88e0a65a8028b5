/*
 * engine/graph joins what was linked, resolved and marked into dated, typed edges between record
 * references. It reads records, links and persons from the store and writes the table of edges,
 * from which rules, leads and chains are made. Values that too many records share (an airport's
 * address, UNKNOWN) are hubs: their edges are kept out.
 */
#ifndef CROSSTRACE_GRAPH_GRAPH_H
#define CROSSTRACE_GRAPH_GRAPH_H

#include "engine/store/result.h"
#include "engine/store/runs.h"
#include "engine/store/scan.h"

/* Edge kinds; both ends are record references, left < right:
 *   same-firearm   a link of probability 0.5 and more            weight: its probability
 *   same-person    one entity in both records, 0.9 and more       weight: the smaller probability
 *   same-case      one seizure; a seizure or occurrence number as agency_case_no
 *   same-address   one address key                                value: the key
 *                  weight below 0.5 where nobody bought or was sent anything there
 *   same-vehicle   one plate and region
 *   same-consignee one consignee entity, or one tracking number's consignee address
 * Edges of one value over k records are a star around the smallest reference, not k*k/2. Where a
 * person, door, plate or consignee comes up again after a longer time than apart_days, another star
 * begins: what was bought in one year and what was found with the same person ten years on belong
 * to two stories. One edge joins the two stars, its weight halved for every apart_days between. */
#define EDGE_FIREARM   "same-firearm"
#define EDGE_PERSON    "same-person"
#define EDGE_CASE      "same-case"
#define EDGE_ADDRESS   "same-address"
#define EDGE_VEHICLE   "same-vehicle"
#define EDGE_CONSIGNEE "same-consignee"
#define GATHER_WEIGHT  0.5 /* weaker edges gather nothing */

typedef struct {
    guint hub_records; /* a value shared by more records than this is a hub */
    guint apart_days;  /* a longer time between two events is another story; 0: there is none */
} GraphOptions;

/* What changed since the run whose edges are stored. */
typedef struct {
    const StoreRun *since;
    const GArray *revised; /* of gint64: records that said something else then */
    GHashTable *records;   /* references: new, revised, with other links or persons; set */
    GHashTable *entities;  /* that gained or lost a mention; set */
    void (*touch)(const char *ref, gpointer data); /* told the ends of edges gone and come */
    gpointer data;
} GraphChange;

/* Writes all edges of the store's current results (links and persons must be there), inside the
 * caller's transaction. */
gboolean graph_build(Store *store, const GraphOptions *options, GError **error);

/* The same in two steps: what a run found and has not written yet (found; NULL: what is stored) is
 * joined, over any connection and on any thread; then the edges are written, once. */
typedef struct GraphEdges GraphEdges;
GraphEdges *graph_make(Store *reader, const GraphOptions *options, const Findings *found,
                       GError **error);
void graph_edges_free(GraphEdges *made);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GraphEdges, graph_edges_free)
gboolean graph_write(GraphEdges *made, Store *store, GError **error);

/* Tells of edges as they are written, in their order: of all, or of those that begin at a record.
 * What is told is borrowed for the call; several threads may ask at one time. */
typedef void (*EdgeVisit)(const EdgeRow *edge, gpointer data);
void graph_edges_visit(const GraphEdges *made, EdgeVisit visit, gpointer data);
void graph_edges_visit_at(const GraphEdges *made, const char *left, EdgeVisit visit, gpointer data);

/* Makes the stored edges what graph_build would write, looking at no more records than share
 * something with those that changed. */
gboolean graph_update(Store *store, const GraphOptions *options, const GraphChange *change,
                      GError **error);

#endif
