/*
 * A tree of rows in SQLite's file format, made from the first key to the last: one page a level is
 * in hand and goes to the file when it is full, the root when all are there. In a table the rows
 * lie in the leaves, and pages above have their numbers; where rows are their own keys, each lies
 * in one page, of a leaf or above. A page that is not the root has a row or key, and those above
 * the leaves one page more than keys.
 */
#include <string.h>

#include "engine/store/pages.h"
#include "engine/store/db.h"

#define LEVELS_MAX 12
#define CHILD      4 /* bytes of a page's number */
enum { KEY_INSIDE = 0x02, TABLE_INSIDE = 0x05, KEY_LEAF = 0x0a, TABLE_LEAF = 0x0d };

/* The page in hand of a level. What did not fit on it waits: it may become a key above. */
typedef struct {
    guint8 *page;
    guint n, start, last; /* cells; where they begin, from the page's end; bytes of the last */
    gboolean holds;
    guint32 child;
    GByteArray *held;
} Level;

struct Tree {
    Pages *pages;
    guint32 root;
    gboolean by_key;
    guint size;
    Level levels[LEVELS_MAX];
    guint n_levels;
    gint64 last;  /* row of the leaf in hand */
    guint8 *cell; /* of a row: a page holds it, and its head */
    guint cell_size;
    guint8 *spill;
};

static void level_empty(const Tree *tree, Level *level)
{
    level->n = 0;
    level->start = tree->size;
}

static void add_level(Tree *tree)
{
    Level *level = &tree->levels[tree->n_levels++];
    level->page = g_malloc(tree->size);
    level->held = g_byte_array_new();
    level_empty(tree, level);
}

static gboolean find_root(sqlite3 *db, const char *name, guint32 *root, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = ?", -1, &stmt,
                           NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the store", error);
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(db, "cannot read the store", error);
    *root = (guint32)sqlite3_column_int64(stmt, 0);
    return TRUE;
}

Tree *tree_new(Pages *pages, const char *name, gboolean by_key, GError **error)
{
    guint32 root = 0;
    if (!find_root(pages_db(pages), name, &root, error))
        return NULL;
    Tree *tree = g_new0(Tree, 1);
    *tree = (Tree){.pages = pages, .root = root, .by_key = by_key, .size = pages_size(pages)};
    tree->cell = g_malloc(tree->size + 2 * PAGE_KEY_MAX + CHILD);
    tree->spill = g_malloc(tree->size);
    add_level(tree);
    return tree;
}

void tree_free(Tree *tree)
{
    if (tree == NULL)
        return;
    for (guint i = 0; i < tree->n_levels; i++) {
        g_free(tree->levels[i].page);
        g_byte_array_unref(tree->levels[i].held);
    }
    g_free(tree->cell);
    g_free(tree->spill);
    g_free(tree);
}

static guint head_size(guint at)
{
    return at == 0 ? 8 : 8 + CHILD;
}

static guint8 page_type(const Tree *tree, guint at)
{
    if (tree->by_key)
        return at == 0 ? KEY_LEAF : KEY_INSIDE;
    return at == 0 ? TABLE_LEAF : TABLE_INSIDE;
}

/* A cell behind those on the page, above the leaves with its child before it; FALSE: no room. */
static gboolean append(Tree *tree, guint at, guint32 child, const guint8 *cell, guint size)
{
    Level *level = &tree->levels[at];
    guint extra = at == 0 ? 0 : CHILD, bytes = MAX(size + extra, 4);
    if (head_size(at) + 2 * (level->n + 1) + bytes > level->start)
        return FALSE;
    level->start -= bytes;
    level->last = bytes;
    page_put(level->page + level->start, child, extra);
    memcpy(level->page + level->start + extra, cell, size);
    page_put(level->page + head_size(at) + 2 * level->n++, level->start, 2);
    return TRUE;
}

static gboolean write_page(Tree *tree, guint at, guint32 right, guint32 number, GError **error)
{
    Level *level = &tree->levels[at];
    guint head = head_size(at) + 2 * level->n;
    memset(level->page + head, 0, level->start - head);
    level->page[0] = page_type(tree, at);
    page_put(level->page + 1, 0, 2);
    page_put(level->page + 3, level->n, 2);
    page_put(level->page + 5, level->start, 2);
    level->page[7] = 0;
    if (at > 0)
        page_put(level->page + 8, right, CHILD);
    gboolean done = pages_put(tree->pages, number, level->page, error);
    level_empty(tree, level);
    return done;
}

static gboolean add_key(Tree *tree, guint at, guint32 child, const guint8 *key, guint size,
                        GError **error);

/* The page in hand is written, and stands in the level above under the key given. */
static gboolean pass(Tree *tree, guint at, guint32 right, const guint8 *key, guint size,
                     GError **error)
{
    guint32 number;
    return pages_take(tree->pages, &number, error) && write_page(tree, at, right, number, error) &&
           add_key(tree, at + 1, number, key, size, error);
}

