/*
 * Private to engine/marker: a text folded for matching (upper case, no accents, blanks squeezed)
 * with the way back to the bytes it came from, so that an excerpt shows the original words.
 */
#ifndef CROSSTRACE_MARKER_FOLD_H
#define CROSSTRACE_MARKER_FOLD_H

#include <glib.h>

typedef struct FoldTable FoldTable; /* text_fold() of the common characters, worked out once */

typedef struct {
    char *text; /* folded, zero-terminated */
    gsize length;
    guint32 *origin; /* length + 1: byte of the original text that each folded byte came from */
} Folded;

FoldTable *fold_table_new(void);
void fold_table_free(FoldTable *table);

/* Folds valid UTF-8 of fewer than 4 GiB; free with folded_clear(). */
Folded fold_text(const FoldTable *table, const char *text);
void folded_clear(Folded *folded);

/* A pattern for folded text: its own accented characters folded, everything else untouched. */
char *fold_pattern(const FoldTable *table, const char *pattern);

#endif
