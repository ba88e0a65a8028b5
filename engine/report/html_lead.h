/* One lead as a section of the HTML report; private to engine/report. */
#ifndef CROSSTRACE_REPORT_HTML_LEAD_H
#define CROSSTRACE_REPORT_HTML_LEAD_H

#include "engine/report/report.h"

/* brief: without drawings and tables. */
void html_append_lead(GString *out, const ReportOptions *options, const LeadView *view,
                      gboolean brief);

#endif
