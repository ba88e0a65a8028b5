/*
 * Evidence of one group for tests, made in memory: a ring of purchases in Ohio, one of them seized
 * in Ontario. Synthetic.
 */
#ifndef CROSSTRACE_TESTS_EVIDENCE_H
#define CROSSTRACE_TESTS_EVIDENCE_H

#include "engine/lead/lead.h"
#include "tests/unit/graph/world.h"

G_GNUC_UNUSED static void add_indicator(LeadEvidence *evidence, const char *id, const char *subject,
                                        const char *record, double bits)
{
    LeadIndicator *row = g_new0(LeadIndicator, 1);
    row->indicator = g_strdup(id);
    row->title = g_strdup_printf("Title of %s", id);
    row->severity = g_strdup("medium");
    row->subject = g_strdup(subject);
    row->record = g_strdup(record);
    row->explanation = g_strdup_printf("%s says so", id);
    row->rev = 1;
    row->bits = bits;
    g_ptr_array_add(evidence->indicators, row);
}

G_GNUC_UNUSED static void add_person(LeadEvidence *evidence, const char *mention,
                                     const char *entity, const char *role, const char *last)
{
    LeadPerson *person = g_new0(LeadPerson, 1);
    person->mention = g_strdup(mention);
    person->entity = g_strdup(entity);
    person->role = g_strdup(role);
    person->last = g_strdup(last);
    person->first = g_strdup("JANE");
    person->probability = 0.97;
    g_ptr_array_add(evidence->people, person);
}

G_GNUC_UNUSED static void add_edge(LeadEvidence *evidence, const char *left, const char *right,
                                   const char *kind, double weight)
{
    LeadEdge *edge = g_new0(LeadEdge, 1);
    edge->left = g_strdup(left);
    edge->right = g_strdup(right);
    edge->kind = g_strdup(kind);
    edge->weight = weight;
    g_ptr_array_add(evidence->edges, edge);
}

G_GNUC_UNUSED static void add_link(LeadEvidence *evidence, const char *left, const char *right,
                                   double probability)
{
    LeadLink *link = g_new0(LeadLink, 1);
    link->left = g_strdup(left);
    link->right = g_strdup(right);
    link->tier = g_strdup("S1");
    link->probability = probability;
    g_ptr_array_add(evidence->links, link);
    gboolean swap = strcmp(left, right) > 0;
    add_edge(evidence, swap ? right : left, swap ? left : right, "same-firearm", probability);
}

G_GNUC_UNUSED static void add_marker(LeadEvidence *evidence, const char *record,
                                     const char *category, double probability)
{
    LeadMarker *marker = g_new0(LeadMarker, 1);
    marker->record = g_strdup(record);
    marker->category = g_strdup(category);
    marker->excerpt = g_strdup("the words");
    marker->probability = probability;
    g_ptr_array_add(evidence->markers, marker);
}

G_GNUC_UNUSED static void add_record(LeadEvidence *evidence, const char *ref,
                                     const char *const *pairs)
{
    g_ptr_array_add(evidence->records, record_make(ref, pairs));
    g_ptr_array_add(evidence->sources, g_strdup("file.csv:2"));
}

#define RING_BUYER "atf-trace:T1:purchaser"

/* Two pistols of one buyer; the first was seized at the border, linked with this probability. */
G_GNUC_UNUSED static LeadEvidence *ring_new(double link)
{
    LeadEvidence *evidence = lead_evidence_new();
    add_record(evidence, "atf-trace:T1",
               PAIRS("make=GLOCK", "model=19", "serial_number=ABC123", "purchase_date=2021-02-03",
                     "event_date=2021-06-01", "event_country=USA", "rds_key=27112345",
                     "ffl_name=EXAMPLE GUNS", "ffl_city=DAYTON", "ffl_state=OH",
                     "purchaser.last=DOE", "handling=LES"));
    add_record(evidence, "atf-trace:T2",
               PAIRS("make=GLOCK", "model=19", "serial_number=ABC124", "purchase_date=2021-02-05",
                     "rds_key=27112345", "ffl_name=EXAMPLE GUNS", "ffl_state=OH",
                     "purchaser.last=DOE", "handling=LES"));
    add_record(evidence, "cbsa-seizure:A/1",
               PAIRS("seizure_no=4531-21-0001", "make=GLOCK", "model=19", "serial_number=ABC123",
                     "serial_kind=FULL", "event_date=2021-04-01", "office_name=EXAMPLE BRIDGE",
                     "commodity=FIREARM", "traveller.last=ROE", "handling=PROTECTED B"));
    add_person(evidence, RING_BUYER, RING_BUYER, "purchaser", "DOE");
    add_person(evidence, "atf-trace:T2:purchaser", RING_BUYER, "purchaser", "DOE");
    add_person(evidence, "cbsa-seizure:A/1:traveller", "cbsa-seizure:A/1:traveller", "traveller",
               "ROE");
    add_edge(evidence, "atf-trace:T1", "atf-trace:T2", "same-person", 1);
    add_link(evidence, "cbsa-seizure:A/1", "atf-trace:T1", link);
    return evidence;
}

#endif
