/*
 * Candidates of seizures without looking at all that cannot matter: beside a trace that fits by far
 * best, what weighs a thousand times less is left out, unless another seizure claims that firearm
 * too, it was traced more than once (all of its traces are links) or people decided about it; then
 * all of it is looked at after all. So a probability is off by no more than a thousandth for each
 * pair left out (a test compares), and most of the work is saved.
 */
#include "engine/link/recall.h"

#define UNCLAIMED_BITS 0.0 /* prior and evidence: a claim that takes little away */

/* What others claim of each firearm, in bits: the two strongest seizures. */
typedef struct {
    guint seizure;
    float bits[2];
    guint traces; /* that it has */
} Claim;

static Claim *find_claims(const Work *work, const GArray *found)
{
    Claim *claims = g_new(Claim, work->n_firearms + 1);
    for (guint i = 0; i < work->n_firearms; i++) {
        claims[i] = (Claim){G_MAXUINT, {-G_MAXFLOAT, -G_MAXFLOAT}, 0};
    }
    for (guint i = 0; i < work->n_traces; i++) {
        claims[work->firearm[work->trace[i]]].traces++;
    }
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        Claim *claim = &claims[work->firearm[c->b]];
        float bits = (float)c->bits;
        if (c->a == claim->seizure) {
            claim->bits[0] = MAX(claim->bits[0], bits);
        } else if (bits > claim->bits[0]) {
            *claim = (Claim){c->a, {bits, claim->bits[0]}, claim->traces};
        } else {
            claim->bits[1] = MAX(claim->bits[1], bits);
        }
    }
    return claims;
}

/* Places of seizures that were looked at narrowly, but can have links to other traces of the
 * firearm that outweighs all else, or may have to do without it: another one claims it too, or
 * people decided about it. They ascend. */
static GArray *find_contested(const Work *work, const Search *search, const GArray *found,
                              const guint *place)
{
    g_autofree Claim *claims = find_claims(work, found);
    GArray *contested = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        const Claim *claim = &claims[work->firearm[c->b]];
        float other = claim->bits[claim->seizure == c->a];
        guint at = place[c->a];
        gboolean last =
            contested->len > 0 && g_array_index(contested, guint, contested->len - 1) == at;
        if (!last && search->looked[at].narrow &&
            (c->decided >= 0 || claim->traces > 1 ||
             (double)other + work->prior > UNCLAIMED_BITS)) {
            g_array_append_val(contested, at);
        }
    }
    return contested;
}

static int candidate_order(gconstpointer a, gconstpointer b, gpointer place)
{
    const Candidate *x = a, *y = b;
    const guint *at = place;
    if (at[x->a] != at[y->a]) {
        return at[x->a] < at[y->a] ? -1 : 1;
    }
    return (x->b > y->b) - (x->b < y->b);
}

/* Looks at some seizures again, at all that they can be. */
static void widen(Search *search, Recall *recall, GArray *found, const GArray *places, guint *place)
{
    g_autoptr(GArray) more = recall_candidates(recall, search, places, LOOK_WIDE);
    guint n = 0, at = 0;
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        while (at < places->len && g_array_index(places, guint, at) < place[c->a]) {
            at++;
        }
        if (at == places->len || g_array_index(places, guint, at) != place[c->a]) {
            g_array_index(found, Candidate, n++) = *c;
        }
    }
    g_array_set_size(found, n);
    g_array_append_vals(found, more->data, more->len);
    g_array_sort_with_data(found, candidate_order, place);
}

/* Candidates of seizures, with what people decided. */
GArray *narrow_search(Search *search, const Work *work, const FirearmInput *input,
                      const GArray *places, Recall *recall)
{
    Look look = work->thorough ? LOOK_WIDE : LOOK_NARROW;
    GArray *found = recall_candidates(recall, search, places, look);
    g_autofree guint *place = g_new0(guint, work->n + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        place[work->seizure[i]] = i;
    }
    for (;;) {
        decide_candidates(work, found, input, FALSE);
        g_array_sort_with_data(found, candidate_order, place);
        g_autoptr(GArray) contested = find_contested(work, search, found, place);
        if (contested->len == 0) {
            return found;
        }
        widen(search, recall, found, contested, place);
    }
}
