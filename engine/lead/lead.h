/*
 * engine/lead: evidence -> leads. gather.c reads edges and evidence from the store, group.c joins
 * records over edges into groups; build.c turns evidence and parameters into a Lead (pure: no
 * store, no clock but as_of); text.c words it in both languages; path.c tells the way of each
 * firearm; score.c adds bits, capped by family. Combination of evidence lives only here. Numbers:
 * rules/leads.ini.
 */
#ifndef CROSSTRACE_LEAD_LEAD_H
#define CROSSTRACE_LEAD_LEAD_H

#include "engine/base/code.h"
#include "engine/graph/graph.h"
#include "engine/lead/evidence.h"

typedef struct LeadRules LeadRules; /* prior, families and caps, severities, gathering */

/* Of rules/leads.ini; STATUS_CONFIG with file and line. */
LeadRules *lead_rules_load(const char *rules_dir, GError **error);
void lead_rules_free(LeadRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeadRules, lead_rules_free)

/* Where something happened: by name, and as a code of rules/tables (offices, cities or regions)
 * with its coordinates (WGS 84 degrees; a city's or region's are its middle). */
typedef struct {
    char *label, *code;
    char *spot; /* the town or region whose middle the coordinates are; NULL: the label's own */
    double lat, lon;
    gboolean located;
} LeadPlace;

/* The way of one firearm; NULL is what no record says. */
typedef struct {
    char *firearm;             /* smallest reference of its records */
    char *label;               /* "GLOCK 19, serial ABC123" */
    char *bought, *found;      /* ISO */
    char *stolen;              /* ISO; from the dealer, who never sold it */
    char *dealer, *dealer_key; /* key: RDS key, else the name */
    char *purchaser, *buyer;   /* name, entity */
    char *carrier, *bearer;    /* name, entity of who had it when it was found */
    char *role;                /* traveller or possessor */
    char *case_no;             /* seizure or trace number of the find */
    char *records;             /* "; " separated */
    LeadPlace source, place;   /* of the dealer, of the find */
    gboolean seized, canadian;
    gboolean theft; /* it left the dealer so; stolen may be NULL: not known when */
    int days;       /* from purchase or theft to find; -1: not known */
} LeadPath;

void lead_path_free(LeadPath *path);
/* The day on which the dealer sold it or missed it, ISO; NULL: not known. */
const char *lead_path_left(const LeadPath *path);

/* A lead as people read it; owns its strings. Lists are "; " separated where a string. */
typedef struct {
    char *lead_id, *status, *kinds, *title, *summary, *next_step, *caveat;
    char *counter; /* what speaks against it; "" when nothing does */
    double bits, score;
    int priority; /* 1 (first) to 5 */
    char *first_date, *last_date;
    guint firearms, seizures, traces, purchasers, dealers;
    char *ports, *markers, *records, *rules;
    int ttc_min_days;   /* from a retail purchase to a find; -1: not known, or thefts alone */
    Evidence *evidence; /* prior, families, caps: the waterfall */
    char *evidence_hash;
    char *handling;   /* most restrictive of its records, family by family: marking_join */
    GPtrArray *paths; /* of LeadPath, one a firearm: found in Canada first, then by day */
    char *supersedes; /* ids of leads that it has taken in; NULL; the store's to know, as status */
} Lead;

void lead_free(Lead *lead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lead, lead_free)

/* NULL when the evidence makes no lead: it needs Canadian evidence, a US acquisition or a ghost
 * gun, and at least one indicator that what speaks against does not outweigh. Pure and
 * deterministic. as_of: ISO date, for recency (priority) alone; NULL: no recency. The status is
 * "new": what people said of a lead is the store's to know. */
Lead *lead_build(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes,
                 const char *as_of, Lang lang);

/* The same without what follows from it and is not kept: id, status, kinds, bits, score, terms and
 * hash of the evidence. */
Lead *lead_weigh(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes);

/* The same and its priority (as_of: as for lead_build): where it stands among others. Links need
 * not be explained. */
Lead *lead_rank(const LeadEvidence *evidence, const LeadRules *rules, const CodeTables *codes,
                const char *as_of);

/* What leads are made with, besides the store. */
typedef struct {
    const LeadRules *rules;
    const CodeTables *codes;
    const Indicators *indicators;
    gboolean one_thread; /* the leads are the same with two */
    Store *reader; /* a connection of its own, over which records are read beside the rest, which
                      must be committed; NULL: there is none */
    const Views
        *views; /* with copies of what the store's views show now; NULL: the store is asked */
    const GraphEdges *edges; /* all that the store has now; NULL: it is asked */
} LeadInputs;

/* Gathers groups over the store's edges, builds every lead and writes it (ids, numbers, members,
 * waterfall); what people said of a lead is given by judgement_settle_leads() afterwards. *count:
 * leads written. */
gboolean lead_correlate(Store *store, const LeadInputs *inputs, guint *count, GError **error);

/* What became of records since the leads were made: sets of references (own). */
typedef struct {
    GHashTable *records;  /* others, joined otherwise, or indicators say something else of them */
    GHashTable *reworded; /* indicators say the same of them in other words */
    const GPtrArray *weighed; /* of char *, two by two: a link too weak to join them says something
                                 else; no more than a lead that has both is to know of it */
    GHashTable *subjects; /* "indicator\nsubject" of which a record may have gone: those that are
                             left hang together otherwise */
} LeadChange;

/* The same after some records changed: leads that hang together with none of them stay as they are.
 */
gboolean lead_update(Store *store, const LeadInputs *inputs, const LeadChange *change,
                     GError **error);

#endif
