/*
 * A sandboxed query in a process of its own: whatever it does to processor and memory, the program
 * that asked goes on and says what happened.
 */
#ifndef CROSSTRACE_SQL_APART_H
#define CROSSTRACE_SQL_APART_H

#include "engine/sql/sql.h"

typedef struct {
    guint seconds;      /* of processor time */
    guint64 heap_bytes; /* SQLite's memory */
} ApartLimits;

/* As sql_query, over the store at a path that this process has not open: records of a confidential
 * source are not there, and every row ends with the column `handling`: the marking of the records
 * that it names in a column record, left, right, mention or firearm, else all markings of the
 * store. STATUS_TRY_AGAIN when over its time, STATUS_MEMORY when over its memory. */
gboolean sql_query_apart(const char *path, const char *sql, const SqlOptions *options,
                         const ApartLimits *limits, RowSink *sink, GError **error);

#endif
