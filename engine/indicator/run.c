/*
 * Runs the rules: every rule that is valid on the as-of day, through the sandbox, in the order of
 * their ids or, where they are asked of copies of the views, on two threads; rows are written in
 * the order of the rules by the thread that called. A rule over its budget leaves nothing and is
 * named. What rows are worth together is engine/lead's business.
 */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/indicator/hits.h"

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

/* ---- asking ----------------------------------------------------------------------------- */

/* One rule on its way. */
typedef struct {
    const Indicator *rule;
    gboolean anywhere; /* copies alone answer it */
    gboolean taken, done;
    IndicatorCost cost;
    Hits *hits;
    GError *error;
} Job;

/* Rules that are asked, in their order, and who asks them. */
typedef struct {
    GArray *jobs; /* of Job */
    HitsAsk here, beside;
    Store *copies; /* that the others ask; NULL: there are none */
    Suppressions *silenced;
    Former *former; /* what the rules said before; NULL: of no interest */
    gboolean stop;  /* no rule is begun any more */
    gboolean two;   /* there is another thread */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t one_done;
} Shift;

static Job *job_at(const Shift *shift, guint i)
{
    return &g_array_index(shift->jobs, Job, i);
}

static Job *job_take(Shift *shift, gboolean beside)
{
    Job *taken = NULL;
    pthread_mutex_lock(&shift->lock);
    for (guint i = 0; i < shift->jobs->len && !taken && !shift->stop; i++)
        if (!job_at(shift, i)->taken && (!beside || job_at(shift, i)->anywhere))
            taken = job_at(shift, i);
    if (taken)
        taken->taken = TRUE;
    pthread_mutex_unlock(&shift->lock);
    return taken;
}

static void job_ask(Shift *shift, Job *job, const HitsAsk *ask)
{
    job->hits = hits_ask(job->rule, ask, &job->cost, &job->error);
    pthread_mutex_lock(&shift->lock);
    job->done = TRUE;
    pthread_cond_signal(&shift->one_done);
    pthread_mutex_unlock(&shift->lock);
}

static void *work_beside(void *data)
{
    Shift *shift = data;
    for (Job *job = job_take(shift, TRUE); job; job = job_take(shift, TRUE))
        job_ask(shift, job, &shift->beside);
    return NULL;
}

static gboolean job_done(Shift *shift, const Job *job, gboolean wait)
{
    pthread_mutex_lock(&shift->lock);
    while (wait && !job->done)
        pthread_cond_wait(&shift->one_done, &shift->lock);
    gboolean done = job->done;
    pthread_mutex_unlock(&shift->lock);
    return done;
}

static void switch_off(const Indicator *rule, IndicatorRun *run, guint64 most)
{
    g_autofree char *before = run->off;
    run->off =
        g_strdup_printf("%s%srule %s (%s) is off for this run: over its budget of "
                        "%" G_GUINT64_FORMAT " steps",
                        before ? before : "", before ? "\n" : "", rule->id, rule->title, most);
}

/* What a rule found goes to the store, or what became of it is told. */
static gboolean job_end(Shift *shift, Job *job, IndicatorRun *run, GError **error)
{
    if (!job->hits && error_status(job->error) != STATUS_TRY_AGAIN) {
        g_propagate_error(error, g_steal_pointer(&job->error));
        return FALSE;
    }
    job->cost.off = !job->hits;
    if (job->cost.off)
        switch_off(job->rule, run, shift->here.steps);
    else if (!hits_write(job->hits, shift->here.store, shift->former, error))
        return FALSE;
    g_clear_pointer(&job->hits, hits_free);
    if (run->costs)
        g_array_append_val(run->costs, job->cost);
    return TRUE;
}

/* Asks what nobody else does, writes what is next in order; waits when neither is to be had. */
static gboolean work_here(Shift *shift, IndicatorRun *run, GError **error)
{
    for (guint next = 0; next < shift->jobs->len;) {
        if (job_done(shift, job_at(shift, next), FALSE)) {
            if (!job_end(shift, job_at(shift, next++), run, error))
                return FALSE;
            continue;
        }
        Job *job = job_take(shift, FALSE);
        if (job)
            job_ask(shift, job, &shift->here);
        else
            job_done(shift, job_at(shift, next), TRUE);
    }
    return TRUE;
}

