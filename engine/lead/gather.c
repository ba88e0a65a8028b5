/*
 * Gathers records into groups and has every group that holds Canadian evidence and an indicator
 * read, built and written as a lead. First the firearms that came up in Canada: their records are
 * joined (union-find) by all that they share. Then what is known of firearms that did not: such a
 * record stands beside the group whose firearm, person or case it shares, when an indicator speaks
 * of it, and joins nothing further; a shared door alone is context. Which groups there are does
 * not depend on the order of edges. A group that grew beyond measure over addresses and vehicles
 * is gathered again by firearm, person and case alone.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/union.h"
#include "engine/lead/parts.h"
#include "engine/store/schema.h"

typedef enum { SHARE_FIREARM, SHARE_PERSON, SHARE_CASE, SHARE_OTHER } Share;

/* Left is the centre of the star of all that share the value. */
typedef struct {
    guint32 left, right;
    const char *value;
    float weight;
    guint8 share;
} GatherEdge;

typedef struct {
    const LeadRules *rules;
    GHashTable *centres; /* indicator and subject that join -> node + 1 */
    GStringChunk *text;
    GHashTable *number; /* reference -> node + 1 */
    GPtrArray *refs;    /* of const char *, by node */
    GArray *edges;      /* of GatherEdge */
    GArray *flags;      /* of guint8, by node: NODE_... */
    guint32 *parent, *size;
} Gather;

enum { NODE_CANADIAN = 1, NODE_INDICATED = 2 };

#define NO_NODE G_MAXUINT32

static void gather_clear(Gather *gather)
{
    g_hash_table_unref(gather->centres);
    g_string_chunk_free(gather->text);
    g_hash_table_unref(gather->number);
    g_ptr_array_unref(gather->refs);
    g_array_unref(gather->edges);
    g_array_unref(gather->flags);
    g_free(gather->parent);
    g_free(gather->size);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gather, gather_clear)

static void gather_init(Gather *gather, const LeadRules *rules)
{
    *gather = (Gather){.rules = rules};
    gather->centres = g_hash_table_new(g_str_hash, g_str_equal);
    gather->text = g_string_chunk_new(1 << 16);
    gather->number = g_hash_table_new(g_str_hash, g_str_equal);
    gather->refs = g_ptr_array_new();
    gather->edges = g_array_new(FALSE, FALSE, sizeof(GatherEdge));
    gather->flags = g_array_new(FALSE, TRUE, sizeof(guint8));
}

static guint32 node_of(Gather *gather, const char *ref)
{
    gpointer known = g_hash_table_lookup(gather->number, ref);
    if (known)
        return GPOINTER_TO_UINT(known) - 1;
    char *kept = g_string_chunk_insert(gather->text, ref);
    guint8 none = 0;
    g_ptr_array_add(gather->refs, kept);
    g_array_append_val(gather->flags, none);
    g_hash_table_insert(gather->number, kept, GUINT_TO_POINTER(gather->refs->len));
    return gather->refs->len - 1;
}

static Share share_of(const char *kind)
{
    static const char *const kinds[] = {"same-firearm", "same-person", "same-case"};
    guint share = 0;
    while (share < G_N_ELEMENTS(kinds) && strcmp(kind, kinds[share]) != 0)
        share++;
    return (Share)share;
}

static void take_edge(Gather *gather, sqlite3_stmt *row)
{
    const char *value = (const char *)sqlite3_column_text(row, 3);
    GatherEdge edge = {node_of(gather, (const char *)sqlite3_column_text(row, 0)),
                       node_of(gather, (const char *)sqlite3_column_text(row, 1)),
                       g_string_chunk_insert_const(gather->text, value ? value : ""),
                       (float)sqlite3_column_double(row, 4),
                       share_of((const char *)sqlite3_column_text(row, 2))};
    g_array_append_val(gather->edges, edge);
}

