/*
 * How likely a fragment is to fit another firearm: by how the serials of its make begin and end.
 * Characters in a row from an end are followed as far as the sample shows a run; the others count
 * by themselves, place by place.
 */
#include "engine/population/fragment.h"

#define SAMPLE 50000u /* serials, about */
#define CHAIN  6u     /* characters in a row */
#define PLACES 10u    /* from an end */

/* from the left end, and the next from the right end */
enum { KIND_LENGTH = 1, KIND_CHAIN = 2, KIND_AT = 4, KIND_SHAPE = 6 };

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

/* What stands at an end, as far as a row of places is letters or digits. */
static guint64 shape_of(guint64 shape, gboolean letter)
{
    return mix(shape, letter ? 2 : 1);
}

static guint code_from(const Codes *codes, guint side, guint place)
{
    return codes->code[side == 0 ? place : codes->n - 1u - place];
}

static void count_ends(Fragments *f, const Codes *codes, guint make)
{
    counter_add(&f->counter, mix(mix(KIND_LENGTH, make), codes->n));
    for (guint side = 0; side < 2; side++) {
        guint64 key = chain_key(side, make), shape = mix(KIND_SHAPE + side, make);
        counter_add(&f->counter, key);
        for (guint i = 0; i < MIN(codes->n, PLACES); i++) {
            guint code = code_from(codes, side, i);
            counter_add(&f->counter, place_key(side, make, i, code));
            shape = shape_of(shape, code > 9);
            counter_add(&f->counter, shape);
            if (i < CHAIN) {
                guint64 before = key;
                key = mix(key, code + 1u);
                counter_follow(&f->counter, before, key);
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

/* How far a pattern was followed from an end. */
typedef struct {
    const Fragments *f;
    guint side, make;
    guint64 key;       /* characters in a row */
    const Slot *chain; /* how often they were seen; NULL: not */
    guint64 shape;     /* letters and digits in a row; 0: something unknown stood between */
    double shaped;     /* serials that begin or end so */
} End;

/* Share of the characters of a set at the next place, by letters and digits alone. */
static double shape_share(End *end, CharSet set)
{
    double share = 0;
    guint64 next[2] = {shape_of(end->shape, FALSE), shape_of(end->shape, TRUE)};
    gint of[2] = {__builtin_popcountll(set & ((1u << 10) - 1)), __builtin_popcountll(set >> 10)};
    for (guint kind = 0; kind < 2; kind++) {
        double seen = counter_get(&end->f->counter, next[kind]);
        share += (seen + 1) / (end->shaped + 2) * of[kind] / (kind == 0 ? 10 : 26);
    }
    if (of[0] > 0 && of[1] > 0) {
        end->shape = 0;
    } else {
        end->shape = next[of[1] > 0];
        end->shaped = counter_get(&end->f->counter, end->shape);
    }
    return share;
}

/* Share of the characters of a set at the next place; those known in a row tell most. */
static double next_share(End *end, CharSet set, guint place)
{
    double share = end->shape != 0 && place < PLACES
                       ? shape_share(end, set)
                       : place_share(end->f, set, end->side, end->make, place);
    if (end->chain == NULL || (set & (set - 1)) != 0 || place >= CHAIN) {
        end->chain = NULL;
        return share;
    }
    const Slot *before = end->chain;
    end->key = mix(end->key, (guint)__builtin_ctzll(set) + 1u);
    end->chain = counter_find(&end->f->counter, end->key);
    return share_behind(before, end->chain, 2, share);
}

/* From the end that is not open. */
static double end_share(const Fragments *f, const Serial *pattern, guint side, guint make)
{
    End end = {f, side, make, chain_key(side, make), NULL, mix(KIND_SHAPE + side, make), 0};
    end.chain = counter_find(&f->counter, end.key);
    end.shaped = end.chain != NULL ? end.chain->count : 0;
    double share = 1;
    for (guint i = 0; i < pattern->length; i++) {
        CharSet set = pattern->set[side == 0 ? i : pattern->length - 1 - i];
        if (set == CHARSET_ANY) {
            end.chain = NULL;
            end.shape = 0;
        } else {
            share *= next_share(&end, set, i);
        }
    }
    return share;
}

static double fragment_share(const Fragments *f, const Serial *pattern, guint make)
{
    double share = end_share(f, pattern, pattern->open_left ? 1 : 0, make);
    if (!pattern->open_left && !pattern->open_right) {
        /* places behind an unknown one count as if they said nothing of each other: too little */
        share = MAX(share, end_share(f, pattern, 1, make));
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
    g_autofree Serial *begins = serial_dup(pattern), *ends = serial_dup(pattern);
    begins->open_left = FALSE;
    ends->open_right = FALSE;
    return MIN(1, inner_share(fragments, pattern) + fragments_share(fragments, begins, make) +
                      fragments_share(fragments, ends, make));
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
