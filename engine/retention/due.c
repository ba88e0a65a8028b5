/*
 * What is due by which clock, what keeps it nonetheless, and the purge of the rest. A record that
 * two clocks want goes by the one that removes more. One SELECT a clock over the records.
 */
#include <sqlite3.h>
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/retention/clocks.h"
#include "engine/store/schema.h"

#define LOADED "date(substr(f.loaded_at, 1, 10))"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

void due_free(Due *due)
{
    if (!due)
        return;
    g_free(due->as_of);
    g_array_unref(due->rows);
    g_ptr_array_unref(due->items);
    g_free(due);
}

/* ---- the SELECT of a clock -------------------------------------------------------------- */

/* The last judgement on a record, one of its people, or a lead that has it. */
#define RECORD_OF(column) "rtrim(rtrim(" column ", replace(" column ", ':', '')), ':')"
static const char USED_SQL[] =
    "DROP TABLE IF EXISTS temp.used;"
    "CREATE TEMP TABLE used(ref TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO temp.used(ref, day) SELECT ref, max(substr(time, 1, 10)) FROM ("
    " SELECT \"left\" AS ref, time FROM judgement WHERE type = 'link'"
    " UNION ALL SELECT \"right\", time FROM judgement WHERE type = 'link'"
    " UNION ALL SELECT " RECORD_OF(
        "\"left\"") ", time FROM judgement WHERE type = 'person'"
                    " UNION ALL SELECT " RECORD_OF(
                        "\"right\"") ", time FROM judgement WHERE type = 'person'"
                                     " UNION ALL SELECT m.record, j.time FROM judgement j JOIN "
                                     "lead_record m"
                                     " ON m.lead_id = j.\"left\" WHERE j.type = 'lead') GROUP BY "
                                     "ref;";

/* Of record r in file f. */
static const char *day_sql(ClockFrom from)
{
    switch (from) {
    case FROM_EVENT:
        return "ifnull(date(r.event_date), " LOADED ")";
    case FROM_PURCHASE:
        return "ifnull(date(r.purchase_date), " LOADED ")";
    case FROM_LOADED:
        return LOADED;
    default:
        return "max(" LOADED ", ifnull((SELECT u.day FROM temp.used u WHERE u.ref = r.ref), ''))";
    }
}

static void add_whom(GString *sql, const Clock *clock)
{
    if (clock->kind)
        g_string_append_printf(sql, " AND r.kind = '%s'", clock->kind);
    for (char **origin = clock->origins; origin && *origin; origin++)
        g_string_append_printf(sql, "%s'%s'",
                               origin == clock->origins ? " AND r.origin IN (" : ", ", *origin);
    if (clock->origins)
        g_string_append_c(sql, ')');
}

/* Is the record held, or younger than its least time? */
static void add_held(GString *sql, const Clocks *clocks)
{
    g_string_append(sql, "r.ref IN (SELECT h.ref FROM hold_record h JOIN hold USING(hold_id)"
                         " WHERE lifted_at IS NULL AND until >= ?1)"
                         " OR r.ref IN (SELECT m.record FROM lead_record m JOIN hold"
                         " ON subject = m.lead_id WHERE lifted_at IS NULL AND until >= ?1)");
    for (guint i = 0; i < clocks->least->len; i++) {
        const Clock *least = clocks->least->pdata[i];
        g_string_append(sql, " OR (1");
        add_whom(sql, least);
        g_string_append_printf(sql, " AND date(%s, '+%d years', '+%d days') > ?1)",
                               day_sql(least->from), least->period.years, least->period.days);
    }
}

/* Of the firearm, or of a person, of a trace. */
#define TRACED                                                                                     \
    "EXISTS (SELECT 1 FROM firearm a JOIN firearm b ON b.group_id = a.group_id"                    \
    " JOIN record t ON t.record_id = b.record_id"                                                  \
    " WHERE a.record_id = r.record_id AND t.kind = 'atf-trace')"                                   \
    " OR EXISTS (SELECT 1 FROM person a JOIN person b ON b.entity = a.entity"                      \
    " JOIN record t ON t.record_id = b.record_id"                                                  \
    " WHERE a.record_id = r.record_id AND t.kind = 'atf-trace')"

