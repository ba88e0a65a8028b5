/*
 * The documented views as copies in memory: what rules are asked of, whole or as some records alone
 * have them. A run makes one Views of its store's connection and frees it before that is closed.
 * To copy one more view: a row in COPIES (views.c). Errors as those of store.h.
 */
#ifndef CROSSTRACE_VIEW_VIEW_H
#define CROSSTRACE_VIEW_VIEW_H

#include "engine/base/sums.h"
#include "engine/store/changes.h"
#include "engine/store/scan.h"

typedef struct Views Views;

/* Of a store, which is borrowed; no view is copied yet. */
Views *views_new(Store *store);
/* Drops what is shown, and the copies; NULL is none. */
void views_free(Views *views);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Views, views_free)
Store *views_store(const Views *views);
/* Values of copies are to take no more bytes than this; 0, as at first: than can be named, about
 * 16 GB. Copies are made on one thread, or, as at first, on two: they are the same. */
void views_allow(Views *views, gsize most, gboolean one_thread);

/* ---- whole ------------------------------------------------------------------------------ */

/* Copies the views that rules join most into memory and shows the copies under the views' names on
 * the store's connection, with every fast way in: computed once, they serve every query that names
 * a view until they are dropped. What is written in between does not show. columns: those that are
 * asked for (set of "view.column"; NULL: all); others say nothing. rows (may be NULL): rows copied.
 * Where values take more than they may, nothing is copied: the views show themselves. */
gboolean views_copy(Views *views, GHashTable *columns, guint64 *rows, GError **error);
/* The first step of views_copy, for a run over everything: copies what rests on records, and on
 * what the run found and has not written yet, over a connection of its own, on any thread; the
 * connection of the views is not touched. views_copy, with the same columns, then copies the
 * others. */
gboolean views_read(Views *views, GHashTable *columns, Store *reader, const Findings *found,
                    GError **error);
gboolean views_drop(Views *views, GError **error);
/* Shows them again, all of them, where a part was shown. */
gboolean views_show(Views *views, GError **error);
gboolean view_is_copied(const char *view);
gboolean views_are_copied(const Views *views);
/* A connection that shows what is shown and nothing else, for another thread; to be closed before
 * what it shows is dropped: a part as soon as something else is shown. */
Store *views_open(const Views *views, GError **error);
/* Did a record come up in a country, did any of its firearm? FALSE: no copy tells of it. */
gboolean views_came_up(const Views *views, const char *record, const char *country,
                       gboolean *itself, gboolean *firearm);
/* Visits all records that did, in no order. FALSE: no copy tells of it. */
gboolean views_visit_came_up(const Views *views, const char *country, RefVisit visit,
                             gpointer data);
/* Do the copies tell of markers all that the view does? Then they are told by record, in no order;
 * texts are borrowed. */
gboolean views_know_markers(const Views *views);
typedef void (*MarkerVisit)(const char *category, double probability, const char *excerpt,
                            gpointer data);
void views_visit_markers(const Views *views, const char *record, MarkerVisit visit, gpointer data);
/* Is it a record that the copies have? FALSE also where there are none. */
gboolean views_know(const Views *views, const char *record);

/* ---- of a scope ------------------------------------------------------------------------- */

/* What rules are asked of: everything, or what may have become another for rules whose rows rest on
 * records related by firearm, person or case; of one dealer; of what one dealer sold that was
 * recovered in one year; of purchasers with one identifier; or on firearms whose serials are near
 * each other. */
typedef enum {
    SCOPE_ALL,
    SCOPE_RELATED,
    SCOPE_DEALER,
    SCOPE_YEAR,
    SCOPE_IDENTIFIER,
    SCOPE_NUMBER,
    SCOPE_KINDS
} ScopeKind;

typedef struct {
    ScopeKind kind;
    const char *rules; /* their SQL, which reads no view but copied ones */
    guint64 hub;       /* an identifier that more records than this have tells them nothing */
    guint64 gap;       /* serials that are further from each other than this tell them nothing */
} ScopeAsk;

/* "related", "dealer", "year", "identifier", "number"; FALSE for another text. */
gboolean scope_parse(const char *name, ScopeKind *kind);

/* The scope: what the views show became another for none but these records (references). */
void views_set_scope(Views *views, const GPtrArray *near);
/* Brings copies of the views, as they were before the scope changed, up to date, and knows by that
 * which rows became others; where there are none, or none with these columns (as for views_copy),
 * makes them. */
gboolean views_renew(Views *views, GHashTable *columns, guint64 *rows, GError **error);
/* Finds the records of which rules of a kind may say something else than they did, and, where they
 * are few, the rows for views_show_scope; FALSE: that is everything, or as good as. Needs copies,
 * and changes nothing of what is shown: on any thread, while no other is on the views. */
gboolean views_reach(Views *views, const ScopeAsk *ask);
/* Asks for these from now on, found by then or not; *all: as views_reach tells. */
gboolean views_widen(Views *views, const ScopeAsk *ask, gboolean *all, GError **error);
/* Of what was found, when it is not everything. */
gboolean views_is_wide(const Views *views, const char *record);
guint views_count_wide(const Views *views);
void views_visit_wide(const Views *views, RefVisit visit, gpointer data);
/* Then the views that are copied show what these records have alone, with what that rests on, until
 * the scope is widened for others or dropped. */
gboolean views_show_scope(Views *views, const ScopeAsk *ask, GError **error);
gboolean views_drop_scope(Views *views, GError **error);

/* ---- as bytes --------------------------------------------------------------------------- */

/* The copies (views_copy, views_renew), part by part, for what a run leaves beside the store. */
gboolean views_write(const Views *views, SumsWriter *to, GError **error);
/* Makes them the copies again, not shown yet; FALSE: they are of other views, or do not fit. The
 * bytes are trusted otherwise, aligned to eight, and copied; or, where they are what a file begins
 * with (its descriptor; -1: none), left there as far as they stay what they are. That file must not
 * change. */
gboolean views_take(Views *views, gconstpointer data, gsize size, int file);
/* Are they those that were taken, with what became of them since? Then this can be written alone,
 * to be taken behind those bytes, in the order in which it was written. */
gboolean views_are_taken(const Views *views);
gboolean views_write_changes(const Views *views, SumsWriter *to, GError **error);
gboolean views_take_changes(Views *views, gconstpointer data, gsize size);
/* Is so much of them dead that they are better made anew? */
gboolean views_are_stale(const Views *views);

#endif
