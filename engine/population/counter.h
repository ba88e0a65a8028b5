/*
 * Counts by key: how often something was seen. Keys are hashes of 64 bits, so that two things
 * sharing one do not matter.
 */
#ifndef CROSSTRACE_POPULATION_COUNTER_H
#define CROSSTRACE_POPULATION_COUNTER_H

#include "engine/base/hash.h"
#include "engine/base/sums.h"

typedef struct {
    guint64 key; /* 0: empty */
    guint32 count;
    guint32 fresh; /* of what came next: what is not known to come again, in FRESH_UNITS */
} Slot;

typedef struct {
    Slot *slot;
    guint64 mask, used;
    Sums *sums;     /* of the file in which the slots lie and are only read; NULL: in memory */
    guint64 *sieve; /* a bit for each key: turns away most that are not there; may be NULL */
    guint sieve_shift;
} Counter;

void counter_init(Counter *counter);
void counter_clear(Counter *counter);
guint counter_add(Counter *counter, guint64 key); /* how often it was seen now */
/* Has the memory of a key fetched that is soon to be added: keys lie anywhere. */
static inline void counter_expect(const Counter *counter, guint64 key)
{
    __builtin_prefetch(&counter->slot[key & counter->mask], 1);
}
/* Adds a key that came behind another, which was added before. */
void counter_follow(Counter *counter, guint64 before, guint64 key);
void counter_more(Counter *counter, guint64 key, guint32 n);
/* The bit of a key in the sieve. */
static inline guint64 counter_bit(const Counter *counter, guint64 key)
{
    return key * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) >> counter->sieve_shift;
}
/* Has the part of the sieve fetched that tells of a key which is soon to be asked for. */
static inline void counter_ask(const Counter *counter, guint64 key)
{
    if (counter->sieve != NULL) {
        __builtin_prefetch(&counter->sieve[counter_bit(counter, key) / 64]);
    }
}
/* FALSE: the sieve turns it away. Else it may be there, and its slot is fetched. */
static inline gboolean counter_await(const Counter *counter, guint64 key)
{
    if (counter->sieve != NULL) {
        guint64 bit = counter_bit(counter, key);
        if ((counter->sieve[bit / 64] >> bit % 64 & 1) == 0) {
            return FALSE;
        }
    }
    __builtin_prefetch(&counter->slot[key & counter->mask]);
    return TRUE;
}
guint counter_get(const Counter *counter, guint64 key);
/* The same with what came next; NULL: it is not there. */
const Slot *counter_find(const Counter *counter, guint64 key);
/* Forgets what was seen once: of others that are like one, it says nothing. */
void counter_prune(Counter *counter);
void counter_put(Counter *counter, Slot slot);
/* For a counter that is asked often and takes no more keys. */
void counter_sieve(Counter *counter);

/* A count with a discount: what was seen once tells nothing of what comes next, and what was seen
 * oftener a little less than its count. What is taken away here is what a slot holds as fresh, so
 * that the shares of all that can come next add up to one (absolute discounting; Ney & Essen 1991).
 */
#define FRESH_UNITS 5u
static inline double discounted(guint n)
{
    return n > 1 ? n - 0.8 : 0;
}

/* Share of what came behind a slot that one slot has (NULL: it was not seen, or once): its own, and
 * as if everything fresh, and so many more, had been spread by shares that add up to one. */
static inline double share_behind(const Slot *before, const Slot *next, double more, double even)
{
    double own = next != NULL ? discounted(next->count) : 0;
    double fresh = (double)before->fresh / FRESH_UNITS + more;
    return (own + fresh * even) / (before->count + more);
}

#endif
