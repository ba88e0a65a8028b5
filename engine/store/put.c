/*
 * Writing what a load brings: files, records, remarks. One lookup and a few appends a row; a row
 * with the same key and content is a duplicate, one with other content becomes the current
 * revision and the old one goes to history with its raw text.
 */
#include <string.h>

#include "engine/store/first.h"
#include "engine/store/seal.h"

#define AHEAD 4 /* rows ahead, memory is asked for: of the record, then of its key */

gboolean store_has_files(Store *store, gboolean *any, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_ANY, error);
    gboolean row = FALSE;
    if (stmt == NULL || !store_step(store, stmt, &row, error))
        return FALSE;
    *any = row && sqlite3_column_int(stmt, 0) == 1;
    sqlite3_reset(stmt);
    return TRUE;
}

gint64 store_find_file(Store *store, const char *sha256, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_FIND, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return -1;
    statement_bind(stmt, "t", sha256);
    if (!store_step(store, stmt, &row, error))
        return -1;
    gint64 id = row ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
    return id;
}

char *store_file_order(Store *store, gint64 file_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_ORDER, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "i", file_id);
    if (!store_step(store, stmt, &row, error))
        return NULL;
    char *order = g_strdup(row ? (const char *)sqlite3_column_text(stmt, 0) : "");
    sqlite3_reset(stmt);
    return order;
}

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

gboolean store_add_file(Store *store, StoreFile *file, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_ADD, error);
    if (stmt == NULL)
        return FALSE;
    char delimiter[2] = {file->delimiter, '\0'};
    statement_bind(stmt, "ttttttttt", text_or_empty(file->sha256), file->name,
                   text_or_empty(file->kind), text_or_empty(file->profile),
                   text_or_empty(file->encoding), text_or_empty(file->date_order), delimiter,
                   text_or_empty(file->header), text_or_empty(file->loaded_at));
    if (!store_run(store, stmt, error))
        return FALSE;
    file->file_id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

gboolean store_finish_file(Store *store, const StoreFile *file, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_FILE_FINISH, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "tiiiiiiiii", file->sha256, (gint64)file->lines, (gint64)file->rows,
                   (gint64)file->loaded, (gint64)file->duplicates, (gint64)file->revised,
                   (gint64)file->rejected, (gint64)file->blanks, (gint64)file->warnings,
                   file->file_id);
    return store_run(store, stmt, error);
}