/* What an indicator of the kind that joins says of several records makes a star of them. */
static void take_joining(Gather *gather, guint32 node, const char *indicator, const char *subject)
{
    g_autofree char *key = g_strdup_printf("%s %s", indicator, subject);
    const char *value = g_string_chunk_insert_const(gather->text, key);
    gpointer centre = g_hash_table_lookup(gather->centres, value);
    GatherEdge edge = {GPOINTER_TO_UINT(centre) - 1, node, value, 0.5, SHARE_OTHER};
    if (!centre)
        g_hash_table_insert(gather->centres, (gpointer)value, GUINT_TO_POINTER(node + 1));
    else if (edge.left != node)
        g_array_append_val(gather->edges, edge);
}

static void take_indicated(Gather *gather, sqlite3_stmt *row)
{
    guint32 node = node_of(gather, (const char *)sqlite3_column_text(row, 0));
    const char *indicator = (const char *)sqlite3_column_text(row, 1);
    g_array_index(gather->flags, guint8, node) |= NODE_INDICATED;
    if (word_in(gather->rules->joins, indicator))
        take_joining(gather, node, indicator, (const char *)sqlite3_column_text(row, 2));
}

static void take_canadian(Gather *gather, sqlite3_stmt *row)
{
    const char *ref = (const char *)sqlite3_column_text(row, 0);
    gpointer known = g_hash_table_lookup(gather->number, ref);
    if (known)
        g_array_index(gather->flags, guint8, GPOINTER_TO_UINT(known) - 1) |= NODE_CANADIAN;
}

typedef struct {
    const char *sql;
    void (*take)(Gather *gather, sqlite3_stmt *row);
} Reading;

static const Reading readings[] = {
    {"SELECT \"left\", \"right\", kind, value, weight FROM edges WHERE weight >= 0.5", take_edge},
    {"SELECT record, indicator, subject FROM indicator WHERE bits > 0", take_indicated},
    {"SELECT record FROM firearms WHERE country = 'CAN'", take_canadian},
};

static gboolean gather_read(Gather *gather, Store *store, GError **error)
{
    sqlite3 *db = store_handle(store);
    for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
        sqlite3_stmt *row = NULL;
        int status = sqlite3_prepare_v2(db, readings[i].sql, -1, &row, NULL);
        while (status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
            readings[i].take(gather, row);
            status = SQLITE_OK;
        }
        sqlite3_finalize(row);
        if (status != SQLITE_DONE)
            return store_error(db, "cannot gather leads", error);
    }
    return TRUE;
}

static guint32 root_of(Gather *gather, guint32 node)
{
    return union_root(gather->parent, node);
}

static void join(Gather *gather, guint32 a, guint32 b)
{
    a = root_of(gather, a);
    b = root_of(gather, b);
    if (a == b)
        return;
    if (gather->size[a] < gather->size[b]) {
        guint32 swap = a;
        a = b;
        b = swap;
    }
    gather->parent[b] = a;
    gather->size[a] += gather->size[b];
}

static void part(Gather *gather)
{
    for (guint32 i = 0; i < gather->refs->len; i++) {
        gather->parent[i] = i;
        gather->size[i] = 1;
    }
}

/* A record tells of a firearm in Canada when any record of the firearm does. */
static void spread_canadian(Gather *gather)
{
    guint8 *flags = (guint8 *)gather->flags->data;
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        if (edge->share == SHARE_FIREARM)
            join(gather, edge->left, edge->right);
    }
    for (guint32 i = 0; i < gather->refs->len; i++)
        flags[root_of(gather, i)] |= flags[i] & NODE_CANADIAN;
    for (guint32 i = 0; i < gather->refs->len; i++)
        flags[i] |= flags[root_of(gather, i)] & NODE_CANADIAN;
    part(gather);
}

