/*
 * person_resolve: the stages in order, and their result turned back from nodes to mentions.
 * Prepare, estimate (where no parameters are given), propose, compare, join.
 */
#include "engine/resolution/result.h"

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/blocking/near.h"
#include "engine/comparison/expect.h"
#include "engine/resolution/changed.h"
#include "engine/resolution/estimate.h"
#include "engine/resolution/explain.h"
#include "engine/resolution/kept_people.h"
#include "engine/resolution/nodes.h"

#include <math.h>
#include <string.h>

#define CHUNK 8192 /* proposed pairs in one job */
#define AHEAD 8    /* pairs whose memory is asked for before they are compared */

typedef struct {
    const Scorer *scorer;
    const Proposed *proposed;
    double least;    /* odds of a pair that is kept; NAN: any, and they are not set */
    GArray **kept;   /* of Pair, by job */
    guint *compared; /* how many were, by job */
} Gather;

/* Asks for the memory of the pairs ahead: their nodes lie apart, the second ones anywhere. */
static void pairs_expect(const People *people, const guint64 *pairs, gsize at, gsize to)
{
    if (at + 2 * AHEAD < to) {
        node_expect(people, (guint)(pairs[at + 2 * AHEAD] >> 32));
        node_expect(people, (guint)pairs[at + 2 * AHEAD]);
    }
    if (at + AHEAD < to) {
        values_expect(people, (guint)(pairs[at + AHEAD] >> 32));
        values_expect(people, (guint)pairs[at + AHEAD]);
    }
}

/* Compares one job's pairs and keeps what may be one person. */
static GArray *gather_pairs(const Gather *g, Scorer *s, guint job)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Pair));
    const guint64 *pairs = g->proposed->pairs;
    gsize to = MIN((gsize)(job + 1) * CHUNK, g->proposed->n);
    for (gsize i = (gsize)job * CHUNK; i < to; i++) {
        Pair pair = {(guint)(pairs[i] >> 32), (guint)pairs[i], 0, 0, FALSE};
        pairs_expect(s->people, pairs, i, to);
        if (!pair_near(s->people, people_node(s->people, pair.a), people_node(s->people, pair.b)))
            continue;
        g->compared[job]++;
        pair.pattern = pattern_of(s, pair.a, pair.b);
        if (!pattern_plausible(s->people->model, pair.pattern))
            continue;
        if (!isnan(g->least))
            pair.odds = (float)node_odds(s, pair.pattern, pair.a, pair.b);
        if (!(pair.odds < g->least))
            g_array_append_val(kept, pair);
    }
    return kept;
}

static void gather_work(Queue *queue, gpointer data)
{
    const Gather *g = data;
    g_autoptr(Scorer) own = scorer_copy(g->scorer);
    guint job;
    while (queue_next(queue, &job))
        g->kept[job] = gather_pairs(g, own, job);
}

static GArray *gather(const Scorer *scorer, Proposed *proposed, double least, guint64 *compared)
{
    guint jobs = (guint)((proposed->n + CHUNK - 1) / CHUNK), sum = 0;
    g_autofree GArray **kept = g_new0(GArray *, jobs + 1);
    g_autofree guint *near = g_new0(guint, jobs + 1);
    Gather g = {scorer, proposed, least, kept, near};
    queue_run(jobs, gather_work, &g);
    g_clear_pointer(&proposed->pairs, g_free);
    for (guint i = 0; i < jobs; i++) {
        sum += kept[i]->len;
        *compared += near[i];
    }
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(Pair), sum + 1);
    for (guint i = 0; i < jobs; i++) {
        g_array_append_vals(all, kept[i]->data, kept[i]->len);
        g_array_unref(kept[i]);
    }
    return all;
}

GArray *pairs_gathered(const Scorer *scorer, Proposed *proposed)
{
    guint64 compared = 0;
    return gather(scorer, proposed, NAN, &compared);
}

GArray *pairs_likely(const Scorer *scorer, Proposed *proposed, double least, guint64 *compared)
{
    return gather(scorer, proposed, least, compared);
}

typedef struct {
    const PersonInput *input;
    const People *people;
    Scorer *scorer;
    PersonResult *result;
    const guint8 *state; /* of NodeState: which nodes are resolved; NULL: all */
    GArray *told;        /* of Told */
    guint *next;         /* by place the next one of the same node, or G_MAXUINT */
} Output;

