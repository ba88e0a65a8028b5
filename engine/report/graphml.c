/*
 * Leads as one GraphML graph, for Gephi, yEd, Cytoscape: typed nodes and edges with dates, weights
 * and the records that say so. What two leads share is one node. The graph is flat and directed.
 */
#include "engine/render/markup.h"
#include "engine/report/formats.h"
#include "engine/report/network.h"

static const struct {
    const char *id, *on, *name, *type;
} keys[] = {
    {"label", "node", "label", "string"},    {"type", "node", "type", "string"},
    {"lat", "node", "lat", "double"},        {"lon", "node", "lon", "double"},
    {"kind", "edge", "type", "string"},      {"elabel", "edge", "label", "string"},
    {"date", "edge", "date", "string"},      {"weight", "edge", "weight", "double"},
    {"source", "edge", "records", "string"}, {"lead", "edge", "lead", "string"},
};

static void graphml_begin(Report *report)
{
    report->state = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_string_append(report->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                 "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
                                 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                 "xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
                                 "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n");
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        markup_printf(report->out,
                      "<key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", keys[i].id,
                      keys[i].on, keys[i].name, keys[i].type);
    g_string_append(report->out, "<graph id=\"leads\" edgedefault=\"directed\">\n");
}

static void append_data(GString *out, const char *key, const char *text)
{
    if (text)
        markup_printf(out, "<data key=\"%s\">%s</data>", key, text);
}

static void append_node(Report *report, const Node *node)
{
    if (!g_hash_table_add(report->state, g_strdup(node->id)))
        return;
    markup_printf(report->out, "<node id=\"%s\">", node->id);
    append_data(report->out, "label", node->label);
    append_data(report->out, "type", node->type);
    if (node->place) {
        g_autofree char *lat = text_number(node->place->lat, 4);
        g_autofree char *lon = text_number(node->place->lon, 4);
        append_data(report->out, "lat", lat);
        append_data(report->out, "lon", lon);
    }
    g_string_append(report->out, "</node>\n");
}

static void append_tie(Report *report, const Tie *tie, const char *lead_id)
{
    g_autofree char *weight = text_probability(tie->weight);
    markup_printf(report->out, "<edge source=\"%s\" target=\"%s\">", tie->from->id, tie->to->id);
    append_data(report->out, "kind", tie->type);
    append_data(report->out, "elabel", tie->label);
    append_data(report->out, "date", tie->date);
    append_data(report->out, "weight", weight);
    append_data(report->out, "source", tie->source);
    append_data(report->out, "lead", lead_id);
    g_string_append(report->out, "</edge>\n");
}

static void graphml_lead(Report *report, const LeadView *view)
{
    g_autoptr(Network) network = network_new(view, report->options.lang);
    for (guint i = 0; i < network->nodes->len; i++)
        append_node(report, network->nodes->pdata[i]);
    for (guint i = 0; i < network->ties->len; i++)
        append_tie(report, network->ties->pdata[i], view->lead->lead_id);
}

static void graphml_end(Report *report)
{
    g_string_append(report->out, "</graph>\n</graphml>\n");
}

static void graphml_clear(Report *report)
{
    g_hash_table_unref(report->state);
}

const ReportFormat format_graphml = {
    "graphml",       "one graph of all leads, for Gephi or yEd",
    "leads.graphml", graphml_begin,
    graphml_lead,    graphml_end,
    graphml_clear,
};
