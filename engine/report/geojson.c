/*
 * Where the firearms of all leads were sold and found, as GeoJSON (RFC 7946: WGS 84, longitude
 * first): a point for each end (role source or theft, crossing or recovery), a line between them. A
 * state's or province's point is its middle.
 */
#include "engine/render/json.h"
#include "engine/report/formats.h"

static void geojson_begin(Report *report)
{
    g_string_append(report->out, "{\"type\":\"FeatureCollection\",\"name\":\"crosstrace leads\","
                                 "\"features\":[");
}

static void append_position(GString *out, const LeadPlace *place)
{
    g_autofree char *lat = text_number(place->lat, 4), *lon = text_number(place->lon, 4);
    g_string_append_printf(out, "[%s,%s]", lon, lat);
}

static void append_property(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, ",\"%s\":", name);
    json_append_string(out, value);
}

/* What every feature says of its lead and firearm; leaves the feature open after its role. */
static void begin_feature(Report *report, const LeadView *view, const LeadPath *path,
                          const char *role)
{
    g_autofree char *score = text_probability(view->lead->score);
    g_string_append(report->out, report->leads++ ? ",\n" : "\n");
    g_string_append_printf(report->out, "{\"type\":\"Feature\",\"properties\":{\"role\":\"%s\"",
                           role);
    append_property(report->out, "lead_id", view->lead->lead_id);
    g_string_append_printf(report->out, ",\"score\":%s,\"priority\":%d", score,
                           view->lead->priority);
    append_property(report->out, "handling", view->lead->handling);
    append_property(report->out, "firearm", path->label);
    append_property(report->out, "records", path->records);
}

static void append_point(Report *report, const LeadView *view, const LeadPath *path,
                         const LeadPlace *place, const char *role)
{
    if (!place->located)
        return;
    begin_feature(report, view, path, role);
    append_property(report->out, "place", place->label);
    append_property(report->out, "date",
                    place == &path->source ? lead_path_left(path) : path->found);
    g_string_append(report->out, "},\"geometry\":{\"type\":\"Point\",\"coordinates\":");
    append_position(report->out, place);
    g_string_append(report->out, "}}");
}

static void append_line(Report *report, const LeadView *view, const LeadPath *path)
{
    if (!path->source.located || !path->place.located)
        return;
    begin_feature(report, view, path, "way");
    append_property(report->out, "from_date", lead_path_left(path));
    append_property(report->out, "to_date", path->found);
    g_string_append(report->out, "},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[");
    append_position(report->out, &path->source);
    g_string_append_c(report->out, ',');
    append_position(report->out, &path->place);
    g_string_append(report->out, "]}}");
}

static void geojson_lead(Report *report, const LeadView *view)
{
    for (guint i = 0; i < view->lead->paths->len; i++) {
        const LeadPath *path = view->lead->paths->pdata[i];
        append_point(report, view, path, &path->source, path->theft ? "theft" : "source");
        append_point(report, view, path, &path->place, path->seized ? "crossing" : "recovery");
        append_line(report, view, path);
    }
}

static void geojson_end(Report *report)
{
    g_string_append(report->out, "\n]}\n");
}

const ReportFormat format_geojson = {
    "geojson",
    "where firearms were sold and found, for a map",
    "leads.geojson",
    geojson_begin,
    geojson_lead,
    geojson_end,
    NULL,
};
