/*
 * From a trace to seizures: the other way round than search.c, and as complete, for a few traces of
 * a store. Where only pairs that are kept are asked for, it weighs what its bounds let through, as
 * search.c does: searching a seizure for all that it can be costs more. For changed.c.
 */
#include "engine/link/reverse.h"

#include "engine/base/sort.h"

#define NOT_ASKED (-1.0) /* a share of no fragment */

struct Reverse {
    const Search *search;
    SerialIndex *index; /* of the seizures */
    Fit *fit;           /* likewise */
    Probe *probe;
    guint64 *paper; /* pairs on paper: place of the trace, of the seizure */
    GArray *scratch, *fits, *own_fits;
    Fragment *fragment; /* by seizure's place: of its pattern, once it was asked for */
    ReverseWhat what;
    GArray *places; /* where to */
};

Reverse *reverse_new(const Search *search)
{
    guint n = search->paper->len, seizures = search->work->n_seizures;
    Reverse *reverse = g_new(Reverse, 1);
    *reverse = (Reverse){.search = search,
                         .index = index_of_forms(&search->seizures),
                         .fit = fit_new(&search->seizures, FALSE),
                         .paper = g_new(guint64, n + 1),
                         .scratch = g_array_new(FALSE, FALSE, sizeof(guint64)),
                         .fits = g_array_new(FALSE, FALSE, sizeof(guint)),
                         .own_fits = g_array_new(FALSE, FALSE, sizeof(guint)),
                         .fragment = g_new(Fragment, seizures + 1)};
    for (guint i = 0; i < seizures; i++) {
        reverse->fragment[i] = (Fragment){NOT_ASKED, NOT_ASKED};
    }
    reverse->probe = probe_new(reverse->index, search->work->judge.model);
    for (guint i = 0; i < n; i++) {
        const PaperPair *pair = &g_array_index(search->paper, PaperPair, i);
        reverse->paper[i] = (guint64)pair->trace << 32 | pair->seizure;
    }
    g_autofree guint64 *spare = g_new(guint64, n + 1);
    sort_radix(reverse->paper, spare, n, 32, 64);
    return reverse;
}

void reverse_free(Reverse *reverse)
{
    probe_free(reverse->probe);
    index_free(reverse->index);
    fit_free(reverse->fit);
    g_free(reverse->paper);
    g_array_unref(reverse->scratch);
    g_array_unref(reverse->fits);
    g_array_unref(reverse->own_fits);
    g_free(reverse->fragment);
    g_free(reverse);
}

static void add_place(Reverse *reverse, guint place)
{
    g_array_append_val(reverse->places, place);
}

/* Can a pair weigh anything, or, where that is asked for, is it kept? */
static gboolean weighs(const Reverse *reverse, Candidate *c)
{
    const Work *work = reverse->search->work;
    const float *added = reverse->search->most;
    double least = work->keep - work->prior;
    double serial = judge_serial_most(&work->judge, c->a, c->b, c->tier, c->fit);
    if (serial + (double)added[c->a] + (double)added[c->b] < least) {
        return FALSE;
    }
    if (reverse->what == REVERSE_ALL) {
        return TRUE;
    }
    if (serial + judge_fields(&work->judge, c->a, c->b, NULL) < least) {
        return FALSE;
    }
    c->tier = search_raw_tier(work, c->a, c->b, c->tier);
    candidate_weigh(work, c, FALSE);
    return c->bits >= least;
}

/* Equal ones are chance matches too, whatever they weigh. */
static void find_near(Reverse *reverse, guint b, const Codes *codes)
{
    static const FindWhat what[] = {FIND_EQUAL, FIND_ONE | FIND_TWO};
    const Forms *forms = &reverse->search->seizures;
    const guint *seizure = reverse->search->work->seizure;
    for (guint round = 0; round < G_N_ELEMENTS(what); round++) {
        guint n;
        const Near *near = probe_find(reverse->probe, codes, what[round], &n);
        for (guint i = 0; i < n; i++) {
            for (guint j = forms->first[near[i].form]; j < forms->first[near[i].form + 1]; j++) {
                guint place = forms->member[j];
                Candidate c = {.a = seizure[place], .b = b, .tier = near[i].tier};
                if ((reverse->what == REVERSE_ALL && round == 0) || weighs(reverse, &c)) {
                    add_place(reverse, place);
                }
            }
        }
    }
}

static const Fragment *fragment_at(Reverse *reverse, guint place)
{
    const Search *search = reverse->search;
    Fragment *fragment = &reverse->fragment[place];
    if (fragment->of_all < 0) {
        guint a = search->work->seizure[place];
        fit_find(search->fit, search->work->judge.firearms[a].serial, reverse->scratch,
                 reverse->own_fits);
        *fragment = fragment_of(search->work, &search->traces, a, reverse->own_fits);
    }
    return fragment;
}

/* Of a pattern of the trace it is not asked how many seizures it fits. */
static gboolean fit_weighs(Reverse *reverse, guint place, guint b)
{
    const Work *work = reverse->search->work;
    Candidate c = {.a = work->seizure[place], .b = b, .tier = TIER_S3};
    if (reverse->what == REVERSE_ALL || serial_is_full(work->judge.firearms[c.a].serial)) {
        return TRUE;
    }
    c.fit = fragment_fit(work, fragment_at(reverse, place), c.a, b);
    return weighs(reverse, &c);
}

static void find_fits(Reverse *reverse, guint b, const Serial *serial)
{
    const Forms *forms = &reverse->search->seizures;
    if (serial_is_full(serial)) {
        fit_find_patterns(reverse->fit, serial, reverse->scratch, reverse->fits);
    } else {
        fit_find(reverse->fit, serial, reverse->scratch, reverse->fits);
    }
    for (guint i = 0; i < reverse->fits->len; i++) {
        guint form = g_array_index(reverse->fits, guint, i);
        for (guint j = forms->first[form]; j < forms->first[form + 1]; j++) {
            if (fit_weighs(reverse, forms->member[j], b)) {
                add_place(reverse, forms->member[j]);
            }
        }
    }
}

static void find_paper(Reverse *reverse, guint b)
{
    guint64 key = (guint64)reverse->search->place[b] << 32;
    guint low = 0, high = reverse->search->paper->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (reverse->paper[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < reverse->search->paper->len && reverse->paper[low] >> 32 == key >> 32; low++) {
        add_place(reverse, (guint)reverse->paper[low]);
    }
}

void reverse_find(Reverse *reverse, guint b, ReverseWhat what, GArray *places)
{
    const Serial *serial = reverse->search->work->judge.firearms[b].serial;
    Codes codes;
    reverse->places = places;
    reverse->what = what;
    find_paper(reverse, b);
    if (!serial_informs(serial)) {
        return;
    }
    find_fits(reverse, b, serial);
    if (codes_of(serial, &codes)) {
        find_near(reverse, b, &codes);
    }
}
