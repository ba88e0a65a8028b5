/* Codes in the reader's words, inside engine/report. Results are static or the tables'. */
#ifndef CROSSTRACE_REPORT_LABEL_H
#define CROSSTRACE_REPORT_LABEL_H

#include "engine/report/report.h"

/* Label of a code of rules/tables/TABLE.csv; the code itself where there is none. */
const char *label_of(const ReportOptions *options, const char *table, const char *code, Lang lang);
/* The word for a probability (rules/tables/confidence.csv); "" without the table. */
const char *label_confidence(const ReportOptions *options, double probability);
const char *label_status(const char *status, Lang lang);
const char *label_tier(const char *tier, Lang lang);
const char *label_role(const char *role, Lang lang);

#endif
