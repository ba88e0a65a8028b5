/*
 * What changed since a run, and changing results that are there: for a run that computes only what
 * can have become another. Errors as those of store.h.
 */
#ifndef CROSSTRACE_STORE_CHANGES_H
#define CROSSTRACE_STORE_CHANGES_H

#include "engine/store/runs.h"
#include "engine/store/scan.h"

/* Records by number. complete: what is listed explains every difference of the store's records
 * since the run (its data sum proves it); else something was removed or changed otherwise, and
 * only a full run will do. */
typedef struct {
    GArray *added, *revised; /* of gint64 */
    GPtrArray *refs;         /* of char *: the references of both */
    gboolean complete;
    gboolean dealers; /* a list of dealers is among them: all that names a dealer is another */
} StoreChanges;

/* All that became another since a run; for store_changes_clear. */
gboolean store_changes(Store *store, const StoreRun *since, StoreChanges *changes, GError **error);
void store_changes_clear(StoreChanges *changes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreChanges, store_changes_clear)

/* Hash of the files up to a number, in their order: beside the data sum it tells that records have
 * the numbers under which they were seen; g_free. */
char *store_files_hash(Store *store, gint64 last_file, GError **error);

/* store_scan over revised records as they were when the run saw them; needs scan->ids. */
gboolean store_scan_former(Store *store, const StoreScan *scan, const StoreRun *since,
                           GError **error);

/* A link as it is stored. */
typedef struct {
    gint64 link_id, evidence_id; /* evidence_id 0: none */
    char *left, *right, *tier;
    double bits, probability, chance_matches;
} StoredLink;

/* Links of a kind that have one of the references (of char *) as an end, each once: array of
 * StoredLink. */
GPtrArray *store_links_of(Store *store, const char *kind, const GPtrArray *refs, GError **error);
/* Drops a link and its evidence. */
gboolean store_drop_link(Store *store, const StoredLink *link, GError **error);
/* All links of kind "serial": array of StoredLink. */
GPtrArray *store_serial_links(Store *store, GError **error);

/* An edge as it is stored. */
typedef struct {
    gint64 edge_id;
    char *left, *right, *kind, *date, *value; /* date and value may be NULL */
    double weight;
} StoredEdge;

void stored_edge_free(StoredEdge *edge);
/* Adds the edges that have a reference as their left or, else, their right end (StoredEdge). */
gboolean store_edges_of(Store *store, const char *ref, gboolean left, GPtrArray *edges,
                        GError **error);
gboolean store_drop_edge(Store *store, const StoredEdge *edge, GError **error);

/* The record whose firearm a record is of, itself or another; NULL: there is no such record;
 * g_free.
 */
gboolean store_get_firearm(Store *store, const char *ref, char **firearm, GError **error);

/* Entity and probability that a mention has; entity: g_free; NULL: it has none. */
gboolean store_get_person(Store *store, gint64 record_id, const char *role, char **entity,
                          double *probability, GError **error);
/* Adds the numbers of the records that mention an entity to ids (of gint64). */
gboolean store_records_of_person(Store *store, const char *entity, GArray *ids, GError **error);
/* Mentions of an entity are added to mentions (of char *, owned by it). */
gboolean store_mentions_of(Store *store, const char *entity, GPtrArray *mentions, GError **error);

/* Drops all markers of a record (reference). */
gboolean store_drop_markers(Store *store, const char *record, GError **error);

/* Decisions that the last run was given (type "link" or "person"): kept anew by each. */
typedef void (*DecisionVisit)(const char *left, const char *right, gboolean same, gpointer data);
gboolean store_visit_decisions(Store *store, const char *type, DecisionVisit visit, gpointer data,
                               GError **error);
gboolean store_clear_decisions(Store *store, GError **error);
gboolean store_put_decision(Store *store, const char *type, const char *left, const char *right,
                            gboolean same, GError **error);

/* Calls visit with every record that is of the same firearm as this one; with itself too. */
typedef void (*RefVisit)(const char *ref, gpointer data);
gboolean store_visit_firearm(Store *store, const char *ref, RefVisit visit, gpointer data,
                             GError **error);

/* Watches what becomes of results until the run is finished or rolled back: the seal then follows
 * without a walk over all of them. store_changed_indicators calls visit, in no order, with every
 * record whose indicators are others than they were; reworded: only by their explanations. */
typedef void (*SaidVisit)(const char *ref, gboolean reworded, gpointer data);
gboolean store_watch_results(Store *store, GError **error);
void store_changed_indicators(Store *store, SaidVisit visit, gpointer data);
/* The same with "indicator\nsubject" of every row that went; it may have come again. */
void store_dropped_subjects(Store *store, RefVisit visit, gpointer data);
/* What an indicator explained of a record, about a subject, in a row that went, come again or not;
 * "": that is not known, as in several, each otherwise, or where nobody watches; NULL: none went.
 * Borrowed. */
const char *store_former_words(const Store *store, const char *indicator, const char *subject,
                               const char *record);
/* May an indicator have explained this in a row that went? TRUE also where that is not known. */
gboolean store_words_went(Store *store, const char *indicator, const char *words);

/* Drops what follows from other results: edges, indicators, lead contents; and the indexes of
 * what is dropped, as store_unindex_results does. */
enum { DERIVED_EDGES = 1, DERIVED_INDICATORS = 2, DERIVED_LEADS = 4 };
gboolean store_clear_derived(Store *store, guint what, GError **error);

#endif
