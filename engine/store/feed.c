/*
 * The tables incoming_record and incoming_mention: what SQLite calls eponymous virtual tables,
 * read once from the first row to the last, over the records of the batch that is put. They
 * exist in the connection alone and cannot be named by what stands in the schema.
 */
#include "engine/store/feed.h"

#include <string.h>

#include "engine/store/first.h"

const char *const record_heads[HEAD_COUNT] = {
    "record_id", "ref", "kind", "file_id", "line", "revision", "content_hash", "raw_at", "packed"};
enum { COLUMN_ID, COLUMN_ROLE, COLUMN_FIRST };

typedef struct {
    sqlite3_vtab base;
    Feed *feed;
    Field columns[FIELD_COUNT]; /* by column of the table from HEAD_COUNT on */
} FeedTable;

typedef struct {
    sqlite3_vtab_cursor base;
    guint row, mention; /* in hand; only incoming_mention has the second */
} FeedCursor;

/* Columns of incoming_record before the fields that are columns of the table. */
static void append_heads(GString *sql)
{
    for (int i = 0; i < HEAD_COUNT; i++)
        g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", record_heads[i]);
}

static void append_fields(GString *sql)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i))
            g_string_append_printf(sql, ", %s", field_name((Field)i));
    }
}

static void append_mention_fields(GString *sql)
{
    g_string_append(sql, "record_id, role");
    for (int i = 0; i < MENTION_COUNT; i++)
        g_string_append_printf(sql, ", %s", mention_field_name((MentionField)i));
}

static gboolean is_unseen(const Unseen *unseen, int field)
{
    for (guint i = 0; i < unseen->n; i++) {
        if (unseen->field[i] == field)
            return TRUE;
    }
    return FALSE;
}

char *feed_record_sql(const Feed *feed)
{
    g_autoptr(GString) columns = g_string_new(NULL);
    append_heads(columns);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i) && !is_unseen(&feed->fields, i))
            g_string_append_printf(columns, ", %s", field_name((Field)i));
    }
    return g_strdup_printf("INSERT INTO record(%s) SELECT %s FROM incoming_record", columns->str,
                           columns->str);
}

char *feed_mention_sql(const Feed *feed)
{
    g_autoptr(GString) columns = g_string_new("record_id, role");
    for (int i = 0; i < MENTION_COUNT; i++) {
        if (!is_unseen(&feed->mention_fields, i))
            g_string_append_printf(columns, ", %s", mention_field_name((MentionField)i));
    }
    return g_strdup_printf("INSERT INTO mention(%s) SELECT %s FROM incoming_mention", columns->str,
                           columns->str);
}

static FeedTable *table_new(sqlite3 *db, Feed *feed)
{
    FeedTable *table = g_new0(FeedTable, 1);
    guint n = 0;
    table->feed = feed;
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i))
            table->columns[n++] = (Field)i;
    }
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    return table;
}

static int connect_records(sqlite3 *db, void *feed, int n, const char *const *arguments,
                           sqlite3_vtab **table, char **message)
{
    g_autoptr(GString) sql = g_string_new("CREATE TABLE x(");
    (void)n, (void)arguments, (void)message;
    append_heads(sql);
    append_fields(sql);
    g_string_append_c(sql, ')');
    *table = &table_new(db, feed)->base;
    return sqlite3_declare_vtab(db, sql->str);
}

static int connect_mentions(sqlite3 *db, void *feed, int n, const char *const *arguments,
                            sqlite3_vtab **table, char **message)
{
    g_autoptr(GString) sql = g_string_new("CREATE TABLE x(");
    (void)n, (void)arguments, (void)message;
    append_mention_fields(sql);
    g_string_append_c(sql, ')');
    *table = &table_new(db, feed)->base;
    return sqlite3_declare_vtab(db, sql->str);
}

static int table_free(sqlite3_vtab *table)
{
    g_free(table);
    return SQLITE_OK;
}

/* From the first row to the last is the only way through. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = FEED_ROWS;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    (void)table;
    FeedCursor *made = g_new0(FeedCursor, 1);
    *cursor = &made->base;
    return SQLITE_OK;
}

static int cursor_free(sqlite3_vtab_cursor *cursor)
{
    g_free(cursor);
    return SQLITE_OK;
}

static const Feed *feed_of(const FeedCursor *cursor)
{
    return ((const FeedTable *)cursor->base.pVtab)->feed;
}

static const Incoming *row_of(const FeedCursor *cursor)
{
    return &feed_of(cursor)->rows[cursor->row];
}

/* To the next record that has a mention, unless the one in hand has another. */
static void seek_mention(FeedCursor *cursor)
{
    const Feed *feed = feed_of(cursor);
    while (cursor->row < feed->n && cursor->mention >= row_of(cursor)->record->mentions->len) {
        cursor->row++;
        cursor->mention = 0;
    }
}

