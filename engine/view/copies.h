/*
 * Private to engine/view: copies of views in memory, and the virtual tables that show them on a
 * connection. While they are shown they do not change, so that several connections, each on a
 * thread of its own, may read the same copies.
 */
#ifndef CROSSTRACE_VIEW_COPIES_H
#define CROSSTRACE_VIEW_COPIES_H

#include "engine/view/cells.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

#define COPY_WAYS    6
#define COPY_NOTHING "NULL AS "

/* The hash by which a row with this text is found; FALSE: it is not. */
typedef gboolean (*CopyHash)(const char *text, guint32 *hash);

/* A way in: the column, and how many rows the planner is to believe that one value has. With a hash
 * of its own it finds texts that are like one another, and SQLite is not told of it. */
typedef struct {
    const char *column;
    guint rows;
    CopyHash hash;
} CopyWay;

/* What is copied: a view, how many rows the planner is to believe that it has, its ways in. By the
 * first of them rows are replaced, and chosen: for a record, or for the values that rows of
 * another copy, which comes earlier, have in their column of that name. */
typedef struct {
    const char *view;
    guint rows;
    CopyWay ways[COPY_WAYS];
    const char *of; /* the other copy; NULL: by record */
} CopyPlan;

/* Rows by the hash of the text of one column: chains of row + 1. */
typedef struct {
    guint column, rows, mask;
    CopyHash hash;  /* NULL: the text's own */
    Block *begins;  /* of guint32, of which */
    guint32 *first; /* is the first */
    Block *next;    /* of guint32 */
} CopyIndex;

typedef struct {
    const CopyPlan *plan;
    char *shape; /* CREATE TABLE of its columns */
    char *list;  /* what is selected for them: a column of the view, or COPY_NOTHING */
    guint n_columns, n_rows, n_dead, n_indexes;
    Block *cells; /* of Cell, row by row; a dead row has nothing in its first way in */
    CopyIndex index[COPY_WAYS];
    guint n_kept;   /* rows that the file of an earlier run has, */
    GArray *buried; /* and of them, those that are dead since: of guint32, row + 1; may be NULL */
} Copy;

typedef struct Copies {
    Heap *heap;
    gboolean own;      /* the heap */
    GPtrArray *copies; /* of Copy, own */
} Copies;

Copies *copies_new(void);
void copies_free(Copies *copies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Copies, copies_free)
Copy *copies_find(const Copies *copies, const char *view);
gboolean copy_is_dead(const Copy *copy, guint row);
/* Does it say something in a column of its view? */
gboolean copy_has(const Copy *copy, const char *column);

/* By column, whether its texts are looked for; g_free. */
gboolean *copy_found(const Copy *copy);

/* What a copy is of: a list of columns out of a SELECT; read on one thread or two. */
typedef struct {
    const char *list, *select;
    gboolean beside;
} CopyOf;

/* One more copy, of a SELECT, without rows; NULL on error. The plan is borrowed for as long. Its
 * indexes are made when its rows are there. */
Copy *copies_open(Copies *copies, sqlite3 *db, const CopyPlan *plan, const CopyOf *of,
                  GError **error);
void copy_index(const Copies *copies, Copy *copy);
void copies_index(const Copies *copies); /* of all, by a few threads */
/* The same with the rows of the SELECT. When the heap is full by then, what is copied is of no use.
 */
gboolean copies_add(Copies *copies, sqlite3 *db, const CopyPlan *plan, const CopyOf *of,
                    GError **error);
/* Those rows of all that a set of values (records) chooses; with the same values. wanted: by copy,
 * in the order of all; of the others, no row. */
Copies *copies_choose(const Copies *all, const GArray *records, const gboolean *wanted);

typedef void (*CopySee)(const Copy *copy, const Cell *row, gpointer data);
/* Rows that a statement yields, columns as those of the copy, take the place of all that have one
 * of some values (of Cell) in their first way in; see is told of each row that is gone or new. What
 * is equal stays. When the heap is full by then, the copies are of no use. */
gboolean copies_patch(Copies *copies, Copy *copy, sqlite3_stmt *rows, const GArray *values,
                      CopySee see, gpointer data, GError **error);

/* One row more, of cells; one (row + 1) less. */
void copy_append(const Copies *copies, Copy *copy, const Cell *row, CopySee see, gpointer data);
void copy_bury(Copy *copy, guint at, CopySee see, gpointer data);

/* A row: of a place (row + 1). The first row of an index, from a place of its chain on, that has
 * what is wanted: row + 1, or 0; and where the chain of a text begins. */
const Cell *copy_row(const Copy *copy, guint at);
guint copy_follow(const Copy *copy, const CopyIndex *index, Cell wanted, guint at);
guint copy_begin(const Copies *copies, const Copy *copy, const CopyIndex *index, Cell wanted);
guint copy_next(const Copy *copy, const CopyIndex *index, Cell wanted, guint at);
/* The place of a column, which the copy must have. The way in by a column; NULL: there is none. */
guint copy_column(const Copy *copy, const char *column);
const CopyIndex *copy_way(const Copy *copy, const char *column);
/* An index over all rows there are; a row that is new, at its place. */
void copy_fill_index(const Heap *heap, const Copy *copy, CopyIndex *index);
void copy_index_row(const Heap *heap, const Copy *copy, CopyIndex *index, guint at);

/* Makes the copies known to a connection. They must outlive it, or be hidden first. */
gboolean copies_attach(const Copies *copies, sqlite3 *db, GError **error);
/* Shows all copies, or the one of a view, under the names of their views in a schema ("temp",
 * "main") of the connection. */
gboolean copies_show(const Copies *copies, sqlite3 *db, const char *schema, const char *view,
                     GError **error);
gboolean copies_hide(const Copies *copies, sqlite3 *db, const char *schema, GError **error);

#endif
