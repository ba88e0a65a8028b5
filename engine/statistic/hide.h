/* A statistic's rows as counted, and what of them is told; private to engine/statistic. */
#ifndef CROSSTRACE_STATISTIC_HIDE_H
#define CROSSTRACE_STATISTIC_HIDE_H

#include <glib.h>

#define STATISTIC_COLUMNS 8

/* Owned by whoever has it, statistic_row_free. */
typedef struct {
    char *cell[STATISTIC_COLUMNS];
    guint64 count[STATISTIC_COLUMNS];   /* of the columns that are counts */
    gboolean hidden[STATISTIC_COLUMNS]; /* not to be told */
    gboolean out;                       /* the whole row */
    char *self, *parent; /* what it is the whole of and a part of; NULL: of nothing told */
} StatisticRow;

void statistic_row_free(StatisticRow *row);

/* Which cells of rows (array of StatisticRow, in the order of their statement) are not told. */
typedef void (*StatisticHide)(GPtrArray *rows, guint64 least);
void statistic_hide_counts(GPtrArray *rows, guint64 least);    /* value, then three counts */
void statistic_hide_corridors(GPtrArray *rows, guint64 least); /* columns as shown */
void statistic_hide_clearance(GPtrArray *rows, guint64 least); /* five steps a population */

#endif
