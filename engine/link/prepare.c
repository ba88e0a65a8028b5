/*
 * What is known of a store before any seizure is looked at (search.c): which serials there are of
 * either side and which of them fit, what is shared on paper, and what each observation can add.
 */
#include <math.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/queue.h"
#include "engine/link/recall.h"

static void add_fit(GArray *fits, guint trace, guint seizure)
{
    guint64 both = (guint64)trace << 32 | seizure;
    g_array_append_val(fits, both);
}

/* Forms, of one side, that were there before. */
static guint8 *known_forms(const Work *work, const Forms *forms, const guint *list)
{
    guint8 *known = g_new0(guint8, forms->n + 1);
    for (guint f = 0; f < forms->n; f++) {
        for (guint i = forms->first[f]; i < forms->first[f + 1] && !known[f]; i++) {
            known[f] = !work->past->dirty[list[forms->member[i]]];
        }
    }
    return known;
}

static void recall_fit(guint trace, guint seizure_then, gpointer data)
{
    Search *search = data;
    guint seizure = search->work->past->seizure[seizure_then];
    add_fit(search->fits, search->traces.of[search->place[trace]], search->seizures.of[seizure]);
}

/* What fitted before, and the patterns that a new full serial of seizures fits. */
static void recall_fits(Search *search)
{
    const Forms *seizures = &search->seizures;
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autofree guint8 *known = known_forms(search->work, seizures, search->work->seizure);
    past_fits(search->work->past, recall_fit, search);
    for (guint f = 0; f < seizures->n; f++) {
        if (known[f] || !seizures->form[f].full) {
            continue;
        }
        fit_find_patterns(search->fit, seizures->form[f].serial, scratch, fits);
        for (guint i = 0; i < fits->len; i++) {
            add_fit(search->fits, g_array_index(fits, guint, i), f);
        }
    }
}

