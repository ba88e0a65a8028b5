/* The formats inside engine/report, one line each; formats.c has the table. */
#ifndef CROSSTRACE_REPORT_FORMATS_H
#define CROSSTRACE_REPORT_FORMATS_H

#include "engine/report/report.h"

extern const ReportFormat format_csv, format_json, format_ndjson, format_html, format_graphml,
    format_geojson, format_i2;
/* Beside leads.csv in a folder. */
extern const ReportFormat format_links, format_records, format_package;

/* A cell of CSV: what would hide something is shown escaped, what a spreadsheet would run is kept
 * from it where guard is TRUE; with raw neither. */
void report_append_cell(const Report *report, const char *text, gboolean guard);

#endif
