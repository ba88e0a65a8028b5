/*
 * Reading records back: one by reference, or all of them in reference order as a merge of two
 * ordered statements (records, mentions), so that a million rows cost two scans.
 */
#include <string.h>

#include "engine/store/db.h"

/* Columns: record_id, ref, kind, file_id, line, revision, content_hash, raw_at, the packed fields,
 * then the fields that are columns. */
enum { HEAD_RAW = 7, HEAD_PACKED = 8, HEAD_COUNT = 9 };

char *record_sql(const char *tail)
{
    GString *sql = g_string_new("SELECT r.record_id, r.ref, r.kind, r.file_id, r.line, r.revision,"
                                " r.content_hash, r.raw_at, r.packed");
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i))
            g_string_append_printf(sql, ", r.%s", field_name((Field)i));
    }
    g_string_append(sql, " FROM record r");
    g_string_append(sql, tail);
    return g_string_free(sql, FALSE);
}

char *mention_sql(const char *tail)
{
    GString *sql = g_string_new("SELECT m.record_id, m.role");
    for (int i = 0; i < MENTION_COUNT; i++)
        g_string_append_printf(sql, ", m.%s", mention_field_name((MentionField)i));
    /* CROSS JOIN keeps the order of the loops: the walk over record(ref) gives the order. */
    g_string_append(sql, " FROM record r CROSS JOIN mention m ON m.record_id = r.record_id");
    g_string_append(sql, tail);
    return g_string_free(sql, FALSE);
}

/* All fields of a row, good until the next step. */
static gboolean read_fields(sqlite3_stmt *stmt, const char *value[FIELD_COUNT], GError **error)
{
    int column = HEAD_COUNT;
    for (int i = 0; i < FIELD_COUNT; i++)
        value[i] = field_is_packed((Field)i) ? NULL : column_view(stmt, column++);
    return column_unpack(stmt, HEAD_PACKED, value, error);
}

static Record *record_from_row(sqlite3_stmt *stmt, GError **error)
{
    const char *value[FIELD_COUNT];
    if (!read_fields(stmt, value, error))
        return NULL;
    Record *record = record_new((const char *)sqlite3_column_text(stmt, 2));
    record->ref = record_keep(record, column_view(stmt, 1));
    record->file_id = sqlite3_column_int64(stmt, 3);
    record->line = (guint64)sqlite3_column_int64(stmt, 4);
    record->revision = sqlite3_column_int(stmt, 5);
    record->content_hash = column_hash(stmt, 6);
    for (int i = 0; i < FIELD_COUNT; i++)
        record->value[i] = record_keep(record, value[i]);
    return record;
}

static void mention_from_row(Record *record, sqlite3_stmt *stmt)
{
    Mention *mention = record_mention(record, (const char *)sqlite3_column_text(stmt, 1));
    for (int i = 0; i < MENTION_COUNT; i++)
        mention_set(mention, (MentionField)i, column_view(stmt, 2 + i));
}

/* The two cursors of a walk; more: the mention cursor stands on a row. */
typedef struct {
    Store *store;
    sqlite3_stmt *records, *mentions;
    gboolean more, with_raw;
    BlockCache *cache;
} Walk;

/* Which records: a condition and the text that stands for each of its ?. */
typedef struct {
    const char *where, *first, *second;
} Choice;

static gboolean walk_prepare(Walk *walk, sqlite3_stmt **stmt, char *sql, const Choice *choice)
{
    g_autofree char *text = sql;
    if (sqlite3_prepare_v2(walk->store->db, text, -1, stmt, NULL) != SQLITE_OK)
        return FALSE;
    if (choice->first != NULL)
        sqlite3_bind_text(*stmt, 1, choice->first, -1, SQLITE_STATIC);
    if (choice->second != NULL)
        sqlite3_bind_text(*stmt, 2, choice->second, -1, SQLITE_STATIC);
    return TRUE;
}

static gboolean walk_open(Walk *walk, const Choice *choice, GError **error)
{
    g_autofree char *records = g_strconcat(choice->where, " ORDER BY r.ref", NULL);
    g_autofree char *mentions = g_strconcat(choice->where, " ORDER BY r.ref, m.role", NULL);
    if (walk_prepare(walk, &walk->records, record_sql(records), choice) &&
        walk_prepare(walk, &walk->mentions, mention_sql(mentions), choice))
        return store_step(walk->store, walk->mentions, &walk->more, error);
    return sqlite_error(walk->store->db, "cannot read the records", error);
}

