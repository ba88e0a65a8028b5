/*
 * Runs the rules: every rule that is valid on the as-of day, one after the other, through the
 * sandbox; its rows are kept, capped, sorted and written when its query is over. A rule over its
 * budget leaves nothing and is named. What rows are worth together is engine/lead's business.
 */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/indicator/rulefile.h"
#include "engine/judgement/judgement.h"
#include "engine/sql/sql.h"
#include "engine/store/schema.h"

typedef sqlite3_stmt RowStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowStatement, sqlite3_finalize)

typedef struct {
    const char *subject, *record, *explanation;
    double bits;
} Hit;

typedef struct {
    const Indicator *rule;
    const Suppressions *silenced;
    GStringChunk *texts; /* subjects, records and explanations, each once */
    GArray *hits;        /* of Hit */
} Hits;

gboolean indicator_is_valid(const Indicator *indicator, const char *as_of)
{
    g_autofree char *day = g_strndup(as_of, 10);
    if (*indicator->valid_from && strcmp(day, indicator->valid_from) < 0)
        return FALSE;
    return !*indicator->valid_to || strcmp(day, indicator->valid_to) <= 0;
}

static gboolean row_error(const Indicator *rule, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean row_error(const Indicator *rule, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return error_set(error, STATUS_CONFIG, "%s:%u: a row %s", rule->file, indicator_line(rule, -1),
                     text);
}

/* Rows of another shape are never looked at: indicators_prepare has the whole message. */
static gboolean hits_begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    const Hits *hits = sink->data;
    for (guint i = 0; i < n || indicator_column(i); i++)
        if (i == n || g_strcmp0(columns[i].name, indicator_column(i)) != 0)
            return row_error(hits->rule, error, "is not subject, record, bits, explanation");
    return TRUE;
}

static gboolean hits_row(RowSink *sink, const char *const *cells, GError **error)
{
    Hits *hits = sink->data;
    char *end = NULL;
    double bits = cells[2] ? g_ascii_strtod(cells[2], &end) : 0;
    for (guint i = 0; indicator_column(i); i++)
        if (!cells[i])
            return row_error(hits->rule, error, "has no %s", indicator_column(i));
    if (end == cells[2] || *end || !isfinite(bits))
        return row_error(hits->rule, error, "has no number of bits but '%s'", cells[2]);
    if (suppressions_hold(hits->silenced, hits->rule->id, cells[0], cells[1]))
        return TRUE;
    double most = fabs(hits->rule->bits);
    Hit hit = {
        .subject = g_string_chunk_insert_const(hits->texts, cells[0]),
        .record = g_string_chunk_insert_const(hits->texts, cells[1]),
        .explanation = g_string_chunk_insert_const(hits->texts, cells[3]),
        .bits = hits->rule->bits > 0 ? CLAMP(bits, 0, most) : CLAMP(bits, -most, 0),
    };
    g_array_append_val(hits->hits, hit);
    return TRUE;
}

static gint compare_hits(gconstpointer a, gconstpointer b)
{
    const Hit *left = a, *right = b;
    int order = strcmp(left->subject, right->subject);
    if (order == 0)
        order = strcmp(left->record, right->record);
    if (order == 0)
        order = (fabs(left->bits) < fabs(right->bits)) - (fabs(left->bits) > fabs(right->bits));
    return order ? order : strcmp(left->explanation, right->explanation);
}

/* A subject is worth what its strongest row is worth, and every row of it says so. */
static double subject_bits(const GArray *hits, guint from, guint to)
{
    double bits = 0;
    for (guint i = from; i < to; i++) {
        double other = g_array_index(hits, Hit, i).bits;
        bits = fabs(other) > fabs(bits) ? other : bits;
    }
    return bits;
}

