/*
 * engine/run: what happens when. correlate is a list of stages (read, link, resolve,
 * join, indicate, gather) over one store in one transaction; here alone is known in which order
 * they go, what they are given and when there is nothing to do.
 */
#ifndef CROSSTRACE_RUN_RUN_H
#define CROSSTRACE_RUN_RUN_H

#include "engine/find/find.h"
#include "engine/graph/graph.h"
#include "engine/judgement/learn.h"
#include "engine/marker/marker.h"
#include "engine/query/why.h"
#include "engine/release/release.h"
#include "engine/retention/retention.h"

/* Everything under a rules directory, read and checked before anything runs. */
typedef struct {
    char *dir, *hash;
    char *start_hash; /* of the files that parameters are estimated with */
    CodeTables *codes;
    struct FirearmModel *firearms;
    struct PersonModel *people;
    MarkerRules *markers;
    Indicators *indicators;
    Terms *terms; /* words of links */
    LeadRules *leads;
    GraphOptions graph;
    Audiences *audiences;
    Clocks *clocks;
    Learning learning;
} Rules;

/* Nothing in a folder of rules may be written by others, and all of it is folders and files;
 * STATUS_CONFIG. */
gboolean rules_dir_check(const char *dir, GError **error);
/* Are the words by which serial numbers are read those that are built into the program? A table
 * that was changed and not built would say what is not done; STATUS_CONFIG. */
gboolean rules_words_built(const char *dir, GError **error);

/* A rule file that is not there is a broken rule set, no missing input: puts STATUS_CONFIG in
 * place of STATUS_NO_INPUT and returns the status. */
int rules_broken(GError *error);

/* STATUS_CONFIG with file and line. */
Rules *rules_load(const char *dir, GError **error);
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

typedef struct {
    gboolean full;                                      /* even when nothing is new */
    gboolean dry_run;                                   /* everything, then rolled back */
    const char *as_of;                                  /* ISO time */
    void (*progress)(const char *stage, gpointer data); /* may be NULL */
    gpointer progress_data;
    gboolean estimate;   /* into a new parameter set; then everything is computed again */
    gboolean one_thread; /* the results are the same with several */
    gsize copies_most;   /* bytes: views_allow; the results are the same with any */
    guint large; /* firearms from which on stages go one after the other, where they would need
                  * too much memory at once; 0: as many as do; the results are the same */
} CorrelateOptions;

typedef struct {
    gboolean nothing_new; /* same data and rules as the last run: nothing was done */
    guint64 records, links, persons, markers, leads; /* persons: mentions that were resolved */
    guint64 leads_new, leads_changed, leads_gone;    /* against the run before */
    char *off;     /* rules and patterns switched off, one a line; NULL if none: STATUS_LOOK */
    GArray *costs; /* of IndicatorCost: what each rule cost, in the order of the run */
} CorrelateReport;

void correlate_report_clear(CorrelateReport *report);

/* Runs the stages in one transaction. STATUS_CONFIG for rules that do not fit the store. report is
 * filled in any case; clear it. */
gboolean correlate(Store *store, const Rules *rules, const CorrelateOptions *options,
                   CorrelateReport *report, GError **error);

/* Weighs one pair by the code and the parameters of the last run, for `why`: a WhyWeigh whose
 * data is a Rules. */
gboolean run_weigh(Store *store, JudgementType type, const char *left, const char *right,
                   WhyWeighed *out, gpointer rules, GError **error);

/* What `find` asks of this room; borrows the model. */
FindReader run_find_reader(const FirearmModel *model);

/* Hash of data, rules, parameter set and as-of: the `run` column; g_free. STATUS_NO_INPUT when
 * nothing was correlated yet. */
char *run_hash(Store *store, const char *as_of, GError **error);

#endif
