/*
 * Leads as one HTML file that needs nothing else and asks for nothing: banner with the marking in
 * both languages, counts, a table to sort and filter, a section for each lead. Readable without
 * its script. The content security policy lets nothing run or load but what the page holds.
 */
#include <string.h>

#include "engine/base/embed.h"
#include "engine/base/marking.h"
#include "engine/base/message.h"
#include "engine/render/html_frame.h"
#include "engine/render/markup.h"
#include "engine/report/draw.h"
#include "engine/report/formats.h"
#include "engine/report/html_lead.h"
#include "engine/report/label.h"
#include "engine/report/news.h"

EMBED(leads_script, "engine/report/html.js");

enum { TALLY_SHOWN = 12, MONTHS_SHOWN = 18, NEWS_SHOWN = 8 };

/* Where all sections in full would be larger than this, the last ones are brief: the page is to be
 * sent around and to open at once on any machine. The most urgent leads come first, so it is they
 * that are drawn. */
#define PAGE_BYTES (1000u << 10)
#define FULL_LEAST 10 /* leads that are told in full whatever room there is */

typedef struct {
    GString *rows, *full, *brief;   /* brief: all leads, full: as many as may be */
    GArray *full_ends, *brief_ends; /* of gsize: where each lead's section ends */
    News *news;
    GString *told[NEWS_KINDS];
    guint told_n[NEWS_KINDS];
    GHashTable *months, *ports, *kinds, *rules; /* text -> count; id -> title */
    guint leads, first, firearms, found, undated, synthetic;
    GPtrArray *handlings; /* of char *: of the leads, each once */
    char *released_to, *run;
} Page;

static void html_begin(Report *report)
{
    Page *page = g_new0(Page, 1);
    page->rows = g_string_new(NULL);
    page->full = g_string_new(NULL);
    page->brief = g_string_new(NULL);
    page->full_ends = g_array_new(FALSE, FALSE, sizeof(gsize));
    page->brief_ends = g_array_new(FALSE, FALSE, sizeof(gsize));
    page->news = news_new(report->options.before);
    for (guint i = 0; i < NEWS_KINDS; i++)
        page->told[i] = g_string_new(NULL);
    page->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    page->handlings = g_ptr_array_new_with_free_func(g_free);
    report->state = page;
}

static void html_clear(Report *report)
{
    Page *page = report->state;
    g_string_free(page->rows, TRUE);
    g_string_free(page->full, TRUE);
    g_string_free(page->brief, TRUE);
    g_array_unref(page->full_ends);
    g_array_unref(page->brief_ends);
    news_free(page->news);
    for (guint i = 0; i < NEWS_KINDS; i++)
        g_string_free(page->told[i], TRUE);
    g_hash_table_unref(page->months);
    g_hash_table_unref(page->ports);
    g_hash_table_unref(page->kinds);
    g_hash_table_unref(page->rules);
    g_ptr_array_unref(page->handlings);
    g_free(page->released_to);
    g_free(page->run);
    g_free(page);
}

/* ---- counting ---------------------------------------------------------------------------- */

static void count_in(GHashTable *tally, const char *name)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(tally, name));
    g_hash_table_insert(tally, g_strdup(name), GUINT_TO_POINTER(n + 1));
}

static void count_paths(Page *page, const Lead *lead)
{
    page->firearms += lead->paths->len;
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        if (!path->canadian)
            continue;
        page->found++;
        if (path->place.label)
            count_in(page->ports, path->place.label);
        g_autofree char *month = path->found ? g_strndup(path->found, strlen("2024-01")) : NULL;
        if (month)
            count_in(page->months, month);
        else
            page->undated++;
    }
}

/* Test data say so in their texts, and then the page does. */
static gboolean is_synthetic(const LeadEvidence *evidence)
{
    static const Field fields[] = {FIELD_REMARKS, FIELD_NARRATIVE, FIELD_REQUESTING_AGENCY};
    for (guint i = 0; i < evidence->records->len; i++)
        for (guint j = 0; j < G_N_ELEMENTS(fields); j++) {
            const char *text = record_get(evidence->records->pdata[i], fields[j]);
            if (text && strstr(text, "SYNTHETIC"))
                return TRUE;
        }
    return FALSE;
}

