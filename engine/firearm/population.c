/*
 * Counts behind population.h: one table from hashed (what, value, context) to a count. Hashes
 * have 64 bits, so that two values sharing one do not matter. Serial formats: makers number in
 * runs, so a serial is likely where many begin like it; else by its shape of letters and digits.
 */
#include "engine/firearm/population.h"

#include <math.h>
#include <string.h>

typedef struct {
    guint64 key; /* 0: empty */
    guint32 count;
} Slot;

/* Characters at the end that are free in any run. */
#define FREE_END 3u

/* Of serials of one make: characters at each place from the right end; first how many, then
 * their share among those of their kind. */
typedef struct {
    float share[FREE_END][36];
} Tail;

struct Population {
    Slot *slot;
    guint64 mask, used;
    Facts *facts;
    guint n, traces;
    GArray *tail; /* of Tail, by make */
};

enum {
    KIND_SHARE = 1,
    KIND_CONTEXT = 8,
    KIND_SHAPE = 16,
    KIND_TRACES,
    KIND_ITEMS,
    KIND_LENGTH,
    KIND_SEIZED,
    KIND_CHAIN,   /* and the next: characters in a row from the left and from the right end */
    KIND_AT = 24, /* and the next: a character at a place from the left and the right end */
};

static guint64 mix(guint64 a, guint64 b)
{
    guint64 h =
        (a ^ b * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
    h ^= h >> 32;
    h *= G_GUINT64_CONSTANT(0xC4CEB9FE1A85EC53);
    h ^= h >> 29;
    return h == 0 ? 1 : h;
}

static Slot *find_slot(const Population *p, guint64 key)
{
    guint64 at = key & p->mask;
    while (p->slot[at].key != 0 && p->slot[at].key != key) {
        at = (at + 1) & p->mask;
    }
    return &p->slot[at];
}

static void grow(Population *p)
{
    Slot *old = p->slot;
    guint64 size = p->mask + 1;
    p->mask = size * 2 - 1;
    p->slot = g_new0(Slot, size * 2);
    for (guint64 i = 0; i < size; i++) {
        if (old[i].key != 0) {
            *find_slot(p, old[i].key) = old[i];
        }
    }
    g_free(old);
}

static void count(Population *p, guint64 key)
{
    if (p->used * 2 > p->mask) {
        grow(p);
    }
    Slot *slot = find_slot(p, key);
    p->used += slot->key == 0;
    slot->key = key;
    slot->count++;
}

static guint counted(const Population *p, guint64 key)
{
    return find_slot(p, key)->count;
}

static guint64 share_key(Share what, guint value, guint make, guint model)
{
    return mix(mix(mix(KIND_SHARE + what, value), make), model);
}

static guint64 context_key(Share what, guint make, guint model)
{
    return mix(mix(mix(KIND_CONTEXT + what, 0), make), model);
}

static void count_share(Population *p, Share what, guint value, const Facts *f)
{
    if (value == 0) {
        return;
    }
    count(p, share_key(what, value, 0, 0));
    count(p, context_key(what, 0, 0));
    if (f->make == 0 || what == SHARE_MAKE) {
        return;
    }
    count(p, share_key(what, value, f->make, 0));
    count(p, context_key(what, f->make, 0));
    if (f->model != 0 && what != SHARE_MODEL) {
        count(p, share_key(what, value, f->make, f->model));
        count(p, context_key(what, f->make, f->model));
    }
}

/* Key of the kinds of characters of a serial; with its characters mixed in, of a beginning. */
static guint64 shape_key(const Codes *codes, guint make)
{
    guint64 h = mix(KIND_SHAPE, codes->n);
    for (guint i = 0; i < codes->n; i++) {
        h = mix(h, codes->code[i] > 9);
    }
    return mix(h, make);
}

static void count_serial(Population *p, const Codes *codes, guint make)
{
    guint64 key = shape_key(codes, make);
    count(p, key);
    for (guint i = 0; i + FREE_END < codes->n; i++) {
        key = mix(key, codes->code[i] + 1u);
        count(p, key);
    }
    while (p->tail->len <= make) {
        g_array_set_size(p->tail, p->tail->len + 1);
    }
    for (guint i = 0; i < MIN(codes->n, FREE_END); i++) {
        g_array_index(p->tail, Tail, make).share[i][codes->code[codes->n - 1 - i]]++;
    }
}

/* Fragments are judged by what some serials look like, so many of the store. */
#define SAMPLE 50000u
#define CHAIN  6u  /* characters in a row */
#define PLACES 10u /* from an end */

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

static void count_ends(Population *p, const Codes *codes, guint make)
{
    count(p, mix(mix(KIND_LENGTH, make), codes->n));
    for (guint side = 0; side < 2; side++) {
        guint64 key = chain_key(side, make);
        count(p, key);
        for (guint i = 0; i < MIN(codes->n, PLACES); i++) {
            guint code = code_from(codes, side, i);
            count(p, place_key(side, make, i, code));
            if (i < CHAIN) {
                key = mix(key, code + 1u);
                count(p, key);
            }
        }
    }
}

/* Which serials are looked at does not depend on their order. */
static gboolean in_sample(const Codes *codes, guint firearms)
{
    guint64 h = codes->n;
    for (guint i = 0; i < codes->n; i++) {
        h = mix(h, codes->code[i]);
    }
    return h % (1 + firearms / SAMPLE) == 0;
}

static void count_trace(Population *p, const Firearm *firearm, const Facts *facts)
{
    Codes codes;
    p->traces++;
    if (facts->make != 0) {
        count(p, mix(KIND_TRACES, facts->make));
    }
    if (!codes_of(&firearm->serial, &codes)) {
        return;
    }
    count_serial(p, &codes, 0);
    if (facts->make != 0) {
        count_serial(p, &codes, facts->make);
    }
    if (in_sample(&codes, p->n)) {
        count_ends(p, &codes, 0);
        if (facts->make != 0) {
            count_ends(p, &codes, facts->make);
        }
    }
}

guint64 reference_key(const char *text)
{
    guint64 h = 0;
    for (; text != NULL && *text != '\0'; text++) {
        if (g_ascii_isalnum(*text)) {
            h = mix(h + 1, (guint64)g_ascii_toupper(*text));
        }
    }
    return h;
}

static guint intern(GHashTable *ids, const char *text)
{
    if (text == NULL || *text == '\0' || strcmp(text, "UNKNOWN") == 0) {
        return 0;
    }
    gpointer id = g_hash_table_lookup(ids, text);
    if (id == NULL) {
        id = GUINT_TO_POINTER(g_hash_table_size(ids) + 1);
        g_hash_table_insert(ids, (gpointer)text, id);
    }
    return GPOINTER_TO_UINT(id);
}

static Facts facts_of(const Firearm *f, GHashTable *ids, GHashTable *makes)
{
    return (Facts){
        .make = intern(makes, f->make),
        .importer = intern(makes, f->importer),
        .model = intern(ids, f->model),
        .calibre = intern(ids, f->calibre),
        .type = intern(ids, f->type),
        .country = intern(ids, f->country),
        .event_country = intern(ids, f->event_country),
        .event_region = intern(ids, f->event_region),
        .trace_no = reference_key(f->trace_no),
        .duplicate_of = reference_key(f->duplicate_of),
        .seizure_no = reference_key(f->seizure_no),
        .case_no = reference_key(f->agency_case_no),
        .occurrence_no = reference_key(f->occurrence_no),
    };
}

static void tail_finish(Tail *tail, const Tail *all)
{
    for (guint place = 0; place < FREE_END; place++) {
        for (guint kind = 0; kind < 2; kind++) {
            guint from = kind == 0 ? 0 : 10, to = kind == 0 ? 10 : 36;
            double sum = 0;
            for (guint c = from; c < to; c++) {
                sum += tail->share[place][c];
            }
            for (guint c = from; c < to; c++) {
                double even = kind == 0 ? 0.1 : 1.0 / 26;
                double before = all == NULL ? even : all->share[place][c];
                tail->share[place][c] = (float)((tail->share[place][c] + 20 * before) / (sum + 20));
            }
        }
    }
}

static void tails_finish(Population *p)
{
    for (guint make = 0; make < p->tail->len; make++) {
        Tail *all = &g_array_index(p->tail, Tail, 0);
        tail_finish(&g_array_index(p->tail, Tail, make), make == 0 ? NULL : all);
    }
}

static void count_items(Population *p, const Facts *facts)
{
    if (facts->seizure_no != 0) {
        count(p, mix(KIND_ITEMS, facts->seizure_no));
    }
    if (facts->occurrence_no != 0 && facts->occurrence_no != facts->seizure_no) {
        count(p, mix(KIND_ITEMS, facts->occurrence_no));
    }
}

Population *population_new(const Firearm *firearms, guint n)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) makes = g_hash_table_new(g_str_hash, g_str_equal);
    Population *p = g_new0(Population, 1);
    p->tail = g_array_new(FALSE, TRUE, sizeof(Tail));
    g_array_set_size(p->tail, 1);
    p->mask = 1023;
    p->slot = g_new0(Slot, p->mask + 1);
    p->facts = g_new(Facts, n + 1);
    p->n = n;
    for (guint i = 0; i < n; i++) {
        Facts *f = &p->facts[i];
        *f = facts_of(&firearms[i], ids, makes);
        count_share(p, SHARE_MAKE, f->make, f);
        count_share(p, SHARE_MODEL, f->model, f);
        count_share(p, SHARE_CALIBRE, f->calibre, f);
        count_share(p, SHARE_TYPE, f->type, f);
        count_share(p, SHARE_ORIGIN, f->country, f);
        if (firearms[i].side == SIDE_TRACE) {
            count_trace(p, &firearms[i], f);
        } else {
            count(p, mix(KIND_SEIZED, f->make));
            count_items(p, f);
        }
    }
    tails_finish(p);
    return p;
}

