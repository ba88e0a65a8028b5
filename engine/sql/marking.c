/*
 * The column `handling` of a query's rows: what the records that a row names are marked with. A row
 * that names none (a count, a name) is marked with everything that the store holds.
 */
#include "engine/sql/marking.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/sql/sandbox.h"
#include "engine/store/schema.h"

#define ROLE_CHARACTERS "'abcdefghijklmnopqrstuvwxyz0123456789'"

static const char ONE_SQL[] =
    "SELECT handling FROM markings WHERE record IN (?1, rtrim(rtrim(?1, " ROLE_CHARACTERS
    "), ':')) AND handling IS NOT NULL";
static const char ALL_SQL[] = "SELECT DISTINCT handling FROM markings "
                              "WHERE handling IS NOT NULL AND confidential IS NOT 'Y'";

struct Markings {
    sqlite3_stmt *one;
    sqlite3_stmt *all;
    GArray *places;   /* of guint: columns that name records */
    GPtrArray *found; /* of char * */
    char *whole, *row;
    gboolean told; /* whole is known */
};

Markings *markings_new(Store *store, GError **error)
{
    sqlite3 *db = store_handle(store);
    Markings *markings = g_new0(Markings, 1);
    markings->places = g_array_new(FALSE, FALSE, sizeof(guint));
    markings->found = g_ptr_array_new_with_free_func(g_free);
    if (sqlite3_prepare_v2(db, ONE_SQL, -1, &markings->one, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, ALL_SQL, -1, &markings->all, NULL) == SQLITE_OK)
        return markings;
    sqlite_error(db, "cannot read markings", error);
    markings_free(markings);
    return NULL;
}

void markings_free(Markings *markings)
{
    if (!markings)
        return;
    sqlite3_finalize(markings->one);
    sqlite3_finalize(markings->all);
    g_array_unref(markings->places);
    g_ptr_array_unref(markings->found);
    g_free(markings->whole);
    g_free(markings->row);
    g_free(markings);
}

/* Adds what a statement finds, each marking once; the statement is reset. */
static gboolean collect(Markings *markings, sqlite3_stmt *statement, GError **error)
{
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        if (!g_ptr_array_find_with_equal_func(markings->found, text, g_str_equal, NULL))
            g_ptr_array_add(markings->found, g_strdup(text));
    }
    sqlite3_reset(statement);
    return rc == SQLITE_DONE || error_set(error, STATUS_TRY_AGAIN, "query stopped: %s",
                                          sqlite3_errmsg(sqlite3_db_handle(statement)));
}

static char *join(Markings *markings)
{
    g_ptr_array_sort(markings->found, text_compare);
    g_ptr_array_add(markings->found, NULL);
    char *text =
        markings->found->len > 1 ? g_strjoinv("; ", (char **)markings->found->pdata) : NULL;
    g_ptr_array_set_size(markings->found, 0);
    return text;
}

void markings_begin(Markings *markings, const Column *columns, guint n)
{
    static const char *const names[] = {"record", "left", "right", "mention", "firearm", NULL};
    for (guint i = 0; i < n; i++)
        if (g_strv_contains(names, columns[i].name))
            g_array_append_val(markings->places, i);
}

/* All markings of the store, found when a row needs them first. */
static gboolean mark_whole(Markings *markings, GError **error)
{
    if (markings->told)
        return TRUE;
    markings->told = collect(markings, markings->all, error);
    markings->whole = join(markings);
    return markings->told;
}

gboolean markings_of_row(Markings *markings, const char *const *cells, const char **handling,
                         GError **error)
{
    for (guint i = 0; i < markings->places->len; i++) {
        const char *cell = cells[g_array_index(markings->places, guint, i)];
        if (!cell)
            continue;
        sqlite3_bind_text(markings->one, 1, cell, -1, SQLITE_TRANSIENT);
        if (!collect(markings, markings->one, error))
            return FALSE;
    }
    g_free(markings->row);
    markings->row = join(markings);
    if (!markings->row && !mark_whole(markings, error))
        return FALSE;
    *handling = markings->row ? markings->row : markings->whole;
    return TRUE;
}
