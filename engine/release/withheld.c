/*
 * What a filter has to know beyond the evidence of its leads: which of their records may not go to
 * the audience, which of their findings rest on one that may not, wherever it is, and which of
 * their mentions were held to be one person directly. Asks for what the leads touch and for no
 * more. The only file of this room that asks the store by SQL.
 */
#include <sqlite3.h>

#include "engine/base/error.h"
#include "engine/release/parts.h"
#include "engine/store/schema.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

#define MARKING "m.origin, m.handling, m.releasable_to, m.confidential, m.expires"

/* Of the leads: their records, and what was found on them. */
static const char ASKED_SQL[] =
    "DROP TABLE IF EXISTS temp.asked; DROP TABLE IF EXISTS temp.asked_finding;"
    "CREATE TEMP TABLE asked(ref TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE asked_finding(indicator TEXT, subject TEXT,"
    " PRIMARY KEY(indicator, subject)) WITHOUT ROWID;";

static const char FINDINGS_SQL[] =
    "INSERT OR IGNORE INTO temp.asked_finding SELECT i.indicator, i.subject"
    " FROM temp.asked a CROSS JOIN indicator i ON i.record = a.ref";

/* Markings of their records; of one other record. */
static const char RECORDS_SQL[] = "SELECT " MARKING ", a.ref"
                                  " FROM temp.asked a CROSS JOIN markings m ON m.record = a.ref";
static const char RECORD_SQL[] = "SELECT " MARKING ", m.record FROM markings m WHERE m.record = ?";

static const char SUBJECTS_SQL[] =
    "SELECT indicator, subject, record FROM indicator WHERE (indicator, subject) IN"
    " (SELECT indicator, subject FROM temp.asked_finding)";

/* The owner is kept from confidential sources alone. */
static const char ANY_SQL[] = "SELECT " MARKING " FROM markings m";
static const char OWNER_SQL[] = "SELECT " MARKING " FROM markings m WHERE m.confidential = 'Y'";

static const char ALIKE_SQL[] =
    "SELECT l.\"left\", l.\"right\" FROM temp.asked a CROSS JOIN link l"
    " INDEXED BY link_left"
    " ON l.\"left\" > a.ref || ':' AND l.\"left\" < a.ref || ';' WHERE l.kind = 'person'";

static const char RULES_SQL[] = "SELECT DISTINCT indicator FROM temp.asked_finding";

/* The store being asked for one filter. */
typedef struct {
    Filter *filter;
    sqlite3 *db;
    GHashTable *known;    /* references -> may the record go? */
    sqlite3_stmt *record; /* RECORD_SQL */
} Asking;

/* FALSE: no more rows are wanted. */
typedef gboolean (*TakeRow)(Asking *asking, sqlite3_stmt *row);

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static gboolean may_go(const Filter *filter, sqlite3_stmt *row)
{
    Marking marking = {text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3),
                       text_at(row, 4)};
    const Audience *audience = filter->audience ? filter->audience : filter->owner;
    return audience_takes(audience, filter->owner, &marking, filter->day);
}

static gboolean know(Asking *asking, sqlite3_stmt *row)
{
    gboolean may = may_go(asking->filter, row);
    g_hash_table_insert(asking->known, g_strdup(text_at(row, 5)), GINT_TO_POINTER(may));
    return may;
}

static gboolean take_record(Asking *asking, sqlite3_stmt *row)
{
    if (!know(asking, row))
        g_hash_table_add(asking->filter->withheld, g_strdup(text_at(row, 5)));
    return TRUE;
}

/* A record that is not there any more keeps nothing back. */
static gboolean record_may_go(Asking *asking, const char *ref)
{
    gpointer may = GINT_TO_POINTER(TRUE);
    if (g_hash_table_lookup_extended(asking->known, ref, NULL, &may))
        return GPOINTER_TO_INT(may);
    sqlite3_bind_text(asking->record, 1, ref, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(asking->record) == SQLITE_ROW)
        may = GINT_TO_POINTER(know(asking, asking->record));
    sqlite3_reset(asking->record);
    return GPOINTER_TO_INT(may);
}

static gboolean take_subject(Asking *asking, sqlite3_stmt *row)
{
    if (!record_may_go(asking, text_at(row, 2)))
        g_hash_table_add(asking->filter->tainted,
                         g_strjoin("\n", text_at(row, 0), text_at(row, 1), NULL));
    return TRUE;
}

