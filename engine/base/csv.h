/*
 * CSV, as RFC 4180 has it, both ways. The only file that knows libcsv. Reading is strict and
 * one physical line at a time (the caller counts lines and decides where to restart after a bad
 * record); writing goes into a buffer, so that a full disk is the caller's one check.
 */
#ifndef CROSSTRACE_BASE_CSV_H
#define CROSSTRACE_BASE_CSV_H

#include <glib.h>

typedef struct CsvParser CsvParser;

typedef enum {
    CSV_MORE, /* the record goes on in the next physical line (inside quotes) */
    CSV_DONE, /* a record is complete: csv_cells() */
    CSV_BAD,  /* not CSV: csv_reason(); the parser is ready for a new record */
} CsvState;

#define CSV_FIELD_MAX   (1u << 20) /* bytes in one field */
#define CSV_RECORD_MAX  (4u << 20) /* bytes in one record */
#define CSV_COLUMNS_MAX 512

CsvParser *csv_parser_new(char delimiter);
void csv_parser_free(CsvParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvParser, csv_parser_free)

/* Feeds one physical line without its line end. A line with nothing on it outside quotes is a
 * record of zero cells. NUL bytes are CSV_BAD. */
CsvState csv_feed(CsvParser *parser, const char *line, gsize length);

/* End of input inside quotes: always CSV_BAD, the parser is ready for a new file. */
CsvState csv_end(CsvParser *parser);

/* Cells of the record just completed, each a zero-terminated string, one behind the other in
 * memory, valid until the next feed. */
char **csv_cells(CsvParser *parser, guint *n);

/* Stable reason code of the last CSV_BAD: "quote", "unclosed", "nul", "field-size", "columns". */
const char *csv_reason(const CsvParser *parser);

/* A whole small, trusted table (rules, tests): rows of cells (GPtrArray of GStrv), header first;
 * NULL with STATUS_CONFIG naming file and line when it is not clean. */
GPtrArray *csv_read_all(const char *path, GError **error);
GPtrArray *csv_read_text(const char *text, gsize length, const char *name, GError **error);

/* Appends one cell, quoted when it must be (also for ; TAB and outer blanks). guard: a text that
 * a spreadsheet would run as a formula (= + - @ TAB CR LF, full-width forms) gets a leading '. */
void csv_append_cell(GString *out, const char *text, gboolean guard);

/* "libcsv 3.0.3"; g_free. */
char *csv_library(void);

#endif
