/*
 * Records into the store, one by one or, as a load does, by the batch with their raw rows packed
 * beforehand; inside the caller's transaction, for a file that store_add_file added.
 */
#ifndef CROSSTRACE_STORE_PUT_H
#define CROSSTRACE_STORE_PUT_H

#include "engine/store/store.h"

/* PUT_PURGED: a record of this reference was purged; nothing of it is kept. */
typedef enum { PUT_LOADED, PUT_DUPLICATE, PUT_REVISED, PUT_PURGED } PutResult;

/* Keeps a sealed record: new, or the same again, or a new revision (the old one goes to history).
 * Rows of a kind whose key holds a content hash never revise. */
gboolean store_put(Store *store, Record *record, PutResult *result, GError **error);

#define STORE_PACK_MAX 512
/* What packing needs, to be used again and again, by one thread at a time. */
typedef struct RawPacker RawPacker;
RawPacker *raw_packer_new(void);
void raw_packer_free(RawPacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RawPacker, raw_packer_free)
/* Bytes packed by libzstd; and as they were, NULL: they are damaged, or more than 1 GiB. Both are
 * the caller's. */
GBytes *texts_pack(RawPacker *packer, const GByteArray *plain);
GByteArray *texts_unpack(const guint8 *packed, gsize length);
/* Raw rows of up to STORE_PACK_MAX records (NULL: none at this place) packed; any thread may.
 * packer NULL: one for this time. */
GBytes *store_pack_raw(RawPacker *packer, Record *const *records, guint n);
/* store_put for each of them that is not NULL, in order; packed as made of the same records. */
gboolean store_put_all(Store *store, Record *const *records, guint n, GBytes *packed,
                       PutResult *results, GError **error);
/* Before store_begin: about so many records will be put in the next transaction. When that is
 * more than there are, its indexes are built at its end; readers of a store that had no records
 * may have to wait for it. */
gboolean store_expect(Store *store, guint64 rows, GError **error);

#endif
