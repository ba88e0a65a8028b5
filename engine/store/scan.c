/*
 * Reading a few columns of very many records: nothing is copied and nothing is put in order, so
 * that a run over millions costs two walks over tables as they lie. read.c gives whole records.
 */
#include <string.h>

#include "engine/store/changes.h"
#include "engine/store/db.h"

#define FIRST_VALUE 4 /* behind number, reference, kind, packed value */

typedef struct {
    Store *store;
    const StoreScan *scan;
    const StoreRun *since; /* as this run saw the records; NULL: as they are */
    sqlite3_stmt *records, *mentions;
    gboolean more;              /* the mention cursor stands on a row */
    Field columns[FIELD_COUNT]; /* of the record cursor, behind the first ones */
    guint n_columns;
    gboolean chosen[FIELD_COUNT], unpack;
    const char *value[FIELD_COUNT];
    const char *mention[MENTION_COUNT];
} Scanner;

static void add_column(Scanner *scanner, Field field)
{
    if (!scanner->chosen[field])
        scanner->columns[scanner->n_columns++] = field;
    scanner->chosen[field] = TRUE;
}

/* The columns that give the fields: their own, and for those that are packed the packed value;
 * with a twin goes its canonical field, which may stand for both. A former revision has all. */
static void choose_columns(Scanner *scanner)
{
    for (guint i = 0; i < scanner->scan->n_fields; i++) {
        Field field = scanner->scan->fields[i], plain = field_of_twin(field);
        if (plain != FIELD_COUNT)
            add_column(scanner, plain);
        if (scanner->since != NULL || !field_is_packed(field))
            add_column(scanner, field);
        else
            scanner->unpack = TRUE;
    }
}

