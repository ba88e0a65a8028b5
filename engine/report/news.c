/* What is new for a reader: see news.h. */
#include "engine/report/news.h"

#include <string.h>

#define HERE "here"
#define GONE "gone"

typedef struct {
    char *hash;
    gboolean here;    /* in the last report, or gone before it */
    gboolean visited; /* in this one */
} Before;

struct News {
    GHashTable *before; /* lead id -> Before */
    guint count[NEWS_KINDS], leads;
    GString *list;
};

static void before_free(gpointer data)
{
    Before *before = data;
    g_free(before->hash);
    g_free(before);
}

void news_free(News *news)
{
    g_hash_table_unref(news->before);
    g_string_free(news->list, TRUE);
    g_free(news);
}

/* Another line than "id TAB hash TAB here|gone" says nothing. */
static void read_before(News *news, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        if (g_strv_length(cells) != 3)
            continue;
        Before *before = g_new0(Before, 1);
        before->hash = g_strdup(cells[1]);
        before->here = strcmp(cells[2], HERE) == 0;
        g_hash_table_replace(news->before, g_strdup(cells[0]), before);
    }
}

News *news_new(const char *before)
{
    News *news = g_new0(News, 1);
    news->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, before_free);
    news->list = g_string_new(NULL);
    read_before(news, before);
    return news;
}

/* Has it taken in a lead of the last report? */
static gboolean has_merged(const News *news, const Lead *lead)
{
    g_auto(GStrv) ids = g_strsplit(lead->supersedes ? lead->supersedes : "", "; ", -1);
    for (char **id = ids; *id; id++) {
        const Before *before = g_hash_table_lookup(news->before, *id);
        if (before && before->here)
            return TRUE;
    }
    return FALSE;
}

static NewsKind compare(const News *news, const Lead *lead, const Before *before)
{
    if (before && before->here && strcmp(before->hash, lead->evidence_hash) == 0)
        return NEWS_NONE;
    if (has_merged(news, lead))
        return NEWS_MERGED;
    if (!before)
        return NEWS_NEW;
    return before->here ? NEWS_CHANGED : NEWS_BACK;
}

NewsKind news_take(News *news, const Lead *lead)
{
    Before *before = g_hash_table_lookup(news->before, lead->lead_id);
    NewsKind kind = compare(news, lead, before);
    news->leads++;
    if (before)
        before->visited = TRUE;
    if (kind != NEWS_NONE)
        news->count[kind]++;
    g_string_append_printf(news->list, "%s\t%s\t" HERE "\n", lead->lead_id, lead->evidence_hash);
    return kind;
}

void news_end(News *news, void (*gone)(const char *lead_id, gpointer data), gpointer data)
{
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(news->before), (GCompareFunc)strcmp);
    for (GList *id = ids; id; id = id->next) {
        const Before *before = g_hash_table_lookup(news->before, id->data);
        if (before->visited)
            continue;
        g_string_append_printf(news->list, "%s\t%s\t" GONE "\n", (char *)id->data, before->hash);
        if (!before->here)
            continue;
        news->count[NEWS_GONE]++;
        gone(id->data, data);
    }
}

char *news_summary(const News *news, const char *day, Lang lang)
{
    const guint *n = news->count;
    return message_format(MSG_DIGEST_HEAD, lang, day ? day : "?", news->leads, n[NEWS_NEW],
                          n[NEWS_CHANGED], n[NEWS_BACK], n[NEWS_MERGED], n[NEWS_GONE]);
}

const char *news_heading(NewsKind kind, Lang lang)
{
    static const MessageId headings[] = {MSG_DIGEST_NEW, MSG_DIGEST_CHANGED, MSG_DIGEST_BACK,
                                         MSG_DIGEST_MERGED, MSG_DIGEST_GONE};
    return message(headings[kind], lang);
}

const char *news_list(const News *news)
{
    return news->list->str;
}
