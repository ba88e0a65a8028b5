/*
 * The scope of a run, and what rules are asked of after new records: the documented views as some
 * records alone have them, copied into temporary tables of the same names. A rule that compares
 * dealers or identifiers is asked of more than the scope: of all that has one of them in common.
 * What is in the scope is told by engine/run.
 */
#include <string.h>

#include "engine/store/schema.h"
#include "engine/view/parts.h"

/* Views that are not copied, as the records that are shown have them. */
#define OF_RECORD " WHERE record IN (SELECT ref FROM temp.shown)"
#define OF_ENDS                                                                                    \
    " WHERE \"left\" IN (SELECT ref FROM temp.shown) AND \"right\" IN (SELECT ref FROM "           \
    "temp.shown)"
static const struct {
    const char *view, *where, *columns[4];
} SHOWN[] = {
    {"recoveries", OF_RECORD, {"record", "firearm", NULL}},
    {"links", OF_ENDS, {"left", "right", NULL}},
    {"edges", OF_ENDS, {"left", "right", NULL}},
};

#define TABLE(name) "CREATE TEMP TABLE " name "(ref TEXT PRIMARY KEY) WITHOUT ROWID;"

/* temp.told: what records that changed said when the last run saw them, where they were revised
 * since. A run that is going on has counted no records yet. */
#define FORMER_SQL                                                                                 \
    "DROP TABLE IF EXISTS temp.told; CREATE TEMP TABLE told AS"                                    \
    " WITH known(file) AS (SELECT max(last_file) FROM run WHERE records > 0)"                      \
    " SELECT former_text(v.former_at) AS said FROM known CROSS JOIN temp.touched t"                \
    " CROSS JOIN record r ON r.ref = t.ref AND r.file_id > file"                                   \
    " CROSS JOIN revision v ON v.record_id = r.record_id AND v.revision = (SELECT max(w.revision)" \
    " FROM revision w WHERE w.record_id = r.record_id AND w.file_id <= file)"

/* Dealers that records that changed name, or named before they were revised. */
static const char DEALERS_SQL[] =
    "SELECT rds_key FROM record WHERE ref IN (SELECT ref FROM temp.touched)"
    " UNION SELECT said ->> '$.rds_key' FROM temp.told";

/* Addresses, telephones and documents of the purchasers of a table's records, as their view has
 * them: further purchasers of a record are some too. */
#define VALUES_OF(table)                                                                           \
    "SELECT m.address_key, m.phone, m.doc_no FROM record r JOIN mention m"                         \
    " ON m.record_id = r.record_id AND rtrim(m.role, '0123456789') = 'purchaser'"                  \
    " WHERE r.ref IN (SELECT ref FROM temp." table ")"
#define FORMER_VALUES                                                                              \
    " UNION ALL SELECT m.value ->> '$.address_key', m.value ->> '$.phone',"                        \
    " m.value ->> '$.doc_no' FROM temp.told, json_each(said, '$.mentions') m"                      \
    " WHERE rtrim(m.key, '0123456789') = 'purchaser'"
/* A value that more than `hub` records beside those that changed have said nothing and says
 * nothing; what has it need not be asked, but so many must be shown that it is seen to be one. */
#define ASK_HELD                                                                                   \
    "INSERT OR IGNORE INTO temp.wide SELECT ref FROM temp.held WHERE (kind, value) NOT IN"         \
    " (SELECT kind, value FROM temp.held WHERE ref NOT IN (SELECT ref FROM temp.touched)"          \
    "  GROUP BY kind, value HAVING count(*) > (SELECT hub FROM temp.hub));"
#define SHOW_HELD                                                                                  \
    "INSERT OR IGNORE INTO temp.shown SELECT ref FROM (SELECT ref, row_number() OVER"              \
    " (PARTITION BY kind, value) AS n FROM temp.held) WHERE n <= (SELECT hub FROM temp.hub) + 1;"

/* What follows from who holds some values; without values: nothing. */
typedef struct {
    const char *values, *then;
} Held;

/* By kind: what is wide, and what is shown besides that, since it rests on it: a record has one
 * dealer, but several identifiers, and others may share another of them. */
static const struct {
    const char *name, *wide;
    Held asked, shown;
} KINDS[SCOPE_KINDS] = {
    [SCOPE_ALL] = {.name = "everything", .wide = ""},
    [SCOPE_RELATED] = {.name = "related",
                       .wide = "INSERT INTO temp.wide SELECT ref FROM temp.scope"},
    [SCOPE_DEALER] = {.name = "dealer",
                      .wide = "INSERT INTO temp.wide SELECT ref FROM temp.touched"},
    [SCOPE_IDENTIFIER] = {.name = "identifier",
                          .wide = "INSERT INTO temp.wide SELECT ref FROM temp.touched",
                          .asked = {VALUES_OF("touched") FORMER_VALUES, ASK_HELD},
                          .shown = {VALUES_OF("wide"), SHOW_HELD}},
};

