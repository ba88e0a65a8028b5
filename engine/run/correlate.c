/*
 * correlate: one run over one store, in one transaction. Nothing new since the last run (same
 * records, same rules) is nothing to do. The stages in their order: stages.c.
 */
#include <string.h>

#include "engine/audit/audit.h"
#include "engine/base/error.h"
#include "engine/judgement/judgement.h"
#include "engine/run/stages.h"
#include "engine/store/shared.h"

static void join_touch(const char *ref, gpointer scope)
{
    GHashTable *joined = ((Scope *)scope)->joined;
    if (!g_hash_table_contains(joined, ref))
        g_hash_table_add(joined, g_strdup(ref));
}

/* Only what is another, unless a run of before left no table of what records share. */
static gboolean join_changed(Run *run, GError **error)
{
    Scope *scope = run->scope;
    gboolean has = FALSE;
    if (!store_has_shared(run->store, &has, error))
        return FALSE;
    scope->all_edges = !has;
    if (!has)
        return store_clear_derived(run->store, DERIVED_EDGES, error);
    const GraphChange change = {.since = &run->last,
                                .revised = scope->changes.revised,
                                .records = scope->records,
                                .entities = scope->entities,
                                .touch = join_touch,
                                .data = scope};
    return graph_update(run->store, &run->rules->graph, &change, error);
}

#define READER_CACHE 8 /* MiB, for who reads every page once */

gboolean stage_edges(Run *run, GError **error)
{
    if (!store_set_cache(run->reader, READER_CACHE, error))
        return FALSE;
    run->edges = graph_make(run->reader, &run->rules->graph, &run->found.given, error);
    return run->edges != NULL;
}

static gboolean join_all(Run *run, GError **error)
{
    return (run->edges ? graph_write(run->edges, run->store, error)
                       : graph_build(run->store, &run->rules->graph, error)) &&
           store_index_results(run->store, "edge", error);
}

gboolean stage_copy(Run *run, GError **error)
{
    g_autoptr(Store) reader = store_open_beside(run->store, error);
    return reader && store_set_cache(reader, READER_CACHE, error) &&
           views_read(run->views, indicator_reads_columns(run->reads), reader, &run->found.given,
                      error);
}

gboolean stage_join(Run *run, GError **error)
{
    if (run->scope && !join_changed(run, error))
        return FALSE;
    return (run->scope && !run->scope->all_edges) || join_all(run, error);
}

static gboolean is_scoped(const Run *run)
{
    return run->scope && run->scope->closed;
}

gboolean stage_ask(Run *run, GError **error)
{
    const IndicatorRun rules = {.as_of = run->options->as_of,
                                .since = is_scoped(run) ? run->last.as_of : NULL,
                                .costs = run->report->costs,
                                .views = run->views,
                                .reads = run->reads,
                                .one_thread = run->options->one_thread};
    run->asked = indicators_begin(run->rules->indicators, run->store, &rules, error);
    return run->asked != NULL;
}

gboolean stage_indicate(Run *run, GError **error)
{
    g_autofree char *off = NULL;
    if ((!run->asked && !stage_ask(run, error)) || !indicators_end(run->asked, &off, error))
        return FALSE;
    g_clear_pointer(&run->asked, indicator_task_free);
    if (off)
        g_string_append_printf(run->off, "%s\n", off);
    return is_scoped(run) || store_index_results(run->store, "indicator", error);
}

/* When one record in so many changed, all leads are as soon made anew. */
#define LEADS_ANEW 2

static void note_ref(const char *ref, gpointer set)
{
    if (!g_hash_table_contains(set, ref))
        g_hash_table_add(set, g_strdup(ref));
}

static void note_said(const char *ref, gboolean reworded, gpointer data)
{
    const LeadChange *change = data;
    note_ref(ref, reworded ? change->reworded : change->records);
}

/* Records that are others, are joined otherwise, or of which something else is said. */
static void changed_records(Run *run, LeadChange *change)
{
    const Scope *scope = run->scope;
    GHashTable *sets[] = {scope->records, scope->joined};
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        GHashTableIter iter;
        gpointer ref;
        g_hash_table_iter_init(&iter, sets[i]); /* a set is made of them */
        while (g_hash_table_iter_next(&iter, &ref, NULL))
            note_ref(ref, change->records);
    }
    store_changed_indicators(run->store, note_said, change);
    store_dropped_subjects(run->store, note_ref, change->subjects);
}

