/*
 * From candidates to posteriors, in steps that link.c calls in order: repeat.c (traces of one
 * firearm), candidate.c (seizure and trace), competition (posterior.h of engine/weight).
 * Observations are worked on in the order of their references, so that the order of the input does
 * not matter.
 */
#ifndef CROSSTRACE_LINK_WORK_H
#define CROSSTRACE_LINK_WORK_H

#include "engine/firearm/index.h"
#include "engine/link/kept.h"
#include "engine/link/link.h"
#include "engine/weight/judge.h"
#include "engine/weight/posterior.h"

/* A pair of observations that was weighed. */
typedef struct {
    guint a, b; /* the seizure and the trace, or two traces */
    Tier tier;
    double fit;    /* S3: share of other firearms that fit; 0 where weighed bits were recalled */
    double chance; /* firearms expected to fit by chance */
    double serial; /* bits of the serial */
    double bits;   /* bits of all */
    double probability;
    int decided; /* -1: no; else what a person decided, 0 or 1 */
} Candidate;

/* What an earlier run made of observations with the same parameters (kept.h). */
typedef struct {
    const FirearmKept *kept;
    const guint *now;      /* by observation then: now */
    const guint *seizure;  /* by seizure's place then: now */
    const guint8 *dirty;   /* by observation: it is new, or not what it was */
    const Firearm *former; /* what some said before: observations from work->n on */
    guint n_former;
    const SerialIndex *index; /* in which serials stand already; NULL: there is none */
    const guint *number;      /* by observation: its serial's number there, or NO_FORM */
} Past;

typedef struct {
    Judge judge;
    const FirearmParameters *parameters;
    const Past *past; /* NULL: nothing is known */
    guint n;
    guint *seizure, *trace; /* observations of each side, by reference */
    guint n_seizures, n_traces;
    guint *firearm; /* of each trace, by observation: traces that are one share it */
    guint n_firearms;
    double prior;      /* bits: that a pair is of one firearm, before anything is compared */
    double keep;       /* bits, prior and evidence together, below which a pair is not kept */
    double *rest;      /* by seizure's place: weight, before the prior, of pairs not kept */
    gboolean thorough; /* nothing is left out beside what weighs more */
    GArray *repeats;   /* of Candidate: repeated traces, as nobody decided: */
    guint n_serial;    /* as many by their serials, then those of which one names the other */
} Work;

#define KEEP_BITS (-9.0) /* a posterior below 0.002 */
#define KEEP_ALL  (-1e6)

#define NEGLIGIBLE_BITS 10.0

/* firearm_link() of an input with parameters, without leaving out what is negligible: of all pairs
 * that weigh so many bits with the prior; KEEP_ALL: whatever a link's probability is. */
GArray *link_keeping(const FirearmInput *input, double keep);

/* past may be NULL; it is borrowed. */
void work_init(Work *work, const FirearmInput *input, const FirearmParameters *parameters,
               const Past *past);
void work_clear(Work *work);
/* An observation, or what one said before (from work->n on): of these facts are known, and no more.
 */
const Firearm *work_firearm(const Work *work, guint observation);

/* Fills in bits of a candidate from its tier and fit. */
void candidate_weigh(const Work *work, Candidate *candidate, gboolean repeat);
/* Its terms, when it was weighed. */
Evidence *candidate_evidence(const Work *work, const Candidate *candidate, gboolean repeat);

/* firearm_link() in steps: repeated traces, decided, and the firearms that they are of; then
 * competition of the candidates found for some seizures; then links, sorted. */
GArray *link_traces(Work *work, const FirearmInput *input);
typedef struct Search Search; /* search.h */
typedef struct Recall Recall; /* recall.h; NULL: nothing is recalled or noted */
/* Candidates of all seizures, decided and after competition; in the order of places. */
GArray *link_find(const Work *work, Search *search, const FirearmInput *input, Recall *recall);
typedef gboolean (*LinkChosen)(const Candidate *candidate, gconstpointer data);
void link_export(const Work *work, const GArray *found, gboolean repeat, LinkChosen chosen,
                 gconstpointer data, GArray *links);
void link_sort(const FirearmInput *input, GArray *links);
/* All of it behind link_traces(). kept (NULL: not asked for): for firearm_link_changed(). */
GArray *link_all(Work *work, Search *search, const FirearmInput *input, const GArray *repeats,
                 FirearmKept **kept);

/* Traces that can be of one firearm, with probability; array of Candidate. Sets work->repeats. */
GArray *repeat_find(Work *work);

/* A fragment of one observation: the share of the other side that it fits, of its make and all. */
typedef struct {
    double of_make, of_all;
} Fragment;

/* How many of the other side it fits, from all forms that it does; and what that makes of it. */
typedef struct {
    guint all, of_make;
} Fitted;
Fitted fragment_count(const Work *work, const Forms *forms, guint owner, const GArray *fits);
Fragment fragment_of(const Work *work, guint owner, Fitted fitted);

/* The share that counts for a pair: of its make, where the other's can be the same. */
double fragment_fit(const Work *work, const Fragment *fragment, guint a, guint b);

/* What people decided about pairs of two traces, or of seizure and trace: sets what is decided of
 * candidates, and adds pairs that were held for one and are not there. */
void decide_candidates(const Work *work, GArray *found, const FirearmInput *input, gboolean repeat);

/* A key of its serial as it was received; the same for all serials that join two traces. 0: nothing
 * was read. */
guint64 serial_raw_key(const Firearm *firearm);
guint64 serial_repeat_key(const Firearm *firearm);

#endif
