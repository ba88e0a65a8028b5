/*
 * What a parameter set says of observations: facts as numbers, and shares with smoothing for what
 * was not seen. Serial formats: makers number in runs, so a serial is likely where many begin like
 * it; else by its shape of letters and digits.
 */
#include "engine/population/population.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/population/model_name.h"

struct Population {
    const FirearmParameters *parameters;
    Counter items; /* of seizures, by number */
    Facts *facts;
};

enum {
    KIND_SHARE = 1,
    KIND_CONTEXT = 8,
    KIND_SHAPE = 16,
    KIND_TRACES,
    KIND_SEIZED,
    KIND_UNREAD,
    KIND_START, /* one for each share */
    KIND_MAKES = KIND_START + SHARES,
};

guint64 share_key(Share what, guint value, guint make, guint model)
{
    return mix(mix(mix(KIND_SHARE + what, value), make), model);
}

guint64 context_key(Share what, guint make, guint model)
{
    return mix(mix(mix(KIND_CONTEXT + what, 0), make), model);
}

guint64 make_key(guint make, gboolean seized)
{
    return mix(seized ? KIND_SEIZED : KIND_TRACES, make);
}

guint64 unread_key(void)
{
    return mix(KIND_UNREAD, 0);
}

guint64 makes_key(const Codes *codes, guint most)
{
    guint64 h = mix(KIND_MAKES, codes->n);
    for (guint i = 0; i < codes->n; i++) {
        if (codes->code[i] > 9) {
            return 0;
        }
        h = mix(h, codes->code[i]);
    }
    return codes->n > most ? 0 : h;
}

guint64 shape_key(const Codes *codes, guint make)
{
    guint64 h = mix(KIND_SHAPE, codes->n);
    for (guint i = 0; i < codes->n; i++) {
        h = mix(h, codes->code[i] > 9);
    }
    return mix(h, make);
}

guint64 start_key(Share what, guint value, guint make, const Codes *codes, guint which)
{
    static const guint characters[RUN_STARTS] = {1, 3};
    guint64 h = mix(mix(shape_key(codes, make), KIND_START + what), value);
    for (guint i = 0; i < MIN(codes->n, characters[which]); i++) {
        h = mix(h, codes->code[i] + 1u);
    }
    return mix(h, which);
}

/* Names that the parameters know, and those that they do not. */
typedef struct {
    const Names *known;
    GHashTable *others;
    GStringChunk *texts; /* of others */
    Recent *recent;
} Ids;

static guint find_id(const Ids *ids, const char *text)
{
    guint id = names_find(ids->known, text);
    if (id != 0) {
        return id;
    }
    id = GPOINTER_TO_UINT(g_hash_table_lookup(ids->others, text));
    if (id == 0) {
        id = ids->known->texts->len + g_hash_table_size(ids->others) + 1;
        g_hash_table_insert(ids->others, g_string_chunk_insert(ids->texts, text),
                            GUINT_TO_POINTER(id));
    }
    return id;
}

static guint intern(const Ids *ids, const char *text)
{
    if (!is_recorded(text)) {
        return 0;
    }
    Recent *recent = recent_of(ids->recent, text, NULL);
    if (!recent_is(recent, text, NULL)) {
        *recent = (Recent){text, NULL, find_id(ids, text)};
    }
    return recent->id;
}

/* The make tells which part of the text is the model. */
static guint intern_model(const Ids *ids, const char *make, const char *model)
{
    char key[MODEL_KEY];
    if (model == NULL) {
        return 0;
    }
    const char *beside = make != NULL ? make : "";
    Recent *recent = recent_of(ids->recent, model, beside);
    if (!recent_is(recent, model, beside)) {
        guint id = model_key(make, model, key) ? find_id(ids, key) : 0;
        *recent = (Recent){model, beside, id};
    }
    return recent->id;
}

static guint intern_owner(const Ids *makes, const FirearmModel *model, const char *make)
{
    static const char owner[] = "owner";
    if (make == NULL) {
        return 0;
    }
    Recent *recent = recent_of(makes->recent, make, owner);
    if (!recent_is(recent, make, owner)) {
        guint id = intern(makes, model_owner(model, make));
        *recent = (Recent){make, owner, id};
    }
    return recent->id;
}

static void find_references(Facts *facts, const Firearm *f)
{
    const FirearmKeys *keys = f->keys;
    facts->trace_no = keys != NULL ? keys->trace_no : reference_key(f->trace_no);
    facts->duplicate_of = keys != NULL ? keys->duplicate_of : reference_key(f->duplicate_of);
    facts->seizure_no = keys != NULL ? keys->seizure_no : reference_key(f->seizure_no);
    facts->case_no = keys != NULL ? keys->case_no : reference_key(f->agency_case_no);
    facts->occurrence_no = keys != NULL ? keys->occurrence_no : reference_key(f->occurrence_no);
}

static Facts facts_of(const Firearm *f, const FirearmModel *model, const Ids *makes, const Ids *ids)
{
    Facts facts = {
        .kind = (guint8)f->serial->kind,
        .make = intern(makes, f->make),
        .importer = intern(makes, f->importer),
        .owner = intern_owner(makes, model, f->make),
        .model = intern_model(ids, f->make, f->model),
        .calibre = intern(ids, f->calibre),
        .type = intern(ids, f->type),
        .country = intern(ids, f->country),
        .event_country = intern(ids, f->event_country),
        .event_region = intern(ids, f->event_region),
    };
    find_references(&facts, f);
    return facts;
}

