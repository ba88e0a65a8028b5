/*
 * What blocks propose, of all or near a few, held against all pairs of nodes: where a block is so
 * large that it is looked at in pieces or split, and where two keys look alike in the index. And
 * what is counted and learned of the nodes beside it.
 */
#include "engine/base/dict.h"
#include "engine/blocking/block.h"
#include "engine/blocking/digest.h"
#include "engine/blocking/sieve.h"
#include "engine/comparison/weights.h"
#include "engine/resolution/nodes.h"

#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CROWDED 600
#define CITIES  (CROWDED / 2)

/* Mentions that say a birth date, all the same, and a city, each that of two of them; and a number
 * of their own, too short for a key. */
static PersonMention *born_alike(GStringChunk *texts)
{
    PersonMention *mentions = g_new0(PersonMention, CROWDED);
    for (guint i = 0; i < CROWDED; i++) {
        g_autofree char *ref = g_strdup_printf("r%03u", i);
        g_autofree char *number = g_strdup_printf("%u", 10000 + i * 7);
        g_autofree char *city = g_strnfill(12, (char)('A' + i % CITIES % 20));
        memset(city + 6, 'A' + (int)(i % CITIES / 20), 6);
        mentions[i] = (PersonMention){.ref = g_string_chunk_insert(texts, ref),
                                      .dob = date_from_ymd(1980, 5, 17),
                                      .city = g_string_chunk_insert(texts, city),
                                      .region = "OH",
                                      .doc_no = g_string_chunk_insert(texts, number)};
    }
    return mentions;
}

/* Them, as nodes, and how pairs of them are weighed. */
typedef struct {
    PersonModel *model;
    GStringChunk *texts;
    PersonMention *mentions;
    PersonInput input;
    People *people;
    Scorer *scorer;
    LargeBlocks large;
} Crowded;

static void crowded_init(Crowded *crowd)
{
    crowd->model = model_load();
    crowd->texts = g_string_chunk_new(4096);
    crowd->mentions = born_alike(crowd->texts);
    crowd->input = (PersonInput){.mentions = crowd->mentions, .n = CROWDED};
    crowd->people = people_new(crowd->model, &crowd->input);
    people_count(crowd->people, NULL);
    crowd->scorer = scorer_new(crowd->people, &crowd->model->start);
    large_init(&crowd->large);
}

static void crowded_clear(Crowded *crowd)
{
    large_clear(&crowd->large);
    scorer_free(crowd->scorer);
    people_free(crowd->people);
    g_free(crowd->mentions);
    g_string_chunk_free(crowd->texts);
    person_model_free(crowd->model);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Crowded, crowded_clear)

/* One block of more nodes than a sieve takes at a time: of all its pairs those are proposed that
 * may reach the odds. */
static gboolean check_all(const Scorer *scorer, double least, const LargeBlocks *large)
{
    const People *people = scorer->people;
    guint nodes = people->nodes->len;
    g_autofree Digest *digests = g_new(Digest, nodes);
    Bound bound;
    bound_init(&bound, scorer, least);
    for (guint i = 0; i < nodes; i++)
        digests[i] = digest_of(&bound, people_node(people, i));
    Proposed proposed = block_propose(scorer, least, large, NULL);
    gsize n = 0;
    for (guint a = 0; a < nodes; a++)
        for (guint b = a + 1; b < nodes; b++)
            if (digests_reach(&bound, &digests[a], &digests[b]) &&
                digests_near(people, &digests[a], &digests[b])) {
                ck_assert_msg(n < proposed.n && proposed.pairs[n] == ((guint64)a << 32 | b),
                              "pair %u %u for %f", a, b, least);
                n++;
            }
    ck_assert_uint_eq(n, proposed.n);
    block_clear(&proposed);
    return n > 0 && n < (gsize)nodes * (nodes - 1) / 2;
}

