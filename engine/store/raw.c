/*
 * Raw rows as they are kept: some hundred of a file packed together by libzstd, since a row by
 * itself hardly compresses. A record knows its block and its place in it: raw_at = block times
 * RAW_PLACES plus place. A block unpacked: the length of each row (four bytes, little endian) and
 * its bytes, one row after the other; packed, one frame with its length and a checksum.
 */
#include <string.h>
#include <zstd.h>

#include "engine/store/db.h"

#define LEVEL 1 /* three times as fast as zlib's lowest and packs better (tests/bench) */

static void append_length(GByteArray *bytes, gsize length)
{
    guint32 little = GUINT32_TO_LE((guint32)length);
    g_byte_array_append(bytes, (const guint8 *)&little, sizeof little);
}

static gsize read_length(const guint8 *bytes)
{
    guint32 little;
    memcpy(&little, bytes, sizeof little);
    return GUINT32_FROM_LE(little);
}

struct RawPacker {
    ZSTD_CCtx *zstd;
    GByteArray *plain;
};

RawPacker *raw_packer_new(void)
{
    RawPacker *packer = g_new0(RawPacker, 1);
    packer->zstd = ZSTD_createCCtx();
    packer->plain = g_byte_array_new();
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_checksumFlag, 1);
    return packer;
}

void raw_packer_free(RawPacker *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx(packer->zstd);
    g_byte_array_unref(packer->plain);
    g_free(packer);
}

static GBytes *pack(RawPacker *packer, const GByteArray *plain)
{
    gsize room = ZSTD_compressBound(plain->len);
    g_autofree guint8 *packed = g_malloc(room);
    gsize length = ZSTD_compress2(packer->zstd, packed, room, plain->data, plain->len);
    if (ZSTD_isError(length)) /* there is room: only memory can be missing, as for g_malloc */
        g_error("cannot pack raw rows: %s", ZSTD_getErrorName(length));
    return g_bytes_new(packed, length);
}

GBytes *store_pack_raw(RawPacker *packer, Record *const *records, guint n)
{
    g_autoptr(RawPacker) own = packer == NULL ? raw_packer_new() : NULL;
    RawPacker *used = packer == NULL ? own : packer;
    g_byte_array_set_size(used->plain, 0);
    for (guint i = 0; i < n; i++) {
        const char *raw = records[i] != NULL && records[i]->raw != NULL ? records[i]->raw : "";
        gsize length = strlen(raw);
        append_length(used->plain, length);
        g_byte_array_append(used->plain, (const guint8 *)raw, (guint)length);
    }
    return pack(used, used->plain);
}

/* A packed block as it was; NULL when it is damaged. */
static GByteArray *unpack(const guint8 *packed, gsize length)
{
    unsigned long long plain_length = ZSTD_getFrameContentSize(packed, length);
    if (plain_length > RAW_BLOCK_MAX) /* also when it is not known */
        return NULL;
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_byte_array_set_size(plain, (guint)plain_length);
    if (ZSTD_decompress(plain->data, plain->len, packed, length) != plain_length)
        return NULL;
    return g_steal_pointer(&plain);
}

/* Row `place` of an unpacked block; NULL when it is damaged. */
static char *row_at(const GByteArray *plain, guint place)
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

/* NULL without error when it is not there or damaged. */
static GByteArray *block_read(Store *store, gint64 block, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RAW_GET, error);
    gboolean row = FALSE;
    if (stmt == NULL)
        return NULL;
    statement_bind(stmt, "i", block);
    if (!store_step(store, stmt, &row, error) || !row)
        return NULL;
    GByteArray *plain = unpack(sqlite3_column_blob(stmt, 0), (gsize)sqlite3_column_bytes(stmt, 0));
    sqlite3_reset(stmt);
    return plain;
}

static GError *damaged(gint64 block)
{
    return g_error_new(CROSSTRACE_ERROR, STATUS_STORE,
                       "store is damaged: raw block %" G_GINT64_FORMAT " is not readable", block);
}

static void block_forget(RawCache *cache, guint i)
{
    g_clear_pointer(&cache->plain[i], g_byte_array_unref);
    cache->block[i] = 0;
}

