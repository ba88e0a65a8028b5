/*
 * Constrained agglomeration: edges by falling odds into a union-find. An edge joins two clusters
 * only if no decision, document, suffix or kind forbids it and if the two clusters as a whole
 * agree (mean odds over their pairs), so that one weak bridge does not weld two crowds.
 */
#include "engine/clustering/cluster.h"

#include "engine/base/evidence.h"
#include "engine/base/memory.h"
#include "engine/base/sort.h"
#include "engine/base/union.h"

#include <math.h>
#include <string.h>

#define CROSS_MAX 12 /* nodes of one cluster that are compared with another's */
#define AHEAD     16 /* pairs whose memory is asked for before their turn */

/* A node in its cluster; all but `next` are of the cluster, at its root. In one line of memory:
 * they are met in no order. */
typedef struct {
    guint next;     /* ring of a cluster's nodes */
    guint size;     /* nodes */
    guint weight;   /* mentions */
    guint8 listed;  /* some node of this cluster is on a list */
    guint8 decided; /* a decision names a node of this cluster */
} Member;

typedef struct {
    Scorer *scorer;
    Clusters *out;
    Member *of; /* by node */
    const NodeDecision *decisions;
    guint n_decisions;
} Joining;

/* May a decision that keeps two nodes apart be broken by joining x and y? */
static gboolean decided_apart(const Joining *j, guint x, guint y)
{
    if (!j->of[x].decided || !j->of[y].decided)
        return FALSE;
    for (guint i = 0; i < j->n_decisions; i++) {
        guint a = union_root(j->out->root, j->decisions[i].a);
        guint b = union_root(j->out->root, j->decisions[i].b);
        if (!j->decisions[i].same && ((a == x && b == y) || (a == y && b == x)))
            return TRUE;
    }
    return FALSE;
}

/* Nodes of a cluster in the order of the ring, evenly thinned to CROSS_MAX. */
static guint cluster_sample(const Joining *j, guint root, guint nodes[CROSS_MAX])
{
    guint size = j->of[root].size, step = (size + CROSS_MAX - 1) / CROSS_MAX, n = 0, at = root;
    for (guint i = 0; i < size && n < CROSS_MAX; i++, at = j->of[at].next)
        if (i % step == 0)
            nodes[n++] = at;
    return n;
}

/* A mention without a given name fits both of two twins and makes one of neither: of the pairs of
 * two clusters that both say it, most make two people, and the edge between them is silent. */
static gboolean is_bridge(Pattern edge, guint said, guint apart)
{
    return pattern_level(edge, FIELD_GIVEN) == LEVEL_MISSING && 2 * apart > said &&
           pattern_level(edge, FIELD_DOCUMENT) > DOCUMENT_NEAR;
}

/* Do the two clusters agree as a whole, by the edge between them? */
static gboolean clusters_agree(const Joining *j, guint x, guint y, const Pair *edge)
{
    guint left[CROSS_MAX], right[CROSS_MAX];
    guint n = cluster_sample(j, x, left), m = cluster_sample(j, y, right), said = 0, apart = 0;
    const Limits *limits = &j->scorer->people->model->limits;
    double sum = 0;
    if (n == 1 && m == 1 && !edge->contested) /* most: the edge is all there is to compare */
        return (double)(CLAMP(edge->odds, -20, 20) + edge->odds / 2) >= limits->bridge;
    for (guint a = 0; a < n; a++)
        for (guint b = 0; b < m; b++) {
            guint i = MIN(left[a], right[b]), k = MAX(left[a], right[b]);
            Pattern pattern = pattern_of(j->scorer, i, k);
            if (pattern_conflict(pattern))
                return FALSE;
            if (pattern_level(pattern, FIELD_GIVEN) != LEVEL_MISSING) {
                said++;
                apart += pattern_siblings(pattern);
            }
            sum += CLAMP(node_odds(j->scorer, pattern, i, k), -20, 20);
        }
    return !is_bridge(edge->pattern, said, apart) &&
           sum / (n * m) + (double)edge->odds / 2 >= limits->bridge;
}