START_TEST(large_block_is_looked_at_whole)
{
    g_auto(Crowded) crowd;
    crowded_init(&crowd);
    guint some = 0;
    ck_assert_uint_gt(crowd.people->nodes->len, 2 * SIEVE_LANES);
    for (double least = 6; least <= 18; least += 6)
        some += check_all(crowd.scorer, least, &crowd.large);
    ck_assert_uint_gt(some, 0); /* all or none would hold as well */
}
END_TEST

/* A large block is split, and near a few nodes the same pairs are found in it as among all: also
 * where nobody but sought ones share what it is split by. */
START_TEST(split_block_near_a_few)
{
    g_auto(Crowded) crowd;
    crowded_init(&crowd);
    guint nodes = crowd.people->nodes->len;
    guint32 hashes[BLOCK_KEYS];
    key_hashes(crowd.people, people_node(crowd.people, 0), 0, BLOCK_KEYS, hashes);
    for (guint k = 0; k < BLOCK_KEYS; k++)
        if (hashes[k])
            g_array_append_val(crowd.large.blocks[k], hashes[k]);
    g_autofree guint8 *state = g_new0(guint8, nodes + 1);
    for (guint i = 0; i < nodes; i++)
        if (i % CITIES % 10 == 0 && (i < CITIES || i % 20 == 0))
            state[i] = NODE_SEEK; /* both of a city, or one of them */
    g_autoptr(Seeker) seeker = seeker_new(crowd.people);
    Proposed all = block_propose(crowd.scorer, -HUGE_VAL, &crowd.large, NULL);
    Proposed near = block_propose_near(crowd.scorer, -HUGE_VAL, &crowd.large, state, seeker);
    gsize n = 0, both = 0;
    for (gsize i = 0; i < all.n; i++) {
        guint a = (guint)(all.pairs[i] >> 32), b = (guint)all.pairs[i];
        if (!state[a] && !state[b])
            continue;
        ck_assert_msg(n < near.n && near.pairs[n] == all.pairs[i], "pair %u %u", a, b);
        both += state[a] && state[b];
        n++;
    }
    ck_assert_uint_eq(n, near.n);
    ck_assert(all.n == CITIES && both > 0 && both < n);
    block_clear(&all);
    block_clear(&near);
}
END_TEST

#define NODES_FEW   15 /* in whose index a hash has room but for its last bits: */
#define BITS_BEYOND 4

/* The hash of the key that is a document alone. */
static guint32 document_hash(const char *number)
{
    return (guint32)(mix64(PART_DOCUMENT, text_hash(number, strlen(number))) >> 32);
}

/* Two numbers whose hashes are the same but for the bits that the index has no room for. */
static void find_alike(char one[16], char other[16])
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint number = 1000000; number < 2000000; number++) {
        g_snprintf(other, 16, "%u", number);
        gpointer key = GUINT_TO_POINTER(document_hash(other) >> BITS_BEYOND), before;
        if (g_hash_table_lookup_extended(seen, key, NULL, &before)) {
            g_snprintf(one, 16, "%u", GPOINTER_TO_UINT(before));
            return;
        }
        g_hash_table_insert(seen, key, GUINT_TO_POINTER(number));
    }
    ck_abort_msg("no two numbers look alike");
}

