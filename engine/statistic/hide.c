/*
 * Which cells of a statistic are not told: small counts, and what would tell them. Tables of
 * independent counts go through cells.c; corridors likewise, block by block, since a state is the
 * sum of its counties and these of their dealers; of the steps of a clearance each is a part of the
 * others, so that no difference of two that are told may be small.
 */
#include "engine/statistic/hide.h"

#include <string.h>

#include "engine/statistic/cells.h"

#define FIRST_COUNT 1
#define COUNTS      3

void statistic_row_free(StatisticRow *row)
{
    if (!row)
        return;
    for (guint i = 0; i < STATISTIC_COLUMNS; i++)
        g_free(row->cell[i]);
    g_free(row->self);
    g_free(row->parent);
    g_free(row);
}

void statistic_hide_counts(GPtrArray *rows, guint64 least)
{
    g_auto(Cells) cells;
    cells_init(&cells, rows->len, COUNTS);
    for (guint i = 0; i < rows->len; i++)
        for (guint j = 0; j < COUNTS; j++)
            cells.count[i * COUNTS + j] =
                ((const StatisticRow *)rows->pdata[i])->count[FIRST_COUNT + j];
    cells_hide(&cells, least);
    for (guint i = 0; i < rows->len; i++)
        for (guint j = 0; j < COUNTS; j++)
            ((StatisticRow *)rows->pdata[i])->hidden[FIRST_COUNT + j] =
                cells.hidden[i * COUNTS + j];
}

/* ---- corridors ----------------------------------------------------------------------------- */

enum { LEVEL, SOURCE, DEALER, DESTINATION, FIREARMS };

/* Parts of one whole: children by destinations, and what of the whole is of no child. */
typedef struct {
    GPtrArray *rows;      /* of StatisticRow, borrowed */
    GHashTable *children; /* name -> number from 1 on */
    GHashTable *places;   /* destination -> number from 1 on */
} Block;

static void block_free(gpointer data)
{
    Block *block = data;
    g_ptr_array_unref(block->rows);
    g_hash_table_unref(block->children);
    g_hash_table_unref(block->places);
    g_free(block);
}

static guint number_of(GHashTable *numbers, const char *name)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, name));
    if (!number) {
        number = g_hash_table_size(numbers) + 1;
        g_hash_table_insert(numbers, (gpointer)name, GUINT_TO_POINTER(number));
    }
    return number - 1;
}

static const char *child_of(const StatisticRow *row)
{
    return row->self ? row->self : row->cell[DEALER];
}

static Block *block_of(GHashTable *blocks, const char *parent)
{
    Block *block = g_hash_table_lookup(blocks, parent ? parent : "");
    if (!block) {
        block = g_new0(Block, 1);
        block->rows = g_ptr_array_new();
        block->children = g_hash_table_new(g_str_hash, g_str_equal);
        block->places = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(blocks, (gpointer)(parent ? parent : ""), block);
    }
    return block;
}

static StatisticRow *whole_of(GHashTable *wholes, const StatisticRow *row)
{
    g_autofree char *key = g_strjoin("\n", row->parent, row->cell[DESTINATION], NULL);
    return row->parent ? g_hash_table_lookup(wholes, key) : NULL;
}

static void fill_block(Cells *cells, const Block *block, GHashTable *wholes)
{
    guint rest = g_hash_table_size(block->children);
    for (guint i = 0; i < block->rows->len; i++) {
        const StatisticRow *row = block->rows->pdata[i], *whole = whole_of(wholes, row);
        guint place = number_of(block->places, row->cell[DESTINATION]);
        guint child = number_of(block->children, child_of(row));
        cells->count[child * cells->columns + place] = row->count[FIREARMS];
        if (whole && !cells->count[rest * cells->columns + place])
            cells->count[rest * cells->columns + place] = whole->count[FIREARMS];
    }
    for (guint place = 0; place < cells->columns; place++) {
        guint64 *left = &cells->count[rest * cells->columns + place];
        for (guint child = 0; child < rest; child++)
            *left -= MIN(*left, cells->count[child * cells->columns + place]);
    }
    /* what is nothing and what is of no child has no row */
    for (gsize i = 0; i < (gsize)cells->rows * cells->columns; i++)
        cells->hidden[i] = !cells->count[i] || i >= (gsize)rest * cells->columns;
}

