/*
 * What lies beside a store: derived from it, stamped with its state, to be thrown away at any time
 * (what an operator has to know of each such file: scripts/ops/README.md).
 * It is made whole under no name, then put in the place of the old one.
 */
#ifndef CROSSTRACE_FIND_DERIVED_H
#define CROSSTRACE_FIND_DERIVED_H

#include "engine/base/mapped.h"
#include "engine/lookup/lookup.h"
#include "engine/person/person.h"
#include "engine/store/store.h"

/* What STORE.idx is stamped with: which records a store holds and, as far as that follows from the
 * files it was loaded from, under which numbers; g_free. */
char *find_stamp(Store *store, GError **error);

/* STORE.idx, with which a question of serials needs no reading of the store; stamp: find_stamp().
 * The store is not read, so that another thread may. STATUS_IO. */
gboolean find_index_write(const Store *store, const char *stamp, const FirearmIndex *index,
                          GError **error);
/* The same of STORE.added, which stands beside STORE.idx as it was. */
gboolean find_added_write(const Store *store, const char *stamp, const FirearmIndex *index,
                          GError **error);
char *find_index_path(const Store *store); /* g_free */

/* Both, as they lie. */
typedef struct {
    Mapped *file, *file_added;
    FirearmIndex *index; /* NULL: there is none that can be used */
} FindIndex;

/* What lies there and is of this state of the store (find_stamp()); NULL: of whatever state. */
void find_index_open(const Store *store, const FirearmModel *model, const char *stamp,
                     FindIndex *opened);
void find_index_close(FindIndex *opened);
/* Did both stay what they were? STATUS_IO. */
gboolean find_index_holds(const FindIndex *opened, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FindIndex, find_index_close)

char *find_words_path(const Store *store); /* STORE.words; g_free */
/* Makes STORE.words now, or STORE.later, which tells what it does not, where the first question
 * would have to, or would find other weights in it than those of the last run. */
gboolean find_prepare(Store *store, const PersonModel *people, GError **error);

/* What was made beside a store under `path` stays there only if the store, as others see it now, is
 * what this connection read: while it was made, records may have been purged, and all that was
 * derived of them removed. FALSE: it is gone again. */
gboolean find_keep(Store *store, const char *path);

/* Ends of names of what is derived from STORE and lies beside it; of facts, people, views and
 * links: engine/run. */
#define FIND_INDEX  ".idx"
#define FIND_ADDED  ".added"
#define FIND_WORDS  ".words"
#define FIND_LATER  ".later"
#define FIND_FACTS  ".facts"
#define FIND_PEOPLE ".people"
#define FIND_VIEWS  ".views"
#define FIND_LINKS  ".links"
#define FIND_MODE   0640 /* who may read them */

/* Removes STORE.words and STORE.later (words.h), STORE.facts, STORE.people, STORE.views and
 * STORE.links, in which what was purged still stands, and what a killed run left of them or of
 * STORE.idx; index: that and STORE.added too, which the next run makes again and without which
 * `find` has to read all. STATUS_IO when one can not be removed. */
gboolean find_forget(const Store *store, gboolean index, GError **error);

#endif
