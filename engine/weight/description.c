/*
 * Bits of the description: make, model, calibre, type, origin. Each is log2 of how often the second
 * value is recorded so for the same firearm over how common it is in the store. How often they
 * agree for one firearm is estimated with the other rates (posterior.c).
 */
#include <math.h>
#include <string.h>

#include "engine/population/model_name.h"
#include "engine/weight/description.h"

typedef struct {
    const char *field, *name;
    gsize offset;
} SaidRow;

#define ROW(field, name, key)                                                                      \
    {                                                                                              \
        field, name, G_STRUCT_OFFSET(FirearmModel, key)                                            \
    }

static const SaidRow SAID[SAID_LEVELS] = {
    [SAID_MAKE_EQUAL] = ROW("make", "equal", make_equal),
    [SAID_MAKE_IMPORTER] = ROW("make", "importer", make_importer),
    [SAID_MAKE_DIFFERS] = ROW("make", "differs", make_differs),
    [SAID_MODEL_EQUAL] = ROW("model", "equal", model_equal),
    [SAID_MODEL_SIMILAR] = ROW("model", "similar", model_similar),
    [SAID_MODEL_DIFFERS] = ROW("model", "differs", model_differs),
    [SAID_CALIBRE_EQUAL] = ROW("calibre", "equal", calibre_equal),
    [SAID_CALIBRE_DIFFERS] = ROW("calibre", "differs", calibre_differs),
    [SAID_TYPE_EQUAL] = ROW("type", "equal", type_equal),
    [SAID_TYPE_DIFFERS] = ROW("type", "differs", type_differs),
    [SAID_ORIGIN_EQUAL] = ROW("origin", "equal", origin_equal),
    [SAID_ORIGIN_DIFFERS] = ROW("origin", "differs", origin_differs),
};

double *said_rate(FirearmModel *model, Said said)
{
    return (double *)G_STRUCT_MEMBER_P(model, SAID[said].offset);
}

static double rate_of(const Judge *judge, Said said)
{
    return *(const double *)G_STRUCT_MEMBER_P(judge->model, SAID[said].offset);
}

gboolean said_same_field(Said a, Said b)
{
    return strcmp(SAID[a].field, SAID[b].field) == 0;
}

/* ---- what is said ---- */

gboolean makes_compatible(const Facts *a, const Facts *b)
{
    return a->make == 0 || b->make == 0 || a->make == b->make || a->make == b->importer ||
           b->make == a->importer || a->make == b->owner || b->make == a->owner;
}

/* Both are recorded, and can be of one maker. */
static gboolean makes_known(const Facts *a, const Facts *b)
{
    return a->make != 0 && b->make != 0 && makes_compatible(a, b);
}

static Said make_said(const Facts *x, const Facts *y)
{
    return x->make == 0 || y->make == 0 ? SAID_NONE
           : x->make == y->make         ? SAID_MAKE_EQUAL
           : makes_compatible(x, y)     ? SAID_MAKE_IMPORTER
                                        : SAID_MAKE_DIFFERS;
}

/* Is the name of one model part of the other's? "19" and "19X". */
static gboolean models_similar(const Firearm *a, const Firearm *b)
{
    char x[MODEL_KEY], y[MODEL_KEY];
    return model_key(a->make, a->model, x) && model_key(b->make, b->model, y) && strlen(x) >= 2 &&
           strlen(y) >= 2 && (strstr(x, y) != NULL || strstr(y, x) != NULL);
}

/* Of one generation, as far as both say. */
static gboolean generations_agree(const char *a, const char *b)
{
    char x = model_generation(a), y = model_generation(b);
    return x == '\0' || y == '\0' || x == y;
}

static Said model_said(const Judge *judge, guint a, guint b)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    guint x = population_facts(judge->population, a)->model;
    guint y = population_facts(judge->population, b)->model;
    return x == 0 || y == 0                                  ? SAID_NONE
           : x == y && generations_agree(f->model, g->model) ? SAID_MODEL_EQUAL
           : models_similar(f, g)                            ? SAID_MODEL_SIMILAR
                                                             : SAID_MODEL_DIFFERS;
}

gboolean judge_models_differ(const Judge *judge, guint a, guint b)
{
    return model_said(judge, a, b) == SAID_MODEL_DIFFERS;
}