gboolean store_put_remark(Store *store, gint64 file_id, const Remark *remark, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_REMARK_ADD, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "itittttt", file_id, remark->type == REMARK_REJECT ? "reject" : "warning",
                   (gint64)remark->line, remark->ref, remark->field, text_or_empty(remark->code),
                   text_or_empty(remark->message), remark->raw);
    sqlite3_bind_text(stmt, 9, remark->confidential ? "Y" : NULL, -1, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

/* What is there under a record's reference. */
typedef struct {
    gint64 record_id; /* 0: nothing */
    int revision;
    guint8 hash[MIX_BYTES];
    gboolean same, confidential;
    gint64 raw_at, old_raw_at; /* where the raw row of the new one will be, and that one's is */
} Found;

static gboolean hash_bytes(const char *text, guint8 bytes[MIX_BYTES])
{
    Mix mix;
    if (text == NULL || !mix_parse(text, &mix))
        return FALSE;
    mix_bytes(&mix, bytes);
    return TRUE;
}

/* A later row that says nothing of the source does not disclose it; one that says N does. */
static gboolean keep_confidential(sqlite3_stmt *stmt, Record *record, Found *found)
{
    found->confidential = g_strcmp0(column_view(stmt, 2), "Y") == 0;
    if (!found->confidential || record_get(record, FIELD_CONFIDENTIAL_SOURCE))
        return TRUE;
    record_set(record, FIELD_CONFIDENTIAL_SOURCE, "Y");
    record_seal(record);
    return hash_bytes(record->content_hash, found->hash);
}

/* The same row again: all that a first load must know of one that it has put. */
static gboolean is_laid_again(const Store *store, Found *found)
{
    const guint8 *hash = store->first ? first_hash(store->first, found->record_id) : NULL;
    found->same = hash != NULL && memcmp(hash, found->hash, MIX_BYTES) == 0;
    found->revision = 1;
    return found->same;
}

static gboolean record_find(Store *store, Record *record, Found *found, GError **error)
{
    gboolean row = FALSE;
    if (!bulk_find(store, record->ref, &found->record_id, error))
        return FALSE;
    if (found->record_id == 0 || is_laid_again(store, found))
        return TRUE;
    if (!first_end(store, NULL, error))
        return FALSE;
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_FIND, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", found->record_id);
    if (!store_step(store, stmt, &row, error) || !row)
        return FALSE;
    found->revision = sqlite3_column_int(stmt, 1);
    found->old_raw_at = sqlite3_column_int64(stmt, 3);
    if (!keep_confidential(stmt, record, found))
        return error_set(error, STATUS_INTERNAL, "cannot seal record '%s'", record->ref);
    found->same = sqlite3_column_bytes(stmt, 0) == MIX_BYTES &&
                  memcmp(sqlite3_column_blob(stmt, 0), found->hash, MIX_BYTES) == 0;
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean store_is_confidential(Store *store, const char *ref, gboolean *is, GError **error)
{
    gint64 record_id;
    gboolean row = FALSE;
    if (!store_find_ref(store, ref, &record_id, error))
        return FALSE;
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_FIND, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", record_id);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    *is = row && g_strcmp0(column_view(stmt, 2), "Y") == 0;
    sqlite3_reset(stmt);
    return TRUE;
}

/* In the order of statement.c: the head, the packed fields, then the columns. */
static void bind_record(Store *store, sqlite3_stmt *stmt, const Record *record, const Found *found)
{
    int parameter = RECORD_HEAD;
    GString *packed = store->feed->packed;
    fields_pack(record, packed);
    statement_bind(stmt, "ttiii", record->ref, record->kind, record->file_id, (gint64)record->line,
                   (gint64)record->revision);
    sqlite3_bind_blob(stmt, 6, found->hash, MIX_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 7, found->raw_at);
    sqlite3_bind_blob(stmt, RECORD_HEAD, packed->str, (int)packed->len, SQLITE_STATIC);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (field_is_packed((Field)i))
            continue;
        parameter++;
        if (record->value[i] != NULL)
            sqlite3_bind_text(stmt, parameter, record->value[i], -1, SQLITE_STATIC);
    }
}

static gboolean run_by_id(Store *store, SqlId id, gint64 record_id, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, id, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", record_id);
    return store_run(store, stmt, error);
}

/* Without references in memory the next one is looked up in the index: it must be there. */
static gboolean put_new(Store *store, Record *record, const Found *found, GError **error)
{
    gint64 record_id;
    record->revision = 1;
    if (!feed_add(store, record, found->raw_at, found->hash, &record_id, error))
        return FALSE;
    return store->keys != NULL ? bulk_add(store, record->ref, record_id, error)
                               : feed_flush(store, error);
}

static void append_json(GString *json, const char *text)
{
    g_string_append_c(json, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_printf(json, "\\%c", *text);
        else if ((guchar)*text < 0x20)
            g_string_append_printf(json, "\\u%04x", (guint)*text);
        else
            g_string_append_c(json, *text);
    }
    g_string_append_c(json, '"');
}

static void append_member(GString *json, const char *name, const char *value)
{
    char last = json->str[json->len - 1];
    if (last != '{')
        g_string_append_c(json, ',');
    append_json(json, name);
    g_string_append_c(json, ':');
    append_json(json, value);
}

char *record_json(const Record *record)
{
    GString *json = g_string_new("{");
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (record->value[i] != NULL)
            append_member(json, field_name((Field)i), record->value[i]);
    }
    g_string_append(json, json->len > 1 ? ",\"mentions\":{" : "\"mentions\":{");
    for (guint i = 0; i < record->mentions->len; i++) {
        const Mention *mention = g_ptr_array_index(record->mentions, i);
        if (i > 0)
            g_string_append_c(json, ',');
        append_json(json, mention->role);
        g_string_append(json, ":{");
        for (int field = 0; field < MENTION_COUNT; field++) {
            if (mention->value[field] != NULL)
                append_member(json, mention_field_name((MentionField)field), mention->value[field]);
        }
        g_string_append_c(json, '}');
    }
    g_string_append(json, "}}");
    return g_string_free(json, FALSE);
}

static gboolean put_history(Store *store, const Record *old, const Found *found, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_REVISION_ADD, error);
    g_autofree char *canonical = record_json(old);
    guint8 hash[MIX_BYTES];
    gint64 former_at;
    if (stmt == NULL || !hash_bytes(old->content_hash, hash) ||
        !former_add(store, canonical, &former_at, error))
        return FALSE;
    statement_bind(stmt, "iiiiii", found->record_id, (gint64)old->revision, old->file_id,
                   (gint64)old->line, former_at, found->old_raw_at);
    sqlite3_bind_blob(stmt, 7, hash, sizeof hash, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

static gboolean update_record(Store *store, const Record *record, const Found *found,
                              GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_UPDATE, error);
    if (stmt == NULL)
        return FALSE;
    bind_record(store, stmt, record, found);
    sqlite3_bind_int64(stmt, sqlite3_bind_parameter_count(stmt), found->record_id);
    return store_run(store, stmt, error);
}

gboolean put_stripped(Store *store, const Record *record, gint64 record_id, gint64 raw_at,
                      GError **error)
{
    Found found = {.record_id = record_id, .raw_at = raw_at};
    return hash_bytes(record->content_hash, found.hash) &&
           run_by_id(store, SQL_PERSON_DELETE, record_id, error) &&
           run_by_id(store, SQL_MENTION_DELETE, record_id, error) &&
           update_record(store, record, &found, error);
}

