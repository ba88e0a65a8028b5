/*
 * Private to engine/view: copies of the views that are made of records and mentions alone, filled
 * in one walk.
 */
#ifndef CROSSTRACE_VIEW_PASS_H
#define CROSSTRACE_VIEW_PASS_H

#include "engine/store/scan.h"
#include "engine/view/copies.h"

/* Fills the copies, which have no rows, of those views; records come over the reader, all else as
 * the run found it. When the heap is full by then, what is copied is of no use. */
gboolean pass_fill(Copies *copies, Store *reader, const Findings *found, GError **error);

#endif
