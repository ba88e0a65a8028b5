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
#include "engine/judgement/seen.h"
#include "engine/link/link.h"
#include "engine/marker/marker.h"
#include "engine/release/parts.h"

#define ID_DIGITS 12

/* ---- the filter at work on one lead ------------------------------------------------------ */

typedef struct {
    const Filter *filter;
    const LeadEvidence *from;
    GHashTable *place;       /* reference -> index in from->records + 1, visible ones alone */
    GHashTable *entity;      /* mention -> entity among the visible, both borrowed */
    GHashTable *people;      /* reference -> GPtrArray of the entities in it, visible ones alone */
    GHashTable *whole;       /* entities as they are without anything withheld, borrowed; a set */
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

/* A person of the visible, by the record: nothing where the record may not go. */
static void note_person(Work *work, const LeadPerson *person, const char *entity)
{
    g_autofree char *ref = mention_record(person->mention);
    GPtrArray *entities = g_hash_table_lookup(work->people, ref);
    if (!entities) {
        entities = g_ptr_array_new();
        g_hash_table_insert(work->people, g_steal_pointer(&ref), entities);
    }
    g_ptr_array_add(entities, (gpointer)entity);
    g_hash_table_insert(work->entity, person->mention, (gpointer)entity);
}

/* Who is one person among the visible: by way of mentions, here or elsewhere, that may all go, and
 * never who is not one person to the owner. */
static void find_entities(Work *work)
{
    const GPtrArray *people = work->from->people;
    g_autoptr(GHashTable) first = /* entity and whom -> index + 1 */
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree guint *parent = union_new(people->len);
    for (guint i = 0; i < people->len; i++) {
        const LeadPerson *person = people->pdata[i];
        g_autofree char *ref = mention_record(person->mention);
        g_hash_table_add(work->whole, person->entity);
        if (!is_visible(work, ref))
            continue;
        g_hash_table_add(index, person->mention);
        g_autofree char *whom =
            g_strjoin("\n", person->entity, filter_person(work->filter, person->mention), NULL);
        guint other = GPOINTER_TO_UINT(g_hash_table_lookup(first, whom));
        if (other)
            union_join(parent, i, other - 1);
        else
            g_hash_table_insert(first, g_steal_pointer(&whom), GUINT_TO_POINTER(i + 1));
    }
    /* people are in mention order, so the root is the smallest mention */
    for (guint i = 0; i < people->len; i++) {
        const LeadPerson *person = people->pdata[i], *root = people->pdata[union_root(parent, i)];
        if (g_hash_table_contains(index, person->mention))
            note_person(work, person, root->mention);
    }
}

/* Is one of the visible entities in both records? */
static gboolean share_person(const Work *work, const char *left, const char *right)
{
    const GPtrArray *here = g_hash_table_lookup(work->people, left);
    GPtrArray *there = g_hash_table_lookup(work->people, right);
    for (guint i = 0; here && there && i < here->len; i++)
        if (g_ptr_array_find(there, here->pdata[i], NULL))
            return TRUE;
    return FALSE;
}

/* Does it say that one person is in both records? A consignee's edge may, or have a parcel's. */
static gboolean is_of_person(const Work *work, const LeadEdge *edge)
{
    return strcmp(edge->kind, EDGE_PERSON) == 0 ||
           (edge->value && g_hash_table_contains(work->whole, edge->value));
}

static void keep_edge(Work *work, const LeadEdge *edge)
{
    g_ptr_array_add(work->edges, (gpointer)edge);
    union_join(work->parent, place_of(work, edge->left), place_of(work, edge->right));
}

/* Where an edge ends. */
typedef struct {
    const LeadEdge *edge;
    const char *ref;
} End;

/* Two edges of one value: it joins their visible ends. */
static void bridge(Work *work, const End *a, const End *b)
{
    int order = strcmp(a->ref, b->ref);
    if (!order)
        return;
    LeadEdge *edge = edge_new(a->edge, order < 0 ? a->ref : b->ref, order < 0 ? b->ref : a->ref,
                              MIN(a->edge->weight, b->edge->weight));
    g_ptr_array_add(work->made->edges, edge);
    keep_edge(work, edge);
}

/* The end under a key that was put there before; NULL when this is the first, which is put there.
 */
static const End *meet(GHashTable *met, char *key, const End *end)
{
    const End *other = g_hash_table_lookup(met, key);
    if (other)
        g_free(key);
    else
        g_hash_table_insert(met, key, g_memdup2(end, sizeof *end));
    return other;
}

/* A person's edges are a star around one record, which may have lost the person or itself: their
 * ends are joined where they still share a person. */
static void join_people(Work *work, GHashTable *met, const End *end)
{
    const GPtrArray *entities = g_hash_table_lookup(work->people, end->ref);
    for (guint i = 0; entities && i < entities->len; i++) {
        const End *other = meet(
            met, g_strjoin("\n", end->edge->kind, end->edge->value, entities->pdata[i], NULL), end);
        if (other && union_root(work->parent, place_of(work, other->ref)) !=
                         union_root(work->parent, place_of(work, end->ref)))
            bridge(work, other, end);
    }
}

/* An edge of which one end may not go: the value joins all that met it there. */
static void join_half(Work *work, GHashTable *met, const LeadEdge *edge, gboolean left)
{
    const End end = {edge, left ? edge->left : edge->right};
    const End *other = meet(
        met, g_strjoin("\n", edge->kind, edge->value, left ? edge->right : edge->left, NULL), &end);
    if (other)
        bridge(work, other, &end);
}

static void find_edges(Work *work)
{
    g_autoptr(GHashTable) met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) of_people = g_ptr_array_new();
    for (guint i = 0; i < work->from->edges->len; i++) {
        const LeadEdge *edge = work->from->edges->pdata[i];
        gboolean left = is_visible(work, edge->left), right = is_visible(work, edge->right);
        gboolean person = is_of_person(work, edge);
        if ((!left && !right) || edge_action(work->filter, edge->kind) == ACT_DROP)
            continue;
        if (left && right && (!person || share_person(work, edge->left, edge->right)))
            keep_edge(work, edge);
        if (person && edge->value)
            g_ptr_array_add(of_people, (gpointer)edge);
        else if (left != right && edge->value)
            join_half(work, met, edge, left);
    }
    for (guint i = 0; i < of_people->len; i++) {
        const LeadEdge *edge = of_people->pdata[i];
        join_people(work, met, &(End){edge, edge->left});
        join_people(work, met, &(End){edge, edge->right});
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

/* What goes, by what a decision on the lead knows it by: as it is, not as it is shown. */
static void note(LeadEvidence *part, const char *what, const char *first, const char *second)
{
    g_ptr_array_add(part->items, seen_item(what, first, second));
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
        note(part, SEEN_RECORD, record->ref, NULL);
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
        if (part != part_of(parts, of_root, work, link->right))
            continue;
        g_ptr_array_add(part->links, link_seen(filter, link));
        if (link->probability >= SAME_FIREARM)
            note(part, SEEN_LINK, link->left, link->right);
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

static void put_indicator(Work *work, GPtrArray *parts, LeadEvidence **of_root,
                          const LeadIndicator *row)
{
    if (!is_visible(work, row->record) || is_tainted(work, row)) {
        work->withheld = TRUE;
        return;
    }
    LeadEvidence *part = part_of(parts, of_root, work, row->record);
    g_ptr_array_add(part->indicators, indicator_seen(work->filter, row));
    if (row->bits > 0)
        note(part, SEEN_INDICATOR, row->indicator, row->record);
}

static void put_marker(Work *work, GPtrArray *parts, LeadEvidence **of_root,
                       const LeadMarker *marker)
{
    if (!is_visible(work, marker->record))
        return;
    LeadEvidence *part = part_of(parts, of_root, work, marker->record);
    g_ptr_array_add(part->markers, marker_seen(work->filter, marker));
    if (marker->probability >= MARKER_HOLDS)
        note(part, SEEN_MARKER, marker->category, marker->record);
}

static void put_findings(Work *work, GPtrArray *parts, LeadEvidence **of_root)
{
    const LeadEvidence *from = work->from;
    for (guint i = 0; i < from->people->len; i++) {
        const LeadPerson *person = from->people->pdata[i];
        g_autofree char *ref = mention_record(person->mention);
        if (is_visible(work, ref))
            g_ptr_array_add(part_of(parts, of_root, work, ref)->people,
                            person_seen(work->filter, person,
                                        g_hash_table_lookup(work->entity, person->mention)));
    }
    for (guint i = 0; i < from->indicators->len; i++)
        put_indicator(work, parts, of_root, from->indicators->pdata[i]);
    for (guint i = 0; i < from->markers->len; i++)
        put_marker(work, parts, of_root, from->markers->pdata[i]);
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
    g_autoptr(GHashTable) people =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) whole = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) edges = g_ptr_array_new();
    g_autoptr(LeadEvidence) made = lead_evidence_new();
    g_autofree guint *parent = union_new(evidence->records->len);
    g_autofree LeadEvidence **of_root = g_new0(LeadEvidence *, evidence->records->len + 1);
    Work work = {.filter = filter,
                 .from = evidence,
                 .place = place,
                 .entity = entity,
                 .people = people,
                 .whole = whole,
                 .edges = edges,
                 .made = made,
                 .parent = parent,
                 .withheld = hides_fields(filter)};
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
