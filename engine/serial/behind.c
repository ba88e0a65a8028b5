/*
 * What a phrase takes with it of the text behind it: marks of a label, the count of a list, the
 * value that a word of another kind or a part speaks of. Steps of field.c.
 */
#include <string.h>

#include "engine/serial/reading.h"

gboolean text_stands_alone(const char *text, gsize n)
{
    guint characters = 0, digits = 0;
    for (gsize i = 0; i < n; i++) {
        characters += g_ascii_isalnum(text[i]) || text[i] == '?';
        digits += g_ascii_isdigit(text[i]);
    }
    return characters >= 4 && digits > 0;
}

/* Behind "SERIAL" the marks of "SERIAL #:" belong to the word; "...234" behind it does not. */
gsize behind_label(const char *at)
{
    gsize n = 0;
    gboolean sign = FALSE;
    if (at[0] == '_' && g_ascii_isalnum(at[1])) {
        return 1; /* "SN_HAA1234" */
    }
    while (at[n] != '\0' && strchr(" .:=#", at[n]) != NULL) {
        if ((at[n] == '.' || at[n] == '#') && (at[n + 1] == at[n] || sign)) {
            break;
        }
        sign = sign || at[n] == '#';
        n++;
    }
    return n;
}

/* "GUN #1 HAA1234", "NO 1 HAA1234": what counts the numbers of a list, before one that is whole
 * without it; its length. */
gsize behind_count(const char *at, gboolean sign)
{
    gsize count = strspn(at, "0123456789"), gap = strspn(at + count, " .:)-,");
    const char *number = at + count + gap;
    gsize letters = 0, digits;
    while (g_ascii_isupper(number[letters])) {
        letters++;
    }
    digits = strspn(number + letters, "0123456789");
    gboolean ends = !g_ascii_isalnum(number[letters + digits]);
    gboolean whole = letters > 0 ? letters <= 4 && digits >= 3 && (letters > 1 || count == 1)
                                 : sign && digits >= 5;
    return count > 0 && count <= 2 && gap > 0 && at[count] != '-' && ends && whole ? count + gap
                                                                                   : 0;
}

/* "TAG 77 AB12345": what a word of another kind speaks of ends at the blank. */
gsize behind_other(const Phrase *phrase, const char *at)
{
    if (phrase->kind != WORD_OTHER &&
        (phrase->taken_for == NULL || strcmp(phrase->taken_for, PHRASE_THING) == 0)) {
        return 0;
    }
    gsize n = strcspn(at, " ");
    gsize rest = at[n] == '\0' ? 0 : strlen(at + n + 1);
    return rest > 0 && text_stands_alone(at + n + 1, rest) ? n : 0;
}

/* Letters, if any, and so many digits that a word is a number; its length. */
static gsize whole_word(const char *at)
{
    gsize letters = 0;
    while (g_ascii_isupper(at[letters])) {
        letters++;
    }
    gsize n = letters + strspn(at + letters, "0123456789");
    return letters <= 4 && n >= letters + 3 && n >= 5 && !g_ascii_isalnum(at[n]) ? n : 0;
}

gboolean whole_behind(const char *at)
{
    at += strspn(at, " :=");
    return g_ascii_isupper(*at) && whole_word(at) > 0;
}

/* "BBL HAA9999 FR HAA1234": a part bears one number; the length of the first where another that is
 * whole stands behind. */
static gsize first_of_two(const char *at)
{
    gsize first = whole_word(at);
    const char *blank = first > 0 && at[first] == ' ' ? at + first : NULL;
    for (; blank != NULL && *blank != '\0' && strchr(",;()/", *blank) == NULL;
         blank = strchr(blank + 1, ' ')) {
        if (g_ascii_isupper(blank[1]) && whole_word(blank + 1) > 0) {
            return first;
        }
    }
    return 0;
}

/* "BOLT 5678 HAA1234": the digits of a part before a number that is whole with letters of its own,
 * or the first of two whole numbers; their length. */
gsize behind_part(const char *at)
{
    if (first_of_two(at) > 0) {
        return first_of_two(at);
    }
    gsize digits = strspn(at, "0123456789"), letters = 0;
    const char *next = at + digits + 1;
    if (digits < 2 || at[digits] != ' ') {
        return 0;
    }
    while (g_ascii_isupper(next[letters])) {
        letters++;
    }
    gsize n = letters + strspn(next + letters, "0123456789");
    return letters > 0 && letters <= 4 && n >= letters + 3 && n >= 5 && !g_ascii_isalnum(next[n])
               ? digits
               : 0;
}
