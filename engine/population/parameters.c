/*
 * Counting a parameter set: how common makes, models, calibres, types and serials are among the
 * observations of a store. Serials are counted by their shape and by how they begin, since makers
 * number in runs. The rates are re-estimated in link.c, which calls this first.
 */
#include "engine/population/estimated.h"

#include <math.h>
#include <string.h>

#include "engine/population/model_name.h"
#include "engine/population/population.h"

static void names_init(Names *names)
{
    names->ids = g_hash_table_new(g_str_hash, g_str_equal);
    names->texts = g_ptr_array_new_with_free_func(g_free);
}

static void names_clear(Names *names)
{
    g_hash_table_unref(names->ids);
    g_ptr_array_unref(names->texts);
}

void names_add(Names *names, const char *text)
{
    if (!g_hash_table_contains(names->ids, text)) {
        char *own = g_strdup(text);
        g_ptr_array_add(names->texts, own);
        g_hash_table_insert(names->ids, own, GUINT_TO_POINTER(names->texts->len));
    }
}

static int text_order(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Numbers the texts that were added, in sorted order. */
static void names_sort(Names *names)
{
    g_ptr_array_sort(names->texts, text_order);
    for (guint i = 0; i < names->texts->len; i++) {
        g_hash_table_insert(names->ids, names->texts->pdata[i], GUINT_TO_POINTER(i + 1));
    }
}

guint names_find(const Names *names, const char *text)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(names->ids, text));
}

gboolean is_recorded(const char *text)
{
    return text != NULL && *text != '\0' && strcmp(text, "UNKNOWN") != 0;
}

FirearmParameters *firearm_set_new(const FirearmModel *model)
{
    FirearmParameters *p = g_new0(FirearmParameters, 1);
    p->rates = *model;
    g_hash_table_ref(p->rates.owners);
    names_init(&p->makes);
    names_init(&p->values);
    counter_init(&p->counter);
    p->tail = g_array_new(FALSE, TRUE, sizeof(Tail));
    g_array_set_size(p->tail, 1);
    return p;
}

void firearm_parameters_free(FirearmParameters *parameters)
{
    g_hash_table_unref(parameters->rates.owners);
    names_clear(&parameters->makes);
    names_clear(&parameters->values);
    counter_clear(&parameters->counter);
    if (parameters->fragments != NULL) {
        fragments_free(parameters->fragments);
    }
    g_array_unref(parameters->tail);
    g_free(parameters);
}

static void add_name(Names *names, const char *text, Recent *recent)
{
    Recent *at = recent_of(recent, text, NULL);
    if (is_recorded(text) && !recent_is(at, text, NULL)) {
        names_add(names, text);
        *at = (Recent){text, NULL, 0};
    }
}

/* recent: of makes, and of values. */
static void add_names(FirearmParameters *p, const Firearm *f, Recent *recent)
{
    char key[MODEL_KEY];
    const char *beside = f->make != NULL ? f->make : "";
    const char *const values[] = {f->calibre, f->type, f->country};
    add_name(&p->makes, f->make, recent);
    add_name(&p->makes, f->importer, recent);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        add_name(&p->values, values[i], recent + RECENT);
    }
    Recent *at = recent_of(recent + RECENT, f->model, beside);
    if (!recent_is(at, f->model, beside) && model_key(f->make, f->model, key)) {
        names_add(&p->values, key);
        *at = (Recent){f->model, beside, 0};
    }
}

static void count_share(FirearmParameters *p, Share what, guint value, const Facts *f, guint n)
{
    if (value == 0) {
        return;
    }
    Counter *counter = &p->counter;
    counter_more(counter, share_key(what, value, 0, 0), n);
    counter_more(counter, context_key(what, 0, 0), n);
    if (f->make == 0 || what == SHARE_MAKE) {
        return;
    }
    counter_more(counter, share_key(what, value, f->make, 0), n);
    counter_more(counter, context_key(what, f->make, 0), n);
    if (f->model != 0 && what != SHARE_MODEL) {
        counter_more(counter, share_key(what, value, f->make, f->model), n);
        counter_more(counter, context_key(what, f->make, f->model), n);
    }
}

/* So many observations of one description. */
typedef struct {
    Facts facts;
    guint n;
} Described;

static void count_described(FirearmParameters *p, const Described *described)
{
    const Facts *f = &described->facts;
    const guint value[] = {
        [SHARE_MAKE] = f->make, [SHARE_MODEL] = f->model,    [SHARE_CALIBRE] = f->calibre,
        [SHARE_TYPE] = f->type, [SHARE_ORIGIN] = f->country,
    };
    for (Share what = SHARE_MAKE; what < SHARES && described->n > 0; what++) {
        count_share(p, what, value[what], f, described->n);
    }
}

static gboolean same_description(const Facts *a, const Facts *b)
{
    return a->make == b->make && a->model == b->model && a->calibre == b->calibre &&
           a->type == b->type && a->country == b->country;
}

/* Descriptions are few: those last seen are counted together. */
static void count_descriptions(FirearmParameters *p, const Population *population, guint n)
{
    g_autofree Described *recent = g_new0(Described, RECENT);
    for (guint i = 0; i < n; i++) {
        const Facts *f = population_facts(population, i);
        guint64 key = mix(mix(mix(f->make, f->model), f->calibre), f->type);
        Described *at = &recent[mix(key, f->country) % RECENT];
        if (!same_description(&at->facts, f)) {
            count_described(p, at);
            *at = (Described){*f, 0};
        }
        at->n++;
    }
    for (guint i = 0; i < RECENT; i++) {
        count_described(p, &recent[i]);
    }
}

