/*
 * One pair explained: what it weighs adds up and is what the run says, and a pair that no key
 * proposes, or that may not be one person, says so. All of it is synthetic.
 */
#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/comparison/compare.h"
#include "engine/resolution/pair.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

#define CROWD 300u

static const PersonMention told[] = {
    {.ref = "t:0:purchaser", .last = "Oyelaran", .first = "Tunde", .dob = 6676, .city = "Toledo"},
    {.ref = "t:1:purchaser", .last = "OYELARAN", .first = "Tunde", .dob = 6676, .city = "Toledo"},
    {.ref = "t:2:purchaser", .last = "Oyelaron", .first = "Tunde", .dob = 6686, .city = "Akron"},
    {.ref = "t:3:purchaser", .last = "Varga", .first = "Ildiko", .dob = 1200},
    {.ref = "t:4:purchaser",
     .last = "Oyelaran",
     .first = "Tunde",
     .dob = 6676,
     .doc_type = "PASSPORT",
     .doc_issuer = "CAN",
     .doc_no = "AB123456"},
    {.ref = "t:5:purchaser",
     .last = "Oyelaran",
     .first = "Tunde",
     .dob = 6676,
     .doc_type = "PASSPORT",
     .doc_issuer = "CAN",
     .doc_no = "QX998871"},
};

static GArray *mentions;
static GStringChunk *strings;
static PersonModel *model;

static void up(void)
{
    static const char *const names[] = {"Smith", "Miller", "Brown", "Tremblay", "Roy", "Novak"};
    mentions = g_array_new(FALSE, FALSE, sizeof(PersonMention));
    strings = g_string_chunk_new(4096);
    model = model_load();
    g_array_append_vals(mentions, told, G_N_ELEMENTS(told));
    for (guint i = 0; i < CROWD; i++) {
        g_autofree char *ref = g_strdup_printf("t:%u:purchaser", 1000 + i);
        g_autofree char *first = g_strdup_printf("%c%s", 'A' + (int)(i % 26), "lex");
        PersonMention one = {.ref = g_string_chunk_insert(strings, ref),
                             .last = names[i % 6],
                             .first = g_string_chunk_insert(strings, first),
                             .dob = (Day)(i * 37 % 12000),
                             .city = names[i % 5]};
        g_array_append_val(mentions, one);
    }
}

static void down(void)
{
    g_array_unref(mentions);
    g_string_chunk_free(strings);
    person_model_free(model);
}

static const PersonMention *all(void)
{
    return (const PersonMention *)(gconstpointer)mentions->data;
}

static PersonPair *pair_of(guint left, guint right)
{
    PersonInput input = {.mentions = all(), .n = mentions->len};
    PersonPair *pair = person_pair(model, &input, left, right);
    ck_assert_uint_eq(pair->result->edges->len, 1);
    g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
    const PersonEdge *edge = &g_array_index(pair->result->edges, PersonEdge, 0);
    ck_assert_double_eq_tol(evidence_bits(evidence), edge->bits, 0.06);
    ck_assert_double_eq_tol(edge->probability, bits_to_probability(edge->bits), 1e-9);
    return pair;
}

static double probability(const PersonPair *pair)
{
    return g_array_index(pair->result->edges, PersonEdge, 0).probability;
}

START_TEST(the_same_twice)
{
    g_autoptr(PersonPair) pair = pair_of(0, 1), turned = pair_of(1, 0);
    ck_assert(pair->proposed);
    ck_assert_ptr_null(pair->conflict);
    ck_assert_double_gt(probability(pair), pair->accept);
    ck_assert_double_eq(probability(pair), probability(turned));
    g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
    for (guint i = 0; i < evidence_count(evidence); i++) /* the fields say it all */
        ck_assert_str_ne(evidence_term(evidence, i)->field, "limit");
}
END_TEST

START_TEST(strangers_share_no_key)
{
    g_autoptr(PersonPair) pair = pair_of(0, 3);
    ck_assert(!pair->proposed);
    ck_assert_double_lt(probability(pair), 1e-6);
    g_autoptr(PersonPair) near = pair_of(2, 3);
    ck_assert(near->key[LANG_EN] == NULL || strchr(near->key[LANG_EN], '[') != NULL);
}
END_TEST

static const Term *term_of(const Evidence *evidence, const char *field)
{
    for (guint i = 0; i < evidence_count(evidence); i++)
        if (strcmp(evidence_term(evidence, i)->field, field) == 0)
            return evidence_term(evidence, i);
    return NULL;
}

/* Two of a family have the name and the door in common: that is a term of its own, and what no
 * other limit has to make up for. */
START_TEST(relatives_are_a_term)
{
    const PersonMention family[] = {{.ref = "t:6:purchaser",
                                     .last = "Oyelaran",
                                     .first = "Tunde",
                                     .dob = 434,
                                     .street = "9401 Franklin Ct",
                                     .city = "Toledo"},
                                    {.ref = "t:7:purchaser",
                                     .last = "Oyelaran",
                                     .first = "Tunde",
                                     .dob = 4078,
                                     .street = "9401 Franklin Ct",
                                     .city = "Toledo"}};
    guint first = mentions->len;
    g_array_append_vals(mentions, family, G_N_ELEMENTS(family));
    g_autoptr(PersonPair) pair = pair_of(first, first + 1);
    g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
    const Term *found = term_of(evidence, "relatives");
    ck_assert_ptr_nonnull(found);
    ck_assert_double_lt(found->bits, -0.05);
}
END_TEST

