/*
 * Random evidence of a lead, a random audience, and what of the one may go to the other by the
 * definition, worked out by matrices. Synthetic. For property tests of the filter.
 */
#ifndef CROSSTRACE_TESTS_RELEASE_DRAWN_H
#define CROSSTRACE_TESTS_RELEASE_DRAWN_H

#include "engine/graph/graph.h"
#include "engine/release/parts.h"

#define RECORDS 7
#define PEOPLE  (2 * RECORDS)

/* Rules of which the findings are: one that is complete, one of related records alone, one of
 * neither. */
enum { RULE_COMPLETE, RULE_RELATED, RULE_OTHER, RULE_KINDS };

typedef struct {
    GRand *rand;
    const char *rules[RULE_KINDS];
    LeadEvidence *evidence;
    Audience audience;
    Filter filter;
    gboolean visible[RECORDS], same[PEOPLE][PEOPLE], joined[RECORDS][RECORDS];
    gboolean alike[PEOPLE][PEOPLE], elsewhere[PEOPLE]; /* held alike; with somebody elsewhere */
    gboolean lost;
} Drawn;

void draw(Drawn *drawn, const Indicators *rules, guint32 seed);
void drawn_clear(Drawn *drawn);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drawn, drawn_clear)

/* Where a record stands, by its reference; of which record a person is. */
guint place_of(const Drawn *drawn, const char *ref);
guint record_of(const Drawn *drawn, guint person);

/* Does an edge like this join two records? */
gboolean holds(const Drawn *drawn, const LeadEdge *edge, guint left, guint right);
/* Two edges of one value, an end of each (0 to 3), told: are these joined? */
gboolean meet(const Drawn *drawn, const LeadEdge *a, const LeadEdge *b, guint ends, guint *left,
              guint *right);
gboolean finding_goes(const Drawn *drawn, const LeadIndicator *row);

#endif
