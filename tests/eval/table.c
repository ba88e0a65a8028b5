/* See table.h. */
#include "tests/eval/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/csv.h"

static void stop(const char *what, const char *name)
{
    fprintf(stderr, "eval: %s '%s'\n", what, name);
    exit(70);
}

Table *table_read(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) error = NULL;
    GPtrArray *rows = csv_read_all(path, &error);
    if (!rows || !rows->len)
        stop(error ? error->message : "empty", path);
    Table *table = g_new0(Table, 1);
    table->rows = rows;
    table->header = g_strdupv(g_ptr_array_index(rows, 0));
    g_ptr_array_remove_index(rows, 0);
    return table;
}

void table_free(Table *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->rows);
    g_strfreev(table->header);
    g_free(table);
}

guint table_column(const Table *table, const char *name)
{
    for (guint i = 0; table->header[i]; i++)
        if (strcmp(table->header[i], name) == 0)
            return i;
    stop("no column", name);
    return 0;
}

const char *table_cell(const Table *table, guint row, guint column)
{
    char **cells = g_ptr_array_index(table->rows, row);
    return g_strv_length(cells) > column ? cells[column] : "";
}

double table_number(const Table *table, guint row, guint column)
{
    return g_ascii_strtod(table_cell(table, row, column), NULL);
}
