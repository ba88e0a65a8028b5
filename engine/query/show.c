/*
 * `show REF`: the parts of a sheet in their order, each a statement over one reference or a walk
 * over the record as it was read; rendered by engine/render.
 */
#include "engine/query/show.h"

#include "engine/base/error.h"
#include "engine/base/evidence.h"
#include "engine/query/marking.h"
#include "engine/query/select.h"
#include "engine/store/history.h"
#include "engine/store/result.h"

static const Column columns[] = {
    {"part", COLUMN_OWN},      {"name", COLUMN_DATA},          {"value", COLUMN_DATA},
    {"received", COLUMN_DATA}, {"probability", COLUMN_NUMBER}, {"explanation", COLUMN_DATA},
    {"handling", COLUMN_DATA},
};

enum { PART, NAME, VALUE, RECEIVED, PROBABILITY, EXPLANATION, HANDLING, COLUMNS };

typedef struct {
    Store *store;
    RowSink *sink;
    const Record *record;
    const char *part; /* that is being sent */
    int revision;
} Sheet;

static gboolean send_row(const Sheet *sheet, const char *part, const char *name, const char *value,
                         const char *received, GError **error)
{
    const char *cells[COLUMNS] = {[PART] = part,
                                  [NAME] = name,
                                  [VALUE] = value,
                                  [RECEIVED] = received,
                                  [HANDLING] = record_get(sheet->record, FIELD_HANDLING)};
    return sheet->sink->row(sheet->sink, cells, error);
}

/* ---- the record ------------------------------------------------------------------------- */

/* What came in for a field that is kept beside its canonical value; NULL: nothing else did. */
static const char *received_of(const Record *record, Field field)
{
    Field twin;
    g_autofree char *name = g_strconcat(field_name(field), "_raw", NULL);
    return field_parse(name, &twin) ? record_get(record, twin) : NULL;
}

static gboolean is_twin(Field field)
{
    return g_str_has_suffix(field_name(field), "_raw");
}

