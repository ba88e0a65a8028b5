/*
 * A lead as a graph, for formats that draw one: the lead, its firearms, people, dealers and places
 * as nodes, what ties them as typed, dated, weighted edges. Private to engine/report.
 */
#ifndef CROSSTRACE_REPORT_NETWORK_H
#define CROSSTRACE_REPORT_NETWORK_H

#include "engine/report/report.h"

typedef struct {
    char *id;         /* "<type>:<key>", the same for the same thing in every lead */
    const char *type; /* lead, firearm, person, dealer, place */
    char *label;
    const LeadPlace *place; /* of the view; NULL: has no place */
} Node;

typedef struct {
    const Node *from, *to;
    const char *type; /* holds, sold, seized, recovered, a role, or a kind of engine/graph */
    char *label, *date, *source;
    double weight; /* 0 to 1 */
} Tie;

typedef struct {
    GPtrArray *nodes; /* of Node, in the order of the view */
    GPtrArray *ties;  /* of Tie, each (from, to, type) once */
    GHashTable *by_id, *told, *of_record, *records;
} Network;

/* Borrows from the view. */
Network *network_new(const LeadView *view, Lang lang);
void network_free(Network *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Network, network_free)

#endif
