/*
 * Who holds one of some addresses, telephones and documents, by the ways in of the copy of people.
 */
#include <string.h>

#include "engine/view/parts.h"

static const char *const IDENTIFIERS[] = {"address_key", "phone", "doc_no"};
#define KINDS G_N_ELEMENTS(IDENTIFIERS)

typedef struct Walk Walk;

/* A value of some purchasers, and the records that have it. */
typedef struct {
    const Walk *walk;
    GArray *records; /* of Cell: once a row */
    guint others;    /* of these, those that are not among the records asked about */
} Holders;

struct Walk {
    const Copies *copies;
    const Copy *people;
    const CellSet *about;      /* records: of whose values */
    GHashTable *values[KINDS]; /* Cell -> Holders (own) */
    const CopyIndex *way[KINDS];
    guint record, role, organisation, person;
};

static void holders_free(gpointer data)
{
    g_array_unref(((Holders *)data)->records);
    g_free(data);
}

static void walk_clear(Walk *walk)
{
    for (guint kind = 0; kind < KINDS; kind++)
        g_clear_pointer(&walk->values[kind], g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static Walk walk_begin(const Views *views, const CellSet *about)
{
    Walk walk = {.copies = views->copies, .about = about};
    walk.people = copies_find(views->copies, "people");
    walk.record = walk.people->index[0].column;
    walk.role = copy_column(walk.people, "role");
    walk.organisation = copy_column(walk.people, "organisation");
    walk.person = copy_column(walk.people, "person");
    for (guint kind = 0; kind < KINDS; kind++) {
        walk.way[kind] = copy_way(walk.people, IDENTIFIERS[kind]);
        walk.values[kind] = g_hash_table_new_full(NULL, NULL, NULL, holders_free);
    }
    return walk;
}

static gboolean is_purchaser(const Walk *walk, const Cell *row)
{
    Cell role = row[walk->role];
    return cell_is_text(role) && strcmp(heap_text(walk->copies->heap, role), "purchaser") == 0;
}

/* Notes the values of a purchaser. */
static void note_values(const Copy *copy, const Cell *row, gpointer data)
{
    Walk *walk = data;
    (void)copy;
    for (guint kind = 0; kind < KINDS && is_purchaser(walk, row); kind++) {
        Cell cell = row[walk->way[kind]->column];
        if (!cell_is_text(cell) ||
            g_hash_table_contains(walk->values[kind], GUINT_TO_POINTER(cell)))
            continue;
        Holders *holders = g_new(Holders, 1);
        *holders = (Holders){walk, g_array_new(FALSE, FALSE, sizeof(Cell)), 0};
        g_hash_table_insert(walk->values[kind], GUINT_TO_POINTER(cell), holders);
    }
}

static void hold(const Copy *copy, const Cell *row, gpointer data)
{
    Holders *holders = data;
    const Walk *walk = holders->walk;
    (void)copy;
    if (row[walk->organisation] != CELL_NULL || row[walk->person] == CELL_NULL ||
        !is_purchaser(walk, row))
        return;
    g_array_append_val(holders->records, row[walk->record]);
    holders->others += !cell_set_has(walk->about, row[walk->record]);
}

static void hold_all(Walk *walk)
{
    const WayIn people = {walk->copies, walk->people, &walk->people->index[0]};
    rows_of_all(&people, walk->about, note_values, walk);
    for (guint kind = 0; kind < KINDS; kind++) {
        const WayIn way = {walk->copies, walk->people, walk->way[kind]};
        GHashTableIter iter;
        gpointer value, holders;
        g_hash_table_iter_init(&iter, walk->values[kind]); /* each by itself: no order */
        while (g_hash_table_iter_next(&iter, &value, &holders))
            rows_of(&way, GPOINTER_TO_UINT(value), hold, holders);
    }
}

/* Of each value: all holders, or no more than are needed. */
typedef void (*Take)(CellSet *records, const Holders *holders, guint64 hub);

static void take_values(const Walk *walk, Take take, guint64 hub, CellSet *records)
{
    for (guint kind = 0; kind < KINDS; kind++) {
        GHashTableIter iter;
        gpointer holders;
        g_hash_table_iter_init(&iter, walk->values[kind]); /* a set is made: no order */
        while (g_hash_table_iter_next(&iter, NULL, &holders))
            take(records, holders, hub);
    }
}

static void take_first(CellSet *records, const Holders *holders, guint64 most)
{
    for (guint i = 0; i < holders->records->len && i < most; i++)
        cell_set_add(records, g_array_index(holders->records, Cell, i));
}

/* A value that more than `hub` records beside those that changed have said nothing and says
 * nothing. */
static void take_asked(CellSet *records, const Holders *holders, guint64 hub)
{
    if (holders->others <= hub)
        take_first(records, holders, holders->records->len);
}

/* So many that a hub is seen to be one. */
static void take_shown(CellSet *records, const Holders *holders, guint64 hub)
{
    take_first(records, holders, hub + 1);
}

CellSet *reach_identifiers(const Views *views, const ScopeAsk *ask, G_GNUC_UNUSED gsize most)
{
    CellSet *records = cell_set_new();
    g_autoptr(CellSet) changed = cell_set_new();
    reach_changed(views, ask, changed);
    cell_set_add_all(records, changed);
    g_auto(Walk) walk = walk_begin(views, changed);
    rows_that_changed(views, ask, "people", note_values, &walk);
    hold_all(&walk);
    take_values(&walk, take_asked, ask->hub, records);
    return records;
}

CellSet *rest_on_identifiers(const Views *views, const ScopeAsk *ask, const CellSet *wide)
{
    CellSet *records = cell_set_new();
    cell_set_add_all(records, wide);
    g_auto(Walk) walk = walk_begin(views, wide);
    hold_all(&walk);
    take_values(&walk, take_shown, ask->hub, records);
    return records;
}
