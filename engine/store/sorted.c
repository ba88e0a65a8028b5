/*
 * What all texts begin with is passed over, and the eight bytes behind it are sorted as one number;
 * the next eight are looked at only where these are equal. Entries come by rising numbers and every
 * step keeps their order, so that those of one text stay as they came.
 */
#include "engine/store/sorted.h"

#include <string.h>

#define AHEAD 16 /* entries whose texts are asked for before they are read: they lie anywhere */

typedef struct {
    guint64 head;
    guint32 text, number; /* where it begins, and whose it is */
} Entry;

struct Sorted {
    gsize most;
    gboolean given_up;
    GByteArray *texts;
    GArray *entries;
    gsize common; /* bytes that all begin with */
};

Sorted *sorted_new(gsize most)
{
    Sorted *sorted = g_new0(Sorted, 1);
    *sorted = (Sorted){.most = MIN(most, G_MAXUINT32 / 4), .texts = g_byte_array_new()};
    sorted->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    return sorted;
}

void sorted_free(Sorted *sorted)
{
    if (sorted == NULL)
        return;
    g_byte_array_unref(sorted->texts);
    g_array_unref(sorted->entries);
    g_free(sorted);
}

static void give_up(Sorted *sorted)
{
    sorted->given_up = TRUE;
    g_byte_array_unref(sorted->texts);
    g_array_unref(sorted->entries);
    sorted->texts = g_byte_array_new();
    sorted->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
}

gboolean sorted_add(Sorted *sorted, const char *text, gint64 number)
{
    gsize size = strlen(text) + 1, same = 0;
    Entry entry = {.text = sorted->texts->len, .number = (guint32)number};
    /* Both arrays double when they are full, and sorting takes the entries once more. */
    if (sorted->given_up || number > G_MAXUINT32 ||
        2 * (sorted->texts->len + size) + 3 * sizeof entry * sorted->entries->len > sorted->most) {
        if (!sorted->given_up)
            give_up(sorted);
        return FALSE;
    }
    g_byte_array_append(sorted->texts, (const guint8 *)text, (guint)size);
    if (sorted->entries->len == 0)
        sorted->common = size - 1;
    while (same < sorted->common && text[same] == (char)sorted->texts->data[same])
        same++;
    sorted->common = same;
    g_array_append_val(sorted->entries, entry);
    return TRUE;
}

gboolean sorted_has_all(const Sorted *sorted)
{
    return !sorted->given_up;
}

static const char *text_of(const Sorted *sorted, const Entry *entry)
{
    return (const char *)sorted->texts->data + entry->text;
}

const char *sorted_text(const Sorted *sorted, gint64 i)
{
    if (sorted->given_up || i < 0 || i >= (gint64)sorted->entries->len)
        return NULL;
    return text_of(sorted, &g_array_index(sorted->entries, Entry, i));
}

static void ask_ahead(const Sorted *sorted, const Entry *entries, gsize i, gsize n, gsize at)
{
    if (i + AHEAD < n)
        __builtin_prefetch(text_of(sorted, &entries[i + AHEAD]) + at);
}

/* Behind a text's end there are zeros: a byte of a text is none. */
static guint64 head_of(const char *text)
{
    guint64 head = 0;
    for (int i = 0; i < 8; i++) {
        head = head << 8 | (guint8)*text;
        text += *text != '\0';
    }
    return head;
}

#define FEW 24 /* entries that are put in order one by one */

static void sort_few(Entry *entries, gsize n)
{
    for (gsize i = 1; i < n; i++) {
        const Entry one = entries[i];
        gsize to = i;
        for (; to > 0 && entries[to - 1].head > one.head; to--)
            entries[to] = entries[to - 1];
        entries[to] = one;
    }
}

/* By their heads, a byte at a time from the last; what has one head stays in its order. Bytes that
 * all have are passed over. */
static void sort_heads(Entry *entries, Entry *spare, gsize n)
{
    gsize counts[sizeof(guint64)][256] = {{0}};
    Entry *from = entries, *to = spare;
    for (gsize i = 0; i < n; i++) {
        for (guint byte = 0; byte < sizeof(guint64); byte++)
            counts[byte][entries[i].head >> 8 * byte & 0xff]++;
    }
    for (guint byte = 0; byte < sizeof(guint64); byte++) {
        gsize *count = counts[byte], before = 0;
        if (count[from[0].head >> 8 * byte & 0xff] == n)
            continue;
        for (guint i = 0; i < 256; i++) {
            gsize here = count[i];
            count[i] = before;
            before += here;
        }
        for (gsize i = 0; i < n; i++)
            to[count[from[i].head >> 8 * byte & 0xff]++] = from[i];
        Entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != entries)
        memcpy(entries, from, n * sizeof *entries);
}

/* Entries whose texts are equal up to `same`: by the eight bytes behind, then each lot of those
 * that are equal there, too, as long as a text goes on. */
static void sort_from(Sorted *sorted, Entry *entries, Entry *spare, gsize n, gsize same)
{
    for (gsize i = 0; i < n; i++)
        entries[i].head = head_of(text_of(sorted, &entries[i]) + same);
    if (n <= FEW)
        sort_few(entries, n);
    else
        sort_heads(entries, spare, n);
    for (gsize i = 0, end; i < n; i = end) {
        ask_ahead(sorted, entries, i, n, same + sizeof(guint64));
        for (end = i + 1; end < n && entries[end].head == entries[i].head; end++)
            ask_ahead(sorted, entries, end, n, same + sizeof(guint64));
        if (end - i > 1 && (entries[i].head & 0xff) != 0)
            sort_from(sorted, entries + i, spare, end - i, same + sizeof(guint64));
    }
}

void sorted_sort(Sorted *sorted)
{
    guint n = sorted->entries->len;
    g_autofree Entry *spare = g_new(Entry, n);
    sort_from(sorted, (Entry *)(void *)sorted->entries->data, spare, n, sorted->common);
}

gboolean sorted_each(const Sorted *sorted, SortedVisit visit, gpointer data, GError **error)
{
    const Entry *entries = (const Entry *)(const void *)sorted->entries->data;
    for (guint i = 0; i < sorted->entries->len; i++) {
        ask_ahead(sorted, entries, i, sorted->entries->len, 0);
        if (!visit(text_of(sorted, &entries[i]), entries[i].number, data, error))
            return FALSE;
    }
    return TRUE;
}
