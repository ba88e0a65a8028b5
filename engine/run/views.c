/*
 * STORE.views: the copies of the views that a run asked its rules of, as it leaves them for the
 * next one, which changes what became another instead of copying all, and writes no more than that
 * behind what is there; now and then all is written anew. Derived, and believed only where the
 * store's last run says that these very bytes count: a sum over the sums of the blocks of all parts
 * and the parts' sizes are kept with the run, so that a run that did not end, another copy of the
 * store or a purge leaves nothing that is believed.
 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/mapped.h"
#include "engine/base/sums.h"
#include "engine/base/text.h"
#include "engine/find/derived.h"
#include "engine/run/stages.h"

/* A SHA-256, and behind it the size of each part, blanks between; "": there is no file. */
#define META_VIEWS "views_file"

/* All is written anew when what came since is more than one in so many bytes, or parts. */
#define CHANGES_IN   8
#define CHANGES_MOST 64

static char *views_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_VIEWS, NULL);
}

/* ---- parts ------------------------------------------------------------------------------ */

/* Bytes of a part in the file, with its sums. */
static guint64 part_bytes(guint64 size)
{
    return size + sums_padded(sums_blocks(size) * sizeof(guint32));
}

/* The parts that a note tells of: their sizes; *sum: g_free. */
static GArray *parts_of(const char *note, char **sum)
{
    g_auto(GStrv) words = g_strsplit(note, " ", -1);
    GArray *sizes = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (guint i = 1; words[0] && words[i]; i++) {
        guint64 size = 0;
        if (!g_ascii_string_to_unsigned(words[i], 10, 1, G_MAXINT64, &size, NULL) || size % 8)
            size = 0;
        g_array_append_val(sizes, size);
    }
    *sum = g_strdup(words[0] ? words[0] : "");
    return sizes;
}

static guint64 parts_bytes(const GArray *sizes, guint from)
{
    guint64 bytes = 0;
    for (guint i = from; i < sizes->len; i++)
        bytes += part_bytes(g_array_index(sizes, guint64, i));
    return bytes;
}

/* A sum over the one of the parts before, and the sums of the blocks of one more. */
static char *sum_on(const char *before, gconstpointer sums, gsize size)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)before, -1);
    g_checksum_update(sum, sums, (gssize)size);
    return g_strdup(g_checksum_get_string(sum));
}

/* ---- kept ------------------------------------------------------------------------------- */

typedef struct {
    const Views *views;
    gboolean (*write)(const Views *views, SumsWriter *to, GError **error);
    const char *before; /* the sum of the parts before */
    char *sum;          /* out, */
    guint64 size;       /* of the part */
} Writing;

static gboolean write_part(gpointer data, gpointer file, GError **error)
{
    static const guint8 none[sizeof(guint32)];
    Writing *writing = data;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    if (!writing->write(writing->views, &to, error) || !sums_end(&to, error) ||
        !file_piece(none, sums_padded(sums->len) - sums->len, file, error))
        return FALSE;
    writing->size = to.at;
    writing->sum = sum_on(writing->before, sums->data, sums->len);
    return TRUE;
}

/* Does what became of the copies go behind what is there? */
static gboolean are_changes(const Run *run)
{
    g_autofree char *sum = NULL;
    g_autoptr(GArray) sizes = parts_of(run->views_note ? run->views_note : "", &sum);
    return views_are_taken(run->views) && sizes->len > 0 && sizes->len <= CHANGES_MOST &&
           parts_bytes(sizes, 1) <= g_array_index(sizes, guint64, 0) / CHANGES_IN;
}

static gboolean keep_changes(Run *run, const char *path)
{
    g_autofree char *sum = NULL;
    const char *note = run->views_note;
    g_autoptr(GArray) sizes = parts_of(note, &sum);
    Writing writing = {.views = run->views, .write = views_write_changes, .before = sum};
    gboolean kept = file_append(path, parts_bytes(sizes, 0), write_part, &writing, NULL);
    if (kept) {
        char *more = g_strdup_printf("%s%s %" G_GUINT64_FORMAT, writing.sum,
                                     note + strcspn(note, " "), writing.size);
        g_free(run->views_note);
        run->views_note = more;
    }
    g_free(writing.sum);
    return kept;
}

