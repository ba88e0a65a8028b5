/*
 * Rows of a first load packed as SQLite packs them (row.h). The columns are asked of the tables,
 * whose order is that of the migrations. Keys and numbers only rise here, so each table and the
 * index of groups is a tree made from its begin (tree.c). Of the indexes over few records, what
 * they would hold is noted, and SQLite builds them again if that is anything; the keys of those
 * over all are sorted in memory where that is not too much.
 */
#include "engine/store/first.h"

#include <pthread.h>
#include <string.h>

#include "engine/record/codes.h"
#include "engine/store/grouped.h"
#include "engine/store/row.h"
#include "engine/store/sorted.h"

/* A column of the table record: a field, or FIELD_COUNT and a head (feed.h); of mentions likewise.
 */
enum { MENTION_HEAD_ID = MENTION_COUNT, MENTION_HEAD_ROLE, MENTION_HEAD_END };
static const char *const MENTION_HEADS[] = {"record_id", "role"};

typedef enum { RECORDS, MENTIONS, FIREARMS, MEMBERS, RAWS, REFS, DEALERS, TREES } TreeId;
static const struct {
    const char *name;
    gboolean by_key;
} TABLES[TREES] = {[RECORDS] = {"record", FALSE},
                   [MENTIONS] = {"mention", TRUE},
                   [FIREARMS] = {"firearm", FALSE},
                   [MEMBERS] = {"firearm_members", TRUE},
                   [RAWS] = {"raw", FALSE},
                   [REFS] = {"record_ref", TRUE},
                   [DEALERS] = {"record_dealer", TRUE}};

/* A million references take half of it; of more the index is built by SQLite, in a file. Dealers of
 * ten million records take two thirds, and as much again when the table of references is gone. */
#define REFS_MOST    (96u << 20)
#define DEALERS_MOST (64u << 20)
#define ROWS_MOST    4000000 /* announced */
#define HASHES_MOST  1500000 /* room at once: no more have their references in memory */

struct First {
    Pages *pages;
    Tree *trees[TREES];
    int columns[ROW_COLUMNS_MAX], mention_columns[ROW_COLUMNS_MAX];
    guint n_columns, n_mention_columns;
    Row row;
    GString *packed;
    gint64 begin, record, block; /* the first record, the last that were put */
    GByteArray *hashes;          /* of the contents, as long as `refs` has all references */
    gboolean seized, confidential;
    Sorted *refs;
    Grouped *dealers;
};

static gboolean add(First *first, TreeId id, gint64 number, GError **error)
{
    gsize size;
    const guint8 *row = row_end(&first->row, &size);
    return tree_add(first->trees[id], number, row, size, error);
}

static void pack_head(First *first, const Incoming *one, int column)
{
    const Record *record = one->record;
    Row *row = &first->row;
    switch (column - FIELD_COUNT) {
    case HEAD_ID: /* the row's number */
        row_null(row);
        break;
    case HEAD_REF:
        row_text(row, record->ref);
        break;
    case HEAD_KIND:
        row_text(row, record->kind);
        break;
    case HEAD_FILE:
        row_number(row, record->file_id);
        break;
    case HEAD_LINE:
        row_number(row, (gint64)record->line);
        break;
    case HEAD_REVISION:
        row_number(row, record->revision);
        break;
    case HEAD_HASH:
        row_blob(row, one->hash, MIX_BYTES);
        break;
    case HEAD_RAW:
        row_number(row, one->raw_at);
        break;
    case HEAD_PACKED:
        fields_pack(record, first->packed);
        row_blob(row, first->packed->str, first->packed->len);
        break;
    default:
        break;
    }
}

/* A value, whose length is mostly known. */
static void pack_value(Row *row, const char *value, guint32 size)
{
    if (value == NULL)
        row_null(row);
    else
        row_sized(row, value, value_length(value, size));
}

