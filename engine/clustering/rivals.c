/*
 * Father and son of one name live in one house, and a mention without a birth date fits both: each
 * of the two then has at most its share of the odds, so that neither is joined by chance and an
 * analyst sees both.
 */
#include "engine/clustering/cluster.h"

#include "engine/base/evidence.h"

#include <math.h>

#define RIVALS_MAX 24 /* dated mentions looked at for one that has no date */

typedef struct {
    guint undated, dated; /* nodes */
    guint pair;           /* index */
    double odds;
} Claim;

static int claim_compare(gconstpointer a, gconstpointer b)
{
    const Claim *x = a, *y = b;
    if (x->undated != y->undated)
        return x->undated < y->undated ? -1 : 1;
    if (x->odds != y->odds)
        return x->odds > y->odds ? -1 : 1;
    return (x->dated > y->dated) - (x->dated < y->dated);
}

/* Pairs of a mention with a birth date and one without. */
static GArray *claims_of(const People *people, const GArray *pairs, double least)
{
    GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        gboolean a = people_node(people, pair->a)->digits != 0;
        gboolean b = people_node(people, pair->b)->digits != 0;
        Claim claim = {a ? pair->b : pair->a, a ? pair->a : pair->b, i, pair->odds};
        if (a != b && pair->odds >= least)
            g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

/* Are the two dated mentions a generation apart, and not one that was misread? */
static gboolean two_people(Scorer *s, guint a, guint b)
{
    Pattern pattern = pattern_of(s, MIN(a, b), MAX(a, b));
    return pattern_two_lives(pattern) && pattern_level(pattern, FIELD_GIVEN) <= NAME_CLOSE &&
           pattern_level(pattern, FIELD_SURNAME) <= NAME_CLOSE;
}

/* Takes from each claim on one mention what its strongest rival has; of one that a document decides
 * nothing is taken. */
static void claims_share(Scorer *s, const Claim *claims, guint n, GArray *pairs)
{
    for (guint i = 0; i < MIN(n, RIVALS_MAX); i++)
        for (guint j = 0; j < MIN(n, RIVALS_MAX); j++) {
            Pair *pair = &g_array_index(pairs, Pair, claims[i].pair);
            if (i == j || !pattern_undated(pair->pattern) ||
                !two_people(s, claims[i].dated, claims[j].dated))
                continue;
            pair->contested = TRUE;
            pair->odds = (float)(claims[i].odds - log2(1 + exp2(claims[j].odds)));
            break;
        }
}

void rivals_share(Scorer *scorer, GArray *pairs)
{
    double least = probability_to_bits(scorer->people->model->limits.review);
    g_autoptr(GArray) claims = claims_of(scorer->people, pairs, least);
    const Claim *all = (const Claim *)(gconstpointer)claims->data;
    for (guint from = 0, to; from < claims->len; from = to) {
        for (to = from + 1; to < claims->len && all[to].undated == all[from].undated;)
            to++;
        claims_share(scorer, all + from, to - from, pairs);
    }
}
