/*
 * Which views are copied, and the copies of a connection: made, shown under the views' names,
 * hidden and dropped. SQLite looks a name up among temporary tables first, so that a rule is
 * written over a view and knows nothing of copies.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/origin.h"
#include "engine/view/parts.h"
#include "engine/view/pass.h"

/* The views that rules join, in the order in which they are copied: what is made of another one
 * comes behind it. The planner is told of them what PLANNER_SQL tells it of the store. */
#define BY(column, rows)                                                                           \
    {                                                                                              \
        column, rows, NULL                                                                         \
    }
static const CopyPlan COPIES[] = {
    {"firearms",
     1000000,
     {BY("record", 1), BY("firearm", 2), BY("rds_key", 200), BY("case_no", 2)},
     NULL},
    {"purchases",
     600000,
     {BY("record", 1),
      BY("firearm", 2),
      BY("person", 2),
      BY("rds_key", 200),
      BY("ffl_county", 500),
      {"serial", 2, number_hash}},
     NULL},
    {"seizures", 50000, {BY("record", 1), BY("firearm", 2), BY("date", 20)}, NULL},
    {"people",
     2000000,
     {BY("record", 2), BY("person", 3), BY("address_key", 3), BY("phone", 3), BY("doc_no", 3)},
     NULL},
    {"buyers", 500000, {BY("person", 1)}, "purchases"},
    {"markers", 100000, {BY("record", 2)}, NULL},
};

Views *views_new(Store *store)
{
    Views *views = g_new0(Views, 1);
    *views = (Views){.store = store, .db = store_handle(store)};
    return views;
}

void views_free(Views *views)
{
    if (views == NULL)
        return;
    views_drop_scope(views, NULL);
    views_drop(views, NULL);
    g_free(views);
}

void views_allow(Views *views, gsize most, gboolean one_thread)
{
    views->one_thread = one_thread;
    views->most = most;
}

Store *views_store(const Views *views)
{
    return views->store;
}

static const CopyPlan *plan_of(const char *view)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (g_str_equal(COPIES[i].view, view))
            return &COPIES[i];
    return NULL;
}

gboolean view_is_copied(const char *view)
{
    return plan_of(view) != NULL;
}

const CopyPlan *views_copied(guint *n)
{
    *n = G_N_ELEMENTS(COPIES);
    return COPIES;
}

void views_describe(Mix *mix)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        const char *select = view_select(COPIES[i].view);
        mix_add(mix, 1, select, strlen(select));
        for (guint w = 0; w < COPY_WAYS && COPIES[i].ways[w].column; w++)
            mix_add(mix, 2, COPIES[i].ways[w].column, strlen(COPIES[i].ways[w].column));
    }
}

/* ---- all of them ------------------------------------------------------------------------ */

/* Columns that are copied whatever is asked for: another copy is made of them. */
static const char *const NEEDED[] = {
    "purchases.person",  "purchases.firearm",   "purchases.rds_key",
    "purchases.handgun", "purchases.kind",      "purchases.purchase_date",
    "people.role",       "people.organisation", "people.address_key",
    "people.phone",      "people.doc_no"};

static gboolean is_needed(const CopyPlan *plan, const char *column, GHashTable *columns)
{
    g_autofree char *name = g_strconcat(plan->view, ".", column, NULL);
    gboolean needed = columns == NULL || g_hash_table_contains(columns, name);
    for (guint w = 0; w < COPY_WAYS && plan->ways[w].column; w++)
        needed = needed || g_str_equal(plan->ways[w].column, column);
    for (gsize i = 0; i < G_N_ELEMENTS(NEEDED); i++)
        needed = needed || g_str_equal(NEEDED[i], name);
    return needed;
}

/* What a copy selects for the columns of its view; g_free. */
static char *column_list(sqlite3 *db, const CopyPlan *plan, GHashTable *columns, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = view_columns(db, plan->view, error);
    if (stmt == NULL)
        return NULL;
    GString *list = g_string_new(NULL);
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        const char *value = is_needed(plan, name, columns) ? "" : COPY_NOTHING;
        g_string_append_printf(list, "%s%s\"%s\"", i ? ", " : "", value, name);
    }
    return g_string_free(list, FALSE);
}

