/*
 * Which records make one lead: pure, over nodes and edges that gather.c reads. Private to
 * engine/lead. Nothing depends on the order in which nodes and edges come.
 */
#ifndef CROSSTRACE_LEAD_GROUP_H
#define CROSSTRACE_LEAD_GROUP_H

#include "engine/base/dict.h"
#include "engine/lead/parts.h"

typedef enum { SHARE_FIREARM, SHARE_PERSON, SHARE_CASE, SHARE_OTHER } Share;

/* Left is the centre of the star of all that share the value. */
typedef struct {
    guint32 left, right, value;
    float weight;
    guint8 share;
} GatherEdge;

enum { NODE_CANADIAN = 1, NODE_INDICATED = 2 };

typedef struct {
    const LeadRules *rules;
    GStringChunk *text;
    Dict number, value_number, star_number;
    GPtrArray *refs;     /* of const char *, by node */
    GPtrArray *values;   /* of const char * */
    GArray *edges;       /* of GatherEdge */
    GArray *flags;       /* of guint8, by node: NODE_... */
    GHashTable *centres; /* number of a subject that joins + 1 -> node + 1 */
    GArray *stars;       /* of Star */
    guint32 *parent, *size;
} Gather;

void gather_init(Gather *gather, const LeadRules *rules);
void gather_clear(Gather *gather);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gather, gather_clear)

/* The share of a kind of edge. */
Share share_of(const char *kind);

void gather_edge(Gather *gather, const char *left, const char *right, const char *kind,
                 const char *value, double weight);
/* An indicator speaks of a record; one of the kind that joins, of all with its subject. */
void gather_indicated(Gather *gather, const char *ref);
void gather_joining(Gather *gather, const char *ref, const char *indicator, const char *subject);
/* A record that came up in Canada; of no interest where nothing else is known of it. */
void gather_canadian(Gather *gather, const char *ref);

/* The groups that hold both Canadian evidence and an indicator, by their smallest reference: array
 * of GPtrArray of const char * (sorted, borrowed). Once. */
GPtrArray *gather_groups(Gather *gather);

/* Reads all that hangs together with what changed (reach.c): the groups made of it are those that
 * all of the store would make. leads: ids (own) of the leads that hold any of it
 * are added, with their members (GPtrArray of char *, sorted). */
gboolean gather_reached(Gather *gather, Store *store, const LeadInputs *inputs,
                        const LeadChange *change, GHashTable *leads, GError **error);

/* What an update makes anew. */
typedef struct {
    GHashTable *leads;  /* ids (own) of those that are no more or made again -> members */
    GPtrArray *groups;  /* of GPtrArray of const char *: what leads are made of */
    GStringChunk *text; /* where these are */
} LeadsAnew;

/* Gives the leads of records (a set of references) of which indicators tell the same in other words
 * these words; those for which that is not to be had by quoting are added to what is made anew
 * (retell.c). */
gboolean leads_retell(Store *store, GHashTable *reworded, LeadsAnew *anew, GError **error);

#endif
