/*
 * What `find` needs of a run: how records become observations, an index of serials with the
 * parameters of the last run, and STORE.words, which a run leaves behind (STORE.idx: serials.c).
 */
#include "engine/base/error.h"
#include "engine/find/derived.h"
#include "engine/run/stages.h"

static void see_marking(const ScanRecord *record, gpointer data)
{
    FindRecord marking = {g_strdup(record->value[FIELD_HANDLING]),
                          g_strcmp0(record->value[FIELD_CONFIDENTIAL_SOURCE], "Y") == 0};
    g_array_append_val((GArray *)data, marking);
}

static void free_facts(gpointer facts)
{
    facts_free(facts);
}

static gboolean read_found(Store *store, const GArray *ids, FindFacts *out, GError **error)
{
    find_facts_init(out, free_facts);
    Facts *facts = facts_read_some(store, ids, see_marking, out->records, error);
    out->owner = facts;
    out->firearms = facts ? facts->firearms : NULL;
    return facts != NULL;
}

/* Of what the records say, where no run did it yet. */
static FirearmParameters *estimate(Store *store, const FirearmModel *model, GError **error)
{
    g_autoptr(Facts) facts = facts_read_firearms(store, error);
    return facts ? firearm_parameters_estimate(model,
                                               (const Firearm *)(gpointer)facts->firearms->data,
                                               facts->firearms->len)
                 : NULL;
}

/* Of the last run; without one, or of one by a program of before, estimated for the question. */
static FirearmParameters *parameters_for(Store *store, const FirearmModel *model, GError **error)
{
    g_auto(ParameterSet) set = {0};
    if (!store_last_parameters(store, &set, error))
        return NULL;
    FirearmParameters *kept = set.set_id ? firearm_parameters_read(model, set.firearm, NULL) : NULL;
    return kept ? kept : estimate(store, model, error);
}

static gboolean add_serial(const ScanRecord *record, gpointer indexing)
{
    Serial serial;
    if (facts_observation(record->value)) {
        facts_serial(record->value, &serial);
        firearm_indexing_add(indexing, &serial, record->id);
    }
    return TRUE;
}

/* Records pass one by one: no more is in memory than the index, but where there was no run, as
 * estimating holds the facts of all firearms at once. */
static FirearmIndex *build_index(Store *store, const FirearmModel *model, GError **error)
{
    static const Field fields[] = {FIELD_EVENT_TYPE, FIELD_MAKE, FIELD_SERIAL_NUMBER,
                                   FIELD_SERIAL_KIND, FIELD_SERIAL_PATTERN};
    FirearmParameters *parameters = parameters_for(store, model, error);
    if (!parameters)
        return NULL;
    g_autoptr(FirearmIndexing) indexing = firearm_indexing_new();
    StoreScan scan = {
        .fields = fields, .n_fields = G_N_ELEMENTS(fields), .record = add_serial, .data = indexing};
    if (!store_scan(store, &scan, error)) {
        firearm_parameters_free(parameters);
        return NULL;
    }
    FirearmIndex *index = firearm_indexing_end(g_steal_pointer(&indexing), parameters);
    firearm_index_keep(index, parameters);
    return index;
}

FindReader run_find_reader(const FirearmModel *model)
{
    return (FindReader){model, read_found, build_index};
}

/* Where questions are asked of a store; they would be answered without it, more slowly. */
void leave_words(Run *run)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = find_words_path(run->store);
    if (g_file_test(path, G_FILE_TEST_EXISTS) &&
        !find_prepare(run->store, run->rules->people, &error))
        g_string_append_printf(run->off, "no list of words: %s\n", error->message);
}
