/*
 * engine/release: stored leads and their evidence -> LeadView. Each lead is built again for its
 * reader, with the reader's day and language. The one reader is the store's owner: everything is
 * shown, and marked so. Formats (engine/report) see LeadViews and nothing else.
 */
#ifndef CROSSTRACE_RELEASE_RELEASE_H
#define CROSSTRACE_RELEASE_RELEASE_H

#include "engine/lead/lead.h"

typedef struct {
    Lead *lead;             /* built from what may be shown */
    LeadEvidence *evidence; /* what may be shown */
    char *released_to;      /* whose use it is for, in the reader's language */
    gboolean withheld;      /* was evidence left out? */
    char *run;              /* hash of data, rules, parameter set and as-of */
} LeadView;

void lead_view_free(LeadView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeadView, lead_view_free)

typedef struct {
    const LeadRules *rules;
    const CodeTables *codes;
    const Indicators *indicators;
    const char *as_of; /* ISO */
    Lang lang;
    double min_score;
    const char *lead_id; /* only this lead; NULL: all */
    const char *run;     /* hash that each view carries; NULL: none */
} ReleaseOptions;

/* Every lead for the owner's own use in report order (priority, score falling, lead_id): calls
 * visit with a view that is freed afterwards; visit returns FALSE with error to stop.
 * STATUS_NO_INPUT when options name a lead that does not exist. */
gboolean release_owner(Store *store, const ReleaseOptions *options,
                       gboolean (*visit)(const LeadView *view, gpointer data, GError **error),
                       gpointer data, GError **error);

#endif
