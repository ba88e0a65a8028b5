/*
 * What the matching stages of a full run found, as others read it before it is in the store: which
 * records are one firearm, whose mention is whose, which links there are. write.c writes the same.
 */
#include <string.h>

#include "engine/base/union.h"
#include "engine/run/stages.h"

static gint64 largest(const GArray *ids)
{
    gint64 last = 0;
    for (guint i = 0; i < ids->len; i++)
        last = MAX(last, g_array_index(ids, gint64, i));
    return last;
}

/* Facts are in reference order, so that the root of those that links join is the smallest. */
static guint *firearms_of(const Run *run)
{
    guint n = run->facts->firearm_id->len;
    guint *parent = union_new(n);
    g_autofree gboolean *joined = g_new0(gboolean, n + 1);
    for (guint i = 0; i < run->links->len; i++) {
        const FirearmLink *link = &g_array_index(run->links, FirearmLink, i);
        if (link->probability >= SAME_FIREARM)
            union_join(parent, link->left, link->right);
    }
    for (guint i = 0; i < n; i++)
        if (union_root(parent, i) != i)
            joined[i] = joined[union_root(parent, i)] = TRUE;
    for (guint i = 0; i < n; i++)
        parent[i] = joined[i] ? union_root(parent, i) : NO_OTHER;
    return parent;
}

/* Mentions in the order of the store's table: by the number of their record. */
static guint *mentions_by_record(const Facts *facts)
{
    guint n = facts->mentions->len;
    gint64 last = 0;
    for (guint i = 0; i < n; i++)
        last = MAX(last, facts_mention_id(facts, i));
    g_autofree guint *place = g_new0(guint, last + 2);
    guint *order = g_new0(guint, n + 1);
    for (guint i = 0; i < n; i++)
        place[facts_mention_id(facts, i) + 1]++;
    for (gint64 r = 0; r < last; r++)
        place[r + 1] += place[r];
    for (guint i = 0; i < n; i++)
        order[place[facts_mention_id(facts, i)]++] = i;
    return order;
}

static const char *found_firearm(gconstpointer data, gint64 record)
{
    const Run *run = data;
    guint32 place = record <= run->found.last ? run->found.place[record] : 0;
    guint first = place ? run->found.firearm[place - 1] : NO_OTHER;
    return first != NO_OTHER ? facts_firearm_ref(run->facts, first) : NULL;
}

/* Mentions are asked for in the order in which they lie: after so many, those behind are let go. */
#define LET_GO (1u << 18)

static gboolean found_mention(gconstpointer data, guint i, FoundPerson *person)
{
    const Run *run = data;
    if (i >= run->facts->mentions->len)
        return FALSE;
    guint mention = run->found.mention[i];
    if (i % LET_GO == LET_GO - 1)
        facts_rest(run->facts);
    *person =
        (FoundPerson){.record = facts_mention_id(run->facts, mention),
                      .role = mention_role(facts_mention_at(run->facts, mention).ref),
                      .entity = facts_mention_at(run->facts, run->people->entity[mention]).ref,
                      .probability = run->people->probability[mention]};
    return TRUE;
}

static gboolean found_joined(gconstpointer data, guint i, FoundLink *found)
{
    const Run *run = data;
    if (i >= run->links->len)
        return FALSE;
    const FirearmLink *link = &g_array_index(run->links, FirearmLink, i);
    *found = (FoundLink){facts_firearm_ref(run->facts, link->left),
                         facts_firearm_ref(run->facts, link->right), link->probability};
    return TRUE;
}

void found_make(Run *run)
{
    const GArray *ids = run->facts->firearm_id;
    gint64 last = largest(ids);
    run->found = (RunFound){.firearm = firearms_of(run),
                            .place = g_new0(guint32, last + 1),
                            .last = last,
                            .mention = mentions_by_record(run->facts),
                            .given = {run, found_firearm, found_mention, found_joined}};
    for (guint i = 0; i < ids->len; i++)
        run->found.place[g_array_index(ids, gint64, i)] = i + 1;
}

void found_clear(Run *run)
{
    g_free(run->found.firearm);
    g_free(run->found.place);
    g_free(run->found.mention);
    run->found = (RunFound){0};
}
