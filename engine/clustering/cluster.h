/*
 * Nodes joined into people. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_CLUSTERING_CLUSTER_H
#define CROSSTRACE_CLUSTERING_CLUSTER_H

#include "engine/comparison/weights.h"

#define WHOLE_BITS -6.0 /* odds of a pair from which its clusters are looked at as wholes */
#define SURE_BITS  60.0 /* of what a person decided or what is so by construction */

/* An edge that joined two clusters, or that was kept for review. */
typedef struct {
    guint a, b; /* nodes */
    double odds;
    gboolean joined;
    gboolean decided; /* by a person, not by odds */
    gboolean whole;   /* odds of the two clusters as wholes, not of the two nodes alone */
    gboolean rival;   /* odds are what rivals_share() left of them */
} Join;

typedef struct {
    guint n;
    guint *root;         /* for each node */
    double *probability; /* for each node: weakest edge on its way to the core of its cluster */
    GArray *joins;       /* of Join */
} Clusters;

/* Nodes that a decision names. */
typedef struct {
    guint a, b;
    gboolean same;
} NodeDecision;

/* Joins what may be joined: decisions first, then by falling odds (ties by nodes) every pair at or
 * above the accept limit whose two clusters do not contradict each other. */
Clusters *clusters_new(Scorer *scorer, const GArray *pairs, const NodeDecision *decisions, guint n);

/* Where mentions come from lists without doubles: pairs of those that have found nobody in another
 * list, by falling odds under a prior of their own, because few others are left (lists.c). Of
 * Pair; NULL when there are no lists. */
GArray *lists_left(Scorer *scorer, const GArray *pairs, guint *root);

/* Pairs of a mention that is silent about what sets two people apart: each keeps its share of the
 * odds (rivals.c). */
void rivals_share(Scorer *scorer, GArray *pairs);

void clusters_free(Clusters *clusters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clusters, clusters_free)

#endif
