/*
 * Decisions on pairs as the matchers get them: which still hold against the records as they are
 * now, and which could not stand beside the others. Decisions are transitive: who is joined with
 * one is joined with all that he is joined with.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/judgement/seen.h"
#include "engine/record/codes.h"

/* Does what was decided still hold, the records being as they are? */
static gboolean still_holds(Store *store, const Judgement *judgement, GError **error)
{
    g_autofree char *now =
        seen_of_pair(store, judgement->type, judgement->left, judgement->right, error);
    if (now == NULL)
        return FALSE;
    if (*judgement->evidence == '\0')
        return TRUE;
    if (judgement->type == JUDGE_PERSON)
        return seen_same_people(now, judgement->evidence);
    g_autofree char *news = seen_news(now, judgement->evidence);
    return judgement->verdict == VERDICT_YES || *news == '\0';
}

GPtrArray *judgement_labels(Store *store, JudgementType type, const char *as_of, GError **error)
{
    g_autoptr(GPtrArray) found = judgement_in_force(store, type, as_of, error);
    if (found == NULL)
        return NULL;
    for (guint i = found->len; i-- > 0;) {
        const Judgement *judgement = g_ptr_array_index(found, i);
        GError *problem = NULL;
        if (judgement->verdict > VERDICT_NO || !still_holds(store, judgement, &problem))
            g_ptr_array_remove_index(found, i);
        if (problem != NULL) {
            g_propagate_error(error, problem);
            return NULL;
        }
    }
    return g_steal_pointer(&found);
}

/* All that is joined with a reference by decisions, itself included. */
static GHashTable *joined_with(const GPtrArray *decisions, const char *ref)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_add(set, (gpointer)ref);
    for (guint before = 0; before != g_hash_table_size(set);) {
        before = g_hash_table_size(set);
        for (guint i = 0; i < decisions->len; i++) {
            const Judgement *one = g_ptr_array_index(decisions, i);
            if (one->verdict != VERDICT_YES)
                continue;
            if (g_hash_table_contains(set, one->left))
                g_hash_table_add(set, one->right);
            else if (g_hash_table_contains(set, one->right))
                g_hash_table_add(set, one->left);
        }
    }
    return set;
}

static gboolean is_seizure(Store *store, const char *ref)
{
    g_autoptr(Record) record = store_get(store, ref, NULL);
    return record != NULL && event_is_seizure(record_get(record, FIELD_EVENT_TYPE));
}

/* A seizure among what is joined with a side: the smallest; NULL when there is none. */
static const char *seizure_of(Store *store, GHashTable *set)
{
    GHashTableIter iter;
    gpointer ref;
    const char *least = NULL;
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &ref, NULL))
        if (is_seizure(store, ref) && (least == NULL || strcmp(ref, least) < 0))
            least = ref;
    return least;
}

/* Joining two groups: none of one may be decided to be apart from one of the other. */
static char *against_joining(Store *store, const GPtrArray *decisions, const Judgement *judgement)
{
    g_autoptr(GHashTable) left = joined_with(decisions, judgement->left);
    g_autoptr(GHashTable) right = joined_with(decisions, judgement->right);
    for (guint i = 0; i < decisions->len; i++) {
        const Judgement *one = g_ptr_array_index(decisions, i);
        if (one->verdict != VERDICT_NO)
            continue;
        if ((g_hash_table_contains(left, one->left) && g_hash_table_contains(right, one->right)) ||
            (g_hash_table_contains(left, one->right) && g_hash_table_contains(right, one->left)))
            return g_strdup_printf("'%s' and '%s' are decided not to be the same", one->left,
                                   one->right);
    }
    if (judgement->type != JUDGE_LINK)
        return NULL;
    const char *one = seizure_of(store, left), *other = seizure_of(store, right);
    if (one == NULL || other == NULL || strcmp(one, other) == 0)
        return NULL;
    return g_strdup_printf("'%s' and '%s' are two seizures, and one firearm was seized once", one,
                           other);
}

char *judgement_contradiction(Store *store, const Judgement *judgement, const char *as_of,
                              GError **error)
{
    if (judgement->verdict > VERDICT_NO)
        return NULL;
    g_autoptr(GPtrArray) decisions = judgement_labels(store, judgement->type, as_of, error);
    if (decisions == NULL)
        return NULL;
    /* the pair's own earlier decision gives way */
    for (guint i = decisions->len; i-- > 0;) {
        const Judgement *one = g_ptr_array_index(decisions, i);
        if ((strcmp(one->left, judgement->left) == 0 &&
             strcmp(one->right, judgement->right) == 0) ||
            (strcmp(one->left, judgement->right) == 0 && strcmp(one->right, judgement->left) == 0))
            g_ptr_array_remove_index(decisions, i);
    }
    if (judgement->verdict == VERDICT_YES)
        return against_joining(store, decisions, judgement);
    g_autoptr(GHashTable) joined = joined_with(decisions, judgement->left);
    if (!g_hash_table_contains(joined, judgement->right))
        return NULL;
    return g_strdup_printf("'%s' and '%s' are decided to be the same by way of others",
                           judgement->left, judgement->right);
}
