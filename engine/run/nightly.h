/*
 * nightly: inbox, correlate, reports, copy, in this order, over one store whose lock is held all
 * the time. What is done is told as lines; a step that fails does not keep those from running that
 * are still safe. A run that was killed is continued by the next one.
 */
#ifndef CROSSTRACE_RUN_NIGHTLY_H
#define CROSSTRACE_RUN_NIGHTLY_H

#include "engine/run/run.h"
#include "loaders/loader.h"

/* Reports for one audience; code NULL: for the owner. */
typedef struct {
    const char *code, *authority;
} NightlyAudience;

/* Borrows everything. A folder that is NULL leaves its step out. */
typedef struct {
    const char *inbox, *reports, *backups;
    guint settle, keep_backups;
    char *const *formats;
    const NightlyAudience *audiences; /* ends with both NULL, after at least the owner */
    const char *owner;                /* audience code */
    const char *group;                /* of reports and copies; NULL: as it comes */
    const char *as_of;                /* ISO time */
    gboolean by_clock;                /* is it the machine's, which may be wrong? */
    const char *program;              /* name and version, for the reports */
    /* Called before each step, file and audience, with its name (static, or the audience's);
     * FALSE: the night ends here, and the next one goes on. May be NULL. */
    gboolean (*begin)(const char *doing, gpointer data);
    gpointer begin_data;
} NightlyOptions;

/* What was done, as lines for people, in order; the worst status of all steps. */
typedef struct {
    GPtrArray *lines;    /* of char *: "loaded ...", what -v shows */
    GPtrArray *failures; /* of char *: the least first, the worst last */
    int status;
    guint64 files, rejects; /* files loaded; rows that were refused in them */
    guint64 fresh;          /* leads that are new or changed since the last report */
} NightlyReport;

void nightly_report_clear(NightlyReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NightlyReport, nightly_report_clear)

/* The first night makes its store. FALSE, STATUS_STORE: there was one, of which a copy or the audit
 * trail is left, and it is not there (any more, or its disk is not mounted): an empty one in its
 * place would tell that all leads are gone, and its copies would push out the good ones. */
gboolean nightly_may_begin(const char *store, const NightlyOptions *options, GError **error);

/* Runs all steps; report is filled in any case. */
void nightly(Store *store, const Rules *rules, const LoadRules *load, const NightlyOptions *options,
             NightlyReport *report);

#endif