static void keep_all(Run *run, const char *path)
{
    Writing writing = {.views = run->views, .write = views_write, .before = ""};
    g_clear_pointer(&run->views_note, g_free);
    if (file_write(path, FIND_MODE, write_part, &writing, NULL))
        run->views_note = g_strdup_printf("%s %" G_GUINT64_FORMAT, writing.sum, writing.size);
    g_free(writing.sum);
}

/* Without it the next run takes longer, no more. What is little waits for views_end: it would
 * change the file that is still read. */
gboolean stage_keep_views(Run *run, G_GNUC_UNUSED GError **error)
{
    g_autofree char *path = views_path(run->store);
    if (run->options->dry_run || !views_are_copied(run->views))
        g_clear_pointer(&run->views_note, g_free);
    else if (are_changes(run))
        run->views_more = TRUE;
    else
        keep_all(run, path);
    return TRUE;
}

gboolean views_end(Run *run, GError **error)
{
    g_autofree char *path = views_path(run->store);
    run->altered |= !mapped_holds(run->views_file, error);
    if (run->altered)
        return FALSE;
    if (run->views_more && !keep_changes(run, path))
        keep_all(run, path);
    return store_meta_set(run->store, META_VIEWS, run->views_note ? run->views_note : "", error) &&
           views_drop(run->views, error);
}

/* ---- recalled --------------------------------------------------------------------------- */

/* Are the bytes of the parts those that were written? */
static gboolean are_known(const char *bytes, gsize all, const GArray *sizes, const char *expected)
{
    g_autofree char *sum = g_strdup("");
    for (guint i = 0; i < sizes->len; i++) {
        guint64 size = g_array_index(sizes, guint64, i);
        gsize sums = sums_blocks(size) * sizeof(guint32);
        if (size == 0 || size > all || part_bytes(size) > all ||
            !sums_hold_file(bytes, size, size + sums))
            return FALSE;
        char *next = sum_on(sum, bytes + size, sums);
        g_free(sum);
        sum = next;
        bytes += part_bytes(size);
        all -= part_bytes(size);
    }
    return sizes->len > 0 && g_str_equal(sum, expected);
}

static gboolean take_parts(Run *run, const char *bytes, const GArray *sizes, int file)
{
    gboolean taken = TRUE;
    for (guint i = 0; taken && i < sizes->len; i++) {
        guint64 size = g_array_index(sizes, guint64, i);
        taken = i == 0 ? views_take(run->views, bytes, size, file)
                       : views_take_changes(run->views, bytes, size);
        bytes += part_bytes(size);
    }
    return taken;
}

gboolean views_note(Run *run, GError **error)
{
    GError *failure = NULL;
    run->views_note = store_meta_get(run->store, META_VIEWS, &failure);
    if (failure)
        g_propagate_error(error, failure);
    return failure == NULL;
}

gboolean views_recall(Run *run, GError **error)
{
    g_autofree char *path = views_path(run->store), *sum = NULL;
    g_autofree char *note = g_steal_pointer(&run->views_note);
    g_autoptr(Mapped) file = note && *note ? mapped_open(path) : NULL;
    const char *bytes = mapped_bytes(file);
    g_autoptr(GArray) sizes = parts_of(note ? note : "", &sum);
    gboolean known = bytes && are_known(bytes, mapped_size(file), sizes, sum);
    gboolean taken = known && take_parts(run, bytes, sizes, mapped_descriptor(file));
    if (known && (!taken || views_are_stale(run->views)))
        return views_drop(run->views, error);
    if (taken) {
        run->views_note = g_steal_pointer(&note);
        run->views_file = g_steal_pointer(&file);
        mapped_let_go(run->views_file); /* copies lie on pages of their own of it */
    }
    return TRUE;
}
