/*
 * `why A B`: are two records one firearm, two mentions one person, and why, or why not? What the
 * run stored is told as it was stored; a pair that it did not keep is weighed by whoever can (the
 * asker hands that in: engine/run), by the code and the parameters of the run.
 */
#ifndef CROSSTRACE_QUERY_WHY_H
#define CROSSTRACE_QUERY_WHY_H

#include "engine/base/evidence.h"
#include "engine/base/rows.h"
#include "engine/base/terms.h"
#include "engine/judgement/judgement.h"

/* What stands in the way of a pair that was weighed. */
typedef enum {
    WHY_WEIGHED,         /* nothing: it is a candidate like any other */
    WHY_TWO_SEIZURES,    /* seizures are never linked with each other */
    WHY_TWO_TRACES,      /* traces are linked only where their serials are equal */
    WHY_NO_TIER,         /* no tier holds for the serials: nearest */
    WHY_NO_KEY,          /* no blocking key brought the mentions together: nearest */
    WHY_CONFLICT,        /* what both say excludes one person: nearest names it */
    WHY_CONFLICT_BESIDE, /* what is said of one excludes another mention of the other person */
} WhyObstacle;

/* A pair weighed anew; strings and evidence are owned. */
typedef struct {
    WhyObstacle obstacle;
    char *nearest[2];   /* by language: the tier or key that came nearest; NULL */
    gboolean turned;    /* the evidence has the right side on its left */
    char *tier;         /* that holds; "" none */
    double bits;        /* sum of the evidence: log2 likelihood ratio, prior left out */
    double prior;       /* log2 odds */
    double chance;      /* firearms expected to fit by chance; 0 for persons */
    Evidence *evidence; /* NULL: not weighed */
} WhyWeighed;

/* Weighs two observations, two mentions, and says what keeps them apart, of their people too.
 * STATUS_NO_INPUT when one is not there. */
typedef gboolean (*WhyWeigh)(Store *store, JudgementType type, const char *left, const char *right,
                             WhyWeighed *out, gpointer data, GError **error);

typedef struct Why Why;

/* In any order; a record of nothing but one person stands for its mention. STATUS_NO_INPUT: no such
 * record or mention, or no run yet; STATUS_USAGE: a record and a mention, or one of them twice;
 * STATUS_FORBIDDEN: the record of a confidential source. */
Why *why_ask(Store *store, const char *refs[2], const char *as_of, WhyWeigh weigh, gpointer data,
             GError **error);
void why_free(Why *why);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Why, why_free)

/* part,name,value,left,right,bits,counted,sum: the pair, its evidence term by term, the result. */
gboolean why_rows(const Why *why, RowSink *sink, GError **error);

/* The same in sentences, for a court file; ends with a newline; g_free. */
char *why_text(const Why *why, const Terms *terms, Lang lang);

/* The two records' handling codes; NULL: none. */
const char *const *why_handlings(const Why *why);

/* "link" or "person": which of the two a reference can be judged as; STATUS_NO_INPUT. */
gboolean why_reference(Store *store, const char *ref, JudgementType *type, GError **error);

#endif
