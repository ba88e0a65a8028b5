/*
 * What SQLite writes for pages of a row of zeros is kept off the file, since these are written anew
 * (pages.c): while it makes them, its file writes by methods of ours, which hand on all that is
 * something else to its own. Which pages were kept back is what is asked for. The file is then
 * shorter than SQLite knows until they are written.
 */
#include <string.h>

#include "engine/store/pages.h"

struct Room {
    sqlite3_io_methods methods; /* first, so that the file's methods lead here */
    const sqlite3_io_methods *own;
    guint size;         /* of a page */
    guint32 from;       /* the first page that did not exist before */
    GByteArray *zeroed; /* of each from there on: was it last written as zeros? */
};

Room *room_new(guint size)
{
    Room *room = g_new0(Room, 1);
    room->size = size;
    room->zeroed = g_byte_array_new();
    return room;
}

void room_free(Room *room)
{
    if (room == NULL)
        return;
    g_byte_array_unref(room->zeroed);
    g_free(room);
}

/* Such a page has the number of the next and nothing else; no page of a tree looks like that. */
static gboolean is_zeros(const guint8 *page, guint size)
{
    return page[4] == 0 && memcmp(page + 4, page + 5, size - 5) == 0;
}

static void note(Room *room, guint32 number, gboolean zeros)
{
    guint at = number - room->from, old = room->zeroed->len;
    if (at >= old) {
        g_byte_array_set_size(room->zeroed, at + 1);
        memset(room->zeroed->data + old, 0, at + 1 - old);
    }
    room->zeroed->data[at] = zeros ? 1 : 0;
}

static int write_others(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
    Room *room = (Room *)(void *)file->pMethods;
    guint64 number = (guint64)at / room->size + 1;
    if (number >= room->from) {
        gboolean zeros = length == (int)room->size && is_zeros(bytes, room->size);
        note(room, (guint32)number, zeros);
        if (zeros)
            return SQLITE_OK;
    }
    file->pMethods = room->own;
    int rc = file->pMethods->xWrite(file, bytes, length, at);
    file->pMethods = &room->methods;
    return rc;
}

void room_begin(Room *room, sqlite3_file *file, guint32 from)
{
    room->own = file->pMethods;
    room->methods = *file->pMethods;
    room->methods.xWrite = write_others;
    room->from = from;
    g_byte_array_set_size(room->zeroed, 0);
    file->pMethods = &room->methods;
}

void room_end(Room *room, sqlite3_file *file)
{
    file->pMethods = room->own;
}

gboolean room_has(const Room *room, guint32 number)
{
    guint at = number - room->from;
    return at < room->zeroed->len && room->zeroed->data[at] != 0;
}
