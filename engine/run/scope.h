/*
 * The scope of a run: what changed since the last one, and what that touches. Private to
 * engine/run. Without a scope (NULL in Run) everything is computed.
 */
#ifndef CROSSTRACE_RUN_SCOPE_H
#define CROSSTRACE_RUN_SCOPE_H

#include "engine/run/facts.h"
#include "engine/run/found.h"

typedef struct {
    StoreChanges changes;
    Facts *former;       /* of revised records */
    GArray *firearms;    /* of guint: observations new, changed or newly decided on */
    GArray *mentions;    /* of guint: likewise */
    GArray *marked;      /* of gint64: records whose markers may be others */
    GHashTable *records; /* references (own) whose results are others than they were */
    GPtrArray *weighed;  /* of char *, two by two: ends of links too weak to make one firearm, which
                            say something else than they did; the records may be as they were */
    GHashTable *entities; /* entities (own) that gained or lost a mention */
    GHashTable *joined;   /* references (own) of the ends of edges that are others than they were */
    gboolean all_edges;   /* all edges were made anew */
    gboolean closed;      /* it is known which rows of the views may be others */
} Scope;

void scope_free(Scope *scope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scope, scope_free)

/* What a record, or the record of a mention, was found to be is not what it was. */
void scope_touch(Scope *scope, const char *ref);
gboolean scope_touched(const Scope *scope, const char *ref);

/* Is there a scope, or must everything be computed? Then, from the facts, what it holds. */
gboolean scope_plan(Run *run, GError **error);
gboolean scope_read(Run *run, GError **error);
/* Records whose rows in the views may be others, as the scope of the rules; none, and everything is
 * asked, where these are most of all, or something else than records changed. */
gboolean scope_close(Run *run, GError **error);
/* Decisions of this run, for the next one to compare. */
gboolean scope_keep_decisions(Run *run, GError **error);
gboolean scope_keep_silenced(Run *run, GError **error);

#endif
