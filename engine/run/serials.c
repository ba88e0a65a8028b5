/*
 * STORE.idx and STORE.added: the index of serials as a run leaves it, for `find`. All of it is made
 * by a full run; an incremental one leaves STORE.idx as it lies and writes what it does not tell of
 * beside it, until that has grown. What lies there is believed only where the store's last run
 * noted these very files.
 */
#include <stdlib.h>

#include "engine/run/stages.h"

#define META_INDEX "index_files" /* marks of both; "": there is nothing */

/* Of so many that STORE.idx tells of, one that it does not; few are no such part. */
#define ADDED_PART 8u
#define FEW        1000u

/* What tells these files from others; g_free. */
static char *note_of(const FindIndex *opened)
{
    const FirearmIndex *index = opened->index;
    const FirearmIndex *added = index ? firearm_index_added(index) : NULL;
    return index ? g_strdup_printf("%016" G_GINT64_MODIFIER "x %016" G_GINT64_MODIFIER "x",
                                   firearm_index_mark(index),
                                   added ? firearm_index_mark(added) : (guint64)0)
                 : g_strdup("");
}

void index_recall(Run *run)
{
    g_autofree char *known = store_meta_get(run->store, META_INDEX, NULL);
    if (!known || !*known)
        return;
    find_index_open(run->store, run->rules->firearms, NULL, &run->index);
    g_autofree char *note = note_of(&run->index);
    if (!g_str_equal(note, known))
        find_index_close(&run->index);
}

static int id_order(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

/* Records (of gint64) of which STORE.idx tells what they said before. */
static GArray *find_gone(const Run *run)
{
    const GArray *revised = run->scope->changes.revised;
    GArray *gone = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint n = 0;
    firearm_index_gone(run->index.index, gone);
    g_array_append_vals(gone, revised->data, revised->len);
    g_array_sort(gone, id_order);
    for (guint i = 0; i < gone->len; i++) {
        gint64 id = g_array_index(gone, gint64, i);
        if (n == 0 || g_array_index(gone, gint64, n - 1) != id)
            g_array_index(gone, gint64, n++) = id;
    }
    g_array_set_size(gone, n);
    return gone;
}

/* What STORE.idx does not tell of; NULL: too much, or there is none. */
static FirearmIndex *added_of(const Run *run)
{
    const FirearmIndex *index = run->index.index;
    if (!run->scope || !index)
        return NULL;
    const GArray *ids = run->facts->firearm_id;
    guint most = MAX(firearm_index_size(index) / ADDED_PART, FEW), n = 0;
    gint64 last = firearm_index_last(index);
    g_autoptr(GArray) gone = find_gone(run);
    g_autoptr(FirearmIndexing) indexing = firearm_indexing_new();
    for (guint i = 0; i < ids->len && n <= most; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        if (id > last || (gone->len && bsearch(&id, gone->data, gone->len, sizeof id, id_order))) {
            firearm_indexing_add(indexing, facts_firearm_at(run->facts, i)->serial, id);
            n++;
        }
    }
    return n <= most ? firearm_indexing_beside(g_steal_pointer(&indexing), index, gone) : NULL;
}

static FirearmIndex *index_of_all(const Run *run)
{
    const GArray *ids = run->facts->firearm_id;
    FirearmIndexing *indexing = firearm_indexing_new();
    for (guint i = 0; i < ids->len; i++)
        firearm_indexing_add(indexing, facts_firearm_serial(run->facts, i),
                             g_array_index(ids, gint64, i));
    return firearm_indexing_end(indexing, run->firearm_parameters);
}

gboolean stage_index(Run *run, GError **error)
{
    if (!run->index_stamp)
        return TRUE;
    g_autoptr(FirearmIndex) added = added_of(run);
    g_autoptr(FirearmIndex) all = added ? NULL : index_of_all(run);
    gboolean done = added ? find_added_write(run->store, run->index_stamp, added, error)
                          : find_index_write(run->store, run->index_stamp, all, error);
    g_auto(FindIndex) written = {0};
    if (done)
        find_index_open(run->store, run->rules->firearms, run->index_stamp, &written);
    run->index_note = note_of(&written);
    return done;
}

gboolean index_keep(Run *run, GError **error)
{
    return run->options->dry_run ||
           store_meta_set(run->store, META_INDEX, run->index_note ? run->index_note : "", error);
}

void index_clear(Run *run)
{
    find_index_close(&run->index);
    g_clear_pointer(&run->index_note, g_free);
}
