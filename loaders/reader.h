/*
 * Rows of a source: RFC 4180, strict, nothing lost. Each physical line ends up in exactly one
 * place: in a row, in a reject (one line each), or among the blanks; a damaged record costs its
 * first physical line and reading goes on at the next.
 */
#ifndef CROSSTRACE_LOADERS_READER_H
#define CROSSTRACE_LOADERS_READER_H

#include "loaders/source.h"

typedef enum { READ_FAILED = -1, READ_END = 0, READ_ROW, READ_REJECT } ReadResult;

/* What reader_next found; everything in it is valid until the next call. */
typedef struct {
    char **cells; /* of a row: as many as the header has */
    guint n;
    guint64 line;       /* first physical line, from 1 */
    guint lines;        /* physical lines that the row takes */
    const char *raw;    /* UTF-8, zero-terminated, without its last line end; NUL shown as U+2400 */
    const char *reason; /* of a reject: stable code; static */
    gboolean has_padding; /* empty extra cells were dropped */
    gboolean may_be_cut;  /* the file ends in its last value, which nothing closes */
} Row;

typedef struct Reader Reader;

/* Starts behind `skip` physical lines (what stands before the data) and wants `width` cells. The
 * source must outlive the reader. */
Reader *reader_new(Source *source, char delimiter, guint64 skip, guint width, GError **error);
void reader_free(Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

ReadResult reader_next(Reader *reader, Row *row, GError **error);

guint64 reader_lines(const Reader *reader);  /* physical lines read, the skipped ones included */
guint64 reader_blanks(const Reader *reader); /* of them blank, or cells without anything in them */

#endif
