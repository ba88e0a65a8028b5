/*
 * Union-find with path halving and the smallest member as root. Where another
 * member shall be the root (the larger set's), the room joins by itself and asks union_root().
 */
#include "engine/base/union.h"

guint *union_new(guint n)
{
    guint *parent = g_new(guint, n + 1);

    for (guint i = 0; i < n; i++)
        parent[i] = i;
    return parent;
}

guint union_root(guint *parent, guint i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

void union_join(guint *parent, guint a, guint b)
{
    a = union_root(parent, a);
    b = union_root(parent, b);
    parent[MAX(a, b)] = MIN(a, b);
}