static gboolean subject_write(const Hits *hits, guint from, guint to, Store *store, GError **error)
{
    const Indicator *rule = hits->rule;
    double bits = subject_bits(hits->hits, from, to);
    const char *last = NULL;
    for (guint i = from; i < to; i++) {
        const Hit *hit = &g_array_index(hits->hits, Hit, i);
        if (hit->record == last) /* texts are kept once: the same record again */
            continue;
        last = hit->record;
        if (!store_put_indicator(store, rule->id, rule->rev, hit->subject, hit->record, bits,
                                 hit->explanation, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean hits_write(const Hits *hits, Store *store, GError **error)
{
    g_array_sort(hits->hits, compare_hits);
    for (guint from = 0, to = 0; from < hits->hits->len; from = to) {
        const char *subject = g_array_index(hits->hits, Hit, from).subject;
        while (to < hits->hits->len && g_array_index(hits->hits, Hit, to).subject == subject)
            to++;
        if (!subject_write(hits, from, to, store, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean rule_query(Hits *hits, Store *store, const IndicatorRun *run, guint64 *steps,
                           GError **error)
{
    const Indicator *rule = hits->rule;
    guint n = rule->parameters->len;
    g_autofree SqlParameter *parameters = g_new0(SqlParameter, n + 1);
    for (guint i = 0; i < n; i++) {
        const IndicatorParameter *one = g_ptr_array_index(rule->parameters, i);
        parameters[i] = (SqlParameter){.name = one->name, .value = one->value, .number = TRUE};
    }
    parameters[n] = (SqlParameter){.name = "as_of", .text = run->as_of};
    SqlOptions options = {.knowledge = rule->knowledge,
                          .parameters = parameters,
                          .n_parameters = n + 1,
                          .steps = run->steps ? run->steps : INDICATOR_STEPS,
                          .steps_taken = steps};
    RowSink sink = {.begin = hits_begin, .row = hits_row, .data = hits};
    return sql_query(store, rule->sql, &options, &sink, error);
}

static void switch_off(const Indicator *rule, IndicatorRun *run)
{
    guint64 most = run->steps ? run->steps : INDICATOR_STEPS;
    g_autofree char *before = run->off;
    run->off =
        g_strdup_printf("%s%srule %s (%s) is off for this run: over its budget of "
                        "%" G_GUINT64_FORMAT " steps",
                        before ? before : "", before ? "\n" : "", rule->id, rule->title, most);
}

static gboolean rule_run(Hits *hits, Store *store, IndicatorRun *run, IndicatorCost *cost,
                         GError **error)
{
    const Indicator *rule = hits->rule;
    g_autoptr(GStringChunk) texts = g_string_chunk_new(1 << 16);
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(Hit));
    hits->texts = texts;
    hits->hits = array;
    g_autoptr(GError) cause = NULL;
    gboolean ok = rule_query(hits, store, run, &cost->steps, &cause);
    cost->rows = array->len;
    if (ok)
        return hits_write(hits, store, error);
    cost->off = error_status(cause) == STATUS_TRY_AGAIN;
    if (cost->off) {
        switch_off(rule, run);
        return TRUE;
    }
    if (error_status(cause) == STATUS_USAGE)
        return error_set(error, STATUS_CONFIG, "%s:%u: %s", rule->file, indicator_line(rule, -1),
                         cause->message);
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

/* Every row's record must be one: asked once, of all that was written after a row. */
static gboolean records_exist(const Indicators *indicators, Store *store, gint64 after,
                              GError **error)
{
    static const char sql[] =
        "SELECT i.indicator, i.record FROM indicator i LEFT JOIN record r ON r.ref = i.record"
        " WHERE r.ref IS NULL AND i.indicator_id > ?1 ORDER BY 1, 2 LIMIT 1";
    sqlite3 *db = store_handle(store);
    g_autoptr(RowStatement) statement = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(statement, 1, after);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_DONE)
        return TRUE;
    const Indicator *rule = NULL;
    if (rc == SQLITE_ROW)
        rule = indicators_find(indicators, (const char *)sqlite3_column_text(statement, 0));
    if (!rule)
        return store_error(db, "cannot check the indicators", error);
    return row_error(rule, error, "names record '%s', which is none",
                     (const char *)sqlite3_column_text(statement, 1));
}

static void note_cost(IndicatorRun *run, IndicatorCost *cost, gint64 begun)
{
    cost->milliseconds = (double)(g_get_monotonic_time() - begun) / 1000;
    if (run->costs)
        g_array_append_val(run->costs, *cost);
}

/* What a rule is asked of: of everything without a scope, and where the day makes a difference. */
static ScopeKind kind_of(const Indicator *rule, const IndicatorRun *run)
{
    gboolean scoped = run->since && indicator_is_valid(rule, run->since) &&
                      indicator_is_valid(rule, run->as_of) && !strstr(rule->sql, ":as_of");
    return scoped ? rule->scope : SCOPE_ALL;
}

static gboolean run_rules(const Indicators *indicators, Store *store, IndicatorRun *run,
                          ScopeKind kind, GError **error)
{
    g_autoptr(Suppressions) silenced = suppressions_read(store, run->as_of, error);
    if (!silenced)
        return FALSE;
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        gint64 begun = g_get_monotonic_time();
        IndicatorCost cost = {.rule = rule->id};
        if (kind_of(rule, run) != kind || !indicator_is_valid(rule, run->as_of))
            continue;
        Hits hits = {.rule = rule, .silenced = silenced};
        if (!rule_run(&hits, store, run, &cost, error))
            return FALSE;
        note_cost(run, &cost, begun);
    }
    return TRUE;
}

static gboolean last_row(Store *store, gint64 *row, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(RowStatement) statement = NULL;
    int rc = sqlite3_prepare_v2(db, "SELECT ifnull(max(indicator_id), 0) FROM indicator", -1,
                                &statement, NULL);
    if (rc != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        return store_error(db, "cannot read the indicators", error);
    *row = sqlite3_column_int64(statement, 0);
    return TRUE;
}

/* The texts of all rules of a kind, one after the other: their ids, quoted, or their SQL. */
static char *rules_text(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind,
                        gboolean ids)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        if (kind_of(rule, run) != kind)
            continue;
        if (ids)
            g_string_append_printf(text, "%s'%s'", text->len ? "," : "", rule->id);
        else
            g_string_append_printf(text, "%s\n", rule->sql);
    }
    return g_string_free(text, FALSE);
}

/* Drops rows of the rules of a kind, of the records that a condition names. */
static gboolean drop_rows(const Indicators *indicators, Store *store, const IndicatorRun *run,
                          ScopeKind kind, const char *condition, GError **error)
{
    g_autofree char *ids = rules_text(indicators, run, kind, TRUE);
    g_autofree char *sql =
        g_strdup_printf("DELETE FROM indicator WHERE %s indicator IN (%s)", condition, ids);
    sqlite3 *db = store_handle(store);
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           store_error(db, "cannot drop indicators", error);
}

/* Rows of earlier runs that are found anew. */
static gboolean drop_former(const Indicators *indicators, Store *store, const IndicatorRun *run,
                            ScopeKind kind, GError **error)
{
    const char *condition = kind == SCOPE_ALL ? "" : "record IN (SELECT ref FROM temp.wide) AND";
    return drop_rows(indicators, store, run, kind, condition, error);
}

/* What was found of records that are shown only because others rest on them. */
static gboolean drop_others(const Indicators *indicators, Store *store, const IndicatorRun *run,
                            ScopeKind kind, gint64 after, GError **error)
{
    g_autofree char *condition = g_strdup_printf(
        "indicator_id > %" G_GINT64_FORMAT " AND record NOT IN (SELECT ref FROM temp.wide) AND",
        after);
    return kind == SCOPE_ALL || drop_rows(indicators, store, run, kind, condition, error);
}

static gboolean show_scope(Store *store, IndicatorRun *run, const ScopeAsk *ask, GError **error)
{
    gint64 begun = g_get_monotonic_time();
    IndicatorCost cost = {.rule = "views"};
    if (!store_copy_scope(store, ask, error))
        return FALSE;
    note_cost(run, &cost, begun);
    return TRUE;
}

/* The largest `hub_records` of the rules of a kind; one that has none knows no hubs. */
static guint64 most_records(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind)
{
    double most = 0;
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        double own = G_MAXINT32;
        for (guint k = 0; k < rule->parameters->len; k++) {
            const IndicatorParameter *parameter = g_ptr_array_index(rule->parameters, k);
            if (strcmp(parameter->name, "hub_records") == 0)
                own = ceil(CLAMP(parameter->value, 0, G_MAXINT32));
        }
        if (kind_of(rule, run) == kind)
            most = MAX(most, own);
    }
    return (guint64)most;
}

/* The rules of a kind, asked of what they are asked of. */
static gboolean run_kind(const Indicators *indicators, Store *store, IndicatorRun *run,
                         ScopeKind kind, GError **error)
{
    g_autofree char *rules = rules_text(indicators, run, kind, FALSE);
    ScopeAsk ask = {kind, rules, most_records(indicators, run, kind)};
    gint64 before = 0;
    if (!*rules)
        return TRUE;
    return (kind == SCOPE_ALL || store_widen_scope(store, &ask, error)) &&
           drop_former(indicators, store, run, kind, error) && last_row(store, &before, error) &&
           (kind == SCOPE_ALL || show_scope(store, run, &ask, error)) &&
           run_rules(indicators, store, run, kind, error) &&
           drop_others(indicators, store, run, kind, before, error) &&
           records_exist(indicators, store, before, error);
}

/* Rules of all records first: once a scope is copied, the views show nothing else. */
static gboolean run_scoped(const Indicators *indicators, Store *store, IndicatorRun *run,
                           GError **error)
{
    gboolean ok = TRUE;
    for (int kind = SCOPE_ALL; ok && kind < SCOPE_KINDS; kind++)
        ok = run_kind(indicators, store, run, (ScopeKind)kind, error);
    return ok;
}

static gboolean run_unscoped(const Indicators *indicators, Store *store, IndicatorRun *run,
                             GError **error)
{
    gint64 begun = g_get_monotonic_time();
    IndicatorCost cost = {.rule = "views"};
    if (!store_copy_views(store, &cost.rows, error))
        return FALSE;
    note_cost(run, &cost, begun);
    return run_rules(indicators, store, run, SCOPE_ALL, error) &&
           records_exist(indicators, store, 0, error);
}

gboolean indicators_run(const Indicators *indicators, Store *store, IndicatorRun *run,
                        GError **error)
{
    run->off = NULL;
    gboolean ok = run->since ? run_scoped(indicators, store, run, error)
                             : run_unscoped(indicators, store, run, error);
    gboolean dropped = run->since ? store_drop_scope(store, ok ? error : NULL)
                                  : store_drop_copies(store, ok ? error : NULL);
    return dropped && ok;
}
