/*
 * The copy of the buyers, out of that of the purchases by its way in by person: the rows that the
 * view's SELECT yields (views.def), without a list of what is different for each of the many who
 * bought once. Which views are copied, and when: views.c, scope.c.
 */
#include <string.h>

#include "engine/view/parts.h"

static const char *const NAMES[] = {"person",   "purchases", "firearms",   "dealers",
                                    "handguns", "traced",    "first_date", "last_date"};

/* Columns of the copies, and what one person bought. */
typedef struct {
    const Heap *heap;
    WayIn bought; /* by person */
    guint firearm, dealer, handgun, kind, date;
    Cell *row;    /* of the buyers */
    gsize stride; /* its bytes */
    guint place[G_N_ELEMENTS(NAMES)];
    gboolean has[G_N_ELEMENTS(NAMES)];              /* does the copy say it? */
    GArray *firearms, *dealers, *handguns, *traced; /* of Cell */
    guint n;
    Cell first, last; /* dates */
} Buyer;

static Buyer buyer_begin(const Copies *copies, const Copy *buyers)
{
    const Copy *purchases = copies_find(copies, "purchases");
    Buyer buyer = {.heap = copies->heap,
                   .bought = way_in(copies, "purchases", "person"),
                   .firearm = copy_column(purchases, "firearm"),
                   .dealer = copy_column(purchases, "rds_key"),
                   .handgun = copy_column(purchases, "handgun"),
                   .kind = copy_column(purchases, "kind"),
                   .date = copy_column(purchases, "purchase_date"),
                   .row = g_new0(Cell, buyers->n_columns),
                   .stride = buyers->n_columns * sizeof(Cell),
                   .firearms = g_array_new(FALSE, FALSE, sizeof(Cell)),
                   .dealers = g_array_new(FALSE, FALSE, sizeof(Cell)),
                   .handguns = g_array_new(FALSE, FALSE, sizeof(Cell)),
                   .traced = g_array_new(FALSE, FALSE, sizeof(Cell))};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        buyer.place[i] = copy_column(buyers, NAMES[i]);
        buyer.has[i] = copy_has(buyers, NAMES[i]);
    }
    return buyer;
}

static void buyer_clear(Buyer *buyer)
{
    GArray *lists[] = {buyer->firearms, buyer->dealers, buyer->handguns, buyer->traced};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_unref(lists[i]);
    g_free(buyer->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Buyer, buyer_clear)

static void note_text(GArray *list, Cell cell)
{
    if (cell_is_text(cell))
        g_array_append_val(list, cell);
}

static void note_date(Buyer *buyer, Cell date)
{
    const Heap *heap = buyer->heap;
    if (!cell_is_text(date))
        return;
    const char *text = heap_text(heap, date);
    if (buyer->first == CELL_NULL || strcmp(text, heap_text(heap, buyer->first)) < 0)
        buyer->first = date;
    if (buyer->last == CELL_NULL || strcmp(text, heap_text(heap, buyer->last)) > 0)
        buyer->last = date;
}

static void note_purchase(const Copy *copy, const Cell *row, gpointer data)
{
    Buyer *buyer = data;
    const Heap *heap = buyer->heap;
    Cell kind = row[buyer->kind];
    (void)copy;
    buyer->n++;
    note_text(buyer->firearms, row[buyer->firearm]);
    note_text(buyer->dealers, row[buyer->dealer]);
    if (row[buyer->handgun] == heap_number(1))
        note_text(buyer->handguns, row[buyer->firearm]);
    if (!cell_is_text(kind) || strcmp(heap_text(heap, kind), "multiple-sale") != 0)
        note_text(buyer->traced, row[buyer->firearm]);
    note_date(buyer, row[buyer->date]);
}

static gint compare_cells(gconstpointer a, gconstpointer b)
{
    Cell left = *(const Cell *)a, right = *(const Cell *)b;
    return (left > right) - (left < right);
}

/* How many are different; equal texts of a way in are equal cells. */
static Cell count_different(GArray *list)
{
    gint64 n = list->len > 0;
    if (list->len > 1)
        g_array_sort(list, compare_cells);
    for (guint i = 1; i < list->len; i++)
        n += g_array_index(list, Cell, i) != g_array_index(list, Cell, i - 1);
    return heap_number(n);
}

/* The row of a person; FALSE: nobody's. */
static gboolean buyer_row(Buyer *buyer, Cell person)
{
    GArray *lists[] = {buyer->firearms, buyer->dealers, buyer->handguns, buyer->traced};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_set_size(lists[i], 0);
    buyer->n = 0;
    buyer->first = buyer->last = CELL_NULL;
    rows_of(&buyer->bought, person, note_purchase, buyer);
    const Cell cells[] = {person,
                          heap_number(buyer->n),
                          count_different(buyer->firearms),
                          count_different(buyer->dealers),
                          count_different(buyer->handguns),
                          count_different(buyer->traced),
                          buyer->first,
                          buyer->last};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (buyer->has[i])
            buyer->row[buyer->place[i]] = cells[i];
    return buyer->n > 0;
}

void buyers_fill(Copies *copies, Copy *buyers)
{
    g_auto(Buyer) buyer = buyer_begin(copies, buyers);
    const WayIn *way = &buyer.bought;
    for (guint at = 1; at <= way->copy->n_rows; at++) {
        Cell person = copy_row(way->copy, at)[way->index->column];
        if (cell_is_text(person) && copy_begin(copies, way->copy, way->index, person) == at &&
            buyer_row(&buyer, person)) {
            block_append(buyers->cells, buyer.row, buyers->n_columns);
            buyers->n_rows++;
        }
    }
}

void buyers_patch(Copies *copies, Copy *buyers, const CellSet *persons, CopySee see, gpointer data)
{
    g_auto(Buyer) buyer = buyer_begin(copies, buyers);
    for (guint i = 0; i < persons->cells->len; i++) {
        Cell person = g_array_index(persons->cells, Cell, i);
        gboolean buys = buyer_row(&buyer, person);
        guint at = copy_begin(copies, buyers, &buyers->index[0], person);
        if (at && buys && memcmp(copy_row(buyers, at), buyer.row, buyer.stride) == 0)
            continue;
        if (at)
            copy_bury(buyers, at, see, data);
        if (buys)
            copy_append(copies, buyers, buyer.row, see, data);
    }
}
