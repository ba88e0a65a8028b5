/*
 * The scope of a run over what changed, and the documented views as its records alone have them:
 * what rules are asked of then. What is in the scope is told by engine/run. Errors as those of
 * store.h.
 */
#ifndef CROSSTRACE_STORE_SCOPE_H
#define CROSSTRACE_STORE_SCOPE_H

#include "engine/store/changes.h"

/* What rules are asked of: everything, the scope, or the scope and what has something of its. */
typedef enum { SCOPE_ALL, SCOPE_RELATED, SCOPE_DEALER, SCOPE_IDENTIFIER, SCOPE_KINDS } ScopeKind;

typedef struct {
    ScopeKind kind;
    const char *rules; /* their SQL */
    guint64 hub;       /* an identifier that more records than this have tells them nothing */
} ScopeAsk;

/* "related", "dealer", "identifier"; FALSE for another text. */
gboolean scope_parse(const char *name, ScopeKind *kind);

/* The scope: some records, related to nothing outside of it by firearm, person or case. What the
 * views show became another for none but the first n_near of them. */
gboolean store_set_scope(Store *store, const GPtrArray *refs, guint n_near, GError **error);
/* Brings copies of the views, as they were before the scope changed, up to date; where there are
 * none, or none with these columns (as for store_copy_views), makes them. What rules by dealer or
 * identifier are asked of follows from the rows that became others, or, where that is not known,
 * from the scope. */
gboolean store_renew_copies(Store *store, GHashTable *columns, guint64 *rows, GError **error);
/* The records of which rules of a kind may say something else than they did: the scope, and for
 * SCOPE_DEALER all records of the dealers of what changed, for SCOPE_IDENTIFIER all whose purchaser
 * has an address, telephone or document of its purchasers, as they are and as they ever were. */
gboolean store_widen_scope(Store *store, const ScopeAsk *ask, GError **error);
gboolean store_is_wide(const Store *store, const char *record);
void store_visit_wide(const Store *store, RefVisit visit, gpointer data);
/* Then every documented view that the rules name, but for `dealers`, shows what these records have
 * alone, with what that rests on, on this connection, until the scope is widened for others or
 * dropped. For SCOPE_ALL: everything. Needs copies. */
gboolean store_copy_scope(Store *store, const ScopeAsk *ask, GError **error);
gboolean store_drop_scope(Store *store, GError **error);

#endif