static gboolean take_any(Asking *asking, sqlite3_stmt *row)
{
    asking->filter->any = !may_go(asking->filter, row);
    return !asking->filter->any;
}

/* A rule that looks beyond related records and does not name all that it looks at. */
static gboolean take_rule(Asking *asking, sqlite3_stmt *row)
{
    Filter *filter = asking->filter;
    const Indicator *rule =
        filter->indicators ? indicators_find(filter->indicators, text_at(row, 0)) : NULL;
    filter->any = !rule || !(rule->complete || rule->scope == SCOPE_RELATED);
    return !filter->any;
}

static gboolean take_alike(Asking *asking, sqlite3_stmt *row)
{
    GHashTable *all = asking->filter->alike;
    GPtrArray *alike = g_hash_table_lookup(all, text_at(row, 0));
    if (!alike) {
        alike = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(all, g_strdup(text_at(row, 0)), alike);
    }
    g_ptr_array_add(alike, g_strdup(text_at(row, 1)));
    return TRUE;
}

static gboolean failed(sqlite3 *db, GError **error)
{
    return sqlite_error(db, "cannot read the markings", error);
}

static gboolean walk(Asking *asking, const char *sql, TakeRow take, GError **error)
{
    g_autoptr(sqlite3_stmt) row = NULL;
    if (sqlite3_prepare_v2(asking->db, sql, -1, &row, NULL) != SQLITE_OK)
        return failed(asking->db, error);
    int status;
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        if (!take(asking, row))
            return TRUE;
    return status == SQLITE_DONE || failed(asking->db, error);
}

static gboolean ask(sqlite3 *db, const GPtrArray *leads, GError **error)
{
    g_autoptr(sqlite3_stmt) add = NULL;
    if (sqlite3_exec(db, ASKED_SQL, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO temp.asked VALUES(?)", -1, &add, NULL) !=
            SQLITE_OK)
        return failed(db, error);
    for (guint i = 0; i < leads->len; i++) {
        const GPtrArray *records = ((const StoredLead *)leads->pdata[i])->records;
        for (guint j = 0; j < records->len; j++) {
            sqlite3_bind_text(add, 1, records->pdata[j], -1, SQLITE_STATIC);
            if (sqlite3_step(add) != SQLITE_DONE)
                return failed(db, error);
            sqlite3_reset(add);
        }
    }
    return sqlite3_exec(db, FINDINGS_SQL, NULL, NULL, NULL) == SQLITE_OK || failed(db, error);
}

/* What the leads touch; whether anything at all may not go is asked where a rule depends on it. */
static gboolean read_touched(Asking *asking, const GPtrArray *leads, GError **error)
{
    g_autoptr(sqlite3_stmt) record = NULL;
    if (!ask(asking->db, leads, error) || !walk(asking, RECORDS_SQL, take_record, error))
        return FALSE;
    if (sqlite3_prepare_v2(asking->db, RECORD_SQL, -1, &record, NULL) != SQLITE_OK)
        return failed(asking->db, error);
    asking->record = record;
    if (!walk(asking, SUBJECTS_SQL, take_subject, error) ||
        !walk(asking, RULES_SQL, take_rule, error) ||
        (asking->filter->any && !walk(asking, ANY_SQL, take_any, error)))
        return FALSE;
    return filter_is_open(asking->filter) || walk(asking, ALIKE_SQL, take_alike, error);
}

gboolean filter_read(Filter *filter, Store *store, const GPtrArray *leads, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Asking asking = {filter, store_handle(store), known, NULL};
    filter->withheld = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filter->tainted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filter->alike =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    if (!filter->audience && !walk(&asking, OWNER_SQL, take_any, error))
        return FALSE;
    return (!filter->audience && !filter->any) || read_touched(&asking, leads, error);
}

gboolean filter_is_open(const Filter *filter)
{
    return !filter->audience && !filter->any && !g_hash_table_size(filter->withheld) &&
           !g_hash_table_size(filter->tainted);
}

void filter_clear(Filter *filter)
{
    g_clear_pointer(&filter->withheld, g_hash_table_unref);
    g_clear_pointer(&filter->tainted, g_hash_table_unref);
    g_clear_pointer(&filter->alike, g_hash_table_unref);
}
