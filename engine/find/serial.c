/*
 * `find serial`: a pattern in any notation of examiners, read and weighed as a seizure's serial
 * is. STORE.idx proposes; when it is missing or of another state of the store, an index is built
 * for the question. Records are read by who knows how (FindReader: engine/run).
 */
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/find/derived.h"
#include "engine/find/kinds.h"
#include "engine/lookup/lookup.h"
#include "engine/population/model_name.h"
#include "engine/query/select.h"

#define WEIGHED_MAX 20000u /* observations that are read for one pattern */

/* Made of the store as it is, and left for the next question where that can be. */
static FirearmIndex *make_index(Store *store, const FindRequest *request, GError **error)
{
    const FindReader *reader = request->reader;
    if (request->words.waiting)
        request->words.waiting(request->words.data);
    gboolean own;
    if (!select_hold(store, &own, error))
        return NULL;
    FirearmIndex *index = reader->build(store, reader->model, error);
    g_autofree char *folder = g_path_get_dirname(store_path(store));
    g_autofree char *path = find_index_path(store);
    g_autofree char *stamp = index && access(folder, W_OK) == 0 ? find_stamp(store, NULL) : NULL;
    if (stamp && find_index_write(store, stamp, index, NULL))
        find_keep(store, path);
    select_leave(store, own);
    return index;
}

/* An index from the files, or one that is made now. */
static gboolean open_index(Store *store, const FindRequest *request, FindIndex *opened,
                           GError **error)
{
    g_autofree char *stamp = find_stamp(store, error);
    if (stamp == NULL)
        return FALSE;
    find_index_open(store, request->reader->model, stamp, opened);
    if (!opened->index)
        opened->index = make_index(store, request, error);
    return opened->index != NULL;
}

static gboolean in_range(Day day, const FindRequest *request)
{
    if (request->from == DAY_NONE && request->to == DAY_NONE)
        return TRUE;
    return day != DAY_NONE && (request->from == DAY_NONE || day >= request->from) &&
           (request->to == DAY_NONE || day <= request->to);
}

static gboolean same_or_open(const char *wanted, const char *value)
{
    return !wanted || !value || strcmp(wanted, value) == 0;
}

static gboolean model_passes(const Firearm *f, const FindRequest *request)
{
    return !request->model || !f->model || firearm_same_model(f->make, request->model, f->model);
}

/* Does an observation pass what narrows the question? What it does not say does not exclude it. */
static gboolean passes(const Firearm *f, const FindRequest *request)
{
    gsize source = request->source ? strlen(request->source) : 0;
    return (same_or_open(request->make, f->make) || same_or_open(request->make, f->importer)) &&
           model_passes(f, request) && same_or_open(request->calibre, f->calibre) &&
           (!source || (g_str_has_prefix(f->ref, request->source) && f->ref[source] == ':')) &&
           in_range(f->event_date != DAY_NONE ? f->event_date : f->purchase_date, request);
}

static char *describe(const Firearm *f)
{
    GString *text = g_string_new(NULL);
    const char *const parts[] = {f->make, f->model, f->calibre};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i])
            g_string_append_printf(text, "%s%s", text->len ? " " : "", parts[i]);
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    Store *store;
    const char *pattern;
    const Firearm *firearm; /* what is asked for */
    const GArray *ids;      /* of the records that were proposed */
    const FindRequest *request;
    RowSink *sink;
    FindCount *count;
} Asked;

static gboolean send(const Asked *asked, const FindFacts *facts, guint at,
                     const FirearmMatch *match, GError **error)
{
    const Firearm *f = &g_array_index(facts->firearms, Firearm, at);
    char date[DAY_TEXT], bits[32], probability[32], chance[32];
    Day day = f->event_date != DAY_NONE ? f->event_date : f->purchase_date;
    g_autofree char *what = describe(f);
    g_autofree char *why = find_explanation(match->evidence, asked->request);
    g_ascii_formatd(bits, sizeof bits, "%.3f", match->bits);
    g_ascii_formatd(probability, sizeof probability, "%.4f", match->probability);
    g_ascii_formatd(chance, sizeof chance, "%.6g", match->chance_matches);
    const FindRecord *record = &g_array_index(facts->records, FindRecord, at);
    const char *cells[FIND_COLUMNS] = {asked->pattern,
                                       f->ref,
                                       f->serial_raw,
                                       what,
                                       day == DAY_NONE ? NULL : date_text(day, date),
                                       tier_name(match->tier),
                                       bits,
                                       probability,
                                       chance,
                                       why,
                                       record->handling};
    asked->count->rows++;
    return asked->sink->row(asked->sink, cells, error);
}

/* The observations that may be told of and pass the filters, and behind them the one that is asked
 * for, its model as the records have it. */
