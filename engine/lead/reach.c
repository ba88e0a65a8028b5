/*
 * What hangs together with records that changed, or with subjects that speak of fewer: from record
 * to record over the stars of edges in which something came up in Canada, and over the leads that
 * are there, as far as that goes. What is not reached makes the groups that it made before.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/lead/group.h"
#include "engine/store/changes.h"

/* What is asked of the store about one record, or one lead. */
enum { ASK_FLAGS, ASK_INDICATED, ASK_LEADS, ASK_MEMBERS, ASK_JOINING, ASK_COUNT };

static const char *const QUESTIONS[ASK_COUNT] = {
    /* Most are not of Canada and alone: of them, no row is read but their own. */
    [ASK_FLAGS] = "SELECT ifnull(r.event_country = 'CAN' AND"
                  " (SELECT country = 'CAN' FROM firearms WHERE record = ?1), 0)"
                  " + 2 * (r.event_country IS 'CAN' OR EXISTS (SELECT 1 FROM firearm h"
                  " JOIN record g ON g.record_id = h.record_id WHERE h.group_id = f.group_id"
                  " AND h.record_id <> r.record_id AND g.event_country = 'CAN'))"
                  " + 4 * EXISTS (SELECT 1 FROM indicator WHERE record = ?1 AND bits > 0)"
                  " FROM record r JOIN firearm f ON f.record_id = r.record_id WHERE r.ref = ?1"
                  " UNION ALL SELECT 0 LIMIT 1",
    [ASK_INDICATED] = "SELECT 4 * EXISTS (SELECT 1 FROM indicator WHERE record = ?1 AND bits > 0)",
    [ASK_LEADS] = "SELECT lead_id FROM lead_record WHERE record = ?1",
    [ASK_MEMBERS] = "SELECT record FROM lead_record WHERE lead_id = ?1 ORDER BY record",
    [ASK_JOINING] = ("SELECT record, subject FROM indicator"
                     " WHERE indicator = ?1 AND bits > 0 AND bits >= ?2"),
};

/* As ASK_FLAGS answers. */
enum { REACH_CANADIAN = 1, REACH_FOUND = 2, REACH_INDICATED = 4, REACH_ASKED = 8 };

typedef struct {
    Store *store;
    const Views *views; /* copies that tell of firearms; NULL: the store does */
    Gather *gather;
    GHashTable *changed; /* references: those of the queue as it begins */
    GHashTable *leads;
    GHashTable *flags;    /* reference (own) -> REACH_...; FOUND: some record of the firearm was */
    GHashTable *reached;  /* references */
    GPtrArray *queue;     /* the same (own), in the order in which they were found */
    GHashTable *edges[2]; /* reference -> GPtrArray of StoredEdge: those read ahead, by end */
    GHashTable *centres;  /* references (own) whose stars were looked at */
    GHashTable *subjects; /* "indicator\nsubject" (own) -> GPtrArray of char *: its records */
    GHashTable *joining;  /* reference -> GPtrArray of keys of subjects */
    sqlite3_stmt *ask[ASK_COUNT];
} Reach;

static void reach_clear(Reach *reach)
{
    g_hash_table_unref(reach->joining);
    g_hash_table_unref(reach->subjects);
    g_hash_table_unref(reach->centres);
    for (guint left = 0; left < G_N_ELEMENTS(reach->edges); left++)
        g_hash_table_unref(reach->edges[left]);
    g_hash_table_unref(reach->reached);
    g_hash_table_unref(reach->changed);
    g_ptr_array_unref(reach->queue);
    g_hash_table_unref(reach->flags);
    for (guint i = 0; i < ASK_COUNT; i++)
        sqlite3_finalize(reach->ask[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reach, reach_clear)

static gboolean ask_failed(Reach *reach, GError **error)
{
    return error_set(error, STATUS_STORE, "cannot gather leads: %s",
                     sqlite3_errmsg(store_handle(reach->store)));
}

static gboolean reach_init(Reach *reach, GError **error)
{
    GDestroyNotify array_free = (GDestroyNotify)g_ptr_array_unref;
    reach->flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reach->reached = g_hash_table_new(g_str_hash, g_str_equal);
    reach->changed = g_hash_table_new(g_str_hash, g_str_equal);
    reach->queue = g_ptr_array_new_with_free_func(g_free);
    for (guint left = 0; left < G_N_ELEMENTS(reach->edges); left++)
        reach->edges[left] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, array_free);
    reach->centres = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reach->subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, array_free);
    reach->joining = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, array_free);
    for (guint i = 0; i < ASK_COUNT; i++)
        if (sqlite3_prepare_v2(store_handle(reach->store), QUESTIONS[i], -1, &reach->ask[i],
                               NULL) != SQLITE_OK)
            return ask_failed(reach, error);
    return TRUE;
}

