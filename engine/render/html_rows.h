/* Rows on an HTML page of their own, without a script: for a file that people keep. */
#ifndef CROSSTRACE_RENDER_HTML_ROWS_H
#define CROSSTRACE_RENDER_HTML_ROWS_H

#include "engine/base/code.h"
#include "engine/render/render.h"

/* The marking of these handling codes, a title, what the rows say in sentences, then the rows.
 * Copies the texts. Free with page_sink_free. */
typedef struct {
    const char *title, *text;
    const CodeTables *codes;
    const GPtrArray *handlings; /* of char * */
    Lang lang;
} PageText;
typedef RowSink PageSink;
PageSink *page_sink_new(Output *output, const PageText *text);
void page_sink_free(PageSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageSink, page_sink_free)

#endif
