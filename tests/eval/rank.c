/*
 * Is the true firearm first among those that fit? Traces of a world's store are seized once more
 * with one or two damages in the number, under their make, model, calibre and type, a year after
 * all that is known of them; the engine finds and weighs as `find serial` does. No paper trail, no
 * place, and no day of a recovery helps. Damages are mixed as where peers were measured.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/firearm/tier.h"
#include "engine/lookup/lookup.h"
#include "engine/run/facts.h"
#include "tests/eval/measures.h"

#define ASKED    500u
#define SHORTEST 7u   /* characters: shorter numbers lose too much with two damages */
#define MOST     5000 /* that are weighed for one question */
#define LATER    365  /* days */

typedef struct {
    const FirearmModel *model;
    const Facts *facts;
    FirearmParameters *parameters;
    FirearmIndex *index;
    GRand *rand;
} Asking;

static guint pick(const Asking *asking, guint n)
{
    return (guint)g_rand_int_range(asking->rand, 0, (gint)n);
}

static guint8 look_alike_of(const Asking *asking, guint8 code)
{
    CharSet set = asking->model->look_alike[code];
    for (guint skip = set == 0 ? 0 : pick(asking, (guint)__builtin_popcountll(set)); skip > 0;)
        set &= set - 1, skip--;
    return set == 0 ? (guint8)(code > 9 ? 10 + pick(asking, 26) : pick(asking, 10))
                    : (guint8)__builtin_ctzll(set);
}

/* Look-alike 45 %, another of its kind 20 %, lost 15 %, added 8 %, swapped 12 %. */
static void damage(const Asking *asking, Codes *codes)
{
    guint at = pick(asking, codes->n), draw = pick(asking, 100);
    guint8 *code = &codes->code[at];
    if (draw < 45) {
        *code = look_alike_of(asking, *code);
    } else if (draw < 65) {
        *code = (guint8)(*code > 9 ? 10 + pick(asking, 26) : pick(asking, 10));
    } else if (draw < 80) {
        memmove(code, code + 1, codes->n - at - 1u);
        codes->n--;
    } else if (draw < 88) {
        memmove(code + 1, code, codes->n - at);
        *code = (guint8)pick(asking, 10);
        codes->n++;
    } else if (at > 0) {
        guint8 before = code[-1];
        code[-1] = *code;
        *code = before;
    }
}

static Serial serial_of(const Codes *codes)
{
    Serial serial = {.kind = SERIAL_FULL, .length = codes->n, .known = codes->n};
    for (guint i = 0; i < codes->n; i++)
        serial.set[i] = (CharSet)1 << codes->code[i];
    return serial;
}

/* Is it the firearm itself: a trace of its number under its make? */
static gboolean is_true(const Firearm *a, const Firearm *b)
{
    Codes x, y;
    return codes_of(a->serial, &x) && codes_of(b->serial, &y) && codes_equal(&x, &y) &&
           g_strcmp0(a->make, b->make) == 0;
}

static const Firearm *firearm_of(const Asking *asking, guint i)
{
    return &g_array_index(asking->facts->firearms, Firearm, i);
}

static gboolean ranked_first(const Asking *asking, const Firearm *truth, const Serial *serial)
{
    guint64 all = 0;
    g_autoptr(GArray) near = firearm_index_find(asking->index, asking->model, serial, MOST, &all);
    g_autoptr(GArray) among = g_array_new(FALSE, FALSE, sizeof(Firearm));
    for (guint i = 0; i < near->len; i++) {
        const Firearm *f = firearm_of(asking, (guint)g_array_index(near, gint64, i));
        if (f->side == SIDE_TRACE)
            g_array_append_vals(among, f, 1);
    }
    g_autofree char *pattern = serial_pattern(serial);
    Firearm asked = {.ref = "asked",
                     .side = SIDE_SEIZURE,
                     .serial = serial,
                     .serial_raw = pattern,
                     .make = truth->make,
                     .model = truth->model,
                     .calibre = truth->calibre,
                     .type = truth->type,
                     .event_date = MAX(truth->purchase_date, truth->request_date),
                     .purchase_date = DAY_NONE,
                     .request_date = DAY_NONE,
                     .buyer_dob = DAY_NONE};
    asked.event_date = MAX(asked.event_date, truth->event_date);
    asked.event_date += asked.event_date == DAY_NONE ? 0 : LATER;
    g_array_append_val(among, asked);
    FirearmInput input = {.model = asking->model,
                          .parameters = asking->parameters,
                          .firearms = (const Firearm *)(gpointer)among->data,
                          .n = among->len};
    GArray *matches = firearm_find(&input);
    gboolean first =
        matches->len > 0 &&
        is_true(truth, &g_array_index(among, Firearm, g_array_index(matches, FirearmMatch, 0).at));
    firearm_matches_free(matches);
    return first;
}

/* A trace whose full number is long enough, and whose make is known. */
static const Firearm *any_trace(const Asking *asking, Codes *codes)
{
    for (guint tries = 0; tries < 1000; tries++) {
        const Firearm *f = firearm_of(asking, pick(asking, asking->facts->firearms->len));
        if (f->side == SIDE_TRACE && f->make && codes_of(f->serial, codes) &&
            codes->n >= SHORTEST && codes->n + 2 < SERIAL_MAX)
            return f;
    }
    return NULL;
}

static void ask(const Asking *asking, guint damages)
{
    guint first = 0, asked = 0;
    for (; asked < ASKED; asked++) {
        Codes codes;
        const Firearm *truth = any_trace(asking, &codes);
        if (!truth)
            break;
        Codes written = codes;
        while (codes_distance(&written, &codes, 2) != damages) {
            written = codes;
            for (guint i = 0; i < damages; i++)
                damage(asking, &written);
        }
        Serial serial = serial_of(&written);
        first += ranked_first(asking, truth, &serial);
    }
    put("ranked-first", damages == 1 ? "firearms one damage" : "firearms two damages",
        asked ? (double)first / asked : 1, asked);
}

void measure_rank(const char *store_path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(store_path, STORE_READ, 0, &error);
    g_autoptr(Facts) facts = store ? facts_read_firearms(store, &error) : NULL;
    g_autoptr(FirearmModel) model = facts ? firearm_model_load("rules", &error) : NULL;
    if (!model) {
        fprintf(stderr, "crosstrace-eval: %s\n", error->message);
        exit(1);
    }
    const Firearm *firearms = (const Firearm *)(gpointer)facts->firearms->data;
    guint n = facts->firearms->len;
    g_autoptr(FirearmParameters) parameters = firearm_parameters_estimate(model, firearms, n);
    FirearmIndexing *indexing = firearm_indexing_new();
    for (guint i = 0; i < n; i++)
        firearm_indexing_add(indexing, firearms[i].serial, i);
    g_autoptr(FirearmIndex) index = firearm_indexing_end(indexing, parameters);
    Asking asking = {model, facts, parameters, index, g_rand_new_with_seed(5)};
    ask(&asking, 1);
    ask(&asking, 2);
    g_rand_free(asking.rand);
}
