/*
 * The stages in their order. Reading the texts goes beside reading the facts, linking beside
 * resolving; indexing the serials, and in a full run making the edges and copying the views, beside
 * writing: they share nothing that either writes, and what they found is written in a fixed order,
 * so that one thread and several give the same.
 */
#include <pthread.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"
#include "engine/find/derived.h"
#include "engine/run/stages.h"
#include "engine/store/result.h"

typedef gboolean (*Stage)(Run *run, GError **error);

/* A stage on a thread of its own, or, where there is to be one thread, at once. */
typedef struct {
    const char *name;
    Stage stage;
    Run *run;
    GError *error;
    gboolean begun, done;
    pthread_t thread;
} Task;

static void *task_work(void *data)
{
    Task *task = data;
    task->done = task->stage(task->run, &task->error);
    return NULL;
}

static void task_begin(Task *task)
{
    if (!task->run->options->one_thread)
        task->begun = pthread_create(&task->thread, NULL, task_work, task) == 0;
    if (!task->begun)
        task_work(task);
}

static gboolean task_end(Task *task, GError **error)
{
    if (task->begun)
        pthread_join(task->thread, NULL);
    if (!task->done)
        g_propagate_prefixed_error(error, task->error, "%s: ", task->name);
    return task->done;
}

/* The error of another task, when one failed already, is not told. */
static gboolean task_drop(Task *task)
{
    task_end(task, NULL);
    return FALSE;
}

static gboolean stage_run(Run *run, const char *name, Stage stage, GError **error)
{
    if (run->options->progress)
        run->options->progress(name, run->options->progress_data);
    if (stage(run, error))
        return TRUE;
    g_prefix_error(error, "%s: ", name);
    return FALSE;
}

/* Firearms from which on stages go one after the other that would go side by side: what they work
 * with at once would be more than 12 GB. */
#define ONE_AFTER_THE_OTHER 4000000u

static gboolean is_large(const Run *run)
{
    guint least = run->options->large ? run->options->large : ONE_AFTER_THE_OTHER;
    return run->facts->firearm_id->len >= least;
}

static gboolean link_and_resolve(Run *run, GError **error)
{
    if (is_large(run)) {
        gboolean linked = stage_run(run, "link", stage_link, error);
        facts_rest(run->facts);
        memory_trim();
        return linked && stage_run(run, "resolve", stage_resolve, error);
    }
    Task link = {.name = "link", .stage = stage_link, .run = run};
    if (run->options->progress)
        run->options->progress("link", run->options->progress_data);
    task_begin(&link);
    if (!stage_run(run, "resolve", stage_resolve, error))
        return task_drop(&link);
    return task_end(&link, error);
}

/* What the last run left: the largest of it is held against its sums beside all else. */
static gboolean recall(Run *run, GError **error)
{
    Task map = {.name = "read", .stage = stage_map, .run = run};
    task_begin(&map);
    if (!stage_prepare(run, error))
        return task_drop(&map);
    links_recall(run);
    index_recall(run);
    return parameters_load(run, error) ? task_end(&map, error) : task_drop(&map);
}

/* Of a run with a scope; parameters as text are large, and read beside the rest. */
static gboolean read_scope(Run *run, GError **error)
{
    Task weights = {.name = "resolve", .stage = stage_weights, .run = run};
    task_begin(&weights);
    gboolean read = stage_run(run, "read", stage_read, error) && stage_decide(run, error) &&
                    scope_read(run, error) && stage_mark(run, error);
    return read ? task_end(&weights, error) : task_drop(&weights);
}

/* The texts of all records are read beside the facts; of some, when the facts have told of which.
 */
static gboolean match(Run *run, GError **error)
{
    Task mark = {.name = "mark", .stage = stage_mark, .run = run};
    if (run->scope)
        return recall(run, error) && read_scope(run, error) && link_and_resolve(run, error);
    if (!stage_prepare(run, error) || !parameters_load(run, error))
        return FALSE;
    task_begin(&mark);
    if (!stage_run(run, "read", stage_read, error) || !stage_decide(run, error) ||
        !link_and_resolve(run, error))
        return task_drop(&mark);
    return task_end(&mark, error);
}

