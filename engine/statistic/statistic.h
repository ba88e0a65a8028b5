/*
 * engine/statistic: what can be counted in a store, as rows: totals, statistics of firearms whose
 * small counts are not told, what no code table knows, how often rules were right. To add a
 * statistic: an entry in the table of statistics.c.
 */
#ifndef CROSSTRACE_STATISTIC_STATISTIC_H
#define CROSSTRACE_STATISTIC_STATISTIC_H

#include "engine/base/code.h"
#include "engine/base/rows.h"
#include "engine/store/store.h"

/* Counts: name,value. */
gboolean statistic_totals(Store *store, RowSink *sink, GError **error);

typedef struct {
    guint least;             /* a count below this is not told */
    const char *as_of;       /* ISO date, for trends */
    const CodeTables *codes; /* names of offices; NULL: codes alone */
    Lang lang;
    const char *disclaimer; /* NULL: no such column, else its text in every row, last */
    guint suppressed;       /* out: counts that were not told */
} StatisticLimits;

/* RULES/statistics.ini; STATUS_CONFIG. */
gboolean statistic_limits_load(const char *rules_dir, StatisticLimits *limits, GError **error);
/* name: month, port, state, make, ttc (value,seized,recovered_in_canada,recovered_elsewhere),
 * corridors (level,source,dealer,destination,firearms,median_ttc_days,trend) or clearance
 * (population,step,firearms,of,whole,share); then disclaimer, if one is given. STATUS_USAGE for
 * another one. */
gboolean statistic_count(Store *store, const char *name, StatisticLimits *limits, RowSink *sink,
                         GError **error);
/* Weights of persons in the last run's parameter set: field,level,same,different,bits (the shares
 * of pairs of one person and of two people at that level, log2 of their ratio); the prior last.
 * STATUS_NO_INPUT before the first run. */
gboolean statistic_weights(Store *store, RowSink *sink, GError **error);
/* What no code table knows, by count falling: field,value,count; the value as received. */
gboolean statistic_unknown(Store *store, const CodeTables *codes, RowSink *sink, GError **error);

/* `stats --rules`: kind (indicator, marker, tier, link, person),name,cases,confirmed,dismissed,
 * precision,low,high: the 95 % interval. */
gboolean statistic_precision(Store *store, const char *as_of, RowSink *sink, GError **error);

#endif
