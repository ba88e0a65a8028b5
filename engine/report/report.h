/*
 * engine/report: LeadViews -> bytes, one file a format (csv.c, text.c ...), and rows -> bytes for
 * every command that prints rows (rows.c). A format sees LeadViews only. To add a lead format:
 * NAME.c with a ReportFormat and one line in formats.c; a test renders the same lead in each.
 * All bytes are appended to a GString that output.c writes out: safely to a file (temporary
 * file, fsync, rename, fsync of the folder; never over a file without force), or to a stream.
 */
#ifndef CROSSTRACE_REPORT_REPORT_H
#define CROSSTRACE_REPORT_REPORT_H

#include "engine/base/rows.h"
#include "engine/release/release.h"

typedef struct {
    Lang lang;
    gboolean raw; /* no formula guard: for machines */
} ReportOptions;

typedef struct {
    const char *name; /* "csv" */
    const char *help; /* one line */
    void (*begin)(GString *out, const ReportOptions *options);
    void (*lead)(GString *out, const ReportOptions *options, const LeadView *view);
    void (*end)(GString *out, const ReportOptions *options);
} ReportFormat;

/* The table of lead formats, ends with name NULL. */
const ReportFormat *report_formats(void);
const ReportFormat *report_format(const char *name); /* NULL when unknown */

/* `leads show`: one lead as text with waterfall, records (source file and line), next step. */
void report_lead_text(GString *out, const LeadView *view, Lang lang);

/* Rows as table, csv, json or ndjson. */
typedef enum { ROWS_TABLE, ROWS_CSV, ROWS_JSON, ROWS_NDJSON } RowsFormat;
gboolean rows_format_parse(const char *word, RowsFormat *format);

typedef struct Output Output; /* where bytes go */
/* path NULL: standard output. STATUS_NO_CREATE when it exists (without force) or cannot be made. */
Output *output_open(const char *path, gboolean force, GError **error);
/* Writes and empties the buffer; STATUS_IO when it cannot. A closed pipe ends quietly. */
gboolean output_write(Output *output, GString *bytes, GError **error);
/* Flushes, makes durable and gives the file its final name; STATUS_IO when it cannot. */
gboolean output_close(Output *output, GError **error);
void output_free(Output *output); /* without close: the temporary file goes, the old one stays */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)

/* A sink that renders rows into an output; *count counts them. Free with row_sink_free. */
RowSink *row_sink_new(RowsFormat format, Output *output, const ReportOptions *options,
                      guint64 *count);
void row_sink_free(RowSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowSink, row_sink_free)

#endif
