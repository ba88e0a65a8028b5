/*
 * What it costs to write one serial for another: the noisy channel by itself, of two full serials.
 * What else there is to be weighed, and that either of two records may be the damaged one, is
 * channel.c's.
 */
#include <math.h>

#include "engine/weight/judge.h"

#define NEVER    60.0 /* bits */
#define OFTENEST 1.0  /* bits: a character is misread for another every second time at most */

/* Least cost of the edits (restricted Damerau-Levenshtein); 0 when equal. Equal ends cost nothing
 * and are left out. doubt: bits that a character misread costs less. */
static double edits_cost(const FirearmModel *m, const Codes *written, const Codes *meant,
                         double doubt)
{
    double row[3][SERIAL_MAX + 1];
    guint n = written->n, k = meant->n, start = 0;
    double swap = m->edit[k].swapped, drop = m->edit[k].dropped, more = m->edit[k].added;
    double one_of = m->edit[k].one_of - doubt;
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
            double best =
                last[j - 1] + (same ? 0 : MAX(m->confusion[t[j - 1]][w[i - 1]] + one_of, OFTENEST));
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
                          Tier tier, double doubt)
{
    double cost = edits_cost(model, written, meant, doubt);
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
