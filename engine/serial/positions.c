/*
 * The text of one number -> positions: plain characters, alternatives "[8B]", placeholders, open
 * ends. Which text that is, choice.c says.
 */
#include <string.h>

#include "engine/serial/reading.h"

static gboolean add_position(Serial *serial, CharSet set)
{
    if (serial->length == SERIAL_MAX) {
        return FALSE;
    }
    serial->set[serial->length++] = set;
    serial->known += (set & (set - 1)) == 0;
    return TRUE;
}

static gboolean add_unknown(Serial *serial, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!add_position(serial, CHARSET_ANY)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* "[8B]"; moves *at behind it. */
static gboolean add_set(Serial *serial, const char **at)
{
    CharSet set = 0;
    for ((*at)++; **at != '\0' && **at != ']'; (*at)++) {
        set |= char_set(**at);
    }
    *at += **at == ']';
    return add_position(serial, set == 0 ? CHARSET_ANY : set);
}

/* A run of stars, points, hyphens or slashes: an open end, unreadable positions, or nothing. */
static gboolean add_run(Serial *serial, const char *at, gsize n, gboolean last)
{
    gboolean star = *at == '*';
    if (!star && n < 2) {
        return TRUE;
    }
    if (serial->length == 0) {
        serial->open_left = TRUE;
    } else if (last) {
        serial->open_right = TRUE;
    } else {
        return add_unknown(serial, n);
    }
    return TRUE;
}

/* "HAA1~2~34": characters that were struck through, 0 when none were. */
static gsize struck(const char *at)
{
    gsize n = 1;
    while (*at == '~' && g_ascii_isalnum(at[n])) {
        n++;
    }
    return n > 1 && n < 5 && at[n] == '~' ? n - 1 : 0;
}

/* A sign where a character may have stood, or nothing: "HAA12~4"; moves *at behind it. */
static gboolean add_sign(Serial *serial, const char *text, const char **at)
{
    const char *sign = *at;
    gsize n = struck(sign);
    gboolean inside = sign > text && g_ascii_isalnum(sign[-1]) && g_ascii_isalnum(sign[1]);
    *at += n > 0 ? n + 2 : 1;
    return add_unknown(serial, n > 0 ? n : inside && strchr("~^!|@$", *sign) != NULL);
}

gboolean positions_read(Serial *serial, const char *text)
{
    const char *p = text;
    while (*p != '\0') {
        gboolean good = TRUE;
        if (*p == '?' || *p == '#' || *p == '_') {
            good = add_position(serial, CHARSET_ANY);
            p++;
        } else if (*p == '[') {
            good = add_set(serial, &p);
        } else if (*p == '*' || *p == '.' || *p == '-' || *p == '/') {
            char run[2] = {*p, '\0'};
            gsize n = strspn(p, run);
            gboolean last = p[n + strspn(p + n, " .-/*'")] == '\0';
            good = add_run(serial, p, n, last);
            p += n;
        } else if (char_set(*p) != 0) {
            good = add_position(serial, char_set(*p++));
        } else {
            good = add_sign(serial, text, &p);
        }
        if (!good) {
            return FALSE;
        }
    }
    return TRUE;
}

void positions_merge(Serial *serial, const Serial *other)
{
    guint from = serial->length - other->length;
    for (guint i = 0; i < other->length; i++) {
        serial->set[from + i] |= other->set[i];
    }
    positions_count(serial);
}

void positions_count(Serial *serial)
{
    serial->known = 0;
    for (guint i = 0; i < serial->length; i++) {
        serial->known += (serial->set[i] & (serial->set[i] - 1)) == 0;
    }
}
