/*
 * Physical lines into rows: the parser is fed one line at a
 * time; the lines of the record in progress are kept, so that a record that turns out damaged
 * gives up its first line only and the others are read again. Knows widths, not meanings.
 */
#include "loaders/reader.h"

#include <string.h>

#include "engine/base/csv.h"
#include "loaders/lines.h"

#define KEPT_MAX (1u << 20) /* bytes of used-up lines after which the rest is moved down */

/* One kept line: where its text stands in `kept`. */
typedef struct {
    gsize start, length;
    const char *end;
    const char *flaw;
} Kept;

struct Reader {
    Lines *lines;
    CsvParser *parser;
    guint width;
    char delimiter;
    GString *kept;    /* text and line ends of the kept lines */
    GArray *lines_at; /* of Kept */
    guint first;      /* kept line where the record in progress begins */
    guint next;       /* kept line to feed next */
    guint64 number;   /* physical line number of kept line `first` */
    guint64 blanks;
    GString *raw;
};

static Kept *kept_at(const Reader *reader, guint index)
{
    return &g_array_index(reader->lines_at, Kept, index);
}

/* Takes the next physical line into the kept ones. */
static LinesResult keep_line(Reader *reader, GError **error)
{
    Line line;
    LinesResult result = lines_next(reader->lines, &line, error);

    if (result == LINES_LINE) {
        Kept kept = {reader->kept->len, line.length, line.end, line.flaw};

        g_string_append_len(reader->kept, line.text, (gssize)line.length);
        g_string_append(reader->kept, line.end);
        g_array_append_val(reader->lines_at, kept);
    }
    return result;
}

/* Forgets n lines from the record's first on. */
static void drop_lines(Reader *reader, guint n)
{
    gsize used;

    reader->first += n;
    reader->next = reader->first;
    reader->number += n;
    if (reader->first == reader->lines_at->len) {
        g_string_set_size(reader->kept, 0);
        g_array_set_size(reader->lines_at, 0);
        reader->first = reader->next = 0;
        return;
    }
    used = kept_at(reader, reader->first)->start;
    if (used < KEPT_MAX)
        return;
    g_string_erase(reader->kept, 0, (gssize)used);
    g_array_remove_range(reader->lines_at, 0, reader->first);
    for (guint i = 0; i < reader->lines_at->len; i++)
        kept_at(reader, i)->start -= used;
    reader->first = reader->next = 0;
}

Reader *reader_new(Source *source, char delimiter, guint64 skip, guint width, GError **error)
{
    g_autoptr(Reader) reader = g_new0(Reader, 1);

    reader->lines_at = g_array_new(FALSE, FALSE, sizeof(Kept));
    reader->kept = g_string_new(NULL);
    reader->raw = g_string_new(NULL);
    reader->number = 1;
    reader->width = width;
    reader->delimiter = delimiter;
    reader->parser = csv_parser_new(delimiter);
    reader->lines = lines_new(source, error);
    if (!reader->lines)
        return NULL;
    while (skip-- > 0) {
        LinesResult result = keep_line(reader, error);

        if (result == LINES_FAILED)
            return NULL;
        if (result == LINES_LINE)
            drop_lines(reader, 1);
    }
    return g_steal_pointer(&reader);
}

void reader_free(Reader *reader)
{
    if (!reader)
        return;
    g_clear_pointer(&reader->lines, lines_free);
    csv_parser_free(reader->parser);
    g_array_unref(reader->lines_at);
    g_string_free(reader->kept, TRUE);
    g_string_free(reader->raw, TRUE);
    g_free(reader);
}

/* The text of n lines from the record's first on, fit to be kept as a string. */
static const char *raw_text(Reader *reader, guint n)
{
    const Kept *first = kept_at(reader, reader->first);
    const Kept *last = kept_at(reader, reader->first + n - 1);
    gsize length = last->start + last->length - first->start;
    const char *text = reader->kept->str + first->start, *nul;

    g_string_set_size(reader->raw, 0);
    while ((nul = memchr(text, '\0', length))) {
        g_string_append_len(reader->raw, text, nul - text);
        g_string_append(reader->raw, "\xE2\x90\x80");
        length -= (gsize)(nul - text) + 1;
        text = nul + 1;
    }
    g_string_append_len(reader->raw, text, (gssize)length);
    return reader->raw->str;
}

