/*
 * Counts by key: an open table that grows.
 */
#include "engine/firearm/counter.h"

void counter_init(Counter *counter)
{
    *counter = (Counter){.slot = g_new0(Slot, 1024), .mask = 1023};
}

void counter_clear(Counter *counter)
{
    if (!counter->borrowed) {
        g_free(counter->slot);
    }
}

static Slot *find_slot(const Counter *counter, guint64 key)
{
    guint64 at = key & counter->mask,
            left = counter->mask; /* of a damaged file none may be empty */
    while (counter->slot[at].key != 0 && counter->slot[at].key != key && left-- > 0) {
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
    const Slot *slot = find_slot(counter, key);
    return slot->key == key ? slot->count : 0;
}

void counter_prune(Counter *counter)
{
    Counter kept;
    counter_init(&kept);
    for (guint64 i = 0; i <= counter->mask; i++) {
        if (counter->slot[i].count > 1) {
            counter_put(&kept, counter->slot[i].key, counter->slot[i].count);
        }
    }
    counter_clear(counter);
    *counter = kept;
}
