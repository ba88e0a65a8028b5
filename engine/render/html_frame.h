/* The frame of an HTML page. */
#ifndef CROSSTRACE_RENDER_HTML_FRAME_H
#define CROSSTRACE_RENDER_HTML_FRAME_H

#include "engine/base/code.h"

/* Bars of the waterfall are as many steps wide at most: classes s0 .. and w0 .. of the page. */
#define BAR_STEPS 40

/* Borrows everything. */
typedef struct {
    const char *title, *marking; /* the marking in both languages */
    const char *reader;          /* whom it is for; NULL: not said */
    Lang lang;
    const char *script; /* of the page itself; NULL: none may run */
} HtmlFrame;

/* "Protected B / Protégé B" of handling codes (of char *), in both languages; g_free. */
char *html_marking(const CodeTables *codes, const GPtrArray *handlings);

/* A page up to where its body is, and from there on; all texts are escaped. */
void html_frame_begin(GString *out, const HtmlFrame *frame);
void html_frame_end(GString *out, const HtmlFrame *frame);

#endif
