/*
 * Text folding: the one place that says which two texts are the same word. Works character by
 * character over UTF-8 and never asks the locale (a Turkish i is an i here). Invalid bytes become
 * U+FFFD, so that every result is valid UTF-8. Names and serials have finer rules in their rooms.
 */
#include "engine/base/text.h"

#include <string.h>

#include "engine/base/hash.h"

typedef struct {
    gunichar from;
    const char *to;
} Opening;

/* What decomposition does not open. */
static const Opening OPENINGS[] = {
    {0x00C6, "AE"}, {0x00D0, "D"},  {0x00D8, "O"},   {0x00DE, "TH"},  {0x00DF, "SS"},
    {0x00E6, "AE"}, {0x00F0, "D"},  {0x00F8, "O"},   {0x00FE, "TH"},  {0x0110, "D"},
    {0x0111, "D"},  {0x0131, "I"},  {0x0141, "L"},   {0x0142, "L"},   {0x0152, "OE"},
    {0x0153, "OE"}, {0x1E9E, "SS"}, {0x2010, "-"},   {0x2011, "-"},   {0x2012, "-"},
    {0x2013, "-"},  {0x2014, "-"},  {0x2015, "-"},   {0x2018, "'"},   {0x2019, "'"},
    {0x201A, "'"},  {0x201B, "'"},  {0x201C, "\""},  {0x201D, "\""},  {0x201E, "\""},
    {0x201F, "\""}, {0x2032, "'"},  {0x2033, "\""},  {0x2039, "'"},   {0x203A, "'"},
    {0x2212, "-"},  {0x00AB, "\""}, {0x00BB, "\""},  {0x02BC, "'"},   {0xFB00, "FF"},
    {0xFB01, "FI"}, {0xFB02, "FL"}, {0xFB03, "FFI"}, {0xFB04, "FFL"}, {0xFF0D, "-"},
};

static const char *opening(gunichar c)
{
    for (guint i = 0; i < G_N_ELEMENTS(OPENINGS); i++)
        if (OPENINGS[i].from == c)
            return OPENINGS[i].to;
    return NULL;
}

static gboolean is_mark(gunichar c)
{
    return c >= 0x0300 && c <= 0x036F;
}

static gunichar without_accents(gunichar c)
{
    gunichar base, mark;

    while (g_unichar_decompose(c, &base, &mark) && is_mark(mark))
        c = base;
    return c;
}

/* Outside ASCII; one character of input. */
static void fold_char(GString *out, gunichar c)
{
    const char *plain = opening(c);

    if (!plain && is_mark(c))
        return;
    if (!plain)
        plain = opening(c = without_accents(c));
    if (plain)
        g_string_append(out, plain);
    else
        g_string_append_unichar(out, g_unichar_toupper(c));
}

/* And not the end of the text. */
static gboolean is_ascii(char c)
{
    return (guchar)(c - 1) < 0x7F;
}

/* Bytes of ASCII that the text begins with. */
static gsize ascii_length(const char *text)
{
    gsize length = 0;

    while (is_ascii(text[length]))
        length++;
    return length;
}

/* Nearly every text is ASCII: folded as it is copied. */
static char *fold_ascii(const char *text, gsize length)
{
    char *folded = g_malloc(length + 1);

    for (gsize i = 0; i < length; i++)
        folded[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    folded[length] = '\0';
    return folded;
}

char *text_fold(const char *text)
{
    gsize length = ascii_length(text);
    g_autofree char *valid = NULL;
    GString *out;

    if (text[length] == '\0')
        return fold_ascii(text, length);
    if (!g_utf8_validate(text, -1, NULL))
        text = valid = g_utf8_make_valid(text, -1);
    out = g_string_sized_new(strlen(text));
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if ((guchar)*p < 0x80)
            g_string_append_c(out, g_ascii_toupper(*p));
        else
            fold_char(out, g_utf8_get_char(p));
    }
    return g_string_free(out, FALSE);
}

gboolean text_is_folded(const char *text)
{
    while (is_ascii(*text) && !g_ascii_islower(*text))
        text++;
    return *text == '\0';
}

char *text_key(const char *text)
{
    char *folded = text_fold(text);
    char *to = folded;

    for (const char *p = folded; *p; p++)
        if (g_ascii_isupper(*p) || g_ascii_isdigit(*p))
            *to++ = *p;
    *to = '\0';
    return folded;
}

static gboolean is_blank(gunichar c)
{
    return g_unichar_isspace(c) || c == 0x0B || c == 0x85;
}

/* Zero-width space, joiner and byte-order mark: nothing that a person sees. */
static gboolean is_invisible(gunichar c)
{
    return c == 0x200B || c == 0x2060 || c == 0xFEFF;
}

