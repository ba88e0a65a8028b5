/*
 * What report and leads share: the rules, the store and the run that leads are shown from, and
 * the walk over them through engine/release.
 */
#include "engine/cli/released.h"

#include <string.h>

#include "engine/base/date.h"
#include "engine/cli/leads_set.h"
#include "engine/cli/version.h"
#include "engine/store/runs.h"

gboolean released_open(Released *released, const Context *context, const char *action,
                       const char *subject, GError **error)
{
    *released = (Released){0};
    released->rules = cli_rules(context, error);
    if (!released->rules)
        return FALSE;
    released->store = cli_store_audited(context, action, subject, error);
    /* leads see the day alone, so one day gives one run, byte for byte */
    released->day = g_strndup(context->as_of, 10);
    if (!released->store || !(released->run = run_hash(released->store, released->day, error)))
        return FALSE;
    released->options = (ReleaseOptions){.rules = released->rules->leads,
                                         .codes = released->rules->codes,
                                         .indicators = released->rules->indicators,
                                         .terms = released->rules->terms,
                                         .as_of = released->day,
                                         .lang = LANG_EN,
                                         .run = released->run,
                                         .time = context->as_of,
                                         .audiences = released->rules->audiences};
    released->options.owner = audience_find(released->rules->audiences, context->owner, error);
    return released->options.owner ||
           error_set(error, STATUS_CONFIG, "no section [audience %s] for the store's owner",
                     context->owner);
}

gboolean released_for(Released *released, const char *audience, const char *authority,
                      GError **error)
{
    if (!audience)
        return !authority || error_set(error, STATUS_USAGE, "--authority goes with --audience");
    released->options.audience = audience_find(released->rules->audiences, audience, error);
    if (!released->options.audience)
        return FALSE;
    released->authority = authority_parse(released->rules->audiences, authority, error);
    released->options.authority = released->authority;
    return released->authority != NULL;
}

/* A run of that number, or the last one before that day: what a later run changed came since. */
static gboolean is_since(const StoreRun *run, guint64 number, const char *since)
{
    return number ? (guint64)run->run_id == number : strcmp(run->as_of, since) < 0;
}

gboolean released_since(Released *released, const char *since, GError **error)
{
    guint64 number = 0;
    if (!since)
        return TRUE;
    gboolean day = date_parse(since, DATE_ISO) != DAY_NONE;
    if (!day && (!g_ascii_string_to_unsigned(since, 10, 1, G_MAXINT64, &number, NULL)))
        return error_set(error, STATUS_USAGE,
                         "--since takes the number of a run or a day, not '%s'", since);
    g_autoptr(GPtrArray) runs = store_runs(released->store, error);
    if (!runs)
        return FALSE;
    for (guint i = 0; i < runs->len; i++)
        if (is_since(runs->pdata[i], number, since)) {
            released->options.since_run = ((const StoreRun *)runs->pdata[i])->run_id;
            return TRUE;
        }
    return day || error_set(error, STATUS_NO_INPUT, "no such run '%s'", since);
}

void released_clear(Released *released)
{
    g_clear_pointer(&released->authority, g_hash_table_unref);
    g_clear_pointer(&released->store, store_close);
    g_clear_pointer(&released->rules, rules_free);
    g_clear_pointer(&released->run, g_free);
    g_clear_pointer(&released->day, g_free);
}

gboolean released_score(double score, GError **error)
{
    if (score >= 0 && score <= 1)
        return TRUE;
    return error_set(error, STATUS_USAGE, "--min-score takes a number from 0 to 1");
}

typedef struct {
    GString *bytes;
    Lang lang;
    guint shown;
} Showing;

static gboolean show_lead(const LeadView *view, gpointer data, GError **error)
{
    Showing *showing = data;
    (void)error;
    report_lead_text(showing->bytes, view, showing->lang);
    showing->shown++;
    return TRUE;
}

ReportWriting *released_writing(const Released *released, const Context *context)
{
    const ReportOptions options = {.lang = released->options.lang,
                                   .raw = context->raw,
                                   .codes = released->options.codes,
                                   .as_of = released->day,
                                   .run = released->options.audience ? NULL : released->run,
                                   .program = "crosstrace " CROSSTRACE_VERSION};
    return report_writing_new(&options);
}

static gboolean show_text(Released *released, const char *lead_id, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    Showing showing = {bytes, released->options.lang, 0};
    if (!release_leads(released->store, &released->options, show_lead, &showing, error))
        return FALSE;
    if (!showing.shown)
        return error_set(error, STATUS_NO_INPUT, "no such lead '%s'", lead_id);
    if (!leads_decided(bytes, released->store, lead_id, released->options.lang, error))
        return FALSE;
    return cli_print_bytes(released->store, NULL, bytes, error);
}

/* One lead as a report has it. */
static gboolean show_rows(Released *released, const Context *context, const ReportFormat *format,
                          GError **error)
{
    g_autoptr(StoredLead) known = store_get_lead(released->store, released->options.lead_id, error);
    g_autoptr(ReportWriting) writing = known ? released_writing(released, context) : NULL;
    return writing && report_writing_add(writing, format, NULL, FALSE, error) &&
           report_writing_run(writing, released->store, &released->options, error);
}

gboolean released_show(Released *released, const Context *context, const char *lead_id,
                       GError **error)
{
    const ReportFormat *format = report_format(context->format);
    released->options.lead_id = lead_id;
    return format ? show_rows(released, context, format, error)
                  : show_text(released, lead_id, error);
}

gboolean released_is_lead_id(const char *word)
{
    return *word == 'L' && word[1] && !word[1 + strspn(word + 1, "0123456789abcdef")];
}
