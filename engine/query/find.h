/*
 * `find`: an ad-hoc question (a serial in any notation, a person, a licence ...) answered from the
 * store by the same code that correlates, ranked, with its reasons. To add a kind: find_KIND.c
 * with one run function, and a line in the table of find.c.
 */
#ifndef CROSSTRACE_QUERY_FIND_H
#define CROSSTRACE_QUERY_FIND_H

#include "engine/base/date.h"
#include "engine/base/rows.h"
#include "engine/base/text.h"
#include "engine/store/store.h"

/* What narrows every question; NULL and DAY_NONE leave it open. Makes and calibres are canonical.
 */
typedef struct {
    const char *make, *model, *calibre;
    const char *source; /* kind of record: cbsa-seizure, atf-trace ... */
    Day from, to;       /* of the event, or of the purchase where there is none; both included */
    guint limit;        /* rows a pattern at most; 0: all */
    Lang lang;
    const char *rules_dir;
} FindRequest;

/* What became of the answers. */
typedef struct {
    guint64 rows;
    guint64 withheld; /* of a confidential source: left out */
    guint64 cut;      /* beyond the limit */
} FindCount;

/* The columns of every kind, so that many patterns and kinds make one table: query,record,value,
 * description,date,tier,bits,probability,chance_matches,explanation,handling. */
#define FIND_COLUMNS 11
extern const Column find_columns[FIND_COLUMNS];

typedef struct {
    const char *name; /* serial, person, ffl, plate, address, text */
    const char *help; /* what the pattern looks like */
    /* Sends the rows that answer one pattern, best first; the sink was begun and is ended by the
     * caller. A pattern that says nothing is STATUS_USAGE. */
    gboolean (*run)(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                    FindCount *count, GError **error);
} FindKind;

const FindKind *find_kinds(void); /* ends with name NULL */

/* One cell a column, NULL where it says nothing, unless the record is of a confidential source:
 * then it is counted and left out. handling: that of the record. */
gboolean find_send(RowSink *sink, const char *const cells[FIND_COLUMNS], FindCount *count,
                   GError **error);

#endif