static gboolean put_record(First *first, const Incoming *one, GError **error)
{
    const char *const *value = (const char *const *)one->record->value;
    if (first->record == 0)
        first->begin = one->record_id;
    first->record = one->record_id;
    if (sorted_add(first->refs, one->record->ref, one->record_id))
        g_byte_array_append(first->hashes, one->hash, MIX_BYTES);
    else
        g_clear_pointer(&first->hashes, g_byte_array_unref);
    if (value[FIELD_RDS_KEY] != NULL)
        grouped_add(first->dealers, value[FIELD_RDS_KEY], one->record_id);
    first->seized |= event_is_seizure(value[FIELD_EVENT_TYPE]);
    first->confidential |= g_strcmp0(value[FIELD_CONFIDENTIAL_SOURCE], "Y") == 0;
    row_begin(&first->row);
    for (guint i = 0; i < first->n_columns; i++) {
        int column = first->columns[i];
        if (column < FIELD_COUNT)
            pack_value(&first->row, value[column], one->record->size[column]);
        else
            pack_head(first, one, column);
    }
    return add(first, RECORDS, one->record_id, error);
}

static gboolean put_mention(First *first, const Incoming *one, const Mention *mention,
                            GError **error)
{
    row_begin(&first->row);
    for (guint i = 0; i < first->n_mention_columns; i++) {
        int column = first->mention_columns[i];
        if (column == MENTION_HEAD_ID)
            row_number(&first->row, one->record_id);
        else if (column == MENTION_HEAD_ROLE)
            row_text(&first->row, mention->role);
        else
            pack_value(&first->row, mention->value[column], mention->size[column]);
    }
    return add(first, MENTIONS, one->record_id, error);
}

/* Roles rise since a record is sealed (record.c). */
static gboolean put_mentions(First *first, const Incoming *one, GError **error)
{
    const GPtrArray *mentions = one->record->mentions;
    for (guint i = 0; i < mentions->len; i++) {
        const Mention *mention = g_ptr_array_index(mentions, i);
        const Mention *before = i > 0 ? g_ptr_array_index(mentions, i - 1) : NULL;
        if (before != NULL && strcmp(before->role, mention->role) >= 0)
            return error_set(error, STATUS_INTERNAL, "mentions of '%s' are in no order",
                             one->record->ref);
        if (!put_mention(first, one, mention, error))
            return FALSE;
    }
    return TRUE;
}

/* Each is a firearm by itself until a run groups it. */
static gboolean put_firearm(First *first, gint64 record_id, GError **error)
{
    row_begin(&first->row);
    row_null(&first->row);
    row_number(&first->row, record_id);
    if (!add(first, FIREARMS, record_id, error))
        return FALSE;
    row_begin(&first->row);
    row_number(&first->row, record_id);
    row_number(&first->row, record_id);
    return add(first, MEMBERS, record_id, error);
}

gboolean first_put(Store *store, const Incoming *rows, guint n, GError **error)
{
    First *first = store->first;
    for (guint i = 0; i < n; i++) {
        if (!put_record(first, &rows[i], error) || !put_mentions(first, &rows[i], error) ||
            !put_firearm(first, rows[i].record_id, error))
            return FALSE;
    }
    return TRUE;
}

const char *first_ref(const First *first, gint64 record_id)
{
    return sorted_text(first->refs, record_id - first->begin);
}

const guint8 *first_hash(const First *first, gint64 record_id)
{
    return first_ref(first, record_id) != NULL
               ? first->hashes->data + (record_id - first->begin) * MIX_BYTES
               : NULL;
}

gboolean first_put_raw(Store *store, gint64 block, GBytes *packed, GError **error)
{
    First *first = store->first;
    gsize size = 0;
    const void *bytes = g_bytes_get_data(packed, &size);
    first->block = block;
    row_begin(&first->row);
    row_null(&first->row);
    row_blob(&first->row, bytes, size);
    return add(first, RAWS, block, error);
}

/* ---- begin and end ------------------------------------------------------------------------ */

