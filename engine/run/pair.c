/*
 * One pair weighed outside of a run: the two records become facts as in a run, and the matchers
 * weigh them by the parameters that the last run stored. Nothing is written. Two mentions:
 * pair_people.c.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/lookup/explain.h"
#include "engine/run/pair.h"
#include "engine/run/stages.h"

static Facts *read_facts(Store *store, const char *const refs[2], GError **error)
{
    g_autoptr(Record) left = store_get(store, refs[0], error);
    g_autoptr(Record) right = left ? store_get(store, refs[1], error) : NULL;
    const Record *records[] = {left, right};
    if (!right)
        return NULL;
    return facts_of(records, strcmp(left->ref, right->ref) == 0 ? 1 : 2);
}

gboolean pair_parameters(Store *store, ParameterSet *set, GError **error)
{
    if (!store_last_parameters(store, set, error))
        return FALSE;
    return (set->set_id && *set->firearm && *set->person) ||
           error_set(error, STATUS_NO_INPUT,
                     "no parameters of a run; run 'crosstrace correlate' first");
}

gboolean pair_missing(const char *ref, GError **error)
{
    return error_set(error, STATUS_NO_INPUT, "no record or mention '%s'", ref);
}

static char *nearest_words(const SerialNearness *near, Lang lang)
{
    const char *tier = tier_name(near->tier);
    if (near->tier == TIER_NONE)
        return g_strdup(message(MSG_WHY_NEAR_NONE, lang));
    if (near->tier == TIER_S4)
        return message_format(MSG_WHY_NEAR_END, lang, tier, near->apart);
    if (near->tier == TIER_S3 && near->apart == 0)
        return message_format(MSG_WHY_NEAR_KNOWN, lang, tier, near->known);
    if (near->tier == TIER_S3)
        return message_format(MSG_WHY_NEAR_POSITIONS, lang, tier, near->apart);
    return message_format(MSG_WHY_NEAR_EDITS, lang, tier, near->apart, near->allowed);
}

static gboolean is_on_paper(const Evidence *evidence)
{
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        if (strcmp(term->family, "paper") == 0 && term->bits > 0)
            return TRUE;
    }
    return FALSE;
}

static void say_obstacle(const Firearm *left, const Firearm *right, const FirearmPair *pair,
                         WhyWeighed *out)
{
    gboolean traces = left->side == SIDE_TRACE && right->side == SIDE_TRACE;
    if (is_on_paper(pair->evidence))
        return;
    if (pair->tier == TIER_NONE) {
        SerialNearness near = serial_nearest(left->serial, right->serial);
        out->obstacle = WHY_NO_TIER;
        out->nearest[LANG_EN] = nearest_words(&near, LANG_EN);
        out->nearest[LANG_FR] = nearest_words(&near, LANG_FR);
    } else if (traces && pair->tier > TIER_S1N) {
        out->obstacle = WHY_TWO_TRACES;
    }
}

static gboolean weigh_firearms(Store *store, const char *const refs[2], WhyWeighed *out,
                               const Rules *rules, GError **error)
{
    g_auto(ParameterSet) set = {0};
    g_autoptr(FirearmParameters) parameters =
        pair_parameters(store, &set, error)
            ? firearm_parameters_read(rules->firearms, set.firearm, error)
            : NULL;
    g_autoptr(Facts) facts = parameters ? read_facts(store, refs, error) : NULL;
    if (!facts)
        return FALSE;
    const Firearm *all = (const Firearm *)(gconstpointer)facts->firearms->data;
    guint at[2];
    for (guint i = 0; i < 2; i++) {
        for (at[i] = 0; at[i] < facts->firearms->len && strcmp(all[at[i]].ref, refs[i]) != 0;)
            at[i]++;
        if (at[i] == facts->firearms->len)
            return pair_missing(refs[i], error);
    }
    if (all[at[0]].side == SIDE_SEIZURE && all[at[1]].side == SIDE_SEIZURE) {
        out->obstacle = WHY_TWO_SEIZURES;
        return TRUE;
    }
    FirearmInput input = {.model = rules->firearms,
                          .parameters = parameters,
                          .firearms = all,
                          .n = facts->firearms->len};
    FirearmPair pair = firearm_pair(&input, at[0], at[1]);
    out->tier = g_strdup(pair.tier == TIER_NONE ? "" : tier_name(pair.tier));
    out->bits = pair.bits;
    out->prior = pair.prior;
    out->chance = pair.chance;
    out->evidence = pair.evidence;
    out->turned = all[at[0]].side == SIDE_TRACE && all[at[1]].side == SIDE_SEIZURE;
    say_obstacle(&all[at[0]], &all[at[1]], &pair, out);
    return TRUE;
}

gboolean run_weigh(Store *store, JudgementType type, const char *left, const char *right,
                   WhyWeighed *out, gpointer rules, GError **error)
{
    const char *const refs[] = {left, right};
    return type == JUDGE_LINK ? weigh_firearms(store, refs, out, rules, error)
                              : pair_people(store, refs, out, rules, error);
}