static gboolean put_revision(Store *store, Record *record, const Found *found, GError **error)
{
    g_autoptr(Record) old = store_get(store, record->ref, error);
    if (old == NULL || !put_history(store, old, found, error))
        return FALSE;
    record->revision = found->revision + 1;
    if (!results_forget_persons(store, found->record_id, error) ||
        !run_by_id(store, SQL_PERSON_DELETE, found->record_id, error) ||
        !run_by_id(store, SQL_MENTION_DELETE, found->record_id, error) ||
        !update_record(store, record, found, error) ||
        !feed_mentions(store, record, found->record_id, error))
        return FALSE;
    data_sum_remove(&store->sum, old->ref, old->content_hash);
    return TRUE;
}

/* "<key>/~<content hash>": the content is the key, so nothing is revised but that the row says now
 * that its source is confidential, which no key counts. */
static gboolean is_duplicate(const Record *record, const Found *found)
{
    gboolean flagged =
        !found->confidential && g_strcmp0(record_get(record, FIELD_CONFIDENTIAL_SOURCE), "Y") == 0;
    return found->record_id != 0 &&
           (found->same || (strstr(record->ref, "/~") != NULL && !flagged));
}

static gboolean put_record(Store *store, Record *record, gint64 raw_at, PutResult *result,
                           GError **error)
{
    Found found = {.raw_at = raw_at};
    if (record->ref == NULL || !hash_bytes(record->content_hash, found.hash))
        return error_set(error, STATUS_INTERNAL, "a record was put without reference or seal");
    gboolean purged;
    if (!purge_knows(store, record->ref, &purged, error))
        return FALSE;
    if (purged) {
        *result = PUT_PURGED;
        return TRUE;
    }
    if (!data_sum_load(store, error) || !record_find(store, record, &found, error))
        return FALSE;
    if (is_duplicate(record, &found)) {
        record->revision = found.revision;
        *result = PUT_DUPLICATE;
        return TRUE;
    }
    *result = found.record_id == 0 ? PUT_LOADED : PUT_REVISED;
    gboolean done = found.record_id == 0 ? put_new(store, record, &found, error)
                                         : put_revision(store, record, &found, error);
    if (!done)
        return FALSE;
    data_sum_add(&store->sum, record->ref, record->content_hash);
    store->sum_changed = TRUE;
    return TRUE;
}

/* The block as it was packed when every row is kept, without the rows of others else. */
static gboolean put_block(Store *store, Record *const *records, const PutResult *results, guint n,
                          GBytes *packed, GError **error)
{
    g_autofree Record **kept = g_memdup2(records, n * sizeof *records);
    guint n_kept = 0, n_all = 0;
    for (guint i = 0; i < n; i++) {
        n_all += records[i] != NULL;
        if (records[i] != NULL && results[i] != PUT_LOADED && results[i] != PUT_REVISED)
            kept[i] = NULL;
        n_kept += kept[i] != NULL;
    }
    if (n_kept == 0)
        return TRUE;
    g_autoptr(GBytes) own =
        packed != NULL && n_kept == n_all ? g_bytes_ref(packed) : store_pack_raw(NULL, kept, n);
    return block_write(store, BLOCKS_RAW, own, error);
}

static gboolean put_all(Store *store, Record *const *records, guint n, GBytes *packed,
                        PutResult *results, GError **error)
{
    if ((store->expected > 0 && !bulk_begin(store, error)) ||
        !block_reserve(store, BLOCKS_RAW, error))
        return FALSE;
    gboolean done = TRUE;
    store->pending = records;
    for (guint i = 0; i < n && done; i++) {
        if (i + 2 * AHEAD < n && records[i + 2 * AHEAD] != NULL)
            record_prefetch(records[i + 2 * AHEAD]);
        if (i + AHEAD < n && records[i + AHEAD] != NULL)
            bulk_prefetch(store, records[i + AHEAD]->ref);
        if (records[i] != NULL)
            done = put_record(store, records[i], store->next_block[BLOCKS_RAW] * BLOCK_PLACES + i,
                              &results[i], error);
    }
    done = done && feed_flush(store, error) && put_block(store, records, results, n, packed, error);
    store->pending = NULL;
    return done;
}

gboolean store_put_all(Store *store, Record *const *records, guint n, GBytes *packed,
                       PutResult *results, GError **error)
{
    gboolean own;
    if (store->feed == NULL)
        return error_set(error, STATUS_INTERNAL, "cannot write: the store is open for reading");
    if (!store_ensure(store, &own, error))
        return FALSE;
    gboolean done = put_all(store, records, n, packed, results, error);
    return store_finish(store, own, done, error);
}

gboolean store_put(Store *store, Record *record, PutResult *result, GError **error)
{
    return store_put_all(store, &record, 1, NULL, result, error);
}
