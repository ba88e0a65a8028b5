/*
 * How likely a fragment is to fit another firearm: by how the serials of its make begin and end.
 * Characters in a row from an end are followed as far as the sample shows a run; the others count
 * by themselves, place by place.
 */
#include "engine/firearm/counter.h"

#define SAMPLE 50000u /* serials, about */
#define CHAIN  6u     /* characters in a row */
#define PLACES 10u    /* from an end */

/* CHAIN and AT: from the left end, and the next from the right end */
enum { KIND_LENGTH = 1, KIND_CHAIN = 2, KIND_AT = 4 };

struct Fragments {
    Counter counter;
    guint one_in;
};

Fragments *fragments_new(guint firearms)
{
    Fragments *f = g_new0(Fragments, 1);
    counter_init(&f->counter);
    f->one_in = 1 + firearms / SAMPLE;
    return f;
}

void fragments_free(Fragments *fragments)
{
    counter_clear(&fragments->counter);
    g_free(fragments);
}

Counter *fragments_counter(Fragments *fragments)
{
    return &fragments->counter;
}

static guint64 chain_key(guint side, guint make)
{
    return mix(KIND_CHAIN + side, make);
}

static guint64 place_key(guint side, guint make, guint place, guint code)
{
    return mix(mix(mix(KIND_AT + side, make), place), code + 1u);
}

static guint code_from(const Codes *codes, guint side, guint place)
{
    return codes->code[side == 0 ? place : codes->n - 1u - place];
}

static void count_ends(Fragments *f, const Codes *codes, guint make)
{
    counter_add(&f->counter, mix(mix(KIND_LENGTH, make), codes->n));
    for (guint side = 0; side < 2; side++) {
        guint64 key = chain_key(side, make);
        counter_add(&f->counter, key);
        for (guint i = 0; i < MIN(codes->n, PLACES); i++) {
            guint code = code_from(codes, side, i);
            counter_add(&f->counter, place_key(side, make, i, code));
            if (i < CHAIN) {
                key = mix(key, code + 1u);
                counter_add(&f->counter, key);
            }
        }
    }
}

/* Which serials are looked at does not depend on their order. */
static gboolean in_sample(const Codes *codes, guint one_in)
{
    guint64 h = codes->n;
    for (guint i = 0; i < codes->n; i++) {
        h = mix(h, codes->code[i]);
    }
    return h % one_in == 0;
}

void fragments_count(Fragments *fragments, const Codes *codes, guint make)
{
    if (!in_sample(codes, fragments->one_in)) {
        return;
    }
    count_ends(fragments, codes, 0);
    if (make != 0) {
        count_ends(fragments, codes, make);
    }
}

/* Share of serials with one of a set of characters at a place from an end. */
static double place_share(const Fragments *f, CharSet set, guint side, guint make, guint place)
{
    double seen = 0, even = 0;
    for (CharSet left = set; left != 0; left &= left - 1) {
        guint code = (guint)__builtin_ctzll(left);
        even += code > 9 ? 0.0096 : 0.075;
        seen += place < PLACES ? counter_get(&f->counter, place_key(side, make, place, code)) : 0;
    }
    double all = place < PLACES ? counter_get(&f->counter, chain_key(side, make)) : 0;
    return (seen + 5 * even) / (all + 5);
}

/* Characters in a row from the end that is not open, then each by itself. */
static double end_share(const Fragments *f, const Serial *pattern, guint side, guint make)
{
    guint64 key = chain_key(side, make);
    guint seen = counter_get(&f->counter, key);
    double share = 1, before = discounted(seen);
    gboolean row = TRUE;
    for (guint i = 0; i < pattern->length; i++) {
        CharSet set = pattern->set[side == 0 ? i : pattern->length - 1 - i];
        row = row && (set & (set - 1)) == 0 && i < CHAIN && seen > 0;
        if (set == CHARSET_ANY) {
            continue;
        }
        double alone = place_share(f, set, side, make, i);
        if (row) {
            key = mix(key, (guint)__builtin_ctzll(set) + 1u);
            seen = counter_get(&f->counter, key);
            double now = discounted(seen);
            share *= (now + 2 * alone) / (before + 2);
            before = now;
        } else {
            share *= alone;
        }
    }
    return share;
}

static double fragment_share(const Fragments *f, const Serial *pattern, guint make)
{
    double share = end_share(f, pattern, pattern->open_left ? 1 : 0, make);
    if (!pattern->open_left && !pattern->open_right) {
        double fits = counter_get(&f->counter, mix(mix(KIND_LENGTH, make), pattern->length));
        share *= (fits + 0.5) / (counter_get(&f->counter, chain_key(0, make)) + 5.0);
    }
    return share;
}

/* Anywhere inside a serial, by characters alone. */
static double inner_share(const Fragments *f, const Serial *pattern)
{
    double share = 3;
    for (guint i = 0; i < pattern->length; i++) {
        if (pattern->set[i] != CHARSET_ANY) {
            share *= place_share(f, pattern->set[i], 0, 0, PLACES);
        }
    }
    return share;
}

/* What may stand anywhere may stand at either end, where serials of a make are alike. */
static double open_share(const Fragments *fragments, const Serial *pattern, guint make)
{
    Serial begins = *pattern, ends = *pattern;
    begins.open_left = FALSE;
    ends.open_right = FALSE;
    return MIN(1, inner_share(fragments, pattern) + fragments_share(fragments, &begins, make) +
                      fragments_share(fragments, &ends, make));
}

double fragments_share(const Fragments *fragments, const Serial *pattern, guint make)
{
    if (pattern->open_left && pattern->open_right) {
        return open_share(fragments, pattern, make);
    }
    double share = fragment_share(fragments, pattern, 0);
    if (make != 0) {
        double n = counter_get(&fragments->counter, chain_key(0, make));
        share = (n * fragment_share(fragments, pattern, make) + 20 * share) / (n + 20);
    }
    return MIN(share, 1);
}
