/*
 * Values of rows in memory. A text stands once in the heap, behind its hash and length, so that
 * who looks for rows of a text compares numbers; small whole numbers stand in the cell itself.
 */
#include "engine/view/cells.h"

#include <string.h>

#include "engine/base/memory.h"

#define UNIT 8u /* values begin at multiples of it */

/* The highest bit of a cell says that it is a number, the next two of what kind; without it the
 * cell is the place of a text, and CELL_NULL that of none. */
#define NUMBER     ((guint32)1 << 31)
#define KIND_SHIFT 29
enum { KIND_SMALL = 4, KIND_WHOLE, KIND_REAL };
#define NUMBER_MASK (((guint32)1 << KIND_SHIFT) - 1)
#define SMALL_BIAS  ((gint64)1 << (KIND_SHIFT - 1))

#define HEAP_MOST ((gsize)(NUMBER - 1) * UNIT) /* what a cell can name */

typedef struct {
    guint32 hash, length; /* with FOUND */
    char text[];
} Text;

#define FOUND ((guint32)1 << 31) /* the text can be found: it stands once */

static gsize text_length(const Text *text)
{
    return text->length & ~FOUND;
}

void heap_init(Heap *heap)
{
    *heap = (Heap){.size = UNIT, .mask = (1u << 12) - 1, .most = HEAP_MOST};
    heap_lay(heap, block_new(1, 1 << 16), block_new(sizeof(guint32), (gsize)heap->mask + 1));
    block_resize(heap->values, UNIT); /* where no value stands */
    block_resize(heap->slots, (gsize)heap->mask + 1);
    heap->numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
}

void heap_lay(Heap *heap, Block *values, Block *slots)
{
    heap->values = values;
    heap->bytes = (guint8 *)values->data;
    heap->slots = slots;
    heap->slot = (guint32 *)(gpointer)slots->data;
}

void heap_clear(Heap *heap)
{
    block_free(heap->values);
    block_free(heap->slots);
    g_clear_pointer(&heap->numbers, g_array_unref);
    *heap = (Heap){0};
}

void heap_settle(Heap *heap)
{
    memory_large(heap->bytes, heap->size);
    memory_large(heap->slot, ((gsize)heap->mask + 1) * sizeof *heap->slot);
}

static const Text *text_at(const Heap *heap, Cell cell)
{
    return (const Text *)(gconstpointer)(heap->bytes + (gsize)cell * UNIT);
}

gboolean cell_is_text(Cell cell)
{
    return cell != CELL_NULL && !(cell & NUMBER);
}

guint32 heap_hash(const Heap *heap, Cell cell)
{
    return text_at(heap, cell)->hash;
}

const char *heap_text(const Heap *heap, Cell cell)
{
    return text_at(heap, cell)->text;
}

void heap_ahead(const Heap *heap, Cell cell)
{
    if (cell_is_text(cell))
        __builtin_prefetch(text_at(heap, cell));
}

/* Eight bytes at a time: texts here are short, and there are very many. */
guint32 text_hash_of(const char *text, gsize length)
{
    guint64 hash = length * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    while (length > 0) {
        guint64 part = 0;
        gsize n = MIN(length, sizeof part);
        if (n == sizeof part)
            memcpy(&part, text, sizeof part);
        else
            memcpy(&part, text, n);
        hash = (hash ^ part) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
        hash ^= hash >> 32;
        text += n;
        length -= n;
    }
    return (guint32)(hash ^ hash >> 29);
}

/* Room for a value in the heap: its place in units, 0 when there is no room any more. */
static guint32 heap_room(Heap *heap, gsize size)
{
    gsize place = heap->size / UNIT;
    gsize end = heap->size + (size + UNIT - 1) / UNIT * UNIT;
    if (end > heap->most) {
        heap->full = TRUE;
        return 0;
    }
    block_extend(heap->values, end);
    heap->bytes = (guint8 *)heap->values->data;
    heap->size = end;
    return (guint32)place;
}

static void grow_slots(Heap *heap)
{
    guint32 mask = heap->mask * 2 + 1;
    Block *slots = block_table(sizeof(guint32), (gsize)mask + 1);
    guint32 *slot = (guint32 *)(gpointer)slots->data;
    for (gsize i = 0; i <= heap->mask; i++) {
        guint32 place = heap->slot[i];
        gsize at = place ? text_at(heap, place)->hash & mask : 0;
        while (place && slot[at])
            at = (at + 1) & mask;
        if (place)
            slot[at] = place;
    }
    block_free(heap->slots);
    heap->slots = slots;
    heap->slot = slot;
    heap->mask = mask;
}

