/*
 * Purging. In the caller's transaction: records, mentions, revisions, remarks, judgements on them,
 * all results, and every text in a block (raw, former) that nothing points to any more. Then the
 * scrub: SQLite leaves copies of old cells in the free space of its pages, so the file is written
 * anew.
 */
#include "engine/store/purge.h"

#include <string.h>

#include "engine/base/text.h"
#include "engine/store/db.h"
#include "engine/store/result.h"

#define META_SCRUB "scrub"
#define DUE        "(SELECT record_id FROM temp.due)"
#define DUE_REF    "(SELECT ref FROM temp.due)"
/* "<record>:<role>" of a person link: all up to the last colon. */
#define RECORD_OF(column) "rtrim(rtrim(" column ", replace(" column ", ':', '')), ':')"
#define NAMES_DUE(column) "(" column " IN " DUE_REF " OR " RECORD_OF(column) " IN " DUE_REF ")"

static const char DUE_SQL[] =
    "PRAGMA secure_delete=ON; DROP TABLE IF EXISTS temp.due;"
    "CREATE TEMP TABLE due(record_id INTEGER PRIMARY KEY, ref TEXT NOT NULL, whole INTEGER);";

/* What people decided is only ever added to, but for this. */
static const char JUDGEMENT_OPEN_SQL[] =
    "DROP TRIGGER judgement_update; DROP TRIGGER judgement_delete";
static const char JUDGEMENT_CLOSE_SQL[] = JUDGEMENT_KEEP_SQL;

static const char JUDGEMENT_SQL[] = "DELETE FROM judgement WHERE type <> 'lead' AND (" NAMES_DUE(
    "\"left\"") " OR " NAMES_DUE("\"right\"") ")";

static const char REMOVE_SQL[] =
    "DELETE FROM remark WHERE type = 'warning' AND ref IN " DUE_REF ";"
    "DELETE FROM hold_record WHERE ref IN " DUE_REF ";"
    "DELETE FROM hold WHERE subject IN " DUE_REF ";"
    "DELETE FROM decision;"
    "DELETE FROM mention WHERE record_id IN " DUE ";"
    "DELETE FROM record WHERE record_id IN (SELECT record_id FROM temp.due WHERE whole);"
    "UPDATE parameter_set SET start_hash = '';" /* the next run estimates anew */
    "INSERT OR REPLACE INTO meta(key, value) VALUES('" META_SCRUB "', '1');";

void purge_item_free(PurgeItem *item)
{
    g_free(item->ref);
    g_free(item->kind);
    g_free(item);
}

/* ---- keys ------------------------------------------------------------------------------- */

static char *key_hash(Store *store, const char *ref, GError **error)
{
    g_autofree char *id = store_meta_get(store, "store_id", error);
    if (id == NULL)
        return NULL;
    g_autofree char *salted = g_strconcat(id, "\n", ref, NULL);
    return text_sha256(salted, -1);
}

gboolean purge_knows(Store *store, const char *ref, gboolean *known, GError **error)
{
    *known = FALSE;
    if (store->purged == PURGED_UNKNOWN) {
        gboolean any;
        sqlite3_stmt *stmt = store_statement(store, SQL_PURGED_ANY, error);
        if (stmt == NULL || !store_step(store, stmt, &any, error))
            return FALSE;
        sqlite3_reset(stmt);
        store->purged = any ? PURGED_SOME : PURGED_NONE;
    }
    if (store->purged == PURGED_NONE)
        return TRUE;
    g_autofree char *hash = key_hash(store, ref, error);
    sqlite3_stmt *stmt = hash != NULL ? store_statement(store, SQL_PURGED_HAS, error) : NULL;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "t", hash);
    if (!store_step(store, stmt, known, error))
        return FALSE;
    sqlite3_reset(stmt);
    return TRUE;
}

static gboolean remember(Store *store, const PurgeItem *item, const char *as_of, GError **error)
{
    g_autofree char *hash = key_hash(store, item->ref, error);
    sqlite3_stmt *stmt = hash != NULL ? store_statement(store, SQL_PURGED_ADD, error) : NULL;
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tttt", hash, item->kind, item->clock, as_of);
    if (!item->whole)
        sqlite3_bind_int64(stmt, 5, item->record_id);
    return store_run(store, stmt, error);
}

/* ---- texts in blocks --------------------------------------------------------------------- */

/* The blocks of a table, and the texts in them that something points to. Raw rows that nothing
 * points to are of a record that went. */
static const struct {
    Blocks blocks;
    const char *list, *used;
} TEXTS[] = {
    {BLOCKS_RAW, "SELECT block FROM raw ORDER BY block",
     "SELECT raw_at FROM record UNION ALL SELECT raw_at FROM revision ORDER BY 1"},
    {BLOCKS_FORMER, "SELECT block FROM former ORDER BY block",
     "SELECT former_at FROM revision ORDER BY 1"},
};