static gboolean write_all(Run *run, GError **error)
{
    return store_clear_results(run->store, error) && store_unindex_results(run->store, error) &&
           write_marks(run, error) && write_links(run, error) && write_people(run, error);
}

static gboolean write_changes(Run *run, GError **error)
{
    return update_marks(run, error) && update_links(run, error) && update_people(run, error) &&
           scope_close(run, error) &&
           (run->scope->closed || store_clear_derived(run->store, DERIVED_INDICATORS, error));
}

/* All that was matched; the edges that were made of it do without. */
static void match_clear(Run *run)
{
    found_clear(run);
    g_clear_pointer(&run->marks, marks_free);
    g_clear_pointer(&run->index_stamp, g_free);
    index_clear(run);
    links_clear(run);
    g_clear_pointer(&run->links, firearm_links_free);
    g_clear_pointer(&run->affected, g_free);
    g_clear_pointer(&run->people, person_result_free);
    g_clear_pointer(&run->link_decisions, g_array_unref);
    g_clear_pointer(&run->person_decisions, g_array_unref);
    g_clear_pointer(&run->linker, firearm_linker_free);
    g_clear_pointer(&run->firearm_parameters, firearm_parameters_free);
    g_clear_pointer(&run->person_parameters, person_parameters_free);
    g_clear_pointer(&run->facts, facts_free);
    g_clear_pointer(&run->image, image_free);
}

/* All that it rested on stayed what it was: what was read of a file that did not is in the results,
 * and in what was left beside the store. Who failed on that says so, and not what it met. */
