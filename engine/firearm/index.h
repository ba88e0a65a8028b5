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
void index_join(const FirearmModel *model, const Forms *left, const Forms *right, FormPair visit,
                gpointer data);

/* Called once for every pattern with all forms of the other side that it fits (S3). */
typedef void (*FormFits)(gboolean pattern_is_left, guint pattern, const guint *fits, guint n,
                         gpointer data);
void fit_join(const Forms *left, const Forms *right, FormFits visit, gpointer data);

#endif
