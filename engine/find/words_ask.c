/*
 * Values that hold a text, found by the words that they must have for it. Everything is held
 * against the sums of the file where it is read: what is damaged is taken for empty, and the asker
 * is told by words_damaged().
 */
#define _GNU_SOURCE /* memmem */
#include "engine/base/sort.h"
#include "engine/find/words.h"

#include <string.h>

/* Where more than one in so many values may fit, all are looked at in their order. */
#define SCAN_SHARE 8

static const guint8 widths[LIST_PARTS] = {
    [LIST_TEXT] = 1,   [LIST_AT] = 8,       [LIST_FIRST] = 4, [LIST_PLACE] = 4,
    [LIST_RECORD] = 4, [LIST_SORTED] = 4,   [LIST_WORD] = 1,  [LIST_WORD_AT] = 8,
    [LIST_SKETCH] = 8, [LIST_HAS_FROM] = 8, [LIST_HAS] = 4};

gboolean list_holds(const WordList *list, ListPart part, guint64 from, guint64 n)
{
    gsize size = list->part[part].size, width = widths[part];
    if (from > size / width || n > size / width - from) {
        if (list->sums)
            sums_break(list->sums);
        return FALSE;
    }
    return !list->sums || n == 0 ||
           sums_hold(list->sums, (const guint8 *)list->part[part].data + from * width, n * width);
}

static guint32 number_32(const WordList *list, ListPart part, guint64 i)
{
    return ((const guint32 *)list->part[part].data)[i];
}

static guint64 number_64(const WordList *list, ListPart part, guint64 i)
{
    return ((const guint64 *)list->part[part].data)[i];
}

/* Text number i of `texts`, whose beginnings stand in `at`. */
static const char *text_at(const WordList *list, ListPart texts, ListPart at, guint64 i)
{
    if (!list_holds(list, at, i, 2))
        return "";
    guint64 from = number_64(list, at, i), to = number_64(list, at, i + 1);
    const char *text = (const char *)list->part[texts].data + from;
    return from < to && list_holds(list, texts, from, to - from) && text[to - from - 1] == '\0'
               ? text
               : "";
}

const char *list_text(const WordList *list, guint32 value)
{
    return text_at(list, LIST_TEXT, LIST_AT, value);
}

const char *list_word(const WordList *list, guint32 word)
{
    return text_at(list, LIST_WORD, LIST_WORD_AT, word);
}

const guint32 *list_places(const WordList *list, guint32 value, guint32 *n)
{
    *n = 0;
    if (!list_holds(list, LIST_FIRST, value, 2))
        return NULL;
    guint32 from = number_32(list, LIST_FIRST, value), to = number_32(list, LIST_FIRST, value + 1);
    if (from > to || !list_holds(list, LIST_PLACE, from, to - from))
        return NULL;
    *n = to - from;
    return (const guint32 *)list->part[LIST_PLACE].data + from;
}

guint32 list_record(const WordList *list, guint32 place)
{
    return list_holds(list, LIST_RECORD, place, 1) ? number_32(list, LIST_RECORD, place) : 0;
}

const guint32 *list_values(const WordList *list, guint32 word, guint64 *n)
{
    *n = 0;
    if (!list_holds(list, LIST_HAS_FROM, word, 2))
        return NULL;
    guint64 from = number_64(list, LIST_HAS_FROM, word);
    guint64 to = number_64(list, LIST_HAS_FROM, word + 1);
    if (from > to || !list_holds(list, LIST_HAS, from, to - from))
        return NULL;
    *n = to - from;
    return (const guint32 *)list->part[LIST_HAS].data + from;
}

