/*
 * Drawings of a lead as inline SVG: the chain from dealer to seizure, the time line, the map.
 * Plain markup in whole numbers; colours and sizes are classes of page.css. Each has a text
 * alternative, and the table of firearms below it says the same in words. Private to engine/report.
 */
#ifndef CROSSTRACE_REPORT_DRAW_H
#define CROSSTRACE_REPORT_DRAW_H

#include "engine/report/report.h"

/* More firearms than this are in the table alone, and the page says so. */
#define DRAW_PATHS 8

/* What drawings share, once for the page: column heads of the chain, outlines of the map. */
void draw_shared(GString *out, const ReportOptions *options);
/* The map's outlines as a path; for draw_shared. */
void draw_outlines(GString *out, const CodeTables *codes);

/* Each draws into the page as SVG. Who bought, carried and received, dealer to recovery. */
void draw_chain(GString *out, const Lead *lead, Lang lang);
/* Nothing when no day is known. */
void draw_timeline(GString *out, const Lead *lead, Lang lang);
/* Nothing when no place is known. */
void draw_map(GString *out, const Lead *lead, Lang lang);

#endif
