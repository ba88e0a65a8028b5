/*
 * Sums over the blocks of bytes that lie in a file: each block is summed when it is first touched,
 * so that a question pays for what it reads and damage anywhere else costs nothing.
 */
#ifndef CROSSTRACE_BASE_SUMS_H
#define CROSSTRACE_BASE_SUMS_H

#include <glib.h>

#define SUMS_BLOCK 4096u

typedef struct {
    const guint8 *data; /* a multiple of eight bytes, and so aligned */
    gsize size;
    const guint8 *sum; /* four bytes a block, wherever they lie: a damaged file may end anywhere */
    guint8 *held;      /* by block: it was summed, and well; atomic */
    gint broken;       /* some block was not what its sum says; atomic */
} Sums;

guint32 sums_of(gconstpointer block, gsize size);
gsize sums_blocks(gsize size);

void sums_init(Sums *sums, gconstpointer data, gsize size, gconstpointer sum);
void sums_clear(Sums *sums);
/* Do the blocks under these bytes hold? FALSE also when the bytes are not all inside. Threads may
 * ask at once. */
gboolean sums_hold(Sums *sums, gconstpointer at, gsize size);
/* Was it FALSE for any that were asked for? */
gboolean sums_broken(const Sums *sums);
/* Do so many bytes and their sums fill a file, and is every byte what was written? For readers of
 * all of it; by threads. */
gboolean sums_hold_file(gconstpointer file, gsize bytes, gsize size);
/* Says so of bytes that are whole and make no sense. */
void sums_break(Sums *sums);

/* A file in the making: what is written goes on block by block, each is summed. */
typedef struct {
    gboolean (*write)(gconstpointer data, gsize size, gpointer to, GError **error);
    gpointer to;
    guint8 block[SUMS_BLOCK];
    gsize filled;
    GByteArray *sums; /* empty; the caller's */
    guint64 at;       /* bytes written so far: where the next part begins */
} SumsWriter;

/* Writes one part, filled up to a multiple of eight bytes. */
gboolean sums_put(SumsWriter *writer, gconstpointer data, gsize size, GError **error);
/* Writes what is left, and the sums. */
gboolean sums_end(SumsWriter *writer, GError **error);
/* Bytes that a part of this size takes. */
gsize sums_padded(gsize size);

#endif
