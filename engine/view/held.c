/*
 * Who holds one of some addresses, telephones and documents: found by one walk over the copy of the
 * people, since no table of the store is kept in the order of any of them. For scope.c.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/parts.h"

typedef enum { HELD_ADDRESS, HELD_PHONE, HELD_DOCUMENT, HELD_KINDS } HeldKind;

static const struct {
    const char *kind, *column;
} HELD[HELD_KINDS] = {
    [HELD_ADDRESS] = {"a", "address_key"},
    [HELD_PHONE] = {"p", "phone"},
    [HELD_DOCUMENT] = {"d", "doc_no"},
};

static const char MAKE[] = "DROP TABLE IF EXISTS temp.held; CREATE TEMP TABLE held(kind TEXT,"
                           " value TEXT, ref TEXT)";

/* The walk: where what is looked at stands in a row. */
typedef struct {
    const Heap *heap;
    const Copy *copy;
    sqlite3_stmt *put;
    GHashTable *values[HELD_KINDS]; /* texts (own) */
    guint column[HELD_KINDS], record, role, organisation, person;
    Cell purchaser; /* a cell that says so; a text that comes often is one cell mostly */
} Walk;

static void walk_clear(Walk *walk)
{
    for (HeldKind kind = 0; kind < HELD_KINDS; kind++)
        g_clear_pointer(&walk->values[kind], g_hash_table_unref);
    sqlite3_finalize(walk->put);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static gboolean read_values(Walk *walk, sqlite3 *db, const char *values, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    int rc = sqlite3_prepare_v2(db, values, -1, &stmt, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        for (HeldKind kind = 0; kind < HELD_KINDS; kind++) {
            const char *text = (const char *)sqlite3_column_text(stmt, (int)kind);
            if (text && !g_hash_table_contains(walk->values[kind], text))
                g_hash_table_add(walk->values[kind], g_strdup(text));
        }
    }
    return rc == SQLITE_DONE || sqlite_error(db, "cannot read the scope", error);
}

static gboolean is_purchaser(Walk *walk, Cell role)
{
    if (role == walk->purchaser && role != CELL_NULL)
        return TRUE;
    gboolean is = cell_is_text(role) && strcmp(heap_text(walk->heap, role), "purchaser") == 0;
    walk->purchaser = is ? role : walk->purchaser;
    return is;
}

static gboolean put_held(const Walk *walk, HeldKind kind, const char *value, Cell record,
                         GError **error)
{
    sqlite3_bind_text(walk->put, 1, HELD[kind].kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(walk->put, 2, value, -1, SQLITE_STATIC);
    sqlite3_bind_text(walk->put, 3, heap_text(walk->heap, record), -1, SQLITE_STATIC);
    gboolean done = sqlite3_step(walk->put) == SQLITE_DONE ||
                    sqlite_error(sqlite3_db_handle(walk->put), "cannot keep a reference", error);
    sqlite3_reset(walk->put);
    return done;
}

static gboolean see_row(Walk *walk, const Cell *row, GError **error)
{
    if (row[walk->organisation] != CELL_NULL || row[walk->person] == CELL_NULL ||
        !is_purchaser(walk, row[walk->role]))
        return TRUE;
    for (HeldKind kind = 0; kind < HELD_KINDS; kind++) {
        Cell cell = row[walk->column[kind]];
        const char *value = cell_is_text(cell) ? heap_text(walk->heap, cell) : NULL;
        if (value && g_hash_table_contains(walk->values[kind], value) &&
            !put_held(walk, kind, value, row[walk->record], error))
            return FALSE;
    }
    return TRUE;
}

/* Where the view has a column. */
static guint column_at(sqlite3_stmt *stmt, const char *name)
{
    int at = 0;
    while (strcmp(sqlite3_column_name(stmt, at), name) != 0)
        at++;
    return (guint)at;
}

static gboolean find_columns(Walk *walk, sqlite3 *db, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT * FROM main.people", -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot read the scope", error);
    for (HeldKind kind = 0; kind < HELD_KINDS; kind++)
        walk->column[kind] = column_at(stmt, HELD[kind].column);
    walk->record = column_at(stmt, "record");
    walk->role = column_at(stmt, "role");
    walk->organisation = column_at(stmt, "organisation");
    walk->person = column_at(stmt, "person");
    return TRUE;
}

gboolean views_hold(Views *views, const char *values, GError **error)
{
    g_auto(Walk) walk = {.heap = views->copies->heap,
                         .copy = copies_find(views->copies, "people"),
                         .purchaser = CELL_NULL};
    for (HeldKind kind = 0; kind < HELD_KINDS; kind++)
        walk.values[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!sqlite_run(views->db, MAKE, "cannot widen the scope", error) ||
        !find_columns(&walk, views->db, error) || !read_values(&walk, views->db, values, error))
        return FALSE;
    if (sqlite3_prepare_v2(views->db, "INSERT INTO temp.held VALUES(?, ?, ?)", -1, &walk.put,
                           NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot widen the scope", error);
    for (guint at = 1; at <= walk.copy->n_rows; at++)
        if (!copy_is_dead(walk.copy, at - 1) && !see_row(&walk, copy_row(walk.copy, at), error))
            return FALSE;
    return TRUE;
}
