/*
 * engine/indicator: rule files (rules/indicators/NAME.sql, crosstrace-rules(5)) -> rows
 * (indicator, subject, record, bits, explanation). Header lines, one blank line, one SELECT over
 * the documented views that yields exactly subject, record, bits, explanation. A changed file
 * with an unchanged rev is an error of `rules check` (rules/indicators/revisions.csv holds the
 * hashes). To add an indicator: write the file and its example cases.
 */
#ifndef CROSSTRACE_INDICATOR_INDICATOR_H
#define CROSSTRACE_INDICATOR_INDICATOR_H

#include "engine/sql/sql.h"
#include "engine/store/result.h"
#include "engine/view/view.h"

/* Budget of one rule in one run, counted in instructions of SQLite's machine so that the same rule
 * over the same store is off or not on every machine: about a minute or two. */
#define INDICATOR_STEPS G_GUINT64_CONSTANT(3000000000)

typedef struct {
    char *id, *title, *status, *severity, *source, *false_positives;
    char *title_fr; /* NULL: not told */
    int rev;
    char *valid_from, *valid_to; /* ISO or "" */
    double bits; /* the most that one subject can gain; negative: counter-indicator */
    char *file;  /* path, for messages */
    char *sql;
    guint sql_line;          /* of the file, where sql begins */
    GPtrArray *parameters;   /* of IndicatorParameter */
    GPtrArray *examples;     /* of IndicatorExample */
    GPtrArray *phrases;      /* of IndicatorPhrase */
    GHashTable *words;       /* values of holes -> French */
    ScopeKind scope;         /* what it is asked of after new records (related.csv) */
    gboolean doubted;        /* that says it of another SELECT: it is asked of everything */
    SqlKnowledge *knowledge; /* what its SQL may ask for; of all rules together */
    gboolean complete;       /* its rows name every record that they rest on (complete.csv) */
} Indicator;

typedef struct {
    char *name;
    double value;
    char *unit; /* "business days", "days", "" ... */
} IndicatorParameter;

typedef struct {
    gboolean hit; /* FALSE: a miss, the rule must stay silent */
    char *file;   /* path of the case */
} IndicatorExample;

/* How an explanation reads, with {holes} for what differs from record to record. */
typedef struct {
    char *en, *fr; /* fr: NULL: not told */
} IndicatorPhrase;

/* The keys of a rule file's header lines, one after the other; NULL behind the last. */
const char *indicator_key(guint index);

typedef struct Indicators Indicators; /* all rule files of a rules directory, by id */

/* Reads every file; STATUS_CONFIG with file and line before anything runs. */
Indicators *indicators_load(const char *rules_dir, GError **error);
void indicators_free(Indicators *indicators);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indicators, indicators_free)
guint indicators_count(const Indicators *indicators);
const Indicator *indicators_at(const Indicators *indicators, guint index);
const Indicator *indicators_find(const Indicators *indicators, const char *id);

/* What a rule is called and what its SELECT said, as a reader of the language has it; English where
 * the header has no French. The explanation: g_free. */
const char *indicator_title(const Indicator *rule, Lang lang);
char *indicator_explanation(const Indicator *rule, const char *explanation, Lang lang);

/* Prepares every rule against the store's views, before anything runs: SQL that is wrong or not
 * allowed, a parameter that nobody gives, columns other than subject, record, bits, explanation
 * are STATUS_CONFIG with file and line. */
gboolean indicators_prepare(const Indicators *indicators, Store *store, GError **error);
/* indicators_prepare, and for `rules check` the examples and the revisions too. */
gboolean indicators_check(const Indicators *indicators, Store *store, GError **error);

/* What one rule cost; "views" stands for copying the views that all rules share, "changes" for
 * bringing copies of an earlier run up to date. */
typedef struct {
    const char *rule; /* id; the rule's own */
    guint64 rows, steps;
    double milliseconds; /* of work, waiting left out */
    gboolean off;
} IndicatorCost;

/* What rules read, whether they are valid today or not. */
typedef struct IndicatorReads IndicatorReads;
/* Columns of the views ("view.column"): no more need be copied; NULL: all, since a rule can not be
 * asked, which is told of when it is its turn. */
GHashTable *indicator_reads_columns(const IndicatorReads *reads);
IndicatorReads *indicators_reads(const Indicators *indicators, Store *store);
void indicator_reads_free(IndicatorReads *reads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IndicatorReads, indicator_reads_free)

typedef struct {
    const char *as_of; /* ISO date or time */
    guint64 steps;     /* budget of a rule in steps of SQLite's machine; 0: INDICATOR_STEPS */
    const char *since; /* as_of of the run before, when there is a scope (views_set_scope): rules
                          are asked of what their kind makes of it, and only their rows of that are
                          written anew; NULL: all rules are asked of everything, of none are rows */
    GArray *costs;     /* out: of IndicatorCost, in the order of the run; may be NULL */
    Views *views; /* of the store, with the scope; what they are left with is the caller's; NULL:
                     own ones, for a run over everything */
    const IndicatorReads *reads; /* NULL: they are found out */
    gboolean one_thread;         /* the rows are the same with two */
    guint whole;                 /* kinds of scope (bits) that reached everything; the run's own */
    char *off; /* out: one line for each rule over its budget, off in this run, or NULL; g_free */
} IndicatorRun;

/* Runs every rule that is valid on as_of over copies of the views and writes its rows (sorted,
 * largest bits per subject capped at the header's). A row without subject, bits or explanation, or
 * whose record is none of the store's, is STATUS_CONFIG with the rule's file: the caller rolls
 * back. */
gboolean indicators_run(const Indicators *indicators, Store *store, IndicatorRun *run,
                        GError **error);

/* The same in two steps. The first may already ask rules, on a thread of its own, and does not
 * touch the store any more when it returns: what else is made of the store, but not what the copied
 * views show, may be made until the second. What run points to must live as long. */
typedef struct IndicatorTask IndicatorTask;
IndicatorTask *indicators_begin(const Indicators *indicators, Store *store, const IndicatorRun *run,
                                GError **error);
/* off: as in IndicatorRun. */
gboolean indicators_end(IndicatorTask *task, char **off, GError **error);
/* Ends it where it is; NULL is none. */
void indicator_task_free(IndicatorTask *task);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IndicatorTask, indicator_task_free)

/* SHA-256 over the names and contents of everything under a rules directory; g_free. */
char *rules_hash(const char *rules_dir, GError **error);

#endif
