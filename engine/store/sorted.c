/*
 * What all texts begin with is passed over, and the eight bytes behind it are compared as one
 * number; the rest of a text is looked at only where these are equal.
 */
#include "engine/store/sorted.h"

#include <string.h>

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

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const Entry *left = a, *right = b;
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    int order = (left->head & 0xff) == 0 ? 0 : strcmp(text_of(data, left), text_of(data, right));
    return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

void sorted_sort(Sorted *sorted)
{
    for (guint i = 0; i < sorted->entries->len; i++) {
        Entry *entry = &g_array_index(sorted->entries, Entry, i);
        entry->head = head_of(text_of(sorted, entry) + sorted->common);
    }
    g_qsort_with_data(sorted->entries->data, (gint)sorted->entries->len, sizeof(Entry), compare,
                      sorted);
}

gboolean sorted_each(const Sorted *sorted, SortedVisit visit, gpointer data, GError **error)
{
    for (guint i = 0; i < sorted->entries->len; i++) {
        const Entry *entry = &g_array_index(sorted->entries, Entry, i);
        if (!visit(text_of(sorted, entry), entry->number, data, error))
            return FALSE;
    }
    return TRUE;
}
