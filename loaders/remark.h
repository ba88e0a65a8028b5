/*
 * Rejects and warnings of a load on their way to the store and to whoever listens; how many
 * rejects there may be.
 */
#ifndef CROSSTRACE_LOADERS_REMARK_H
#define CROSSTRACE_LOADERS_REMARK_H

#include "loaders/batch.h"

typedef struct {
    Store *store;
    gint64 file_id;
    const char *file;
    LoadRemark listener; /* or NULL */
    gpointer data;
} RemarkSink;

/* The row is kept out, for this flaw. */
gboolean remark_reject(const RemarkSink *sink, const BatchRow *one, GError **error);
/* The row was kept; ref NULL for a warning about the file. */
gboolean remark_warning(const RemarkSink *sink, const Row *row, const char *ref, const Flaw *flaw,
                        GError **error);
/* One line for people about a reason code; static. */
const char *reason_text(const char *code);
/* Does a sound file give rise to it as well, so that nobody needs to look? It is told all the same.
 */
gboolean reason_is_aside(const char *code);

typedef struct {
    guint64 most;   /* rejects, G_MAXUINT64: no such limit */
    double percent; /* of the rows, 100: no such limit */
    guint64 few;    /* up to so many rejects the percentage does not count */
} RejectLimit;

/* "N", "P%", or NULL for the usual limits; else STATUS_USAGE. */
gboolean reject_limit_parse(const char *text, RejectLimit *limit, GError **error);
/* Has a whole file more rejects than it may have? */
gboolean reject_limit_passed(const RejectLimit *limit, guint64 rejects, guint64 rows);

#endif
