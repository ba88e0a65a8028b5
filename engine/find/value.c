/*
 * `find ffl|plate|address|text`: records that carry a value, asked for in its canonical form. How
 * it fits is told in `tier`: equal, begins, holds. STORE.words says which records these are, the
 * first to be shown first, so that no others are read.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/find/kinds.h"
#include "engine/find/words.h"
#include "engine/person/name.h"
#include "engine/query/select.h"

#define EXCERPT_BEFORE 40 /* characters */
#define EXCERPT_AFTER  80
#define KEY_CHARACTERS 8 /* of a dealer's key: region, district, sequence */

/* Columns: record, value, description, date, handling, kind of record. ?1: number of the record. */
#define TAIL                                                                                       \
    ", r.handling, r.kind FROM record r WHERE r.record_id = ?1"                                    \
    " AND r.confidential_source IS NOT 'Y'"

static const char FFL_SQL[] =
    "SELECT r.ref, r.rds_key, ifnull(r.ffl_name, '') || ifnull(', ' || r.ffl_city, '') || "
    "ifnull(' ' || r.ffl_state, ''), coalesce(r.purchase_date, r.event_date)" TAIL;

static const char PLATE_SQL[] =
    "SELECT r.ref, r.vehicle_plate || ifnull(' ' || r.vehicle_region, ''), "
    "coalesce(r.office_name, r.event_city), r.event_date" TAIL;

static const char ADDRESS_SQL[] =
    "SELECT r.ref || ':' || m.role, ifnull(m.address_key, m.street), "
    "ifnull(m.last || ifnull(', ' || m.first, ''), m.organisation), "
    "coalesce(r.event_date, r.purchase_date), r.handling, r.kind "
    "FROM record r JOIN mention m USING (record_id) WHERE r.record_id = ?1 "
    "AND r.confidential_source IS NOT 'Y'";

static const char TEXT_SQL[] =
    "SELECT r.ref, NULL, "
    "trim(ifnull(r.make, '') || ' ' || ifnull(r.model, '') || ' ' || ifnull(r.serial_canonical, '')"
    "), coalesce(r.event_date, r.purchase_date)" TAIL;

enum { REF, VALUE, DESCRIPTION, DATE, HANDLING, KIND, CELLS };

/* A row of the answer. */
typedef struct {
    char *cell[CELLS];
    Fit fit;
} Found;

static void found_free(gpointer data)
{
    Found *found = data;
    select_cells_free(found->cell, CELLS);
    g_free(found);
}

typedef struct {
    const char *pattern; /* as it was asked for */
    const char *wanted;  /* canonical */
    const char *sql;
    WordsKind kind;
    const FindRequest *request;
    sqlite3_stmt *row;
    GPtrArray *found; /* of Found */
} Asked;

static gboolean passes(const FindRequest *request, const Found *found)
{
    Day day = date_parse(found->cell[DATE], DATE_ISO);
    return (!request->source || strcmp(request->source, found->cell[KIND]) == 0) &&
           (request->from == DAY_NONE || (day != DAY_NONE && day >= request->from)) &&
           (request->to == DAY_NONE || (day != DAY_NONE && day <= request->to));
}

/* Some words around what was found. */
static char *excerpt(const char *text, const char *wanted)
{
    const char *at = strstr(text, wanted);
    glong start = g_utf8_pointer_to_offset(text, at ? at : text);
    glong from = MAX(0, start - EXCERPT_BEFORE);
    glong end = MIN(g_utf8_strlen(text, -1), start + EXCERPT_AFTER);
    return g_utf8_substring(text, from, end);
}

/* One place of a list while its record is read. */
typedef struct {
    const Asked *asked;
    const char *value;
    Fit fit;
} Reading;

/* Of a record with several people the mention that the value is of. */
static gboolean take_row(sqlite3_stmt *row, gpointer data, G_GNUC_UNUSED GError **error)
{
    const Reading *reading = data;
    const Asked *asked = reading->asked;
    Found *found = g_new0(Found, 1);
    found->fit = reading->fit;
    select_cells(row, found->cell, CELLS);
    if (asked->kind == WORDS_TEXT)
        found->cell[VALUE] = excerpt(reading->value, asked->wanted);
    g_autofree char *cell = words_clean(g_strdup(found->cell[VALUE] ? found->cell[VALUE] : ""));
    gboolean own = asked->kind == WORDS_TEXT || (g_str_has_prefix(reading->value, cell) &&
                                                 reading->value[strlen(cell)] == WORDS_CELL);
    if (own && passes(asked->request, found))
        g_ptr_array_add(asked->found, found);
    else
        found_free(found);
    return TRUE;
}

/* Rows of one list, as many as can be shown and one more. *more: there may be others. */
static gboolean read_list(Store *store, Asked *asked, const Words *words, guint number,
                          gboolean *more, GError **error)
{
    const WordList *list = words->list[number];
    guint need = asked->request->limit ? asked->request->limit + 1 : 0, want = need, done = 0;
    guint from = asked->found->len;
    for (gboolean all = FALSE; !all; want *= 4) {
        g_autoptr(GArray) hits = list_holding(list, asked->wanted, want, &all);
        for (; done < hits->len && (!need || asked->found->len - from < need); done++) {
            const WordsHit *hit = &g_array_index(hits, WordsHit, done);
            gint64 record = list_record(list, hit->place);
            Reading reading = {asked, list_text(list, hit->value), hit->fit};
            if (words_passed(words, number, record))
                continue;
            if (!select_record(store, &asked->row, asked->sql, record, take_row, &reading, error))
                return FALSE;
        }
        if (need && asked->found->len - from >= need) {
            *more |= !all || done < hits->len;
            break;
        }
    }
    return TRUE;
}

