/*
 * Reading a few columns of very many records: nothing is copied and nothing is put in order, so
 * that a run over millions costs two walks over tables as they lie. read.c gives whole records.
 */
#include <string.h>

#include "engine/store/changes.h"
#include "engine/store/db.h"

typedef struct {
    Store *store;
    const StoreScan *scan;
    const StoreRun *since; /* as this run saw the records; NULL: as they are */
    sqlite3_stmt *records, *mentions;
    gboolean more; /* the mention cursor stands on a row */
    const char *value[FIELD_COUNT];
    const char *mention[MENTION_COUNT];
} Scanner;

/* A twin as received is kept as '' where it is the canonical value. */
static void append_field(GString *sql, Field field)
{
    Field plain = field_of_twin(field);
    if (plain == FIELD_COUNT)
        g_string_append_printf(sql, ", r.%s", field_name(field));
    else
        g_string_append_printf(sql, ", iif(r.%s = '', r.%s, r.%s)", field_name(field),
                               field_name(plain), field_name(field));
}

static sqlite3_stmt *prepare(Scanner *scanner, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(scanner->store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        sqlite_error(scanner->store->db, "cannot read the records", error);
    return stmt;
}

static char *records_sql(const StoreScan *scan)
{
    GString *sql = g_string_new("SELECT r.record_id, r.ref");
    for (guint i = 0; i < scan->n_fields; i++)
        append_field(sql, scan->fields[i]);
    g_string_append_printf(sql, " FROM record r%s ORDER BY record_id",
                           scan->ids != NULL ? " WHERE record_id = ?1" : "");
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

/* The last revision of a record from a file that was known. */
#define FORMER                                                                                     \
    " WHERE v.record_id = ?1 AND v.revision = (SELECT max(w.revision) FROM revision w"             \
    " WHERE w.record_id = ?1 AND w.file_id <= ?2)"

static char *former_records_sql(const StoreScan *scan)
{
    GString *sql = g_string_new("SELECT v.record_id, r.ref");
    for (guint i = 0; i < scan->n_fields; i++)
        g_string_append_printf(sql, ", v.canonical ->> '$.%s'", field_name(scan->fields[i]));
    g_string_append(sql, " FROM revision v JOIN record r ON r.record_id = v.record_id" FORMER);
    return g_string_free(sql, FALSE);
}

static char *former_mentions_sql(const StoreScan *scan)
{
    GString *sql = g_string_new("SELECT v.record_id, j.key");
    for (guint i = 0; i < scan->n_mention_fields; i++)
        g_string_append_printf(sql, ", j.value ->> '$.%s'",
                               mention_field_name(scan->mention_fields[i]));
    g_string_append(sql, " FROM revision v, json_each(v.canonical, '$.mentions') j" FORMER
                         " ORDER BY j.key");
    return g_string_free(sql, FALSE);
}

static gboolean open_cursors(Scanner *scanner, GError **error)
{
    const StoreScan *scan = scanner->scan;
    gboolean former = scanner->since != NULL;
    g_autofree char *records = former ? former_records_sql(scan) : records_sql(scan);
    g_autofree char *mentions = former ? former_mentions_sql(scan) : mentions_sql(scan);
    return (scanner->records = prepare(scanner, records, error)) != NULL &&
           (scan->mention == NULL ||
            (scanner->mentions = prepare(scanner, mentions, error)) != NULL);
}

static gboolean see_record(Scanner *scanner)
{
    const StoreScan *scan = scanner->scan;
    for (guint i = 0; i < scan->n_fields; i++)
        scanner->value[scan->fields[i]] = column_view(scanner->records, (int)i + 2);
    ScanRecord record = {sqlite3_column_int64(scanner->records, 0),
                         column_view(scanner->records, 1), scanner->value};
    return scan->record(&record, scan->data);
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
        *go_on = see_record(scanner);
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
