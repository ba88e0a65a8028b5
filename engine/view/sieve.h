/*
 * Private to engine/view: what a query wants of the rows of a copy besides a way in, as far as
 * their cells tell it. A row that it holds back is none that the query wants; what it can not tell
 * it lets through, and SQLite asks all of them again.
 */
#ifndef CROSSTRACE_VIEW_SIEVE_H
#define CROSSTRACE_VIEW_SIEVE_H

#include "engine/view/copies.h"

#define SIEVE_PARTS 4

/* A text or a number that is wanted; a text is borrowed. */
typedef struct {
    const char *text; /* NULL: a number */
    gsize length;
    guint32 hash;
    double number;
} SieveValue;

typedef struct {
    char what; /* as it stands in the plan */
    guint column;
    GArray *values; /* of SieveValue; NULL: anything that is not NULL */
} SievePart;

typedef struct {
    SievePart part[SIEVE_PARTS];
    guint n, held; /* rows held back since one was let through */
    GStringChunk *texts;
} Sieve;

/* Chooses what of a query is told by cells; its values become arguments behind the first n. The
 * plan: what is chosen, for sieve_begin; NULL: nothing. sqlite3_free. */
char *sieve_plan(sqlite3_index_info *info, int n);
/* By a plan, with the arguments behind the first n. */
void sieve_begin(Sieve *sieve, const char *plan, int n, int argc, sqlite3_value **argv);
void sieve_end(Sieve *sieve);
/* May the query want the row? Now and then one is let through that it does not, so that the steps
 * that SQLite counts tell how many were looked at. */
gboolean sieve_lets(Sieve *sieve, const Heap *heap, const Cell *row);

#endif