/* A cell of given names may hold several, short forms, initials: what a level is told from. */
static const struct {
    const char *left, *right, *level;
} given_names[] = {
    {"Robert", "Bob", "variant"},
    {"Robert James", "Robert", "variant"},
    {"Robert James", "Bob", "close"},
    {"Jim", "James Luis", "close"},
    {"Kevin Luis", "Keivn", "near"},
    {"Kevin Luis", "Helen", "differs"},
    {"Mandy", "A", "far"},
    {"Amanda", "A", "initial"},
    {"Mandy", "K", "differs"},
    {"Jean-Marc", "Mary", "differs"},
    {"Robert James", "William", "differs"},
    {"Jean-Marc", "Marcus", "differs"},
};

START_TEST(given_names_in_one_cell)
{
    for (guint turned = 0; turned < 2; turned++) {
        PersonMention two[] = {{.ref = "t:6:purchaser", .last = "Oyelaran", .dob = 434},
                               {.ref = "t:7:purchaser", .last = "Oyelaran", .dob = 434}};
        two[turned].first = given_names[_i].left;
        two[1 - turned].first = given_names[_i].right;
        guint first = mentions->len;
        g_array_append_vals(mentions, two, G_N_ELEMENTS(two));
        g_autoptr(PersonPair) pair = pair_of(first, first + 1);
        g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
        ck_assert_str_eq(term_of(evidence, "given")->level, given_names[_i].level);
        g_array_set_size(mentions, first);
    }
}
END_TEST

START_TEST(two_passports_are_a_conflict)
{
    g_autoptr(PersonPair) pair = pair_of(4, 5);
    ck_assert_str_eq(pair->conflict, "document");
    ck_assert(pair->proposed);
    ck_assert_ptr_null(strchr(pair->key[LANG_FR], '['));
}
END_TEST

/* A list without doubles keeps its own apart, and no others. */
START_TEST(one_list_is_a_conflict)
{
    static const struct {
        const char *left, *right, *conflict;
    } lists[] = {{"register", "register", "list"},
                 {"register", "watch list", NULL},
                 {"register", NULL, NULL},
                 {NULL, "register", NULL},
                 {NULL, NULL, NULL}};
    guint first = mentions->len;
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        PersonMention two[] = {told[0], told[1]};
        two[0].ref = "t:6:purchaser";
        two[1].ref = "t:7:purchaser";
        two[0].list = lists[i].left;
        two[1].list = lists[i].right;
        g_array_append_vals(mentions, two, G_N_ELEMENTS(two));
        g_autoptr(PersonPair) pair = pair_of(first, first + 1);
        ck_assert_pstr_eq(pair->conflict, lists[i].conflict);
        g_array_set_size(mentions, first);
    }
}
END_TEST

/* What is not worth weighing is told by the start weights alone; a telephone and a document that
 * differ count nothing there. */
START_TEST(plausible_by_the_start_weights)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);
    guint seen[2] = {0};
    for (guint round = 0; round < 5000; round++) {
        Pattern pattern = PATTERN_NONE;
        double bits = 0;
        for (guint f = 0; f < FIELD_COUNT; f++) {
            guint level = (guint)g_rand_int_range(rand, 0, (gint)field_levels(f) + 2);
            if (level >= field_levels(f))
                continue;
            pattern = pattern_with(pattern, f, level);
            double own = model->bits[f][level];
            bits += (f == FIELD_PHONE || f == FIELD_DOCUMENT) && own < 0 ? 0 : own;
        }
        if (fabs(bits - model->limits.plausible) < 1e-3)
            continue;
        gboolean plausible = pattern_plausible(model, pattern);
        ck_assert_int_eq(plausible, bits > model->limits.plausible);
        seen[plausible]++;
    }
    ck_assert(seen[FALSE] > 100 && seen[TRUE] > 100);
}
END_TEST

START_TEST(a_pair_weighs_what_the_run_says)
{
    g_autoptr(PersonResult) run = resolve_all(model, all(), mentions->len);
    guint compared = 0;
    for (guint i = 0; i < run->edges->len; i++) {
        const PersonEdge *edge = &g_array_index(run->edges, PersonEdge, i);
        g_autoptr(Evidence) evidence = person_edge_evidence(run, i);
        const Term *last = evidence_term(evidence, evidence_count(evidence) - 1);
        if (edge->right >= G_N_ELEMENTS(told) || strcmp(last->level, "other mentions") == 0)
            continue;
        g_autoptr(PersonPair) pair = pair_of(edge->left, edge->right);
        ck_assert_double_eq_tol(g_array_index(pair->result->edges, PersonEdge, 0).bits, edge->bits,
                                1);
        compared++;
    }
    ck_assert_uint_gt(compared, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/pair");
    TCase *cases = tcase_create("pairs");
    tcase_add_checked_fixture(cases, up, down);
    tcase_add_test(cases, the_same_twice);
    tcase_add_test(cases, strangers_share_no_key);
    tcase_add_test(cases, relatives_are_a_term);
    tcase_add_loop_test(cases, given_names_in_one_cell, 0, G_N_ELEMENTS(given_names));
    tcase_add_test(cases, two_passports_are_a_conflict);
    tcase_add_test(cases, one_list_is_a_conflict);
    tcase_add_test(cases, plausible_by_the_start_weights);
    tcase_add_test(cases, a_pair_weighs_what_the_run_says);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
