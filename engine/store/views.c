/*
 * The documented views (views.def): made anew with every schema version, and, for a run over all
 * rules, copied once into temporary tables of the same names. SQLite looks a name up among
 * temporary tables first, so that a rule is written over a view and knows nothing of copies.
 */
#include "engine/store/changes.h"
#include "engine/store/db.h"
#include "engine/store/result.h"

typedef struct {
    const char *name, *select;
} View;

static const View VIEWS[] = {
#define VIEW(name, ...) {#name, #__VA_ARGS__},
#include "engine/store/views.def"
#undef VIEW
};

/* A copied view: the columns by which it is looked up, and what the planner believes of them
 * (rows of the table, rows of one value), as PLANNER_SQL does of the store. */
typedef struct {
    const char *view, *column, *stat;
} CopyIndex;

static const CopyIndex COPIES[] = {
    {"firearms", "record", "1000000 1"}, {"firearms", "firearm", "1000000 2"},
    {"purchases", "record", "600000 1"}, {"purchases", "firearm", "600000 2"},
    {"purchases", "person", "600000 2"}, {"purchases", "rds_key", "600000 200"},
    {"seizures", "record", "50000 1"},   {"seizures", "firearm", "50000 2"},
    {"seizures", "date", "50000 20"},    {"buyers", "person", "500000 1"},
    {"people", "record", "2000000 2"},   {"people", "person", "2000000 3"},
};

static gboolean make_in(sqlite3 *db, const char *schema, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(VIEWS); i++) {
        const char *name = VIEWS[i].name;
        g_autofree char *sql =
            g_strdup_printf("DROP VIEW IF EXISTS %s.%s; CREATE VIEW %s.%s AS %s;", schema, name,
                            schema, name, VIEWS[i].select);
        if (!sqlite_run(db, sql, "cannot make the views", error))
            return FALSE;
    }
    return TRUE;
}

gboolean views_make(sqlite3 *db, GError **error)
{
    return make_in(db, "main", error);
}

gboolean views_shadow(sqlite3 *db, GError **error)
{
    return make_in(db, "temp", error);
}

/* The first line of a view in the table above. */
static gboolean is_first(gsize i)
{
    return i == 0 || !g_str_equal(COPIES[i].view, COPIES[i - 1].view);
}

gboolean store_drop_copies(Store *store, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (is_first(i))
            g_string_append_printf(sql, "DROP TABLE IF EXISTS temp.%s;", COPIES[i].view);
    return sqlite_run(store->db, sql->str, "cannot drop copies of views", error);
}

const char *view_select(const char *view)
{
    for (gsize i = 0; i < G_N_ELEMENTS(VIEWS); i++)
        if (g_str_equal(VIEWS[i].name, view))
            return VIEWS[i].select;
    return NULL;
}

/* By its SELECT, not its name: what that names is a copy where there is one already. */
static gboolean copy_view(Store *store, const char *view, guint64 *rows, GError **error)
{
    g_autofree char *sql = g_strdup_printf("CREATE TEMP TABLE %s AS %s", view, view_select(view));
    if (!sqlite_run(store->db, sql, "cannot copy a view", error))
        return FALSE;
    g_autofree char *count = g_strdup_printf("SELECT count(*) FROM temp.%s", view);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(store->db, count, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(store->db, "cannot copy a view", error);
    *rows += (guint64)sqlite3_column_int64(stmt, 0);
    return TRUE;
}

/* The indexes of one copy, built when all its rows are there: sorted, in one go. */
static gboolean index_copy(Store *store, const char *view, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (g_str_equal(COPIES[i].view, view))
            g_string_append_printf(sql, "CREATE INDEX temp.%s_%s ON %s(%s) WHERE %s IS NOT NULL;",
                                   view, COPIES[i].column, view, COPIES[i].column,
                                   COPIES[i].column);
    return sqlite_run(store->db, sql->str, "cannot index a copy of a view", error);
}

static gboolean plan_copies(Store *store, GError **error)
{
    g_autoptr(GString) sql = g_string_new("ANALYZE temp; DELETE FROM temp.sqlite_stat1;");
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        g_string_append_printf(sql, "INSERT INTO temp.sqlite_stat1 VALUES('%s', '%s_%s', '%s');",
                               COPIES[i].view, COPIES[i].view, COPIES[i].column, COPIES[i].stat);
    g_string_append(sql, "ANALYZE temp.sqlite_schema;");
    return sqlite_run(store->db, sql->str, "cannot plan with copies of views", error);
}

gboolean store_copy_views(Store *store, guint64 *rows, GError **error)
{
    guint64 copied = 0;
    if (!store_drop_copies(store, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (is_first(i) && !(copy_view(store, COPIES[i].view, &copied, error) &&
                             index_copy(store, COPIES[i].view, error)))
            return FALSE;
    if (rows)
        *rows = copied;
    return plan_copies(store, error);
}
