/*
 * Which records carry a value that others may carry too: a table by a hash of the value, so that a
 * run over some records finds those that they share something with. It may name a record too many,
 * never one too few: who asks looks at the records. Errors as those of store.h.
 */
#ifndef CROSSTRACE_STORE_SHARED_H
#define CROSSTRACE_STORE_SHARED_H

#include "engine/store/store.h"

typedef struct {
    guint64 value; /* its hash */
    gint64 record_id;
} SharedValue;

/* Puts them in the order in which they are written. */
void store_sort_shared(GArray *values);
/* Writes all of them anew; they are in order. */
gboolean store_put_shared(Store *store, const GArray *values, GError **error);
/* Is there any? */
gboolean store_has_shared(Store *store, gboolean *has, GError **error);
/* Adds the numbers of the records that carry a value to ids (of gint64). */
gboolean store_find_shared(Store *store, guint64 value, GArray *ids, GError **error);
/* Takes some out, puts others in (both of SharedValue, which it puts in order). */
gboolean store_change_shared(Store *store, GArray *gone, GArray *come, GError **error);

#endif
