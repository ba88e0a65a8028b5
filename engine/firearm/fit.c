/*
 * S3: which of the distinct serials of a side does a pattern fit? Full serials of one length stand
 * sorted by their beginnings and, read backwards, by their ends: a pattern goes down from the end
 * from which it meets fewer, and meets only what fits so far. Patterns that fit each other share
 * four known characters that lie alike, by which they are found.
 */
#include "engine/firearm/index.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/sort.h"

#define HEAD      6u  /* characters that an entry holds, of six bits each; behind them its form */
#define FORM_BITS 28u /* of an entry */
#define FORM_MASK (((guint64)1 << FORM_BITS) - 1)
#define FEW       24u /* entries that are looked at one by one */
#define QUAD      4u  /* known characters that patterns are kept under */
#define QUAD_BITS 39u /* of characters and distances; behind them, the place of the pattern */
#define QUAD_FORM (((guint64)1 << (64 - QUAD_BITS)) - 1)
#define QUADS_OF  16u /* known characters of a pattern at most: of more, too many fours are made */

G_STATIC_ASSERT(QUAD == FRAGMENT_KNOWN);
G_STATIC_ASSERT(SERIAL_MAX <= 32); /* a distance has 5 bits, a character 6 */
G_STATIC_ASSERT(QUAD_BITS == QUAD * 6 + (QUAD - 1) * 5);

typedef enum { FORWARDS, BACKWARDS, WAYS } Way;

/* Full serials of one length. */
typedef struct {
    guint64 *entry[WAYS];
    gsize n;
} LengthClass;

struct Fit {
    const Forms *forms;
    LengthClass length[SERIAL_MAX + 1];
    GArray *pattern; /* of guint: forms that are patterns of which enough is known */
    GArray *quad;    /* of guint64, sorted: fours of known characters, with a place in pattern */
    GArray *wide;    /* of guint: patterns of which more is known, compared one by one */
};

/* ---- what is kept ---- */

static guint64 entry_of(const Serial *serial, guint form, Way way)
{
    guint64 head = 0;
    for (guint i = 0; i < HEAD; i++) {
        guint at = way == FORWARDS ? i : serial->length - 1 - i;
        head = head << 6 | (i < serial->length ? (guint)__builtin_ctzll(serial->set[at]) : 0);
    }
    return head << FORM_BITS | form;
}

static void keep_full(Fit *fit)
{
    const Forms *forms = fit->forms;
    gsize most = 0;
    for (guint f = 0; f < forms->n; f++) {
        fit->length[forms->form[f].serial->length].n += forms->form[f].full;
    }
    for (guint l = 1; l <= SERIAL_MAX; l++) {
        LengthClass *class = &fit->length[l];
        most = MAX(most, class->n);
        for (Way way = FORWARDS; way < WAYS; way++) {
            class->entry[way] = g_new(guint64, class->n + 1);
        }
        class->n = 0;
    }
    for (guint f = 0; f < forms->n; f++) {
        if (forms->form[f].full) {
            const Serial *serial = forms->form[f].serial;
            LengthClass *class = &fit->length[serial->length];
            class->entry[FORWARDS][class->n] = entry_of(serial, f, FORWARDS);
            class->entry[BACKWARDS][class->n++] = entry_of(serial, f, BACKWARDS);
        }
    }
    g_autofree guint64 *spare = g_new(guint64, most + 1);
    for (guint l = 1; l <= SERIAL_MAX; l++) {
        for (Way way = FORWARDS; way < WAYS && fit->length[l].n > 1; way++) {
            sort_radix(fit->length[l].entry[way], spare, fit->length[l].n, FORM_BITS, 64);
        }
    }
}

/* Places of a pattern's known characters. */
static guint known_places(const Serial *pattern, guint place[SERIAL_MAX])
{
    guint n = 0;
    for (guint i = 0; i < pattern->length; i++) {
        if ((pattern->set[i] & (pattern->set[i] - 1)) == 0) {
            place[n++] = i;
        }
    }
    return n;
}

/* Four of its characters and how they lie to each other, wherever that is. */
static guint64 quad_of(const Serial *pattern, const guint place[QUAD])
{
    guint64 quad = 0;
    for (guint i = 0; i < QUAD; i++) {
        quad = quad << 6 | (guint)__builtin_ctzll(pattern->set[place[i]]);
    }
    for (guint i = 1; i < QUAD; i++) {
        quad = quad << 5 | (place[i] - place[i - 1]);
    }
    return quad << (64 - QUAD_BITS);
}

/* All fours of a pattern's known characters. */
static void quads_of(const Serial *pattern, GArray *quads)
{
    guint place[SERIAL_MAX], n = known_places(pattern, place);
    g_array_set_size(quads, 0);
    for (guint a = 0; a + 3 < n; a++) {
        for (guint b = a + 1; b + 2 < n; b++) {
            for (guint c = b + 1; c + 1 < n; c++) {
                for (guint d = c + 1; d < n; d++) {
                    const guint four[QUAD] = {place[a], place[b], place[c], place[d]};
                    guint64 quad = quad_of(pattern, four);
                    g_array_append_val(quads, quad);
                }
            }
        }
    }
}

