/* What the steps of a night share; private to engine/run. */
#ifndef CROSSTRACE_RUN_NIGHT_H
#define CROSSTRACE_RUN_NIGHT_H

#include "engine/run/nightly.h"

typedef struct {
    Store *store;
    const Rules *rules;
    const LoadRules *load;
    const NightlyOptions *options;
    NightlyReport *report;
    gboolean results; /* they are those of the store's records */
    gboolean ended;   /* by a signal: nothing more is begun */
} Night;

/* A line that -v shows. */
void night_say(Night *night, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A line that is always shown, and the status that goes with it; the rest goes on. */
void night_fail(Night *night, int status, const char *text);

/* May what comes next begin, or was the night asked to end? Then the error is set. */
gboolean night_begin(Night *night, const char *doing, GError **error);

/* publish.c: reports of every audience in one folder with its sums and the link `latest`, unless
 * those of the same results are there; a verified copy of the store, unless nothing changed. */
gboolean night_reports(Night *night, GError **error);
gboolean night_copy(Night *night, GError **error);
/* Path of the copy that was made last, NULL: there is none; g_free. */
char *night_newest_copy(const NightlyOptions *options);

#endif
