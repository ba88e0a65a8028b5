/*
 * Which cells of a table of counts must not be told. A small count is hidden, and so many others
 * with it that nobody who knows every total of rows and columns can work out any hidden one. Pure.
 * After the rectangles of complementary suppression in statistical disclosure control.
 */
#ifndef CROSSTRACE_STATISTIC_CELLS_H
#define CROSSTRACE_STATISTIC_CELLS_H

#include <glib.h>

typedef struct {
    guint rows, columns;
    guint64 *count;   /* rows * columns, row by row; owned */
    gboolean *hidden; /* likewise: in: not told anyway; out: not to be told */
} Cells;

void cells_init(Cells *cells, guint rows, guint columns);
void cells_clear(Cells *cells);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cells, cells_clear)

/* Hides counts of 1 to least - 1 and what would tell them. With one row or one column that is not
 * nothing, its cells are held to be added up in that one direction. */
void cells_hide(Cells *cells, guint64 least);

#endif
