/*
 * What a filter has to know beyond the evidence of its leads: which of their records may not go to
 * the audience, which of their findings rest on one that may not, wherever it is, and which of
 * their mentions are held to be one person by way of mentions that may all go. Asks for what the
 * leads touch and for no more. The only file of this room that asks the store by SQL.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/record/record.h"
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

/* Of everyone named in the leads, wherever else: two mentions may be one person by way of a third.
 */
static const char ALIKE_SQL[] =
    "SELECT l.\"left\", l.\"right\" FROM (SELECT DISTINCT p.entity FROM temp.asked a"
    " CROSS JOIN record r ON r.ref = a.ref CROSS JOIN person p ON p.record_id = r.record_id) e"
    " CROSS JOIN person m INDEXED BY person_mentions ON m.entity = e.entity"
    " CROSS JOIN record o ON o.record_id = m.record_id CROSS JOIN link l INDEXED BY link_left"
    " ON l.\"left\" = o.ref || ':' || m.role WHERE l.kind = 'person'";

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

const char *filter_person(const Filter *filter, const char *mention)
{
    const char *other;
    while ((other = g_hash_table_lookup(filter->alike, mention)))
        mention = other;
    return mention;
}

static gboolean mention_may_go(Asking *asking, const char *mention)
{
    g_autofree char *ref = mention_record(mention);
    return record_may_go(asking, ref);
}

/* Both stand for whoever the second stood for; the one asked for keeps the way short. */
static gboolean take_alike(Asking *asking, sqlite3_stmt *row)
{
    const char *left = text_at(row, 0), *right = text_at(row, 1);
    if (!mention_may_go(asking, left) || !mention_may_go(asking, right))
        return TRUE;
    g_autofree char *one = g_strdup(filter_person(asking->filter, left));
    g_autofree char *other = g_strdup(filter_person(asking->filter, right));
    if (strcmp(one, other) == 0)
        return TRUE;
    GHashTable *alike = asking->filter->alike;
    g_hash_table_insert(alike, g_strdup(one), g_strdup(other));
    if (strcmp(left, one) != 0)
        g_hash_table_insert(alike, g_strdup(left), g_strdup(other));
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
    filter->alike = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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