void raw_cache_clear(RawCache *cache)
{
    for (guint i = 0; i < RAW_CACHE; i++)
        block_forget(cache, i);
}

char *raw_read(Store *store, gint64 raw_at, RawCache *cache, GError **error)
{
    gint64 block = raw_at / RAW_PLACES;
    guint place = (guint)(raw_at % RAW_PLACES), slot = (guint)(block % RAW_CACHE);
    if (store->pending != NULL && block == store->pending_block)
        return g_strdup(store->pending[place]->raw != NULL ? store->pending[place]->raw : "");
    RawCache own = {{0}, {NULL}};
    RawCache *kept = cache != NULL ? cache : &own;
    GError *failure = NULL;
    if (kept->block[slot] != block) {
        block_forget(kept, slot);
        kept->plain[slot] = block_read(store, block, &failure);
        kept->block[slot] = block;
    }
    char *raw = kept->plain[slot] != NULL ? row_at(kept->plain[slot], place) : NULL;
    raw_cache_clear(&own);
    if (failure != NULL)
        g_propagate_error(error, failure);
    else if (raw == NULL)
        g_propagate_error(error, damaged(block));
    return raw;
}

gboolean raw_reserve(Store *store, GError **error)
{
    sqlite3_stmt *stmt = store_statement(store, SQL_RAW_LAST, error);
    gboolean row = FALSE;
    if (store->pending_block > 0) {
        store->pending_block++;
        return TRUE;
    }
    if (stmt == NULL || !store_step(store, stmt, &row, error) || !row)
        return FALSE;
    store->pending_block = sqlite3_column_int64(stmt, 0) + 1;
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean raw_write(Store *store, GBytes *packed, GError **error)
{
    gsize length = 0;
    const void *bytes = g_bytes_get_data(packed, &length);
    sqlite3_stmt *stmt = store_statement(store, SQL_RAW_INSERT, error);
    if (stmt == NULL)
        return FALSE;
    statement_bind(stmt, "i", store->pending_block);
    sqlite3_bind_blob64(stmt, 2, bytes, length, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

/* The rows of a block that are kept, the others empty; *changed: was one of them not? NULL when it
 * is damaged. */
static GByteArray *without_rows(const GByteArray *plain, const guint8 *keep, gboolean *changed)
{
    g_autoptr(GByteArray) left = g_byte_array_sized_new(plain->len);
    *changed = FALSE;
    for (gsize at = 0, place = 0; at < plain->len; place++) {
        gsize size = at + 4 <= plain->len ? read_length(plain->data + at) : G_MAXSIZE;
        if (place >= RAW_PLACES || size > plain->len - at - 4)
            return NULL;
        *changed = *changed || (!keep[place] && size > 0);
        append_length(left, keep[place] ? size : 0);
        if (keep[place])
            g_byte_array_append(left, plain->data + at + 4, (guint)size);
        at += 4 + size;
    }
    return g_steal_pointer(&left);
}

gboolean raw_keep(Store *store, gint64 block, const guint8 keep[RAW_PLACES], GError **error)
{
    GError *failure = NULL;
    gboolean changed = FALSE;
    g_autoptr(GByteArray) plain = block_read(store, block, &failure);
    g_autoptr(GByteArray) left = plain != NULL ? without_rows(plain, keep, &changed) : NULL;
    if (left == NULL) {
        g_propagate_error(error, failure != NULL ? failure : damaged(block));
        return FALSE;
    }
    if (!changed)
        return TRUE;
    g_autoptr(RawPacker) packer = raw_packer_new();
    g_autoptr(GBytes) packed = pack(packer, left);
    sqlite3_stmt *stmt = store_statement(store, SQL_RAW_SET, error);
    if (stmt == NULL)
        return FALSE;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(packed, &length);
    statement_bind(stmt, "i", block);
    sqlite3_bind_blob64(stmt, 2, bytes, length, SQLITE_STATIC);
    return store_run(store, stmt, error);
}

char *store_libraries(void)
{
    return g_strdup_printf("SQLite %s\nZstandard %s", sqlite3_libversion(), ZSTD_versionString());
}
