/*
 * Two indexes of lookup.h that are asked as one: a large one in a file, which stays as it is while
 * records come, and a small one of what it does not know. So what a run writes follows from what is
 * new; when the small one has grown, both are made one again.
 */
#include <string.h>

#include "engine/lookup/stored.h"

guint64 firearm_index_mark(const FirearmIndex *index)
{
    return index->mark;
}

guint firearm_index_size(const FirearmIndex *index)
{
    return index->ids;
}

gint64 firearm_index_last(const FirearmIndex *index)
{
    return index->last;
}

FirearmIndex *firearm_indexing_beside(FirearmIndexing *indexing, const FirearmIndex *index,
                                      const GArray *gone)
{
    FirearmIndex *added = firearm_indexing_end(indexing, NULL);
    gint64 *numbers = g_new(gint64, gone->len + 1);
    for (guint i = 0; i < gone->len; i++) {
        numbers[i] = g_array_index(gone, gint64, i);
    }
    added->beside = index->mark;
    added->gone = added->memory[3] = numbers;
    added->n_gone = gone->len;
    return added;
}

gboolean firearm_index_add(FirearmIndex *index, gconstpointer data, gsize size, const char *stamp)
{
    if (index->mark == 0) {
        return FALSE;
    }
    g_clear_pointer(&index->added, firearm_index_free);
    index->added = index_open(NULL, data, size, index->mark, stamp, NULL);
    return index->added != NULL;
}

const FirearmIndex *firearm_index_added(const FirearmIndex *index)
{
    return index->added;
}

void firearm_index_gone(const FirearmIndex *index, GArray *gone)
{
    if (index->added != NULL && index->added->n_gone > 0) {
        g_array_append_vals(gone, index->added->gone, index->added->n_gone);
    }
}

SerialIndex *firearm_index_serials(const FirearmIndex *index)
{
    return index->serials;
}

/* By number of an observation: its serial. */
static guint *serial_by_id(const FirearmIndex *index)
{
    guint32 serials = index->serials->n;
    guint *serial = g_new(guint, (gsize)index->last + 1);
    memset(serial, 0xFF, ((gsize)index->last + 1) * sizeof(*serial));
    for (guint32 s = 0; s < serials; s++) {
        for (guint32 i = index->first[s]; i < MIN(index->first[s + 1], index->ids); i++) {
            if (index->id[i] >= 0 && index->id[i] <= index->last) {
                serial[index->id[i]] = s;
            }
        }
    }
    return serial;
}

guint *firearm_index_borne(const FirearmIndex *index, const gint64 *ids, guint n)
{
    if (!index_holds(index, index->first, ((gsize)index->serials->n + 1) * sizeof(guint32)) ||
        !index_holds(index, index->id, index->ids * sizeof(gint64))) {
        return NULL;
    }
    g_autofree guint *serial = serial_by_id(index);
    guint *borne = g_new(guint, (gsize)n + 1);
    for (guint i = 0; i < n; i++) {
        borne[i] = ids[i] <= index->last && !index_gone(index, ids[i]) ? serial[ids[i]] : NO_FORM;
    }
    return borne;
}

gboolean index_gone(const FirearmIndex *index, gint64 id)
{
    const FirearmIndex *added = index->added;
    guint low = 0, n = added != NULL ? added->n_gone : 0, high = n;
    if (n == 0 || !index_holds(added, added->gone, n * sizeof(*added->gone))) {
        return FALSE;
    }
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (added->gone[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && added->gone[low] == id;
}
