/* What a full run found, for who writes it and who reads it meanwhile. Private to engine/run. */
#ifndef CROSSTRACE_RUN_FOUND_H
#define CROSSTRACE_RUN_FOUND_H

#include "engine/graph/graph.h"

typedef struct Run Run; /* stages.h */

#define NO_OTHER G_MAXUINT /* the firearm of an observation has no other one */

/* What a full run found, in the order in which it is written and read (found.c). */
typedef struct {
    guint *firearm; /* by observation: the first of its firearm, or NO_OTHER */
    guint32 *place; /* by number of a record: its observation + 1; 0: it is none */
    gint64 last;    /* the largest of those numbers */
    guint *mention; /* mentions by number of their record, then role */
    Findings given; /* all of it, for who reads it while it is written */
} RunFound;

/* Puts it in order before it is written. */
void found_make(Run *run);
void found_clear(Run *run);

#endif
