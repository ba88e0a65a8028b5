/*
 * Reading a few columns of very many records, for a run. Errors as those of store.h.
 */
#ifndef CROSSTRACE_STORE_SCAN_H
#define CROSSTRACE_STORE_SCAN_H

#include "engine/store/store.h"

/* A few columns of many records, as they lie in the store (record number), nothing copied: texts
 * hold until all mentions of the record were seen; a value that was not asked for is not to be
 * looked at. */
typedef struct {
    gint64 id;
    const char *ref, *kind;
    const char *const *value; /* by Field */
} ScanRecord;

typedef struct {
    const Field *fields;
    guint n_fields;
    const MentionField *mention_fields;
    guint n_mention_fields;
    const gint64 *ids; /* these records alone, in this order; NULL: all */
    guint n_ids;
    gboolean (*record)(const ScanRecord *record, gpointer data); /* FALSE: stop */
    /* The mentions of the record just seen, by role; value by MentionField; may be NULL. */
    gboolean (*mention)(const char *role, const char *const *value, gpointer data);
    gpointer data;
} StoreScan;

/* Calls what the scan says for each record, in the order of their numbers (or of its ids). */
gboolean store_scan(Store *store, const StoreScan *scan, GError **error);

/* ---- what a run found ------------------------------------------------------------------- */

typedef struct {
    gint64 record;
    const char *role, *entity;
    double probability;
} FoundPerson;

typedef struct {
    const char *left, *right; /* references */
    double probability;
} FoundLink;

/* Results of a run that are not written yet, for who reads records over a connection of its own:
 * that shows nothing of what is not committed. Texts are the run's. */
typedef struct {
    gconstpointer run;
    /* The smallest reference of a record's firearm; NULL: no other record is of it. */
    const char *(*firearm)(gconstpointer run, gint64 record);
    /* The i-th person of a mention, by record and role, and the i-th link; FALSE: there is none. */
    gboolean (*person)(gconstpointer run, guint i, FoundPerson *person);
    gboolean (*link)(gconstpointer run, guint i, FoundLink *link);
} Findings;

/* Goes through the persons as a scan goes through mentions. */
typedef struct {
    const Findings *found;
    guint next; /* begins with 0 */
    FoundPerson at;
} FoundCursor;

/* The person of a mention, no earlier than the last that was asked for; NULL: none. */
const FoundPerson *found_person(FoundCursor *cursor, gint64 record, const char *role);

/* The number of a record, 0: there is none. */
gboolean store_find_ref(Store *store, const char *ref, gint64 *record_id, GError **error);
/* The numbers of all records (of gint64) in the order of their references. */
GArray *store_ref_order(Store *store, GError **error);
/* Puts numbers of records in the order of their references, each once. */
gboolean store_sort_by_ref(Store *store, GArray *ids, GError **error);

#endif
