/*
 * The distinct serials of a side, and who bears each: what is asked of a serial is asked once for
 * all of them.
 */
#include "engine/firearm/index.h"

#include <string.h>

#include "engine/base/memory.h"

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
    forms->first = memory_table((gsize)forms->n + 2, sizeof(guint));
    forms->member = memory_table((gsize)n + 1, sizeof(guint));
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
    g_autofree guint *slots = memory_table(size, sizeof(guint));
    memset(slots, 0xFF, size * sizeof(*slots));
    *forms = (Forms){.form = memory_table((gsize)n + 1, sizeof(Form)),
                     .of = memory_table((gsize)n + 1, sizeof(guint))};
    for (guint i = 0; i < n; i++) {
        firearm_expect(&firearms[list[MIN(i + SERIALS_AHEAD, n - 1)]]);
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