void population_free(Population *population)
{
    g_free(population->slot);
    g_array_unref(population->tail);
    g_free(population->facts);
    g_free(population);
}

const Facts *population_facts(const Population *population, guint firearm)
{
    return &population->facts[firearm];
}

guint population_traces(const Population *population)
{
    return population->traces;
}

guint population_items(const Population *population, guint64 number)
{
    return number == 0 ? 0 : counted(population, mix(KIND_ITEMS, number));
}

guint population_of_make(const Population *population, guint make)
{
    return make == 0 ? population->traces : counted(population, mix(KIND_TRACES, make));
}

guint population_seized(const Population *population, guint make)
{
    return counted(population, mix(KIND_SEIZED, make));
}

double population_share(const Population *population, Share what, guint value, guint make,
                        guint model)
{
    double share = (counted(population, share_key(what, value, 0, 0)) + 0.5) /
                   (counted(population, context_key(what, 0, 0)) + 5.0);
    if (make != 0 && what != SHARE_MAKE) {
        share = (counted(population, share_key(what, value, make, 0)) + 3 * share) /
                (counted(population, context_key(what, make, 0)) + 3.0);
    }
    if (make != 0 && model != 0 && what != SHARE_MAKE && what != SHARE_MODEL) {
        share = (counted(population, share_key(what, value, make, model)) + 3 * share) /
                (counted(population, context_key(what, make, model)) + 3.0);
    }
    return share;
}

