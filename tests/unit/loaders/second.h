/* A second CSV parser, over a text in memory, for tests that hold the reader against it. */
#ifndef CROSSTRACE_TESTS_LOADERS_SECOND_H
#define CROSSTRACE_TESTS_LOADERS_SECOND_H

#include <glib.h>

typedef struct {
    const char *at, *end;
    char delimiter;
    guint lines; /* line ends passed */
} Scan;

/* The next record, its cells (of char *); NULL when it is none. A line with nothing on it has no
 * cells; line ends within quotes come out as LF. */
GPtrArray *scan_record(Scan *scan);
/* Passes one line end, if there is one. */
gboolean scan_line_end(Scan *scan);

#endif
