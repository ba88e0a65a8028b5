/*
 * Code tables: rules/tables/NAME.csv, UTF-8, header first, with at least the columns
 * `code,en,fr,aliases`. A text is looked up under its text_key() among code, en, fr and the
 * aliases (separated by ';'). Further columns (coordinates, groups) are read by name.
 * Adding a code or an alias is adding to a CSV line; adding a table is adding a file.
 */
#ifndef CROSSTRACE_BASE_CODE_H
#define CROSSTRACE_BASE_CODE_H

#include "engine/base/text.h"

typedef struct CodeTable CodeTable;
typedef struct CodeTables CodeTables; /* all tables of one rules directory */

/* Reads DIR/tables/(all).csv. Two codes that claim one alias in one table, or a line that is there
 * twice in a table of another kind, are an error with file and line (STATUS_CONFIG). */
CodeTables *code_tables_load(const char *rules_dir, GError **error);
/* The same of some tables alone; names ends with NULL. */
CodeTables *code_tables_some(const char *rules_dir, const char *const *names, GError **error);
void code_tables_free(CodeTables *tables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CodeTables, code_tables_free)

/* NULL when there is no such table. Owned by the set. */
const CodeTable *code_table(const CodeTables *tables, const char *name);

/* Canonical code of a text, or NULL when the table does not know it. Owned by the table. */
const char *code_find(const CodeTable *table, const char *text);

/* FALSE: code_find would find nothing; without a lookup, by length and begin of the keys. */
gboolean code_may_find(const CodeTable *table, const char *text);

/* Cell of a code's row by column name, or NULL; owned by the table. */
const char *code_cell(const CodeTable *table, const char *code, const char *column);

/* Label of a code in a language; the code itself when the table has none. */
const char *code_label(const CodeTable *table, const char *code, Lang lang);
/* "; " separated codes (NULL: none) of the table of a name as their labels; g_free. tables NULL, or
 * without that table: codes stand for themselves. */
char *code_labels(const CodeTables *tables, const char *name, const char *codes, Lang lang);

/* Calls visit for every code, in file order. */
void code_visit(const CodeTable *table, void (*visit)(const char *code, gpointer data),
                gpointer data);

#endif
