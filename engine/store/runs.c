/*
 * Runs and parameter sets in the store. A run is numbered when it begins, so that its results can
 * name it, and counted when it is done, all in one transaction; sets are never changed.
 */
#include "engine/base/text.h"
#include "engine/store/db.h"
#include "engine/store/runs.h"
#include "engine/store/seal.h"

void parameter_set_clear(ParameterSet *set)
{
    g_free(set->start_hash);
    g_free(set->firearm);
    g_free(set->person);
    *set = (ParameterSet){0};
}

/* The number of a set with this hash; 0: there is none. */
static gboolean find_set(Store *store, const char *hash, gint64 *set_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_SET_FIND, error);
    gboolean row;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", hash);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    *set_id = row ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_add_parameters(Store *store, ParameterSet *set, GError **error)
{
    g_autofree char *all = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n%s", set->start_hash,
                                           set->records, set->firearm, set->person);
    g_autofree char *hash = text_sha256(all, -1);
    if (!find_set(store, hash, &set->set_id, error) || set->set_id != 0)
        return set->set_id != 0;
    sqlite3_stmt *stmt = store_statement(store, SQL_SET_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ttitt", hash, set->start_hash, (gint64)set->records, set->firearm,
                   set->person);
    if (!store_run(store, stmt, error))
        return FALSE;
    set->set_id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

/* The row of a set, to be read and reset; NULL on error. */
static sqlite3_stmt *set_row(Store *store, SqlId sql, gint64 set_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, sql, error);
    gboolean row;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "i", set_id);
    if (!store_step(store, stmt, &row, error))
        return NULL;
    if (!row)
        error_set(error, STATUS_NO_INPUT, "no parameter set %" G_GINT64_FORMAT, set_id);
    return row ? stmt : NULL;
}

gboolean store_get_set(Store *store, gint64 set_id, ParameterSet *set, GError **error)
{
    *set = (ParameterSet){0};
    sqlite3_stmt *stmt = set_row(store, SQL_SET_GET, set_id, error);
    if (stmt == NULL)
        return FALSE;
    set->set_id = set_id;
    set->records = (guint64)sqlite3_column_int64(stmt, 0);
    set->start_hash = column_text(stmt, 1);
    sqlite3_reset(stmt);
    return TRUE;
}

static gboolean set_text(Store *store, SqlId sql, gint64 set_id, char **text, GError **error)
{
    sqlite3_stmt *stmt = *text == NULL ? set_row(store, sql, set_id, error) : NULL;
    if (stmt != NULL) {
        *text = column_text(stmt, 0);
        sqlite3_reset(stmt);
    }
    return *text != NULL;
}

gboolean store_get_set_firearm(Store *store, ParameterSet *set, GError **error)
{
    return set_text(store, SQL_SET_FIREARM, set->set_id, &set->firearm, error);
}

gboolean store_get_set_person(Store *store, ParameterSet *set, GError **error)
{
    return set_text(store, SQL_SET_PERSON, set->set_id, &set->person, error);
}

gboolean store_get_parameters(Store *store, gint64 set_id, ParameterSet *set, GError **error)
{
    return store_get_set(store, set_id, set, error) && store_get_set_firearm(store, set, error) &&
           store_get_set_person(store, set, error);
}

void store_run_clear(StoreRun *run)
{
    g_free(run->as_of);
    g_free(run->kind);
    g_free(run->data_hash);
    g_free(run->rules_hash);
    g_free(run->data_sum);
    *run = (StoreRun){0};
}

static void store_run_free(StoreRun *run)
{
    store_run_clear(run);
    g_free(run);
}

gboolean store_extent(Store *store, StoreRun *run, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_EXTENT, error);
    gboolean row;
    if (stmt == NULL || !store_step(store, stmt, &row, error))
        return FALSE;
    run->last_record = sqlite3_column_int64(stmt, 0);
    run->last_file = sqlite3_column_int64(stmt, 1);
    run->records = (guint64)sqlite3_column_int64(stmt, 2);
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_start_run(Store *store, StoreRun *run, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RUN_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tttittii", run->as_of, run->data_hash, run->rules_hash, run->set_id,
                   run->kind, run->data_sum, run->last_record, run->last_file);
    if (!store_run(store, stmt, error))
        return FALSE;
    run->run_id = store->run_id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

static gboolean count_results(Store *store, StoreRun *run, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RESULT_COUNTS, error);
    gboolean row;
    if (stmt == NULL || !store_step(store, stmt, &row, error))
        return FALSE;
    run->links = (guint64)sqlite3_column_int64(stmt, 0);
    run->persons = (guint64)sqlite3_column_int64(stmt, 1);
    run->markers = (guint64)sqlite3_column_int64(stmt, 2);
    run->leads = (guint64)sqlite3_column_int64(stmt, 3);
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_finish_run(Store *store, StoreRun *run, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (!count_results(store, run, error) ||
        (stmt = store_statement(store, SQL_RUN_FINISH, error)) == NULL)
        return FALSE;
    statement_bind(stmt, "iiiiiii", (gint64)run->records, (gint64)run->changed, (gint64)run->links,
                   (gint64)run->persons, (gint64)run->markers, (gint64)run->leads, run->run_id);
    return store_run(store, stmt, error) && results_seal(store, error);
}

static void run_from_row(sqlite3_stmt *stmt, StoreRun *run)
{
    *run = (StoreRun){
        .run_id = sqlite3_column_int64(stmt, 0),
        .as_of = column_text(stmt, 1),
        .data_hash = column_text(stmt, 2),
        .rules_hash = column_text(stmt, 3),
        .set_id = sqlite3_column_int64(stmt, 4),
        .kind = column_text(stmt, 5),
        .data_sum = column_text(stmt, 6),
        .last_record = sqlite3_column_int64(stmt, 7),
        .last_file = sqlite3_column_int64(stmt, 8),
        .records = (guint64)sqlite3_column_int64(stmt, 9),
        .changed = (guint64)sqlite3_column_int64(stmt, 10),
        .links = (guint64)sqlite3_column_int64(stmt, 11),
        .persons = (guint64)sqlite3_column_int64(stmt, 12),
        .markers = (guint64)sqlite3_column_int64(stmt, 13),
        .leads = (guint64)sqlite3_column_int64(stmt, 14),
    };
}

gboolean store_last_run(Store *store, StoreRun *run, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RUN_LIST, error);
    gboolean row = FALSE;
    *run = (StoreRun){0};
    if (stmt == NULL || !store_step(store, stmt, &row, error) || !row)
        return FALSE;
    run_from_row(stmt, run);
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_last_parameters(Store *store, ParameterSet *set, GError **error)
{
    g_auto(StoreRun) run = {0};
    GError *problem = NULL;
    gboolean ran = store_last_run(store, &run, &problem);
    *set = (ParameterSet){0};
    if (problem)
        g_propagate_error(error, problem);
    return !problem && (!ran || store_get_parameters(store, run.set_id, set, error));
}

GPtrArray *store_runs(Store *store, GError **error)
{
    g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)store_run_free);
    sqlite3_stmt *stmt = store_statement(store, SQL_RUN_LIST, error);
    gboolean row = TRUE;
    while (stmt != NULL && row) {
        if (!store_step(store, stmt, &row, error))
            return NULL;
        if (row) {
            StoreRun *run = g_new0(StoreRun, 1);
            run_from_row(stmt, run);
            g_ptr_array_add(runs, run);
        }
    }
    return stmt != NULL ? g_steal_pointer(&runs) : NULL;
}
