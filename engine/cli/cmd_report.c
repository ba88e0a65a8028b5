/* crosstrace report: every lead in one of the lead formats, as a file, a folder, or a stream. */
#include <string.h>

#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/cli/released.h"

/* A folder that is there, or a name that says that it is to be one: by a slash at its end, or by
 * having no extension while nothing of that name is there. */
static gboolean is_folder(const char *path)
{
    if (!path || g_file_test(path, G_FILE_TEST_EXISTS))
        return path && g_file_test(path, G_FILE_TEST_IS_DIR);
    g_autofree char *name = g_path_get_basename(path);
    return g_str_has_suffix(path, "/") || !strchr(name, '.');
}

typedef struct {
    char *lang, *output, *audience, *authority, *since;
    double min_score;
    gboolean force;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->lang);
    g_free(flags->output);
    g_free(flags->audience);
    g_free(flags->authority);
    g_free(flags->since);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static char *format_names(void)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (const ReportFormat *const *format = report_formats(); *format; format++)
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", (*format)->name);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static ReportWriting *open_writing(const ReportFormat *format, const Released *released,
                                   const Context *context, const Flags *flags, GError **error)
{
    g_autoptr(ReportWriting) writing = released_writing(released, context);
    gboolean open =
        is_folder(flags->output)
            ? report_writing_add_folder(writing, format, flags->output, flags->force, error)
            : report_writing_add(writing, format, flags->output, flags->force, error);
    return open ? g_steal_pointer(&writing) : NULL;
}

static int report_with(Context *context, const Flags *flags, GError **error)
{
    const char *name = context->format ? context->format : "csv";
    const ReportFormat *format = report_format(name);
    Lang lang = LANG_EN;
    if (!format) {
        g_autofree char *known = format_names();
        error_set(error, STATUS_USAGE, "unknown report format '%s'; %s", name, known);
        return STATUS_USAGE;
    }
    if (flags->lang && !lang_parse(flags->lang, &lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", flags->lang);
        return STATUS_USAGE;
    }
    /* A change in what is withheld would choose the lead, and so tell of it. */
    if (flags->since && flags->audience) {
        error_set(error, STATUS_USAGE, "report takes --since or --audience, not both");
        return STATUS_USAGE;
    }
    g_auto(Released) released = {0};
    g_autofree char *subject = g_strdup_printf("leads format=%s", name);
    if (!released_open(&released, context, "report", subject, error) ||
        !released_for(&released, flags->audience, flags->authority, error) ||
        !released_since(&released, flags->since, error))
        return cli_stopped(error);
    released.options.lang = lang;
    released.options.min_score = flags->min_score;
    g_autoptr(ReportWriting) writing = open_writing(format, &released, context, flags, error);
    if (!writing || !report_writing_run(writing, released.store, &released.options, error) ||
        !release_done(released.store, &released.options, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static int report_run(Context *context, int argc, char **argv, GError **error)
{
    g_auto(Flags) flags = {0};
    GOptionEntry entries[] = {
        {"lang", 0, 0, G_OPTION_ARG_STRING, &flags.lang, "en or fr", "LANG"},
        {"audience", 0, 0, G_OPTION_ARG_STRING, &flags.audience, "for whom; else the owner",
         "CODE"},
        {"authority", 0, 0, G_OPTION_ARG_STRING, &flags.authority,
         "references that the audience needs: 'key=value; ...'", "TEXT"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &flags.since,
         "only leads that changed after this run, or in runs as of this day or later", "RUN|DATE"},
        {"min-score", 0, 0, G_OPTION_ARG_DOUBLE, &flags.min_score,
         "only leads of this score and more", "P"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &flags.output,
         "a file, or a folder (DIR/, or a name without an extension); else standard output",
         "FILE|DIR"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &flags.force, "replace a file that is there", NULL},
        {0}};
    if (!cli_parse(context, &cmd_report, entries, &argc, &argv, error) ||
        !released_score(flags.min_score, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "report takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    return report_with(context, &flags, error);
}

const Command cmd_report = {
    "report",
    "",
    "lead reports: csv, json, ndjson, html, graphml, geojson, i2",
    "crosstrace report --format html --lang fr -o leads.html",
    report_run,
    "csv, json, ndjson, html, graphml, geojson or i2",
};
