/*
 * Reading a few columns of very many records, for a run. Errors as those of store.h.
 */
#ifndef CROSSTRACE_STORE_SCAN_H
#define CROSSTRACE_STORE_SCAN_H

#include "engine/store/store.h"

/* A few columns of many records, as they lie in the store (record number), nothing copied: texts
 * hold until the visitor returns; a value that was not asked for is not to be looked at. */
typedef struct {
    gint64 id;
    const char *ref;
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

gboolean store_scan(Store *store, const StoreScan *scan, GError **error);
/* The number of a record, 0: there is none. */
gboolean store_find_ref(Store *store, const char *ref, gint64 *record_id, GError **error);
/* The numbers of all records (of gint64) in the order of their references. */
GArray *store_ref_order(Store *store, GError **error);
/* Puts numbers of records in the order of their references, each once. */
gboolean store_sort_by_ref(Store *store, GArray *ids, GError **error);

#endif
