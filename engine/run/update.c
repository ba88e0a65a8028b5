/*
 * What an incremental run found, into the store: only rows that are others than they were are
 * written, and whose they are is noted in the scope, for the stages that follow. After it the
 * store holds what a full run would have written (write.c).
 */
#include <string.h>

#include "engine/base/union.h"
#include "engine/run/stages.h"
#include "engine/store/result.h"

/* Stored links by their ends, of which those that stay are taken out. */
typedef struct {
    GPtrArray *stored;
    GHashTable *by_ends; /* "left\nright" (own) -> StoredLink */
} Former;

static void former_clear(Former *former)
{
    g_clear_pointer(&former->by_ends, g_hash_table_unref);
    g_clear_pointer(&former->stored, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Former, former_clear)

static gboolean former_read(Former *former, Run *run, const char *kind, const GPtrArray *refs,
                            GError **error)
{
    former->stored = store_links_of(run->store, kind, refs, error);
    if (!former->stored)
        return FALSE;
    former->by_ends = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < former->stored->len; i++) {
        StoredLink *link = former->stored->pdata[i];
        g_hash_table_insert(former->by_ends, g_strconcat(link->left, "\n", link->right, NULL),
                            link);
    }
    return TRUE;
}

/* Is the link there as it is? Then it stays; its evidence is the same unless an end changed. */
static gboolean former_keeps(Former *former, const Scope *scope, const StoredLink *now,
                             const char *left_record, const char *right_record)
{
    g_autofree char *key = g_strconcat(now->left, "\n", now->right, NULL);
    const StoredLink *was = g_hash_table_lookup(former->by_ends, key);
    if (!was || was->bits != now->bits || was->probability != now->probability ||
        was->chance_matches != now->chance_matches || strcmp(was->tier, now->tier) != 0 ||
        scope_touched(scope, left_record) || scope_touched(scope, right_record))
        return FALSE;
    g_hash_table_remove(former->by_ends, key);
    return TRUE;
}

typedef void (*Touch)(Scope *scope, const char *left, const char *right, double probability);

/* Is it not there any more? */
static gboolean former_drops(const Former *former, const StoredLink *link)
{
    g_autofree char *key = g_strconcat(link->left, "\n", link->right, NULL);
    return g_hash_table_contains(former->by_ends, key);
}

/* Drops what is not there any more, in the order in which it was read. */
static gboolean former_drop(Former *former, Run *run, Touch touch, GError **error)
{
    for (guint i = 0; i < former->stored->len; i++) {
        const StoredLink *link = former->stored->pdata[i];
        if (!former_drops(former, link))
            continue;
        touch(run->scope, link->left, link->right, link->probability);
        if (!store_drop_link(run->store, link, error))
            return FALSE;
    }
    return TRUE;
}

static gint compare_refs(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static guint place_of(const GPtrArray *refs, const char *ref)
{
    guint low = 0, high = refs->len;
    while (low + 1 < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(refs->pdata[middle], ref) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Record -> firearm for all that links join. */
static GHashTable *groups_of(const GPtrArray *links)
{
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    for (guint i = 0; i < links->len; i++) {
        const StoredLink *link = links->pdata[i];
        g_ptr_array_add(refs, link->left);
        g_ptr_array_add(refs, link->right);
    }
    g_ptr_array_sort(refs, compare_refs);
    g_autofree guint *parent = union_new(refs->len);
    for (guint i = 0; i < links->len; i++) {
        const StoredLink *link = links->pdata[i];
        union_join(parent, place_of(refs, link->left), place_of(refs, link->right));
    }
    for (guint i = 0; i < refs->len; i++) {
        const char *root = refs->pdata[union_root(parent, place_of(refs, refs->pdata[i]))];
        if (strcmp(root, refs->pdata[i]) != 0)
            g_hash_table_insert(groups, g_strdup(refs->pdata[i]), g_strdup(root));
    }
    return groups;
}

/* Of each firearm that is another now, all records are touched. */
static void touch_groups(Scope *scope, GHashTable *groups, GHashTable *changed)
{
    GHashTableIter iter;
    gpointer record, firearm;
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, &record, &firearm))
        if (g_hash_table_contains(changed, firearm)) {
            scope_touch(scope, record);
            scope_touch(scope, firearm);
        }
}

/* Gives every record its firearm where it had another, which was tells then, and notes both. */
static gboolean put_groups(Run *run, GHashTable *now, GHashTable *was, GHashTable *changed,
                           GError **error)
{
    GHashTableIter iter;
    gpointer record, firearm;
    g_hash_table_iter_init(&iter, now); /* their order does not matter: each has a row of its own */
    while (g_hash_table_iter_next(&iter, &record, &firearm)) {
        char *before;
        if (!store_get_firearm(run->store, record, &before, error))
            return FALSE;
        if (!before)
            continue;
        g_hash_table_insert(was, record, before);
        if (strcmp(before, firearm) == 0)
            continue;
        g_hash_table_add(changed, firearm);
        g_hash_table_add(changed, before);
        if (!store_put_firearm(run->store, record, firearm, error))
            return FALSE;
    }
    return TRUE;
}

/* Records and their firearms, borrowed, of all firearms that have one of these records. */
static GHashTable *groups_with(GHashTable *groups, GHashTable *ends)
{
    GHashTable *with = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) firearms = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer record, firearm;
    g_hash_table_iter_init(&iter, ends);
    while (g_hash_table_iter_next(&iter, &record, NULL)) {
        firearm = g_hash_table_lookup(groups, record);
        g_hash_table_add(firearms, firearm ? firearm : record);
    }
    g_hash_table_iter_init(&iter, firearms);
    while (g_hash_table_iter_next(&iter, &firearm, NULL))
        g_hash_table_insert(with, firearm, firearm);
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, &record, &firearm))
        if (g_hash_table_contains(firearms, firearm))
            g_hash_table_insert(with, record, firearm);
    return with;
}

