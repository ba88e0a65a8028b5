/*
 * The keys of index.c. Hashes are polynomials over the characters, so that a text with a character
 * more, less or changed is hashed by a few additions.
 */
#include "engine/firearm/keys.h"

#include <string.h>

#define BASE G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)

enum { SALT_TEXT = 1, SALT_END, SALT_NCIC };

/* A text with the hashes of all its beginnings. */
typedef struct {
    const guint8 *code;
    guint n;
    guint64 before[SERIAL_MAX + 2];
} Rolling;

Keys *serial_keys_new(void)
{
    Keys *keys = g_new(Keys, 1);
    keys->n = 0;
    keys->power[0] = 1;
    for (guint i = 0; i <= SERIAL_MAX; i++) {
        keys->power[i + 1] = keys->power[i] * BASE;
    }
    return keys;
}

static void rolling_init(Rolling *r, const guint8 *code, guint n)
{
    r->code = code;
    r->n = n;
    r->before[0] = 0;
    for (guint i = 0; i < n; i++) {
        r->before[i + 1] = r->before[i] * BASE + code[i] + 1u;
    }
}

static guint64 stretch(const Keys *keys, const Rolling *r, guint from, guint to)
{
    return r->before[to] - r->before[from] * keys->power[to - from];
}

/* Without the character at a place. */
static guint64 without(const Keys *keys, const Rolling *r, guint at)
{
    return r->before[at] * keys->power[r->n - at - 1] + stretch(keys, r, at + 1, r->n);
}

static void put(Keys *keys, guint32 salt, guint64 h, guint n)
{
    h = (h ^ (salt << 8 | n)) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
    h ^= h >> 32;
    h *= G_GUINT64_CONSTANT(0xC4CEB9FE1A85EC53);
    h ^= h >> 29;
    if (keys->n < KEYS_MAX) {
        keys->key[keys->n++] = h;
    }
}

static void put_codes(Keys *keys, guint32 salt, const Codes *codes)
{
    guint64 h = 0;
    for (guint i = 0; i < codes->n; i++) {
        h = h * BASE + codes->code[i] + 1u;
    }
    put(keys, salt, h, codes->n);
}

/* Is deleting at a place the same as deleting one place before? */
static gboolean repeats(const Rolling *r, guint at)
{
    return at > 0 && r->code[at] == r->code[at - 1];
}

static void put_deletions(Keys *keys, const Rolling *r)
{
    for (guint i = 0; i < r->n; i++) {
        if (!repeats(r, i)) {
            put(keys, SALT_TEXT, without(keys, r, i), r->n - 1);
        }
    }
}

static void put_ends(Keys *keys, const Rolling *r, guint32 salt)
{
    for (guint n = CONTAINED_MIN; n < r->n; n++) {
        put(keys, salt, r->before[n], n);
        put(keys, salt, stretch(keys, r, r->n - n, r->n), n);
    }
}

void keys_of(Keys *keys, const Codes *codes)
{
    Rolling r;
    keys->n = 0;
    if (codes->n == 0) {
        return;
    }
    rolling_init(&r, codes->code, codes->n);
    put(keys, SALT_TEXT, r.before[r.n], r.n);
    put_deletions(keys, &r);
    put_ends(keys, &r, SALT_END);
    Codes ncic = codes_ncic(codes);
    if (ncic.n != codes->n) {
        put_codes(keys, SALT_NCIC, &ncic);
    }
}

void keys_equal(Keys *keys, const Codes *codes)
{
    Codes ncic = codes_ncic(codes);
    put_codes(keys, SALT_TEXT, codes);
    put_codes(keys, SALT_NCIC, &ncic);
    if (ncic.n != codes->n) {
        put_codes(keys, SALT_TEXT, &ncic);
    }
}

/* All texts with two look-alikes. */
static void put_look_alikes(Keys *keys, const FirearmModel *model, Codes *codes, guint from,
                            guint left)
{
    for (guint i = from; i < codes->n; i++) {
        guint8 was = codes->code[i];
        for (CharSet set = model->look_alike[was]; set != 0; set &= set - 1) {
            codes->code[i] = (guint8)__builtin_ctzll(set);
            if (left == 1) {
                put_codes(keys, SALT_TEXT, codes);
            } else {
                put_look_alikes(keys, model, codes, i + 1, left - 1);
            }
        }
        codes->code[i] = was;
    }
}

