/*
 * Writes rows: quoting, the two encodings, the three date orders. A full disk shows in out_close().
 */
#include <errno.h>
#include <string.h>

#include "tests/synth/synth.h"

gboolean out_open(Out *out, const char *dir, const char *name, char separator, gboolean cp1252)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    *out = (Out){.separator = separator, .cp1252 = cp1252};
    out->file = fopen(path, "wb");
    if (out->file == NULL) {
        fprintf(stderr, "crosstrace-synth: cannot write '%s': %s\n", path, g_strerror(errno));
        return FALSE;
    }
    setvbuf(out->file, NULL, _IOFBF, 1 << 20);
    out->row = g_string_sized_new(2048);
    return TRUE;
}

/* The few characters of our texts that Windows-1252 keeps between 0x80 and 0x9f. */
static char cp1252_of(gunichar c)
{
    switch (c) {
    case 0x152:
        return (char)0x8C;
    case 0x153:
        return (char)0x9C;
    case 0x2019:
        return (char)0x92;
    case 0x2013:
        return (char)0x96;
    case 0x2026:
        return (char)0x85;
    default:
        return c < 0x100 ? (char)c : '?';
    }
}

static void put_char(Out *out, const char **text)
{
    if (!out->cp1252 || (guchar) * *text < 0x80) {
        g_string_append_c(out->row, *(*text)++);
        return;
    }
    g_string_append_c(out->row, cp1252_of(g_utf8_get_char(*text)));
    *text = g_utf8_next_char(*text);
}

static void put_quoted(Out *out, const char *text)
{
    g_string_append_c(out->row, '"');
    while (*text != '\0') {
        if (*text == '"')
            g_string_append_c(out->row, '"');
        put_char(out, &text);
    }
    g_string_append_c(out->row, '"');
}

void out_cell(Out *out, const char *text)
{
    const char quoted[] = {out->separator, '"', '\n', '\r', '\0'};
    if (out->begun)
        g_string_append_c(out->row, out->separator);
    out->begun = TRUE;
    if (text == NULL)
        return;
    gsize size = strcspn(text, quoted);
    if (text[size] != '\0')
        put_quoted(out, text);
    else if (!out->cp1252)
        g_string_append_len(out->row, text, (gssize)size);
    else
        while (*text != '\0')
            put_char(out, &text);
}

char *put_digits(char *at, guint64 number, int digits)
{
    for (int i = digits; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
    at[digits] = '\0';
    return at + digits;
}

char *put_number(char *at, guint64 number)
{
    int digits = 1;
    for (guint64 rest = number; rest >= 10; rest /= 10)
        digits++;
    return put_digits(at, number, digits);
}

void out_number(Out *out, guint64 number)
{
    char text[24];
    put_number(text, number);
    out_cell(out, text);
}

void put_date(char *at, int year, int month, int dom, char order)
{
    const char between = order == 'I' ? '-' : '/';
    if (order == 'I')
        at = put_digits(at, (guint64)year, 4);
    else
        at = put_digits(at, (guint64)(order == 'M' ? month : dom), 2);
    *at++ = between;
    at = put_digits(at, (guint64)(order == 'M' ? dom : month), 2);
    *at++ = between;
    if (order == 'I')
        put_digits(at, (guint64)dom, 2);
    else
        put_digits(at, (guint64)year, 4);
}

void out_date(Out *out, Day day, char order)
{
    int year = 0, month = 0, dom = 0;
    char text[16];
    if (day == DAY_NONE) {
        out_cell(out, NULL);
        return;
    }
    date_to_ymd(day, &year, &month, &dom);
    put_date(text, year, month, dom, order);
    out_cell(out, text);
}

void out_words(Out *out, const char *separated)
{
    g_auto(GStrv) words = g_strsplit(separated, " ", -1);
    for (guint i = 0; words[i] != NULL; i++)
        out_cell(out, words[i]);
    out_end(out);
}

void out_end(Out *out)
{
    g_string_append(out->row, out->cp1252 ? "\r\n" : "\n");
    fwrite(out->row->str, 1, out->row->len, out->file);
    g_string_truncate(out->row, 0);
    out->begun = FALSE;
}

gboolean out_close(Out *out)
{
    gboolean good = !ferror(out->file);
    good = fclose(out->file) == 0 && good;
    g_string_free(out->row, TRUE);
    *out = (Out){0};
    if (!good)
        fprintf(stderr, "crosstrace-synth: cannot write: %s\n", g_strerror(errno));
    return good;
}
