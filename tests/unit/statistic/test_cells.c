/*
 * Hidden cells stay hidden: on random tables someone who knows every total, every cell that is told
 * and that counts are not below nothing finds more than one value for each hidden cell. Brute
 * force: all ways to fill the hidden cells are tried.
 */
#include <check.h>
#include <stdio.h>

#include "engine/statistic/cells.h"
#include "tests/unit/suite.h"

#define LEAST  5
#define TABLES 1500

typedef struct {
    const Cells *cells;
    guint64 *row, *column; /* what is left of each total for the hidden cells */
    guint64 *value;        /* of the way in hand */
    gboolean *fixed;       /* hidden and so far of one value in every way */
    guint ways, open, tried;
} Adversary;

#define WAYS_MAX 200000

static void keep_way(Adversary *spy)
{
    const Cells *cells = spy->cells;
    spy->ways++;
    for (gsize i = 0; i < (gsize)cells->rows * cells->columns; i++)
        if (cells->hidden[i] && spy->fixed[i] && spy->value[i] != cells->count[i]) {
            spy->fixed[i] = FALSE;
            spy->open--;
        }
}

/* Rows (columns) that are not nothing. */
static guint filled(const Cells *cells, gboolean rows)
{
    guint lines[2][8] = {{0}}, n = 0;
    for (gsize i = 0; i < (gsize)cells->rows * cells->columns; i++) {
        lines[0][i / cells->columns] |= cells->count[i] > 0;
        lines[1][i % cells->columns] |= cells->count[i] > 0;
    }
    for (guint i = 0; i < 8; i++)
        n += lines[rows ? 0 : 1][i];
    return n;
}

/* Is the total of each row (column) known? Where one line alone is filled, the totals across it are
 * its cells themselves: nobody who knows them needs the table. */
static gboolean counts_rows(const Cells *cells)
{
    return filled(cells, FALSE) > 1;
}

static gboolean counts_columns(const Cells *cells)
{
    return filled(cells, TRUE) > 1;
}

static void fill(Adversary *spy, gsize cell)
{
    const Cells *cells = spy->cells;
    if (!spy->open || spy->tried++ > WAYS_MAX)
        return;
    if (cell == (gsize)cells->rows * cells->columns) {
        for (guint i = 0; i < cells->rows && counts_rows(cells); i++)
            if (spy->row[i])
                return;
        for (guint j = 0; j < cells->columns && counts_columns(cells); j++)
            if (spy->column[j])
                return;
        keep_way(spy);
        return;
    }
    if (!cells->hidden[cell]) {
        fill(spy, cell + 1);
        return;
    }
    guint64 *row = &spy->row[cell / cells->columns], *column = &spy->column[cell % cells->columns];
    guint64 most = counts_rows(cells) ? *row : *column;
    if (counts_rows(cells) && counts_columns(cells))
        most = MIN(*row, *column);
    for (guint64 value = 0; value <= most; value++) {
        spy->value[cell] = value;
        *row -= value;
        *column -= value;
        fill(spy, cell + 1);
        *row += value;
        *column += value;
    }
}

/* Hidden cells that can have one value only. */
static guint cells_found_out(const Cells *cells)
{
    gsize n = (gsize)cells->rows * cells->columns;
    g_autofree guint64 *row = g_new0(guint64, cells->rows),
                       *column = g_new0(guint64, cells->columns), *value = g_new0(guint64, n);
    g_autofree gboolean *fixed = g_new0(gboolean, n);
    Adversary spy = {.cells = cells, .row = row, .column = column, .value = value, .fixed = fixed};
    for (gsize i = 0; i < n; i++) {
        if (!cells->hidden[i])
            continue;
        fixed[i] = TRUE;
        spy.open++;
        row[i / cells->columns] += cells->count[i];
        column[i % cells->columns] += cells->count[i];
    }
    fill(&spy, 0);
    return spy.tried > WAYS_MAX ? 0 : spy.open;
}

static gboolean is_one_cell(const Cells *cells)
{
    guint filled = 0;
    for (gsize i = 0; i < (gsize)cells->rows * cells->columns; i++)
        filled += cells->count[i] > 0;
    return filled == 1;
}

START_TEST(no_hidden_cell_is_found_out)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
    guint hidden = 0, more = 0, alone = 0;
    for (guint t = 0; t < TABLES; t++) {
        g_auto(Cells) cells;
        cells_init(&cells, (guint)g_rand_int_range(random, 2, 6),
                   (guint)g_rand_int_range(random, 1, 4));
        gsize n = (gsize)cells.rows * cells.columns;
        gint32 zeros = g_rand_int_range(random, 0, 10);
        for (gsize i = 0; i < n; i++)
            cells.count[i] = g_rand_int_range(random, 0, 10) < zeros
                                 ? 0
                                 : (guint64)g_rand_int_range(random, 0, 9);
        cells_hide(&cells, LEAST);
        for (gsize i = 0; i < n; i++) {
            gboolean small = cells.count[i] > 0 && cells.count[i] < LEAST;
            ck_assert(!small || cells.hidden[i]);
            hidden += small;
            more += cells.hidden[i] && !small;
        }
        if (is_one_cell(&cells)) /* whoever knows a total of it knows it */
            alone++;
        else
            ck_assert_uint_eq(cells_found_out(&cells), 0);
    }
    printf("counted: %u tables, %u small cells, %u hidden with them, %u of one cell alone\n",
           TABLES, hidden, more, alone);
    ck_assert_uint_gt(hidden, TABLES);
}
END_TEST

/* The test can fail: small cells hidden alone are found out. */
START_TEST(small_cells_alone_are_found_out)
{
    g_auto(Cells) cells;
    cells_init(&cells, 3, 2);
    const guint64 counts[] = {3, 20, 30, 40, 50, 60};
    for (guint i = 0; i < 6; i++)
        cells.count[i] = counts[i];
    cells.hidden[0] = TRUE;
    ck_assert_uint_eq(cells_found_out(&cells), 1);
    cells_hide(&cells, LEAST);
    ck_assert_uint_eq(cells_found_out(&cells), 0);
    ck_assert(cells.hidden[0] && cells.hidden[1] && cells.hidden[2] && cells.hidden[3]);
    ck_assert(!cells.hidden[4] && !cells.hidden[5]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cells");
    TCase *tests = tcase_create("cells");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, no_hidden_cell_is_found_out, 1, 4);
    tcase_add_test(tests, small_cells_alone_are_found_out);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