/* The answers to a question, as far as they are texts: of char *. */
static GPtrArray *answers(Reach *reach, guint question, const char *about, GError **error)
{
    sqlite3_stmt *stmt = reach->ask[question];
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    sqlite3_reset(stmt);
    sqlite3_bind_text(stmt, 1, about, -1, SQLITE_TRANSIENT);
    if (question == ASK_JOINING)
        sqlite3_bind_double(stmt, 2, reach->gather->rules->join_bits);
    int status;
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(stmt); i++)
            g_ptr_array_add(texts, g_strdup((const char *)sqlite3_column_text(stmt, i)));
    sqlite3_reset(stmt);
    if (status == SQLITE_DONE)
        return g_steal_pointer(&texts);
    ask_failed(reach, error);
    return NULL;
}

/* What the copies tell of where it came up; FALSE: nothing. */
static gboolean came_up(const Reach *reach, const char *ref, guint *flags)
{
    gboolean itself = FALSE, firearm = FALSE;
    if (!reach->views || !views_came_up(reach->views, ref, "CAN", &itself, &firearm))
        return FALSE;
    *flags |= (itself ? REACH_CANADIAN : 0) | (firearm ? REACH_FOUND : 0);
    return TRUE;
}

static gboolean flags_of(Reach *reach, const char *ref, guint *flags, GError **error)
{
    *flags = GPOINTER_TO_UINT(g_hash_table_lookup(reach->flags, ref));
    if (*flags)
        return TRUE;
    sqlite3_stmt *stmt = reach->ask[came_up(reach, ref, flags) ? ASK_INDICATED : ASK_FLAGS];
    sqlite3_reset(stmt);
    sqlite3_bind_text(stmt, 1, ref, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return ask_failed(reach, error);
    *flags |= REACH_ASKED | (guint)sqlite3_column_int(stmt, 0);
    sqlite3_reset(stmt);
    g_hash_table_insert(reach->flags, g_strdup(ref), GUINT_TO_POINTER(*flags));
    return TRUE;
}

static void reach_ref(Reach *reach, const char *ref)
{
    if (g_hash_table_contains(reach->reached, ref))
        return;
    char *kept = g_strdup(ref);
    g_ptr_array_add(reach->queue, kept);
    g_hash_table_add(reach->reached, kept);
}

/* Edges that gather, by the star that they are of. */
static gint compare_stars(gconstpointer a, gconstpointer b)
{
    const StoredEdge *x = *(StoredEdge *const *)a, *y = *(StoredEdge *const *)b;
    int order = (int)share_of(x->kind) - (int)share_of(y->kind);
    return order ? order : g_strcmp0(x->value, y->value);
}

static GPtrArray *edges_at(Reach *reach, const char *ref, gboolean left, GError **error)
{
    gpointer ahead = NULL;
    if (g_hash_table_steal_extended(reach->edges[left], ref, NULL, &ahead))
        return ahead;
    g_autoptr(GPtrArray) edges = g_ptr_array_new_with_free_func((GDestroyNotify)stored_edge_free);
    if (!store_edges_of(reach->store, ref, left, edges, error))
        return NULL;
    for (guint i = edges->len; i > 0; i--)
        if (((const StoredEdge *)edges->pdata[i - 1])->weight < GATHER_WEIGHT)
            g_ptr_array_remove_index_fast(edges, i - 1);
    g_ptr_array_sort(edges, compare_stars);
    return g_steal_pointer(&edges);
}

/* Members of one star: of const char *, the centre first. Where one of them was found in Canada, or
 * changed, all that it can join or have stand beside is reached. */
static gboolean reach_star(Reach *reach, Share share, const GPtrArray *members, GError **error)
{
    g_autofree guint *flags = g_new0(guint, members->len);
    gboolean matters = FALSE;
    for (guint i = 0; i < members->len; i++) {
        if (!flags_of(reach, members->pdata[i], &flags[i], error))
            return FALSE;
        matters |=
            (flags[i] & REACH_FOUND) || g_hash_table_contains(reach->changed, members->pdata[i]);
    }
    for (guint i = 0; matters && i < members->len; i++)
        if ((flags[i] & REACH_FOUND) || (share != SHARE_OTHER && (flags[i] & REACH_INDICATED)))
            reach_ref(reach, members->pdata[i]);
    return TRUE;
}

/* All stars around a record; once. */
static gboolean reach_stars(Reach *reach, const char *centre, GError **error)
{
    if (!g_hash_table_add(reach->centres, g_strdup(centre)))
        return TRUE;
    g_autoptr(GPtrArray) edges = edges_at(reach, centre, TRUE, error);
    g_autoptr(GPtrArray) members = g_ptr_array_new();
    for (guint from = 0, to = 0; edges && from < edges->len; from = to) {
        const StoredEdge *first = edges->pdata[from];
        g_ptr_array_set_size(members, 0);
        g_ptr_array_add(members, first->left);
        for (; to < edges->len && compare_stars(&edges->pdata[from], &edges->pdata[to]) == 0;
             to++) {
            const StoredEdge *edge = edges->pdata[to];
            gather_edge(reach->gather, edge->left, edge->right, edge->kind, edge->value,
                        edge->weight);
            g_ptr_array_add(members, edge->right);
        }
        if (!reach_star(reach, share_of(first->kind), members, error))
            return FALSE;
    }
    return edges != NULL;
}

/* Indicators that join what they speak of: which records, by subject. */
static gboolean read_subjects(Reach *reach, GError **error)
{
    for (char **rule = reach->gather->rules->joins; rule && *rule; rule++) {
        g_autoptr(GPtrArray) cells = answers(reach, ASK_JOINING, *rule, error);
        for (guint i = 0; cells && i < cells->len; i += 2) {
            char *ref = g_string_chunk_insert_const(reach->gather->text, cells->pdata[i]);
            g_autofree char *key = g_strconcat(*rule, "\n", (char *)cells->pdata[i + 1], NULL);
            GPtrArray *records = g_hash_table_lookup(reach->subjects, key);
            GPtrArray *subjects = g_hash_table_lookup(reach->joining, ref);
            if (!records) {
                records = g_ptr_array_new();
                g_hash_table_insert(reach->subjects, g_strdup(key), records);
            }
            if (!subjects) {
                subjects = g_ptr_array_new_with_free_func(g_free);
                g_hash_table_insert(reach->joining, ref, subjects);
            }
            g_ptr_array_add(records, ref);
            g_ptr_array_add(subjects, g_steal_pointer(&key));
        }
        if (!cells)
            return FALSE;
    }
    return TRUE;
}

/* What an indicator joins with a record. */
static gboolean reach_subjects(Reach *reach, const char *ref, GError **error)
{
    const GPtrArray *subjects = g_hash_table_lookup(reach->joining, ref);
    for (guint i = 0; subjects && i < subjects->len; i++) {
        const char *key = subjects->pdata[i], *subject = strchr(key, '\n') + 1;
        g_autofree char *rule = g_strndup(key, (gsize)(subject - key) - 1);
        gather_joining(reach->gather, ref, rule, subject);
        if (!reach_star(reach, SHARE_OTHER, g_hash_table_lookup(reach->subjects, key), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean reach_lead(Reach *reach, const char *lead_id, GError **error)
{
    if (g_hash_table_contains(reach->leads, lead_id))
        return TRUE;
    GPtrArray *members = answers(reach, ASK_MEMBERS, lead_id, error);
    if (!members)
        return FALSE;
    g_hash_table_insert(reach->leads, g_strdup(lead_id), members);
    for (guint i = 0; i < members->len; i++)
        reach_ref(reach, members->pdata[i]);
    return TRUE;
}

static gboolean reach_from(Reach *reach, const char *ref, GError **error)
{
    g_autoptr(GPtrArray) edges = edges_at(reach, ref, FALSE, error);
    g_autoptr(GPtrArray) leads = answers(reach, ASK_LEADS, ref, error);
    if (!edges || !leads || !reach_stars(reach, ref, error) || !reach_subjects(reach, ref, error))
        return FALSE;
    for (guint i = 0; i < edges->len; i++)
        if (!reach_stars(reach, ((const StoredEdge *)edges->pdata[i])->left, error))
            return FALSE;
    for (guint i = 0; i < leads->len; i++)
        if (!reach_lead(reach, leads->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* What is said of what was reached. */
static gboolean take_flags(Reach *reach, GError **error)
{
    for (guint i = 0; i < reach->queue->len; i++) {
        const char *ref = reach->queue->pdata[i];
        guint flags;
        if (!flags_of(reach, ref, &flags, error))
            return FALSE;
        if (flags & REACH_INDICATED)
            gather_indicated(reach->gather, ref);
        if (flags & REACH_CANADIAN)
            gather_canadian(reach->gather, ref);
    }
    return TRUE;
}

/* What a subject joined by way of a record that it speaks of no more. */
static gboolean reach_dropped(Reach *reach, GHashTable *subjects, GError **error)
{
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(subjects), (GCompareFunc)strcmp);
    for (const GList *key = keys; key; key = key->next) {
        const GPtrArray *records = g_hash_table_lookup(reach->subjects, key->data);
        if (records && !reach_star(reach, SHARE_OTHER, records, error))
            return FALSE;
    }
    return TRUE;
}

/* What changed, and all of one firearm with it: that it came up in Canada may have been known of
 * the record that changed alone. In order, as the rows that are read of them lie. */
static gboolean reach_changed(Reach *reach, GHashTable *records, GError **error)
{
    g_autoptr(GList) refs = g_list_sort(g_hash_table_get_keys(records), (GCompareFunc)strcmp);
    for (const GList *ref = refs; ref; ref = ref->next)
        reach_ref(reach, ref->data);
    for (guint i = 0; i < reach->queue->len; i++) {
        char *changed = reach->queue->pdata[i];
        g_hash_table_add(reach->changed, changed);
        for (guint left = 0; left < G_N_ELEMENTS(reach->edges); left++) {
            GPtrArray *edges = edges_at(reach, changed, (gboolean)left, error);
            if (!edges)
                return FALSE;
            for (guint e = 0; e < edges->len; e++) {
                const StoredEdge *edge = edges->pdata[e];
                if (share_of(edge->kind) == SHARE_FIREARM)
                    reach_ref(reach, left ? edge->right : edge->left);
            }
            g_hash_table_insert(reach->edges[left], changed, edges);
        }
    }
    return TRUE;
}

gboolean gather_reached(Gather *gather, Store *store, const LeadInputs *inputs,
                        const LeadChange *change, GHashTable *leads, GError **error)
{
    g_auto(Reach)
        reach = {.store = store, .views = inputs->views, .gather = gather, .leads = leads};
    if (!reach_init(&reach, error) || !read_subjects(&reach, error) ||
        !reach_changed(&reach, change->records, error) ||
        !reach_dropped(&reach, change->subjects, error))
        return FALSE;
    for (guint i = 0; i < reach.queue->len; i++)
        if (!reach_from(&reach, reach.queue->pdata[i], error))
            return FALSE;
    return take_flags(&reach, error);
}