gboolean heap_is_text(const Heap *heap, Cell cell, guint32 hash, const char *text, gsize length)
{
    const Text *other = text_at(heap, cell);
    return other->hash == hash && text_length(other) == length &&
           memcmp(other->text, text, length) == 0;
}

/* The slot where a text stands, or would. */
static guint32 *slot_of(const Heap *heap, guint32 hash, const char *text, gsize length)
{
    gsize at = hash & heap->mask;
    while (heap->slot[at] && !heap_is_text(heap, heap->slot[at], hash, text, length))
        at = (at + 1) & heap->mask;
    return &heap->slot[at];
}

/* Of a text that SQLite was handed out of the heap, and hands back: no look among all of them. */
static Cell own_cell(const Heap *heap, const char *text, gsize length)
{
    gsize at = (gsize)((guintptr)text - (guintptr)heap->bytes) - sizeof(Text);
    if (at >= heap->size || at % UNIT != 0)
        return CELL_NULL;
    Cell cell = (Cell)(at / UNIT);
    return text_at(heap, cell)->length == ((guint32)length | FOUND) ? cell : CELL_NULL;
}

Cell heap_find(const Heap *heap, const char *text, gsize length)
{
    Cell cell = own_cell(heap, text, length);
    return cell != CELL_NULL ? cell : *slot_of(heap, text_hash_of(text, length), text, length);
}

static guint32 add_text(Heap *heap, guint32 hash, const char *text, gsize length)
{
    guint32 place = length < FOUND ? heap_room(heap, sizeof(Text) + length + 1) : CELL_NULL;
    if (!place)
        return CELL_NULL;
    Text *kept = (Text *)(gpointer)(heap->bytes + (gsize)place * UNIT);
    kept->hash = hash;
    kept->length = (guint32)length;
    memcpy(kept->text, text, length);
    memset(kept->text + length, 0, heap->size - (gsize)place * UNIT - sizeof(Text) - length);
    return place;
}

static Cell take_found(Heap *heap, const char *text, gsize length)
{
    guint32 hash = text_hash_of(text, length);
    guint32 *slot = slot_of(heap, hash, text, length);
    Cell cell = *slot;
    if (cell != 0)
        return cell;
    cell = *slot = add_text(heap, hash, text, length);
    if (cell != CELL_NULL)
        ((Text *)(gpointer)(heap->bytes + (gsize)cell * UNIT))->length |= FOUND;
    if (++heap->texts > heap->mask / 2)
        grow_slots(heap);
    return cell;
}

gboolean heap_append(Heap *heap, gconstpointer texts, gsize size)
{
    gsize at = heap->size;
    if (size == 0)
        return TRUE;
    guint32 place = size % UNIT == 0 ? heap_room(heap, size) : 0;
    if (!place)
        return FALSE;
    memcpy(heap->bytes + at, texts, size);
    while (heap->size - at >= sizeof(Text)) {
        const Text *text = (const Text *)(gconstpointer)(heap->bytes + at);
        gsize length = text_length(text);
        gsize whole = (sizeof(Text) + length + 1 + UNIT - 1) / UNIT * UNIT;
        if (whole > heap->size - at)
            return FALSE;
        if (text->length & FOUND) {
            *slot_of(heap, text->hash, text->text, length) = (guint32)(at / UNIT);
            if (++heap->texts > heap->mask / 2)
                grow_slots(heap);
        }
        at += whole;
    }
    return at == heap->size;
}

/* Where nobody looks for it, a text may stand twice: to know all of them costs more than that. */
static Cell take_lately(Heap *heap, const char *text, gsize length)
{
    guint32 hash = text_hash_of(text, length);
    guint32 *lately = &heap->lately[hash % HEAP_LATELY];
    if (!*lately || !heap_is_text(heap, *lately, hash, text, length))
        *lately = add_text(heap, hash, text, length);
    return *lately;
}