static void keep_pattern(Fit *fit, guint form, GArray *quads)
{
    const Serial *pattern = fit->forms->form[form].serial;
    if (pattern->known > QUADS_OF || fit->pattern->len > QUAD_FORM) {
        g_array_append_val(fit->wide, form);
        return;
    }
    quads_of(pattern, quads);
    for (guint i = 0; i < quads->len; i++) {
        guint64 quad = g_array_index(quads, guint64, i) | fit->pattern->len;
        g_array_append_val(fit->quad, quad);
    }
    g_array_append_val(fit->pattern, form);
}

static void keep_patterns(Fit *fit)
{
    g_autoptr(GArray) quads = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (guint f = 0; f < fit->forms->n; f++) {
        const Form *form = &fit->forms->form[f];
        if (!form->full && form->serial->known >= FRAGMENT_KNOWN) {
            keep_pattern(fit, f, quads);
        }
    }
    g_array_set_size(quads, fit->quad->len + 1);
    sort_radix((guint64 *)(gpointer)fit->quad->data, (guint64 *)(gpointer)quads->data,
               fit->quad->len, 64 - QUAD_BITS, 64);
}

Fit *fit_new(const Forms *forms, gboolean full_only)
{
    Fit *fit = g_new0(Fit, 1);
    fit->forms = forms;
    fit->pattern = g_array_new(FALSE, FALSE, sizeof(guint));
    fit->quad = g_array_new(FALSE, FALSE, sizeof(guint64));
    fit->wide = g_array_new(FALSE, FALSE, sizeof(guint));
    keep_full(fit);
    if (!full_only) {
        keep_patterns(fit);
    }
    return fit;
}

void fit_free(Fit *fit)
{
    for (guint l = 1; l <= SERIAL_MAX; l++) {
        g_free(fit->length[l].entry[FORWARDS]);
        g_free(fit->length[l].entry[BACKWARDS]);
    }
    g_array_unref(fit->pattern);
    g_array_unref(fit->quad);
    g_array_unref(fit->wide);
    g_free(fit);
}

/* ---- full serials ---- */

/* A pattern at one place of the serials of a length, as a way goes. */
typedef struct {
    const Fit *fit;
    const guint64 *entry;
    Way way;
    guint length, asked; /* characters of an entry that the pattern says something of */
    gboolean behind;     /* it says something of those behind them */
    CharSet set[SERIAL_MAX];
    GArray *fits;
} Descent;

static guint code_at(guint64 entry, guint at)
{
    return (guint)(entry >> (FORM_BITS + 6 * (HEAD - 1 - at)) & 63);
}

static void take(const Descent *d, guint64 entry)
{
    guint form = (guint)(entry & FORM_MASK);
    const Serial *serial = d->fit->forms->form[form].serial;
    for (guint i = HEAD; d->behind && i < d->length; i++) {
        guint at = d->way == FORWARDS ? i : d->length - 1 - i;
        if ((d->set[i] & serial->set[at]) == 0) {
            return;
        }
    }
    g_array_append_val(d->fits, form);
}

static void take_some(const Descent *d, gsize from, gsize to, guint depth)
{
    for (gsize e = from; e < to; e++) {
        guint at = depth;
        while (at < d->asked && (d->set[at] >> code_at(d->entry[e], at) & 1) != 0) {
            at++;
        }
        if (at >= d->asked) {
            take(d, d->entry[e]);
        }
    }
}

/* The first entry of some that begin alike whose next character is no less than one. It is mostly
 * not far: steps double until one goes beyond it. */
