/* crosstrace why A B: why two records are, or are not, held to be one firearm or person. */
#include <string.h>

#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/query/why.h"
#include "engine/render/html_rows.h"

static gboolean send_rows(Store *store, RowSink *sink, gpointer data, GError **error)
{
    (void)store;
    return why_rows(data, sink, error);
}

static gboolean print_text(Store *store, const char *text, GError **error)
{
    g_autofree char *safe = text_for_terminal(text);
    g_autoptr(GString) bytes = g_string_new(safe);
    return cli_print_bytes(store, NULL, bytes, error);
}

static gboolean print_page(Store *store, const Why *why, const CodeTables *codes,
                           const PageText *with, GError **error)
{
    g_autoptr(GPtrArray) handlings = g_ptr_array_new();
    PageText text = *with;
    for (guint i = 0; i < 2; i++)
        if (why_handlings(why)[i])
            g_ptr_array_add(handlings, (gpointer)why_handlings(why)[i]);
    text.codes = codes;
    text.handlings = handlings;
    g_autoptr(Output) output = output_open(NULL, FALSE, error);
    g_autoptr(PageSink) page = output ? page_sink_new(output, &text) : NULL;
    return page && cli_send_rows(store, send_rows, (gpointer)why, page, output, error);
}

typedef struct {
    const char *refs[2];
    gboolean sentence;
    Lang lang;
} Request;

static gboolean print(const Context *context, Store *store, const Why *why, const Rules *rules,
                      const Request *request, GError **error)
{
    gboolean page = g_strcmp0(context->format, "html") == 0;
    if (!page && !request->sentence)
        return cli_print_rows(context, NULL, store, send_rows, (gpointer)why, error);
    g_autoptr(Terms) terms = terms_load(context->rules, error);
    if (!terms)
        return FALSE;
    g_autofree char *text = why_text(why, terms, request->lang);
    if (!page)
        return print_text(store, text, error);
    g_autofree char *title =
        message_format(MSG_WHY_TITLE, request->lang, request->refs[0], request->refs[1]);
    const PageText with = {.title = title, .text = text, .lang = request->lang};
    return print_page(store, why, rules->codes, &with, error);
}

static int why_with(Context *context, Request *request, GError **error)
{
    const char **refs = request->refs;
    g_autofree char *subject = g_strdup_printf("%s %s", refs[0], refs[1]);
    g_autoptr(Rules) rules = cli_rules(context, error);
    g_autoptr(Store) store = rules ? cli_store_audited(context, "why", subject, error) : NULL;
    g_autoptr(Why) why =
        store ? why_ask(store, refs, context->as_of, run_weigh, rules, error) : NULL;
    return why && print(context, store, why, rules, request, error) ? STATUS_DONE
                                                                    : cli_stopped(error);
}

static gboolean check_format(const Context *context, GError **error)
{
    RowsFormat format;
    return !context->format || strcmp(context->format, "html") == 0 ||
           rows_format_parse(context->format, &format) ||
           error_set(error, STATUS_USAGE, "unknown format '%s'; table, csv, json, ndjson, html",
                     context->format);
}

static int why_run(Context *context, int argc, char **argv, GError **error)
{
    g_autofree char *word = NULL;
    Request request = {.lang = LANG_EN};
    GOptionEntry entries[] = {{"sentence", 0, 0, G_OPTION_ARG_NONE, &request.sentence,
                               "in sentences, for a court file", NULL},
                              {"lang", 0, 0, G_OPTION_ARG_STRING, &word,
                               "of the sentences and the page: en or fr", "LANG"},
                              {0}};
    if (!cli_parse(context, &cmd_why, entries, &argc, &argv, error) ||
        !check_format(context, error))
        return cli_stopped(error);
    if (word && !lang_parse(word, &request.lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", word);
        return STATUS_USAGE;
    }
    if (argc != 3) {
        error_set(error, STATUS_USAGE, "why takes two records or two mentions");
        return STATUS_USAGE;
    }
    request.refs[0] = argv[1];
    request.refs[1] = argv[2];
    return why_with(context, &request, error);
}

const Command cmd_why = {
    "why",
    "A B",
    "why two records are, or are not, held to be one firearm or person",
    "crosstrace why cbsa-seizure:4531-24-0001/1 atf-trace:T20240000001 --sentence",
    why_run,
    "table, csv, json, ndjson or html",
};
