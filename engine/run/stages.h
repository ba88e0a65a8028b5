/*
 * The stages of a run and what they share. Private to engine/run. To add a stage: a function here
 * and its place in stages.c.
 */
#ifndef CROSSTRACE_RUN_STAGES_H
#define CROSSTRACE_RUN_STAGES_H

#include "engine/graph/graph.h"
#include "engine/run/facts.h"
#include "engine/run/run.h"
#include "engine/store/runs.h"

typedef struct Marks Marks; /* markers of records, found and not yet written */

typedef struct {
    Store *store;
    Store *reader; /* a connection of its own, for what reads beside the rest */
    const Rules *rules;
    const CorrelateOptions *options;
    CorrelateReport *report;
    StoreRun last, now; /* last.run_id 0: there was none */
    ParameterSet set;   /* that is used */
    gboolean estimate;  /* another set is made */
    FirearmParameters *firearm_parameters;
    PersonParameters *person_parameters;
    GString *off; /* what was switched off, one a line */
    Facts *facts;
    GArray *link_decisions, *person_decisions; /* of FirearmDecision, PersonDecision */
    GArray *links;                             /* of FirearmLink */
    PersonResult *people;
    Marks *marks;
} Run;

/* Which set; then, each by itself, its parts, read or estimated from the facts; and its number. */
gboolean parameters_plan(Run *run, GError **error);
gboolean parameters_firearm(Run *run, GError **error);
gboolean parameters_person(Run *run, GError **error);
gboolean parameters_keep(Run *run, GError **error);

/* Matching: reads facts; computes, without touching the store; writes. */
gboolean stage_read(Run *run, GError **error);
gboolean stage_decide(Run *run, GError **error);
gboolean stage_mark(Run *run, GError **error);
gboolean stage_link(Run *run, GError **error);
gboolean stage_resolve(Run *run, GError **error);
gboolean write_marks(Run *run, GError **error);
gboolean write_links(Run *run, GError **error);
gboolean write_people(Run *run, GError **error);
/* Joining and judging: over the store. */
gboolean stage_join(Run *run, GError **error);
gboolean stage_indicate(Run *run, GError **error);
gboolean stage_gather(Run *run, GError **error);

/* Before the first result is written: parameter set, run, room. */
gboolean begin_run(Run *run, GError **error);
/* All of them in their order (stages.c). */
gboolean run_stages(Run *run, GError **error);

void marks_free(Marks *marks);

/* RULES/graph.ini. */
gboolean graph_options_load(const char *rules_dir, GraphOptions *options, GError **error);

#endif
