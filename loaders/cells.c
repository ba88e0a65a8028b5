/*
 * Cells remembered with what became of them: of a column where the cell alone says what comes of it
 * (normalise.c) most cells were there before. One table for all columns; a cell that falls on
 * another's place takes it. Between map.c and the normalisers.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "loaders/memo.h"

#define HASH_FACTOR G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)

guint slot_hash(const char *text, gsize length, guint64 seed)
{
    guint64 hash = seed ^ length, word;

    for (; length > sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = (hash ^ word) * HASH_FACTOR;
        hash ^= hash >> 32;
    }
    return (guint)((hash ^ text_word(text, length)) * HASH_FACTOR >> 40);
}

static char *slot_value(const Cleaner *cleaner, const CellSlot *slot)
{
    return cleaner->values + (gsize)(slot - cleaner->cells) * CELL_TEXT;
}

static void cell_remember(Cleaner *cleaner, const Cell *cell, const char *value,
                          const char *problem)
{
    gboolean same = value && strcmp(value, cell->text) == 0;
    CellSlot *slot = cell->slot;

    if (value && strlen(value) >= CELL_TEXT)
        return;
    slot->column = cell->column;
    slot->problem = problem;
    slot->became = !value ? CELL_NOTHING : same ? CELL_ITSELF : CELL_OTHER;
    g_strlcpy(slot->cell, cell->text, CELL_TEXT);
    if (slot->became == CELL_OTHER)
        g_strlcpy(slot_value(cleaner, slot), value, CELL_TEXT);
}

static void cells_start(Cleaner *cleaner)
{
    cleaner->cells = g_aligned_alloc0(CELL_SLOTS, sizeof(CellSlot), CACHE_LINE);
    cleaner->values = g_new(char, CELL_SLOTS *CELL_TEXT);
}

CellSlot *cell_slot(Cleaner *cleaner, const ProfileColumn *column, const char *cell)
{
    gsize length = column->normaliser->alone ? strlen(cell) : CELL_TEXT;
    CellSlot *slot;

    if (length >= CELL_TEXT)
        return NULL;
    if (!cleaner->cells)
        cells_start(cleaner);
    slot = &cleaner->cells[slot_hash(cell, length, (gsize)column) % CELL_SLOTS];
    __builtin_prefetch(slot);
    return slot;
}

const char *clean_cell(Cleaner *cleaner, const Cell *cell, const Record *record,
                       const char **problem)
{
    const CellSlot *slot = cell->slot;
    const char *value;

    if (slot && slot->column == cell->column && strcmp(slot->cell, cell->text) == 0) {
        *problem = slot->problem;
        return slot->became == CELL_ITSELF  ? cell->text
               : slot->became == CELL_OTHER ? slot_value(cleaner, slot)
                                            : NULL;
    }
    value = cell->column->normaliser->clean(cleaner, cell->column, cell->text, record, problem);
    if (slot)
        cell_remember(cleaner, cell, value, *problem);
    return value;
}
