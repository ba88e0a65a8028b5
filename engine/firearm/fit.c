/*
 * The distinct serials of a side (forms_build), and S3: which of them does a pattern fit? Serials
 * that are closed at both ends lie in classes of equal length, each with one plane of bits for
 * every position and character; a pattern is then a few ANDs over fit. Patterns with an open
 * end on both sides are few and are compared one by one.
 */
#include "engine/firearm/index.h"

#include <string.h>

static guint64 serial_hash(const Serial *serial)
{
    guint64 h = serial->length + 64u * (guint)(serial->open_left + 2 * serial->open_right);
    for (guint i = 0; i < serial->length; i++) {
        h = (h ^ serial->set[i]) * G_GUINT64_CONSTANT(0xFF51AFD7ED558CCD);
        h ^= h >> 31;
    }
    return h;
}

static gboolean serial_same(const Serial *a, const Serial *b)
{
    return a->length == b->length && a->open_left == b->open_left &&
           a->open_right == b->open_right &&
           memcmp(a->set, b->set, a->length * sizeof(CharSet)) == 0;
}

/* The form of a serial; a new one when it was not seen yet. */
static guint form_of(Forms *forms, guint *slots, guint mask, const Serial *serial)
{
    guint at = (guint)serial_hash(serial) & mask;
    while (slots[at] != NO_FORM) {
        if (serial_same(forms->form[slots[at]].serial, serial)) {
            return slots[at];
        }
        at = (at + 1) & mask;
    }
    Form *form = &forms->form[forms->n];
    form->serial = serial;
    form->full = serial_is_full(serial);
    slots[at] = forms->n;
    return forms->n++;
}

static void group_members(Forms *forms, guint n)
{
    forms->first = g_new0(guint, forms->n + 2);
    forms->member = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++) {
        if (forms->of[i] != NO_FORM) {
            forms->first[forms->of[i] + 2]++;
        }
    }
    for (guint f = 0; f < forms->n; f++) {
        forms->first[f + 2] += forms->first[f + 1];
    }
    for (guint i = 0; i < n; i++) {
        if (forms->of[i] != NO_FORM) {
            forms->member[forms->first[forms->of[i] + 1]++] = i;
        }
    }
}

void forms_build(Forms *forms, const Firearm *firearms, const guint *list, guint n)
{
    guint size = 16;
    while (size < n * 2) {
        size *= 2;
    }
    g_autofree guint *slots = g_new(guint, size);
    memset(slots, 0xFF, size * sizeof(*slots));
    *forms = (Forms){.form = g_new(Form, n + 1), .of = g_new(guint, n + 1)};
    for (guint i = 0; i < n; i++) {
        const Serial *serial = firearms[list[i]].serial;
        forms->of[i] = serial_informs(serial) ? form_of(forms, slots, size - 1, serial) : NO_FORM;
    }
    forms->form = g_renew(Form, forms->form, forms->n + 1);
    group_members(forms, n);
}

void forms_clear(Forms *forms)
{
    g_free(forms->form);
    g_free(forms->of);
    g_free(forms->first);
    g_free(forms->member);
}

/* Closed serials of one length. */
typedef struct {
    guint *form;
    guint n, words;
    guint64 *plane; /* [position][character][word] */
} LengthClass;

struct Fit {
    LengthClass length[SERIAL_MAX + 1];
    const Forms *forms;
    guint *open; /* forms with an open end */
    guint n_open;
    guint words; /* of the longest class */
};

static gboolean is_closed(const Serial *serial)
{
    return !serial->open_left && !serial->open_right;
}

static gboolean is_indexed(const Form *form, gboolean full_only)
{
    return full_only
               ? form->full
               : form->full || (is_closed(form->serial) && form->serial->known >= FRAGMENT_KNOWN);
}

static guint64 *plane_at(const LengthClass *class, guint position, guint character)
{
    return class->plane + ((gsize)position * 36 + character) * class->words;
}

static void set_planes(LengthClass *class, guint place, const Serial *serial)
{
    for (guint p = 0; p < serial->length; p++) {
        for (CharSet set = serial->set[p]; set != 0; set &= set - 1) {
            guint c = (guint)__builtin_ctzll(set);
            plane_at(class, p, c)[place / 64] |= (guint64)1 << place % 64;
        }
    }
}

