/*
 * Rules that are asked together: by the thread that called and, over copies of the views, by
 * another one; their rows are written by the first, in the order of the rules. Which rules these
 * are, and of what they are asked: run.c.
 */
#include "engine/indicator/shift.h"

#include <pthread.h>

#include "engine/base/error.h"
#include "engine/indicator/hits.h"

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
struct Shift {
    ShiftPlan plan; /* adds the jobs; NULL: they are known */
    gpointer plan_data;
    gboolean planned;
    GArray *jobs; /* of Job */
    HitsAsk here, beside;
    Store *copies; /* that the others ask; NULL: there are none */
    Suppressions *silenced;
    Former *former; /* what the rules said before; NULL: of no interest */
    gboolean stop;  /* no rule is begun any more */
    gboolean two;   /* there is another thread; before shift_go: may be */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t one_done; /* a job, or the plan */
};

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

static void shift_plan(Shift *shift)
{
    if (shift->plan)
        shift->plan(shift, shift->plan_data);
    pthread_mutex_lock(&shift->lock);
    shift->planned = TRUE;
    pthread_cond_signal(&shift->one_done);
    pthread_mutex_unlock(&shift->lock);
}

void shift_await_plan(Shift *shift)
{
    pthread_mutex_lock(&shift->lock);
    while (!shift->planned)
        pthread_cond_wait(&shift->one_done, &shift->lock);
    pthread_mutex_unlock(&shift->lock);
}

static void *work_beside(void *data)
{
    Shift *shift = data;
    shift_plan(shift);
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
gboolean shift_write(Shift *shift, IndicatorRun *run, Former *former, GError **error)
{
    shift->former = former;
    shift_await_plan(shift);
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

gboolean shift_is_over(Shift *shift)
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

void shift_free(Shift *shift)
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

Shift *shift_new(const Indicators *indicators, const IndicatorRun *run, gboolean two,
                 GError **error)
{
    g_autoptr(Shift) shift = g_new0(Shift, 1);
    Store *store = views_store(run->views);
    pthread_mutex_init(&shift->lock, NULL);
    pthread_cond_init(&shift->one_done, NULL);
    shift->jobs = g_array_new(FALSE, FALSE, sizeof(Job));
    g_array_set_clear_func(shift->jobs, job_clear);
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
    shift->two = two;
    return g_steal_pointer(&shift);
}

gboolean shift_has_two(const Shift *shift)
{
    return shift->two;
}

void shift_add(Shift *shift, const Indicator *rule, gboolean anywhere)
{
    Job job = {.rule = rule, .anywhere = anywhere, .cost = {.rule = rule->id}};
    g_array_append_val(shift->jobs, job);
}

void shift_go(Shift *shift, ShiftPlan plan, gpointer data)
{
    shift->plan = plan;
    shift->plan_data = data;
    shift->two = shift->two && pthread_create(&shift->thread, NULL, work_beside, shift) == 0;
    if (!shift->two)
        shift_plan(shift);
}
