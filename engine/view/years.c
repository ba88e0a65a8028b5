/*
 * From the rows that became others to what the same dealers sold that was recovered in the same
 * calendar years: a rule that counts by both says of no other what it did not say before. The
 * dealers that new rows name sold most of all that there is; in these years they sold little of it.
 */
#include <string.h>

#include "engine/view/parts.h"

typedef struct {
    const Heap *heap;
    guint record, dealer, day; /* columns of the purchases */
    GHashTable *years;         /* a dealer's cell -> GArray of guint32 */
} Years;

/* The first four bytes of a date. */
static guint32 year_of(const Heap *heap, Cell day)
{
    guint32 year = 0;
    const char *text = heap_text(heap, day);
    memcpy(&year, text, strnlen(text, sizeof year));
    return year;
}

/* Is it a year of the dealer's? Who has one without the other counts nowhere. */
static gboolean has_year(const Years *years, const Cell *row)
{
    const GArray *own =
        cell_is_text(row[years->dealer]) && cell_is_text(row[years->day])
            ? g_hash_table_lookup(years->years, GUINT_TO_POINTER(row[years->dealer]))
            : NULL;
    guint32 year = own ? year_of(years->heap, row[years->day]) : 0;
    for (guint i = 0; own && i < own->len; i++)
        if (g_array_index(own, guint32, i) == year)
            return TRUE;
    return FALSE;
}

static void note_year(const Copy *copy, const Cell *row, gpointer data)
{
    Years *years = data;
    (void)copy;
    if (!cell_is_text(row[years->dealer]) || !cell_is_text(row[years->day]) || has_year(years, row))
        return;
    gpointer dealer = GUINT_TO_POINTER(row[years->dealer]);
    GArray *own = g_hash_table_lookup(years->years, dealer);
    guint32 year = year_of(years->heap, row[years->day]);
    if (!own) {
        own = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_hash_table_insert(years->years, dealer, own);
    }
    g_array_append_val(own, year);
}

CellSet *reach_years(const Views *views, const ScopeAsk *ask, gsize most)
{
    const WayIn sold = way_in(views->copies, "purchases", NULL);
    g_autoptr(CellSet) changed = cell_set_new();
    if (!copy_has(sold.copy, "recovered_date"))
        return NULL;
    CellSet *records = cell_set_new();
    Years years = {views->copies->heap, sold.index->column, copy_way(sold.copy, "rds_key")->column,
                   copy_column(sold.copy, "recovered_date"),
                   g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref)};
    reach_changed(views, ask, changed);
    cell_set_add_all(records, changed);
    rows_that_changed(views, ask, "purchases", note_year, &years);
    rows_of_all(&sold, changed, note_year, &years);
    for (guint at = 1; at <= sold.copy->n_rows && records->cells->len <= most; at++)
        if (has_year(&years, copy_row(sold.copy, at)))
            cell_set_add(records, copy_row(sold.copy, at)[years.record]);
    g_hash_table_unref(years.years);
    return records;
}
