/*
 * A stream of rows with named columns: how results travel from the room that finds them to the
 * room that prints them (engine/render renders; nothing below engine/cli prints by itself).
 */
#ifndef CROSSTRACE_BASE_ROWS_H
#define CROSSTRACE_BASE_ROWS_H

#include <glib.h>

typedef enum {
    COLUMN_DATA,   /* text that came from input: neutralised where a spreadsheet would run it */
    COLUMN_OWN,    /* text that we wrote: codes, references, explanations' frame */
    COLUMN_NUMBER, /* a number that we wrote, never quoted in JSON, right-aligned in tables */
} ColumnType;

typedef struct {
    const char *name;
    ColumnType type;
} Column;

/* Where rows go. begin is called once, row for every row (n cells, NULL is an empty cell), end
 * once when all rows came. Each returns FALSE with error set when it cannot go on. */
typedef struct RowSink RowSink;
struct RowSink {
    gboolean (*begin)(RowSink *sink, const Column *columns, guint n, GError **error);
    gboolean (*row)(RowSink *sink, const char *const *cells, GError **error);
    gboolean (*end)(RowSink *sink, GError **error);
    gpointer data; /* the sink's own */
};

#endif