gboolean views_have(Views *views, GHashTable *columns, gboolean *have, GError **error)
{
    *have = views->copies != NULL;
    for (gsize i = 0; *have && i < G_N_ELEMENTS(COPIES); i++) {
        g_autofree char *list = column_list(views->db, &COPIES[i], columns, error);
        if (list == NULL)
            return FALSE;
        *have = g_str_equal(list, copies_find(views->copies, COPIES[i].view)->list);
    }
    return TRUE;
}

Copies *views_begin(const Views *views)
{
    Copies *copies = copies_new();
    if (views->most)
        copies->heap->most = MIN(copies->heap->most, views->most);
    return copies;
}

static gboolean copy_one(Views *views, const CopyPlan *plan, GHashTable *columns, GError **error)
{
    g_autofree char *list = column_list(views->db, plan, columns, error);
    /* by its SELECT, not its name: what that names is a copy where there is one already */
    const CopyOf of = {list, view_select(plan->view), !views->one_thread};
    if (list == NULL || plan->of == NULL)
        return list != NULL && copies_add(views->copies, views->db, plan, &of, error);
    /* buyers are the one view that is made of another copy */
    Copy *copy = copies_open(views->copies, views->db, plan, &of, error);
    if (copy == NULL)
        return FALSE;
    buyers_fill(views->copies, copy);
    copy_index(views->copies, copy);
    return TRUE;
}

