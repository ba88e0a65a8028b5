/* The clocks as read; private to engine/retention. */
#ifndef CROSSTRACE_RETENTION_CLOCKS_H
#define CROSSTRACE_RETENTION_CLOCKS_H

#include "engine/retention/retention.h"

typedef enum { FROM_EVENT, FROM_PURCHASE, FROM_LOADED, FROM_USED } ClockFrom;
typedef enum { REMOVES_RECORD, REMOVES_PERSON, REMOVES_REVIEW, REMOVES_TEXT } ClockRemoves;

typedef struct {
    char *name, *kind; /* kind NULL: any */
    char **origins;    /* NULL: any */
    ClockFrom from;
    ClockRemoves removes;
    PurgePeriod period;
    gboolean unless_traced;
} Clock;

struct Clocks {
    GPtrArray *clocks; /* of Clock: those that remove records, people, nothing; in file order */
    GPtrArray *least;
    int texts[FIELD_COUNT + 1]; /* Field, -1 at the end */
};

#define KIND_LEAD     "lead"
#define KIND_QUESTION "question" /* of find and query: their texts in STORE.audit */

/* What goes when it is due, in the word of the rule file; is it a clock of records, and not of
 * leads or questions? */
const char *clock_removes(const Clock *clock);
gboolean clock_is_of_records(const Clock *clock);

/* Of one clock: how many are due and since when the oldest; how many are kept nonetheless. */
typedef struct {
    guint clock;
    guint64 due, held;
    char oldest[11];
} DueRow;

struct Due {
    const Clocks *clocks;
    char *as_of;      /* ISO day */
    GArray *rows;     /* of DueRow, a row for each clock */
    GPtrArray *items; /* of PurgeItem */
};

#endif
