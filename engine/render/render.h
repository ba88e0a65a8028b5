/*
 * engine/render: rows -> bytes, for every command that prints rows (rows.c, sheet.c, tree.c,
 * html_rows.c), where bytes go (Output), and what every kind of page is made of (html_frame.h,
 * markup.h, json.h). It knows nothing about leads: those are engine/report's. Bytes are appended to
 * a GString that output.c writes out: safely to a file (temporary file, fsync, rename, fsync of the
 * folder; never over a file without force), or to a stream.
 */
#ifndef CROSSTRACE_RENDER_RENDER_H
#define CROSSTRACE_RENDER_RENDER_H

#include "engine/base/rows.h"

/* Rows as table, csv, json or ndjson. */
typedef enum { ROWS_TABLE, ROWS_CSV, ROWS_JSON, ROWS_NDJSON } RowsFormat;
gboolean rows_format_parse(const char *word, RowsFormat *format);

typedef struct Output Output; /* where bytes go */
/* path NULL: standard output. STATUS_NO_CREATE when it exists (without force) or cannot be made. */
Output *output_open(const char *path, gboolean force, GError **error);
/* Writes and empties the buffer; STATUS_IO when it cannot. A closed pipe ends quietly. */
gboolean output_write(Output *output, GString *bytes, GError **error);
/* The same of what needs no escaping for a terminal: all of the data in it was, or is colour. */
gboolean output_write_safe(Output *output, GString *bytes, GError **error);
gboolean output_colour(const Output *output); /* may it be coloured? */
/* Flushes, makes durable and gives the file its final name; STATUS_IO when it cannot. */
gboolean output_close(Output *output, GError **error);
void output_free(Output *output); /* without close: the temporary file goes, the old one stays */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)

/* A sink that renders rows into an output; *count counts them; raw: without the guard against
 * spreadsheets, for machines. Free with row_sink_free. */
RowSink *row_sink_new(RowsFormat format, Output *output, gboolean raw, guint64 *count);
void row_sink_free(RowSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowSink, row_sink_free)

/* Rows for a person to read, one below the other: a heading wherever the first column changes;
 * name, value and, in brackets, the other columns. The last column shows where it changes. Free
 * with sheet_sink_free. */
typedef RowSink SheetSink;
SheetSink *sheet_sink_new(Output *output);
void sheet_sink_free(SheetSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SheetSink, sheet_sink_free)

/* Rows as a tree: the first column is the level, a whole number. boxes: with box characters, for
 * who can show them. Free with tree_sink_free. */
typedef RowSink TreeSink;
TreeSink *tree_sink_new(Output *output, gboolean boxes);
void tree_sink_free(TreeSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TreeSink, tree_sink_free)

/* "libsmartcols 2.38.1"; g_free. */
char *rows_library(void);

#endif
