/*
 * What `find` needs of a run: how records become observations, an index of serials with the
 * parameters of the last run, and STORE.idx and STORE.words, which a run leaves behind.
 */
#include "engine/base/error.h"
#include "engine/query/derived.h"
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

/* Of the last run; without one, or of one by a program of before, of what the records say. */
static FirearmParameters *parameters_for(Store *store, const FirearmModel *model,
                                         const Facts *facts, GError **error)
{
    g_auto(StoreRun) run = {0};
    g_auto(ParameterSet) set = {0};
    GError *problem = NULL;
    gboolean ran = store_last_run(store, &run, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return NULL;
    }
    if (ran && !store_get_parameters(store, run.set_id, &set, error))
        return NULL;
    FirearmParameters *kept = ran ? firearm_parameters_read(model, set.firearm, NULL) : NULL;
    return kept ? kept
                : firearm_parameters_estimate(model,
                                              (const Firearm *)(gpointer)facts->firearms->data,
                                              facts->firearms->len);
}

static FirearmIndex *index_of(const Facts *facts, const FirearmParameters *parameters)
{
    FirearmInput input = {.parameters = parameters,
                          .firearms = (const Firearm *)(gpointer)facts->firearms->data,
                          .n = facts->firearms->len};
    return firearm_index_new(&input, (const gint64 *)(gpointer)facts->firearm_id->data);
}

static FirearmIndex *build_index(Store *store, const FirearmModel *model, GError **error)
{
    g_autoptr(Facts) facts = facts_read(store, FALSE, error);
    FirearmParameters *parameters = facts ? parameters_for(store, model, facts, error) : NULL;
    if (!parameters)
        return NULL;
    FirearmIndex *index = index_of(facts, parameters);
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

gboolean stage_index(Run *run, G_GNUC_UNUSED GError **error)
{
    if (!run->options->dry_run)
        run->index = index_of(run->facts, run->firearm_parameters);
    return TRUE;
}

void leave_index(Run *run)
{
    g_autoptr(GError) error = NULL;
    if (run->index && !find_index_write(run->store, run->index, &error))
        g_string_append_printf(run->off, "no index of serials: %s\n", error->message);
}