static GArray *gather(const FindFacts *facts, const Asked *question, GArray *places)
{
    GArray *firearms = g_array_new(FALSE, FALSE, sizeof(Firearm));
    const FindRequest *request = question->request;
    Firearm wanted = *question->firearm;
    for (guint i = 0; i < facts->firearms->len; i++) {
        const Firearm *f = &g_array_index(facts->firearms, Firearm, i);
        gboolean confidential = g_array_index(facts->records, FindRecord, i).confidential;
        if (!confidential && passes(f, request)) {
            g_array_append_val(firearms, *f);
            g_array_append_val(places, i);
            if (wanted.model && f->model) {
                wanted.model = f->model;
                question->count->modelled = TRUE;
            }
        }
    }
    g_array_append_val(firearms, wanted);
    return firearms;
}

/* ---- records of one firearm ------------------------------------------------------------- */

static const char SAME_SQL[] =
    "SELECT r.ref, f.group_id FROM firearm f JOIN record r USING (record_id)"
    " WHERE f.record_id IN (SELECT value FROM json_each(?1)) ORDER BY f.group_id, r.record_id";

/* While the rows of SAME_SQL pass: pairs of one group, each record with the one before it. */
typedef struct {
    GHashTable *places; /* reference -> place among the observations, and one */
    GArray *same;       /* of FirearmDecision */
    gint64 group;
    guint last;
} Same;

static gboolean take_same(sqlite3_stmt *row, gpointer data, GError **error)
{
    Same *same = data;
    const char *ref = (const char *)sqlite3_column_text(row, 0);
    gint64 group = sqlite3_column_int64(row, 1);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(same->places, ref));
    (void)error;
    if (place == 0)
        return TRUE;
    if (same->last && same->group == group) {
        FirearmDecision pair = {same->last - 1, place - 1, TRUE};
        g_array_append_val(same->same, pair);
    }
    same->group = group;
    same->last = place;
    return TRUE;
}

/* Those that the last run holds to be one firearm do not compete with each other, and none is a
 * chance match of another. NULL with error set. */
static GArray *find_same(Store *store, const GArray *firearms, const GArray *ids, GError **error)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(FirearmDecision));
    g_autoptr(GString) list = g_string_new("[");
    Same same = {.places = places, .same = pairs};
    for (guint i = 0; i + 1 < firearms->len; i++) /* the last is what is asked for */
        g_hash_table_insert(places, (gpointer)g_array_index(firearms, Firearm, i).ref,
                            GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i ? "," : "",
                               g_array_index(ids, gint64, i));
    g_string_append_c(list, ']');
    return select_walk(store, SAME_SQL, list->str, take_same, &same, error)
               ? g_steal_pointer(&pairs)
               : NULL;
}

/* The firearm of each observation, as the last run holds them together. */
static guint *firearms_of(const GArray *same, guint n)
{
    guint *first = g_new(guint, n);
    for (guint i = 0; i < n; i++)
        first[i] = i;
    for (guint i = 0; i < same->len; i++) { /* each with the one before it in its group */
        const FirearmDecision *pair = &g_array_index(same, FirearmDecision, i);
        first[pair->right] = first[pair->left];
    }
    return first;
}

static gboolean same_number(const FirearmMatch *match)
{
    return match->tier == TIER_S0 || match->tier == TIER_S1;
}

/* A record of another number has the probability of its firearm: it is told by way of which record
 * that is, the first of those with most bits. */
static void tell_way(const GArray *firearms, const GArray *same, GArray *matches)
{
    g_autofree guint *firearm = firearms_of(same, firearms->len);
    g_autofree const FirearmMatch **best_of = g_new0(const FirearmMatch *, firearms->len);
    for (guint i = 0; i < matches->len; i++) {
        const FirearmMatch *match = &g_array_index(matches, FirearmMatch, i);
        const FirearmMatch **best = &best_of[firearm[match->at]];
        if (!*best || match->bits > (*best)->bits)
            *best = match;
    }
    for (guint i = 0; i < matches->len; i++) {
        const FirearmMatch *match = &g_array_index(matches, FirearmMatch, i);
        const FirearmMatch *best = best_of[firearm[match->at]];
        if (!same_number(match) && best->bits > match->bits)
            evidence_add(match->evidence, "firearm", "same-firearm", "by-way-of",
                         g_array_index(firearms, Firearm, best->at).ref, NULL, 0);
    }
}

/* As a run weighs them; places: of which of the facts a match is. NULL with error set. */
static GArray *weigh(const Asked *asked, const FirearmIndex *index, const FindFacts *facts,
                     GArray *places, GError **error)
{
    g_autoptr(GArray) firearms = gather(facts, asked, places);
    g_autoptr(GArray) same = find_same(asked->store, firearms, asked->ids, error);
    if (!same)
        return NULL;
    FirearmInput input = {.model = asked->request->reader->model,
                          .parameters = firearm_index_parameters(index),
                          .firearms = (const Firearm *)(gpointer)firearms->data,
                          .n = firearms->len,
                          .decisions = (const FirearmDecision *)(gpointer)same->data,
                          .n_decisions = same->len};
    GArray *matches = firearm_find(&input);
    tell_way(firearms, same, matches);
    return matches;
}

