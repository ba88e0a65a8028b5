/*
 * Room for pages that are not SQLite's work. SQLite alone knows how long its file is, so it is made
 * to take the room itself: a row of zeros in the empty table `former`, some hundred pages long,
 * written out at once, which room.c keeps off the file. Pages of such a row hold nothing but zeros
 * and the number of the next; they are written here, through SQLite's own handle of the file (which
 * holds its locks), and in the end the table is given a row that has what is left of them, which
 * SQLite deletes. So each page is SQLite's or was given back to it, and whatever happens before the
 * commit is undone by its journal: that knows how long the file was, and no page is written here
 * that it does not have.
 */
#include "engine/store/pages.h"

#include <string.h>

#include "engine/store/db.h"
#include "engine/store/sync.h"

#define EMPTY_SQL   "DELETE FROM former; DELETE FROM shared"
#define ROOM_PAGES  512     /* asked for at once: a row, which SQLite allows 10^9 bytes */
#define RUN_BYTES   0x1ffff /* most that SQLite's handle takes whole at once */
#define HEADER_SIZE 100
#define FORMAT      4           /* of the schema: knows the numbers 0 and 1 without bytes */
#define LOCK_BYTE   0x40000000u /* no page lies where this byte is */
#define SYNC_BYTES  (64u << 20) /* put, before they are to go to disk */

struct Pages {
    sqlite3 *db;
    sqlite3_file *file;
    guint size;
    Room *room;
    Sync *sync;
    guint unsynced;         /* bytes */
    GArray *numbers, *late; /* of guint32: room; room when SQLite is done with `former` */
    guint next;             /* of numbers */
    guint8 *run;            /* pages that wait, from number `first` on */
    guint32 first;
    guint waiting;
    int failed; /* SQLite's code of the first write that did: no other is tried */
};

void page_put(guint8 *bytes, guint32 number, guint size)
{
    while (size-- > 0) {
        bytes[size] = (guint8)number;
        number >>= 8;
    }
}

