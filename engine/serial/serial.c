/*
 * The forms of a serial observation: pattern text and back, canonical form, NCIC key. Reading
 * what people write into that form is reading.c; comparing two of them is tier.c.
 */
#include "engine/serial/serial.h"

#include <math.h>
#include <string.h>

#include "engine/serial/reading.h"

static const char *const KIND_NAMES[] = {"FULL",     "PARTIAL", "OBLITERATED", "ALTERED",
                                         "RESTORED", "NONE",    "UNKNOWN",     "NOT_A_SERIAL"};

static const char ALPHABET[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const char *serial_kind_name(SerialKind kind)
{
    return KIND_NAMES[kind];
}

gboolean serial_kind_parse(const char *name, SerialKind *kind)
{
    for (guint i = 0; name != NULL && i < G_N_ELEMENTS(KIND_NAMES); i++) {
        if (strcmp(name, KIND_NAMES[i]) == 0) {
            *kind = (SerialKind)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean single(CharSet set)
{
    return set != 0 && (set & (set - 1)) == 0;
}

static char set_char(CharSet set)
{
    return ALPHABET[g_bit_nth_lsf((gulong)set, -1)];
}

char *serial_pattern(const Serial *serial)
{
    GString *out = g_string_sized_new(serial->length + 2);
    if (serial->length > 0 && serial->open_left) {
        g_string_append_c(out, '*');
    }
    for (guint i = 0; i < serial->length; i++) {
        CharSet set = serial->set[i];
        if (set == CHARSET_ANY) {
            g_string_append_c(out, '?');
        } else if (single(set)) {
            g_string_append_c(out, set_char(set));
        } else {
            g_string_append_c(out, '[');
            for (guint c = 0; c < 36; c++) {
                if (set >> c & 1) {
                    g_string_append_c(out, ALPHABET[c]);
                }
            }
            g_string_append_c(out, ']');
        }
    }
    if (serial->length > 0 && serial->open_right) {
        g_string_append_c(out, '*');
    }
    return g_string_free(out, FALSE);
}

CharSet char_set(char c)
{
    c = (c == 'O') ? '0' : (c == 'I') ? '1' : c;
    if (c >= '0' && c <= '9') {
        return (CharSet)1 << (c - '0');
    }
    return c >= 'A' && c <= 'Z' ? (CharSet)1 << (c - 'A' + 10) : 0;
}

/* One position at *p, which is moved behind it; 0 when there is none. */
static CharSet pattern_position(const char **p)
{
    if (**p == '?') {
        (*p)++;
        return CHARSET_ANY;
    }
    if (**p != '[') {
        return char_set(*(*p)++);
    }
    CharSet set = 0;
    for ((*p)++; char_set(**p) != 0; (*p)++) {
        set |= char_set(**p);
    }
    if (**p != ']') {
        return 0;
    }
    (*p)++;
    return set;
}

gboolean serial_from_pattern(const char *pattern, SerialKind kind, Serial *serial)
{
    *serial = (Serial){.kind = kind};
    const char *p = pattern;
    if (*p == '*') {
        serial->open_left = TRUE;
        p++;
    }
    while (*p != '\0' && !(p[0] == '*' && p[1] == '\0')) {
        CharSet set = pattern_position(&p);
        if (set == 0 || serial->length == SERIAL_MAX) {
            return FALSE;
        }
        serial->set[serial->length++] = set;
        serial->known += single(set);
    }
    serial->open_right = *p == '*';
    return serial->length > 0 || *pattern == '\0';
}

gsize serial_size(const Serial *serial)
{
    return G_STRUCT_OFFSET(Serial, set) + serial->length * sizeof(CharSet);
}

Serial *serial_dup(const Serial *serial)
{
    return g_memdup2(serial, serial_size(serial));
}

char *serial_canonical(const Serial *serial)
{
    if (serial->length == 0 || serial->known != serial->length || serial->open_left ||
        serial->open_right) {
        return NULL;
    }
    char *text = g_malloc(serial->length + 1);
    for (guint i = 0; i < serial->length; i++) {
        text[i] = set_char(serial->set[i]);
    }
    text[serial->length] = '\0';
    return text;
}

char *serial_ncic(const Serial *serial)
{
    char *text = serial_canonical(serial);
    if (text == NULL) {
        return NULL;
    }
    gsize n = strlen(text);
    gsize first = strcspn(text, "0123456789"), last = n;
    while (last > first && !g_ascii_isdigit(text[last - 1])) {
        last--;
    }
    gsize kept = 0;
    /* NOLINTBEGIN(clang-analyzer-core.uninitialized*): strlen() counted what is there */
    for (gsize i = 0; i < n; i++) {
        if (i < first || i >= last || g_ascii_isdigit(text[i])) {
            text[kept++] = text[i];
        }
    }
    /* NOLINTEND(clang-analyzer-core.uninitialized*) */
    text[kept] = '\0';
    return text;
}

/* Bits by which a position narrows what may stand there: one of the digits, of the letters, or of
 * both, as far as it is known which. */
static double position_bits(CharSet set)
{
    const CharSet digits = ((CharSet)1 << 10) - 1, letters = CHARSET_ANY & ~digits;
    CharSet from = (set & ~digits) == 0 ? digits : (set & ~letters) == 0 ? letters : CHARSET_ANY;
    return log2((double)__builtin_popcountll(from) / __builtin_popcountll(set));
}

double serial_information(const Serial *serial)
{
    double bits = 0;
    for (guint i = 0; i < serial->length; i++) {
        bits += position_bits(serial->set[i]);
    }
    return bits;
}