/* One of a star's records in Canada; the centre, where it is one. */
static guint32 canadian_of_star(const Gather *gather, GHashTable *stars, const GatherEdge *edge)
{
    if (g_array_index(gather->flags, guint8, edge->left) & NODE_CANADIAN)
        return edge->left;
    g_autofree char *star = g_strdup_printf("%u %u %s", edge->left, edge->share, edge->value);
    gpointer known = g_hash_table_lookup(stars, star);
    if (known)
        return GPOINTER_TO_UINT(known) - 1;
    g_hash_table_insert(stars, g_steal_pointer(&star), GUINT_TO_POINTER(edge->right + 1));
    return edge->right;
}

/* Joins what came up in Canada; with grown, only those, by firearm, person and case. */
static void join_canadian(Gather *gather, const guint8 *grown)
{
    g_autoptr(GHashTable) stars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < gather->edges->len; i++) {
        const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
        if (!(g_array_index(gather->flags, guint8, edge->right) & NODE_CANADIAN) ||
            (grown && (edge->share == SHARE_OTHER || !grown[edge->right])))
            continue;
        guint32 other = canadian_of_star(gather, stars, edge);
        if (!grown || grown[other])
            join(gather, other, edge->right);
    }
}

/* The group that a record of no firearm in Canada stands beside, as far as known. */
typedef struct {
    guint32 of;
    float weight;
} Beside;

static void propose(Gather *gather, Beside *beside, guint32 node, guint32 canadian, float weight)
{
    guint32 held = beside[node].of;
    int order = held == NO_NODE                ? 1
                : weight > beside[node].weight ? 1
                : weight < beside[node].weight ? -1
                                               : 0;
    if (order == 0)
        order = strcmp(gather->refs->pdata[held], gather->refs->pdata[canadian]);
    if (order > 0)
        beside[node] = (Beside){canadian, weight};
}

/* Everybody's person, case or firearm in Canada, over the centre of a star where it is not there
 * itself: first to the centre, then from the centre to the others. */
static void stand_beside(Gather *gather)
{
    guint n = gather->refs->len;
    const guint8 *flags = (const guint8 *)gather->flags->data;
    g_autofree Beside *beside = g_new(Beside, n + 1);
    g_autoptr(GHashTable) stars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint32 i = 0; i < n; i++)
        beside[i] = (Beside){NO_NODE, 0};
    for (int leaves = 0; leaves < 2; leaves++)
        for (guint i = 0; i < gather->edges->len; i++) {
            const GatherEdge *edge = &g_array_index(gather->edges, GatherEdge, i);
            gboolean here = flags[edge->right] & NODE_CANADIAN;
            if (edge->share == SHARE_OTHER || here != !leaves)
                continue;
            if (here) {
                guint32 canadian = canadian_of_star(gather, stars, edge);
                if (!(flags[edge->left] & NODE_CANADIAN))
                    propose(gather, beside, edge->left, canadian, edge->weight);
                continue;
            }
            g_autofree char *star =
                g_strdup_printf("%u %u %s", edge->left, edge->share, edge->value);
            gpointer known = g_hash_table_lookup(stars, star);
            if (flags[edge->left] & NODE_CANADIAN)
                propose(gather, beside, edge->right, edge->left, edge->weight);
            else if (known)
                propose(gather, beside, edge->right, GPOINTER_TO_UINT(known) - 1, edge->weight);
        }
    for (guint32 i = 0; i < n; i++)
        if (beside[i].of != NO_NODE && (flags[i] & NODE_INDICATED))
            join(gather, i, root_of(gather, beside[i].of));
}

static void make_groups(Gather *gather, guint max_records)
{
    guint n = gather->refs->len;
    gather->parent = g_new(guint32, n + 1);
    gather->size = g_new(guint32, n + 1);
    part(gather);
    spread_canadian(gather);
    join_canadian(gather, NULL);
    g_autofree guint8 *grown = g_new0(guint8, n + 1);
    gboolean any = FALSE;
    for (guint32 i = 0; i < n; i++)
        any |= grown[i] = gather->size[root_of(gather, i)] > max_records;
    for (guint32 i = 0; i < n; i++)
        if (grown[i]) {
            gather->parent[i] = i;
            gather->size[i] = 1;
        }
    if (any)
        join_canadian(gather, grown);
    stand_beside(gather);
}

