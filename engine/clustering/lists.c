/*
 * Lists without doubles (a register against another): a person is on each at most once. When nearly
 * everybody has been found, the few who are left are each other's far more probably than any two
 * people of the whole crowd, and what their cells say is weighed under that prior.
 */
#include "engine/clustering/cluster.h"

#include "engine/base/evidence.h"
#include "engine/base/union.h"

#include <math.h>

#define ROUNDS      8
#define START_SHARE 0.5 /* of those left who are on another list too; counts as one of them */

/* For each node on a list: has its cluster nobody of another list? By root. */
static gboolean *lone_clusters(const People *people, guint *root)
{
    guint n = people->nodes->len;
    gboolean *lone = g_new0(gboolean, n + 1);
    g_autofree Id *list = g_new0(Id, n + 1);
    for (guint i = 0; i < n; i++) {
        Id own = people_node(people, i)->list;
        guint at = union_root(root, i);
        if (!own)
            continue;
        lone[at] = !list[at] || list[at] == own;
        list[at] = own;
    }
    return lone;
}

static int left_compare(gconstpointer a, gconstpointer b)
{
    const Pair *x = a, *y = b;
    if (x->odds != y->odds)
        return x->odds > y->odds ? -1 : 1;
    return x->a != y->a ? (x->a > y->a ? 1 : -1) : (x->b > y->b) - (x->b < y->b);
}

/* Pairs of two lists' lone clusters; their odds are bits of evidence, no prior in them. */
static GArray *lone_pairs(Scorer *s, const GArray *pairs, guint *root, const gboolean *lone)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0; i < pairs->len; i++) {
        Pair pair = g_array_index(pairs, Pair, i);
        Id a = people_node(s->people, pair.a)->list, b = people_node(s->people, pair.b)->list;
        if (!a || !b || a == b || !lone[union_root(root, pair.a)] ||
            !lone[union_root(root, pair.b)] || pattern_conflict(pair.pattern))
            continue;
        pair.odds = (float)(pattern_same(s, pair.pattern) -
                            pattern_chance(s, pair.pattern, pair.a, pair.b) +
                            kin_bits(s, pair.pattern, pair.a, pair.b));
        g_array_append_val(left, pair);
    }
    return left;
}

GArray *lists_left(Scorer *s, const GArray *pairs, guint *root)
{
    guint n = s->people->nodes->len, free = 0;
    g_autofree gboolean *lone = lone_clusters(s->people, root);
    for (guint i = 0; i < n; i++)
        free += lone[i];
    if (free < 2)
        return NULL;
    GArray *left = lone_pairs(s, pairs, root, lone);
    double prior = 0, share = START_SHARE, half = free / 2.0;
    for (guint round = 0; round < ROUNDS; round++) {
        double expected = START_SHARE;
        prior = log2(share / half);
        for (guint i = 0; i < left->len; i++)
            expected += bits_to_probability(g_array_index(left, Pair, i).odds + prior);
        share = MIN(expected / (half + 1), 0.999);
    }
    for (guint i = 0; i < left->len; i++)
        g_array_index(left, Pair, i).odds += (float)prior;
    g_array_sort(left, left_compare);
    return left;
}
