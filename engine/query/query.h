/*
 * engine/query: questions to the store, answered as rows; engine/report renders them. Here live
 * the exports (columns: crosstrace-csv(5)) and the counts of `stats`. Rows stream in a total order.
 * To add an export: one entry in the table of export.c.
 */
#ifndef CROSSTRACE_QUERY_QUERY_H
#define CROSSTRACE_QUERY_QUERY_H

#include "engine/base/code.h"
#include "engine/base/rows.h"
#include "engine/judgement/judgement.h"

typedef struct {
    const char *name; /* links, persons, markers, indicators, rejects, warnings */
    const char *help;
    gboolean (*run)(Store *store, RowSink *sink, GError **error);
} ExportRow;

const ExportRow *query_exports(void); /* ends with name NULL */

/* `export rejects --as-input FILE`: original header and rows of one file's rejects with
 * crosstrace_code and crosstrace_message added, in the file's own delimiter, UTF-8. name: the
 * file's name or SHA-256; STATUS_NO_INPUT when no such file was loaded. */
gboolean query_rejects_as_input(Store *store, const char *name, GString *out, GError **error);

/* Counts: name,value. */
gboolean query_stats(Store *store, RowSink *sink, GError **error);

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
gboolean query_statistic(Store *store, const char *name, StatisticLimits *limits, RowSink *sink,
                         GError **error);
/* Weights of persons in the last run's parameter set: field,level,same,different,bits (the shares
 * of pairs of one person and of two people at that level, log2 of their ratio); the prior last.
 * STATUS_NO_INPUT before the first run. */
gboolean query_weights(Store *store, RowSink *sink, GError **error);
/* What no code table knows, by count falling: field,value,count; the value as received. */
gboolean query_unknown(Store *store, const CodeTables *codes, RowSink *sink, GError **error);

/* What people decided on pairs, in force: verdict,left,right,time,actor,reason,new_since. */
gboolean query_decisions(Store *store, JudgementType type, const char *as_of, RowSink *sink,
                         GError **error);

/* rule,value,owner,reason,since,expires,state ("in force", "over"). */
gboolean query_suppressions(Store *store, const char *as_of, RowSink *sink, GError **error);

/* `stats --rules`: kind (indicator, marker, tier, link, person),name,cases,confirmed,dismissed,
 * precision,low,high: the 95 % interval. */
gboolean query_precision(Store *store, const char *as_of, RowSink *sink, GError **error);

#endif