static void count_serial(FirearmParameters *p, const Codes *codes, guint make)
{
    guint64 key = shape_key(codes, make);
    counter_add(&p->counter, key);
    for (guint i = 0; i + free_end(codes->n) < codes->n; i++) {
        guint64 before = key;
        key = mix(key, codes->code[i] + 1u);
        counter_follow(&p->counter, before, key);
    }
    for (guint i = 0; i < MIN(codes->n, FREE_END); i++) {
        g_array_index(p->tail, Tail, make).share[i][codes->code[codes->n - 1 - i]]++;
    }
}

/* Which models and calibres a maker's runs are of. */
static void count_starts(FirearmParameters *p, const Codes *codes, const Facts *facts)
{
    static const Share what[] = {SHARE_MODEL, SHARE_CALIBRE};
    const guint value[] = {facts->model, facts->calibre};
    for (guint k = 0; k < G_N_ELEMENTS(what) && facts->make != 0; k++) {
        for (guint which = 0; which < RUN_STARTS && value[k] != 0; which++) {
            counter_add(&p->counter, start_key(what[k], value[k], facts->make, codes, which));
            counter_add(&p->counter, start_key(what[k], 0, facts->make, codes, which));
        }
    }
}

static guint64 serial_key(const Codes *codes, guint make)
{
    guint64 key = shape_key(codes, make);
    for (guint i = 0; i < codes->n; i++) {
        key = mix(key, codes->code[i]);
    }
    return key;
}

static gboolean has_buyer(const Firearm *firearm)
{
    return firearm->buyer_last != NULL && firearm->buyer_dob != DAY_NONE;
}

/* Is it a number of this make that was seen before? A maker gives it once, so that is the same
 * firearm, unless another buyer is named: by name and by birth date, of which one may be misread.
 * Those without a buyer come last. */
static gboolean seen_before(Counter *seen, const Codes *codes, guint make, const Firearm *firearm)
{
    guint64 number = serial_key(codes, make);
    if (!has_buyer(firearm)) {
        return counter_add(seen, number) > 1;
    }
    guint name = counter_add(seen, mix(number, g_str_hash(firearm->buyer_last)));
    guint born = counter_add(seen, mix(mix(number, 1), (guint64)firearm->buyer_dob));
    counter_add(seen, number);
    return name > 1 || born > 1;
}

/* Digits alone that makers, or those who write, give again and again ("12345"): on how many makes.
 */
static void count_makes(FirearmParameters *p, const Codes *codes, guint make, Counter *seen)
{
    guint64 key = makes_key(codes, (guint)p->rates.population_short_digits);
    if (make != 0 && key != 0 && counter_add(seen, mix(key, make)) == 1) {
        counter_add(&p->counter, key);
    }
}

/* Firearms are counted, not their records: of a trace and a sale of one, the second says nothing of
 * how common its number is. */
static void count_trace(FirearmParameters *p, const Firearm *firearm, const Facts *facts,
                        Counter *seen)
{
    Codes codes;
    gboolean full = codes_of(firearm->serial, &codes);
    p->traces++;
    if (full && seen_before(seen, &codes, facts->make, firearm)) {
        return;
    }
    p->firearms++;
    counter_add(&p->counter, make_key(0, FALSE));
    if (facts->make != 0) {
        counter_add(&p->counter, make_key(facts->make, FALSE));
    }
    if (!full) {
        return;
    }
    count_serial(p, &codes, 0);
    if (facts->make != 0) {
        count_serial(p, &codes, facts->make);
    }
    count_makes(p, &codes, facts->make, seen);
    count_starts(p, &codes, facts);
    fragments_count(p->fragments, &codes, facts->make);
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

static void count_traces(FirearmParameters *p, const Firearm *firearms,
                         const Population *population, guint n)
{
    Counter seen;
    counter_init(&seen);
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < n; i++) {
            if (firearms[i].side == SIDE_TRACE && has_buyer(&firearms[i]) == (round == 0)) {
                count_trace(p, &firearms[i], population_facts(population, i), &seen);
            }
        }
    }
    counter_clear(&seen);
}

FirearmParameters *firearm_set_count(const FirearmModel *model, const Firearm *firearms, guint n)
{
    FirearmParameters *p = firearm_set_new(model);
    g_autofree Recent *recent = g_new0(Recent, 2 * RECENT);
    for (guint i = 0; i < n; i++) {
        add_names(p, &firearms[i], recent);
    }
    names_sort(&p->makes);
    names_sort(&p->values);
    g_array_set_size(p->tail, p->makes.texts->len + 1);
    p->fragments = fragments_new(n);
    g_autoptr(Population) population = population_new(p, firearms, n);
    count_traces(p, firearms, population, n);
    count_descriptions(p, population, n);
    for (guint i = 0; i < n; i++) {
        const Facts *f = population_facts(population, i);
        if (firearms[i].side == SIDE_SEIZURE) {
            counter_add(&p->counter, make_key(f->make, TRUE));
            p->seizures++;
            if (f->make != 0 && !serial_usable(firearms[i].serial)) {
                counter_add(&p->counter, unread_key());
            }
        }
    }
    counter_prune(&p->counter);
    counter_prune(fragments_counter(p->fragments));
    counter_sieve(&p->counter);
    counter_sieve(fragments_counter(p->fragments));
    for (guint make = 0; make < p->tail->len; make++) {
        Tail *all = &g_array_index(p->tail, Tail, 0);
        tail_finish(&g_array_index(p->tail, Tail, make), make == 0 ? NULL : all);
    }
    return p;
}

void firearm_parameters_shift(FirearmParameters *parameters, double bits)
{
    double share = parameters->rates.prior_has_trace;
    double odds = log2(share / (1 - share)) + bits;
    parameters->rates.prior_has_trace = CLAMP(1 / (1 + exp2(-odds)), 0.000001, 0.999999);
}
