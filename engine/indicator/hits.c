/*
 * The rows of one rule: taken out of the sandbox, checked, capped, sorted; then written, subject by
 * subject. Which rules are asked, of what and by which thread: run.c.
 */
#include "engine/indicator/hits.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "engine/base/error.h"
#include "engine/store/schema.h"

typedef sqlite3_stmt RowStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowStatement, sqlite3_finalize)

/* Texts of rows, a block at a time: large enough to go back to the system when they are written,
 * not to be held in pieces beside those of the rules that are asked meanwhile. */
#define TEXTS_BLOCK (1 << 20)

typedef struct {
    const char *subject, *record, *explanation;
    double bits;
    gboolean known; /* the record is one of the store's; FALSE: it may be */
} Hit;

struct Hits {
    const Indicator *rule;
    const HitsAsk *ask;  /* while it is asked */
    GStringChunk *texts; /* subjects, records and explanations */
    GArray *hits;        /* of Hit */
};

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
    if (suppressions_hold(hits->ask->silenced, hits->rule->id, cells[0], cells[1]))
        return TRUE;
    double most = fabs(hits->rule->bits);
    Hit hit = {
        .subject = g_string_chunk_insert(hits->texts, cells[0]),
        .record = g_string_chunk_insert(hits->texts, cells[1]),
        .explanation = g_string_chunk_insert(hits->texts, cells[3]),
        .bits = hits->rule->bits > 0 ? CLAMP(bits, 0, most) : CLAMP(bits, -most, 0),
        .known = hits->ask->anew && views_know(hits->ask->views, cells[1]),
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

static gboolean rule_query(Hits *hits, guint64 *steps, GError **error)
{
    const Indicator *rule = hits->rule;
    guint n = rule->parameters->len;
    g_autofree SqlParameter *parameters = g_new0(SqlParameter, n + 1);
    for (guint i = 0; i < n; i++) {
        const IndicatorParameter *one = g_ptr_array_index(rule->parameters, i);
        parameters[i] = (SqlParameter){.name = one->name, .value = one->value, .number = TRUE};
    }
    parameters[n] = (SqlParameter){.name = "as_of", .text = hits->ask->as_of};
    SqlOptions options = {.knowledge = hits->ask->knowledge,
                          .parameters = parameters,
                          .n_parameters = n + 1,
                          .steps = hits->ask->steps,
                          .steps_taken = steps};
    RowSink sink = {.begin = hits_begin, .row = hits_row, .data = hits};
    return sql_query(hits->ask->store, rule->sql, &options, &sink, error);
}

double thread_milliseconds(void)
{
    struct timespec now;
    return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0
               ? (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6
               : 0;
}

void hits_free(Hits *hits)
{
    if (!hits)
        return;
    g_string_chunk_free(hits->texts);
    g_array_unref(hits->hits);
    g_free(hits);
}

Hits *hits_ask(const Indicator *rule, const HitsAsk *ask, IndicatorCost *cost, GError **error)
{
    Hits *hits = g_new0(Hits, 1);
    double begun = thread_milliseconds();
    g_autoptr(GError) cause = NULL;
    *hits = (Hits){.rule = rule,
                   .ask = ask,
                   .texts = g_string_chunk_new(TEXTS_BLOCK),
                   .hits = g_array_new(FALSE, FALSE, sizeof(Hit))};
    gboolean ok = rule_query(hits, &cost->steps, &cause);
    cost->rows = hits->hits->len;
    if (ok)
        g_array_sort(hits->hits, compare_hits);
    cost->milliseconds = thread_milliseconds() - begun;
    if (ok)
        return hits;
    if (error_status(cause) == STATUS_USAGE)
        error_set(error, STATUS_CONFIG, "%s:%u: %s", rule->file, indicator_line(rule, -1),
                  cause->message);
    else
        g_propagate_error(error, g_steal_pointer(&cause));
    hits_free(hits);
    return NULL;
}

/* ---- written ---------------------------------------------------------------------------- */

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

/* Every row's record must be one. */
static gboolean check_record(const Hits *hits, const Hit *hit, const Former *former,
                             sqlite3_stmt *find, GError **error)
{
    if (hit->known || (former && former_knows(former, hit->record)))
        return TRUE;
    int rc = sqlite3_bind_text(find, 1, hit->record, -1, SQLITE_STATIC);
    rc = rc == SQLITE_OK ? sqlite3_step(find) : rc;
    sqlite3_reset(find);
    if (rc == SQLITE_ROW)
        return TRUE;
    if (rc != SQLITE_DONE)
        return sqlite_error(sqlite3_db_handle(find), "cannot check the indicators", error);
    return row_error(hits->rule, error, "names record '%s', which is none", hit->record);
}

/* Where hits go. */
typedef struct {
    Store *store;
    Former *former; /* NULL: everything is new */
    sqlite3_stmt *find;
} Target;

static gboolean hit_write(const Hits *hits, const Hit *hit, double bits, const Target *to,
                          GError **error)
{
    const Indicator *rule = hits->rule;
    const IndicatorRow row = {.indicator = rule->id,
                              .rev = rule->rev,
                              .subject = hit->subject,
                              .record = hit->record,
                              .bits = bits,
                              .explanation = hit->explanation};
    gboolean asked = !to->former || former_asks(to->former, hit->record), same = FALSE;
    gint64 before = to->former && asked ? former_take(to->former, &row, &same) : 0;
    if (same) /* what it speaks of was a record, of which none goes between such runs */
        return TRUE;
    if (!check_record(hits, hit, to->former, to->find, error))
        return FALSE;
    return !asked || (before ? store_change_indicator(to->store, before, &row, error)
                             : store_put_indicator(to->store, &row, error));
}

static gboolean subject_write(const Hits *hits, guint from, guint to, const Target *target,
                              GError **error)
{
    double bits = subject_bits(hits->hits, from, to);
    const char *last = NULL;
    for (guint i = from; i < to; i++) {
        const Hit *hit = &g_array_index(hits->hits, Hit, i);
        if (last && strcmp(hit->record, last) == 0)
            continue;
        last = hit->record;
        if (!hit_write(hits, hit, bits, target, error))
            return FALSE;
    }
    return TRUE;
}

gboolean hits_write(const Hits *hits, Store *store, Former *former, GError **error)
{
    g_autoptr(RowStatement) find = NULL;
    if (sqlite3_prepare_v2(store_handle(store), "SELECT 1 FROM main.record WHERE ref = ?1", -1,
                           &find, NULL) != SQLITE_OK)
        return sqlite_error(store_handle(store), "cannot check the indicators", error);
    const Target target = {store, former, find};
    for (guint from = 0, to = 0; from < hits->hits->len; from = to) {
        const char *subject = g_array_index(hits->hits, Hit, from).subject;
        while (to < hits->hits->len &&
               strcmp(g_array_index(hits->hits, Hit, to).subject, subject) == 0)
            to++;
        if (!subject_write(hits, from, to, &target, error))
            return FALSE;
    }
    return TRUE;
}
