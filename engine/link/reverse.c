/*
 * From a trace to seizures: the other way round than search.c, and as complete, for a few traces of
 * a store. For changed.c.
 */
#include "engine/link/reverse.h"

#include <math.h>

#include "engine/base/sort.h"

struct Reverse {
    const Search *search;
    SerialIndex *index; /* of the seizures */
    Fit *fit;           /* likewise */
    Probe *probe;
    guint64 *paper; /* pairs on paper: place of the trace, of the seizure */
    GArray *scratch, *fits;
    double (*least)[EDITS_MAX]; /* by seizure's place: bits that count */
    float *most;                /* likewise: what its fields can add; NAN: not worked out yet */
    GArray *places, *near;      /* where to; near NULL: all to places */
};

Reverse *reverse_new(const Search *search)
{
    guint n = search->paper->len;
    Reverse *reverse = g_new(Reverse, 1);
    *reverse =
        (Reverse){.search = search,
                  .index = index_of_forms(&search->seizures),
                  .fit = fit_new(&search->seizures, FALSE),
                  .paper = g_new(guint64, n + 1),
                  .scratch = g_array_new(FALSE, FALSE, sizeof(guint64)),
                  .fits = g_array_new(FALSE, FALSE, sizeof(guint)),
                  .least = g_malloc_n(search->work->n_seizures + 1, sizeof(double[EDITS_MAX])),
                  .most = g_new(float, search->work->n_seizures + 1)};
    reverse->probe = probe_new(reverse->index, search->work->judge.model);
    for (guint i = 0; i < n; i++) {
        const PaperPair *pair = &g_array_index(search->paper, PaperPair, i);
        reverse->paper[i] = (guint64)pair->trace << 32 | pair->seizure;
    }
    for (guint i = 0; i < search->work->n_seizures; i++) {
        reverse->least[i][0] = reverse->least[i][1] = search->work->keep - search->work->prior;
        reverse->most[i] = NAN;
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
    g_free(reverse->least);
    g_free(reverse->most);
    g_free(reverse);
}

void reverse_least(Reverse *reverse, guint place, const double least[EDITS_MAX])
{
    memcpy(reverse->least[place], least, sizeof(reverse->least[place]));
}

static void add_place(Reverse *reverse, guint place)
{
    g_array_append_val(reverse->places, place);
}

/* A pair that weighs something; of a trace that was not there before it may do so without a search.
 */
static void add_pair(Reverse *reverse, guint place, guint b)
{
    ReverseNear pair = {place, b};
    if (reverse->near != NULL) {
        g_array_append_val(reverse->near, pair);
    } else {
        add_place(reverse, place);
    }
}

/* Can a pair weigh anything? What can not is passed over in a search, too. */
static gboolean weighs(Reverse *reverse, guint place, guint b, Tier tier, guint edits)
{
    const Work *work = reverse->search->work;
    guint a = work->seizure[place];
    double added = (double)reverse->search->most[b];
    double least = reverse->least[place][edits - 1];
    double serial = judge_serial_most(&work->judge, a, b, tier, 0);
    if (isnan(reverse->most[place])) {
        reverse->most[place] = (float)judge_most_described(&work->judge, a).all;
    }
    if (serial + (double)reverse->most[place] + added < least) {
        return FALSE;
    }
    Described described = judge_most_described(&work->judge, a);
    return serial + judge_described(&work->judge, &described, a, b) + added >= least;
}

#define ANY_TRACE G_MAXUINT

/* Equal ones are chance matches too, whatever they weigh. */
static void find_near(Reverse *reverse, guint b, const Codes *codes)
{
    static const FindWhat what[] = {FIND_EQUAL, FIND_ONE, FIND_TWO};
    const Forms *forms = &reverse->search->seizures;
    for (guint edits = 0; edits < G_N_ELEMENTS(what); edits++) {
        guint n;
        const Near *near = probe_find(reverse->probe, codes, what[edits], &n);
        for (guint i = 0; i < n; i++) {
            for (guint j = forms->first[near[i].form]; j < forms->first[near[i].form + 1]; j++) {
                guint place = forms->member[j];
                if (edits > 0 && b != ANY_TRACE &&
                    !weighs(reverse, place, b, near[i].tier, edits)) {
                    continue;
                }
                if (edits > 0) {
                    add_pair(reverse, place, b);
                } else {
                    add_place(reverse, place);
                }
            }
        }
    }
}

/* What fits a pattern of a seizure changes what each of them is worth, or is worth something
 * itself. */
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
            if (forms->form[form].full) {
                add_pair(reverse, forms->member[j], b);
            } else {
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

static void find_serial(Reverse *reverse, guint b, const Serial *serial)
{
    Codes codes;
    if (!serial_informs(serial)) {
        return;
    }
    find_fits(reverse, b, serial);
    if (codes_of(serial, &codes)) {
        find_near(reverse, b, &codes);
    }
}

void reverse_find_near(Reverse *reverse, guint b, GArray *places, GArray *near)
{
    reverse->places = places;
    reverse->near = near;
    find_paper(reverse, b);
    find_serial(reverse, b, reverse->search->work->judge.firearms[b].serial);
}

void reverse_find_serial(Reverse *reverse, const Serial *serial, GArray *places)
{
    reverse->places = places;
    reverse->near = NULL;
    find_serial(reverse, ANY_TRACE, serial);
}
