/*
 * The definition of the tiers, pair by pair. index.c and fit.c must find exactly
 * the pairs that this accepts; a property test compares them.
 */
#include "engine/firearm/tier.h"

#include <string.h>

static const char *const TIER_NAMES[] = {"S0", "S1", "S1n", "S2", "S2b", "S3", "S4", "REF", ""};

const char *tier_name(Tier tier)
{
    return TIER_NAMES[tier];
}

gboolean serial_informs(const Serial *serial)
{
    return serial->length > 0 && serial->known > 0;
}

gboolean serial_is_full(const Serial *s)
{
    return s->length > 0 && s->known == s->length && !s->open_left && !s->open_right;
}

gboolean serial_usable(const Serial *serial)
{
    return serial_is_full(serial) || serial->known >= FRAGMENT_KNOWN;
}

gboolean codes_of(const Serial *serial, Codes *codes)
{
    if (!serial_is_full(serial)) {
        return FALSE;
    }
    codes->n = (guint8)serial->length;
    for (guint i = 0; i < serial->length; i++) {
        codes->code[i] = (guint8)__builtin_ctzll(serial->set[i]);
    }
    return TRUE;
}

gboolean codes_equal(const Codes *a, const Codes *b)
{
    return a->n == b->n && memcmp(a->code, b->code, a->n) == 0;
}

Codes codes_ncic(const Codes *codes)
{
    guint first = 0, last = codes->n;
    while (first < last && codes->code[first] > 9) {
        first++;
    }
    while (last > first && codes->code[last - 1] > 9) {
        last--;
    }
    Codes out = {.n = 0};
    for (guint i = 0; i < codes->n; i++) {
        if (i < first || i >= last || codes->code[i] <= 9) {
            out.code[out.n++] = codes->code[i];
        }
    }
    return out;
}

