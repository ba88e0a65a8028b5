/*
 * The index of lookup.h as it lies in memory: made by indexing.c, written, read and asked by
 * stored.c, gone through by scan.c; with a small one beside it: added.c. Private.
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
    gpointer memory[4];            /* first, id, patterns, gone, when they are not in a file */
    Sums sums;                     /* of a file */
    gint64 last;                   /* the largest number that it was given */
    guint64 mark;                  /* of a file: what it is told from others by */
    guint64 beside;                /* the mark of the index that this one adds to; 0: none */
    const gint64 *gone;            /* what that one tells of in vain; ascend */
    guint n_gone;
    FirearmIndex *added; /* what it is asked with; owned */
};

/* May these bytes be believed? In memory they may. */
gboolean index_holds(const FirearmIndex *index, gconstpointer at, gsize size);
/* As firearm_index_open(); beside: the mark of the index that it is to stand beside; 0: alone. */
FirearmIndex *index_open(const FirearmModel *model, gconstpointer data, gsize size, guint64 beside,
                         const char *stamp, GError **error);
/* Does what stands beside it say that this number is told of in vain? */
gboolean index_gone(const FirearmIndex *index, gint64 id);
/* Numbers of the serials (of guint32) that fit one that is asked for, but for two full ones: all
 * patterns are looked at, and for a pattern of which enough is known all full serials. */
GArray *index_scan(const FirearmIndex *index, const Serial *asked);

#endif
