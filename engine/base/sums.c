/*
 * Sums of blocks: against damage, not against forgery; whoever can write the index can write its
 * sums.
 */
#include "engine/base/sums.h"

#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/queue.h"

/* Four lanes of two words: each would otherwise wait for the one before. */
#define LANES 4

__extension__ typedef unsigned __int128 Wide;

/* A product of all bits of both, its upper half folded onto the lower. */
static inline guint64 fold(guint64 a, guint64 b)
{
    Wide product = (Wide)a * b;
    return (guint64)product ^ (guint64)(product >> 64);
}

guint32 sums_of(gconstpointer block, gsize size)
{
    static const guint64 keys[LANES] = {
        G_GUINT64_CONSTANT(0x243F6A8885A308D3), G_GUINT64_CONSTANT(0x13198A2E03707345),
        G_GUINT64_CONSTANT(0xA4093822299F31D1), G_GUINT64_CONSTANT(0x082EFA98EC4E6C89)};
    const guint8 *at = block;
    guint64 h[LANES] = {size, 1, 2, 3}, word[2 * LANES] = {0};
    for (; size >= sizeof word; size -= sizeof word, at += sizeof word) {
        memcpy(word, at, sizeof word);
        for (guint i = 0; i < LANES; i++)
            h[i] = fold(h[i] ^ word[2 * i], keys[i] ^ word[2 * i + 1]);
    }
    memset(word, 0, sizeof word);
    memcpy(word, at, size);
    for (guint i = 0; i < LANES; i++)
        h[i] = fold(h[i] ^ word[2 * i], keys[i] ^ word[2 * i + 1]);
    return (guint32)mix(mix(h[0], h[1]), mix(h[2], h[3]));
}

gsize sums_blocks(gsize size)
{
    return (size + SUMS_BLOCK - 1) / SUMS_BLOCK;
}

void sums_init(Sums *sums, gconstpointer data, gsize size, gconstpointer sum)
{
    *sums = (Sums){
        .data = data, .size = size, .sum = sum, .held = g_new0(guint8, sums_blocks(size) + 1)};
}

void sums_clear(Sums *sums)
{
    g_clear_pointer(&sums->held, g_free);
}

#define JOB ((gsize)256 * SUMS_BLOCK) /* bytes that one thread sums before it looks for more */

static void hold_jobs(Queue *queue, gpointer data)
{
    Sums *sums = data;
    for (guint job; queue_next(queue, &job);) {
        gsize from = job * JOB;
        if (!sums_broken(sums))
            sums_hold(sums, sums->data + from, MIN(JOB, sums->size - from));
    }
}

gboolean sums_hold_file(gconstpointer file, gsize bytes, gsize size)
{
    Sums sums;
    if (bytes > size || size - bytes != sums_blocks(bytes) * sizeof(guint32))
        return FALSE;
    sums_init(&sums, file, bytes, (const guint8 *)file + bytes);
    queue_run((guint)((bytes + JOB - 1) / JOB), hold_jobs, &sums);
    gboolean hold = !sums_broken(&sums);
    sums_clear(&sums);
    return hold;
}

gsize sums_padded(gsize size)
{
    return (size + 7) / 8 * 8;
}

static gboolean end_block(SumsWriter *writer, GError **error)
{
    guint32 sum = sums_of(writer->block, writer->filled);
    gsize bytes = writer->filled;
    writer->filled = 0;
    if (bytes == 0)
        return TRUE;
    g_byte_array_append(writer->sums, (const guint8 *)&sum, sizeof sum);
    return writer->write(writer->block, bytes, writer->to, error);
}

gboolean sums_put(SumsWriter *writer, gconstpointer data, gsize size, GError **error)
{
    for (gsize at = 0; at < sums_padded(size);) {
        gsize bytes = MIN(SUMS_BLOCK - writer->filled, sums_padded(size) - at);
        gsize real = at < size ? MIN(bytes, size - at) : 0;
        memset(writer->block + writer->filled, 0, bytes);
        if (real)
            memcpy(writer->block + writer->filled, (const guint8 *)data + at, real);
        at += bytes;
        writer->filled += bytes;
        if (writer->filled == SUMS_BLOCK && !end_block(writer, error))
            return FALSE;
    }
    writer->at += sums_padded(size);
    return TRUE;
}

gboolean sums_end(SumsWriter *writer, GError **error)
{
    return end_block(writer, error) &&
           writer->write(writer->sums->data, writer->sums->len, writer->to, error);
}

gboolean sums_broken(const Sums *sums)
{
    return g_atomic_int_get(&sums->broken) != 0;
}

void sums_break(Sums *sums)
{
    g_atomic_int_set(&sums->broken, TRUE);
}

/* Two threads may both sum a block: they find the same. */
static gboolean block_holds(Sums *sums, gsize b)
{
    if (__atomic_load_n(&sums->held[b], __ATOMIC_RELAXED))
        return TRUE;
    gsize length = MIN(SUMS_BLOCK, sums->size - b * SUMS_BLOCK);
    guint32 sum;
    memcpy(&sum, sums->sum + b * sizeof sum, sizeof sum);
    if (sums_of(sums->data + b * SUMS_BLOCK, length) != sum)
        return FALSE;
    __atomic_store_n(&sums->held[b], 1, __ATOMIC_RELAXED);
    return TRUE;
}

gboolean sums_hold(Sums *sums, gconstpointer at, gsize size)
{
    gsize from = (gsize)((const guint8 *)at - sums->data);
    gboolean hold =
        (const guint8 *)at >= sums->data && from <= sums->size && size <= sums->size - from;
    for (gsize b = from / SUMS_BLOCK; hold && b * SUMS_BLOCK < from + size; b++)
        hold = block_holds(sums, b);
    if (!hold)
        sums_break(sums);
    return hold;
}
