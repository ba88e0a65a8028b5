/*
 * Reads the evidence of groups from the store: each table once for all groups together, over its
 * index, each row to the group that its record belongs to, in an order that depends on the
 * references alone; records on another thread where there is another connection.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/lead/parts.h"
#include "engine/store/schema.h"

typedef struct {
    const LeadSources *from;
    Store *store;       /* that is read */
    GHashTable *of_ref; /* reference -> LeadEvidence, borrowed */
    const char *refs;   /* the same references as a JSON array */
    GError *problem;    /* of who reads beside */
} Fill;

typedef struct {
    const char *select, *key, *order;
    gboolean (*take)(Fill *fill, sqlite3_stmt *row, GError **error);
} Source;

static char *text_at(sqlite3_stmt *row, int column)
{
    return g_strdup((const char *)sqlite3_column_text(row, column));
}

static LeadEvidence *group_at(Fill *fill, sqlite3_stmt *row, int column)
{
    const char *ref = (const char *)sqlite3_column_text(row, column);
    return ref ? g_hash_table_lookup(fill->of_ref, ref) : NULL;
}

/* Terms of at least as many bits against a link are shown as counter-evidence. */
#define AGAINST_BITS 2

static char *links_line(const Evidence *evidence, const LeadTelling *telling)
{
    gboolean words = telling->terms && telling->lang != LANG_EN;
    return words ? terms_line(telling->terms, evidence, telling->lang)
                 : evidence_line(evidence, LANG_EN);
}

static char *terms_against(const Evidence *evidence, const LeadTelling *telling)
{
    g_autoptr(Evidence) against = evidence_new();
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        if (term->counted <= -AGAINST_BITS)
            evidence_add(against, term->family, term->field, term->level, term->left, term->right,
                         term->counted);
    }
    return evidence_count(against) ? links_line(against, telling) : NULL;
}

static gboolean take_link(Fill *fill, sqlite3_stmt *row, GError **error)
{
    LeadEvidence *group = group_at(fill, row, 0);
    if (!group || group != group_at(fill, row, 1))
        return TRUE;
    LeadLink *link = g_new0(LeadLink, 1);
    g_ptr_array_add(group->links, link);
    link->left = text_at(row, 0);
    link->right = text_at(row, 1);
    link->tier = text_at(row, 2);
    link->bits = sqlite3_column_double(row, 3);
    link->probability = sqlite3_column_double(row, 4);
    link->chance_matches = sqlite3_column_double(row, 5);
    if (!fill->from->telling || sqlite3_column_type(row, 6) == SQLITE_NULL)
        return TRUE;
    g_autoptr(Evidence) evidence =
        store_get_evidence(fill->store, sqlite3_column_int64(row, 6), error);
    if (!evidence)
        return FALSE;
    link->explanation = links_line(evidence, fill->from->telling);
    link->against = terms_against(evidence, fill->from->telling);
    return TRUE;
}

static gboolean take_person(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    LeadEvidence *group = group_at(fill, row, 0);
    if (!group)
        return TRUE;
    LeadPerson *person = g_new0(LeadPerson, 1);
    g_ptr_array_add(group->people, person);
    person->mention = text_at(row, 1);
    person->entity = text_at(row, 2);
    person->role = text_at(row, 3);
    person->last = text_at(row, 4);
    person->first = text_at(row, 5);
    person->dob = text_at(row, 6);
    person->probability = sqlite3_column_double(row, 7);
    return TRUE;
}

static gboolean take_indicator(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    LeadEvidence *group = group_at(fill, row, 0);
    if (!group)
        return TRUE;
    LeadIndicator *indicator = g_new0(LeadIndicator, 1);
    g_ptr_array_add(group->indicators, indicator);
    indicator->record = text_at(row, 0);
    indicator->indicator = text_at(row, 1);
    indicator->subject = text_at(row, 2);
    indicator->rev = sqlite3_column_int(row, 3);
    indicator->bits = sqlite3_column_double(row, 4);
    indicator->explanation = text_at(row, 5);
    const Indicator *rule = fill->from->indicators
                                ? indicators_find(fill->from->indicators, indicator->indicator)
                                : NULL;
    indicator->title = g_strdup(rule ? rule->title : indicator->indicator);
    indicator->severity = g_strdup(rule && rule->severity ? rule->severity : "");
    return TRUE;
}

static gboolean take_marker(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    LeadEvidence *group = group_at(fill, row, 0);
    if (!group)
        return TRUE;
    LeadMarker *marker = g_new0(LeadMarker, 1);
    g_ptr_array_add(group->markers, marker);
    marker->record = text_at(row, 0);
    marker->category = text_at(row, 1);
    marker->probability = sqlite3_column_double(row, 2);
    marker->excerpt = text_at(row, 3);
    return TRUE;
}

