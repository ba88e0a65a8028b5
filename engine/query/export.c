/*
 * The exports: stable columns (a contract: new ones are only appended), a total order, no limit.
 * To add one: its columns and SQL here, and a line in the table at the end.
 */
#include <math.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/marker/marker.h"
#include "engine/query/marking.h"
#include "engine/query/select.h"
#include "engine/store/result.h"

#define OWN(name)                                                                                  \
    {                                                                                              \
        {name, COLUMN_OWN}, SELECT_AS_IS                                                           \
    }
#define DATA(name)                                                                                 \
    {                                                                                              \
        {name, COLUMN_DATA}, SELECT_AS_IS                                                          \
    }
#define WHOLE(name)                                                                                \
    {                                                                                              \
        {name, COLUMN_NUMBER}, SELECT_AS_IS                                                        \
    }
#define NUMBER(name, decimals)                                                                     \
    {                                                                                              \
        {name, COLUMN_NUMBER}, decimals                                                            \
    }

/* References hold keys that came from input, hence DATA. */
static const SelectColumn link_columns[] = {
    OWN("kind"),
    DATA("left"),
    DATA("right"),
    OWN("tier"),
    NUMBER("bits", 3),
    NUMBER("probability", 6),
    NUMBER("chance_matches", SELECT_SHORT),
    DATA("explanation"),
    DATA("handling"),
};
#define LINK_EVIDENCE 7 /* the column that is selected as an id and shown as an explanation */
static const Select links = {
    "SELECT k.kind, k.\"left\", k.\"right\", k.tier, k.bits, k.probability, k.chance_matches, "
    "k.evidence_id, iif(l.handling = r.handling, l.handling, "
    "ifnull(l.handling || iif(r.handling IS NULL, '', '; '), '') || ifnull(r.handling, '')) "
    "FROM link k JOIN markings l ON l.record = k.\"left\" JOIN markings r ON r.record = "
    "k.\"right\" "
    "WHERE k.kind = 'serial' AND k.probability >= 0.01 AND l.confidential IS NOT 'Y' "
    "AND r.confidential IS NOT 'Y' ORDER BY 1, 2, 3, 4",
    link_columns, G_N_ELEMENTS(link_columns)};

static const SelectColumn person_columns[] = {
    DATA("entity"), DATA("mention"), NUMBER("probability", 6), DATA("last"),
    DATA("first"),  OWN("dob"),      DATA("handling")};
static const Select persons = {
    "SELECT " ENTITY_OF(
        "ifnull(p.person, p.mention)") ", p.mention, ifnull(p.probability, 1), "
                                       "ifnull(p.last, p.organisation), p.first, "
                                       "p.dob, " HANDLING_OF(
                                           "p.record") " FROM people p WHERE p.record NOT "
                                                       "IN " CONFIDENTIAL " ORDER BY 1, 2",
    person_columns, G_N_ELEMENTS(person_columns)};

#define HOLDS_SQL G_STRINGIFY(MARKER_HOLDS)

static const SelectColumn marker_columns[] = {DATA("record"),           OWN("category"),
                                              NUMBER("probability", 6), OWN("rules"),
                                              DATA("excerpt"),          DATA("handling")};
static const Select markers = {
    "SELECT m.record, m.category, m.probability, m.rules, m.excerpt, " HANDLING_OF(
        "m.record") " FROM marker m WHERE m.probability >= " HOLDS_SQL
                    " AND m.record NOT IN " CONFIDENTIAL " ORDER BY m.record, m.category",
    marker_columns, G_N_ELEMENTS(marker_columns)};

static const SelectColumn indicator_columns[] = {OWN("indicator"),    DATA("subject"),
                                                 DATA("records"),     NUMBER("bits", 3),
                                                 DATA("explanation"), DATA("handling")};
static const Select indicators = {
    "SELECT i.indicator, " ENTITY_OF("i.subject") ", i.record, i.bits, i.explanation, " HANDLING_OF(
        "i.record") " FROM indicator i WHERE (i.indicator, i.subject) NOT IN "
                    "(SELECT indicator, subject FROM indicator WHERE record IN " CONFIDENTIAL ") "
                    "ORDER BY 1, 2, 3, i.bits DESC, 5",
    indicator_columns, G_N_ELEMENTS(indicator_columns)};

/* Of a confidential source: where it stands and why it was not loaded, nothing of what it says. */
static const SelectColumn reject_columns[] = {DATA("file"), WHOLE("line"),   DATA("field"),
                                              OWN("code"),  DATA("message"), DATA("raw")};
static const Select rejects = {
    "SELECT f.name, m.line, m.field, m.code, iif(m.confidential IS 'Y', NULL, m.message), "
    "iif(m.confidential IS 'Y', NULL, m.raw) FROM remark m "
    "JOIN file f USING (file_id) WHERE m.type = 'reject' ORDER BY m.file_id, m.line, m.remark_id",
    reject_columns, G_N_ELEMENTS(reject_columns)};

static const SelectColumn warning_columns[] = {DATA("file"), WHOLE("line"),   DATA("field"),
                                               OWN("code"),  DATA("message"), DATA("record")};
static const Select warnings = {
    "SELECT f.name, m.line, m.field, m.code, m.message, m.ref FROM remark m "
    "JOIN file f USING (file_id) WHERE m.type = 'warning' AND (m.ref IS NULL OR "
    "m.ref NOT IN " CONFIDENTIAL ") ORDER BY m.file_id, m.line, m.remark_id",
    warning_columns, G_N_ELEMENTS(warning_columns)};

