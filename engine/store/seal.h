/*
 * A hash of the results of a run, for a full check: see seal.c. Private to the room.
 */
#ifndef CROSSTRACE_STORE_SEAL_H
#define CROSSTRACE_STORE_SEAL_H

#include "engine/store/store.h"

/* Seals the results as they are, at the end of a run's transaction; of results that were watched,
 * by what became another. */
gboolean results_seal(Store *store, GError **error);

/* sound: are they what was sealed? TRUE also where nothing is sealed, or records changed since. */
gboolean results_sealed(Store *store, gboolean *sound, GError **error);

/* The persons of a record are about to be deleted with its mentions, outside of a run. */
gboolean results_forget_persons(Store *store, gint64 record_id, GError **error);
/* Before the commit: what was forgotten is taken out of the seal. */
gboolean results_forgotten(Store *store, GError **error);

/* Ends the watch of store_watch_results. */
void results_unwatch(Store *store);

#endif