static sqlite3_stmt *prepare(Scanner *scanner, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(scanner->store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        sqlite_error(scanner->store->db, "cannot read the records", error);
    return stmt;
}

static char *records_sql(const Scanner *scanner)
{
    GString *sql = g_string_new("SELECT record_id, ref, kind, ");
    g_string_append(sql, scanner->unpack ? "packed" : "NULL");
    for (guint i = 0; i < scanner->n_columns; i++)
        g_string_append_printf(sql, ", %s", field_name(scanner->columns[i]));
    g_string_append_printf(sql, " FROM record%s ORDER BY record_id",
                           scanner->scan->ids != NULL ? " WHERE record_id = ?1" : "");
    return g_string_free(sql, FALSE);
}

static char *mentions_sql(const StoreScan *scan)
{
    GString *sql = g_string_new("SELECT record_id, role");
    for (guint i = 0; i < scan->n_mention_fields; i++)
        g_string_append_printf(sql, ", %s", mention_field_name(scan->mention_fields[i]));
    g_string_append_printf(sql, " FROM mention%s ORDER BY record_id, role",
                           scan->ids != NULL ? " WHERE record_id = ?1" : "");
    return g_string_free(sql, FALSE);
}

/* What the last revision of a record from a file that was known said, unpacked once. */
#define FORMER                                                                                     \
    "(SELECT record_id, former_text(former_at) AS said FROM revision WHERE record_id = ?1"         \
    " AND file_id <= ?2 ORDER BY revision DESC LIMIT 1) v"

static char *former_records_sql(const Scanner *scanner)
{
    GString *sql = g_string_new("SELECT v.record_id, r.ref, r.kind, NULL");
    for (guint i = 0; i < scanner->n_columns; i++)
        g_string_append_printf(sql, ", v.said ->> '$.%s'", field_name(scanner->columns[i]));
    g_string_append(sql, " FROM " FORMER " JOIN record r ON r.record_id = v.record_id");
    return g_string_free(sql, FALSE);
}

static char *former_mentions_sql(const StoreScan *scan)
{
    GString *sql = g_string_new("SELECT v.record_id, j.key");
    for (guint i = 0; i < scan->n_mention_fields; i++)
        g_string_append_printf(sql, ", j.value ->> '$.%s'",
                               mention_field_name(scan->mention_fields[i]));
    g_string_append(sql, " FROM " FORMER ", json_each(v.said, '$.mentions') j ORDER BY j.key");
    return g_string_free(sql, FALSE);
}

static gboolean open_cursors(Scanner *scanner, GError **error)
{
    const StoreScan *scan = scanner->scan;
    gboolean former = scanner->since != NULL;
    choose_columns(scanner);
    g_autofree char *records = former ? former_records_sql(scanner) : records_sql(scanner);
    g_autofree char *mentions = former ? former_mentions_sql(scan) : mentions_sql(scan);
    return (scanner->records = prepare(scanner, records, error)) != NULL &&
           (scan->mention == NULL ||
            (scanner->mentions = prepare(scanner, mentions, error)) != NULL);
}

static gboolean see_record(Scanner *scanner, gboolean *go_on, GError **error)
{
    const StoreScan *scan = scanner->scan;
    memset(scanner->value, 0, sizeof scanner->value);
    for (guint i = 0; i < scanner->n_columns; i++)
        scanner->value[scanner->columns[i]] = column_view(scanner->records, (int)i + FIRST_VALUE);
    if (scanner->unpack && !column_unpack(scanner->records, FIRST_VALUE - 1, scanner->value, error))
        return FALSE;
    ScanRecord record = {sqlite3_column_int64(scanner->records, 0),
                         column_view(scanner->records, 1), column_view(scanner->records, 2),
                         scanner->value};
    *go_on = scan->record(&record, scan->data);
    return TRUE;
}

static gboolean see_mention(Scanner *scanner)
{
    const StoreScan *scan = scanner->scan;
    for (guint i = 0; i < scan->n_mention_fields; i++)
        scanner->mention[scan->mention_fields[i]] = column_view(scanner->mentions, (int)i + 2);
    return scan->mention(column_view(scanner->mentions, 1), scanner->mention, scan->data);
}

/* All rows that the cursors yield; *go_on: the visitor wants more. */
static gboolean walk(Scanner *scanner, gboolean *go_on, GError **error)
{
    gboolean row = TRUE;
    if (scanner->mentions != NULL &&
        !store_step(scanner->store, scanner->mentions, &scanner->more, error))
        return FALSE;
    while (*go_on) {
        if (!store_step(scanner->store, scanner->records, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        if (!see_record(scanner, go_on, error))
            return FALSE;
        gint64 id = sqlite3_column_int64(scanner->records, 0);
        while (*go_on && scanner->more && sqlite3_column_int64(scanner->mentions, 0) == id) {
            *go_on = see_mention(scanner);
            if (!store_step(scanner->store, scanner->mentions, &scanner->more, error))
                return FALSE;
        }
    }
    return TRUE;
}

static void bind_one(const Scanner *scanner, sqlite3_stmt *stmt, gint64 id)
{
    if (stmt == NULL)
        return;
    sqlite3_reset(stmt);
    sqlite3_bind_int64(stmt, 1, id);
    if (scanner->since != NULL)
        sqlite3_bind_int64(stmt, 2, scanner->since->last_file);
}

static gboolean walk_ids(Scanner *scanner, gboolean *go_on, GError **error)
{
    const StoreScan *scan = scanner->scan;
    for (guint i = 0; i < scan->n_ids && *go_on; i++) {
        bind_one(scanner, scanner->records, scan->ids[i]);
        bind_one(scanner, scanner->mentions, scan->ids[i]);
        if (!walk(scanner, go_on, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean scan_all(Scanner *scanner, GError **error)
{
    sqlite3 *db = scanner->store->db;
    gboolean go_on = TRUE;
    /* Both cursors must see one snapshot: the caller's transaction, or one of our own. */
    gboolean own = sqlite3_get_autocommit(db) != 0;
    if (own && !sqlite_run(db, "BEGIN", "cannot begin to read", error))
        return FALSE;
    gboolean done = open_cursors(scanner, error) &&
                    (scanner->scan->ids != NULL ? walk_ids(scanner, &go_on, error)
                                                : walk(scanner, &go_on, error));
    sqlite3_finalize(scanner->records);
    sqlite3_finalize(scanner->mentions);
    if (own)
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return done;
}

gboolean store_scan(Store *store, const StoreScan *scan, GError **error)
{
    Scanner scanner = {.store = store, .scan = scan};
    return scan_all(&scanner, error);
}

gboolean store_scan_former(Store *store, const StoreScan *scan, const StoreRun *since,
                           GError **error)
{
    Scanner scanner = {.store = store, .scan = scan, .since = since};
    return scan_all(&scanner, error);
}

static int compare_places(const FoundPerson *person, gint64 record, const char *role)
{
    return person->record != record ? (person->record > record) - (person->record < record)
                                    : strcmp(person->role, role);
}

const FoundPerson *found_person(FoundCursor *cursor, gint64 record, const char *role)
{
    const Findings *found = cursor->found;
    int order = cursor->next ? compare_places(&cursor->at, record, role) : -1;
    while (order < 0 && found->person(found->run, cursor->next, &cursor->at)) {
        cursor->next++;
        order = compare_places(&cursor->at, record, role);
    }
    return order == 0 ? &cursor->at : NULL;
}

GArray *store_ref_order(Store *store, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean row = TRUE;
    if (sqlite3_prepare_v2(store->db, "SELECT record_id FROM record ORDER BY ref", -1, &stmt,
                           NULL) != SQLITE_OK) {
        sqlite_error(store->db, "cannot read the references", error);
        return NULL;
    }
    while (row) {
        if (!store_step(store, stmt, &row, error))
            return NULL;
        gint64 id = row ? sqlite3_column_int64(stmt, 0) : 0;
        if (row)
            g_array_append_val(ids, id);
    }
    return g_steal_pointer(&ids);
}

typedef struct {
    char *ref;
    gint64 id;
} Named;

static void named_clear(gpointer data)
{
    g_free(((Named *)data)->ref);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Named *)a)->ref, ((const Named *)b)->ref);
}

gboolean store_sort_by_ref(Store *store, GArray *ids, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Named));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_array_set_clear_func(all, named_clear);
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        gboolean row = FALSE;
        if (!g_hash_table_add(seen, GSIZE_TO_POINTER(id)))
            continue;
        sqlite3_stmt *stmt = store_statement(store, SQL_RECORD_REF, error);
        if (stmt == NULL)
            return FALSE;
        statement_bind(stmt, "i", id);
        if (!store_step(store, stmt, &row, error))
            return FALSE;
        Named named = {row ? column_text(stmt, 0) : NULL, id};
        sqlite3_reset(stmt);
        if (row)
            g_array_append_val(all, named);
    }
    g_array_sort(all, compare_names);
    g_array_set_size(ids, 0);
    for (guint i = 0; i < all->len; i++)
        g_array_append_val(ids, g_array_index(all, Named, i).id);
    return TRUE;
}
