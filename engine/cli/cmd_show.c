/* crosstrace show REF: a record, a person or a lead with all that is known of it. */
#include "engine/cli/commands.h"
#include "engine/cli/released.h"
#include "engine/query/show.h"

static gboolean send_sheet(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return show_rows(store, data, sink, error);
}

static gboolean print_sheet(Store *store, char *ref, GError **error)
{
    g_autoptr(Output) output = output_open(NULL, FALSE, error);
    if (!output)
        return FALSE;
    g_autoptr(SheetSink) sheet = sheet_sink_new(output);
    return cli_send_rows(store, send_sheet, ref, sheet, output, error);
}

static gboolean show_lead(const Context *context, const char *lead_id, GError **error)
{
    g_auto(Released) released = {0};
    g_autofree char *subject = g_strdup_printf("lead %s", lead_id);
    return released_open(&released, context, "show", subject, error) &&
           released_show(&released, context, lead_id, error);
}

static gboolean show_ref(const Context *context, char *ref, GError **error)
{
    g_autoptr(Store) store = cli_store_audited(context, "show", ref, error);
    if (!store)
        return FALSE;
    return cli_wants_text(context) ? print_sheet(store, ref, error)
                                   : cli_print_rows(context, NULL, store, send_sheet, ref, error);
}

static int show_run(Context *context, int argc, char **argv, GError **error)
{
    GOptionEntry entries[] = {{0}};
    if (!cli_parse(context, &cmd_show, entries, &argc, &argv, error) ||
        !cli_check_text_format(context, error))
        return cli_stopped(error);
    if (argc != 2) {
        error_set(error, STATUS_USAGE, "show takes one record, mention or lead");
        return STATUS_USAGE;
    }
    gboolean ok = released_is_lead_id(argv[1]) ? show_lead(context, argv[1], error)
                                               : show_ref(context, argv[1], error);
    return ok ? STATUS_DONE : cli_stopped(error);
}

const Command cmd_show = {
    "show",
    "REF",
    "one record, person or lead with all that is known of it",
    "crosstrace show cbsa-seizure:4531-24-0001/1 --format text",
    show_run,
    "text, table, csv, json or ndjson",
};
