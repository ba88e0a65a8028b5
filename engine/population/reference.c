/*
 * Reference numbers of other agencies: trace, seizure, occurrence and case numbers, compared by
 * their letters and digits. What an agency adds to another's number is taken off only where the
 * rest is a number that is known.
 */
#include <string.h>

#include "engine/population/population.h"

static guint64 key_of(const char *text, gsize n)
{
    guint64 h = 0;
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isalnum(text[i])) {
            h = (h + 1) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
            h = (h ^ (guint64)g_ascii_toupper(text[i])) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
            h ^= h >> 32;
        }
    }
    return h;
}

guint64 reference_key(const char *text)
{
    return text == NULL ? 0 : key_of(text, strlen(text));
}

guint reference_item(const char *text, gsize *length)
{
    gsize n = strlen(text), digits = 0;
    while (digits < n && g_ascii_isdigit(text[n - 1 - digits])) {
        digits++;
    }
    if (digits == 0 || digits > 3 || digits == n || strchr("/-#. ", text[n - 1 - digits]) == NULL) {
        return 0;
    }
    *length = n - digits - 1;
    return (guint)g_ascii_strtoull(text + n - digits, NULL, 10);
}

/* Behind the words before a number: "CBSA ", "ASFC NO: ". */
static const char *behind_words(const char *text)
{
    const char *at = text;
    for (;;) {
        gsize letters = 0;
        while (g_ascii_isalpha(at[letters])) {
            letters++;
        }
        gsize marks = strspn(at + letters, " .:#-");
        if (letters == 0 || marks == 0 || at[letters + marks] == '\0') {
            return at;
        }
        at += letters + marks;
    }
}

gboolean reference_is_whole(const char *text)
{
    gsize n;
    return text == NULL || (behind_words(text) == text && reference_item(text, &n) == 0);
}

guint64 reference_known(const char *text, ReferenceKnown known, gconstpointer data, guint *item)
{
    guint64 whole = reference_key(text);
    *item = 0;
    if (text == NULL || whole == 0 || known(whole, data)) {
        return whole;
    }
    const char *bare = behind_words(text);
    guint64 key = key_of(bare, strlen(bare));
    if (bare != text && known(key, data)) {
        return key;
    }
    const char *from[2] = {text, bare};
    for (guint i = 0; i < 2; i++) {
        gsize n = 0;
        guint named = reference_item(from[i], &n);
        key = named == 0 ? 0 : key_of(from[i], n);
        if (key != 0 && known(key, data)) {
            *item = named;
            return key;
        }
    }
    return whole;
}
