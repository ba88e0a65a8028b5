/*
 * References in order, by the eight bytes behind what all of them begin with, which settles nearly
 * every comparison without a look at the texts.
 */
#include "engine/resolution/order.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    guint64 key;
    const char *rest; /* behind the key */
    guint index;
} Entry;

static int entry_compare(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = strcmp(x->rest, y->rest);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static const char *ref_at(const PersonInput *input, guint i)
{
    return person_input_mention(input, i).ref;
}

static gboolean in_order(const PersonInput *input)
{
    const char *last = "";
    for (guint i = 0; i < input->n; i++) {
        const char *ref = ref_at(input, i);
        if (strcmp(last, ref) > 0)
            return FALSE;
        last = ref;
    }
    return TRUE;
}

/* Bytes that all references have in common at the start. */
static gsize common_start(const PersonInput *input)
{
    const char *first = ref_at(input, 0);
    gsize common = strlen(first);
    for (guint i = 1; i < input->n; i++) {
        const char *ref = ref_at(input, i);
        gsize length = 0;
        while (length < common && ref[length] == first[length])
            length++;
        common = length;
    }
    return common;
}

static void entry_init(Entry *e, const char *text, guint index)
{
    e->key = 0;
    e->index = index;
    for (guint i = 0; i < 8; i++) {
        e->key = e->key << 8 | (guchar)*text;
        text += *text != '\0';
    }
    e->rest = text;
}

guint *order_as_is(guint n)
{
    guint *order = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    return order;
}

guint *order_by_ref(const PersonInput *input)
{
    guint n = input->n, *order = order_as_is(n);
    if (n == 0 || in_order(input))
        return order;
    g_autofree Entry *entries = g_new(Entry, n);
    gsize common = common_start(input);
    for (guint i = 0; i < n; i++)
        entry_init(&entries[i], ref_at(input, i) + common, i);
    qsort(entries, n, sizeof *entries, entry_compare);
    for (guint i = 0; i < n; i++)
        order[i] = entries[i].index;
    return order;
}