/* What is made of another view is made of its copy, which is shown by then. */
static gboolean copy_all(Views *views, GHashTable *columns, GError **error)
{
    Copies *copies = views->copies;
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES) && !copies->heap->full; i++) {
        const char *view = COPIES[i].view;
        if ((copies_find(copies, view) == NULL && !copy_one(views, &COPIES[i], columns, error)) ||
            !copies_show(copies, views->db, "temp", view, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- ahead of the run's results --------------------------------------------------------- */

static gboolean open_ahead(Copies *copies, sqlite3 *db, GHashTable *columns, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        gboolean known = FALSE;
        g_autofree char *list = NULL;
        if (!origins_known(db, COPIES[i].view, &known, error))
            return FALSE;
        if (!known)
            continue;
        const CopyOf of = {list = column_list(db, &COPIES[i], columns, error),
                           view_select(COPIES[i].view), FALSE};
        if (list == NULL || copies_open(copies, db, &COPIES[i], &of, error) == NULL)
            return FALSE;
    }
    return TRUE;
}

gboolean views_read(Views *views, GHashTable *columns, Store *reader, const Findings *found,
                    GError **error)
{
    g_autoptr(Copies) copies = views_begin(views);
    if (!open_ahead(copies, store_handle(reader), columns, error) ||
        !pass_fill(copies, reader, found, error))
        return FALSE;
    heap_settle(copies->heap);
    copies_index(copies);
    views->ahead = TRUE;
    views->copies = g_steal_pointer(&copies);
    return TRUE;
}

gboolean views_copy(Views *views, GHashTable *columns, guint64 *rows, GError **error)
{
    if (!views->ahead && !views_drop(views, error))
        return FALSE;
    if (rows)
        *rows = 0;
    if (!views->ahead)
        views->copies = views_begin(views);
    views->ahead = FALSE;
    views->shown = views->copies;
    if (!copies_attach(views->copies, views->db, error) || !copy_all(views, columns, error))
        return FALSE;
    if (views->copies->heap->full)
        return views_drop(views, error);
    for (guint i = 0; rows && i < views->copies->copies->len; i++)
        *rows += ((const Copy *)views->copies->copies->pdata[i])->n_rows;
    return TRUE;
}

gboolean views_show_part(Views *views, Copies *part, GError **error)
{
    if (!views_hide(views, error))
        return FALSE;
    views->shown = part;
    return copies_attach(part, views->db, error) &&
           copies_show(part, views->db, "temp", NULL, error);
}

gboolean views_hide(Views *views, GError **error)
{
    gboolean done = views->shown == NULL || copies_hide(views->shown, views->db, "temp", error);
    if (views->shown != views->copies)
        copies_free(views->shown);
    views->shown = NULL;
    return done;
}

gboolean views_show(Views *views, GError **error)
{
    return views->copies ? views_show_part(views, views->copies, error) : views_hide(views, error);
}

gboolean views_drop(Views *views, GError **error)
{
    gboolean done = views_hide(views, error);
    g_clear_pointer(&views->copies, copies_free);
    views->kept = FALSE;
    return done;
}

gboolean views_are_copied(const Views *views)
{
    return views->copies != NULL;
}

Store *views_open(const Views *views, GError **error)
{
    g_autoptr(Store) other = store_open_empty(error);
    gboolean shown = other != NULL && copies_attach(views->shown, store_handle(other), error) &&
                     copies_show(views->shown, store_handle(other), "main", NULL, error);
    return shown ? g_steal_pointer(&other) : NULL;
}

gboolean views_know(const Views *views, const char *record)
{
    static const char *const names[] = {"firearms", "purchases"};
    if (views->copies == NULL)
        return FALSE;
    Cell value = heap_find(views->copies->heap, record, strlen(record));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const Copy *copy = copies_find(views->copies, names[i]);
        if (copy != NULL && copy_begin(views->copies, copy, &copy->index[0], value))
            return TRUE;
    }
    return FALSE;
}

/* Has a row this text in a column, whether that is looked up or not? */
static gboolean says(const Copies *copies, const Copy *copy, guint at, guint column,
                     const char *text)
{
    Cell cell = copy_row(copy, at)[column];
    return cell_is_text(cell) && strcmp(heap_text(copies->heap, cell), text) == 0;
}

gboolean views_came_up(const Views *views, const char *record, const char *country,
                       gboolean *itself, gboolean *firearm)
{
    const Copies *copies = views->copies;
    const Copy *copy = copies ? copies_find(copies, "firearms") : NULL;
    if (!copy || !copy_has(copy, "country"))
        return FALSE;
    const CopyIndex *records = copy_way(copy, "record"), *firearms = copy_way(copy, "firearm");
    guint column = copy_column(copy, "country");
    guint at = copy_begin(copies, copy, records, heap_find(copies->heap, record, strlen(record)));
    if (!at)
        return FALSE;
    Cell whose = copy_row(copy, at)[firearms->column];
    *itself = *firearm = says(copies, copy, at, column, country);
    guint other = *firearm ? 0 : copy_begin(copies, copy, firearms, whose);
    for (; other && !*firearm; other = copy_next(copy, firearms, whose, other))
        *firearm = says(copies, copy, other, column, country);
    return TRUE;
}

static const char *const MARKER_COLUMNS[] = {"category", "probability", "excerpt"};

gboolean views_know_markers(const Views *views)
{
    const Copy *copy = views->copies ? copies_find(views->copies, "markers") : NULL;
    gboolean known = copy != NULL;
    for (guint i = 0; known && i < G_N_ELEMENTS(MARKER_COLUMNS); i++)
        known = copy_has(copy, MARKER_COLUMNS[i]);
    return known;
}

void views_visit_markers(const Views *views, const char *record, MarkerVisit visit, gpointer data)
{
    const Heap *heap = views->copies->heap;
    const Copy *copy = copies_find(views->copies, "markers");
    const CopyIndex *records = copy_way(copy, "record");
    Cell wanted = heap_find(heap, record, strlen(record));
    guint at = copy_begin(views->copies, copy, records, wanted);
    guint column[G_N_ELEMENTS(MARKER_COLUMNS)];
    for (guint i = 0; at && i < G_N_ELEMENTS(MARKER_COLUMNS); i++)
        column[i] = copy_column(copy, MARKER_COLUMNS[i]);
    for (; at; at = copy_next(copy, records, wanted, at)) {
        const Cell *row = copy_row(copy, at);
        double probability = 0;
        heap_number_of(heap, row[column[1]], &probability);
        visit(heap_text(heap, row[column[0]]), probability, heap_text(heap, row[column[2]]), data);
    }
}

gboolean views_visit_came_up(const Views *views, const char *country, RefVisit visit, gpointer data)
{
    const Copies *copies = views->copies;
    const Copy *copy = copies ? copies_find(copies, "firearms") : NULL;
    if (!copy || !copy_has(copy, "country"))
        return FALSE;
    guint record = copy_way(copy, "record")->column, column = copy_column(copy, "country");
    for (guint at = 1; at <= copy->n_rows; at++)
        if (!copy_is_dead(copy, at - 1) && says(copies, copy, at, column, country))
            visit(heap_text(copies->heap, copy_row(copy, at)[record]), data);
    return TRUE;
}
