/*
 * Rows of the public sets. Nothing is fetched: the folder is given, or lies beside the tree.
 */
#include "tests/unit/person/sets.h"

#include "engine/base/csv.h"

#include <string.h>

static char *data_path(const char *file)
{
    const char *root = g_getenv("CROSSTRACE_DATASETS");
    return g_build_filename(root ? root : "../shared/datasets", file, NULL);
}

/* One line, one row; a line that is no whole row (one set has such a one) is left out. */
static void add_line(GPtrArray *rows, CsvParser *parser, const char *line)
{
    guint n;
    CsvState state = csv_feed(parser, line, strcspn(line, "\r"));
    if (state == CSV_MORE)
        csv_end(parser);
    char **cells = state == CSV_DONE ? csv_cells(parser, &n) : NULL;
    if (!cells || n == 0)
        return;
    char **row = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        row[i] = g_strstrip(g_strdup(cells[i]));
    g_ptr_array_add(rows, row);
}

GPtrArray *set_rows(const char *file)
{
    g_autofree char *path = data_path(file);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autoptr(CsvParser) parser = csv_parser_new(',');
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        add_line(rows, parser, *line);
    return rows;
}

char *set_cell(const GPtrArray *rows, guint row, const char *column)
{
    char **header = rows->pdata[0], **cells = rows->pdata[row];
    for (guint i = 0; column && header[i]; i++)
        if (strcmp(header[i], column) == 0)
            return *cells[i] && strcmp(cells[i], "NA") != 0 ? cells[i] : NULL;
    return NULL;
}
