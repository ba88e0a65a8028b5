/*
 * Where a number that agrees is the identity of no firearm by itself, and what a pair loses for it:
 * short numbers of digits, numbers that people make up, numbers of privately made firearms, and the
 * neighbours of a run, whose numbers one misread digit makes equal. What speaks beside number and
 * description (days, places, people, papers) counts as ever.
 */
#include <math.h>

#include "engine/weight/description.h"

/* Prior and bits of number and description together below which a pair is told nowhere (odds of one
 * to 4,096): what it loses besides is not asked, which takes longer than all before it. */
#define UNTOLD_BITS (-12.0)

/* Neighbours of a number are those so near it; one to each distance, they are that many shares of
 * 1 + 1/2 + 1/3 ... (the logarithm and Euler's constant), on both sides. */
#define NEIGHBOUR_RANGE 1000
#define EULER           0.58

/* ---- short numbers ---- */

static gboolean all_digits(const Serial *serial)
{
    for (guint i = 0; i < serial->length; i++) {
        if (serial->set[i] != CHARSET_ANY && serial->set[i] >> 10 != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean judge_is_short(const Judge *judge, guint a)
{
    const Serial *serial = judge->firearms[a].serial;
    return serial->known <= judge->model->population_short_digits && all_digits(serial);
}

guint judge_common_make(const Judge *judge, guint a, guint b)
{
    guint make = population_facts(judge->population, a)->make;
    return make == population_facts(judge->population, b)->make ? make : 0;
}

/* Characters that two serials which a tier joins have in common. */
static guint agreed(const Judge *judge, guint a, guint b)
{
    guint known = MIN(judge->firearms[a].serial->known, judge->firearms[b].serial->known);
    Codes x, y;
    gboolean left = texts_codes(judge->texts, a, &x), right = texts_codes(judge->texts, b, &y);
    guint apart = left && right ? codes_distance(&x, &y, 2) : 3;
    return apart > 2 ? known : MAX(x.n, y.n) - apart;
}

/* Digits alone of two makes, with nothing beside them. */
static gboolean is_bare(const Judge *judge, const Weighed *pair)
{
    const Firearm *firearms = judge->firearms;
    return (all_digits(firearms[pair->a].serial) || all_digits(firearms[pair->b].serial)) &&
           pair->fields <= judge->model->population_short_fields &&
           judge_common_make(judge, pair->a, pair->b) == 0 &&
           agreed(judge, pair->a, pair->b) <= judge->model->population_short_digits;
}

/* ---- numbers that nobody answers for ---- */

/* A licensee's mark: digits of the licence, and a number behind them. */
static gboolean is_mark(const Judge *judge, guint a)
{
    const Serial *serial = judge->firearms[a].serial;
    guint digits = (guint)judge->model->population_mark_digits;
    if (serial->open_left || serial->length < digits + 2) {
        return FALSE;
    }
    for (guint i = 0; i < digits; i++) {
        CharSet set = serial->set[i];
        if (set >> 10 != 0 || (set & (set - 1)) != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean is_own_choice(const Judge *judge, guint a)
{
    return model_own_choice(judge->model, judge->firearms[a].make) && !is_mark(judge, a);
}

/* "7", "042": so few digits that anybody counts so. */
static gboolean is_counted(const Judge *judge, guint a)
{
    Codes codes;
    return texts_codes(judge->texts, a, &codes) && all_digits(judge->firearms[a].serial) &&
           codes.n <= judge->model->population_few_digits;
}

/* A short number of one make on what is told as two firearms. */
static gboolean is_contradicted(const Judge *judge, const Weighed *pair)
{
    guint8 said[SAID_FIELDS];
    if (!judge_is_short(judge, pair->a) || !judge_is_short(judge, pair->b)) {
        return FALSE;
    }
    judge_said(judge, pair->a, pair->b, said);
    guint contradictions = 0;
    for (guint i = 0; i < SAID_FIELDS; i++) {
        contradictions += said[i] == SAID_MODEL_DIFFERS || said[i] == SAID_CALIBRE_DIFFERS ||
                          said[i] == SAID_TYPE_DIFFERS;
    }
    return contradictions >= 2;
}

/* Why number and description of a pair can be of any two firearms, or NULL. */
static const char *unowned(const Judge *judge, const Weighed *pair)
{
    const Firearm *f = &judge->firearms[pair->a], *g = &judge->firearms[pair->b];
    return serial_is_favourite(f->serial) || serial_is_favourite(g->serial) ? "favourite"
           : is_own_choice(judge, pair->a) || is_own_choice(judge, pair->b) ? "own-choice"
           : is_counted(judge, pair->a) || is_counted(judge, pair->b)       ? "short-digits"
           : is_contradicted(judge, pair)                                   ? "contradicted"
                                                                            : NULL;
}

/* ---- neighbours ---- */

/* Two serials that differ in digits of one number within them: how far these are apart, 0 where
 * they differ otherwise. */
static double distance(const Codes *x, const Codes *y)
{
    double apart = 0;
    if (x->n != y->n) {
        return 0;
    }
    gboolean run = FALSE, over = FALSE; /* in the number that differs; behind it */
    for (guint i = 0; i < x->n; i++) {
        gboolean digits = x->code[i] < 10 && y->code[i] < 10;
        gboolean differ = x->code[i] != y->code[i];
        if (differ && (!digits || over)) {
            return 0;
        }
        over = over || (run && !digits);
        run = run || differ;
        if (run && !over) {
            apart = apart * 10 + x->code[i] - y->code[i];
        }
    }
    return fabs(apart);
}

/* Bits that a pair can be worth at most where what differs may be that it is two firearms of a run:
 * how much likelier it is misread than that such a neighbour is there. */
static double beside_neighbour(const Judge *judge, const Weighed *pair, const Codes *x,
                               const Codes *y, Tier tier)
{
    const FirearmModel *m = judge->model;
    double apart = distance(x, y);
    if (apart <= 0 || m->population_neighbour <= 0) {
        return INFINITY;
    }
    double doubt[2];
    for (guint i = 0; i < 2; i++) {
        guint8 kind = population_facts(judge->population, i == 0 ? pair->a : pair->b)->kind;
        doubt[i] = m->doubt[kind].misread;
    }
    double misread = either_written(exp2(-transcription_cost(m, x, y, tier, doubt[0])),
                                    exp2(-transcription_cost(m, y, x, tier, doubt[1])));
    double all = 2 * (log(NEIGHBOUR_RANGE) + EULER);
    double n = MAX(population_firearms(judge->population), 1);
    return log2(misread * n * all * apart / m->population_neighbour);
}

/* The least of that by all of it, and by each slip of two alone: a second one makes nothing
 * likelier than the first left it. */
static double neighbour_bits(const Judge *judge, const Weighed *pair)
{
    Codes x, y, between[BETWEEN_MAX];
    if (!texts_codes(judge->texts, pair->a, &x) || !texts_codes(judge->texts, pair->b, &y)) {
        return INFINITY;
    }
    Tier tier = pair->tier == TIER_S0 ? codes_tier(judge->model, &x, &y) : pair->tier;
    double least = beside_neighbour(judge, pair, &x, &y, tier);
    guint n = codes_two_edits(&x, &y, tier) ? codes_between(&x, &y, between) : 0;
    for (guint i = 0; i < n; i++) {
        least = MIN(least, beside_neighbour(judge, pair, &x, &between[i], TIER_S2));
        least = MIN(least, beside_neighbour(judge, pair, &between[i], &y, TIER_S2));
    }
    return least;
}

/* ---- all of it ---- */

static Loss smaller(Loss loss, const char *level, double bits)
{
    return bits < loss.bits ? (Loss){level, bits} : loss;
}

Loss judge_identity(const Judge *judge, const Weighed *pair)
{
    const FirearmModel *m = judge->model;
    Loss loss = {NULL, 0};
    if (pair->serial <= 0 || pair->serial + pair->fields + pair->prior < UNTOLD_BITS) {
        return loss;
    }
    double limit = log2(m->population_short_limit / (1 - m->population_short_limit)) - pair->prior;
    if (is_bare(judge, pair)) {
        loss = smaller(loss, "short-digits", limit - pair->serial - pair->fields);
    }
    double told = pair->serial + judge_description(judge, pair->a, pair->b, NULL);
    const char *why = told > limit ? unowned(judge, pair) : NULL;
    if (why != NULL) {
        loss = smaller(loss, why, limit - told);
    }
    double most = neighbour_bits(judge, pair);
    return isfinite(most) ? smaller(loss, "neighbour", -log2(1 + exp2(told - most))) : loss;
}
