/*
 * A stretch of text cut into words, with the marks that stand between them; what words.c and runs.c
 * ask of one.
 */
#include <string.h>

#include "engine/serial/words.h"

#define KEY_MAX 63 /* letters and digits that are compared */

gboolean word_has_position(const char *text)
{
    return strpbrk(text, "0123456789?*#_[") != NULL;
}

/* The next letter or digit at *text as a capital, 0 at the end; moves *text behind it. */
static char next_key_char(const char **text)
{
    while (**text != '\0' && !g_ascii_isalnum(**text)) {
        (*text)++;
    }
    return **text != '\0' ? g_ascii_toupper(*(*text)++) : '\0';
}

gboolean word_same_key(const char *text, const char *other)
{
    guint n = 0;
    for (; other != NULL && n < KEY_MAX; n++) {
        char a = next_key_char(&text), b = next_key_char(&other);
        if (a != b) {
            return FALSE;
        }
        if (a == '\0') {
            break;
        }
    }
    return n > 0;
}

guint token_letters(const Token *token)
{
    guint letters = 0;
    for (gsize i = 0; i < token->n; i++) {
        letters += g_ascii_isalpha(token->text[i]);
    }
    return letters;
}

guint token_digits(const Token *token)
{
    guint digits = 0;
    for (gsize i = 0; i < token->n; i++) {
        digits += g_ascii_isdigit(token->text[i]);
    }
    return digits;
}

gboolean token_is_country(const Token *token)
{
    return notation_listed(LIST_COUNTRY, token->text);
}

gboolean token_is_letters(const Token *token)
{
    return token_letters(token) > 0 && token_digits(token) == 0 && !word_has_position(token->text);
}

gboolean token_is_clear(const Token *token)
{
    guint digits = token_digits(token);
    return (digits >= 2 && digits + token_letters(token) >= 5 && token_letters(token) > 0) ||
           digits >= 6;
}

/* Length of a maker's name tied to what follows, "GLOCK-19-NED7176", or 0. */
static gsize tied_maker(const char *at, gsize n)
{
    char name[40];
    gsize length = MIN(strcspn(at, "-/"), n);
    if (length == n || length < 4 || length >= sizeof(name)) {
        return 0;
    }
    g_strlcpy(name, at, length + 1);
    return notation_listed(LIST_MAKER, name) ? length : 0;
}

/* A bracket with a blank, a comma or colon before one: what stands behind need not go on. */
static gboolean stands_apart(const char *gap, gsize n)
{
    gsize marks = 0, blanks = 0;
    for (gsize i = 0; i < n; i++) {
        marks += strchr(",;:()=\"'", gap[i]) != NULL;
        blanks += gap[i] == ' ';
    }
    return marks > 0 && blanks > 0;
}

/* A dash between blanks is no word; a point ends one. */
static gsize word_end(const char *at, gsize n)
{
    if (n == 1 && strchr("-/.+&", *at) != NULL) {
        return 0;
    }
    gboolean mark = n > 1 && strchr(".-", at[n - 1]) != NULL && at[n - 2] != at[n - 1];
    return mark && at[n] != '\0' ? n - 1 : n;
}

gboolean tokens_cut(Words *words, const char *text)
{
    static const char *const blanks = " ,;:()=\"'", *const ties = " ,;:()=\"'-/";
    const char *gaps = blanks;
    *words = (Words){.context = words->context};
    gsize gap = strspn(text, gaps);
    guint part = 0;
    gboolean plus = FALSE;
    for (const char *p = text + gap; *p != '\0'; gap = strspn(p, gaps), p += gap) {
        gsize n = strcspn(p, gaps);
        if (words->n == TOKENS_MAX || n >= sizeof(words->token[0].text)) {
            return FALSE;
        }
        if (tied_maker(p, n) > 0) {
            gaps = ties;
            n = tied_maker(p, n);
        }
        gsize length = word_end(p, n);
        gboolean apart = stands_apart(p - gap, gap) || plus;
        part += apart;
        if (length > 0) {
            Token *token = &words->token[words->n++];
            *token = (Token){.n = length, .apart = apart, .part = part};
            memcpy(token->text, p, length);
            token->dropped = length == 1 && g_ascii_isalpha(*p) && p[1] == '\'' &&
                             g_ascii_isalpha(p[2]) && g_ascii_isalpha(p[3]); /* "D'APRES" */
            token->dropped =
                token->dropped || (length == 1 && *p == 'S' && p > text + 1 && p[-1] == '\'' &&
                                   g_ascii_isalpha(p[-2])); /* "IT'S" */
        }
        part += length < n;
        plus = length == 0 && strchr("+&", *p) != NULL;
        p += n;
        gaps = *p == ' ' ? blanks : gaps;
    }
    for (guint i = 0; i < words->n; i++) {
        words->token[i].part = MIN(words->token[i].part, TOKENS_MAX);
    }
    return TRUE;
}
