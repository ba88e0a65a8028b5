/*
 * Union-find over a plain array: which things belong together when some pairs do. parent[i] is a
 * member of the same set that is nearer to the set's root; a root is its own parent.
 */
#ifndef CROSSTRACE_BASE_UNION_H
#define CROSSTRACE_BASE_UNION_H

#include <glib.h>

/* n sets of one member each; g_free. */
guint *union_new(guint n);

/* The root of i's set; shortens the way on its way. */
guint union_root(guint *parent, guint i);

/* Makes one set of those of a and b; the smaller root is the root of both, so that a root is
 * always the smallest member, in whatever order pairs come. */
void union_join(guint *parent, guint a, guint b);

#endif
