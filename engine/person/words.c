/*
 * Words with a fixed meaning, and the cutting of cells into words. First step of names and
 * addresses alike; knows no rule file, because what INC or STREET means does not vary by site.
 */
#include "engine/person/words.h"

#include <string.h>

/* The text lies in the table, so that a search touches a few lines of memory. */
typedef struct {
    char text[24];
    WordKind kind;
    const char *canonical;
} Word;

#define WORD(text, kind, canonical) {text, WORD_##kind, canonical},
static const Word name_words[] = {
#include "engine/person/words_name.def"
};
static const Word place_words[] = {
#include "engine/person/words_place.def"
};
#undef WORD

/* The first eight letters as a number: they nearly always settle the order. */
static guint64 begin_of(const char *text)
{
    guint64 begin = 0;
    for (guint i = 0; i < sizeof begin; i++)
        begin = begin << 8 | (guchar)(*text == '\0' ? '\0' : *text++);
    return begin;
}

/* The same of a word of a table, which has zeros behind it. */
static guint64 word_begin(const Word *word)
{
    guint64 begin;
    memcpy(&begin, word->text, sizeof begin);
    return GUINT64_FROM_BE(begin);
}

/* Order of a word against a text, with its begin, and a kind. */
static int word_compare(const Word *word, const char *text, guint64 begin, WordKind kind)
{
    guint64 own = word_begin(word);
    if (own != begin)
        return own < begin ? -1 : 1;
    int order = (begin & 0xFF) != 0 ? strcmp(word->text, text) : 0;
    return order ? order : (int)word->kind - (int)kind;
}

const char *word_find(WordKind kind, const char *text)
{
    gboolean name = kind == WORD_ORG || kind == WORD_ORG_END || kind == WORD_PARTICLE ||
                    kind == WORD_SUFFIX || kind == WORD_TITLE;
    const Word *list = name ? name_words : place_words;
    const guint64 begin = begin_of(text);
    gsize from = 0, to = name ? G_N_ELEMENTS(name_words) : G_N_ELEMENTS(place_words);
    while (from < to) {
        gsize middle = (from + to) / 2;
        int order = word_compare(&list[middle], text, begin, kind);
        if (order == 0)
            return list[middle].canonical;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

/* Bits of all kinds that the table of places has a text under: its lines stand together. */
static guint16 place_kinds(const char *text)
{
    const guint64 begin = begin_of(text);
    gsize from = 0, to = G_N_ELEMENTS(place_words);
    guint16 kinds = 0;
    while (from < to) {
        gsize middle = (from + to) / 2;
        if (word_begin(&place_words[middle]) < begin)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < G_N_ELEMENTS(place_words) && word_begin(&place_words[from]) == begin; from++) {
        if (strcmp(place_words[from].text, text) == 0)
            kinds |= (guint16)(1u << place_words[from].kind);
    }
    return kinds;
}

void words_look(Words *words)
{
    G_STATIC_ASSERT(WORD_UNIT < 16);
    for (guint i = 0; i < words->n; i++)
        words->kinds[i] = place_kinds(words->at[i]);
}

const char *words_find(const Words *words, guint i, WordKind kind)
{
    return words->kinds[i] & 1u << kind ? word_find(kind, words->at[i]) : NULL;
}

/* Does the full stop or apostrophe at p stand inside a word ("P.O.", "O'BRIEN")? */
static gboolean inside_word(const char *p, const char *end, gboolean open)
{
    if (*p == '\'')
        return open && p + 1 < end && g_ascii_isalpha(p[1]);
    return *p == '.' && open && p + 2 < end && g_ascii_isalpha(p[1]) &&
           (p[2] == '.' || !g_ascii_isalnum(p[2]));
}

void words_cut(Words *words, const char *folded, gssize length)
{
    const char *end = folded + (length < 0 ? (gssize)strlen(folded) : length);
    /* cppcheck-suppress ctuuninitvar ; an address is taken, nothing is read */
    char *out = words->bytes, *limit = words->bytes + WORDS_BYTES - 2;
    gboolean open = FALSE, hyphen = FALSE;
    words->n = 0;
    for (const char *p = folded; p < end && out < limit; p++) {
        gboolean letter = g_ascii_isalnum(*p) || (guchar)*p >= 0x80;
        if (open && inside_word(p, end, open))
            continue;
        if (!letter && open) {
            *out++ = '\0';
            open = FALSE;
            hyphen = *p == '-';
        } else if (!letter) {
            hyphen = FALSE;
        }
        if (!letter && *p != '#')
            continue;
        if (!open && words->n == WORDS_MAX)
            break;
        if (!open) {
            words->glue[words->n] = hyphen;
            words->at[words->n++] = out;
        }
        *out++ = *p;
        open = letter;
        if (!letter)
            *out++ = '\0';
    }
    *out = '\0';
}

void words_drop(Words *words, guint from, guint count)
{
    guint tail = words->n - from - count;
    memmove(words->at + from, words->at + from + count, tail * sizeof *words->at);
    memmove(words->glue + from, words->glue + from + count, tail * sizeof *words->glue);
    memmove(words->kinds + from, words->kinds + from + count, tail * sizeof *words->kinds);
    words->n -= count;
}

char *words_join(const Words *words, guint from, guint to, const char *glue)
{
    if (from >= to)
        return NULL;
    GString *out = g_string_new(words->at[from]);
    for (guint i = from + 1; i < to; i++) {
        g_string_append(out, words->glue[i] ? "-" : glue);
        g_string_append(out, words->at[i]);
    }
    return g_string_free(out, FALSE);
}
