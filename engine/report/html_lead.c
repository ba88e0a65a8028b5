/*
 * One lead as a section of the HTML report: the key judgement first, what to do, what speaks
 * against it, drawings, the waterfall, and every firearm with its records. End tags that HTML lets
 * one leave out are left out: a page of some hundred leads is sent around.
 */
#include "engine/report/html_lead.h"

#include <string.h>

#include "engine/base/message.h"
#include "engine/link/link.h"
#include "engine/render/html_frame.h"
#include "engine/render/markup.h"
#include "engine/report/draw.h"
#include "engine/report/label.h"

/* What a reader wants on paper; all of it is in the other formats, and the page says so. */
enum {
    FIREARMS_SHOWN = 40,
    RECORDS_SHOWN = 8,
    LINKS_SHOWN = 4,
    BRIEF_TERMS = 5,
    BRIEF_RECORDS = 3
};

static void heading(GString *out, MessageId id, Lang lang)
{
    markup_printf(out, "<h3>%s</h3>", message(id, lang));
}

static void append_head(GString *out, const ReportOptions *options, const LeadView *view)
{
    const Lead *lead = view->lead;
    g_autofree char *score = message_probability(lead->score, options->lang);
    g_autofree char *kinds = code_labels(options->codes, "kinds", lead->kinds, options->lang);
    g_autofree char *markers = code_labels(options->codes, "markers", lead->markers, options->lang);
    g_autofree char *handling =
        code_labels(options->codes, "handlings", lead->handling, options->lang);
    g_autofree char *key =
        message_format(MSG_HTML_KEY, options->lang, label_confidence(options, lead->score), score);
    markup_printf(out, "<article id=%s><h2>%s</h2><p class=f>", lead->lead_id, lead->title);
    markup_printf(out, "<b class=p%d>%s %d</b> %s · %s · %s", lead->priority,
                  message(MSG_HTML_PRIORITY, options->lang), lead->priority, kinds,
                  label_status(lead->status, options->lang), handling);
    if (*markers)
        markup_printf(out, " · %s", markers);
    markup_printf(out, " · <span class=i>%s</span><p class=k>%s<p>%s", lead->lead_id, key,
                  lead->summary);
}

/* "; " separated texts as a list. */
static void append_list(GString *out, const char *texts)
{
    g_auto(GStrv) items = g_strsplit(texts, "; ", -1);
    g_string_append(out, "<ul>");
    for (guint i = 0; items[i]; i++)
        markup_printf(out, "<li>%s", items[i]);
    g_string_append(out, "</ul>");
}

static void append_steps(GString *out, const LeadView *view, Lang lang)
{
    const char *counter = view->lead->counter;
    g_string_append(out, "<div class=two><div>");
    heading(out, MSG_LEAD_HEAD_NEXT, lang);
    append_list(out, view->lead->next_step);
    g_string_append(out, "</div><div>");
    heading(out, MSG_LEAD_HEAD_COUNTER, lang);
    append_list(out, *counter ? counter : message(MSG_LEAD_NO_COUNTER, lang));
    g_string_append(out, "</div></div>");
}

/* How its firearms left the market: by sales, by thefts, or by both. */
static MessageId left_market_head(const Lead *lead)
{
    guint thefts = 0;
    for (guint i = 0; i < lead->paths->len; i++)
        thefts += ((const LeadPath *)lead->paths->pdata[i])->theft ? 1 : 0;
    return thefts == 0                  ? MSG_HTML_BOUGHT
           : thefts == lead->paths->len ? MSG_HTML_STOLEN
                                        : MSG_HTML_BOUGHT_STOLEN;
}

/* What the colours of the drawings mean. */
static void append_key(GString *out, const Lead *lead, Lang lang)
{
    const struct {
        const char *class;
        MessageId id;
    } keys[] = {{"s", left_market_head(lead)}, {"x", MSG_WAY_SEIZED}, {"r", MSG_WAY_RECOVERED}};
    g_string_append(out, "<p class=key>");
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        markup_printf(out, "<span class=%s>%s</span> ", keys[i].class, message(keys[i].id, lang));
}