static gboolean match_end(Run *run, gboolean done, GError **error)
{
    g_autoptr(GError) why = NULL;
    gboolean held = (!run->facts || facts_hold(run->facts, &why)) &&
                    find_index_holds(&run->index, &why) && mapped_holds(run->links_file, &why);
    run->altered |= !held;
    match_clear(run);
    if (held)
        return done;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

/* MiB, once facts and the like are gone: results are read back at random before they are in the
 * file, and each page that is not at hand is sought among all that were written. What a run with a
 * scope writes lies on pages all over the store, which stay at hand until they are written. */
#define RESULTS_CACHE 384
#define CHANGES_CACHE 1024

static gboolean keep_pages(Run *run, GError **error)
{
    return store_set_cache(run->store, run->scope ? CHANGES_CACHE : RESULTS_CACHE, error);
}

static gboolean write_found(Run *run, GError **error)
{
    g_autoptr(GError) unwritten = NULL;
    Task index = {.name = "STORE.idx", .stage = stage_index, .run = run};
    run->index_stamp = run->options->dry_run ? NULL : find_stamp(run->store, error);
    if (!run->index_stamp && !run->options->dry_run)
        return FALSE;
    task_begin(&index);
    gboolean done = (!run->scope || keep_pages(run, error)) && begin_run(run, error) &&
                    (run->scope ? write_changes(run, error) : write_all(run, error)) &&
                    scope_keep_decisions(run, error) && scope_keep_silenced(run, error) &&
                    links_keep(run, error);
    if (!task_end(&index, &unwritten)) /* without it a question takes longer, no more */
        g_string_append_printf(run->off, "no index of serials: %s\n", unwritten->message);
    return done && index_keep(run, error);
}

static gboolean ask(Run *run, GError **error)
{
    if (keep_pages(run, error) && stage_ask(run, error))
        return TRUE;
    g_prefix_error(error, "indicate: ");
    return FALSE;
}

/* What rules were asked of before is brought back while changes are written. Where they will be
 * asked of a part, those that are asked of everything begin before edges are made again, of which
 * no copy tells; of what was matched nothing is needed by then. */
static gboolean write_and_ask(Run *run, GError **error)
{
    Task recall = {.name = "indicate", .stage = views_recall, .run = run};
    if (!views_note(run, error))
        return FALSE;
    task_begin(&recall);
    gboolean recalled = write_found(run, error) ? task_end(&recall, error) : task_drop(&recall);
    if (!recalled || !match_end(run, TRUE, error))
        return FALSE;
    return run->scope->closed ? ask(run, error) : views_drop(run->views, error);
}

/* What was matched is let go before edges are made of what is stored. */
static gboolean write_and_join(Run *run, GError **error)
{
    return (run->scope ? write_and_ask(run, error)
                       : write_found(run, error) && match_end(run, TRUE, error)) &&
           stage_run(run, "join", stage_join, error);
}

/* Edges are made, and views copied, of what was found while that is written; then rules begin to be
 * asked of the copies while the edges are written. */
static gboolean write_beside(Run *run, GError **error)
{
    Task edges = {.name = "join", .stage = stage_edges, .run = run};
    Task copy = {.name = "indicate", .stage = stage_copy, .run = run};
    run->reads = indicators_reads(run->rules->indicators, run->store);
    task_begin(&edges);
    task_begin(&copy);
    gboolean written = write_found(run, error);
    gboolean made = written ? task_end(&edges, error) : task_drop(&edges);
    gboolean copied = made ? task_end(&copy, error) : task_drop(&copy);
    if (!copied || !match_end(run, TRUE, error))
        return FALSE;
    memory_trim();
    return ask(run, error) && stage_run(run, "join", stage_join, error);
}

/* The same of many, where no more may be at hand at once: edges beside what was found, copies
 * beside the edges, and rules behind both. */
static gboolean write_in_turns(Run *run, GError **error)
{
    Task edges = {.name = "join", .stage = stage_edges, .run = run};
    Task copy = {.name = "indicate", .stage = stage_copy, .run = run};
    run->reads = indicators_reads(run->rules->indicators, run->store);
    task_begin(&edges);
    gboolean made = write_found(run, error) ? task_end(&edges, error) : task_drop(&edges);
    if (!made)
        return FALSE;
    g_clear_pointer(&run->reader, store_close);
    facts_rest(run->facts);
    task_begin(&copy);
    gboolean joined = stage_run(run, "join", stage_join, error);
    g_clear_pointer(&run->edges, graph_edges_free);
    return joined ? task_end(&copy, error) : task_drop(&copy);
}

static gboolean write_full(Run *run, GError **error)
{
    if (!run->reader)
        return write_and_join(run, error);
    return is_large(run) ? write_in_turns(run, error) : write_beside(run, error);
}

static gboolean match_write_join(Run *run, GError **error)
{
    gboolean done = match(run, error);
    /* without a log who reads beside the writer would keep it waiting */
    if (run->scope || !done || !store_has_log(run->store))
        g_clear_pointer(&run->reader, store_close);
    if (done && !run->scope)
        found_make(run);
    if (done)
        facts_rest(run->facts);
    memory_trim(); /* what comes is the most that a run holds at one time */
    done = done && (run->scope ? write_and_join(run, error) : write_full(run, error));
    g_clear_pointer(&run->reader, store_close);
    done = match_end(run, done, error); /* what follows reads the store, and may need the memory */
    if (!run->scope)
        memory_trim();
    return done && keep_pages(run, error);
}

/* What the rules were asked of is left for the next run while the leads are gathered. */
static gboolean gather(Run *run, GError **error)
{
    Task keep = {.name = "keep", .stage = stage_keep_views, .run = run};
    if (!run->scope)
        memory_trim(); /* the rules' rows: evidence of many leads comes out of the page cache */
    task_begin(&keep);
    gboolean done = stage_run(run, "gather", stage_gather, error);
    task_drop(&keep); /* it can not fail */
    g_clear_pointer(&run->edges, graph_edges_free);
    return done && views_end(run, error);
}

gboolean run_stages(Run *run, GError **error)
{
    return match_write_join(run, error) && stage_run(run, "indicate", stage_indicate, error) &&
           gather(run, error);
}
