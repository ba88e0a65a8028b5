/*
 * Private to engine/store: copies of views in memory, and the virtual tables that show them on a
 * connection. Once filled they do not change, so that several connections, each on a thread of its
 * own, may read the same copies.
 */
#ifndef CROSSTRACE_STORE_COPIES_H
#define CROSSTRACE_STORE_COPIES_H

#include "engine/store/cells.h"

#define COPY_INDEXES 4

/* A way in: the column, and how many rows the planner is to believe that one value has. */
typedef struct {
    const char *column;
    guint rows;
} CopyWay;

/* What is copied: a view, how many rows the planner is to believe that it has, its ways in. */
typedef struct {
    const char *view;
    guint rows;
    CopyWay ways[COPY_INDEXES];
} CopyPlan;

/* Rows by the hash of the text of one column: chains of row + 1. */
typedef struct {
    guint column, rows;
    guint32 *first, *next, mask;
} CopyIndex;

typedef struct {
    const CopyPlan *plan;
    char *shape; /* CREATE TABLE of its columns */
    guint n_columns, n_rows, n_indexes;
    GArray *cells; /* of Cell, row by row */
    CopyIndex index[COPY_INDEXES];
} Copy;

typedef struct Copies {
    Heap heap;
    GPtrArray *copies; /* of Copy, own */
} Copies;

Copies *copies_new(void);
void copies_free(Copies *copies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Copies, copies_free)
const Copy *copies_find(const Copies *copies, const char *view);

/* Has a row of a view this text in the column that is its first way in? */
gboolean copies_have(const Copies *copies, const char *view, const char *text);

/* Takes the rows of a SELECT as one more copy. The plan is borrowed for as long. */
gboolean copies_add(Copies *copies, sqlite3 *db, const CopyPlan *plan, const char *select,
                    GError **error);
/* The first row of an index, from a place of its chain on, that has what is wanted: row + 1, or 0;
 * and where the chain of a text begins. */
guint copy_follow(const Copy *copy, const CopyIndex *index, Cell wanted, guint at);
guint copy_begin(const Copies *copies, const Copy *copy, const CopyIndex *index, Cell wanted);

/* Makes the copies known to a connection. They must outlive it, or be hidden first. */
gboolean copies_attach(const Copies *copies, sqlite3 *db, GError **error);
/* Shows all copies, or the one of a view, under the names of their views in a schema ("temp",
 * "main") of the connection. */
gboolean copies_show(const Copies *copies, sqlite3 *db, const char *schema, const char *view,
                     GError **error);
gboolean copies_hide(const Copies *copies, sqlite3 *db, const char *schema, GError **error);

#endif
