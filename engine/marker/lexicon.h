/*
 * Private to engine/marker: what a rules directory holds once it has been read - lexicons with
 * their patterns, contexts that lower a hit, facts and priors - and the steps of a scan.
 * MarkerRules owns everything here; after loading only `health` changes.
 */
#ifndef CROSSTRACE_MARKER_LEXICON_H
#define CROSSTRACE_MARKER_LEXICON_H

#include "engine/base/ini.h"
#include "engine/base/regex.h"
#include "engine/marker/fold.h"
#include "engine/marker/marker.h"
#include "engine/marker/prefilter.h"

/* Two ways of saying one thing are one evidence: a group is a category and a name. */
typedef struct {
    MarkCategory category;
    char *name;
} Group;

typedef struct {
    char *id;
    int rev;
    MarkCategory category;
    char *file;
} Lexicon;

typedef struct {
    char *rule; /* "pmf-kit@1/polymer80-frame" */
    char *name; /* "polymer80-frame" */
    guint lexicon;
    guint group;
    MarkCategory category;
    guint64 fields; /* bits of field_bit(); all bits: any field */
    char *source;   /* match=, folded */
    Regex *match;
    Regex *unless;
    guint window; /* characters each side in which unless counts */
    double bits;
    char **hits;
    char **misses;
    int off; /* atomic: switched off because matching failed */
} Pattern;

/* Words around a hit that take from it: negation, quotation of law or training. */
typedef struct {
    char *name;
    guint categories; /* bit set */
    Regex *before;    /* on the text that ends where the hit starts */
    Regex *after;     /* on the text that starts where the hit ends */
    char *source[2];  /* of before and after, folded */
    guint window;
    double bits; /* negative */
    int off;
} Context;

#define FACT_FIELDS 8

/* A structured field that counts by itself: every condition that is set must hold. */
typedef struct {
    char *name;
    guint group;
    double bits;
    char **values[FACT_FIELDS];
    char **except[FACT_FIELDS];
} Fact;

/* What scanning changes of rules that are otherwise only read. */
typedef struct {
    GMutex lock;
    GString *failures;
    Prefilter *prefilter; /* rules_prefilter() */
} Health;

struct MarkerRules {
    GArray *lexicons; /* Lexicon */
    GArray *patterns; /* Pattern */
    GArray *contexts; /* Context */
    GArray *facts;    /* Fact */
    GArray *groups;   /* Group */
    double prior[MARK_CATEGORIES];
    FoldTable *fold;
    Health *health;
};

/* The best hit of a pattern in one text. */
typedef struct {
    guint pattern;
    guint text;       /* index into the texts of the record */
    gsize start, end; /* bytes of the original text */
    double bits;
} Hit;

guint64 field_bit(const char *field); /* 0: a field that no lexicon names */
const char *const *fact_field_names(void);
guint group_intern(MarkerRules *rules, MarkCategory category, const char *name, gssize length);

/* Which patterns can match: made when a text is first scanned, since most commands read the rules
 * and scan none. Any thread may ask. */
const Prefilter *rules_prefilter(const MarkerRules *rules);

gboolean lexicon_read(MarkerRules *rules, const Ini *ini, const char *file, GError **error);
gboolean settings_read(MarkerRules *rules, const Ini *ini, GError **error);
void pattern_clear(gpointer pattern);
void context_clear(gpointer context);
void fact_clear(gpointer fact);

/* Appends to hits what the text says; flags is scratch of scan_flags() bytes. */
gsize scan_flags(const MarkerRules *rules);
void scan_text(const MarkerRules *rules, const MarkText *text, guint index, guint8 *flags,
               GArray *hits);
/* Does this one pattern hold in the text, contexts considered? The bits it is worth, or 0. */
double scan_pattern(const MarkerRules *rules, guint pattern, const char *text);

/* Adds hits and facts up to markers, sorted by category. */
GArray *weigh_evidence(const MarkerRules *rules, const MarkText *texts, const GArray *hits,
                       const MarkFacts *facts);

#endif
