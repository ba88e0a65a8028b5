/*
 * What people decided about pairs, laid over the candidates that were found: a decided pair keeps
 * its bits, and its probability is the decision. Called by link.c for repeated traces, by narrow.c
 * for seizures; competition then takes a decision as a fact.
 */
#include <stdlib.h>

#include "engine/link/work.h"

/* Observations in order, so that either may be named first. */
typedef struct {
    guint low, high;
    guint number; /* of the decision */
    gboolean seen;
} Decided;

static Decided decided_of(guint a, guint b, guint number)
{
    return (Decided){MIN(a, b), MAX(a, b), number, FALSE};
}

static int pair_order(gconstpointer a, gconstpointer b)
{
    const Decided *x = a, *y = b;
    return x->low != y->low ? (x->low < y->low ? -1 : 1)
                            : (x->high > y->high) - (x->high < y->high);
}

static int decided_order(gconstpointer a, gconstpointer b)
{
    const Decided *x = a, *y = b;
    int order = pair_order(a, b);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static void add_decided(const Work *work, GArray *found, const FirearmDecision *d, gboolean repeat)
{
    const Firearm *f = work->judge.firearms;
    guint a = d->left, b = d->right;
    if (repeat ? g_strcmp0(f[a].ref, f[b].ref) < 0 : f[a].side == SIDE_TRACE) {
        a = d->right;
        b = d->left;
    }
    Tier tier =
        serial_tier(work->judge.model, f[a].serial, f[a].serial_raw, f[b].serial, f[b].serial_raw);
    Candidate c = {.a = a, .b = b, .tier = tier == TIER_NONE ? TIER_PAPER : tier, .fit = 0.5};
    candidate_weigh(work, &c, repeat);
    c.decided = d->same;
    c.probability = d->same;
    g_array_append_val(found, c);
}

/* Those about pairs of the kind, sorted; of several about one pair the last holds. */
static GArray *decided_pairs(const Work *work, const FirearmInput *input, gboolean repeat)
{
    const Firearm *f = work->judge.firearms;
    GArray *decided = g_array_new(FALSE, FALSE, sizeof(Decided));
    for (guint d = 0; d < input->n_decisions; d++) {
        guint a = input->decisions[d].left, b = input->decisions[d].right;
        if ((f[a].side == SIDE_TRACE) + (f[b].side == SIDE_TRACE) == (repeat ? 2 : 1)) {
            Decided pair = decided_of(a, b, d);
            g_array_append_val(decided, pair);
        }
    }
    g_array_sort(decided, decided_order);
    guint n = 0;
    for (guint i = 0; i < decided->len; i++) {
        Decided *pair = &g_array_index(decided, Decided, i);
        n += n > 0 && pair_order(&g_array_index(decided, Decided, n - 1), pair) == 0 ? 0 : 1;
        g_array_index(decided, Decided, n - 1) = *pair;
    }
    g_array_set_size(decided, n);
    return decided;
}

void decide_candidates(const Work *work, GArray *found, const FirearmInput *input, gboolean repeat)
{
    g_autoptr(GArray) decided = decided_pairs(work, input, repeat);
    for (guint i = 0; i < found->len && decided->len > 0; i++) {
        Candidate *c = &g_array_index(found, Candidate, i);
        Decided pair = decided_of(c->a, c->b, 0);
        Decided *is = bsearch(&pair, decided->data, decided->len, sizeof(pair), pair_order);
        if (is != NULL) {
            c->decided = input->decisions[is->number].same;
            c->probability = c->decided;
            is->seen = TRUE;
        }
    }
    for (guint i = 0; i < decided->len; i++) {
        const Decided *pair = &g_array_index(decided, Decided, i);
        const FirearmDecision *decision = &input->decisions[pair->number];
        if (!pair->seen && decision->same) {
            add_decided(work, found, decision, repeat);
        }
    }
}
