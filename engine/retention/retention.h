/*
 * engine/retention: how long records are kept. Clocks say from which day and how long; a hold, or a
 * clock for the least time, keeps a record that is due; a purge takes the rest out of the store
 * (engine/store/purge.h), in one transaction with its audit entry. Copies of the store that are
 * older than a purge still hold what it took. Errors: STATUS_CONFIG with file and line for rules.
 */
#ifndef CROSSTRACE_RETENTION_RETENTION_H
#define CROSSTRACE_RETENTION_RETENTION_H

#include "engine/base/rows.h"
#include "engine/store/purge.h"

typedef struct Clocks Clocks;

/* RULES/retention.ini. */
Clocks *clocks_load(const char *rules_dir, GError **error);
void clocks_free(Clocks *clocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clocks, clocks_free)

/* ---- what is due ------------------------------------------------------------------------ */

/* What every clock finds on a day. */
typedef struct Due Due;

/* By the results of the last run, for links to traces; as_of: ISO day or time. */
Due *due_find(Store *store, const Clocks *clocks, const char *as_of, GError **error);
void due_free(Due *due);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Due, due_free)

/* A row for each clock: clock, kind, removes, due, oldest, held. */
gboolean due_list(const Due *due, RowSink *sink, GError **error);
/* Is there something that a purge would take? */
gboolean due_any(const Due *due);

/* Takes out what is due and writes the store anew; time: as-of, for the audit entry. A purge that
 * was killed before its end is finished. */
gboolean due_purge(Store *store, const Due *due, const char *time, PurgeCounts *counts,
                   GError **error);

/* ---- holds ------------------------------------------------------------------------------ */

/* subject: a record's reference or a lead's id (then every record that it has, now or when the
 * hold was set); until: its last day, ISO. STATUS_NO_INPUT when there is no such subject. */
typedef struct {
    const char *subject, *reason, *until, *time;
} Hold;

/* Sets a hold, with its entry in the audit chain. */
gboolean hold_add(Store *store, const Hold *hold, GError **error);
/* Ends all holds on a subject; STATUS_NO_INPUT when there is none in force. */
gboolean hold_lift(Store *store, const Hold *hold, GError **error);
/* Rows subject, reason, until, set_at, lifted_at, state (held, over, lifted), records. */
gboolean hold_list(Store *store, const char *as_of, RowSink *sink, GError **error);

/* ---- copies ----------------------------------------------------------------------------- */

/* Files of a folder (and beside the store, those that a migration left) that are copies of this
 * store and hold what a purge has since taken: array of char *, sorted. */
GPtrArray *copies_stale(Store *store, const char *folder, GError **error);
/* Removes them, each after its audit entry. STATUS_NO_INPUT when no copy in the folder is newer
 * than the last purge: the last copy is never removed. */
gboolean copies_remove(Store *store, const char *folder, const GPtrArray *stale, const char *time,
                       GError **error);

#endif
