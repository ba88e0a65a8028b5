/*
 * Evidence of one lead -> what of it may go to one audience. Records that may not go are left out
 * first, then whatever rests on them: links, markers, indicators whose subject reaches one of them,
 * people held to be one only through them, edges over them. What remains may fall into parts that
 * nothing joins any more; each is evidence of its own. Last, every field is shown, masked,
 * generalised or dropped as the audience's section says. Pure.
 */
#include <string.h>

#include "engine/base/union.h"
#include "engine/graph/graph.h"
#include "engine/release/parts.h"

#define ID_DIGITS 12

/* ---- the filter at work on one lead ------------------------------------------------------ */

typedef struct {
    const Filter *filter;
    const LeadEvidence *from;
    GHashTable *place;       /* reference -> index in from->records + 1, visible ones alone */
    GHashTable *entity;      /* mention -> entity among the visible, both borrowed */
    GPtrArray *edges;        /* of LeadEdge, borrowed: what joins the visible */
    LeadEvidence *made;      /* holds those of them that were made here */
    guint *parent;           /* of each record: the part that it belongs to */
    gboolean withheld, lost; /* anything; a record */
} Work;

static gboolean is_visible(const Work *work, const char *ref)
{
    return g_hash_table_contains(work->place, ref);
}

static guint place_of(const Work *work, const char *ref)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(work->place, ref)) - 1;
}

static void find_visible(Work *work)
{
    for (guint i = 0; i < work->from->records->len; i++) {
        const Record *record = work->from->records->pdata[i];
        if (g_hash_table_contains(work->filter->withheld, record->ref))
            work->withheld = work->lost = TRUE;
        else
            g_hash_table_insert(work->place, record->ref, GUINT_TO_POINTER(i + 1));
    }
}

static const char *mention_owner(const LeadPerson *person, char **ref)
{
    *ref = g_strndup(person->mention, (gsize)(strrchr(person->mention, ':') - person->mention));
    return *ref;
}

/* Who is one person among the visible: held alike directly, mention by mention. */
static void find_entities(Work *work)
{
    const GPtrArray *people = work->from->people;
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree guint *parent = union_new(people->len);
    for (guint i = 0; i < people->len; i++) {
        g_autofree char *ref = NULL;
        const LeadPerson *person = people->pdata[i];
        if (is_visible(work, mention_owner(person, &ref)))
            g_hash_table_insert(index, person->mention, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; i < people->len; i++) {
        const LeadPerson *person = people->pdata[i];
        const GPtrArray *alike = g_hash_table_contains(index, person->mention)
                                     ? g_hash_table_lookup(work->filter->alike, person->mention)
                                     : NULL;
        for (guint j = 0; alike && j < alike->len; j++) {
            guint other = GPOINTER_TO_UINT(g_hash_table_lookup(index, alike->pdata[j]));
            if (other)
                union_join(parent, i, other - 1);
        }
    }
    /* people are in mention order, so the root is the smallest mention */
    for (guint i = 0; i < people->len; i++) {
        const LeadPerson *person = people->pdata[i], *root = people->pdata[union_root(parent, i)];
        if (g_hash_table_contains(index, person->mention))
            g_hash_table_insert(work->entity, person->mention, root->mention);
    }
}

/* Is one of the visible entities in both records? */
static gboolean share_person(const Work *work, const char *left, const char *right)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int side = 0; side < 2; side++) {
        g_autofree char *prefix = g_strconcat(side ? right : left, ":", NULL);
        for (guint i = 0; i < work->from->people->len; i++) {
            const LeadPerson *person = work->from->people->pdata[i];
            const char *entity = g_hash_table_lookup(work->entity, person->mention);
            if (!entity || !g_str_has_prefix(person->mention, prefix))
                continue;
            if (side && g_hash_table_contains(seen, entity))
                return TRUE;
            if (!side)
                g_hash_table_add(seen, (gpointer)entity);
        }
    }
    return FALSE;
}

