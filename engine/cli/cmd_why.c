/* crosstrace why A B: why two records are, or are not, held to be one firearm or person. */
#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/query/why.h"

static gboolean send_rows(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)store;
    return why_rows(data, sink, error);
}

static gboolean print_text(const Why *why, Lang lang, GError **error)
{
    g_autofree char *text = why_text(why, lang), *safe = text_for_terminal(text);
    g_autoptr(GString) bytes = g_string_new(safe);
    g_autoptr(Output) output = output_open(NULL, FALSE, error);
    return output && output_write(output, bytes, error) && output_close(output, error);
}

static int why_with(Context *context, const char *refs[2], gboolean sentence, Lang lang,
                    GError **error)
{
    g_autofree char *subject = g_strdup_printf("%s %s", refs[0], refs[1]);
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Store) store = rules ? cli_store_audited(context, "why", subject, error) : NULL;
    g_autoptr(Why) why =
        store ? why_ask(store, refs, context->as_of, run_weigh, rules, error) : NULL;
    if (!why)
        return cli_stopped(error);
    gboolean ok = sentence ? print_text(why, lang, error)
                           : cli_print_rows(context, NULL, store, send_rows, why, error);
    return ok ? STATUS_DONE : cli_stopped(error);
}

static int why_run(Context *context, int argc, char **argv, GError **error)
{
    g_autofree char *word = NULL;
    gboolean sentence = FALSE;
    Lang lang = LANG_EN;
    GOptionEntry entries[] = {
        {"sentence", 0, 0, G_OPTION_ARG_NONE, &sentence, "in sentences, for a court file", NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &word, "of the sentences: en or fr", "LANG"},
        {0}};
    if (!cli_parse(context, &cmd_why, entries, &argc, &argv, error))
        return cli_stopped(error);
    if (word && !lang_parse(word, &lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", word);
        return STATUS_USAGE;
    }
    if (argc != 3) {
        error_set(error, STATUS_USAGE, "why takes two records or two mentions");
        return STATUS_USAGE;
    }
    const char *refs[2] = {argv[1], argv[2]};
    return why_with(context, refs, sentence, lang, error);
}

const Command cmd_why = {
    "why",
    "A B",
    "why two records are, or are not, held to be one firearm or person",
    "crosstrace why cbsa-seizure:4531-24-0001/1 atf-trace:T20240000001 --sentence",
    why_run,
    NULL,
};
