/*
 * Open addressing with linear probing, grown at three quarters. The upper half of a slot is the
 * hash, so that growing needs no look at the entries and most probes end without one.
 */
#include "engine/base/dict.h"

#include "engine/base/memory.h"

#define DICT_START 1024

guint64 text_hash64(const char *text, gsize length)
{
    guint64 h = length;
    for (gsize i = 0; i < length; i++)
        h = (h ^ (guchar)text[i]) * G_GUINT64_CONSTANT(0x100000001B3);
    return mix64(h, 1);
}

guint32 text_hash(const char *text, gsize length)
{
    guint32 out = (guint32)(text_hash64(text, length) >> 32);
    return out ? out : 1;
}

void dict_init(Dict *d)
{
    d->slots = g_new0(guint64, DICT_START);
    d->mask = DICT_START - 1;
    d->n = 0;
}

void dict_clear(Dict *d)
{
    g_free(d->slots);
    d->slots = NULL;
}

guint dict_find(const Dict *d, guint32 hash, DictSame same, gconstpointer key, gconstpointer data)
{
    for (guint at = hash & d->mask; d->slots[at]; at = (at + 1) & d->mask)
        if (d->slots[at] >> 32 == hash && same(key, (guint)d->slots[at], data))
            return (guint)d->slots[at];
    return 0;
}

static void place_slot(Dict *d, guint64 slot)
{
    guint at = (guint)(slot >> 32) & d->mask;
    while (d->slots[at])
        at = (at + 1) & d->mask;
    d->slots[at] = slot;
}

static gboolean is_full(const Dict *d, guint more, guint64 slots)
{
    return ((guint64)d->n + more) * 4 > slots * 3;
}

void dict_reserve(Dict *d, guint n)
{
    guint64 *old = d->slots;
    guint64 had = (guint64)d->mask + 1, slots = had;
    while (is_full(d, n, slots))
        slots *= 2;
    if (slots == had)
        return;
    d->mask = (guint)(slots - 1);
    d->slots = g_new0(guint64, slots);
    memory_large(d->slots, slots * sizeof *d->slots);
    for (guint64 i = 0; i < had; i++)
        if (old[i])
            place_slot(d, old[i]);
    g_free(old);
}

void dict_add(Dict *d, guint32 hash, guint number)
{
    if (is_full(d, 1, (guint64)d->mask + 1))
        dict_reserve(d, 1);
    place_slot(d, (guint64)hash << 32 | number);
    d->n++;
}

void dict_shift(Dict *d, guint by)
{
    for (guint64 at = 0; at <= d->mask; at++)
        if (d->slots[at])
            d->slots[at] += by;
}
