/*
 * Each text has a code, and a number's place among all numbers holds the code of its text. Codes
 * are put in the order of their texts, and numbers counted into it.
 */
#include "engine/store/grouped.h"

#include <string.h>

#include "engine/base/dict.h"

struct Grouped {
    gsize most;
    gboolean given_up;
    GByteArray *texts;
    GArray *begins; /* of guint32, by code - 1: where its text begins */
    Dict codes;
    GArray *numbers; /* of guint32: the code of begin + i, 0: it has none */
    gint64 begin;
};

static void empty(Grouped *grouped)
{
    grouped->texts = g_byte_array_new();
    grouped->begins = g_array_new(FALSE, FALSE, sizeof(guint32));
    grouped->numbers = g_array_new(FALSE, TRUE, sizeof(guint32));
    dict_init(&grouped->codes);
}

static void clear(Grouped *grouped)
{
    g_byte_array_unref(grouped->texts);
    g_array_unref(grouped->begins);
    g_array_unref(grouped->numbers);
    dict_clear(&grouped->codes);
}

Grouped *grouped_new(gsize most)
{
    Grouped *grouped = g_new0(Grouped, 1);
    grouped->most = MIN(most, G_MAXUINT32 / 4);
    empty(grouped);
    return grouped;
}

void grouped_free(Grouped *grouped)
{
    if (grouped == NULL)
        return;
    clear(grouped);
    g_free(grouped);
}

static const char *text_of(const Grouped *grouped, guint code)
{
    return (const char *)grouped->texts->data + g_array_index(grouped->begins, guint32, code - 1);
}

static gboolean is_text(gconstpointer text, guint code, gconstpointer grouped)
{
    return strcmp(text_of(grouped, code), text) == 0;
}

static guint32 code_of(Grouped *grouped, const char *text)
{
    gsize length = strlen(text);
    guint32 hash = text_hash(text, length), begin = grouped->texts->len;
    guint code = dict_find(&grouped->codes, hash, is_text, text, grouped);
    if (code > 0)
        return code;
    g_byte_array_append(grouped->texts, (const guint8 *)text, (guint)length + 1);
    g_array_append_val(grouped->begins, begin);
    dict_add(&grouped->codes, hash, grouped->begins->len);
    return grouped->begins->len;
}

/* Arrays double when they are full; a code takes two slots of the table at most, and its begin. */
static gsize room_of(const Grouped *grouped, gsize numbers)
{
    return sizeof(guint32) * numbers + 2 * (gsize)grouped->texts->len +
           (4 * sizeof(guint64) + 2 * sizeof(guint32)) * grouped->begins->len;
}

gboolean grouped_add(Grouped *grouped, const char *text, gint64 number)
{
    if (grouped->given_up)
        return FALSE;
    if (grouped->numbers->len == 0)
        grouped->begin = number;
    guint64 at = (guint64)(number - grouped->begin);
    if (at >= grouped->most / sizeof(guint32) ||
        room_of(grouped, at + 1) + 2 * strlen(text) > grouped->most) {
        clear(grouped);
        empty(grouped);
        grouped->given_up = TRUE;
        return FALSE;
    }
    g_array_set_size(grouped->numbers, (guint)at + 1);
    g_array_index(grouped->numbers, guint32, at) = code_of(grouped, text);
    return TRUE;
}

gboolean grouped_has_all(const Grouped *grouped)
{
    return !grouped->given_up;
}

static int by_text(gconstpointer a, gconstpointer b, gpointer grouped)
{
    return strcmp(text_of(grouped, *(const guint *)a), text_of(grouped, *(const guint *)b));
}

/* The codes in the order of their texts. */
static guint *order_codes(const Grouped *grouped)
{
    guint n = grouped->begins->len;
    guint *codes = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++)
        codes[i] = i + 1;
    g_qsort_with_data(codes, (int)n, sizeof *codes, by_text, (gpointer)grouped);
    return codes;
}

/* Where in `places` the numbers of each code end; they stand in the order of `codes`. */
static guint *place_numbers(const Grouped *grouped, const guint *codes, guint *places)
{
    const guint32 *code = (const guint32 *)(const void *)grouped->numbers->data;
    guint n = grouped->begins->len, before = 0;
    guint *end = g_new0(guint, n + 1);
    for (guint i = 0; i < grouped->numbers->len; i++)
        end[code[i]]++;
    for (guint i = 0; i < n; i++) {
        guint here = end[codes[i]];
        end[codes[i]] = before;
        before += here;
    }
    for (guint i = 0; i < grouped->numbers->len; i++) {
        if (code[i] > 0)
            places[end[code[i]]++] = i;
    }
    return end;
}

gboolean grouped_each(const Grouped *grouped, SortedVisit visit, gpointer data, GError **error)
{
    g_autofree guint *codes = order_codes(grouped);
    g_autofree guint *places = g_new0(guint, grouped->numbers->len + 1);
    g_autofree guint *end = place_numbers(grouped, codes, places);
    for (guint i = 0, at = 0; i < grouped->begins->len; i++) {
        for (const char *text = text_of(grouped, codes[i]); at < end[codes[i]]; at++) {
            if (!visit(text, grouped->begin + places[at], data, error))
                return FALSE;
        }
    }
    return TRUE;
}
