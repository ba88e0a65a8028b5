/*
 * Private to engine/marker: which patterns can match a text at all? Every pattern gives up a set
 * of literals of which one must occur (literal.c); one automaton finds them all in one pass. A
 * pattern without such a set is always a candidate. Never decides that a pattern matches.
 */
#ifndef CROSSTRACE_MARKER_PREFILTER_H
#define CROSSTRACE_MARKER_PREFILTER_H

#include <glib.h>

typedef struct Prefilter Prefilter;

/* Upper-case literals of which at least one occurs in whatever the pattern matches; NULL when
 * nothing can be promised. Free with g_ptr_array_unref (of g_free'd strings). */
GPtrArray *pattern_literals(const char *pattern);

/* literals[i] belongs to pattern i and may be NULL; they are copied. */
Prefilter *prefilter_new(GPtrArray *const *literals, guint n);
void prefilter_free(Prefilter *prefilter);

/* Sets flags[i] to 1 for every pattern that may match in folded text, 0 for the others. Returns
 * how many are set. */
guint prefilter_run(const Prefilter *prefilter, const char *text, gsize length, guint8 *flags);

#endif
