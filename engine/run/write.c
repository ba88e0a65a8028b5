/*
 * What the matching stages found, into the store: in the order of the tables, so that rows are
 * appended, and with the indexes built behind them.
 */
#include <string.h>

#include "engine/base/union.h"
#include "engine/run/stages.h"
#include "engine/store/result.h"

static const Firearm *firearm_at(const Run *run, guint i)
{
    return &g_array_index(run->facts->firearms, Firearm, i);
}

static const PersonMention *mention_at(const Run *run, guint i)
{
    return &g_array_index(run->facts->mentions, PersonMention, i);
}

gboolean write_link(Run *run, const FirearmLink *link, GError **error)
{
    return store_put_link(run->store, "serial", firearm_at(run, link->left)->ref,
                          firearm_at(run, link->right)->ref, tier_name(link->tier), link->bits,
                          link->probability, link->chance_matches, link->evidence, error);
}

gboolean write_links(Run *run, GError **error)
{
    guint n = run->facts->firearms->len;
    g_autofree guint *parent = union_new(n);
    for (guint i = 0; i < run->links->len; i++) {
        const FirearmLink *link = &g_array_index(run->links, FirearmLink, i);
        if (!write_link(run, link, error))
            return FALSE;
        if (link->probability >= SAME_FIREARM)
            union_join(parent, link->left, link->right);
    }
    for (guint i = 0; i < n; i++) {
        /* facts are in reference order, so the root is the smallest reference; alone, they are
         * there already */
        guint root = union_root(parent, i);
        if (root != i && !store_put_firearm(run->store, firearm_at(run, i)->ref,
                                            firearm_at(run, root)->ref, error))
            return FALSE;
    }
    return TRUE;
}

gboolean write_person(Run *run, guint i, GError **error)
{
    const PersonResult *people = run->people;
    const char *role = strrchr(mention_at(run, i)->ref, ':') + 1;
    return store_set_person(run->store, g_array_index(run->facts->mention_id, gint64, i), role,
                            mention_at(run, people->entity[i])->ref, people->probability[i], error);
}

gboolean write_person_edge(Run *run, guint i, GError **error)
{
    const PersonEdge *edge = &g_array_index(run->people->edges, PersonEdge, i);
    g_autoptr(Evidence) evidence = person_edge_evidence(run->people, i);
    return store_put_link(run->store, "person", mention_at(run, edge->left)->ref,
                          mention_at(run, edge->right)->ref, "", edge->bits, edge->probability, 0,
                          evidence, error);
}

/* Mentions in the order of the table: by the number of their record. */
static guint *by_record(const Facts *facts)
{
    guint n = facts->mention_id->len;
    const gint64 *id = (const gint64 *)(gpointer)facts->mention_id->data;
    gint64 last = 0;
    for (guint i = 0; i < n; i++)
        last = MAX(last, id[i]);
    g_autofree guint *place = g_new0(guint, last + 2);
    guint *order = g_new0(guint, n + 1);
    for (guint i = 0; i < n; i++)
        place[id[i] + 1]++;
    for (gint64 r = 0; r < last; r++)
        place[r + 1] += place[r];
    for (guint i = 0; i < n; i++)
        order[place[id[i]]++] = i;
    return order;
}

gboolean write_people(Run *run, GError **error)
{
    guint n = run->facts->mentions->len;
    g_autofree guint *order = by_record(run->facts);
    for (guint i = 0; i < n; i++)
        if (!write_person(run, order[i], error))
            return FALSE;
    for (guint i = 0; i < run->people->edges->len; i++)
        if (!write_person_edge(run, i, error))
            return FALSE;
    return store_index_results(run->store, "person", error) &&
           store_index_results(run->store, "link", error);
}
