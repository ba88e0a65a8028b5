/*
 * Bits of the serial: a noisy channel (how a serial is miswritten) over a population (how likely
 * another firearm bears it). Each of the two records may be the damaged one.
 */
#include <math.h>
#include <string.h>

#include "engine/firearm/judge.h"

#define NEVER 60.0 /* bits */

/* Least cost of the edits (restricted Damerau-Levenshtein); 0 when equal. Equal ends cost nothing
 * and are left out. */
static double edits_cost(const FirearmModel *m, const Codes *written, const Codes *meant)
{
    double row[3][SERIAL_MAX + 1];
    guint n = written->n, k = meant->n, start = 0;
    double swap = m->edit[k].swapped, drop = m->edit[k].dropped, more = m->edit[k].added;
    double one_of = m->edit[k].one_of;
    while (start < n && start < k && written->code[start] == meant->code[start]) {
        start++;
    }
    while (n > start && k > start && written->code[n - 1] == meant->code[k - 1]) {
        n--;
        k--;
    }
    const guint8 *w = written->code + start, *t = meant->code + start;
    n -= start;
    k -= start;
    for (guint j = 0; j <= k; j++) {
        row[0][j] = j * drop;
    }
    for (guint i = 1; i <= n; i++) {
        double *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i * more;
        for (guint j = 1; j <= k; j++) {
            gboolean same = w[i - 1] == t[j - 1];
            double best = last[j - 1] + (same ? 0 : m->confusion[t[j - 1]][w[i - 1]] + one_of);
            best = MIN(best, now[j - 1] + drop);
            best = MIN(best, last[j] + more);
            if (i > 1 && j > 1 && w[i - 1] == t[j - 2] && w[i - 2] == t[j - 1] && !same) {
                best = MIN(best, before[j - 2] + swap);
            }
            now[j] = best;
        }
    }
    return row[n % 3][k];
}

/* One is an end of the other: what was lost costs little, what was added much. */
static double end_cost(const FirearmModel *m, const Codes *written, const Codes *meant)
{
    if (written->n < meant->n) {
        return -log2(m->transcription_end_lost / 6);
    }
    return -log2(m->transcription_added / 10) + 4.3 * (written->n - meant->n);
}

double transcription_cost(const FirearmModel *model, const Codes *written, const Codes *meant,
                          Tier tier)
{
    double cost = edits_cost(model, written, meant);
    if (cost <= 0) {
        return model->clean_bits;
    }
    if (tier == TIER_S4 || tier == TIER_S2 || tier == TIER_S2B) {
        guint8 n = MIN(written->n, meant->n);
        Codes a = *written, b = *meant;
        gboolean left = n >= CONTAINED_MIN && written->n != meant->n;
        for (guint i = 0; i < n && left; i++) {
            left = a.code[i] == b.code[i];
        }
        gboolean right = n >= CONTAINED_MIN && written->n != meant->n;
        for (guint i = 1; i <= n && right; i++) {
            right = a.code[a.n - i] == b.code[b.n - i];
        }
        cost = left || right ? MIN(cost, end_cost(model, written, meant)) : cost;
    }
    if (tier == TIER_S1N) {
        cost = MIN(cost, -log2(model->transcription_ncic / 26));
    }
    if (tier == TIER_S2B) {
        cost -= log2(MAX(model->transcription_twice, 1e-9));
    }
    return CLAMP(cost, 0, NEVER);
}

/* How much likelier two records of one firearm of a maker are to be equal than those of two. */
static double unique_share(const FirearmModel *model)
{
    return MAX(model->population_duplicate, 1 - model->transcription_clean);
}

