/*
 * Leads as CSV, one row each, and beside them in a folder a row for each link and each record, and
 * the data package that describes all three. The columns are a contract (scripts depend on them):
 * new ones are only appended. Words that came from input are guarded against spreadsheets, numbers
 * never. Codes keep their column; their labels in the reader's language have one of their own.
 */
#include <string.h>

#include "engine/base/csv.h"
#include "engine/render/json.h"
#include "engine/report/formats.h"
#include "engine/report/label.h"
#include "engine/report/shape.h"

/* A column that is no member of a struct. */
typedef struct {
    const char *name, *help;
    char *(*text)(const Report *report, const LeadView *view);
} LabelColumn;

static char *labels_of(const Report *report, const char *table, const char *codes)
{
    return code_labels(report->options.codes, table, codes, report->options.lang);
}

static char *label_confidence_of(const Report *report, const LeadView *view)
{
    return g_strdup(label_confidence(&report->options, view->lead->score));
}

static char *label_status_of(const Report *report, const LeadView *view)
{
    return g_strdup(label_status(view->lead->status, report->options.lang));
}

static char *label_kinds_of(const Report *report, const LeadView *view)
{
    return labels_of(report, "kinds", view->lead->kinds);
}

static char *label_markers_of(const Report *report, const LeadView *view)
{
    return labels_of(report, "markers", view->lead->markers);
}

static char *label_handling_of(const Report *report, const LeadView *view)
{
    return labels_of(report, "handlings", view->lead->handling);
}

static const LabelColumn labels[] = {
    {"confidence", "the score in a word", label_confidence_of},
    {"status_label", "status in the reader's language", label_status_of},
    {"kinds_label", "kinds in the reader's language", label_kinds_of},
    {"markers_label", "markers in the reader's language", label_markers_of},
    {"handling_label", "marking in the reader's language", label_handling_of},
};

void report_append_cell(const Report *report, const char *text, gboolean guard)
{
    if (report->options.raw || !text) {
        csv_append_cell(report->out, text, FALSE);
        return;
    }
    g_autofree char *safe = text_for_terminal(text);
    csv_append_cell(report->out, safe, guard);
}

static void append_names(GString *out, const Shape *shape)
{
    for (guint i = 0; i < shape->n; i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", shape->cells[i].name);
}

static void lead_begin(Report *report)
{
    append_names(report->out, &shape_lead);
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
        g_string_append_printf(report->out, ",%s", labels[i].name);
    g_string_append_c(report->out, '\n');
}

static void lead_row(Report *report, const LeadView *view)
{
    for (guint i = 0; i < shape_lead.n; i++) {
        const Cell *cell = &shape_lead.cells[i];
        g_autofree char *text = lead_cell_text(cell, view);
        if (i)
            g_string_append_c(report->out, ',');
        report_append_cell(report, text, cell_is_guarded(cell->type));
    }
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autofree char *text = labels[i].text(report, view);
        g_string_append_c(report->out, ',');
        report_append_cell(report, text, TRUE);
    }
    g_string_append_c(report->out, '\n');
}

static void nothing(Report *report)
{
    (void)report;
}

const ReportFormat format_csv = {
    "csv",       "one row for each lead, RFC 4180; in a folder also links and records",
    "leads.csv", lead_begin,
    lead_row,    nothing,
    NULL,
};

static void links_begin(Report *report)
{
    g_string_append(report->out, "lead_id,");
    append_names(report->out, &shape_link);
    g_string_append_c(report->out, '\n');
}

static void links_rows(Report *report, const LeadView *view)
{
    for (guint row = 0; row < view->evidence->links->len; row++) {
        report_append_cell(report, view->lead->lead_id, FALSE);
        for (guint i = 0; i < shape_link.n; i++) {
            const Cell *cell = &shape_link.cells[i];
            g_autofree char *text = cell_text(cell, view->evidence->links->pdata[row]);
            g_string_append_c(report->out, ',');
            report_append_cell(report, text, cell_is_guarded(cell->type));
        }
        g_string_append_c(report->out, '\n');
    }
}

const ReportFormat format_links = {
    "links", "one row for each link", "links.csv", links_begin, links_rows, nothing, NULL,
};

/* What a row of records.csv starts with; the canonical fields of the store follow. */
static const char *const record_columns[] = {"lead_id", "record", "kind", "source"};

