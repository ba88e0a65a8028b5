/*
 * Mentions in the order of their references. Private to engine/person.
 */
#ifndef CROSSTRACE_PERSON_ORDER_H
#define CROSSTRACE_PERSON_ORDER_H

#include "engine/person/person.h"

/* Indices of the mentions sorted by reference (equal ones by index); g_free. */
guint *order_by_ref(const PersonMention *mentions, guint n);

/* Sorts numbers by the bits [from, to), stably; `spare` has the same room. */
void sort_radix(guint64 *items, guint64 *spare, gsize n, guint from, guint to);

#endif
