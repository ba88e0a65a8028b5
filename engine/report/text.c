/*
 * One lead as text, for `leads show`: what it says, what to do, what speaks against it, the
 * waterfall in bits, and every record with the file and line that it came from, so that a reader
 * can refute each point. Nothing from the data reaches the terminal unescaped.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/link/link.h"
#include "engine/report/label.h"

/* Appends one line after escaping what a terminal must not see; takes over the text. */
static void line(GString *out, char *text)
{
    g_autofree char *safe = text_for_terminal(text);
    g_string_append(out, g_strdelimit(safe, "\n\t", ' '));
    g_string_append_c(out, '\n');
    g_free(text);
}

static void heading(GString *out, MessageId id, Lang lang)
{
    g_string_append_printf(out, "\n%s\n", message(id, lang));
}

/* What is listed with semicolons, a point a line. */
static void points(GString *out, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "; ", -1);
    for (guint i = 0; parts[i]; i++)
        line(out, g_strdup_printf("  %s%s", parts[i], parts[i + 1] ? ";" : ""));
}

static void append_head(GString *out, const LeadView *view, Lang lang)
{
    const Lead *lead = view->lead;
    g_autofree char *score = message_probability(lead->score, lang);
    line(out, g_strdup_printf("%s  %s", lead->lead_id, lead->title));
    line(out, message_format(MSG_LEAD_HEAD_SCORE, lang, score, lead->priority,
                             label_status(lead->status, lang)));
    line(out, message_format(MSG_LEAD_HEAD_RELEASE, lang, lead->handling, view->released_to,
                             message(view->withheld ? MSG_WORD_YES : MSG_WORD_NO, lang),
                             view->run ? view->run : ""));
    if (lead->supersedes)
        line(out, message_format(MSG_LEAD_SUPERSEDES, lang, lead->supersedes));
    g_string_append_c(out, '\n');
    line(out, g_strdup(lead->summary));
    line(out, g_strdup(lead->caveat));
    heading(out, MSG_LEAD_HEAD_NEXT, lang);
    points(out, lead->next_step);
    heading(out, MSG_LEAD_HEAD_COUNTER, lang);
    points(out, *lead->counter ? lead->counter : message(MSG_LEAD_NO_COUNTER, lang));
}

static void append_waterfall(GString *out, const Lead *lead, Lang lang)
{
    g_autofree char *waterfall = evidence_waterfall(lead->evidence, lang);
    g_autofree char *safe = text_for_terminal(waterfall);
    heading(out, MSG_LEAD_HEAD_EVIDENCE, lang);
    line(out, g_strdup_printf("  %s", message(MSG_LEAD_BITS, lang)));
    g_string_append(out, safe);
}

static gboolean says_the_same(const LeadIndicator *a, const LeadIndicator *b)
{
    return strcmp(a->indicator, b->indicator) == 0 && strcmp(a->explanation, b->explanation) == 0;
}

/* The records of which an indicator says the same, each once. */
static char *records_of(const GPtrArray *rows, guint first)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new();
    for (guint i = first; i < rows->len; i++) {
        const LeadIndicator *row = rows->pdata[i];
        if (says_the_same(row, rows->pdata[first]) &&
            !g_ptr_array_find_with_equal_func(records, row->record, g_str_equal, NULL))
            g_ptr_array_add(records, row->record);
    }
    g_ptr_array_add(records, NULL);
    return g_strjoinv("; ", (char **)records->pdata);
}

/* What an indicator says is told once, with all the records that it says it of. */
static void append_indicators(GString *out, const LeadEvidence *evidence, Lang lang)
{
    const GPtrArray *rows = evidence->indicators;
    if (rows->len)
        heading(out, MSG_LEAD_HEAD_INDICATORS, lang);
    for (guint i = 0; i < rows->len; i++) {
        const LeadIndicator *row = rows->pdata[i];
        gboolean told = FALSE;
        for (guint j = 0; !told && j < i; j++)
            told = says_the_same(row, rows->pdata[j]);
        if (told)
            continue;
        g_autofree char *records = records_of(rows, i);
        line(out, g_strdup_printf("  %s@%d %s%s %s", row->indicator, row->rev, row->title,
                                  message(MSG_COLON, lang), row->explanation));
        line(out, g_strdup_printf("        %s", records));
    }
}

static void append_links(GString *out, const LeadEvidence *evidence, Lang lang)
{
    if (evidence->links->len)
        heading(out, MSG_LEAD_HEAD_LINKS, lang);
    for (guint i = 0; i < evidence->links->len; i++) {
        const LeadLink *link = evidence->links->pdata[i];
        g_autofree char *probability = message_probability(link->probability, lang);
        const char *held = link->probability < SAME_FIREARM ? message(MSG_LEAD_NOT_HELD, lang) : "";
        line(out, g_strdup_printf("  %s  %s = %s  %s%s %s%s", probability, link->left, link->right,
                                  link->tier, message(MSG_COLON, lang),
                                  label_tier(link->tier, lang), held));
        if (link->explanation)
            line(out, g_strdup_printf("        %s", link->explanation));
    }
}

static void append_people(GString *out, const LeadEvidence *evidence, Lang lang)
{
    if (evidence->people->len)
        heading(out, MSG_LEAD_HEAD_PEOPLE, lang);
    for (guint i = 0; i < evidence->people->len; i++) {
        const LeadPerson *person = evidence->people->pdata[i];
        g_autofree char *probability = message_probability(person->probability, lang);
        line(out, g_strdup_printf("  %s  %s  %s%s%s %s  = %s", probability, person->mention,
                                  person->last ? person->last : "", person->first ? ", " : "",
                                  person->first ? person->first : "",
                                  person->dob ? person->dob : "", person->entity));
    }
}

static void append_markers(GString *out, const LeadEvidence *evidence, Lang lang)
{
    if (evidence->markers->len)
        heading(out, MSG_LEAD_HEAD_MARKERS, lang);
    for (guint i = 0; i < evidence->markers->len; i++) {
        const LeadMarker *marker = evidence->markers->pdata[i];
        g_autofree char *probability = message_number(marker->probability, 2, lang);
        line(out, g_strdup_printf("  %s  %s  %s: %s", probability, marker->record, marker->category,
                                  marker->excerpt));
    }
}

static const char *shown(const Record *record, Field field)
{
    const char *text = record_get(record, field);
    return text ? text : "-";
}

static void append_records(GString *out, const LeadEvidence *evidence, Lang lang)
{
    heading(out, MSG_LEAD_HEAD_RECORDS, lang);
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        const char *source = i < evidence->sources->len ? evidence->sources->pdata[i] : "-";
        line(out,
             g_strdup_printf("  %s  %s  %s %s %s  %s", record->ref, shown(record, FIELD_EVENT_DATE),
                             shown(record, FIELD_MAKE), shown(record, FIELD_MODEL),
                             shown(record, FIELD_SERIAL_NUMBER), source));
    }
}

void report_lead_text(GString *out, const LeadView *view, Lang lang)
{
    append_head(out, view, lang);
    append_waterfall(out, view->lead, lang);
    append_indicators(out, view->evidence, lang);
    append_links(out, view->evidence, lang);
    append_people(out, view->evidence, lang);
    append_markers(out, view->evidence, lang);
    append_records(out, view->evidence, lang);
    g_string_append_c(out, '\n');
}
