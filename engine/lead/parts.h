/*
 * What the files of engine/lead share: the rules as read; the facts of a group stand in facts.h.
 * All of it is pure; only gather.c, reach.c and read.c see the store.
 */
#ifndef CROSSTRACE_LEAD_PARTS_H
#define CROSSTRACE_LEAD_PARTS_H

#include "engine/base/date.h"
#include "engine/lead/facts.h"
#include "engine/lead/lead.h"

typedef struct {
    char *name;
    char **members; /* indicator ids and marker categories */
    double cap;
} LeadFamily;

typedef struct {
    char *name;
    char **indicators;
} LeadKind;

typedef struct {
    char *category;
    double bits;
} LeadMarkerWeight;

struct LeadRules {
    double prior, repeat, other_cap;
    double common;       /* at this share of the firearms of the group a fact counts in full */
    double home;         /* share of what is said of a firearm that never came up in Canada */
    char **joins;        /* indicators whose records in Canada belong together */
    double join_bits;    /* ... where they count at least this */
    char **several;      /* indicators that need two records of the group */
    guint crossing_days; /* bought and in Canada within this time: it crossed */
    guint stolen_days;   /* listed as stolen longer before the find: the thief's crossing */
    guint event_days;    /* one person's finds within this time are one event */
    double crossing;     /* bits of one more that crossed */
    double made;         /* share of one that was made at home */
    double undated;      /* share of one that was stolen on a day nobody wrote down */
    double street;       /* share of one from another source than most */
    double join;         /* bits of all that rests on one join */
    guint max_records;
    GPtrArray *families; /* of LeadFamily */
    GPtrArray *kinds;    /* of LeadKind */
    GPtrArray *weights;  /* of LeadMarkerWeight */
    char **ghost, **severe;
    char *unmarked; /* handling of a record without one */
    guint own_firearms, own_days, recent_days, many_firearms;
    double points[4]; /* least points of priority 1, 2, 3, 4 */
};

/* Family of an indicator or marker category; NULL when none names it. */
const LeadFamily *lead_family(const LeadRules *rules, const char *member);
double lead_marker_bits(const LeadRules *rules, const char *category);
gboolean lead_kind_has(const LeadKind *kind, const char *indicator);
gboolean word_in(char *const *words, const char *word);

/* Id of the lead whose smallest member this is; g_free. */
char *lead_id_of(const char *smallest);

/* The waterfall: prior, indicators, markers, capped by family. *support: bits of all indicators,
 * those against included; what is not above 0 makes no lead. */
Evidence *lead_score(const LeadEvidence *evidence, const LeadFacts *facts, const LeadRules *rules,
                     double *support);

/* Is it the term of an indicator? Its left value is what that explains. */
gboolean lead_is_hit(const Term *term);

/* Title, summary, next step, caveat and counter-evidence in a language. */
void lead_write(Lead *lead, const LeadEvidence *evidence, const LeadFacts *facts,
                const CodeTables *codes, Lang lang);

/* Puts what is not of records in its order: links, indicators, markers, edges. */
void lead_evidence_sort(LeadEvidence *evidence);

/* Where evidence is read. */
typedef struct {
    Store *store;
    Store
        *reader; /* another connection, over which records are read at the same time; NULL: none */
    const Views *views;      /* with copies that tell of markers; NULL: the store does */
    const GraphEdges *edges; /* all that the store has; NULL: it tells of them */
    const Indicators *indicators;
    const LeadTelling *telling; /* how links are explained; NULL: they are not */
    gboolean weighed;           /* by lead_weigh alone: what is only told is left out */
} LeadSources;

/* Fills evidence; of_ref maps a record reference to the LeadEvidence that it belongs to. */
gboolean lead_evidence_fill(const LeadSources *from, GHashTable *of_ref, GError **error);

#endif
