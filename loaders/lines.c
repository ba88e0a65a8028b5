/*
 * Bytes into physical lines: a window over the source that grows up to the longest line we take,
 * then skips to the next line end. Decodes Windows-1252 and ISO-8859-1 line by line and checks
 * UTF-8 where the file as a whole was not clean. Knows nothing of CSV.
 */
#include "loaders/lines.h"

#include <string.h>

#define WINDOW    262144
#define CUT       4096 /* how much of an over-long line is kept as evidence */
#define NOT_FOUND G_MAXSIZE

struct Lines {
    Source *source;
    char *window;
    gsize size, start, end; /* allocated; unread bytes are [start, end) */
    gsize next_lf, next_cr; /* where they are in the window, NOT_FOUND, or before start: unknown */
    gsize searched;         /* bytes from start on that hold no line end */
    gboolean at_end;
    GIConv conversion; /* 8-bit encodings only */
    GString *decoded;
    GString *cut; /* begin of an over-long line */
    gboolean cut_shown;
};

Lines *lines_new(Source *source, GError **error)
{
    Lines *lines;
    Encoding encoding = source_encoding(source);

    if (!source_rewind(source, error))
        return NULL;
    lines = g_new0(Lines, 1);
    lines->source = source;
    lines->size = WINDOW;
    lines->window = g_malloc(lines->size);
    lines->next_lf = lines->next_cr = NOT_FOUND;
    lines->decoded = g_string_new(NULL);
    lines->cut = g_string_new(NULL);
    lines->conversion = (GIConv)-1;
    if (encoding == ENCODING_CP1252 || encoding == ENCODING_LATIN1)
        lines->conversion = g_iconv_open("UTF-8", encoding_name(encoding));
    return lines;
}

void lines_free(Lines *lines)
{
    if (!lines)
        return;
    if (lines->conversion != (GIConv)-1)
        g_iconv_close(lines->conversion);
    g_string_free(lines->decoded, TRUE);
    g_string_free(lines->cut, TRUE);
    g_free(lines->window);
    g_free(lines);
}

