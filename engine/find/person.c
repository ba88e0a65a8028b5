/*
 * `find person "LAST, First"`: every mention whose name may be the one asked for, weighed against
 * it as two mentions of a run are, by the parameters of the last run. STORE.words says which names
 * may be it, and with which birth dates they stand; these are weighed, and of the records only
 * those that are shown are read.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/find/kinds.h"
#include "engine/find/names.h"
#include "engine/person/birth.h"
#include "engine/query/select.h"
#include "engine/resolution/pair.h"
#include "engine/store/runs.h"

static const char PEOPLE_SQL[] =
    "SELECT r.ref || ':' || m.role, m.last, m.first, m.middle, m.suffix, m.organisation, m.dob,"
    " m.street, m.city, m.region, m.postal, m.country, m.phone, m.doc_type, m.doc_no,"
    " m.doc_issuer, coalesce(r.event_date, r.purchase_date, r.request_date), r.handling,"
    " r.ref, r.kind FROM record r JOIN mention m USING (record_id)"
    " WHERE r.record_id = ?1 AND r.confidential_source IS NOT 'Y'";

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

/* A mention that is shown. */
typedef struct {
    char *cell[CELLS];
    double alike, bits;
} Found;

static void found_free(gpointer data)
{
    Found *found = data;
    select_cells_free(found->cell, CELLS);
    g_free(found);
}

typedef struct {
    Store *store;
    const FindRequest *request;
    PersonMention asked;
    GArray *names;    /* of NameFound, the best first */
    GPtrArray *found; /* of Found */
    sqlite3_stmt *row;
    guint64 cut;
    gboolean more, unweighed;
} Search;

static gboolean passes(const FindRequest *request, const Found *found)
{
    Day day = date_parse(found->cell[DATE], DATE_ISO);
    return (!request->source || strcmp(request->source, found->cell[KIND]) == 0) &&
           (request->from == DAY_NONE || (day != DAY_NONE && day >= request->from)) &&
           (request->to == DAY_NONE || (day != DAY_NONE && day <= request->to));
}

