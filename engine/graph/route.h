/*
 * The surest way between two nodes of the chain graph. Pure: edges come from whoever asks, a store
 * or a test.
 */
#ifndef CROSSTRACE_GRAPH_ROUTE_H
#define CROSSTRACE_GRAPH_ROUTE_H

#include <glib.h>

/* One step away from a node. */
typedef struct {
    char *to, *kind, *value; /* value may be NULL */
    double weight;           /* probability, above 0 */
    guint rank;              /* of ways that are equally sure, that of the least sum is taken */
} RouteStep;

void route_step_free(RouteStep *step);

/* Steps away from a node: array of RouteStep in any order; NULL with error set when it fails. */
typedef GPtrArray *(*RouteSteps)(const char *node, gpointer data, GError **error);

typedef struct {
    RouteSteps steps;
    gpointer data;
    guint hub;   /* a way does not lead through a node with more steps than this; 0: through any */
    guint nodes; /* no more are looked at */
} RouteGraph;

/* The way of least cost, where each step costs one bit and what it lacks in probability (-log2
 * weight): array of RouteStep from `from` on, the last one to `to`; empty when both are one. Ties:
 * fewer bits, fewer steps, the least ranks, then the smaller node names from the start on. NULL
 * without an error: there is none, or none within `nodes`. */
GPtrArray *graph_route(const RouteGraph *graph, const char *from, const char *to, GError **error);

#endif
