/*
 * Texts with numbers, as in sorted.h, where many numbers have one text: four bytes for each.
 * Private to engine/store.
 */
#ifndef CROSSTRACE_STORE_GROUPED_H
#define CROSSTRACE_STORE_GROUPED_H

#include "engine/store/sorted.h"

typedef struct Grouped Grouped;

/* For at most so many bytes of memory, and at most as many again in grouped_each. */
Grouped *grouped_new(gsize most);
void grouped_free(Grouped *grouped);
/* FALSE when it is too much: what was collected is given up, and nothing is from then on. Numbers
 * rise; what is left out between them takes as much room as a number. */
gboolean grouped_add(Grouped *grouped, const char *text, gint64 number);
gboolean grouped_has_all(const Grouped *grouped);
/* By the text's bytes, as SQLite's BINARY, then the number, until `visit` returns FALSE. */
gboolean grouped_each(const Grouped *grouped, SortedVisit visit, gpointer data, GError **error);

#endif
