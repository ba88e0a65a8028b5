/*
 * First step on a raw serial field: plain upper-case text, with x as a placeholder where it is no
 * letter of the number (mark_run). Words and brackets are left alone.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/serial/reading.h"

/* What stands for something although it is not ASCII. Cyrillic and Greek letters are the Latin
 * letter that looks like them, or that sounds like them: whoever copies a number writes one of the
 * two. */
static const struct {
    const char *from, *to;
} SPELLED[] = {{"\xC2\xB0", "O "},      {"\xC2\xBA", "O "},       {"\xE2\x84\x96", "NO "},
               {"\xE2\x80\xA6", "..."}, {"\xE2\x86\x92", " -> "}, {"\xD0\x90", "A"},
               {"\xD0\x92", "[BV]"},    {"\xD0\x95", "E"},        {"\xD0\x9A", "K"},
               {"\xD0\x9C", "M"},       {"\xD0\x9D", "[HN]"},     {"\xD0\x9E", "O"},
               {"\xD0\xA0", "[PR]"},    {"\xD0\xA1", "[CS]"},     {"\xD0\xA2", "T"},
               {"\xD0\xA3", "[UY]"},    {"\xD0\xA5", "[HX]"},     {"\xD0\x86", "I"},
               {"\xD0\x85", "S"},       {"\xD0\x88", "J"},        {"\xCE\x91", "A"},
               {"\xCE\x92", "B"},       {"\xCE\x95", "E"},        {"\xCE\x96", "Z"},
               {"\xCE\x97", "H"},       {"\xCE\x99", "I"},        {"\xCE\x9A", "K"},
               {"\xCE\x9C", "M"},       {"\xCE\x9D", "N"},        {"\xCE\x9F", "O"},
               {"\xCE\xA1", "[PR]"},    {"\xCE\xA4", "T"},        {"\xCE\xA5", "[UY]"},
               {"\xCE\xA7", "X"}};

/* Bullets and the like, with which people cover or count what they cannot read. */
static gboolean is_cover(gunichar c)
{
    return c == 0x2022 || c == 0x2023 || c == 0x25CF || c == 0x00BF || c == 0x2043;
}

/* A letter, number or sign that is none of the alphabet: something stood there. Punctuation,
 * arrows, and the signs of trade marks stand for nothing. */
static gboolean is_sign(gunichar c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
        return !(c >= 0x2190 && c <= 0x21FF) && c != 0xA9 && c != 0xAE && c != 0x2122;
    default:
        return is_cover(c);
    }
}

/* Where the text that has no blank ends. */
static gsize word_length(const char *at)
{
    return strcspn(at, " \t\n\r,;:()\"=");
}

