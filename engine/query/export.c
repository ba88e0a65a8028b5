/*
 * The exports: stable columns (a contract: new ones are only appended), a total order, no limit.
 * To add one: its columns and SQL here, and a line in the table at the end.
 */
#include <math.h>
#include <string.h>

#include "engine/base/error.h"
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
};
static const Select links = {
    "SELECT kind, \"left\", \"right\", tier, bits, probability, chance_matches, evidence_id "
    "FROM link WHERE kind = 'serial' AND probability >= 0.01 ORDER BY kind, \"left\", \"right\", "
    "tier",
    link_columns, G_N_ELEMENTS(link_columns)};

static const SelectColumn person_columns[] = {
    DATA("entity"), DATA("mention"), NUMBER("probability", 6),
    DATA("last"),   DATA("first"),   OWN("dob")};
static const Select persons = {
    "SELECT ifnull(person, mention), mention, ifnull(probability, 1), ifnull(last, organisation), "
    "first, dob FROM people ORDER BY 1, 2",
    person_columns, G_N_ELEMENTS(person_columns)};

static const SelectColumn marker_columns[] = {
    DATA("record"), OWN("category"), NUMBER("probability", 6), OWN("rules"), DATA("excerpt")};
static const Select markers = {
    "SELECT record, category, probability, rules, excerpt FROM marker WHERE probability >= 0.5 "
    "ORDER BY record, category",
    marker_columns, G_N_ELEMENTS(marker_columns)};

static const SelectColumn indicator_columns[] = {OWN("indicator"), DATA("subject"), DATA("records"),
                                                 NUMBER("bits", 3), DATA("explanation")};
static const Select indicators = {
    "SELECT indicator, subject, record, bits, explanation FROM indicator "
    "ORDER BY indicator, subject, record, bits DESC, explanation",
    indicator_columns, G_N_ELEMENTS(indicator_columns)};

static const SelectColumn reject_columns[] = {DATA("file"), WHOLE("line"),   DATA("field"),
                                              OWN("code"),  DATA("message"), DATA("raw")};
static const Select rejects = {
    "SELECT f.name, m.line, m.field, m.code, m.message, m.raw FROM remark m "
    "JOIN file f USING (file_id) WHERE m.type = 'reject' ORDER BY m.file_id, m.line, m.remark_id",
    reject_columns, G_N_ELEMENTS(reject_columns)};

static const SelectColumn warning_columns[] = {DATA("file"), WHOLE("line"),   DATA("field"),
                                               OWN("code"),  DATA("message"), DATA("record")};
static const Select warnings = {
    "SELECT f.name, m.line, m.field, m.code, m.message, m.ref FROM remark m "
    "JOIN file f USING (file_id) WHERE m.type = 'warning' ORDER BY m.file_id, m.line, m.remark_id",
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

/* The last selected column is the evidence, which becomes its one-line explanation. */
static gboolean pass_link(sqlite3_stmt *row, gpointer data, GError **error)
{
    LinkPass *pass = data;
    char *cells[G_N_ELEMENTS(link_columns)] = {NULL};
    const guint last = links.n - 1;
    if (sqlite3_column_type(row, (int)last) != SQLITE_NULL) {
        gint64 id = sqlite3_column_int64(row, (int)last);
        g_autoptr(Evidence) evidence = store_get_evidence(pass->store, id, error);
        if (!evidence)
            return FALSE;
        cells[last] = evidence_line(evidence, LANG_EN);
    }
    for (guint i = 0; i < last; i++)
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
    GString *records;
    char *indicator, *subject, *last, *explanation;
    double bits;
} SubjectPass;

static gboolean send_subject(SubjectPass *pass, GError **error)
{
    if (!pass->indicator)
        return TRUE;
    g_autofree char *bits = text_number(pass->bits, 3);
    const char *cells[] = {pass->indicator, pass->subject, pass->records->str, bits,
                           pass->explanation};
    return pass->sink->row(pass->sink, cells, error);
}

static void keep_text(char **place, sqlite3_stmt *row, int column)
{
    g_free(*place);
    *place = g_strdup((const char *)sqlite3_column_text(row, column));
}

static void add_to_subject(SubjectPass *pass, sqlite3_stmt *row, gboolean fresh)
{
    double bits = sqlite3_column_double(row, 3);
    const char *record = (const char *)sqlite3_column_text(row, 2);
    if (fresh || g_strcmp0(record, pass->last) != 0)
        g_string_append_printf(pass->records, "%s%s", pass->records->len ? "; " : "", record);
    keep_text(&pass->last, row, 2);
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
        keep_text(&pass->indicator, row, 0);
        keep_text(&pass->subject, row, 1);
    }
    add_to_subject(pass, row, fresh);
    return TRUE;
}

static gboolean export_indicators(Store *store, RowSink *sink, GError **error)
{
    g_autoptr(GString) records = g_string_new(NULL);
    SubjectPass pass = {.sink = sink, .records = records};
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
        {"links", "pairs held to be one firearm, with bits and probability", export_links},
        {"persons", "every person mention and its entity", export_persons},
        {"markers", "what texts and fields say: ghost guns, devices, narcotics", export_markers},
        {"indicators", "what the rules found, one row a subject", export_indicators},
        {"rejects", "rows that were not loaded, with the reason", export_rejects},
        {"warnings", "values that were loaded but not used, with the reason", export_warnings},
        {NULL, NULL, NULL},
    };
    return rows;
}
