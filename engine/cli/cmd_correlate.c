/* crosstrace correlate: links, persons, markers, indicators and leads from what is in the store. */
#include <stdio.h>
#include <unistd.h>

#include "engine/cli/commands.h"

static void show_stage(const char *stage, gpointer data)
{
    const Context *context = data;
    if (context->verbose)
        cli_say(context, "%s ...", stage);
}

static int say_report(const Context *context, const CorrelateReport *report)
{
    if (report->nothing_new)
        cli_say(context, "nothing new since the last run");
    else if (context->verbose || isatty(STDERR_FILENO))
        cli_say(context,
                "%" G_GUINT64_FORMAT " records: %" G_GUINT64_FORMAT " links, %" G_GUINT64_FORMAT
                " person mentions, %" G_GUINT64_FORMAT " markers, %" G_GUINT64_FORMAT " leads",
                report->records, report->links, report->persons, report->markers, report->leads);
    if (context->verbose && !report->nothing_new)
        cli_say(context,
                "leads: %" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT
                " changed, %" G_GUINT64_FORMAT " gone since the last run",
                report->leads_new, report->leads_changed, report->leads_gone);
    if (!report->off)
        return STATUS_DONE;
    cli_say(context, "switched off for this run:\n%s", report->off);
    return STATUS_LOOK;
}

/* What each rule cost, in the order of the run. */
static gboolean list_costs(Store *store, RowSink *sink, gpointer data, GError **error)
{
    static const Column columns[] = {{"rule", COLUMN_OWN},
                                     {"rows", COLUMN_NUMBER},
                                     {"milliseconds", COLUMN_NUMBER},
                                     {"steps", COLUMN_NUMBER},
                                     {"off", COLUMN_OWN}};
    const CorrelateReport *report = data;
    (void)store;
    if (!sink->begin(sink, columns, G_N_ELEMENTS(columns), error))
        return FALSE;
    for (guint i = 0; i < report->costs->len; i++) {
        const IndicatorCost *cost = &g_array_index(report->costs, IndicatorCost, i);
        g_autofree char *rows = g_strdup_printf("%" G_GUINT64_FORMAT, cost->rows);
        g_autofree char *milliseconds = text_number(cost->milliseconds, 1);
        g_autofree char *steps = g_strdup_printf("%" G_GUINT64_FORMAT, cost->steps);
        const char *cells[] = {cost->rule, rows, milliseconds, steps, cost->off ? "yes" : ""};
        if (!sink->row(sink, cells, error))
            return FALSE;
    }
    return sink->end(sink, error);
}

static int correlate_run(Context *context, int argc, char **argv, GError **error)
{
    gboolean full = FALSE, estimate = FALSE, dry_run = FALSE, profile = FALSE;
    GOptionEntry entries[] = {
        {"full", 0, 0, G_OPTION_ARG_NONE, &full, "compute everything again", NULL},
        {"estimate", 0, 0, G_OPTION_ARG_NONE, &estimate,
         "estimate parameters anew from what is there, and compute everything with them", NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "compute, say what came out, keep nothing",
         NULL},
        {"profile-rules", 0, 0, G_OPTION_ARG_NONE, &profile,
         "what each rule cost, as rows on standard output", NULL},
        {0}};
    store_count_no_memory();
    if (!cli_parse(context, &cmd_correlate, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "correlate takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Store) store = rules ? cli_store(context, STORE_WRITE, error) : NULL;
    CorrelateOptions options = {.full = full || dry_run,
                                .dry_run = dry_run,
                                .estimate = estimate,
                                .as_of = context->as_of,
                                .progress = show_stage,
                                .progress_data = context};
    CorrelateReport report = {0};
    if (!store || !correlate(store, rules, &options, &report, error))
        return cli_stopped(error);
    if (dry_run)
        context->verbose = TRUE;
    int status = say_report(context, &report);
    if (profile && !cli_print_rows(context, NULL, NULL, list_costs, &report, error))
        status = cli_stopped(error);
    correlate_report_clear(&report);
    return status;
}

const Command cmd_correlate = {
    "correlate",
    "",
    "link, resolve, mark, join, indicate and gather what is in the store",
    "crosstrace correlate -v",
    correlate_run,
    NULL,
};
