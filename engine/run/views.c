/*
 * STORE.views: the copies of the views that a run asked its rules of, as it leaves them for the
 * next one, which changes what became another instead of copying all. Derived, and believed only
 * where the store's last run says that it wrote these very bytes: its sum over the sums of the
 * blocks is kept with the run, so that a run that did not end, another copy of the store or a purge
 * leaves nothing that is believed.
 */
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/sums.h"
#include "engine/find/derived.h"
#include "engine/run/stages.h"

#define META_VIEWS "views_file" /* SHA-256 over the sums of the blocks; "": there is none */

static char *views_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_VIEWS, NULL);
}

/* ---- kept ------------------------------------------------------------------------------- */

typedef struct {
    const Views *views;
    char *sum; /* out */
} Writing;

static gboolean write_views(gpointer data, gpointer file, GError **error)
{
    Writing *writing = data;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    if (!views_write(writing->views, &to, error) || !sums_end(&to, error))
        return FALSE;
    writing->sum = text_sha256((const char *)sums->data, sums->len);
    return TRUE;
}

gboolean stage_keep_views(Run *run, G_GNUC_UNUSED GError **error)
{
    g_autofree char *path = views_path(run->store);
    Writing writing = {.views = run->views};
    if (!run->options->dry_run && views_are_copied(run->views) &&
        file_write(path, FIND_MODE, write_views, &writing, NULL))
        run->views_sum = writing.sum;
    else
        g_free(writing.sum);
    return TRUE; /* without it the next run takes longer, no more */
}

gboolean views_note(Run *run, GError **error)
{
    return store_meta_set(run->store, META_VIEWS, run->views_sum ? run->views_sum : "", error) &&
           views_drop(run->views, error);
}

/* ---- recalled --------------------------------------------------------------------------- */

/* Are the bytes those that the last run wrote? *size: of what their sums are of. */
static gboolean is_known(Store *store, const char *bytes, gsize all, gsize *size)
{
    g_autofree char *kept = store_meta_get(store, META_VIEWS, NULL);
    /* n blocks and n sums of four bytes */
    gsize blocks = (all + SUMS_BLOCK + sizeof(guint32) - 1) / (SUMS_BLOCK + sizeof(guint32));
    if (!kept || !*kept || all <= blocks * sizeof(guint32))
        return FALSE;
    *size = all - blocks * sizeof(guint32);
    if (sums_blocks(*size) != blocks)
        return FALSE;
    g_autofree char *sum = text_sha256(bytes + *size, (gssize)(blocks * sizeof(guint32)));
    return g_str_equal(kept, sum) && sums_hold_file(bytes, *size, all);
}

gboolean views_recall(Run *run, GError **error)
{
    g_autofree char *path = views_path(run->store);
    g_autoptr(GMappedFile) file = file_map(path);
    const char *bytes = file ? g_mapped_file_get_contents(file) : NULL;
    gsize size = 0;
    if (bytes && is_known(run->store, bytes, g_mapped_file_get_length(file), &size) &&
        views_take(run->views, bytes, size) && views_are_stale(run->views))
        return views_drop(run->views, error);
    return TRUE;
}
