/* What stands between the numbers of a serial field, and around them, and is no part of them. */
#include <string.h>

#include "engine/serial/reading.h"

static gboolean is_separator(char c)
{
    return c != '\0' && strchr(" ,;:()/'\"=&+~|\\!<>{}@$%^`", c) != NULL;
}

/* A lone point or hyphen at an end is punctuation; two and more are unreadable characters. */
static gboolean lone_dash(const char *at, gssize step, gsize left)
{
    return (*at == '-' || *at == '.') && (left < 2 || at[step] != *at);
}

/* ".45 HAA1234": the point makes a calibre of the digits. */
static gboolean is_bore(const char *text, gsize n)
{
    gsize digits = strspn(text + 1, "0123456789");
    return text[0] == '.' && (digits == 2 || digits == 3) && n > digits + 1 &&
           text[digits + 1] == ' ';
}

/* "HAA1234 500$", "$500 HAA1234": the sign of a price goes with its digits. */
static gboolean is_price(const char *sign, gssize step, gsize left)
{
    gsize n = 1;
    while (n < left && strchr("0123456789.,", sign[(gssize)n * step]) != NULL) {
        n++;
    }
    return *sign == '$' && n > 1 && n < left && sign[(gssize)n * step] == ' ';
}

void number_trim(const char **text, gsize *n)
{
    while (*n > 0 && (is_separator(**text) || lone_dash(*text, 1, *n)) && !is_bore(*text, *n) &&
           !is_price(*text, 1, *n)) {
        (*text)++;
        (*n)--;
    }
    while (*n > 0 && (is_separator((*text)[*n - 1]) || lone_dash(*text + *n - 1, -1, *n)) &&
           !is_price(*text + *n - 1, -1, *n)) {
        (*n)--;
    }
}

/* "ZFY1685/THF1887": the same shape, with letters, on both sides of a mark; digits alone on both
 * sides of a word. */
static gboolean same_shape(const char *text, gsize n, gsize mark, gsize length)
{
    gboolean word = length > 3;
    gsize left = 0, letters = 0, digits = 0, behind = mark + length;
    while (left < mark && g_ascii_isalnum(text[mark - 1 - left])) {
        left++;
    }
    for (gsize i = 0; i < left; i++) {
        char a = text[mark - left + i], b = behind + i < n ? text[behind + i] : ' ';
        gboolean same = g_ascii_isdigit(a) ? g_ascii_isdigit(b) : g_ascii_isalpha(b);
        if (!same) {
            return FALSE;
        }
        letters += !g_ascii_isdigit(a);
        digits += g_ascii_isdigit(a) != 0;
    }
    return left >= 5 && (letters > 0 || word) && digits > 1 &&
           (behind + left >= n || !g_ascii_isalnum(text[behind + left]));
}

/* "HAA1234 THRU HAA1240": the length of a word with the blanks around it, or 0. */
static gsize dividing_word(const char *at)
{
    gsize n = *at == ' ' ? strcspn(at + 1, " ") : 0;
    return n > 0 && at[n + 1] == ' ' && notation_lists(LIST_DIVIDER, at + 1, n) ? n + 2 : 0;
}

gsize number_divider(const char *text, gsize n, gsize at)
{
    if (g_ascii_isalnum(text[at])) {
        return 0;
    }
    if (strchr(";|&+,\\", text[at]) != NULL) {
        return 1;
    }
    gsize count = text[at] == ' ' && text[at + 1] == '#' ? strspn(text + at + 2, "0123456789") : 0;
    if (count > 0 && count < 3 && at + count + 2 < n && text[at + count + 2] == ' ') {
        return count + 3; /* "#1 HAA1234 #2 HAA1235" */
    }
    gsize word = dividing_word(text + at);
    if (word > 0 && same_shape(text, n, at, word)) {
        return word;
    }
    static const char *const marks[] = {" - ", "/", "-", ": ", " "};
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        gsize length = strlen(marks[i]);
        if (strncmp(text + at, marks[i], length) == 0 && same_shape(text, n, at, length)) {
            return length;
        }
    }
    return strncmp(text + at, " / ", 3) == 0 ? 3 : 0;
}
