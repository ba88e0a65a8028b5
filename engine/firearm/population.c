/*
 * Counts behind population.h: one table from hashed (what, value, context) to a count. Hashes
 * have 64 bits, so that two values sharing one do not matter. Serial formats: makers number in
 * runs, so a serial is likely where many begin like it; else by its shape of letters and digits.
 */
#include "engine/firearm/counter.h"
#include "engine/firearm/population.h"

#include <math.h>
#include <string.h>

/* Characters at the end that are free in any run. */
#define FREE_END 3u

/* Of serials of one make: characters at each place from the right end; first how many, then
 * their share among those of their kind. */
typedef struct {
    float share[FREE_END][36];
} Tail;

struct Population {
    Counter counter;
    Fragments *fragments;
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
    KIND_SEIZED,
};

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
    counter_add(&p->counter, share_key(what, value, 0, 0));
    counter_add(&p->counter, context_key(what, 0, 0));
    if (f->make == 0 || what == SHARE_MAKE) {
        return;
    }
    counter_add(&p->counter, share_key(what, value, f->make, 0));
    counter_add(&p->counter, context_key(what, f->make, 0));
    if (f->model != 0 && what != SHARE_MODEL) {
        counter_add(&p->counter, share_key(what, value, f->make, f->model));
        counter_add(&p->counter, context_key(what, f->make, f->model));
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
    counter_add(&p->counter, key);
    for (guint i = 0; i + FREE_END < codes->n; i++) {
        key = mix(key, codes->code[i] + 1u);
        counter_add(&p->counter, key);
    }
    while (p->tail->len <= make) {
        g_array_set_size(p->tail, p->tail->len + 1);
    }
    for (guint i = 0; i < MIN(codes->n, FREE_END); i++) {
        g_array_index(p->tail, Tail, make).share[i][codes->code[codes->n - 1 - i]]++;
    }
}

static void count_trace(Population *p, const Firearm *firearm, const Facts *facts)
{
    Codes codes;
    p->traces++;
    if (facts->make != 0) {
        counter_add(&p->counter, mix(KIND_TRACES, facts->make));
    }
    if (!codes_of(&firearm->serial, &codes)) {
        return;
    }
    count_serial(p, &codes, 0);
    if (facts->make != 0) {
        count_serial(p, &codes, facts->make);
    }
    fragments_count(p->fragments, &codes, facts->make);
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
        counter_add(&p->counter, mix(KIND_ITEMS, facts->seizure_no));
    }
    if (facts->occurrence_no != 0 && facts->occurrence_no != facts->seizure_no) {
        counter_add(&p->counter, mix(KIND_ITEMS, facts->occurrence_no));
    }
}

static gboolean item_known(guint64 key, gconstpointer data)
{
    return population_items(data, key) > 0;
}

/* Which item a reference is of, "cbsa-seizure:4531-23-0147/2"; and which one a trace names. */
static void find_items(Population *p, const Firearm *firearms)
{
    for (guint i = 0; i < p->n; i++) {
        Facts *f = &p->facts[i];
        gsize n;
        if (firearms[i].side == SIDE_TRACE && f->case_no != 0) {
            f->case_no = reference_known(firearms[i].agency_case_no, item_known, p, &f->item);
        } else if (firearms[i].side == SIDE_SEIZURE && firearms[i].ref != NULL) {
            const char *mark = strrchr(firearms[i].ref, '/');
            f->item = mark == NULL ? 0 : reference_item(mark, &n);
        }
    }
}

Population *population_new(const Firearm *firearms, guint n)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) makes = g_hash_table_new(g_str_hash, g_str_equal);
    Population *p = g_new0(Population, 1);
    p->tail = g_array_new(FALSE, TRUE, sizeof(Tail));
    g_array_set_size(p->tail, 1);
    counter_init(&p->counter);
    p->fragments = fragments_new(n);
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
            counter_add(&p->counter, mix(KIND_SEIZED, f->make));
            count_items(p, f);
        }
    }
    tails_finish(p);
    find_items(p, firearms);
    return p;
}

void population_free(Population *population)
{
    counter_clear(&population->counter);
    fragments_free(population->fragments);
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
    return number == 0 ? 0 : counter_get(&population->counter, mix(KIND_ITEMS, number));
}

guint population_of_make(const Population *population, guint make)
{
    return make == 0 ? population->traces
                     : counter_get(&population->counter, mix(KIND_TRACES, make));
}

guint population_seized(const Population *population, guint make)
{
    return counter_get(&population->counter, mix(KIND_SEIZED, make));
}

double population_share(const Population *population, Share what, guint value, guint make,
                        guint model)
{
    double share = (counter_get(&population->counter, share_key(what, value, 0, 0)) + 0.5) /
                   (counter_get(&population->counter, context_key(what, 0, 0)) + 5.0);
    if (make != 0 && what != SHARE_MAKE) {
        share = (counter_get(&population->counter, share_key(what, value, make, 0)) + 3 * share) /
                (counter_get(&population->counter, context_key(what, make, 0)) + 3.0);
    }
    if (make != 0 && model != 0 && what != SHARE_MAKE && what != SHARE_MODEL) {
        share =
            (counter_get(&population->counter, share_key(what, value, make, model)) + 3 * share) /
            (counter_get(&population->counter, context_key(what, make, model)) + 3.0);
    }
    return share;
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
    guint seen = counter_get(&p->counter, key);
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
        seen = counter_get(&p->counter, key);
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

double population_fragment(const Population *population, const Serial *pattern, guint make)
{
    return fragments_share(population->fragments, pattern, make);
}
