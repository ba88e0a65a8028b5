/*
 * Items that grow, or lie on pages of a file. Room behind those is reserved beside them, so that
 * there is one place for all.
 */
#include "engine/base/block.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/memory.h"

Block *block_new(gsize item, gsize room)
{
    Block *block = g_new(Block, 1);
    *block = (Block){.item = item, .room = room * item};
    block->data = g_malloc(MAX(block->room, 1));
    return block;
}

Block *block_table(gsize item, gsize n)
{
    Block *block = g_new(Block, 1);
    *block = (Block){.item = item, .len = n, .room = n * item};
    block->data = memory_table(MAX(n, 1), item);
    return block;
}

static void let_go(const Block *block)
{
    if (block->held)
        munmap(block->data, block->held);
    else
        g_free(block->data);
}

void block_free(Block *block)
{
    if (!block)
        return;
    let_go(block);
    g_free(block);
}

/* Pages of a file with room behind them; NULL: it is not to be had. */
static char *lay(const BlockFile *file, gsize size, gsize room)
{
    long page = sysconf(_SC_PAGESIZE);
    if (file->fd < 0 || size == 0 || page <= 0 || file->at % (guint64)page)
        return NULL;
    char *at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    if (mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file->fd,
             (off_t)file->at) != MAP_FAILED)
        return at;
    munmap(at, room);
    return NULL;
}

Block *block_of(gsize item, gconstpointer bytes, gsize n, const BlockFile *file)
{
    gsize size = n * item, room = size + size / 8 + item;
    char *laid = lay(file, size, room);
    if (!laid) {
        Block *copied = block_new(item, n + n / 8);
        block_append(copied, bytes, n);
        return copied;
    }
    Block *block = g_new(Block, 1);
    *block = (Block){.data = laid, .len = n, .item = item, .room = room, .held = room};
    return block;
}

static void make_room(Block *block, gsize n)
{
    if (n * block->item <= block->room)
        return;
    gsize room = MAX(n * block->item, block->room + block->room / 2);
    if (block->held) {
        char *data = g_malloc(room);
        memcpy(data, block->data, block->len * block->item);
        let_go(block);
        block->data = data;
        block->held = 0;
    } else {
        block->data = g_realloc(block->data, room);
    }
    block->room = room;
}

void block_append(Block *block, gconstpointer items, gsize n)
{
    make_room(block, block->len + n);
    if (n)
        memcpy(block->data + block->len * block->item, items, n * block->item);
    block->len += n;
}

void block_extend(Block *block, gsize n)
{
    make_room(block, n);
    block->len = n;
}

void block_resize(Block *block, gsize n)
{
    gsize before = block->len;
    block_extend(block, n);
    if (n > before)
        memset(block->data + before * block->item, 0, (n - before) * block->item);
}
