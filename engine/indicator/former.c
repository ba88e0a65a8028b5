/*
 * Indicator rows of earlier runs, by a hash of what they speak of, with one of all they say: few
 * rows become others from one run to the next, and to delete and write again those that did not
 * would cost more than to ask the rules.
 */
#include "engine/indicator/former.h"

#include <sqlite3.h>
#include <string.h>

#include "engine/base/hash.h"
#include "engine/store/schema.h"

typedef sqlite3_stmt RowStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowStatement, sqlite3_finalize)

typedef struct {
    Mix about, said; /* by the first */
    gint64 id;
} Known;

struct Former {
    Views *views;
    gboolean all;
    GHashTable *known; /* of Known (own), by itself */
};

static guint known_hash(gconstpointer key)
{
    return (guint)((const Known *)key)->about.lane[0];
}

static gboolean known_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(&((const Known *)a)->about, &((const Known *)b)->about, sizeof(Mix)) == 0;
}

static Known known_of(const IndicatorRow *row, gint64 id)
{
    const char *texts[] = {row->indicator, row->subject, row->record};
    double bits = row->bits + 0.0; /* no -0 */
    Mix about = mix_new(), said = mix_new();
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        mix_add(&about, i, texts[i], strlen(texts[i]));
    mix_add(&said, 0, row->explanation, strlen(row->explanation));
    mix_add(&said, 1, (const char *)&bits, sizeof bits);
    mix_add(&said, 2, (const char *)&row->rev, sizeof row->rev);
    return (Known){mix_end(&about), mix_end(&said), id};
}

static const char *text_at(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

static gboolean read_rows(Former *former, sqlite3_stmt *stmt, GError **error)
{
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        IndicatorRow row = {.indicator = text_at(stmt, 1),
                            .rev = sqlite3_column_int(stmt, 2),
                            .subject = text_at(stmt, 3),
                            .record = text_at(stmt, 4),
                            .bits = sqlite3_column_double(stmt, 5),
                            .explanation = text_at(stmt, 6)};
        if (!former_asks(former, row.record))
            continue;
        const Known known = known_of(&row, sqlite3_column_int64(stmt, 0));
        g_hash_table_add(former->known, g_memdup2(&known, sizeof known));
    }
    return rc == SQLITE_DONE || sqlite_error(store_handle(views_store(former->views)),
                                             "cannot read the indicators", error);
}

/* One record after the other. */
typedef struct {
    Former *former;
    sqlite3_stmt *stmt;
    GError **error;
    gboolean ok;
} Lookup;

static void read_record(const char *record, gpointer data)
{
    Lookup *lookup = data;
    if (!lookup->ok)
        return;
    sqlite3_bind_text(lookup->stmt, 1, record, -1, SQLITE_STATIC);
    lookup->ok = read_rows(lookup->former, lookup->stmt, lookup->error);
    sqlite3_reset(lookup->stmt);
}

/* To look one record up takes as long as to go through so many rows of a rule. */
#define ROWS_A_LOOKUP 4

/* Is it sooner to look up what is said of each record than to go through all that the rules say? */
static gboolean are_few(Views *views, const char *ids, gboolean *few, GError **error)
{
    sqlite3 *db = store_handle(views_store(views));
    gint64 most = (gint64)views_count_wide(views) * ROWS_A_LOOKUP;
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM (SELECT 1 FROM indicator WHERE indicator IN (%s)"
                        " LIMIT ?1)",
                        ids);
    g_autoptr(RowStatement) stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_bind_int64(stmt, 1, most) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite_error(db, "cannot read the indicators", error);
    *few = sqlite3_column_int64(stmt, 0) >= most;
    return TRUE;
}

Former *former_read(Views *views, const char *ids, gboolean all, GError **error)
{
    gboolean few = FALSE;
    if (!all && !are_few(views, ids, &few, error))
        return NULL;
    g_autoptr(Former) former = g_new0(Former, 1);
    sqlite3 *db = store_handle(views_store(views));
    g_autofree char *sql = g_strdup_printf(
        "SELECT indicator_id, indicator, rev, subject, record, bits, explanation FROM indicator"
        " WHERE %s indicator IN (%s)",
        few ? "record = ?1 AND" : "", ids);
    g_autoptr(RowStatement) stmt = NULL;
    *former = (Former){views, all, g_hash_table_new_full(known_hash, known_equal, g_free, NULL)};
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        sqlite_error(db, "cannot read the indicators", error);
        return NULL;
    }
    Lookup lookup = {former, stmt, error, TRUE};
    if (few)
        views_visit_wide(views, read_record, &lookup);
    else
        lookup.ok = read_rows(former, stmt, error);
    return lookup.ok ? g_steal_pointer(&former) : NULL;
}

void former_free(Former *former)
{
    if (!former)
        return;
    g_hash_table_unref(former->known);
    g_free(former);
}

gboolean former_asks(const Former *former, const char *record)
{
    return former->all || views_is_wide(former->views, record);
}

gboolean former_knows(const Former *former, const char *record)
{
    return views_know(former->views, record);
}

gint64 former_take(Former *former, const IndicatorRow *row, gboolean *same)
{
    const Known now = known_of(row, 0);
    const Known *was = g_hash_table_lookup(former->known, &now);
    gint64 id = was ? was->id : 0;
    *same = was && memcmp(&was->said, &now.said, sizeof(Mix)) == 0;
    if (was)
        g_hash_table_remove(former->known, was);
    return id;
}

gboolean former_drop(Former *former, GError **error)
{
    sqlite3 *db = store_handle(views_store(former->views));
    g_autoptr(RowStatement) stmt = NULL;
    GHashTableIter iter;
    gpointer known;
    gboolean ok = sqlite3_prepare_v2(db, "DELETE FROM indicator WHERE indicator_id = ?1", -1, &stmt,
                                     NULL) == SQLITE_OK;
    g_hash_table_iter_init(&iter, former->known); /* they go, all of them: no order */
    while (ok && g_hash_table_iter_next(&iter, &known, NULL)) {
        sqlite3_bind_int64(stmt, 1, ((const Known *)known)->id);
        ok = sqlite3_step(stmt) == SQLITE_DONE;
        sqlite3_reset(stmt);
    }
    return ok || sqlite_error(db, "cannot drop indicators", error);
}
