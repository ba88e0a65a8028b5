/*
 * Reads the evidence of groups from the store: each table once for all groups together, over its
 * index, each row to the group that its record belongs to, in an order that depends on the
 * references alone; records, and what is at hand in memory, on another thread where there is
 * another connection. What people are called is in the records: of persons their entities alone
 * are read.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/lead/parts.h"
#include "engine/store/schema.h"

/* Who a mention is, as a run found it. */
typedef struct {
    char *ref, *role, *entity;
    double probability;
} Resolved;

typedef struct {
    const LeadSources *from;
    Store *store;           /* that is read */
    GHashTable *of_ref;     /* reference -> LeadEvidence, borrowed */
    const GPtrArray *order; /* the same references, in their order, */
    const char *refs;       /* and as a JSON array */
    GArray *resolved;       /* of Resolved, by reference and role */
    sqlite3_stmt *dealer;   /* what the list of licensees says of one */
    GError *problem;        /* of who reads records */
} Fill;

typedef struct {
    const char *sql;
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

static void resolved_clear(gpointer resolved)
{
    Resolved *one = resolved;
    g_free(one->ref);
    g_free(one->role);
    g_free(one->entity);
}

static gboolean take_resolved(Fill *fill, sqlite3_stmt *row, GError **error)
{
    const Resolved one = {text_at(row, 0), text_at(row, 1), text_at(row, 2),
                          sqlite3_column_double(row, 3)};
    (void)error;
    g_array_append_val(fill->resolved, one);
    return TRUE;
}

static gint compare_resolved(gconstpointer a, gconstpointer b)
{
    const Resolved *x = a, *y = b;
    int order = strcmp(x->ref, y->ref);
    return order ? order : strcmp(x->role, y->role);
}

/* The entity of a mention, no earlier than the last that was asked for; NULL: none. */
static Resolved *resolved_at(const Fill *fill, guint *next, const char *ref, const char *role)
{
    for (; *next < fill->resolved->len; (*next)++) {
        Resolved *one = &g_array_index(fill->resolved, Resolved, *next);
        const Resolved asked = {.ref = (char *)ref, .role = (char *)role};
        int order = compare_resolved(one, &asked);
        if (order >= 0)
            return order ? NULL : one;
    }
    return NULL;
}

static LeadPerson *person_of(const Record *record, const Mention *mention, Resolved *resolved)
{
    char *const *value = mention->value;
    LeadPerson *person = g_new0(LeadPerson, 1);
    person->mention = mention_ref(record, mention);
    person->entity = resolved ? g_steal_pointer(&resolved->entity) : g_strdup(person->mention);
    person->role = g_strndup(mention->role, strcspn(mention->role, "0123456789"));
    person->last =
        g_strdup(value[MENTION_LAST] ? value[MENTION_LAST] : value[MENTION_ORGANISATION]);
    person->organisation = !value[MENTION_LAST] && value[MENTION_ORGANISATION];
    person->first = g_strdup(value[MENTION_FIRST]);
    person->dob = g_strdup(value[MENTION_DOB]);
    person->probability = resolved ? resolved->probability : 1;
    return person;
}

/* Names, which records tell, and who these are; refs: in order. */
static void add_people(const Fill *fill, const GPtrArray *refs)
{
    g_array_sort(fill->resolved, compare_resolved);
    g_autoptr(GHashTable) next = g_hash_table_new(NULL, NULL); /* group -> records seen of it */
    guint at = 0;
    for (guint i = 0; i < refs->len; i++) {
        LeadEvidence *group = g_hash_table_lookup(fill->of_ref, refs->pdata[i]);
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(next, group));
        const Record *record = place < group->records->len ? group->records->pdata[place] : NULL;
        if (!record || strcmp(record->ref, refs->pdata[i]) != 0)
            continue; /* it is out of sight */
        if (place == 0)
            lead_evidence_sort(group);
        g_hash_table_insert(next, group, GUINT_TO_POINTER(place + 1));
        for (guint k = 0; k < record->mentions->len; k++) {
            const Mention *mention = record->mentions->pdata[k];
            Resolved *resolved = resolved_at(fill, &at, record->ref, mention->role);
            g_ptr_array_add(group->people, person_of(record, mention, resolved));
        }
    }
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
    if (fill->from->weighed)
        return TRUE;
    const Indicator *rule = fill->from->indicators
                                ? indicators_find(fill->from->indicators, indicator->indicator)
                                : NULL;
    indicator->title = g_strdup(rule ? rule->title : indicator->indicator);
    indicator->severity = g_strdup(rule && rule->severity ? rule->severity : "");
    return TRUE;
}

