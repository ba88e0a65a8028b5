/*
 * Private to engine/view: rows of a statement that become rows of a copy.
 */
#ifndef CROSSTRACE_VIEW_FILL_H
#define CROSSTRACE_VIEW_FILL_H

#include "engine/view/copies.h"

/* Appends every row that the statement yields; its columns are the copy's. beside: another thread
 * makes cells of them while SQLite looks for the next ones. Stops when the heap is full. */
gboolean copy_fill(Copies *copies, Copy *copy, sqlite3_stmt *rows, gboolean beside, GError **error);

#endif
