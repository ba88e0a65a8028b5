/*
 * JSON texts for every format that needs them. Escapes more than RFC 8259 asks for: C1 controls
 * and bidirectional marks too, so that a JSON file shown on a terminal shows what is in it.
 */
#include "engine/render/json.h"

#include "engine/base/text.h"

static const char *short_escape(gunichar c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static gboolean is_hidden(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
           text_is_bidi(c);
}

/* Takes what need not be escaped in one go, up to the first that may have to be; its bytes. */
static gsize plain_run(const char *text, GString *out)
{
    gsize n = 0;
    while (text[n] >= ' ' && text[n] < 0x7f && text[n] != '"' && text[n] != '\\')
        n++;
    g_string_append_len(out, text, (gssize)n);
    return n;
}

void json_append_string(GString *out, const char *text)
{
    if (!text) {
        g_string_append(out, "null");
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_string_append_c(out, '"');
    for (const char *p = valid + plain_run(valid, out); *p;
         p = g_utf8_next_char(p), p += plain_run(p, out)) {
        gunichar c = g_utf8_get_char(p);
        const char *escape = short_escape(c);
        if (escape)
            g_string_append(out, escape);
        else if (is_hidden(c))
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_unichar(out, c);
    }
    g_string_append_c(out, '"');
}

static const char *skip_digits(const char *p)
{
    while (g_ascii_isdigit(*p))
        p++;
    return p;
}

gboolean json_is_number(const char *text)
{
    const char *p = text + (*text == '-');
    const char *digits = p;
    p = skip_digits(p);
    if (p == digits || (*digits == '0' && p > digits + 1))
        return FALSE;
    if (*p == '.') {
        if (!g_ascii_isdigit(p[1]))
            return FALSE;
        p = skip_digits(p + 1);
    }
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '+' || p[1] == '-');
        if (!g_ascii_isdigit(*p))
            return FALSE;
        p = skip_digits(p);
    }
    return *p == '\0';
}

void json_append_number(GString *out, const char *text)
{
    if (!text || !*text)
        g_string_append(out, "null");
    else if (json_is_number(text))
        g_string_append(out, text);
    else
        json_append_string(out, text);
}