static gboolean update_leads(Run *run, const LeadInputs *inputs, gboolean *done, GError **error)
{
    g_autoptr(GHashTable) records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) reworded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    LeadChange change = {records, reworded, run->scope->weighed, subjects};
    changed_records(run, &change);
    *done = g_hash_table_size(records) < run->now.records / LEADS_ANEW;
    return !*done || lead_update(run->store, inputs, &change, error);
}

gboolean stage_gather(Run *run, GError **error)
{
    gboolean beside = !run->options->one_thread && store_has_log(run->store);
    g_autoptr(Store) reader = beside ? store_open_beside(run->store, error) : NULL;
    const LeadInputs inputs = {run->rules->leads,
                               run->rules->codes,
                               run->rules->indicators,
                               run->options->one_thread,
                               reader,
                               run->views,
                               run->edges};
    guint leads = 0;
    gboolean updated = FALSE;
    if (beside && (!reader || !store_set_cache(reader, READER_CACHE, error)))
        return FALSE;
    if (run->scope && !run->scope->all_edges && !update_leads(run, &inputs, &updated, error))
        return FALSE;
    if (!updated && ((run->scope && !store_clear_derived(run->store, DERIVED_LEADS, error)) ||
                     !lead_correlate(run->store, &inputs, &leads, error)))
        return FALSE;
    return judgement_settle_leads(run->store, run->options->as_of, error);
}

gboolean begin_run(Run *run, GError **error)
{
    return parameters_keep(run, error) && store_start_run(run->store, &run->now, error);
}

/* What became of the leads of the run before, and how many there are that it did not have. */
static gboolean compare_leads(Run *run, GError **error)
{
    CorrelateReport *report = run->report;
    g_autoptr(GHashTable) now = store_lead_hashes(run->store, error);
    if (!now)
        return FALSE;
    guint kept = 0;
    GHashTableIter iter;
    gpointer id, hash;
    g_hash_table_iter_init(&iter, run->leads_before); /* they are counted: no order */
    while (g_hash_table_iter_next(&iter, &id, &hash)) {
        const char *other = g_hash_table_lookup(now, id);
        kept += other != NULL;
        report->leads_changed += other && strcmp(hash, other) != 0;
    }
    report->leads_gone = g_hash_table_size(run->leads_before) - kept;
    report->leads_new = g_hash_table_size(now) - kept;
    return TRUE;
}

static gboolean end_run(Run *run, GError **error)
{
    StoreRun *now = &run->now;
    CorrelateReport *report = run->report;
    if (!store_finish_run(run->store, now, error) || !compare_leads(run, error))
        return FALSE;
    report->links = now->links;
    report->persons = now->persons;
    report->markers = now->markers;
    report->leads = now->leads;
    g_autofree char *subject = g_strdup_printf("run %" G_GINT64_FORMAT, now->run_id);
    g_autofree char *detail =
        g_strdup_printf("data=%s rules=%s set=%" G_GINT64_FORMAT " links=%" G_GUINT64_FORMAT
                        " leads=%" G_GUINT64_FORMAT,
                        now->data_hash, now->rules_hash, now->set_id, now->links, now->leads);
    AuditEntry entry = {run->options->as_of, "correlate", subject, detail, "done"};
    return store_meta_set(run->store, META_OFF, run->off->str, error) &&
           audit_change(run->store, &entry, error);
}

/* What the results follow from besides the rules: records, and what people decided. */
static char *input_hash(Store *store, const char *as_of, GError **error)
{
    g_autofree char *data = store_data_hash(store, error);
    g_autofree char *decided = data ? judgement_state(store, as_of, error) : NULL;
    if (!decided || strcmp(decided, "0") == 0)
        return decided ? g_steal_pointer(&data) : NULL;
    g_autofree char *both = g_strconcat(data, "\n", decided, NULL);
    return text_sha256(both, -1);
}

