/*
 * Lookups of texts in the code tables, remembered for each distinct text; results are owned by
 * the cleaner and good until its next lookup.
 */
#ifndef CROSSTRACE_LOADERS_MEMO_H
#define CROSSTRACE_LOADERS_MEMO_H

#include "loaders/normalise.h"

/* Of a text in a table of the last ones: quick and even enough. */
guint slot_hash(const char *text, gsize length, guint64 seed);
/* Where a cell is remembered, of which the processor is asked for the memory; NULL when it is not
 * to be. */
CellSlot *cell_slot(Cleaner *cleaner, const ProfileColumn *column, const char *cell);
/* A cell of a column, and where it is remembered (NULL: nowhere). A slot says whose it is: with
 * another one than the cell's the answer is the same. */
typedef struct {
    const ProfileColumn *column;
    const char *text;
    CellSlot *slot;
} Cell;
/* What the column's normaliser makes of a cell, good until the next one. */
const char *clean_cell(Cleaner *cleaner, const Cell *cell, const Record *record,
                       const char **problem);

/* Canonical make or calibre; an unknown one folded; NULL for "not recorded". */
const char *clean_make_text(Cleaner *cleaner, const char *text);
const char *clean_calibre_text(Cleaner *cleaner, const char *text);
/* Model without affixes, NULL for "not recorded". */
const char *clean_model_text(Cleaner *cleaner, const char *text);
/* The make that a model's cell names; NULL: none, or a copy of its guns ("GLOCK CLONE"). */
const char *clean_model_make(Cleaner *cleaner, const char *text);
/* The code of a region and of its country ("" where the table says none), or NULL. */
const char *clean_region_code(Cleaner *cleaner, const char *text, const char **country);
/* The code of a text in a table, which has it for good; NULL: it has none, or there is no table. */
const char *table_find(const Cleaner *cleaner, const char *table, const char *text);
/* Folded and squeezed text, NULL for "not recorded". */
const char *clean_fold_text(Cleaner *cleaner, const char *text);
/* What a table says of a code of it ("regions.country"); NULL when it says nothing. */
const char *clean_attribute(Cleaner *cleaner, const char *table_column, const char *code);
/* Disposition code of a code or of a sentence by its beginning; NULL when unknown. */
const char *clean_disposition_text(Cleaner *cleaner, const char *text);
/* Is it a placeholder and no name of a person? Could it be a part of one? */
gboolean clean_is_placeholder(Cleaner *cleaner, const char *name);
gboolean clean_may_be_placeholder(Cleaner *cleaner, const char *part);
/* Folded text without the words of table `affixes` at its ends; one word always stays; g_free. */
char *strip_affixes(Cleaner *cleaner, const char *kind, const char *text);

#endif
