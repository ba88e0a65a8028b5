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

static GPtrArray *rows_read(const char *text, char delimiter)
{
    g_autoptr(CsvParser) parser = csv_parser_new(delimiter);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (guint i = 0; lines[i]; i++) {
        guint n = 0;
        g_strchomp(lines[i]);
        if (csv_feed(parser, lines[i], strlen(lines[i])) != CSV_DONE)
            continue;
        char **cells = csv_cells(parser, &n), **row = g_new0(char *, n + 1);
        for (guint k = 0; k < n; k++)
            row[k] = g_strdup(cells[k]);
        if (n > 0)
            g_ptr_array_add(rows, row);
        else
            g_free(row);
    }
    return rows;
}

Table *table_read_seizures(const char *world, gboolean french)
{
    const char *name = french ? "seizures-fr.csv" : "seizures-en.csv";
    g_autofree char *path = g_build_filename(world, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &bytes, &length, NULL))
        stop("cannot read", path);
    g_autofree char *text = g_convert(bytes, (gssize)length, "UTF-8",
                                      french ? "WINDOWS-1252" : "UTF-8", NULL, NULL, NULL);
    Table *table = g_new0(Table, 1);
    table->rows = rows_read(text ? text : "", french ? ';' : ',');
    if (!table->rows->len)
        stop("empty", path);
    table->header = g_strdupv(g_ptr_array_index(table->rows, 0));
    g_ptr_array_remove_index(table->rows, 0);
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
