/* The table of lead formats. To add one: NAME.c, its functions in formats.h, and a line here. */
#include "engine/report/formats.h"

static const ReportFormat formats[] = {
    {"csv", "one row for each lead, RFC 4180", csv_report_begin, csv_report_lead, csv_report_end},
    {NULL, NULL, NULL, NULL, NULL},
};

const ReportFormat *report_formats(void)
{
    return formats;
}

const ReportFormat *report_format(const char *name)
{
    for (const ReportFormat *format = formats; format->name; format++)
        if (g_strcmp0(format->name, name) == 0)
            return format;
    return NULL;
}
