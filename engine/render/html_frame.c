/*
 * The frame of an HTML page that needs nothing else and asks for nothing: head with the policy that
 * lets nothing run or load but what the page holds, the marking above and below, on the screen and
 * on each page of paper. What stands inside is the business of html.c and html_rows.c.
 */
#include "engine/render/html_frame.h"

#include "engine/base/marking.h"
#include "engine/base/message.h"
#include "engine/render/markup.h"
#include "engine/render/page.h"

/* What the policy allows: these bytes between the tags and no others. */
static char *source_hash(const char *text)
{
    guint8 digest[32];
    gsize length = sizeof digest;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)text, -1);
    g_checksum_get_digest(checksum, digest, &length);
    g_autofree char *base64 = g_base64_encode(digest, length);
    return g_strdup_printf("sha256-%s", base64);
}

/* What stands above and below on each page of paper: every character as its number, so that no
 * marking can end the string that it stands in. */
static void append_margins(GString *style, const char *marking)
{
    g_autofree char *safe = text_for_terminal(marking);
    g_autoptr(GString) text = g_string_new(NULL);
    for (const char *p = safe; *p; p = g_utf8_next_char(p))
        g_string_append_printf(text, "\\%X ", g_utf8_get_char(p));
    g_string_append_printf(style,
                           "@page{@top-center{content:\"%s\";font:bold 8pt sans-serif}"
                           "@bottom-center{content:\"%s\";font:bold 8pt sans-serif}"
                           "@bottom-right{content:counter(page)\" / \"counter(pages);"
                           "font:8pt sans-serif}}",
                           text->str, text->str);
}

/* The style sheet, the steps of the bars, which are numbers, and the margins of paper. */
static char *style_text(const char *marking)
{
    GString *style = g_string_new(page_css);
    for (int i = 0; i <= BAR_STEPS; i++) {
        g_autofree char *share = text_number(100.0 * i / BAR_STEPS, 1);
        g_string_append_printf(style, ".s%d{margin-left:%s%%}.w%d{width:%s%%}", i, share, i, share);
    }
    append_margins(style, marking);
    return g_string_free(style, FALSE);
}

static void append_top(GString *out, const HtmlFrame *frame)
{
    g_autofree char *style = style_text(frame->marking);
    g_autofree char *style_hash = source_hash(style);
    g_autofree char *script_hash = frame->script ? source_hash(frame->script) : g_strdup("none");
    g_string_append_printf(
        out,
        "<!doctype html>\n<html lang=%s><head><meta charset=utf-8>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
        "style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'\">"
        "<meta name=viewport content=\"width=device-width,initial-scale=1\">"
        "<meta name=referrer content=no-referrer><meta name=color-scheme content=\"light dark\">"
        "<link rel=icon href=\"data:,\">",
        frame->lang == LANG_FR ? "fr" : "en", style_hash, script_hash);
    markup_printf(out, "<title>%s</title>", frame->title);
    g_string_append_printf(out, "<style>%s</style></head><body>", style);
    markup_printf(out, "<a class=skip href=\"#main\">%s</a>", message(MSG_HTML_SKIP, frame->lang));
}

static void append_banner(GString *out, const HtmlFrame *frame, const char *tag)
{
    markup_printf(out, "<%s class=banner><b>%s</b>", tag, frame->marking);
    if (frame->reader)
        markup_printf(out, " <span>%s</span>", frame->reader);
    markup_printf(out, "</%s>", tag);
}

char *html_marking(const CodeTables *codes, const GPtrArray *handlings)
{
    g_autofree char *joined = marking_join(codes, handlings);
    g_autoptr(GString) marking = g_string_new(NULL);
    for (Lang lang = LANG_EN; lang <= LANG_FR; lang++) {
        g_autofree char *labels = code_labels(codes, "handlings", joined, lang);
        g_string_append_printf(marking, "%s%s", marking->len ? " / " : "",
                               *joined ? labels : message(MSG_HTML_NO_MARKING, lang));
    }
    return g_string_free(g_steal_pointer(&marking), FALSE);
}

void html_frame_begin(GString *out, const HtmlFrame *frame)
{
    append_top(out, frame);
    append_banner(out, frame, "header");
}

void html_frame_end(GString *out, const HtmlFrame *frame)
{
    append_banner(out, frame, "footer");
    if (frame->script)
        g_string_append_printf(out, "<script>%s</script>", frame->script);
    g_string_append(out, "</body></html>\n");
}
