/*
 * All that is estimated from the mentions themselves. Values are counted over everybody, by people
 * guessed from keys so sharp that whoever shares one is held to be one person: a man who bought
 * forty guns must not make his own name common. m, the prior and the relatives need the pairs of a
 * sample of mentions alone, drawn by what their references say, so that the order of the
 * input does not change who is drawn, and of the others only how many they are.
 */
#include "engine/resolution/estimate.h"

#include "engine/base/queue.h"
#include "engine/base/sort.h"
#include "engine/base/union.h"
#include "engine/comparison/expect.h"
#include "engine/resolution/nodes.h"
#include "engine/resolution/order.h"
#include "engine/resolution/result.h"

#include <string.h>

#define CROWDED 4 /* times the people who make a value nobody's own: so many ways to write them */

/* What a node says, but for what so many others say that it makes no key sharp. */
static Node node_sharp(const People *p, guint i)
{
    const Limits *limits = &p->model->limits;
    Node node = *people_node(p, i);
    if (p->counts[COUNT_PLACE][node.place] >= CROWDED * limits->shared_place)
        node.place = 0;
    if (p->counts[COUNT_PHONE][node.phone] >= CROWDED * limits->shared_phone)
        node.phone = 0;
    if (p->counts[COUNT_DOCUMENT][node.document] >= CROWDED * limits->shared_document)
        node.document = 0;
    return node;
}

#define KEYED         8192u /* nodes keyed in one job */
#define SHARP_AT_ONCE 2     /* jobs that nodes are guessed in, each by some of the keys */
#define AHEAD         8     /* nodes whose memory is asked for before they are keyed */

/* The sharp keys of all nodes, and who the nodes may be by them. */
typedef struct {
    const People *people;
    guint32 *hashes[SHARP_KEYS]; /* by node; let go of key by key */
    guint *root[SHARP_AT_ONCE];  /* as each job finds it */
} Guessing;

static void sharp_work(Queue *queue, gpointer data)
{
    const Guessing *g = data;
    const People *p = g->people;
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * KEYED; i < MIN((job + 1) * KEYED, p->nodes->len); i++) {
            guint32 hashes[SHARP_KEYS];
            if (i + AHEAD < p->nodes->len)
                values_expect(p, i + AHEAD);
            Node node = node_sharp(p, i);
            key_sharp_hashes(p, &node, hashes);
            for (guint k = 0; k < SHARP_KEYS; k++)
                g->hashes[k][i] = hashes[k];
        }
}

static void guess_work(Queue *queue, gpointer data)
{
    Guessing *g = data;
    guint nodes = g->people->nodes->len;
    g_autofree guint64 *items = g_new(guint64, nodes + 1); /* hash << 32 | node */
    for (guint job; queue_next(queue, &job);) {
        guint *root = g->root[job] = union_new(nodes);
        for (guint k = job; k < SHARP_KEYS; k += SHARP_AT_ONCE) {
            gsize n = sort_numbered(g->hashes[k], nodes, items);
            g_clear_pointer(&g->hashes[k], g_free);
            for (gsize i = 1; i < n; i++)
                if (items[i] >> 32 == items[i - 1] >> 32)
                    union_join(root, (guint)items[i - 1], (guint)items[i]);
        }
    }
}

/* Who the nodes may be, by node; values have been counted. g_free. */
static guint *people_guess(const People *p)
{
    guint n = p->nodes->len;
    Guessing g = {.people = p};
    for (guint k = 0; k < SHARP_KEYS; k++)
        g.hashes[k] = g_new(guint32, n + 1);
    queue_run((n + KEYED - 1) / KEYED, sharp_work, &g);
    queue_run(SHARP_AT_ONCE, guess_work, &g);
    guint *root = g.root[0];
    for (guint job = 1; job < SHARP_AT_ONCE; job++) {
        for (guint i = 0; i < n; i++)
            union_join(root, i, g.root[job][i]);
        g_free(g.root[job]);
    }
    for (guint i = 0; i < n; i++)
        root[i] = union_root(root, i);
    return root;
}

