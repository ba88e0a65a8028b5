/*
 * Pairs on paper: a trace number on the seizure, a seizure or occurrence number as the trace's case
 * number, and serials that are equal as they were received. A number that joins more pairs than any
 * seizure has is none (a placeholder that nobody listed), and joins nothing. A seizure without a
 * usable number meets the traces of its make that were recovered in its province within days.
 */
#include "engine/link/paper.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX  (1u << 20) /* under one number: a thousand items, each with its trace */
#define EVENTS_MAX 500u       /* traces of one day, province and make: more are of no one event */

typedef struct {
    guint64 key;
    guint place;
} Keyed;

guint64 paper_key(const Work *work, guint observation, Paper what)
{
    const Facts *f = population_facts(work->judge.population, observation);
    const Firearm *firearm = work_firearm(work, observation);
    gboolean seizure = firearm->side == SIDE_SEIZURE;
    switch (what) {
    case PAPER_RAW:
        return serial_raw_key(firearm);
    case PAPER_TRACE:
        return f->trace_no;
    case PAPER_SEIZURE:
        return seizure ? f->seizure_no : f->case_no;
    default:
        return !seizure ? f->case_no : f->occurrence_no == f->seizure_no ? 0 : f->occurrence_no;
    }
}

static int keyed_order(gconstpointer a, gconstpointer b)
{
    const Keyed *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1)
                            : (x->place > y->place) - (x->place < y->place);
}

/* By kind of number: those of a side that have one. */
typedef struct {
    GArray *of[PAPERS]; /* of Keyed */
} Papers;

static void papers_clear(Papers *papers)
{
    for (guint what = 0; what < PAPERS; what++) {
        g_array_unref(papers->of[what]);
    }
}

/* All kinds are looked for at once: what is known of an observation is met once. some: by kind, of
 * which a number is to be one; NULL: any. In order. */
static Papers papers_of(const Work *work, gboolean seizures, const Counter *some)
{
    const guint *list = seizures ? work->seizure : work->trace;
    guint n = seizures ? work->n_seizures : work->n_traces;
    Papers papers;
    for (guint what = 0; what < PAPERS; what++) {
        papers.of[what] = g_array_new(FALSE, FALSE, sizeof(Keyed));
    }
    for (guint i = 0; i < n; i++) {
        for (guint what = 0; what < PAPERS; what++) {
            Keyed one = {paper_key(work, list[i], (Paper)what), i};
            if (one.key != 0 && (some == NULL || counter_get(&some[what], one.key) > 0)) {
                g_array_append_val(papers.of[what], one);
            }
        }
    }
    for (guint what = 0; what < PAPERS; what++) {
        g_array_sort(papers.of[what], keyed_order);
    }
    return papers;
}

/* Those of traces that some seizure has, too. */
static Papers papers_shared(const Work *work, const Papers *seizures)
{
    Counter seized[PAPERS];
    for (guint what = 0; what < PAPERS; what++) {
        const GArray *keyed = seizures->of[what];
        counter_init(&seized[what]);
        for (guint i = 0; i < keyed->len; i++) {
            counter_add(&seized[what], g_array_index(keyed, Keyed, i).key);
        }
        counter_sieve(&seized[what]);
    }
    Papers traces = papers_of(work, FALSE, seized);
    for (guint what = 0; what < PAPERS; what++) {
        counter_clear(&seized[what]);
    }
    return traces;
}

static void join_run(const Work *work, const Keyed *a, const Keyed *b, Paper what, GArray *pairs)
{
    PaperPair pair = {a->place, b->place, what == PAPER_RAW};
    if (what == PAPER_RAW) {
        const Firearm *f = &work->judge.firearms[work->seizure[a->place]];
        const Firearm *g = &work->judge.firearms[work->trace[b->place]];
        if (!raw_equal(f->serial_raw, g->serial_raw) ||
            serial_tier(work->judge.model, f->serial, NULL, g->serial, NULL) != TIER_NONE) {
            return; /* found by its serial */
        }
    }
    g_array_append_val(pairs, pair);
}

static void join(const Work *work, Paper what, const GArray *seizures, const GArray *traces,
                 GArray *pairs)
{
    const Keyed *a = (const Keyed *)(gpointer)seizures->data;
    const Keyed *b = (const Keyed *)(gpointer)traces->data;
    guint n = seizures->len, m = traces->len;
    for (guint i = 0, j = 0, last_i, last_j; i < n; i = last_i, j = last_j) {
        for (last_i = i; last_i < n && a[last_i].key == a[i].key;) {
            last_i++;
        }
        while (j < m && b[j].key < a[i].key) {
            j++;
        }
        for (last_j = j; last_j < m && b[last_j].key == a[i].key;) {
            last_j++;
        }
        gboolean few = (guint64)(last_i - i) * (last_j - j) <= PAIRS_MAX;
        for (guint x = i; few && x < last_i; x++) {
            for (guint y = j; y < last_j; y++) {
                join_run(work, &a[x], &b[y], what, pairs);
            }
        }
    }
}

