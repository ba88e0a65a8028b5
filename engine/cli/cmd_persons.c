/* crosstrace persons: an analyst's decision on who is who; correlate obeys it from then on. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/query/query.h"
#include "engine/query/why.h"

static const struct {
    const char *verb;
    Verdict verdict;
} verbs[] = {{"join", VERDICT_YES}, {"split", VERDICT_NO}, {"undo", VERDICT_REVOKED}};

static gboolean send_list(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return query_decisions(store, JUDGE_PERSON, data, sink, error);
}

static int list_persons(Context *context, GError **error)
{
    g_autoptr(Store) store = cli_store_audited(context, "persons", "decisions", error);
    if (!store || !cli_print_rows(context, NULL, store, send_list, context->as_of, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static gboolean is_mention(Store *store, const char *ref, GError **error)
{
    JudgementType type;
    if (!why_reference(store, ref, &type, error))
        return FALSE;
    return type == JUDGE_PERSON ||
           error_set(error, STATUS_USAGE, "'%s' is a record; a person is KIND:KEY:ROLE", ref);
}

static int decide(Context *context, Verdict verdict, char **refs, char *reason, GError **error)
{
    const Judgement judgement = {.type = JUDGE_PERSON,
                                 .verdict = verdict,
                                 .left = refs[0],
                                 .right = refs[1],
                                 .time = context->as_of,
                                 .reason = reason};
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    if (!store || !is_mention(store, refs[0], error) || !is_mention(store, refs[1], error) ||
        !judgement_decide(store, &judgement, error))
        return cli_stopped(error);
    return STATUS_DONE;
}

static int persons_run(Context *context, int argc, char **argv, GError **error)
{
    g_autofree char *reason = NULL;
    GOptionEntry entries[] = {
        {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, "why it was decided", "TEXT"}, {0}};
    if (!cli_parse(context, &cmd_persons, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (argc == 2 && strcmp(argv[1], "list") == 0)
        return list_persons(context, error);
    for (guint i = 0; argc == 4 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].verb) == 0)
            return decide(context, verbs[i].verdict, argv + 2, reason, error);
    error_set(error, STATUS_USAGE, "persons takes 'list', or 'join', 'split' or 'undo' and A B");
    return STATUS_USAGE;
}

const Command cmd_persons = {
    "persons",
    "join|split|undo A B | list",
    "decide that two mentions are, or are not, one person, from the next correlate on",
    "crosstrace persons split atf-trace:T20240000001:purchaser atf-trace:T20240000002:purchaser "
    "--reason 'father and son'",
    persons_run,
    NULL,
};