static void keep_edge(Work *work, const LeadEdge *edge)
{
    if (strcmp(edge->kind, EDGE_PERSON) == 0 && !share_person(work, edge->left, edge->right))
        return;
    g_ptr_array_add(work->edges, (gpointer)edge);
    union_join(work->parent, place_of(work, edge->left), place_of(work, edge->right));
}

/* Two edges of one value that met in a record that may not go: the value joins their other ends. */
static void bridge(Work *work, const LeadEdge *a, const LeadEdge *b)
{
    const char *left = is_visible(work, a->left) ? a->left : a->right;
    const char *right = is_visible(work, b->left) ? b->left : b->right;
    int order = strcmp(left, right);
    if (!order)
        return;
    LeadEdge *edge =
        edge_new(a, order < 0 ? left : right, order < 0 ? right : left, MIN(a->weight, b->weight));
    g_ptr_array_add(work->made->edges, edge);
    keep_edge(work, edge);
}

static void find_edges(Work *work)
{
    g_autoptr(GHashTable) half = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < work->from->edges->len; i++) {
        const LeadEdge *edge = work->from->edges->pdata[i];
        gboolean left = is_visible(work, edge->left), right = is_visible(work, edge->right);
        if ((!left && !right) || edge_action(work->filter, edge->kind) == ACT_DROP)
            continue;
        if (left && right) {
            keep_edge(work, edge);
        } else if (edge->value) {
            char *met =
                g_strjoin("\n", edge->kind, edge->value, left ? edge->right : edge->left, NULL);
            const LeadEdge *other = g_hash_table_lookup(half, met);
            if (other)
                bridge(work, other, edge);
            g_hash_table_replace(half, met, (gpointer)edge);
        }
    }
}

/* ---- parts ------------------------------------------------------------------------------- */

static LeadEvidence *part_of(GPtrArray *parts, LeadEvidence **of_root, const Work *work,
                             const char *ref)
{
    guint root = union_root(work->parent, place_of(work, ref));
    if (!of_root[root]) {
        of_root[root] = lead_evidence_new();
        g_ptr_array_add(parts, of_root[root]);
        if (work->filter->audience) {
            const Record *smallest = work->from->records->pdata[root];
            g_autofree char *secret = g_strjoin("\n", work->filter->salt,
                                                work->filter->audience->code, smallest->ref, NULL);
            g_autofree char *hash = text_sha256(secret, -1);
            of_root[root]->lead_id = g_strdup_printf("L%.*s", ID_DIGITS, hash);
        }
    }
    return of_root[root];
}

static void put_records(Work *work, GPtrArray *parts, LeadEvidence **of_root)
{
    gboolean sources = part_action(work->filter, PART_SOURCE) == ACT_SHOW;
    for (guint i = 0; i < work->from->records->len; i++) {
        const Record *record = work->from->records->pdata[i];
        if (!is_visible(work, record->ref))
            continue;
        LeadEvidence *part = part_of(parts, of_root, work, record->ref);
        g_ptr_array_add(part->records, record_seen(work->filter, record));
        g_ptr_array_add(
            part->sources,
            g_strdup(sources && i < work->from->sources->len ? work->from->sources->pdata[i] : ""));
    }
}

static void put_joins(Work *work, GPtrArray *parts, LeadEvidence **of_root)
{
    const Filter *filter = work->filter;
    for (guint i = 0; i < work->from->links->len; i++) {
        const LeadLink *link = work->from->links->pdata[i];
        if (!is_visible(work, link->left) || !is_visible(work, link->right))
            continue;
        LeadEvidence *part = part_of(parts, of_root, work, link->left);
        if (part == part_of(parts, of_root, work, link->right))
            g_ptr_array_add(part->links, link_seen(filter, link));
    }
    for (guint i = 0; i < work->edges->len; i++) {
        const LeadEdge *edge = work->edges->pdata[i];
        LeadEvidence *part = part_of(parts, of_root, work, edge->left);
        g_ptr_array_add(part->edges, edge_seen(filter, edge));
    }
}

