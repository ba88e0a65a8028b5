/*
 * Private to engine/store: the copies of the documented views that a connection has, and which of
 * them it shows.
 */
#ifndef CROSSTRACE_STORE_VIEWCOPY_H
#define CROSSTRACE_STORE_VIEWCOPY_H

#include "engine/store/copies.h"
#include "engine/store/db.h"

/* Which views are copied, in their order; and all that tells of it, for a hash. */
const CopyPlan *views_copied(guint *n);
void views_describe(Mix *mix);

/* Are there copies, and with these columns (as for store_copy_views)? */
gboolean views_have(Store *store, GHashTable *columns, gboolean *have, GError **error);

/* Shows these (all, or a part that becomes the store's) instead of what was shown. */
gboolean views_show(Store *store, Copies *part, GError **error);
gboolean views_hide(Store *store, GError **error);

#endif
