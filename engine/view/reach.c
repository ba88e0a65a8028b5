/*
 * From the rows that became others to the records of which rules may say something else than they
 * did: by firearm, person and case over any number of steps, and by dealer; by the running number
 * of a serial (numbers.c); by identifier (held.c). All of it is walked in the copies: no rule that
 * is asked so reads another view.
 */
#include <string.h>

#include "engine/view/parts.h"

/* ---- sets of cells ---------------------------------------------------------------------- */

CellSet *cell_set_new(void)
{
    CellSet *set = g_new(CellSet, 1);
    *set = (CellSet){g_hash_table_new(NULL, NULL), g_array_new(FALSE, FALSE, sizeof(Cell))};
    return set;
}

void cell_set_free(CellSet *set)
{
    if (set == NULL)
        return;
    g_hash_table_unref(set->has);
    g_array_unref(set->cells);
    g_free(set);
}

gboolean cell_set_add(CellSet *set, Cell cell)
{
    if (!cell_is_text(cell) || !g_hash_table_add(set->has, GUINT_TO_POINTER(cell)))
        return FALSE;
    g_array_append_val(set->cells, cell);
    return TRUE;
}

void cell_set_add_all(CellSet *set, const CellSet *other)
{
    for (guint i = 0; i < other->cells->len; i++)
        cell_set_add(set, g_array_index(other->cells, Cell, i));
}

gboolean cell_set_has(const CellSet *set, Cell cell)
{
    return g_hash_table_contains(set->has, GUINT_TO_POINTER(cell));
}

/* ---- rows ------------------------------------------------------------------------------- */

const char *const sale_views[SALE_VIEWS] = {"firearms", "purchases"};

WayIn way_in(const Copies *copies, const char *view, const char *column)
{
    const Copy *copy = copies_find(copies, view);
    return (WayIn){copies, copy, column ? copy_way(copy, column) : &copy->index[0]};
}

void rows_of(const WayIn *way, Cell value, RowVisit visit, gpointer data)
{
    guint at = copy_begin(way->copies, way->copy, way->index, value);
    for (; at; at = copy_next(way->copy, way->index, value, at))
        visit(way->copy, copy_row(way->copy, at), data);
}

void rows_of_all(const WayIn *way, const CellSet *values, RowVisit visit, gpointer data)
{
    for (guint i = 0; i < values->cells->len; i++)
        rows_of(way, g_array_index(values->cells, Cell, i), visit, data);
}

gboolean may_be_read(const Views *views, const ScopeAsk *ask, const Copy *copy)
{
    for (guint i = 0; i < views->copies->copies->len; i++) {
        const CopyPlan *plan = ((const Copy *)views->copies->copies->pdata[i])->plan;
        if ((plan == copy->plan || g_strcmp0(plan->of, copy->plan->view) == 0) &&
            view_may_be_read(plan->view, ask->rules))
            return TRUE;
    }
    return FALSE;
}

void rows_that_changed(const Views *views, const ScopeAsk *ask, const char *view, RowVisit visit,
                       gpointer data)
{
    for (guint i = 0; i < views->others->len; i++) {
        const Copy *copy = views->copies->copies->pdata[i];
        const GArray *cells = views->others->pdata[i];
        if ((view && strcmp(copy->plan->view, view) != 0) || !may_be_read(views, ask, copy))
            continue;
        for (guint at = 0; at < cells->len; at += copy->n_columns)
            visit(copy, &g_array_index(cells, Cell, at), data);
    }
}

void row_add_record(const Copy *copy, const Cell *row, gpointer records)
{
    cell_set_add(records, row[copy->index[0].column]);
}

void reach_changed(const Views *views, const ScopeAsk *ask, CellSet *records)
{
    rows_that_changed(views, ask, NULL, row_add_record, records);
}

/* ---- by firearm, person and case -------------------------------------------------------- */

typedef enum { TIE_FIREARM, TIE_PERSON, TIE_CASE, TIE_KINDS } TieKind;

/* What ties records together: the views' columns that say it, each of which is a way in. */
static const struct {
    TieKind kind;
    const char *view, *column;
} TIES[] = {
    {TIE_FIREARM, "firearms", "firearm"},
    {TIE_FIREARM, "purchases", "firearm"},
    {TIE_PERSON, "people", "person"},
    {TIE_CASE, "firearms", "case_no"},
};

typedef struct {
    WayIn tie[G_N_ELEMENTS(TIES)];
    CellSet *records, *values[TIE_KINDS];
} Closing;

/* All that have what a row says there; each value is gone over once. */
static void follow_tie(Closing *closing, guint tie, const Cell *row)
{
    Cell value = row[closing->tie[tie].index->column];
    if (!cell_set_add(closing->values[TIES[tie].kind], value))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(TIES); i++)
        if (TIES[i].kind == TIES[tie].kind)
            rows_of(&closing->tie[i], value, row_add_record, closing->records);
}

static void follow_row(const Copy *copy, const Cell *row, gpointer data)
{
    Closing *closing = data;
    for (guint i = 0; i < G_N_ELEMENTS(TIES); i++)
        if (closing->tie[i].copy == copy)
            follow_tie(closing, i, row);
}

CellSet *reach_related(const Views *views, const ScopeAsk *ask, gsize most)
{
    Closing closing = {.records = cell_set_new()};
    for (guint i = 0; i < G_N_ELEMENTS(TIES); i++)
        closing.tie[i] = way_in(views->copies, TIES[i].view, TIES[i].column);
    for (guint i = 0; i < TIE_KINDS; i++)
        closing.values[i] = cell_set_new();
    reach_changed(views, ask, closing.records);
    rows_that_changed(views, ask, NULL, follow_row, &closing);
    for (guint i = 0; i < closing.records->cells->len && closing.records->cells->len <= most; i++) {
        Cell record = g_array_index(closing.records->cells, Cell, i);
        for (guint c = 0; c < views->copies->copies->len; c++) {
            const Copy *copy = views->copies->copies->pdata[c];
            const WayIn way = {views->copies, copy, &copy->index[0]};
            if (!copy->plan->of)
                rows_of(&way, record, follow_row, &closing);
        }
    }
    for (guint i = 0; i < TIE_KINDS; i++)
        cell_set_free(closing.values[i]);
    return closing.records;
}

/* ---- by dealer -------------------------------------------------------------------------- */

static void add_dealer(const Copy *copy, const Cell *row, gpointer dealers)
{
    cell_set_add(dealers, row[copy_way(copy, "rds_key")->column]);
}

/* All that they sold; or more than it takes to ask everything. */
static void add_sold(const WayIn *way, const CellSet *dealers, gsize most, CellSet *records)
{
    for (guint i = 0; i < dealers->cells->len && records->cells->len <= most; i++)
        rows_of(way, g_array_index(dealers->cells, Cell, i), row_add_record, records);
}

CellSet *reach_dealers(const Views *views, const ScopeAsk *ask, gsize most)
{
    CellSet *records = cell_set_new();
    g_autoptr(CellSet) dealers = cell_set_new();
    reach_changed(views, ask, records);
    for (guint v = 0; v < SALE_VIEWS; v++) {
        const WayIn way = way_in(views->copies, sale_views[v], NULL);
        rows_that_changed(views, ask, sale_views[v], add_dealer, dealers);
        rows_of_all(&way, records, add_dealer, dealers);
    }
    for (guint v = 0; v < SALE_VIEWS; v++) {
        const WayIn way = way_in(views->copies, sale_views[v], "rds_key");
        add_sold(&way, dealers, most, records);
    }
    return records;
}
