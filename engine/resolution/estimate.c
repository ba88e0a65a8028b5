/*
 * All that is estimated from the mentions themselves. Values are counted over everybody, by people
 * guessed from keys so sharp that whoever shares one is held to be one person: a man who bought
 * forty guns must not make his own name common. m, the prior and the relatives need the pairs of a
 * sample of mentions alone, drawn by what their references say, so that the order of the
 * input does not change who is drawn, and of the others only how many they are.
 */
#include "engine/resolution/estimate.h"

#include "engine/base/queue.h"
#include "engine/base/union.h"
#include "engine/comparison/expect.h"
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
#define SHARP_AT_ONCE 2     /* keys by which nodes are put in order, each by a thread */
G_STATIC_ASSERT(SHARP_KEYS % SHARP_AT_ONCE == 0);
#define AHEAD 8 /* nodes whose memory is asked for before they are keyed */

/* The sharp keys of all nodes in the making. */
typedef struct {
    const People *people;
    guint32 *hashes; /* SHARP_KEYS of each */
} Sharp;

static void sharp_work(Queue *queue, gpointer data)
{
    const Sharp *sharp = data;
    const People *p = sharp->people;
    for (guint job; queue_next(queue, &job);)
        for (guint i = job * KEYED; i < MIN((job + 1) * KEYED, p->nodes->len); i++) {
            if (i + AHEAD < p->nodes->len)
                values_expect(p, i + AHEAD);
            Node node = node_sharp(p, i);
            key_sharp_hashes(p, &node, &sharp->hashes[(gsize)i * SHARP_KEYS]);
        }
}

/* Nodes in the order of their sharp keys, some of the keys at a time. */
typedef struct {
    const Sharp *sharp;
    guint from;                    /* the first key now */
    guint64 *items[SHARP_AT_ONCE]; /* hash << 32 | node */
    guint n[SHARP_AT_ONCE];
} Guessing;

static void guess_work(Queue *queue, gpointer data)
{
    Guessing *g = data;
    guint nodes = g->sharp->people->nodes->len;
    g_autofree guint64 *spare = g_new(guint64, nodes + 1);
    for (guint job; queue_next(queue, &job);) {
        guint64 *items = g->items[job];
        guint n = 0;
        for (guint i = 0; i < nodes; i++) {
            guint32 hash = g->sharp->hashes[(gsize)i * SHARP_KEYS + g->from + job];
            if (hash)
                items[n++] = (guint64)hash << 32 | i;
        }
        sort_radix(items, spare, n, 32, 64);
        g->n[job] = n;
    }
}

/* Who the nodes may be, by node; values have been counted. g_free. */
static guint *people_guess(const People *p)
{
    guint n = p->nodes->len;
    guint *root = union_new(n);
    g_autofree guint32 *hashes = g_new(guint32, (gsize)n * SHARP_KEYS + 1);
    Sharp sharp = {p, hashes};
    Guessing g = {.sharp = &sharp};
    queue_run((n + KEYED - 1) / KEYED, sharp_work, &sharp);
    for (guint i = 0; i < SHARP_AT_ONCE; i++)
        g.items[i] = g_new(guint64, n + 1);
    for (; g.from < SHARP_KEYS; g.from += SHARP_AT_ONCE) {
        queue_run(SHARP_AT_ONCE, guess_work, &g);
        for (guint k = 0; k < SHARP_AT_ONCE; k++)
            for (guint i = 1; i < g.n[k]; i++)
                if (g.items[k][i] >> 32 == g.items[k][i - 1] >> 32)
                    union_join(root, (guint)g.items[k][i - 1], (guint)g.items[k][i]);
    }
    for (guint i = 0; i < SHARP_AT_ONCE; i++)
        g_free(g.items[i]);
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
    for (guint i = 0; i < n; i++) {
        const char *ref = person_input_mention(input, p->order[p->first[i]]).ref;
        if (text_hash(ref, strlen(ref)) <= most)
            state[i] = NODE_SEEK;
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