/* What one field of a node says, as a number. */
static guint32 field_value(const Node *n, Field field)
{
    const guint32 values[FIELD_COUNT] = {
        [FIELD_SURNAME] = n->last,
        [FIELD_GIVEN] = n->first,
        [FIELD_MIDDLE] = n->middle,
        [FIELD_SUFFIX] = n->suffix,
        [FIELD_DOB] = n->digits,
        [FIELD_ADDRESS] = n->place    ? n->place
                          : n->street ? n->street
                                      : n->city,
        [FIELD_PHONE] = n->phone,
        [FIELD_DOCUMENT] = n->document,
        [FIELD_ORGANISATION] = n->organisation,
    };
    return values[field];
}

static guint distinct_values(const People *people, Field field, const guint *nodes, guint n)
{
    guint distinct = 0;
    for (guint i = 0; i < n; i++) {
        guint32 value = field_value(people_node(people, nodes[i]), field);
        gboolean seen = value == 0;
        for (guint k = 0; k < i && !seen; k++)
            seen = field_value(people_node(people, nodes[k]), field) == value;
        distinct += !seen;
    }
    return MAX(distinct, 1);
}

/* The best level that a field reaches between two clusters, and what it is worth. */
typedef struct {
    double bits[FIELD_COUNT];
    Pattern pattern;
} Best;

static void best_take(Best *best, const Scorer *s, Pattern pattern, guint i, guint k)
{
    if (!(pattern & PATTERN_HALF_SUFFIX))
        best->pattern &= ~PATTERN_HALF_SUFFIX;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        if (level == LEVEL_MISSING)
            continue;
        double bits = s->same[f][level] - s->unlike[f][level] + rarity_bits(s, f, level, i, k);
        if (pattern_level(best->pattern, f) != LEVEL_MISSING && bits <= best->bits[f])
            continue;
        best->bits[f] = bits;
        best->pattern = pattern_with(best->pattern, f, level);
    }
}

/* Posterior odds that two clusters are one person, each field by its best agreement, less what
 * choosing the best of several values is worth. -60 where they contradict each other. */
static double whole_odds(const Joining *j, guint x, guint y)
{
    guint left[CROSS_MAX], right[CROSS_MAX];
    guint n = cluster_sample(j, x, left), m = cluster_sample(j, y, right);
    const Scorer *s = j->scorer;
    Best best = {.pattern = PATTERN_NONE | PATTERN_HALF_SUFFIX};
    double odds = s->prior, kin = 0;
    for (guint a = 0; a < n; a++)
        for (guint b = 0; b < m; b++) {
            guint i = MIN(left[a], right[b]), k = MAX(left[a], right[b]);
            Pattern pattern = pattern_of(j->scorer, i, k);
            if (pattern_conflict(pattern))
                return -60;
            best_take(&best, s, pattern, i, k);
        }
    if (!pattern_confirmed(best.pattern) || pattern_two_lives(best.pattern) ||
        pattern_siblings(best.pattern) || pattern_half_suffix(best.pattern) ||
        pattern_renamed(best.pattern))
        return -60;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(best.pattern, f);
        if (level == LEVEL_MISSING)
            continue;
        double choices = distinct_values(s->people, f, left, n) *
                         (double)distinct_values(s->people, f, right, m);
        odds += best.bits[f] - log2(choices);
        kin += s->kin[f][level] - s->same[f][level] + best.bits[f];
    }
    return odds - kin_loss(s, kin);
}

/* Would a person be on one list twice? */
static gboolean listed_twice(const Joining *j, guint x, guint y)
{
    const People *people = j->scorer->people;
    if (!j->of[x].listed || !j->of[y].listed)
        return FALSE;
    guint a = x;
    do {
        Id list = people_node(people, a)->list;
        guint b = y;
        do {
            if (list && list == people_node(people, b)->list)
                return TRUE;
            b = j->of[b].next;
        } while (b != y);
        a = j->of[a].next;
    } while (a != x);
    return FALSE;
}

/* What no odds may break. */
static gboolean kept_apart(const Joining *j, guint x, guint y)
{
    return decided_apart(j, x, y) || listed_twice(j, x, y);
}

static void take_probability(Joining *j, guint root, double p)
{
    guint at = root;
    do {
        j->out->probability[at] = MIN(j->out->probability[at], p);
        at = j->of[at].next;
    } while (at != root);
}

