/* Which leads `leads list` shows; private to engine/cli. */
#ifndef CROSSTRACE_CLI_LEAD_FILTER_H
#define CROSSTRACE_CLI_LEAD_FILTER_H

#include "engine/cli/released.h"

typedef struct {
    char *status, *kind, *port, *region, *owner, *since; /* NULL: any */
    double min_score;
    int priority, limit; /* 0: any */
} LeadFilter;

#define LEAD_FILTER_ENTRIES(filter)                                                                  \
    {"status", 0, 0, G_OPTION_ARG_STRING, &(filter).status, "of these, commas between", "STATUS"},   \
        {"kind",                                                                                     \
         0,                                                                                          \
         0,                                                                                          \
         G_OPTION_ARG_STRING,                                                                        \
         &(filter).kind,                                                                             \
         "trafficking, ghost-gun, dealer or corridor",                                               \
         "KIND"},                                                                                    \
        {"min-score",                                                                                \
         0,                                                                                          \
         0,                                                                                          \
         G_OPTION_ARG_DOUBLE,                                                                        \
         &(filter).min_score,                                                                        \
         "only leads of this score and more",                                                        \
         "P"},                                                                                       \
        {"priority", 0, 0, G_OPTION_ARG_INT, &(filter).priority, "of this priority or before", "N"}, \
        {"port", 0, 0, G_OPTION_ARG_STRING, &(filter).port, "an office's code or part of its name",  \
         "PORT"},                                                                                    \
        {"region",                                                                                   \
         0,                                                                                          \
         0,                                                                                          \
         G_OPTION_ARG_STRING,                                                                        \
         &(filter).region,                                                                           \
         "a state or province where something happened or was bought",                               \
         "CODE"},                                                                                    \
        {"since",                                                                                    \
         0,                                                                                          \
         0,                                                                                          \
         G_OPTION_ARG_STRING,                                                                        \
         &(filter).since,                                                                            \
         "new, or with other evidence, after a run of that number, or in runs as of that day or "    \
         "later",                                                                                    \
         "RUN|DATE"},                                                                                \
        {"owner", 0, 0, G_OPTION_ARG_STRING, &(filter).owner, "who works them", "NAME"},             \
    {                                                                                                \
        "limit", 0, 0, G_OPTION_ARG_INT, &(filter).limit, "no more than so many", "N"                \
    }

void lead_filter_clear(LeadFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LeadFilter, lead_filter_clear)

/* Checks the words and numbers; STATUS_USAGE. */
gboolean lead_filter_check(const LeadFilter *filter, GError **error);
/* What the store can answer goes into the options; STATUS_USAGE for a run that was never. */
gboolean lead_filter_apply(const LeadFilter *filter, Released *released, GError **error);
gboolean lead_filter_matches(const LeadFilter *filter, const LeadView *view);

#endif
