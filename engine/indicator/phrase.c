/*
 * What a rule says, in the reader's language: its explanations are stored as its SELECT made them,
 * in English, and told by the pairs `text` and `text.fr` of its header, holes filled with what
 * stood there. What no pair fits stays as it is.
 */
#include <string.h>

#include "engine/indicator/rulefile.h"

#define HOLES_MAX 8

typedef struct {
    const char *name, *value;
    gsize name_length, length;
} Hole;

typedef struct {
    Hole at[HOLES_MAX];
    guint n;
} Holes;

/* The next "{name}" of a pattern, its end in *after; NULL when there is none. */
static const char *next_hole(const char *pattern, const char **after)
{
    const char *open = strchr(pattern, '{'), *close = open ? strchr(open, '}') : NULL;
    *after = close ? close + 1 : NULL;
    return close ? open : NULL;
}

/* Fills the holes of a pattern with what stands in the text, each as short as can be; the last one
 * goes to the end. */
static gboolean fits(const char *pattern, const char *text, Holes *holes)
{
    const char *after, *open;
    holes->n = 0;
    while ((open = next_hole(pattern, &after))) {
        gsize head = (gsize)(open - pattern);
        if (strncmp(text, pattern, head) != 0 || holes->n == HOLES_MAX)
            return FALSE;
        text += head;
        const char *next_end, *next = next_hole(after, &next_end);
        g_autofree char *literal = next ? g_strndup(after, (gsize)(next - after)) : g_strdup(after);
        const char *end = next ? strstr(text, literal) : NULL;
        if (!next && g_str_has_suffix(text, literal))
            end = text + strlen(text) - strlen(literal);
        if (!end || end == text)
            return FALSE;
        holes->at[holes->n++] =
            (Hole){open + 1, text, (gsize)(after - open) - 2, (gsize)(end - text)};
        text = end;
        pattern = after;
    }
    return strcmp(text, pattern) == 0;
}

static const Hole *hole_find(const Holes *holes, const char *name, gsize length)
{
    for (guint i = 0; i < holes->n; i++)
        if (holes->at[i].name_length == length && strncmp(holes->at[i].name, name, length) == 0)
            return &holes->at[i];
    return NULL;
}

/* A value that is one of the rule's own words is told in French too. */
static void append_value(GString *out, const Indicator *rule, const Hole *hole)
{
    g_autofree char *value = g_strndup(hole->value, hole->length);
    const char *word = g_hash_table_lookup(rule->words, value);
    g_string_append(out, word ? word : value);
}

static char *fill(const Indicator *rule, const char *pattern, const Holes *holes)
{
    GString *out = g_string_new(NULL);
    for (const char *after, *open; (open = next_hole(pattern, &after)); pattern = after) {
        const Hole *hole = hole_find(holes, open + 1, (gsize)(after - open) - 2);
        g_string_append_len(out, pattern, open - pattern);
        if (hole)
            append_value(out, rule, hole);
    }
    g_string_append(out, pattern);
    return g_string_free(out, FALSE);
}

const char *indicator_title(const Indicator *rule, Lang lang)
{
    return lang == LANG_FR && rule->title_fr ? rule->title_fr : rule->title;
}

char *indicator_explanation(const Indicator *rule, const char *explanation, Lang lang)
{
    for (guint i = 0; lang == LANG_FR && i < rule->phrases->len; i++) {
        const IndicatorPhrase *phrase = g_ptr_array_index(rule->phrases, i);
        Holes holes;
        if (phrase->fr && fits(phrase->en, explanation, &holes))
            return fill(rule, phrase->fr, &holes);
    }
    return g_strdup(explanation);
}

gboolean indicator_holes_known(const char *en, const char *fr)
{
    for (const char *after, *open; (open = next_hole(fr, &after)); fr = after) {
        g_autofree char *hole = g_strndup(open, (gsize)(after - open));
        if (!strstr(en, hole))
            return FALSE;
    }
    return TRUE;
}
