/*
 * What is new for a reader since the last report to him, lead by lead, out of the list that the
 * last report left (told.tsv). A lead is compared by the hash of the evidence that this reader
 * sees, so that what is withheld changes nothing here. Private to engine/report.
 */
#ifndef CROSSTRACE_REPORT_NEWS_H
#define CROSSTRACE_REPORT_NEWS_H

#include "engine/base/message.h"
#include "engine/lead/lead.h"

typedef enum { NEWS_NEW, NEWS_CHANGED, NEWS_BACK, NEWS_MERGED, NEWS_GONE, NEWS_NONE } NewsKind;
#define NEWS_KINDS NEWS_NONE /* news: all but what stayed as it was */

typedef struct News News;

/* before: the list, lines "id TAB hash TAB here|gone"; NULL: there was no report, all is new. */
News *news_new(const char *before);
void news_free(News *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(News, news_free)

/* A lead of this report; each once. */
NewsKind news_take(News *news, const Lead *lead);
/* After the last of them: the leads of the list that are in this report no more, by id. */
void news_end(News *news, void (*gone)(const char *lead_id, gpointer data), gpointer data);

/* "2024-07-01: 6 leads; 2 new, ...": how many there are of each kind; g_free. */
char *news_summary(const News *news, const char *day, Lang lang);
const char *news_heading(NewsKind kind, Lang lang);
/* The list for the next report, after news_end; owned by the news. */
const char *news_list(const News *news);

#endif