static gboolean list_blocks(Store *store, const char *sql, GArray *blocks, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row = TRUE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot list the blocks", error);
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        gint64 block = row ? sqlite3_column_int64(stmt, 0) : 0;
        if (row)
            g_array_append_val(blocks, block);
    }
    return TRUE;
}

/* Marks the places of one block that are used; used is the walk over all of them. */
static gboolean mark_used(Store *store, sqlite3_stmt *used, gint64 block, gboolean *row,
                          guint8 *keep, GError **error)
{
    memset(keep, 0, BLOCK_PLACES);
    while (*row && sqlite3_column_int64(used, 0) / BLOCK_PLACES <= block) {
        gint64 at = sqlite3_column_int64(used, 0);
        if (at / BLOCK_PLACES == block)
            keep[at % BLOCK_PLACES] = 1;
        if (!store_step(store, used, row, error))
            return FALSE;
    }
    return TRUE;
}

/* Every text of a table that nothing points to is emptied. */
static gboolean blank_unused(Store *store, guint table, GError **error)
{
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(sqlite3_stmt) used = NULL;
    gboolean row = FALSE;
    if (!list_blocks(store, TEXTS[table].list, blocks, error))
        return FALSE;
    if (sqlite3_prepare_v2(store->db, TEXTS[table].used, -1, &used, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read what is used of the blocks", error);
    if (!store_step(store, used, &row, error))
        return FALSE;
    for (guint i = 0; i < blocks->len; i++) {
        guint8 keep[BLOCK_PLACES];
        gint64 block = g_array_index(blocks, gint64, i);
        if (!mark_used(store, used, block, &row, keep, error) ||
            !block_keep(store, TEXTS[table].blocks, block, keep, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean blank_all_unused(Store *store, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        if (!blank_unused(store, i, error))
            return FALSE;
    blocks_forget(store);
    return TRUE;
}

/* ---- judgements ------------------------------------------------------------------------- */

/* Items of what a lead's judgement saw, without those that name a record of the set; NULL when
 * none does. */
static char *seen_without(const char *seen, GHashTable *due)
{
    g_auto(GStrv) items = g_strsplit(seen, "\n", -1);
    g_autoptr(GString) left = g_string_new(NULL);
    gboolean changed = FALSE;
    for (char **item = items; *item; item++) {
        g_auto(GStrv) words = g_strsplit(*item, " ", -1);
        gboolean names = FALSE;
        for (char **word = words; *word; word++)
            names = names || g_hash_table_contains(due, *word);
        changed = changed || names;
        if (!names)
            g_string_append_printf(left, "%s%s", left->len ? "\n" : "", *item);
    }
    return changed ? g_string_free(g_steal_pointer(&left), FALSE) : NULL;
}

typedef struct {
    gint64 id;
    char *seen;
} Edit;

static gboolean edit_seen(Store *store, const Edit *edit, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_JUDGEMENT_SEEN, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "ti", edit->seen, edit->id);
    return store_run(store, stmt, error);
}

static gboolean edit_leads(Store *store, GHashTable *due, GError **error)
{
    static const char sql[] = "SELECT judgement_id, evidence FROM judgement WHERE type = 'lead'";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GArray) edits = g_array_new(FALSE, FALSE, sizeof(Edit));
    gboolean row = TRUE, done = TRUE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the judgements", error);
    while (row && (done = store_step(store, stmt, &row, error)) && row) {
        Edit edit = {sqlite3_column_int64(stmt, 0), seen_without(column_view(stmt, 1), due)};
        if (edit.seen != NULL)
            g_array_append_val(edits, edit);
    }
    for (guint i = 0; i < edits->len; i++) {
        Edit *edit = &g_array_index(edits, Edit, i);
        done = done && edit_seen(store, edit, error);
        g_free(edit->seen);
    }
    return done;
}

static gboolean purge_judgements(Store *store, const GPtrArray *items, PurgeCounts *counts,
                                 GError **error)
{
    g_autoptr(GHashTable) due = g_hash_table_new(g_str_hash, g_str_equal);
    const char *what = "cannot purge the judgements";
    for (guint i = 0; i < items->len; i++)
        g_hash_table_add(due, ((PurgeItem *)items->pdata[i])->ref);
    if (!sqlite_run(store->db, JUDGEMENT_OPEN_SQL, what, error) ||
        !sqlite_run(store->db, JUDGEMENT_SQL, what, error))
        return FALSE;
    counts->judgements = (guint64)sqlite3_changes(store->db);
    return edit_leads(store, due, error) && sqlite_run(store->db, JUDGEMENT_CLOSE_SQL, what, error);
}

/* ---- records ---------------------------------------------------------------------------- */

static gboolean list_due(Store *store, const GPtrArray *items, GError **error)
{
    static const char sql[] = "INSERT INTO temp.due(record_id, ref, whole) VALUES(?, ?, ?)";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    if (!sqlite_run(store->db, DUE_SQL, "cannot list what is due", error))
        return FALSE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot list what is due", error);
    for (guint i = 0; i < items->len; i++) {
        const PurgeItem *item = items->pdata[i];
        statement_bind(stmt, "iti", item->record_id, item->ref, (gint64)item->whole);
        if (!store_run(store, stmt, error))
            return FALSE;
    }
    return TRUE;
}

/* The record without its people and texts, its raw row an empty one. */
static gboolean strip_people(Store *store, const PurgeItem *item, const int *texts, gint64 empty_at,
                             GError **error)
{
    g_autoptr(Record) record = store_get(store, item->ref, error);
    if (record == NULL)
        return FALSE;
    data_sum_remove(&store->sum, record->ref, record->content_hash);
    g_ptr_array_set_size(record->mentions, 0);
    for (; *texts >= 0; texts++)
        record_set(record, (Field)*texts, NULL);
    record->revision = 1;
    record_seal(record);
    data_sum_add(&store->sum, record->ref, record->content_hash);
    return put_stripped(store, record, item->record_id, empty_at, error);
}

static gboolean forget_sum(Store *store, const PurgeItem *item, GError **error)
{
    g_autoptr(Record) record = store_get(store, item->ref, error);
    if (record != NULL)
        data_sum_remove(&store->sum, record->ref, record->content_hash);
    return record != NULL;
}

/* A block with one empty row, which all records point to that have lost theirs. */
static gboolean empty_row(Store *store, gint64 *raw_at, GError **error)
{
    g_autoptr(Record) nothing = record_new("");
    Record *const rows[] = {nothing};
    g_autoptr(GBytes) packed = store_pack_raw(NULL, rows, 1);
    if (!block_reserve(store, BLOCKS_RAW, error) || !block_write(store, BLOCKS_RAW, packed, error))
        return FALSE;
    *raw_at = store->next_block[BLOCKS_RAW] * BLOCK_PLACES;
    return TRUE;
}

static gboolean purge_records(Store *store, const GPtrArray *items, const int *texts,
                              const char *as_of, PurgeCounts *counts, GError **error)
{
    gint64 empty_at = 0;
    if (!data_sum_load(store, error) || !empty_row(store, &empty_at, error))
        return FALSE;
    for (guint i = 0; i < items->len; i++) {
        const PurgeItem *item = items->pdata[i];
        gboolean done = item->whole ? forget_sum(store, item, error)
                                    : strip_people(store, item, texts, empty_at, error);
        if (!done || !remember(store, item, as_of, error))
            return FALSE;
        counts->records += item->whole;
        counts->people += !item->whole;
    }
    store->sum_changed = TRUE;
    store->purged = PURGED_SOME;
    return TRUE;
}

gboolean store_purge(Store *store, const GPtrArray *items, const int *texts, const char *as_of,
                     PurgeCounts *counts, GError **error)
{
    const char *what = "cannot purge the store";
    if (items->len == 0)
        return TRUE;
    if (!list_due(store, items, error) || !store_clear_results(store, error) ||
        !sqlite_run(store->db, "DELETE FROM revision WHERE record_id IN " DUE, what, error))
        return FALSE;
    counts->revisions = (guint64)sqlite3_changes(store->db);
    return purge_judgements(store, items, counts, error) &&
           purge_records(store, items, texts, as_of, counts, error) &&
           sqlite_run(store->db, REMOVE_SQL, what, error) && blank_all_unused(store, error);
}

gboolean store_purge_rejects(Store *store, const char *kind, const PurgePeriod *period,
                             const char *day, guint64 *rejects, GError **error)
{
    g_autofree char *years = g_strdup_printf("+%d years", period->years);
    g_autofree char *days = g_strdup_printf("+%d days", period->days);
    sqlite3_stmt *stmt = store_statement(store, SQL_PURGE_REJECTS, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tttt", kind, day, years, days);
    if (!store_run(store, stmt, error))
        return FALSE;
    *rejects = (guint64)sqlite3_changes(store->db);
    return *rejects == 0 || store_meta_set(store, META_SCRUB, "1", error);
}

/* ---- the scrub -------------------------------------------------------------------------- */

static gboolean empty_log(Store *store, GError **error)
{
    int frames = 0, done = 0;
    int rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &done);
    if (rc == SQLITE_OK)
        return TRUE;
    if ((rc & 0xff) == SQLITE_BUSY)
        return error_set(error, STATUS_TRY_AGAIN,
                         "the purge is not finished: another program still reads the store as it"
                         " was before; the next 'retention' or 'nightly' finishes it");
    return sqlite_error(store->db, "cannot empty the store's log after a purge", error);
}

gboolean store_scrub(Store *store, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *due = store_meta_get(store, META_SCRUB, &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (due == NULL)
        return TRUE;
    /* The new file passes through a temporary one: in memory it would be as large as the store. */
    return sqlite_run(store->db, "PRAGMA temp_store=FILE; VACUUM; PRAGMA temp_store=MEMORY",
                      "cannot write the store anew after a purge", error) &&
           empty_log(store, error) &&
           sqlite_run(store->db, "DELETE FROM meta WHERE key = '" META_SCRUB "'",
                      "cannot finish the purge", error) &&
           empty_log(store, error);
}