#define TOLD 4096u /* edges told in one job */

typedef struct {
    PersonResult *result;
    const Scorer *scorer;
    const Told *told;
    guint n;
} Telling;

static PersonEdge edge_of(const People *people, const Told *told, guint note, guint node[2])
{
    guint place[2] = {MIN(told->x, told->y), MAX(told->x, told->y)};
    node[0] = people->node_of[place[0]];
    node[1] = people->node_of[place[1]];
    return (PersonEdge){.left = people->order[place[0]],
                        .right = people->order[place[1]],
                        .bits = told->join.odds,
                        .probability =
                            told->join.decided ? 1 : bits_to_probability(told->join.odds),
                        .note = note};
}

static void edges_work(Queue *queue, gpointer data)
{
    const Telling *t = data;
    g_autoptr(Scorer) own = scorer_copy(t->scorer);
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * TOLD; i < MIN((job + 1) * TOLD, t->n); i++) {
            guint node[2];
            g_array_index(t->result->edges, PersonEdge, i) =
                edge_of(own->people, &t->told[i], i, node);
            g_array_index(t->result->notes->notes, Note, i) = note_of(own, &t->told[i].join, node);
        }
}

void result_edges(PersonResult *result, const Scorer *scorer, const Told *told, guint n)
{
    Telling telling = {result, scorer, told, n};
    g_array_set_size(result->edges, n);
    g_array_set_size(result->notes->notes, n);
    queue_run((n + TOLD - 1) / TOLD, edges_work, &telling);
}

