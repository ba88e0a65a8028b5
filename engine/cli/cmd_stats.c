/* crosstrace stats: what is in the store, counted. */
#include "engine/cli/commands.h"
#include "engine/query/query.h"

static gboolean send_stats(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)data;
    return query_stats(store, sink, error);
}

static int stats_run(Context *context, int argc, char **argv, GError **error)
{
    if (!cli_parse(context, &cmd_stats, NULL, &argc, &argv, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "stats takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (!store || !cli_print_rows(context, NULL, store, send_stats, NULL, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

const Command cmd_stats = {
    "stats",
    "",
    "counts of files, records, links, persons, markers, indicators, leads",
    "crosstrace stats --format json",
    stats_run,
    FALSE,
};