gboolean scope_parse(const char *name, ScopeKind *kind)
{
    for (int i = SCOPE_RELATED; i < SCOPE_KINDS; i++)
        if (g_str_equal(KINDS[i].name, name)) {
            *kind = (ScopeKind)i;
            return TRUE;
        }
    return FALSE;
}

/* Adds a row to a temporary table of references. */
static gboolean add_ref(sqlite3_stmt *stmt, const char *ref, GError **error)
{
    sqlite3_bind_text(stmt, 1, ref, -1, SQLITE_STATIC);
    gboolean done = sqlite3_step(stmt) == SQLITE_DONE ||
                    sqlite_error(sqlite3_db_handle(stmt), "cannot keep a reference", error);
    sqlite3_reset(stmt);
    return done;
}

/* ---- the copies ------------------------------------------------------------------------- */

static const char SCOPE_REFS[] = "SELECT ref FROM temp.scope ORDER BY ref";
static const char NEAR_REFS[] = "SELECT ref FROM temp.scope WHERE near ORDER BY ref";

/* Notes what became another: the record, or the person whose row it is. */
static void see_changed(const Copy *copy, const Cell *row, gpointer data)
{
    if (copy->plan->of == NULL)
        g_hash_table_add(data, GUINT_TO_POINTER(row[copy->index[0].column]));
}

static gboolean add_cells(Views *views, const char *sql, GHashTable *seen, GArray *cells,
                          GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    int rc = SQLITE_ERROR;
    if (sqlite3_prepare_v2(views->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot read the scope", error);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        Cell cell = text ? heap_find(views->copies->heap, text, strlen(text)) : CELL_NULL;
        if (cell != CELL_NULL && g_hash_table_add(seen, GUINT_TO_POINTER(cell)))
            g_array_append_val(cells, cell);
    }
    return rc == SQLITE_DONE || sqlite_error(views->db, "cannot read the scope", error);
}

static gboolean patch_with(Views *views, Copy *copy, const char *select, const GArray *values,
                           GHashTable *changed, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(views->db, select, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot change a copy of a view", error);
    return copies_patch(views->copies, copy, stmt, values, see_changed, changed, error);
}

/* Copies of views by record. */
static gboolean patch_records(Views *views, const GArray *records, GHashTable *changed,
                              GError **error)
{
    for (guint i = 0; i < views->copies->copies->len; i++) {
        Copy *copy = views->copies->copies->pdata[i];
        g_autofree char *sql = g_strdup_printf(
            "SELECT %s FROM main.%s WHERE record IN (SELECT ref FROM temp.scope WHERE near)",
            copy->list, copy->plan->view);
        if (!copy->plan->of && !patch_with(views, copy, sql, records, changed, error))
            return FALSE;
    }
    return TRUE;
}

/* Adds the persons that the purchases of some records name. */
static void note_persons(const Views *views, const GArray *records, GHashTable *seen,
                         GArray *persons)
{
    const Copy *copy = copies_find(views->copies, "purchases");
    const CopyIndex *way = copy_way(copy, "person");
    for (guint i = 0; i < records->len; i++) {
        Cell record = g_array_index(records, Cell, i);
        guint at = copy_begin(views->copies, copy, &copy->index[0], record);
        for (; at; at = copy_next(copy, &copy->index[0], record, at)) {
            Cell person = copy_row(copy, at)[way->column];
            if (cell_is_text(person) && g_hash_table_add(seen, GUINT_TO_POINTER(person)))
                g_array_append_val(persons, person);
        }
    }
}

/* Who bought what lies in the scope bought nothing outside of it: their rows follow from its own.
 * They are kept apart until all are there, since texts of a copy move when it grows. */
static gboolean patch_buyers(Views *views, const GArray *persons, GHashTable *changed,
                             GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(Cell));
    Copy *buyers = copies_find(views->copies, "buyers");
    g_autofree char *renew = g_strdup_printf("CREATE TEMP TABLE renewed AS SELECT %s FROM (%s)",
                                             buyers->list, view_select("buyers"));
    return add_cells(views, SCOPE_REFS, seen, records, error) &&
           views_show_part(views, copies_choose(views->copies, records), error) &&
           sqlite_run(views->db, renew, "cannot change a copy of a view", error) &&
           patch_with(views, buyers, "SELECT * FROM temp.renewed", persons, changed, error) &&
           sqlite_run(views->db, "DROP TABLE temp.renewed", "cannot change a copy of a view",
                      error);
}

/* The persons that the near purchases name, before and after. */
static gboolean patch_all(Views *views, GHashTable *changed, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL), named = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(Cell));
    g_autoptr(GArray) persons = g_array_new(FALSE, FALSE, sizeof(Cell));
    if (!add_cells(views, NEAR_REFS, seen, records, error))
        return FALSE;
    note_persons(views, records, named, persons);
    if (!patch_records(views, records, changed, error) ||
        !add_cells(views, NEAR_REFS, seen, records, error))
        return FALSE;
    note_persons(views, records, named, persons);
    return patch_buyers(views, persons, changed, error);
}

