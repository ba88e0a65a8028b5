/*
 * Runs the rules: every rule that is valid on the as-of day, through the sandbox (shift.c), in the
 * order of their ids; of everything, or of what may have become another. A rule over its budget
 * leaves nothing and is named. What rows are worth together is engine/lead's business.
 */
#include <math.h>
#include <string.h>

#include "engine/indicator/hits.h"
#include "engine/indicator/shift.h"

gboolean indicator_is_valid(const Indicator *indicator, const char *as_of)
{
    g_autofree char *day = g_strndup(as_of, 10);
    if (*indicator->valid_from && strcmp(day, indicator->valid_from) < 0)
        return FALSE;
    return !*indicator->valid_to || strcmp(day, indicator->valid_to) <= 0;
}

/* elsewhere: the rules (Indicator) that read a view which is not copied. */
struct IndicatorReads {
    GHashTable *columns, *elsewhere;
};

/* Does the rule read no view but those that are copied? */
static gboolean is_anywhere(const Indicator *rule, const IndicatorRun *run)
{
    return !g_hash_table_contains(run->reads->elsewhere, rule);
}

/* What a rule is asked of: of everything without a scope, where the day makes a difference, where
 * it is not known which rows of a view became others, and where these reach nearly everything. */
static ScopeKind kind_of(const Indicator *rule, const IndicatorRun *run)
{
    gboolean scoped = run->since && indicator_is_valid(rule, run->since) &&
                      indicator_is_valid(rule, run->as_of) && !strstr(rule->sql, ":as_of") &&
                      is_anywhere(rule, run) && !(run->whole & 1u << rule->scope);
    return scoped ? rule->scope : SCOPE_ALL;
}

/* The rules of a kind, in their order. */
static void add_rules(Shift *shift, const Indicators *indicators, const IndicatorRun *run,
                      ScopeKind kind)
{
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        if (kind_of(rule, run) == kind && indicator_is_valid(rule, run->as_of))
            shift_add(shift, rule, is_anywhere(rule, run));
    }
}

/* Begins to ask the rules of a kind of what is shown, on another thread when there may be two. */
static Shift *shift_begin(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind,
                          gboolean two, GError **error)
{
    Shift *shift = shift_new(indicators, run, two, error);
    if (!shift)
        return NULL;
    add_rules(shift, indicators, run, kind);
    shift_go(shift, NULL, NULL);
    return shift;
}

/* ---- what they are asked of ------------------------------------------------------------- */

static void note_views(IndicatorRun *run, guint64 rows, double begun)
{
    IndicatorCost cost = {.rule = rows ? "views" : "changes",
                          .rows = rows,
                          .milliseconds = thread_milliseconds() - begun};
    if (run->costs)
        g_array_append_val(run->costs, cost);
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

/* The largest value that rules of a kind have of a parameter; one that does not have it knows no
 * limit. */
static guint64 most_of(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind,
                       const char *parameter)
{
    double most = 0;
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        double own = G_MAXINT32;
        for (guint k = 0; k < rule->parameters->len; k++) {
            const IndicatorParameter *one = g_ptr_array_index(rule->parameters, k);
            if (strcmp(one->name, parameter) == 0)
                own = ceil(CLAMP(one->value, 0, G_MAXINT32));
        }
        if (kind_of(rule, run) == kind)
            most = MAX(most, own);
    }
    return (guint64)most;
}

/* What the rules of a kind ask for; rules: their SQL. */
static ScopeAsk ask_of(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind,
                       const char *rules)
{
    return (ScopeAsk){.kind = kind,
                      .rules = rules,
                      .hub = most_of(indicators, run, kind, "hub_records"),
                      .gap = most_of(indicators, run, kind, "max_gap")};
}

/* Which kinds reach everything, so that their rules are asked with those of which that is said. It
 * is found in the copies alone. */
static void find_whole(const Indicators *indicators, IndicatorRun *run)
{
    for (int kind = SCOPE_ALL + 1; kind < SCOPE_KINDS; kind++) {
        g_autofree char *rules = rules_text(indicators, run, (ScopeKind)kind, FALSE);
        const ScopeAsk ask = ask_of(indicators, run, (ScopeKind)kind, rules);
        if (*rules && !views_reach(run->views, &ask))
            run->whole |= 1u << kind;
    }
}

/* Writes what rules said that are asked of everything, or of what is shown, and drops the rest of
 * what they said before. */
static gboolean end_shift(const Indicators *indicators, IndicatorRun *run, ScopeKind kind,
                          Shift *shift, GError **error)
{
    g_autofree char *ids = rules_text(indicators, run, kind, TRUE);
    g_autoptr(Former) former = former_read(run->views, ids, kind == SCOPE_ALL, error);
    return former && shift_write(shift, run, former, error) && former_drop(former, error);
}

/* The rules of a kind, asked of the part that is theirs; two: on two threads. */
static gboolean run_kind(const Indicators *indicators, IndicatorRun *run, ScopeKind kind,
                         gboolean two, GError **error)
{
    g_autofree char *rules = rules_text(indicators, run, kind, FALSE);
    const ScopeAsk ask = ask_of(indicators, run, kind, rules);
    gboolean all; /* known to be FALSE */
    if (!*rules)
        return TRUE;
    if (!views_widen(run->views, &ask, &all, error) || !views_show_scope(run->views, &ask, error))
        return FALSE;
    g_autoptr(Shift) shift = shift_begin(indicators, run, kind, two, error);
    return shift && end_shift(indicators, run, kind, shift, error);
}

/* ---- begun, and ended ------------------------------------------------------------------- */

