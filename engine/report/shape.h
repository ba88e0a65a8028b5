/*
 * What a row of each kind consists of, as data: name, type, place in its struct. CSV, JSON and the
 * data package are written from the same tables, so that they cannot disagree.
 */
#ifndef CROSSTRACE_REPORT_SHAPE_H
#define CROSSTRACE_REPORT_SHAPE_H

#include "engine/report/report.h"

typedef enum {
    CELL_TEXT,        /* char * that came from input */
    CELL_OWN,         /* char * that we wrote: codes, dates, hashes */
    CELL_LIST,        /* char * that is a list, "; " separated */
    CELL_COUNT,       /* guint */
    CELL_INT,         /* int */
    CELL_DAYS,        /* int; -1 is not known */
    CELL_REAL,        /* double */
    CELL_PROBABILITY, /* double, 0 to 1 */
    CELL_FLAG,        /* gboolean */
} CellType;

typedef struct {
    const char *name, *help;
    CellType type;
    gsize offset;
    gboolean of_view; /* of a lead: stands in LeadView, not in Lead */
} Cell;

typedef struct {
    const Cell *cells;
    guint n;
} Shape;

extern const Shape shape_lead, shape_path, shape_place, shape_term, shape_indicator, shape_link,
    shape_person, shape_marker, shape_edge;

/* Text of a cell, NULL when nothing is recorded; g_free. A flag is "yes" or "no". */
char *cell_text(const Cell *cell, gconstpointer row);
/* Members of a JSON object, without its braces: "name":value,... */
void shape_append_json(GString *out, const Shape *shape, gconstpointer row);
/* The same for a lead, whose cells lie in two structs. */
char *lead_cell_text(const Cell *cell, const LeadView *view);
void lead_append_json(GString *out, const LeadView *view);
/* "string", "number", "integer", "boolean": of the data package. */
const char *cell_type_name(CellType type);
/* Does a spreadsheet have to be kept from running it? */
gboolean cell_is_guarded(CellType type);

#endif
