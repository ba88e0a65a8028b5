/*
 * What a change can touch: from the nodes of changed mentions outwards over every pair that could
 * join anything, until nothing new is met. Whatever lies beyond shares no pair with it, so that its
 * clusters are what they were. A mention that is another now or gone is sought as it was: whoever
 * it could touch may be found otherwise without it. Everything is touched where lists without
 * doubles are, because who is left over of a list is a question about all of it.
 */
#include "engine/resolution/changed.h"

#include "engine/comparison/documents.h"
#include "engine/resolution/nodes.h"
#include "engine/resolution/result.h"

static gboolean any_listed(const GArray *nodes)
{
    for (guint i = 0; i < nodes->len; i++)
        if (g_array_index(nodes, Node, i).list)
            return TRUE;
    return FALSE;
}

/* Nodes of changed mentions are sought first, and those that former ones were on. */
static void start(const People *people, const PersonInput *input, guint8 *state)
{
    g_autofree guint *node = g_new(guint, people->n + 1);
    for (guint place = 0; place < people->n; place++)
        node[people->order[place]] = people->node_of[place];
    for (guint i = 0; i < input->n_dirty; i++)
        state[node[input->dirty[i]]] = NODE_SEEK;
    people_mark_former(people, state, NODE_SEEK);
}

/* Former mentions stand behind all nodes while they are sought. */
static void former_add(People *people, guint8 *state)
{
    for (guint i = 0; i < people->former->len; i++) {
        guint node = people->nodes->len;
        g_array_append_vals(people->nodes, &g_array_index(people->former, Node, i), 1);
        state[node] = NODE_SEEK;
        if (people->index)
            g_array_append_val(people->fresh, node);
        if (node_is_bearer(people_node(people, node)))
            g_array_append_val(people->bearers, node);
    }
}

/* They are gone, and with them their pairs. */
static void former_drop(People *people, guint nodes, GArray *pairs)
{
    guint kept = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        if (pair->b < nodes)
            g_array_index(pairs, Pair, kept++) = *pair;
    }
    g_array_set_size(pairs, kept);
    g_array_set_size(people->nodes, nodes);
    guint bearers = people->bearers->len;
    while (bearers > 0 && g_array_index(people->bearers, guint, bearers - 1) >= nodes)
        bearers--;
    g_array_set_size(people->bearers, bearers);
    if (people->index)
        g_array_set_size(people->fresh, people->fresh->len - people->former->len);
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
    People *people = (People *)scorer->people; /* which stands as it was in the end */
    guint nodes = people->nodes->len, fresh = 1;
    if (any_listed(people->nodes) || any_listed(people->former))
        return NULL;
    start(people, input, state);
    former_add(people, state);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Pair));
    g_autoptr(Seeker) seeker = seeker_new(people);
    while (fresh > 0) {
        Proposed proposed =
            block_propose_near(scorer, WHOLE_BITS, &input->parameters->large, state, seeker);
        g_autoptr(GArray) pairs = pairs_likely(scorer, &proposed, WHOLE_BITS, compared);
        block_clear(&proposed);
        fresh = step(state, people->nodes->len, pairs, decisions, input->n_decisions);
        g_array_append_vals(all, pairs->data, pairs->len);
    }
    former_drop(people, nodes, all);
    return all;
}