static void append_drawings(GString *out, const ReportOptions *options, const Lead *lead)
{
    gsize before;
    heading(out, MSG_HTML_CHAIN, options->lang);
    draw_chain(out, lead, options->lang);
    g_string_append(out, "<div class=two><div>");
    heading(out, MSG_HTML_TIME, options->lang);
    before = out->len;
    draw_timeline(out, lead, options->lang);
    if (out->len == before)
        markup_printf(out, "<p>%s", message(MSG_HTML_NO_DAYS, options->lang));
    else
        append_key(out, lead, options->lang);
    g_string_append(out, "</div><div>");
    heading(out, MSG_HTML_MAP, options->lang);
    before = out->len;
    draw_map(out, lead, options->lang);
    if (out->len == before)
        markup_printf(out, "<p>%s", message(MSG_HTML_NO_PLACES, options->lang));
    g_string_append(out, "</div></div>");
}

/* ---- waterfall --------------------------------------------------------------------------- */

typedef struct {
    double low, high, sum;
} Scale;

static Scale scale_of(const Evidence *evidence)
{
    Scale scale = {0, 0, 0};
    for (guint i = 0; i < evidence_count(evidence); i++) {
        scale.sum += evidence_term(evidence, i)->counted;
        scale.low = MIN(scale.low, scale.sum);
        scale.high = MAX(scale.high, scale.sum);
    }
    return (Scale){scale.low, MAX(scale.high, scale.low + 1), 0};
}

static int step_of(const Scale *scale, double bits)
{
    return (int)((bits - scale->low) * BAR_STEPS / (scale->high - scale->low) + 0.5);
}

/* What a term is called by those who do not know its code; NULL where no one says. */
static const char *term_title(const ReportOptions *options, const LeadView *view, const Term *term)
{
    const GPtrArray *rows = view->evidence->indicators;
    if (strcmp(term->field, "prior") == 0)
        return message(MSG_HTML_PRIOR, options->lang);
    if (strcmp(term->field, message(MSG_TERM_CROSSING, LANG_EN)) == 0)
        return message(MSG_HTML_CROSSED, options->lang);
    for (guint i = 0; i < rows->len; i++) {
        const LeadIndicator *row = rows->pdata[i];
        if (strcmp(row->indicator, term->field) == 0)
            return row->title;
    }
    const char *marker = label_of(options, "markers", term->field, options->lang);
    return strcmp(marker, term->field) == 0 ? NULL : marker;
}

/* The title and the words in full, and below them the term as it stands everywhere else. */
static void append_what(GString *out, const ReportOptions *options, const LeadView *view,
                        const Term *term)
{
    g_autofree char *text = evidence_term_text(term, options->lang);
    const char *title = term_title(options, view, term);
    if (!title) {
        markup_append(out, text);
        return;
    }
    Term bare = *term;
    bare.left = bare.right = NULL;
    g_autofree char *code = evidence_term_text(&bare, options->lang);
    g_autofree char *words = evidence_word(term->left, options->lang);
    markup_printf(out, "<b>%s</b>", title);
    if (*words && strcmp(words, title) != 0)
        markup_printf(out, ": %s", words);
    if (strcmp(term->field, "prior") != 0)
        markup_printf(out, " <small>%s</small>", code);
}

static void append_term(GString *out, Scale *scale, const ReportOptions *options,
                        const LeadView *view, const Term *term)
{
    double from = scale->sum, to = from + term->counted;
    int left = step_of(scale, MIN(from, to)), right = step_of(scale, MAX(from, to));
    g_autofree char *bits = message_number(term->counted, 1, options->lang);
    g_autofree char *sum = message_number(to, 1, options->lang);
    scale->sum = to;
    g_string_append(out, "<tr><td>");
    append_what(out, options, view, term);
    markup_printf(out, "<td>%s%s<td>%s<td><i class=\"s%d w%d%s\"></i>", *bits == '-' ? "" : "+",
                  bits, sum, left, right - left, term->counted < 0 ? " n" : "");
}