/* temp.touched: the records whose rows in the copies are others than they were. */
static gboolean keep_touched(Views *views, GHashTable *changed, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    GHashTableIter iter;
    gpointer cell;
    if (sqlite3_prepare_v2(views->db, "INSERT OR IGNORE INTO temp.touched VALUES(?)", -1, &stmt,
                           NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot keep what changed", error);
    g_hash_table_iter_init(&iter, changed); /* into a set */
    while (g_hash_table_iter_next(&iter, &cell, NULL)) {
        if (!add_ref(stmt, heap_text(views->copies->heap, GPOINTER_TO_UINT(cell)), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean keep_former(Views *views, GError **error)
{
    return sqlite_run(views->db, FORMER_SQL, "cannot keep what was said before", error);
}

static gboolean copy_anew(Views *views, GHashTable *columns, guint64 *rows, GError **error)
{
    return views_copy(views, columns, rows, error) &&
           sqlite_run(views->db, "INSERT INTO temp.touched SELECT ref FROM temp.scope",
                      "cannot keep what changed", error);
}

gboolean views_renew(Views *views, GHashTable *columns, guint64 *rows, GError **error)
{
    static const char touched[] = "DROP TABLE IF EXISTS temp.touched;" TABLE("touched");
    gboolean have = FALSE;
    if (!sqlite_run(views->db, touched, "cannot keep what changed", error) ||
        !views_have(views, columns, &have, error))
        return FALSE;
    g_autoptr(GHashTable) changed = g_hash_table_new(NULL, NULL);
    *rows = 0;
    if (have && !patch_all(views, changed, error))
        return FALSE;
    gboolean kept = have && !views->copies->heap->full ? keep_touched(views, changed, error)
                                                       : copy_anew(views, columns, rows, error);
    return kept && keep_former(views, error);
}

/* ---- widened and shown ------------------------------------------------------------------ */

static gboolean drop_shown(Views *views, GError **error)
{
    static const char *const own[] = {"wide", "shown", "held", "hub"};
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        g_string_append_printf(sql, "DROP TABLE IF EXISTS temp.%s;", own[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(SHOWN); i++)
        g_string_append_printf(sql, "DROP TABLE IF EXISTS temp.%s;", SHOWN[i].view);
    g_clear_pointer(&views->wide, g_array_unref);
    g_clear_pointer(&views->is_wide, g_hash_table_unref);
    return views_hide(views, error) &&
           sqlite_run(views->db, sql->str, "cannot drop copies of views", error);
}

gboolean views_drop_scope(Views *views, GError **error)
{
    return drop_shown(views, error) &&
           sqlite_run(views->db,
                      "DROP TABLE IF EXISTS temp.scope; DROP TABLE IF EXISTS temp.touched;"
                      "DROP TABLE IF EXISTS temp.told",
                      "cannot drop the scope", error);
}

/* All that the dealers sold, by the copies. */
static gboolean widen_by_dealer(Views *views, GError **error)
{
    static const char *const names[] = {"firearms", "purchases"};
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) dealers = g_array_new(FALSE, FALSE, sizeof(Cell));
    if (!add_cells(views, DEALERS_SQL, seen, dealers, error))
        return FALSE;
    for (gsize v = 0; v < G_N_ELEMENTS(names); v++) {
        const Copy *copy = copies_find(views->copies, names[v]);
        const CopyIndex *way = copy_way(copy, "rds_key");
        for (guint i = 0; i < dealers->len; i++) {
            Cell dealer = g_array_index(dealers, Cell, i);
            guint at = copy_begin(views->copies, copy, way, dealer);
            for (; at; at = copy_next(copy, way, dealer, at)) {
                Cell record = copy_row(copy, at)[copy->index[0].column];
                if (g_hash_table_add(views->is_wide, GUINT_TO_POINTER(record)))
                    g_array_append_val(views->wide, record);
            }
        }
    }
    return TRUE;
}

static gboolean follow_held(Views *views, const Held *held, GError **error)
{
    return held->values == NULL ||
           (views_hold(views, held->values, error) &&
            sqlite_run(views->db, held->then, "cannot widen the scope", error));
}

gboolean views_widen(Views *views, const ScopeAsk *ask, GError **error)
{
    g_autofree char *sql = g_strdup_printf("CREATE TEMP TABLE hub AS SELECT %" G_GUINT64_FORMAT
                                           " AS hub;" TABLE("wide") "%s",
                                           MIN(ask->hub, G_MAXINT32), KINDS[ask->kind].wide);
    if (!drop_shown(views, error) || !sqlite_run(views->db, sql, "cannot widen the scope", error) ||
        !follow_held(views, &KINDS[ask->kind].asked, error))
        return FALSE;
    views->wide = g_array_new(FALSE, FALSE, sizeof(Cell));
    views->is_wide = g_hash_table_new(NULL, NULL);
    return add_cells(views, "SELECT ref FROM temp.wide ORDER BY ref", views->is_wide, views->wide,
                     error) &&
           (ask->kind != SCOPE_DEALER || widen_by_dealer(views, error));
}

gboolean views_is_wide(const Views *views, const char *record)
{
    Cell cell = heap_find(views->copies->heap, record, strlen(record));
    return g_hash_table_contains(views->is_wide, GUINT_TO_POINTER(cell));
}

void views_visit_wide(const Views *views, RefVisit visit, gpointer data)
{
    for (guint i = 0; i < views->wide->len; i++)
        visit(heap_text(views->copies->heap, g_array_index(views->wide, Cell, i)), data);
}

static gboolean keep_shown(Views *views, const GArray *records, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(views->db, "INSERT OR IGNORE INTO temp.shown VALUES(?)", -1, &stmt,
                           NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot copy the scope", error);
    for (guint i = 0; i < records->len; i++) {
        if (!add_ref(stmt, heap_text(views->copies->heap, g_array_index(records, Cell, i)), error))
            return FALSE;
    }
    return TRUE;
}

/* What is not copied becomes a temporary table. */
static gboolean show_others(Views *views, const ScopeAsk *ask, const GArray *records,
                            GError **error)
{
    g_autofree char *lower = g_ascii_strdown(ask->rules, -1);
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(SHOWN); i++) {
        const char *view = SHOWN[i].view, *const *column = SHOWN[i].columns;
        if (!strstr(lower, view))
            continue;
        g_string_append_printf(sql, "CREATE TEMP TABLE %s AS SELECT * FROM main.%s%s;", view, view,
                               SHOWN[i].where);
        for (; *column; column++)
            g_string_append_printf(sql, "CREATE INDEX temp.shown_%s_%s ON %s(\"%s\");", view,
                                   *column, view, *column);
    }
    return sql->len == 0 || (keep_shown(views, records, error) &&
                             sqlite_run(views->db, sql->str, "cannot copy the scope", error));
}

gboolean views_show_scope(Views *views, const ScopeAsk *ask, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(Cell));
    if (ask->kind == SCOPE_ALL)
        return views_show(views, error);
    if (!sqlite_run(views->db, TABLE("shown"), "cannot copy the scope", error) ||
        !follow_held(views, &KINDS[ask->kind].shown, error))
        return FALSE;
    for (guint i = 0; i < views->wide->len; i++) {
        Cell record = g_array_index(views->wide, Cell, i);
        g_hash_table_add(seen, GUINT_TO_POINTER(record));
        g_array_append_val(records, record);
    }
    return add_cells(views, "SELECT ref FROM temp.shown ORDER BY ref", seen, records, error) &&
           show_others(views, ask, records, error) &&
           views_show_part(views, copies_choose(views->copies, records), error);
}

gboolean views_set_scope(Views *views, const GPtrArray *refs, guint n_near, GError **error)
{
    static const char add[] = "INSERT OR IGNORE INTO temp.scope(ref, near) VALUES(?, ?)";
    static const char make[] =
        "CREATE TEMP TABLE scope(ref TEXT PRIMARY KEY, near INTEGER NOT NULL)"
        " WITHOUT ROWID;";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (!views_drop_scope(views, error) ||
        !sqlite_run(views->db, make, "cannot make the scope", error))
        return FALSE;
    if (sqlite3_prepare_v2(views->db, add, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(views->db, "cannot make the scope", error);
    for (guint i = 0; i < refs->len; i++) {
        sqlite3_bind_int(stmt, 2, i < n_near);
        if (!add_ref(stmt, refs->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}
