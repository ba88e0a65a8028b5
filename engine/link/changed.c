/*
 * firearm_link_changed(): the links of a full run that new observations can have touched, and no
 * others. A seizure is touched when a pair with a new observation, or with a trace whose firearm
 * gained one, can weigh anything or counts as a chance match; then all seizures are that compete
 * with it for a firearm, and so on. These are searched and compete as in a full run, over all that
 * the store knows; everything else is as it was. Where observations said something else before or
 * are gone, or most of the store is new, all of it is linked again.
 */
#include "engine/base/sort.h"
#include "engine/link/change.h"
#include "engine/link/reverse.h"

#include <math.h>
#include <stdlib.h>

/* Where more than a part is new, or has to be searched, all is linked again; few are no such part.
 */
#define NEW_PART      8u
#define SEARCHED_PART 2u
#define FEW           1000u
#define LOST_STEPS    8.0 /* of a bit: seizures that lost about as much are searched together */

typedef enum { UNSEEN, SEARCHED, TOUCHED } State;

typedef struct {
    Work *work;
    Search *search;
    Reverse *reverse;
    const FirearmInput *input;
    guint8 *dirty;     /* by observation */
    guint8 *moved;     /* by observation: traces whose firearm may be another than it was */
    guint8 *state;     /* by seizure's place */
    guint8 *claimed;   /* by firearm: all that compete for it are looked for */
    guint *first;      /* by firearm: its first place in trace; and one more */
    guint *trace;      /* traces by firearm */
    guint *from, *to;  /* by seizure's place: its first in candidate, and behind its last */
    GArray *candidate; /* of guint: firearms that seizures which were searched can be */
    GArray *frontier;  /* of guint: firearms just claimed */
    GArray *places;    /* of guint: seizures that were found */
    guint searched;
} Change;

/* ---- what moved ---- */

/* A key that observations share; those of a kind are told apart from others. */
static void visit_keys(const Work *work, guint i, void (*visit)(guint64 key, gpointer data),
                       gpointer data)
{
    for (guint what = 0; what < PAPERS; what++) {
        guint64 key = paper_key(work, i, (Paper)what);
        if (key != 0) {
            visit(mix(MIN(what, PAPER_SEIZURE), key), data);
        }
    }
    const Firearm *f = &work->judge.firearms[i];
    guint64 key = f->side == SIDE_TRACE ? repeat_key(f->serial) : 0;
    if (key != 0) {
        visit(mix(PAPERS, key), data);
    }
}

static void add_key(guint64 key, gpointer data)
{
    counter_add(data, key);
}

typedef struct {
    const Counter *keys;
    gboolean shared;
} Sharing;

static void see_key(guint64 key, gpointer data)
{
    Sharing *sharing = data;
    sharing->shared = sharing->shared || counter_get(sharing->keys, key) > 0;
}

/* Something new of its make was recovered in its province within days, and its number can not be
 * used. */
