/*
 * Rows on a page of their own, for a file that people keep: what the rows say in sentences, then
 * the same rows as a table. For `why`; the page has no script.
 */
#include "engine/base/message.h"
#include "engine/render/html_rows.h"

#include "engine/render/html_frame.h"
#include "engine/render/markup.h"

typedef struct {
    RowSink sink; /* first: a RowSink * is a Page * */
    Output *output;
    HtmlFrame frame;
    char *title, *marking, *text;
    GString *bytes;
    guint n;
} Page;

static gboolean begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    Page *page = (Page *)sink;
    (void)error;
    page->n = n;
    html_frame_begin(page->bytes, &page->frame);
    markup_printf(page->bytes,
                  "<main id=main><h1>%s</h1><p class=q>%s<div class=g><table><thead>"
                  "<tr>",
                  page->title, page->text);
    for (guint i = 0; i < n; i++)
        markup_printf(page->bytes, "<th scope=col>%s", columns[i].name);
    g_string_append(page->bytes, "<tbody>\n");
    return TRUE;
}

static gboolean row(RowSink *sink, const char *const *cells, GError **error)
{
    Page *page = (Page *)sink;
    (void)error;
    g_string_append(page->bytes, "<tr>");
    for (guint i = 0; i < page->n; i++)
        markup_printf(page->bytes, "<td>%s", cells[i]);
    g_string_append_c(page->bytes, '\n');
    return TRUE;
}

static gboolean end(RowSink *sink, GError **error)
{
    Page *page = (Page *)sink;
    g_string_append(page->bytes, "</table></div></main>");
    html_frame_end(page->bytes, &page->frame);
    return output_write(page->output, page->bytes, error);
}

PageSink *page_sink_new(Output *output, const PageText *text)
{
    Page *page = g_new0(Page, 1);
    page->sink = (RowSink){begin, row, end, NULL};
    page->output = output;
    page->title = g_strdup(text->title);
    page->marking = html_marking(text->codes, text->handlings);
    page->text = g_strdup(text->text);
    page->frame = (HtmlFrame){.title = page->title,
                              .marking = page->marking,
                              .reader = message(MSG_OWNER_USE, text->lang),
                              .lang = text->lang};
    page->bytes = g_string_new(NULL);
    return &page->sink;
}

void page_sink_free(PageSink *sink)
{
    Page *page = (Page *)sink;
    if (!page)
        return;
    g_free(page->title);
    g_free(page->marking);
    g_free(page->text);
    g_string_free(page->bytes, TRUE);
    g_free(page);
}
