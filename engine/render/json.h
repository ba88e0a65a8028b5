/* JSON texts: the one place that escapes them. */
#ifndef CROSSTRACE_RENDER_JSON_H
#define CROSSTRACE_RENDER_JSON_H

#include <glib.h>

/* Appends text as a JSON string with its quotes. Controls and bidirectional marks are escaped,
 * invalid UTF-8 becomes U+FFFD; NULL is null. */
void json_append_string(GString *out, const char *text);

/* Is a text a number as JSON writes it? */
gboolean json_is_number(const char *text);

/* Appends a number that we wrote; null when there is none, a string when it is no JSON number. */
void json_append_number(GString *out, const char *text);

#endif
