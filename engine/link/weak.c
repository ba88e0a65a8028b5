/*
 * Numbers of a large store lie so close that a new trace comes within two edits of seizures that it
 * can not be linked with: it only adds to what else they can be. That sum does not follow from its
 * order (search.c), so that the new part is added to what was kept, and nothing is searched.
 */
#include "engine/link/weak.h"

void weak_init(Weak *weak, const Search *search)
{
    weak->near = g_array_new(FALSE, FALSE, sizeof(ReverseNear));
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        weak->more[look] = g_new0(double, search->work->n_seizures + 1);
    }
}

void weak_clear(Weak *weak)
{
    g_array_unref(weak->near);
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        g_free(weak->more[look]);
    }
}

/* FALSE: it may be worth a link, to one of the looks that an earlier run had. */
static gboolean settle(Weak *weak, Search *search, const FirearmKept *kept, guint then,
                       const ReverseNear *near)
{
    double least[EDITS_MAX], all = search->work->keep - search->work->prior;
    gboolean narrow = kept_least(kept, then, least);
    if (!search_weak(search, near->place, near->trace, least,
                     &weak->more[LOOK_NARROW][near->place])) {
        return FALSE;
    }
    const double wide[EDITS_MAX] = {all, all};
    return narrow ||
           search_weak(search, near->place, near->trace, wide, &weak->more[LOOK_WIDE][near->place]);
}

void weak_settle(Weak *weak, Search *search, const FirearmKept *kept, const guint *then,
                 GArray *places)
{
    guint n = search->work->n_seizures;
    g_autofree guint8 *searched = g_new0(guint8, n + 1);
    for (guint i = 0; i < places->len; i++) {
        searched[g_array_index(places, guint, i)] = TRUE;
    }
    for (guint i = 0; i < weak->near->len; i++) {
        const ReverseNear *near = &g_array_index(weak->near, ReverseNear, i);
        if (!searched[near->place] && then[near->place] != NO_PLACE) {
            searched[near->place] = !settle(weak, search, kept, then[near->place], near);
        }
    }
    g_array_set_size(places, 0);
    for (guint place = 0; place < n; place++) {
        if (searched[place]) {
            g_array_append_val(places, place);
        }
    }
}
