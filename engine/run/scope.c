/*
 * What changed since the last run: records, decisions, and what they said before. Whether that is
 * all is proved by the store (store_changes); if it is not, or rules or parameters are others,
 * there is no scope and everything is computed.
 */
#include <string.h>

#include "engine/run/stages.h"

static Scope *scope_new(void)
{
    Scope *scope = g_new0(Scope, 1);
    scope->firearms = g_array_new(FALSE, FALSE, sizeof(guint));
    scope->mentions = g_array_new(FALSE, FALSE, sizeof(guint));
    scope->marked = g_array_new(FALSE, FALSE, sizeof(gint64));
    scope->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    scope->weighed = g_ptr_array_new_with_free_func(g_free);
    scope->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    scope->joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return scope;
}

void scope_free(Scope *scope)
{
    if (!scope)
        return;
    store_changes_clear(&scope->changes);
    facts_free(scope->former);
    g_array_unref(scope->firearms);
    g_array_unref(scope->mentions);
    g_array_unref(scope->marked);
    g_hash_table_unref(scope->records);
    g_ptr_array_unref(scope->weighed);
    g_hash_table_unref(scope->entities);
    g_hash_table_unref(scope->joined);
    g_free(scope);
}

void scope_touch(Scope *scope, const char *ref)
{
    if (!g_hash_table_contains(scope->records, ref))
        g_hash_table_add(scope->records, g_strdup(ref));
}

gboolean scope_touched(const Scope *scope, const char *ref)
{
    return g_hash_table_contains(scope->records, ref);
}

gboolean scope_plan(Run *run, GError **error)
{
    g_autofree char *off = store_meta_get(run->store, META_OFF, NULL);
    if (run->options->full || run->estimate || !off || *off ||
        g_strcmp0(run->last.rules_hash, run->now.rules_hash) != 0)
        return TRUE;
    g_autoptr(Scope) scope = scope_new();
    if (!store_changes(run->store, &run->last, &scope->changes, error))
        return FALSE;
    if (!scope->changes.complete || scope->changes.dealers)
        return TRUE;
    run->now.changed = scope->changes.added->len + scope->changes.revised->len;
    g_free(run->now.kind);
    run->now.kind = g_strdup("incremental");
    run->scope = g_steal_pointer(&scope);
    return store_watch_results(run->store, error);
}

/* A flag for each changed record, by its number. */
static guint8 *changed_records(const Run *run)
{
    const StoreChanges *changes = &run->scope->changes;
    guint8 *changed = g_new0(guint8, run->now.last_record + 1);
    for (guint i = 0; i < changes->added->len; i++)
        changed[g_array_index(changes->added, gint64, i)] = 1;
    for (guint i = 0; i < changes->revised->len; i++)
        changed[g_array_index(changes->revised, gint64, i)] = 1;
    return changed;
}

static void note_changed(Run *run, const guint8 *changed)
{
    Scope *scope = run->scope;
    const Facts *facts = run->facts;
    for (guint i = 0; i < facts->firearms->len; i++)
        if (changed[g_array_index(facts->firearm_id, gint64, i)])
            g_array_append_val(scope->firearms, i);
    for (guint i = 0; i < facts->mentions->len; i++)
        if (changed[facts_mention_id(facts, i)])
            g_array_append_val(scope->mentions, i);
    for (guint i = 0; i < scope->changes.refs->len; i++)
        scope_touch(scope, scope->changes.refs->pdata[i]);
}

/* Narcotics are said of a seizure: all items of one that has a changed item are marked again. */
static void note_marked(Run *run, const guint8 *changed)
{
    Scope *scope = run->scope;
    g_autoptr(GHashTable) seizures = g_hash_table_new(g_str_hash, g_str_equal);
    const GArray *lists[] = {run->facts->firearms, scope->former->firearms};
    for (guint l = 0; l < G_N_ELEMENTS(lists); l++)
        for (guint i = 0; i < lists[l]->len; i++) {
            const Firearm *firearm = &g_array_index(lists[l], Firearm, i);
            if (firearm->seizure_no &&
                (l == 1 || changed[g_array_index(run->facts->firearm_id, gint64, i)]))
                g_hash_table_add(seizures, (gpointer)firearm->seizure_no);
        }
    for (guint i = 0; i < run->facts->firearms->len; i++) {
        const Firearm *firearm = &g_array_index(run->facts->firearms, Firearm, i);
        gint64 id = g_array_index(run->facts->firearm_id, gint64, i);
        if (changed[id] ||
            (firearm->seizure_no && g_hash_table_contains(seizures, firearm->seizure_no))) {
            g_array_append_val(scope->marked, id);
            scope_touch(scope, firearm->ref);
        }
    }
}

