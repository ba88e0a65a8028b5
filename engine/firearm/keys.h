/*
 * Every tier as an equality of hashed keys: two texts within one or two edits share what remains
 * when characters are deleted (Mor & Fraenkel 1982; SymSpell); an end that was lost is a prefix or
 * suffix. The index keeps a serial under what remains of it without one character; who asks does
 * the rest, so that the index stays small. Private to index.c.
 */
#ifndef CROSSTRACE_FIREARM_KEYS_H
#define CROSSTRACE_FIREARM_KEYS_H

#include "engine/firearm/index.h"

#define KEYS_MAX 24576u /* more than any serial has: about 18,000 for two edits of the longest */

typedef struct {
    guint n;
    guint64 key[KEYS_MAX];
    guint64 power[SERIAL_MAX + 2];
} Keys;

Keys *serial_keys_new(void); /* g_free */

/* Keys that a serial is kept under. Replaces what was there. */
void keys_of(Keys *keys, const Codes *codes);
/* Keys under which a serial may be kept that is as FindWhat says. Adds to what is there. */
void keys_equal(Keys *keys, const Codes *codes);
void keys_one(Keys *keys, const FirearmModel *model, const Codes *codes);
/* seen: characters of the serials that are kept, by length and place. */
void keys_two(Keys *keys, const Codes *codes, const guint64 seen[SERIAL_MAX + 1][SERIAL_MAX]);

#endif
