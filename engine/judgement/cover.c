/*
 * Decisions on leads, asked of a part of one: what somebody saw whole and put aside stays aside for
 * a reader who sees less of it, under whatever id. Stands beside settle.c, which gives the leads of
 * the store what was decided of them; engine/release asks it of what an audience is left with.
 */
#include "engine/base/error.h"
#include "engine/judgement/seen.h"

typedef struct {
    const Judgement *judgement; /* borrowed */
    GStrv items;
    GHashTable *set; /* of the items */
} Decision;

struct LeadDecisions {
    GPtrArray *judgements; /* of Judgement, owned */
    GPtrArray *decisions;  /* of Decision, the last one first */
    GHashTable *of_item;   /* item -> GPtrArray of Decision that saw it, the last one first */
};

static void decision_free(gpointer data)
{
    Decision *decision = data;
    g_hash_table_unref(decision->set);
    g_strfreev(decision->items);
    g_free(decision);
}

static Decision *decision_new(const Judgement *judgement)
{
    Decision *decision = g_new(Decision, 1);
    *decision = (Decision){
        .judgement = judgement,
        .items = g_strsplit(judgement->evidence != NULL ? judgement->evidence : "", "\n", -1),
        .set = g_hash_table_new(g_str_hash, g_str_equal)};
    for (char **item = decision->items; *item != NULL; item++)
        g_hash_table_add(decision->set, *item);
    return decision;
}

static gint last_first(gconstpointer a, gconstpointer b)
{
    const Judgement *x = *(const Judgement *const *)a, *y = *(const Judgement *const *)b;
    return (x->id < y->id) - (x->id > y->id);
}

LeadDecisions *lead_decisions_read(Store *store, const char *as_of, GError **error)
{
    g_autoptr(GPtrArray) judgements = judgement_in_force(store, JUDGE_LEAD, as_of, error);
    if (judgements == NULL)
        return NULL;
    g_ptr_array_sort(judgements, last_first);
    LeadDecisions *decisions = g_new(LeadDecisions, 1);
    *decisions =
        (LeadDecisions){.judgements = g_steal_pointer(&judgements),
                        .decisions = g_ptr_array_new_with_free_func(decision_free),
                        .of_item = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                                         (GDestroyNotify)g_ptr_array_unref)};
    for (guint i = 0; i < decisions->judgements->len; i++) {
        Decision *decision = decision_new(g_ptr_array_index(decisions->judgements, i));
        g_ptr_array_add(decisions->decisions, decision);
        for (char **item = decision->items; *item != NULL; item++) {
            GPtrArray *with = g_hash_table_lookup(decisions->of_item, *item);
            if (with == NULL) {
                with = g_ptr_array_new();
                g_hash_table_insert(decisions->of_item, *item, with);
            }
            g_ptr_array_add(with, decision);
        }
    }
    return decisions;
}

void lead_decisions_free(LeadDecisions *decisions)
{
    if (decisions == NULL)
        return;
    g_hash_table_unref(decisions->of_item);
    g_ptr_array_unref(decisions->decisions);
    g_ptr_array_unref(decisions->judgements);
    g_free(decisions);
}

static gboolean saw_all(const Decision *decision, const GPtrArray *items)
{
    for (guint i = 0; i < items->len; i++)
        if (!g_hash_table_contains(decision->set, g_ptr_array_index(items, i)))
            return FALSE;
    return TRUE;
}

const Judgement *lead_decisions_find(const LeadDecisions *decisions, const GPtrArray *items)
{
    const GPtrArray *with =
        items->len > 0 ? g_hash_table_lookup(decisions->of_item, g_ptr_array_index(items, 0))
                       : NULL;
    for (guint i = 0; with != NULL && i < with->len; i++) {
        const Decision *decision = g_ptr_array_index(with, i);
        if (saw_all(decision, items))
            return decision->judgement;
    }
    return NULL;
}