static PersonMention mention_of(const Found *found)
{
    char *const *cell = found->cell;
    return (PersonMention){.ref = cell[REF],
                           .record = cell[RECORD],
                           .role = mention_role(cell[REF]),
                           .organisation = cell[ORGANISATION] != NULL,
                           .last = cell[ORGANISATION] ? cell[ORGANISATION] : cell[LAST],
                           .first = cell[FIRST],
                           .middle = cell[MIDDLE],
                           .suffix = cell[SUFFIX],
                           .dob = birth_parse(cell[DOB]),
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

/* ---- read --------------------------------------------------------------------------------- */

typedef struct {
    Search *search;
    const NameFound *name;
} Reading;

/* Is the row the mention that a name is of? */
static gboolean is_name(char *const *cell, char *const *cells)
{
    const guint from[NAME_CELLS] = {ORGANISATION, LAST, FIRST, MIDDLE, SUFFIX, DOB};
    for (guint i = 0; i < NAME_CELLS; i++) {
        g_autofree char *own = words_clean(g_strdup(cell[from[i]] ? cell[from[i]] : ""));
        if (strcmp(own, cells[i]) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean take_person(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    const Reading *reading = data;
    Found *found = g_new0(Found, 1);
    select_cells(row, found->cell, CELLS);
    found->alike = reading->name->alike;
    found->bits = reading->name->bits;
    if (is_name(found->cell, reading->name->cells) && passes(reading->search->request, found))
        g_ptr_array_add(reading->search->found, found);
    else
        found_free(found);
    return TRUE;
}

/* A place of a name. */
typedef struct {
    guint32 place;
    guint name;
} Stand;

static gint by_place(gconstpointer a, gconstpointer b)
{
    const Stand *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

/* The places of one list under names [from, to), which weigh the same: records by reference. */
static GArray *stands_of(const Search *search, const Words *words, guint list, guint from, guint to)
{
    GArray *stands = g_array_new(FALSE, FALSE, sizeof(Stand));
    for (guint i = from; i < to; i++) {
        const NameFound *name = &g_array_index(search->names, NameFound, i);
        guint32 n = 0;
        const guint32 *places =
            name->list == list ? list_places(words->list[list], name->value, &n) : NULL;
        for (guint32 k = 0; k < n; k++) {
            Stand stand = {places[k], i};
            g_array_append_val(stands, stand);
        }
    }
    g_array_sort(stands, by_place);
    return stands;
}

/* Mentions of one list under names that weigh the same, no more than can be shown and one. */
static gboolean read_equal(Search *search, const Words *words, guint list, guint from, guint to,
                           GError **error)
{
    g_autoptr(GArray) stands = stands_of(search, words, list, from, to);
    guint need = search->request->limit ? search->request->limit + 1 : G_MAXUINT;
    guint before = search->found->len, i;
    for (i = 0; i < stands->len && search->found->len - before < need; i++) {
        const Stand *stand = &g_array_index(stands, Stand, i);
        gint64 record = list_record(words->list[list], stand->place);
        Reading reading = {search, &g_array_index(search->names, NameFound, stand->name)};
        if (!words_passed(words, list, record) &&
            !select_record(search->store, &search->row, PEOPLE_SQL, record, take_person, &reading,
                           error))
            return FALSE;
    }
    search->more |= i < stands->len;
    return TRUE;
}

/* The best first, until there are more than are shown. */
static gboolean read_best(Search *search, const Words *words, GError **error)
{
    guint limit = search->request->limit, from = 0, to;
    for (; from < search->names->len; from = to) {
        if (limit && search->found->len > limit) {
            search->more = TRUE;
            break;
        }
        const NameFound *first = &g_array_index(search->names, NameFound, from);
        for (to = from + 1; to < search->names->len; to++)
            if (name_found_order(first, &g_array_index(search->names, NameFound, to)) != 0)
                break;
        for (guint list = 0; list < words->n; list++)
            if (!read_equal(search, words, list, from, to, error))
                return FALSE;
    }
    return TRUE;
}

static gint by_bits(gconstpointer a, gconstpointer b)
{
    const Found *x = *(Found *const *)a, *y = *(Found *const *)b;
    if (x->bits != y->bits)
        return x->bits > y->bits ? -1 : 1;
    if (x->alike != y->alike)
        return x->alike > y->alike ? -1 : 1;
    return find_ref_order(x->cell[REF], y->cell[REF]);
}

/* ---- told --------------------------------------------------------------------------------- */

static char *explain(const Search *search, const Found *found, const PersonParameters *parameters)
{
    const PersonMention both[] = {search->asked, mention_of(found)};
    const PersonInput input = {.mentions = both, .n = 2, .parameters = parameters};
    g_autoptr(PersonPair) pair = person_pair(search->request->words.people, &input, 0, 1);
    g_autoptr(Evidence) evidence = person_edge_evidence(pair->result, 0);
    return find_explanation(evidence, search->request);
}

static gboolean send(const char *pattern, const Found *found, const char *explanation,
                     RowSink *sink, GError **error)
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
    const char *cells[FIND_COLUMNS] = {pattern, cell[REF],   name, more->str,   cell[DATE],    "",
                                       bits,    probability, NULL, explanation, cell[HANDLING]};
    return sink->row(sink, cells, error);
}

/* Weights of the last run: beside the words, where these are of the same run. */
static gboolean read_parameters(Store *store, const Words *words, PersonParameters **parameters,
                                GError **error)
{
    g_auto(ParameterSet) set = {0};
    if (words->person.text && (*parameters = person_parameters_open(&words->person, NULL)))
        return TRUE;
    if (!store_last_parameters(store, &set, error))
        return FALSE;
    if (set.set_id == 0)
        return error_set(error, STATUS_NO_INPUT,
                         "no weights yet; run 'crosstrace correlate' first");
    *parameters = person_parameters_read(set.person, error);
    return *parameters != NULL;
}

/* What is shown, from one state of the store; the parameters may lie in the words. */
static gboolean search_once(Search *search, Words *words, PersonParameters **parameters,
                            GError **error)
{
    g_ptr_array_set_size(search->found, 0);
    search->more = search->unweighed = FALSE;
    g_clear_pointer(parameters, person_parameters_free);
    words_close(words);
    if (!words_open(search->store, WORDS_NAME, &search->request->words, words, error) ||
        !read_parameters(search->store, words, parameters, error))
        return FALSE;
    NameQuestion question = {search->request->words.people, *parameters, &search->asked};
    g_clear_pointer(&search->names, g_array_unref);
    search->names = find_names(words, &question, &search->unweighed);
    return read_best(search, words, error);
}

static gboolean tell(const char *pattern, Search *search, const PersonParameters *parameters,
                     RowSink *sink, FindCount *count, GError **error)
{
    guint n = search->found->len, limit = search->request->limit;
    guint shown = limit ? MIN(limit, n) : n;
    g_ptr_array_sort(search->found, by_bits);
    for (guint i = 0; i < shown; i++) {
        const Found *found = search->found->pdata[i];
        g_autofree char *explanation = explain(search, found, parameters);
        if (!send(pattern, found, explanation, sink, error))
            return FALSE;
    }
    count->rows += shown;
    count->cut += n - shown;
    count->more |= search->more;
    count->unweighed |= search->unweighed;
    return TRUE;
}

gboolean find_person(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                     FindCount *count, GError **error)
{
    PersonName name = person_name_parse(pattern);
    if (!name.last)
        return error_set(error, STATUS_USAGE, "no name in '%s'", pattern);
    Search search = {.store = store, .request = request};
    g_auto(Words) words = {0};
    g_autoptr(PersonParameters) parameters = NULL;
    search.found = g_ptr_array_new_with_free_func(found_free);
    search.asked = (PersonMention){.ref = "",
                                   .record = "?",
                                   .role = "person",
                                   .organisation = name.organisation,
                                   .last = name.last,
                                   .first = name.first,
                                   .middle = name.middle,
                                   .suffix = name.suffix,
                                   .dob = request->dob};
    gboolean ok = search_once(&search, &words, &parameters, error);
    while (ok && words_damaged(&words))
        ok = search_once(&search, &words, &parameters, error);
    ok = ok && tell(pattern, &search, parameters, sink, count, error);
    sqlite3_finalize(search.row);
    g_ptr_array_unref(search.found);
    g_clear_pointer(&search.names, g_array_unref);
    person_name_clear(&name);
    return ok;
}
