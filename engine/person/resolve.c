/*
 * person_resolve: the stages in order, and their result turned back from nodes to mentions.
 * Prepare, count, propose, compare, estimate, join; then the same once more with values counted
 * by the people found, because a man who bought forty guns must not make his own name common.
 */
#include "engine/person/block.h"
#include "engine/person/cluster.h"
#include "engine/person/queue.h"

#include <math.h>
#include <string.h>

#define PLAUSIBLE -12 /* posterior odds in bits below which a pair is not even kept */

#define CHUNK 8192 /* proposed pairs in one job */

typedef struct {
    const Scorer *scorer;
    const Proposed *proposed;
    GArray **kept; /* of Pair, by job */
} Gather;

/* Compares one job's pairs and keeps what may be one person. */
static GArray *gather_pairs(Scorer *s, const Proposed *proposed, guint job)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Pair));
    gsize to = MIN((gsize)(job + 1) * CHUNK, proposed->n);
    for (gsize i = (gsize)job * CHUNK; i < to; i++) {
        guint a = (guint)(proposed->pairs[i] >> 32), b = (guint)proposed->pairs[i];
        Pattern pattern = pattern_of(s, a, b);
        double same = pattern_same(s, pattern);
        double kin, chance = pattern_chance(s, pattern, a, b, &kin);
        Pair pair = {a, b, pattern, (float)chance, (float)kin, 0};
        if (s->prior + same - chance >= PLAUSIBLE)
            g_array_append_val(kept, pair);
    }
    return kept;
}

static void gather_work(Queue *queue, gpointer data)
{
    Gather *g = data;
    g_autoptr(Scorer) own = scorer_copy(g->scorer);
    guint job;
    while (queue_next(queue, &job))
        g->kept[job] = gather_pairs(own, g->proposed, job);
}

/* All proposed pairs that are plausible, in order. */
static GArray *gather(const Scorer *scorer)
{
    Proposed proposed = block_propose(scorer->people);
    guint jobs = (guint)((proposed.n + CHUNK - 1) / CHUNK);
    g_autofree GArray **kept = g_new0(GArray *, jobs + 1);
    Gather g = {scorer, &proposed, kept};
    queue_run(jobs, gather_work, &g);
    block_clear(&proposed);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0; i < jobs; i++) {
        g_array_append_vals(all, kept[i]->data, kept[i]->len);
        g_array_unref(kept[i]);
    }
    return all;
}

/* The second look: counts by person, u and the pairs' chances anew. */
static void refine(People *people, Scorer *scorer, Weights *weights, GArray *pairs)
{
    g_autoptr(Clusters) first = clusters_new(scorer, pairs, NULL, 0);
    people_count(people, first->root);
    weights_counted(weights, scorer);
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        double kin;
        pair->chance = (float)pattern_chance(scorer, pair->pattern, pair->a, pair->b, &kin);
        pair->kin = (float)kin;
    }
    weights_fit(weights, scorer, pairs);
}

static void add_rarity(Evidence *e, const Scorer *s, Field field, guint level, guint a, guint b)
{
    double bits = rarity_bits(s, field, level, a, b);
    if (fabs(bits) >= 0.05)
        evidence_add(e, person_field_name(field), person_field_name(field),
                     bits > 0 ? "rare" : "common", NULL, NULL, bits);
}

/* What was compared, as recorded. */
static const char *field_text(const PersonMention *m, Field field, char buffer[DAY_TEXT])
{
    switch (field) {
    case FIELD_SURNAME:
    case FIELD_ORGANISATION:
        return m->last;
    case FIELD_GIVEN:
        return m->first;
    case FIELD_MIDDLE:
        return m->middle;
    case FIELD_SUFFIX:
        return m->suffix;
    case FIELD_DOB:
        return m->dob == DAY_NONE ? NULL : date_text(m->dob, buffer);
    case FIELD_ADDRESS:
        return m->street ? m->street : m->city;
    case FIELD_PHONE:
        return m->phone;
    default:
        return m->doc_no;
    }
}

/* Every term of a pair's odds; they add up to it. */
static Evidence *pair_evidence(const Scorer *s, Pattern pattern, const guint node[2],
                               const PersonMention *const m[2], double odds, gboolean whole)
{
    Evidence *e = evidence_new();
    char left[DAY_TEXT], right[DAY_TEXT];
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        if (level == LEVEL_MISSING)
            continue;
        evidence_add(e, person_field_name(f), person_field_name(f), level_name(f, level),
                     field_text(m[0], f, left), field_text(m[1], f, right),
                     s->same[f][level] - s->unlike[f][level]);
        add_rarity(e, s, f, level, node[0], node[1]);
    }
    double kin = kin_bits(s, pattern, node[0], node[1]);
    if (kin <= -0.05)
        evidence_add(e, "relatives", "relatives", "possible", NULL, NULL, kin);
    evidence_add(e, "prior", "prior", "people", NULL, NULL, s->prior);
    double over = evidence_bits(e) - odds;
    if (fabs(over) >= 0.05)
        evidence_add(e, "limit", "limit",
                     whole                        ? "other mentions"
                     : pattern_two_lives(pattern) ? "two lives"
                     : pattern_confirmed(pattern) ? "range"
                                                  : "names alone",
                     NULL, NULL, -over);
    return e;
}

typedef struct {
    const PersonMention *mentions;
    const People *people;
    Scorer *scorer;
    PersonResult *result;
} Output;

