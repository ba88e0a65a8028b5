/*
 * Private to engine/view: which views are copied, and what of the copies a connection shows.
 */
#ifndef CROSSTRACE_VIEW_PARTS_H
#define CROSSTRACE_VIEW_PARTS_H

#include "engine/base/hash.h"
#include "engine/view/copies.h"
#include "engine/view/view.h"

/* Texts, each once, in the order in which they were found. */
typedef struct {
    GHashTable *has;
    GArray *cells; /* of Cell */
} CellSet;

CellSet *cell_set_new(void);
void cell_set_free(CellSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CellSet, cell_set_free)
gboolean cell_set_add(CellSet *set, Cell cell); /* FALSE: it is there, or no text */
void cell_set_add_all(CellSet *set, const CellSet *other);
gboolean cell_set_has(const CellSet *set, Cell cell);

struct Views {
    Store *store;
    sqlite3 *db; /* the store's */
    gboolean one_thread;
    gsize most;        /* bytes of values at most, 0: what fits */
    Copies *copies;    /* NULL: there are none */
    gboolean ahead;    /* they were made by views_read, and are neither shown nor all yet */
    Copies *shown;     /* all of them, or a part that is owned; NULL: nothing is shown */
    GPtrArray *near;   /* of char *: records whose rows may be others; NULL: there is no scope */
    GPtrArray *others; /* by copy: GArray of Cell, rows that are gone or new; NULL: not known */
    CellSet *reached[SCOPE_KINDS]; /* records that were found and not yet asked for; or NULL */
    Copies *ahead_of[SCOPE_KINDS]; /* and what rules are to be asked of there; or NULL */
    CellSet *wide;                 /* records of which rules are asked anew */
    gboolean kept;   /* the copies are those of a file, and what became of them since; */
    gsize kept_heap; /* so much of their values it has, */
    guint kept_numbers;
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

/* ---- what changed (reach.c) --- */

typedef void (*RowVisit)(const Copy *copy, const Cell *row, gpointer data);
/* Adds the record of a row to a CellSet. */
void row_add_record(const Copy *copy, const Cell *row, gpointer records);

/* A way into a copy: its rows by the values of a column. Borrowed of the copies. */
typedef struct {
    const Copies *copies;
    const Copy *copy;
    const CopyIndex *index;
} WayIn;

/* Of a view's copy by a column that is a way in; column NULL: by record. */
WayIn way_in(const Copies *copies, const char *view, const char *column);
/* The rows that have a value there; those that have one of the values, which visit may not add to.
 */
void rows_of(const WayIn *way, Cell value, RowVisit visit, gpointer data);
void rows_of_all(const WayIn *way, const CellSet *values, RowVisit visit, gpointer data);

/* The views that tell of a firearm and of its dealer. */
#define SALE_VIEWS 2
extern const char *const sale_views[SALE_VIEWS];

/* May the rules read a copy, or one that is made of it? */
gboolean may_be_read(const Views *views, const ScopeAsk *ask, const Copy *copy);
/* The rows, as they were and as they are, that became others in the copies that the rules may read;
 * of one view, or (NULL) of all. */
void rows_that_changed(const Views *views, const ScopeAsk *ask, const char *view, RowVisit visit,
                       gpointer data);
/* Adds the records of these. */
void reach_changed(const Views *views, const ScopeAsk *ask, CellSet *records);

/* Records of which rules of a kind may say something else; most: from so many on everything is as
 * soon asked. NULL: everything must be. */
typedef CellSet *(*Reach)(const Views *views, const ScopeAsk *ask, gsize most);
CellSet *reach_related(const Views *views, const ScopeAsk *ask, gsize most);
CellSet *reach_dealers(const Views *views, const ScopeAsk *ask, gsize most);
CellSet *reach_years(const Views *views, const ScopeAsk *ask, gsize most);
CellSet *reach_identifiers(const Views *views, const ScopeAsk *ask, gsize most);
CellSet *reach_numbers(const Views *views, const ScopeAsk *ask, gsize most);
/* These, and all that what is said of them rests on. */
typedef CellSet *(*RestOn)(const Views *views, const ScopeAsk *ask, const CellSet *wide);
CellSet *rest_on_identifiers(const Views *views, const ScopeAsk *ask, const CellSet *wide);
CellSet *rest_on_numbers(const Views *views, const ScopeAsk *ask, const CellSet *wide);

/* ---- buyers (buyers.c), out of the copy of the purchases --- */

/* All rows, without indexes; or the rows of some persons in the place of theirs. */
void buyers_fill(Copies *copies, Copy *buyers);
void buyers_patch(Copies *copies, Copy *buyers, const CellSet *persons, CopySee see, gpointer data);

/* How purchases are found by their running numbers (a CopyWay's hash). */
gboolean number_hash(const char *text, guint32 *hash);

/* May rules, by their text, read a view? */
gboolean view_may_be_read(const char *view, const char *rules);

#endif
