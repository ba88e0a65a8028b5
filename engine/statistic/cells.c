/*
 * Complementary suppression. A hidden cell is safe when it is a corner of a rectangle of hidden
 * cells of which two opposite ones can lose what the other two gain: every total stays. The
 * rectangle that hides the least more is taken, one in which the count could be nothing first.
 */
#include "engine/statistic/cells.h"

#define NO_COST  G_MAXUINT64
#define NARROW   (G_GUINT64_CONSTANT(1) << 40) /* a rectangle that leaves little doubt */
#define PER_CELL 1                             /* of a cell more that is hidden, beside its count */

void cells_init(Cells *cells, guint rows, guint columns)
{
    gsize n = (gsize)rows * columns;
    *cells = (Cells){rows, columns, g_new0(guint64, n + 1), g_new0(gboolean, n + 1)};
}

void cells_clear(Cells *cells)
{
    g_clear_pointer(&cells->count, g_free);
    g_clear_pointer(&cells->hidden, g_free);
}

static gsize at(const Cells *cells, guint row, guint column)
{
    return (gsize)row * cells->columns + column;
}

static guint64 cost_of(const Cells *cells, gsize cell)
{
    return cells->hidden[cell] ? 0 : cells->count[cell] + PER_CELL;
}

/* Of hiding the other three corners; NO_COST when nothing can move between them. */
static guint64 rectangle_cost(const Cells *cells, guint row, guint column, guint other_row,
                              guint other_column)
{
    gsize cell = at(cells, row, column), opposite = at(cells, other_row, other_column);
    gsize beside = at(cells, row, other_column), below = at(cells, other_row, column);
    guint64 down = MIN(cells->count[cell], cells->count[opposite]);
    guint64 up = MIN(cells->count[beside], cells->count[below]);
    if (down + up == 0)
        return NO_COST;
    return cost_of(cells, opposite) + cost_of(cells, beside) + cost_of(cells, below) +
           (down + up < cells->count[cell] ? NARROW : 0);
}

static void hide_rectangle(Cells *cells, guint row, guint column)
{
    guint64 best = NO_COST;
    guint best_row = row, best_column = column;
    for (guint i = 0; i < cells->rows; i++)
        for (guint j = 0; j < cells->columns && i != row; j++) {
            guint64 cost = j == column ? NO_COST : rectangle_cost(cells, row, column, i, j);
            if (cost < best) {
                best = cost;
                best_row = i;
                best_column = j;
            }
        }
    cells->hidden[at(cells, best_row, best_column)] = TRUE;
    cells->hidden[at(cells, row, best_column)] = TRUE;
    cells->hidden[at(cells, best_row, column)] = TRUE;
}

/* A line of cells has one total: a second hidden cell keeps the first, the smallest that is not
 * nothing, if there is one. */
static void hide_second(Cells *cells, guint row, guint column, gboolean along_row)
{
    guint n = along_row ? cells->columns : cells->rows, own = along_row ? column : row;
    guint64 best = NO_COST;
    gsize found = at(cells, row, column);
    for (guint i = 0; i < n; i++) {
        gsize cell = along_row ? at(cells, row, i) : at(cells, i, column);
        guint64 cost = cost_of(cells, cell) + (cells->count[cell] ? 0 : NARROW);
        if (i != own && cost < best) {
            best = cost;
            found = cell;
        }
    }
    cells->hidden[found] = TRUE;
}

static guint filled_rows(const Cells *cells)
{
    guint filled = 0;
    for (guint i = 0; i < cells->rows; i++) {
        gboolean any = FALSE;
        for (guint j = 0; j < cells->columns; j++)
            any |= cells->count[at(cells, i, j)] > 0;
        filled += any;
    }
    return filled;
}

static guint filled_columns(const Cells *cells)
{
    guint filled = 0;
    for (guint j = 0; j < cells->columns; j++) {
        gboolean any = FALSE;
        for (guint i = 0; i < cells->rows; i++)
            any |= cells->count[at(cells, i, j)] > 0;
        filled += any;
    }
    return filled;
}

static void keep_secret(Cells *cells, guint row, guint column)
{
    guint rows = filled_rows(cells), columns = filled_columns(cells);
    if (rows > 1 && columns > 1)
        hide_rectangle(cells, row, column);
    else
        hide_second(cells, row, column, rows <= 1);
}

void cells_hide(Cells *cells, guint64 least)
{
    gsize n = (gsize)cells->rows * cells->columns;
    g_autofree gboolean *small = g_new0(gboolean, n + 1);
    for (gsize i = 0; i < n; i++) {
        small[i] = cells->count[i] > 0 && cells->count[i] < least;
        cells->hidden[i] |= small[i];
    }
    for (gsize i = 0; i < n; i++)
        if (small[i])
            keep_secret(cells, (guint)(i / cells->columns), (guint)(i % cells->columns));
}