static gboolean meets_day(const Change *change, const Counter *days, guint a)
{
    const Judge *judge = &change->work->judge;
    Day seized = judge->firearms[a].event_date, apart = (Day)judge->model->event_days;
    if (!paper_meets_days(change->work, a)) {
        return FALSE;
    }
    for (Day day = seized - apart; day <= seized + apart; day++) {
        if (counter_get(days, paper_day(change->work, a, day)) > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void found_place(Change *change, guint place)
{
    g_array_append_val(change->places, place);
}

/* What shares a number, a text or a day with something new: traces move, seizures are touched. */
static void find_sharing(Change *change)
{
    const Work *work = change->work;
    Counter keys, days;
    counter_init(&keys);
    counter_init(&days);
    for (guint i = 0; i < work->n; i++) {
        if (change->dirty[i]) {
            const Firearm *f = &work->judge.firearms[i];
            guint64 day = f->side == SIDE_TRACE ? paper_day(work, i, f->event_date) : 0;
            visit_keys(work, i, add_key, &keys);
            if (day != 0) {
                counter_add(&days, day);
            }
        }
    }
    for (guint i = 0; i < work->n; i++) {
        Sharing sharing = {&keys, change->dirty[i] != 0};
        visit_keys(work, i, see_key, &sharing);
        gboolean trace = work->judge.firearms[i].side == SIDE_TRACE;
        if (trace) {
            change->moved[i] = sharing.shared;
        } else if (sharing.shared || meets_day(change, &days, i)) {
            found_place(change, change->search->place[i]);
        }
    }
    counter_clear(&keys);
    counter_clear(&days);
}

/* A trace's pattern weighs by how many seizures it fits. */
static void find_fitted(Change *change)
{
    const Search *search = change->search;
    const Forms *forms = &search->seizures;
    for (guint i = 0; i < search->fitting->len; i++) {
        const Fitting *fitting = &g_array_index(search->fitting, Fitting, i);
        for (guint j = forms->first[fitting->seizure]; j < forms->first[fitting->seizure + 1];
             j++) {
            if (change->dirty[change->work->seizure[forms->member[j]]]) {
                change->moved[fitting->trace] = TRUE;
            }
        }
    }
}

static void group_firearms(Change *change)
{
    const Work *work = change->work;
    change->first = g_new0(guint, work->n_firearms + 2);
    change->trace = g_new(guint, work->n_traces + 1);
    for (guint i = 0; i < work->n_traces; i++) {
        change->first[work->firearm[work->trace[i]] + 2]++;
    }
    for (guint f = 0; f < work->n_firearms; f++) {
        change->first[f + 2] += change->first[f + 1];
    }
    for (guint i = 0; i < work->n_traces; i++) {
        change->trace[change->first[work->firearm[work->trace[i]] + 1]++] = work->trace[i];
    }
}

/* Traces of one firearm move together. */
static void move_firearms(Change *change)
{
    for (guint f = 0; f < change->work->n_firearms; f++) {
        guint8 moved = FALSE;
        for (guint i = change->first[f]; i < change->first[f + 1]; i++) {
            moved |= change->moved[change->trace[i]];
        }
        for (guint i = change->first[f]; i < change->first[f + 1]; i++) {
            change->moved[change->trace[i]] = moved;
        }
    }
}

/* ---- who competes ---- */

static void sort_places(GArray *places)
{
    guint n = 0;
    g_array_sort(places, sort_order);
    for (guint i = 0; i < places->len; i++) {
        guint place = g_array_index(places, guint, i);
        if (n == 0 || g_array_index(places, guint, n - 1) != place) {
            g_array_index(places, guint, n++) = place;
        }
    }
    g_array_set_size(places, n);
}

/* Searches those of some places, which ascend, that were not searched yet, for all they can be. */
static void search_places(Change *change, const GArray *places)
{
    const Work *work = change->work;
    g_autoptr(GArray) unseen = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < places->len; i++) {
        guint place = g_array_index(places, guint, i);
        if (change->state[place] == UNSEEN) {
            change->state[place] = SEARCHED;
            g_array_append_val(unseen, place);
        }
    }
    change->searched += unseen->len;
    g_autoptr(GArray) found = search_candidates(
        change->search, (const guint *)(gpointer)unseen->data, unseen->len, FALSE);
    for (guint i = 0; i < found->len; i++) {
        const Candidate *c = &g_array_index(found, Candidate, i);
        guint place = change->search->place[c->a];
        if (i == 0 || g_array_index(found, Candidate, i - 1).a != c->a) {
            change->from[place] = change->candidate->len;
        }
        g_array_append_val(change->candidate, work->firearm[c->b]);
        change->to[place] = change->candidate->len;
    }
}

/* Bits that the pairs of a pattern were worth more before something new fitted it too. */
static double lost_bits(Change *change, guint place, GArray *scratch, GArray *fits)
{
    Work *work = change->work;
    const Search *search = change->search;
    guint a = work->seizure[place];
    const Serial *serial = work->judge.firearms[a].serial;
    if (change->dirty[a] || !serial_informs(serial) || serial_is_full(serial)) {
        return 0;
    }
    fit_find(search->fit, serial, scratch, fits);
    Fragment now = fragment_of(work, &search->traces, a, fits);
    work->fresh = change->dirty;
    Fragment before = fragment_of(work, &search->traces, a, fits);
    work->fresh = NULL;
    double of_make = log2(now.of_make / before.of_make), of_all = log2(now.of_all / before.of_all);
    return MAX(0, MAX(of_make, of_all));
}

/* Searches the places found, for all that they can be and all that they could be: what weighs too
 * little now that more fits is let go of, which others may gain by. */
static void search_found(Change *change)
{
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) some = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree guint *lost = g_new(guint, change->places->len + 1);
    guint most = 0;
    for (guint i = 0; i < change->places->len; i++) {
        guint place = g_array_index(change->places, guint, i);
        lost[i] = (guint)ceil(LOST_STEPS * lost_bits(change, place, scratch, fits));
        most = MAX(most, lost[i]);
    }
    double keep = change->work->keep;
    for (guint steps = 0; steps <= most; steps++) {
        g_array_set_size(some, 0);
        for (guint i = 0; i < change->places->len; i++) {
            if (lost[i] == steps) {
                g_array_append_val(some, g_array_index(change->places, guint, i));
            }
        }
        change->work->keep = keep - steps / LOST_STEPS;
        if (some->len > 0) {
            search_places(change, some);
        }
    }
    change->work->keep = keep;
}

static void claim(Change *change, guint firearm)
{
    if (!change->claimed[firearm]) {
        change->claimed[firearm] = TRUE;
        g_array_append_val(change->frontier, firearm);
    }
}

static void touch(Change *change, guint place)
{
    change->state[place] = TOUCHED;
    for (guint i = change->from[place]; i < change->to[place]; i++) {
        claim(change, g_array_index(change->candidate, guint, i));
    }
}

static gboolean competes(const Change *change, guint place)
{
    for (guint i = change->from[place]; i < change->to[place]; i++) {
        if (change->claimed[g_array_index(change->candidate, guint, i)]) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Decisions join what no search finds. */
static void touch_decided(Change *change)
{
    const Work *work = change->work;
    for (guint i = 0; i < change->input->n_decisions; i++) {
        const FirearmDecision *d = &change->input->decisions[i];
        const guint end[2] = {d->left, d->right};
        for (guint k = 0; k < 2; k++) {
            if (work->judge.firearms[end[k]].side == SIDE_SEIZURE) {
                found_place(change, change->search->place[end[k]]);
            } else {
                claim(change, work->firearm[end[k]]);
            }
        }
    }
}

static gboolean too_many(const Change *change, guint seizures)
{
    return seizures > MAX(FEW, change->work->n_seizures / SEARCHED_PART);
}

/* Touches what something new can matter to. FALSE: that is too much of the store. */
static gboolean begin(Change *change)
{
    find_sharing(change);
    find_fitted(change);
    group_firearms(change);
    move_firearms(change);
    for (guint i = 0; i < change->work->n_traces; i++) {
        if (change->moved[change->work->trace[i]]) {
            reverse_find(change->reverse, change->work->trace[i], REVERSE_ALL, change->places);
        }
    }
    touch_decided(change);
    sort_places(change->places);
    if (too_many(change, change->places->len)) {
        return FALSE;
    }
    search_found(change);
    for (guint i = 0; i < change->places->len; i++) {
        touch(change, g_array_index(change->places, guint, i));
    }
    return TRUE;
}

/* Touches what competes with it, and so on. FALSE: as above. */
static gboolean spread(Change *change)
{
    while (change->frontier->len > 0) {
        g_autoptr(GArray) claimed = change->frontier;
        change->frontier = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_set_size(change->places, 0);
        for (guint i = 0; i < claimed->len; i++) {
            guint firearm = g_array_index(claimed, guint, i);
            for (guint k = change->first[firearm]; k < change->first[firearm + 1]; k++) {
                reverse_find(change->reverse, change->trace[k], REVERSE_KEPT, change->places);
            }
        }
        sort_places(change->places);
        search_places(change, change->places);
        for (guint i = 0; i < change->places->len; i++) {
            guint place = g_array_index(change->places, guint, i);
            if (change->state[place] == SEARCHED && competes(change, place)) {
                touch(change, place);
            }
        }
        if (too_many(change, change->searched)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- the links of what was touched ---- */

static gboolean is_touched(const Candidate *c, gconstpointer data)
{
    const gboolean *affected = data;
    return affected[c->a] || affected[c->b];
}

static GArray *link_touched(Change *change, const GArray *repeats, gboolean *affected)
{
    const Work *work = change->work;
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < work->n_seizures; i++) {
        if (change->state[i] == TOUCHED) {
            g_array_append_val(places, i);
            affected[work->seizure[i]] = TRUE;
        }
    }
    for (guint i = 0; i < work->n; i++) {
        affected[i] = affected[i] || change->moved[i];
    }
    g_autoptr(GArray) found = narrow_search(change->search, work, change->input, places);
    link_compete(work, found);
    GArray *links = g_array_new(FALSE, FALSE, sizeof(FirearmLink));
    link_export(work, repeats, TRUE, is_touched, affected, links);
    link_export(work, found, FALSE, NULL, NULL, links);
    link_sort(change->input, links);
    return links;
}

static void change_init(Change *change, Work *work, const FirearmInput *input)
{
    Search *search = search_new(work);
    *change = (Change){.work = work,
                       .search = search,
                       .reverse = reverse_new(search),
                       .input = input,
                       .dirty = g_new0(guint8, work->n + 1),
                       .moved = g_new0(guint8, work->n + 1),
                       .state = g_new0(guint8, work->n_seizures + 1),
                       .claimed = g_new0(guint8, work->n_firearms + 1),
                       .from = g_new0(guint, work->n_seizures + 1),
                       .to = g_new0(guint, work->n_seizures + 1),
                       .candidate = g_array_new(FALSE, FALSE, sizeof(guint)),
                       .frontier = g_array_new(FALSE, FALSE, sizeof(guint)),
                       .places = g_array_new(FALSE, FALSE, sizeof(guint))};
}

static void change_clear(Change *change)
{
    g_free(change->dirty);
    g_free(change->moved);
    g_free(change->state);
    g_free(change->claimed);
    g_free(change->first);
    g_free(change->trace);
    g_free(change->from);
    g_free(change->to);
    g_array_unref(change->candidate);
    g_array_unref(change->frontier);
    g_array_unref(change->places);
    reverse_free(change->reverse);
    search_free(change->search);
}

static void affect_all(gboolean *affected, guint n)
{
    for (guint i = 0; i < n; i++) {
        affected[i] = TRUE;
    }
}

GArray *firearm_link_changed(const FirearmInput *input, const FirearmChange *given,
                             gboolean *affected)
{
    if (given->n_dirty + given->n_former == 0) {
        return g_array_new(FALSE, FALSE, sizeof(FirearmLink));
    }
    if (given->n_former > 0 || given->n_dirty > MAX(FEW, input->n / NEW_PART)) {
        affect_all(affected, input->n);
        return firearm_link(input);
    }
    Work work;
    Change change;
    work_init(&work, input, input->parameters);
    g_autoptr(GArray) repeats = link_traces(&work, input);
    work.prior = prior_bits(work.judge.model->prior_has_trace, work.parameters->firearms);
    change_init(&change, &work, input);
    for (guint i = 0; i < given->n_dirty; i++) {
        change.dirty[given->dirty[i]] = TRUE;
    }
    GArray *links;
    if (begin(&change) && spread(&change)) {
        links = link_touched(&change, repeats, affected);
    } else {
        affect_all(affected, input->n);
        links = link_all(&work, change.search, input, repeats);
    }
    change_clear(&change);
    work_clear(&work);
    return links;
}
