/*
 * The origins of columns as the list has them (origins.def), by view and column, in the order in
 * which the view has its columns.
 */
#include "engine/view/origin.h"

#include <string.h>

#include "engine/record/record.h"
#include "engine/store/schema.h"

static const Origin ORIGINS[] = {
#define ORIGIN(view, column, from, field, role) {#view, #column, from, field, role},
#include "engine/view/origins.def"
#undef ORIGIN
};

static const Origin NOWHERE = {"", "", FROM_NOTHING, 0, NULL};

static const Origin *find_origin(const char *view, const char *column)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ORIGINS); i++)
        if (strcmp(ORIGINS[i].view, view) == 0 && strcmp(ORIGINS[i].column, column) == 0)
            return &ORIGINS[i];
    return NULL;
}

sqlite3_stmt *view_columns(sqlite3 *db, const char *view, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT * FROM main.%s LIMIT 0", view);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        sqlite_error(db, "cannot copy a view", error);
    return stmt;
}

gboolean origins_known(sqlite3 *db, const char *view, gboolean *known, GError **error)
{
    g_autoptr(sqlite3_stmt) columns = view_columns(db, view, error);
    *known = TRUE;
    for (int i = 0; columns && i < sqlite3_column_count(columns); i++)
        *known = *known && find_origin(view, sqlite3_column_name(columns, i)) != NULL;
    return columns != NULL;
}

const Origin **origins_of(sqlite3 *db, const Copy *copy, GError **error)
{
    g_autoptr(sqlite3_stmt) columns = view_columns(db, copy->plan->view, error);
    if (columns == NULL)
        return NULL;
    const Origin **origins = g_new(const Origin *, copy->n_columns);
    for (guint i = 0; i < copy->n_columns; i++) {
        const char *column = sqlite3_column_name(columns, (int)i);
        const Origin *origin = find_origin(copy->plan->view, column);
        origins[i] = origin && copy_has(copy, column) ? origin : &NOWHERE;
    }
    return origins;
}