static void count_items(Population *p, const Facts *facts)
{
    if (facts->seizure_no != 0) {
        counter_add(&p->items, facts->seizure_no);
    }
    if (facts->occurrence_no != 0 && facts->occurrence_no != facts->seizure_no) {
        counter_add(&p->items, facts->occurrence_no);
    }
}

static gboolean item_known(guint64 key, gconstpointer data)
{
    return population_items(data, key) > 0;
}

/* Which item a reference is of, "cbsa-seizure:4531-23-0147/2"; and which one a trace names. facts:
 * of n observations. */
static void find_items(const Population *p, const Firearm *firearms, Facts *facts, guint n_firearms)
{
    for (guint i = 0; i < n_firearms; i++) {
        Facts *f = &facts[i];
        gsize n;
        gboolean whole = firearms[i].keys != NULL && firearms[i].keys->whole_case != 0;
        if (firearms[i].side == SIDE_TRACE && f->case_no != 0 && !whole) {
            f->case_no = reference_known(firearms[i].agency_case_no, item_known, p, &f->item);
        } else if (firearms[i].side == SIDE_SEIZURE && firearms[i].ref != NULL) {
            const char *mark = strrchr(firearms[i].ref, '/');
            f->item = mark == NULL ? 0 : reference_item(mark, &n);
        }
    }
}

Population *population_new(const FirearmParameters *parameters, const Firearm *firearms, guint n)
{
    return population_with_former(parameters, firearms, n, NULL, 0);
}

Population *population_with_former(const FirearmParameters *parameters, const Firearm *firearms,
                                   guint n, const Firearm *former, guint n_former)
{
    g_autoptr(GHashTable) new_makes = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) new_values = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GStringChunk) texts = g_string_chunk_new(1024);
    g_autofree Recent *recent = g_new0(Recent, 2 * RECENT);
    Ids makes = {&parameters->makes, new_makes, texts, recent};
    Ids values = {&parameters->values, new_values, texts, recent + RECENT};
    Population *p = g_new0(Population, 1);
    *p = (Population){.parameters = parameters,
                      .facts = memory_table((gsize)n + n_former + 1, sizeof(Facts))};
    counter_init(&p->items);
    for (guint i = 0; i < n; i++) {
        firearm_expect(&firearms[MIN(i + SERIALS_AHEAD, n - 1)]);
        p->facts[i] = facts_of(&firearms[i], &parameters->rates, &makes, &values);
        if (firearms[i].side == SIDE_SEIZURE) {
            count_items(p, &p->facts[i]);
        }
    }
    for (guint i = 0; i < n_former; i++) {
        p->facts[n + i] = facts_of(&former[i], &parameters->rates, &makes, &values);
    }
    counter_sieve(&p->items);
    find_items(p, firearms, p->facts, n);
    find_items(p, former, p->facts + n, n_former);
    return p;
}

void population_free(Population *population)
{
    counter_clear(&population->items);
    g_free(population->facts);
    g_free(population);
}

const Facts *population_facts(const Population *population, guint firearm)
{
    return &population->facts[firearm];
}

guint population_firearms(const Population *population)
{
    return population->parameters->firearms;
}

guint population_items(const Population *population, guint64 number)
{
    return number == 0 ? 0 : counter_get(&population->items, number);
}

guint population_of_make(const Population *population, guint make)
{
    return counter_get(&population->parameters->counter, make_key(make, FALSE));
}

guint population_seized(const Population *population, guint make)
{
    return counter_get(&population->parameters->counter, make_key(make, TRUE));
}

double population_unread(const Population *population)
{
    const FirearmParameters *p = population->parameters;
    guint described = p->seizures - MIN(p->seizures, population_seized(population, 0));
    return (counter_get(&p->counter, unread_key()) + 1.0) / (described + 2.0);
}

double population_share(const Population *population, Share what, guint value, guint make,
                        guint model)
{
    const Counter *counter = &population->parameters->counter;
    double share = (counter_get(counter, share_key(what, value, 0, 0)) + 0.5) /
                   (counter_get(counter, context_key(what, 0, 0)) + 5.0);
    if (make != 0 && what != SHARE_MAKE) {
        share = (counter_get(counter, share_key(what, value, make, 0)) + 3 * share) /
                (counter_get(counter, context_key(what, make, 0)) + 3.0);
    }
    if (make != 0 && model != 0 && what != SHARE_MAKE && what != SHARE_MODEL) {
        share = (counter_get(counter, share_key(what, value, make, model)) + 3 * share) /
                (counter_get(counter, context_key(what, make, model)) + 3.0);
    }
    return share;
}

/* A count without the firearm that it is asked for. */
static double others(const Counter *counter, guint64 key)
{
    guint n = counter_get(counter, key);
    return n > 0 ? n - 1.0 : 0;
}

double population_run_share(const Population *population, Share what, guint value, guint make,
                            const Codes *codes)
{
    const Counter *counter = &population->parameters->counter;
    double of_make = population_share(population, what, value, make, 0), share = of_make;
    for (guint which = 0; which < RUN_STARTS; which++) {
        share = (others(counter, start_key(what, value, make, codes, which)) + 3 * share) /
                (others(counter, start_key(what, 0, make, codes, which)) + 3);
    }
    return MAX(share, of_make);
}

const FirearmParameters *population_parameters(const Population *population)
{
    return population->parameters;
}