/* The first word that is not before a text. */
static guint32 word_from(const WordList *list, const char *text)
{
    guint32 low = 0, high = list->n_words;
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        if (strcmp(list_word(list, middle), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

gboolean list_find_word(const WordList *list, const char *text, guint32 *word)
{
    *word = word_from(list, text);
    return *word < list->n_words && strcmp(list_word(list, *word), text) == 0;
}

/* ---- what may hold a text --------------------------------------------------------------- */

/* A word of the pattern; more letters may stand before or behind it in a value. */
typedef struct {
    char *text;
    gboolean open_left, open_right;
} Token;

static void token_clear(gpointer data)
{
    g_free(((Token *)data)->text);
}

static GArray *tokens_cut(const char *pattern)
{
    GArray *tokens = g_array_new(FALSE, FALSE, sizeof(Token));
    g_array_set_clear_func(tokens, token_clear);
    for (const char *p = pattern; *p;) {
        const char *from = p;
        while (*p && words_letter(*p))
            p++;
        Token token = {g_strndup(from, (gsize)(p - from)), from == pattern, *p == '\0'};
        if (*token.text)
            g_array_append_val(tokens, token);
        else
            g_free(token.text);
        while (*p && !words_letter(*p))
            p++;
    }
    return tokens;
}

/* The word in which a byte of LIST_WORD stands. */
static guint32 word_of(const WordList *list, guint64 byte)
{
    guint32 low = 0, high = list->n_words;
    while (high - low > 1) {
        guint32 middle = low + (high - low) / 2;
        if (number_64(list, LIST_WORD_AT, middle) <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Words anywhere in which a token stands. */
static void words_inside(const WordList *list, const Token *token, GArray *words)
{
    gsize length = strlen(token->text), size = list->part[LIST_WORD].size;
    const char *start = list->part[LIST_WORD].data, *at = start;
    if (!list_holds(list, LIST_WORD, 0, size) ||
        !list_holds(list, LIST_WORD_AT, 0, (guint64)list->n_words + 1))
        return;
    while (at && (gsize)(at - start) < size &&
           (at = memmem(at, size - (gsize)(at - start), token->text, length))) {
        guint32 word = word_of(list, (guint64)(at - start));
        const char *text = list_word(list, word);
        if (token->open_right || g_str_has_suffix(text, token->text))
            g_array_append_val(words, word);
        at += strlen(at) + 1;
    }
}

/* The words that a value must have one of to hold a token. */
static GArray *token_words(const WordList *list, const Token *token)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (token->open_left) {
        words_inside(list, token, words);
        return words;
    }
    for (guint32 word = word_from(list, token->text); word < list->n_words; word++) {
        const char *text = list_word(list, word);
        if (token->open_right ? !g_str_has_prefix(text, token->text)
                              : strcmp(text, token->text) != 0)
            break;
        g_array_append_val(words, word);
    }
    return words;
}

static guint64 count_values(const WordList *list, const GArray *words)
{
    guint64 sum = 0, n;
    for (guint i = 0; i < words->len; i++) {
        list_values(list, g_array_index(words, guint32, i), &n);
        sum += n;
    }
    return sum;
}

/* The values that have one of the words, rising, each once. */
static GArray *values_with(const WordList *list, const GArray *words)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint kept = 0;
    guint64 n;
    for (guint i = 0; i < words->len; i++) {
        const guint32 *more = list_values(list, g_array_index(words, guint32, i), &n);
        g_array_append_vals(values, more, (guint)n);
    }
    if (words->len < 2)
        return values;
    g_array_sort(values, sort_order);
    for (guint i = 0; i < values->len; i++)
        if (kept == 0 ||
            g_array_index(values, guint32, kept - 1) != g_array_index(values, guint32, i))
            g_array_index(values, guint32, kept++) = g_array_index(values, guint32, i);
    return g_array_set_size(values, kept);
}

/* The values that may hold a text, by the rarest word of it; NULL: any may. */
static GArray *values_maybe(const WordList *list, const char *pattern)
{
    g_autoptr(GArray) tokens = tokens_cut(pattern);
    g_autoptr(GArray) best = NULL;
    guint64 least = list->n / SCAN_SHARE;
    for (guint i = 0; i < tokens->len; i++) {
        g_autoptr(GArray) words = token_words(list, &g_array_index(tokens, Token, i));
        guint64 n = count_values(list, words);
        if (n > least || (best && n == least))
            continue;
        least = n;
        g_clear_pointer(&best, g_array_unref);
        best = g_steal_pointer(&words);
    }
    return best ? values_with(list, best) : NULL;
}

/* ---- how it fits ------------------------------------------------------------------------ */

static Fit fit_of(const WordList *list, const char *text, const char *pattern)
{
    if (list->kind == WORDS_TEXT)
        return strstr(text, pattern) ? FIT_HOLDS : FIT_NOT;
    const char *compared = words_compared(text);
    if (list->kind == WORDS_DEALER) { /* the key is equal, or the name fits */
        gsize cell = (gsize)(compared - text) - 1;
        if (strlen(pattern) == cell && strncmp(text, pattern, cell) == 0)
            return FIT_EQUAL;
    } else if (strcmp(compared, pattern) == 0)
        return FIT_EQUAL;
    const char *at = strstr(compared, pattern);
    return at == compared ? FIT_BEGINS : at ? FIT_HOLDS : FIT_NOT;
}

static int hit_order(gconstpointer a, gconstpointer b)
{
    const WordsHit *x = a, *y = b;
    if (x->fit != y->fit)
        return x->fit < y->fit ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Up to `want` places of a value. */
static void add_places(const WordList *list, guint32 value, Fit fit, guint want, GArray *hits)
{
    guint32 n;
    const guint32 *places = list_places(list, value, &n);
    for (guint32 i = 0; i < MIN(n, want); i++) {
        WordsHit hit = {fit, places[i], value};
        g_array_append_val(hits, hit);
    }
}

/* The first value in the order of what is compared (`sorted`), or of the first cells, that is not
 * before a text. */
static guint32 value_from(const WordList *list, const char *text, gboolean sorted)
{
    guint32 low = 0, high = list->n;
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        guint32 value = middle;
        if (sorted)
            value =
                list_holds(list, LIST_SORTED, middle, 1) ? number_32(list, LIST_SORTED, middle) : 0;
        const char *all = list_text(list, value), *compared = words_compared(all);
        g_autofree char *cell =
            sorted || compared == all ? NULL : g_strndup(all, (gsize)(compared - all) - 1);
        if (strcmp(cell ? cell : compared, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Values that are equal to a text, or begin with it. */
static void add_begins(const WordList *list, const char *pattern, guint want, GArray *hits)
{
    for (guint32 i = value_from(list, pattern, TRUE); i < list->n; i++) {
        guint32 value =
            list_holds(list, LIST_SORTED, i, 1) ? number_32(list, LIST_SORTED, i) : G_MAXUINT32;
        const char *text = value < list->n ? list_text(list, value) : "";
        Fit fit = fit_of(list, text, pattern);
        if (!g_str_has_prefix(words_compared(text), pattern))
            break;
        if (fit == FIT_BEGINS || list->kind != WORDS_DEALER)
            add_places(list, value, fit, want, hits);
    }
    if (list->kind != WORDS_DEALER)
        return;
    for (guint32 i = value_from(list, pattern, FALSE);
         i < list->n && fit_of(list, list_text(list, i), pattern) == FIT_EQUAL; i++)
        add_places(list, i, FIT_EQUAL, want, hits);
}

/* Values that hold a text otherwise, in the order of their first places: once `want` places are
 * before the first of the next value no later one can come before them. TRUE: looked at all. */
static gboolean add_holding(const WordList *list, const char *pattern, guint want, GArray *hits)
{
    g_autoptr(GArray) maybe = values_maybe(list, pattern);
    guint32 n = maybe ? maybe->len : list->n;
    guint from = hits->len;
    gsize full = want;
    for (guint32 i = 0; i < n; i++) {
        guint32 value = maybe ? g_array_index(maybe, guint32, i) : i, ignored;
        if (fit_of(list, list_text(list, value), pattern) != FIT_HOLDS)
            continue;
        if (hits->len - from >= full) {
            const guint32 *places = list_places(list, value, &ignored);
            WordsHit *found = &g_array_index(hits, WordsHit, from);
            qsort(found, hits->len - from, sizeof *found, hit_order);
            if (places && found[want - 1].place < *places)
                return FALSE;
            full *= 2;
        }
        add_places(list, value, FIT_HOLDS, want, hits);
    }
    return TRUE;
}

GArray *list_holding(const WordList *list, const char *text, guint want, gboolean *all)
{
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(WordsHit));
    guint most = want ? want : G_MAXUINT;
    *all = TRUE;
    if (list->kind != WORDS_TEXT)
        add_begins(list, text, most, hits);
    if (hits->len < most)
        *all = add_holding(list, text, most, hits);
    g_array_sort(hits, hit_order);
    if (hits->len >= most) {
        g_array_set_size(hits, most);
        *all = FALSE;
    }
    return hits;
}
