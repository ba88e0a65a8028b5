/* Text inside XML and HTML: the one place that escapes it. */
#ifndef CROSSTRACE_RENDER_MARKUP_H
#define CROSSTRACE_RENDER_MARKUP_H

#include <glib.h>

/* Appends text so that it is text in an element and in a double-quoted attribute, of XML 1.0 as of
 * HTML. What XML may not hold (controls) and what would hide something (bidirectional marks) is
 * shown as \xNN or \u{NNNN}. NULL is nothing. */
void markup_append(GString *out, const char *text);

/* printf of trusted markup in which each %s is a text to be escaped (no other conversion but %u,
 * %d and %%). */
void markup_printf(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
