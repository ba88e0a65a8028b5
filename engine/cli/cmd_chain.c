/* crosstrace chain REF [REF]: the chain of a firearm, or the way between two records, as a tree;
 * and `find path REF REF`, which comes here as it stands. */
#include <langinfo.h>
#include <string.h>

#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/query/chain.h"

#define MAX_DEPTH 5

static gboolean send_rows(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const ChainAsk *ask = data;
    return ask->refs[1] ? path_rows(store, ask, sink, error) : chain_rows(store, ask, sink, error);
}

static gboolean print_tree(Store *store, ChainAsk *ask, GError **error)
{
    gboolean boxes = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    g_autoptr(Output) output = output_open(NULL, FALSE, error);
    if (!output)
        return FALSE;
    g_autoptr(TreeSink) tree = tree_sink_new(output, boxes);
    return cli_send_rows(store, send_rows, ask, tree, output, error);
}

static gboolean chain_with(const Context *context, ChainAsk *ask, GError **error)
{
    g_autofree char *subject = g_strjoin(" ", ask->refs[0], ask->refs[1], NULL);
    g_autoptr(Store) store = cli_store_audited(context, "chain", subject, error);
    if (!store)
        return FALSE;
    return cli_wants_text(context) ? print_tree(store, ask, error)
                                   : cli_print_rows(context, NULL, store, send_rows, ask, error);
}

static int chain_run(Context *context, int argc, char **argv, GError **error)
{
    ChainAsk ask = {.lang = LANG_EN};
    int depth = 1;
    g_autofree char *lang = NULL;
    GOptionEntry entries[] = {
        {"depth", 0, 0, G_OPTION_ARG_INT, &depth,
         "ties to other firearms, one after the other; 1 if not given", "N"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &lang, "of the steps: en or fr", "LANG"},
        {0}};
    if (!cli_parse(context, &cmd_chain, entries, &argc, &argv, error) ||
        !cli_check_text_format(context, error))
        return cli_stopped(error);
    if (lang && !lang_parse(lang, &ask.lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", lang);
        return STATUS_USAGE;
    }
    int path = argc > 1 && strcmp(argv[1], "path") == 0;
    int refs = argc - 1 - path;
    if (refs < 1 + path || refs > 2 || depth < 0 || depth > MAX_DEPTH) {
        error_set(error, STATUS_USAGE,
                  refs >= 1 + path && refs <= 2 ? "--depth takes 0 to 5"
                  : path                        ? "find path takes two records"
                                                : "chain takes one record, or two");
        return STATUS_USAGE;
    }
    ask.depth = (guint)depth;
    ask.refs[0] = argv[path + 1];
    ask.refs[1] = refs > 1 ? argv[path + 2] : NULL;
    return chain_with(context, &ask, error) ? STATUS_DONE : cli_stopped(error);
}

const Command cmd_chain = {
    "chain",
    "REF [REF]",
    "from dealer to recovery as a tree; or the surest way between two records",
    "crosstrace chain cbsa-seizure:4531-24-0001/1 --format text",
    chain_run,
    "text, table, csv, json or ndjson",
};
