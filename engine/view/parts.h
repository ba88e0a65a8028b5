/*
 * Private to engine/view: which views are copied, and what of the copies a connection shows.
 */
#ifndef CROSSTRACE_VIEW_PARTS_H
#define CROSSTRACE_VIEW_PARTS_H

#include "engine/base/hash.h"
#include "engine/view/copies.h"
#include "engine/view/view.h"

struct Views {
    Store *store;
    sqlite3 *db; /* the store's */
    gboolean one_thread;
    gsize most;     /* bytes of values at most, 0: what fits */
    Copies *copies; /* NULL: there are none */
    Copies *shown;  /* all of them, or a part that is owned; NULL: nothing is shown */
    GArray *wide;   /* of Cell: records of which rules are asked anew (scope.c) */
    GHashTable *is_wide;
};

/* Which views are copied, in their order; and all that tells of it, for a hash. */
const CopyPlan *views_copied(guint *n);
void views_describe(Mix *mix);

/* Copies without a view. */
Copies *views_begin(const Views *views);
/* Are there copies, and with these columns (as for views_copy)? */
gboolean views_have(Views *views, GHashTable *columns, gboolean *have, GError **error);

/* Shows these (all, or a part that becomes the views') instead of what was shown. */
gboolean views_show_part(Views *views, Copies *part, GError **error);
gboolean views_hide(Views *views, GError **error);

/* temp.held(kind, value, ref): the purchases by people, no companies, of whom the copies know one
 * of the addresses ('a'), telephones ('p') and documents ('d') that a SELECT of three columns
 * yields. */
gboolean views_hold(Views *views, const char *values, GError **error);

#endif