static gboolean take_edge(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    LeadEvidence *group = group_at(fill, row, 0);
    if (!group || group != group_at(fill, row, 1))
        return TRUE;
    LeadEdge *edge = g_new0(LeadEdge, 1);
    g_ptr_array_add(group->edges, edge);
    edge->left = text_at(row, 0);
    edge->right = text_at(row, 1);
    edge->kind = text_at(row, 2);
    edge->value = text_at(row, 3);
    edge->weight = sqlite3_column_double(row, 4);
    return TRUE;
}

static Record *record_at(const LeadEvidence *group, const char *ref)
{
    for (guint i = 0; i < group->records->len; i++)
        if (strcmp(((Record *)group->records->pdata[i])->ref, ref) == 0)
            return group->records->pdata[i];
    return NULL;
}

/* A dealer whom the record knows by number alone is called what the list of licensees says. */
static gboolean take_dealer(Fill *fill, sqlite3_stmt *row, GError **error)
{
    static const Field fields[] = {FIELD_FFL_NAME, FIELD_FFL_CITY, FIELD_FFL_STATE};
    LeadEvidence *group = group_at(fill, row, 0);
    Record *record = group ? record_at(group, (const char *)sqlite3_column_text(row, 0)) : NULL;
    (void)error;
    for (guint i = 0; record && i < G_N_ELEMENTS(fields); i++)
        if (!record_get(record, fields[i]))
            record_take(record, fields[i], text_at(row, (int)i + 1));
    return TRUE;
}

/* What a record does not say itself. */
static const Source listed = {
    /* the published list; what else a store may hold of licensees is not told in passing */
    "SELECT r.ref, d.ffl_name, d.ffl_city, d.ffl_state FROM record r JOIN record d"
    " ON d.ref = 'ffl:' || r.rds_key WHERE r.ffl_name IS NULL AND d.handling = 'UNCLASSIFIED'",
    "r.ref", "1", take_dealer};

static const Source sources[] = {
    {"SELECT \"left\", \"right\", tier, bits, probability, chance_matches, evidence_id FROM link "
     "WHERE kind = 'serial'",
     "\"left\"", "1, 2, 3", take_link},
    {"SELECT record, mention, ifnull(person, mention), role, ifnull(last, organisation), first, "
     "dob, ifnull(probability, 1) FROM people WHERE 1",
     "record", "1, 2", take_person},
    {"SELECT record, indicator, subject, rev, bits, explanation FROM indicator WHERE 1", "record",
     "2, 3, 1, 5 DESC, 6", take_indicator},
    {"SELECT record, category, probability, excerpt FROM marker WHERE 1", "record", "1, 2",
     take_marker},
    {"SELECT \"left\", \"right\", kind, value, weight FROM edges WHERE 1", "\"left\"",
     "1, 2, 3, 4, 5", take_edge},
};

static gboolean read_source(Fill *fill, const Source *source, GError **error)
{
    sqlite3 *db = store_handle(fill->store);
    g_autofree char *sql =
        g_strdup_printf("%s AND %s IN (SELECT value FROM json_each(?1)) ORDER BY %s",
                        source->select, source->key, source->order);
    sqlite3_stmt *row = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &row, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_bind_text(row, 1, fill->refs, -1, SQLITE_STATIC);
    gboolean taken = TRUE;
    while (taken && status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
        status = SQLITE_OK;
        taken = source->take(fill, row, error);
    }
    sqlite3_finalize(row);
    if (!taken)
        return FALSE;
    return status == SQLITE_DONE || store_error(db, "cannot read evidence", error);
}

static GPtrArray *sorted_refs(GHashTable *of_ref)
{
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    GHashTableIter iter;
    gpointer ref;
    g_hash_table_iter_init(&iter, of_ref);
    while (g_hash_table_iter_next(&iter, &ref, NULL))
        g_ptr_array_add(refs, ref);
    g_ptr_array_sort(refs, text_compare);
    return g_steal_pointer(&refs);
}

static gboolean take_record(Record *record, gboolean *take, gpointer data)
{
    Fill *fill = data;
    LeadEvidence *group = g_hash_table_lookup(fill->of_ref, record->ref);
    *take = group != NULL;
    if (group)
        g_ptr_array_add(group->records, record);
    return TRUE;
}

