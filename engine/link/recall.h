/*
 * Looking at seizures with what an earlier run found of them (kept.h). A seizure is looked at
 * narrowly, and where that does not do, widely (narrow.c); what either found is recalled where
 * nothing new can matter to it, else searched. Private.
 */
#ifndef CROSSTRACE_LINK_RECALL_H
#define CROSSTRACE_LINK_RECALL_H

#include "engine/link/kept.h"
#include "engine/link/search.h"

typedef enum { LOOK_NARROW, LOOK_WIDE, LOOKS } Look;

/* What looking found, by look: array of Candidate, in order of place; those of a seizure that was
 * looked at widely count instead of the others. */
struct Recall {
    const FirearmKept *kept; /* what an earlier run found; NULL: nothing */
    const guint *now;        /* by observation then: now */
    const guint *before;     /* by seizure's place: the one then, or NO_PLACE: it is searched */
    GArray *found[LOOKS];
    double *more[LOOKS]; /* by seizure's place: that is left out since (weak.h); or NULL */
    double *rest;        /* by seizure's place: beside what a narrow look found */
    Looked *looked;      /* likewise */
};

#define NO_PLACE G_MAXUINT

Recall *recall_new(const Work *work);
void recall_free(Recall *recall);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recall, recall_free)

/* As search_candidates(); what was found is noted. recall NULL: nothing is recalled or noted. */
GArray *recall_candidates(Recall *recall, Search *search, const GArray *places, Look look);

/* What was found of all seizures, and what became of it; and of observations what search and its
 * work know beside. found: decided and after competition, in the order of places. */
FirearmKept *recall_kept(const Recall *recall, const Search *search, const GArray *found);

/* Are they of so many observations and seizures, and do their numbers make sense? */
gboolean kept_is_of(const FirearmKept *kept, guint n, guint seizures);
/* By observation: the chance of its serial, -1: it is not known; g_free. past may be NULL. */
double *past_chances(const Past *past, guint n);
/* Adds repeated traces (Candidate), as repeat.c left them, of which neither is another now: those
 * by their serials, or those of which one names the other. */
void past_repeats(const Past *past, gboolean named, GArray *repeats);
/* FALSE: what fitted is named by something that was revised, and not to be believed. */
gboolean past_fits_hold(const Work *work);
/* Calls for what fitted: a trace that has the pattern, and the place then of a seizure that has the
 * serial. */
typedef void (*PastFit)(guint trace, guint seizure_then, gpointer data);
void past_fits(const Past *past, PastFit visit, gpointer data);
/* Bits below which what is some edits away was passed over when it was searched; FALSE: the search
 * was a wide one, too. */
gboolean kept_least(const FirearmKept *kept, guint seizure, double least[EDITS_MAX]);
/* Is what counts of a seizure another than it was? now: by observation then. */
gboolean kept_differs(const FirearmKept *then, guint before, const FirearmKept *kept, guint place,
                      const guint *now);

#endif
