/*
 * What fits, looked for by going through all of an index where it lies: full serials that a pattern
 * fits, and patterns that anything fits. By threads, a share after the other; every share ends in a
 * place of its own, so that what is found stands in the order of the index.
 */
#include <string.h>

#include "engine/base/queue.h"
#include "engine/lookup/stored.h"

#define SHARE_SERIALS  (1u << 17)
#define SHARE_PATTERNS ((gsize)1 << 19) /* bytes */

typedef struct {
    const FirearmIndex *index;
    const Serial *asked;
    guint serial_shares, pattern_shares;
    GArray **found; /* by share: of guint32, numbers of serials */
} Scan;

gboolean index_holds(const FirearmIndex *index, gconstpointer at, gsize size)
{
    return index->serials->sums == NULL || sums_hold(index->serials->sums, at, size);
}

/* ---- full serials ---- */

/* What tells soonest that a pattern does not fit: where it can stand at one place alone, its last
 * character that is known. */
typedef struct {
    gboolean told;
    guint at;
    CharSet set;
} Anchor;

static Anchor anchor_of(const Serial *pattern)
{
    Anchor anchor = {.told = !pattern->open_left || !pattern->open_right};
    for (guint i = 0; i < pattern->length; i++) {
        if ((pattern->set[i] & (pattern->set[i] - 1)) == 0) {
            anchor.at = i;
        }
    }
    anchor.set = pattern->set[anchor.at];
    return anchor;
}

static gboolean stands_at(const Serial *pattern, const guint8 *code)
{
    for (guint i = 0; i < pattern->length; i++) {
        if ((pattern->set[i] >> code[i] & 1) == 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Does a pattern, whose ends are open as said, fit a full serial of n codes? */
static gboolean fits_codes(const Serial *pattern, const Anchor *anchor, const guint8 *code, guint n)
{
    if (n < pattern->length ||
        (n > pattern->length && !pattern->open_left && !pattern->open_right)) {
        return FALSE;
    }
    guint last = pattern->open_left ? n - pattern->length : 0;
    if (anchor->told) {
        return (anchor->set >> code[last + anchor->at] & 1) != 0 && stands_at(pattern, code + last);
    }
    for (guint at = 0; at <= last; at++) {
        if (stands_at(pattern, code + at)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void scan_serials(const Scan *scan, guint share, GArray *found)
{
    const SerialIndex *s = scan->index->serials;
    Anchor anchor = anchor_of(scan->asked);
    guint32 first = share * SHARE_SERIALS, n = MIN(s->n - first, SHARE_SERIALS);
    const guint32 *at = s->at + first;
    if (s->text_size == 0 || !index_holds(scan->index, at, ((gsize)n + 1) * sizeof(*at)) ||
        at[0] > at[n] || at[n] > s->text_size ||
        !index_holds(scan->index, s->text + at[0], at[n] - at[0])) {
        return;
    }
    for (guint32 i = 0; i < n; i++) {
        if (at[i] < at[i + 1] && at[i + 1] <= s->text_size &&
            fits_codes(scan->asked, &anchor, s->text + at[i], at[i + 1] - at[i])) {
            guint32 serial = first + i;
            g_array_append_val(found, serial);
        }
    }
}

/* ---- patterns ---- */

/* The set of a position that is written as one character; any for others. */
static CharSet plain_set(char c)
{
    return g_ascii_isdigit(c)   ? (CharSet)1 << (c - '0')
           : g_ascii_isupper(c) ? (CharSet)1 << (c - 'A' + 10)
                                : CHARSET_ANY;
}

/* Can it fit by what stands at its closed ends? Most do not, and need not be read. */
static gboolean may_fit(const Serial *asked, const char *positions, gsize length)
{
    CharSet first = plain_set(positions[0]), last = plain_set(positions[length - 1]);
    return (asked->open_left || (first & asked->set[0]) != 0) &&
           (asked->open_right || (last & asked->set[asked->length - 1]) != 0);
}

/* One of them as it lies: number of the serial, a blank, positions. */
static void see_pattern(const Scan *scan, const char *text, gsize length, GArray *found)
{
    const char *positions = memchr(text, ' ', length);
    Serial pattern;
    if (positions == NULL || positions + 1 == text + length) {
        return;
    }
    positions++;
    if (may_fit(scan->asked, positions, (gsize)(text + length - positions)) &&
        serial_from_pattern(positions, SERIAL_PARTIAL, &pattern) &&
        serial_fits(scan->asked, &pattern)) {
        guint64 serial = g_ascii_strtoull(text, NULL, 10);
        guint32 number = (guint32)MIN(serial, G_MAXUINT32);
        g_array_append_val(found, number);
    }
}

/* Those that begin in a share of the bytes. */
static void scan_patterns(const Scan *scan, guint share, GArray *found)
{
    const char *all = scan->index->patterns, *end = all + scan->index->patterns_size;
    const char *at = all + share * SHARE_PATTERNS;
    const char *next = at + MIN((gsize)(end - at), SHARE_PATTERNS);
    if (!index_holds(scan->index, at, (gsize)(MIN(next + SUMS_BLOCK, end) - at)) ||
        (at > all && !index_holds(scan->index, at - 1, 1))) {
        return;
    }
    if (at > all && at[-1] != '\0') {
        at += strnlen(at, (gsize)(end - at)) + 1;
    }
    while (at < next) {
        gsize length = strnlen(at, (gsize)(end - at));
        if (at + length == end) {
            return; /* none is cut where the file is whole */
        }
        see_pattern(scan, at, length, found);
        at += length + 1;
    }
}

/* ---- shares ---- */

static void scan_shares(Queue *queue, gpointer data)
{
    Scan *scan = data;
    for (guint share; queue_next(queue, &share);) {
        GArray *found = scan->found[share] = g_array_new(FALSE, FALSE, sizeof(guint32));
        if (share < scan->serial_shares) {
            scan_serials(scan, share, found);
        } else {
            scan_patterns(scan, share - scan->serial_shares, found);
        }
    }
}

GArray *index_scan(const FirearmIndex *index, const Serial *asked)
{
    gboolean fragment = !serial_is_full(asked) && asked->known >= FRAGMENT_KNOWN;
    Scan scan = {.index = index, .asked = asked};
    scan.serial_shares = fragment ? (index->serials->n + SHARE_SERIALS - 1) / SHARE_SERIALS : 0;
    scan.pattern_shares = (guint)((index->patterns_size + SHARE_PATTERNS - 1) / SHARE_PATTERNS);
    guint shares = scan.serial_shares + scan.pattern_shares;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(guint32));
    scan.found = g_new0(GArray *, shares + 1);
    queue_run(shares, scan_shares, &scan);
    for (guint share = 0; share < shares; share++) {
        g_array_append_vals(all, scan.found[share]->data, scan.found[share]->len);
        g_array_unref(scan.found[share]);
    }
    g_free(scan.found);
    return all;
}
