/*
 * What a judgement was taken on: items, one a line, sorted. Of a pair: each side's values that
 * the matchers compare, by name and a short hash (no value of a person is written down twice). Of
 * a lead: its records, what indicators and markers say of them, links between them. New evidence
 * is an item that was not seen; that something is gone is none.
 */
#ifndef CROSSTRACE_JUDGEMENT_SEEN_H
#define CROSSTRACE_JUDGEMENT_SEEN_H

#include "engine/judgement/judgement.h"

/* Of two observations or two mentions as they are now (order does not matter); NULL without error
 * when a record or mention is not there; g_free. */
char *seen_of_pair(Store *store, JudgementType type, const char *left, const char *right,
                   GError **error);

/* Of a lead as the last run left it; "" when there is no such lead; g_free. */
char *seen_of_lead(Store *store, const char *lead_id, GError **error);

/* What items of a lead are. */
#define SEEN_RECORD    "record"
#define SEEN_INDICATOR "indicator"
#define SEEN_MARKER    "marker"
#define SEEN_LINK      "link"

/* One item of a lead as seen_of_lead has it: what it is and of what; second NULL: of one thing
 * alone; g_free. */
char *seen_item(const char *what, const char *first, const char *second);

/* Items of now that are not in seen, for people: "left serial_pattern; record atf-trace:T2"; ""
 * when there are none; g_free. */
char *seen_news(const char *now, const char *seen);

/* Do both mentions still name who was seen? One of name and birth date must be as it was. */
gboolean seen_same_people(const char *now, const char *seen);

#endif
