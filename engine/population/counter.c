/*
 * Counts by key: an open table that grows.
 */
#include "engine/population/counter.h"

#include "engine/base/memory.h"

void counter_init(Counter *counter)
{
    *counter = (Counter){.slot = g_new0(Slot, 1024), .mask = 1023};
}

void counter_clear(Counter *counter)
{
    if (counter->sums == NULL) {
        g_free(counter->slot);
    }
    g_free(counter->sieve);
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
    counter->slot = memory_table(size * 2, sizeof(Slot));
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

guint counter_add(Counter *counter, guint64 key)
{
    return ++make_slot(counter, key)->count;
}

void counter_more(Counter *counter, guint64 key, guint32 n)
{
    make_slot(counter, key)->count += n;
}

void counter_follow(Counter *counter, guint64 before, guint64 key)
{
    guint32 seen = ++make_slot(counter, key)->count;
    if (seen == 1) {
        find_slot(counter, before)->fresh += FRESH_UNITS;
    } else if (seen == 2) {
        find_slot(counter, before)->fresh--; /* but for the discount it will come again */
    }
}

void counter_put(Counter *counter, Slot slot)
{
    *make_slot(counter, slot.key) = slot;
}

void counter_sieve(Counter *counter)
{
    guint bits = 10;
    while (bits < 40 && (guint64)1 << bits < 16 * counter->used) {
        bits++;
    }
    g_free(counter->sieve);
    counter->sieve = memory_table((gsize)1 << (bits - 6), sizeof(guint64));
    counter->sieve_shift = 64 - bits;
    for (guint64 i = 0; i <= counter->mask; i++) {
        if (counter->slot[i].key != 0) {
            guint64 bit = counter_bit(counter, counter->slot[i].key);
            counter->sieve[bit / 64] |= (guint64)1 << bit % 64;
        }
    }
}

/* Slots are believed one by one; in a damaged file none may be empty. */
static const Slot *find_stored(const Counter *counter, guint64 key)
{
    for (guint64 i = 0; i <= counter->mask; i++) {
        const Slot *slot = &counter->slot[(key + i) & counter->mask];
        if (!sums_hold(counter->sums, slot, sizeof(*slot)) || slot->key == 0) {
            return NULL;
        }
        if (slot->key == key) {
            return slot;
        }
    }
    return NULL;
}

const Slot *counter_find(const Counter *counter, guint64 key)
{
    if (counter->sieve != NULL) {
        guint64 bit = counter_bit(counter, key);
        if ((counter->sieve[bit / 64] >> bit % 64 & 1) == 0) {
            return NULL;
        }
    }
    if (counter->sums != NULL) {
        return find_stored(counter, key);
    }
    const Slot *slot = find_slot(counter, key);
    return slot->key == key ? slot : NULL;
}

guint counter_get(const Counter *counter, guint64 key)
{
    const Slot *slot = counter_find(counter, key);
    return slot != NULL ? slot->count : 0;
}

void counter_prune(Counter *counter)
{
    Counter kept;
    counter_init(&kept);
    for (guint64 i = 0; i <= counter->mask; i++) {
        if (counter->slot[i].count > 1) {
            counter_put(&kept, counter->slot[i]);
        }
    }
    counter_clear(counter);
    *counter = kept;
}
