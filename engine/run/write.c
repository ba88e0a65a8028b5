/*
 * What the matching stages found, into the store: in the order of the tables, so that rows are
 * appended, and with the indexes built behind them.
 */
#include <string.h>

#include "engine/run/stages.h"
#include "engine/store/result.h"

gboolean write_link(Run *run, const FirearmLink *link, GError **error)
{
    const LinkRow row = {.kind = "serial",
                         .left = facts_firearm_ref(run->facts, link->left),
                         .right = facts_firearm_ref(run->facts, link->right),
                         .tier = tier_name(link->tier),
                         .bits = link->bits,
                         .probability = link->probability,
                         .chance_matches = link->chance_matches};
    return store_put_link(run->store, &row, link->evidence, error);
}

gboolean write_links(Run *run, GError **error)
{
    const GArray *ids = run->facts->firearm_id;
    for (guint i = 0; i < run->links->len; i++)
        if (!write_link(run, &g_array_index(run->links, FirearmLink, i), error))
            return FALSE;
    for (guint i = 0; i < ids->len; i++) {
        guint first = run->found.firearm[i];
        /* who is alone, or the first, is there already */
        if (first != NO_OTHER && first != i &&
            !store_set_firearm(run->store, g_array_index(ids, gint64, i),
                               g_array_index(ids, gint64, first), error))
            return FALSE;
    }
    return TRUE;
}

gboolean write_person(Run *run, guint i, GError **error)
{
    const PersonResult *people = run->people;
    const char *role = mention_role(facts_mention_at(run->facts, i).ref);
    const char *entity = facts_mention_at(run->facts, people->entity[i]).ref;
    return store_set_person(run->store, facts_mention_id(run->facts, i), role, entity,
                            people->probability[i], error);
}

gboolean write_person_edge(Run *run, guint i, GError **error)
{
    const PersonEdge *edge = &g_array_index(run->people->edges, PersonEdge, i);
    g_autoptr(Evidence) evidence = person_edge_evidence(run->people, i);
    const LinkRow row = {.kind = "person",
                         .left = facts_mention_at(run->facts, edge->left).ref,
                         .right = facts_mention_at(run->facts, edge->right).ref,
                         .tier = "",
                         .bits = edge->bits,
                         .probability = edge->probability};
    return store_put_link(run->store, &row, evidence, error);
}

gboolean write_people(Run *run, GError **error)
{
    guint n = run->facts->mentions->len;
    for (guint i = 0; i < n; i++)
        if (!write_person(run, run->found.mention[i], error))
            return FALSE;
    for (guint i = 0; i < run->people->edges->len; i++)
        if (!write_person_edge(run, i, error))
            return FALSE;
    return store_index_results(run->store, "person", error) &&
           store_index_results(run->store, "link", error);
}
