/*
 * What was said of a record before: its revisions, canonical and as received.
 */
#ifndef CROSSTRACE_STORE_HISTORY_H
#define CROSSTRACE_STORE_HISTORY_H

#include "engine/store/store.h"

/* What one file said of a record. */
typedef struct {
    int revision;
    char *file, *loaded_at; /* name of the file; as-of of its load */
    guint64 line;
    char *canonical; /* JSON: canonical values by field, and "mentions" by role */
    char *raw;       /* as received */
} Revision;

/* Every state of a record, the first one first, the current one last: array of Revision.
 * STATUS_NO_INPUT when there is no such record. */
GPtrArray *store_history(Store *store, const char *ref, GError **error);

#endif