static gboolean send_fields(const Sheet *sheet, GError **error)
{
    for (Field field = 0; field < FIELD_COUNT; field++) {
        const char *value = record_get(sheet->record, field);
        const char *received = received_of(sheet->record, field);
        if (!is_twin(field) && (value || received) &&
            !send_row(sheet, "field", field_name(field), value, received, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean send_people(const Sheet *sheet, GError **error)
{
    const GPtrArray *mentions = sheet->record->mentions;
    for (guint i = 0; i < mentions->len; i++) {
        const Mention *mention = mentions->pdata[i];
        for (MentionField field = 0; field < MENTION_COUNT; field++) {
            g_autofree char *name =
                g_strdup_printf("%s.%s", mention->role, mention_field_name(field));
            if (mention->value[field] &&
                !send_row(sheet, "person", name, mention->value[field], NULL, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* ---- revisions -------------------------------------------------------------------------- */

static gboolean take_change(sqlite3_stmt *row, gpointer data, GError **error)
{
    const Sheet *sheet = data;
    const char *before = (const char *)sqlite3_column_text(row, 1);
    g_autofree char *name =
        g_strdup_printf("%d %s", sheet->revision, (const char *)sqlite3_column_text(row, 0));
    g_autofree char *was = before ? g_strdup_printf("was '%s'", before) : g_strdup("was empty");
    const char *cells[COLUMNS] = {[PART] = "change",
                                  [NAME] = name,
                                  [VALUE] = (const char *)sqlite3_column_text(row, 2),
                                  [EXPLANATION] = was,
                                  [HANDLING] = record_get(sheet->record, FIELD_HANDLING)};
    return sheet->sink->row(sheet->sink, cells, error);
}

/* Both revisions stand in one JSON array. */
static const char CHANGES_SQL[] =
    "WITH leaf AS (SELECT substr(fullkey, 2, 2) AS side, replace(substr(fullkey, 6), '\"', '') AS "
    "name, atom FROM "
    "json_tree(?1) WHERE atom IS NOT NULL), o AS (SELECT name, atom FROM leaf WHERE side = '[0'), "
    "n AS (SELECT name, atom FROM leaf WHERE side = '[1') "
    "SELECT name, o.atom, n.atom FROM o FULL JOIN n USING (name) WHERE o.atom IS NOT n.atom "
    "ORDER BY 1";

static gboolean send_changes(Sheet *sheet, const Revision *old, const Revision *new, GError **error)
{
    g_autofree char *both = g_strdup_printf("[%s,%s]", old->canonical, new->canonical);
    sheet->revision = new->revision;
    return select_walk(sheet->store, CHANGES_SQL, both, take_change, sheet, error);
}

static gboolean send_revision(const Sheet *sheet, const Revision *revision, GError **error)
{
    g_autofree char *name = g_strdup_printf("%d", revision->revision);
    g_autofree char *source =
        g_strdup_printf("%s:%" G_GUINT64_FORMAT, revision->file, revision->line);
    g_autofree char *loaded = g_strdup_printf("loaded %s", revision->loaded_at);
    const char *cells[COLUMNS] = {
        [PART] = "revision",    [NAME] = name,
        [VALUE] = source,       [RECEIVED] = revision->raw,
        [EXPLANATION] = loaded, [HANDLING] = record_get(sheet->record, FIELD_HANDLING)};
    return sheet->sink->row(sheet->sink, cells, error);
}

static gboolean send_revisions(Sheet *sheet, GError **error)
{
    g_autoptr(GPtrArray) history = store_history(sheet->store, sheet->record->ref, error);
    if (!history)
        return FALSE;
    for (guint i = 0; i < history->len; i++)
        if (!send_revision(sheet, history->pdata[i], error) ||
            (i && !send_changes(sheet, history->pdata[i - 1], history->pdata[i], error)))
            return FALSE;
    return TRUE;
}

/* ---- what a run found ------------------------------------------------------------------- */

/* Statements over ?1, a reference; columns as those of the sheet from `name` on, without
 * `received`: name, value, probability, explanation, handling; then a number of evidence, whose
 * sentence is the explanation, or NULL. */
typedef struct {
    const char *part, *sql;
} Part;

#define OTHER(table) "iif(" table ".\"left\" = ?1, " table ".\"right\", " table ".\"left\")"
#define PERSON_NAME  "ifnull(p.last || ifnull(', ' || p.first, ''), p.organisation)"

static const Part record_parts[] = {
    {"entity",
     "SELECT " ROLE_OF("p.mention") ", " ENTITY_OF(
         "p.person") ", p.probability, "
                     "(SELECT count(*) || iif(count(*) = 1, ' mention', ' mentions') FROM people q "
                     "WHERE q.person = p.person AND NOT " IS_CONFIDENTIAL(
                         "q.record") "), " HANDLING_OF("p.record") ", NULL FROM people p "
                                                                   "WHERE p.record = ?1 AND "
                                                                   "p.person IS NOT NULL ORDER BY "
                                                                   "1"},
    {"firearm", "SELECT 'record', g.record, NULL, NULL, " HANDLING_OF(
                    "g.record") ", NULL "
                                "FROM firearms f JOIN firearms g ON g.firearm = f.firearm "
                                "WHERE f.record = ?1 AND g.record <> ?1 AND NOT " IS_CONFIDENTIAL(
                                    "g.record") " ORDER BY 2"},
    {"link",
     "SELECT k.tier, " OTHER("k") ", k.probability, NULL, " HANDLING_OF(OTHER(
         "k")) ", "
               "k.evidence_id FROM link k WHERE (k.\"left\" = ?1 OR k.\"right\" = ?1) AND "
               "k.kind = 'serial' AND NOT " IS_CONFIDENTIAL(OTHER("k")) " ORDER BY 3 DESC, 2"},
    {"edge",
     "SELECT e.kind, " OTHER("e") ", e.weight, " ENTITY_OF("e.value") ", " HANDLING_OF(OTHER(
         "e")) ", NULL FROM edge e WHERE (e.\"left\" = ?1 OR e.\"right\" = ?1) AND "
               "e.kind <> 'same-firearm' AND NOT " IS_CONFIDENTIAL(OTHER("e")) " ORDER BY 1, 2"},
    {"marker", "SELECT m.category, m.excerpt, m.probability, m.rules, " HANDLING_OF(
                   "m.record") ", NULL FROM marker m WHERE m.record = ?1 ORDER BY 3 DESC, 1"},
    {"indicator",
     "SELECT i.indicator || '@' || i.rev, " ENTITY_OF(
         "i.subject") ", NULL, i.explanation, " HANDLING_OF("i.record") ", NULL FROM indicator i "
                                                                        "WHERE i.record = ?1 AND "
                                                                        "NOT "
                                                                        "EXISTS (SELECT 1 FROM "
                                                                        "indicator j WHERE "
                                                                        "j.indicator = i.indicator "
                                                                        "AND "
                                                                        "j.subject = i.subject "
                                                                        "AND " IS_CONFIDENTIAL(
                                                                            "j.record") ") "
                                                                                        "ORDER BY "
                                                                                        "i."
                                                                                        "indicator,"
                                                                                        " 2, 4"},
    {"lead", "SELECT l.lead_id, l.kind, l.score, l.status, " HANDLING_OF(
                 "?1") ", NULL "
                       "FROM lead_record m JOIN lead l USING (lead_id) WHERE m.record = ?1 AND "
                       "l.live AND NOT "
                       "EXISTS (SELECT 1 FROM lead_record o WHERE o.lead_id = l.lead_id "
                       "AND " IS_CONFIDENTIAL("o.record") ") ORDER BY l.score DESC, 1"},
    {"decision",
     "SELECT j.type || ' ' || j.verdict, " OTHER(
         "j") ", NULL, "
              "j.time || ' ' || j.actor || iif(j.reason = '', '', ': ' || j.reason), " HANDLING_OF(
                  "?1") ", NULL FROM judgement j "
                        "WHERE (j.\"left\" = ?1 OR j.\"right\" = ?1) AND NOT " IS_CONFIDENTIAL(
                            OTHER("j")) " ORDER BY j.judgement_id"},
    {NULL, NULL}};

#define MENTION_SQL(where)                                                                         \
    "SELECT p.mention, " PERSON_NAME ", p.probability, ltrim(ifnull(p.dob, '') || "                \
    "ifnull(' ' || p.address_key, '') || ifnull(' ' || p.city, '') || "                            \
    "ifnull(' ' || p.region, '') || ifnull(' ' || p.doc_no, '')), " HANDLING_OF(                   \
        "p.record") ", NULL FROM people p WHERE " where " AND NOT " IS_CONFIDENTIAL("p.record")

static const Part person_parts[] = {
    {"entity",
     "SELECT 'entity', " ENTITY_OF("p.person") ", p.probability, NULL, " HANDLING_OF(
         "p.record") ", NULL FROM people p WHERE p.record = " RECORD_OF("?1") " AND p.mention = "
                                                                              "?1 "
                                                                              "AND p.person IS "
                                                                              "NOT "
                                                                              "NULL"},
    {"mention",
     MENTION_SQL(
         "p.person = (SELECT o.person FROM people o WHERE o.record "
         "= " RECORD_OF(
             "?1") " AND o.mention = ?1)") " UNION ALL " MENTION_SQL("p.record "
                                                                     "= " RECORD_OF(
                                                                         "?1") " AND p.mention = "
                                                                               "?1 AND p.person IS "
                                                                               "NULL") " ORDER BY "
                                                                                       "1"},
    {"link", "SELECT k.tier, " OTHER("k") ", k.probability, NULL, " HANDLING_OF(RECORD_OF(OTHER(
                 "k"))) ", k.evidence_id FROM link k "
                        "WHERE (k.\"left\" = ?1 OR k.\"right\" = ?1) AND k.kind = 'person' AND "
                        "NOT " IS_CONFIDENTIAL(RECORD_OF(OTHER("k"))) " ORDER BY 3 DESC, 2"},
    {NULL, NULL}};

static char *evidence_of(const Sheet *sheet, sqlite3_stmt *row, GError **error)
{
    g_autoptr(Evidence) evidence =
        store_get_evidence(sheet->store, sqlite3_column_int64(row, 5), error);
    return evidence ? evidence_line(evidence, LANG_EN) : NULL;
}

static gboolean take_part(sqlite3_stmt *row, gpointer data, GError **error)
{
    const Sheet *sheet = data;
    g_autofree char *probability = sqlite3_column_type(row, 2) == SQLITE_NULL
                                       ? NULL
                                       : text_number(sqlite3_column_double(row, 2), 6);
    gboolean told = sqlite3_column_type(row, 5) == SQLITE_NULL;
    g_autofree char *explanation =
        told ? g_strdup((const char *)sqlite3_column_text(row, 3)) : evidence_of(sheet, row, error);
    if (!told && !explanation)
        return FALSE;
    const char *cells[COLUMNS] = {[PART] = sheet->part,
                                  [NAME] = (const char *)sqlite3_column_text(row, 0),
                                  [VALUE] = (const char *)sqlite3_column_text(row, 1),
                                  [PROBABILITY] = probability,
                                  [EXPLANATION] = explanation,
                                  [HANDLING] = (const char *)sqlite3_column_text(row, 4)};
    return sheet->sink->row(sheet->sink, cells, error);
}

static gboolean send_parts(Sheet *sheet, const Part *parts, const char *ref, GError **error)
{
    for (const Part *part = parts; part->sql; part++) {
        sheet->part = part->part;
        if (!select_walk(sheet->store, part->sql, ref, take_part, sheet, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- the sheet -------------------------------------------------------------------------- */

static gboolean send_record(Sheet *sheet, GError **error)
{
    return send_row(sheet, "record", "reference", sheet->record->ref, NULL, error) &&
           send_fields(sheet, error) && send_people(sheet, error) && send_revisions(sheet, error) &&
           send_parts(sheet, record_parts, sheet->record->ref, error);
}

gboolean show_rows(Store *store, const char *ref, RowSink *sink, GError **error)
{
    gboolean mention = FALSE;
    g_autoptr(Record) record = query_record(store, ref, &mention, error);
    if (!record || !sink->begin(sink, columns, COLUMNS, error))
        return FALSE;
    Sheet sheet = {.store = store, .sink = sink, .record = record};
    gboolean ok =
        mention ? send_parts(&sheet, person_parts, ref, error) : send_record(&sheet, error);
    return ok && sink->end(sink, error);
}

/* A few of the records whose reference begins with one and a stroke; a confidential source's are
 * not named. '0' follows '/'. */
static const char ITEMS_SQL[] =
    "SELECT ref FROM record WHERE ref >= ?1 || '/' AND ref < ?1 || '0' "
    "AND confidential_source IS NOT 'Y' ORDER BY length(ref), ref LIMIT 5";

/* The record of a mention; NULL: it has none such, or there is no such record. */
static Record *record_of_mention(Store *store, const char *ref)
{
    g_autofree char *key = mention_record(ref);
    g_autoptr(Record) record = store_get(store, key, NULL);
    gboolean has = record && record_find_mention(record, mention_role(ref));
    return has ? g_steal_pointer(&record) : NULL;
}

static gboolean take_item(sqlite3_stmt *row, gpointer data, GError **error)
{
    GString *items = data;
    (void)error;
    g_string_append_printf(items, "%s'%s'", items->len ? ", " : "",
                           (const char *)sqlite3_column_text(row, 0));
    return TRUE;
}

/* What is missing may be the item's number behind the one of the seizure. */
static void unknown_reference(Store *store, const char *ref, GError **error)
{
    g_autoptr(GString) items = g_string_new(NULL);
    if (!select_walk(store, ITEMS_SQL, ref, take_item, items, error))
        return;
    if (items->len)
        error_set(error, STATUS_NO_INPUT, "no record '%s'; its items are %s", ref, items->str);
    else
        error_set(error, STATUS_NO_INPUT,
                  "no record or mention '%s'; write KIND:KEY or KIND:KEY:ROLE", ref);
}

Record *query_record(Store *store, const char *ref, gboolean *mention, GError **error)
{
    g_autoptr(Record) record = store_get(store, ref, NULL);
    gboolean whole = record != NULL;
    if (!whole)
        record = record_of_mention(store, ref);
    *mention = record && !whole;
    if (!record)
        unknown_reference(store, ref, error);
    else if (g_strcmp0(record_get(record, FIELD_CONFIDENTIAL_SOURCE), "Y") != 0)
        return g_steal_pointer(&record);
    else
        error_set(error, STATUS_FORBIDDEN, "record of a confidential source '%s'", ref);
    return NULL;
}