static gboolean send_all(const Asked *asked, const FindFacts *facts, const GArray *places,
                         const GArray *matches, GError **error)
{
    guint limit = asked->request->limit ? asked->request->limit : matches->len;
    for (guint i = 0; i < MIN(limit, matches->len); i++) {
        const FirearmMatch *match = &g_array_index(matches, FirearmMatch, i);
        if (!send(asked, facts, g_array_index(places, guint, match->at), match, error))
            return FALSE;
    }
    asked->count->cut += matches->len - MIN(limit, matches->len);
    return TRUE;
}

/* Sends nothing when the index turns out to be damaged. */
static gboolean answer(Asked *asked, const FirearmIndex *index, GError **error)
{
    const FindReader *reader = asked->request->reader;
    guint64 all;
    g_auto(FindFacts) facts = {0};
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) ids =
        firearm_index_find(index, reader->model, asked->firearm->serial, WEIGHED_MAX, &all);
    if (!ids)
        return TRUE;
    asked->ids = ids;
    GArray *matches = reader->read(asked->store, ids, &facts, error)
                          ? weigh(asked, index, &facts, places, error)
                          : NULL;
    gboolean ok = matches &&
                  (firearm_index_damaged(index) || send_all(asked, &facts, places, matches, error));
    asked->count->unweighed |= all > ids->len;
    firearm_matches_free(matches);
    return ok;
}

/* Of an index that is damaged where the question touches it nothing is believed: one is built in
 * its place. */
static gboolean ask(Asked *asked, GError **error)
{
    g_auto(FindIndex) opened = {0};
    if (!open_index(asked->store, asked->request, &opened, error) ||
        !answer(asked, opened.index, error))
        return FALSE;
    if (!firearm_index_damaged(opened.index))
        return TRUE;
    g_autoptr(FirearmIndex) fresh = make_index(asked->store, asked->request, error);
    return fresh && answer(asked, fresh, error);
}

/* ---- how the pattern is read ---------------------------------------------------------------- */

/* A pattern as it is compared with its reading: without separators, with one sign for any. */
static char *pattern_key(const char *pattern)
{
    g_autofree char *folded = text_fold(pattern);
    GString *key = g_string_new(NULL);
    for (const char *p = folded; *p != '\0'; p++) {
        char c = *p == 'O' ? '0' : *p == 'I' ? '1' : *p == '_' || *p == '#' ? '?' : *p;
        if (strchr(" -./", c) == NULL)
            g_string_append_c(key, c);
    }
    return g_string_free(key, FALSE);
}

static gboolean brackets_open(const char *pattern)
{
    int round = 0, square = 0;
    for (const char *p = pattern; *p != '\0'; p++) {
        round += (*p == '(') - (*p == ')');
        square += (*p == '[') - (*p == ']');
    }
    return round != 0 || square != 0;
}

/* Who asks for something else than plain characters is told what they were taken for. */
static void note_reading(const char *pattern, const Serial *serial, FindCount *count)
{
    static const struct {
        const char *hint, *note;
    } HINTS[] = {{"two-numbers", "; another number in it is left out"},
                 {"two-ends", "; its other end is left out"}};
    g_autofree char *read = serial_pattern(serial), *key = pattern_key(pattern);
    if (!count->notes || strcmp(read, key) == 0)
        return;
    const char *note = brackets_open(pattern) ? "; a bracket in it is not closed" : "";
    for (guint i = 0; serial->hint && i < G_N_ELEMENTS(HINTS); i++)
        if (strcmp(serial->hint, HINTS[i].hint) == 0)
            note = HINTS[i].note;
    g_ptr_array_add(count->notes, g_strdup_printf("'%s' is read as %s%s", pattern, read, note));
}

gboolean find_serial(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                     FindCount *count, GError **error)
{
    SerialContext context = {.make = request->make};
    Serial serial = serial_parse(pattern, &context);
    Firearm firearm = {.ref = "?",
                       .side = SIDE_SEIZURE,
                       .serial = &serial,
                       .serial_raw = pattern,
                       .make = request->make,
                       .model = request->model,
                       .calibre = request->calibre,
                       .event_date = DAY_NONE,
                       .purchase_date = DAY_NONE,
                       .request_date = DAY_NONE};
    if (serial.known == 0)
        return error_set(error, STATUS_USAGE, "no serial number in '%s' (%s%s)", pattern,
                         serial.taken_for ? "taken for a " : "",
                         serial.taken_for ? serial.taken_for : serial_kind_name(serial.kind));
    if (!serial_usable(&serial))
        return error_set(error, STATUS_USAGE, "too little is known of '%s': four characters tell",
                         pattern);
    note_reading(pattern, &serial, count);
    Asked asked = {.store = store,
                   .pattern = pattern,
                   .firearm = &firearm,
                   .request = request,
                   .sink = sink,
                   .count = count};
    return ask(&asked, error);
}