static gboolean has_digit(const char *at, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isdigit(at[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

#define PREFIX_MAX 3 /* letters of another script that are a prefix in a word of its own */

/* Is a word a number or its prefix, so that every sign in it is a place? */
static gboolean holds_places(const char *word)
{
    gsize n = word_length(word), gap = strspn(word + n, " -");
    gboolean cased = g_unichar_type(g_utf8_get_char(word)) != G_UNICODE_OTHER_LETTER;
    return has_digit(word, n) || (cased && g_utf8_strlen(word, (gssize)n) <= PREFIX_MAX &&
                                  gap > 0 && g_ascii_isdigit(word[n + gap]));
}

/* What a character outside ASCII is read as; places: it stands in a number. A bullet before the
 * word is a list's. */
static const char *spelled(const char *at, gboolean places, gboolean first, gsize *length)
{
    gunichar c = g_utf8_get_char(at);
    *length = (gsize)(g_utf8_next_char(at) - at);
    gboolean letter = g_unichar_isalpha(c) && c != 0xBA && c != 0xAA;
    for (guint i = 0; i < G_N_ELEMENTS(SPELLED) && (places || !letter); i++) {
        if (strncmp(at, SPELLED[i].from, strlen(SPELLED[i].from)) == 0) {
            return SPELLED[i].to;
        }
    }
    gboolean list = first && is_cover(c) && g_utf8_get_char(at + *length) != c;
    return places && !list && is_sign(c) ? "?" : " ";
}

/* ="0503E000", 'ABC and "ABC": the quoting of spreadsheets. */
static void unwrap(GString *text)
{
    while (text->len > 0 && g_ascii_isspace(text->str[0])) {
        g_string_erase(text, 0, 1);
    }
    while (text->len > 0 && g_ascii_isspace(text->str[text->len - 1])) {
        g_string_truncate(text, text->len - 1);
    }
    if (g_str_has_prefix(text->str, "=\"")) {
        g_string_erase(text, 0, 1);
    }
    gboolean quoted = text->len > 1 && text->str[0] == '"' && text->str[text->len - 1] == '"';
    if (quoted) {
        g_string_truncate(text, text->len - 1);
    }
    if (quoted || text->str[0] == '\'') {
        g_string_erase(text, 0, 1);
    }
}

/* "# 12345", "#HAA1234": number sign; "#B12?4", "##1234": a position. */
static gboolean is_number_sign(const char *text)
{
    return text[0] == '#' && (text[1] == ' ' || strpbrk(text + 1, "?*#_[") == NULL);
}

/* "1) HAA1234", "(a) HAA1234", "2. HAA1234": what counts the lines of a list; its length. */
static gsize enumerator(const char *text)
{
    gboolean open = text[0] == '(', sign = text[0] == '#';
    gsize from = open || sign ? 1 : 0, n = from, digits = strspn(text + from, "0123456789");
    n += digits > 0 && digits < 3 ? digits : digits == 0 && g_ascii_isalpha(text[n]) ? 1 : 0;
    if (!open && digits > 0 && text[n] == '/' && g_ascii_isdigit(text[n + 1]) &&
        text[n + 2] == ' ') {
        n += 2; /* "1/2 HAA1234" */
        return g_ascii_isupper(text[n + 1]) && g_ascii_isupper(text[n + 2]) &&
                       has_digit(text + n, strlen(text + n))
                   ? n + 1
                   : 0;
    }
    if (sign && digits == 1 && strchr(" :.", text[n]) != NULL) { /* "#1 HAA1234" */
        gsize gap = strspn(text + n, " :.)-");
        return strcspn(text + n + gap, " ") >= 5 ? n + gap : 0;
    }
    gboolean point = !open && digits > 0 && text[n] == '.';
    if (n == from || !(text[n] == ')' || point) || text[n + 1] != ' ') {
        return 0;
    }
    gsize rest = n + 1 + strspn(text + n + 1, " ");
    return strcspn(text + rest, " ") >= 5 && has_digit(text + rest, strlen(text + rest)) ? rest : 0;
}

/* The letter or digit that a raised, lowered or styled one is ("HAA\u00B9\u00B2", mathematical
 * bold); '\0': none, or the sign of an ordinal. */
static char styled(gunichar c)
{
    gunichar plain[4];
    gboolean ordinal = c == 0xAA || c == 0xBA;
    return !ordinal && g_unichar_fully_decompose(c, TRUE, plain, G_N_ELEMENTS(plain)) == 1 &&
                   plain[0] < 0x80 && g_ascii_isalnum((char)plain[0])
               ? (char)plain[0]
               : '\0';
}

/* UTF-8 that was read as Latin-1 or Windows-1252 and written as UTF-8 again: "Ã©", "Â°". What an
 * encoding lost between letters is '?', as for those who write "OBLIT?R?". */
static char *repaired(const char *raw)
{
    static const gunichar special[] = {0x20AC, 0x2030, 0x2021, 0x02C6, 0x0160, 0x201D};
    static const char plain[] = "AECEEO";
    g_autofree char *valid = g_utf8_make_valid(raw, -1);
    GString *out = g_string_sized_new(strlen(valid) + 1);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *next = g_utf8_next_char(p);
        gunichar d = g_utf8_get_char(next);
        gboolean letter = p > valid && g_ascii_isalpha(p[-1]) && !g_ascii_isdigit(*next);
        guint i = 0;
        while (i < G_N_ELEMENTS(special) && special[i] != d) {
            i++;
        }
        if ((c == 0xC3 || c == 0xC2) && d >= 0x80 && d <= 0xBF) {
            g_string_append_unichar(out, c == 0xC3 ? d + 0x40 : d);
            p = next;
        } else if (c == 0xC3 && i < G_N_ELEMENTS(special)) {
            g_string_append_c(out, plain[i]);
            p = next;
        } else if (c == 0xFFFD && letter) {
            g_string_append_c(out, '?');
        } else if (c >= 0xFF01 && c <= 0xFF5E) { /* of full width */
            g_string_append_c(out, (char)(c - 0xFF01 + '!'));
        } else if (c >= 0x80 && styled(c) != '\0') {
            g_string_append_c(out, styled(c));
        } else if (c >= 0x80 && g_unichar_isdigit(c)) { /* of another script */
            g_string_append_c(out, (char)('0' + g_unichar_digit_value(c)));
        } else {
            g_string_append_unichar(out, c);
        }
    }
    return g_string_free(out, FALSE);
}

char *field_plain(const char *raw)
{
    g_autofree char *sound = repaired(raw);
    g_autofree char *folded = text_fold(sound);
    GString *out = g_string_sized_new(strlen(folded) + 8);
    const char *word = folded, *end = folded;
    gboolean places = FALSE;
    for (const char *p = folded; *p != '\0';) {
        if (p >= end) {
            word = p;
            end = p + MAX(word_length(p), 1);
            places = holds_places(p);
        }
        if ((guchar)*p >= 0x80) {
            gsize n;
            g_string_append(out, spelled(p, places, p == word, &n));
            p += n;
        } else {
            g_string_append_c(out, *p == '\n' ? ';' : g_ascii_iscntrl(*p) ? ' ' : *p);
            p++;
        }
    }
    unwrap(out);
    g_string_erase(out, 0, (gssize)enumerator(out->str));
    if (is_number_sign(out->str)) {
        g_string_erase(out, 0, 1);
    }
    return g_string_free(out, FALSE);
}

static gboolean run_char(char c)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr("?*#_", c) != NULL);
}