/* Plain dynamic programming over what is left when equal ends are cut off. */
static guint middle_distance(const guint8 *a, guint n, const guint8 *b, guint m)
{
    guint row[3][SERIAL_MAX + 1];
    for (guint j = 0; j <= m; j++) {
        row[0][j] = j;
    }
    for (guint i = 1; i <= n; i++) {
        guint *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (guint j = 1; j <= m; j++) {
            guint best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = MIN(best, last[j] + 1);
            best = MIN(best, now[j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = MIN(best, before[j - 2] + 1);
            }
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

guint codes_distance(const Codes *a, const Codes *b, guint limit)
{
    guint n = a->n, m = b->n, start = 0;
    if (n > m + limit || m > n + limit) {
        return limit + 1;
    }
    while (start < n && start < m && a->code[start] == b->code[start]) {
        start++;
    }
    while (n > start && m > start && a->code[n - 1] == b->code[m - 1]) {
        n--;
        m--;
    }
    if (n == start || m == start) {
        return MIN(n + m - 2 * start, limit + 1);
    }
    guint distance = middle_distance(a->code + start, n - start, b->code + start, m - start);
    return MIN(distance, limit + 1);
}

typedef struct {
    const Codes *to;
    Codes *found;
    guint n;
} Between;

static void try_between(Between *between, const Codes *one)
{
    for (guint i = 0; i < between->n; i++) {
        if (codes_equal(one, &between->found[i])) {
            return;
        }
    }
    if (between->n < BETWEEN_MAX && codes_distance(one, between->to, 1) == 1) {
        between->found[between->n++] = *one;
    }
}

/* The edits of one place: left out, swapped with the next, another character or one more. */
static void edit_at(Between *between, const Codes *from, guint i)
{
    Codes less = {.n = (guint8)(from->n - 1)}, swapped = *from;
    memcpy(less.code, from->code, i);
    if (i < from->n) {
        memcpy(less.code + i, from->code + i + 1, from->n - i - 1u);
        try_between(between, &less);
    }
    if (i + 1u < from->n) {
        swapped.code[i] = from->code[i + 1];
        swapped.code[i + 1] = from->code[i];
        try_between(between, &swapped);
    }
    for (guint j = i > 0 ? i - 1 : 0; j < between->to->n && j <= i + 1; j++) {
        Codes other = *from, more = {.n = (guint8)(from->n + 1)};
        if (i < from->n) {
            other.code[i] = between->to->code[j];
            try_between(between, &other);
        }
        if (from->n < SERIAL_MAX) {
            memcpy(more.code, from->code, i);
            more.code[i] = between->to->code[j];
            memcpy(more.code + i + 1, from->code + i, from->n - i);
            try_between(between, &more);
        }
    }
}

/* Of two that differ by two characters in length: the longer one with a character left out, at any
 * place, since where characters repeat it is not told which of them are the two. */
static guint between_lengths(const Codes *brief, const Codes *wide, Codes found[BETWEEN_MAX])
{
    Between between = {brief, found, 0};
    for (guint i = 0; i < wide->n; i++) {
        Codes less = {.n = (guint8)(wide->n - 1)};
        memcpy(less.code, wide->code, i);
        memcpy(less.code + i, wide->code + i + 1, wide->n - i - 1u);
        try_between(&between, &less);
    }
    return between.n;
}

guint codes_between(const Codes *from, const Codes *to, Codes found[BETWEEN_MAX])
{
    if (ABS((int)from->n - (int)to->n) == 2) {
        return from->n < to->n ? between_lengths(from, to, found)
                               : between_lengths(to, from, found);
    }
    Between between = {to, found, 0};
    guint start = 0, end = from->n, tail = to->n;
    while (start < end && start < tail && from->code[start] == to->code[start]) {
        start++;
    }
    while (end > start && tail > start && from->code[end - 1] == to->code[tail - 1]) {
        end--;
        tail--;
    }
    for (guint i = start; i <= end; i++) {
        edit_at(&between, from, i);
    }
    return between.n;
}

/* Same length, one or two look-alike confusions and nothing else. */
static gboolean look_alikes(const FirearmModel *model, const Codes *a, const Codes *b)
{
    guint confused = 0;
    for (guint i = 0; i < a->n && a->n == b->n; i++) {
        if (a->code[i] == b->code[i]) {
            continue;
        }
        if (!(model->look_alike[a->code[i]] >> b->code[i] & 1) || ++confused > 2) {
            return FALSE;
        }
    }
    return a->n == b->n;
}

static gboolean contained(const Codes *a, const Codes *b)
{
    const Codes *brief = a->n < b->n ? a : b, *wide = a->n < b->n ? b : a;
    return brief->n >= CONTAINED_MIN && brief->n < wide->n &&
           (memcmp(brief->code, wide->code, brief->n) == 0 ||
            memcmp(brief->code, wide->code + wide->n - brief->n, brief->n) == 0);
}

static gboolean ncic_equal(const Codes *a, const Codes *b)
{
    Codes x = codes_ncic(a), y = codes_ncic(b);
    return codes_equal(&x, &y);
}

/* Of serials that are not equal, S1N included. */
static Tier near_tier(const FirearmModel *model, const Codes *a, const Codes *b)
{
    guint distance = codes_distance(a, b, 2);
    if (distance == 1 || look_alikes(model, a, b)) {
        return TIER_S2;
    }
    if (distance == 2 && a->n >= TWO_EDITS_MIN && b->n >= TWO_EDITS_MIN) {
        return TIER_S2B;
    }
    return contained(a, b) ? TIER_S4 : TIER_NONE;
}

Tier codes_tier(const FirearmModel *model, const Codes *a, const Codes *b)
{
    if (codes_equal(a, b)) {
        return TIER_S1;
    }
    return ncic_equal(a, b) ? TIER_S1N : near_tier(model, a, b);
}

gboolean codes_two_edits(const Codes *a, const Codes *b, Tier tier)
{
    if (a->n < TWO_EDITS_MIN || b->n < TWO_EDITS_MIN) {
        return FALSE;
    }
    return tier == TIER_S2B ? !contained(a, b)
                            : tier == TIER_S2 && a->n == b->n && codes_distance(a, b, 2) == 2;
}

/* Do they fit when b begins `shift` positions behind a's beginning, with enough known in both? */
static gboolean fits_at(const Serial *a, const Serial *b, int shift, guint least)
{
    int from = MAX(0, shift), to = MIN((int)a->length, (int)b->length + shift);
    guint known = 0;
    for (int i = from; i < to; i++) {
        CharSet x = a->set[i], y = b->set[i - shift];
        if ((x & y) == 0) {
            return FALSE;
        }
        known += (x & (x - 1)) == 0 && (y & (y - 1)) == 0;
    }
    return known >= least;
}

static gboolean fits(const Serial *a, const Serial *b, guint least)
{
    int n = (int)a->length, m = (int)b->length;
    for (int shift = 1 - m; shift < n; shift++) {
        gboolean left = shift == 0 || (shift > 0 ? b->open_left : a->open_left);
        int end = m + shift - n; /* how far b ends behind a's end */
        gboolean right = end == 0 || (end > 0 ? a->open_right : b->open_right);
        if (left && right && fits_at(a, b, shift, least)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean serial_fits(const Serial *a, const Serial *b)
{
    return !(serial_is_full(a) && serial_is_full(b)) && fits(a, b, FRAGMENT_KNOWN);
}

gboolean serial_agrees(const Serial *a, const Serial *b)
{
    return a->length == 0 || b->length == 0 || fits(a, b, 0);
}

static gsize trimmed(const char **text)
{
    while (g_ascii_isspace(**text)) {
        (*text)++;
    }
    gsize n = strlen(*text);
    while (n > 0 && g_ascii_isspace((*text)[n - 1])) {
        n--;
    }
    return n;
}

gboolean raw_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return FALSE;
    }
    gsize n = trimmed(&a);
    return n == trimmed(&b) && n > 0 && g_ascii_strncasecmp(a, b, n) == 0;
}

Tier serial_tier(const FirearmModel *model, const Serial *a, const char *raw_a, const Serial *b,
                 const char *raw_b)
{
    if (!serial_informs(a) || !serial_informs(b)) {
        return TIER_NONE;
    }
    if (raw_equal(raw_a, raw_b)) {
        return TIER_S0;
    }
    Codes x, y;
    if (codes_of(a, &x) && codes_of(b, &y)) {
        return codes_tier(model, &x, &y);
    }
    return serial_fits(a, b) ? TIER_S3 : TIER_NONE;
}
