/*
 * Texts as they are kept that are read seldom: some hundred packed together by libzstd, since one
 * by itself hardly compresses. There are two tables of such blocks: raw rows, and what records said
 * before they were revised. Who needs a text knows where it is: block times BLOCK_PLACES plus
 * place. A block unpacked: the length of each text (four bytes, little endian) and its bytes, one
 * text after the other; packed, one frame with its length and a checksum.
 */
#include <string.h>
#include <zstd.h>

#include "engine/store/first.h"

/* Three times as fast as zlib's lowest and packs better; with a table that stays in the processor's
 * nearest cache, and no matches that hardly pay (tests/bench). */
#define LEVEL     1
#define HASH_LOG  13
#define MATCH_MIN 7

void texts_append(GByteArray *bytes, const char *text, gsize length)
{
    guint32 little = GUINT32_TO_LE((guint32)length);
    g_byte_array_append(bytes, (const guint8 *)&little, sizeof little);
    g_byte_array_append(bytes, (const guint8 *)text, (guint)length);
}

static gsize read_length(const guint8 *bytes)
{
    guint32 little;
    memcpy(&little, bytes, sizeof little);
    return GUINT32_FROM_LE(little);
}

struct RawPacker {
    ZSTD_CCtx *zstd;
    GByteArray *plain, *packed;
};

RawPacker *raw_packer_new(void)
{
    RawPacker *packer = g_new0(RawPacker, 1);
    packer->zstd = ZSTD_createCCtx();
    packer->plain = g_byte_array_new();
    packer->packed = g_byte_array_new();
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_hashLog, HASH_LOG);
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_minMatch, MATCH_MIN);
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_checksumFlag, 1);
    return packer;
}

void raw_packer_free(RawPacker *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx(packer->zstd);
    g_byte_array_unref(packer->plain);
    g_byte_array_unref(packer->packed);
    g_free(packer);
}

GBytes *texts_pack(RawPacker *packer, const GByteArray *plain)
{
    gsize room = ZSTD_compressBound(plain->len);
    if (packer->packed->len < room)
        g_byte_array_set_size(packer->packed, (guint)room);
    guint8 *packed = packer->packed->data;
    gsize length = ZSTD_compress2(packer->zstd, packed, room, plain->data, plain->len);
    if (ZSTD_isError(length)) /* there is room: only memory can be missing, as for g_malloc */
        g_error("cannot pack texts: %s", ZSTD_getErrorName(length));
    return g_bytes_new(packed, length);
}

GBytes *store_pack_raw(RawPacker *packer, Record *const *records, guint n)
{
    g_autoptr(RawPacker) own = packer == NULL ? raw_packer_new() : NULL;
    RawPacker *used = packer == NULL ? own : packer;
    g_byte_array_set_size(used->plain, 0);
    for (guint i = 0; i < n; i++) {
        const char *raw = records[i] != NULL && records[i]->raw != NULL ? records[i]->raw : "";
        texts_append(used->plain, raw, strlen(raw));
    }
    return texts_pack(used, used->plain);
}

GByteArray *texts_unpack(const guint8 *packed, gsize length)
{
    unsigned long long plain_length = ZSTD_getFrameContentSize(packed, length);
    if (plain_length > BLOCK_MAX) /* also when it is not known */
        return NULL;
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_byte_array_set_size(plain, (guint)plain_length);
    if (ZSTD_decompress(plain->data, plain->len, packed, length) != plain_length)
        return NULL;
    return g_steal_pointer(&plain);
}

/* Text `place` of an unpacked block; NULL when it is damaged. */
static char *text_at(const GByteArray *plain, guint place)
{
    for (gsize at = 0; at + 4 <= plain->len; place--) {
        gsize size = read_length(plain->data + at);
        if (size > plain->len - at - 4)
            return NULL;
        if (place == 0)
            return g_strndup((const char *)plain->data + at + 4, size);
        at += 4 + size;
    }
    return NULL;
}

/* The tables, with what their blocks are called. */
static const struct {
    SqlId get, last, insert, set;
    const char *name;
} TABLES[] = {
    [BLOCKS_RAW] = {SQL_RAW_GET, SQL_RAW_LAST, SQL_RAW_INSERT, SQL_RAW_SET, "raw block"},
    [BLOCKS_FORMER] = {SQL_FORMER_GET, SQL_FORMER_LAST, SQL_FORMER_INSERT, SQL_FORMER_SET,
                       "block of the history"},
};

/* NULL without error when it is not there or damaged. */
static GByteArray *block_read(Store *store, Blocks blocks, gint64 block, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, TABLES[blocks].get, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "i", block);
    if (!store_step(store, stmt, &row, error) || !row)
        return NULL;
    GByteArray *plain =
        texts_unpack(sqlite3_column_blob(stmt, 0), (gsize)sqlite3_column_bytes(stmt, 0));
    sqlite3_reset(stmt);
    return plain;
}

