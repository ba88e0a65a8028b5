/*
 * One pair explained: what it weighs by the code that weighs all pairs, and, where no tier holds,
 * which came nearest. For `why`; a run never comes here. Competition with other candidates is not
 * looked at: it needs all of them.
 */
#include <string.h>

#include "engine/lookup/explain.h"
#include "engine/firearm/tier.h"
#include "engine/link/work.h"

/* Characters of the shorter that differ when it is laid at the start or the end of the other. */
static guint left_over(const Codes *a, const Codes *b)
{
    const Codes *brief = a->n < b->n ? a : b, *wide = a->n < b->n ? b : a;
    guint start = 0, end = 0;
    for (guint i = 0; i < brief->n; i++) {
        start += brief->code[i] != wide->code[i];
        end += brief->code[i] != wide->code[i + wide->n - brief->n];
    }
    return MIN(start, end);
}

static SerialNearness nearest_full(const Codes *a, const Codes *b)
{
    gboolean both_long = a->n >= TWO_EDITS_MIN && b->n >= TWO_EDITS_MIN;
    SerialNearness near = {both_long ? TIER_S2B : TIER_S2, codes_distance(a, b, SERIAL_MAX),
                           both_long ? 2 : 1, 0};
    guint over = left_over(a, b), least = MIN(a->n, b->n);
    if (a->n != b->n && least >= CONTAINED_MIN && 2 * over < least &&
        over + near.allowed < near.apart) {
        return (SerialNearness){TIER_S4, over, 0, 0};
    }
    return near;
}

/* Positions that contradict, and that are known in both and agree, at one alignment. */
static SerialNearness at_shift(const Serial *a, const Serial *b, int shift)
{
    SerialNearness near = {TIER_S3, 0, 0, 0};
    int from = MAX(0, shift), to = MIN((int)a->length, (int)b->length + shift);
    for (int i = from; i < to; i++) {
        CharSet x = a->set[i], y = b->set[i - shift];
        near.apart += (x & y) == 0;
        near.known += x == y && (x & (x - 1)) == 0;
    }
    /* what stands over a closed end contradicts too */
    int left = shift, right = (int)b->length + shift - (int)a->length;
    near.apart += left > 0 && !b->open_left ? (guint)left : 0;
    near.apart += left < 0 && !a->open_left ? (guint)-left : 0;
    near.apart += right > 0 && !a->open_right ? (guint)right : 0;
    near.apart += right < 0 && !b->open_right ? (guint)-right : 0;
    return near;
}

SerialNearness serial_nearest(const Serial *a, const Serial *b)
{
    Codes x, y;
    if (!serial_informs(a) || !serial_informs(b)) {
        return (SerialNearness){TIER_NONE, 0, 0, 0};
    }
    if (codes_of(a, &x) && codes_of(b, &y)) {
        return nearest_full(&x, &y);
    }
    SerialNearness best = {TIER_S3, G_MAXUINT, 0, 0};
    for (int shift = 1 - (int)b->length; shift < (int)a->length; shift++) {
        SerialNearness near = at_shift(a, b, shift);
        if (near.apart < best.apart || (near.apart == best.apart && near.known > best.known)) {
            best = near;
        }
    }
    return best;
}

/* Observations of the other side that fit a pattern, of its make (0: any); one is the right one. */
static double fragment_share(const Work *work, guint pattern, guint other, guint make)
{
    const Firearm *f = work->judge.firearms;
    gboolean seizures = f[other].side == SIDE_SEIZURE;
    const guint *list = seizures ? work->seizure : work->trace;
    guint n = seizures ? work->n_seizures : work->n_traces, fits = 0;
    const Population *population = work->judge.population;
    for (guint i = 0; i < n; i++) {
        fits += (make == 0 || population_facts(population, list[i])->make == make) &&
                serial_fits(f[pattern].serial, f[list[i]].serial);
    }
    guint all = seizures ? work->parameters->seizures : work->parameters->firearms;
    guint among = make == 0  ? all
                  : seizures ? population_seized(population, make)
                             : population_of_make(population, make);
    return judge_fragment(&work->judge, f[pattern].serial, make, fits, among);
}

/* S3: how many others fit, of the make where both are known and can be one. */
static void count_fits(const Work *work, Candidate *c)
{
    const Population *population = work->judge.population;
    Codes codes;
    gboolean own_left = !codes_of(work->judge.firearms[c->a].serial, &codes);
    guint pattern = own_left ? c->a : c->b, other = own_left ? c->b : c->a;
    const Facts *f = population_facts(population, pattern),
                *g = population_facts(population, other);
    gboolean kin = f->make != 0 && g->make != 0 && makes_compatible(f, g);
    double of_all = fragment_share(work, pattern, other, 0);
    c->fit = kin ? fragment_share(work, pattern, other, f->make) : of_all;
    c->chance = judge_chance_fitting(&work->judge, c->a, c->b, of_all);
}

/* What the search would have counted about the pair before weighing it. */
static void count_pair(const Work *work, Candidate *c, gboolean repeat)
{
    const Population *population = work->judge.population;
    const Serial *a = work->judge.firearms[c->a].serial, *b = work->judge.firearms[c->b].serial;
    if (c->tier == TIER_S3) {
        count_fits(work, c);
        return;
    }
    if (c->tier == TIER_PAPER) {
        return;
    }
    guint make = repeat ? population_facts(population, c->a)->make : 0;
    double fit = population_fragment(population, a, make);
    c->fit = repeat ? MIN(1, fit + 1.0 / MAX(work->parameters->traces, 1))
                    : MAX(fit, population_fragment(population, b, 0));
    c->chance = work->judge.chance[c->a] > 0 ? judge_chance(&work->judge, c->a, c->tier)
                                             : c->fit * work->parameters->firearms;
}

static FirearmPair pair_of(const FirearmInput *input, const FirearmParameters *parameters,
                           guint left, guint right)
{
    const Firearm *firearms = input->firearms;
    const FirearmModel *rates = &parameters->rates;
    Work work;
    work_init(&work, input, parameters, NULL);
    gboolean repeat = firearms[left].side == firearms[right].side;
    gboolean turned = !repeat && firearms[left].side == SIDE_TRACE;
    Candidate c = {.a = turned ? right : left, .b = turned ? left : right, .decided = -1};
    const Firearm *f = &firearms[c.a], *g = &firearms[c.b];
    Tier tier = serial_tier(rates, f->serial, f->serial_raw, g->serial, g->serial_raw);
    c.tier = tier == TIER_NONE ? TIER_PAPER : tier;
    work.prior = repeat ? prior_bits(rates->prior_repeated_trace, parameters->traces)
                        : prior_bits(rates->prior_has_trace, parameters->firearms);
    count_pair(&work, &c, repeat);
    FirearmPair pair = {.tier = tier, .prior = work.prior, .chance = c.chance};
    candidate_weigh(&work, &c, repeat);
    pair.evidence = candidate_evidence(&work, &c, repeat);
    pair.bits = evidence_bits(pair.evidence);
    work_clear(&work);
    return pair;
}

FirearmPair firearm_pair(const FirearmInput *input, guint left, guint right)
{
    if (input->parameters != NULL) {
        return pair_of(input, input->parameters, left, right);
    }
    g_autoptr(FirearmParameters) parameters =
        firearm_parameters_estimate(input->model, input->firearms, input->n);
    return pair_of(input, parameters, left, right);
}
