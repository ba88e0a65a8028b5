/* crosstrace leads list|show: the leads on a terminal. */
#include <string.h>

#include "engine/base/message.h"
#include "engine/cli/commands.h"
#include "engine/cli/lead_filter.h"
#include "engine/cli/leads_set.h"

static const Column columns[] = {
    {"lead_id", COLUMN_OWN},     {"status", COLUMN_OWN},    {"score", COLUMN_NUMBER},
    {"priority", COLUMN_NUMBER}, {"kinds", COLUMN_OWN},     {"title", COLUMN_DATA},
    {"first_date", COLUMN_OWN},  {"last_date", COLUMN_OWN}, {"firearms", COLUMN_NUMBER},
    {"seizures", COLUMN_NUMBER}, {"traces", COLUMN_NUMBER}, {"handling", COLUMN_OWN},
};

typedef struct {
    RowSink *sink;
    const LeadFilter *filter;
    const ReleaseOptions *options;
    int shown;
} Listing;

static gboolean list_lead(const LeadView *view, gpointer data, GError **error)
{
    Listing *listing = data;
    const LeadFilter *filter = listing->filter;
    if (filter->limit && listing->shown >= filter->limit)
        return FALSE; /* enough */
    if (!lead_filter_matches(filter, view))
        return TRUE;
    listing->shown++;
    const Lead *lead = view->lead;
    g_autofree char *score = text_probability(lead->score);
    g_autofree char *priority = g_strdup_printf("%d", lead->priority);
    g_autofree char *firearms = g_strdup_printf("%u", lead->firearms);
    g_autofree char *seizures = g_strdup_printf("%u", lead->seizures);
    g_autofree char *traces = g_strdup_printf("%u", lead->traces);
    const char *cells[G_N_ELEMENTS(columns)] = {
        lead->lead_id,    lead->status,    score,    priority, lead->kinds, lead->title,
        lead->first_date, lead->last_date, firearms, seizures, traces,      lead->handling};
    return listing->sink->row(listing->sink, cells, error);
}

static gboolean list_leads(Store *store, RowSink *sink, gpointer data, GError **error)
{
    Listing *listing = data;
    listing->sink = sink;
    return sink->begin(sink, columns, G_N_ELEMENTS(columns), error) &&
           release_leads(store, listing->options, list_lead, listing, error) &&
           sink->end(sink, error);
}

static gboolean list_all(Context *context, Released *released, const LeadFilter *filter,
                         GError **error)
{
    Listing listing = {.filter = filter, .options = &released->options};
    return lead_filter_apply(filter, released, error) &&
           cli_print_rows(context, NULL, released->store, list_leads, &listing, error);
}

static int leads_with(Context *context, char **operands, Lang lang, const LeadFilter *filter,
                      GError **error)
{
    const char *verb = operands[0] ? operands[0] : "list";
    gboolean show = strcmp(verb, "show") == 0;
    if ((!show && strcmp(verb, "list") != 0) || (show && !operands[1]) ||
        (operands[0] && operands[show ? 2 : 1])) {
        error_set(error, STATUS_USAGE, "leads takes 'list', 'show ID' or 'set ID'");
        return STATUS_USAGE;
    }
    if (!(show ? cli_check_text_format(context, error) : cli_check_rows_format(context, error)))
        return STATUS_USAGE;
    g_auto(Released) released = {0};
    g_autofree char *subject = show && released_is_lead_id(operands[1])
                                   ? g_strdup_printf("lead %s", operands[1])
                                   : g_strdup(show ? "lead" : "leads");
    if (!released_open(&released, context, "leads", subject, error))
        return cli_stopped(error);
    released.options.lang = lang;
    gboolean ok = show ? released_show(&released, context, operands[1], error)
                       : list_all(context, &released, filter, error);
    return ok ? STATUS_DONE : cli_stopped(error);
}

static int leads_run(Context *context, int argc, char **argv, GError **error)
{
    int first = cli_first_word(argc, argv);
    if (first < argc && strcmp(argv[first], "set") == 0)
        return leads_set_run(context, argc, argv, error);
    g_autofree char *word = NULL;
    g_auto(LeadFilter) filter = {0};
    Lang lang = LANG_EN;
    GOptionEntry entries[] = {{"lang", 0, 0, G_OPTION_ARG_STRING, &word, "en or fr", "LANG"},
                              LEAD_FILTER_ENTRIES(filter),
                              {0}};
    if (!cli_parse(context, &cmd_leads, entries, &argc, &argv, error) ||
        !lead_filter_check(&filter, error))
        return cli_stopped(error);
    if (word && !lang_parse(word, &lang)) {
        error_set(error, STATUS_USAGE, "unknown language '%s'; en or fr", word);
        return STATUS_USAGE;
    }
    return leads_with(context, argv + 1, lang, &filter, error);
}

const Command cmd_leads = {
    "leads",
    "[list]|show ID|set ID",
    "the leads, or one lead with its evidence",
    "crosstrace leads list --status new,open --priority 2 --since 2024-01-01",
    leads_run,
    "table, csv, json or ndjson; of show: text",
};