/* A count with a discount: what was seen once tells little of what comes next. */
static double discounted(guint n)
{
    return n > 0 ? n - 0.8 : 0;
}

/* What characters of a kind are worth where nothing was seen: even chances. */
static double even_share(guint8 code)
{
    return code > 9 ? 1.0 / 24 : 0.1;
}

/* Shape first, then character by character along the run that begins so, each step falling back
 * on all characters of its kind as far as the run was not seen. */
static double serial_share(const Population *p, const FirearmModel *model, const Codes *codes,
                           guint make, double backoff)
{
    double n = population_of_make(p, make) + 2.0, strength = model->population_run_weight;
    guint64 key = shape_key(codes, make);
    guint seen = counted(p, key);
    double before = discounted(seen);
    double share = (before + 0.2) / n;
    const Tail *tail = &g_array_index(p->tail, Tail, make < p->tail->len ? make : 0);
    for (guint i = 0; i < codes->n; i++) {
        guint place = codes->n - 1u - i;
        double even =
            place < FREE_END ? tail->share[place][codes->code[i]] : even_share(codes->code[i]);
        if (i + FREE_END >= codes->n || seen == 0) {
            share *= even; /* free, or beyond what was ever seen */
            continue;
        }
        key = mix(key, codes->code[i] + 1u);
        seen = counted(p, key);
        double now = discounted(seen);
        share *= (now + strength * even) / (before + strength);
        before = now;
    }
    double weight = make == 0 ? 1 : n / (n + 20);
    return weight * share + (1 - weight) * backoff;
}

