/*
 * What is new for a reader: digest.txt, in both languages, and told.tsv, the list of leads by which
 * the next night tells what is new, changed, come back, merged or gone. A lead is compared by the
 * hash of the evidence that this reader sees, so that what is withheld changes nothing here.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/report/report.h"

typedef enum { TOLD_NEW, TOLD_CHANGED, TOLD_BACK, TOLD_MERGED, TOLD_GONE, TOLD_SAME } Told;
#define TOLD_SHOWN TOLD_SAME /* news: all but what stayed as it was */

#define HERE "here"
#define GONE "gone"

static const MessageId HEADINGS[] = {MSG_DIGEST_NEW, MSG_DIGEST_CHANGED, MSG_DIGEST_BACK,
                                     MSG_DIGEST_MERGED, MSG_DIGEST_GONE};

typedef struct {
    char *hash;
    gboolean here;    /* in the last report, or gone before it */
    gboolean visited; /* in this one */
} Before;

typedef struct {
    GHashTable *before; /* lead id -> Before */
    GString *news[TOLD_SHOWN];
    guint count[TOLD_SHOWN];
    GString *told;
} Digest;

static void before_free(gpointer data)
{
    Before *before = data;
    g_free(before->hash);
    g_free(before);
}

static void digest_clear(Report *report)
{
    Digest *digest = report->state;
    if (!digest)
        return;
    g_hash_table_unref(digest->before);
    for (guint i = 0; i < TOLD_SHOWN; i++)
        g_string_free(digest->news[i], TRUE);
    g_string_free(digest->told, TRUE);
    g_free(digest);
}

/* Lines "id TAB hash TAB here|gone"; another line says nothing. */
static void read_before(Digest *digest, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        if (g_strv_length(cells) != 3)
            continue;
        Before *before = g_new0(Before, 1);
        before->hash = g_strdup(cells[1]);
        before->here = strcmp(cells[2], HERE) == 0;
        g_hash_table_replace(digest->before, g_strdup(cells[0]), before);
    }
}

static void digest_begin(Report *report)
{
    Digest *digest = g_new0(Digest, 1);
    digest->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, before_free);
    for (guint i = 0; i < TOLD_SHOWN; i++)
        digest->news[i] = g_string_new(NULL);
    digest->told = g_string_new(NULL);
    read_before(digest, report->options.before);
    report->state = digest;
}

/* Has it taken in a lead of the last report? */
static gboolean has_merged(const Digest *digest, const Lead *lead)
{
    g_auto(GStrv) ids = g_strsplit(lead->supersedes ? lead->supersedes : "", "; ", -1);
    for (char **id = ids; *id; id++) {
        const Before *before = g_hash_table_lookup(digest->before, *id);
        if (before && before->here)
            return TRUE;
    }
    return FALSE;
}

static Told compare(const Digest *digest, const Lead *lead, const Before *before)
{
    if (before && before->here && strcmp(before->hash, lead->evidence_hash) == 0)
        return TOLD_SAME;
    if (has_merged(digest, lead))
        return TOLD_MERGED;
    if (!before)
        return TOLD_NEW;
    return before->here ? TOLD_CHANGED : TOLD_BACK;
}

static void digest_lead(Report *report, const LeadView *view)
{
    Digest *digest = report->state;
    const Lead *lead = view->lead;
    Before *before = g_hash_table_lookup(digest->before, lead->lead_id);
    Told told = compare(digest, lead, before);
    report->leads++;
    if (before)
        before->visited = TRUE;
    g_string_append_printf(digest->told, "%s\t%s\t" HERE "\n", lead->lead_id, lead->evidence_hash);
    if (told == TOLD_SAME)
        return;
    g_autofree char *score = text_number(lead->score, 4);
    g_autofree char *title = text_for_terminal(lead->title);
    digest->count[told]++;
    g_string_append_printf(digest->news[told], "  %s  %s  %s%s%s\n", lead->lead_id, score, title,
                           told == TOLD_MERGED ? " <- " : "",
                           told == TOLD_MERGED ? lead->supersedes : "");
}

/* Leads of before that are in this report no more, by id. */
static void add_gone(Digest *digest)
{
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(digest->before), (GCompareFunc)strcmp);
    for (GList *id = ids; id; id = id->next) {
        const Before *before = g_hash_table_lookup(digest->before, id->data);
        if (before->visited)
            continue;
        g_string_append_printf(digest->told, "%s\t%s\t" GONE "\n", (char *)id->data, before->hash);
        if (!before->here)
            continue;
        digest->count[TOLD_GONE]++;
        g_string_append_printf(digest->news[TOLD_GONE], "  %s\n", (char *)id->data);
    }
}

static void digest_end(Report *report)
{
    Digest *digest = report->state;
    const char *day = report->options.as_of;
    add_gone(digest);
    for (int lang = LANG_EN; lang <= LANG_FR; lang++) {
        g_autofree char *head = message_format(
            MSG_DIGEST_HEAD, (Lang)lang, day ? day : "?", report->leads, digest->count[TOLD_NEW],
            digest->count[TOLD_CHANGED], digest->count[TOLD_BACK], digest->count[TOLD_MERGED],
            digest->count[TOLD_GONE]);
        g_string_append_printf(report->out, "%s\n", head);
    }
    for (guint i = 0; i < TOLD_SHOWN; i++)
        if (digest->count[i])
            g_string_append_printf(report->out, "\n%s / %s\n%s", message(HEADINGS[i], LANG_EN),
                                   message(HEADINGS[i], LANG_FR), digest->news[i]->str);
}

static void told_end(Report *report)
{
    Digest *digest = report->state;
    add_gone(digest);
    g_string_append(report->out, digest->told->str);
}

const ReportFormat format_digest = {
    "digest",     "what is new since the last report",
    "digest.txt", digest_begin,
    digest_lead,  digest_end,
    digest_clear,
};

const ReportFormat format_told = {
    "told",       "leads that the reader was told of",
    "told.tsv",   digest_begin,
    digest_lead,  told_end,
    digest_clear,
};