/* The smaller side hangs on this edge; two lone mentions hang on each other. */
static void join(Joining *j, guint x, guint y, double p)
{
    guint big =
        j->of[x].weight > j->of[y].weight || (j->of[x].weight == j->of[y].weight && x < y) ? x : y;
    guint small = big == x ? y : x, root = MIN(x, y), other = MAX(x, y);
    take_probability(j, small, p);
    if (j->of[big].weight <= 1)
        take_probability(j, big, p);
    guint swap = j->of[x].next;
    j->of[x].next = j->of[y].next;
    j->of[y].next = swap;
    j->of[root].size += j->of[other].size;
    j->of[root].weight += j->of[other].weight;
    j->of[root].decided |= j->of[other].decided;
    j->of[root].listed |= j->of[other].listed;
    j->out->root[other] = root;
}

static int pair_compare(gconstpointer a, gconstpointer b)
{
    const Pair *x = a, *y = b;
    if (x->odds != y->odds)
        return x->odds > y->odds ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static gboolean is_in_order(const GArray *pairs)
{
    for (guint i = 1; i < pairs->len; i++) {
        const Pair *x = &g_array_index(pairs, Pair, i - 1), *y = x + 1;
        if (x->a > y->a || (x->a == y->a && x->b > y->b))
            return FALSE;
    }
    return TRUE;
}

/* A number that is the smaller the greater the odds are. */
static guint64 odds_rank(float odds)
{
    guint32 bits;
    odds += 0.0f; /* there is one zero */
    memcpy(&bits, &odds, sizeof bits);
    return bits >> 31 ? bits : ~bits & G_MAXINT32;
}

/* As pair_compare() has them. */
static void pairs_sort(GArray *pairs)
{
    guint n = pairs->len;
    if (!is_in_order(pairs)) {
        g_array_sort(pairs, pair_compare);
        return;
    }
    g_autofree guint64 *items = g_new(guint64, n + 1), *spare = g_new(guint64, n + 1);
    g_autofree Pair *old = g_memdup2(pairs->data, n * sizeof *old);
    for (guint i = 0; i < n; i++)
        items[i] = odds_rank(old[i].odds) << 32 | i;
    sort_radix(items, spare, n, 32, 64);
    for (guint i = 0; i < n; i++)
        g_array_index(pairs, Pair, i) = old[(guint)items[i]];
}

/* The pairs that may join anything, by falling odds. */
static GArray *pairs_ranked(Scorer *scorer, const GArray *pairs)
{
    GArray *ranked = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0; i < pairs->len; i++)
        if (g_array_index(pairs, Pair, i).odds >= WHOLE_BITS)
            g_array_append_vals(ranked, &g_array_index(pairs, Pair, i), 1);
    rivals_share(scorer, ranked);
    pairs_sort(ranked);
    return ranked;
}

static void join_decisions(Joining *j)
{
    for (guint i = 0; i < j->n_decisions; i++)
        j->of[j->decisions[i].a].decided = j->of[j->decisions[i].b].decided = TRUE;
    for (guint i = 0; i < j->n_decisions; i++) {
        const NodeDecision *d = &j->decisions[i];
        guint x = union_root(j->out->root, d->a), y = union_root(j->out->root, d->b);
        if (!d->same || x == y || decided_apart(j, x, y))
            continue;
        Join edge = {d->a, d->b, SURE_BITS, TRUE, TRUE, FALSE, FALSE};
        join(j, x, y, 1);
        g_array_append_val(j->out->joins, edge);
    }
}

/* Where father and son are met, is hardly more than even odds all that says which of them a mention
 * without a birth date is? It is shown with both. */
static gboolean is_either(const Joining *j, const Pair *pair)
{
    const Scorer *s = j->scorer;
    const Limits *limits = &s->people->model->limits;
    return s->undated < probability_to_bits(limits->namesakes) && pattern_undated(pair->pattern) &&
           (double)pair->odds < probability_to_bits(limits->namesakes_accept);
}

/* Asks for the memory of a pair ahead. */
static void pair_expect(const Joining *j, const GArray *pairs, guint at)
{
    if (at >= pairs->len)
        return;
    const Pair *pair = &g_array_index(pairs, Pair, at);
    const guint nodes[] = {pair->a, pair->b};
    for (guint i = 0; i < G_N_ELEMENTS(nodes); i++) {
        __builtin_prefetch(&j->out->root[nodes[i]]);
        __builtin_prefetch(&j->out->probability[nodes[i]]);
        __builtin_prefetch(&j->of[nodes[i]]);
    }
}