static gboolean is_x(char c)
{
    return c == 'x' || c == 'X';
}

/* "9x19", "7.62x39": the bore and length of a cartridge that is known. text: where the field
 * begins. */
static gboolean is_cartridge(const char *text, const char *run, gsize n)
{
    char name[8];
    gboolean part = run > text + 1 && strchr(".,", run[-1]) != NULL && g_ascii_isdigit(run[-2]) &&
                    (run == text + 2 || run[-3] == ' ');
    run -= part ? 2 : 0;
    n += part ? 2 : 0;
    if (n < 4 || n > 7) {
        return FALSE;
    }
    for (gsize i = 0; i < n; i++) {
        name[i] = run[i] == ',' ? '.' : g_ascii_toupper(run[i]);
    }
    name[n] = '\0';
    return g_strcmp0(notation_not_serial(NULL, name), "calibre") == 0;
}

/* "HAA1234 x2", "HAA1234 (x 2)": an x in a word of its own counts what stands before it. */
static gboolean is_quantity(const char *text, const char *run, gsize n)
{
    gsize digits = 0, before = 0, few = strspn(run, "0123456789");
    text += strspn(text, " ");
    gboolean first = run == text;
    if ((first && few > 0 && few <= 2 && few + 1 == n && is_x(run[few])) ||
        (n == 1 && is_x(run[0]) && run - text <= 3 && run > text && run[-1] == ' ' &&
         strspn(text, "0123456789") + 1 == (gsize)(run - text))) {
        return strcspn(run + n + strspn(run + n, " "), " ") >= 5; /* "2x HAA1234" */
    }
    const char *p = run;
    while (p > text && strchr(" (", p[-1]) != NULL) {
        p--;
    }
    for (; p - before > text && run_char(p[-1 - (gssize)before]); before++) {
        digits += g_ascii_isdigit(p[-1 - (gssize)before]);
    }
    const char *count = run + 1 + (n == 1 ? strspn(run + 1, " ") : 0);
    gsize length = strspn(count, "0123456789");
    return p < run && before >= 5 && digits > 0 && is_x(run[0]) && length > 0 && length <= 2 &&
           (count[length] == '\0' || strchr("),; ", count[length]) != NULL);
}

/* Marks one run of letters, digits and placeholders: an x is a place that nobody read where two or
 * more stand together, where no other letter is written small, and, where the number is said to be
 * damaged, beside any digit or placeholder. */
static void mark_run(const char *text, char *run, gsize n, gboolean flagged)
{
    guint lower = 0, readable = 0, others = 0;
    for (gsize i = 0; i < n; i++) {
        lower += g_ascii_islower(run[i]) && run[i] != 'x';
        readable += g_ascii_isdigit(run[i]);
        others += !is_x(run[i]) && !g_ascii_isalnum(run[i]);
    }
    gboolean number = readable + others > 0;
    if (is_cartridge(text, run, n)) {
        return; /* "9x19 HAA1234" */
    }
    if (flagged && n > 1 && run[0] == '#') {
        run[0] = '?';
    }
    for (gsize i = 0; i < n; i++) {
        if (!is_x(run[i])) {
            continue;
        }
        gboolean repeated = (i > 0 && run[i - 1] == '\1') || (i + 1 < n && is_x(run[i + 1]));
        gboolean small = run[i] == 'x' && lower == 0;
        if (repeated || small || (flagged && number)) {
            run[i] = '\1';
        }
    }
    for (gsize i = 0; i < n; i++) {
        run[i] = run[i] == '\1' ? '?' : run[i];
    }
}

char *field_marked(const char *raw, gboolean flagged)
{
    g_autofree char *copy = g_strdup(raw);
    for (char *p = copy; *p != '\0';) {
        gsize n = 0;
        while (run_char(p[n])) {
            n++;
        }
        gboolean word = n == 1 && p[1] == '-' && g_ascii_isalpha(p[2]) && g_ascii_isalpha(p[3]);
        if (!word && !is_quantity(copy, p, n)) { /* "x-ref" */
            mark_run(copy, p, n, flagged);
        }
        p += n;
        p += *p != '\0' && !run_char(*p);
    }
    return field_plain(copy);
}
