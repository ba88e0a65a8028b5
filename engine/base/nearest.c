/*
 * "Did you mean": the nearest of a few words by edit distance, for error messages about keys,
 * commands and codes. Not for data; names and serials are compared in their own rooms.
 */
#include "engine/base/ini.h"

#include <string.h>

#define WORD_MAX 40

static gboolean same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Edit distance without regard to case, two neighbours swapped being one edit ("laod"); words
 * longer than WORD_MAX are far from all. */
static guint distance(const char *a, const char *b)
{
    gsize n = strlen(a), m = strlen(b);
    guint rows[3][WORD_MAX + 1];

    if (n > WORD_MAX || m > WORD_MAX)
        return G_MAXUINT;
    for (guint j = 0; j <= m; j++)
        rows[0][j] = j;
    for (guint i = 1; i <= n; i++) {
        guint *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

        row[0] = i;
        for (guint j = 1; j <= m; j++) {
            row[j] = MIN(above[j], row[j - 1]) + 1;
            row[j] = MIN(row[j], above[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = MIN(row[j], second[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *nearest_word(const char *word, const char *const *words)
{
    guint best = MAX(1, (guint)strlen(word) / 3) + 1;
    const char *nearest = NULL;

    for (; *words; words++) {
        guint d = distance(word, *words);

        gboolean begins = nearest && d == best && g_str_has_prefix(*words, word) &&
                          !g_str_has_prefix(nearest, word);

        if (d < best || begins) { /* "lead" is nearer to "leads" than to "load" */
            best = d;
            nearest = *words;
        }
    }
    return nearest;
}

char *nearest_hint(const char *word, const char *const *words)
{
    const char *near = nearest_word(word, words);

    return near ? g_strdup_printf(", did you mean '%s'", near) : g_strdup("");
}
