/*
 * Results of a run in the store: links, persons, markers, edges, indicators, leads. A run clears
 * what it computes again and writes it back in one transaction. Evidence is stored once, as
 * terms, and found by its id.
 */
#ifndef CROSSTRACE_STORE_RESULT_H
#define CROSSTRACE_STORE_RESULT_H

#include "engine/base/evidence.h"
#include "engine/store/store.h"

/* Drops links, persons, markers, edges, indicators and lead contents (never judgements, status
 * or history of leads). */
gboolean store_clear_results(Store *store, GError **error);

/* Before everything is written anew: drops the indexes of links, persons, edges and indicators.
 * store_index_results builds those of one table ("link", "person", "edge", "indicator") when all
 * its rows are there; all of them in the same transaction. */
gboolean store_unindex_results(Store *store, GError **error);
gboolean store_index_results(Store *store, const char *table, GError **error);

/* Stores the terms and returns their evidence id (>= 1), 0 on error. */
gint64 store_put_evidence(Store *store, const Evidence *evidence, GError **error);
Evidence *store_get_evidence(Store *store, gint64 evidence_id, GError **error);
/* Puts other terms in the place of those there are. */
gboolean store_change_evidence(Store *store, gint64 evidence_id, const Evidence *evidence,
                               GError **error);

/* What is written of a link; texts are the caller's. */
typedef struct {
    const char *kind;         /* "serial": one firearm; "person": two mentions of one person */
    const char *left, *right; /* references */
    const char *tier;
    double bits, probability;
    double chance_matches; /* how many others would fit by chance */
} LinkRow;

/* evidence NULL: none is kept. */
gboolean store_put_link(Store *store, const LinkRow *link, const Evidence *evidence,
                        GError **error);
/* Firearm of a record: the smallest reference among records linked at 0.5 and more. */
gboolean store_put_firearm(Store *store, const char *ref, const char *firearm, GError **error);
/* The same by the numbers of the record and of the one with that reference. */
gboolean store_set_firearm(Store *store, gint64 record_id, gint64 first, GError **error);
gboolean store_put_person(Store *store, const char *mention, const char *entity, double probability,
                          GError **error);
/* The same by the number of a record that has this mention, which is not looked up again. */
gboolean store_set_person(Store *store, gint64 record_id, const char *role, const char *entity,
                          double probability, GError **error);
typedef struct {
    const char *record, *category;
    double bits, probability;
    const char *rules, *excerpt; /* NULL: none */
} MarkerRow;

gboolean store_put_marker(Store *store, const MarkerRow *marker, GError **error);

/* A typed, dated edge between two references or values (graph.h says which kinds there are). */
typedef struct {
    const char *left, *right, *kind;
    const char *date; /* ISO day, or NULL */
    double weight;
    const char *value; /* what is shared, or NULL */
} EdgeRow;

gboolean store_put_edge(Store *store, const EdgeRow *edge, GError **error);

typedef struct {
    const char *indicator;
    int rev; /* of its rule */
    const char *subject, *record;
    double bits;
    const char *explanation; /* NULL: none */
} IndicatorRow;

gboolean store_put_indicator(Store *store, const IndicatorRow *row, GError **error);
/* In the place of the row of that number, of the same indicator, subject and record: no index has
 * to be changed for it. */
gboolean store_change_indicator(Store *store, gint64 indicator_id, const IndicatorRow *row,
                                GError **error);

/* From here on the documented views show nothing of records of a confidential source on this
 * connection, as long as they are not named with their schema. Until it is closed. */
gboolean store_hide_confidential(Store *store, GError **error);

/* A lead as correlate leaves it: membership and numbers; the text is built when it is shown. */
typedef struct {
    char *lead_id;
    char *kind;   /* kinds separated by "; " */
    double bits;  /* summed, capped, prior included */
    double score; /* probability of those bits */
    char *evidence_hash;
    char *status; /* new, open, assigned, referred, confirmed, dismissed, closed */
    gint64 evidence_id;
    gint64 first_run, changed_run; /* that made it; that last gave it other evidence; read only */
    char *supersedes;   /* ids of leads that it has taken in, "; " between them; or NULL */
    char *owner;        /* who works it; read only; NULL */
    GPtrArray *records; /* of char *: references of the members, sorted */
} StoredLead;

StoredLead *stored_lead_new(void);
void stored_lead_free(StoredLead *lead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoredLead, stored_lead_free)

/* New, or in the place of the one with this id; evidence NULL: the one that lead->evidence_id names
 * stays. A status of NULL is new; one that people set stays where the lead says new. */
gboolean store_put_lead(Store *store, const StoredLead *lead, const Evidence *evidence,
                        GError **error);
/* A lead is no more: its numbers, members and evidence go, what people said of it stays. */
gboolean store_retire_lead(Store *store, const char *lead_id, GError **error);
/* Is this the id of a lead of any run, of the last one or before? */
gboolean store_has_lead(Store *store, const char *lead_id, gboolean *has, GError **error);
/* Id -> evidence hash of all leads of the last run; both its own. */
GHashTable *store_lead_hashes(Store *store, GError **error);
/* All leads by score (falling) then id; array of StoredLead. */
GPtrArray *store_get_leads(Store *store, GError **error);
StoredLead *store_get_lead(Store *store, const char *lead_id, GError **error);

#endif
