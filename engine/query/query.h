/*
 * engine/query: questions to the store, answered as rows; engine/render renders them. Here live
 * the exports (columns: crosstrace-csv(5)). Rows stream in a total order.
 * To add an export: one entry in the table of export.c.
 */
#ifndef CROSSTRACE_QUERY_QUERY_H
#define CROSSTRACE_QUERY_QUERY_H

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

/* What people decided on pairs, in force: verdict,left,right,time,actor,reason,new_since. */
gboolean query_decisions(Store *store, JudgementType type, const char *as_of, RowSink *sink,
                         GError **error);

/* rule,value,owner,reason,since,expires,state ("in force", "over"). */
gboolean query_suppressions(Store *store, const char *as_of, RowSink *sink, GError **error);
/* Of what a rule said in the last run, is any silenced now? */
gboolean query_silenced(Store *store, const char *rule, const char *as_of, gboolean *any,
                        GError **error);

#endif
