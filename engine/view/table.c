/*
 * Copies as SQLite reads them: a module of virtual tables, one a copy. A way in is an equality
 * with the text of an indexed column; everything else is a walk over all rows, with those of one
 * text behind each other where a query groups by such a column, so that nothing is sorted for it.
 * What the planner is told is fixed, so that a query runs by the same plan whatever the copies
 * hold.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/groups.h"

typedef struct {
    sqlite3_vtab base;
    const Copies *copies;
    const Copy *copy;
    guint64 gone_over, handed; /* rows, to lay groups and out of these */
} Table;

typedef enum { WALK_ROWS, WALK_EQUAL, WALK_GROUPS, WALK_CHAINS, WALK_REST } Walk;

typedef struct {
    sqlite3_vtab_cursor base;
    Walk walk;
    const CopyIndex *index; /* NULL: all rows */
    const Cell *row;
    Cell wanted; /* of the index's column */
    guint at;    /* row + 1, or a place in the groups; 0: at the end */
    Groups groups;
    guint first; /* WALK_CHAINS: the first row of the group; in the chain of */
    gsize bucket;
    gboolean alone; /* WALK_CHAINS: no WALK_REST after it */
    Sieve sieve;
} Cursor;

static int table_connect(sqlite3 *db, void *data, int argc, const char *const *argv,
                         sqlite3_vtab **vtab, char **message)
{
    const Copies *copies = data;
    const Copy *copy = argc > 2 ? copies_find(copies, argv[2]) : NULL;
    if (copy == NULL) {
        *message = sqlite3_mprintf("there is no copy");
        return SQLITE_ERROR;
    }
    int rc = sqlite3_declare_vtab(db, copy->shape);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    Table *table = sqlite3_malloc(sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    *table = (Table){.copies = copies, .copy = copy};
    *vtab = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *vtab)
{
    sqlite3_free(vtab);
    return SQLITE_OK;
}

/* How a plan by groups begins, before the columns that are used; with those that are of none, and
 * without. */
#define GROUPS_ALL   'r'
#define GROUPS_ALONE 'g'

/* From so many rows on that a way in leads to it pays to hold back those that are not wanted. */
#define SIFTED_ROWS 20

/* Values that a list in a query (x IN ...) is taken to have, as SQLite takes it for its own tables.
 */
#define VALUES_OF_LIST 25

/* The index that an equality may use: its place + 1, 0: none. */
static guint index_of(const Copy *copy, sqlite3_index_info *info, int i)
{
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    if (!constraint->usable || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ ||
        strcmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
        return 0;
    for (guint k = 0; k < copy->n_indexes; k++)
        if ((int)copy->index[k].column == constraint->iColumn && !copy->index[k].hash)
            return k + 1;
    return 0;
}

/* Does the query group by one column that is a way in, and nothing else? Its place + 1. */
static guint group_of(const Copy *copy, sqlite3_index_info *info)
{
    if (info->nOrderBy != 1 || sqlite3_vtab_distinct(info) != 1)
        return 0;
    for (guint k = 0; k < copy->n_indexes; k++)
        if ((int)copy->index[k].column == info->aOrderBy[0].iColumn && !copy->index[k].hash)
            return k + 1;
    return 0;
}

/* Is what has nothing in a column of no interest? */
static gboolean wants_text(const sqlite3_index_info *info, guint column)
{
    for (int i = 0; i < info->nConstraint; i++)
        if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == (int)column &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_ISNOTNULL)
            return TRUE;
    return FALSE;
}

static int table_best(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    const Copy *copy = ((Table *)vtab)->copy;
    guint rows = copy->plan->rows, best = 0;
    int with = 0;
    for (int i = 0; i < info->nConstraint; i++) {
        guint place = index_of(copy, info, i);
        if (place && (!best || copy->index[place - 1].rows < rows)) {
            best = place;
            with = i;
            rows = copy->index[place - 1].rows;
        }
    }
    if (best) {
        info->aConstraintUsage[with].argvIndex = 1;
        info->aConstraintUsage[with].omit = 1;
    }
    info->idxNum = (int)best;
    guint group = best ? 0 : group_of(copy, info);
    char *sieve = rows >= SIFTED_ROWS ? sieve_plan(info, best ? 1 : 0) : NULL;
    info->idxStr = sieve;
    info->needToFreeIdxStr = 1;
    if (group) {
        gboolean alone = wants_text(info, copy->index[group - 1].column);
        info->orderByConsumed = 1;
        info->idxNum = -(int)group;
        info->idxStr =
            sqlite3_mprintf("%c%llx %z", alone ? GROUPS_ALONE : GROUPS_ALL, info->colUsed, sieve);
    }
    if (best && sqlite3_vtab_in(info, with, -1))
        rows *= VALUES_OF_LIST;
    info->estimatedRows = rows;
    info->estimatedCost = rows * 3.0 + (best ? 10 : 0);
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor)
{
    (void)vtab;
    Cursor *own = sqlite3_malloc(sizeof *own);
    if (own == NULL)
        return SQLITE_NOMEM;
    *own = (Cursor){.at = 0};
    *cursor = &own->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *cursor)
{
    sieve_end(&((Cursor *)cursor)->sieve);
    groups_clear(&((Cursor *)cursor)->groups);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

/* row + 1; 0: there is none any more. */
static void stand_at(Cursor *cursor, guint at)
{
    const Copy *copy = ((const Table *)cursor->base.pVtab)->copy;
    cursor->at = at;
    if (at)
        cursor->row = copy_row(copy, at);
}

/* The first row from a place on that is not dead: row + 1, or 0. */
static guint alive(const Copy *copy, guint row)
{
    while (row < copy->n_rows && copy_is_dead(copy, row))
        row++;
    return row < copy->n_rows ? row + 1 : 0;
}

/* The first row of the next group, from a row of the chain of a bucket on: one whose text no row
 * before it in the chain has. 0: that was the last. */
static guint next_group(Cursor *cursor, guint at)
{
    const Copy *copy = ((const Table *)cursor->base.pVtab)->copy;
    const CopyIndex *index = cursor->index;
    for (;; at = index->first[cursor->bucket]) {
        for (; at; at = g_array_index(index->next, guint32, at - 1)) {
            Cell cell = copy_row(copy, at)[index->column];
            if (cell_is_text(cell) &&
                copy_follow(copy, index, cell, index->first[cursor->bucket]) == at)
                return at;
        }
        if (cursor->bucket == index->mask)
            return 0;
        cursor->bucket++;
    }
}

/* The first row from a place on that is alive and in no chain of the index: row + 1, or 0. */
static guint without_text(const Cursor *cursor, guint row)
{
    const Copy *copy = ((const Table *)cursor->base.pVtab)->copy;
    guint at = alive(copy, row);
    while (at && cell_is_text(copy_row(copy, at)[cursor->index->column]))
        at = alive(copy, at);
    return at;
}

static void begin_group(Cursor *cursor, guint from)
{
    const Copy *copy = ((const Table *)cursor->base.pVtab)->copy;
    cursor->first = next_group(cursor, from);
    guint at = cursor->first;
    if (at)
        cursor->wanted = copy_row(copy, at)[cursor->index->column];
    else if (!cursor->alone) {
        cursor->walk = WALK_REST;
        at = without_text(cursor, 0);
    }
    stand_at(cursor, at);
}

/* To lay groups takes as long as to go over all rows, which costs no step of SQLite's machine: who
 * lays them again and again and takes few gets them along the chains, each when it is asked for. */
#define LAID_FREELY  8
#define LAID_A_TAKEN 4

static gboolean may_lay(Table *table)
{
    if (table->gone_over >
        LAID_A_TAKEN * table->handed + LAID_FREELY * (guint64)table->copy->n_rows)
        return FALSE;
    table->gone_over += table->copy->n_rows;
    return TRUE;
}

/* By groups, with the columns that the plan begins with. */
static void begin_groups(Cursor *cursor, const char *plan, int argc, sqlite3_value **argv)
{
    Table *table = (Table *)cursor->base.pVtab;
    char *end = NULL;
    guint64 used = g_ascii_strtoull(plan + 1, &end, 16);
    cursor->alone = *plan == GROUPS_ALONE;
    sieve_begin(&cursor->sieve, end + 1, 0, argc, argv);
    if (may_lay(table)) {
        groups_lay(&cursor->groups, table->copies, table->copy, cursor->index->column, used,
                   cursor->alone, &cursor->sieve);
        cursor->at = cursor->groups.n > 0;
        return;
    }
    cursor->walk = WALK_CHAINS;
    cursor->bucket = 0;
    begin_group(cursor, cursor->index->first[0]);
}

/* The rows that have a value in the index's column; what is NULL is equal to none. */
static int begin_equal(Cursor *cursor, sqlite3_value *value)
{
    const Table *table = (const Table *)cursor->base.pVtab;
    int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL || type == SQLITE_BLOB) /* equal to no text */
        return SQLITE_OK;
    /* a text as it stands: value_text would copy what does not end with a NUL of SQLite's own */
    const char *text =
        type == SQLITE_TEXT ? sqlite3_value_blob(value) : (const char *)sqlite3_value_text(value);
    int length = sqlite3_value_bytes(value);
    if (text == NULL && length > 0)
        return SQLITE_NOMEM;
    cursor->wanted = heap_find(table->copies->heap, text ? text : "", (gsize)length);
    stand_at(cursor, copy_begin(table->copies, table->copy, cursor->index, cursor->wanted));
    return SQLITE_OK;
}

/* The next row, wanted or not. */
static void step(Cursor *cursor)
{
    Table *table = (Table *)cursor->base.pVtab;
    const Copy *copy = table->copy;
    guint next;
    switch (cursor->walk) {
    case WALK_ROWS:
        stand_at(cursor, alive(copy, cursor->at));
        break;
    case WALK_EQUAL:
        stand_at(cursor, copy_next(copy, cursor->index, cursor->wanted, cursor->at));
        break;
    case WALK_GROUPS:
        cursor->at = cursor->at < cursor->groups.n ? cursor->at + 1 : 0;
        table->handed++;
        if (cursor->at)
            groups_ahead(&cursor->groups, table->copies->heap, cursor->at);
        break;
    case WALK_CHAINS:
        next = copy_next(copy, cursor->index, cursor->wanted, cursor->at);
        if (next)
            stand_at(cursor, next);
        else
            begin_group(cursor, g_array_index(cursor->index->next, guint32, cursor->first - 1));
        break;
    case WALK_REST:
        stand_at(cursor, without_text(cursor, cursor->at));
        break;
    }
}

/* From where it stands on to a row that may be wanted; groups hold no others. */
static void sift(Cursor *cursor)
{
    const Heap *heap = ((const Table *)cursor->base.pVtab)->copies->heap;
    if (cursor->walk == WALK_GROUPS)
        return;
    while (cursor->sieve.n && cursor->at && !sieve_lets(&cursor->sieve, heap, cursor->row))
        step(cursor);
}

static int cursor_filter(sqlite3_vtab_cursor *base, int place, const char *plan, int argc,
                         sqlite3_value **argv)
{
    Cursor *cursor = (Cursor *)base;
    const Table *table = (const Table *)base->pVtab;
    int rc = SQLITE_OK;
    cursor->at = 0;
    guint way = place < 0 ? (guint)-place : (guint)place;
    cursor->index = way ? &table->copy->index[way - 1] : NULL;
    cursor->walk = place == 0 ? WALK_ROWS : place > 0 ? WALK_EQUAL : WALK_GROUPS;
    if (place < 0)
        begin_groups(cursor, plan, argc, argv);
    else
        sieve_begin(&cursor->sieve, plan, place > 0, argc, argv);
    if (place > 0)
        rc = begin_equal(cursor, argv[0]);
    else if (place == 0)
        stand_at(cursor, alive(table->copy, 0));
    sift(cursor);
    return rc;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    step((Cursor *)base);
    sift((Cursor *)base);
    return SQLITE_OK;
}

static int cursor_eof(sqlite3_vtab_cursor *base)
{
    return ((Cursor *)base)->at == 0;
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const Table *table = (const Table *)base->pVtab;
    const Cursor *cursor = (const Cursor *)base;
    Cell cell = cursor->walk == WALK_GROUPS
                    ? groups_cell(&cursor->groups, table->copy, cursor->at, (guint)column)
                    : cursor->row[column];
    heap_result(table->copies->heap, cell, context);
    return SQLITE_OK;
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    const Cursor *cursor = (const Cursor *)base;
    *rowid = cursor->walk == WALK_GROUPS ? groups_row(&cursor->groups, cursor->at) : cursor->at;
    return SQLITE_OK;
}

#define MODULE "crosstrace_copies"

static const sqlite3_module COPY_MODULE = {
    .iVersion = 1,
    .xCreate = table_connect,
    .xConnect = table_connect,
    .xBestIndex = table_best,
    .xDisconnect = table_disconnect,
    .xDestroy = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_eof,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

gboolean copies_attach(const Copies *copies, sqlite3 *db, GError **error)
{
    return sqlite3_create_module_v2(db, MODULE, &COPY_MODULE, (void *)copies, NULL) == SQLITE_OK ||
           sqlite_error(db, "cannot show copies of views", error);
}

gboolean copies_show(const Copies *copies, sqlite3 *db, const char *schema, const char *view,
                     GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (guint i = 0; i < copies->copies->len; i++) {
        const Copy *copy = copies->copies->pdata[i];
        if (view == NULL || strcmp(view, copy->plan->view) == 0)
            g_string_append_printf(sql, "CREATE VIRTUAL TABLE %s.%s USING " MODULE ";", schema,
                                   copy->plan->view);
    }
    return sqlite_run(db, sql->str, "cannot show copies of views", error);
}

gboolean copies_hide(const Copies *copies, sqlite3 *db, const char *schema, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (guint i = 0; i < copies->copies->len; i++) {
        const Copy *copy = copies->copies->pdata[i];
        g_string_append_printf(sql, "DROP TABLE IF EXISTS %s.%s;", schema, copy->plan->view);
    }
    return sqlite_run(db, sql->str, "cannot drop copies of views", error);
}
