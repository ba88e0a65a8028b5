/*
 * Rows one below the other, for a person to read: what `show` prints on a terminal. Streams; what
 * came from data is escaped, and no line end of it begins a line of ours.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/render/render.h"

#define NAME_WIDTH 24

typedef struct {
    RowSink sink; /* first: a RowSink * is a Sheet * */
    Output *output;
    char **names;
    guint n;
    char *part, *last; /* of the row before */
    GString *bytes;
} Sheet;

static gboolean begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    Sheet *sheet = (Sheet *)sink;
    (void)error;
    sheet->n = n;
    sheet->names = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        sheet->names[i] = g_strdup(columns[i].name);
    return TRUE;
}

static char *safe_cell(const char *cell)
{
    return g_strdelimit(text_for_terminal(cell ? cell : ""), "\t\n", ' ');
}

static void append_others(Sheet *sheet, const char *const *cells)
{
    const char *before = " (";
    for (guint i = 3; i < sheet->n; i++) {
        g_autofree char *cell = safe_cell(cells[i]);
        if (!*cell || (i + 1 == sheet->n && g_strcmp0(cells[i], sheet->last) == 0))
            continue;
        g_string_append_printf(sheet->bytes, "%s%s: %s", before, sheet->names[i], cell);
        before = "; ";
    }
    if (*before == ';')
        g_string_append_c(sheet->bytes, ')');
}

static gboolean row(RowSink *sink, const char *const *cells, GError **error)
{
    Sheet *sheet = (Sheet *)sink;
    g_autofree char *name = safe_cell(cells[1]), *value = safe_cell(cells[2]);
    if (g_strcmp0(cells[0], sheet->part) != 0)
        g_string_append_printf(sheet->bytes, "%s%s\n", sheet->part ? "\n" : "", cells[0]);
    int pad = NAME_WIDTH - (int)g_utf8_strlen(name, -1);
    g_string_append_printf(sheet->bytes, "  %s%*s  %s", name, MAX(pad, 0), "", value);
    append_others(sheet, cells);
    g_string_append_c(sheet->bytes, '\n');
    g_free(sheet->part);
    g_free(sheet->last);
    sheet->part = g_strdup(cells[0]);
    sheet->last = g_strdup(cells[sheet->n - 1]);
    return output_write(sheet->output, sheet->bytes, error);
}

static gboolean end(RowSink *sink, GError **error)
{
    (void)sink;
    (void)error;
    return TRUE;
}

SheetSink *sheet_sink_new(Output *output)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->sink = (RowSink){begin, row, end, NULL};
    sheet->output = output;
    sheet->bytes = g_string_new(NULL);
    return &sheet->sink;
}

void sheet_sink_free(SheetSink *sink)
{
    Sheet *sheet = (Sheet *)sink;
    if (!sheet)
        return;
    g_strfreev(sheet->names);
    g_free(sheet->part);
    g_free(sheet->last);
    g_string_free(sheet->bytes, TRUE);
    g_free(sheet);
}