/* More bytes behind the unread ones; FALSE on error. Forgets where line ends are. */
static gboolean window_fill(Lines *lines, GError **error)
{
    gssize n;

    memmove(lines->window, lines->window + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
    if (lines->end == lines->size) {
        lines->size = MIN(lines->size * 2, LINE_MAX_BYTES + WINDOW);
        lines->window = g_realloc(lines->window, lines->size);
    }
    n = source_read(lines->source, lines->window + lines->end, lines->size - lines->end, error);
    if (n < 0)
        return FALSE;
    lines->at_end = n == 0;
    lines->end += (gsize)n;
    lines->next_lf = lines->next_cr = 0;
    return TRUE;
}

static gsize find_byte(const Lines *lines, gsize from, char byte)
{
    const char *at = memchr(lines->window + from, byte, lines->end - from);

    return at ? (gsize)(at - lines->window) : NOT_FOUND;
}

/* Position of the next line end in the window, or NOT_FOUND. Each byte is looked at once for LF
 * and once for CR, whatever the file's habit. */
static gsize find_end(Lines *lines)
{
    gsize from = lines->start + lines->searched, at;

    if (from >= lines->end)
        return NOT_FOUND;
    if (lines->next_lf != NOT_FOUND && lines->next_lf <= from)
        lines->next_lf = find_byte(lines, from, '\n');
    if (lines->next_cr != NOT_FOUND && lines->next_cr <= from)
        lines->next_cr = find_byte(lines, from, '\r');
    at = MIN(lines->next_lf, lines->next_cr);
    /* NOLINTNEXTLINE: what was found lies before the end, so the window is not empty */
    if (at != NOT_FOUND && lines->window[at] == '\r' && at + 1 == lines->end && !lines->at_end) {
        lines->searched = at - lines->start; /* is an LF behind it? */
        return NOT_FOUND;
    }
    if (at == NOT_FOUND)
        lines->searched = lines->end - lines->start;
    return at;
}

/* An over-long line: its begin is kept, the window emptied. */
static void line_cut(Lines *lines)
{
    if (lines->cut->len == 0)
        g_string_append_len(lines->cut, lines->window + lines->start, CUT);
    lines->start = lines->end;
    lines->searched = 0;
    lines->next_lf = lines->next_cr = NOT_FOUND;
}

/* The converted text; a byte that the encoding does not know becomes U+FFFD. FALSE if any did. */
static gboolean decode_8bit(Lines *lines, const char *text, gsize length)
{
    char *in = (char *)text;
    gboolean good = TRUE;

    g_string_set_size(lines->decoded, 0);
    while (length > 0) {
        char buffer[4096], *out = buffer;
        gsize room = sizeof buffer;
        gsize result = g_iconv(lines->conversion, &in, &length, &out, &room);

        g_string_append_len(lines->decoded, buffer, (gssize)(sizeof buffer - room));
        if (result == (gsize)-1 && room >= 8) {
            good = FALSE;
            g_string_append(lines->decoded, "\xEF\xBF\xBD");
            in++;
            length--;
        }
    }
    return good;
}

static gboolean is_ascii(const char *text, gsize length)
{
    guint8 all = 0;

    for (gsize i = 0; i < length; i++)
        all |= (guint8)text[i];
    return all < 0x80;
}

/* NUL is no matter of encoding: the parser refuses it by name. */
static gboolean is_utf8(const char *text, gsize length)
{
    while (length > 0) {
        const char *stop;

        if (g_utf8_validate_len(text, length, &stop))
            return TRUE;
        if (*stop != '\0')
            return FALSE;
        length -= (gsize)(stop - text) + 1;
        text = stop + 1;
    }
    return TRUE;
}

static void line_decode(Lines *lines, Line *line)
{
    gboolean good = TRUE;

    if ((source_is_clean(lines->source) && !line->flaw) || is_ascii(line->text, line->length))
        return;
    if (lines->conversion != (GIConv)-1) {
        good = decode_8bit(lines, line->text, line->length);
    } else {
        if (is_utf8(line->text, line->length))
            return;
        g_autofree char *valid = g_utf8_make_valid(line->text, (gssize)line->length);

        g_string_assign(lines->decoded, valid);
        good = FALSE;
    }
    line->text = lines->decoded->str;
    line->length = lines->decoded->len;
    if (!good && !line->flaw)
        line->flaw = "encoding";
}

static void line_set(Lines *lines, Line *line, gsize at)
{
    *line = (Line){lines->window + lines->start, at - lines->start, "", NULL};
    if (at < lines->end && lines->window[at] == '\n')
        line->end = "\n";
    else if (at + 1 < lines->end && lines->window[at + 1] == '\n')
        line->end = "\r\n";
    else if (at < lines->end)
        line->end = "\r";
    lines->start = at + strlen(line->end);
    lines->searched = 0;
    if (lines->cut->len > 0) {
        line->text = lines->cut->str;
        line->length = lines->cut->len;
        line->flaw = "field-size";
        lines->cut_shown = TRUE;
    }
}

LinesResult lines_next(Lines *lines, Line *line, GError **error)
{
    gsize at;

    if (lines->cut_shown)
        g_string_set_size(lines->cut, 0);
    lines->cut_shown = FALSE;
    while ((at = find_end(lines)) == NOT_FOUND && !lines->at_end) {
        if (lines->end - lines->start > LINE_MAX_BYTES)
            line_cut(lines);
        if (!window_fill(lines, error))
            return LINES_FAILED;
    }
    if (at == NOT_FOUND) {
        if (lines->start == lines->end && lines->cut->len == 0)
            return LINES_END;
        at = lines->end;
    }
    line_set(lines, line, at);
    line_decode(lines, line);
    return LINES_LINE;
}
