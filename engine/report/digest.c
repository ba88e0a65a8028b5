/*
 * What is new for a reader, as files of `nightly`: digest.txt, in both languages, and told.tsv, the
 * list by which the next night tells what is new. What is news is decided in news.c.
 */
#include "engine/report/news.h"
#include "engine/report/report.h"

typedef struct {
    News *news;
    GString *told[NEWS_KINDS];
} Digest;

static void digest_clear(Report *report)
{
    Digest *digest = report->state;
    if (!digest)
        return;
    for (guint i = 0; i < NEWS_KINDS; i++)
        g_string_free(digest->told[i], TRUE);
    news_free(digest->news);
    g_free(digest);
}

static void digest_begin(Report *report)
{
    Digest *digest = g_new0(Digest, 1);
    for (guint i = 0; i < NEWS_KINDS; i++)
        digest->told[i] = g_string_new(NULL);
    digest->news = news_new(report->options.before);
    report->state = digest;
}

static void digest_lead(Report *report, const LeadView *view)
{
    Digest *digest = report->state;
    const Lead *lead = view->lead;
    NewsKind kind = news_take(digest->news, lead);
    report->leads++;
    if (kind == NEWS_NONE)
        return;
    g_autofree char *score = text_probability(lead->score);
    g_autofree char *title = text_for_terminal(lead->title);
    g_string_append_printf(digest->told[kind], "  %s  %s  %s%s%s\n", lead->lead_id, score, title,
                           kind == NEWS_MERGED ? " <- " : "",
                           kind == NEWS_MERGED ? lead->supersedes : "");
}

static void add_gone(const char *lead_id, gpointer data)
{
    g_string_append_printf(data, "  %s\n", lead_id);
}

static void digest_end(Report *report)
{
    Digest *digest = report->state;
    news_end(digest->news, add_gone, digest->told[NEWS_GONE]);
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++) {
        g_autofree char *head = news_summary(digest->news, report->options.as_of, lang);
        g_string_append_printf(report->out, "%s\n", head);
    }
    for (NewsKind i = 0; i < NEWS_KINDS; i++)
        if (digest->told[i]->len)
            g_string_append_printf(report->out, "\n%s / %s\n%s", news_heading(i, LANG_EN),
                                   news_heading(i, LANG_FR), digest->told[i]->str);
}

static void told_end(Report *report)
{
    Digest *digest = report->state;
    news_end(digest->news, add_gone, digest->told[NEWS_GONE]);
    g_string_append(report->out, news_list(digest->news));
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
