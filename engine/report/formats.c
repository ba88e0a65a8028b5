/*
 * The table of lead formats and what a folder report is made of. To add a format: NAME.c, its
 * line in formats.h and here.
 */
#include "engine/report/formats.h"

static const ReportFormat *const formats[] = {
    &format_csv,     &format_json,    &format_ndjson, &format_html,
    &format_graphml, &format_geojson, &format_i2,     NULL,
};

const ReportFormat *const *report_formats(void)
{
    return formats;
}

const ReportFormat *report_format(const char *name)
{
    for (const ReportFormat *const *format = formats; *format; format++)
        if (g_strcmp0((*format)->name, name) == 0)
            return *format;
    return NULL;
}

ReportFile *report_files(const ReportFormat *format)
{
    static const ReportFile tables[] = {{"leads.csv", &format_csv},
                                        {"links.csv", &format_links},
                                        {"records.csv", &format_records},
                                        {"datapackage.json", &format_package},
                                        {NULL, NULL}};
    if (format == &format_csv)
        return g_memdup2(tables, sizeof tables);
    ReportFile *files = g_new0(ReportFile, 2);
    files[0] = (ReportFile){format->file, format};
    return files;
}

Report *report_new(const ReportFormat *format, const ReportOptions *options)
{
    Report *report = g_new0(Report, 1);
    report->out = g_string_new(NULL);
    report->options = *options;
    format->begin(report);
    return report;
}

void report_free(Report *report, const ReportFormat *format)
{
    if (!report)
        return;
    if (format->clear)
        format->clear(report);
    g_string_free(report->out, TRUE);
    g_free(report);
}
