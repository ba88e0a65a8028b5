/*
 * Letters encoded twice and characters written as HTML, in a cell or the name of a column. A pair
 * of characters is only taken for one where what comes of it is a letter of a western or central
 * European language or a mark of typography: beside a capital "É" a no-break space or a quotation
 * mark is what it seems. The raw row keeps what came in.
 */
#include "loaders/mangled.h"

#include <string.h>

#define TIMES_MAX 3 /* how often a text may have been encoded once too often */

#define ENTITY_MAX 10 /* bytes of "&hellip;" and the like */

gboolean mangled_may_be(const char *bytes, gsize length)
{
    const char *end = bytes + length;

    for (const char *p = bytes; (p = memchr(p, 0xC3, (gsize)(end - p))); p++) {
        guint8 next = p + 1 < end ? (guint8)p[1] : 0;

        if ((next >= 0x82 && next <= 0x85) || next == 0xA2) /* the leads of spoiled_at() */
            return TRUE;
    }
    for (const char *p = bytes; (p = memchr(p, '&', (gsize)(end - p))); p++)
        if (memchr(p, ';', MIN((gsize)(end - p), ENTITY_MAX)))
            return TRUE;
    return FALSE;
}

/* What Windows-1252 has from 0x80 to 0x9F; 0: nothing, there the control character stands. */
static const gunichar HIGH[] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* The byte, 0x80 to 0xBF, that goes on a letter of UTF-8 and was read as this character; 0: none.
 */
static guint8 byte_behind(gunichar c)
{
    if (c >= 0x80 && c <= 0xBF)
        return (guint8)c;
    for (guint i = 0; c > 0xBF && i < G_N_ELEMENTS(HIGH); i++)
        if (HIGH[i] == c)
            return (guint8)(0x80 + i);
    return 0;
}

/* Bytes of the text that are one character in truth, which *truth receives; 0: none are. */
static gsize spoiled_at(const char *text, gunichar *truth)
{
    gunichar lead = g_utf8_get_char(text);
    const char *p = g_utf8_next_char(text);
    guint8 first = byte_behind(*p ? g_utf8_get_char(p) : 0), second;

    if (lead == 0xE2 && first == 0xB0) { /* "NÂ°" in small letters */
        *truth = 0xB0;
        return (gsize)(g_utf8_next_char(p) - text);
    }
    if (first == 0 || (lead != 0xE2 && (lead < 0xC2 || lead > 0xC5)) ||
        (lead == 0xC2 && first < 0xA0))
        return 0;
    p = g_utf8_next_char(p);
    if (lead != 0xE2) {
        *truth = ((lead & 0x1F) << 6) | (first & 0x3F);
        return (gsize)(p - text);
    }
    second = byte_behind(*p ? g_utf8_get_char(p) : 0);
    if (second == 0 || first > 0x84)
        return 0;
    *truth = 0x2000 | (gunichar)(first & 0x3F) << 6 | (second & 0x3F);
    return (gsize)(g_utf8_next_char(p) - text);
}

static const struct {
    const char *name;
    gunichar c;
} NAMED[] = {
    {"amp", '&'},      {"apos", '\''},    {"quot", '"'},     {"lt", '<'},       {"gt", '>'},
    {"nbsp", 0xA0},    {"laquo", 0xAB},   {"deg", 0xB0},     {"ordm", 0xBA},    {"raquo", 0xBB},
    {"Agrave", 0xC0},  {"Acirc", 0xC2},   {"Ccedil", 0xC7},  {"Egrave", 0xC8},  {"Eacute", 0xC9},
    {"Ecirc", 0xCA},   {"Euml", 0xCB},    {"Icirc", 0xCE},   {"Iuml", 0xCF},    {"Ntilde", 0xD1},
    {"Ocirc", 0xD4},   {"Ouml", 0xD6},    {"Ugrave", 0xD9},  {"Ucirc", 0xDB},   {"Uuml", 0xDC},
    {"agrave", 0xE0},  {"aacute", 0xE1},  {"acirc", 0xE2},   {"ccedil", 0xE7},  {"egrave", 0xE8},
    {"eacute", 0xE9},  {"ecirc", 0xEA},   {"euml", 0xEB},    {"iacute", 0xED},  {"icirc", 0xEE},
    {"iuml", 0xEF},    {"ntilde", 0xF1},  {"oacute", 0xF3},  {"ocirc", 0xF4},   {"ouml", 0xF6},
    {"ugrave", 0xF9},  {"uacute", 0xFA},  {"ucirc", 0xFB},   {"uuml", 0xFC},    {"oelig", 0x153},
    {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"hellip", 0x2026}};

/* A character that a reader sees: no control, nothing that turns the direction of writing. */
static gboolean is_visible(guint64 c)
{
    return c >= 0x20 && c <= 0x2FFF && c != 0x7F && !(c >= 0x80 && c < 0xA0) &&
           g_unichar_type((gunichar)c) != G_UNICODE_FORMAT;
}

/* Likewise "&#233;", "&#xE9;", "&eacute;" behind an '&'. */
static gsize entity_at(const char *text, gunichar *truth)
{
    const char *semicolon = memchr(text, ';', strnlen(text, ENTITY_MAX));
    gsize length = semicolon ? (gsize)(semicolon - text) : 0;
    const char *name = text + 1;

    if (length < 3)
        return 0;
    if (*name == '#') {
        gboolean hex = name[1] == 'x' || name[1] == 'X';
        char *end = NULL;
        guint64 c = g_ascii_isxdigit(name[hex ? 2 : 1])
                        ? g_ascii_strtoull(name + (hex ? 2 : 1), &end, hex ? 16 : 10)
                        : 0;

        *truth = (gunichar)c;
        return end == semicolon && is_visible(c) ? length + 1 : 0;
    }
    for (guint i = 0; i < G_N_ELEMENTS(NAMED); i++)
        if (strncmp(NAMED[i].name, name, length - 1) == 0 && !NAMED[i].name[length - 1]) {
            *truth = NAMED[i].c;
            return length + 1;
        }
    return 0;
}

/* One encoding undone; FALSE: nothing was to undo. */
static gboolean mend_once(char *text)
{
    char *to = text;
    gboolean mended = FALSE;

    for (const char *p = text; *p;) {
        gunichar truth = 0;
        gsize length = (guint8)*p == 0xC3 ? spoiled_at(p, &truth)
                       : *p == '&'        ? entity_at(p, &truth)
                                          : 0;

        if (length > 0) {
            to += g_unichar_to_utf8(truth, to);
            p += length;
            mended = TRUE;
            continue;
        }
        for (const char *next = g_utf8_next_char(p); p < next;)
            *to++ = *p++;
    }
    *to = '\0';
    return mended;
}

void mangled_mend(char *text)
{
    for (guint i = 0; i < TIMES_MAX && mangled_may_be(text, strlen(text)) && mend_once(text); i++)
        continue;
}