static int first_record(sqlite3_vtab_cursor *base, int plan_no, const char *plan_text, int n,
                        sqlite3_value **arguments)
{
    FeedCursor *cursor = (FeedCursor *)base;
    (void)plan_no, (void)plan_text, (void)n, (void)arguments;
    cursor->row = cursor->mention = 0;
    return SQLITE_OK;
}

static int first_mention(sqlite3_vtab_cursor *base, int plan_no, const char *plan_text, int n,
                         sqlite3_value **arguments)
{
    first_record(base, plan_no, plan_text, n, arguments);
    seek_mention((FeedCursor *)base);
    return SQLITE_OK;
}

static int next_record(sqlite3_vtab_cursor *base)
{
    ((FeedCursor *)base)->row++;
    return SQLITE_OK;
}

static int next_mention(sqlite3_vtab_cursor *base)
{
    ((FeedCursor *)base)->mention++;
    seek_mention((FeedCursor *)base);
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const FeedCursor *cursor = (FeedCursor *)base;
    return cursor->row >= feed_of(cursor)->n;
}

/* No result is NULL. The text lives longer than the row. */
static void give_text(sqlite3_context *context, const char *text)
{
    if (text != NULL)
        sqlite3_result_text(context, text, (int)strlen(text), SQLITE_STATIC);
}

static void give_packed(sqlite3_context *context, const Feed *feed, const Record *record)
{
    fields_pack(record, feed->packed);
    sqlite3_result_blob(context, feed->packed->str, (int)feed->packed->len, SQLITE_STATIC);
}

static int record_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const FeedCursor *cursor = (FeedCursor *)base;
    const Incoming *row = row_of(cursor);
    const Record *record = row->record;
    if (column >= HEAD_COUNT) {
        const FeedTable *table = (const FeedTable *)base->pVtab;
        give_text(context, record->value[table->columns[column - HEAD_COUNT]]);
    } else if (column == HEAD_ID) {
        sqlite3_result_int64(context, row->record_id);
    } else if (column == HEAD_REF) {
        give_text(context, record->ref);
    } else if (column == HEAD_KIND) {
        give_text(context, record->kind);
    } else if (column == HEAD_FILE) {
        sqlite3_result_int64(context, record->file_id);
    } else if (column == HEAD_LINE) {
        sqlite3_result_int64(context, (gint64)record->line);
    } else if (column == HEAD_REVISION) {
        sqlite3_result_int64(context, record->revision);
    } else if (column == HEAD_HASH) {
        sqlite3_result_blob(context, row->hash, MIX_BYTES, SQLITE_STATIC);
    } else if (column == HEAD_RAW) {
        sqlite3_result_int64(context, row->raw_at);
    } else {
        give_packed(context, feed_of(cursor), record);
    }
    return SQLITE_OK;
}

static int mention_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const FeedCursor *cursor = (FeedCursor *)base;
    const Incoming *row = row_of(cursor);
    const Mention *mention = g_ptr_array_index(row->record->mentions, cursor->mention);
    if (column == COLUMN_ID)
        sqlite3_result_int64(context, row->record_id);
    else if (column == COLUMN_ROLE)
        give_text(context, mention->role);
    else
        give_text(context, mention->value[column - COLUMN_FIRST]);
    return SQLITE_OK;
}