static void append_waterfall(GString *out, const ReportOptions *options, const LeadView *view)
{
    const Evidence *evidence = view->lead->evidence;
    Scale scale = scale_of(evidence);
    markup_printf(out, "<table class=w><caption>%s<tbody>",
                  message(MSG_HTML_WATERFALL, options->lang));
    for (guint i = 0; i < evidence_count(evidence); i++)
        append_term(out, &scale, options, view, evidence_term(evidence, i));
    g_string_append(out, "</table>");
}

/* ---- firearms, records, links ------------------------------------------------------------ */

static const char *source_of(const LeadEvidence *evidence, const char *ref)
{
    for (guint i = 0; i < evidence->records->len && i < evidence->sources->len; i++)
        if (strcmp(((Record *)evidence->records->pdata[i])->ref, ref) == 0)
            return evidence->sources->pdata[i];
    return "";
}

/* "file.csv:12" of "folder/file.csv:12". */
static const char *short_source(const char *source)
{
    const char *slash = strrchr(source, '/');
    return slash ? slash + 1 : source;
}

static void append_records(GString *out, const LeadEvidence *evidence, const LeadPath *path,
                           Lang lang)
{
    g_auto(GStrv) refs = g_strsplit(path->records, "; ", -1);
    for (guint i = 0; refs[i]; i++) {
        if (i == RECORDS_SHOWN) {
            g_autofree char *more =
                message_format(MSG_HTML_MORE_RECORDS, lang, g_strv_length(refs) - i);
            markup_printf(out, "<br>%s", more);
            return;
        }
        markup_printf(out, i ? "<br>%s <small>%s</small>" : "%s <small>%s</small>", refs[i],
                      short_source(source_of(evidence, refs[i])));
    }
}

/* A name, unless the line above said it. */
static void append_new(GString *out, const char *text, const char *above)
{
    if (text && g_strcmp0(text, above) != 0)
        markup_printf(out, " %s", text);
}

static void append_path(GString *out, const LeadView *view, const LeadPath *path,
                        const LeadPath *above, Lang lang)
{
    static const LeadPath none;
    if (!above)
        above = &none;
    markup_printf(out, "<tr><td>%s<td>%s%s%s", path->label,
                  path->theft ? message(MSG_WAY_STOLEN, lang) : "", path->stolen ? " " : "",
                  lead_path_left(path));
    append_new(out, path->purchaser, above->purchaser);
    append_new(out, path->dealer, above->dealer);
    markup_printf(out, "<td>%s", path->found);
    append_new(out, path->place.label, above->place.label);
    append_new(out, path->carrier, above->carrier);
    g_string_append(out, "<td>");
    if (path->days >= 0)
        g_string_append_printf(out, "%d", path->days);
    g_string_append(out, "<td>");
    append_records(out, view->evidence, path, lang);
}

static void append_firearms(GString *out, const LeadView *view, Lang lang)
{
    const GPtrArray *paths = view->lead->paths;
    const MessageId heads[] = {MSG_WAY_FIREARM, left_market_head(view->lead), MSG_HTML_FOUND,
                               MSG_HTML_DAYS, MSG_LEAD_HEAD_RECORDS};
    g_string_append(out, "<div class=g><table class=a><thead><tr>");
    for (guint i = 0; i < G_N_ELEMENTS(heads); i++)
        markup_printf(out, "<th>%s", message(heads[i], lang));
    g_string_append(out, "<tbody>");
    for (guint i = 0; i < paths->len && i < FIREARMS_SHOWN; i++)
        append_path(out, view, paths->pdata[i], i ? paths->pdata[i - 1] : NULL, lang);
    g_string_append(out, "</table></div>");
    if (paths->len > FIREARMS_SHOWN) {
        g_autofree char *more =
            message_format(MSG_HTML_MORE_FIREARMS, lang, paths->len - FIREARMS_SHOWN);
        markup_printf(out, "<p>%s", more);
    }
}

