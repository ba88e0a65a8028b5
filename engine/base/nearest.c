/*
 * "Did you mean": the nearest of a few words by edit distance, for error messages about keys,
 * commands and codes. Not for data; names and serials are compared in their own rooms.
 */
#include "engine/base/ini.h"

#include <string.h>

#define WORD_MAX 40

/* Levenshtein distance without regard to case; words longer than WORD_MAX are far from all. */
static guint distance(const char *a, const char *b)
{
    gsize a_length = strlen(a), b_length = strlen(b);
    guint row[WORD_MAX + 1];

    if (a_length > WORD_MAX || b_length > WORD_MAX)
        return G_MAXUINT;
    for (guint j = 0; j <= b_length; j++)
        row[j] = j;
    for (guint i = 1; i <= a_length; i++) {
        guint diagonal = row[0];

        row[0] = i;
        for (guint j = 1; j <= b_length; j++) {
            gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);
            guint change = diagonal + !same;

            diagonal = row[j];
            row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_length];
}

const char *nearest_word(const char *word, const char *const *words)
{
    guint best = MAX(1, (guint)strlen(word) / 3) + 1;
    const char *nearest = NULL;

    for (; *words; words++) {
        guint d = distance(word, *words);

        if (d < best) {
            best = d;
            nearest = *words;
        }
    }
    return nearest;
}
