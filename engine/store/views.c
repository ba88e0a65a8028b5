/*
 * The documented views (views.def): made anew with every schema version, and, for a run over all
 * rules, copied once into temporary tables of the same names. SQLite looks a name up among
 * temporary tables first, so that a rule is written over a view and knows nothing of copies.
 */
#include <string.h>

#include "engine/store/changes.h"
#include "engine/store/copies.h"
#include "engine/store/db.h"
#include "engine/store/result.h"
#include "engine/store/viewcopy.h"

typedef struct {
    const char *name, *select;
} View;

static const View VIEWS[] = {
#define VIEW(name, ...) {#name, #__VA_ARGS__},
#include "engine/store/views.def"
#undef VIEW
};

/* The views that rules join, in the order in which they are copied: what is made of another one
 * comes behind it. The planner is told of them what PLANNER_SQL tells it of the store. */
static const CopyPlan COPIES[] = {
    {"firearms", 1000000, {{"record", 1}, {"firearm", 2}, {"rds_key", 200}}, NULL},
    {"purchases", 600000, {{"record", 1}, {"firearm", 2}, {"person", 2}, {"rds_key", 200}}, NULL},
    {"seizures", 50000, {{"record", 1}, {"firearm", 2}, {"date", 20}}, NULL},
    {"buyers", 500000, {{"person", 1}}, "purchases"},
    {"people", 2000000, {{"record", 2}, {"person", 3}}, NULL},
    {"markers", 100000, {{"record", 2}}, NULL},
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

const char *view_select(const char *view)
{
    for (gsize i = 0; i < G_N_ELEMENTS(VIEWS); i++)
        if (g_str_equal(VIEWS[i].name, view))
            return VIEWS[i].select;
    return NULL;
}

static const CopyPlan *plan_of(const char *view)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (g_str_equal(COPIES[i].view, view))
            return &COPIES[i];
    return NULL;
}

gboolean store_is_copied(const char *view)
{
    return plan_of(view) != NULL;
}

const CopyPlan *views_copied(guint *n)
{
    *n = G_N_ELEMENTS(COPIES);
    return COPIES;
}

void views_describe(Mix *mix)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        const char *select = view_select(COPIES[i].view);
        mix_add(mix, 1, select, strlen(select));
        for (guint w = 0; w < COPY_WAYS && COPIES[i].ways[w].column; w++)
            mix_add(mix, 2, COPIES[i].ways[w].column, strlen(COPIES[i].ways[w].column));
    }
}

/* ---- all of them ------------------------------------------------------------------------ */

/* Columns that are copied whatever is asked for: another copy is made of them. */
static const char *const NEEDED[] = {"purchases.person",  "purchases.firearm",
                                     "purchases.rds_key", "purchases.handgun",
                                     "purchases.kind",    "purchases.purchase_date"};

static gboolean is_needed(const CopyPlan *plan, const char *column, GHashTable *columns)
{
    g_autofree char *name = g_strconcat(plan->view, ".", column, NULL);
    gboolean needed = columns == NULL || g_hash_table_contains(columns, name);
    for (guint w = 0; w < COPY_WAYS && plan->ways[w].column; w++)
        needed = needed || g_str_equal(plan->ways[w].column, column);
    for (gsize i = 0; i < G_N_ELEMENTS(NEEDED); i++)
        needed = needed || g_str_equal(NEEDED[i], name);
    return needed;
}

/* What a copy selects for the columns of its view; g_free. */
static char *column_list(Store *store, const CopyPlan *plan, GHashTable *columns, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT * FROM main.%s LIMIT 0", plan->view);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        sqlite_error(store->db, "cannot copy a view", error);
        return NULL;
    }
    GString *list = g_string_new(NULL);
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        const char *value = is_needed(plan, name, columns) ? "" : "NULL AS ";
        g_string_append_printf(list, "%s%s\"%s\"", i ? ", " : "", value, name);
    }
    return g_string_free(list, FALSE);
}

gboolean views_have(Store *store, GHashTable *columns, gboolean *have, GError **error)
{
    *have = store->copies != NULL;
    for (gsize i = 0; *have && i < G_N_ELEMENTS(COPIES); i++) {
        g_autofree char *list = column_list(store, &COPIES[i], columns, error);
        if (list == NULL)
            return FALSE;
        *have = g_str_equal(list, copies_find(store->copies, COPIES[i].view)->list);
    }
    return TRUE;
}

/* What is made of another view is made of its copy, which is shown by then. */
static gboolean copy_all(Store *store, GHashTable *columns, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        const char *view = COPIES[i].view;
        g_autofree char *list = column_list(store, &COPIES[i], columns, error);
        /* by its SELECT, not its name: what that names is a copy where there is one already */
        if (list == NULL ||
            !copies_add(store->copies, store->db, &COPIES[i], list, view_select(view), error) ||
            !copies_show(store->copies, store->db, "temp", view, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_copy_views(Store *store, GHashTable *columns, guint64 *rows, GError **error)
{
    if (!store_drop_copies(store, error))
        return FALSE;
    store->copies = store->shown = copies_new();
    if (!copies_attach(store->copies, store->db, error) || !copy_all(store, columns, error))
        return FALSE;
    if (rows)
        *rows = 0;
    for (guint i = 0; rows && i < store->copies->copies->len; i++)
        *rows += ((const Copy *)store->copies->copies->pdata[i])->n_rows;
    return TRUE;
}

gboolean views_show(Store *store, Copies *part, GError **error)
{
    if (!views_hide(store, error))
        return FALSE;
    store->shown = part;
    return copies_attach(part, store->db, error) &&
           copies_show(part, store->db, "temp", NULL, error);
}

gboolean views_hide(Store *store, GError **error)
{
    gboolean done = store->shown == NULL || copies_hide(store->shown, store->db, "temp", error);
    if (store->shown != store->copies)
        copies_free(store->shown);
    store->shown = NULL;
    return done;
}

gboolean store_show_copies(Store *store, GError **error)
{
    return views_show(store, store->copies, error);
}

gboolean store_drop_copies(Store *store, GError **error)
{
    gboolean done = views_hide(store, error);
    g_clear_pointer(&store->copies, copies_free);
    return done;
}

gboolean store_has_copies(const Store *store)
{
    return store->copies != NULL;
}

gboolean store_copies_know(const Store *store, const char *record)
{
    static const char *const views[] = {"firearms", "purchases"};
    if (store->copies == NULL)
        return FALSE;
    Cell value = heap_find(store->copies->heap, record, strlen(record));
    for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
        const Copy *copy = copies_find(store->copies, views[i]);
        if (copy != NULL && copy_begin(store->copies, copy, &copy->index[0], value))
            return TRUE;
    }
    return FALSE;
}
