/*
 * The first load: into a store without records, new rows are packed and laid on pages here
 * (pages.h) instead of by statements, until something must be read or changed that came before.
 * What the tables then hold is the same. Private to this room.
 */
#ifndef CROSSTRACE_STORE_FIRST_H
#define CROSSTRACE_STORE_FIRST_H

#include "engine/store/feed.h"

/* In a large load that has just begun; nothing happens where it is not the first, or its file not
 * such that it can be done. */
gboolean first_begin(Store *store, GError **error);
/* New records with their mentions, by rising numbers; the next block of raw rows. */
gboolean first_put(Store *store, const Incoming *rows, guint n, GError **error);
gboolean first_put_raw(Store *store, gint64 block, GBytes *packed, GError **error);
/* The reference and the content hash (MIX_BYTES) of a record that was put; NULL where they are no
 * longer known. */
const char *first_ref(const First *first, gint64 record_id);
const guint8 *first_hash(const First *first, gint64 record_id);
/* Which of the indexes that a large load builds at its end (schema.h) are there. */
typedef struct {
    gboolean refs, dealers;
} FirstIndexed;
/* From here on the tables are there for everybody, and rows come by statements. Harmless when there
 * is none. Both indexes are gone, unless all rows have come and it is asked whether they are there.
 */
gboolean first_end(Store *store, FirstIndexed *indexed, GError **error);
/* What was put is given up: the transaction will be rolled back. */
void first_free(First *first);

#endif
