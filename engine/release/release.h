/*
 * engine/release: stored leads and their evidence -> LeadView. Evidence that may not go to the
 * reader is taken away first, then each lead is built again from what remains, with the reader's
 * day and language: its id, score, title, counts and marking know nothing else. Without an audience
 * the reader is the store's owner, who sees everything but confidential sources, and it is marked
 * so. Formats (engine/report) see LeadViews and nothing else.
 */
#ifndef CROSSTRACE_RELEASE_RELEASE_H
#define CROSSTRACE_RELEASE_RELEASE_H

#include "engine/lead/lead.h"
#include "engine/release/audience.h"

typedef struct {
    Lead *lead;             /* built from what may be shown */
    LeadEvidence *evidence; /* what may be shown */
    char *released_to;      /* whose use it is for, in the reader's language */
    char *releasable_to;    /* countries that every one of its records may go to, "CAN;USA" */
    char *authority;        /* references that it goes out under; "" for the owner */
    gboolean withheld;      /* was evidence left out? */
    char *run;              /* hash of data, rules, parameter set and as-of */
} LeadView;

void lead_view_free(LeadView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeadView, lead_view_free)

typedef struct {
    const LeadRules *rules;
    const CodeTables *codes;
    const Indicators *indicators;
    const Terms *terms; /* words of links, for another language than English; NULL: codes */
    const char *as_of;  /* ISO */
    Lang lang;
    double min_score;
    const char *lead_id;  /* only this lead; NULL: all */
    gint64 since_run;     /* only leads that got other evidence in a later run; 0: all */
    const char *owner_of; /* only leads that this person works; NULL: all */
    const char *run;      /* hash that each view carries; NULL: none */
    const char *time;     /* as-of time, for the log */
    const Audiences *audiences;
    const Audience *owner;      /* whose store this is; NULL only in a store without audiences */
    const Audience *audience;   /* NULL: the owner's own use */
    const Authority *authority; /* for an audience */
    guint lot;   /* records whose evidence is read at a time; 0: as many as are quick to read */
    gsize spare; /* bytes for evidence that is not to be read twice; 0: 1.5 GiB */
} ReleaseOptions;

/* Every lead for the reader in report order (priority, score falling, lead_id): calls visit with a
 * view that is freed afterwards; visit returns FALSE to stop, with error where it failed, without
 * where it has seen enough. What is kept of all leads is their order, and of as many as there is
 * room for their evidence; that of others is read twice, which must be of one state of the store: a
 * transaction or the lock is the caller's. Another thread reads it while visit is called. A
 * disclosure to an audience is entered in STORE.audit before the first view, and so is its refusal
 * (STATUS_FORBIDDEN, where a reference is missing). STATUS_NO_INPUT when options name a lead that
 * does not exist. */
gboolean release_leads(Store *store, const ReleaseOptions *options,
                       gboolean (*visit)(const LeadView *view, gpointer data, GError **error),
                       gpointer data, GError **error);

/* May the audience be told at all? A refusal (STATUS_FORBIDDEN) is entered in STORE.audit: what may
 * not be told is not told, and that it was asked for is kept. The owner's own use always may. */
gboolean release_permitted(Store *store, const ReleaseOptions *options, GError **error);

/* Enters that everything has gone out; nothing to do for the owner's own use. */
gboolean release_done(Store *store, const ReleaseOptions *options, GError **error);

#endif
