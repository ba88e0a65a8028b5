/*
 * The second parser: RFC 4180 as the reader promises it, written without libcsv and one character
 * at a time, so that the two can be held against each other.
 */
#include "tests/unit/loaders/second.h"

#include <string.h>

static gboolean is_blank_char(const Scan *scan, char c)
{
    return c == ' ' || (c == '\t' && scan->delimiter != '\t');
}

gboolean scan_line_end(Scan *scan)
{
    if (scan->at == scan->end || (*scan->at != '\n' && *scan->at != '\r'))
        return FALSE;
    if (*scan->at == '\r' && scan->at + 1 < scan->end && scan->at[1] == '\n')
        scan->at++;
    scan->at++;
    scan->lines++;
    return TRUE;
}

static gboolean scan_quoted(Scan *scan, GString *cell)
{
    for (scan->at++; scan->at < scan->end;) {
        if (*scan->at == '\0')
            return FALSE;
        if (scan_line_end(scan)) {
            g_string_append_c(cell, '\n');
        } else if (*scan->at != '"') {
            g_string_append_c(cell, *scan->at++);
        } else if (scan->at + 1 < scan->end && scan->at[1] == '"') {
            g_string_append_c(cell, '"');
            scan->at += 2;
        } else {
            scan->at++;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean scan_cell(Scan *scan, GString *cell)
{
    while (scan->at < scan->end && is_blank_char(scan, *scan->at))
        scan->at++;
    if (scan->at < scan->end && *scan->at == '"') {
        if (!scan_quoted(scan, cell))
            return FALSE;
        while (scan->at < scan->end && is_blank_char(scan, *scan->at))
            scan->at++;
        return scan->at == scan->end || *scan->at == scan->delimiter || strchr("\r\n", *scan->at);
    }
    while (scan->at < scan->end && *scan->at != scan->delimiter && !strchr("\r\n", *scan->at)) {
        if (*scan->at == '"' || *scan->at == '\0')
            return FALSE;
        g_string_append_c(cell, *scan->at++);
    }
    while (cell->len > 0 && is_blank_char(scan, cell->str[cell->len - 1]))
        g_string_truncate(cell, cell->len - 1);
    return scan->at == scan->end || *scan->at != '\0';
}

GPtrArray *scan_record(Scan *scan)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);

    for (;;) {
        GString *cell = g_string_new(NULL);
        const char *begin = scan->at;
        gboolean good = scan_cell(scan, cell);
        gboolean nothing =
            cells->len == 0 && cell->len == 0 && !memchr(begin, '"', (gsize)(scan->at - begin));

        g_ptr_array_add(cells, g_string_free(cell, FALSE));
        if (!good)
            return NULL;
        if (scan->at < scan->end && *scan->at == scan->delimiter) {
            scan->at++;
            continue;
        }
        scan_line_end(scan);
        if (nothing)
            g_ptr_array_set_size(cells, 0);
        return g_steal_pointer(&cells);
    }
}