struct IndicatorTask {
    const Indicators *indicators;
    IndicatorRun run;
    gboolean scoped; /* rows of before are there */
    IndicatorReads *own_reads;
    Views *own_views;
    Shift *whole; /* rules that are asked of everything; NULL: they wait */
};

void indicator_task_free(IndicatorTask *task)
{
    if (!task)
        return;
    shift_free(task->whole);
    views_drop_scope(task->run.views, NULL);
    views_free(task->own_views);
    indicator_reads_free(task->own_reads);
    g_free(task->run.off);
    g_free(task);
}

static void plan_whole(Shift *shift, gpointer data)
{
    IndicatorTask *task = data;
    find_whole(task->indicators, &task->run);
    add_rules(shift, task->indicators, &task->run, SCOPE_ALL);
}

/* What rules may say otherwise is found, and the first of them are asked, on another thread. */
static gboolean begin_scoped(IndicatorTask *task, GError **error)
{
    IndicatorRun *run = &task->run;
    double begun = thread_milliseconds();
    guint64 rows = 0;
    if (!views_renew(run->views, run->reads->columns, &rows, error))
        return FALSE;
    note_views(run, rows, begun);
    if (!views_are_copied(run->views)) {
        run->since = NULL; /* the views themselves show no scope */
        return TRUE;
    }
    if (!views_show(run->views, error) ||
        !(task->whole = shift_new(task->indicators, run, TRUE, error)))
        return FALSE;
    shift_go(task->whole, plan_whole, task);
    return TRUE;
}

static gboolean begin_unscoped(IndicatorTask *task, GError **error)
{
    double begun = thread_milliseconds();
    guint64 rows = 0;
    if (!views_copy(task->run.views, task->run.reads->columns, &rows, error))
        return FALSE;
    note_views(&task->run, rows, begun);
    task->whole = shift_begin(task->indicators, &task->run, SCOPE_ALL, TRUE, error);
    return task->whole != NULL;
}

IndicatorTask *indicators_begin(const Indicators *indicators, Store *store, const IndicatorRun *run,
                                GError **error)
{
    g_autoptr(IndicatorTask) task = g_new0(IndicatorTask, 1);
    task->indicators = indicators;
    task->run = *run;
    task->run.off = NULL;
    task->run.whole = 0;
    if (!run->reads)
        task->run.reads = task->own_reads = indicators_reads(indicators, store);
    if (!run->views)
        task->run.views = task->own_views = views_new(store);
    task->scoped = run->since != NULL;
    gboolean begun = run->since ? begin_scoped(task, error) : begin_unscoped(task, error);
    return begun ? g_steal_pointer(&task) : NULL;
}

/* Parts first, on two threads where nobody is asked of everything any more. */
static gboolean end_scoped(IndicatorTask *task, GError **error)
{
    IndicatorRun *run = &task->run;
    gboolean ok = TRUE;
    if (task->whole)
        shift_await_plan(task->whole);
    for (int kind = SCOPE_KINDS - 1; ok && run->since && kind > SCOPE_ALL; kind--)
        ok = (run->whole & 1u << kind) ||
             run_kind(task->indicators, run, (ScopeKind)kind,
                      shift_has_two(task->whole) && shift_is_over(task->whole), error);
    if (ok && !task->whole)
        ok = (task->whole = shift_begin(task->indicators, run, SCOPE_ALL, TRUE, error)) != NULL;
    return ok && views_show(run->views, error) &&
           end_shift(task->indicators, run, SCOPE_ALL, task->whole, error);
}

gboolean indicators_end(IndicatorTask *task, char **off, GError **error)
{
    gboolean ok =
        task->scoped ? end_scoped(task, error) : shift_write(task->whole, &task->run, NULL, error);
    g_clear_pointer(&task->whole, shift_free); /* what it asks is dropped */
    *off = g_steal_pointer(&task->run.off);
    return views_drop_scope(task->run.views, ok ? error : NULL) && ok;
}

static void read_rule(const Indicator *rule, GHashTable *own, IndicatorReads *reads)
{
    GHashTableIter iter;
    gpointer column;
    g_hash_table_iter_init(&iter, own); /* a set is made */
    while (g_hash_table_iter_next(&iter, &column, NULL)) {
        g_autofree char *view = g_strndup(column, strcspn(column, "."));
        if (!view_is_copied(view))
            g_hash_table_add(reads->elsewhere, (gpointer)rule);
        g_hash_table_add(reads->columns, g_strdup(column));
    }
}

GHashTable *indicator_reads_columns(const IndicatorReads *reads)
{
    return reads->columns;
}

IndicatorReads *indicators_reads(const Indicators *indicators, Store *store)
{
    IndicatorReads *reads = g_new(IndicatorReads, 1);
    SqlKnowledge *knowledge = indicators_knowledge(indicators, FALSE);
    gboolean known = TRUE;
    *reads = (IndicatorReads){g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                              g_hash_table_new(NULL, NULL)};
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        g_autoptr(GHashTable) own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        gboolean can = sql_reads(store, knowledge, rule->sql, own, NULL);
        read_rule(rule, own, reads);
        if (!can)
            g_hash_table_add(reads->elsewhere, (gpointer)rule);
        known = known && can;
    }
    if (!known)
        g_clear_pointer(&reads->columns, g_hash_table_unref);
    return reads;
}

void indicator_reads_free(IndicatorReads *reads)
{
    if (!reads)
        return;
    g_clear_pointer(&reads->columns, g_hash_table_unref);
    g_hash_table_unref(reads->elsewhere);
    g_free(reads);
}

gboolean indicators_run(const Indicators *indicators, Store *store, IndicatorRun *run,
                        GError **error)
{
    g_autoptr(IndicatorTask) task = indicators_begin(indicators, store, run, error);
    run->off = NULL;
    return task && indicators_end(task, &run->off, error);
}