/* Has every rule been asked? */
static gboolean is_over(Shift *shift)
{
    gboolean over = TRUE;
    for (guint i = 0; i < shift->jobs->len && over; i++)
        over = job_done(shift, job_at(shift, i), FALSE);
    return over;
}

static void job_clear(gpointer data)
{
    Job *job = data;
    g_clear_pointer(&job->hits, hits_free);
    g_clear_error(&job->error);
}

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

static GArray *jobs_of(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind)
{
    GArray *jobs = g_array_new(FALSE, FALSE, sizeof(Job));
    g_array_set_clear_func(jobs, job_clear);
    for (guint i = 0; i < indicators_count(indicators); i++) {
        const Indicator *rule = indicators_at(indicators, i);
        Job job = {.rule = rule, .anywhere = is_anywhere(rule, run), .cost = {.rule = rule->id}};
        if (kind_of(rule, run) == kind && indicator_is_valid(rule, run->as_of))
            g_array_append_val(jobs, job);
    }
    return jobs;
}

/* Ends it, whatever was asked by then; NULL is none. */
static void shift_free(Shift *shift)
{
    if (!shift)
        return;
    pthread_mutex_lock(&shift->lock);
    shift->stop = TRUE;
    pthread_mutex_unlock(&shift->lock);
    if (shift->two)
        pthread_join(shift->thread, NULL);
    pthread_cond_destroy(&shift->one_done);
    pthread_mutex_destroy(&shift->lock);
    g_array_unref(shift->jobs);
    g_clear_pointer(&shift->copies, store_close);
    suppressions_free(shift->silenced);
    g_free(shift);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shift, shift_free)

/* Begins to ask the rules of a kind of what is shown, on another thread when there may be two. */
static Shift *shift_begin(const Indicators *indicators, const IndicatorRun *run, ScopeKind kind,
                          gboolean two, GError **error)
{
    g_autoptr(Shift) shift = g_new0(Shift, 1);
    Store *store = views_store(run->views);
    pthread_mutex_init(&shift->lock, NULL);
    pthread_cond_init(&shift->one_done, NULL);
    shift->jobs = jobs_of(indicators, run, kind);
    shift->silenced = suppressions_read(store, run->as_of, error);
    two = two && !run->one_thread && views_are_copied(run->views);
    if (!shift->silenced || (two && !(shift->copies = views_open(run->views, error))))
        return NULL;
    shift->here = (HitsAsk){.store = store,
                            .views = run->views,
                            .knowledge = indicators_knowledge(indicators, FALSE),
                            .silenced = shift->silenced,
                            .as_of = run->as_of,
                            .anew = run->since == NULL,
                            .steps = run->steps ? run->steps : INDICATOR_STEPS};
    shift->beside = shift->here;
    shift->beside.store = shift->copies;
    shift->beside.knowledge = indicators_knowledge(indicators, TRUE);
    shift->two = two && pthread_create(&shift->thread, NULL, work_beside, shift) == 0;
    return g_steal_pointer(&shift);
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

/* Which kinds reach everything, so that their rules are asked with those of which that is said. */
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
    shift->former = former;
    return former && work_here(shift, run, error) && former_drop(former, error);
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
    find_whole(task->indicators, run);
    return views_show(run->views, error) &&
           (task->whole = shift_begin(task->indicators, run, SCOPE_ALL, TRUE, error)) != NULL;
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
    for (int kind = SCOPE_KINDS - 1; ok && run->since && kind > SCOPE_ALL; kind--)
        ok = (run->whole & 1u << kind) || run_kind(task->indicators, run, (ScopeKind)kind,
                                                   task->whole->two && is_over(task->whole), error);
    if (ok && !task->whole)
        ok = (task->whole = shift_begin(task->indicators, run, SCOPE_ALL, TRUE, error)) != NULL;
    return ok && views_show(run->views, error) &&
           end_shift(task->indicators, run, SCOPE_ALL, task->whole, error);
}

gboolean indicators_end(IndicatorTask *task, char **off, GError **error)
{
    gboolean ok =
        task->scoped ? end_scoped(task, error) : work_here(task->whole, &task->run, error);
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