/* The least sure links are what a reader should look at. */
static gint compare_links(gconstpointer a, gconstpointer b)
{
    const LeadLink *left = *(LeadLink *const *)a, *right = *(LeadLink *const *)b;
    if (left->probability != right->probability)
        return left->probability < right->probability ? -1 : 1;
    int order = strcmp(left->left, right->left);
    return order ? order : strcmp(left->right, right->right);
}

static void append_links(GString *out, const LeadEvidence *evidence, Lang lang)
{
    g_autoptr(GPtrArray) links = g_ptr_array_copy(evidence->links, NULL, NULL);
    if (!links->len)
        return;
    g_ptr_array_set_free_func(links, NULL);
    g_ptr_array_sort(links, compare_links);
    heading(out, MSG_HTML_LINKS, lang);
    g_string_append(out, "<ul>");
    for (guint i = 0; i < links->len && i < LINKS_SHOWN; i++) {
        const LeadLink *link = links->pdata[i];
        g_autofree char *probability = message_probability(link->probability, lang);
        const char *held = link->probability < SAME_FIREARM ? message(MSG_LEAD_NOT_HELD, lang) : "";
        markup_printf(out, "<li>%s = %s: %s, %s%s", link->left, link->right, probability,
                      label_tier(link->tier, lang), held);
    }
    g_string_append(out, "</ul>");
    if (links->len > LINKS_SHOWN) {
        g_autofree char *more = message_format(MSG_HTML_MORE_LINKS, lang, links->len - LINKS_SHOWN);
        markup_printf(out, "<p>%s", more);
    }
}

/* ---- in brief ---------------------------------------------------------------------------- */

static void append_line(GString *out, MessageId id, const char *text, Lang lang)
{
    markup_printf(out, "<p><b>%s</b>: %s", message(id, lang), text);
}

static void append_brief(GString *out, const LeadView *view, Lang lang)
{
    const LeadEvidence *evidence = view->evidence;
    guint n = MIN(evidence->records->len, BRIEF_RECORDS);
    g_autofree char *terms = evidence_brief(view->lead->evidence, BRIEF_TERMS, lang);
    append_line(out, MSG_LEAD_HEAD_NEXT, view->lead->next_step, lang);
    if (*view->lead->counter)
        append_line(out, MSG_LEAD_HEAD_COUNTER, view->lead->counter, lang);
    append_line(out, MSG_HTML_BITS, terms, lang);
    append_line(out, MSG_LEAD_HEAD_RECORDS, "", lang);
    for (guint i = 0; i < n; i++) {
        const Record *record = evidence->records->pdata[i];
        const char *source = i < evidence->sources->len ? evidence->sources->pdata[i] : "";
        markup_printf(out, i ? "; %s <small>%s</small>" : "%s <small>%s</small>", record->ref,
                      short_source(source));
    }
    if (n < evidence->records->len) {
        g_autofree char *more =
            message_format(MSG_HTML_MORE_RECORDS, lang, evidence->records->len - n);
        markup_printf(out, "; %s", more);
    }
}

void html_append_lead(GString *out, const ReportOptions *options, const LeadView *view,
                      gboolean brief)
{
    append_head(out, options, view);
    if (brief) {
        append_brief(out, view, options->lang);
    } else {
        append_steps(out, view, options->lang);
        append_drawings(out, options, view->lead);
        append_waterfall(out, options, view);
        append_firearms(out, view, options->lang);
        append_links(out, view->evidence, options->lang);
    }
    g_string_append(out, "</article>\n");
}
