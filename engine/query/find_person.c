/*
 * `find person "LAST, First"`: every mention whose name may be the one asked for, weighed against
 * it as two mentions of a run are, by the parameters of the last run. Names alone are looked at
 * first; what is worth weighing then goes through engine/person.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/person/pair.h"
#include "engine/query/find.h"
#include "engine/query/marking.h"
#include "engine/query/select.h"
#include "engine/query/words.h"
#include "engine/store/runs.h"

#define WEIGHED_MAX 500 /* mentions that are weighed, the likest names first */

static const char PEOPLE_SQL[] =
    "SELECT r.ref || ':' || m.role, m.last, m.first, m.middle, m.suffix, m.organisation, m.dob,"
    " m.street, m.city, m.region, m.postal, m.country, m.phone, m.doc_type, m.doc_no,"
    " m.doc_issuer, coalesce(r.event_date, r.purchase_date, r.request_date), r.handling,"
    " r.ref, r.kind FROM mention m JOIN record r USING (record_id)"
    " WHERE " FIND_NARROW "r.confidential_source IS NOT 'Y'";

enum {
    REF,
    LAST,
    FIRST,
    MIDDLE,
    SUFFIX,
    ORGANISATION,
    DOB,
    STREET,
    CITY,
    REGION,
    POSTAL,
    COUNTRY,
    PHONE,
    DOC_TYPE,
    DOC_NO,
    DOC_ISSUER,
    DATE,
    HANDLING,
    RECORD,
    KIND,
    CELLS
};

/* A mention that may be the one asked for. */
typedef struct {
    char *cell[CELLS];
    double alike, bits;
    char *explanation;
} Found;

static void found_free(gpointer data)
{
    Found *found = data;
    for (guint i = 0; i < CELLS; i++)
        g_free(found->cell[i]);
    g_free(found->explanation);
    g_free(found);
}

typedef struct {
    const FindRequest *request;
    char *name; /* as it was asked for */
    GPtrArray *all;
} Search;

static gboolean passes(const FindRequest *request, sqlite3_stmt *row)
{
    const char *kind = (const char *)sqlite3_column_text(row, KIND);
    Day day = date_parse((const char *)sqlite3_column_text(row, DATE), DATE_ISO);
    return (!request->source || strcmp(request->source, kind) == 0) &&
           (request->from == DAY_NONE || (day != DAY_NONE && day >= request->from)) &&
           (request->to == DAY_NONE || (day != DAY_NONE && day <= request->to));
}

static gboolean name_fits(const char *value, gpointer data)
{
    const Search *search = data;
    return person_names_alike(search->request->people, search->name, value) >= PERSON_NAMES_ALIKE;
}

static gboolean take_person(sqlite3_stmt *row, gpointer data, GError **error)
{
    Search *search = data;
    const char *organisation = (const char *)sqlite3_column_text(row, ORGANISATION);
    const char *last = (const char *)sqlite3_column_text(row, LAST);
    const char *first = (const char *)sqlite3_column_text(row, FIRST);
    (void)error;
    if (!(last || organisation) || !passes(search->request, row))
        return TRUE;
    g_autofree char *whole =
        organisation ? g_strdup(organisation) : g_strjoin(first ? ", " : "", last, first, NULL);
    double alike = person_names_alike(search->request->people, search->name, whole);
    if (alike < PERSON_NAMES_ALIKE)
        return TRUE;
    Found *found = g_new0(Found, 1);
    for (int i = 0; i < CELLS; i++)
        found->cell[i] = g_strdup((const char *)sqlite3_column_text(row, i));
    found->alike = alike;
    g_ptr_array_add(search->all, found);
    return TRUE;
}

static PersonMention mention_of(const Found *found)
{
    char *const *cell = found->cell;
    return (PersonMention){.ref = cell[REF],
                           .record = cell[RECORD],
                           .role = strrchr(cell[REF], ':') + 1,
                           .organisation = cell[ORGANISATION] != NULL,
                           .last = cell[ORGANISATION] ? cell[ORGANISATION] : cell[LAST],
                           .first = cell[FIRST],
                           .middle = cell[MIDDLE],
                           .suffix = cell[SUFFIX],
                           .dob = date_parse(cell[DOB], DATE_ISO),
                           .street = cell[STREET],
                           .city = cell[CITY],
                           .region = cell[REGION],
                           .postal = cell[POSTAL],
                           .country = cell[COUNTRY],
                           .phone = cell[PHONE],
                           .doc_type = cell[DOC_TYPE],
                           .doc_no = cell[DOC_NO],
                           .doc_issuer = cell[DOC_ISSUER]};
}

