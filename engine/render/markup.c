/* Escaping for XML and HTML: see markup.h. */
#include "engine/render/markup.h"

#include <stdarg.h>
#include <string.h>

#include "engine/base/text.h"

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\n':
    case '\t':
        return " ";
    default:
        return NULL;
    }
}

/* Most texts have nothing in them that needs care. */
static gboolean is_plain(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((guchar)*p >= 0x7f || (guchar)*p < ' ' || strchr("&<>\"", *p))
            return FALSE;
    return TRUE;
}

void markup_append(GString *out, const char *text)
{
    if (!text)
        return;
    if (is_plain(text)) {
        g_string_append(out, text);
        return;
    }
    g_autofree char *safe = text_for_terminal(text);
    for (const char *p = safe; *p; p = g_utf8_next_char(p)) {
        const char *entity = entity_of(*p);
        gunichar c = g_utf8_get_char(p);
        if (entity)
            g_string_append(out, entity);
        else if (c == 0xfffe || c == 0xffff)
            g_string_append_printf(out, "\\u{%X}", c);
        else
            g_string_append_len(out, p, g_utf8_next_char(p) - p);
    }
}

void markup_printf(GString *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            g_string_append_c(out, *p);
            continue;
        }
        switch (*++p) {
        case 's':
            markup_append(out, va_arg(arguments, const char *));
            break;
        case 'u':
            g_string_append_printf(out, "%u", va_arg(arguments, guint));
            break;
        case 'd':
            g_string_append_printf(out, "%d", va_arg(arguments, int));
            break;
        default:
            g_string_append_c(out, *p);
        }
    }
    va_end(arguments);
}