Fit *fit_new(const Forms *forms, gboolean full_only)
{
    Fit *fit = g_new0(Fit, 1);
    fit->forms = forms;
    fit->open = g_new(guint, forms->n + 1);
    for (guint f = 0; f < forms->n; f++) {
        const Form *form = &forms->form[f];
        if (is_indexed(form, full_only)) {
            fit->length[form->serial->length].n++;
        } else if (!full_only && !is_closed(form->serial) &&
                   form->serial->known >= FRAGMENT_KNOWN) {
            fit->open[fit->n_open++] = f;
        }
    }
    for (guint l = 1; l <= SERIAL_MAX; l++) {
        LengthClass *class = &fit->length[l];
        class->words = (class->n + 63) / 64;
        class->form = g_new(guint, class->n + 1);
        class->plane = g_new0(guint64, (gsize) class->words * 36 * l + 1);
        fit->words = MAX(fit->words, class->words);
        class->n = 0;
    }
    for (guint f = 0; f < forms->n; f++) {
        const Form *form = &forms->form[f];
        LengthClass *class = &fit->length[form->serial->length];
        if (is_indexed(form, full_only)) {
            class->form[class->n] = f;
            set_planes(class, class->n++, form->serial);
        }
    }
    return fit;
}

void fit_free(Fit *fit)
{
    for (guint l = 1; l <= SERIAL_MAX; l++) {
        g_free(fit->length[l].form);
        g_free(fit->length[l].plane);
    }
    g_free(fit->open);
    g_free(fit);
}

/* hits &= those whose character at a position is in the set. */
static void and_set(const LengthClass *class, guint position, CharSet set, guint64 *hits)
{
    if ((set & (set - 1)) == 0) {
        const guint64 *plane = plane_at(class, position, (guint)__builtin_ctzll(set));
        for (guint w = 0; w < class->words; w++) {
            hits[w] &= plane[w];
        }
        return;
    }
    for (guint w = 0; w < class->words; w++) {
        guint64 any = 0;
        for (CharSet left = set; left != 0; left &= left - 1) {
            any |= plane_at(class, position, (guint)__builtin_ctzll(left))[w];
        }
        hits[w] &= any;
    }
}

/* Adds to sum the members of a class that fit when the pattern begins at a position. */
static void fit_at(const LengthClass *class, const Serial *pattern, guint position, guint64 *hits,
                   guint64 *sum)
{
    memset(hits, 0xFF, class->words * sizeof(*hits));
    for (guint i = 0; i < pattern->length; i++) {
        if (pattern->set[i] != CHARSET_ANY) {
            and_set(class, position + i, pattern->set[i], hits);
        }
    }
    for (guint w = 0; w < class->words; w++) {
        sum[w] |= hits[w];
    }
}

static void collect(const Fit *fit, const LengthClass *class, const guint64 *sum,
                    const Serial *pattern, GArray *fits)
{
    for (guint w = 0; w < class->words; w++) {
        for (guint64 bits = sum[w]; bits != 0; bits &= bits - 1) {
            guint place = w * 64 + (guint)__builtin_ctzll(bits);
            if (place >= class->n) {
                break;
            }
            const Form *form = &fit->forms->form[class->form[place]];
            if (form->full || serial_fits(pattern, form->serial)) {
                g_array_append_val(fits, class->form[place]);
            }
        }
    }
}

/* All closed forms that a pattern fits. */
static void fit_closed(const Fit *fit, const Serial *pattern, guint64 *scratch, GArray *fits)
{
    guint n = pattern->length;
    guint most = is_closed(pattern) ? n : SERIAL_MAX;
    for (guint l = n; l <= most; l++) {
        const LengthClass *class = &fit->length[l];
        if (class->n == 0) {
            continue;
        }
        guint64 *hits = scratch, *sum = scratch + class->words;
        memset(sum, 0, class->words * sizeof(*sum));
        /* The first place that the pattern may stand at, and the last: a closed end is fixed. */
        guint to = pattern->open_left ? l - n : 0;
        guint from = pattern->open_right ? 0 : to;
        for (guint at = from; at <= to; at++) {
            fit_at(class, pattern, at, hits, sum);
        }
        collect(fit, class, sum, pattern, fits);
    }
}

void fit_find(const Fit *fit, const Serial *pattern, GArray *scratch, GArray *fits)
{
    g_array_set_size(fits, 0);
    if (!serial_is_full(pattern) && pattern->known >= FRAGMENT_KNOWN) {
        g_array_set_size(scratch, 2 * fit->words + 2);
        fit_closed(fit, pattern, (guint64 *)(gpointer)scratch->data, fits);
        for (guint i = 0; i < fit->n_open; i++) {
            if (serial_fits(pattern, fit->forms->form[fit->open[i]].serial)) {
                g_array_append_val(fits, fit->open[i]);
            }
        }
    }
}
