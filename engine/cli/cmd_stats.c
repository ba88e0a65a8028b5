/*
 * crosstrace stats: what is in the store, counted; statistics of firearms; and what no code table
 * knows. Rows go to standard output; ATF's disclaimer, which every statistic carries, is their last
 * column where a machine reads them, and goes to standard error, even with --quiet.
 */
#include <stdio.h>
#include <string.h>

#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/statistic/statistic.h"

typedef struct {
    char *by, *lang;
    gboolean corridors, clearance, unknown, precision, weights;
} Wishes;

static gboolean send_stats(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)data;
    return statistic_totals(store, sink, error);
}

static gboolean send_unknown(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return statistic_unknown(store, data, sink, error);
}

static gboolean send_precision(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return statistic_precision(store, data, sink, error);
}

typedef struct {
    const char *name;
    StatisticLimits limits;
} Statistic;

static gboolean send_statistic(Store *store, RowSink *sink, gpointer data, GError **error)
{
    Statistic *statistic = data;
    return statistic_count(store, statistic->name, &statistic->limits, sink, error);
}

static gboolean send_weights(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)data;
    return statistic_weights(store, sink, error);
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

static int print_statistic(const Context *context, Store *store, const char *name, Lang lang,
                           GError **error)
{
    g_autofree char *day = g_strndup(context->as_of, 10);
    g_autoptr(CodeTables) codes =
        rules_dir_check(context->rules, error) ? code_tables_load(context->rules, error) : NULL;
    const char *disclaimer = message(MSG_STATISTICS_CAVEAT, lang);
    gboolean table = cli_rows_format(context, NULL) == ROWS_TABLE;
    Statistic statistic = {
        name,
        {.as_of = day, .codes = codes, .lang = lang, .disclaimer = table ? NULL : disclaimer}};
    if (!codes || !statistic_limits_load(context->rules, &statistic.limits, error))
        return rules_broken(*error);
    if (!cli_print_rows(context, NULL, store, send_statistic, &statistic, error))
        return cli_stopped(error);
    if (statistic.limits.suppressed) {
        g_autofree char *said = message_format(MSG_STATISTICS_SUPPRESSED, lang,
                                               statistic.limits.suppressed, statistic.limits.least);
        cli_say(context, "%s", said);
    }
    fprintf(stderr, "%s\n", disclaimer);
    return STATUS_DONE;
}

/* The one statistic that is asked for; NULL: counts of the store. */
static gboolean wished(const Wishes *wishes, const char **name, GError **error)
{
    int n = (wishes->by != NULL) + wishes->corridors + wishes->clearance + wishes->unknown +
            wishes->precision + wishes->weights;
    *name = wishes->by          ? wishes->by
            : wishes->corridors ? "corridors"
            : wishes->clearance ? "clearance"
                                : NULL;
    return n <= 1 ||
           error_set(error, STATUS_USAGE,
                     "stats takes one of --by, --corridors, --clearance, --unknown, --precision, "
                     "--weights");
}

static int stats_with(Context *context, const Wishes *wishes, GError **error)
{
    const char *name = NULL;
    Lang lang = LANG_EN;
    if (!wished(wishes, &name, error))
        return STATUS_USAGE;
    if (wishes->lang && !lang_parse(wishes->lang, &lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", wishes->lang);
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    if (!store)
        return cli_stopped(error);
    if (wishes->unknown)
        return print_unknown(context, store, error);
    if (name)
        return print_statistic(context, store, name, lang, error);
    RowSource source = wishes->weights     ? send_weights
                       : wishes->precision ? send_precision
                                           : send_stats;
    return cli_print_rows(context, NULL, store, source, context->as_of, error) ? STATUS_DONE
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
    Wishes wishes = {.precision = take_bare_rules(&argc, argv)};
    GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_STRING, &wishes.by,
         "firearms by month, port, state, make or ttc (time to crime)", "WHAT"},
        {"corridors", 0, 0, G_OPTION_ARG_NONE, &wishes.corridors,
         "from which state, county and dealer to which port or province", NULL},
        {"clearance", 0, 0, G_OPTION_ARG_NONE, &wishes.clearance,
         "what became of the firearms found in Canada, with denominators", NULL},
        {"unknown", 0, 0, G_OPTION_ARG_NONE, &wishes.unknown,
         "values and codes that no table of the rules knows, the most frequent first", NULL},
        {"precision", 0, 0, G_OPTION_ARG_NONE, &wishes.precision,
         "how often rules, tiers and probabilities were right, by what people decided; --rules "
         "without a folder is the same",
         NULL},
        {"weights", 0, 0, G_OPTION_ARG_NONE, &wishes.weights,
         "what agreement on names, birth dates and addresses was worth in the last run, level by "
         "level",
         NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &wishes.lang, "en or fr, of the disclaimer", "LANG"},
        {0}};
    int status;
    if (!cli_parse(context, &cmd_stats, entries, &argc, &argv, error)) {
        status = cli_stopped(error);
    } else if (argc > 1) {
        error_set(error, STATUS_USAGE, "stats takes no operand '%s'", argv[1]);
        status = STATUS_USAGE;
    } else {
        status = stats_with(context, &wishes, error);
    }
    g_free(wishes.by);
    g_free(wishes.lang);
    return status;
}

const Command cmd_stats = {
    "stats",
    "",
    "counts of the store; statistics by month, port, state, make, time to crime, corridor",
    "crosstrace stats --by port",
    stats_run,
    NULL,
};