static void join_pairs(Joining *j, GArray *pairs)
{
    const Limits *limits = &j->scorer->people->model->limits;
    double accept = probability_to_bits(limits->accept);
    double review = probability_to_bits(limits->review);
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        pair_expect(j, pairs, i + AHEAD);
        Join edge = {pair->a, pair->b, pair->odds, FALSE, FALSE, FALSE, pair->contested};
        if (edge.odds < review)
            return;
        guint x = union_root(j->out->root, pair->a), y = union_root(j->out->root, pair->b);
        if (x == y)
            continue;
        edge.joined = edge.odds >= accept && !pattern_conflict(pair->pattern) &&
                      !pattern_doubtful(pair->pattern) && !is_either(j, pair) &&
                      !kept_apart(j, x, y) && clusters_agree(j, x, y, pair);
        if (edge.joined)
            join(j, x, y, bits_to_probability(edge.odds));
        g_array_append_val(j->out->joins, edge);
    }
}

/* The second look: pairs that did not join by themselves, by all that their clusters know. */
static void join_wholes(Joining *j, GArray *pairs)
{
    double accept = probability_to_bits(j->scorer->people->model->limits.accept);
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        pair_expect(j, pairs, i + AHEAD);
        guint x = union_root(j->out->root, pair->a), y = union_root(j->out->root, pair->b);
        if (x == y || pair->contested || pattern_doubtful(pair->pattern) || is_either(j, pair) ||
            (j->of[x].size == 1 && j->of[y].size == 1) || kept_apart(j, x, y))
            continue;
        double odds = whole_odds(j, x, y);
        if (odds < accept)
            continue;
        Join edge = {pair->a, pair->b, MIN(odds, SURE_BITS), TRUE, FALSE, TRUE, FALSE};
        join(j, x, y, bits_to_probability(odds));
        g_array_append_val(j->out->joins, edge);
    }
}

/* The third look: who is left over of lists without doubles. */
static void join_left(Joining *j, const GArray *pairs)
{
    double accept = probability_to_bits(j->scorer->people->model->limits.accept);
    g_autoptr(GArray) left = lists_left(j->scorer, pairs, j->out->root);
    for (guint i = 0; left && i < left->len; i++) {
        const Pair *pair = &g_array_index(left, Pair, i);
        guint x = union_root(j->out->root, pair->a), y = union_root(j->out->root, pair->b);
        Join edge = {pair->a, pair->b, pair->odds, TRUE, FALSE, TRUE, FALSE};
        if (pair->odds < accept || x == y || kept_apart(j, x, y))
            continue;
        join(j, x, y, bits_to_probability(edge.odds));
        g_array_append_val(j->out->joins, edge);
    }
}

Clusters *clusters_new(Scorer *scorer, const GArray *pairs, const NodeDecision *decisions, guint n)
{
    guint nodes = scorer->people->nodes->len;
    Clusters *out = g_new0(Clusters, 1);
    Joining j = {.scorer = scorer, .out = out, .decisions = decisions, .n_decisions = n};
    out->n = nodes;
    out->root = g_new(guint, nodes + 1);
    out->probability = g_new(double, nodes + 1);
    out->joins = g_array_new(FALSE, FALSE, sizeof(Join));
    j.of = g_new(Member, nodes + 1);
    memory_large(j.of, nodes * sizeof *j.of);
    for (guint i = 0; i < nodes; i++) {
        out->root[i] = i;
        out->probability[i] = 1;
        j.of[i] = (Member){.next = i,
                           .size = 1,
                           .weight = scorer->people->size[i],
                           .listed = people_node(scorer->people, i)->list != 0};
    }
    g_autoptr(GArray) ranked = pairs_ranked(scorer, pairs);
    join_decisions(&j);
    join_pairs(&j, ranked);
    join_wholes(&j, ranked);
    join_wholes(&j, ranked);
    join_left(&j, pairs);
    for (guint i = 0; i < nodes; i++)
        out->root[i] = union_root(out->root, i);
    g_free(j.of);
    return out;
}

void clusters_free(Clusters *clusters)
{
    if (!clusters)
        return;
    g_free(clusters->root);
    g_free(clusters->probability);
    g_array_unref(clusters->joins);
    g_free(clusters);
}