gboolean text_is_squeezed(const char *text)
{
    char before = ' ';

    for (; (*text > ' ' && *text < 0x7F) || (*text == ' ' && before != ' '); text++)
        before = *text;
    return *text == '\0' && before != ' ';
}

char *text_squeeze(const char *text)
{
    g_autofree char *valid = NULL;
    GString *out;
    gboolean pending = FALSE;

    if (text_is_squeezed(text))
        return g_strdup(text);
    if (!g_utf8_validate(text, -1, NULL))
        text = valid = g_utf8_make_valid(text, -1);
    out = g_string_sized_new(strlen(text));
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (is_invisible(c))
            continue;
        if (is_blank(c)) {
            pending = out->len > 0;
            continue;
        }
        if (pending)
            g_string_append_c(out, ' ');
        pending = FALSE;
        g_string_append_len(out, p, g_utf8_next_char(p) - p);
    }
    return g_string_free(out, FALSE);
}

const char *text_present(const char *text)
{
    if (!text || (*text > ' ' && *text < 0x7F)) /* most begin with something that is seen */
        return text;
    for (const char *p = text; *p;) {
        gunichar c = g_utf8_get_char_validated(p, -1);

        if (c >= (gunichar)-2 || !(is_blank(c) || is_invisible(c)))
            return text;
        p = g_utf8_next_char(p);
    }
    return NULL;
}

gboolean text_is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

gboolean text_is_bidi(gunichar c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

char *text_for_terminal(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));

    for (const char *p = text; *p;) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        gboolean control = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;

        if (c >= (gunichar)-2 || control) {
            g_string_append_printf(out, "\\x%02X", (guchar)*p++);
            continue;
        }
        if ((c >= 0x80 && c < 0xA0) || text_is_bidi(c))
            g_string_append_printf(out, "\\u{%04X}", c);
        else
            g_string_append_unichar(out, c);
        p = g_utf8_next_char(p);
    }
    return g_string_free(out, FALSE);
}

gint text_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *text_sha256(const void *bytes, gssize length)
{
    g_autoptr(Sha256) sha = sha256_new();

    sha256_add(sha, bytes, length < 0 ? strlen(bytes) : (gsize)length);
    return sha256_take(sha);
}

static gboolean breaks_reference(gunichar c)
{
    return c == ':' || c == ';' || c == '%' || (c < (gunichar)-2 && is_blank(c));
}

gboolean text_is_plain_key(const char *value)
{
    while (*value > ' ' && *value < 0x7F && *value != ':' && *value != ';' && *value != '%')
        value++;
    return *value == '\0';
}

char *text_ref_encode(const char *value)
{
    GString *out;

    if (text_is_plain_key(value))
        return g_strdup(value);
    out = g_string_sized_new(strlen(value));

    for (const char *p = value; *p;) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        const char *next = c >= (gunichar)-2 ? p + 1 : g_utf8_next_char(p);

        if (!breaks_reference(c))
            g_string_append_len(out, p, next - p);
        else
            for (const char *b = p; b < next; b++)
                g_string_append_printf(out, "%%%02X", (guchar)*b);
        p = next;
    }
    return g_string_free(out, FALSE);
}

char *text_number(double value, int decimals)
{
    char format[8];
    char buffer[512];
    const char *p = buffer;

    g_snprintf(format, sizeof format, "%%.%df", CLAMP(decimals, 0, 99));
    g_ascii_formatd(buffer, sizeof buffer, format, value);
    if (buffer[0] == '-' && strspn(buffer + 1, "0.") == strlen(buffer + 1))
        p++;
    return g_strdup(p);
}

char *text_probability(double value)
{
    return text_number(value < 1 ? MIN(value, 0.9999) : value, 4);
}

static guint edits(const char *a, const char *b)
{
    gsize m = strlen(b);
    g_autofree guint *row = g_new(guint, m + 1);
    for (gsize j = 0; j <= m; j++)
        row[j] = (guint)j;
    for (gsize i = 1; a[i - 1]; i++) {
        guint corner = row[0];
        row[0] = (guint)i;
        for (gsize j = 1; b[j - 1]; j++) {
            guint other = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            row[j] = MIN(other, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[m];
}

void text_nearest_init(TextNearest *nearest, const char *wanted)
{
    char *key = text_key(wanted);
    *nearest = (TextNearest){key, NULL, (guint)(strlen(key) + 1) / 2 + 1};
}

void text_nearest_offer(TextNearest *nearest, const char *text)
{
    g_autofree char *key = text_key(text);
    guint distance = edits(nearest->key, key);
    if (distance < nearest->distance) {
        g_free(nearest->best);
        nearest->best = g_strdup(text);
        nearest->distance = distance;
    }
}

void text_nearest_clear(TextNearest *nearest)
{
    g_free(nearest->key);
    g_free(nearest->best);
}
