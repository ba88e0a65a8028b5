/*
 * engine/report: LeadViews -> bytes, one file a format (csv.c, html.c ...). A format sees LeadViews
 * only. To add a lead format: NAME.c that ends with a ReportFormat, and its line in formats.c;
 * tests render the same leads in each. All bytes are appended to a GString that an Output of
 * engine/render writes out.
 */
#ifndef CROSSTRACE_REPORT_REPORT_H
#define CROSSTRACE_REPORT_REPORT_H

#include "engine/base/code.h"
#include "engine/release/release.h"
#include "engine/render/render.h"

/* What every format is told; borrows everything. */
typedef struct {
    Lang lang;
    gboolean raw;            /* no formula guard: for machines */
    const CodeTables *codes; /* labels and outlines; NULL: codes stand for themselves */
    const char *as_of;       /* ISO day; NULL: not known */
    const char *run;         /* hash that the owner knows the run by; NULL: not for this reader */
    const char *program;     /* "crosstrace 1.0"; NULL: not said */
    const char *before; /* told.tsv of the last report to this reader, for the digest; NULL: none */
} ReportOptions;

/* One rendering in the making: bytes that a format appended and that nobody took yet. */
typedef struct {
    GString *out;
    ReportOptions options;
    guint leads;    /* rendered so far */
    gpointer state; /* the format's own */
} Report;

typedef struct {
    const char *name; /* "csv" */
    const char *help; /* one line */
    const char *file; /* its name in a folder: "leads.json" */
    void (*begin)(Report *report);
    void (*lead)(Report *report, const LeadView *view);
    void (*end)(Report *report);
    void (*clear)(Report *report); /* frees state, also of one that was not ended; NULL: none */
} ReportFormat;

/* The table of lead formats, ends with NULL. */
const ReportFormat *const *report_formats(void);
const ReportFormat *report_format(const char *name); /* NULL when unknown */

/* Of nightly alone, and in no table: what is new since ReportOptions.before, and the list by which
 * the next digest will tell. */
extern const ReportFormat format_digest, format_told;

/* The files of a report in a folder: for CSV a table each for leads, links and records and what
 * describes them (datapackage.json), else one file. Ends with name NULL; g_free the array. */
typedef struct {
    const char *name;
    const ReportFormat *format;
} ReportFile;
ReportFile *report_files(const ReportFormat *format);

Report *report_new(const ReportFormat *format, const ReportOptions *options);
void report_free(Report *report, const ReportFormat *format);

/* `leads show`: one lead as text with waterfall, records (source file and line), next step. */
void report_lead_text(GString *out, const LeadView *view, Lang lang);

/* Files made of one walk over the leads. */
typedef struct ReportWriting ReportWriting;
ReportWriting *report_writing_new(const ReportOptions *options);
void report_writing_free(ReportWriting *writing); /* of a run that failed: no file has its name */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportWriting, report_writing_free)
/* One file more (path NULL: standard output), or a format's files in a folder, which is made. */
gboolean report_writing_add(ReportWriting *writing, const ReportFormat *format, const char *path,
                            gboolean force, GError **error);
gboolean report_writing_add_folder(ReportWriting *writing, const ReportFormat *format,
                                   const char *path, gboolean force, GError **error);
/* Releases and writes every lead; release_done is the caller's, when all is in its place. */
gboolean report_writing_run(ReportWriting *writing, Store *store, const ReleaseOptions *release,
                            GError **error);

#endif