static void count_lead(Page *page, const ReportOptions *options, const LeadView *view)
{
    const Lead *lead = view->lead;
    g_autofree char *labels = code_labels(options->codes, "kinds", lead->kinds, options->lang);
    g_auto(GStrv) kinds = g_strsplit(labels, "; ", -1);
    for (guint i = 0; kinds[i]; i++)
        count_in(page->kinds, kinds[i]);
    page->leads++;
    page->first += lead->priority == 1;
    page->synthetic += is_synthetic(view->evidence);
    if (!g_ptr_array_find_with_equal_func(page->handlings, lead->handling, g_str_equal, NULL))
        g_ptr_array_add(page->handlings, g_strdup(lead->handling));
    if (!page->released_to) {
        page->released_to = g_strdup(view->released_to);
        page->run = g_strdup(view->run);
    }
    for (guint i = 0; i < view->evidence->indicators->len; i++) {
        const LeadIndicator *row = view->evidence->indicators->pdata[i];
        g_hash_table_insert(page->rules, g_strdup_printf("%s@%d", row->indicator, row->rev),
                            g_strdup(row->title));
    }
    count_paths(page, lead);
}

/* Where what the lead speaks of came up in Canada, each place once. */
static char *places_of(const Lead *lead)
{
    g_autoptr(GPtrArray) places = g_ptr_array_new();
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        if (path->canadian && path->place.label &&
            !g_ptr_array_find_with_equal_func(places, path->place.label, g_str_equal, NULL))
            g_ptr_array_add(places, path->place.label);
    }
    g_ptr_array_sort(places, text_compare);
    g_ptr_array_add(places, NULL);
    return g_strjoinv("; ", (char **)places->pdata);
}

static void append_row(Page *page, const ReportOptions *options, const LeadView *view)
{
    const Lead *lead = view->lead;
    g_autofree char *score = message_probability(lead->score, options->lang);
    g_autofree char *kinds = code_labels(options->codes, "kinds", lead->kinds, options->lang);
    g_autofree char *places = places_of(lead);
    markup_printf(page->rows, "<tr><td>%d<td>%s<td><a href=\"#%s\">%s</a><td>%s<td>%s<td>%s<td>%u",
                  lead->priority, score, lead->lead_id, lead->title, kinds, lead->first_date,
                  lead->last_date, lead->firearms);
    markup_printf(page->rows, "<td>%s<td>%s\n", places, label_status(lead->status, options->lang));
}

static void note_news(Page *page, const Lead *lead)
{
    NewsKind kind = news_take(page->news, lead);
    if (kind != NEWS_NONE && page->told_n[kind]++ < NEWS_SHOWN)
        markup_printf(page->told[kind], "<li><a href=\"#%s\">%s</a>", lead->lead_id, lead->title);
}

static void html_lead(Report *report, const LeadView *view)
{
    Page *page = report->state;
    count_lead(page, &report->options, view);
    append_row(page, &report->options, view);
    note_news(page, view->lead);
    if (page->full->len <= PAGE_BYTES) {
        html_append_lead(page->full, &report->options, view, FALSE);
        g_array_append_val(page->full_ends, page->full->len);
    }
    html_append_lead(page->brief, &report->options, view, TRUE);
    g_array_append_val(page->brief_ends, page->brief->len);
}

/* ---- the page ---------------------------------------------------------------------------- */

/* "Protected B / Protégé B": the strictest marking of all leads, in both languages; g_free. */
static char *marking_of(const Page *page, const ReportOptions *options)
{
    char *marking = html_marking(options->codes, page->handlings);
    if (!page->leads || page->synthetic < page->leads)
        return marking;
    g_autofree char *real = marking;
    return g_strdup_printf("%s · %s / %s", real, message(MSG_HTML_SYNTHETIC, LANG_EN),
                           message(MSG_HTML_SYNTHETIC, LANG_FR));
}

/* The sections of the first `full` leads in full and of the others in brief are this long. */
static gsize length_of(const Page *page, guint full)
{
    gsize told = full ? g_array_index(page->full_ends, gsize, full - 1) : 0;
    return told + page->brief->len - (full ? g_array_index(page->brief_ends, gsize, full - 1) : 0);
}

/* As many leads in full as there is room for, and the first in any case. */
static guint count_full(const Page *page)
{
    guint full = page->full_ends->len;
    while (full > FULL_LEAST && length_of(page, full) > PAGE_BYTES)
        full--;
    return full;
}

