/* What report and leads share; private to engine/cli. */
#ifndef CROSSTRACE_CLI_RELEASED_H
#define CROSSTRACE_CLI_RELEASED_H

#include "engine/cli/cli.h"

typedef struct {
    Rules *rules;
    Store *store;
    char *run, *day;
    Authority *authority;   /* of released_for */
    ReleaseOptions options; /* lang, min_score and lead_id are the caller's to set */
} Released;

/* Reads the rules, notes the read in STORE.audit and opens the store. */
gboolean released_open(Released *released, const Context *context, const char *action,
                       const char *subject, GError **error);
/* From here on for this audience (NULL: the owner), under these references (NULL: none). */
gboolean released_for(Released *released, const char *audience, const char *authority,
                      GError **error);
/* Only leads that got other evidence after a run: its number, or the last one before a day (ISO).
 * NULL: all. STATUS_USAGE when it is neither; STATUS_NO_INPUT when there is no such run. */
gboolean released_since(Released *released, const char *since, GError **error);
void released_clear(Released *released);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Released, released_clear)

/* A report as this reader gets it, with nothing in it yet. */
ReportWriting *released_writing(const Released *released, const Context *context);

/* Prints one lead, as text where --format names no format of reports; STATUS_NO_INPUT. */
gboolean released_show(Released *released, const Context *context, const char *lead_id,
                       GError **error);
/* What could be a lead's id: anything else that was typed may be a name, and stays out of the
 * trail. */
gboolean released_is_lead_id(const char *word);

/* --min-score is a probability; STATUS_USAGE. */
gboolean released_score(double score, GError **error);

#endif
