/*
 * Items of one size in a row, which grow; or lie on the pages of a file until one is written to, so
 * that nothing is copied that is not changed.
 */
#ifndef CROSSTRACE_BASE_BLOCK_H
#define CROSSTRACE_BASE_BLOCK_H

#include <glib.h>

typedef struct {
    char *data; /* g_array_index() may be asked */
    gsize len;  /* items */
    gsize item; /* bytes of one, */
    gsize room; /* of all there is room for, */
    gsize held; /* and of the mapping that they lie in; 0: they lie in none */
} Block;

/* Files that are to be laid have their items begin at a multiple of so many bytes. */
#define BLOCK_PAGE 4096u

/* Without items, with room for some. */
Block *block_new(gsize item, gsize room);
/* So many items, all zero, which are met in no order (memory_table). */
Block *block_table(gsize item, gsize n);
void block_free(Block *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Block, block_free)
/* So many items as stand in bytes; with room for an eighth more. They are copied, or where these
 * bytes lie in an open file (its descriptor, the place of the first), laid on its pages: these must
 * stay what they are for as long. fd -1: there is none. */
typedef struct {
    int fd;
    guint64 at;
} BlockFile;
Block *block_of(gsize item, gconstpointer bytes, gsize n, const BlockFile *file);

void block_append(Block *block, gconstpointer items, gsize n);
/* So many items; what is new is zero, or (extend) to be written yet. */
void block_extend(Block *block, gsize n);
void block_resize(Block *block, gsize n);

#endif
