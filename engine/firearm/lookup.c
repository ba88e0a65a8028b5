/*
 * One question answered: the observations found become a small store of their own, in which the
 * one that is asked for competes for them as a seizure does for traces.
 */
#include "engine/firearm/lookup.h"

#include <stdlib.h>

#include "engine/firearm/link.h"

static int match_order(gconstpointer a, gconstpointer b)
{
    const FirearmMatch *x = a, *y = b;
    if (x->probability != y->probability) {
        return x->probability > y->probability ? -1 : 1;
    }
    if (x->bits != y->bits) {
        return x->bits > y->bits ? -1 : 1;
    }
    return (x->at > y->at) - (x->at < y->at);
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
    g_array_sort(matches, match_order);
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