static void append_sections(GString *out, const Page *page, guint full)
{
    gsize from = 0;
    if (full) {
        g_string_append_len(out, page->full->str,
                            (gssize)g_array_index(page->full_ends, gsize, full - 1));
        from = g_array_index(page->brief_ends, gsize, full - 1);
    }
    g_string_append_len(out, page->brief->str + from, (gssize)(page->brief->len - from));
}

static void add_gone(const char *lead_id, gpointer data)
{
    Page *page = data;
    if (page->told_n[NEWS_GONE]++ < NEWS_SHOWN)
        markup_printf(page->told[NEWS_GONE], "<li>%s", lead_id);
}

/* What a reader who saw the last report looks at first. */
static void append_news(GString *out, Page *page, const ReportOptions *options)
{
    news_end(page->news, add_gone, page);
    if (!text_present(options->before))
        return;
    g_autofree char *summary = news_summary(page->news, options->as_of, options->lang);
    markup_printf(out, "<section class=news><h2>%s</h2><p>%s",
                  message(MSG_HTML_NEWS, options->lang), summary);
    for (NewsKind i = 0; i < NEWS_KINDS; i++) {
        if (!page->told_n[i])
            continue;
        markup_printf(out, "<h3>%s</h3><ul>", news_heading(i, options->lang));
        g_string_append(out, page->told[i]->str);
        g_autofree char *more =
            page->told_n[i] > NEWS_SHOWN
                ? message_format(MSG_HTML_MORE_NEWS, options->lang, page->told_n[i] - NEWS_SHOWN)
                : NULL;
        if (more)
            markup_printf(out, "<li>%s", more);
        g_string_append(out, "</ul>");
    }
    g_string_append(out, "</section>");
}

typedef struct {
    const char *name;
    guint n;
} Tally;

static gint compare_tallies(gconstpointer a, gconstpointer b)
{
    const Tally *left = a, *right = b;
    if (left->n != right->n)
        return left->n > right->n ? -1 : 1;
    return strcmp(left->name, right->name);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Tally *)a)->name, ((const Tally *)b)->name);
}

static GArray *sorted(GHashTable *counts, GCompareFunc compare)
{
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
    GHashTableIter iter;
    gpointer name, n;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &name, &n)) {
        Tally tally = {name, GPOINTER_TO_UINT(n)};
        g_array_append_val(tallies, tally);
    }
    g_array_sort(tallies, compare);
    return tallies;
}

/* The most frequent names, or the latest months, and one line for all others. */
static void append_tally(GString *out, GHashTable *counts, gboolean months, const char *caption,
                         Lang lang)
{
    g_autoptr(GArray) tallies = sorted(counts, months ? compare_names : compare_tallies);
    guint shown = MIN(tallies->len, months ? MONTHS_SHOWN : TALLY_SHOWN);
    guint first = months ? tallies->len - shown : 0, most = 1, rest = 0;
    for (guint i = 0; i < tallies->len; i++) {
        guint n = g_array_index(tallies, Tally, i).n;
        most = MAX(most, n);
        rest += i < first || i >= first + shown ? n : 0;
    }
    markup_printf(out, "<table class=n><caption>%s<tbody>", caption);
    for (guint i = first; i < first + shown; i++) {
        const Tally *tally = &g_array_index(tallies, Tally, i);
        markup_printf(out, "<tr><th scope=row>%s<td>%u<td><i class=w%u></i>", tally->name, tally->n,
                      (tally->n * BAR_STEPS + most / 2) / most);
    }
    if (rest)
        markup_printf(out, "<tr><th scope=row>%s<td>%u<td>",
                      message(months ? MSG_HTML_EARLIER : MSG_HTML_OTHERS, lang), rest);
    g_string_append(out, "</table>");
}

static void append_fact(GString *out, guint n, MessageId id, Lang lang)
{
    markup_printf(out, "<div><dt>%s<dd>%u</div>", message(id, lang), n);
}