/* One edge between two places of the order. */
static void add_edge(Output *o, guint x, guint y, const Join *join)
{
    guint place[2] = {MIN(x, y), MAX(x, y)};
    guint node[2] = {o->people->node_of[place[0]], o->people->node_of[place[1]]};
    const PersonMention *m[2];
    const char *why = join->a == join->b ? "group" : "decision";
    PersonEdge edge = {.bits = join->odds,
                       .probability = join->decided ? 1 : bits_to_probability(join->odds)};
    for (guint i = 0; i < 2; i++)
        m[i] = &o->mentions[o->people->order[place[i]]];
    edge.left = o->people->order[place[0]];
    edge.right = o->people->order[place[1]];
    if (join->decided) {
        edge.evidence = evidence_new();
        evidence_add(edge.evidence, why, why, "same", NULL, NULL, join->odds);
    } else {
        Pattern pattern = pattern_of(o->scorer, MIN(node[0], node[1]), MAX(node[0], node[1]));
        edge.evidence = pair_evidence(o->scorer, pattern, node, m, join->odds, join->whole);
    }
    g_array_append_val(o->result->edges, edge);
}

static gboolean same_group(const PersonMention *a, const PersonMention *b)
{
    return a->group && b->group && strcmp(a->group, b->group) == 0;
}

/* Mentions of one node: each is held against the first one. Cells that tell too little leave the
 * mention alone, unless it comes from the same seizure. */
static void add_node(Output *o, guint node, const Clusters *clusters)
{
    const People *p = o->people;
    guint first = p->first[node], root = p->first[clusters->root[node]];
    double odds = 0;
    for (guint place = first; place != G_MAXUINT; place = p->next[place]) {
        const PersonMention *m = &o->mentions[p->order[place]];
        guint i = p->order[place];
        Join join = {node, node, 0, TRUE, FALSE, FALSE};
        o->result->entity[i] = p->order[root];
        o->result->probability[i] = clusters->probability[node];
        if (place == first)
            continue;
        if (odds == 0)
            odds = pair_odds(o->scorer, pattern_of(o->scorer, node, node), node, node);
        join.decided = same_group(m, &o->mentions[p->order[first]]);
        join.odds = join.decided ? SURE_BITS : odds;
        double q = join.decided ? 1 : bits_to_probability(odds);
        if (q < p->model->limits.accept) {
            o->result->entity[i] = i;
            o->result->probability[i] = 1;
            continue;
        }
        o->result->probability[i] = MIN(o->result->probability[i], q);
        guint head = p->order[first];
        if (p->size[node] == 2)
            o->result->probability[head] = MIN(o->result->probability[head], q);
        add_edge(o, first, place, &join);
    }
}

static int edge_compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const guint *rank = data;
    const PersonEdge *x = a, *y = b;
    if (x->left != y->left)
        return rank[x->left] < rank[y->left] ? -1 : 1;
    return (rank[x->right] > rank[y->right]) - (rank[x->right] < rank[y->right]);
}

static void write_result(Output *o, const Clusters *clusters)
{
    const People *p = o->people;
    g_autofree guint *rank = g_new(guint, p->n + 1);
    for (guint node = 0; node < p->nodes->len; node++)
        add_node(o, node, clusters);
    for (guint i = 0; i < clusters->joins->len; i++) {
        const Join *join = &g_array_index(clusters->joins, Join, i);
        add_edge(o, p->first[join->a], p->first[join->b], join);
    }
    for (guint place = 0; place < p->n; place++)
        rank[p->order[place]] = place;
    g_array_sort_with_data(o->result->edges, edge_compare, rank);
}

/* Decisions by node; the mentions that they name have nodes of their own. */
static NodeDecision *node_decisions(const People *p, const PersonDecision *decisions, guint n)
{
    NodeDecision *out = g_new(NodeDecision, n + 1);
    g_autofree guint *node = g_new(guint, p->n + 1);
    for (guint place = 0; place < p->n; place++)
        node[p->order[place]] = p->node_of[place];
    for (guint i = 0; i < n; i++)
        out[i] =
            (NodeDecision){node[decisions[i].left], node[decisions[i].right], decisions[i].same};
    return out;
}

PersonResult *person_resolve(const PersonModel *model, const PersonMention *mentions, guint n,
                             const PersonDecision *decisions, guint n_decisions)
{
    g_autofree gboolean *pinned = g_new0(gboolean, n + 1);
    for (guint i = 0; i < n_decisions; i++)
        pinned[decisions[i].left] = pinned[decisions[i].right] = TRUE;
    g_autoptr(People) people = people_new(model, mentions, n, pinned);
    Weights weights = model->start;
    people_count(people, NULL);
    g_autoptr(Scorer) scorer = scorer_new(people, &weights);
    weights_unlike(&weights, scorer);
    g_autoptr(GArray) pairs = gather(scorer);
    weights_fit(&weights, scorer, pairs);
    refine(people, scorer, &weights, pairs);
    g_autofree NodeDecision *by_node = node_decisions(people, decisions, n_decisions);
    g_autoptr(Clusters) clusters = clusters_new(scorer, pairs, by_node, n_decisions);
    PersonResult *result = g_new0(PersonResult, 1);
    result->n = n;
    result->entity = g_new0(guint, n + 1);
    result->probability = g_new0(double, n + 1);
    result->edges = g_array_new(FALSE, FALSE, sizeof(PersonEdge));
    Output output = {mentions, people, scorer, result};
    write_result(&output, clusters);
    return result;
}

void person_result_free(PersonResult *result)
{
    if (!result)
        return;
    for (guint i = 0; i < result->edges->len; i++)
        evidence_free(g_array_index(result->edges, PersonEdge, i).evidence);
    g_array_unref(result->edges);
    g_free(result->entity);
    g_free(result->probability);
    g_free(result);
}
