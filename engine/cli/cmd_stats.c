/* crosstrace stats: what is in the store, counted; and what of it no code table knows. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/query/query.h"

static gboolean send_stats(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)data;
    return query_stats(store, sink, error);
}

static gboolean send_unknown(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return query_unknown(store, data, sink, error);
}

static gboolean send_precision(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return query_precision(store, data, sink, error);
}

static int print_unknown(const Context *context, Store *store, GError **error)
{
    g_autoptr(CodeTables) codes =
        rules_dir_check(context->rules, error) ? code_tables_load(context->rules, error) : NULL;
    if (!codes)
        return rules_broken(*error);
    return cli_print_rows(context, NULL, store, send_unknown, codes, error) ? STATUS_DONE
                                                                            : cli_stopped(error);
}

/* `stats --rules` without a folder asks for the precision of the rules. */
static gboolean take_bare_rules(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++)
        if (strcmp(argv[i], "--rules") == 0 && (i + 1 == *argc || argv[i + 1][0] == '-')) {
            memmove(argv + i, argv + i + 1, sizeof(char *) * (size_t)(*argc - i));
            (*argc)--;
            return TRUE;
        }
    return FALSE;
}

static int stats_run(Context *context, int argc, char **argv, GError **error)
{
    gboolean unknown = FALSE, rules = take_bare_rules(&argc, argv);
    GOptionEntry entries[] = {{"unknown", 0, 0, G_OPTION_ARG_NONE, &unknown,
                               "values and codes that no table of the rules knows, the most "
                               "frequent first",
                               NULL},
                              {"precision", 0, 0, G_OPTION_ARG_NONE, &rules,
                               "how often rules, tiers and probabilities were right, by what "
                               "people decided; --rules without a folder is the same",
                               NULL},
                              {0}};
    if (!cli_parse(context, &cmd_stats, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc > 1) {
        error_set(error, STATUS_USAGE, "stats takes no operand '%s'", argv[1]);
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (store && unknown)
        return print_unknown(context, store, error);
    RowSource source = rules ? send_precision : send_stats;
    if (!store || !cli_print_rows(context, NULL, store, source, context->as_of, error))
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
