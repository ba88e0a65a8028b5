/* crosstrace review: the queue of what a person should look at, on a terminal or as NDJSON. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/commands.h"
#include "engine/cli/review_terminal.h"

#define LINE_MAX_BYTES 65536 /* of a decision */

typedef struct {
    ReviewRequest request;
    char *kind, *reason;
} ReviewOptions;

static gboolean send_items(Store *store, RowSink *sink, gpointer data, GError **error)
{
    return review_rows(store, data, sink, error);
}

static const Column answer_columns[] = {{"type", COLUMN_OWN},
                                        {"line", COLUMN_NUMBER},
                                        {"result", COLUMN_OWN},
                                        {"message", COLUMN_DATA}};

typedef struct {
    guint line;
    const GError *problem;
} Answer;

static gboolean send_answer(Store *store, RowSink *sink, gpointer data, GError **error)
{
    const Answer *answer = data;
    g_autofree char *line = g_strdup_printf("%u", answer->line);
    const char *cells[] = {"answer", line, answer->problem ? "refused" : "kept",
                           answer->problem ? answer->problem->message : NULL};
    (void)store;
    return sink->begin(sink, answer_columns, G_N_ELEMENTS(answer_columns), error) &&
           sink->row(sink, cells, error) && sink->end(sink, error);
}

static gboolean decide_line(const Context *context, const char *line, GError **error)
{
    g_auto(ReviewDecision) decision = {0};
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    return store && review_decision_read(store, line, &decision, error) &&
           review_decide(store, &decision, context->as_of, error);
}

/* Decisions from standard input, one a line, each answered; the worst of them is the status. */
static int take_decisions(const Context *context, GError **error)
{
    g_autofree char *line = g_malloc(LINE_MAX_BYTES);
    int status = STATUS_DONE;
    for (guint n = 1; fgets(line, LINE_MAX_BYTES, stdin); n++) {
        g_autoptr(GError) problem = NULL;
        if (!text_present(g_strchomp(line)))
            continue;
        if (!decide_line(context, line, &problem))
            status = status_worst(status, (int)error_status(problem));
        Answer answer = {n, problem};
        if (!cli_print_rows(context, NULL, NULL, send_answer, &answer, error))
            return cli_stopped(error);
    }
    return status;
}

static gboolean check_options(ReviewOptions *options, GError **error)
{
    ReviewRequest *request = &options->request;
    request->links = g_strcmp0(options->kind, "link") == 0;
    request->persons = g_strcmp0(options->kind, "person") == 0;
    request->leads = g_strcmp0(options->kind, "lead") == 0;
    if (options->kind && !request->links && !request->persons && !request->leads)
        return error_set(error, STATUS_USAGE, "unknown kind '%s'; link, person or lead",
                         options->kind);
    if (!(request->from >= 0 && request->from <= request->to && request->to <= 1))
        return error_set(error, STATUS_USAGE, "--from and --to take probabilities, 0 to 1");
    return TRUE;
}

static int review_with(Context *context, ReviewOptions *options, GError **error)
{
    gboolean terminal = !context->format;
    if (terminal && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
        error_set(error, STATUS_USAGE,
                  "review needs a terminal; other front ends take --format ndjson");
        return STATUS_USAGE;
    }
    options->request.as_of = context->as_of;
    g_autoptr(Store) store = cli_store_audited(context, "review", "queue", error);
    g_autoptr(GPtrArray) items = store ? review_items(store, &options->request, error) : NULL;
    if (!items)
        return cli_stopped(error);
    if (terminal) {
        g_clear_pointer(&store, store_close);
        return review_terminal(context, items, options->reason, error);
    }
    if (!cli_print_rows(context, NULL, store, send_items, items, error))
        return cli_stopped(error);
    g_clear_pointer(&store, store_close);
    gboolean listens = strcmp(context->format, "ndjson") == 0 && !isatty(STDIN_FILENO);
    return listens ? take_decisions(context, error) : STATUS_DONE;
}

static int review_run(Context *context, int argc, char **argv, GError **error)
{
    ReviewOptions options = {.request = {.from = 0.05, .to = 0.95}};
    ReviewRequest *request = &options.request;
    gint limit = 0;
    GOptionEntry entries[] = {
        {"kind", 0, 0, G_OPTION_ARG_STRING, &options.kind, "link, person or lead (else all)",
         "KIND"},
        {"from", 0, 0, G_OPTION_ARG_DOUBLE, &request->from, "least probability of a pair (0.05)",
         "P"},
        {"to", 0, 0, G_OPTION_ARG_DOUBLE, &request->to, "largest probability of a pair (0.95)",
         "P"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &limit, "so many items", "N"},
        {"again", 0, 0, G_OPTION_ARG_NONE, &request->again, "also what was decided before", NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, "kept with each decision", "TEXT"},
        {0}};
    int status = STATUS_USAGE;
    if (!cli_parse(context, &cmd_review, entries, &argc, &argv, error))
        status = cli_stopped(error);
    else if (argc > 1)
        error_set(error, STATUS_USAGE, "review takes no operand '%s'", argv[1]);
    else if (limit < 0)
        error_set(error, STATUS_USAGE, "--limit takes a number, 0 or more");
    else if (check_options(&options, error)) {
        request->limit = (guint)limit;
        status = review_with(context, &options, error);
    }
    g_free(options.kind);
    g_free(options.reason);
    return status;
}

const Command cmd_review = {
    "review",
    "",
    "decide link by link, person by person, lead by lead, with one key each; --format ndjson: "
    "items out, answers in",
    "crosstrace review --kind link --limit 20",
    review_run,
    NULL,
};