/* Nobody asks for it. */
static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number)
{
    *number = ((FeedCursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module RECORDS = {.xConnect = connect_records,
                                       .xBestIndex = plan,
                                       .xDisconnect = table_free,
                                       .xOpen = cursor_open,
                                       .xClose = cursor_free,
                                       .xFilter = first_record,
                                       .xNext = next_record,
                                       .xEof = at_end,
                                       .xColumn = record_column,
                                       .xRowid = row_number};

static const sqlite3_module MENTIONS = {.xConnect = connect_mentions,
                                        .xBestIndex = plan,
                                        .xDisconnect = table_free,
                                        .xOpen = cursor_open,
                                        .xClose = cursor_free,
                                        .xFilter = first_mention,
                                        .xNext = next_mention,
                                        .xEof = at_end,
                                        .xColumn = mention_column,
                                        .xRowid = row_number};

static void unseen_add(Unseen *unseen, int field)
{
    unseen->field[unseen->n++] = field;
}

gboolean feed_attach(Store *store, GError **error)
{
    store->feed = g_new0(Feed, 1);
    store->feed->packed = g_string_new(NULL);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (!field_is_packed((Field)i))
            unseen_add(&store->feed->fields, i);
    }
    for (int i = 0; i < MENTION_COUNT; i++)
        unseen_add(&store->feed->mention_fields, i);
    return (sqlite3_create_module(store->db, "incoming_record", &RECORDS, store->feed) ==
                SQLITE_OK &&
            sqlite3_create_module(store->db, "incoming_mention", &MENTIONS, store->feed) ==
                SQLITE_OK) ||
           sqlite_error(store->db, "cannot set up the store's connection", error);
}

void feed_free(Feed *feed)
{
    if (feed == NULL)
        return;
    g_string_free(feed->packed, TRUE);
    g_free(feed);
}

/* Are there values in columns that had none so far? */
static gboolean sees_new(Unseen *unseen, char *const *value)
{
    guint left = 0, before = unseen->n;
    for (guint i = 0; i < before; i++) {
        if (value[unseen->field[i]] == NULL)
            unseen->field[left++] = unseen->field[i];
    }
    unseen->n = left;
    return left < before;
}

static void forget(Store *store, SqlId id)
{
    g_clear_pointer(&store->cache[id], sqlite3_finalize);
}

/* A file fills three columns of four, and SQLite takes as long over an empty one as over another:
 * the statements are of those that were ever filled. */
static void note_columns(Store *store, const Incoming *rows, guint n)
{
    Feed *feed = store->feed;
    for (guint i = 0; i < n; i++) {
        const GPtrArray *mentions = rows[i].record->mentions;
        if (sees_new(&feed->fields, rows[i].record->value))
            forget(store, SQL_RECORD_INSERT);
        for (guint k = 0; k < mentions->len; k++) {
            const Mention *mention = g_ptr_array_index(mentions, k);
            if (sees_new(&feed->mention_fields, mention->value))
                forget(store, SQL_MENTION_INSERT);
        }
    }
}

static gboolean show(Store *store, SqlId id, const Incoming *rows, guint n, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, id, error);
    if (stmt == NULL)
        return FALSE;
    store->feed->rows = rows;
    store->feed->n = n;
    gboolean done = store_run(store, stmt, error);
    store->feed->n = 0;
    return done;
}

gboolean feed_mentions(Store *store, const Record *record, gint64 record_id, GError **error)
{
    Incoming one = {.record = record, .record_id = record_id};
    note_columns(store, &one, 1);
    return show(store, SQL_MENTION_INSERT, &one, 1, error);
}

/* Each is a firearm by itself until a run groups it, so that views can join. */
gboolean feed_flush(Store *store, GError **error)
{
    Feed *feed = store->feed;
    guint n = feed->n_waiting;
    feed->n_waiting = 0;
    if (store->first != NULL)
        return first_put(store, feed->waiting, n, error);
    note_columns(store, feed->waiting, n);
    return n == 0 || (show(store, SQL_RECORD_INSERT, feed->waiting, n, error) &&
                      show(store, SQL_MENTION_INSERT, feed->waiting, n, error) &&
                      show(store, SQL_FIREARM_ALONE, feed->waiting, n, error));
}

void feed_forget(Store *store)
{
    if (store->feed != NULL)
        store->feed->n_waiting = store->feed->last_id = 0;
}

gboolean feed_waits(const Store *store, gint64 record_id)
{
    return record_id > store->feed->last_id - store->feed->n_waiting;
}

gboolean feed_add(Store *store, const Record *record, gint64 raw_at, const guint8 *hash,
                  gint64 *record_id, GError **error)
{
    Feed *feed = store->feed;
    if ((feed->n_waiting == FEED_ROWS && !feed_flush(store, error)) ||
        (feed->last_id == 0 && !store_last_record(store, &feed->last_id, error)))
        return FALSE;
    Incoming *one = &feed->waiting[feed->n_waiting++];
    *one = (Incoming){.record = record, .record_id = ++feed->last_id, .raw_at = raw_at};
    memcpy(one->hash, hash, MIX_BYTES);
    *record_id = one->record_id;
    return TRUE;
}
