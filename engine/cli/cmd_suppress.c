/* crosstrace suppress: one rule silenced for one value, with owner, reason and last day. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/ini.h"
#include "engine/cli/commands.h"
#include "engine/query/query.h"

typedef struct {
    char *reason, *until, *owner;
} SuppressOptions;

static gboolean send_list(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return query_suppressions(store, data, sink, error);
}

static int list(Context *context, GError **error)
{
    g_autoptr(Store) store = cli_store_audited(context, "suppress", "list", error);
    if (!store || !cli_print_rows(context, NULL, store, send_list, context->as_of, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static gboolean rule_exists(const Rules *rules, const char *id, GError **error)
{
    if (indicators_find(rules->indicators, id))
        return TRUE;
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < indicators_count(rules->indicators); i++)
        g_ptr_array_add(ids, indicators_at(rules->indicators, i)->id);
    g_ptr_array_add(ids, NULL);
    g_autofree char *hint = nearest_hint(id, (const char *const *)ids->pdata);
    return error_set(error, STATUS_USAGE, "unknown rule '%s'%s", id, hint);
}

static gboolean check_options(const Context *context, const SuppressOptions *options,
                              GError **error)
{
    if (!text_present(options->reason) || !options->until)
        return error_set(error, STATUS_USAGE, "suppress add needs --reason and --until");
    if (strlen(options->until) != 10 || date_parse(options->until, DATE_ISO) == DAY_NONE)
        return error_set(error, STATUS_USAGE, "no such date '%s'; write 2025-06-30",
                         options->until);
    if (strncmp(options->until, context->as_of, 10) < 0)
        return error_set(error, STATUS_USAGE, "the last day '%s' is over", options->until);
    return TRUE;
}

static int add(Context *context, char **operands, const SuppressOptions *options, GError **error)
{
    g_autoptr(Rules) rules =
        check_options(context, options, error) ? cli_rules(context, error) : NULL;
    if (!rules || !rule_exists(rules, operands[0], error))
        return cli_stopped(error);
    const Judgement judgement = {.type = JUDGE_RULE,
                                 .verdict = VERDICT_NO,
                                 .left = operands[0],
                                 .right = operands[1],
                                 .time = context->as_of,
                                 .actor = options->owner,
                                 .reason = options->reason,
                                 .expires = options->until};
    gboolean any;
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    if (!store || !judgement_decide(store, &judgement, error) ||
        !query_silenced(store, operands[0], context->as_of, &any, error))
        return cli_stopped(error);
    if (!any)
        cli_say(context,
                "it silences nothing that %s said in the last run: its subjects and records"
                " are in 'export indicators'",
                operands[0]);
    return STATUS_DONE;
}

static int expire(Context *context, char **operands, const SuppressOptions *options, GError **error)
{
    const Judgement judgement = {.type = JUDGE_RULE,
                                 .verdict = VERDICT_REVOKED,
                                 .left = operands[0],
                                 .right = operands[1],
                                 .time = context->as_of,
                                 .actor = options->owner,
                                 .reason = options->reason};
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    if (!store || !judgement_decide(store, &judgement, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static int suppress_with(Context *context, int argc, char **argv, const SuppressOptions *options,
                         GError **error)
{
    if (argc == 2 && strcmp(argv[1], "list") == 0)
        return list(context, error);
    if (argc == 4 && strcmp(argv[1], "add") == 0)
        return add(context, argv + 2, options, error);
    if (argc == 4 && strcmp(argv[1], "expire") == 0)
        return expire(context, argv + 2, options, error);
    error_set(error, STATUS_USAGE,
              "suppress takes 'list', 'add RULE VALUE' or 'expire RULE VALUE'");
    return STATUS_USAGE;
}

static int suppress_run(Context *context, int argc, char **argv, GError **error)
{
    SuppressOptions options = {0};
    GOptionEntry entries[] = {
        {"reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, "why", "TEXT"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &options.until, "its last day", "DATE"},
        {"owner", 0, 0, G_OPTION_ARG_STRING, &options.owner, "who answers for it (else: you)",
         "NAME"},
        {0}};
    int status = cli_parse(context, &cmd_suppress, entries, &argc, &argv, error)
                     ? suppress_with(context, argc, argv, &options, error)
                     : cli_stopped(error);
    g_free(options.reason);
    g_free(options.until);
    g_free(options.owner);
    return status;
}

const Command cmd_suppress = {
    "suppress",
    "add RULE VALUE | expire RULE VALUE | list",
    "silence one rule for one value (subject, record, person), from the next correlate on",
    "crosstrace suppress add I3 atf-trace:T20240000001:purchaser --reason 'licensed dealer' "
    "--until 2030-12-31",
    suppress_run,
    NULL,
};
