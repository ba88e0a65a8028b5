/*
 * Physical lines of a source, numbered from 1, in UTF-8, without their line end (LF, CRLF or a
 * lone CR). A line that is no text of its encoding or too long is handed out all the same, marked.
 */
#ifndef CROSSTRACE_LOADERS_LINES_H
#define CROSSTRACE_LOADERS_LINES_H

#include "loaders/source.h"

#define LINE_MAX_BYTES (4u << 20)

typedef struct {
    const char *text; /* not zero-terminated; valid until the next lines_next */
    gsize length;
    const char *end;  /* "\n", "\r\n", "\r" or "" at the end of the file; static */
    const char *flaw; /* NULL, "encoding" (text has U+FFFD), "field-size" (text is cut); static */
} Line;

typedef enum { LINES_FAILED = -1, LINES_END = 0, LINES_LINE = 1 } LinesResult;

typedef struct Lines Lines;

/* Rewinds the source, which must outlive the lines. */
Lines *lines_new(Source *source, GError **error);
void lines_free(Lines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lines, lines_free)

LinesResult lines_next(Lines *lines, Line *line, GError **error);

#endif