/* The references as JSON; they are our own and hold no control characters, but may hold quotes. */
static char *refs_as_json(const GPtrArray *refs)
{
    GString *json = g_string_new("[");
    for (guint i = 0; i < refs->len; i++) {
        g_string_append(json, i ? ",\"" : "\"");
        for (const char *p = refs->pdata[i]; *p; p++) {
            if (*p == '"' || *p == '\\')
                g_string_append_c(json, '\\');
            g_string_append_c(json, *p);
        }
        g_string_append_c(json, '"');
    }
    return g_string_free(g_string_append_c(json, ']'), FALSE);
}

static gboolean read_records(Fill *fill, GError **error)
{
    return store_visit_refs(fill->store, fill->refs, take_record, fill, error) &&
           read_source(fill, &listed, error);
}

/* NULL when it failed. */
static void *read_beside(void *data)
{
    Fill *fill = data;
    return read_records(fill, &fill->problem) ? fill : NULL;
}

static gboolean read_found(Fill *fill, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
        if (!read_source(fill, &sources[i], error))
            return FALSE;
    return TRUE;
}

/* Records go to arrays of their own, so that two threads share nothing that either writes. */
gboolean lead_evidence_fill(const LeadSources *from, GHashTable *of_ref, GError **error)
{
    g_autoptr(GPtrArray) refs = sorted_refs(of_ref);
    g_autofree char *json = refs_as_json(refs);
    Fill found = {.from = from, .store = from->store, .of_ref = of_ref, .refs = json};
    Fill records = found;
    pthread_t thread;
    records.store = from->reader ? from->reader : from->store;
    if (!from->reader || pthread_create(&thread, NULL, read_beside, &records) != 0)
        return read_records(&records, error) && read_found(&found, error);
    void *done = NULL;
    gboolean ok = read_found(&found, error);
    pthread_join(thread, &done);
    if (ok && !done)
        g_propagate_error(error, g_steal_pointer(&records.problem));
    g_clear_error(&records.problem);
    return ok && done;
}

static GHashTable *read_file_names(Store *store, GError **error)
{
    sqlite3 *db = store_handle(store);
    g_autoptr(GHashTable) names =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    sqlite3_stmt *row = NULL;
    int status = sqlite3_prepare_v2(db, "SELECT file_id, name FROM file", -1, &row, NULL);
    while (status == SQLITE_OK && (status = sqlite3_step(row)) == SQLITE_ROW) {
        gint64 id = sqlite3_column_int64(row, 0);
        g_hash_table_insert(names, g_memdup2(&id, sizeof id), text_at(row, 1));
        status = SQLITE_OK;
    }
    sqlite3_finalize(row);
    if (status != SQLITE_DONE) {
        store_error(db, "cannot read file names", error);
        return NULL;
    }
    return g_steal_pointer(&names);
}

static void name_sources(LeadEvidence *evidence, GHashTable *names)
{
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        const char *name = g_hash_table_lookup(names, &record->file_id);
        g_ptr_array_add(evidence->sources,
                        g_strdup_printf("%s:%" G_GUINT64_FORMAT, name ? name : "?", record->line));
    }
}

GPtrArray *lead_evidence_read_all(Store *store, const GPtrArray *leads, const LeadTelling *telling,
                                  GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)lead_evidence_free);
    g_autoptr(GHashTable) of_ref = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < leads->len; i++) {
        const StoredLead *lead = leads->pdata[i];
        LeadEvidence *evidence = lead_evidence_new();
        evidence->lead_id = g_strdup(lead->lead_id);
        g_ptr_array_add(all, evidence);
        for (guint j = 0; j < lead->records->len; j++)
            g_hash_table_insert(of_ref, lead->records->pdata[j], evidence);
    }
    g_autoptr(GHashTable) names = read_file_names(store, error);
    const LeadSources from = {
        .store = store, .indicators = telling->indicators, .telling = telling};
    if (!names || !lead_evidence_fill(&from, of_ref, error))
        return NULL;
    for (guint i = 0; i < all->len; i++)
        name_sources(all->pdata[i], names);
    return g_steal_pointer(&all);
}

void lead_evidence_translate(LeadEvidence *evidence, const Indicators *indicators, Lang lang)
{
    for (guint i = 0; indicators && lang != LANG_EN && i < evidence->indicators->len; i++) {
        LeadIndicator *row = evidence->indicators->pdata[i];
        const Indicator *rule = indicators_find(indicators, row->indicator);
        if (!rule)
            continue;
        g_autofree char *english = row->explanation;
        g_free(row->title);
        row->title = g_strdup(indicator_title(rule, lang));
        row->explanation = indicator_explanation(rule, english, lang);
    }
}
