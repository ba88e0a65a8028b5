/*
 * One walk over the leads, several files: the leads are released once (one disclosure), and every
 * format that was asked for renders each as it comes. All files are opened before the first byte,
 * so that one that may not be written over stops all, and none has its name before all are whole.
 */
#include <errno.h>
#include <glib/gstdio.h>

#include "engine/base/error.h"
#include "engine/report/report.h"
#include "engine/store/store.h"

#define FOLDER_MODE 0750

/* One file in the making. */
typedef struct {
    const ReportFormat *format;
    Report *report;
    Output *output;
} Part;

struct ReportWriting {
    ReportOptions options;
    GPtrArray *parts; /* of Part */
    guint leads;
};

static void part_free(gpointer data)
{
    Part *part = data;
    report_free(part->report, part->format);
    output_free(part->output);
    g_free(part);
}

ReportWriting *report_writing_new(const ReportOptions *options)
{
    ReportWriting *writing = g_new0(ReportWriting, 1);
    writing->options = *options;
    writing->parts = g_ptr_array_new_with_free_func(part_free);
    return writing;
}

void report_writing_free(ReportWriting *writing)
{
    if (!writing)
        return;
    g_ptr_array_unref(writing->parts);
    g_free(writing);
}

gboolean report_writing_add(ReportWriting *writing, const ReportFormat *format, const char *path,
                            gboolean force, GError **error)
{
    Output *output = output_open(path, force, error);
    if (!output)
        return FALSE;
    Part *part = g_new0(Part, 1);
    *part = (Part){format, report_new(format, &writing->options), output};
    g_ptr_array_add(writing->parts, part);
    return TRUE;
}

gboolean report_writing_add_folder(ReportWriting *writing, const ReportFormat *format,
                                   const char *path, gboolean force, GError **error)
{
    g_autofree ReportFile *files = report_files(format);
    if (g_mkdir_with_parents(path, FOLDER_MODE) != 0)
        return error_set(error, STATUS_NO_CREATE, "cannot create folder '%s': %s", path,
                         g_strerror(errno));
    for (const ReportFile *file = files; file->name; file++) {
        g_autofree char *name = g_build_filename(path, file->name, NULL);
        if (!report_writing_add(writing, file->format, name, force, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_lead(const LeadView *view, gpointer data, GError **error)
{
    ReportWriting *writing = data;
    writing->leads++;
    for (guint i = 0; i < writing->parts->len; i++) {
        Part *part = writing->parts->pdata[i];
        part->format->lead(part->report, view);
        if (!output_write(part->output, part->report->out, error))
            return FALSE;
    }
    return TRUE;
}

gboolean report_writing_run(ReportWriting *writing, Store *store, const ReleaseOptions *release,
                            GError **error)
{
    if (!release_leads(store, release, write_lead, writing, error))
        return FALSE;
    store_end_reading(store); /* who looks at them in a pager keeps nobody waiting */
    for (guint i = 0; i < writing->parts->len; i++) {
        Part *part = writing->parts->pdata[i];
        part->format->end(part->report);
        if (!output_write(part->output, part->report->out, error))
            return FALSE;
    }
    for (guint i = 0; i < writing->parts->len; i++)
        if (!output_close(((Part *)writing->parts->pdata[i])->output, error))
            return FALSE;
    return TRUE;
}
