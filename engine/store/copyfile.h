/*
 * Copies of views as bytes, for what a run leaves beside the store. Errors as those of store.h.
 */
#ifndef CROSSTRACE_STORE_COPYFILE_H
#define CROSSTRACE_STORE_COPYFILE_H

#include "engine/base/sums.h"
#include "engine/store/store.h"

/* The store's copies (store_copy_views, store_renew_copies), part by part. */
gboolean store_write_copies(const Store *store, SumsWriter *to, GError **error);
/* Makes them the store's again, not shown yet; FALSE: they are of other views, or do not fit. The
 * bytes are trusted otherwise, aligned to eight, and copied. */
gboolean store_take_copies(Store *store, gconstpointer data, gsize size);
/* Is so much of them dead that they are better made anew? */
gboolean store_copies_stale(const Store *store);

#endif