static int pair_order(gconstpointer a, gconstpointer b)
{
    const PaperPair *x = a, *y = b;
    if (x->seizure != y->seizure) {
        return x->seizure < y->seizure ? -1 : 1;
    }
    return x->trace != y->trace ? (x->trace < y->trace ? -1 : 1) : x->raw - y->raw;
}

guint64 paper_day(const Work *work, guint observation, Day day)
{
    const Facts *f = population_facts(work->judge.population, observation);
    if (f->make == 0 || f->event_region == 0 || day == DAY_NONE) {
        return 0;
    }
    return mix(circumstance_day(&work->judge, observation, day), f->make);
}

gboolean paper_meets_days(const Work *work, guint seizure)
{
    const Firearm *f = &work->judge.firearms[seizure];
    return !f->part && !serial_usable(f->serial) && paper_day(work, seizure, f->event_date) != 0;
}

/* Traces that were recovered in Canada, by day, province and make. */
static Keyed *recovered_traces(const Work *work, guint *n)
{
    Keyed *keyed = g_new(Keyed, work->n_traces + 1);
    *n = 0;
    for (guint i = 0; i < work->n_traces; i++) {
        const Firearm *f = &work->judge.firearms[work->trace[i]];
        gboolean canada = f->event_country == NULL || strcmp(f->event_country, "CAN") == 0;
        guint64 key = canada ? paper_day(work, work->trace[i], f->event_date) : 0;
        if (key != 0) {
            keyed[(*n)++] = (Keyed){key, i};
        }
    }
    qsort(keyed, *n, sizeof(*keyed), keyed_order);
    return keyed;
}

static guint first_keyed(const Keyed *keyed, guint n, guint64 key)
{
    guint low = 0, high = n;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (keyed[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void join_day(const Work *work, const Keyed *traces, guint n, guint seizure, Day day,
                     GArray *pairs)
{
    guint64 key = paper_day(work, work->seizure[seizure], day);
    guint from = first_keyed(traces, n, key), to = from;
    while (to < n && traces[to].key == key) {
        to++;
    }
    for (guint i = from; i < to && to - from <= EVENTS_MAX; i++) {
        PaperPair pair = {seizure, traces[i].place, FALSE};
        g_array_append_val(pairs, pair);
    }
}

static void join_events(const Work *work, GArray *pairs)
{
    guint n;
    g_autofree Keyed *traces = recovered_traces(work, &n);
    Day days = (Day)work->judge.model->event_days;
    for (guint i = 0; i < work->n_seizures && n > 0; i++) {
        if (!paper_meets_days(work, work->seizure[i])) {
            continue;
        }
        Day seized = work->judge.firearms[work->seizure[i]].event_date;
        for (Day day = seized - days; day <= seized + days; day++) {
            join_day(work, traces, n, i, day, pairs);
        }
    }
}

GArray *paper_pairs(const Work *work)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(PaperPair));
    Papers seizures = papers_of(work, TRUE, NULL), traces = papers_shared(work, &seizures);
    for (guint what = 0; what < PAPERS; what++) {
        join(work, (Paper)what, seizures.of[what], traces.of[what], pairs);
    }
    papers_clear(&seizures);
    papers_clear(&traces);
    join_events(work, pairs);
    g_array_sort(pairs, pair_order);
    guint n = 0;
    for (guint i = 0; i < pairs->len; i++) {
        PaperPair *last = n > 0 ? &g_array_index(pairs, PaperPair, n - 1) : NULL;
        PaperPair *pair = &g_array_index(pairs, PaperPair, i);
        if (last == NULL || pair_order(last, pair) != 0) {
            g_array_index(pairs, PaperPair, n++) = *pair;
        }
    }
    g_array_set_size(pairs, n);
    return pairs;
}

guint rows_from(const GArray *array, gsize size, guint value)
{
    guint low = 0, high = array->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        guint at;
        memcpy(&at, array->data + middle * size, sizeof(at));
        if (at < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

gboolean paper_shares(const GArray *pairs, guint place)
{
    for (guint p = rows_from(pairs, sizeof(PaperPair), place); p < pairs->len; p++) {
        const PaperPair *pair = &g_array_index(pairs, PaperPair, p);
        if (pair->seizure != place || !pair->raw) {
            return pair->seizure == place;
        }
    }
    return FALSE;
}
