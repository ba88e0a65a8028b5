/* crosstrace report: every lead in one of the lead formats. */
#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/cli/released.h"

typedef struct {
    const ReportFormat *format;
    ReportOptions options;
    Output *output;
    GString *bytes;
} Writing;

static gboolean write_lead(const LeadView *view, gpointer data, GError **error)
{
    Writing *writing = data;
    writing->format->lead(writing->bytes, &writing->options, view);
    return output_write(writing->output, writing->bytes, error);
}

static gboolean write_report(Released *released, Writing *writing, GError **error)
{
    writing->format->begin(writing->bytes, &writing->options);
    if (!release_leads(released->store, &released->options, write_lead, writing, error))
        return FALSE;
    writing->format->end(writing->bytes, &writing->options);
    return output_write(writing->output, writing->bytes, error) &&
           output_close(writing->output, error) &&
           release_done(released->store, &released->options, error);
}

typedef struct {
    char *lang, *output, *audience, *authority;
    double min_score;
    gboolean force;
} Flags;

static void flags_clear(Flags *flags)
{
    g_free(flags->lang);
    g_free(flags->output);
    g_free(flags->audience);
    g_free(flags->authority);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static char *format_names(void)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (const ReportFormat *format = report_formats(); format->name; format++)
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", format->name);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static int report_with(Context *context, const Flags *flags, GError **error)
{
    const char *name = context->format ? context->format : "csv";
    g_autoptr(GString) bytes = g_string_new(NULL);
    Writing writing = {report_format(name), {LANG_EN, context->raw}, NULL, bytes};
    if (!writing.format) {
        g_autofree char *known = format_names();
        error_set(error, STATUS_USAGE, "unknown report format '%s'; %s", name, known);
        return STATUS_USAGE;
    }
    if (flags->lang && !lang_parse(flags->lang, &writing.options.lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", flags->lang);
        return STATUS_USAGE;
    }
    g_auto(Released) released = {0};
    g_autofree char *subject = g_strdup_printf("leads format=%s", name);
    if (!released_open(&released, context, "report", subject, error) ||
        !released_for(&released, flags->audience, flags->authority, error))
        return cli_stopped(error);
    released.options.lang = writing.options.lang;
    released.options.min_score = flags->min_score;
    g_autoptr(Output) output = output_open(flags->output, flags->force, error);
    writing.output = output;
    if (!output || !write_report(&released, &writing, error))
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
        {"min-score", 0, 0, G_OPTION_ARG_DOUBLE, &flags.min_score, "only leads of this score", "P"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &flags.output, "else standard output", "FILE"},
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
    "lead report for the owner's own use (formats: csv)",
    "crosstrace report --format csv -o leads.csv",
    report_run,
    TRUE,
};
