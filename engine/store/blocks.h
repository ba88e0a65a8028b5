/*
 * Texts that are read seldom, packed by some hundred: rows as received (blocks.c), and what records
 * said before they were revised (history.c). Private to engine/store.
 */
#ifndef CROSSTRACE_STORE_BLOCKS_H
#define CROSSTRACE_STORE_BLOCKS_H

#include <sqlite3.h>

#include "engine/store/put.h"

/* The two tables of packed texts (blocks.c): rows as received, what records said before. */
typedef enum { BLOCKS_RAW, BLOCKS_FORMER, BLOCKS_COUNT } Blocks;
#define BLOCK_PLACES 1024       /* more than the texts of a block */
#define BLOCK_MAX    (1u << 30) /* bytes of a block unpacked */
#define BLOCK_CACHE  64
/* Blocks unpacked for a walk over many records, by block number % BLOCK_CACHE. */
typedef struct {
    gint64 block[BLOCK_CACHE];
    GByteArray *plain[BLOCK_CACHE];
} BlockCache;

/* blocks.c: a text by its place (g_free; cache may be NULL); the next free block; the block that is
 * being put. */
char *block_text(Store *store, Blocks blocks, gint64 at, BlockCache *cache, GError **error);
void block_cache_clear(BlockCache *cache);
gboolean block_reserve(Store *store, Blocks blocks, GError **error);
gboolean block_write(Store *store, Blocks blocks, GBytes *packed, GError **error);
/* Packs a block again in which texts without a flag (by place) are empty. */
gboolean block_keep(Store *store, Blocks blocks, gint64 block, const guint8 keep[BLOCK_PLACES],
                    GError **error);
/* What a block is made of: a text behind others. */
void texts_append(GByteArray *plain, const char *text, gsize length);

/* history.c: a text of the history gets its place; a block is written when it is full, and before a
 * commit. Discard: what waits goes with its transaction. Forget: blocks read are read again. */
gboolean former_add(Store *store, const char *text, gint64 *at, GError **error);
gboolean former_flush(Store *store, GError **error);
void former_discard(Store *store);
void blocks_forget(Store *store);
/* pack_texts(place, text) on a connection that migrates; former_text(at), raw_text(at) on a
 * store's. */
gboolean history_add_function(sqlite3 *db, GError **error);
gboolean history_attach(Store *store, GError **error);

#endif
