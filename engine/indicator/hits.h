/*
 * Private to engine/indicator: the rows that one rule says, asked of a connection and, whenever the
 * caller likes, written to the store. Asking writes nothing, so that rules may be asked on several
 * threads, each on a connection of its own.
 */
#ifndef CROSSTRACE_INDICATOR_HITS_H
#define CROSSTRACE_INDICATOR_HITS_H

#include "engine/indicator/former.h"
#include "engine/indicator/rulefile.h"
#include "engine/judgement/judgement.h"

typedef struct {
    Store *store;            /* asked of what its views show */
    const Views *views;      /* what they show rests on */
    SqlKnowledge *knowledge; /* of this connection alone */
    const Suppressions *silenced;
    const char *as_of;
    guint64 steps; /* budget */
    gboolean anew; /* nothing was said before: each row's record is looked for while it is asked */
} HitsAsk;

typedef struct Hits Hits;

/* The rule's rows, sorted. NULL with an error: STATUS_TRY_AGAIN over budget, STATUS_CONFIG (with
 * the rule's file and line) for a row of another shape. */
Hits *hits_ask(const Indicator *rule, const HitsAsk *ask, IndicatorCost *cost, GError **error);
void hits_free(Hits *hits);

/* Capped by subject, each record of a subject once; not what stands there already, or is not asked
 * about (former: NULL in a run over everything). STATUS_CONFIG when a record is none of the
 * store's. */
gboolean hits_write(const Hits *hits, Store *store, Former *former, GError **error);

/* Milliseconds that the thread has worked, waiting left out. */
double thread_milliseconds(void);

#endif