/* A record, of the group that it belongs to. */
typedef struct {
    LeadEvidence *group;
    const char *record;
} Member;

static void add_marker(const char *category, double probability, const char *excerpt, gpointer data)
{
    const Member *of = data;
    LeadMarker *marker = g_new0(LeadMarker, 1);
    g_ptr_array_add(of->group->markers, marker);
    marker->record = g_strdup(of->record);
    marker->category = g_strdup(category);
    marker->probability = probability;
    marker->excerpt = g_strdup(excerpt);
}

static gboolean take_marker(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    Member of = {group_at(fill, row, 0), (const char *)sqlite3_column_text(row, 0)};
    if (of.group)
        add_marker((const char *)sqlite3_column_text(row, 1), sqlite3_column_double(row, 2),
                   (const char *)sqlite3_column_text(row, 3), &of);
    return TRUE;
}

static void add_edge(const EdgeRow *row, gpointer data)
{
    const Fill *fill = data;
    LeadEvidence *group = g_hash_table_lookup(fill->of_ref, row->left);
    if (!group || group != g_hash_table_lookup(fill->of_ref, row->right))
        return;
    LeadEdge *edge = g_new0(LeadEdge, 1);
    g_ptr_array_add(group->edges, edge);
    edge->left = g_strdup(row->left);
    edge->right = g_strdup(row->right);
    edge->kind = g_strdup(row->kind);
    edge->value = g_strdup(row->value);
    edge->weight = row->weight;
}

static gboolean take_edge(Fill *fill, sqlite3_stmt *row, GError **error)
{
    (void)error;
    const EdgeRow edge = {.left = (const char *)sqlite3_column_text(row, 0),
                          .right = (const char *)sqlite3_column_text(row, 1),
                          .kind = (const char *)sqlite3_column_text(row, 2),
                          .value = (const char *)sqlite3_column_text(row, 3),
                          .weight = sqlite3_column_double(row, 4)};
    add_edge(&edge, fill);
    return TRUE;
}

static gboolean knows_markers(const LeadSources *from)
{
    return from->views && views_know_markers(from->views);
}

/* What is in memory of each record. */
static void read_at_hand(Fill *fill)
{
    const LeadSources *from = fill->from;
    gboolean marked = knows_markers(from);
    for (guint i = 0; (marked || from->edges) && i < fill->order->len; i++) {
        const char *ref = fill->order->pdata[i];
        Member of = {g_hash_table_lookup(fill->of_ref, ref), ref};
        if (marked)
            views_visit_markers(from->views, ref, add_marker, &of);
        if (from->edges)
            graph_edges_visit_at(from->edges, ref, add_edge, fill);
    }
}

/* What else a store may hold of licensees than the published list is not told in passing. */
#define DEALER_SQL                                                                                 \
    "SELECT ffl_name, ffl_city, ffl_state FROM record WHERE ref = 'ffl:' || ?1"                    \
    " AND handling = 'UNCLASSIFIED'"

/* A dealer whom the record knows by number alone is called what the list of licensees says. */
static gboolean name_dealer(Fill *fill, Record *record)
{
    static const Field fields[] = {FIELD_FFL_NAME, FIELD_FFL_CITY, FIELD_FFL_STATE};
    sqlite3_bind_text(fill->dealer, 1, record_get(record, FIELD_RDS_KEY), -1, SQLITE_STATIC);
    int status = sqlite3_step(fill->dealer);
    for (guint i = 0; status == SQLITE_ROW && i < G_N_ELEMENTS(fields); i++)
        if (!record_get(record, fields[i]))
            record_set(record, fields[i], (const char *)sqlite3_column_text(fill->dealer, (int)i));
    sqlite3_reset(fill->dealer);
    return status == SQLITE_ROW || status == SQLITE_DONE ||
           sqlite_error(store_handle(fill->store), "cannot read evidence", &fill->problem);
}