/* A calibre or type that leaves open which one it is. */
static gboolean is_open(const char *text)
{
    return strcmp(text, "MULTI") == 0 || strcmp(text, "FRAME_RECEIVER") == 0;
}

/* A calibre, type or origin: of three, by number. */
typedef struct {
    guint x, y;
    const char *values[2];
    Said equal, differs;
} Code;

static Code code_at(const Judge *judge, guint a, guint b, guint which)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    switch (which) {
    case 0:
        return (Code){x->calibre,
                      y->calibre,
                      {f->calibre, g->calibre},
                      SAID_CALIBRE_EQUAL,
                      SAID_CALIBRE_DIFFERS};
    case 1:
        return (Code){x->type, y->type, {f->type, g->type}, SAID_TYPE_EQUAL, SAID_TYPE_DIFFERS};
    default:
        return (Code){x->country,
                      y->country,
                      {f->country, g->country},
                      SAID_ORIGIN_EQUAL,
                      SAID_ORIGIN_DIFFERS};
    }
}

static Said code_said(const Code *code)
{
    return code->x == 0 || code->y == 0                           ? SAID_NONE
           : code->x == code->y                                   ? code->equal
           : is_open(code->values[0]) || is_open(code->values[1]) ? SAID_NONE
                                                                  : code->differs;
}

void judge_said(const Judge *judge, guint a, guint b, guint8 said[SAID_FIELDS])
{
    said[0] =
        make_said(population_facts(judge->population, a), population_facts(judge->population, b));
    said[1] = model_said(judge, a, b);
    for (guint which = 0; which < CODES; which++) {
        Code code = code_at(judge, a, b, which);
        said[2 + which] = code_said(&code);
    }
}

/* ---- what it is worth ---- */

static double add(Said said, const char *values[2], double bits, Evidence *evidence)
{
    return judge_add(evidence, SAID[said].field, SAID[said].name, values, bits);
}

/* How rare a share is, in bits. */
static double rarity(double share)
{
    return -log2(CLAMP(share, 1e-9, 1));
}

/* Share of a value among the firearms of its make whose serials begin like the full one of a pair:
 * what the make's numbers tell already is not told again. */
static double share_in_make(const Judge *judge, guint a, guint b, Share what, guint value)
{
    Codes codes;
    guint make = population_facts(judge->population, a)->make;
    if (make == 0 ||
        (!texts_codes(judge->texts, a, &codes) && !texts_codes(judge->texts, b, &codes))) {
        return population_share(judge->population, what, value, make, 0);
    }
    return population_run_share(judge->population, what, value, make, &codes);
}

static const Own *own_of(const Judge *judge, guint a)
{
    Own *own = &judge->own[a];
    if (own->known) {
        return own;
    }
    const Facts *f = population_facts(judge->population, a);
    const Population *p = judge->population;
    const guint value[CODES] = {f->calibre, f->type, f->country};
    static const Said equal[CODES] = {SAID_CALIBRE_EQUAL, SAID_TYPE_EQUAL, SAID_ORIGIN_EQUAL};
    own->make = (float)(rarity(population_share(p, SHARE_MAKE, f->make, 0, 0)) +
                        log2(rate_of(judge, SAID_MAKE_EQUAL)));
    own->model[0] = (float)rarity(population_share(p, SHARE_MODEL, f->model, 0, 0));
    own->model[1] = (float)rarity(share_in_make(judge, a, a, SHARE_MODEL, f->model));
    for (guint k = 0; k < CODES; k++) {
        double rate = log2(rate_of(judge, equal[k]));
        for (guint in = 0; in < 3; in++) {
            Share what = SHARE_CALIBRE + k;
            double share = k == 0 && in == 1
                               ? share_in_make(judge, a, a, what, value[k])
                               : population_share(p, what, value[k], in > 0 ? f->make : 0,
                                                  in > 1 ? f->model : 0);
            own->code[k][in] = (float)(rarity(share) + rate);
        }
    }
    own->known = TRUE;
    return own;
}