double population_serial(const Population *population, const FirearmModel *model,
                         const Codes *codes, guint make)
{
    double unseen = model->population_unseen;
    double any = unseen * exp2(-5.0875 * codes->n - 3); /* 34 characters, 8 lengths */
    double share = serial_share(population, model, codes, 0, 0);
    if (make != 0) {
        share = serial_share(population, model, codes, make, share);
    }
    return any + (1 - unseen) * share;
}

/* Share of serials with one of a set of characters at a place from an end. */
static double place_share(const Population *p, CharSet set, guint side, guint make, guint place)
{
    double seen = 0, even = 0;
    for (CharSet left = set; left != 0; left &= left - 1) {
        guint code = (guint)__builtin_ctzll(left);
        even += code > 9 ? 0.0096 : 0.075;
        seen += place < PLACES ? counted(p, place_key(side, make, place, code)) : 0;
    }
    double all = place < PLACES ? counted(p, chain_key(side, make)) : 0;
    return (seen + 5 * even) / (all + 5);
}

/* Characters in a row from the end that is not open, then each by itself. */
static double end_share(const Population *p, const Serial *pattern, guint side, guint make)
{
    guint64 key = chain_key(side, make);
    guint seen = counted(p, key);
    double share = 1, before = discounted(seen);
    gboolean row = TRUE;
    for (guint i = 0; i < pattern->length; i++) {
        CharSet set = pattern->set[side == 0 ? i : pattern->length - 1 - i];
        row = row && (set & (set - 1)) == 0 && i < CHAIN && seen > 0;
        if (set == CHARSET_ANY) {
            continue;
        }
        double alone = place_share(p, set, side, make, i);
        if (row) {
            key = mix(key, (guint)__builtin_ctzll(set) + 1u);
            seen = counted(p, key);
            double now = discounted(seen);
            share *= (now + 2 * alone) / (before + 2);
            before = now;
        } else {
            share *= alone;
        }
    }
    return share;
}

static double fragment_share(const Population *p, const Serial *pattern, guint make)
{
    double share = end_share(p, pattern, pattern->open_left ? 1 : 0, make);
    if (!pattern->open_left && !pattern->open_right) {
        double fits = counted(p, mix(mix(KIND_LENGTH, make), pattern->length));
        share *= (fits + 0.5) / (counted(p, chain_key(0, make)) + 5.0);
    }
    return share;
}

double population_fragment(const Population *population, const Serial *pattern, guint make)
{
    if (pattern->open_left && pattern->open_right) {
        double share = 3;
        for (guint i = 0; i < pattern->length; i++) {
            share *= pattern->set[i] == CHARSET_ANY
                         ? 1
                         : place_share(population, pattern->set[i], 0, 0, PLACES);
        }
        return MIN(share, 1);
    }
    double share = fragment_share(population, pattern, 0);
    if (make != 0) {
        double n = counted(population, chain_key(0, make));
        share = (n * fragment_share(population, pattern, make) + 20 * share) / (n + 20);
    }
    return MIN(share, 1);
}