/* The rows of one reference after another: CROSS JOIN keeps the order of the loops. */
#define OF_REFS " FROM json_each(?1) j CROSS JOIN "

static const Source sources[] = {
    {"SELECT l.\"left\", l.\"right\", tier, bits, probability, chance_matches, evidence_id" OF_REFS
     "link l ON l.\"left\" = j.value WHERE l.kind = 'serial'",
     take_link},
    {"SELECT r.ref, p.role, p.entity, p.probability" OF_REFS "record r ON r.ref = j.value"
     " CROSS JOIN person p ON p.record_id = r.record_id",
     take_resolved},
    {"SELECT i.record, i.indicator, i.subject, i.rev, i.bits, i.explanation" OF_REFS
     "indicator i ON i.record = j.value",
     take_indicator},
    {"SELECT m.record, m.category, m.probability, m.excerpt" OF_REFS
     "marker m ON m.record = j.value",
     take_marker},
    {"SELECT e.\"left\", e.\"right\", e.kind, e.value, e.weight" OF_REFS
     "edges e ON e.\"left\" = j.value",
     take_edge},
};

static gboolean read_source(Fill *fill, const Source *source, GError **error)
{
    sqlite3 *db = store_handle(fill->store);
    sqlite3_stmt *row = NULL;
    int status = sqlite3_prepare_v2(db, source->sql, -1, &row, NULL);
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
    return status == SQLITE_DONE || sqlite_error(db, "cannot read evidence", error);
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
    return !group || record_get(record, FIELD_FFL_NAME) || !record_get(record, FIELD_RDS_KEY) ||
           name_dealer(fill, record);
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

static gboolean read_records(Fill *fill)
{
    sqlite3 *db = store_handle(fill->store);
    gboolean done =
        sqlite3_prepare_v2(db, DEALER_SQL, -1, &fill->dealer, NULL) == SQLITE_OK
            ? store_visit_refs(fill->store, fill->refs, take_record, fill, &fill->problem)
            : sqlite_error(db, "cannot read evidence", &fill->problem);
    sqlite3_finalize(fill->dealer);
    read_at_hand(fill);
    return done && !fill->problem;
}

/* NULL when it failed. */
static void *read_beside(void *data)
{
    return read_records(data) ? data : NULL;
}

static gboolean is_at_hand(const LeadSources *from, const Source *source)
{
    return (source->take == take_marker && knows_markers(from)) ||
           (source->take == take_edge && from->edges);
}

static gboolean read_found(Fill *fill, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
        if (!is_at_hand(fill->from, &sources[i]) && !read_source(fill, &sources[i], error))
            return FALSE;
    return TRUE;
}

/* Each of the two fills arrays of its own, so that they share nothing that either writes. */
static gboolean read_both(Fill *found, GError **error)
{
    Store *reader = found->from->reader;
    Fill records = *found;
    pthread_t thread;
    records.store = reader ? reader : found->store;
    gboolean beside = reader && pthread_create(&thread, NULL, read_beside, &records) == 0;
    gboolean ok = (beside || read_records(&records)) && read_found(found, error);
    if (beside)
        pthread_join(thread, NULL);
    gboolean both = ok && !records.problem;
    if (records.problem && (ok || !beside))
        g_propagate_error(error, g_steal_pointer(&records.problem));
    g_clear_error(&records.problem);
    return both;
}

gboolean lead_evidence_fill(const LeadSources *from, GHashTable *of_ref, GError **error)
{
    g_autoptr(GPtrArray) refs = sorted_refs(of_ref);
    g_autofree char *json = refs_as_json(refs);
    g_autoptr(GArray) resolved = g_array_new(FALSE, FALSE, sizeof(Resolved));
    g_array_set_clear_func(resolved, resolved_clear);
    Fill found = {.from = from,
                  .store = from->store,
                  .of_ref = of_ref,
                  .order = refs,
                  .refs = json,
                  .resolved = resolved};
    gboolean done = read_both(&found, error);
    if (done)
        add_people(&found, refs);
    return done;
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
        sqlite_error(db, "cannot read file names", error);
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
    const LeadSources from = {.store = store,
                              .indicators = telling->indicators,
                              .telling = telling->unexplained ? NULL : telling};
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
