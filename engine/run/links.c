/*
 * STORE.links: what linking found of each seizure, as a run leaves it for the next one, which then
 * searches only those that something new can matter to. Derived, and believed only where the
 * store's last run noted the sum of these very bytes, so that a run that did not end, another copy
 * of the store or a purge leaves nothing that is believed.
 */
#include "engine/base/file.h"
#include "engine/base/sums.h"
#include "engine/base/text.h"
#include "engine/find/derived.h"
#include "engine/run/stages.h"

/* Layout, meaning, and SHA-256 of the sums of the blocks; "": there is no file. */
#define META_LINKS "links_file"
#define LAYOUT     "3"
/* Bits and candidates are kept as the weighing gave them. Raised where the same records and rules
 * come to others by the code: in engine/weight (channel.c, identity.c, judge.c), engine/link (what
 * is searched, tiers) or engine/serial (how a number is read). */
#define MEANING "11"

static char *links_path(const Store *store)
{
    return g_strconcat(store_path(store), FIND_LINKS, NULL);
}

static char *note_of(gconstpointer sums, gsize size)
{
    g_autofree char *sum = text_sha256(sums, (gssize)size);
    return g_strconcat(LAYOUT "." MEANING " ", sum, NULL);
}

typedef struct {
    const FirearmKept *kept;
    char *note; /* out */
} Writing;

static gboolean write_kept(gpointer data, gpointer file, GError **error)
{
    Writing *writing = data;
    g_autoptr(GByteArray) sums = g_byte_array_new();
    SumsWriter to = {.write = file_piece, .to = file, .sums = sums};
    if (!firearm_kept_write(writing->kept, &to, error) || !sums_end(&to, error))
        return FALSE;
    writing->note = note_of(sums->data, sums->len);
    return TRUE;
}

/* Without it the next run takes longer, no more. Where nothing was linked it stays as it is. */
gboolean links_keep(Run *run, GError **error)
{
    if (run->options->dry_run || (run->scope && !run->links_found))
        return TRUE;
    g_autofree char *path = links_path(run->store);
    Writing writing = {.kept = run->links_found};
    if (run->links_found)
        file_write(path, FIND_MODE, write_kept, &writing, NULL);
    g_autofree char *note = writing.note;
    return store_meta_set(run->store, META_LINKS, note ? note : "", error);
}

/* How many bytes stand before their sums in so many. */
static gsize bytes_before_sums(gsize size)
{
    gsize blocks = (size + SUMS_BLOCK + sizeof(guint32) - 1) / (SUMS_BLOCK + sizeof(guint32));
    return size > blocks * sizeof(guint32) ? size - blocks * sizeof(guint32) : 0;
}

void links_recall(Run *run)
{
    g_autofree char *path = links_path(run->store);
    g_autofree char *known = store_meta_get(run->store, META_LINKS, NULL);
    g_autoptr(Mapped) file = known && *known ? mapped_open(path) : NULL;
    gsize size = mapped_size(file), bytes = bytes_before_sums(size);
    const char *at = mapped_bytes(file);
    if (!at || !sums_hold_file(at, bytes, size))
        return;
    g_autofree char *note = note_of(at + bytes, size - bytes);
    if (g_strcmp0(note, known) != 0)
        return;
    run->links_known = firearm_kept_read(at, bytes);
    run->links_file = g_steal_pointer(&file);
}

void links_clear(Run *run)
{
    g_clear_pointer(&run->links_known, firearm_kept_free);
    g_clear_pointer(&run->links_found, firearm_kept_free);
    g_clear_pointer(&run->links_file, mapped_free);
}
