/* The formats inside engine/report, one line each; formats.c has the table. */
#ifndef CROSSTRACE_REPORT_FORMATS_H
#define CROSSTRACE_REPORT_FORMATS_H

#include "engine/report/report.h"

void csv_report_begin(GString *out, const ReportOptions *options);
void csv_report_lead(GString *out, const ReportOptions *options, const LeadView *view);
void csv_report_end(GString *out, const ReportOptions *options);

#endif
