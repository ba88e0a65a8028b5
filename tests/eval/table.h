/* CSV files as tables of cells, for the evaluation: whole file in memory, columns by name. */
#ifndef TESTS_EVAL_TABLE_H
#define TESTS_EVAL_TABLE_H

#include <glib.h>

typedef struct {
    GPtrArray *rows; /* of GStrv, without the header */
    char **header;
} Table;

/* Reads DIR/NAME; ends the program with a message when it cannot. */
Table *table_read(const char *dir, const char *name);
/* The seizure file of a language: UTF-8 and commas, or Windows-1252, semicolons, French headers. */
Table *table_read_seizures(const char *world, gboolean french);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Index of a column; ends the program when there is none. */
guint table_column(const Table *table, const char *name);
const char *table_cell(const Table *table, guint row, guint column);
double table_number(const Table *table, guint row, guint column);

#endif