/* Which nodes are drawn: NODE_SEEK; NULL when all are. */
static guint8 *nodes_drawn(const People *p, const PersonInput *input)
{
    guint n = p->nodes->len;
    double share = p->model->limits.sample_mentions / MAX(n, 1);
    if (share >= 1)
        return NULL;
    guint8 *state = g_new0(guint8, n + 1);
    guint32 most = (guint32)(share * G_MAXUINT32);
    for (guint place = 0, i = 0; place < p->n; place++) {
        if (p->node_of[place] != i) /* nodes are numbered as they are met */
            continue;
        const char *ref = person_input_mention(input, p->order[place]).ref;
        if (text_hash(ref, strlen(ref)) <= most)
            state[i] = NODE_SEEK;
        i++;
    }
    return state;
}

/* Compares pairs anew: a value may have turned out to be nobody's own. */
static void compare_again(Scorer *scorer, GArray *pairs)
{
    guint kept = 0;
    for (guint i = 0; i < pairs->len; i++) {
        Pair pair = g_array_index(pairs, Pair, i);
        pair.pattern = pattern_of(scorer, pair.a, pair.b);
        if (pattern_plausible(scorer->people->model, pair.pattern))
            g_array_index(pairs, Pair, kept++) = pair;
    }
    g_array_set_size(pairs, kept);
}

/* Everybody is drawn: the people found with the weights so far take the place of those guessed. */
static void fit_again(Weights *weights, Scorer *scorer, People *people, GArray *pairs)
{
    people_places(people);
    g_autoptr(Clusters) found = clusters_new(scorer, pairs, NULL, 0);
    people_count(people, found->root);
    weights_counted(weights, scorer);
    compare_again(scorer, pairs);
    weights_fit(weights, scorer, pairs, NULL);
}

#define DAYS_OF_YEAR 365.25

/* Are there so many births on 1 January that their day and month are what is written where nobody
 * knew? People have been counted. */
static gboolean is_new_year_habit(const People *p)
{
    const Limits *limits = &p->model->limits;
    double people = limits->new_year_start + p->known[COUNT_DOB];
    double born = limits->new_year * limits->new_year_start;
    int first, last, month, day;
    if (p->dob_low > p->dob_high)
        return FALSE;
    date_to_ymd(p->dob_low, &first, &month, &day);
    date_to_ymd(p->dob_high, &last, &month, &day);
    for (int year = first; year <= last; year++) {
        Day when = date_from_ymd(year, 1, 1);
        if (when > p->dob_low && when <= p->dob_high)
            born += p->counts[COUNT_DOB][when - p->dob_low];
    }
    return born / people > limits->new_year_times / DAYS_OF_YEAR;
}

PersonParameters *parameters_estimated(People *people, const PersonInput *input, Blocks **blocks)
{
    Weights weights = people->model->start;
    LargeBlocks large;
    large_init(&large);
    people_count(people, NULL);
    g_autofree guint *guess = people_guess(people);
    people_count(people, guess);
    people->new_year = is_new_year_habit(people);
    g_autoptr(Scorer) scorer = scorer_new(people, &weights);
    weights_unlike(&weights, scorer);
    g_autofree guint8 *drawn = nodes_drawn(people, input);
    *blocks = drawn ? g_new0(Blocks, 1) : NULL; /* else values are counted anew */
    Proposed proposed = block_propose_first(people, &large, drawn, *blocks);
    g_autoptr(GArray) pairs = pairs_gathered(scorer, &proposed);
    block_clear(&proposed);
    weights_fit(&weights, scorer, pairs, drawn);
    if (!drawn)
        fit_again(&weights, scorer, people, pairs);
    PersonParameters *parameters = parameters_new(people, &weights, &large);
    large_clear(&large);
    return parameters;
}