/* Links that make firearms of records, taken out of those of some records; and ends of theirs, of
 * which these are the first. */
static GPtrArray *new_ends(const GPtrArray *of_some, GHashTable *seen, GPtrArray *links)
{
    GPtrArray *further = g_ptr_array_new();
    for (guint i = 0; i < of_some->len; i++) {
        const StoredLink *link = of_some->pdata[i];
        char *const ends[] = {link->left, link->right};
        if (link->probability < SAME_FIREARM)
            continue;
        g_ptr_array_add(links, of_some->pdata[i]);
        for (guint k = 0; k < G_N_ELEMENTS(ends); k++)
            if (g_hash_table_add(seen, ends[k]))
                g_ptr_array_add(further, ends[k]);
    }
    return further;
}

/* Stored links that join these records with others, and those with yet others; read (of what was
 * read, GPtrArray) owns them. */
static GPtrArray *links_around(Run *run, GHashTable *ends, GPtrArray *read, GError **error)
{
    g_autoptr(GPtrArray) links = g_ptr_array_new(), records = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer record;
    g_hash_table_iter_init(&iter, ends); /* a set is made of them */
    while (g_hash_table_iter_next(&iter, &record, NULL)) {
        g_hash_table_add(seen, record);
        g_ptr_array_add(records, record);
    }
    while (records->len) {
        GPtrArray *of_some = store_links_of(run->store, "serial", records, error);
        if (!of_some)
            return NULL;
        g_ptr_array_add(read, of_some);
        g_ptr_array_unref(records);
        records = new_ends(of_some, seen, links);
    }
    return g_steal_pointer(&links);
}

/* Firearms are others where a link joins records that it did not join, or joins them no more, and
 * nowhere else: each part that one falls into has an end of a link that is gone. */
static gboolean update_groups(Run *run, GHashTable *ends, GError **error)
{
    g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) links = links_around(run, ends, read, error);
    if (!links)
        return FALSE;
    g_autoptr(GHashTable) groups = groups_of(links);
    g_autoptr(GHashTable) now = groups_with(groups, ends);
    g_autoptr(GHashTable) was = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GHashTable) changed = g_hash_table_new(g_str_hash, g_str_equal);
    if (!put_groups(run, now, was, changed, error))
        return FALSE;
    touch_groups(run->scope, was, changed);
    touch_groups(run->scope, now, changed);
    return TRUE;
}

/* A link that makes no firearm of two records changes nothing of either: no view shows them
 * otherwise, no edge is made of it. */
static void touch_link(Scope *scope, const char *left, const char *right, double probability)
{
    if (probability >= SAME_FIREARM) {
        scope_touch(scope, left);
        scope_touch(scope, right);
    } else {
        g_ptr_array_add(scope->weighed, g_strdup(left));
        g_ptr_array_add(scope->weighed, g_strdup(right));
    }
}

/* Ends of links that made one firearm of two records and are dropped. */
static void note_ends(const Former *former, GHashTable *ends)
{
    for (guint i = 0; i < former->stored->len; i++) {
        const StoredLink *link = former->stored->pdata[i];
        if (link->probability >= SAME_FIREARM && former_drops(former, link)) {
            g_hash_table_add(ends, link->left);
            g_hash_table_add(ends, link->right);
        }
    }
}

