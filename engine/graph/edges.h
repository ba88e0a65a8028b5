/*
 * Edges inside engine/graph: made in memory, put in a total order that depends on the records
 * alone, then written, all of them or what is another than it was.
 */
#ifndef CROSSTRACE_GRAPH_EDGES_H
#define CROSSTRACE_GRAPH_EDGES_H

#include "engine/graph/keys.h"

#define NO_VALUE G_MAXUINT32

typedef struct {
    guint32 left, right; /* places of records, left < right */
    guint32 value;       /* its number, or NO_VALUE */
    guint8 kind;         /* of edge_kinds */
    Day date;
    double weight;
} Edge;

/* The kinds, in the order of their names. */
guint8 edge_kind(const char *name);

/* May a value be a hub? */
gboolean key_is_limited(KeyType type);

/* What the values of the records make (of Edge; graph.c). */
GArray *edges_make(const Keys *keys, const GraphOptions *options);

/* Puts an edge between two records, dated by the later of them. */
void edges_add(GArray *edges, const Keys *keys, const Edge *edge);
/* The edge of a link between two records of keys, or (of StoredLink) of links. */
void edges_add_link(GArray *edges, const Keys *keys, const FoundLink *link);
void edges_add_links(GArray *edges, const Keys *keys, const GPtrArray *links);

void edges_sort(GArray *edges, const Keys *keys);
/* An edge as it is written; date: where its date may be put. */
EdgeRow edges_row(const Keys *keys, const Edge *edge, char date[DAY_TEXT]);
/* Writes them all as they are in order. */
gboolean edges_write(const GArray *edges, const Keys *keys, Store *store, GError **error);

/* What of the stored edges is made anew: that of some groups (keys_group), and the links of some
 * records. */
typedef struct {
    GHashTable *groups;                            /* set */
    GHashTable *records;                           /* reference -> anything */
    void (*touch)(const char *ref, gpointer data); /* told the ends of what was or is another */
    gpointer data;
} EdgeChange;

/* Writes what is another than it was among the edges that begin at the records of keys. */
gboolean edges_change(GArray *edges, const Keys *keys, Store *store, const EdgeChange *change,
                      GError **error);

#endif
