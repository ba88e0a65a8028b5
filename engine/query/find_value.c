/*
 * `find ffl|plate|address|text`: records that carry a value, each kind one statement over what was
 * asked for in its canonical form. How it fits is told in `tier`: equal, begins, holds.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/person/name.h"
#include "engine/query/find.h"
#include "engine/query/select.h"
#include "engine/query/words.h"

#define EXCERPT_BEFORE 40 /* characters */
#define EXCERPT_AFTER  80
#define KEY_CHARACTERS 8 /* of a dealer's key: region, district, sequence */

/* Columns: record, value, description, date, how it fits (0 equal, 1 begins, 2 holds), handling,
 * kind of record. ?1: the canonical pattern. */
#define IS_OPEN "r.confidential_source IS NOT 'Y' "
#define TAIL    ", r.handling, r.kind FROM record r WHERE " NARROW IS_OPEN
#define NARROW  FIND_NARROW

static const char FFL_SQL[] =
    "SELECT r.ref, r.rds_key, ifnull(r.ffl_name, '') || ifnull(', ' || r.ffl_city, '') || "
    "ifnull(' ' || r.ffl_state, ''), coalesce(r.purchase_date, r.event_date), "
    "iif(r.rds_key = ?1, 0, iif(substr(r.ffl_name, 1, length(?1)) = ?1, 1, 2))" TAIL
    "AND (r.rds_key = ?1 OR instr(upper(r.ffl_name), ?1)) ORDER BY 5, 2, 4, 1";

static const char PLATE_SQL[] =
    "SELECT r.ref, r.vehicle_plate || ifnull(' ' || r.vehicle_region, ''), "
    "coalesce(r.office_name, r.event_city), r.event_date, "
    "iif(" FIND_PLATE_SQL " = ?1, 0, iif(substr(" FIND_PLATE_SQL
    ", 1, length(?1)) = ?1, 1, 2))" TAIL "AND r.vehicle_plate IS NOT NULL AND instr(" FIND_PLATE_SQL
    ", ?1) ORDER BY 5, 2, 4, 1";

static const char ADDRESS_SQL[] =
    "SELECT r.ref || ':' || m.role, ifnull(m.address_key, m.street), "
    "ifnull(m.last || ifnull(', ' || m.first, ''), m.organisation), "
    "coalesce(r.event_date, r.purchase_date), iif(m.address_key = ?1, 0, "
    "iif(substr(m.address_key, 1, length(?1)) = ?1, 1, 2))"
    ", r.handling, r.kind FROM mention m JOIN record r USING (record_id) "
    "WHERE " NARROW IS_OPEN
    "AND instr(upper(ifnull(m.address_key, m.street)), ?1) ORDER BY 5, 2, 4, 1";

/* Of `text` the value is all that was written: what holds the pattern is found by folding it. */
static const char TEXT_SQL[] =
    "SELECT r.ref, trim(ifnull(packed_field(r.packed, 'narrative'), '') || ' ' || "
    "ifnull(packed_field(r.packed, 'remarks'), '')), "
    "trim(ifnull(r.make, '') || ' ' || ifnull(r.model, '') || ' ' || ifnull(r.serial_canonical, '')"
    "), coalesce(r.event_date, r.purchase_date), 2" TAIL "ORDER BY 4 DESC, 1";

typedef struct {
    const char *pattern;
    const FindRequest *request;
    RowSink *sink;
    FindCount *count;
    guint shown;
    WordsKind kind;
    const char *folded; /* look for this in the value itself; NULL: the statement did */
} Asked;

static gboolean passes(const FindRequest *request, sqlite3_stmt *row)
{
    const char *kind = (const char *)sqlite3_column_text(row, 6);
    Day day = date_parse((const char *)sqlite3_column_text(row, 3), DATE_ISO);
    return (!request->source || strcmp(request->source, kind) == 0) &&
           (request->from == DAY_NONE || (day != DAY_NONE && day >= request->from)) &&
           (request->to == DAY_NONE || (day != DAY_NONE && day <= request->to));
}

/* Some words around what was found, folded; NULL where it is not. */
static char *excerpt(const char *text, const char *wanted)
{
    g_autofree char *folded = text_fold(text);
    const char *at = strstr(folded, wanted);
    if (!at)
        return NULL;
    glong start = g_utf8_pointer_to_offset(folded, at), from = MAX(0, start - EXCERPT_BEFORE);
    glong end = MIN(g_utf8_strlen(folded, -1), start + EXCERPT_AFTER);
    return g_utf8_substring(folded, from, end);
}

static gboolean send_row(Asked *asked, sqlite3_stmt *row, const char *value, GError **error)
{
    static const char *const fits[] = {"equal", "begins", "holds"};
    asked->shown++;
    const char *cells[FIND_COLUMNS] = {asked->pattern,
                                       (const char *)sqlite3_column_text(row, 0),
                                       value,
                                       (const char *)sqlite3_column_text(row, 2),
                                       (const char *)sqlite3_column_text(row, 3),
                                       fits[sqlite3_column_int(row, 4)]};
    cells[FIND_COLUMNS - 1] = (const char *)sqlite3_column_text(row, 5);
    asked->count->rows++;
    return asked->sink->row(asked->sink, cells, error);
}

static gboolean take_row(sqlite3_stmt *row, gpointer data, GError **error)
{
    Asked *asked = data;
    const char *value = (const char *)sqlite3_column_text(row, 1);
    g_autofree char *part =
        asked->folded && passes(asked->request, row) ? excerpt(value, asked->folded) : NULL;
    if (!passes(asked->request, row) || (asked->folded && !part))
        return TRUE;
    if (asked->request->limit && asked->shown == asked->request->limit) {
        asked->count->cut++;
        return TRUE;
    }
    return send_row(asked, row, part ? part : value, error);
}

/* Takes over the canonical pattern. */
static gboolean ask(Store *store, const char *sql, char *canonical, Asked *asked, GError **error)
{
    g_autofree char *wanted = canonical;
    if (!text_present(wanted))
        return error_set(error, STATUS_USAGE, "nothing to look for in '%s'", asked->pattern);
    const char *parameter = asked->folded ? NULL : wanted;
    GError *problem = NULL;
    g_autoptr(Words) words = words_open(store, &problem);
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_autofree char *records = words ? words_holding(words, asked->kind, wanted) : NULL;
    g_autofree char *narrowed = words_narrow(sql, records);
    return select_walk(store, narrowed, parameter, take_row, asked, error);
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
    Asked asked = {pattern, request, sink, count, 0, WORDS_DEALER, NULL};
    return ask(store, FFL_SQL, ffl_key(pattern), &asked, error);
}

gboolean find_plate(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                    FindCount *count, GError **error)
{
    Asked asked = {pattern, request, sink, count, 0, WORDS_PLATE, NULL};
    return ask(store, PLATE_SQL, text_key(pattern), &asked, error);
}

gboolean find_address(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                      FindCount *count, GError **error)
{
    Asked asked = {pattern, request, sink, count, 0, WORDS_ADDRESS, NULL};
    return ask(store, ADDRESS_SQL, door_key(pattern), &asked, error);
}

gboolean find_text(Store *store, const char *pattern, const FindRequest *request, RowSink *sink,
                   FindCount *count, GError **error)
{
    g_autofree char *folded = text_fold(pattern);
    Asked asked = {pattern, request, sink, count, 0, WORDS_TEXT, folded};
    return ask(store, TEXT_SQL, g_strdup(folded), &asked, error);
}
