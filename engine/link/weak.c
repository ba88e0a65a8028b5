/*
 * Numbers of a large store lie so close that a new trace comes within two edits of seizures that it
 * can not be linked with: it only adds to what else they can be. That sum does not follow from its
 * order (search.c), so that the new part is added to what was kept, and nothing is searched.
 * Likewise a short pattern fits seizures by the hundred, and each new one makes it worth less: what
 * it was worth is taken off, and what it is worth added.
 */
#include "engine/link/weak.h"

void weak_init(Weak *weak, const Search *search)
{
    weak->near = g_array_new(FALSE, FALSE, sizeof(ReverseNear));
    weak->refitted = g_array_new(FALSE, FALSE, sizeof(Refitted));
    weak->was = g_new(Fragment, search->pattern->len + 1);
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        weak->more[look] = g_new0(double, search->work->n_seizures + 1);
    }
}

void weak_clear(Weak *weak)
{
    g_array_unref(weak->near);
    g_array_unref(weak->refitted);
    g_free(weak->was);
    for (Look look = LOOK_NARROW; look < LOOKS; look++) {
        g_free(weak->more[look]);
    }
}

/* Calls for the seizures that a pattern fits. */
static void each_fitted(const Search *search, const Fitting *fitting,
                        void (*visit)(const Fitting *fitting, guint place, gpointer data),
                        gpointer data)
{
    const Forms *forms = &search->seizures;
    for (guint j = forms->first[fitting->seizure]; j < forms->first[fitting->seizure + 1]; j++) {
        visit(fitting, forms->member[j], data);
    }
}

typedef struct {
    Weak *weak;
    const Work *work;
    const guint8 *dirty, *moved;
    Fitted *more; /* by pattern: dirty seizures that it fits */
} Refit;

static void count_dirty(const Fitting *fitting, guint place, gpointer data)
{
    const Refit *refit = data;
    const Population *population = refit->work->judge.population;
    guint a = refit->work->seizure[place];
    guint make = population_facts(population, fitting->trace)->make;
    if (refit->dirty[a]) {
        Fitted *more = &refit->more[fitting->pattern];
        more->all++;
        more->of_make += make != 0 && population_facts(population, a)->make == make;
    }
}

static void add_refitted(const Fitting *fitting, guint place, gpointer data)
{
    const Refit *refit = data;
    Refitted refitted = {{place, fitting->trace}, fitting->pattern};
    if (!refit->dirty[refit->work->seizure[place]]) {
        g_array_append_val(refit->weak->refitted, refitted);
    }
}

void weak_refit(Weak *weak, const Search *search, const guint8 *dirty, const guint8 *moved)
{
    g_autofree Fitted *more = g_new0(Fitted, search->pattern->len + 1);
    Refit refit = {weak, search->work, dirty, moved, more};
    for (guint i = 0; i < search->fitting->len; i++) {
        each_fitted(search, &g_array_index(search->fitting, Fitting, i), count_dirty, &refit);
    }
    for (guint p = 0; p < search->pattern->len; p++) {
        const Pattern *pattern = &g_array_index(search->pattern, Pattern, p);
        Fitted then = {pattern->fitted.all - more[p].all,
                       pattern->fitted.of_make - more[p].of_make};
        if (more[p].all > 0) {
            weak->was[p] = fragment_of(search->work, pattern->trace, then);
        }
    }
    for (guint i = 0; i < search->fitting->len; i++) {
        const Fitting *fitting = &g_array_index(search->fitting, Fitting, i);
        if (more[fitting->pattern].all > 0 && !moved[fitting->trace]) {
            each_fitted(search, fitting, add_refitted, &refit);
        }
    }
}

#define EXACT 4294967296.0 /* of what is larger a part can not be taken off exactly */

/* What a look had is taken off (was NULL: it had nothing), what it would have now is added. FALSE:
 * it may be worth a link. */
static gboolean settle_look(Weak *weak, Search *search, const ReverseNear *near, Look look,
                            const double least[EDITS_MAX], const Fragment *was)
{
    double before = 0, now = 0;
    if ((was != NULL && !search_weak(search, near->place, near->trace, least, was, &before)) ||
        !search_weak(search, near->place, near->trace, least, NULL, &now) ||
        (was != NULL && (before >= EXACT || now >= EXACT))) {
        return FALSE;
    }
    weak->more[look][near->place] += now - before;
    return TRUE;
}

/* FALSE: it may be worth a link, to one of the looks that an earlier run had. */
static gboolean settle(Weak *weak, Search *search, const FirearmKept *kept, guint then,
                       const ReverseNear *near, const Fragment *was)
{
    double least[EDITS_MAX], all = search->work->keep - search->work->prior;
    const double wide[EDITS_MAX] = {all, all};
    gboolean narrow = kept_least(kept, then, least);
    return settle_look(weak, search, near, LOOK_NARROW, least, was) &&
           (narrow || settle_look(weak, search, near, LOOK_WIDE, wide, was));
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
            searched[near->place] = !settle(weak, search, kept, then[near->place], near, NULL);
        }
    }
    for (guint i = 0; i < weak->refitted->len; i++) {
        const Refitted *refitted = &g_array_index(weak->refitted, Refitted, i);
        const ReverseNear *near = &refitted->pair;
        if (!searched[near->place] && then[near->place] != NO_PLACE) {
            searched[near->place] =
                !settle(weak, search, kept, then[near->place], near, &weak->was[refitted->pattern]);
        }
    }
    g_array_set_size(places, 0);
    for (guint place = 0; place < n; place++) {
        if (searched[place]) {
            g_array_append_val(places, place);
        }
    }
}
