/*
 * Private to engine/marker: which patterns can match a text at all? Each alternative of a pattern
 * gives up sets of literals, of each of which one must occur (literal.c); one automaton finds them
 * all in one pass. A pattern of which nothing is promised is always a candidate. Never decides that
 * a pattern matches.
 */
#ifndef CROSSTRACE_MARKER_PREFILTER_H
#define CROSSTRACE_MARKER_PREFILTER_H

#include <glib.h>

typedef struct Prefilter Prefilter;

#define CLAUSES_MAX 8 /* sets of one alternative */

/* The alternatives of a pattern (array of arrays of arrays of char *): of one of them, every set
 * has an upper-case string that occurs in whatever the pattern matches. NULL when nothing can be
 * promised. Free with g_ptr_array_unref. */
GPtrArray *pattern_ways(const char *pattern);

/* ways[i] belongs to pattern i and may be NULL; they are copied. */
Prefilter *prefilter_new(GPtrArray *const *ways, guint n);
void prefilter_free(Prefilter *prefilter);

/* Sets flags[i] to 1 for every pattern that may match in folded text, 0 for the others. */
void prefilter_run(const Prefilter *prefilter, const char *text, gsize length, guint8 *flags);

#endif