static void weigh(Found *found, const PersonMention *asked, const FindRequest *request,
                  const PersonParameters *parameters)
{
    const PersonMention both[] = {*asked, mention_of(found)};
    const PersonInput input = {.mentions = both, .n = 2, .parameters = parameters};
    g_autoptr(PersonPair) pair = person_pair(request->people, &input, 0, 1);
    g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
    found->bits = g_array_index(pair->result->edges, PersonEdge, 0).bits;
    found->explanation = evidence_line(evidence, request->lang);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const Found *left = *(Found *const *)a, *right = *(Found *const *)b;
    if (left->alike != right->alike)
        return left->alike > right->alike ? -1 : 1;
    return strcmp(left->cell[REF], right->cell[REF]);
}

static gint by_bits(gconstpointer a, gconstpointer b)
{
    const Found *left = *(Found *const *)a, *right = *(Found *const *)b;
    if (left->bits != right->bits)
        return left->bits > right->bits ? -1 : 1;
    return by_name(a, b);
}

static gboolean send(const char *pattern, const Found *found, RowSink *sink, FindCount *count,
                     GError **error)
{
    char *const *cell = found->cell;
    g_autofree char *name = cell[ORGANISATION]
                                ? g_strdup(cell[ORGANISATION])
                                : g_strjoin(cell[FIRST] ? ", " : "", cell[LAST], cell[FIRST], NULL);
    g_autoptr(GString) more = g_string_new(NULL);
    const guint shown[] = {DOB, STREET, CITY, REGION};
    for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
        if (cell[shown[i]])
            g_string_append_printf(more, "%s%s", more->len ? " " : "", cell[shown[i]]);
    g_autofree char *bits = text_number(found->bits, 3);
    g_autofree char *probability = text_number(bits_to_probability(found->bits), 6);
    const char *cells[FIND_COLUMNS] = {
        pattern, cell[REF],   name, more->str,          cell[DATE],    "",
        bits,    probability, NULL, found->explanation, cell[HANDLING]};
    count->rows++;
    return sink->row(sink, cells, error);
}

/* Weights of the last run. */
static gboolean read_parameters(Store *store, PersonParameters **parameters, GError **error)
{
    g_auto(StoreRun) run = {0};
    g_auto(ParameterSet) set = {0};
    GError *problem = NULL;
    if (!store_last_run(store, &run, &problem)) {
        if (problem)
            g_propagate_error(error, problem);
        return !problem && error_set(error, STATUS_NO_INPUT,
                                     "no weights yet; run 'crosstrace correlate' first");
    }
    if (!store_get_parameters(store, run.set_id, &set, error))
        return FALSE;
    *parameters = person_parameters_read(set.person, error);
    return *parameters != NULL;
}

static void rank(GPtrArray *all, const PersonMention *asked, const FindRequest *request,
                 const PersonParameters *parameters, FindCount *count)
{
    g_ptr_array_sort(all, by_name);
    if (all->len > WEIGHED_MAX) {
        count->unweighed += all->len - WEIGHED_MAX;
        g_ptr_array_set_size(all, WEIGHED_MAX);
    }
    for (guint i = 0; i < all->len; i++)
        weigh(all->pdata[i], asked, request, parameters);
    g_ptr_array_sort(all, by_bits);
}

static gboolean send_all(const char *pattern, const GPtrArray *all, const FindRequest *request,
                         RowSink *sink, FindCount *count, GError **error)
{
    guint shown = request->limit ? MIN(request->limit, all->len) : all->len;
    count->cut += all->len - shown;
    for (guint i = 0; i < shown; i++)
        if (!send(pattern, all->pdata[i], sink, count, error))
            return FALSE;
    return TRUE;
}

/* All mentions whose name fits: of each different name it is asked once, where that is kept. */
static gboolean search_store(Store *store, Search *search, GError **error)
{
    GError *problem = NULL;
    g_autoptr(Words) words = words_open(store, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_autofree char *records = words ? words_fitting(words, WORDS_NAME, name_fits, search) : NULL;
    g_autofree char *sql = words_narrow(PEOPLE_SQL, records);
    return select_walk(store, sql, NULL, take_person, search, error);
}

gboolean find_person(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                     FindCount *count, GError **error)
{
    PersonName name = person_name_parse(pattern);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(found_free);
    Search search = {
        request, name.first ? g_strjoin(", ", name.last, name.first, NULL) : g_strdup(name.last),
        all};
    const PersonMention asked = {.ref = "?",
                                 .record = "?",
                                 .role = "person",
                                 .organisation = name.organisation,
                                 .last = name.last,
                                 .first = name.first,
                                 .middle = name.middle,
                                 .suffix = name.suffix,
                                 .dob = request->dob};
    g_autoptr(PersonParameters) parameters = NULL;
    gboolean ok = name.last ? read_parameters(store, &parameters, error) &&
                                  search_store(store, &search, error)
                            : error_set(error, STATUS_USAGE, "no name in '%s'", pattern);
    if (ok) {
        rank(all, &asked, request, parameters, count);
        ok = send_all(pattern, all, request, sink, count, error);
    }
    g_free(search.name);
    person_name_clear(&name);
    return ok;
}
