/*
 * Ties of all leads as CSV, one row a tie with both ends spelt out, as an import specification of
 * a link chart wants it (README.md has the recipe).
 */
#include "engine/report/formats.h"
#include "engine/report/network.h"

static void i2_begin(Report *report)
{
    g_string_append(report->out, "lead_id,from_id,from_type,from_label,to_id,to_type,to_label,"
                                 "link_type,link_label,date_time,direction,weight,source_ref\n");
}

static void i2_lead(Report *report, const LeadView *view)
{
    g_autoptr(Network) network = network_new(view, report->options.lang);
    for (guint i = 0; i < network->ties->len; i++) {
        const Tie *tie = network->ties->pdata[i];
        g_autofree char *weight = text_probability(tie->weight);
        const char *const cells[] = {
            view->lead->lead_id, tie->from->id,  tie->from->type, tie->from->label, tie->to->id,
            tie->to->type,       tie->to->label, tie->type,       tie->label,       tie->date,
            "from-to",           weight,         tie->source};
        for (guint j = 0; j < G_N_ELEMENTS(cells); j++) {
            if (j)
                g_string_append_c(report->out, ',');
            report_append_cell(report, cells[j], cells[j] != weight);
        }
        g_string_append_c(report->out, '\n');
    }
}

static void i2_end(Report *report)
{
    (void)report;
}

const ReportFormat format_i2 = {
    "i2", "links as CSV with both ends, for a link chart", "i2.csv", i2_begin, i2_lead, i2_end,
    NULL,
};
