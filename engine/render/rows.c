/*
 * Rows as table, CSV, JSON or newline-delimited JSON: a RowSink that renders into an Output. All
 * but the table stream. In a table only long free text is shortened, never a reference, a number or
 * a serial, and only where the terminal is narrower; control characters are shown escaped.
 */
#include <errno.h>
#include <libsmartcols.h>
#include <locale.h>
#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/render/json.h"
#include "engine/render/render.h"

#define FLUSH_BYTES (64u << 10)
#define SHORT_CELL  40 /* characters: serials and their patterns are shorter */

typedef struct {
    RowSink sink; /* first: a RowSink * is a Renderer * */
    RowsFormat format;
    Output *output;
    gboolean raw;
    guint64 *count;
    Column *columns;
    guint n;
    GString *bytes;
    struct libscols_table *table;
    glong *longest; /* by column of the table: characters of its longest cell */
} Renderer;

gboolean rows_format_parse(const char *word, RowsFormat *format)
{
    static const char *const words[] = {"table", "csv", "json", "ndjson"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(word, words[i]) == 0) {
            *format = (RowsFormat)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean flush(Renderer *renderer, gsize above, GError **error)
{
    return renderer->bytes->len <= above || output_write(renderer->output, renderer->bytes, error);
}

static gboolean begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    Renderer *renderer = (Renderer *)sink;
    renderer->n = n;
    renderer->columns = g_new(Column, n);
    for (guint i = 0; i < n; i++)
        renderer->columns[i] = (Column){g_strdup(columns[i].name), columns[i].type};
    if (renderer->format == ROWS_CSV) {
        for (guint i = 0; i < n; i++) {
            if (i)
                g_string_append_c(renderer->bytes, ',');
            csv_append_cell(renderer->bytes, columns[i].name, FALSE);
        }
        g_string_append_c(renderer->bytes, '\n');
    } else if (renderer->format == ROWS_JSON) {
        g_string_append_c(renderer->bytes, '[');
    }
    return flush(renderer, FLUSH_BYTES, error);
}

static void csv_row(Renderer *renderer, const char *const *cells)
{
    for (guint i = 0; i < renderer->n; i++) {
        const char *cell = cells[i] ? cells[i] : "";
        gboolean text = renderer->columns[i].type == COLUMN_DATA ||
                        (renderer->columns[i].type == COLUMN_NUMBER && !json_is_number(cell));
        if (i)
            g_string_append_c(renderer->bytes, ',');
        csv_append_cell(renderer->bytes, cell, text && !renderer->raw);
    }
    g_string_append_c(renderer->bytes, '\n');
}

static void json_row(Renderer *renderer, const char *const *cells)
{
    g_string_append_c(renderer->bytes, '{');
    for (guint i = 0; i < renderer->n; i++) {
        if (i)
            g_string_append_c(renderer->bytes, ',');
        json_append_string(renderer->bytes, renderer->columns[i].name);
        g_string_append_c(renderer->bytes, ':');
        if (renderer->columns[i].type == COLUMN_NUMBER)
            json_append_number(renderer->bytes, cells[i]);
        else
            json_append_string(renderer->bytes, cells[i]);
    }
    g_string_append_c(renderer->bytes, '}');
}

static gboolean table_begin(Renderer *renderer, GError **error)
{
    gboolean colour = output_colour(renderer->output);
    renderer->longest = g_new0(glong, renderer->n);
    renderer->table = scols_new_table();
    if (!renderer->table)
        return error_set(error, STATUS_MEMORY, "cannot make a table");
    scols_table_enable_noencoding(renderer->table, 1); /* cells come escaped already */
    scols_table_enable_colors(renderer->table, colour);
    for (guint i = 0; i < renderer->n; i++) {
        const Column *column = &renderer->columns[i];
        g_autofree char *name = text_for_terminal(column->name);
        struct libscols_column *made =
            scols_table_new_column(renderer->table, g_strdelimit(name, "\t\n", ' '), 0,
                                   column->type == COLUMN_NUMBER ? SCOLS_FL_RIGHT : 0);
        if (!made || scols_cell_set_color(scols_column_get_header(made), "bold") != 0)
            return error_set(error, STATUS_MEMORY, "cannot make a table");
    }
    return TRUE;
}

static gboolean table_row(Renderer *renderer, const char *const *cells, GError **error)
{
    if (!renderer->table && !table_begin(renderer, error))
        return FALSE;
    struct libscols_line *line = scols_table_new_line(renderer->table, NULL);
    for (guint i = 0; line && i < renderer->n; i++) {
        g_autofree char *safe = text_for_terminal(cells[i] ? cells[i] : "");
        renderer->longest[i] = MAX(renderer->longest[i], g_utf8_strlen(safe, -1));
        if (scols_line_set_data(line, i, g_strdelimit(safe, "\t\n", ' ')) != 0)
            line = NULL;
    }
    return line || error_set(error, STATUS_MEMORY, "cannot make a table");
}

static gboolean gives_way(const Renderer *renderer, guint i)
{
    return renderer->columns[i].type == COLUMN_DATA && renderer->longest[i] > SHORT_CELL &&
           !strstr(renderer->columns[i].name, "serial");
}

/* Long text gives way to the width of the terminal, but something of it stays: then lines are
 * wider. */
static void table_narrow(Renderer *renderer)
{
    glong least = 0;
    for (guint i = 0; i < renderer->n; i++) {
        if (gives_way(renderer, i))
            scols_column_set_flags(scols_table_get_column(renderer->table, i), SCOLS_FL_TRUNC);
        least += 1 + (gives_way(renderer, i)
                          ? SHORT_CELL
                          : MAX(renderer->longest[i], (glong)strlen(renderer->columns[i].name)));
    }
    if ((glong)scols_table_get_termwidth(renderer->table) < least)
        scols_table_set_termwidth(renderer->table, (size_t)least);
}

static gboolean row(RowSink *sink, const char *const *cells, GError **error)
{
    Renderer *renderer = (Renderer *)sink;
    guint64 before = (*renderer->count)++;
    switch (renderer->format) {
    case ROWS_TABLE:
        return table_row(renderer, cells, error);
    case ROWS_CSV:
        csv_row(renderer, cells);
        break;
    case ROWS_JSON:
        g_string_append(renderer->bytes, before ? ",\n" : "\n");
        json_row(renderer, cells);
        break;
    case ROWS_NDJSON:
        json_row(renderer, cells);
        g_string_append_c(renderer->bytes, '\n');
        break;
    }
    return flush(renderer, FLUSH_BYTES, error);
}

/* libsmartcols measures cells with mbrtowc(), and never ends on a character that the locale does
 * not have: it always gets UTF-8, which is what cells are, whatever the user's locale. */
static int table_print(struct libscols_table *table, char **text)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t users = utf8 ? uselocale(utf8) : (locale_t)0;
    int result = utf8 ? scols_print_table_to_string(table, text) : -ENOTSUP;
    if (utf8) {
        uselocale(users);
        freelocale(utf8);
    }
    return result;
}