/* Does a finding rest on a record that may not go? A complete rule names all that it rests on; of
 * another it may be any record of the lead, or, of one that looks beyond related records, of the
 * whole store. */
static gboolean is_tainted(const Work *work, const LeadIndicator *row)
{
    const Filter *filter = work->filter;
    const Indicator *rule =
        filter->indicators ? indicators_find(filter->indicators, row->indicator) : NULL;
    g_autofree char *key = g_strjoin("\n", row->indicator, row->subject, NULL);
    if (g_hash_table_contains(filter->tainted, key))
        return TRUE;
    if (rule && rule->complete)
        return FALSE;
    return work->lost || (!(rule && rule->scope == SCOPE_RELATED) && filter->any);
}

static void put_findings(Work *work, GPtrArray *parts, LeadEvidence **of_root)
{
    const LeadEvidence *from = work->from;
    for (guint i = 0; i < from->people->len; i++) {
        g_autofree char *ref = NULL;
        const LeadPerson *person = from->people->pdata[i];
        if (is_visible(work, mention_owner(person, &ref)))
            g_ptr_array_add(part_of(parts, of_root, work, ref)->people,
                            person_seen(work->filter, person,
                                        g_hash_table_lookup(work->entity, person->mention)));
    }
    for (guint i = 0; i < from->indicators->len; i++) {
        const LeadIndicator *row = from->indicators->pdata[i];
        if (!is_visible(work, row->record) || is_tainted(work, row))
            work->withheld = TRUE;
        else
            g_ptr_array_add(part_of(parts, of_root, work, row->record)->indicators,
                            indicator_seen(work->filter, row));
    }
    for (guint i = 0; i < from->markers->len; i++) {
        const LeadMarker *marker = from->markers->pdata[i];
        if (is_visible(work, marker->record))
            g_ptr_array_add(part_of(parts, of_root, work, marker->record)->markers,
                            marker_seen(work->filter, marker));
    }
}

/* Is any field less than shown? Then something is withheld from every lead. */
static gboolean hides_fields(const Filter *filter)
{
    const Audience *audience = filter->audience;
    for (guint i = 0; audience && i < FIELD_COUNT; i++)
        if (audience->record[i] != ACT_SHOW)
            return TRUE;
    for (guint i = 0; audience && i < MENTION_COUNT; i++)
        if (audience->person[i] != ACT_SHOW)
            return TRUE;
    return FALSE;
}

/* ---- order: by reference, as it is seen --------------------------------------------------- */

static gint compare_records(gconstpointer a, gconstpointer b)
{
    return strcmp((*(Record *const *)a)->ref, (*(Record *const *)b)->ref);
}

static void sort_part(LeadEvidence *part)
{
    g_ptr_array_sort(part->records, compare_records);
    for (guint i = 0; i < part->sources->len; i++) { /* masked references go with no sources */
        g_free(part->sources->pdata[i]);
        part->sources->pdata[i] = g_strdup("");
    }
}

GPtrArray *filter_evidence(const Filter *filter, const LeadEvidence *evidence, gboolean *withheld)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)lead_evidence_free);
    g_autoptr(GHashTable) place = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) entity = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) edges = g_ptr_array_new();
    g_autoptr(LeadEvidence) made = lead_evidence_new();
    g_autofree guint *parent = union_new(evidence->records->len);
    g_autofree LeadEvidence **of_root = g_new0(LeadEvidence *, evidence->records->len + 1);
    Work work = {filter, evidence, place, entity, edges, made, parent, hides_fields(filter), FALSE};
    find_visible(&work);
    find_entities(&work);
    find_edges(&work);
    put_records(&work, parts, of_root);
    put_joins(&work, parts, of_root);
    put_findings(&work, parts, of_root);
    if (part_action(filter, PART_REFERENCE) != ACT_SHOW)
        g_ptr_array_foreach(parts, (GFunc)(void (*)(void))sort_part, NULL);
    *withheld = work.withheld;
    return parts;
}