static GError *damaged(Blocks blocks, gint64 block)
{
    return g_error_new(CROSSTRACE_ERROR, STATUS_STORE,
                       "store is damaged: %s %" G_GINT64_FORMAT " is not readable",
                       TABLES[blocks].name, block);
}

static void block_forget(BlockCache *cache, guint i)
{
    g_clear_pointer(&cache->plain[i], g_byte_array_unref);
    cache->block[i] = 0;
}

void block_cache_clear(BlockCache *cache)
{
    for (guint i = 0; i < BLOCK_CACHE; i++)
        block_forget(cache, i);
}

char *block_text(Store *store, Blocks blocks, gint64 at, BlockCache *cache, GError **error)
{
    gint64 block = at / BLOCK_PLACES;
    guint place = (guint)(at % BLOCK_PLACES), slot = (guint)(block % BLOCK_CACHE);
    if (blocks == BLOCKS_RAW && store->pending != NULL && block == store->next_block[BLOCKS_RAW])
        return g_strdup(store->pending[place]->raw != NULL ? store->pending[place]->raw : "");
    if (blocks == BLOCKS_FORMER && store->former != NULL && block == store->next_block[blocks])
        return text_at(store->former, place);
    BlockCache own = {{0}, {NULL}};
    BlockCache *kept = cache != NULL ? cache : &own;
    GError *failure = NULL;
    if (kept->block[slot] != block) {
        block_forget(kept, slot);
        kept->plain[slot] = block_read(store, blocks, block, &failure);
        kept->block[slot] = block;
    }
    char *text = kept->plain[slot] != NULL ? text_at(kept->plain[slot], place) : NULL;
    block_cache_clear(&own);
    if (failure != NULL)
        g_propagate_error(error, failure);
    else if (text == NULL)
        g_propagate_error(error, damaged(blocks, block));
    return text;
}

gboolean block_reserve(Store *store, Blocks blocks, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, TABLES[blocks].last, error);
    gboolean row = FALSE;
    if (store->next_block[blocks] > 0) {
        store->next_block[blocks]++;
        return TRUE;
    }
    if (stmt == NULL || !store_step(store, stmt, &row, error) || !row)
        return FALSE;
    store->next_block[blocks] = sqlite3_column_int64(stmt, 0) + 1;
    sqlite3_reset(stmt);
    return TRUE;
}

static gboolean write_as(Store *store, SqlId id, gint64 block, GBytes *packed, GError **error)
{
    gsize length = 0;
    const void *bytes = g_bytes_get_data(packed, &length);
    sqlite3_stmt *stmt = store_statement(store, id, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", block);
    sqlite3_bind_blob64(stmt, 2, bytes, length, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

gboolean block_write(Store *store, Blocks blocks, GBytes *packed, GError **error)
{
    if (blocks == BLOCKS_RAW && store->first != NULL)
        return first_put_raw(store, store->next_block[blocks], packed, error);
    return write_as(store, TABLES[blocks].insert, store->next_block[blocks], packed, error);
}

/* ---- a purge ---------------------------------------------------------------------------- */

/* The texts of a block that are kept, the others empty; *changed: was one of them not? NULL when it
 * is damaged. */
static GByteArray *without_texts(const GByteArray *plain, const guint8 *keep, gboolean *changed)
{
    g_autoptr(GByteArray) left = g_byte_array_sized_new(plain->len);
    *changed = FALSE;
    for (gsize at = 0, place = 0; at < plain->len; place++) {
        gsize size = at + 4 <= plain->len ? read_length(plain->data + at) : G_MAXSIZE;
        if (place >= BLOCK_PLACES || size > plain->len - at - 4)
            return NULL;
        *changed = *changed || (!keep[place] && size > 0);
        texts_append(left, (const char *)plain->data + at + 4, keep[place] ? size : 0);
        at += 4 + size;
    }
    return g_steal_pointer(&left);
}

gboolean block_keep(Store *store, Blocks blocks, gint64 block, const guint8 keep[BLOCK_PLACES],
                    GError **error)
{
    GError *failure = NULL;
    gboolean changed = FALSE;
    g_autoptr(GByteArray) plain = block_read(store, blocks, block, &failure);
    g_autoptr(GByteArray) left = plain != NULL ? without_texts(plain, keep, &changed) : NULL;
    if (left == NULL) {
        g_propagate_error(error, failure != NULL ? failure : damaged(blocks, block));
        return FALSE;
    }
    if (!changed)
        return TRUE;
    g_autoptr(RawPacker) packer = raw_packer_new();
    g_autoptr(GBytes) packed = texts_pack(packer, left);
    return write_as(store, TABLES[blocks].set, block, packed, error);
}

char *store_libraries(void)
{
    return g_strdup_printf("SQLite %s\nZstandard %s", sqlite3_libversion(), ZSTD_versionString());
}
