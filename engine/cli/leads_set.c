/* crosstrace leads set ID: status, owner, due date, outcome and note of a lead. */
#include "engine/cli/leads_set.h"

#include "engine/base/message.h"
#include "engine/judgement/seen.h"

/* For its help alone: main finds `leads`. */
static const Command leads_set = {
    "leads set",
    "ID",
    "status, owner, due date, outcome and note of a lead",
    "crosstrace leads set L1f0c2a --status dismissed --outcome no-hit --note 'sold and resold'",
    leads_set_run,
    FALSE,
};

typedef struct {
    char *status, *owner, *due, *outcome, *note;
    gboolean withdraw;
} SetOptions;

static int set_lead(Context *context, const char *lead_id, const SetOptions *options,
                    GError **error)
{
    const LeadSetting set = {options->status, options->owner, options->due, options->outcome,
                             options->note};
    gboolean any = set.status || set.owner || set.due || set.outcome || set.note;
    if (any == options->withdraw) {
        error_set(error, STATUS_USAGE,
                  "leads set takes --status, --owner, --due, --outcome, --note, or --withdraw "
                  "alone");
        return STATUS_USAGE;
    }
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, error);
    if (!store)
        return cli_stopped(error);
    gboolean ok = options->withdraw
                      ? judgement_withdraw_lead(store, lead_id, context->as_of, error)
                      : judgement_set_lead(store, lead_id, &set, context->as_of, error);
    return ok ? STATUS_DONE : cli_stopped(error);
}

int leads_set_run(Context *context, int argc, char **argv, GError **error)
{
    SetOptions options = {0};
    GOptionEntry entries[] = {
        {"status", 0, 0, G_OPTION_ARG_STRING, &options.status,
         "new, open, assigned, referred, confirmed, dismissed or closed", "STATUS"},
        {"owner", 0, 0, G_OPTION_ARG_STRING, &options.owner, "who works on it; '' for nobody",
         "NAME"},
        {"due", 0, 0, G_OPTION_ARG_STRING, &options.due, "until when; '' for never", "DATE"},
        {"outcome", 0, 0, G_OPTION_ARG_STRING, &options.outcome, "hit or no-hit; '' for none",
         "OUTCOME"},
        {"note", 0, 0, G_OPTION_ARG_STRING, &options.note, "why, or what next", "TEXT"},
        {"withdraw", 0, 0, G_OPTION_ARG_NONE, &options.withdraw, "take back all that was set",
         NULL},
        {0}};
    int status = STATUS_USAGE;
    if (!cli_parse(context, &leads_set, entries, &argc, &argv, error))
        status = cli_stopped(error);
    else if (argc != 3)
        error_set(error, STATUS_USAGE, "leads set takes one lead");
    else
        status = set_lead(context, argv[2], &options, error);
    g_free(options.status);
    g_free(options.owner);
    g_free(options.due);
    g_free(options.outcome);
    g_free(options.note);
    return status;
}

gboolean leads_decided(GString *out, Store *store, const char *lead_id, Lang lang, GError **error)
{
    GError *problem = NULL;
    g_autoptr(Judgement) said = judgement_of_lead(store, lead_id, &problem);
    g_autofree char *now = said ? seen_of_lead(store, lead_id, &problem) : NULL;
    if (problem) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!said)
        return TRUE;
    g_autofree char *status = judgement_setting(said, "status");
    g_autofree char *day = g_strndup(said->time, 10);
    g_autofree char *line = message_format(MSG_LEAD_DECIDED, lang, status ? status : "", day,
                                           said->actor, *said->reason ? said->reason : "-");
    g_autofree char *news = seen_news(now, said->evidence);
    g_autofree char *since = *news ? message_format(MSG_WHY_NEWS, lang, news) : g_strdup("");
    g_autofree char *text = g_strdup_printf("\n%s %s\n", line, since);
    g_autofree char *safe = text_for_terminal(text);
    g_string_append(out, safe);
    return TRUE;
}
