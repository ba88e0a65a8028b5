/*
 * `show REF`: one record, or one person, with all that the store knows of it. What rests on a
 * record of a confidential source is left out.
 */
#ifndef CROSSTRACE_QUERY_SHOW_H
#define CROSSTRACE_QUERY_SHOW_H

#include "engine/base/rows.h"
#include "engine/store/store.h"

/* part,name,value,received,probability,explanation,handling: the record with its source, fields
 * (received: as they came in), earlier revisions, people and who they are held to be, links, edges,
 * markers, indicators, leads, decisions. Of a mention ("<record>:<role>", which every entity is
 * named by) the person with all its mentions. STATUS_NO_INPUT when there is none,
 * STATUS_FORBIDDEN when it is of a confidential source. */
gboolean show_rows(Store *store, const char *ref, RowSink *sink, GError **error);

#endif