/* The next record with its mentions, or NULL at the end (no error) or on failure. */
static Record *walk_next(Walk *walk, GError **error)
{
    gboolean row;
    if (!store_step(walk->store, walk->records, &row, error) || !row)
        return NULL;
    g_autoptr(Record) record = record_from_row(walk->records, error);
    if (record == NULL)
        return NULL;
    if (walk->with_raw && (record->raw = block_text(walk->store, BLOCKS_RAW,
                                                    sqlite3_column_int64(walk->records, HEAD_RAW),
                                                    walk->cache, error)) == NULL)
        return NULL;
    gint64 id = sqlite3_column_int64(walk->records, 0);
    while (walk->more && sqlite3_column_int64(walk->mentions, 0) == id) {
        mention_from_row(record, walk->mentions);
        if (!store_step(walk->store, walk->mentions, &walk->more, error))
            return NULL;
    }
    return g_steal_pointer(&record);
}

static gboolean walk_all(Walk *walk, RecordVisit visit, gpointer data, GError **error)
{
    GError *failure = NULL;
    Record *record;
    while ((record = walk_next(walk, &failure)) != NULL) {
        gboolean take = FALSE, go_on = visit(record, &take, data);
        if (!take)
            record_free(record);
        if (!go_on)
            return TRUE;
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean visit_chosen(Walk *walk, const Choice *choice, RecordVisit visit, gpointer data,
                             GError **error)
{
    Store *store = walk->store;
    /* Both cursors must see one snapshot: the caller's transaction, or one of our own. */
    gboolean own = sqlite3_get_autocommit(store->db) != 0;
    if (own && !sqlite_run(store->db, "BEGIN", "cannot begin to read", error))
        return FALSE;
    gboolean done = walk_open(walk, choice, error) && walk_all(walk, visit, data, error);
    sqlite3_finalize(walk->records);
    sqlite3_finalize(walk->mentions);
    if (own)
        sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    return done;
}

gboolean store_visit(Store *store, const char *kind, gboolean with_raw, RecordVisit visit,
                     gpointer data, GError **error)
{
    BlockCache cache = {{0}, {NULL}};
    Walk walk = {store, NULL, NULL, FALSE, with_raw, &cache};
    /* References of a kind lie together: "<kind>:" to "<kind>;". */
    g_autofree char *low = g_strconcat(kind != NULL ? kind : "", ":", NULL);
    g_autofree char *high = g_strconcat(kind != NULL ? kind : "", ";", NULL);
    Choice all = {"", NULL, NULL}, of_kind = {" WHERE r.ref >= ? AND r.ref < ?", low, high};
    gboolean done = visit_chosen(&walk, kind != NULL ? &of_kind : &all, visit, data, error);
    block_cache_clear(&cache);
    return done;
}

gboolean store_visit_refs(Store *store, const char *refs, RecordVisit visit, gpointer data,
                          GError **error)
{
    Walk walk = {store, NULL, NULL, FALSE, FALSE, NULL};
    Choice some = {" WHERE r.ref IN (SELECT value FROM json_each(?))", refs, NULL};
    return visit_chosen(&walk, &some, visit, data, error);
}

Record *store_get(Store *store, const char *ref, GError **error)
{
    gint64 record_id = 0;
    if (!store_find_ref(store, ref, &record_id, error))
        return NULL;
    Walk walk = {store, store_statement(store, SQL_RECORD_GET, error), NULL, FALSE, TRUE, NULL};
    if (walk.records == NULL ||
        (walk.mentions = store_statement(store, SQL_MENTION_GET, error)) == NULL)
        return NULL;
    statement_bind(walk.records, "i", record_id);
    statement_bind(walk.mentions, "i", record_id);
    GError *failure = NULL;
    Record *record = NULL;
    if (store_step(store, walk.mentions, &walk.more, &failure))
        record = walk_next(&walk, &failure);
    sqlite3_reset(walk.records);
    sqlite3_reset(walk.mentions);
    if (failure != NULL)
        g_propagate_error(error, failure);
    else if (record == NULL)
        error_set(error, STATUS_NO_INPUT, "no record '%s'", ref);
    return record;
}
