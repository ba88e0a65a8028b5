/*
 * Which leads `leads list` shows: words of the command line against what a lead says. What the
 * store knows by itself (runs, owners) goes into the options of the release; the rest is asked of
 * each view.
 */
#include <string.h>

#include "engine/base/ini.h"
#include "engine/base/text.h"
#include "engine/cli/lead_filter.h"

static const char *const kinds[] = {"trafficking", "ghost-gun", "dealer", "corridor", NULL};
static const char *const statuses[] = {"new",       "open",      "assigned", "referred",
                                       "confirmed", "dismissed", "closed",   NULL};

void lead_filter_clear(LeadFilter *filter)
{
    char **words[] = {&filter->status, &filter->kind,  &filter->port,
                      &filter->region, &filter->owner, &filter->since};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        g_clear_pointer(words[i], g_free);
}

static gboolean check_words(const char *what, const char *text, const char *const *known,
                            GError **error)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "", ",", -1);
    for (char **word = words; *word; word++) {
        if (g_strv_contains(known, *word))
            continue;
        g_autofree char *hint = nearest_hint(*word, known);
        return error_set(error, STATUS_USAGE, "unknown %s '%s'%s", what, *word, hint);
    }
    return TRUE;
}

gboolean lead_filter_check(const LeadFilter *filter, GError **error)
{
    if (filter->priority < 0 || filter->priority > 5)
        return error_set(error, STATUS_USAGE, "--priority takes a number from 1 to 5");
    if (filter->limit < 0)
        return error_set(error, STATUS_USAGE, "--limit takes a number of leads");
    return released_score(filter->min_score, error) &&
           check_words("status", filter->status, statuses, error) &&
           check_words("kind", filter->kind, kinds, error);
}

gboolean lead_filter_apply(const LeadFilter *filter, Released *released, GError **error)
{
    released->options.min_score = filter->min_score;
    released->options.owner_of = filter->owner;
    return released_since(released, filter->since, error);
}

static gboolean has_word(const char *list, const char *separator, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list, separator, -1);
    return g_strv_contains((const char *const *)words, word);
}

static gboolean has_any_kind(const Lead *lead, const char *wanted)
{
    g_auto(GStrv) words = g_strsplit(wanted, ",", -1);
    for (char **word = words; *word; word++)
        if (has_word(lead->kinds, "; ", *word))
            return TRUE;
    return FALSE;
}

/* Does one of the fields of one of the records hold the code? */
static gboolean any_record(const LeadEvidence *evidence, const Field *fields, guint n,
                           const char *code)
{
    for (guint i = 0; i < evidence->records->len; i++)
        for (guint f = 0; f < n; f++) {
            const char *value = record_get(evidence->records->pdata[i], fields[f]);
            if (value && g_ascii_strcasecmp(value, code) == 0)
                return TRUE;
        }
    return FALSE;
}

static gboolean is_at_port(const LeadView *view, const char *port)
{
    static const Field code[] = {FIELD_OFFICE_CODE};
    g_autofree char *ports = text_key(view->lead->ports);
    g_autofree char *wanted = text_key(port);
    return strstr(ports, wanted) || any_record(view->evidence, code, G_N_ELEMENTS(code), port);
}

gboolean lead_filter_matches(const LeadFilter *filter, const LeadView *view)
{
    static const Field regions[] = {FIELD_EVENT_REGION, FIELD_FFL_STATE};
    const Lead *lead = view->lead;
    return (!filter->status || has_word(filter->status, ",", lead->status)) &&
           (!filter->kind || has_any_kind(lead, filter->kind)) &&
           (!filter->priority || lead->priority <= filter->priority) &&
           (!filter->port || is_at_port(view, filter->port)) &&
           (!filter->region ||
            any_record(view->evidence, regions, G_N_ELEMENTS(regions), filter->region));
}
