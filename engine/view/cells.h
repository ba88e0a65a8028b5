/*
 * Private to engine/view: values of rows in memory, as copies of views need them. A cell is a
 * number of four bytes; in a column that is looked up each text stands once, so that equal cells
 * are equal texts.
 */
#ifndef CROSSTRACE_VIEW_CELLS_H
#define CROSSTRACE_VIEW_CELLS_H

#include <glib.h>
#include <sqlite3.h>

#include "engine/base/block.h"

typedef guint32 Cell; /* CELL_NULL, a small whole number, or where a value stands */

#define CELL_NULL 0u

#define NUMBER_EXACT ((gint64)1 << 53) /* whole numbers up to it are the same as floating point */
#define HEAP_LATELY  4096u             /* texts that are remembered without being found by all */

/* All values of some tables. */
typedef struct {
    Block *values; /* bytes, of which */
    guint8 *bytes; /* is the first */
    gsize size;
    GArray *numbers; /* of gint64 or double, by what the cell says */
    Block *slots;    /* of guint32, of which */
    guint32 *slot;   /* is the first: place of a text that can be found, by its hash; 0: none */
    guint32 texts, mask;
    guint32 lately[HEAP_LATELY]; /* of one that was seen lately */
    gsize most;                  /* bytes at most */
    gboolean full;               /* a value found no place any more */
} Heap;

/* What a column of a row says: by the type that SQLite gives it. */
typedef struct {
    int type;
    gint64 whole;
    double real;
    const char *text; /* good until the next step; need not end with a NUL */
    gsize length;
} Value;

Value value_at(sqlite3_stmt *stmt, int column);

void heap_init(Heap *heap);
void heap_clear(Heap *heap);
/* Its values and slots (as their heads say) from now on, in the place of none; own. */
void heap_lay(Heap *heap, Block *values, Block *slots);
/* When most values are there: lays them on large pages, since they are met in no order. */
void heap_settle(Heap *heap);
/* The cell of a value; found: its text will be looked for. */
Cell heap_take(Heap *heap, const Value *value, gboolean found);
/* The cell of a small whole number (less than 2^28). */
Cell heap_number(gint64 number);
/* The cell of a text, CELL_NULL where it is none that can be found. One that is the heap's own (as
 * heap_result hands it out) is known by where it stands. */
Cell heap_find(const Heap *heap, const char *text, gsize length);
/* Texts as they stand in another heap that began as this one is: they are behind what is there;
 * FALSE where they are none, or there is no room. */
gboolean heap_append(Heap *heap, gconstpointer texts, gsize size);
/* Is what a cell says the value? */
gboolean heap_equal(const Heap *heap, Cell cell, const Value *value);
/* Is a cell, which is a text, this one, of this hash? */
gboolean heap_is_text(const Heap *heap, Cell cell, guint32 hash, const char *text, gsize length);
guint32 text_hash_of(const char *text, gsize length);
/* A cell as a number; FALSE where it is none, or one that floating point does not hold. */
gboolean heap_number_of(const Heap *heap, Cell cell, double *number);
/* A cell's text, and its hash; only of one that is a text. */
const char *heap_text(const Heap *heap, Cell cell);
/* Asks for the memory of a text that will be handed out soon; any cell. */
void heap_ahead(const Heap *heap, Cell cell);
guint32 heap_hash(const Heap *heap, Cell cell);
gboolean cell_is_text(Cell cell);
/* Hands a cell to SQLite; a text stays the heap's. */
void heap_result(const Heap *heap, Cell cell, sqlite3_context *context);

#endif
