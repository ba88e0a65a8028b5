/*
 * Whole small tables in memory, for rule files and tests: every row as wide as the header, valid
 * UTF-8, clean quoting; anything else is an error that names file and line. Big or foreign files
 * go through the loader, never through here.
 */
#include "engine/base/table.h"

#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"

/* Adds a completed record; a blank line is no row. */
static gboolean add_row(GPtrArray *rows, GArray *lines, CsvParser *parser, guint line,
                        const char *name, GError **error)
{
    guint n, width = rows->len > 0 ? g_strv_length(g_ptr_array_index(rows, 0)) : 0;
    char **cells = csv_cells(parser, &n);
    char **row;

    if (n == 0)
        return TRUE;
    if (rows->len > 0 && n != width)
        return error_set(error, STATUS_CONFIG, "%s:%u: %u cells, but the header has %u", name, line,
                         n, width);
    row = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        row[i] = g_strdup(cells[i]);
    g_ptr_array_add(rows, row);
    g_array_append_val(lines, line);
    return TRUE;
}

static gboolean read_rows(const char *text, gsize length, const char *name, GPtrArray *rows,
                          GArray *lines, GError **error)
{
    g_autoptr(CsvParser) parser = csv_parser_new(',');
    const char *end = text + length;
    guint line = 0, first = 1;

    for (const char *p = text; p < end; line++) {
        const char *stop = memchr(p, '\n', (gsize)(end - p));
        const char *next = stop ? stop + 1 : end;
        gsize size = (gsize)((stop ? stop : end) - p);
        CsvState state = csv_feed(parser, p, size > 0 && p[size - 1] == '\r' ? size - 1 : size);

        if (state == CSV_BAD)
            return error_set(error, STATUS_CONFIG, "%s:%u: not clean CSV (%s)", name, line + 1,
                             csv_reason(parser));
        if (state == CSV_DONE) {
            if (!add_row(rows, lines, parser, first, name, error))
                return FALSE;
            first = line + 2;
        }
        p = next;
    }
    if (csv_end(parser) == CSV_BAD)
        return error_set(error, STATUS_CONFIG, "%s:%u: quote never closed", name, first);
    return TRUE;
}

static GPtrArray *table_read_text(const char *text, gsize length, const char *name, GArray **lines,
                                  GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    const char *wrong = NULL;

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!g_utf8_validate_len(text, length, &wrong)) {
        guint line = 1;

        for (const char *p = text; p < wrong; p++)
            line += *p == '\n';
        error_set(error, STATUS_CONFIG, "%s:%u: invalid UTF-8", name, line);
        return NULL;
    }
    if (!read_rows(text, length, name, rows, numbers, error))
        return NULL;
    if (rows->len == 0) {
        error_set(error, STATUS_CONFIG, "%s:1: no header", name);
        return NULL;
    }
    if (lines)
        *lines = g_steal_pointer(&numbers);
    return g_steal_pointer(&rows);
}

GPtrArray *table_read_file(const char *path, GArray **lines, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = NULL;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, &cause)) {
        error_set(error, STATUS_CONFIG, "cannot read '%s': %s", path, cause->message);
        return NULL;
    }
    return table_read_text(text, length, path, lines, error);
}

GPtrArray *csv_read_all(const char *path, GError **error)
{
    return table_read_file(path, NULL, error);
}

GPtrArray *csv_read_text(const char *text, gsize length, const char *name, GError **error)
{
    return table_read_text(text, length, name, NULL, error);
}
