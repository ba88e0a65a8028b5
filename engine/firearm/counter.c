/*
 * Counts by key: an open table that grows.
 */
#include "engine/firearm/counter.h"

void counter_init(Counter *counter)
{
    *counter = (Counter){g_new0(Slot, 1024), 1023, 0};
}

void counter_clear(Counter *counter)
{
    g_free(counter->slot);
}

static Slot *find_slot(const Counter *counter, guint64 key)
{
    guint64 at = key & counter->mask;
    while (counter->slot[at].key != 0 && counter->slot[at].key != key) {
        at = (at + 1) & counter->mask;
    }
    return &counter->slot[at];
}

static void grow(Counter *counter)
{
    Slot *old = counter->slot;
    guint64 size = counter->mask + 1;
    counter->mask = size * 2 - 1;
    counter->slot = g_new0(Slot, size * 2);
    for (guint64 i = 0; i < size; i++) {
        if (old[i].key != 0) {
            *find_slot(counter, old[i].key) = old[i];
        }
    }
    g_free(old);
}

static Slot *make_slot(Counter *counter, guint64 key)
{
    if (counter->used * 2 > counter->mask) {
        grow(counter);
    }
    Slot *slot = find_slot(counter, key);
    counter->used += slot->key == 0;
    slot->key = key;
    return slot;
}

void counter_add(Counter *counter, guint64 key)
{
    make_slot(counter, key)->count++;
}

void counter_put(Counter *counter, guint64 key, guint32 count)
{
    make_slot(counter, key)->count = count;
}

guint counter_get(const Counter *counter, guint64 key)
{
    return find_slot(counter, key)->count;
}
