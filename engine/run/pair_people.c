/*
 * Two mentions weighed outside of a run, for `why`: as a pair, and, where that would do, against
 * all that is held to be of the same two people, since one mention of these may exclude another.
 */
#include "engine/resolution/pair.h"

#include <string.h>

#include "engine/base/message.h"
#include "engine/run/pair.h"
#include "engine/run/stages.h"
#include "engine/store/changes.h"
#include "engine/store/scan.h"

#define MEMBERS_MAX 24 /* mentions of one person that are held against another's */

/* Two people: the mentions of each, the one asked about first. */
typedef struct {
    GPtrArray *refs[2]; /* of char * */
    gboolean one;       /* the two are held to be one */
} Sides;

static void sides_clear(Sides *sides)
{
    for (guint i = 0; i < 2; i++)
        g_clear_pointer(&sides->refs[i], g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sides, sides_clear)

/* Who a mention is held to be; NULL without error: nobody yet. */
static char *entity_of(Store *store, const char *mention, GError **error)
{
    g_autofree char *key = mention_record(mention);
    char *entity = NULL;
    double probability;
    gint64 id = 0;
    if (!store_find_ref(store, key, &id, error) || id == 0 ||
        !store_get_person(store, id, mention_role(mention), &entity, &probability, error))
        return NULL;
    return entity;
}

static int refs_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The mentions of an entity by reference, the one asked about kept among them. */
static GPtrArray *members_of(Store *store, const char *mention, const char *entity, GError **error)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(g_free);
    if (entity && !store_mentions_of(store, entity, members, error))
        return NULL;
    g_ptr_array_sort(members, refs_compare);
    for (guint i = 0; i < members->len; i++)
        if (strcmp(members->pdata[i], mention) == 0)
            g_ptr_array_remove_index(members, i--);
    g_ptr_array_insert(members, 0, g_strdup(mention));
    if (members->len > MEMBERS_MAX)
        g_ptr_array_set_size(members, MEMBERS_MAX);
    return g_steal_pointer(&members);
}

static gboolean sides_read(Store *store, const char *const refs[2], Sides *sides, GError **error)
{
    GError *problem = NULL;
    g_autofree char *left = entity_of(store, refs[0], &problem);
    g_autofree char *right = problem ? NULL : entity_of(store, refs[1], &problem);
    sides->one = left && g_strcmp0(left, right) == 0;
    for (guint i = 0; i < 2 && !problem; i++)
        sides->refs[i] = members_of(store, refs[i], i ? right : left, &problem);
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

/* The records of all mentions, each once; none of a confidential source, which is named to nobody.
 */
static GPtrArray *records_of(Store *store, const Sides *sides, GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)record_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < 2; i++)
        for (guint k = 0; k < sides->refs[i]->len; k++) {
            char *key = mention_record(sides->refs[i]->pdata[k]);
            g_autoptr(Record) record =
                g_hash_table_contains(seen, key) ? NULL : store_get(store, key, error);
            gboolean known = !g_hash_table_add(seen, key);
            if (!record && !known)
                return NULL;
            if (record && g_strcmp0(record_get(record, FIELD_CONFIDENTIAL_SOURCE), "Y") != 0)
                g_ptr_array_add(records, g_steal_pointer(&record));
        }
    return g_steal_pointer(&records);
}

/* Of what excludes one person: its words for a person's eyes. */
static const char *conflict_words(const char *conflict, Lang lang)
{
    static const char *const names[] = {PERSON_CONFLICTS};
    static const MessageId words[] = {MSG_WHY_ONE_LIST, MSG_WHY_DOCUMENT,     MSG_WHY_DOCUMENT_SLIP,
                                      MSG_WHY_SUFFIX,   MSG_WHY_ORGANISATION, MSG_WHY_TWO_LIVES};
    G_STATIC_ASSERT(G_N_ELEMENTS(names) == G_N_ELEMENTS(words));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], conflict) == 0)
            return message(words[i], lang);
    g_return_val_if_reached(conflict);
}

static void tell_pair(const PersonPair *pair, WhyWeighed *out)
{
    const PersonEdge *edge = &g_array_index(pair->result->edges, PersonEdge, 0);
    out->bits = edge->bits;
    out->evidence = person_edge_evidence(pair->result, 0);
    if (pair->conflict)
        out->obstacle = WHY_CONFLICT;
    else if (!pair->proposed)
        out->obstacle = WHY_NO_KEY;
    else
        return;
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++)
        out->nearest[lang] =
            g_strdup(pair->conflict ? conflict_words(pair->conflict, lang) : pair->key[lang]);
}

/* Where the pair itself would do: what else is held to be of the two. */
static void tell_beside(const Sides *sides, const PersonInput *input, const PersonModel *model,
                        WhyWeighed *out)
{
    g_autofree guint8 *side = g_new0(guint8, input->n + 1);
    for (guint m = 0; m < input->n; m++)
        for (guint i = 0; i < 2; i++)
            for (guint k = 0; k < sides->refs[i]->len; k++)
                if (strcmp(input->mentions[m].ref, sides->refs[i]->pdata[k]) == 0)
                    side[m] = (guint8)(i + 1);
    PersonConflict found = person_conflict(model, input, side);
    if (!found.conflict)
        return;
    out->obstacle = WHY_CONFLICT_BESIDE;
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++)
        out->nearest[lang] =
            message_format(MSG_WHY_BETWEEN, lang, conflict_words(found.conflict, lang),
                           input->mentions[found.left].ref, input->mentions[found.right].ref);
}

static gboolean find_both(const PersonInput *input, const char *const refs[2], guint at[2],
                          GError **error)
{
    for (guint i = 0; i < 2; i++) {
        for (at[i] = 0; at[i] < input->n && strcmp(input->mentions[at[i]].ref, refs[i]) != 0;)
            at[i]++;
        if (at[i] == input->n)
            return pair_missing(refs[i], error);
    }
    return TRUE;
}

gboolean pair_people(Store *store, const char *const refs[2], WhyWeighed *out, const Rules *rules,
                     GError **error)
{
    g_auto(ParameterSet) set = {0};
    g_auto(Sides) sides = {0};
    guint at[2] = {0, 0};
    g_autoptr(PersonParameters) parameters =
        pair_parameters(store, &set, error) ? person_parameters_read(set.person, error) : NULL;
    g_autoptr(GPtrArray) records = parameters && sides_read(store, refs, &sides, error)
                                       ? records_of(store, &sides, error)
                                       : NULL;
    if (!records)
        return FALSE;
    g_autoptr(Facts) facts = facts_of((const Record *const *)records->pdata, records->len);
    g_autoptr(GArray) mentions = facts_mentions(facts);
    PersonInput input = {.mentions = (const PersonMention *)(gconstpointer)mentions->data,
                         .n = mentions->len,
                         .parameters = parameters};
    if (!find_both(&input, refs, at, error))
        return FALSE;
    g_autoptr(PersonPair) pair = person_pair(rules->people, &input, at[0], at[1]);
    tell_pair(pair, out);
    const PersonEdge *edge = &g_array_index(pair->result->edges, PersonEdge, 0);
    if (out->obstacle == WHY_WEIGHED && !sides.one && edge->probability >= pair->accept)
        tell_beside(&sides, &input, rules->people, out);
    out->turned = strcmp(refs[0], refs[1]) > 0;
    return TRUE;
}
