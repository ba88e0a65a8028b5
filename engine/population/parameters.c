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
    g_hash_table_ref(p->rates.own_choice);
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
    g_hash_table_unref(parameters->rates.own_choice);
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

/* What is to be counted, in its order, some time after its memory was asked for. */
#define PENDING 256u
typedef struct {
    guint64 key, before; /* before: what it came behind, or key: nothing */
} Count;

typedef struct {
    Counter *counter;
    guint n;
    Count count[PENDING];
} Pending;

static void pending_settle(Pending *pending)
{
    for (guint i = 0; i < pending->n; i++) {
        const Count *count = &pending->count[i];
        if (count->before == count->key) {
            counter_add(pending->counter, count->key);
        } else {
            counter_follow(pending->counter, count->before, count->key);
        }
    }
    pending->n = 0;
}

static void pending_follow(Pending *pending, guint64 before, guint64 key)
{
    counter_expect(pending->counter, key);
    pending->count[pending->n++] = (Count){key, before};
    if (pending->n == PENDING) {
        pending_settle(pending);
    }
}

static void pending_add(Pending *pending, guint64 key)
{
    pending_follow(pending, key, key);
}

static void count_serial(FirearmParameters *p, Pending *pending, const Codes *codes, guint make)
{
    guint64 key = shape_key(codes, make);
    pending_add(pending, key);
    for (guint i = 0; i + free_end(codes->n) < codes->n; i++) {
        guint64 before = key;
        key = mix(key, codes->code[i] + 1u);
        pending_follow(pending, before, key);
    }
    for (guint i = 0; i < MIN(codes->n, FREE_END); i++) {
        g_array_index(p->tail, Tail, make).share[i][codes->code[codes->n - 1 - i]]++;
    }
}

/* Which models and calibres a maker's runs are of. */
static void count_starts(Pending *pending, const Codes *codes, const Facts *facts)
{
    static const Share what[] = {SHARE_MODEL, SHARE_CALIBRE};
    const guint value[] = {facts->model, facts->calibre};
    for (guint k = 0; k < G_N_ELEMENTS(what) && facts->make != 0; k++) {
        for (guint which = 0; which < RUN_STARTS && value[k] != 0; which++) {
            pending_add(pending, start_key(what[k], value[k], facts->make, codes, which));
            pending_add(pending, start_key(what[k], 0, facts->make, codes, which));
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

/* A trace that is to be counted; and the keys by which its number may have been seen before. */
typedef struct {
    const Facts *facts;
    gboolean full, bought;
    Codes codes;
    guint64 number, name, born; /* of its make; with the buyer's name, or birth date */
} Traced;

#define TOGETHER 32u /* traces whose keys are asked for before the first is counted */

typedef struct {
    FirearmParameters *p;
    Counter seen;
    Pending pending;
    guint n;
    Traced traced[TOGETHER];
} Counting;

static void trace_expect(Counting *counting, const Firearm *firearm, const Facts *facts)
{
    Traced *t = &counting->traced[counting->n++];
    *t = (Traced){.facts = facts, .bought = has_buyer(firearm)};
    t->full = codes_of(firearm->serial, &t->codes);
    if (!t->full) {
        return;
    }
    t->number = serial_key(&t->codes, facts->make);
    counter_expect(&counting->seen, t->number);
    if (t->bought) {
        t->name = mix(t->number, g_str_hash(firearm->buyer_last));
        t->born = mix(mix(t->number, 1), (guint64)firearm->buyer_dob);
        counter_expect(&counting->seen, t->name);
        counter_expect(&counting->seen, t->born);
    }
}

/* Is it a number of this make that was seen before? A maker gives it once, so that is the same
 * firearm, unless another buyer is named: by name and by birth date, of which one may be misread.
 * Those without a buyer come last. */
static gboolean seen_before(Counter *seen, const Traced *traced)
{
    if (!traced->bought) {
        return counter_add(seen, traced->number) > 1;
    }
    guint name = counter_add(seen, traced->name), born = counter_add(seen, traced->born);
    counter_add(seen, traced->number);
    return name > 1 || born > 1;
}

/* Digits alone that makers, or those who write, give again and again ("12345"): on how many makes.
 */
static void count_makes(Counting *counting, const Codes *codes, guint make)
{
    guint64 key = makes_key(codes, (guint)counting->p->rates.population_short_digits);
    if (make != 0 && key != 0 && counter_add(&counting->seen, mix(key, make)) == 1) {
        pending_add(&counting->pending, key);
    }
}

/* Firearms are counted, not their records: of a trace and a sale of one, the second says nothing of
 * how common its number is. */
static void count_trace(Counting *counting, const Traced *traced)
{
    FirearmParameters *p = counting->p;
    Pending *pending = &counting->pending;
    const Codes *codes = &traced->codes;
    guint make = traced->facts->make;
    p->traces++;
    if (traced->full && seen_before(&counting->seen, traced)) {
        return;
    }
    p->firearms++;
    pending_add(pending, make_key(0, FALSE));
    if (make != 0) {
        pending_add(pending, make_key(make, FALSE));
    }
    if (!traced->full) {
        return;
    }
    count_serial(p, pending, codes, 0);
    if (make != 0) {
        count_serial(p, pending, codes, make);
    }
    count_makes(counting, codes, make);
    count_starts(pending, codes, traced->facts);
    fragments_count(p->fragments, codes, make);
}

static void count_expected(Counting *counting)
{
    for (guint i = 0; i < counting->n; i++) {
        count_trace(counting, &counting->traced[i]);
    }
    counting->n = 0;
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
    g_autofree Counting *counting = g_new0(Counting, 1);
    counting->p = p;
    counting->pending.counter = &p->counter;
    counter_init(&counting->seen);
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < n; i++) {
            if (firearms[i].side == SIDE_TRACE && has_buyer(&firearms[i]) == (round == 0)) {
                trace_expect(counting, &firearms[i], population_facts(population, i));
            }
            if (counting->n == TOGETHER) {
                count_expected(counting);
            }
        }
        count_expected(counting);
    }
    pending_settle(&counting->pending);
    counter_clear(&counting->seen);
}

FirearmParameters *firearm_set_count(const FirearmModel *model, const Firearm *firearms, guint n,
                                     Population **counted)
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
    if (counted != NULL) {
        *counted = g_steal_pointer(&population);
    }
    return p;
}

void firearm_parameters_shift(FirearmParameters *parameters, double bits)
{
    double share = parameters->rates.prior_has_trace;
    double odds = log2(share / (1 - share)) + bits;
    parameters->rates.prior_has_trace = CLAMP(1 / (1 + exp2(-odds)), 0.000001, 0.999999);
}
