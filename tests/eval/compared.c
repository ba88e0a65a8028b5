/*
 * True pairs of mentions of people that the engine compares: its own nodes and blocking, counted
 * against who is who. Apart from blocking.c because the store and the matcher both have fields.
 */
#include "engine/blocking/block.h"
#include "engine/blocking/near.h"
#include "engine/resolution/nodes.h"
#include "tests/eval/compared.h"

/* Mentions by node and by true person: node << 32 | person -> how many. */
typedef struct {
    GHashTable *counts; /* of gint64 -> guint */
    GPtrArray *persons; /* for each node an array of guint: true persons, or NULL */
} Share;

static guint64 mentions_of(const Share *share, guint node, guint person)
{
    gint64 key = (gint64)node << 32 | person;
    return GPOINTER_TO_UINT(g_hash_table_lookup(share->counts, &key));
}

static void share_add(Share *share, guint node, guint person)
{
    guint64 before = mentions_of(share, node, person);
    gint64 key = (gint64)node << 32 | person;
    if (before == 0) {
        GArray **persons = (GArray **)&share->persons->pdata[node];
        *persons = *persons ? *persons : g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_val(*persons, person);
    }
    g_hash_table_insert(share->counts, g_memdup2(&key, sizeof key),
                        GUINT_TO_POINTER((guint)before + 1));
}

static guint64 pairs_of(guint64 n)
{
    return n * (n - 1) / 2;
}

/* True pairs among the mentions of two nodes, or of one. */
static guint64 pairs_between(const Share *share, guint a, guint b)
{
    const GArray *persons = share->persons->pdata[a];
    guint64 sum = 0;
    for (guint i = 0; persons && i < persons->len; i++) {
        guint person = g_array_index(persons, guint, i);
        guint64 n = mentions_of(share, a, person);
        sum += a == b ? pairs_of(n) : n * mentions_of(share, b, person);
    }
    return sum;
}

static void persons_free(gpointer persons)
{
    if (persons)
        g_array_unref(persons);
}

/* Fills share from the nodes; returns how many true pairs there are. */
static guint64 share_fill(Share *share, const People *people, const guint *person_of)
{
    g_autoptr(GHashTable) sizes = g_hash_table_new(NULL, NULL);
    guint64 all = 0;
    g_ptr_array_set_size(share->persons, (int)people->nodes->len);
    for (guint place = 0; place < people->n; place++) {
        gpointer person = GUINT_TO_POINTER(person_of[people->order[place]]);
        if (!person)
            continue;
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(sizes, person));
        all += n; /* a pair with each that was met before */
        g_hash_table_insert(sizes, person, GUINT_TO_POINTER(n + 1));
        share_add(share, people->node_of[place], GPOINTER_TO_UINT(person));
    }
    return all;
}

Compared compared_count(const PersonModel *model, const PersonInput *input, const guint *person_of)
{
    g_autoptr(People) people = people_new(model, input);
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GPtrArray) persons = g_ptr_array_new_with_free_func(persons_free);
    Share share = {counts, persons};
    Compared out = {.all = share_fill(&share, people, person_of)};
    LargeBlocks large;
    large_init(&large);
    Proposed proposed = block_propose_first(people, &large, NULL, NULL);
    for (guint node = 0; node < people->nodes->len; node++)
        out.met += pairs_between(&share, node, node);
    for (gsize i = 0; i < proposed.n; i++) {
        guint a = (guint)(proposed.pairs[i] >> 32), b = (guint)proposed.pairs[i];
        if (!pair_near(people, people_node(people, a), people_node(people, b)))
            continue;
        out.pairs++;
        out.met += pairs_between(&share, a, b);
    }
    block_clear(&proposed);
    large_clear(&large);
    return out;
}
