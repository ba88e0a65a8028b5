/*
 * The index of lookup.h as it lies in memory: made by indexing.c, written, read and asked by
 * stored.c, gone through by scan.c. Private.
 */
#ifndef CROSSTRACE_LOOKUP_STORED_H
#define CROSSTRACE_LOOKUP_STORED_H

#include "engine/firearm/index.h"
#include "engine/lookup/lookup.h"
#include "engine/population/estimated.h"

struct FirearmIndex {
    SerialIndex *serials;
    const guint32 *first; /* by serial: places in id */
    const gint64 *id;
    guint32 ids;
    const char *patterns; /* of each, NUL behind it: number of the serial, positions */
    gsize patterns_size;
    FirearmParameters *own;        /* of a file */
    const FirearmParameters *used; /* own, or those that it was built with */
    gpointer memory[3];            /* first, id and patterns, when they are not in a file */
    Sums sums;                     /* of a file */
};

/* May these bytes be believed? In memory they may. */
gboolean index_holds(const FirearmIndex *index, gconstpointer at, gsize size);
/* Numbers of the serials (of guint32) that fit one that is asked for, but for two full ones: all
 * patterns are looked at, and for a pattern of which enough is known all full serials. */
GArray *index_scan(const FirearmIndex *index, const Serial *asked);

#endif