/* What the last run left, and what this one begins with. */
static gboolean look_around(Run *run, GError **error)
{
    GError *problem = NULL;
    if (!store_last_run(run->store, &run->last, &problem) && problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    run->now = (StoreRun){.as_of = g_strdup(run->options->as_of),
                          .kind = g_strdup("full"),
                          .rules_hash = g_strdup(run->rules->hash)};
    return (run->now.data_hash = input_hash(run->store, run->options->as_of, error)) != NULL &&
           (run->now.data_sum = store_data_sum(run->store, error)) != NULL &&
           store_extent(run->store, &run->now, error) && parameters_plan(run, error);
}

/* Same records, decisions and rules as the stored results came from? */
static gboolean is_current(const Run *run)
{
    return run->last.run_id && !run->options->full && !run->estimate &&
           g_strcmp0(run->last.data_hash, run->now.data_hash) == 0 &&
           g_strcmp0(run->last.rules_hash, run->now.rules_hash) == 0;
}

gboolean stage_prepare(Run *run, GError **error)
{
    return indicators_prepare(run->rules->indicators, run->store, error) &&
           (run->leads_before = store_lead_hashes(run->store, error)) != NULL;
}

static gboolean correlate_in_transaction(Run *run, GError **error)
{
    if (!look_around(run, error))
        return FALSE;
    run->report->nothing_new = is_current(run);
    return run->report->nothing_new ||
           (scope_plan(run, error) && run_stages(run, error) && end_run(run, error));
}

/* A run that failed on what another wrote into its copies of views says that, and not what it met.
 */
static void tell_altered(Run *run, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (mapped_holds(run->views_file, &why))
        return;
    run->altered = TRUE;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&why));
}

gboolean correlate(Store *store, const Rules *rules, const CorrelateOptions *options,
                   CorrelateReport *report, GError **error)
{
    *report = (CorrelateReport){.costs = g_array_new(FALSE, FALSE, sizeof(IndicatorCost))};
    g_autoptr(GString) off = g_string_new(NULL);
    g_autoptr(GString) crowds = g_string_new(NULL);
    Run run = {.store = store,
               .rules = rules,
               .options = options,
               .report = report,
               .off = off,
               .crowds = crowds};
    run.views = views_new(store);
    views_allow(run.views, options->copies_most, options->one_thread);
    run.reader = store_open_beside(store, error);
    gboolean ok = run.reader && store_begin(store, error) && correlate_in_transaction(&run, error);
    g_clear_pointer(&run.reader, store_close);
    store_set_cache(store, 0, NULL);
    scope_free(run.scope);
    g_free(run.views_note);
    if (!ok && run.views_file)
        tell_altered(&run, error);
    if (run.altered && !options->dry_run)
        find_forget(store, TRUE, NULL); /* some of it was made of what was altered */
    indicator_task_free(run.asked);
    g_clear_pointer(&run.edges, graph_edges_free);
    views_free(run.views);
    mapped_free(run.views_file);
    g_clear_pointer(&run.leads_before, g_hash_table_unref);
    g_clear_pointer(&run.reads, indicator_reads_free);
    store_run_clear(&run.last);
    store_run_clear(&run.now);
    parameter_set_clear(&run.set);
    gboolean keep = ok && !options->dry_run && !report->nothing_new;
    if (keep && !options->one_thread)
        store_write_early(store, 0);
    if (keep)
        ok = store_commit(store, error);
    else
        store_rollback(store);
    if (ok && !options->dry_run)
        leave_words(&run);
    g_string_append(off, crowds->str);
    if (ok && off->len)
        report->off = g_strndup(off->str, off->len - 1);
    return ok;
}

void correlate_report_clear(CorrelateReport *report)
{
    g_clear_pointer(&report->off, g_free);
    g_clear_pointer(&report->costs, g_array_unref);
}

char *run_hash(Store *store, const char *as_of, GError **error)
{
    g_auto(StoreRun) last = {0};
    GError *problem = NULL;
    if (!store_last_run(store, &last, &problem)) {
        if (problem)
            g_propagate_error(error, problem);
        else
            error_set(error, STATUS_NO_INPUT,
                      "nothing was correlated yet; run 'crosstrace correlate' first");
        return NULL;
    }
    g_autofree char *text = g_strdup_printf("%s\n%s\n%" G_GINT64_FORMAT "\n%s", last.data_hash,
                                            last.rules_hash, last.set_id, as_of);
    char *hash = text_sha256(text, -1);
    hash[16] = '\0';
    return hash;
}