/* A part goes with its whole: that is looked at first. */
static void hide_block(const Block *block, GHashTable *wholes, guint64 least)
{
    g_auto(Cells) cells;
    for (guint i = 0; i < block->rows->len; i++) {
        const StatisticRow *row = block->rows->pdata[i];
        number_of(block->places, row->cell[DESTINATION]);
        number_of(block->children, child_of(row));
    }
    cells_init(&cells, g_hash_table_size(block->children) + 1, g_hash_table_size(block->places));
    fill_block(&cells, block, wholes);
    cells_hide(&cells, least);
    for (guint i = 0; i < block->rows->len; i++) {
        StatisticRow *row = block->rows->pdata[i];
        const StatisticRow *whole = whole_of(wholes, row);
        guint place = number_of(block->places, row->cell[DESTINATION]);
        guint child = number_of(block->children, child_of(row));
        row->out = cells.hidden[child * cells.columns + place] || (whole && whole->out);
    }
}

void statistic_hide_corridors(GPtrArray *rows, guint64 least)
{
    g_autoptr(GHashTable) wholes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) blocks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, block_free);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < rows->len; i++) {
        StatisticRow *row = rows->pdata[i];
        guint known = g_hash_table_size(blocks);
        Block *block = block_of(blocks, row->parent);
        g_ptr_array_add(block->rows, row);
        if (row->self)
            g_hash_table_insert(wholes, g_strjoin("\n", row->self, row->cell[DESTINATION], NULL),
                                row);
        if (g_hash_table_size(blocks) > known)
            g_ptr_array_add(order, block);
    }
    /* rows come states first, then counties: so do the blocks that they are the wholes of */
    for (guint i = 0; i < order->len; i++)
        hide_block(order->pdata[i], wholes, least);
}

/* ---- clearance ----------------------------------------------------------------------------- */

enum { STEP_ALL, STEP_ASKED, STEP_TRACED, STEP_BOUGHT, STEP_NEVER, STEPS };
enum { COUNT = 2, WHOLE = 4, SHARE = 5 };

static gboolean is_small(guint64 count, guint64 least)
{
    return count > 0 && count < least;
}

void statistic_hide_clearance(GPtrArray *rows, guint64 least)
{
    static const guint of[STEPS] = {STEP_ALL, STEP_ALL, STEP_ASKED, STEP_TRACED, STEP_ALL};
    static const guint turns[] = {STEP_ALL, STEP_TRACED, STEP_ASKED, STEP_BOUGHT}; /* worth most */
    for (guint first = 0; first + STEPS <= rows->len; first += STEPS) {
        StatisticRow *const *row = (StatisticRow *const *)rows->pdata + first;
        gboolean told[STEPS] = {FALSE};
        for (guint i = 0; i < G_N_ELEMENTS(turns); i++) {
            guint64 count = row[turns[i]]->count[COUNT];
            gboolean fits = !is_small(count, least);
            for (guint k = 0; k < STEPS; k++) {
                guint64 other = row[k]->count[COUNT];
                fits &= !told[k] || !is_small(MAX(count, other) - MIN(count, other), least);
            }
            told[turns[i]] = fits;
        }
        told[STEP_NEVER] = told[STEP_ALL] && told[STEP_TRACED];
        for (guint k = 0; k < STEPS; k++) {
            row[k]->hidden[COUNT] = !told[k];
            row[k]->hidden[WHOLE] = !told[of[k]];
            row[k]->hidden[SHARE] = !told[k] || !told[of[k]];
        }
    }
}
