/*
 * Leads as JSON (one document) and NDJSON (one lead a line), for machines: everything that the
 * view holds, version 1 of leads.schema.json. Members are only added within a version.
 */
#include "engine/render/json.h"
#include "engine/report/formats.h"
#include "engine/report/shape.h"

#define SCHEMA_VERSION 1

static void append_array(GString *out, const char *name, const GPtrArray *rows, const Shape *shape)
{
    g_string_append_printf(out, ",\"%s\":[", name);
    for (guint i = 0; i < rows->len; i++) {
        g_string_append(out, i ? ",{" : "{");
        shape_append_json(out, shape, rows->pdata[i]);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_place(GString *out, const char *name, const LeadPlace *place)
{
    g_string_append_printf(out, ",\"%s\":", name);
    if (!place->label) {
        g_string_append(out, "null");
        return;
    }
    g_string_append_c(out, '{');
    shape_append_json(out, &shape_place, place);
    if (place->located) {
        g_autofree char *lat = text_number(place->lat, 4), *lon = text_number(place->lon, 4);
        g_string_append_printf(out, ",\"lat\":%s,\"lon\":%s", lat, lon);
    }
    g_string_append_c(out, '}');
}

static void append_paths(GString *out, const GPtrArray *paths)
{
    g_string_append(out, ",\"paths\":[");
    for (guint i = 0; i < paths->len; i++) {
        const LeadPath *path = paths->pdata[i];
        g_string_append(out, i ? ",{" : "{");
        shape_append_json(out, &shape_path, path);
        append_place(out, "source", &path->source);
        append_place(out, "place", &path->place);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_records(GString *out, const LeadEvidence *evidence)
{
    g_string_append(out, ",\"observations\":[");
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        gboolean first = TRUE;
        g_string_append(out, i ? ",{\"record\":" : "{\"record\":");
        json_append_string(out, record->ref);
        g_string_append(out, ",\"kind\":");
        json_append_string(out, record->kind);
        g_string_append(out, ",\"source\":");
        json_append_string(out, i < evidence->sources->len ? evidence->sources->pdata[i] : NULL);
        g_string_append(out, ",\"fields\":{");
        for (Field field = 0; field < FIELD_COUNT; field++) {
            const char *value = record_get(record, field);
            if (!value)
                continue;
            g_string_append_printf(out, "%s\"%s\":", first ? "" : ",", field_name(field));
            json_append_string(out, value);
            first = FALSE;
        }
        g_string_append(out, "}}");
    }
    g_string_append_c(out, ']');
}

static void append_lead(GString *out, const LeadView *view)
{
    const LeadEvidence *evidence = view->evidence;
    g_string_append_printf(out, "{\"v\":%d,", SCHEMA_VERSION);
    lead_append_json(out, view);
    g_string_append(out, ",\"caveat\":");
    json_append_string(out, view->lead->caveat);
    append_array(out, "terms", view->lead->evidence->terms, &shape_term);
    append_paths(out, view->lead->paths);
    append_array(out, "indicators", evidence->indicators, &shape_indicator);
    append_array(out, "links", evidence->links, &shape_link);
    append_array(out, "people", evidence->people, &shape_person);
    append_array(out, "findings", evidence->markers, &shape_marker);
    append_array(out, "edges", evidence->edges, &shape_edge);
    append_records(out, evidence);
    g_string_append_c(out, '}');
}

static void json_begin(Report *report)
{
    const ReportOptions *options = &report->options;
    g_string_append_printf(report->out, "{\"v\":%d,\"as_of\":", SCHEMA_VERSION);
    json_append_string(report->out, options->as_of);
    g_string_append(report->out, ",\"run\":");
    json_append_string(report->out, options->run);
    g_string_append_printf(report->out, ",\"lang\":\"%s\",\"leads\":[",
                           options->lang == LANG_FR ? "fr" : "en");
}

static void json_lead(Report *report, const LeadView *view)
{
    g_string_append(report->out, report->leads++ ? ",\n" : "\n");
    append_lead(report->out, view);
}

static void json_end(Report *report)
{
    g_string_append(report->out, "\n]}\n");
}

const ReportFormat format_json = {
    "json",       "all that is known of each lead, one document (leads.schema.json)",
    "leads.json", json_begin,
    json_lead,    json_end,
    NULL,
};

static void ndjson_lead(Report *report, const LeadView *view)
{
    append_lead(report->out, view);
    g_string_append_c(report->out, '\n');
}

static void nothing(Report *report)
{
    (void)report;
}

const ReportFormat format_ndjson = {
    "ndjson", "the same, one lead a line", "leads.ndjson", nothing, ndjson_lead, nothing, NULL,
};