/* Groups that hold both Canadian evidence and an indicator: all their records -> LeadEvidence. */
static GHashTable *promising(Gather *gather, GPtrArray *groups)
{
    guint n = gather->refs->len;
    GHashTable *of_ref = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree guint8 *seen = g_new0(guint8, n + 1);
    g_autofree LeadEvidence **of_root = g_new0(LeadEvidence *, n + 1);
    for (guint32 i = 0; i < n; i++)
        seen[root_of(gather, i)] |= g_array_index(gather->flags, guint8, i);
    for (guint32 i = 0; i < n; i++) {
        guint32 root = root_of(gather, i);
        if (seen[root] != (NODE_CANADIAN | NODE_INDICATED))
            continue;
        if (!of_root[root]) {
            of_root[root] = lead_evidence_new();
            g_ptr_array_add(groups, of_root[root]);
        }
        g_hash_table_insert(of_ref, gather->refs->pdata[i], of_root[root]);
    }
    return of_ref;
}

/* Leads are named by their smallest member: whose name a further member gives has been taken in. */
static gboolean find_superseded(Store *store, StoredLead *lead, GError **error)
{
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 1; i < lead->records->len; i++) {
        g_autofree char *id = lead_id_of(lead->records->pdata[i]);
        gboolean has = FALSE;
        if (!store_has_lead(store, id, &has, error))
            return FALSE;
        if (has)
            g_string_append_printf(found, "%s%s", found->len ? "; " : "", id);
    }
    lead->supersedes = found->len ? g_strdup(found->str) : NULL;
    return TRUE;
}

static gboolean write_lead(Store *store, const LeadEvidence *evidence, const Lead *lead,
                           GError **error)
{
    g_autoptr(StoredLead) stored = stored_lead_new();
    stored->lead_id = g_strdup(lead->lead_id);
    stored->kind = g_strdup(lead->kinds);
    stored->bits = lead->bits;
    stored->score = lead->score;
    stored->evidence_hash = g_strdup(lead->evidence_hash);
    stored->status = g_strdup("new"); /* what people said of it: judgement_settle_leads */
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        g_ptr_array_add(stored->records, g_strdup(record->ref));
    }
    return find_superseded(store, stored, error) &&
           store_put_lead(store, stored, lead->evidence, error);
}

static gint compare_groups(gconstpointer a, gconstpointer b)
{
    const LeadEvidence *left = *(LeadEvidence *const *)a, *right = *(LeadEvidence *const *)b;
    const Record *x = left->records->pdata[0], *y = right->records->pdata[0];
    return strcmp(x->ref, y->ref);
}

gboolean lead_correlate(Store *store, const LeadRules *rules, const CodeTables *codes,
                        const Indicators *indicators, guint *count, GError **error)
{
    g_auto(Gather) gather;
    gather_init(&gather, rules);
    *count = 0;
    if (!gather_read(&gather, store, error))
        return FALSE;
    make_groups(&gather, rules->max_records);
    g_autoptr(GPtrArray) groups =
        g_ptr_array_new_with_free_func((GDestroyNotify)lead_evidence_free);
    g_autoptr(GHashTable) of_ref = promising(&gather, groups);
    if (!lead_evidence_fill(store, of_ref, indicators, FALSE, error))
        return FALSE;
    g_ptr_array_sort(groups, compare_groups);
    for (guint i = 0; i < groups->len; i++) {
        g_autoptr(Lead) lead = lead_build(groups->pdata[i], rules, codes, NULL, LANG_EN);
        if (!lead)
            continue;
        if (!write_lead(store, groups->pdata[i], lead, error))
            return FALSE;
        ++*count;
    }
    return TRUE;
}
