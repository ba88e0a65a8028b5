/*
 * References in order, by the eight bytes behind what all of them begin with, which settles nearly
 * every comparison without a look at the texts.
 */
#include "engine/person/order.h"

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

static gboolean in_order(const PersonMention *mentions, guint n)
{
    for (guint i = 1; i < n; i++)
        if (strcmp(mentions[i - 1].ref, mentions[i].ref) > 0)
            return FALSE;
    return TRUE;
}

/* Bytes that all references have in common at the start. */
static gsize common_start(const PersonMention *mentions, guint n)
{
    gsize common = strlen(mentions[0].ref);
    for (guint i = 1; i < n; i++) {
        gsize length = 0;
        while (length < common && mentions[i].ref[length] == mentions[0].ref[length])
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

guint *order_by_ref(const PersonMention *mentions, guint n)
{
    guint *order = order_as_is(n);
    if (n == 0 || in_order(mentions, n))
        return order;
    g_autofree Entry *entries = g_new(Entry, n);
    gsize common = common_start(mentions, n);
    for (guint i = 0; i < n; i++)
        entry_init(&entries[i], mentions[i].ref + common, i);
    qsort(entries, n, sizeof *entries, entry_compare);
    for (guint i = 0; i < n; i++)
        order[i] = entries[i].index;
    return order;
}