static void records_begin(Report *report)
{
    for (guint i = 0; i < G_N_ELEMENTS(record_columns); i++)
        g_string_append_printf(report->out, "%s%s", i ? "," : "", record_columns[i]);
    for (Field field = 0; field < FIELD_COUNT; field++)
        g_string_append_printf(report->out, ",%s", field_name(field));
    g_string_append_c(report->out, '\n');
}

static void records_rows(Report *report, const LeadView *view)
{
    const LeadEvidence *evidence = view->evidence;
    for (guint row = 0; row < evidence->records->len; row++) {
        const Record *record = evidence->records->pdata[row];
        const char *start[] = {view->lead->lead_id, record->ref, record->kind,
                               row < evidence->sources->len ? evidence->sources->pdata[row] : NULL};
        for (guint i = 0; i < G_N_ELEMENTS(start); i++) {
            if (i)
                g_string_append_c(report->out, ',');
            report_append_cell(report, start[i], TRUE);
        }
        for (Field field = 0; field < FIELD_COUNT; field++) {
            g_string_append_c(report->out, ',');
            report_append_cell(report, record_get(record, field), TRUE);
        }
        g_string_append_c(report->out, '\n');
    }
}

const ReportFormat format_records = {
    "records", "one row for each record", "records.csv", records_begin, records_rows, nothing, NULL,
};

static void append_field(GString *out, const char *name, const char *type, const char *help)
{
    g_string_append_printf(out, "%s\n     {\"name\":\"%s\",\"type\":\"%s\"",
                           g_str_has_suffix(out->str, "[") ? "" : ",", name, type);
    if (strcmp(type, "boolean") == 0)
        g_string_append(out, ",\"trueValues\":[\"yes\"],\"falseValues\":[\"no\"]");
    if (help) {
        g_string_append(out, ",\"description\":");
        json_append_string(out, help);
    }
    g_string_append_c(out, '}');
}

static void begin_resource(GString *out, const char *name)
{
    g_string_append_printf(
        out,
        "  {\"name\":\"%s\",\"path\":\"%s.csv\",\"profile\":"
        "\"tabular-data-resource\",\"format\":\"csv\",\"mediatype\":\"text/csv\","
        "\"encoding\":\"utf-8\",\n   \"schema\":{\"fields\":[",
        name, name);
}

static void append_shape(GString *out, const Shape *shape)
{
    for (guint i = 0; i < shape->n; i++)
        append_field(out, shape->cells[i].name, cell_type_name(shape->cells[i].type),
                     shape->cells[i].help);
}

static void end_resource(GString *out, const char *key, gboolean last)
{
    g_string_append_printf(out, "],%s}}%s\n", key, last ? "" : ",");
}

/* The leads are of no interest to it: it says what the columns of the other files are. */
static void package_lead(Report *report, const LeadView *view)
{
    (void)report;
    (void)view;
}

static void package_end(Report *report)
{
    static const char foreign[] = "\"foreignKeys\":[{\"fields\":\"lead_id\",\"reference\":"
                                  "{\"resource\":\"leads\",\"fields\":\"lead_id\"}}]";
    GString *out = report->out;
    g_string_append(out, "{\"profile\":\"tabular-data-package\",\"name\":\"crosstrace-leads\",\n"
                         " \"as_of\":");
    json_append_string(out, report->options.as_of);
    g_string_append(out, ",\"run\":");
    json_append_string(out, report->options.run);
    g_string_append(out, ",\n \"resources\":[\n");
    begin_resource(out, "leads");
    append_shape(out, &shape_lead);
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
        append_field(out, labels[i].name, "string", labels[i].help);
    end_resource(out, "\"primaryKey\":\"lead_id\"", FALSE);
    begin_resource(out, "links");
    append_field(out, "lead_id", "string", NULL);
    append_shape(out, &shape_link);
    end_resource(out, foreign, FALSE);
    begin_resource(out, "records");
    for (guint i = 0; i < G_N_ELEMENTS(record_columns); i++)
        append_field(out, record_columns[i], "string", NULL);
    for (Field field = 0; field < FIELD_COUNT; field++)
        append_field(out, field_name(field), "string", NULL);
    end_resource(out, foreign, TRUE);
    g_string_append(out, " ]}\n");
}

const ReportFormat format_package = {
    "package", "what the columns mean", "datapackage.json", nothing, package_lead, package_end,
    NULL,
};