static void append_overview(GString *out, Page *page, const ReportOptions *options, guint full)
{
    Lang lang = options->lang;
    g_autofree char *months =
        message_format(MSG_HTML_BY_MONTH, lang, page->found - page->undated, page->found);
    g_autofree char *ports = message_format(MSG_HTML_BY_PLACE, lang, page->found, page->firearms);
    g_autofree char *kinds = message_format(MSG_HTML_BY_KIND, lang, page->leads);
    g_autofree char *head = message_format(
        MSG_HTML_META, lang, options->as_of ? options->as_of : "-", page->run ? page->run : "-",
        options->program ? options->program : "crosstrace");
    markup_printf(out, "<h1>%s</h1><p class=f>%s<p class=q>%s<dl class=cards>",
                  message(MSG_HTML_TITLE, lang), head, message(MSG_LEAD_CAVEAT, lang));
    append_fact(out, page->leads, MSG_HTML_LEADS, lang);
    append_fact(out, page->first, MSG_HTML_FIRST, lang);
    append_fact(out, page->firearms, MSG_HTML_ALL_FIREARMS, lang);
    append_fact(out, page->found, MSG_HTML_IN_CANADA, lang);
    g_string_append(out, "</dl>");
    append_news(out, page, options);
    if (full < page->leads) {
        g_autofree char *brief = message_format(MSG_HTML_BRIEF, lang, full, page->leads);
        markup_printf(out, "<p>%s", brief);
    }
    g_string_append(out, "<div class=tallies>");
    append_tally(out, page->ports, FALSE, ports, lang);
    append_tally(out, page->months, TRUE, months, lang);
    append_tally(out, page->kinds, FALSE, kinds, lang);
    g_string_append(out, "</div>");
}

static void append_index(GString *out, const Page *page, Lang lang)
{
    static const struct {
        MessageId id;
        const char *attributes;
    } heads[] = {{MSG_HTML_PRIORITY, " data-s=n data-f"},
                 {MSG_HTML_SCORE, " data-s=n"},
                 {MSG_HTML_LEAD, " data-s"},
                 {MSG_HTML_KIND, " data-s data-f"},
                 {MSG_HTML_FROM, " data-s"},
                 {MSG_HTML_TO, " data-s"},
                 {MSG_HTML_COUNT, " data-s=n"},
                 {MSG_HTML_PORTS, " data-s data-f"},
                 {MSG_HTML_STATUS, " data-s data-f"}};
    markup_printf(out,
                  "<h2 id=leads>%s</h2><div id=filter role=search hidden data-find=\"%s\" "
                  "data-all=\"%s\" data-say=\"%s\"></div><div class=g tabindex=0 role=group "
                  "aria-label=\"%s\"><table id=index><caption class=v>%s<thead><tr>",
                  message(MSG_HTML_LEADS, lang), message(MSG_HTML_FIND, lang),
                  message(MSG_HTML_ALL, lang), message(MSG_HTML_SHOWN, lang),
                  message(MSG_HTML_LEADS, lang), message(MSG_HTML_TABLE, lang));
    for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_string_append_printf(out, "<th scope=col%s>", heads[i].attributes);
        markup_append(out, message(heads[i].id, lang));
    }
    g_string_append(out, "<tbody>\n");
    g_string_append_len(out, page->rows->str, (gssize)page->rows->len);
    g_string_append(out, "</table></div>");
}

static void append_legend(GString *out, const Page *page, Lang lang)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, page->rules);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_ptr_array_add(ids, id);
    g_ptr_array_sort(ids, text_compare);
    markup_printf(out, "<section class=legend><h2>%s</h2><p>%s<p>%s<p>%s",
                  message(MSG_HTML_LEGEND, lang), message(MSG_LEAD_BITS, lang),
                  message(MSG_HTML_COLOURS, lang), message(MSG_HTML_MAP_NOTE, lang));
    g_string_append(out, "<dl>");
    for (guint i = 0; i < ids->len; i++)
        markup_printf(out, "<dt>%s<dd>%s", (const char *)ids->pdata[i],
                      (const char *)g_hash_table_lookup(page->rules, ids->pdata[i]));
    g_string_append(out, "</dl></section>");
}

static void html_end(Report *report)
{
    Page *page = report->state;
    const ReportOptions *options = &report->options;
    GString *out = report->out;
    guint full = count_full(page);
    g_autofree char *marking = marking_of(page, options);
    const HtmlFrame frame = {.title = message(MSG_HTML_TITLE, options->lang),
                             .marking = marking,
                             .reader = page->released_to,
                             .lang = options->lang,
                             .script = leads_script};
    html_frame_begin(out, &frame);
    draw_shared(out, options);
    g_string_append(out, "<main id=main>");
    append_overview(out, page, options, full);
    append_index(out, page, options->lang);
    append_sections(out, page, full);
    append_legend(out, page, options->lang);
    g_string_append(out, "</main>");
    html_frame_end(out, &frame);
}

const ReportFormat format_html = {
    "html",       "one page for people, offline, with drawings",
    "leads.html", html_begin,
    html_lead,    html_end,
    html_clear,
};
