/*
 * firearm_link_changed(): the links of a full run that new observations can have touched, and no
 * others. A seizure is searched again when a pair with a new observation, or with a trace whose
 * firearm gained one, can weigh anything or counts as a chance match; of all others it is recalled
 * what was found (kept.h). Then all compete as in a full run, and what came out otherwise than it
 * did before is touched. What said something else before is searched for as that, too. Where what
 * was found is not known, observations are gone, or much of the store is new, all is linked again.
 */
#include "engine/link/change.h"
#include "engine/link/recall.h"
#include "engine/link/weak.h"

/* Where more than a part is new all is linked again; few are no such part. */
#define NEW_PART 8u
#define FEW      1000u

typedef struct {
    Work *work;
    Search *search;
    const FirearmChange *given;
    guint8 *dirty, *added; /* by observation */
    guint8 *moved;         /* by observation: traces whose firearm may be another than it was */
    guint *first;          /* by firearm: its first place in trace; and one more */
    guint *trace;          /* traces by firearm */
    guint *now;            /* by observation then: now */
    guint *seizure;        /* by seizure's place then: now */
    guint *then;           /* by seizure's place: the one then, or NO_PLACE */
    Past past;
    GArray *places; /* of guint: seizures that were found */
    Weak weak;
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
    const Firearm *f = work_firearm(work, i);
    guint64 key = f->side == SIDE_TRACE ? serial_repeat_key(f) : 0;
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

/* Numbers and days of what is new, and of what something said before. */
static void count_changed(const Change *change, Counter *keys, Counter *days)
{
    const Work *work = change->work;
    for (guint i = 0; i < work->n + change->given->n_former; i++) {
        if (i < work->n && !change->dirty[i]) {
            continue;
        }
        const Firearm *f = work_firearm(work, i);
        guint64 day = f->side == SIDE_TRACE ? paper_day(work, i, f->event_date) : 0;
        visit_keys(work, i, add_key, keys);
        if (day != 0) {
            counter_add(days, day);
        }
    }
}

/* Numbers of traces that named another before, and of those that may be named no more. */
static void count_named(const Change *change, Counter *keys, Counter *named)
{
    for (guint i = 0; i < change->given->n_former; i++) {
        const Facts *f = population_facts(change->work->judge.population, change->work->n + i);
        if (f->duplicate_of != 0) {
            counter_add(keys, mix(PAPER_TRACE, f->duplicate_of));
        }
        if (f->trace_no != 0) {
            counter_add(named, f->trace_no);
        }
    }
}

/* Numbers of the items that there were before. */
static void count_items(const Change *change, Counter *items)
{
    const Work *work = change->work;
    for (guint i = 0; i < work->n + change->given->n_former; i++) {
        const Facts *f = population_facts(work->judge.population, i);
        if ((i < work->n && change->dirty[i]) || work_firearm(work, i)->side != SIDE_SEIZURE) {
            continue;
        }
        if (f->seizure_no != 0) {
            counter_add(items, f->seizure_no);
        }
        if (f->occurrence_no != 0) {
            counter_add(items, f->occurrence_no);
        }
    }
}

static gboolean was_known(guint64 key, gconstpointer data)
{
    return key != 0 && counter_get(data, key) > 0;
}

/* A case number that became known as a whole was read as a part of it before: what that names. */
static void count_reread(const Change *change, Counter *keys)
{
    const Work *work = change->work;
    Counter items;
    counter_init(&items);
    count_items(change, &items);
    for (guint i = 0; i < work->n + change->given->n_former; i++) {
        const Firearm *firearm = work_firearm(work, i);
        const Population *population = work->judge.population;
        guint64 key = population_facts(population, i)->case_no;
        guint item;
        if (firearm->side != SIDE_TRACE || key == 0 || population_items(population, key) == 0 ||
            was_known(key, &items)) {
            continue;
        }
        guint64 then = reference_known(firearm->agency_case_no, was_known, &items, &item);
        if (then != key) {
            counter_add(keys, mix(PAPER_SEIZURE, then));
        }
    }
    counter_clear(&items);
}

/* What shares a number, a text or a day with something new: traces move, seizures are touched. */
static void find_sharing(Change *change)
{
    const Work *work = change->work;
    Counter keys, days, named;
    counter_init(&keys);
    counter_init(&days);
    counter_init(&named);
    count_changed(change, &keys, &days);
    count_named(change, &keys, &named);
    count_reread(change, &keys);
    counter_sieve(&keys);
    for (guint i = 0; i < work->n; i++) {
        const Facts *f = population_facts(work->judge.population, i);
        gboolean trace = work->judge.firearms[i].side == SIDE_TRACE;
        Sharing sharing = {&keys, change->dirty[i] != 0};
        visit_keys(work, i, see_key, &sharing);
        sharing.shared |= trace && counter_get(&named, f->duplicate_of) > 0;
        if (trace) {
            change->moved[i] = sharing.shared;
        } else if (sharing.shared || meets_day(change, &days, i)) {
            found_place(change, change->search->place[i]);
        }
    }
    counter_clear(&keys);
    counter_clear(&days);
    counter_clear(&named);
}

/* A trace's pattern weighs by how many seizures it fits: those that a serial of before fitted; and
 * seizures near such a trace. */
static void find_former(Change *change, Reverse *reverse)
{
    const Forms *traces = &change->search->traces;
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GArray) fits = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < change->given->n_former; i++) {
        const Firearm *former = &change->given->former[i];
        if (former->side == SIDE_TRACE) {
            reverse_find_serial(reverse, former->serial, change->places);
            continue;
        }
        if (!serial_is_full(former->serial)) {
            continue;
        }
        fit_find_patterns(change->search->fit, former->serial, scratch, fits);
        for (guint k = 0; k < fits->len; k++) {
            guint form = g_array_index(fits, guint, k);
            for (guint j = traces->first[form]; j < traces->first[form + 1]; j++) {
                change->moved[change->work->trace[traces->member[j]]] = TRUE;
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

/* ---- what is searched again ---- */

/* Finds the seizures that something new can matter to. */
static void find_places(Change *change)
{
    Reverse *reverse = reverse_new(change->search);
    weak_init(&change->weak, change->search);
    for (guint i = 0; i < change->work->n_seizures; i++) {
        double least[EDITS_MAX];
        if (change->then[i] != NO_PLACE &&
            kept_least(change->given->kept, change->then[i], least)) {
            reverse_least(reverse, i, least);
        }
    }
    find_sharing(change);
    find_former(change, reverse);
    group_firearms(change);
    move_firearms(change);
    for (guint i = 0; i < change->work->n_traces; i++) {
        if (change->moved[change->work->trace[i]]) {
            guint b = change->work->trace[i];
            reverse_find_near(reverse, b, change->places,
                              change->added[b] ? change->weak.near : NULL);
        }
    }
    weak_refit(&change->weak, change->search, change->dirty, change->moved);
    weak_settle(&change->weak, change->search, change->given->kept, change->then, change->places);
    reverse_free(reverse);
}

/* ---- what was found before ---- */

/* What is new, and where observations of then are now. */
static void change_init(Change *change, const FirearmInput *input, const FirearmChange *given)
{
    guint n = input->n, known = 0;
    *change = (Change){.given = given,
                       .dirty = g_new0(guint8, n + 1),
                       .added = g_new0(guint8, n + 1),
                       .moved = g_new0(guint8, n + 1),
                       .now = g_new(guint, n + 1),
                       .seizure = g_new(guint, n + 1),
                       .places = g_array_new(FALSE, FALSE, sizeof(guint))};
    for (guint i = 0; i < given->n_dirty; i++) {
        change->dirty[given->dirty[i]] = TRUE;
    }
    for (guint i = 0; i < given->n_added; i++) {
        change->added[given->added[i]] = TRUE;
    }
    for (guint i = 0; i < n; i++) {
        if (!change->added[i]) {
            change->now[known++] = i;
        }
    }
    change->past = (Past){.kept = given->kept,
                          .now = change->now,
                          .seizure = change->seizure,
                          .dirty = change->dirty,
                          .former = given->former,
                          .n_former = given->n_former,
                          .index = given->index,
                          .number = given->number};
}

/* Did all that said something else before stay an observation of its side? */
static gboolean former_stay(const Change *change, const FirearmInput *input)
{
    g_autoptr(GHashTable) revised = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < input->n && change->given->n_former > 0; i++) {
        if (change->dirty[i] && !change->added[i]) {
            g_hash_table_insert(revised, (gpointer)input->firearms[i].ref,
                                (gpointer)&input->firearms[i]);
        }
    }
    for (guint i = 0; i < change->given->n_former; i++) {
        const Firearm *former = &change->given->former[i];
        const Firearm *now = g_hash_table_lookup(revised, former->ref);
        if (now == NULL || (now->side == SIDE_TRACE) != (former->side == SIDE_TRACE)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Is there still an item under each number that a seizure had? Else case numbers may be read
 * otherwise that have nothing to do with what changed. */
static gboolean numbers_stay(const Work *work)
{
    const Population *population = work->judge.population;
    gboolean stay = TRUE;
    for (guint i = 0; i < work->past->n_former && stay; i++) {
        const Facts *f = population_facts(population, work->n + i);
        stay = work->past->former[i].side == SIDE_TRACE ||
               ((f->seizure_no == 0 || population_items(population, f->seizure_no) > 0) &&
                (f->occurrence_no == 0 || population_items(population, f->occurrence_no) > 0));
    }
    return stay;
}

/* Is what was kept of these observations, less those that were added? */
static gboolean is_known(const Change *change, const FirearmInput *input)
{
    const FirearmChange *given = change->given;
    guint seizures = 0;
    for (guint i = 0; i < input->n; i++) {
        seizures += input->firearms[i].side != SIDE_TRACE && !change->added[i];
    }
    return given->kept != NULL && former_stay(change, input) &&
           kept_is_of(given->kept, input->n - given->n_added, seizures);
}

/* Where seizures of then are now. */
static void find_then(Change *change)
{
    const Work *work = change->work;
    guint seizures = 0;
    change->then = g_new0(guint, work->n_seizures + 1);
    for (guint i = 0; i < work->n_seizures; i++) {
        gboolean added = change->added[work->seizure[i]];
        change->then[i] = added ? NO_PLACE : seizures;
        change->seizure[seizures] = i; /* of what was added, not for long */
        seizures += !added;
    }
}

/* ---- the links of what was touched ---- */

static gboolean is_touched(const Candidate *c, gconstpointer data)
{
    const gboolean *affected = data;
    return affected[c->a] || affected[c->b];
}

static void touch(const Change *change, const FirearmKept *kept, gboolean *affected)
{
    const Work *work = change->work;
    for (guint i = 0; i < work->n; i++) {
        affected[i] = change->dirty[i] || change->moved[i];
    }
    for (guint i = 0; i < work->n_seizures; i++) {
        guint then = change->then[i];
        if (then == NO_PLACE || kept_differs(change->given->kept, then, kept, i, change->now)) {
            affected[work->seizure[i]] = TRUE;
        }
    }
}

static GArray *link_touched(Change *change, const FirearmInput *input, const GArray *repeats,
                            gboolean *affected, FirearmKept **kept)
{
    const Work *work = change->work;
    g_autoptr(Recall) recall = recall_new(work);
    g_autofree guint *before = g_memdup2(change->then, (work->n_seizures + 1) * sizeof(guint));
    for (guint i = 0; i < change->places->len; i++) {
        before[g_array_index(change->places, guint, i)] = NO_PLACE;
    }
    recall->kept = change->given->kept;
    recall->now = change->now;
    recall->before = before;
    recall->more[LOOK_NARROW] = change->weak.more[LOOK_NARROW];
    recall->more[LOOK_WIDE] = change->weak.more[LOOK_WIDE];
    g_autoptr(GArray) found = link_find(work, change->search, input, recall);
    g_autoptr(FirearmKept) now = recall_kept(recall, change->search, found);
    touch(change, now, affected);
    if (kept != NULL) {
        *kept = g_steal_pointer(&now);
    }
    GArray *links = g_array_new(FALSE, FALSE, sizeof(FirearmLink));
    link_export(work, repeats, TRUE, is_touched, affected, links);
    link_export(work, found, FALSE, is_touched, affected, links);
    link_sort(input, links);
    return links;
}

static void change_clear(Change *change)
{
    g_free(change->dirty);
    g_free(change->added);
    g_free(change->seizure);
    g_free(change->moved);
    g_free(change->first);
    g_free(change->trace);
    g_free(change->now);
    g_free(change->then);
    g_array_unref(change->places);
    search_free(change->search);
}

static void affect_all(gboolean *affected, guint n)
{
    for (guint i = 0; i < n; i++) {
        affected[i] = TRUE;
    }
}

GArray *firearm_link_changed(const FirearmInput *input, const FirearmChange *given,
                             gboolean *affected, FirearmKept **kept)
{
    Work work;
    Change change;
    change_init(&change, input, given);
    gboolean known = given->n_dirty <= MAX(FEW, input->n / NEW_PART) && is_known(&change, input);
    work_init(&work, input, input->parameters, known ? &change.past : NULL);
    if (known && !numbers_stay(&work)) {
        known = FALSE;
        work_clear(&work);
        work_init(&work, input, input->parameters, NULL);
    }
    change.work = &work;
    find_then(&change);
    g_autoptr(GArray) repeats = link_traces(&work, input);
    work.prior = prior_bits(work.judge.model->prior_has_trace, work.parameters->firearms);
    change.search = search_new(&work);
    GArray *links;
    if (known) {
        find_places(&change);
        links = link_touched(&change, input, repeats, affected, kept);
        weak_clear(&change.weak);
    } else {
        affect_all(affected, input->n);
        links = link_all(&work, change.search, input, repeats, kept);
    }
    change_clear(&change);
    work_clear(&work);
    return links;
}
