/*
 * What a person should look at next: links and persons of which the run is not sure, leads that
 * nobody has looked at. Ordered by worth: how open the question is (4 p (1-p); 1 for a lead) times
 * what hangs on it (the score of the best lead that holds one of its records; 0.1 without one).
 */
#ifndef CROSSTRACE_QUERY_REVIEW_H
#define CROSSTRACE_QUERY_REVIEW_H

#include "engine/base/rows.h"
#include "engine/judgement/judgement.h"

typedef struct {
    JudgementType type;
    char *left, *right; /* right NULL for a lead */
    char *tier;         /* of a link; kinds of a lead; else "" */
    double probability; /* of a lead its score */
    double worth;       /* 0 to 1 */
    gint64 evidence_id;
    char *was, *news; /* what was decided before and what is new since; NULL: nothing */
} ReviewItem;

typedef struct {
    gboolean links, persons, leads; /* none of them: all */
    double from, to;                /* probabilities of the pairs that are looked at */
    guint limit;                    /* 0: all */
    gboolean again;                 /* what was decided too */
    const char *as_of;
} ReviewRequest;

/* Most worth first, ties by type and references: array of ReviewItem. */
GPtrArray *review_items(Store *store, const ReviewRequest *request, GError **error);

/* type,left,right,tier,probability,worth,was,new_since,evidence */
gboolean review_rows(Store *store, const GPtrArray *items, RowSink *sink, GError **error);

/* One decision of another front end, a JSON object: type, left, right, decision (confirm, dismiss,
 * unsure, withdraw, skip), reason. STATUS_USAGE when it is none. Members are owned. */
typedef struct {
    JudgementType type;
    char *left, *right, *decision, *reason;
} ReviewDecision;

gboolean review_decision_read(Store *store, const char *line, ReviewDecision *decision,
                              GError **error);
void review_decision_clear(ReviewDecision *decision);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReviewDecision, review_decision_clear)

/* Keeps it, in a transaction of its own; store must be open to write. STATUS_USAGE on an unknown
 * word or a contradiction, STATUS_NO_INPUT when it is about nothing that is there. */
gboolean review_decide(Store *store, const ReviewDecision *decision, const char *as_of,
                       GError **error);

#endif
