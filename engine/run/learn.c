/*
 * Decisions as labels: the pairs that people decided on are weighed as if nobody had, by the
 * parameters just estimated, and the prior is shifted by what learn.c makes of them. Only where a
 * set is estimated; a run with a set of before changes nothing.
 */
#include "engine/judgement/learn.h"
#include "engine/lookup/explain.h"
#include "engine/resolution/pair.h"
#include "engine/run/stages.h"

void learn_firearm(Run *run)
{
    const Firearm *all = (const Firearm *)(gconstpointer)run->facts->firearms->data;
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(LearningPair));
    for (guint i = 0; i < run->link_decisions->len; i++) {
        const FirearmDecision *one = &g_array_index(run->link_decisions, FirearmDecision, i);
        const Firearm two[] = {all[one->left], all[one->right]};
        if (two[0].side == two[1].side) /* the prior is that of a seizure and a trace */
            continue;
        FirearmInput input = {.model = run->rules->firearms,
                              .parameters = run->firearm_parameters,
                              .firearms = two,
                              .n = G_N_ELEMENTS(two)};
        FirearmPair weighed = firearm_pair(&input, 0, 1);
        LearningPair pair = {weighed.bits + weighed.prior, one->same};
        evidence_free(weighed.evidence);
        g_array_append_val(pairs, pair);
    }
    double shift = learning_shift(&run->rules->learning,
                                  (const LearningPair *)(gconstpointer)pairs->data, pairs->len);
    firearm_parameters_shift(run->firearm_parameters, shift);
}

void learn_person(Run *run)
{
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(LearningPair));
    for (guint i = 0; i < run->person_decisions->len; i++) {
        const PersonDecision *one = &g_array_index(run->person_decisions, PersonDecision, i);
        const PersonMention two[] = {facts_mention_at(run->facts, one->left),
                                     facts_mention_at(run->facts, one->right)};
        PersonInput input = {
            .mentions = two, .n = G_N_ELEMENTS(two), .parameters = run->person_parameters};
        g_autoptr(PersonPair) weighed = person_pair(run->rules->people, &input, 0, 1);
        const PersonEdge *edge = &g_array_index(weighed->result->edges, PersonEdge, 0);
        LearningPair pair = {edge->bits, one->same};
        g_array_append_val(pairs, pair);
    }
    double shift = learning_shift(&run->rules->learning,
                                  (const LearningPair *)(gconstpointer)pairs->data, pairs->len);
    person_parameters_shift(run->person_parameters, shift);
}
