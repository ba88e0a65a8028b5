/*
 * The stages of a run and what they share. Private to engine/run. To add a stage: a function here
 * and its place in stages.c.
 */
#ifndef CROSSTRACE_RUN_STAGES_H
#define CROSSTRACE_RUN_STAGES_H

#include "engine/find/derived.h"
#include "engine/link/linker.h"
#include "engine/resolution/roll.h"
#include "engine/run/found.h"
#include "engine/run/run.h"
#include "engine/run/scope.h"

#define META_OFF "rules_off" /* what the last run switched off; "" when nothing */

typedef struct Marks Marks; /* markers of records, found and not yet written */

struct Run {
    Store *store;
    Store *reader; /* a connection of its own, for what reads beside the rest; until all is read */
    const Rules *rules;
    const CorrelateOptions *options;
    CorrelateReport *report;
    StoreRun last, now; /* last.run_id 0: there was none */
    ParameterSet set;   /* that is used */
    gboolean estimate;  /* another set is made */
    FirearmParameters *firearm_parameters;
    FirearmLinker *linker; /* from estimating to linking */
    PersonParameters *person_parameters;
    GString *off;    /* what was switched off, one a line: the next run is a full one */
    GString *crowds; /* who was not compared, one a line: by nature, and the next time too */
    GHashTable *leads_before; /* lead id -> evidence hash */
    Scope *scope;             /* NULL: everything is computed */
    Image *image;             /* as the last run left it, until the facts have it; or NULL */
    Facts *facts;
    PersonKept kept; /* what was made of its mentions before; without bytes: nothing */
    GArray *link_decisions, *person_decisions; /* of FirearmDecision, PersonDecision */
    GArray *links;                             /* of FirearmLink */
    gboolean *affected; /* by observation: links holds all of its links; NULL: of all */
    FirearmKept *links_known, *links_found; /* of seizures: by the last run, by this; or NULL */
    Mapped *links_file;                     /* in which what is known lies */
    PersonResult *people;
    RunFound found;
    GraphEdges *edges;     /* made, and all there are; NULL: they are made of what is stored */
    IndicatorReads *reads; /* of views, by the rules; NULL: not found out yet */
    Marks *marks;
    char *index_stamp;    /* of the index of serials; NULL: none is left, as by a dry run */
    char *index_note;     /* of what was left */
    FindIndex index;      /* as the last run left it; or nothing */
    Views *views;         /* what rules are asked of */
    IndicatorTask *asked; /* rules, since stage_ask; NULL: nothing is */
    char *views_note;     /* of what lies there as STORE.views; NULL: nothing that counts */
    Mapped *views_file;   /* in which copies lie, */
    gboolean views_more;  /* and behind which goes what became of them */
    gboolean altered;     /* a file beside the store did not stay what it was */
};

/* Which set; what is known of it; then, each by itself, its parts, read from that or estimated from
 * the facts; and its number. */
gboolean parameters_plan(Run *run, GError **error);
gboolean parameters_load(Run *run, GError **error);
gboolean parameters_firearm(Run *run, GError **error);
FirearmInput firearm_input(const Run *run); /* facts, decisions, and parameters once there are */
/* Those of people, of a set that is known, from its text, where they were not read yet. */
gboolean stage_weights(Run *run, GError **error);
/* And the mentions made ready with them. */
PersonRoll *parameters_person(Run *run, PersonInput *input, GError **error);
gboolean parameters_keep(Run *run, GError **error);
/* Shifts the prior of parameters that were just estimated by what people decided (learn.c). */
void learn_firearm(Run *run);
void learn_person(Run *run);

/* What has to be known before anything is read: that the rules can be asked, and which leads there
 * are; of a run with a scope, beside it, what the last one left of the facts, which does not touch
 * the store's connection. */
gboolean stage_prepare(Run *run, GError **error);
gboolean stage_map(Run *run, GError **error);
/* Matching: reads facts; computes, without touching the store; writes. */
gboolean stage_read(Run *run, GError **error);
gboolean stage_decide(Run *run, GError **error);
gboolean stage_mark(Run *run, GError **error);
gboolean stage_link(Run *run, GError **error);
gboolean stage_resolve(Run *run, GError **error);
/* All of it (write.c), or only what is another than it was (update.c). */
gboolean write_marks(Run *run, GError **error);
gboolean write_links(Run *run, GError **error);
gboolean write_people(Run *run, GError **error);
gboolean update_marks(Run *run, GError **error);
gboolean update_links(Run *run, GError **error);
gboolean update_people(Run *run, GError **error);
/* One row: a link, the mention at a place, an edge of the people's result. */
gboolean write_link(Run *run, const FirearmLink *link, GError **error);
gboolean write_person(Run *run, guint i, GError **error);
gboolean write_person_edge(Run *run, guint i, GError **error);
/* Joining and judging: over the store. While a full run is written, edges are made and views copied
 * of records and of what it found, over connections of their own. */
gboolean stage_edges(Run *run, GError **error);
gboolean stage_copy(Run *run, GError **error);
gboolean stage_join(Run *run, GError **error);
/* Rules: begun, where a part is asked of them, beside joining; and ended, or all of it. */
gboolean stage_ask(Run *run, GError **error);
gboolean stage_indicate(Run *run, GError **error);
gboolean stage_gather(Run *run, GError **error);

/* What the store says of the copies of the views that the last run left; then these, or none, which
 * does not touch the store's connection; leaves them for the next one, where that is all of them;
 * in the end makes sure that what was read of them stayed what it was, leaves what became of them,
 * notes in the store that these are its, and drops them (views.c). */
gboolean views_note(Run *run, GError **error);
gboolean views_recall(Run *run, GError **error);
gboolean stage_keep_views(Run *run, GError **error);
gboolean views_end(Run *run, GError **error);

/* Before the first result is written: parameter set and run. */
gboolean begin_run(Run *run, GError **error);
/* All of them in their order (stages.c). */
gboolean run_stages(Run *run, GError **error);

/* The index of serials as the last run left it, or nothing; makes it anew or, where few records are
 * new, what stands beside it, of facts and parameters alone, and writes it as STORE.idx or
 * STORE.added for `find`, which does not touch the store; notes in the store that it did
 * (serials.c).
 */
void index_recall(Run *run);
gboolean stage_index(Run *run, GError **error);
gboolean index_keep(Run *run, GError **error);
void index_clear(Run *run);
void leave_words(Run *run); /* after the run is in the store */

/* What linking found of each seizure, as the last run left it, or nothing; leaves it for the next
 * one, and notes in the store that it did (links.c). */
void links_recall(Run *run);
gboolean links_keep(Run *run, GError **error);
void links_clear(Run *run);

void marks_free(Marks *marks);
/* References of the records that were looked at (of char *), when they were not all. */
const GPtrArray *marks_read(const Marks *marks);

/* RULES/graph.ini. */
gboolean graph_options_load(const char *rules_dir, GraphOptions *options, GError **error);

#endif