static char *records_sql(const Clocks *clocks, const Clock *clock)
{
    g_autoptr(GString) sql = g_string_new("SELECT r.record_id, r.ref, r.kind, ");
    g_string_append_printf(sql, "%s AS day, ", day_sql(clock->from));
    add_held(sql, clocks);
    g_string_append(sql, " FROM record r JOIN file f USING(file_id) WHERE 1");
    add_whom(sql, clock);
    g_string_append_printf(sql, " AND date(day, '+%d years', '+%d days') <= ?1",
                           clock->period.years, clock->period.days);
    if (clock->removes == REMOVES_PERSON)
        g_string_append(sql, " AND NOT EXISTS (SELECT 1 FROM purged p"
                             " WHERE p.record_id = r.record_id)");
    if (clock->unless_traced)
        g_string_append(sql, " AND NOT (" TRACED ")");
    g_string_append(sql, " ORDER BY r.ref");
    return g_string_free(g_steal_pointer(&sql), FALSE);
}

/* Leads of the last run, from the run that first made them or the last judgement. */
static char *leads_sql(const Clock *clock)
{
    return g_strdup_printf(
        "SELECT 0, l.lead_id, 'lead', max(ifnull(substr(n.as_of, 1, 10), ''),"
        " ifnull((SELECT max(substr(j.time, 1, 10)) FROM judgement j"
        " WHERE j.type = 'lead' AND j.\"left\" = l.lead_id), '')) AS day,"
        " EXISTS (SELECT 1 FROM hold h WHERE h.subject = l.lead_id AND lifted_at IS NULL"
        " AND until >= ?1) FROM lead l LEFT JOIN run n ON n.run_id = l.first_run"
        " WHERE l.live = 1 AND date(day, '+%d years', '+%d days') <= ?1 ORDER BY l.lead_id",
        clock->period.years, clock->period.days);
}

/* ---- finding ---------------------------------------------------------------------------- */

typedef struct {
    Due *due;
    const Clock *clock;
    DueRow *row;
    GHashTable *taken; /* record ids that another clock has */
} Finding;

static void take_row(Finding *finding, sqlite3_stmt *stmt)
{
    gint64 id = sqlite3_column_int64(stmt, 0);
    const char *day = (const char *)sqlite3_column_text(stmt, 3);
    DueRow *row = finding->row;
    if (sqlite3_column_int(stmt, 4)) {
        row->held++;
        return;
    }
    if (finding->clock->removes != REMOVES_REVIEW &&
        !g_hash_table_add(finding->taken, g_memdup2(&id, sizeof id)))
        return;
    row->due++;
    if (!*row->oldest || strcmp(day, row->oldest) < 0)
        g_strlcpy(row->oldest, day, sizeof row->oldest);
    if (finding->clock->removes == REMOVES_REVIEW)
        return;
    PurgeItem *item = g_new0(PurgeItem, 1);
    *item = (PurgeItem){.record_id = id,
                        .ref = g_strdup((const char *)sqlite3_column_text(stmt, 1)),
                        .kind = g_strdup((const char *)sqlite3_column_text(stmt, 2)),
                        .clock = finding->clock->name,
                        .whole = finding->clock->removes == REMOVES_RECORD};
    g_ptr_array_add(finding->due->items, item);
}

static gboolean find_by_clock(Store *store, Finding *finding, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autofree char *sql = finding->clock->removes == REMOVES_REVIEW
                               ? leads_sql(finding->clock)
                               : records_sql(finding->due->clocks, finding->clock);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(db, "cannot find what is due", error);
    sqlite3_bind_text(stmt, 1, finding->due->as_of, -1, SQLITE_STATIC);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        take_row(finding, stmt);
    return rc == SQLITE_DONE || sqlite_error(db, "cannot find what is due", error);
}

Due *due_find(Store *store, const Clocks *clocks, const char *as_of, GError **error)
{
    g_autoptr(Due) due = g_new0(Due, 1);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    due->clocks = clocks;
    due->as_of = g_strndup(as_of, 10);
    due->rows = g_array_sized_new(FALSE, TRUE, sizeof(DueRow), clocks->clocks->len);
    due->items = g_ptr_array_new_with_free_func((GDestroyNotify)purge_item_free);
    if (!sqlite_run(store_handle(store), USED_SQL, "cannot find what was used", error))
        return NULL;
    for (guint i = 0; i < clocks->clocks->len; i++) {
        DueRow row = {.clock = i};
        Finding finding = {due, clocks->clocks->pdata[i], &row, taken};
        if (!(finding.clock->removes == REMOVES_TEXT
                  ? audit_texts_due(store, &finding.clock->period, due->as_of, &row.due, row.oldest,
                                    error)
                  : find_by_clock(store, &finding, error)))
            return NULL;
        g_array_append_val(due->rows, row);
    }
    return g_steal_pointer(&due);
}

gboolean due_any(const Due *due)
{
    return due->items->len > 0;
}

