/*
 * The documented views (views.def): made anew with every schema version. What rules are asked of in
 * their place: engine/view.
 */
#include "engine/store/schema.h"

typedef struct {
    const char *name, *select;
} View;

static const View VIEWS[] = {
#define VIEW(name, ...) {#name, #__VA_ARGS__},
#include "engine/store/views.def"
#undef VIEW
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