static double judge_make(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const char *values[2] = {judge->firearms[a].make, judge->firearms[b].make};
    Said said =
        make_said(population_facts(judge->population, a), population_facts(judge->population, b));
    if (said == SAID_NONE) {
        return 0;
    }
    double equal = own_of(judge, a)->make, rate = log2(rate_of(judge, said));
    double bits = said == SAID_MAKE_EQUAL ? equal
                  : said == SAID_MAKE_IMPORTER
                      ? MAX(0, equal + rate - log2(rate_of(judge, SAID_MAKE_EQUAL)))
                      : rate;
    return add(said, values, bits, evidence);
}

static double judge_model(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    const char *values[2] = {f->model, g->model};
    Said said = model_said(judge, a, b);
    if (said == SAID_NONE) {
        return 0;
    }
    gboolean kin = makes_known(x, y);
    double rare = (double)own_of(judge, a)->model[kin], rate = rate_of(judge, said);
    if (kin && !serial_is_full(f->serial) && serial_usable(f->serial)) {
        rare = rarity(share_in_make(judge, a, b, SHARE_MODEL, x->model));
    }
    /* where nearly all are of one model, another one is a slip of the pen for any firearm */
    double bits = said == SAID_MODEL_EQUAL     ? rare + log2(rate)
                  : said == SAID_MODEL_SIMILAR ? CLAMP(rare + log2(rate) - 1, -1, 3)
                                               : log2(rate / MAX(1 - exp2(-rare), rate));
    return add(said, values, bits, evidence);
}

/* A calibre, type or origin, given what make and model already said. */
static double judge_code(const Judge *judge, guint a, guint b, guint which, Evidence *evidence)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    Code code = code_at(judge, a, b, which);
    Said said = code_said(&code);
    if (said == SAID_NONE) {
        return 0;
    }
    guint in = !makes_known(x, y) ? 0 : x->model != y->model ? 1 : 2;
    double bits =
        said == code.equal ? (double)own_of(judge, a)->code[which][in] : log2(rate_of(judge, said));
    return add(said, code.values, bits, evidence);
}

double judge_description(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    double bits = judge_make(judge, a, b, evidence) + judge_model(judge, a, b, evidence);
    for (guint which = 0; which < CODES; which++) {
        bits += judge_code(judge, a, b, which, evidence);
    }
    return bits;
}

/* Bits of a make, or of an importer or owner for it, at most. */
static double most_of_make(const Judge *judge, const Facts *f, const Own *own, guint makers)
{
    if (makers != MAKERS_ONE || f->make == 0) {
        return makers == MAKERS_DIFFER ? log2(rate_of(judge, SAID_MAKE_DIFFERS)) : 0;
    }
    double equal = (double)own->make;
    double gain = log2(rate_of(judge, SAID_MAKE_IMPORTER) / rate_of(judge, SAID_MAKE_EQUAL));
    return MAX(equal, MAX(0, equal + gain));
}

static double most_of_model(const Judge *judge, const Facts *f, const Own *own, gboolean kin,
                            gboolean same)
{
    double rare = (double)own->model[kin];
    double similar = CLAMP(rare + log2(rate_of(judge, SAID_MODEL_SIMILAR)) - 1, 0, 3);
    return f->model == 0 ? 0
           : same        ? MAX(similar, rare + log2(rate_of(judge, SAID_MODEL_EQUAL)))
                         : similar;
}

Described judge_most_described(const Judge *judge, guint a)
{
    const Facts *f = population_facts(judge->population, a);
    const Own *own = own_of(judge, a);
    const guint value[CODES] = {f->calibre, f->type, f->country};
    Described described = {.all = 0};
    for (guint makers = 0; makers < MAKERS; makers++) {
        for (guint same = 0; same < 2; same++) {
            guint in = makers != MAKERS_ONE ? 0 : same ? 2 : 1;
            double bits = most_of_make(judge, f, own, makers) +
                          most_of_model(judge, f, own, makers == MAKERS_ONE, same != 0);
            for (guint k = 0; k < CODES; k++) {
                bits += value[k] == 0 ? 0 : MAX(0, (double)own->code[k][in]);
            }
            described.most[makers][same] = bits;
            described.all = MAX(described.all, bits);
        }
    }
    return described;
}

double judge_described(const Judge *judge, const Described *described, guint a, guint b)
{
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    guint makers = x->make == 0 || y->make == 0 ? MAKERS_OPEN
                   : makes_compatible(x, y)     ? MAKERS_ONE
                                                : MAKERS_DIFFER;
    return described->most[makers][x->model == y->model];
}