static guint32 page_get(const guint8 *bytes, guint size)
{
    guint32 number = 0;
    for (guint i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* Seven bits a byte, high ones first; a ninth byte has eight. */
guint page_varint(guint8 *bytes, guint64 number)
{
    guint8 turned[PAGE_KEY_MAX];
    guint n = 0;
    if (number >> 56 != 0) {
        bytes[8] = (guint8)number;
        number >>= 8;
        for (int i = 7; i >= 0; i--, number >>= 7)
            bytes[i] = (guint8)(number | 0x80);
        return PAGE_KEY_MAX;
    }
    do {
        turned[n++] = (guint8)(number & 0x7f);
        number >>= 7;
    } while (number != 0);
    for (guint i = 0; i < n; i++)
        bytes[i] = (guint8)(turned[n - 1 - i] | (i + 1 < n ? 0x80 : 0));
    return n;
}

static gboolean failed(Pages *pages, GError **error)
{
    return sqlite_error(pages->db, "cannot write to the store", error);
}

/* What the file's handle or a flush says is not kept by the connection. */
static gboolean io_failed(int rc, GError **error)
{
    gboolean memory = (rc & 0xff) == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM;
    return error_set(error, memory ? STATUS_MEMORY : STATUS_IO, "cannot write to the store: %s",
                     sqlite3_errstr(rc));
}

static gboolean ask(sqlite3 *db, const char *sql, gint64 *number, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(db, "cannot read the store", error);
    *number = sqlite3_column_int64(stmt, 0);
    return TRUE;
}

/* SQLite numbers the row. It does not make the zeros before it writes them, as long as they stand
 * last and come from no query. */
static gboolean add_zeros(Pages *pages, const char *sql, guint n, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(pages->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return failed(pages, error);
    sqlite3_bind_zeroblob64(stmt, 1, (guint64)n * (pages->size - 4));
    return sqlite3_step(stmt) == SQLITE_DONE || failed(pages, error);
}

/* Pages that were freed would be taken first, from anywhere: they wait in another table. */
static gboolean set_freed_aside(Pages *pages, GError **error)
{
    gint64 n = 0;
    do {
        if (!ask(pages->db, "PRAGMA freelist_count", &n, error) ||
            (n > 0 && !add_zeros(pages, "INSERT INTO shared(entries) VALUES(?)",
                                 (guint)MIN(n, ROOM_PAGES), error)))
            return FALSE;
    } while (n > 0);
    return TRUE;
}

/* The pages from `from` on: those of zeros, and SQLite's own. */
static void sort_out(Pages *pages, guint32 from, guint32 to)
{
    for (guint32 i = from; i <= to; i++) {
        if (i != LOCK_BYTE / pages->size + 1)
            g_array_append_val(room_has(pages->room, i) ? pages->numbers : pages->late, i);
    }
}

static gboolean make_room(Pages *pages, gint64 *after, int *flushed, GError **error)
{
    gboolean made = add_zeros(pages, "INSERT INTO former(texts) VALUES(?)", ROOM_PAGES, error) &&
                    ask(pages->db, "PRAGMA page_count", after, error);
    if (made)
        *flushed = sqlite3_db_cacheflush(pages->db);
    return made;
}

static gboolean take_room(Pages *pages, int *flushed, GError **error)
{
    gint64 before = 0, after = 0;
    if (!set_freed_aside(pages, error) || !ask(pages->db, "PRAGMA page_count", &before, error))
        return FALSE;
    room_begin(pages->room, pages->file, (guint32)before + 1);
    gboolean made = make_room(pages, &after, flushed, error);
    room_end(pages->room, pages->file);
    if (made && *flushed == SQLITE_OK)
        sort_out(pages, (guint32)before + 1, (guint32)after);
    return made;
}

/* Is the file as this room makes it? */
static gboolean is_plain(Pages *pages)
{
    guint8 head[HEADER_SIZE];
    if (pages->file->pMethods->xRead(pages->file, head, sizeof head, 0) != SQLITE_OK)
        return FALSE;
    pages->size = page_get(head + 16, 2);
    return pages->size >= 4096 && head[20] == 0 && page_get(head + 44, 4) == FORMAT &&
           page_get(head + 52, 4) == 0 && page_get(head + 56, 4) == SQLITE_UTF8;
}

gboolean pages_begin(sqlite3 *db, Pages **pages, GError **error)
{
    g_autoptr(Pages) made = g_new0(Pages, 1);
    gint64 n = 0;
    int flushed = SQLITE_OK;
    *pages = NULL;
    made->db = db;
    made->numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
    made->late = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &made->file) != SQLITE_OK ||
        !is_plain(made))
        return TRUE;
    made->run = g_malloc(RUN_BYTES);
    made->room = room_new(made->size);
    if (!ask(db, "SELECT (SELECT count(*) FROM former) + (SELECT count(*) FROM shared)", &n, error))
        return FALSE;
    if (n > 0)
        return TRUE;
    if (!take_room(made, &flushed, error))
        return FALSE;
    if (flushed == SQLITE_OK) {
        made->sync = sync_new(made->file);
        *pages = g_steal_pointer(&made);
    } else if ((flushed & 0xff) != SQLITE_BUSY) {
        return io_failed(flushed, error);
    }
    return *pages != NULL ||
           sqlite_run(db, EMPTY_SQL, "cannot prepare the store for a load", error);
}

void pages_free(Pages *pages)
{
    if (pages == NULL)
        return;
    sync_end(pages->sync);
    room_free(pages->room);
    g_array_unref(pages->numbers);
    g_array_unref(pages->late);
    g_free(pages->run);
    g_free(pages);
}

sqlite3 *pages_db(const Pages *pages)
{
    return pages->db;
}

guint pages_size(const Pages *pages)
{
    return pages->size;
}

gboolean pages_take(Pages *pages, guint32 *number, GError **error)
{
    int flushed = SQLITE_OK;
    if (pages->next == pages->numbers->len) {
        g_array_set_size(pages->numbers, 0);
        pages->next = 0;
        if (!take_room(pages, &flushed, error))
            return FALSE;
        if (flushed != SQLITE_OK || pages->numbers->len == 0)
            return io_failed(flushed, error);
    }
    *number = g_array_index(pages->numbers, guint32, pages->next++);
    return TRUE;
}

static void sync_run(Pages *pages)
{
    pages->unsynced = 0;
    sync_ask(pages->sync);
}

/* An error of a statement may have rolled the transaction back, and the locks with it. Where what
 * was written before did not go to disk, no more is written. */
static gboolean write_run(Pages *pages, GError **error)
{
    if (sqlite3_get_autocommit(pages->db))
        pages->failed = SQLITE_ABORT_ROLLBACK;
    if (pages->failed == SQLITE_OK)
        pages->failed = sync_failed(pages->sync);
    if (pages->failed == SQLITE_OK && pages->waiting > 0)
        pages->failed = pages->file->pMethods->xWrite(pages->file, pages->run,
                                                      (int)(pages->waiting * pages->size),
                                                      (gint64)(pages->first - 1) * pages->size);
    pages->unsynced += pages->waiting * pages->size;
    pages->waiting = 0;
    if (pages->unsynced > SYNC_BYTES)
        sync_run(pages);
    return pages->failed == SQLITE_OK || io_failed(pages->failed, error);
}

gboolean pages_sync(Pages *pages, GError **error)
{
    gboolean written = write_run(pages, error);
    if (written)
        sync_run(pages);
    return written;
}

gboolean pages_put(Pages *pages, guint32 number, const guint8 *page, GError **error)
{
    if (((pages->waiting + 1) * pages->size > RUN_BYTES ||
         number != pages->first + pages->waiting) &&
        !write_run(pages, error))
        return FALSE;
    if (pages->waiting == 0)
        pages->first = number;
    memcpy(pages->run + (gsize)pages->waiting++ * pages->size, page, pages->size);
    return TRUE;
}

/* A row of the table `former` that has all pages left, and as much of zeros as it must. */
static gboolean put_rest(Pages *pages, GError **error)
{
    g_autoptr(Tree) rest = tree_new(pages, "former", FALSE, error);
    if (rest == NULL)
        return FALSE;
    g_array_append_vals(pages->numbers, pages->late->data, pages->late->len);
    g_array_set_size(pages->late, 0);
    guint n = pages->numbers->len - pages->next;
    gsize size = tree_row_over(pages, n);
    if (n == 0)
        return tree_end(rest, error);
    g_autofree guint8 *row = g_malloc0(size);
    guint8 type[PAGE_KEY_MAX];
    gsize head = 2 + page_varint(type, size * 2);
    head = 2 + page_varint(type, (size - head) * 2 + 12);
    row[0] = (guint8)head;
    memcpy(row + 2, type, head - 2);
    return tree_add(rest, 1, row, size, error) && tree_end(rest, error);
}

gboolean pages_end(Pages *pages, GError **error)
{
    if (!put_rest(pages, error) || !write_run(pages, error))
        return FALSE;
    int rc = sync_end(g_steal_pointer(&pages->sync));
    if (rc != SQLITE_OK)
        return io_failed(rc, error);
    sqlite3_db_release_memory(pages->db);
    return sqlite_run(pages->db, EMPTY_SQL, "cannot write to the store", error);
}