static Cell take_number(Heap *heap, gconstpointer number, guint kind)
{
    guint32 place = heap->numbers->len;
    if (place > NUMBER_MASK) {
        heap->full = TRUE;
        return CELL_NULL;
    }
    g_array_append_vals(heap->numbers, number, 1);
    return kind << KIND_SHIFT | place;
}

Value value_at(sqlite3_stmt *stmt, int column)
{
    Value value = {.type = sqlite3_column_type(stmt, column)};
    switch (value.type) {
    case SQLITE_NULL:
        break;
    case SQLITE_INTEGER:
        value.whole = sqlite3_column_int64(stmt, column);
        break;
    case SQLITE_FLOAT:
        value.real = sqlite3_column_double(stmt, column);
        break;
    default:
        value.type = SQLITE_TEXT;
        value.text = (const char *)sqlite3_column_text(stmt, column);
        value.length = (gsize)sqlite3_column_bytes(stmt, column);
    }
    return value;
}

Cell heap_number(gint64 number)
{
    return (guint32)KIND_SMALL << KIND_SHIFT | (guint32)(number + SMALL_BIAS);
}

Cell heap_take(Heap *heap, const Value *value, gboolean found)
{
    switch (value->type) {
    case SQLITE_NULL:
        return CELL_NULL;
    case SQLITE_INTEGER:
        if (value->whole >= -SMALL_BIAS && value->whole < SMALL_BIAS)
            return heap_number(value->whole);
        return take_number(heap, &value->whole, KIND_WHOLE);
    case SQLITE_FLOAT:
        return take_number(heap, &value->real, KIND_REAL);
    default:
        return found ? take_found(heap, value->text, value->length)
                     : take_lately(heap, value->text, value->length);
    }
}

static gconstpointer number_at(const Heap *heap, Cell cell)
{
    return &g_array_index(heap->numbers, gint64, cell & NUMBER_MASK);
}

gboolean heap_number_of(const Heap *heap, Cell cell, double *number)
{
    gint64 whole;
    switch (cell >> KIND_SHIFT) {
    case KIND_SMALL:
        *number = (double)((gint64)(cell & NUMBER_MASK) - SMALL_BIAS);
        return TRUE;
    case KIND_WHOLE:
        memcpy(&whole, number_at(heap, cell), sizeof whole);
        *number = (double)whole;
        return whole <= NUMBER_EXACT && whole >= -NUMBER_EXACT;
    case KIND_REAL:
        memcpy(number, number_at(heap, cell), sizeof *number);
        return TRUE;
    default:
        return FALSE;
    }
}

gboolean heap_equal(const Heap *heap, Cell cell, const Value *value)
{
    switch (value->type) {
    case SQLITE_NULL:
        return cell == CELL_NULL;
    case SQLITE_INTEGER:
        return cell >> KIND_SHIFT == KIND_SMALL
                   ? (gint64)(cell & NUMBER_MASK) - SMALL_BIAS == value->whole
                   : cell >> KIND_SHIFT == KIND_WHOLE &&
                         memcmp(number_at(heap, cell), &value->whole, sizeof value->whole) == 0;
    case SQLITE_FLOAT:
        /* bit for bit */
        return cell >> KIND_SHIFT == KIND_REAL &&
               /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
               memcmp(number_at(heap, cell), &value->real, sizeof value->real) == 0;
    default:
        return cell_is_text(cell) && text_length(text_at(heap, cell)) == value->length &&
               memcmp(text_at(heap, cell)->text, value->text, value->length) == 0;
    }
}

void heap_result(const Heap *heap, Cell cell, sqlite3_context *context)
{
    gint64 whole;
    double real;
    switch (cell >> KIND_SHIFT) {
    case KIND_SMALL:
        sqlite3_result_int64(context, (gint64)(cell & NUMBER_MASK) - SMALL_BIAS);
        return;
    case KIND_WHOLE:
        memcpy(&whole, number_at(heap, cell), sizeof whole);
        sqlite3_result_int64(context, whole);
        return;
    case KIND_REAL:
        memcpy(&real, number_at(heap, cell), sizeof real);
        sqlite3_result_double(context, real);
        return;
    default:
        if (cell == CELL_NULL)
            return; /* what SQLite takes for NULL */
        sqlite3_result_text(context, text_at(heap, cell)->text,
                            (int)text_length(text_at(heap, cell)), SQLITE_STATIC);
    }
}
