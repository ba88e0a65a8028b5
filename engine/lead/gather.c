/*
 * From edges and indicators to leads: reads what is to be grouped, all of the store or all that
 * hangs together with records that changed, has it grouped (group.c), and every group read, weighed
 * and written as a lead: some thousand records at a time, the next read while one is weighed.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/lead/group.h"
#include "engine/store/schema.h"

/* Records whose evidence is read at one time, while that of as many is weighed. */
#define BATCH_RECORDS 8000

static const char *cell(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static void take_edge(Gather *gather, sqlite3_stmt *row)
{
    gather_edge(gather, cell(row, 0), cell(row, 1), cell(row, 2), cell(row, 3),
                sqlite3_column_double(row, 4));
}

static void take_indicated(Gather *gather, sqlite3_stmt *row)
{
    gather_indicated(gather, cell(row, 0));
    if (sqlite3_column_double(row, 3) >= gather->rules->join_bits &&
        word_in(gather->rules->joins, cell(row, 1)))
        gather_joining(gather, cell(row, 0), cell(row, 1), cell(row, 2));
}

static void take_canadian(Gather *gather, sqlite3_stmt *row)
{
    gather_canadian(gather, cell(row, 0));
}

typedef struct {
    const char *sql;
    void (*take)(Gather *gather, sqlite3_stmt *row);
} Reading;

static void take_made_edge(const EdgeRow *edge, gpointer gather)
{
    if (edge->weight >= GATHER_WEIGHT)
        gather_edge(gather, edge->left, edge->right, edge->kind, edge->value, edge->weight);
}

static const Reading readings[] = {
    {"SELECT \"left\", \"right\", kind, value, weight FROM edges WHERE weight >= " G_STRINGIFY(
         GATHER_WEIGHT),
     take_edge},
    {"SELECT record, indicator, subject, bits FROM indicator WHERE bits > 0", take_indicated},
    {"SELECT record FROM firearms WHERE country = 'CAN'", take_canadian},
};

static void see_canadian(const char *ref, gpointer gather)
{
    gather_canadian(gather, ref);
}

/* Is it told sooner than the store tells it? */
static gboolean take_told(Gather *gather, const Reading *reading, const LeadInputs *inputs)
{
    if (reading->take == take_canadian)
        return inputs->views && views_visit_came_up(inputs->views, "CAN", see_canadian, gather);
    if (reading->take != take_edge || !inputs->edges)
        return FALSE;
    graph_edges_visit(inputs->edges, take_made_edge, gather);
    return TRUE;
}

/* Where records came up stands last. */
static gboolean gather_all(Gather *gather, Store *store, const LeadInputs *inputs, GError **error)
{
    sqlite3 *db = store_handle(store);
    for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
        if (take_told(gather, &readings[i], inputs))
            continue;
        sqlite3_stmt *row = NULL;
        int status = sqlite3_prepare_v2(db, readings[i].sql, -1, &row, NULL);
        while (status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
            readings[i].take(gather, row);
            status = SQLITE_OK;
        }
        sqlite3_finalize(row);
        if (status != SQLITE_DONE)
            return sqlite_error(db, "cannot gather leads", error);
    }
    return TRUE;
}

/* Leads are named by their smallest member: whose name a further member gives has been taken in. */
static gboolean find_superseded(Store *store, StoredLead *lead, GError **error)
{
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 1; i < lead->records->len; i++) {
        g_autofree char *id = lead_id_of(lead->records->pdata[i]);
        gboolean has = FALSE;
        if (!store_has_lead(store, id, &has, error))
            return FALSE;
        if (has)
            g_string_append_printf(found, "%s%s", found->len ? "; " : "", id);
    }
    lead->supersedes = found->len ? g_strdup(found->str) : NULL;
    return TRUE;
}

static gboolean write_lead(Store *store, StoredLead *stored, const Evidence *evidence,
                           GError **error)
{
    return find_superseded(store, stored, error) && store_put_lead(store, stored, evidence, error);
}

/* Some groups on their way: what is known of them becomes the leads that they are. */
typedef struct {
    Store *store;
    const LeadInputs *inputs;
    GPtrArray *all;    /* of LeadEvidence */
    GPtrArray *leads;  /* of StoredLead, */
    GPtrArray *scores; /* of Evidence: of the same place */
    gboolean beside;
    pthread_t thread;
} Batch;