static gboolean export_persons(Store *store, RowSink *sink, GError **error)
{
    return select_rows(store, &persons, sink, error);
}

static gboolean export_markers(Store *store, RowSink *sink, GError **error)
{
    return select_rows(store, &markers, sink, error);
}

static gboolean export_rejects(Store *store, RowSink *sink, GError **error)
{
    return select_rows(store, &rejects, sink, error);
}

static gboolean export_warnings(Store *store, RowSink *sink, GError **error)
{
    return select_rows(store, &warnings, sink, error);
}

typedef struct {
    Store *store;
    RowSink *sink;
} LinkPass;

static gboolean pass_link(sqlite3_stmt *row, gpointer data, GError **error)
{
    LinkPass *pass = data;
    char *cells[G_N_ELEMENTS(link_columns)] = {NULL};
    if (sqlite3_column_type(row, LINK_EVIDENCE) != SQLITE_NULL) {
        gint64 id = sqlite3_column_int64(row, LINK_EVIDENCE);
        g_autoptr(Evidence) evidence = store_get_evidence(pass->store, id, error);
        if (!evidence)
            return FALSE;
        cells[LINK_EVIDENCE] = evidence_line(evidence, LANG_EN);
    }
    for (guint i = 0; i < links.n; i++)
        if (i != LINK_EVIDENCE)
            cells[i] = select_cell(&links, row, i);
    gboolean ok = pass->sink->row(pass->sink, (const char *const *)cells, error);
    for (guint i = 0; i < links.n; i++)
        g_free(cells[i]);
    return ok;
}

static gboolean export_links(Store *store, RowSink *sink, GError **error)
{
    LinkPass pass = {store, sink};
    return select_begin(&links, sink, error) &&
           select_walk(store, links.sql, NULL, pass_link, &pass, error) && sink->end(sink, error);
}

/* Rows of one subject become one, with the list of its records. */
typedef struct {
    RowSink *sink;
    GString *records, *handling; /* "; " separated, each once */
    char *indicator, *subject, *last, *explanation;
    double bits;
} SubjectPass;

static gboolean send_subject(SubjectPass *pass, GError **error)
{
    if (!pass->indicator)
        return TRUE;
    g_autofree char *bits = text_number(pass->bits, 3);
    const char *cells[] = {pass->indicator,   pass->subject,      pass->records->str, bits,
                           pass->explanation, pass->handling->str};
    return pass->sink->row(pass->sink, cells, error);
}

static void keep_text(char **place, sqlite3_stmt *row, int column)
{
    g_free(*place);
    *place = g_strdup((const char *)sqlite3_column_text(row, column));
}

static void add_handling(GString *all, const char *handling)
{
    g_auto(GStrv) known = g_strsplit(all->str, "; ", -1);
    if (handling && !g_strv_contains((const char *const *)known, handling))
        g_string_append_printf(all, "%s%s", all->len ? "; " : "", handling);
}

static void add_to_subject(SubjectPass *pass, sqlite3_stmt *row, gboolean fresh)
{
    double bits = sqlite3_column_double(row, 3);
    const char *record = (const char *)sqlite3_column_text(row, 2);
    if (fresh || g_strcmp0(record, pass->last) != 0)
        g_string_append_printf(pass->records, "%s%s", pass->records->len ? "; " : "", record);
    keep_text(&pass->last, row, 2);
    add_handling(pass->handling, (const char *)sqlite3_column_text(row, 5));
    if (!fresh && fabs(bits) <= fabs(pass->bits))
        return;
    pass->bits = bits;
    keep_text(&pass->explanation, row, 4);
}

static gboolean pass_indicator(sqlite3_stmt *row, gpointer data, GError **error)
{
    SubjectPass *pass = data;
    gboolean fresh = g_strcmp0(pass->indicator, (const char *)sqlite3_column_text(row, 0)) != 0 ||
                     g_strcmp0(pass->subject, (const char *)sqlite3_column_text(row, 1)) != 0;
    if (fresh) {
        if (!send_subject(pass, error))
            return FALSE;
        g_string_truncate(pass->records, 0);
        g_string_truncate(pass->handling, 0);
        keep_text(&pass->indicator, row, 0);
        keep_text(&pass->subject, row, 1);
    }
    add_to_subject(pass, row, fresh);
    return TRUE;
}

static gboolean export_indicators(Store *store, RowSink *sink, GError **error)
{
    g_autoptr(GString) records = g_string_new(NULL);
    g_autoptr(GString) handling = g_string_new(NULL);
    SubjectPass pass = {.sink = sink, .records = records, .handling = handling};
    gboolean ok = select_begin(&indicators, sink, error) &&
                  select_walk(store, indicators.sql, NULL, pass_indicator, &pass, error) &&
                  send_subject(&pass, error) && sink->end(sink, error);
    g_free(pass.indicator);
    g_free(pass.subject);
    g_free(pass.last);
    g_free(pass.explanation);
    return ok;
}

const ExportRow *query_exports(void)
{
    static const ExportRow rows[] = {
        {"links", "pairs that may be one firearm (held from 0.5 on), with bits and probability",
         export_links},
        {"persons", "every person mention and its entity", export_persons},
        {"markers", "what texts and fields say: ghost guns, devices, narcotics", export_markers},
        {"indicators", "what the rules found, one row a subject", export_indicators},
        {"rejects", "rows that were not loaded, with the reason", export_rejects},
        {"warnings", "values that were loaded but not used, with the reason", export_warnings},
        {NULL, NULL, NULL},
    };
    return rows;
}