static gint by_value(gconstpointer a, gconstpointer b)
{
    const Found *x = *(Found *const *)a, *y = *(Found *const *)b;
    gint order =
        x->fit != y->fit ? (x->fit < y->fit ? -1 : 1) : g_strcmp0(x->cell[VALUE], y->cell[VALUE]);
    if (order == 0)
        order = g_strcmp0(x->cell[DATE], y->cell[DATE]);
    return order ? order : find_ref_order(x->cell[REF], y->cell[REF]);
}

/* The latest first. */
static gint by_date(gconstpointer a, gconstpointer b)
{
    const Found *x = *(Found *const *)a, *y = *(Found *const *)b;
    gint order = g_strcmp0(y->cell[DATE], x->cell[DATE]);
    return order ? order : strcmp(x->cell[REF], y->cell[REF]);
}

static gboolean send_rows(const Asked *asked, RowSink *sink, FindCount *count, GError **error)
{
    static const char *const fits[] = {"equal", "begins", "holds"};
    guint limit = asked->request->limit, n = asked->found->len;
    guint shown = limit ? MIN(limit, n) : n;
    g_ptr_array_sort(asked->found, asked->kind == WORDS_TEXT ? by_date : by_value);
    for (guint i = 0; i < shown; i++) {
        const Found *found = asked->found->pdata[i];
        const char *cells[FIND_COLUMNS] = {asked->pattern,     found->cell[REF],
                                           found->cell[VALUE], found->cell[DESCRIPTION],
                                           found->cell[DATE],  fits[found->fit]};
        cells[FIND_COLUMNS - 1] = found->cell[HANDLING];
        count->rows++;
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    count->cut += n - shown;
    return TRUE;
}

/* Fills asked->found; from a damaged file nothing is taken. */
static gboolean search(Store *store, Asked *asked, FindCount *count, GError **error)
{
    for (gboolean damaged = TRUE; damaged;) {
        g_auto(Words) words = {0};
        gboolean more = FALSE;
        g_ptr_array_set_size(asked->found, 0);
        if (!words_open(store, asked->kind, &asked->request->words, &words, error))
            return FALSE;
        for (guint i = 0; i < words.n; i++)
            if (!read_list(store, asked, &words, i, &more, error))
                return FALSE;
        damaged = words_damaged(&words);
        count->more |= more && !damaged;
    }
    return TRUE;
}

/* Takes over the canonical pattern. */
static gboolean ask(Store *store, Asked *asked, char *canonical, RowSink *sink, FindCount *count,
                    GError **error)
{
    g_autofree char *wanted = words_clean(canonical);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(found_free);
    if (!text_present(wanted))
        return error_set(error, STATUS_USAGE, "nothing to look for in '%s'", asked->pattern);
    asked->wanted = wanted;
    asked->found = found;
    gboolean ok = search(store, asked, count, error) && send_rows(asked, sink, count, error);
    sqlite3_finalize(asked->row);
    return ok;
}

/* A licence number in any writing is its region, district and sequence; a key is one already. */
static char *ffl_key(const char *pattern)
{
    g_autofree char *plain = text_key(pattern);
    gsize length = strlen(plain);
    if (length == KEY_CHARACTERS && strspn(plain, "0123456789") == length)
        return g_steal_pointer(&plain);
    if (length == 15 && strspn(plain, "0123456789") >= 8)
        return g_strdup_printf("%.3s%s", plain, plain + 10);
    return text_fold(pattern);
}

static char *door_key(const char *pattern)
{
    g_auto(GStrv) parts = g_strsplit(pattern, ",", 4);
    guint n = g_strv_length(parts);
    for (guint i = 0; i < n; i++)
        g_strstrip(parts[i]);
    char *key =
        n ? address_key(parts[0], n > 1 ? parts[1] : NULL, n > 2 ? parts[2] : NULL, NULL) : NULL;
    if (!key)
        return text_fold(pattern);
    while (g_str_has_suffix(key, "|")) /* towns that were not asked for may be any */
        key[strlen(key) - 1] = '\0';
    return key;
}

gboolean find_ffl(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                  FindCount *count, GError **error)
{
    Asked asked = {.pattern = pattern, .sql = FFL_SQL, .kind = WORDS_DEALER, .request = request};
    return ask(store, &asked, ffl_key(pattern), sink, count, error);
}

gboolean find_plate(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                    FindCount *count, GError **error)
{
    Asked asked = {.pattern = pattern, .sql = PLATE_SQL, .kind = WORDS_PLATE, .request = request};
    return ask(store, &asked, text_key(pattern), sink, count, error);
}

gboolean find_address(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                      FindCount *count, GError **error)
{
    Asked asked = {
        .pattern = pattern, .sql = ADDRESS_SQL, .kind = WORDS_ADDRESS, .request = request};
    return ask(store, &asked, door_key(pattern), sink, count, error);
}

gboolean find_text(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                   FindCount *count, GError **error)
{
    Asked asked = {.pattern = pattern, .sql = TEXT_SQL, .kind = WORDS_TEXT, .request = request};
    return ask(store, &asked, text_fold(pattern), sink, count, error);
}
