/*
 * The stages of a run and what they share. Private to engine/run. To add a stage: a function here
 * and a line in the table of correlate.c.
 */
#ifndef CROSSTRACE_RUN_STAGES_H
#define CROSSTRACE_RUN_STAGES_H

#include "engine/graph/graph.h"
#include "engine/run/facts.h"
#include "engine/run/run.h"
#include "engine/store/runs.h"

typedef struct {
    Store *store;
    const Rules *rules;
    const CorrelateOptions *options;
    CorrelateReport *report;
    Facts *facts;
    StoreRun now;
    GString *off; /* what was switched off, one a line */
} Run;

gboolean stage_read(Run *run, GError **error); /* records -> facts; marks on the way */
gboolean stage_link(Run *run, GError **error);
gboolean stage_resolve(Run *run, GError **error);
gboolean stage_join(Run *run, GError **error);
gboolean stage_indicate(Run *run, GError **error);
gboolean stage_gather(Run *run, GError **error);

/* RULES/graph.ini. */
gboolean graph_options_load(const char *rules_dir, GraphOptions *options, GError **error);

#endif