static gboolean same_group(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* Mentions of one node: each is held against the first one. Cells that tell too little leave the
 * mention alone, unless it comes from the same seizure. */
static void add_node(Output *o, guint node, const Clusters *clusters)
{
    const People *p = o->people;
    guint first = p->first[node], root = p->first[clusters->root[node]];
    const char *group =
        p->size[node] > 1 ? person_input_mention(o->input, p->order[first]).group : NULL;
    double odds = 0;
    for (guint place = first; place != G_MAXUINT; place = o->next[place]) {
        guint i = p->order[place];
        Join join = {node, node, 0, TRUE, FALSE, FALSE, FALSE};
        o->result->resolved[i] = TRUE;
        o->result->entity[i] = p->order[root];
        o->result->probability[i] = clusters->probability[node];
        if (place == first)
            continue;
        if (odds == 0)
            odds = node_odds(o->scorer, pattern_of(o->scorer, node, node), node, node);
        join.decided = same_group(group, person_input_mention(o->input, p->order[place]).group);
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
        Told told = {first, place, join};
        g_array_append_val(o->told, told);
    }
}

#define NODES_TOLD 32768u /* nodes whose mentions are told in one job */

typedef struct {
    const Output *output;
    const Clusters *clusters;
    GArray **told; /* of Told, by job */
} NodesTelling;

static void nodes_work(Queue *queue, gpointer data)
{
    const NodesTelling *t = data;
    Output own = *t->output;
    g_autoptr(Scorer) scorer = scorer_copy(own.scorer);
    guint nodes = own.people->nodes->len;
    own.scorer = scorer;
    for (guint job; queue_next(queue, &job);) {
        own.told = t->told[job] = g_array_new(FALSE, FALSE, sizeof(Told));
        for (guint node = job * NODES_TOLD; node < MIN((job + 1) * NODES_TOLD, nodes); node++)
            if (!own.state || own.state[node] == NODE_DONE)
                add_node(&own, node, t->clusters);
    }
}

static void add_nodes(const Output *o, const Clusters *clusters)
{
    guint jobs = (o->people->nodes->len + NODES_TOLD - 1) / NODES_TOLD;
    g_autofree GArray **told = g_new0(GArray *, jobs + 1);
    NodesTelling telling = {o, clusters, told};
    queue_run(jobs, nodes_work, &telling);
    for (guint i = 0; i < jobs; i++) {
        g_array_append_vals(o->told, told[i]->data, told[i]->len);
        g_array_unref(told[i]);
    }
}

/* Puts edges in the order of their mentions, stably. rank: of each mention, by reference. */
static void edges_order(GArray *edges, const guint *rank)
{
    guint n = edges->len;
    g_autofree guint64 *items = g_new(guint64, n + 1), *spare = g_new(guint64, n + 1);
    g_autofree PersonEdge *old = g_memdup2(edges->data, n * sizeof *old);
    for (guint i = 0; i < n; i++)
        items[i] = (guint64)rank[old[i].right] << 32 | i;
    sort_radix(items, spare, n, 32, 64);
    for (guint i = 0; i < n; i++)
        items[i] = (guint64)rank[old[(guint)items[i]].left] << 32 | (guint)items[i];
    sort_radix(items, spare, n, 32, 64);
    for (guint i = 0; i < n; i++)
        g_array_index(edges, PersonEdge, i) = old[(guint)items[i]];
}

/* A pair that the first look left for review and a later one joined has two joins, one after the
 * other: it is told as it was joined. Takes edges in order; the sort is stable. */
static void edges_once(GArray *edges)
{
    guint n = 0;
    for (guint i = 0; i < edges->len; i++) {
        const PersonEdge *edge = &g_array_index(edges, PersonEdge, i);
        const PersonEdge *last = n > 0 ? &g_array_index(edges, PersonEdge, n - 1) : NULL;
        if (!last || last->left != edge->left || last->right != edge->right)
            n++;
        g_array_index(edges, PersonEdge, n - 1) = *edge;
    }
    g_array_set_size(edges, n);
}

/* By place the next one of the same node; g_free. */
static guint *places_chained(const People *p)
{
    guint *next = g_new(guint, p->n + 1);
    g_autofree guint *head = g_new(guint, p->nodes->len + 1);
    memset(head, 0xff, p->nodes->len * sizeof *head);
    for (guint place = p->n; place-- > 0;) {
        next[place] = head[p->node_of[place]];
        head[p->node_of[place]] = place;
    }
    return next;
}

static void write_result(Output *o, const Clusters *clusters)
{
    const People *p = o->people;
    g_autofree guint *rank = g_new(guint, p->n + 1), *next = places_chained(p);
    o->next = next;
    add_nodes(o, clusters);
    for (guint i = 0; i < clusters->joins->len; i++) {
        const Join *join = &g_array_index(clusters->joins, Join, i);
        Told told = {p->first[join->a], p->first[join->b], *join};
        g_array_append_val(o->told, told);
    }
    result_edges(o->result, o->scorer, (const Told *)(gconstpointer)o->told->data, o->told->len);
    for (guint place = 0; place < p->n; place++)
        rank[p->order[place]] = place;
    edges_order(o->result->edges, rank);
    edges_once(o->result->edges);
}

/* Decisions by node; the mentions that they name have nodes of their own. */
static NodeDecision *node_decisions(const People *p, const PersonDecision *decisions, guint n)
{
    NodeDecision *out = g_new0(NodeDecision, n + 1);
    g_autofree guint *node = g_new(guint, p->n + 1);
    for (guint place = 0; place < p->n; place++)
        node[p->order[place]] = p->node_of[place];
    for (guint i = 0; i < n; i++)
        out[i] =
            (NodeDecision){node[decisions[i].left], node[decisions[i].right], decisions[i].same};
    return out;
}

PersonResult *result_new(const PersonInput *input, const Scorer *scorer)
{
    PersonResult *result = g_new0(PersonResult, 1);
    result->n = input->n;
    result->entity = g_new0(guint, input->n + 1);
    result->probability = g_new0(double, input->n + 1);
    result->resolved = g_new0(gboolean, input->n + 1);
    result->edges = g_array_new(FALSE, FALSE, sizeof(PersonEdge));
    result->notes = notes_new(input, scorer);
    return result;
}

/* What a run works with. */
typedef struct {
    People *people; /* borrowed */
    Scorer *scorer;
    GArray *pairs; /* of Pair */
    NodeDecision *decisions;
    guint n_decisions;
    guint8 *state; /* of NodeState for each node, or NULL */
    guint64 compared;
    Proposed proposed;
} Work;

static void work_clear(Work *work)
{
    g_clear_pointer(&work->pairs, g_array_unref);
    g_clear_pointer(&work->scorer, scorer_free);
    g_free(work->decisions);
    g_free(work->state);
    block_clear(&work->proposed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Pairs among what the changed mentions can touch, and the decisions about them; FALSE: all is to
 * be resolved. */
static gboolean take_changed(Work *w, const PersonInput *input)
{
    guint kept = 0;
    if (!input->dirty)
        return FALSE;
    w->state = g_new0(guint8, (gsize)w->people->nodes->len + w->people->former->len + 1);
    w->pairs = changed_pairs(w->scorer, input, w->decisions, w->state, &w->compared);
    if (!w->pairs) {
        g_clear_pointer(&w->state, g_free);
        return FALSE;
    }
    for (guint i = 0; i < w->n_decisions; i++)
        if (w->state[w->decisions[i].a] == NODE_DONE)
            w->decisions[kept++] = w->decisions[i];
    w->n_decisions = kept;
    return TRUE;
}

/* Odds from which a pair counts: any where there are lists, of which those left over are weighed by
 * odds of their own. */
static double least_odds(const People *p)
{
    for (guint i = 0; i < p->nodes->len; i++)
        if (people_node(p, i)->list)
            return -HUGE_VAL;
    return WHOLE_BITS;
}

struct PersonRoll {
    PersonInput input;
    People *people;
    Blocks *blocks; /* that were found while estimating, or NULL */
};

PersonRoll *person_roll_new(const PersonModel *model, const PersonInput *input)
{
    PersonRoll *roll = g_new0(PersonRoll, 1);
    roll->input = *input;
    roll->people = people_new(model, input);
    return roll;
}

void person_roll_free(PersonRoll *roll)
{
    if (!roll)
        return;
    people_free(roll->people);
    blocks_free(roll->blocks);
    g_free(roll);
}

gboolean person_roll_keep(const PersonRoll *roll, const PersonParameters *parameters,
                          SumsWriter *to, GError **error)
{
    g_autofree gboolean *pinned = people_pinned(&roll->input);
    return kept_write(roll->people, pinned, parameters, to, error);
}

PersonParameters *person_roll_estimate(PersonRoll *roll)
{
    g_clear_pointer(&roll->blocks, blocks_free);
    return parameters_estimated(roll->people, &roll->input, &roll->blocks);
}

PersonResult *person_roll_resolve(PersonRoll *roll, const PersonParameters *parameters)
{
    PersonInput input = roll->input;
    input.parameters = parameters;
    g_auto(Work) w = {.people = roll->people, .n_decisions = input.n_decisions};
    w.scorer = scorer_new(w.people, &parameters->weights);
    w.decisions = node_decisions(w.people, input.decisions, input.n_decisions);
    if (!take_changed(&w, &input)) {
        memory_trim();
        double least = least_odds(w.people);
        w.proposed = block_propose(w.scorer, least, &parameters->large, roll->blocks);
        g_clear_pointer(&roll->blocks, blocks_free);
        w.pairs = pairs_likely(w.scorer, &w.proposed, least, &w.compared);
    }
    people_places(w.people);
    g_autoptr(Clusters) clusters = clusters_new(w.scorer, w.pairs, w.decisions, w.n_decisions);
    g_clear_pointer(&w.pairs, g_array_unref); /* a million of them take a tenth of all memory */
    PersonResult *result = result_new(&input, w.scorer);
    result->compared = w.compared;
    result->skipped = w.proposed.skipped ? g_steal_pointer(&w.proposed.skipped)
                                         : g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(Told));
    Output output = {&input, w.people, w.scorer, result, w.state, told, NULL};
    write_result(&output, clusters);
    return result;
}

PersonResult *person_resolve(const PersonModel *model, const PersonInput *input)
{
    g_autoptr(PersonRoll) roll = person_roll_new(model, input);
    g_autoptr(PersonParameters) own = input->parameters ? NULL : person_roll_estimate(roll);
    return person_roll_resolve(roll, own ? own : input->parameters);
}

PersonParameters *person_parameters_estimate(const PersonModel *model,
                                             const PersonMention *mentions, guint n)
{
    PersonInput input = {.mentions = mentions, .n = n};
    g_autoptr(PersonRoll) roll = person_roll_new(model, &input);
    return person_roll_estimate(roll);
}

void person_result_free(PersonResult *result)
{
    if (!result)
        return;
    g_array_unref(result->edges);
    notes_free(result->notes);
    g_free(result->entity);
    g_free(result->probability);
    g_free(result->resolved);
    g_clear_pointer(&result->skipped, g_ptr_array_unref);
    g_free(result);
}