gboolean update_links(Run *run, GError **error)
{
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_auto(Former) former = {0};
    for (guint i = 0; i < run->facts->firearms->len; i++)
        if (run->affected[i])
            g_ptr_array_add(refs, (gpointer)facts_firearm_at(run->facts, i)->ref);
    if (!former_read(&former, run, "serial", refs, error))
        return FALSE;
    g_autoptr(GArray) fresh = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < run->links->len; i++) {
        const FirearmLink *link = &g_array_index(run->links, FirearmLink, i);
        const char *left = facts_firearm_at(run->facts, link->left)->ref;
        const char *right = facts_firearm_at(run->facts, link->right)->ref;
        StoredLink now = {.left = (char *)left,
                          .right = (char *)right,
                          .tier = (char *)tier_name(link->tier),
                          .bits = link->bits,
                          .probability = link->probability,
                          .chance_matches = link->chance_matches};
        if (!former_keeps(&former, run->scope, &now, left, right))
            g_array_append_val(fresh, i);
    }
    if (!former_drop(&former, run, touch_link, error))
        return FALSE;
    g_autoptr(GHashTable) ends = g_hash_table_new(g_str_hash, g_str_equal);
    note_ends(&former, ends);
    for (guint i = 0; i < fresh->len; i++) {
        const FirearmLink *link =
            &g_array_index(run->links, FirearmLink, g_array_index(fresh, guint, i));
        const char *left = facts_firearm_at(run->facts, link->left)->ref;
        const char *right = facts_firearm_at(run->facts, link->right)->ref;
        touch_link(run->scope, left, right, link->probability);
        if (link->probability >= SAME_FIREARM) {
            g_hash_table_add(ends, (gpointer)left);
            g_hash_table_add(ends, (gpointer)right);
        }
        if (!write_link(run, link, error))
            return FALSE;
    }
    return update_groups(run, ends, error);
}

/* No view, edge or lead tells of what joins two mentions: whose they are is told by itself. */
static void touch_nothing(G_GNUC_UNUSED Scope *scope, G_GNUC_UNUSED const char *left,
                          G_GNUC_UNUSED const char *right, G_GNUC_UNUSED double probability)
{
}

static void touch_entity(Scope *scope, const char *entity)
{
    if (entity && !g_hash_table_contains(scope->entities, entity))
        g_hash_table_add(scope->entities, g_strdup(entity));
}

static gboolean update_person(Run *run, guint i, GError **error)
{
    const PersonMention mention = facts_mention_at(run->facts, i);
    const char *role = mention_role(mention.ref);
    const char *entity = facts_mention_at(run->facts, run->people->entity[i]).ref;
    gint64 id = facts_mention_id(run->facts, i);
    g_autofree char *was = NULL;
    double probability = 0;
    if (!store_get_person(run->store, id, role, &was, &probability, error))
        return FALSE;
    if (g_strcmp0(was, entity) == 0 && probability == run->people->probability[i])
        return TRUE;
    scope_touch(run->scope, mention.record);
    touch_entity(run->scope, was);
    touch_entity(run->scope, entity);
    return write_person(run, i, error);
}

gboolean update_people(Run *run, GError **error)
{
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    g_auto(Former) former = {0};
    for (guint i = 0; i < run->facts->mentions->len; i++)
        if (run->people->resolved[i])
            g_ptr_array_add(refs, (gpointer)facts_mention_at(run->facts, i).ref);
    /* mentions that are gone leave links behind */
    const Facts *gone = run->scope->former;
    for (guint i = 0; i < gone->mentions->len; i++)
        g_ptr_array_add(refs, (gpointer)facts_mention_at(gone, i).ref);
    if (!former_read(&former, run, "person", refs, error))
        return FALSE;
    g_autoptr(GArray) fresh = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < run->people->edges->len; i++) {
        const PersonEdge *edge = &g_array_index(run->people->edges, PersonEdge, i);
        const PersonMention left = facts_mention_at(run->facts, edge->left);
        const PersonMention right = facts_mention_at(run->facts, edge->right);
        char none[] = "";
        StoredLink now = {.left = (char *)left.ref,
                          .right = (char *)right.ref,
                          .tier = none,
                          .bits = edge->bits,
                          .probability = edge->probability};
        if (!former_keeps(&former, run->scope, &now, left.record, right.record))
            g_array_append_val(fresh, i);
    }
    if (!former_drop(&former, run, touch_nothing, error))
        return FALSE;
    for (guint i = 0; i < fresh->len; i++)
        if (!write_person_edge(run, g_array_index(fresh, guint, i), error))
            return FALSE;
    for (guint i = 0; i < run->facts->mentions->len; i++)
        if (run->people->resolved[i] && !update_person(run, i, error))
            return FALSE;
    return TRUE;
}

gboolean update_marks(Run *run, GError **error)
{
    const GPtrArray *read = marks_read(run->marks);
    for (guint i = 0; i < read->len; i++)
        if (!store_drop_markers(run->store, read->pdata[i], error))
            return FALSE;
    return write_marks(run, error);
}