/* What looks alike in the index is told apart, whichever of them comes first. */
START_TEST(keys_that_look_alike)
{
    char one[16], other[16];
    PersonMention mentions[NODES_FEW];
    g_autoptr(PersonModel) model = model_load();
    find_alike(one, other);
    ck_assert_uint_ne(document_hash(one), document_hash(other));
    for (guint i = 0; i < NODES_FEW; i++)
        mentions[i] = (PersonMention){.ref = &"abcdefghijklmno"[i],
                                      .last = &"SYNTHETICABCDEF"[i],
                                      .dob = DAY_NONE,
                                      .doc_no = i == 0   ? one
                                                : i == 1 ? other
                                                         : NULL};
    PersonInput input = {.mentions = mentions, .n = NODES_FEW};
    g_autoptr(People) people = people_new(model, &input);
    ck_assert_uint_eq(people->nodes->len, NODES_FEW);
    people_count(people, NULL);
    g_autoptr(Seeker) seeker = seeker_new(people);
    for (guint i = 0; i < 2; i++) {
        guint32 hash;
        guint64 items[NODES_FEW + 1], spare[NODES_FEW + 1];
        g_autoptr(GArray) sought = g_array_new(FALSE, FALSE, sizeof(guint));
        key_hashes(people, people_node(people, i), 0, 1, &hash);
        ck_assert_uint_eq(hash, document_hash(i ? other : one));
        g_array_append_val(sought, i);
        ck_assert_uint_eq(seeker_items(seeker, 0, sought, items, spare), 1);
        ck_assert_uint_eq(items[0], (guint64)hash << 32 | i);
    }
}
END_TEST

/* That all are drawn, said of each or of none, is the same. */
START_TEST(drawn_are_all)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(120, 3);
    PersonInput input = {.mentions = crowd->mentions, .n = crowd->n};
    g_autoptr(People) people = people_new(model, &input);
    people_count(people, NULL);
    Weights weights[2] = {model->start, model->start};
    g_autofree guint8 *state = g_malloc(people->nodes->len);
    memset(state, NODE_SEEK, people->nodes->len);
    for (guint k = 0; k < 2; k++) {
        g_autoptr(Scorer) scorer = scorer_new(people, &weights[k]);
        g_autoptr(GArray) pairs = g_array_new(FALSE, TRUE, sizeof(Pair));
        for (guint a = 0; a < people->nodes->len; a++)
            for (guint b = a + 1; b < people->nodes->len; b++) {
                Pair pair = {.a = a, .b = b, .pattern = pattern_of(scorer, a, b)};
                if (pattern_plausible(model, pair.pattern))
                    g_array_append_val(pairs, pair);
            }
        ck_assert_uint_gt(pairs->len, 0);
        weights_fit(&weights[k], scorer, pairs, k ? state : NULL);
    }
    ck_assert(weights[0].matches == weights[1].matches && weights[0].kin == weights[1].kin);
    ck_assert(weights[0].matches != model->start.matches);
}
END_TEST

/* A number that someone says alone, and again beside another, is one person's. */
START_TEST(document_of_one_counts_once)
{
    static const char *const said[] = {"D1234567", "GA000001;D1234567"};
    g_autoptr(PersonModel) model = model_load();
    PersonMention mentions[3];
    for (guint i = 0; i < 3; i++)
        mentions[i] = (PersonMention){.ref = i == 0   ? "a"
                                             : i == 1 ? "b"
                                                      : "c",
                                      .last = i < 2 ? "SYNTHETIC" : "TESTMAN",
                                      .first = "ANN",
                                      .dob = date_from_ymd(1980, 5, 17),
                                      .doc_no = said[i % 2],
                                      .doc_type = i % 2 ? "PASSPORT;DL" : "DL",
                                      .doc_issuer = i % 2 ? "USA;OH" : "OH"};
    PersonInput input = {.mentions = mentions, .n = 3};
    g_autoptr(People) people = people_new(model, &input);
    ck_assert_uint_eq(people->nodes->len, 3);
    people_count(people, NULL);
    Id number = people_node(people, 0)->document;
    ck_assert_uint_eq(people_node(people, 2)->document, number);
    ck_assert_uint_eq(people->counts[COUNT_DOCUMENT][number], 2); /* of two people */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/blocks");
    TCase *tcase = tcase_create("blocks");
    tcase_add_test(tcase, large_block_is_looked_at_whole);
    tcase_add_test(tcase, split_block_near_a_few);
    tcase_add_test(tcase, keys_that_look_alike);
    tcase_add_test(tcase, drawn_are_all);
    tcase_add_test(tcase, document_of_one_counts_once);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