void edit_costs(const FirearmModel *model, guint length, double cost[3])
{
    double edit = MIN(-log2(model->transcription_transposition),
                      -log2(MAX(model->transcription_dropped, model->transcription_added)));
    for (guint meant = 0; meant < 36; meant++) {
        for (guint written = 0; written < 36; written++) {
            edit = meant == written ? edit : MIN(edit, model->confusion[meant][written]);
        }
    }
    edit += log2(length > 3 ? length - 2 : 1);
    cost[0] = log2(MIN(unique_share(model), 1)) + 2 * model->clean_bits;
    cost[1] = MIN(edit, -log2(model->transcription_end_lost / 6));
    cost[1] = MIN(cost[1], -log2(model->transcription_ncic / 26));
    cost[2] = MAX(cost[1], 2 * edit - log2(MAX(model->transcription_twice, 1)));
}

/* Probability that another firearm is recorded so. Kept for the next time; threads that meet here
 * write the same. */
static double observed(const Judge *judge, guint a)
{
    double known;
    __atomic_load(&judge->observed[a], &known, __ATOMIC_RELAXED);
    if (known <= 0) {
        guint make = population_facts(judge->population, a)->make;
        known = population_recorded(judge->population, judge->firearms[a].serial, make);
        __atomic_store(&judge->observed[a], &known, __ATOMIC_RELAXED);
    }
    return known;
}

static guint common_make(const Judge *judge, guint a, guint b)
{
    guint make = population_facts(judge->population, a)->make;
    return make == population_facts(judge->population, b)->make ? make : 0;
}

typedef struct {
    Tier tier;
    double fit;
    gboolean exact; /* else at least as much */
} Worth;

/* A maker gives a number once: another firearm bears it only when one of them is miswritten. */
static double equal_bits(const Judge *judge, guint a, guint b)
{
    const FirearmModel *m = judge->model;
    gboolean own = common_make(judge, a, b) != 0;
    double unique = own ? unique_share(m) : 1;
    double chance = 0.6 / judge->chance[a] + 0.4 / judge->chance[b];
    return log2(m->transcription_clean / unique * chance);
}

/* Either is what the firearm bears, and the other (more often the seized one) was written for it;
 * over how likely each is to be recorded for any firearm. */
static double unequal_bits(const Judge *judge, guint a, guint b, const Codes *x, const Codes *y,
                           const Worth *worth)
{
    const FirearmModel *m = judge->model;
    Tier tier = worth->tier == TIER_S0 ? codes_tier(m, x, y) : worth->tier;
    double right[2] = {m->transcription_clean * judge->chance[a],
                       m->transcription_clean * judge->chance[b]};
    double any[2] = {right[0], right[1]};
    if (worth->exact) {
        any[0] = observed(judge, a);
        any[1] = observed(judge, b);
    }
    double forward = exp2(-transcription_cost(m, x, y, tier)) * right[1];
    double backward = exp2(-transcription_cost(m, y, x, tier)) * right[0];
    return log2((0.6 * forward + 0.4 * backward) / (any[0] * any[1]));
}

/* No number on a seizure says, if anything, that it was not traced by one; of what was read of it,
 * too little to make a candidate, something must agree. */
static double unread_bits(const Judge *judge, guint a, guint b)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    if (f->side != SIDE_SEIZURE || serial_usable(f->serial) || !serial_usable(g->serial)) {
        return 0;
    }
    double share = population_unread(judge->population);
    double bits = MIN(0, log2(judge->model->transcription_unread / share));
    if (!serial_agrees(f->serial, g->serial)) {
        return bits + log2(judge->model->transcription_gross);
    }
    return f->serial->known == 0
               ? bits
               : bits - log2(MAX(population_fragment(judge->population, f->serial, 0), 1e-4));
}

/* A pattern fits by what it says itself; of two, what the vaguer one says is all that agrees. */
static double fitting_bits(const Judge *judge, guint b, gboolean both, double fit)
{
    if (both) {
        guint make = population_facts(judge->population, b)->make;
        fit = MAX(fit, population_fragment(judge->population, judge->firearms[b].serial, make));
    }
    return -log2(MAX(fit, 1e-15));
}

