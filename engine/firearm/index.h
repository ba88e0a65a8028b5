/*
 * Candidate search over distinct serials ("forms"), complete for every tier: index.c joins full
 * serials, fit.c finds what fits a pattern. Both only propose what tier.c accepts. Private.
 */
#ifndef CROSSTRACE_FIREARM_INDEX_H
#define CROSSTRACE_FIREARM_INDEX_H

#include "engine/firearm/tier.h"

#define NO_FORM G_MAXUINT

typedef struct {
    const Serial *serial; /* borrowed from an observation */
    Codes codes;          /* when full */
    gboolean full;
    guint32 ncic; /* hash of the NCIC form, when full: unequal means not S1, not S1N */
} Form;

/* The distinct serials of a list of observations, and who bears them. */
typedef struct {
    Form *form;
    guint n;
    guint *of;     /* by place in the list: its form, or NO_FORM when nothing was read */
    guint *first;  /* n + 1 places in member */
    guint *member; /* places in the list, grouped by form */
} Forms;

void forms_build(Forms *forms, const Firearm *firearms, const guint *list, guint n);
void forms_clear(Forms *forms);

/* Called once for every pair of full forms for which a tier holds. */
typedef void (*FormPair)(guint left, guint right, Tier tier, gpointer data);

/* Pairs of S1 and S1N. */
void index_join_equal(const Forms *left, const Forms *right, FormPair visit, gpointer data);

/* What a pair of forms can be worth at most, in bits: the rarer serial of the two, and what the
 * other fields of both can add, less the cost of the edits and what is asked for. A pair below 0
 * is not looked at. */
typedef struct {
    float *worth;                  /* by left form; -INFINITY: not looked at */
    float *rare_left, *rare_right; /* by form */
    float *added;                  /* by right form */
} JoinLimit;

/* Pairs of S2, S2B and S4, by one edit or lost end (edits = 1) or by two edits (2): all, or with a
 * limit those that it lets pass. */
void index_join_near(const FirearmModel *model, const Forms *left, const Forms *right, guint edits,
                     const JoinLimit *limit, FormPair visit, gpointer data);

/* Sorts entries by their upper 32 bits, stable. */
void entries_sort(guint64 *entry, gsize n);

/* Called once for every pattern with all forms of the other side that it fits (S3). */
typedef void (*FormFits)(gboolean pattern_is_left, guint pattern, const guint *fits, guint n,
                         gpointer data);
void fit_join(const Forms *left, const Forms *right, FormFits visit, gpointer data);

#endif
