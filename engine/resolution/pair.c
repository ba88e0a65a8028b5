/*
 * One pair of mentions weighed whatever blocking says of it, and what blocking does say: for `why`,
 * for `find`, and for learning from decisions. Joins nothing.
 */
#include "engine/resolution/pair.h"

#include "engine/blocking/near.h"
#include "engine/resolution/estimated.h"
#include "engine/resolution/nodes.h"
#include "engine/resolution/result.h"

static guint place_of(const People *people, guint mention)
{
    guint place = 0;
    while (people->order[place] != mention)
        place++;
    return place;
}

static const char *conflict_of(const Scorer *scorer, Pattern pattern, guint x, guint y)
{
    const People *people = scorer->people;
    const Node *a = people_node(people, x), *b = people_node(people, y);
    if (a->list && a->list == b->list)
        return "list";
    if (pattern_conflict(pattern))
        return pattern_level(pattern, FIELD_DOCUMENT) == DOCUMENT_CONFLICT ? "document"
               : pattern_level(pattern, FIELD_SUFFIX) == SUFFIX_CONFLICT   ? "suffix"
                                                                           : "organisation";
    gboolean joins = pattern_namesakes(pattern) &&
                     bits_to_probability(scorer->lives) >= people->model->limits.accept;
    return pattern_doubtful(pattern)              ? "document slip"
           : pattern_two_lives(pattern) && !joins ? "two lives"
                                                  : NULL;
}

PersonPair *person_pair(const PersonModel *model, const PersonInput *input, guint left, guint right)
{
    PersonDecision apart = {left, right, FALSE}; /* each has a node of its own */
    PersonInput two = {.mentions = input->mentions,
                       .n = input->n,
                       .decisions = &apart,
                       .n_decisions = 1,
                       .parameters = input->parameters};
    g_autoptr(PersonParameters) own = NULL;
    if (!two.parameters)
        two.parameters = own = person_parameters_estimate(model, input->mentions, input->n);
    g_autoptr(People) people = people_new(model, &two);
    g_autoptr(Scorer) scorer = scorer_new(people, &two.parameters->weights);
    guint place[2] = {place_of(people, left), place_of(people, right)};
    guint node[2] = {people->node_of[place[0]], people->node_of[place[1]]};
    Pattern pattern = pattern_of(scorer, MIN(node[0], node[1]), MAX(node[0], node[1]));
    PersonPair *pair = g_new0(PersonPair, 1);
    const Node *a = people_node(people, node[0]), *b = people_node(people, node[1]);
    pair->key[LANG_EN] = key_nearest(people, a, b, LANG_EN, &pair->proposed);
    pair->key[LANG_FR] = key_nearest(people, a, b, LANG_FR, &pair->proposed);
    pair->proposed = pair->proposed && pair_near(people, a, b);
    pair->conflict = conflict_of(scorer, pattern, node[0], node[1]);
    pair->accept = model->limits.accept;
    pair->review = model->limits.review;
    pair->result = result_new(&two, scorer);
    Told told = {place[0], place[1], {.a = MIN(node[0], node[1]), .b = MAX(node[0], node[1])}};
    told.join.odds = node_odds(scorer, pattern, told.join.a, told.join.b);
    result_edges(pair->result, scorer, &told, 1);
    return pair;
}

PersonConflict person_conflict(const PersonModel *model, const PersonInput *input,
                               const guint8 *side)
{
    g_autoptr(People) people = people_new(model, input);
    g_autoptr(Scorer) scorer = scorer_new(people, &input->parameters->weights);
    for (guint x = 0; x < people->n; x++)
        for (guint y = 0; y < people->n; y++) {
            guint left = people->order[x], right = people->order[y];
            guint a = people->node_of[x], b = people->node_of[y];
            if (side[left] != 1 || side[right] != 2 || a == b)
                continue;
            const char *conflict =
                conflict_of(scorer, pattern_of(scorer, MIN(a, b), MAX(a, b)), a, b);
            if (conflict)
                return (PersonConflict){conflict, left, right};
        }
    return (PersonConflict){0};
}

double *person_weigh(const PersonModel *model, const PersonInput *input)
{
    PersonDecision alone = {0, 0, FALSE}; /* has a node of its own */
    PersonInput all = {.mentions = input->mentions,
                       .n = input->n,
                       .decisions = &alone,
                       .n_decisions = 1,
                       .parameters = input->parameters};
    g_autoptr(People) people = people_new(model, &all);
    g_autoptr(Scorer) scorer = scorer_new(people, &input->parameters->weights);
    double *bits = g_new0(double, input->n + 1);
    guint asked = people->node_of[place_of(people, 0)];
    for (guint place = 0; place < people->n; place++) {
        guint node = people->node_of[place], a = MIN(node, asked), b = MAX(node, asked);
        if (node != asked)
            bits[people->order[place]] = node_odds(scorer, pattern_of(scorer, a, b), a, b);
    }
    return bits;
}

void person_pair_free(PersonPair *pair)
{
    if (!pair)
        return;
    person_result_free(pair->result);
    g_free(pair->key[LANG_EN]);
    g_free(pair->key[LANG_FR]);
    g_free(pair);
}