gboolean due_list(const Due *due, RowSink *sink, GError **error)
{
    static const Column columns[] = {{"clock", COLUMN_OWN},   {"kind", COLUMN_OWN},
                                     {"removes", COLUMN_OWN}, {"due", COLUMN_NUMBER},
                                     {"oldest", COLUMN_OWN},  {"held", COLUMN_NUMBER}};
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error))
        return FALSE;
    for (guint i = 0; i < due->rows->len; i++) {
        const DueRow *row = &g_array_index(due->rows, DueRow, i);
        const Clock *clock = due->clocks->clocks->pdata[row->clock];
        g_autofree char *n = g_strdup_printf("%" G_GUINT64_FORMAT, row->due);
        g_autofree char *held = g_strdup_printf("%" G_GUINT64_FORMAT, row->held);
        const char *cells[] = {clock->name,          clock->kind ? clock->kind : "*",
                               clock_removes(clock), n,
                               row->oldest,          held};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return sink->end(sink, error);
}

/* ---- the purge -------------------------------------------------------------------------- */

/* Rejects name nobody that a clock could know: they go by the day of their load. */
static gboolean purge_rejects(Store *store, const Due *due, PurgeCounts *counts, GError **error)
{
    for (guint i = 0; i < due->clocks->clocks->len; i++) {
        const Clock *clock = due->clocks->clocks->pdata[i];
        guint64 rejects = 0;
        if (!clock_is_of_records(clock))
            continue;
        if (!store_purge_rejects(store, clock->kind, &clock->period, due->as_of, &rejects, error))
            return FALSE;
        counts->rejects += rejects;
    }
    return TRUE;
}

/* What goes by each clock, for the audit entry: "seizure=12 trace-names=3". */
static char *detail_of(const Due *due, const PurgeCounts *counts)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < due->rows->len; i++) {
        const DueRow *row = &g_array_index(due->rows, DueRow, i);
        const Clock *clock = due->clocks->clocks->pdata[row->clock];
        if (row->due && clock_is_of_records(clock))
            g_string_append_printf(text, "%s=%" G_GUINT64_FORMAT " ", clock->name, row->due);
    }
    g_string_append_printf(
        text,
        "records=%" G_GUINT64_FORMAT " people=%" G_GUINT64_FORMAT " revisions=%" G_GUINT64_FORMAT
        " judgements=%" G_GUINT64_FORMAT " rejects=%" G_GUINT64_FORMAT,
        counts->records, counts->people, counts->revisions, counts->judgements, counts->rejects);
    return g_string_free(text, FALSE);
}

static gboolean note_purge(Store *store, const Due *due, const char *time,
                           const PurgeCounts *counts, GError **error)
{
    g_autofree char *detail = detail_of(due, counts);
    AuditEntry entry = {time, "purge", "retention clocks", detail, "done"};
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO purge(as_of, records, people, revisions, judgements, rejects) VALUES('%s',"
        " %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
        ", %" G_GUINT64_FORMAT ")",
        due->as_of, counts->records, counts->people, counts->revisions, counts->judgements,
        counts->rejects);
    return sqlite_run(store_handle(store), sql, "cannot write down the purge", error) &&
           audit_change(store, &entry, error);
}

static gboolean purge_all(Store *store, const Due *due, const char *time, PurgeCounts *counts,
                          GError **error)
{
    if (!store_purge(store, due->items, due->clocks->texts, due->as_of, counts, error) ||
        !purge_rejects(store, due, counts, error))
        return FALSE;
    gboolean nothing = due->items->len == 0 && counts->rejects == 0;
    return nothing || note_purge(store, due, time, counts, error);
}

/* Texts of questions are in another file and go after the rest, with an entry of their own. */
static gboolean purge_questions(Store *store, const Due *due, const char *time, GError **error)
{
    for (guint i = 0; i < due->clocks->clocks->len; i++) {
        const Clock *clock = due->clocks->clocks->pdata[i];
        guint64 n;
        if (clock->removes == REMOVES_TEXT &&
            !audit_texts_purge(store, &clock->period, time, &n, error))
            return FALSE;
    }
    return TRUE;
}

gboolean due_purge(Store *store, const Due *due, const char *time, PurgeCounts *counts,
                   GError **error)
{
    *counts = (PurgeCounts){0};
    if (!store_begin(store, error))
        return FALSE;
    if (!purge_all(store, due, time, counts, error) || !store_commit(store, error)) {
        store_rollback(store);
        return FALSE;
    }
    return purge_questions(store, due, time, error) && store_scrub(store, error);
}
