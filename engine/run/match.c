/*
 * The matching stages: link, resolve. Each takes facts, calls one pure room and writes what it
 * found.
 */
#include "engine/base/union.h"
#include "engine/judgement/judgement.h"
#include "engine/run/stages.h"

#define SAME_FIREARM 0.5 /* links from here on make one firearm: what the views promise */

/* Index of each reference, so that judgements (by reference) become decisions (by index). */
static GHashTable *index_refs(const char *(*ref_at)(const Facts *, guint), const Facts *facts,
                              guint n)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++)
        g_hash_table_insert(index, (gpointer)ref_at(facts, i), GUINT_TO_POINTER(i + 1));
    return index;
}

static const char *firearm_ref(const Facts *facts, guint i)
{
    return g_array_index(facts->firearms, Firearm, i).ref;
}

static const char *person_ref(const Facts *facts, guint i)
{
    return g_array_index(facts->mentions, PersonMention, i).ref;
}

/* FirearmDecision and PersonDecision have one shape; this is it. */
G_STATIC_ASSERT(sizeof(FirearmDecision) == sizeof(PersonDecision));

static GArray *decisions(Run *run, JudgementType type, guint n, GError **error)
{
    g_autofree char *day = g_strndup(run->options->as_of, 10);
    g_autoptr(GPtrArray) judgements = judgement_labels(run->store, type, day, error);
    if (!judgements)
        return NULL;
    GArray *result = g_array_new(FALSE, FALSE, sizeof(FirearmDecision));
    if (!judgements->len)
        return result;
    g_autoptr(GHashTable) index =
        index_refs(type == JUDGE_LINK ? firearm_ref : person_ref, run->facts, n);
    for (guint i = 0; i < judgements->len; i++) {
        const Judgement *judgement = g_ptr_array_index(judgements, i);
        guint left = GPOINTER_TO_UINT(g_hash_table_lookup(index, judgement->left));
        guint right = GPOINTER_TO_UINT(g_hash_table_lookup(index, judgement->right));
        if (!left || !right)
            continue;
        FirearmDecision decision = {left - 1, right - 1, judgement->verdict == VERDICT_YES};
        g_array_append_val(result, decision);
    }
    return result;
}

static gboolean put_links(Run *run, const GArray *links, guint *parent, GError **error)
{
    for (guint i = 0; i < links->len; i++) {
        const FirearmLink *link = &g_array_index(links, FirearmLink, i);
        if (!store_put_link(run->store, "serial", firearm_ref(run->facts, link->left),
                            firearm_ref(run->facts, link->right), tier_name(link->tier), link->bits,
                            link->probability, link->chance_matches, link->evidence, error))
            return FALSE;
        if (link->probability >= SAME_FIREARM)
            union_join(parent, link->left, link->right);
    }
    run->report->links = links->len;
    return TRUE;
}

gboolean stage_link(Run *run, GError **error)
{
    const GArray *firearms = run->facts->firearms;
    guint n = firearms->len;
    g_autoptr(GArray) given = decisions(run, JUDGE_LINK, n, error);
    if (!given)
        return FALSE;
    FirearmInput input = {.model = run->rules->firearms,
                          .firearms = (const Firearm *)(gpointer)firearms->data,
                          .n = n,
                          .decisions = (const FirearmDecision *)(gpointer)given->data,
                          .n_decisions = given->len};
    GArray *links = firearm_link(&input);
    g_autofree guint *parent = union_new(n);
    /* facts are in reference order, so the root is the smallest reference */
    gboolean ok = put_links(run, links, parent, error);
    firearm_links_free(links);
    for (guint i = 0; ok && i < n; i++)
        ok = store_put_firearm(run->store, firearm_ref(run->facts, i),
                               firearm_ref(run->facts, union_root(parent, i)), error);
    return ok;
}

static gboolean put_person_edges(Run *run, const PersonResult *result, GError **error)
{
    for (guint i = 0; i < result->edges->len; i++) {
        const PersonEdge *edge = &g_array_index(result->edges, PersonEdge, i);
        g_autoptr(Evidence) evidence = person_edge_evidence(result, i);
        if (!store_put_link(run->store, "person", person_ref(run->facts, edge->left),
                            person_ref(run->facts, edge->right), "", edge->bits, edge->probability,
                            0, evidence, error))
            return FALSE;
    }
    return TRUE;
}

gboolean stage_resolve(Run *run, GError **error)
{
    const GArray *mentions = run->facts->mentions;
    g_autoptr(GArray) given = decisions(run, JUDGE_PERSON, mentions->len, error);
    if (!given)
        return FALSE;
    PersonInput input = {.mentions = (const PersonMention *)(gpointer)mentions->data,
                         .n = mentions->len,
                         .decisions = (const PersonDecision *)(gpointer)given->data,
                         .n_decisions = given->len};
    g_autoptr(PersonResult) result = person_resolve(run->rules->people, &input);
    for (guint i = 0; i < mentions->len; i++) {
        if (!store_put_person(run->store, person_ref(run->facts, i),
                              person_ref(run->facts, result->entity[i]), result->probability[i],
                              error))
            return FALSE;
    }
    run->report->persons = mentions->len;
    return put_person_edges(run, result, error);
}