static gsize first_at(const Descent *d, gsize from, gsize to, guint depth, guint code)
{
    gsize step = 1;
    while (from + step <= to && code_at(d->entry[from + step - 1], depth) < code) {
        from += step;
        step *= 2;
    }
    to = MIN(to, from + step - 1);
    while (from < to) {
        gsize middle = from + (to - from) / 2;
        if (code_at(d->entry[middle], depth) < code) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* Goes on with all that may come next of entries that begin alike. */
static void descend(const Descent *d, gsize from, gsize to, guint depth)
{
    if (depth >= d->asked || to - from <= FEW) {
        take_some(d, from, to, depth);
        return;
    }
    for (CharSet set = d->set[depth]; set != 0 && from < to;) {
        guint code = MAX((guint)__builtin_ctzll(set), code_at(d->entry[from], depth));
        from = first_at(d, from, to, depth, code);
        gsize next = first_at(d, from, to, depth, code + 1);
        if ((set >> code & 1) != 0) {
            descend(d, from, next, depth + 1);
        }
        from = next;
        set = set >> code >> 1 << code << 1;
    }
}

/* How many entries begin with the characters of a pattern up to the first that is not known. */
static gsize beginning_alike(const Descent *d, gsize n)
{
    gsize from = 0, to = n;
    for (guint i = 0; i < d->asked && __builtin_popcountll(d->set[i]) == 1; i++) {
        guint code = (guint)__builtin_ctzll(d->set[i]);
        from = first_at(d, from, to, i, code);
        to = first_at(d, from, to, i, code + 1);
    }
    return to - from;
}

#define STEP_COST 16.0 /* entries looked at one by one, for one way that a descent goes */

/* What going down a way may cost: the ways that its characters leave open, and the entries that
 * are left then, as if characters were evenly common. */
static double descent_cost(const Descent *d, gsize n)
{
    double alike = (double)beginning_alike(d, n), ways = 1, left = alike;
    gboolean open = FALSE;
    for (guint i = 0; i < d->asked; i++) {
        guint in_set = (guint)__builtin_popcountll(d->set[i]);
        open = open || in_set > 1;
        ways *= in_set;
        left *= open ? in_set / 36.0 : 1;
    }
    return MIN(ways * STEP_COST, alike) + left;
}

static Descent descent_of(const Fit *fit, guint length, const CharSet *set, Way way)
{
    Descent d = {.fit = fit, .entry = fit->length[length].entry[way], .way = way, .length = length};
    for (guint i = 0; i < length; i++) {
        d.set[i] = set[way == FORWARDS ? i : length - 1 - i];
        if (d.set[i] != CHARSET_ANY) {
            d.asked = MIN(i + 1, HEAD);
            d.behind = i >= HEAD;
        }
    }
    return d;
}

/* Adds the full serials of a length that fit when the pattern begins at a place: from the end from
 * which fewer are met. */
static void fit_at(const Fit *fit, guint length, const Serial *pattern, guint place, GArray *fits)
{
    CharSet set[SERIAL_MAX];
    gsize n = fit->length[length].n;
    for (guint i = 0; i < length; i++) {
        set[i] = i >= place && i - place < pattern->length ? pattern->set[i - place] : CHARSET_ANY;
    }
    Descent d = descent_of(fit, length, set, FORWARDS);
    Descent back = descent_of(fit, length, set, BACKWARDS);
    if (n > FEW && descent_cost(&back, n) < descent_cost(&d, n)) {
        d = back;
    }
    d.fits = fits;
    descend(&d, 0, n, 0);
}

/* Of the forms from a place on, each once. */
static void drop_doubles(GArray *fits, guint from)
{
    guint *form = (guint *)(gpointer)fits->data, n = from;
    if (fits->len > from) {
        qsort(form + from, fits->len - from, sizeof(*form), sort_order);
    }
    for (guint i = from; i < fits->len; i++) {
        if (n == from || form[n - 1] != form[i]) {
            form[n++] = form[i];
        }
    }
    g_array_set_size(fits, n);
}

static void fit_full(const Fit *fit, const Serial *pattern, GArray *fits)
{
    guint n = pattern->length;
    guint most = pattern->open_left || pattern->open_right ? SERIAL_MAX : n;
    for (guint l = n; l <= most; l++) {
        /* The first place that the pattern may stand at, and the last: a closed end is fixed. */
        guint to = pattern->open_left ? l - n : 0;
        guint from = pattern->open_right ? 0 : to, before = fits->len;
        for (guint at = from; at <= to && fit->length[l].n > 0; at++) {
            fit_at(fit, l, pattern, at, fits);
        }
        if (from < to) {
            drop_doubles(fits, before);
        }
    }
}

/* ---- patterns ---- */

static gsize first_quad(const Fit *fit, guint64 least)
{
    gsize low = 0, high = fit->quad->len;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (g_array_index(fit->quad, guint64, middle) < least) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void fit_patterns(const Fit *fit, const Serial *pattern, GArray *quads, GArray *fits)
{
    guint before = fits->len;
    g_array_set_size(quads, 0);
    if (fit->quad->len > 0) {
        quads_of(pattern, quads);
    }
    for (guint i = 0; i < quads->len; i++) {
        guint64 quad = g_array_index(quads, guint64, i);
        for (gsize at = first_quad(fit, quad); at < fit->quad->len; at++) {
            guint64 kept = g_array_index(fit->quad, guint64, at);
            if ((kept & ~QUAD_FORM) != quad) {
                break;
            }
            guint form = g_array_index(fit->pattern, guint, kept & QUAD_FORM);
            g_array_append_val(fits, form);
        }
    }
    g_array_append_vals(fits, fit->wide->data, fit->wide->len);
    drop_doubles(fits, before);
    guint n = before;
    for (guint i = before; i < fits->len; i++) {
        guint form = g_array_index(fits, guint, i);
        if (serial_fits(pattern, fit->forms->form[form].serial)) {
            g_array_index(fits, guint, n++) = form;
        }
    }
    g_array_set_size(fits, n);
}

void fit_find_patterns(const Fit *fit, const Serial *serial, GArray *scratch, GArray *fits)
{
    g_array_set_size(fits, 0);
    fit_patterns(fit, serial, scratch, fits);
}

void fit_find(const Fit *fit, const Serial *pattern, GArray *scratch, GArray *fits)
{
    g_array_set_size(fits, 0);
    if (!serial_is_full(pattern) && pattern->known >= FRAGMENT_KNOWN) {
        fit_full(fit, pattern, fits);
        fit_patterns(fit, pattern, scratch, fits);
    }
}
