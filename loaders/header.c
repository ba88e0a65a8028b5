/*
 * Header and delimiter, scored by known column names and not by how often a sign occurs: a
 * remark full of semicolons must not win over the commas that divide the columns. Looks at the
 * first lines only; what follows is the reader's business.
 */
#include "loaders/header.h"

#include <string.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "loaders/lines.h"
#include "loaders/mangled.h"

#define LOOK_MAX 65536 /* bytes looked at, unless the first line is longer */

static const char DELIMITERS[] = {',', ';', '\t', '|'};

/* The best header so far. */
typedef struct {
    const Profiles *profiles;
    const Profile *only;
    GPtrArray *lines; /* of GString: the first physical lines */
    Header *header;
    guint hits;
    guint open; /* the last line of the file, from 1, where it has no line end; 0: it has one */
    guint wide; /* first line, from 1, with more columns or bytes than are read; 0: none */
} Search;

static void string_free(gpointer data)
{
    g_string_free(data, TRUE);
}

void header_clear(Header *header)
{
    g_clear_pointer(&header->cells, g_strfreev);
    g_clear_pointer(&header->raw, g_free);
}

/* too_long receives the number of the first line of which only the beginning was kept, open that of
 * the one that no line end follows. */
static GPtrArray *first_lines(Source *source, guint *too_long, guint *open, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(string_free);
    g_autoptr(Lines) lines = lines_new(source, error);
    LinesResult result = LINES_LINE;
    gsize bytes = 0;
    Line line;

    if (!lines)
        return NULL;
    while (all->len < HEADER_LINES && bytes < LOOK_MAX &&
           (result = lines_next(lines, &line, error)) == LINES_LINE) {
        g_ptr_array_add(all, g_string_new_len(line.text, line.flaw ? 0 : (gssize)line.length));
        bytes += line.length;
        *open = *line.end ? 0 : all->len;
        if (*too_long == 0 && g_strcmp0(line.flaw, "field-size") == 0)
            *too_long = all->len;
    }
    return result == LINES_FAILED ? NULL : g_steal_pointer(&all);
}

static GString *line_at(const Search *search, guint index)
{
    return g_ptr_array_index(search->lines, index);
}

/* "sep=;" as a spreadsheet writes it, perhaps quoted; 0 when the line is none. */
static char separator_line(const GString *line)
{
    const char *text = line->str;

    text += *text == '"';
    if (g_ascii_strncasecmp(text, "sep=", 4) != 0 || !text[4])
        return 0;
    return !text[5] || text[5] == '"' ? text[4] : 0;
}

static guint count_known(const Search *search, char **cells, guint n)
{
    guint hits = 0;

    for (guint i = 0; i < n; i++) {
        if (!*cells[i])
            continue;
        hits += search->only ? profile_knows(search->only, cells[i])
                             : profiles_know(search->profiles, cells[i]);
    }
    return hits;
}

static void keep_header(Search *search, char delimiter, guint from, guint to, char **cells, guint n)
{
    GString *raw = g_string_new(NULL);
    Header *header = search->header;

    header_clear(header);
    while (n > 1 && !*cells[n - 1])
        n--;
    header->delimiter = delimiter;
    header->known = search->hits;
    header->may_be_cut = to == search->open;
    header->skip = to;
    header->n = n;
    header->cells = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        header->cells[i] = g_strdup(cells[i]);
    for (guint i = from; i < to; i++)
        g_string_append_printf(raw, "%s%s", i > from ? "\n" : "", line_at(search, i)->str);
    header->raw = g_string_free(raw, FALSE);
}

static gboolean is_too_wide(const char *reason)
{
    return strcmp(reason, "columns") == 0 || strcmp(reason, "field-size") == 0;
}

/* One record that begins at a line: is it a better header than the best so far? */
static void try_line(Search *search, CsvParser *parser, char delimiter, guint from)
{
    CsvState state = CSV_MORE;
    guint to = from, n, hits;
    char **cells;

    while (state == CSV_MORE && to < search->lines->len) {
        const GString *line = line_at(search, to++);

        state = csv_feed(parser, line->str, line->len);
    }
    if (state != CSV_DONE) {
        if (state == CSV_BAD && search->wide == 0 && is_too_wide(csv_reason(parser)))
            search->wide = from + 1;
        csv_end(parser);
        return;
    }
    cells = csv_cells(parser, &n);
    for (guint i = 0; i < n; i++)
        mangled_mend(cells[i]);
    hits = count_known(search, cells, n);
    if (hits > search->hits) {
        search->hits = hits;
        keep_header(search, delimiter, from, to, cells, n);
    }
}

static void try_delimiter(Search *search, char delimiter, guint from)
{
    g_autoptr(CsvParser) parser = csv_parser_new(delimiter);

    for (guint i = from; i < search->lines->len; i++)
        try_line(search, parser, delimiter, i);
}

static gboolean nothing_found(const Search *search, const Source *source, GError **error)
{
    if (search->wide)
        return error_set(error, STATUS_DATA,
                         "cannot load '%s': line %u has more than %u columns or %u bytes",
                         source_name(source), search->wide, CSV_COLUMNS_MAX, CSV_RECORD_MAX);
    for (guint i = 0; i < search->lines->len; i++) {
        g_autofree char *text = text_squeeze(line_at(search, i)->str);

        if (*text)
            return error_set(error, STATUS_DATA,
                             "cannot load '%s': no header with a known column name in the first "
                             "%d lines; line %u looks like data",
                             source_name(source), HEADER_LINES, i + 1);
    }
    return error_set(error, STATUS_DATA, "cannot load '%s': nothing is in its first lines",
                     source_name(source));
}

gboolean header_find(Source *source, const Profiles *profiles, const Profile *only, char delimiter,
                     Header *header, GError **error)
{
    guint too_long = 0, open = 0;
    g_autoptr(GPtrArray) lines = first_lines(source, &too_long, &open, error);
    Search search = {profiles, only, lines, header, 0, open, too_long};
    char named;

    *header = (Header){0};
    if (!lines)
        return FALSE;
    named = lines->len ? separator_line(line_at(&search, 0)) : 0;
    if (delimiter || named) {
        try_delimiter(&search, delimiter ? delimiter : named, named ? 1 : 0);
    } else {
        for (gsize i = 0; i < sizeof DELIMITERS; i++)
            try_delimiter(&search, DELIMITERS[i], 0);
    }
    header->why = delimiter ? "as told" : named ? "by its sep= line" : "it gives the most of them";
    return search.hits > 0 || nothing_found(&search, source, error);
}

gboolean header_is(const Header *header, char **cells, guint n)
{
    if (n != header->n || g_ascii_strcasecmp(cells[n - 1], header->cells[n - 1]) != 0)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        g_autofree char *mine = text_key(header->cells[i]);
        g_autofree char *theirs = text_key(cells[i]);

        if (strcmp(mine, theirs) != 0)
            return FALSE;
    }
    return TRUE;
}
