/*
 * `chain REF`: what happened to a firearm in time order - dealer, purchaser, possessor, traveller,
 * consignee, border, recovery - and to those that its records are tied to; `chain A B`: the surest
 * way from one record to another. Records of a confidential source are hidden on the connection.
 */
#ifndef CROSSTRACE_QUERY_CHAIN_H
#define CROSSTRACE_QUERY_CHAIN_H

#include "engine/base/rows.h"
#include "engine/base/text.h"
#include "engine/store/store.h"

typedef struct {
    const char *refs[2]; /* the second one NULL: the chain of the first */
    guint depth;         /* of a chain: how many ties away other firearms are followed */
    Lang lang;           /* of the steps */
} ChainAsk;

/* level,step,date,what,record,weight,handling in the order of a tree (level 0 is its root; the last
 * row names the weakest link). Weights are probabilities. STATUS_NO_INPUT, STATUS_FORBIDDEN as
 * show_rows. */
gboolean chain_rows(Store *store, const ChainAsk *ask, RowSink *sink, GError **error);

/* The same columns, one row a step. STATUS_NO_INPUT, too, when no way leads from one to the other.
 */
gboolean path_rows(Store *store, const ChainAsk *ask, RowSink *sink, GError **error);

#endif