/* The place of a name among the heads, behind all fields. */
static gboolean head_parse(const char *name, const char *const *heads, int n, int first,
                           int *column)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(name, heads[i]) == 0) {
            *column = first + i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean record_column(const char *name, int *column)
{
    Field field;
    if (head_parse(name, record_heads, HEAD_COUNT, FIELD_COUNT, column))
        return TRUE;
    if (!field_parse(name, &field) || field_is_packed(field))
        return FALSE;
    *column = (int)field;
    return TRUE;
}

static gboolean mention_column(const char *name, int *column)
{
    MentionField field;
    if (head_parse(name, MENTION_HEADS, G_N_ELEMENTS(MENTION_HEADS), MENTION_HEAD_ID, column))
        return TRUE;
    if (!mention_field_parse(name, &field))
        return FALSE;
    *column = (int)field;
    return TRUE;
}

typedef gboolean (*ColumnParse)(const char *name, int *column);

/* The columns of a table in its order; *n is 0 where one is not known here. */
static gboolean find_columns(Store *store, const char *table, ColumnParse parse, int *columns,
                             guint *n, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row = FALSE;
    if (sqlite3_prepare_v2(store->db, "SELECT name FROM pragma_table_info(?) ORDER BY cid", -1,
                           &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the store", error);
    statement_bind(stmt, "t", table);
    for (*n = 0; store_step(store, stmt, &row, error) && row; ++*n) {
        if (*n == ROW_COLUMNS_MAX || !parse(column_view(stmt, 0), &columns[*n])) {
            *n = 0;
            return TRUE;
        }
    }
    return !row;
}

/* Rows before, of whatever table, are not of our making; and each tree's first page is changed, so
 * that it is in the journal. */
#define EMPTY_SQL                                                                                  \
    "SELECT NOT EXISTS (SELECT 1 FROM record) AND NOT EXISTS (SELECT 1 FROM mention)"              \
    " AND NOT EXISTS (SELECT 1 FROM firearm) AND NOT EXISTS (SELECT 1 FROM raw)"
#define TOUCH_SQL                                                                                  \
    "INSERT INTO record(record_id, ref, kind, file_id, line, content_hash, raw_at, packed, "       \
    "rds_key)"                                                                                     \
    " VALUES(1, '', '', 0, 0, x'', 0, x'', '');"                                                   \
    "INSERT INTO mention(record_id, role) VALUES(1, '');"                                          \
    "INSERT INTO firearm(record_id, group_id) VALUES(1, 1);"                                       \
    "INSERT INTO raw(block, rows) VALUES(1, x'');"                                                 \
    "DELETE FROM firearm WHERE record_id = 1; DELETE FROM mention WHERE record_id = 1;"            \
    "DELETE FROM record WHERE record_id = 1; DELETE FROM raw WHERE block = 1;"

static gboolean is_empty(Store *store, gboolean *empty, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row;
    if (sqlite3_prepare_v2(store->db, EMPTY_SQL, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the store", error);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    *empty = row && sqlite3_column_int(stmt, 0) == 1;
    return TRUE;
}

void first_free(First *first)
{
    if (first == NULL)
        return;
    for (int i = 0; i < TREES; i++)
        tree_free(first->trees[i]);
    pages_free(first->pages);
    sorted_free(first->refs);
    grouped_free(first->dealers);
    if (first->hashes != NULL)
        g_byte_array_unref(first->hashes);
    g_free(first->row.bytes);
    g_string_free(first->packed, TRUE);
    g_free(first);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(First, first_free)

gboolean first_begin(Store *store, GError **error)
{
    g_autoptr(First) first = g_new0(First, 1);
    gboolean empty = FALSE;
    first->row.room = 2 * ROW_HEAD;
    first->row.bytes = g_malloc(first->row.room);
    first->packed = g_string_new(NULL);
    first->refs = sorted_new(store->expected > ROWS_MOST ? 0 : REFS_MOST);
    first->hashes = g_byte_array_sized_new((guint)MIN(store->expected, HASHES_MOST) * MIX_BYTES);
    first->dealers = grouped_new(DEALERS_MOST);
    if (!is_empty(store, &empty, error) ||
        !find_columns(store, "record", record_column, first->columns, &first->n_columns, error) ||
        !find_columns(store, "mention", mention_column, first->mention_columns,
                      &first->n_mention_columns, error))
        return FALSE;
    if (!empty || store_has_log(store) || first->n_columns == 0 || first->n_mention_columns == 0)
        return TRUE;
    if (!sqlite_run(store->db, TOUCH_SQL, "cannot prepare the store for a load", error) ||
        !pages_begin(store->db, &first->pages, error))
        return FALSE;
    if (first->pages == NULL)
        return TRUE;
    for (int i = 0; i < TREES; i++) {
        first->trees[i] = tree_new(first->pages, TABLES[i].name, TABLES[i].by_key, error);
        if (first->trees[i] == NULL)
            return FALSE;
    }
    store->first = g_steal_pointer(&first);
    return TRUE;
}

/* SQLite reads what was written beside it. */
static gboolean is_there(Store *store, const First *first, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row;
    const char *sql = "SELECT (SELECT ifnull(max(record_id), 0) FROM record),"
                      " (SELECT ifnull(max(record_id), 0) FROM firearm),"
                      " (SELECT ifnull(max(group_id), 0) FROM firearm),"
                      " (SELECT ifnull(max(block), 0) FROM raw)";
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(store->db, "cannot read the store", error);
    if (!store_step(store, stmt, &row, error))
        return FALSE;
    for (int i = 0; i < 3 && row; i++)
        row = sqlite3_column_int64(stmt, i) == first->record;
    row = row && sqlite3_column_int64(stmt, 3) == first->block;
    return row ||
           error_set(error, STATUS_INTERNAL, "the rows of a first load are not in the store");
}

/* An entry of an index: its text, then the record's number. */
typedef struct {
    First *first;
    TreeId tree;
} Laying;

static gboolean lay_entry(const char *text, gint64 number, gpointer data, GError **error)
{
    Laying *laying = data;
    row_begin(&laying->first->row);
    row_text(&laying->first->row, text);
    row_number(&laying->first->row, number);
    return add(laying->first, laying->tree, number, error);
}

static void *sort(void *sorted)
{
    sorted_sort(sorted);
    return NULL;
}

/* References are sorted while the dealers are laid, where another thread can do it. */
static gboolean lay_indexes(First *first, const FirstIndexed *lays, GError **error)
{
    Laying refs = {first, REFS}, dealers = {first, DEALERS};
    pthread_t thread;
    gboolean beside = lays->refs && pthread_create(&thread, NULL, sort, first->refs) == 0;
    gboolean done = !lays->dealers || grouped_each(first->dealers, lay_entry, &dealers, error);
    if (beside)
        pthread_join(thread, NULL);
    else if (lays->refs)
        sorted_sort(first->refs);
    return done && (!lays->refs || sorted_each(first->refs, lay_entry, &refs, error));
}

static gboolean end_trees(First *first, const FirstIndexed *lays, GError **error)
{
    if (!pages_sync(first->pages, error) || !lay_indexes(first, lays, error))
        return FALSE;
    for (int i = 0; i < TREES; i++) {
        if ((i == REFS && !lays->refs) || (i == DEALERS && !lays->dealers))
            continue;
        if (!tree_end(first->trees[i], error))
            return FALSE;
    }
    return pages_end(first->pages, error);
}

gboolean first_end(Store *store, FirstIndexed *indexed, GError **error)
{
    g_autoptr(First) first = g_steal_pointer(&store->first);
    if (first == NULL)
        return TRUE;
    FirstIndexed lays = {indexed != NULL && sorted_has_all(first->refs),
                         indexed != NULL && grouped_has_all(first->dealers)};
    const char *what = "cannot build the indexes of the store";
    if (!end_trees(first, &lays, error) || !is_there(store, first, error) ||
        (!lays.refs && !sqlite_run(store->db, RECORD_REF_DROP, what, error)) ||
        (!lays.dealers && !sqlite_run(store->db, RECORD_DEALER_DROP, what, error)) ||
        (first->seized && !sqlite_run(store->db, "REINDEX record_seized", what, error)) ||
        (first->confidential && !sqlite_run(store->db, "REINDEX record_confidential", what, error)))
        return FALSE;
    if (indexed != NULL)
        *indexed = lays;
    return TRUE;
}