static gboolean table_end(Renderer *renderer, GError **error)
{
    char *text = NULL;
    if (!renderer->table)
        return TRUE;
    table_narrow(renderer);
    if (table_print(renderer->table, &text) != 0)
        return error_set(error, STATUS_MEMORY, "cannot print a table");
    g_string_append(renderer->bytes, text);
    if (renderer->bytes->len && !g_str_has_suffix(renderer->bytes->str, "\n"))
        g_string_append_c(renderer->bytes, '\n');
    free(text);
    return output_write_safe(renderer->output, renderer->bytes, error);
}

static gboolean end(RowSink *sink, GError **error)
{
    Renderer *renderer = (Renderer *)sink;
    if (renderer->format == ROWS_JSON)
        g_string_append(renderer->bytes, *renderer->count ? "\n]\n" : "]\n");
    if (renderer->format == ROWS_TABLE && !table_end(renderer, error))
        return FALSE;
    return flush(renderer, 0, error);
}

RowSink *row_sink_new(RowsFormat format, Output *output, gboolean raw, guint64 *count)
{
    Renderer *renderer = g_new0(Renderer, 1);
    *count = 0;
    renderer->sink = (RowSink){begin, row, end, NULL};
    renderer->format = format;
    renderer->output = output;
    renderer->raw = raw;
    renderer->count = count;
    renderer->bytes = g_string_new(NULL);
    return &renderer->sink;
}

void row_sink_free(RowSink *sink)
{
    Renderer *renderer = (Renderer *)sink;
    if (!renderer)
        return;
    for (guint i = 0; i < renderer->n; i++)
        g_free((char *)renderer->columns[i].name);
    g_free(renderer->columns);
    g_string_free(renderer->bytes, TRUE);
    if (renderer->table)
        scols_unref_table(renderer->table);
    g_free(renderer->longest);
    g_free(renderer);
}

char *rows_library(void)
{
    const char *version = "";
    scols_get_library_version(&version);
    return g_strdup_printf("libsmartcols %s", version);
}