/* Decisions as they are now; what is left over was given to the last run and is gone. */
typedef struct {
    Run *run;
    GHashTable *now; /* "left\nright" -> place + 1, of the decisions now */
    const GArray *decisions;
    gboolean people;
} Compare;

static const char *ref_at(const Run *run, gboolean people, guint i)
{
    return people ? facts_mention_at(run->facts, i).ref : facts_firearm_ref(run->facts, i);
}

static void touch_end(Run *run, gboolean people, const char *ref)
{
    int at = people ? facts_mention(run->facts, ref) : facts_firearm(run->facts, ref);
    guint place = (guint)at;
    if (at < 0)
        return;
    g_array_append_val(people ? run->scope->mentions : run->scope->firearms, place);
    scope_touch(run->scope, people ? facts_mention_at(run->facts, place).record : ref);
}

static void compare_decision(const char *left, const char *right, gboolean same, gpointer data)
{
    Compare *compare = data;
    g_autofree char *key = g_strconcat(left, "\n", right, NULL);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(compare->now, key));
    if (at && g_array_index(compare->decisions, PersonDecision, at - 1).same == same) {
        g_hash_table_remove(compare->now, key);
        return;
    }
    touch_end(compare->run, compare->people, left);
    touch_end(compare->run, compare->people, right);
}

static gboolean note_decisions(Run *run, gboolean people, GError **error)
{
    const GArray *decisions = people ? run->person_decisions : run->link_decisions;
    g_autoptr(GHashTable) now = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < decisions->len; i++) {
        const PersonDecision *decision = &g_array_index(decisions, PersonDecision, i);
        g_hash_table_insert(now,
                            g_strconcat(ref_at(run, people, decision->left), "\n",
                                        ref_at(run, people, decision->right), NULL),
                            GUINT_TO_POINTER(i + 1));
    }
    Compare compare = {run, now, decisions, people};
    if (!store_visit_decisions(run->store, people ? "person" : "link", compare_decision, &compare,
                               error))
        return FALSE;
    GHashTableIter iter;
    gpointer at;
    g_hash_table_iter_init(&iter, now); /* their order does not matter: a set of places */
    while (g_hash_table_iter_next(&iter, NULL, &at)) {
        const PersonDecision *decision =
            &g_array_index(decisions, PersonDecision, GPOINTER_TO_UINT(at) - 1);
        touch_end(run, people, ref_at(run, people, decision->left));
        touch_end(run, people, ref_at(run, people, decision->right));
    }
    return TRUE;
}

static gint compare_places(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* In order, each once. */
static void tidy(GArray *places)
{
    guint n = 0;
    g_array_sort(places, compare_places);
    for (guint i = 0; i < places->len; i++)
        if (n == 0 || g_array_index(places, guint, n - 1) != g_array_index(places, guint, i))
            g_array_index(places, guint, n++) = g_array_index(places, guint, i);
    g_array_set_size(places, n);
}

gboolean scope_read(Run *run, GError **error)
{
    Scope *scope = run->scope;
    if (!scope)
        return TRUE;
    g_autofree guint8 *changed = changed_records(run);
    scope->former = facts_read_former(run->store, scope->changes.revised, &run->last, error);
    if (!scope->former)
        return FALSE;
    note_changed(run, changed);
    note_marked(run, changed);
    if (!note_decisions(run, FALSE, error) || !note_decisions(run, TRUE, error))
        return FALSE;
    tidy(scope->firearms);
    tidy(scope->mentions);
    return TRUE;
}

gboolean scope_keep_decisions(Run *run, GError **error)
{
    static const char *const types[] = {"link", "person"};
    const GArray *lists[] = {run->link_decisions, run->person_decisions};
    if (!store_clear_decisions(run->store, error))
        return FALSE;
    for (guint people = 0; people < G_N_ELEMENTS(lists); people++)
        for (guint i = 0; i < lists[people]->len; i++) {
            const PersonDecision *decision = &g_array_index(lists[people], PersonDecision, i);
            if (!store_put_decision(
                    run->store, types[people], ref_at(run, (gboolean)people, decision->left),
                    ref_at(run, (gboolean)people, decision->right), decision->same, error))
                return FALSE;
        }
    return TRUE;
}
