/*
 * engine/marker answers: what do the texts and fields of a record say about ghost guns,
 * conversion devices, removed serials, narcotics - and which words say it? Lexicons are files
 * (rules/markers/NAME.ini); a broken one is STATUS_CONFIG before anything runs.
 * Pure memory. To add a category: add it to category_name() and write a lexicon.
 */
#ifndef CROSSTRACE_MARKER_MARKER_H
#define CROSSTRACE_MARKER_MARKER_H

#include "engine/base/evidence.h"

typedef enum {
    MARK_PMF,
    MARK_PMF_KIT,
    MARK_PRINTED,
    MARK_CONVERSION,
    MARK_NO_SERIAL,
    MARK_OBLITERATED,
    MARK_SUPPRESSOR,
    MARK_NARCOTICS,
    MARK_CONVERTED_REPLICA,
    MARK_CATEGORIES
} MarkCategory;

/* Codes of rules/tables/markers.csv; FALSE: none of this name. */
const char *category_name(MarkCategory category);
gboolean category_parse(const char *name, MarkCategory *category);

/* A text field of a record, by the name that a lexicon's fields= uses: make, model, narrative,
 * remarks, co_seized, additional_markings, serial_number, firearm_type, commodity ... */
typedef struct {
    const char *field;
    const char *text; /* valid UTF-8 */
} MarkText;

/* Structured facts that count by themselves; NULL or FALSE when not known. */
typedef struct {
    const char *serial_kind; /* FULL ... NONE, OBLITERATED, as serial_kind_name() */
    const char *make;        /* canonical */
    const char *model;
    const char *type;        /* canonical firearm type */
    const char *disposition; /* PMF, SNO ... */
    const char
        *licence_type;    /* two digits: of the licensee whose key an RDDSSSSS-unique serial has */
    gboolean narcotics;   /* the trace's own flag */
    gboolean obliterated; /* the record's own flag or condition, even where a part was read */
} MarkFacts;

typedef struct {
    MarkCategory category;
    double bits;
    double probability;
    char *rules;   /* "pmf-kit@1/polymer80-frame; ..." or "field:make" */
    char *excerpt; /* the words that say it, with some around */
} Marker;

typedef struct MarkerRules MarkerRules;

MarkerRules *marker_rules_load(const char *rules_dir, GError **error);
void marker_rules_free(MarkerRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkerRules, marker_rules_free)

/* A marker of this probability and more is one; weaker ones are kept nowhere. */
#define MARKER_HOLDS 0.5

/* Markers of one record with probability >= MARKER_HOLDS, by category; array of Marker,
 * g_array_unref (elements are cleared with it). One thing said twice is one evidence; PMF_KIT or
 * PRINTED make PMF at least as probable. */
GArray *marker_scan(const MarkerRules *rules, const MarkText *texts, guint n,
                    const MarkFacts *facts);

/* The same for one record after the other, by one thread: what short texts say is remembered. The
 * rules are borrowed. */
typedef struct MarkerMemo MarkerMemo;
MarkerMemo *marker_memo_new(const MarkerRules *rules);
void marker_memo_free(MarkerMemo *memo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkerMemo, marker_memo_free)
GArray *marker_scan_next(MarkerMemo *memo, const MarkText *texts, guint n, const MarkFacts *facts);

/* Names of patterns that were switched off because matching failed, one a line; NULL if none;
 * owned by the rules. The run names them and ends with STATUS_LOOK. */
const char *marker_failures(const MarkerRules *rules);

/* Runs every pattern's hit= and miss= examples: calls report(lexicon, pattern, example, ok). */
gboolean marker_rules_test(const MarkerRules *rules,
                           void (*report)(const char *lexicon, const char *pattern,
                                          const char *example, gboolean ok, gpointer data),
                           gpointer data);

/* Calls visit(id, rev, category, file) for each lexicon, for `rules list`. */
void marker_rules_visit(const MarkerRules *rules,
                        void (*visit)(const char *id, int rev, const char *category,
                                      const char *file, gpointer data),
                        gpointer data);

#endif