/* What waits becomes the key above between this page and the next. */
static gboolean pass_held(Tree *tree, guint at, GError **error)
{
    Level *level = &tree->levels[at];
    level->holds = FALSE;
    return pass(tree, at, level->child, level->held->data, level->held->len, error);
}

static gboolean add_key(Tree *tree, guint at, guint32 child, const guint8 *key, guint size,
                        GError **error)
{
    if (at == LEVELS_MAX)
        return error_set(error, STATUS_INTERNAL, "a tree of the store is too high");
    if (at == tree->n_levels)
        add_level(tree);
    Level *level = &tree->levels[at];
    if (level->holds && !pass_held(tree, at, error))
        return FALSE;
    if (append(tree, at, child, key, size))
        return TRUE;
    level->holds = TRUE;
    level->child = child;
    g_byte_array_set_size(level->held, 0);
    g_byte_array_append(level->held, key, size);
    return TRUE;
}

static gboolean add_row(Tree *tree, gint64 number, GError **error)
{
    guint8 last[PAGE_KEY_MAX];
    if (!append(tree, 0, 0, tree->cell, tree->cell_size) &&
        (!pass(tree, 0, 0, last, page_varint(last, (guint64)tree->last), error) ||
         !append(tree, 0, 0, tree->cell, tree->cell_size)))
        return FALSE;
    tree->last = number;
    return TRUE;
}

/* How much of a row stands in its cell: all, or at least the smallest that is allowed. */
static gsize local_size(const Tree *tree, gsize size)
{
    gsize most = tree->by_key ? (tree->size - 12) * 64 / 255 - 23 : tree->size - 35;
    gsize least = (tree->size - 12) * 32 / 255 - 23;
    gsize local = least + (size - least) % (tree->size - CHILD);
    return size <= most ? size : local <= most ? local : least;
}

gsize tree_row_over(const Pages *pages, guint n)
{
    guint size = pages_size(pages);
    return (size - 12) * 32 / 255 - 23 + (gsize)n * (size - CHILD);
}

/* What stands in no cell, page by page, each with the number of the next. */
static gboolean spill(Tree *tree, const guint8 *bytes, gsize size, GError **error)
{
    guint32 number, next = 0;
    if (!pages_take(tree->pages, &number, error))
        return FALSE;
    page_put(tree->cell + tree->cell_size, number, CHILD);
    tree->cell_size += CHILD;
    for (gsize part; size > 0; size -= part, bytes += part, number = next) {
        part = MIN(size, tree->size - CHILD);
        next = 0;
        if (part < size && !pages_take(tree->pages, &next, error))
            return FALSE;
        page_put(tree->spill, next, CHILD);
        memcpy(tree->spill + CHILD, bytes, part);
        memset(tree->spill + CHILD + part, 0, tree->size - CHILD - part);
        if (!pages_put(tree->pages, number, tree->spill, error))
            return FALSE;
    }
    return TRUE;
}

gboolean tree_add(Tree *tree, gint64 number, const guint8 *row, gsize size, GError **error)
{
    guint n = page_varint(tree->cell, size);
    gsize local = local_size(tree, size);
    if (!tree->by_key)
        n += page_varint(tree->cell + n, (guint64)number);
    memcpy(tree->cell + n, row, local);
    tree->cell_size = n + (guint)local;
    if (local < size && !spill(tree, row + local, size - local, error))
        return FALSE;
    return tree->by_key ? add_key(tree, 0, 0, tree->cell, tree->cell_size, error)
                        : add_row(tree, number, error);
}

/* What waits would stand behind the page's last key, on a page without one before it: so that last
 * key goes above, and what waited has a page for itself. */
static gboolean share_last(Tree *tree, guint at, GError **error)
{
    Level *level = &tree->levels[at];
    guint extra = at == 0 ? 0 : CHILD, size = level->last - extra;
    guint8 *cell = level->page + level->start;
    g_autofree guint8 *key = g_memdup2(cell + extra, size);
    guint32 child = 0;
    for (guint i = 0; i < extra; i++)
        child = child << 8 | cell[i];
    level->start += level->last;
    level->n--;
    level->holds = FALSE;
    return pass(tree, at, child, key, size, error) &&
           append(tree, at, level->child, level->held->data, level->held->len);
}

gboolean tree_end(Tree *tree, GError **error)
{
    guint32 right = 0;
    for (guint at = 0;; at++) {
        guint32 number = tree->root;
        if (tree->levels[at].holds && !share_last(tree, at, error))
            return FALSE;
        gboolean top = at + 1 == tree->n_levels;
        if ((!top && !pages_take(tree->pages, &number, error)) ||
            !write_page(tree, at, right, number, error))
            return FALSE;
        if (top)
            return TRUE;
        right = number;
    }
}
