/*
 * Father and son of one name live in one house, and a mention without a birth date fits both; so
 * does one without a given name two twins. Each of the two then has at most its share of the odds,
 * so that neither is joined by chance and an analyst sees both.
 */
#include "engine/clustering/cluster.h"

#include "engine/base/evidence.h"
#include "engine/comparison/expect.h"

#include <math.h>

#define AHEAD      16 /* pairs whose memory is asked for before they are looked at */
#define RIVALS_MAX 24 /* mentions that say it looked at for one that does not */

typedef struct {
    guint silent, telling; /* nodes: without a birth date or a given name, and with it */
    guint pair;            /* index */
    double odds;
} Claim;

/* What the one mention says and the other does not, and what two of those are that are two people.
 */
typedef struct {
    gboolean (*tells)(const Node *node);
    gboolean (*open)(Pattern pattern); /* the pair leaves it open who of the two it is */
    gboolean (*two)(Pattern pattern);
} Question;

static gboolean tells_birth(const Node *node)
{
    return node->digits != 0;
}

static gboolean tells_given(const Node *node)
{
    return node->first != 0;
}

/* A generation apart, and not one that was misread. */
static gboolean two_namesakes(Pattern pattern)
{
    return pattern_two_lives(pattern) && pattern_level(pattern, FIELD_GIVEN) <= NAME_CLOSE &&
           pattern_level(pattern, FIELD_SURNAME) <= NAME_CLOSE;
}

static gboolean no_document(Pattern pattern)
{
    return pattern_level(pattern, FIELD_DOCUMENT) > DOCUMENT_NEAR;
}

static int claim_compare(gconstpointer a, gconstpointer b)
{
    const Claim *x = a, *y = b;
    if (x->silent != y->silent)
        return x->silent < y->silent ? -1 : 1;
    if (x->odds != y->odds)
        return x->odds > y->odds ? -1 : 1;
    return (x->telling > y->telling) - (x->telling < y->telling);
}

/* Pairs of a mention that tells it and one that does not. */
static GArray *claims_of(const People *people, const GArray *pairs, const Question *q, double least)
{
    GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        if (i + AHEAD < pairs->len) /* the first nodes rise */
            node_expect(people, g_array_index(pairs, Pair, i + AHEAD).b);
        gboolean a = q->tells(people_node(people, pair->a));
        gboolean b = q->tells(people_node(people, pair->b));
        Claim claim = {a ? pair->b : pair->a, a ? pair->a : pair->b, i, pair->odds};
        if (a != b && pair->odds >= least)
            g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

/* Are the two who tell it two people? */
static gboolean two_people(Scorer *s, const Question *q, guint a, guint b)
{
    return q->two(pattern_of(s, MIN(a, b), MAX(a, b)));
}

/* Takes from each claim on one mention what its strongest rival has; of one that a document decides
 * nothing is taken. */
static void claims_share(Scorer *s, const Question *q, const Claim *claims, guint n, GArray *pairs)
{
    for (guint i = 0; i < MIN(n, RIVALS_MAX); i++)
        for (guint j = 0; j < MIN(n, RIVALS_MAX); j++) {
            Pair *pair = &g_array_index(pairs, Pair, claims[i].pair);
            if (i == j || !q->open(pair->pattern) ||
                !two_people(s, q, claims[i].telling, claims[j].telling))
                continue;
            pair->contested = TRUE;
            pair->odds = (float)(claims[i].odds - log2(1 + exp2(claims[j].odds)));
            break;
        }
}

void rivals_share(Scorer *scorer, GArray *pairs)
{
    static const Question questions[] = {{tells_birth, pattern_undated, two_namesakes},
                                         {tells_given, no_document, pattern_siblings}};
    double least = probability_to_bits(scorer->people->model->limits.review);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        const Question *q = &questions[i];
        g_autoptr(GArray) claims = claims_of(scorer->people, pairs, q, least);
        const Claim *all = (const Claim *)(gconstpointer)claims->data;
        for (guint from = 0, to; from < claims->len; from = to) {
            for (to = from + 1; to < claims->len && all[to].silent == all[from].silent;)
                to++;
            claims_share(scorer, q, all + from, to - from, pairs);
        }
    }
}
