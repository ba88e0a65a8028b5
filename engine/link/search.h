/*
 * The search for candidates of seizures: what is known of a store before any seizure is looked at,
 * and looking. search.c finds all that is worth weighing, narrow.c what can matter. Private.
 */
#ifndef CROSSTRACE_LINK_SEARCH_H
#define CROSSTRACE_LINK_SEARCH_H

#include "engine/link/paper.h"

/* A trace whose serial is a pattern, and a seizure whose full serial it fits. */
typedef struct {
    guint seizure, trace; /* a form; an observation */
    guint pattern;        /* the trace's place among patterns */
} Fitting;

/* A trace whose serial is a pattern that fits some seizures. */
typedef struct {
    guint trace;
    Fitted fitted;
    Fragment fragment;
} Pattern;

/* A trace whose serial is full, as few numbers: most that come near a seizure's go no further. */
typedef struct {
    float rare;        /* judge_rarest() of its serial */
    float added, away; /* what its dates can add; beside a seizure not within days of its own */
    Day day;           /* that it was recovered */
} Bearer;

#define EDITS_MAX 2u

/* narrow: only what comes near the best was looked for; least: bits below which what is one edit
 * away, or two, was passed over. */
typedef struct {
    double least[EDITS_MAX];
    gboolean narrow;
} Looked;

struct Search {
    Work *work;
    Forms seizures, traces;
    SerialIndex *index; /* of the traces, but for those that stand in another: */
    const SerialIndex *known;
    guint *known_form, *form; /* by number in each: the form of traces, or NO_FORM */
    Fit *fit;                 /* of the traces */
    guint *place;             /* by observation: its place among its side */
    float *most;              /* by observation: what the dates of a trace can add */
    Bearer *bearer;           /* of the forms of traces, in their order */
    float adding, promising;  /* the most that one of these adds, and with how rare it is */
    Looked *looked;           /* by seizure's place: how it was searched */
    GArray *paper, *fitting;  /* of PaperPair, of Fitting, in order of seizures */
    GArray *pattern;          /* of Pattern */
    GArray *fits; /* of guint64: form of traces, form of seizures that it fits; sorted */
};

Search *search_new(Work *work);
/* After work has other rates, and its traces other firearms. */
void search_refresh(Search *search);
void search_free(Search *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Search, search_free)
/* All pairs that are worth weighing of the seizures at n places, which ascend: array of Candidate,
 * in order of seizure and trace. Sets work->rest of these places. narrow: what weighs less than
 * the best by NEGLIGIBLE_BITS may be left out. */
GArray *search_candidates(Search *search, const guint *places, guint n, gboolean narrow);

/* A firearm that was traced, once or oftener, and the tier of one of its traces. */
typedef struct {
    guint firearm;
    Tier tier;
} NearFirearm;

/* Drops what was found twice of a seizure, and sets chances of the rest. near: of NearFirearm,
 * whose full serials are equal. */
void chances_settle(const Work *work, guint a, GArray *near, GArray *found);

/* What a search of the seizure at a place, which has a full serial, would have come to, had this
 * trace been there too, whose full serial is one edit or two away or whose pattern it fits (with a
 * fragment: as if it were worth that; NULL: what it is). TRUE: nothing but more that is not kept,
 * which is added to rest. least: as the search left it. */
gboolean search_weak(Search *search, guint place, guint trace, const double least[EDITS_MAX],
                     const Fragment *fragment, double *rest);

/* The same as search_candidates(), decided; what is left out changes no probability by more than
 * a thousandth for each pair. recall NULL: nothing is recalled or noted. */
GArray *narrow_search(Search *search, const Work *work, const FirearmInput *input,
                      const GArray *places, Recall *recall);

#endif