static int fits_order(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

#define PATTERNS_JOB 256u

/* Patterns of traces, and the full serials of seizures that they may fit. */
typedef struct {
    const Search *search;
    const Fit *seizures;
    const GArray *patterns; /* of guint: forms of traces */
    GArray **fits;          /* by job, as those of a search */
} Fitters;

static void fit_patterns(Queue *queue, gpointer data)
{
    const Fitters *fitters = data;
    const Form *form = fitters->search->traces.form;
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (guint job; queue_next(queue, &job);) {
        GArray *found = fitters->fits[job] = g_array_new(FALSE, FALSE, sizeof(guint64));
        guint to = MIN(fitters->patterns->len, (job + 1) * PATTERNS_JOB);
        for (guint i = job * PATTERNS_JOB; i < to; i++) {
            guint trace = g_array_index(fitters->patterns, guint, i);
            fit_find(fitters->seizures, form[trace].serial, scratch, fits);
            for (guint k = 0; k < fits->len; k++) {
                add_fit(found, trace, g_array_index(fits, guint, k));
            }
        }
    }
}

/* Which full serials of seizures some patterns of traces fit; by threads. */
static void find_new_fits(Search *search, const GArray *patterns)
{
    guint jobs = (patterns->len + PATTERNS_JOB - 1) / PATTERNS_JOB;
    if (jobs == 0) {
        return;
    }
    g_autoptr(Fit) seizures = fit_new(&search->seizures, TRUE);
    g_autofree GArray **fits = g_new0(GArray *, jobs);
    Fitters fitters = {search, seizures, patterns, fits};
    queue_run(jobs, fit_patterns, &fitters);
    for (guint job = 0; job < jobs; job++) {
        g_array_append_vals(search->fits, fits[job]->data, fits[job]->len);
        g_array_unref(fits[job]);
    }
}

/* Patterns of traces are few: what they fit is found before any seizure is looked at, once. */
static void find_fits(Search *search)
{
    const Forms *traces = &search->traces;
    g_autoptr(GArray) patterns = g_array_new(FALSE, FALSE, sizeof(guint));
    gboolean recalled = search->work->past != NULL && past_fits_hold(search->work);
    g_autofree guint8 *known = recalled ? known_forms(search->work, traces, search->work->trace)
                                        : g_new0(guint8, traces->n + 1);
    for (guint f = 0; f < traces->n; f++) {
        if (!traces->form[f].full && !known[f]) {
            g_array_append_val(patterns, f);
        }
    }
    find_new_fits(search, patterns);
    if (recalled) {
        recall_fits(search);
    }
    g_array_sort(search->fits, fits_order);
    guint n = 0;
    for (guint i = 0; i < search->fits->len; i++) { /* a new one with a new one was found twice */
        guint64 both = g_array_index(search->fits, guint64, i);
        if (n == 0 || g_array_index(search->fits, guint64, n - 1) != both) {
            g_array_index(search->fits, guint64, n++) = both;
        }
    }
    g_array_set_size(search->fits, n);
}

/* The traces that bear one pattern, and what it fits. */
static void add_patterns(Search *search, guint form, const GArray *fits)
{
    const Forms *traces = &search->traces;
    for (guint j = traces->first[form]; j < traces->first[form + 1]; j++) {
        Pattern pattern = {.trace = search->work->trace[traces->member[j]]};
        pattern.fitted = fragment_count(search->work, &search->seizures, pattern.trace, fits);
        Fitting fitting = {.trace = pattern.trace, .pattern = search->pattern->len};
        g_array_append_val(search->pattern, pattern);
        for (guint i = 0; i < fits->len; i++) {
            fitting.seizure = g_array_index(fits, guint, i);
            g_array_append_val(search->fitting, fitting);
        }
    }
}

static void find_fitting(Search *search)
{
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    find_fits(search);
    for (guint i = 0; i < search->fits->len; i++) {
        guint64 both = g_array_index(search->fits, guint64, i);
        guint seizure = (guint32)both, form = (guint)(both >> 32);
        gboolean last =
            i + 1 == search->fits->len || g_array_index(search->fits, guint64, i + 1) >> 32 != form;
        g_array_append_val(fits, seizure);
        if (last) {
            add_patterns(search, form, fits);
            g_array_set_size(fits, 0);
        }
    }
}

static void weigh_traces(Search *search)
{
    const Work *work = search->work;
    const Forms *forms = &search->traces;
    search->adding = search->promising = 0;
    for (guint i = 0; i < forms->first[forms->n]; i++) {
        guint b = work->trace[forms->member[i]];
        Day recovered = work->judge.firearms[b].event_date; /* on no day, added is never more */
        Bearer bearer = {.rare = (float)judge_rarest(&work->judge, b),
                         .added = search->most[b],
                         .away = (float)judge_most_dated(&work->judge, b, TRUE),
                         .day = recovered != DAY_NONE ? recovered : 0};
        search->bearer[i] = bearer;
        search->adding = MAX(search->adding, bearer.added);
        search->promising = MAX(search->promising, bearer.rare + bearer.added);
    }
}

static int fitting_order(gconstpointer a, gconstpointer b)
{
    const Fitting *x = a, *y = b;
    return x->seizure != y->seizure ? (x->seizure < y->seizure ? -1 : 1)
                                    : (x->trace > y->trace) - (x->trace < y->trace);
}

/* What the rates say of what is known: again when they are others. */
void search_refresh(Search *search)
{
    const Work *work = search->work;
    for (guint i = 0; i < work->n_traces; i++) {
        search->most[work->trace[i]] = (float)judge_most_dated(&work->judge, work->trace[i], FALSE);
    }
    weigh_traces(search);
    for (guint i = 0; i < search->pattern->len; i++) {
        Pattern *pattern = &g_array_index(search->pattern, Pattern, i);
        pattern->fragment = fragment_of(work, pattern->trace, pattern->fitted);
    }
}

typedef struct {
    const Forms *forms;
    const guint *form; /* by number: its form */
} Numbered;

static void numbered_codes(guint number, Codes *codes, gconstpointer data)
{
    const Numbered *numbered = data;
    if (!codes_of(numbered->forms->form[numbered->form[number]].serial, codes)) {
        codes->n = 0;
    }
}

/* Which forms stand in an index already? It tells of what was revised as it was before. */
static void find_known(Search *search, guint8 *known)
{
    const Past *past = search->work->past;
    search->known = past->index;
    search->known_form = g_new(guint, (gsize)past->index->n + 1);
    memset(search->known_form, 0xFF, ((gsize)past->index->n + 1) * sizeof(guint));
    for (guint i = 0; i < search->work->n_traces; i++) {
        guint b = search->work->trace[i], form = search->traces.of[i];
        guint number = past->dirty[b] ? NO_FORM : past->number[b];
        if (number < past->index->n && form != NO_FORM && search->traces.form[form].full) {
            search->known_form[number] = form;
            known[form] = TRUE;
        }
    }
}

/* An index of the full serials of traces; of one that stands in another already nothing is made. */
static void index_traces(Search *search)
{
    const Forms *forms = &search->traces;
    g_autofree guint8 *known = g_new0(guint8, forms->n + 1);
    guint n = 0;
    if (search->work->past != NULL && search->work->past->index != NULL) {
        find_known(search, known);
    }
    search->form = g_new(guint, forms->n + 1);
    for (guint f = 0; f < forms->n; f++) {
        if (forms->form[f].full && !known[f]) {
            search->form[n++] = f;
        }
    }
    Numbered numbered = {forms, search->form};
    search->index = index_new(n, numbered_codes, &numbered);
}

/* What neither side's needs of the other's, by two threads. */
static void set_up(Queue *queue, gpointer data)
{
    Search *search = data;
    const Work *work = search->work;
    for (guint job; queue_next(queue, &job);) {
        if (job == SIDE_SEIZURE) {
            forms_build(&search->seizures, work->judge.firearms, work->seizure, work->n_seizures);
            search->paper = paper_pairs(work);
        } else {
            forms_build(&search->traces, work->judge.firearms, work->trace, work->n_traces);
            index_traces(search);
            search->fit = fit_new(&search->traces, FALSE);
        }
    }
}

Search *search_new(Work *work)
{
    Search *search = g_new0(Search, 1);
    search->work = work;
    search->fitting = g_array_new(FALSE, FALSE, sizeof(Fitting));
    search->pattern = g_array_new(FALSE, FALSE, sizeof(Pattern));
    search->fits = g_array_new(FALSE, FALSE, sizeof(guint64));
    search->place = memory_table((gsize)work->n + 1, sizeof(guint));
    search->most = memory_table((gsize)work->n + 1, sizeof(float));
    search->looked = g_new0(Looked, work->n_seizures + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        search->place[work->seizure[i]] = i;
    }
    for (guint i = 0; i < work->n_traces; i++) {
        search->place[work->trace[i]] = i;
    }
    queue_run(SIDE_TRACE + 1, set_up, search);
    search->bearer =
        memory_table((gsize)search->traces.first[search->traces.n] + 1, sizeof(Bearer));
    find_fitting(search);
    g_array_sort(search->fitting, fitting_order);
    search_refresh(search);
    return search;
}

void search_free(Search *search)
{
    forms_clear(&search->seizures);
    forms_clear(&search->traces);
    index_free(search->index);
    g_free(search->known_form);
    g_free(search->form);
    fit_free(search->fit);
    g_free(search->place);
    g_free(search->most);
    g_free(search->looked);
    g_free(search->bearer);
    g_array_unref(search->paper);
    g_array_unref(search->fitting);
    g_array_unref(search->pattern);
    g_array_unref(search->fits);
    g_free(search);
}
