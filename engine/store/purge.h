/*
 * Taking records out of the store for good: what was loaded of them and every result of runs, so
 * that no byte of them is left in its files. What is left: a salted hash of each key, by which the
 * same record is known when it is loaded again. Which records are due: engine/retention.
 */
#ifndef CROSSTRACE_STORE_PURGE_H
#define CROSSTRACE_STORE_PURGE_H

#include "engine/store/store.h"

/* One record that is to go. */
typedef struct {
    gint64 record_id;
    char *ref, *kind;
    const char *clock; /* why */
    gboolean whole;    /* else only its people, texts and earlier revisions, and its raw row */
} PurgeItem;

void purge_item_free(PurgeItem *item);

typedef struct {
    guint64 records, people; /* records that went; records that lost their people */
    guint64 revisions, judgements, rejects;
} PurgeCounts;

/* Within a transaction of the caller's. items: array of PurgeItem; texts: Field, -1 at the end,
 * emptied where only the people go; as_of: ISO day. Results of all runs go too: correlate makes
 * them again. Until store_scrub has run the store says that it is to be run. */
gboolean store_purge(Store *store, const GPtrArray *items, const int *texts, const char *as_of,
                     PurgeCounts *counts, GError **error);

typedef struct {
    int years, days;
} PurgePeriod;

/* Empties raw row and message of rejects of one kind (NULL: of any) that were loaded the period, or
 * longer, before the day (ISO). */
gboolean store_purge_rejects(Store *store, const char *kind, const PurgePeriod *period,
                             const char *day, guint64 *rejects, GError **error);

/* Writes the store anew without what was deleted and empties its log, outside of a transaction;
 * nothing to do when nothing was purged since. STATUS_TRY_AGAIN while a reader keeps the log. */
gboolean store_scrub(Store *store, GError **error);

#endif
