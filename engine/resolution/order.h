/*
 * Mentions in the order of their references. Private to engine/resolution.
 */
#ifndef CROSSTRACE_RESOLUTION_ORDER_H
#define CROSSTRACE_RESOLUTION_ORDER_H

#include "engine/base/sort.h"
#include "engine/resolution/resolution.h"

/* Indices of n mentions that are in order already; g_free. */
guint *order_as_is(guint n);
/* Indices of the input's mentions sorted by reference (equal ones by index); g_free. */
guint *order_by_ref(const PersonInput *input);

#endif