/* Could the file have been cut inside the last value of n lines? A delimiter, a quote or a line end
 * behind it says that it is whole. */
static gboolean may_be_cut(Reader *reader, guint n)
{
    const Kept *last = kept_at(reader, reader->first + n - 1);
    const char *text = reader->kept->str + last->start;

    return !*last->end && last->length > 0 && text[last->length - 1] != reader->delimiter &&
           text[last->length - 1] != '"';
}

static ReadResult give(Reader *reader, Row *row, guint n, const char *reason)
{
    row->line = reader->number;
    row->lines = n;
    row->raw = raw_text(reader, n);
    row->reason = reason;
    row->may_be_cut = !reason && may_be_cut(reader, n);
    drop_lines(reader, n);
    return reason ? READ_REJECT : READ_ROW;
}

/* Feeds the record in progress until it is complete or damaged; *reason says which. READ_END when
 * there is nothing to begin with. */
static ReadResult feed_record(Reader *reader, const char **reason, GError **error)
{
    CsvState state = CSV_MORE;

    *reason = NULL;
    while (state == CSV_MORE) {
        const Kept *kept;

        if (reader->next == reader->lines_at->len) {
            LinesResult result = keep_line(reader, error);

            if (result == LINES_FAILED)
                return READ_FAILED;
            if (result == LINES_END) {
                if (reader->next == reader->first)
                    return READ_END;
                csv_end(reader->parser);
                *reason = "unclosed";
                return READ_REJECT;
            }
        }
        kept = kept_at(reader, reader->next++);
        if (kept->flaw) {
            if (reader->next > reader->first + 1)
                csv_end(reader->parser);
            *reason = kept->flaw;
            return READ_REJECT;
        }
        state = csv_feed(reader->parser, reader->kept->str + kept->start, kept->length);
    }
    if (state == CSV_BAD)
        *reason = csv_reason(reader->parser);
    return state == CSV_BAD ? READ_REJECT : READ_ROW;
}

/* A line with nothing on it: no cells, empty cells, or the DOS end-of-file mark. */
static gboolean is_blank(char **cells, guint n)
{
    for (guint i = 0; i < n; i++)
        if (*cells[i] && !(n == 1 && strcmp(cells[i], "\x1a") == 0))
            return FALSE;
    return TRUE;
}

/* As wide as the header, or wider with nothing in the extra cells (a spreadsheet's padding). */
static gboolean fits(const Reader *reader, Row *row)
{
    if (row->n < reader->width)
        return FALSE;
    for (guint i = reader->width; i < row->n; i++)
        if (*row->cells[i])
            return FALSE;
    row->has_padding = row->n > reader->width;
    row->n = reader->width;
    return TRUE;
}

ReadResult reader_next(Reader *reader, Row *row, GError **error)
{
    for (;;) {
        const char *reason;
        ReadResult result = feed_record(reader, &reason, error);
        guint n = reader->next - reader->first;

        *row = (Row){0};
        if (result == READ_FAILED || result == READ_END)
            return result;
        if (result == READ_REJECT)
            return give(reader, row, 1, reason);
        row->cells = csv_cells(reader->parser, &row->n);
        if (is_blank(row->cells, row->n)) {
            reader->blanks += n;
            drop_lines(reader, n);
        } else if (!fits(reader, row)) {
            return give(reader, row, 1, "columns");
        } else {
            return give(reader, row, n, NULL);
        }
    }
}

guint64 reader_lines(const Reader *reader)
{
    return reader->number - 1;
}

guint64 reader_blanks(const Reader *reader)
{
    return reader->blanks;
}
