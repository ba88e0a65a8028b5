/*
 * The scope of the rules: every record that is related to one that was touched, by one firearm,
 * one person or one case number, over any number of steps. What lies outside is related to nothing
 * that is another than it was, so that rules of related records say of it what they said.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/judgement/judgement.h"
#include "engine/run/stages.h"

/* From here on rules are as soon asked of everything. */
#define MOST_PERCENT 30

#define CASES 3 /* numbers that an observation may name */

typedef struct {
    const Run *run;
    GHashTable *seen; /* reference (own) */
    GPtrArray *queue; /* the same, in the order in which they were found */
    guint near;       /* so many of them are touched, or related to one that is */
    /* Who names a case: chains of places (observation * CASES + which) + 1, by a hash of the key of
     * the number, since making all the keys would take longer than all the rest. */
    guint32 *first, *next, mask;
    GHashTable *cases; /* keys (own) that were gone over */
} Closing;

static void reach(const char *ref, gpointer data)
{
    Closing *closing = data;
    if (g_hash_table_contains(closing->seen, ref))
        return;
    char *kept = g_strdup(ref);
    g_hash_table_add(closing->seen, kept);
    g_ptr_array_add(closing->queue, kept);
}

static void reach_mention(Closing *closing, const char *mention)
{
    g_autofree char *record = g_strndup(mention, (gsize)(strrchr(mention, ':') - mention));
    reach(record, closing);
}

/* A case number of an observation, whoever wrote it; may be NULL. */
static const char *case_of(const Firearm *firearm, guint which)
{
    const char *all[CASES] = {firearm->seizure_no, firearm->agency_case_no, firearm->occurrence_no};
    return all[which];
}

static const Firearm *firearm_at(const Closing *closing, guint i)
{
    return &g_array_index(closing->run->facts->firearms, Firearm, i);
}

/* Hash of text_key(number), which of a text in ASCII is its letters and digits. */
static guint32 case_hash(const char *number)
{
    guint32 hash = 2166136261u;
    for (const char *p = number; *p; p++) {
        if ((guchar)*p >= 0x80) {
            g_autofree char *key = text_key(number);
            return case_hash(key);
        }
        if (g_ascii_isalnum(*p))
            hash = (hash ^ (guchar)g_ascii_toupper(*p)) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static void index_cases(Closing *closing)
{
    guint n = closing->run->facts->firearms->len;
    while (closing->mask < n)
        closing->mask = closing->mask * 2 + 1;
    closing->first = g_new0(guint32, (gsize)closing->mask + 1);
    closing->next = g_new0(guint32, (gsize)n * CASES + 1);
    for (guint32 i = 0; i < n * CASES; i++) {
        const char *number = case_of(firearm_at(closing, i / CASES), i % CASES);
        if (!number)
            continue;
        guint32 *first = &closing->first[case_hash(number) & closing->mask];
        closing->next[i] = *first;
        *first = i + 1;
    }
}

/* All that name a case; it is gone over once. */
static void reach_case(Closing *closing, const char *number)
{
    g_autofree char *key = text_key(number);
    if (g_hash_table_contains(closing->cases, key))
        return;
    guint32 at = closing->first[case_hash(number) & closing->mask];
    for (; at; at = closing->next[at - 1]) {
        const Firearm *firearm = firearm_at(closing, (at - 1) / CASES);
        g_autofree char *other = text_key(case_of(firearm, (at - 1) % CASES));
        if (strcmp(key, other) == 0)
            reach(firearm->ref, closing);
    }
    g_hash_table_add(closing->cases, g_steal_pointer(&key));
}

static void reach_cases(Closing *closing, const Firearm *firearm)
{
    for (guint which = 0; which < CASES; which++)
        if (case_of(firearm, which))
            reach_case(closing, case_of(firearm, which));
}

static gboolean reach_all(Closing *closing, guint most, GError **error)
{
    const Facts *facts = closing->run->facts;
    const guint touched = closing->queue->len;
    for (guint i = 0; i < closing->queue->len && closing->queue->len <= most; i++) {
        if (i == touched)
            closing->near = closing->queue->len;
        const char *ref = closing->queue->pdata[i];
        int at = facts_firearm(facts, ref);
        if (at >= 0)
            reach_cases(closing, firearm_at(closing, (guint)at));
        if (!store_visit_related(closing->run->store, ref, reach, closing, error))
            return FALSE;
    }
    return TRUE;
}

/* What was touched, the people who are not who they were, and the cases of revised records. */
static gboolean reach_touched(Closing *closing, GError **error)
{
    const Scope *scope = closing->run->scope;
    g_autoptr(GPtrArray) mentions = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, scope->records); /* a set is made: no order */
    while (g_hash_table_iter_next(&iter, &key, NULL))
        reach(key, closing);
    g_hash_table_iter_init(&iter, scope->entities);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (!store_mentions_of(closing->run->store, key, mentions, error))
            return FALSE;
    if (indicators_may_ask(closing->run->rules->indicators, "links"))
        for (guint i = 0; i < scope->weighed->len; i++)
            reach(scope->weighed->pdata[i], closing);
    for (guint i = 0; i < mentions->len; i++)
        reach_mention(closing, mentions->pdata[i]);
    for (guint i = 0; i < scope->former->firearms->len; i++)
        reach_cases(closing, &g_array_index(scope->former->firearms, Firearm, i));
    return TRUE;
}

static gboolean close_over(Closing *closing, GError **error)
{
    Run *run = (Run *)closing->run;
    guint most = (guint)(run->now.records * MOST_PERCENT / 100);
    index_cases(closing);
    if (!reach_touched(closing, error) || !reach_all(closing, most, error))
        return FALSE;
    run->scope->closed = closing->queue->len <= most;
    return !run->scope->closed ||
           views_set_scope(run->views, closing->queue,
                           closing->near ? closing->near : closing->queue->len, error);
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
    Closing closing = {
        .run = run,
        .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .queue = g_ptr_array_new(),
        .cases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .mask = 1,
    };
    gboolean done = close_over(&closing, error);
    g_ptr_array_unref(closing.queue);
    g_hash_table_unref(closing.seen);
    g_hash_table_unref(closing.cases);
    g_free(closing.first);
    g_free(closing.next);
    return done;
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