void keys_one(Keys *keys, const FirearmModel *model, const Codes *codes)
{
    Rolling r;
    rolling_init(&r, codes->code, codes->n);
    put(keys, SALT_TEXT, r.before[r.n], r.n);
    put_deletions(keys, &r);
    put(keys, SALT_END, r.before[r.n], r.n);
    put_ends(keys, &r, SALT_TEXT);
    if (codes->n < TWO_EDITS_MIN) {
        Codes copy = *codes;
        put_look_alikes(keys, model, &copy, 0, 2);
    }
}

/* Two characters less: what is kept has lost none or one of its own. */
static void put_two_deletions(Keys *keys, const Rolling *r)
{
    for (guint i = 0; i + 1 < r->n; i++) {
        if (repeats(r, i)) {
            continue;
        }
        for (guint j = i + 1; j < r->n; j++) {
            if (j > i + 1 && repeats(r, j)) {
                continue;
            }
            guint64 h = r->before[i] * keys->power[j - i - 1] + stretch(keys, r, i + 1, j);
            h = h * keys->power[r->n - j - 1] + stretch(keys, r, j + 1, r->n);
            put(keys, SALT_TEXT, h, r->n - 2);
        }
    }
}

/* One character changed, and one behind it less: what is kept differs in both. */
static void put_two_changes(Keys *keys, const Rolling *r, const guint64 *seen)
{
    for (guint j = 1; j < r->n; j++) {
        guint64 less = without(keys, r, j);
        for (guint i = 0; i < j; i++) {
            guint64 power = keys->power[r->n - i - 2], bare = less - (r->code[i] + 1u) * power;
            for (guint64 set = seen[i] & ~((guint64)1 << r->code[i]); set != 0; set &= set - 1) {
                put(keys, SALT_TEXT, bare + ((guint64)__builtin_ctzll(set) + 1) * power, r->n - 1);
            }
        }
    }
}

/* One character changed: what is kept has one more. */
static void put_changes(Keys *keys, const Rolling *r, const guint64 *seen)
{
    for (guint i = 0; i < r->n; i++) {
        guint64 power = keys->power[r->n - i - 1];
        guint64 bare = r->before[r->n] - (r->code[i] + 1u) * power;
        guint64 set = (seen[i] | seen[i + 1]) & ~((guint64)1 << r->code[i]);
        for (; set != 0; set &= set - 1) {
            put(keys, SALT_TEXT, bare + ((guint64)__builtin_ctzll(set) + 1) * power, r->n);
        }
    }
}

/* One character more: what is kept has two more. */
static void put_additions(Keys *keys, const Rolling *r, const guint64 *seen)
{
    for (guint i = 0; i <= r->n; i++) {
        guint64 power = keys->power[r->n - i];
        guint64 bare = r->before[i] * keys->power[r->n - i + 1] + stretch(keys, r, i, r->n);
        for (guint64 set = seen[i] | seen[i + 1]; set != 0; set &= set - 1) {
            put(keys, SALT_TEXT, bare + ((guint64)__builtin_ctzll(set) + 1) * power, r->n + 1);
        }
    }
}

/* Neighbours swapped; with a character less for what else may be changed or swapped. */
static void put_swaps(Keys *keys, const Codes *codes)
{
    for (guint i = 0; i + 1 < codes->n; i++) {
        if (codes->code[i] == codes->code[i + 1]) {
            continue;
        }
        Codes swapped = *codes;
        Rolling r;
        swapped.code[i] = codes->code[i + 1];
        swapped.code[i + 1] = codes->code[i];
        rolling_init(&r, swapped.code, swapped.n);
        put(keys, SALT_TEXT, r.before[r.n], r.n);
        put_deletions(keys, &r);
    }
}

void keys_two(Keys *keys, const Codes *codes, const guint64 seen[SERIAL_MAX + 1][SERIAL_MAX])
{
    Rolling r;
    guint n = codes->n;
    if (n < TWO_EDITS_MIN) {
        return;
    }
    rolling_init(&r, codes->code, n);
    put(keys, SALT_TEXT, r.before[n], n);
    put_deletions(keys, &r);
    put_two_deletions(keys, &r);
    put_swaps(keys, codes);
    put_two_changes(keys, &r, seen[n]);
    if (n + 1 <= SERIAL_MAX) {
        put_changes(keys, &r, seen[n + 1]);
    }
    if (n + 2 <= SERIAL_MAX) {
        put_additions(keys, &r, seen[n + 2]);
    }
}
