/*
 * The scope of the rules: the records whose rows in the views may be others. A row says what its
 * record says, who its people are, and what came up of its firearm: so these are the records that
 * were touched, and those of one firearm with a record that is new or revised.
 */
#include <string.h>

#include "engine/judgement/judgement.h"
#include "engine/run/stages.h"

/* From here on rules are as soon asked of everything. */
#define MOST_PERCENT 30

typedef struct {
    GHashTable *seen; /* references, those of refs */
    GPtrArray *refs;  /* of char *, own */
} Near;

static void note_near(const char *ref, gpointer data)
{
    Near *near = data;
    if (g_hash_table_contains(near->seen, ref))
        return;
    char *kept = g_strdup(ref);
    g_ptr_array_add(near->refs, kept);
    g_hash_table_add(near->seen, kept);
}

static gboolean find_near(const Run *run, Near *near, GError **error)
{
    const Scope *scope = run->scope;
    const GPtrArray *changed = scope->changes.refs;
    GHashTableIter iter;
    gpointer ref;
    g_hash_table_iter_init(&iter, scope->records); /* a set is made: no order */
    while (g_hash_table_iter_next(&iter, &ref, NULL))
        note_near(ref, near);
    for (guint i = 0; i < changed->len; i++)
        if (!store_visit_firearm(run->store, changed->pdata[i], note_near, near, error))
            return FALSE;
    return TRUE;
}

/* Is what people silenced what it was when the last run asked its rules? */
static void see_silenced(const char *left, const char *right, gboolean same, gpointer data)
{
    (void)same;
    g_ptr_array_add(data, g_strconcat(left, "\n", right, NULL));
}

static gboolean same_silenced(Run *run, gboolean *same, GError **error)
{
    g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) now =
        judgement_in_force(run->store, JUDGE_RULE, run->options->as_of, error);
    if (!now || !store_visit_decisions(run->store, "rule", see_silenced, before, error))
        return FALSE;
    *same = before->len == now->len;
    for (guint i = 0; i < now->len && *same; i++) {
        const Judgement *judgement = now->pdata[i];
        g_autofree char *key = g_strconcat(judgement->left, "\n", judgement->right, NULL);
        *same = g_ptr_array_find_with_equal_func(before, key, g_str_equal, NULL);
    }
    return TRUE;
}

gboolean scope_close(Run *run, GError **error)
{
    gboolean same = FALSE;
    if (!same_silenced(run, &same, error))
        return FALSE;
    if (!same)
        return TRUE;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    Near near = {seen, refs};
    if (!find_near(run, &near, error))
        return FALSE;
    run->scope->closed = refs->len <= run->now.records * MOST_PERCENT / 100;
    if (run->scope->closed)
        views_set_scope(run->views, refs);
    return TRUE;
}

gboolean scope_keep_silenced(Run *run, GError **error)
{
    g_autoptr(GPtrArray) now =
        judgement_in_force(run->store, JUDGE_RULE, run->options->as_of, error);
    if (!now)
        return FALSE;
    for (guint i = 0; i < now->len; i++) {
        const Judgement *judgement = now->pdata[i];
        if (!store_put_decision(run->store, "rule", judgement->left, judgement->right, TRUE, error))
            return FALSE;
    }
    return TRUE;
}
