/*
 * Bits of the serial: a noisy channel (how a serial is miswritten) over a population (how likely
 * another firearm bears it). Each of the two records may be the damaged one.
 */
#include <math.h>

#include "engine/firearm/judge.h"

#define NEVER 60.0 /* bits */

/* Cost of writing one character for another, in a serial of n characters. */
static double confusion(const FirearmModel *m, guint8 written, guint8 meant, guint n)
{
    if (m->look_alike[meant] >> written & 1) {
        double sum = 0;
        for (guint c = 0; c < 36; c++) {
            sum += m->ease[meant][c];
        }
        return -log2((m->transcription_look_alike * m->ease[meant][written] / sum +
                      m->transcription_substitution / 40) /
                     n);
    }
    gboolean same_kind = (written > 9) == (meant > 9);
    double choices = (same_kind ? 1.1 : 11) * (written > 9 ? 25 : 9);
    return -log2(m->transcription_substitution / choices / n);
}

/* Least cost of the edits (restricted Damerau-Levenshtein); 0 when equal. */
static double edits_cost(const FirearmModel *m, const Codes *written, const Codes *meant)
{
    double row[3][SERIAL_MAX + 1];
    guint n = written->n, k = meant->n;
    double swap = -log2(m->transcription_transposition / MAX(k, 2));
    double drop = -log2(m->transcription_dropped / k);
    double more = -log2(m->transcription_added / 14 / (k + 1));
    for (guint j = 0; j <= k; j++) {
        row[0][j] = j * drop;
    }
    for (guint i = 1; i <= n; i++) {
        double *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i * more;
        for (guint j = 1; j <= k; j++) {
            guint8 w = written->code[i - 1], t = meant->code[j - 1];
            double best = last[j - 1] + (w == t ? 0 : confusion(m, w, t, k));
            best = MIN(best, now[j - 1] + drop);
            best = MIN(best, last[j] + more);
            if (i > 1 && j > 1 && w == meant->code[j - 2] && written->code[i - 2] == t && w != t) {
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

double transcription_cost(const FirearmModel *model, const Codes *written, const Codes *meant)
{
    double cost = edits_cost(model, written, meant);
    if (cost <= 0) {
        return -log2(model->transcription_clean);
    }
    Tier tier = codes_tier(model, written, meant);
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
    return MIN(cost, NEVER);
}

static guint common_make(const Judge *judge, guint a, guint b)
{
    guint make = population_facts(judge->population, a)->make;
    return make == population_facts(judge->population, b)->make ? make : 0;
}

double judge_serial(const Judge *judge, guint a, guint b, Tier tier, double fit)
{
    Codes x, y;
    gboolean full =
        codes_of(&judge->firearms[a].serial, &x) && codes_of(&judge->firearms[b].serial, &y);
    if (tier == TIER_PAPER || tier == TIER_NONE) {
        return full ? log2(judge->model->transcription_gross) : 0;
    }
    if (!full) {
        return -log2(MAX(fit, 1e-15));
    }
    guint make = common_make(judge, a, b);
    guint of_a = population_facts(judge->population, a)->make;
    guint of_b = population_facts(judge->population, b)->make;
    double unique = make != 0 && codes_equal(&x, &y) ? judge->model->population_duplicate : 1;
    double chance_a = population_serial(judge->population, judge->model, &x, of_a) * unique;
    double chance_b = population_serial(judge->population, judge->model, &y, of_b) * unique;
    double forward = exp2(-transcription_cost(judge->model, &x, &y)) / chance_a;
    double backward = exp2(-transcription_cost(judge->model, &y, &x)) / chance_b;
    return log2(0.6 * forward + 0.4 * backward);
}

/* A Gamma posterior for how many fit, around what the shape alone expects; more than one that
 * fits shows a run, whatever the shape says. */
double judge_fragment(const Judge *judge, const Serial *pattern, guint fits, guint among)
{
    double n = MAX(among, 1), belief = 0.5;
    double expected = n * population_fragment(pattern) * judge->model->population_smoothing;
    double mean = (belief + fits) / (belief / MAX(expected, 1e-12) + 1);
    double run = fits > 1 ? 0.7 * (fits - 1.0) : 0;
    return MIN(MAX(mean, run) / n, 1);
}

double judge_chance(const Judge *judge, guint a, Tier tier)
{
    Codes codes;
    if (!codes_of(&judge->firearms[a].serial, &codes)) {
        return 0;
    }
    double n = codes.n;
    double around[] = {1, 1, 5, 10 * n, 50 * n * n, 1, 20, 0, 0};
    guint make = population_facts(judge->population, a)->make;
    return population_traces(judge->population) * around[tier] *
           population_serial(judge->population, judge->model, &codes, make);
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
        short_digits(m, &judge->firearms[a].serial) || short_digits(m, &judge->firearms[b].serial);
    if (!brief || serial <= 0 || fields > 0.5 || common_make(judge, a, b) != 0) {
        return 0;
    }
    double limit = log2(m->population_short_limit / (1 - m->population_short_limit)) - prior;
    return MIN(0, limit - serial - fields);
}
