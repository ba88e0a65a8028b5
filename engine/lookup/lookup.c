/*
 * One question answered: the observations found become a small store of their own, in which the
 * one that is asked for competes for them as a seizure does for traces.
 */
#include "engine/lookup/lookup.h"

#include <math.h>
#include <stdlib.h>

#include "engine/link/work.h"

/* The last digits of sums are no difference: they say in which order the store was filled. */
#define SAME_PROBABILITY 1e6
#define SAME_BITS        1e3

static int falling(double a, double b, double steps)
{
    double x = round(a * steps), y = round(b * steps);
    return (x < y) - (x > y);
}

static double serial_bits(const FirearmMatch *match)
{
    return evidence_count(match->evidence) > 0 ? evidence_term(match->evidence, 0)->bits : 0;
}

/* What weighs the same, as all that short numbers can weigh, is told by how well it agrees. */
static int match_order(gconstpointer a, gconstpointer b, gpointer firearms)
{
    const FirearmMatch *x = a, *y = b;
    const Firearm *f = firearms;
    int order = falling(x->probability, y->probability, SAME_PROBABILITY);
    order = order != 0 ? order : falling(x->bits, y->bits, SAME_BITS);
    order = order != 0 ? order : (x->tier > y->tier) - (x->tier < y->tier);
    order = order != 0 ? order : falling(serial_bits(x), serial_bits(y), SAME_BITS);
    return order != 0 ? order : g_strcmp0(f[x->at].ref, f[y->at].ref);
}

GArray *firearm_find(const FirearmInput *input)
{
    g_autofree Firearm *firearms = g_memdup2(input->firearms, input->n * sizeof(Firearm));
    for (guint i = 0; i < input->n; i++) {
        firearms[i].side = i + 1 < input->n ? SIDE_TRACE : SIDE_SEIZURE;
    }
    FirearmInput all = *input;
    all.firearms = firearms;
    GArray *links = link_keeping(&all, KEEP_ALL);
    GArray *matches = g_array_new(FALSE, FALSE, sizeof(FirearmMatch));
    for (guint i = 0; i < links->len; i++) {
        FirearmLink *link = &g_array_index(links, FirearmLink, i);
        if (link->left + 1 != input->n) {
            continue;
        }
        FirearmMatch match = {link->right,       link->tier,           link->bits,
                              link->probability, link->chance_matches, link->evidence};
        link->evidence = NULL;
        g_array_append_val(matches, match);
    }
    firearm_links_free(links);
    g_array_sort_with_data(matches, match_order, firearms);
    return matches;
}

void firearm_matches_free(GArray *matches)
{
    for (guint i = 0; matches != NULL && i < matches->len; i++) {
        evidence_free(g_array_index(matches, FirearmMatch, i).evidence);
    }
    if (matches != NULL) {
        g_array_unref(matches);
    }
}
