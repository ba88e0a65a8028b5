/*
 * Pages of the store's file that are written beside SQLite, while it holds the transaction they
 * belong to (first.c): room for them (pages.c, room.c), and trees of rows made of them from the
 * first key to the last (tree.c). By SQLite's description of its file format
 * (sqlite.org/fileformat2.html). Private to this room.
 */
#ifndef CROSSTRACE_STORE_PAGES_H
#define CROSSTRACE_STORE_PAGES_H

#include <glib.h>
#include <sqlite3.h>

#define PAGE_KEY_MAX 9 /* bytes of a number as SQLite writes it */

typedef struct Pages Pages;
typedef struct Tree Tree;
typedef struct Room Room;

/* Numbers of SQLite's file format: `size` bytes, high ones first; or 7 bits a byte, at most
 * PAGE_KEY_MAX bytes: how many. */
void page_put(guint8 *bytes, guint32 number, guint size);
guint page_varint(guint8 *bytes, guint64 number);

/* room.c: pages of zeros that SQLite writes from number `from` on do not come into the file,
 * between begin and end; then, was it the page's last write that was kept off? */
Room *room_new(guint size);
void room_free(Room *room);
void room_begin(Room *room, sqlite3_file *file, guint32 from);
void room_end(Room *room, sqlite3_file *file);
gboolean room_has(const Room *room, guint32 number);

/* Room in the main file of the connection, which is in a transaction with a rollback journal. The
 * table `former` is empty and is used up to pages_end, as is `shared`. *pages is NULL without error
 * where the file has another form, or a reader keeps it: then it must be written as always. */
gboolean pages_begin(sqlite3 *db, Pages **pages, GError **error);
void pages_free(Pages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pages, pages_free)

sqlite3 *pages_db(const Pages *pages);
/* Bytes of a page. */
guint pages_size(const Pages *pages);
/* A number for a page that is written once, with pages_put. */
gboolean pages_take(Pages *pages, guint32 *number, GError **error);
gboolean pages_put(Pages *pages, guint32 number, const guint8 *page, GError **error);
/* What was put goes to disk while more is. FALSE where a page could not be put: then nothing goes
 * on. */
gboolean pages_sync(Pages *pages, GError **error);
/* All pages are in the file, what was room for more is given back, SQLite reads all anew. */
gboolean pages_end(Pages *pages, GError **error);

/* A tree under the page of the table or index `name`, which is empty and was changed in this
 * transaction (so that its page is in the journal). by_key: a table WITHOUT ROWID or an index. */
Tree *tree_new(Pages *pages, const char *name, gboolean by_key, GError **error);
void tree_free(Tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)
/* A row as SQLite packs it, behind all there are: its number (not by_key) or its key is larger. */
gboolean tree_add(Tree *tree, gint64 number, const guint8 *row, gsize size, GError **error);
/* Nothing comes any more. */
gboolean tree_end(Tree *tree, GError **error);
/* Bytes of a row that takes n pages beside the one that its tree has it in. */
gsize tree_row_over(const Pages *pages, guint n);

#endif
