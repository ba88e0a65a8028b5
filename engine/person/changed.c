/*
 * What a change can touch: from the nodes of changed mentions outwards over every pair that could
 * join anything, until nothing new is met. Whatever lies beyond shares no pair with it, so that its
 * clusters are what they were. Everything is touched where lists without doubles are, because who
 * is left over of a list is a question about all of it.
 */
#include "engine/person/changed.h"

#include "engine/person/resolve.h"

/* Nodes of changed mentions are sought first; FALSE when there are lists. */
static gboolean start(const People *people, const PersonInput *input, guint8 *state)
{
    g_autofree guint *node = g_new(guint, people->n + 1);
    for (guint place = 0; place < people->n; place++)
        node[people->order[place]] = people->node_of[place];
    for (guint i = 0; i < input->n_dirty; i++)
        state[node[input->dirty[i]]] = NODE_SEEK;
    for (guint i = 0; i < people->nodes->len; i++)
        if (people_node(people, i)->list)
            return FALSE;
    return TRUE;
}

static gboolean seek(guint8 *state, guint node)
{
    gboolean fresh = state[node] == NODE_FAR;
    if (fresh)
        state[node] = NODE_SEEK;
    return fresh;
}

/* Sought nodes are done; whom the pairs and decisions lead to is sought next. Returns how many. */
static guint step(guint8 *state, guint nodes, const GArray *pairs, const NodeDecision *decisions,
                  guint n)
{
    guint fresh = 0;
    for (guint i = 0; i < nodes; i++)
        if (state[i] == NODE_SEEK)
            state[i] = NODE_DONE;
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        fresh += seek(state, pair->a) + seek(state, pair->b);
    }
    for (guint i = 0; i < n; i++) {
        gboolean near = state[decisions[i].a] != NODE_FAR || state[decisions[i].b] != NODE_FAR;
        if (near)
            fresh += seek(state, decisions[i].a) + seek(state, decisions[i].b);
    }
    return fresh;
}

GArray *changed_pairs(Scorer *scorer, const PersonInput *input, const NodeDecision *decisions,
                      guint8 *state, guint64 *compared)
{
    const People *people = scorer->people;
    guint nodes = people->nodes->len;
    if (!start(people, input, state))
        return NULL;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Pair));
    KeyHashes hashes = {{NULL}};
    guint fresh = input->n_dirty;
    while (fresh > 0) {
        Proposed proposed =
            block_propose_near(scorer, WHOLE_BITS, &input->parameters->large, state, &hashes);
        g_autoptr(GArray) pairs = pairs_likely(scorer, &proposed, WHOLE_BITS);
        *compared += proposed.n;
        block_clear(&proposed);
        fresh = step(state, nodes, pairs, decisions, input->n_decisions);
        g_array_append_vals(all, pairs->data, pairs->len);
    }
    for (guint k = 0; k < BLOCK_KEYS; k++)
        g_free(hashes.of_key[k]);
    return all;
}
