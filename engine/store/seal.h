/*
 * A hash of the results of a run, for a full check: see seal.c. Private to the room.
 */
#ifndef CROSSTRACE_STORE_SEAL_H
#define CROSSTRACE_STORE_SEAL_H

#include "engine/store/store.h"

/* Seals the results as they are, at the end of a run's transaction. */
gboolean results_seal(Store *store, GError **error);

/* sound: are they what was sealed? TRUE also where nothing is sealed, or records changed since. */
gboolean results_sealed(Store *store, gboolean *sound, GError **error);

#endif
