/*
 * Private to engine/view: rows of a copy laid behind each other by the text of one column, with the
 * columns that a query wants of them.
 */
#ifndef CROSSTRACE_VIEW_GROUPS_H
#define CROSSTRACE_VIEW_GROUPS_H

#include "engine/view/sieve.h"

#define GROUPS_COLUMNS 64

typedef struct {
    guint n, width; /* rows; numbers of each: its own (row + 1), then its cells */
    guint32 *numbers;
    guint8 place[GROUPS_COLUMNS]; /* of a column among the numbers; 0: it is not wanted */
} Groups;

/* Whose rows have a text in a column, by it; then, unless these are to be left out (alone), those
 * that have none. Only rows that the sieve lets through. used: columns by their bits, as SQLite
 * tells them. */
void groups_lay(Groups *groups, const Copies *copies, const Copy *copy, guint column, guint64 used,
                gboolean alone, Sieve *sieve);
void groups_clear(Groups *groups);
/* A row's number (row + 1), and one of its cells; at: from 1 on. */
guint groups_row(const Groups *groups, guint at);
Cell groups_cell(const Groups *groups, const Copy *copy, guint at, guint column);
/* Asks for the memory of the texts that a later row has; whoever goes on is spared waiting. */
void groups_ahead(const Groups *groups, const Heap *heap, guint at);

#endif
