/*
 * The documented views (views.def): made anew with every schema version, and, for a run over all
 * rules, copied once into temporary tables of the same names. SQLite looks a name up among
 * temporary tables first, so that a rule is written over a view and knows nothing of copies.
 */
#include "engine/store/changes.h"
#include "engine/store/copies.h"
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

/* The views that rules join, in the order in which they are copied: what is made of another one
 * comes behind it. The planner is told of them what PLANNER_SQL tells it of the store. */
static const CopyPlan COPIES[] = {
    {"firearms", 1000000, {{"record", 1}, {"firearm", 2}}},
    {"purchases", 600000, {{"record", 1}, {"firearm", 2}, {"person", 2}, {"rds_key", 200}}},
    {"seizures", 50000, {{"record", 1}, {"firearm", 2}, {"date", 20}}},
    {"buyers", 500000, {{"person", 1}}},
    {"people", 2000000, {{"record", 2}, {"person", 3}}},
    {"markers", 100000, {{"record", 2}}},
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

gboolean store_copy_views(Store *store, guint64 *rows, GError **error)
{
    guint64 copied = 0;
    if (!store_drop_copies(store, error))
        return FALSE;
    store->copies = copies_new();
    if (!copies_attach(store->copies, store->db, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        const CopyPlan *plan = &COPIES[i];
        /* by its SELECT, not its name: what that names is a copy where there is one already */
        if (!copies_add(store->copies, store->db, plan, view_select(plan->view), error) ||
            !copies_show(store->copies, store->db, "temp", plan->view, error))
            return FALSE;
        copied += copies_find(store->copies, plan->view)->n_rows;
    }
    if (rows)
        *rows = copied;
    return TRUE;
}

gboolean store_drop_copies(Store *store, GError **error)
{
    gboolean done = store->copies == NULL || copies_hide(store->copies, store->db, "temp", error);
    g_clear_pointer(&store->copies, copies_free);
    return done;
}

gboolean store_is_copied(const char *view)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COPIES); i++)
        if (g_str_equal(COPIES[i].view, view))
            return TRUE;
    return FALSE;
}

gboolean store_copies_know(const Store *store, const char *record)
{
    static const char *const views[] = {"firearms", "purchases"};
    for (gsize i = 0; i < G_N_ELEMENTS(views) && store->copies != NULL; i++)
        if (copies_have(store->copies, views[i], record))
            return TRUE;
    return FALSE;
}
