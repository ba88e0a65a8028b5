/*
 * Rows by the text of a column for who groups by it. Rows of one text lie far from each other, and
 * to go from one to the next waits for memory each time: all are gone over in their order instead,
 * twice, and what is wanted of each is put where it belongs.
 */
#include "engine/view/groups.h"

#include <string.h>

#include "engine/base/dict.h"

#define NOT_WANTED G_MAXUINT32

/* Texts by their cells, numbered from 1 on as they come; 0 is for what has none. */
typedef struct {
    Cell *cell;
    guint32 *number;
    guint32 mask, n;
    GArray *rows; /* of guint32, by number: how many; then where the next one goes */
} Numbering;

static void numbering_init(Numbering *texts)
{
    const guint32 none = 0;
    texts->mask = (1u << 12) - 1;
    texts->n = 0;
    texts->cell = g_new0(Cell, (gsize)texts->mask + 1);
    texts->number = g_new(guint32, (gsize)texts->mask + 1);
    texts->rows = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_val(texts->rows, none);
}

static void numbering_clear(Numbering *texts)
{
    g_free(texts->cell);
    g_free(texts->number);
    g_array_unref(texts->rows);
}

static gsize slot_of(const Numbering *texts, Cell cell)
{
    gsize at = mix64(cell, 0) & texts->mask;
    while (texts->cell[at] && texts->cell[at] != cell)
        at = (at + 1) & texts->mask;
    return at;
}

static void grow(Numbering *texts)
{
    const Numbering before = *texts;
    texts->mask = before.mask * 2 + 1;
    texts->cell = g_new0(Cell, (gsize)texts->mask + 1);
    texts->number = g_new(guint32, (gsize)texts->mask + 1);
    for (gsize i = 0; i <= before.mask; i++) {
        gsize at = before.cell[i] ? slot_of(texts, before.cell[i]) : 0;
        if (!before.cell[i])
            continue;
        texts->cell[at] = before.cell[i];
        texts->number[at] = before.number[i];
    }
    g_free(before.cell);
    g_free(before.number);
}

static guint32 number_of(Numbering *texts, Cell cell)
{
    const guint32 none = 0;
    if (!cell_is_text(cell))
        return 0;
    gsize at = slot_of(texts, cell);
    if (texts->cell[at])
        return texts->number[at];
    texts->cell[at] = cell;
    texts->number[at] = ++texts->n;
    g_array_append_val(texts->rows, none);
    if (texts->n > texts->mask / 2)
        grow(texts);
    return texts->n;
}

/* By row, the number of its text; how many there are of each. */
static guint32 *number_rows(Numbering *texts, const Copies *copies, const Copy *copy, guint column,
                            gboolean alone, Sieve *sieve)
{
    guint32 *of_row = g_new(guint32, (gsize)copy->n_rows + 1);
    for (guint row = 0; row < copy->n_rows; row++) {
        const Cell *cells = copy_row(copy, row + 1);
        gboolean wanted = !copy_is_dead(copy, row) && (!alone || cell_is_text(cells[column])) &&
                          sieve_lets(sieve, copies->heap, cells);
        of_row[row] = wanted ? number_of(texts, cells[column]) : NOT_WANTED;
        if (wanted)
            g_array_index(texts->rows, guint32, of_row[row])++;
    }
    return of_row;
}

/* Where the rows of each text begin; those without one come last. Returns how many there are. */
static guint32 place_texts(const Numbering *texts)
{
    guint32 at = 0;
    for (guint32 i = 1; i <= texts->n + 1; i++) {
        guint32 *rows = &g_array_index(texts->rows, guint32, i <= texts->n ? i : 0);
        guint32 n = *rows;
        *rows = at;
        at += n;
    }
    return at;
}

static void choose_columns(Groups *groups, const Copy *copy, guint64 used)
{
    groups->width = 1;
    memset(groups->place, 0, sizeof groups->place);
    for (guint i = 0; i < MIN(copy->n_columns, GROUPS_COLUMNS - 1u); i++)
        if (used >> i & 1)
            groups->place[i] = (guint8)groups->width++;
}

static void put_rows(Groups *groups, const Copy *copy, const guint32 *of_row,
                     const Numbering *texts)
{
    guint8 columns[GROUPS_COLUMNS];
    for (guint i = 0; i < GROUPS_COLUMNS; i++)
        if (groups->place[i])
            columns[groups->place[i]] = (guint8)i;
    for (guint row = 0; row < copy->n_rows; row++) {
        if (of_row[row] == NOT_WANTED)
            continue;
        const Cell *cells = copy_row(copy, row + 1);
        gsize at = g_array_index(texts->rows, guint32, of_row[row])++;
        guint32 *to = &groups->numbers[at * groups->width];
        to[0] = row + 1;
        for (guint i = 1; i < groups->width; i++)
            to[i] = cells[columns[i]];
    }
}

void groups_lay(Groups *groups, const Copies *copies, const Copy *copy, guint column, guint64 used,
                gboolean alone, Sieve *sieve)
{
    Numbering texts;
    groups_clear(groups);
    numbering_init(&texts);
    g_autofree guint32 *of_row = number_rows(&texts, copies, copy, column, alone, sieve);
    choose_columns(groups, copy, used);
    groups->n = place_texts(&texts);
    groups->numbers = g_new(guint32, (gsize)groups->n * groups->width + 1);
    put_rows(groups, copy, of_row, &texts);
    numbering_clear(&texts);
}

void groups_clear(Groups *groups)
{
    g_clear_pointer(&groups->numbers, g_free);
    groups->n = 0;
}

guint groups_row(const Groups *groups, guint at)
{
    return groups->numbers[(gsize)(at - 1) * groups->width];
}

Cell groups_cell(const Groups *groups, const Copy *copy, guint at, guint column)
{
    guint place = column < GROUPS_COLUMNS ? groups->place[column] : 0;
    const guint32 *numbers = &groups->numbers[(gsize)(at - 1) * groups->width];
    return place ? numbers[place] : copy_row(copy, numbers[0])[column];
}

/* Rows from one that is handed out to the one whose texts are asked for: they lie anywhere. */
#define AHEAD 6

void groups_ahead(const Groups *groups, const Heap *heap, guint at)
{
    if (groups->n < AHEAD || at > groups->n - AHEAD)
        return;
    const guint32 *numbers = &groups->numbers[((gsize)at - 1 + AHEAD) * groups->width];
    for (guint i = 1; i < groups->width; i++)
        heap_ahead(heap, numbers[i]);
}
