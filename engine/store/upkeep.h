/* A store looked after: copied while it is in use, and held to be sound. */
#ifndef CROSSTRACE_STORE_UPKEEP_H
#define CROSSTRACE_STORE_UPKEEP_H

#include "engine/store/store.h"

/* A verified copy under a new name, made whole or not at all; others may read and write meanwhile.
 * STATUS_NO_CREATE when there is such a file, STATUS_IO when the copy is not sound. */
gboolean store_backup(Store *store, const char *path, GError **error);

/* SQLite quick or full integrity check, foreign keys and own invariants; full, and nothing found by
 * then: also what every record says and said. Faults are handed to report (may be NULL) when all
 * were found, SQLite's first; they are also told where the rest could not be asked (FALSE with
 * error). TRUE in *sound when there is none. */
gboolean store_check(Store *store, gboolean full, void (*report)(const char *fault, gpointer data),
                     gpointer data, gboolean *sound, GError **error);

#endif
