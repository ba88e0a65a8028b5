/*
 * A row packed as SQLite packs it: the types of all columns, then their bytes. The columns come in
 * the order of their table; which they are is first.c's business. Private to this room.
 */
#ifndef CROSSTRACE_STORE_ROW_H
#define CROSSTRACE_STORE_ROW_H

#include <string.h>

#include "engine/base/memory.h"
#include "engine/store/pages.h"

#define ROW_COLUMNS_MAX 120 /* so that the types of all take no more than 9 * 120 bytes */
#define ROW_HEAD        (ROW_COLUMNS_MAX * PAGE_KEY_MAX + 2)

/* A row in the making: the types, then from ROW_HEAD on the bytes. */
typedef struct {
    guint8 types[ROW_HEAD];
    guint n_types;
    guint8 *bytes;
    gsize used, room;
} Row;

static inline void row_begin(Row *row)
{
    row->n_types = 0;
    row->used = ROW_HEAD;
}

/* Where so many more bytes go. */
G_ALWAYS_INLINE static inline guint8 *row_take(Row *row, gsize size)
{
    if (row->used + size > row->room) {
        row->room = 2 * (row->used + size);
        row->bytes = g_realloc(row->bytes, row->room);
    }
    row->used += size;
    return row->bytes + row->used - size;
}

/* A row has dozens of texts of some bytes: they are copied here, without a call for each. */
G_ALWAYS_INLINE static inline void row_bytes(Row *row, const void *bytes, gsize size)
{
    guint8 *to = row_take(row, size);
    bytes_copy(to, bytes, size);
}

static inline void row_type(Row *row, guint64 type)
{
    if (type < 0x80)
        row->types[row->n_types++] = (guint8)type;
    else
        row->n_types += page_varint(row->types + row->n_types, type);
}

static inline void row_null(Row *row)
{
    row_type(row, 0);
}

static inline void row_sized(Row *row, const char *text, gsize size)
{
    row_type(row, 2 * size + 13);
    row_bytes(row, text, size);
}

static inline void row_text(Row *row, const char *text)
{
    row_sized(row, text, strlen(text));
}

static inline void row_blob(Row *row, const void *bytes, gsize size)
{
    row_type(row, 2 * size + 12);
    row_bytes(row, bytes, size);
}

/* In the fewest bytes that hold it with its sign; 0 and 1 are types of their own. */
static inline void row_number(Row *row, gint64 number)
{
    static const guint8 SIZES[] = {1, 2, 3, 4, 6, 8};
    guint type = 0;
    if (number == 0 || number == 1) {
        row_type(row, number == 0 ? 8 : 9);
        return;
    }
    while (type < 5 && (number < -(G_GINT64_CONSTANT(1) << (SIZES[type] * 8 - 1)) ||
                        number >= G_GINT64_CONSTANT(1) << (SIZES[type] * 8 - 1)))
        type++;
    guint8 *bytes = row_take(row, SIZES[type]);
    for (guint i = 0; i < SIZES[type]; i++)
        bytes[SIZES[type] - 1 - i] = (guint8)((guint64)number >> 8 * i);
    row_type(row, type + 1);
}

/* The types go right before the bytes, and their length before them. */
static inline const guint8 *row_end(Row *row, gsize *size)
{
    guint head = row->n_types + (row->n_types + 1 < 0x80 ? 1 : 2);
    guint8 *begin = row->bytes + ROW_HEAD - head;
    guint length = page_varint(begin, head);
    memcpy(begin + length, row->types, row->n_types);
    *size = row->used - ROW_HEAD + head;
    return begin;
}

#endif