static double serial_bits(const Judge *judge, guint a, guint b, const Worth *worth)
{
    Codes x, y;
    gboolean left = texts_codes(judge->texts, a, &x), right = texts_codes(judge->texts, b, &y);
    gboolean full = left && right;
    if (worth->tier == TIER_PAPER || worth->tier == TIER_NONE) {
        return full ? log2(judge->model->transcription_gross) : unread_bits(judge, a, b);
    }
    if (!full) {
        return fitting_bits(judge, b, !left && !right, worth->fit);
    }
    return codes_equal(&x, &y) ? equal_bits(judge, a, b) : unequal_bits(judge, a, b, &x, &y, worth);
}

double judge_serial(const Judge *judge, guint a, guint b, Tier tier, double fit)
{
    return serial_bits(judge, a, b, &(Worth){tier, fit, TRUE});
}

double judge_serial_most(const Judge *judge, guint a, guint b, Tier tier, double fit)
{
    return serial_bits(judge, a, b, &(Worth){tier, fit, FALSE});
}

/* A Gamma posterior for how many fit, around what serials of the make (or all) let expect; more
 * than one that fits shows a run, whatever was expected. */
double judge_fragment(const Judge *judge, const Serial *pattern, guint make, guint fits,
                      guint among)
{
    double n = MAX(among, 1), belief = 0.5;
    double expected = n * population_fragment(judge->population, pattern, make) *
                      judge->model->population_smoothing;
    double mean = (belief + fits) / (belief / MAX(expected, 1e-12) + 1);
    double run = fits > 1 ? 0.7 * (fits - 1.0) : 0;
    return MIN(MAX(mean, run) / n, 1);
}

Texts *texts_new(const Firearm *firearms, guint n)
{
    Texts *texts = g_new(Texts, 1);
    GByteArray *text = g_byte_array_new();
    texts->at = g_new(guint32, n + 1);
    for (guint i = 0; i < n; i++) {
        Codes codes;
        texts->at[i] = text->len;
        if (codes_of(firearms[i].serial, &codes)) {
            g_byte_array_append(text, codes.code, codes.n);
        }
    }
    texts->at[n] = text->len;
    texts->code = g_byte_array_free(text, FALSE);
    return texts;
}

void texts_free(Texts *texts)
{
    g_free(texts->at);
    g_free(texts->code);
    g_free(texts);
}

double *judge_chances(const Firearm *firearms, guint n, const Population *population)
{
    double *chance = g_new0(double, n + 1);
    for (guint i = 0; i < n; i++) {
        Codes codes;
        if (codes_of(firearms[i].serial, &codes)) {
            chance[i] =
                population_serial(population, &codes, population_facts(population, i)->make);
        }
    }
    return chance;
}

double judge_chance(const Judge *judge, guint a, Tier tier)
{
    double n = judge->firearms[a].serial->length;
    double around[] = {1, 1, 5, 10 * n, 50 * n * n, 1, 20, 0, 0};
    return population_firearms(judge->population) * around[tier] * judge->chance[a];
}

static gboolean short_digits(const FirearmModel *model, const Serial *serial)
{
    for (guint i = 0; i < serial->length; i++) {
        if (serial->set[i] != CHARSET_ANY && serial->set[i] >> 10 != 0) {
            return FALSE;
        }
    }
    return serial->known <= model->population_short_digits;
}

double judge_short(const Judge *judge, guint a, guint b, double serial, double fields, double prior)
{
    const FirearmModel *m = judge->model;
    gboolean brief =
        short_digits(m, judge->firearms[a].serial) || short_digits(m, judge->firearms[b].serial);
    if (!brief || serial <= 0 || fields > 0.5 || common_make(judge, a, b) != 0) {
        return 0;
    }
    double limit = log2(m->population_short_limit / (1 - m->population_short_limit)) - prior;
    return MIN(0, limit - serial - fields);
}