static Batch *batch_new(Store *store, const LeadInputs *inputs)
{
    Batch *batch = g_new0(Batch, 1);
    batch->store = store;
    batch->inputs = inputs;
    batch->all = g_ptr_array_new_with_free_func((GDestroyNotify)lead_evidence_free);
    batch->leads = g_ptr_array_new_with_free_func((GDestroyNotify)stored_lead_free);
    batch->scores = g_ptr_array_new_with_free_func((GDestroyNotify)evidence_free);
    return batch;
}

static void batch_wait(Batch *batch)
{
    if (batch->beside)
        pthread_join(batch->thread, NULL);
    batch->beside = FALSE;
}

static void batch_free(Batch *batch)
{
    if (!batch)
        return;
    batch_wait(batch);
    g_ptr_array_unref(batch->all);
    g_ptr_array_unref(batch->leads);
    g_ptr_array_unref(batch->scores);
    g_free(batch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

static void take_lead(Batch *batch, const LeadEvidence *evidence, Lead *lead)
{
    StoredLead *stored = stored_lead_new();
    stored->lead_id = g_strdup(lead->lead_id);
    stored->kind = g_strdup(lead->kinds);
    stored->bits = lead->bits;
    stored->score = lead->score;
    stored->evidence_hash = g_strdup(lead->evidence_hash);
    stored->status = g_strdup(lead->status); /* what people said of it: judgement_settle_leads */
    for (guint i = 0; i < evidence->records->len; i++)
        g_ptr_array_add(stored->records,
                        g_strdup(((const Record *)evidence->records->pdata[i])->ref));
    g_ptr_array_add(batch->leads, stored);
    g_ptr_array_add(batch->scores, g_steal_pointer(&lead->evidence));
}

static void *batch_weigh(void *data)
{
    Batch *batch = data;
    for (guint i = 0; i < batch->all->len; i++) {
        const LeadEvidence *evidence = batch->all->pdata[i];
        g_autoptr(Lead) lead = lead_weigh(evidence, batch->inputs->rules, batch->inputs->codes);
        if (lead)
            take_lead(batch, evidence, lead);
    }
    g_ptr_array_set_size(batch->all, 0);
    return NULL;
}

static void batch_begin(Batch *batch)
{
    batch->beside =
        !batch->inputs->one_thread && pthread_create(&batch->thread, NULL, batch_weigh, batch) == 0;
    if (!batch->beside)
        batch_weigh(batch);
}

/* Reads what is known of groups from one on, as many as a batch holds; *to: behind the last. */
static gboolean batch_read(Batch *batch, const GPtrArray *groups, guint from, guint *to,
                           GError **error)
{
    g_autoptr(GHashTable) of_ref = g_hash_table_new(g_str_hash, g_str_equal);
    for (*to = from; *to < groups->len && g_hash_table_size(of_ref) < BATCH_RECORDS; (*to)++) {
        const GPtrArray *group = groups->pdata[*to];
        LeadEvidence *evidence = lead_evidence_new();
        g_ptr_array_add(batch->all, evidence);
        for (guint k = 0; k < group->len; k++)
            g_hash_table_insert(of_ref, group->pdata[k], evidence);
    }
    const LeadSources sources = {.store = batch->store,
                                 .reader = batch->inputs->reader,
                                 .views = batch->inputs->views,
                                 .edges = batch->inputs->edges,
                                 .weighed = TRUE};
    return lead_evidence_fill(&sources, of_ref, error);
}

static gboolean batch_write(Batch *batch, guint *count, GError **error)
{
    if (!batch)
        return TRUE;
    batch_wait(batch);
    *count += batch->leads->len;
    for (guint i = 0; i < batch->leads->len; i++)
        if (!write_lead(batch->store, batch->leads->pdata[i], batch->scores->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* While one batch is weighed, the next is read; they are written in their order. */
static gboolean make_leads(Store *store, const LeadInputs *inputs, const GPtrArray *groups,
                           guint *count, GError **error)
{
    g_autoptr(Batch) before = NULL;
    for (guint from = 0, to; from < groups->len; from = to) {
        g_autoptr(Batch) batch = batch_new(store, inputs);
        if (!batch_read(batch, groups, from, &to, error) || !batch_write(before, count, error))
            return FALSE;
        batch_begin(batch);
        g_clear_pointer(&before, batch_free);
        before = g_steal_pointer(&batch);
    }
    return batch_write(before, count, error);
}

gboolean lead_correlate(Store *store, const LeadInputs *inputs, guint *count, GError **error)
{
    g_auto(Gather) gather;
    gather_init(&gather, inputs->rules);
    *count = 0;
    if (!gather_all(&gather, store, inputs, error))
        return FALSE;
    g_autoptr(GPtrArray) groups = gather_groups(&gather);
    return make_leads(store, inputs, groups, count, error);
}

static gboolean is_same(const GPtrArray *members, const GPtrArray *group)
{
    if (!members || members->len != group->len)
        return FALSE;
    for (guint i = 0; i < group->len; i++)
        if (strcmp(members->pdata[i], group->pdata[i]) != 0)
            return FALSE;
    return TRUE;
}

/* Takes out the groups that are leads already, of the same records, none of which changed: their
 * evidence is what it was. Of leads, those stay that are no more or to be made anew. */
static void keep_leads(GPtrArray *groups, GHashTable *leads, GHashTable *changed)
{
    guint n = 0;
    for (guint i = 0; i < groups->len; i++) {
        GPtrArray *group = groups->pdata[i];
        g_autofree char *id = lead_id_of(group->pdata[0]);
        gboolean same = is_same(g_hash_table_lookup(leads, id), group);
        for (guint k = 0; same && k < group->len; k++)
            same = !g_hash_table_contains(changed, group->pdata[k]);
        if (same) {
            g_hash_table_remove(leads, id);
            g_ptr_array_unref(group);
        } else {
            groups->pdata[n++] = group;
        }
    }
    groups->len = n;
}

static gboolean retire(GHashTable *leads, Store *store, GError **error)
{
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(leads), (GCompareFunc)strcmp);
    for (const GList *id = ids; id; id = id->next)
        if (!store_retire_lead(store, id->data, error))
            return FALSE;
    return TRUE;
}

/* A lead that has both ends of a link weighs it; whoever else has one of them knows nothing of it.
 */
static gboolean take_weighed(Store *store, const LeadChange *change, GError **error)
{
    static const char sql[] = "SELECT 1 FROM lead_record a JOIN lead_record b"
                              " ON b.lead_id = a.lead_id AND b.record = ?2 WHERE a.record = ?1";
    sqlite3 *db = store_handle(store);
    sqlite3_stmt *ask = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &ask, NULL);
    gboolean ok = status == SQLITE_OK;
    for (guint i = 0; ok && i < change->weighed->len; i += 2) {
        const char *left = change->weighed->pdata[i], *right = change->weighed->pdata[i + 1];
        sqlite3_bind_text(ask, 1, left, -1, SQLITE_STATIC);
        sqlite3_bind_text(ask, 2, right, -1, SQLITE_STATIC);
        status = sqlite3_step(ask);
        ok = status == SQLITE_ROW || status == SQLITE_DONE;
        sqlite3_reset(ask);
        if (status == SQLITE_ROW && !g_hash_table_contains(change->records, left))
            g_hash_table_add(change->records, g_strdup(left));
    }
    ok = ok || sqlite_error(db, "cannot gather leads", error);
    sqlite3_finalize(ask);
    return ok;
}

gboolean lead_update(Store *store, const LeadInputs *inputs, const LeadChange *change,
                     GError **error)
{
    g_auto(Gather) gather;
    g_autoptr(GHashTable) leads =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    guint count = 0;
    gather_init(&gather, inputs->rules);
    if (!take_weighed(store, change, error) ||
        !gather_reached(&gather, store, inputs, change, leads, error))
        return FALSE;
    g_autoptr(GPtrArray) groups = gather_groups(&gather);
    LeadsAnew anew = {leads, groups, gather.text};
    keep_leads(groups, leads, change->records);
    return leads_retell(store, change->reworded, &anew, error) && retire(leads, store, error) &&
           make_leads(store, inputs, groups, &count, error);
}
