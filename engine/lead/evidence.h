/*
 * What a lead is made of: all that the store knows of one group of records. Read from the store
 * here, filtered by engine/release where a reader may not have all of it, built into a Lead by
 * lead_build.
 */
#ifndef CROSSTRACE_LEAD_EVIDENCE_H
#define CROSSTRACE_LEAD_EVIDENCE_H

#include "engine/base/terms.h"
#include "engine/indicator/indicator.h"
#include "engine/store/result.h"

typedef struct {
    char *left, *right, *tier;
    double bits, probability, chance_matches;
    char *explanation; /* evidence_line */
    char *against;     /* the terms that clearly speak against it, or NULL */
} LeadLink;

typedef struct {
    char *entity;  /* smallest mention reference */
    char *mention; /* "atf-trace:T1:purchaser" */
    char *role;
    char *last, *first, *dob; /* last: an organisation's name when it is no person */
    double probability;
    gboolean organisation;
} LeadPerson;

typedef struct {
    char *indicator, *title, *severity, *subject, *record, *explanation;
    int rev;
    double bits;
} LeadIndicator;

typedef struct {
    char *record, *category, *excerpt;
    double probability;
} LeadMarker;

typedef struct {
    char *left, *right, *kind, *value;
    double weight;
} LeadEdge;

/* All that is known of one group of records. Owns everything; arrays are sorted by reference. */
typedef struct {
    char *lead_id;
    GPtrArray *records;    /* of Record (store) */
    GPtrArray *sources;    /* of char *: "traces.csv:12", one for each record, in their order */
    GPtrArray *links;      /* of LeadLink */
    GPtrArray *people;     /* of LeadPerson, one for each mention */
    GPtrArray *indicators; /* of LeadIndicator */
    GPtrArray *markers;    /* of LeadMarker */
    GPtrArray *edges;      /* of LeadEdge */
    GPtrArray *items; /* of char *: what decisions on leads know it by (seen_item()), where it is
                         what a filter left; else empty */
} LeadEvidence;

LeadEvidence *lead_evidence_new(void);
void lead_evidence_free(LeadEvidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeadEvidence, lead_evidence_free)

/* How evidence is told. */
typedef struct {
    const Indicators *indicators;
    const Terms *terms; /* words of links in a language other than English; NULL: codes */
    Lang lang;
    gboolean unexplained; /* links are not told at all: for lead_rank */
} LeadTelling;

/* Evidence of stored leads (of StoredLead, each once), for lead_build, in one pass: array of
 * LeadEvidence, one for each lead in their order. Indicators are told in English
 * (lead_evidence_translate). */
GPtrArray *lead_evidence_read_all(Store *store, const GPtrArray *leads, const LeadTelling *telling,
                                  GError **error);

/* Appends all of it but its items in as few bytes as is quick, for this process alone; and evidence
 * (own) made of such bytes, which are trusted. Any thread may. */
void lead_evidence_pack(GByteArray *out, const LeadEvidence *evidence);
LeadEvidence *lead_evidence_unpack(const guint8 *bytes);

/* Titles and explanations of indicators in a language; what was decided on them stays. */
void lead_evidence_translate(LeadEvidence *evidence, const Indicators *indicators, Lang lang);

#endif
